/* SPDX-License-Identifier: MIT
 * A box for the way between two cables, for the list of built-in types. */
#ifndef NETARIUM_NODES_IMPAIR_BOX_H
#define NETARIUM_NODES_IMPAIR_BOX_H

#include "sim/netarium.h"

extern const struct nt_node_type impair_type;

#endif
