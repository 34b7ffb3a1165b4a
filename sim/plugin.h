/* SPDX-License-Identifier: MIT
 * Types from a shared object, put beside the built-in ones. The only pair of files that knows dlopen.
 *
 * Loading runs the object's own code, so a front loads what a person names on the command line, and never
 * what a file asks for. What it says of itself is checked first: that it is a shared object for this machine,
 * its version, the sizes and tables of its types. Once loaded it stays until the program ends, since the
 * registry borrows its tables. */
#ifndef NETARIUM_SIM_PLUGIN_H
#define NETARIUM_SIM_PLUGIN_H

#include "sim/registry.h"

/* Loads `path` and registers all of its types. False: `ret_why` says why not in one sentence; the registry
 * may have some of its types then, and must not be used. `ret_plugin` may be NULL. */
bool plugin_load(struct registry *registry, const char *path, const struct nt_plugin **ret_plugin,
                 struct nt_why *ret_why);

#endif
