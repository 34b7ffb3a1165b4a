/* SPDX-License-Identifier: MIT
 * The node type firewall: a bridge that reads what it passes on. */
#ifndef NETARIUM_NODES_BRIDGE_FIREWALL_H
#define NETARIUM_NODES_BRIDGE_FIREWALL_H

#include "sim/netarium.h"

extern const struct nt_node_type firewall_type;

#endif
