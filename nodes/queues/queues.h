/* SPDX-License-Identifier: MIT
 * The queue disciplines, for the list of built-in types. */
#ifndef NETARIUM_NODES_QUEUES_QUEUES_H
#define NETARIUM_NODES_QUEUES_QUEUES_H

#include "sim/netarium.h"

extern const struct nt_part_type drop_tail_part;
extern const struct nt_part_type priority_part;
extern const struct nt_part_type red_part;
extern const struct nt_part_type codel_part;
extern const struct nt_part_type fq_codel_part;

/* Said by every discipline that has a limit. */
extern const char queue_full[];

#endif
