/* SPDX-License-Identifier: MIT
 * netarium plugin: a first version of a plug-in to begin with, and a look for what is wrong with one. */
#include <stdint.h>
#include <string.h>

#include "cli/plugin_parts.h"
#include "cli/subcommands.h"
#include "sim/base/text.h"

static const struct option plugin_options[] = {
    [PLUGIN_DIR] = {{"--dir", NT_PARAM_TEXT,
                     .summary = "new: the folder to write to; one called NAME if not given"},
                    "DIR"},
    [PLUGIN_SCENARIO] = {{"--scenario", NT_PARAM_TEXT, .summary = "check: try it in this network, too"},
                         "FILE"},
    [PLUGIN_JSON] = {{"--json", NT_PARAM_BOOLEAN,
                      .summary = "check: what was found as JSON, in the shape of docs/plugins.md"}},
    {{0}}};

static const struct {
    const char *name;
    size_t word_count; /* with its own */
    const char *usage;
    enum front_status (*run)(struct front *front, const struct options *options);
} deeds[] = {{"new", 3, "new node|cc|queue|app NAME [--dir DIR]", plugin_new},
             {"check", 2, "check FILE.so [--scenario FILE] [--json]", plugin_check}};

#define DEEDS (sizeof deeds / sizeof deeds[0])

static enum front_status plugin_main(struct front *front, const struct options *options)
{
    const char *names[DEEDS + 1] = {NULL};
    for (size_t i = 0; i < DEEDS; i++) {
        names[i] = deeds[i].name;
        if (strcmp(deeds[i].name, options->words[0]) != 0)
            continue;
        if (options->word_count == deeds[i].word_count)
            return deeds[i].run(front, options);
        front_say(front, "plugin %s is written like this: netarium plugin %s", deeds[i].name, deeds[i].usage);
        return FRONT_INPUT;
    }
    const char *nearest = text_nearest(options->words[0], names);
    front_say(front, "there is no netarium plugin %s; there are new and check%s%s%s", options->words[0],
              nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return FRONT_INPUT;
}

const struct subcommand plugin_subcommand = {
    .name = "plugin",
    .usage = "new|check ...",
    .summary = "writes a plug-in to begin with, or looks for what is wrong with one",
    .options = plugin_options,
    .least_words = 1,
    .most_words = SIZE_MAX,
    .word_is = "what to do",
    .run = plugin_main,
    .more = "netarium plugin new node|cc|queue|app NAME [--dir DIR]\n"
            "  writes NAME.c, which compiles and runs as it is, a network that shows it, meson.build and "
            "README.md.\n"
            "  A name has lower-case letters, digits and hyphens. Nothing is overwritten.\n"
            "netarium plugin check FILE.so [--scenario FILE] [--json]\n"
            "  a line for each check: ok, or what is wrong. Exit status: 0 no fault was found, 1 there are "
            "some.\n",
};
