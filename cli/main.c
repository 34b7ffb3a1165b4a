/* SPDX-License-Identifier: MIT
 * netarium: finds the subcommand, catches signals, and nothing else. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/subcommands.h"
#include "sim/base/text.h"
#include "sim/guard.h"

/* What signals find; the only mutable data outside of functions in the whole program. */
static volatile bool is_paused;
static volatile bool is_interrupted;
static struct guard guard; /* catches what crashes in plug-ins */

const struct subcommand *const front_subcommands[FRONT_SUBCOMMANDS + 1] = {
    &run_subcommand,  &step_subcommand,   &explain_subcommand, &draw_subcommand,
    &view_subcommand, &check_subcommand,  &plugin_subcommand,  &list_subcommand,
    &help_subcommand, &schema_subcommand, &version_subcommand, NULL};

static void on_interrupt(int number)
{
    (void)number;
    is_interrupted = true;
    is_paused = true;
}

static void on_crash(int number)
{
    char sentence[300];
    guard_caught(&guard, number, sentence, sizeof sentence);
    if (!sentence[0]) {
        raise(number);
        return;
    }
    fprintf(stderr, "netarium: %s\n", sentence);
    _exit(3);
}

static void on_timer(int number)
{
    (void)number;
    is_paused = true;
}

/* For a subcommand that looks at the flags. The first Ctrl-C asks it to end; the second finds the default
 * again and ends the program. One that a person types to goes on: reading is interrupted too. */
static void catch_signals(bool is_interactive)
{
    struct sigaction interrupt = {.sa_handler = on_interrupt,
                                  .sa_flags = is_interactive ? 0 : (int)SA_RESETHAND | SA_RESTART};
    struct sigaction timer = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &interrupt, NULL);
    if (!is_interactive)
        sigaction(SIGTERM, &interrupt, NULL);
    sigaction(SIGALRM, &timer, NULL);
}

static const struct subcommand *find_subcommand(const char *name)
{
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return &help_subcommand;
    if (strcmp(name, "--version") == 0)
        return &version_subcommand;
    for (const struct subcommand *const *one = front_subcommands; *one; one++)
        if (strcmp((*one)->name, name) == 0)
            return *one;
    return NULL;
}

static enum front_status refuse_subcommand(struct front *front, const char *name)
{
    const char *names[FRONT_SUBCOMMANDS + 1] = {NULL};
    size_t count = 0;
    size_t length = strlen(name);
    for (const struct subcommand *const *one = front_subcommands; *one; one++)
        names[count++] = (*one)->name;
    const char *nearest = text_nearest(name, names);
    if (length > 5 && strcmp(name + length - 5, ".json") == 0)
        front_say(front, "there is no subcommand %s; did you mean: netarium run %s?", name, name);
    else if (nearest)
        front_say(front, "there is no subcommand %s; did you mean %s?", name, nearest);
    else
        front_say(front, "there is no subcommand %s; netarium help shows them all", name);
    return FRONT_INPUT;
}

static bool has_right_words(struct front *front, const struct subcommand *subcommand,
                            const struct options *options)
{
    if (options->word_count < subcommand->least_words)
        front_say(front, "%s needs %s: netarium %s %s", subcommand->name, subcommand->word_is,
                  subcommand->name, subcommand->usage);
    else if (options->word_count > subcommand->most_words)
        front_say(front, "%s does not know what to do with %s", subcommand->name,
                  options->words[subcommand->most_words]);
    else
        return true;
    return false;
}

static enum front_status start(struct front *front, const struct subcommand *subcommand, int count,
                               char **arguments)
{
    struct options options;
    struct error_list errors;
    char place[64];
    enum front_status status = FRONT_INPUT;
    snprintf(place, sizeof place, "netarium %s", subcommand->name);
    error_list_init(&errors);
    bool is_read = options_read(&options, subcommand->options, place, count, arguments, &errors);
    front_print_errors(front, &errors);
    if (is_read && options.wants_help) {
        help_print_subcommand(&front->out, subcommand);
        status = FRONT_HOLDS;
    } else if (is_read && has_right_words(front, subcommand, &options)) {
        if (subcommand->can_be_interrupted)
            catch_signals(subcommand->is_interactive);
        status = subcommand->run(front, &options);
    }
    options_release(&options);
    error_list_release(&errors);
    return status;
}

int main(int count, char **arguments)
{
    struct front front;
    enum front_status status = FRONT_SIMULATOR;
    signal(SIGPIPE, SIG_IGN); /* a reader that left shows in the outlet */
    signal(SIGXFSZ, SIG_IGN); /* so does a file that must not grow */
    if (!front_init(&front, &is_paused, &is_interrupted))
        return (int)front_release(&front, status);
    front.registry.guard = front.guard = &guard;
    front.on_crash = on_crash;
    if (!front_load_plugins(&front, &count, arguments)) {
        status = FRONT_INPUT;
    } else {
        if (!guard.object_count)
            front.registry.guard = NULL;
        else
            guard_watch_signals(&guard, on_crash);
        const struct subcommand *subcommand = count > 1 ? find_subcommand(arguments[1]) : NULL;
        if (subcommand)
            status = start(&front, subcommand, count - 2, arguments + 2);
        else if (count > 1)
            status = refuse_subcommand(&front, arguments[1]);
        else {
            help_print_overview(&front.err);
            status = FRONT_INPUT;
        }
    }
    return (int)front_release(&front, status);
}
