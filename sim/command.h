/* SPDX-License-Identifier: MIT
 * A command line as a person types it on a host: words, options, values.
 *
 * `ping -c 4 bob` is split at blanks (quotes keep blanks together), the first word names an application, and the rest is
 * read by the application's table of parameters: options with their values, switches, positional words. The same reading
 * serves actions in a file (before time starts), the stepping prompt and the window's terminal.
 *
 *     ping -c 4 bob              an option and its value; -c=4 is the same, and "--" ends all options
 *     echo 'two words' "more"    quotes of either kind keep blanks
 *     ip addr add 10.0.0.1/24 dev eth0   a parameter that takes the rest takes options of other commands too
 *
 * An option may be given once, unless it is a list: then each use adds an item. */
#ifndef NETARIUM_SIM_COMMAND_H
#define NETARIUM_SIM_COMMAND_H

#include "sim/netarium.h"
#include "sim/registry.h"
#include "sim/store.h"

struct command {
    const struct nt_app_type *app; /* borrowed from the registry */
    struct nt_value *values;       /* one for each parameter of the app */
    size_t *columns;               /* where each value stands in the words, from 0; where the words end if it does not */
    size_t count;                  /* number of parameters */
    struct store storage;          /* private: owns the values and their texts */
};

/* Reads `words` for a node of type `type`. False: `ret_why` says what was expected and found, and `ret_column` (from 0, in
 * bytes of `words`) where. `find_node` as in param_read_text. The result is owned by the caller: command_release. */
bool command_read(const struct registry *registry, const struct nt_node_type *type, const char *words,
                  uint32_t (*find_node)(void *context, const char *name), void *context,
                  struct command *ret_command, struct nt_why *ret_why, size_t *ret_column);

void command_release(struct command *command);

/* As command_read, with everything kept in `store` (borrowed, outlives the command); no command_release. */
bool command_read_into(struct store *store, const struct registry *registry, const struct nt_node_type *type,
                       const char *words, uint32_t (*find_node)(void *context, const char *name), void *context,
                       struct command *ret_command, struct nt_why *ret_why, size_t *ret_column);

#endif
