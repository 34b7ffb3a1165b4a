/* SPDX-License-Identifier: MIT
 * What a person can do to one frame, or to one parameter: commands that every node knows besides its own. */
#ifndef NETARIUM_SIM_MEDDLE_H
#define NETARIUM_SIM_MEDDLE_H

#include "sim/netarium.h"

/* drop, duplicate, corrupt, delay, set; ended by one without a name. A command of the node's own with such a
 * name comes first. */
extern const struct nt_app_type meddle_commands[];

/* The frame is about to arrive; only asked while some frame is marked. True: it was seen to, and is no longer
 * the caller's. */
bool meddle_deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause);

#endif
