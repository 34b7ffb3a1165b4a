/* SPDX-License-Identifier: MIT
 * The shared segment, for the list of built-in types and for who checks a whole network. */
#ifndef NETARIUM_NODES_SEGMENT_H
#define NETARIUM_NODES_SEGMENT_H

#include "nodes/cable.h"
#include "sim/netarium.h"

extern const struct nt_node_type segment_type;

/* What lies between two taps. check, or later. */
void segment_describe(const struct nt_port *a, const struct nt_port *b, struct cable_facts *ret_facts);

#endif
