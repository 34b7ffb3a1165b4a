/* SPDX-License-Identifier: MIT
 * What all subcommands share: the two streams, the types that are built in, the signals, how a mistake is
 * said. */
#ifndef NETARIUM_CLI_FRONT_H
#define NETARIUM_CLI_FRONT_H

#include "cli/options.h"
#include "sim/registry.h"
#include "views/outlet.h"

/* Exit statuses, as docs/command-line.md promises them. */
enum front_status {
    FRONT_HOLDS = 0,         /* all expectations hold, the file is right */
    FRONT_FAILS = 1,         /* some expectation does not hold */
    FRONT_INPUT = 2,         /* what the person wrote is wrong: a file, an option, a folder */
    FRONT_SIMULATOR = 3,     /* the simulator failed: out of its memory, a full disk */
    FRONT_INTERRUPTED = 130, /* ended by Ctrl-C, as shells count it */
    FRONT_CLOSED = 141       /* who was reading left (| head) */
};

#define FRONT_PLUGINS 17 /* places for plug-ins, the NULL behind the last included */

struct front {
    struct outlet out;                     /* standard output */
    struct outlet err;                     /* standard error */
    struct registry registry;              /* nodes, commands, parts */
    const char *plugins[FRONT_PLUGINS];    /* files given with --plugin, in order; ended by NULL */
    volatile bool *is_paused;              /* the timer or a signal wants the run to come up for air */
    volatile bool *is_interrupted;         /* a person wants it to end */
    struct guard *guard;                   /* catches what crashes in plug-ins */
    void (*on_crash)(int signal);          /* ... when this is told of it */
    size_t width;                          /* columns of the terminal; 80 where there is none */
    bool out_is_terminal, err_is_terminal; /* somebody is watching */
    bool in_is_terminal;                   /* somebody is typing */
};

struct subcommand {
    const char *name;               /* "run" */
    const char *usage;              /* "FILE [options]" */
    const char *summary;            /* one sentence */
    const char *more;               /* paragraphs for its help, each line short; NULL: none */
    const struct option *options;   /* ended by one without a name */
    size_t least_words, most_words; /* how many words that are no options */
    const char *word_is;            /* what such a word is: "a scenario file" */
    bool can_be_interrupted;        /* it looks at is_interrupted; else Ctrl-C just ends it */
    bool is_interactive;            /* it goes on after Ctrl-C, and clears the flag itself */
    enum front_status (*run)(struct front *front, const struct options *options);
};

/* Opens the streams and registers the built-in types. False: something is wrong with them, and was said. */
bool front_init(struct front *front, volatile bool *is_paused, volatile bool *is_interrupted);

/* Takes every --plugin FILE out of `arguments` and loads it. False: something is wrong with one, and was said. */
bool front_load_plugins(struct front *front, int *count, char **arguments);

/* Hands on what is left. Returns `status`, or what a failing standard output makes of it. */
enum front_status front_release(struct front *front, enum front_status status);

/* One sentence on standard error: "netarium: ...". */
void front_say(struct front *front, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "  name    text": one entry of a list; the text begins at column `indent` and is broken at the right. */
void front_print_item(struct outlet *out, const char *name, const char *text, size_t indent);

/* The name of a file on one line: control characters, line breaks too, become '?'. */
void front_write_name(struct outlet *out, const char *name);

/* Prints all mistakes and warnings on standard error, in the order of their places. */
void front_print_errors(struct front *front, struct error_list *errors);

/* main.c: all subcommands, ended by NULL. */
#define FRONT_SUBCOMMANDS 11
extern const struct subcommand *const front_subcommands[FRONT_SUBCOMMANDS + 1];

#endif
