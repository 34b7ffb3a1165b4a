/* SPDX-License-Identifier: MIT
 * The host, for the list of built-in types. */
#ifndef NETARIUM_NODES_HOST_H
#define NETARIUM_NODES_HOST_H

#include "sim/netarium.h"

extern const struct nt_node_type host_type;

#endif
