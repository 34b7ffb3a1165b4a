/* SPDX-License-Identifier: MIT
 * The parts of netarium plugin: its options, and what each of its words does. */
#ifndef NETARIUM_CLI_PLUGIN_PARTS_H
#define NETARIUM_CLI_PLUGIN_PARTS_H

#include "cli/front.h"

enum plugin_option { PLUGIN_DIR, PLUGIN_SCENARIO, PLUGIN_JSON };

/* A file of plugins/templates/, put into the program by tools/embed.py. */
struct plugin_template {
    const char *name; /* "node.c" */
    const char *text; /* all of it */
};

extern const struct plugin_template plugin_templates[]; /* ended by one without a name */

/* netarium plugin check FILE. */
enum front_status plugin_check(struct front *front, const struct options *options);

/* netarium plugin new KIND NAME. */
enum front_status plugin_new(struct front *front, const struct options *options);

#endif
