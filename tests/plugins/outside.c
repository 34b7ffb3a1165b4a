/* SPDX-License-Identifier: MIT
 * All that is built in, node types and commands, brought along once more from outside, each called "outside-" and its name. It has the
 * same code in another object, and shares nothing with the program but the contract. */
#include <stdio.h>

#include "nodes/builtin.h"

#define TYPES_MOST 64
#define NAME 48

static struct nt_node_type node_types[TYPES_MOST];
static struct nt_app_type app_types[TYPES_MOST];
static char node_names[TYPES_MOST][NAME], app_names[TYPES_MOST][NAME];
static const struct nt_node_type *nodes[TYPES_MOST + 1];
static const struct nt_app_type *apps[TYPES_MOST + 1];

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "outside", .summary = "what is built in, from outside", .nodes = nodes, .apps = apps};

/* When it is loaded, before anybody reads the tables. */
static void __attribute__((constructor)) rename_all(void)
{
    for (int i = 0; i < TYPES_MOST && builtin_types.nodes[i]; i++) {
        node_types[i] = *builtin_types.nodes[i];
        snprintf(node_names[i], NAME, "outside-%s", node_types[i].name);
        node_types[i].name = node_names[i];
        nodes[i] = &node_types[i];
    }
    for (int i = 0; i < TYPES_MOST && builtin_types.apps[i]; i++) {
        app_types[i] = *builtin_types.apps[i];
        snprintf(app_names[i], NAME, "outside-%s", app_types[i].name);
        app_types[i].name = app_names[i];
        apps[i] = &app_types[i];
    }
}
