/* SPDX-License-Identifier: MIT
 * The built-in types, all in one list. A plug-in adds its own the same way. */
#ifndef NETARIUM_NODES_BUILTIN_H
#define NETARIUM_NODES_BUILTIN_H

#include "sim/netarium.h"

/* Everything that is built in; each array ends with NULL. */
struct builtin {
    const struct nt_node_type *const *nodes;
    const struct nt_app_type *const *apps;
    const struct nt_part_type *const *parts;
};

extern const struct builtin builtin_types;

#endif
