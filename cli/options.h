/* SPDX-License-Identifier: MIT
 * Reading a command line by a table.
 *
 * A subcommand declares its options as a constant table: how each is written, what help says of it. Values
 * are read by the same functions that read parameters of nodes and options of commands on hosts, so
 * `--until 1.5s` means the same everywhere. Options stand before or after the files; `--option=value` and
 * `--option value` are the same; `--` ends them. All mistakes are reported at once. */
#ifndef NETARIUM_CLI_OPTIONS_H
#define NETARIUM_CLI_OPTIONS_H

#include "sim/base/error.h"
#include "sim/netarium.h"

enum option_flag {
    OPTION_MAY_BE_BARE = 1, /* may stand without a value: an option or a .json file behind it is none */
    OPTION_REPEATS = 2      /* may be given many times; `texts` has them all */
};

struct option {
    struct nt_param param; /* name with its dashes, kind, range, one sentence */
    const char *shown;     /* what help writes for the value: "T"; NULL: a switch */
    unsigned flags;        /* option_flag */
};

struct option_value {
    bool is_given;         /* at least once */
    struct nt_value value; /* of the last time it was given; text NULL: left out */
    const char **texts;    /* OPTION_REPEATS: all values in order, owned */
    size_t count;          /* of them */
};

struct options {
    const struct option *table;  /* ended by one without a name */
    struct option_value *values; /* owned, one for each entry of the table */
    const char **words;          /* owned: what is no option, in order */
    size_t word_count;           /* number of words */
    bool wants_help;             /* --help was given */
};

/* Reads the `count` words of `arguments` (borrowed). False: `errors` says all that is wrong. `place` is what
 * messages name as their place ("netarium run"). To be released in either case. */
bool options_read(struct options *options, const struct option *table, const char *place, int count,
                  char *const *arguments, struct error_list *errors);
void options_release(struct options *options);

#endif
