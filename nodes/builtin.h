/* SPDX-License-Identifier: MIT
 * The built-in types, all in one list. A plug-in adds its own the same way. */
#ifndef NETARIUM_NODES_BUILTIN_H
#define NETARIUM_NODES_BUILTIN_H

#include "sim/netarium.h"

extern const struct nt_plugin builtin_types;

#endif
