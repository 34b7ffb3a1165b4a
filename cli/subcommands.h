/* SPDX-License-Identifier: MIT
 * The subcommands: each is one constant table in the file of its name. */
#ifndef NETARIUM_CLI_SUBCOMMANDS_H
#define NETARIUM_CLI_SUBCOMMANDS_H

#include "cli/front.h"

extern const struct subcommand run_subcommand;
extern const struct subcommand step_subcommand;
extern const struct subcommand explain_subcommand;
extern const struct subcommand draw_subcommand;
extern const struct subcommand view_subcommand;
extern const struct subcommand check_subcommand;
extern const struct subcommand plugin_subcommand;
extern const struct subcommand list_subcommand;
extern const struct subcommand help_subcommand;
extern const struct subcommand schema_subcommand;
extern const struct subcommand version_subcommand;

/* `netarium help`: what there is; and `netarium help run`: one subcommand. */
void help_print_overview(struct outlet *out);
void help_print_subcommand(struct outlet *out, const struct subcommand *subcommand);

#endif
