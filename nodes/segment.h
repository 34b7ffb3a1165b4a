/* SPDX-License-Identifier: MIT
 * The shared segment, for the list of built-in types. */
#ifndef NETARIUM_NODES_SEGMENT_H
#define NETARIUM_NODES_SEGMENT_H

#include "sim/netarium.h"

extern const struct nt_node_type segment_type;

#endif
