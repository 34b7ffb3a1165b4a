/* SPDX-License-Identifier: MIT
 * Small networks in which the types of a plug-in are tried: one for each type, and the one that a person
 * gives. */
#ifndef NETARIUM_CLI_PLUGIN_SCENE_H
#define NETARIUM_CLI_PLUGIN_SCENE_H

#include "sim/registry.h"

#define PLUGIN_SCENE_BYTES 4000
#define PLUGIN_SCENES 33

struct plugin_scene {
    char what[100];                /* whose network it is: node type "hub" */
    char text[PLUGIN_SCENE_BYTES]; /* the scenario; empty: `file` has it */
    const char *file;              /* NULL: `text` has it */
    char untried[300];             /* why it cannot be played; empty: it can */
};

/* Makes the networks for all types that came with `plugin`, and one of `file` (NULL: none). Returns how many,
 * at most PLUGIN_SCENES. */
size_t plugin_scene_make(const struct registry *registry, const struct nt_plugin *plugin, const char *file,
                         struct plugin_scene *ret_scenes);

#endif
