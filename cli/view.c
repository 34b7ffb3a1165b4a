/* SPDX-License-Identifier: MIT
 * netarium view: the window is a program of its own, netarium-gui, so that this one needs no SDL. It stands
 * beside this one, or in the build folder's gui/, or on the PATH. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/subcommands.h"

#define WORDS_MOST 60

enum view_option { VIEW_SCRIPT, VIEW_SHOT, VIEW_SIZE, VIEW_SCALE, VIEW_THEME, VIEW_BIG, VIEW_SCENARIOS };

static const struct option view_options[] = {
    [VIEW_SCRIPT] = {{"--script", NT_PARAM_TEXT, .summary = "type and click what this file says, then end"},
                     "FILE"},
    [VIEW_SHOT] = {{"--shot", NT_PARAM_TEXT, .summary = "with --script: the last picture, as PNG"}, "FILE"},
    [VIEW_SIZE] = {{"--size", NT_PARAM_TEXT, .summary = "how large the window is; 1280x760 if not given"},
                   "WxH"},
    [VIEW_SCALE] = {{"--scale", NT_PARAM_TEXT, .summary = "everything so many times as large, 0.5 to 8"},
                    "S"},
    [VIEW_THEME] = {{"--theme", NT_PARAM_TEXT, .summary = "light, dark or print"}, "NAME"},
    [VIEW_BIG] = {{"--big", NT_PARAM_BOOLEAN, .summary = "for the back row, as F11 does"}},
    [VIEW_SCENARIOS] = {{"--scenarios", NT_PARAM_TEXT, .summary = "the folder that the start page offers"},
                        "DIR"},
    {{0}}};

/* Becomes `program` with these words; comes back only if it cannot. */
static void become(const char *program, char **words)
{
    words[0] = (char *)program;
    execv(program, words);
}

static void try_beside(const char *format, char **words)
{
    char self[900], path[1000];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return;
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    snprintf(path, sizeof path, format, self);
    become(path, words);
}

static enum front_status view_main(struct front *front, const struct options *options)
{
    char *words[WORDS_MOST] = {0};
    size_t count = 1;
    if (options->word_count > 0)
        words[count++] = (char *)options->words[0];
    for (size_t i = 0; view_options[i].param.name; i++) {
        if (!options->values[i].is_given)
            continue;
        words[count++] = (char *)view_options[i].param.name;
        if (view_options[i].shown)
            words[count++] = (char *)options->values[i].value.text;
    }
    for (size_t i = 0; front->plugins[i]; i++) {
        words[count++] = (char *)"--plugin";
        words[count++] = (char *)front->plugins[i];
    }
    outlet_flush(&front->out);
    try_beside("%s/netarium-gui", words);
    try_beside("%s/../gui/netarium-gui", words);
    words[0] = "netarium-gui";
    execvp(words[0], words);
    front_say(front, "there is no netarium-gui here: this was built without SDL2 or cairo; netarium step and "
                     "netarium draw show the same without a window");
    return FRONT_INPUT;
}

const struct subcommand view_subcommand = {
    .name = "view",
    .usage = "[FILE] [options]",
    .summary = "opens the window: a run whose time goes both ways",
    .options = view_options,
    .most_words = 1,
    .word_is = "a scenario file",
    .run = view_main,
    .more = "Without FILE it offers the scenarios that there are. F1 in the window shows all keys.\n",
};
