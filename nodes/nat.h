/* SPDX-License-Identifier: MIT
 * The box that people have at home: a router whose outside interface hides everybody behind one address. */
#ifndef NETARIUM_NODES_NAT_H
#define NETARIUM_NODES_NAT_H

#include "sim/netarium.h"

extern const struct nt_node_type nat_type;

#endif
