/* SPDX-License-Identifier: MIT
 * netarium version: which one this is. */
#include "cli/subcommands.h"

static const struct option no_options[] = {{{0}}};

static enum front_status version_main(struct front *front, const struct options *options)
{
    (void)options;
    outlet_print(&front->out, "netarium %s, contract %d\n", NETARIUM_VERSION, NT_CONTRACT_VERSION);
    return FRONT_HOLDS;
}

const struct subcommand version_subcommand = {
    .name = "version", .summary = "which version this is", .options = no_options, .run = version_main};
