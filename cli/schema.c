/* SPDX-License-Identifier: MIT
 * netarium schema: the JSON Schema of scenario files, for editors that complete and check while typing. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/subcommands.h"
#include "sim/schema.h"

static const struct option no_options[] = {{{0}}};

static enum front_status schema_main(struct front *front, const struct options *options)
{
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    (void)options;
    assert(memory);
    schema_write(&front->registry, memory);
    fclose(memory);
    outlet_write(&front->out, text, length);
    free(text);
    return FRONT_HOLDS;
}

const struct subcommand schema_subcommand = {.name = "schema",
                                             .summary =
                                                 "prints the JSON Schema of scenario files, for editors",
                                             .options = no_options,
                                             .run = schema_main};
