/* SPDX-License-Identifier: MIT
 * Everything that netarium plugin check does with one plug-in, in the process that may crash of it. */
#ifndef NETARIUM_CLI_PLUGIN_TRIAL_H
#define NETARIUM_CLI_PLUGIN_TRIAL_H

#include "cli/plugin_object.h"
#include "cli/plugin_play.h"
#include "cli/plugin_report.h"
#include "sim/base/text.h"

#define PLUGIN_TYPES 64 /* of each sort that are looked at */

/* What the plug-in brought along, as the registry has it. */
struct plugin_types {
    const struct nt_node_type *nodes[PLUGIN_TYPES];
    const struct nt_app_type *apps[PLUGIN_TYPES];
    const struct nt_part_type *parts[PLUGIN_TYPES];
    size_t node_count, app_count, part_count;
};

struct plugin_trial {
    const struct registry *registry;
    const struct nt_plugin *plugin;
    struct plugin_report *report;
    struct plugin_object object;
    struct plugin_types types;
    struct plugin_scene scenes[PLUGIN_SCENES];
    size_t scene_count;
    bool frames_are_lost;   /* references were given back twice: to go on would only crash */
    char frames_fault[300]; /* what the first runs saw of frames; empty: nothing */
};

/* All checks behind loading. `file` is the plug-in's, `scenario` a person's or NULL. */
void plugin_trial_run(struct plugin_report *report, const struct registry *registry,
                      const struct nt_plugin *plugin, const char *file, const char *scenario);

/* Those that run nothing: plugin_look.c. */
void plugin_trial_look(struct plugin_trial *trial);

/* Are callbacks and calls in their phases? plugin_phases.c. False: there was a fault, and runs would tell
 * nothing more. */
bool plugin_trial_phases(struct plugin_trial *trial);

#endif
