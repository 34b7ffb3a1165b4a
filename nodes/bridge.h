/* SPDX-License-Identifier: MIT
 * The bridge and the switch, for the list of built-in types. */
#ifndef NETARIUM_NODES_BRIDGE_H
#define NETARIUM_NODES_BRIDGE_H

#include "sim/netarium.h"

extern const struct nt_node_type bridge_type;
extern const struct nt_node_type switch_type;

#endif
