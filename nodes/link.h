/* SPDX-License-Identifier: MIT
 * The link, for the list of built-in types. */
#ifndef NETARIUM_NODES_LINK_H
#define NETARIUM_NODES_LINK_H

#include "sim/netarium.h"

extern const struct nt_node_type link_type;

#endif
