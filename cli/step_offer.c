/* SPDX-License-Identifier: MIT
 * The stepping terminal's completion: which words could stand at the end of a line. */
#include <string.h>

#include "cli/lines.h"
#include "cli/stepper.h"
#include "sim/inspect.h"
#include "sim/meddle.h"

struct offers {
    const char *typed; /* the word that has begun */
    size_t length;
    const char **words;
    size_t count;
};

static void offer(struct offers *offers, const char *word)
{
    for (size_t i = 0; i < offers->count; i++)
        if (strcmp(offers->words[i], word) == 0)
            return;
    if (strncmp(word, offers->typed, offers->length) == 0 && offers->count < LINES_OFFERS)
        offers->words[offers->count++] = word;
}

static void offer_commands(struct offers *offers)
{
    for (const struct stepper_command *command = stepper_commands; command->name; command++)
        offer(offers, command->name);
}

static void offer_nodes(struct offers *offers, const struct run *run, uint32_t flags)
{
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        if ((run_node(run, id)->type->flags & flags) == flags)
            offer(offers, run_node(run, id)->name);
}

static void offer_kinds(struct offers *offers, const struct run *run)
{
    for (uint32_t kind = 1; kind <= run_kind_count(run); kind++)
        offer(offers, run_kind_at(run, kind)->name);
}

static void offer_tables(struct offers *offers, const struct nt_node *node)
{
    for (size_t i = 0; i < inspect_table_count(node); i++)
        offer(offers, node->type->tables[i].name);
}

static void offer_node_commands(struct offers *offers, const struct stepper *stepper,
                                const struct nt_node *node)
{
    const struct registry *registry = &stepper->front->registry;
    for (const struct nt_app_type *app = node->type->commands; app && app->name; app++)
        offer(offers, app->name);
    for (size_t i = 0; node->type->flags & NT_NODE_RUNS_APPS && i < registry->app_count; i++)
        offer(offers, registry->apps[i]->name);
    for (const struct nt_app_type *app = meddle_commands; app->name; app++)
        offer(offers, app->name);
}

/* The `index`-th word of `line`, from 0, in `ret_word`; false: there are not so many before the last one. */
static bool word_at(const char *line, size_t index, char *ret_word, size_t size)
{
    for (;; index--) {
        line += strspn(line, " \t");
        size_t length = strcspn(line, " \t");
        if (!line[length] || length >= size)
            return false;
        if (index == 0) {
            memcpy(ret_word, line, length);
            ret_word[length] = '\0';
            return true;
        }
        line += length;
    }
}

static void offer_behind(struct offers *offers, const struct stepper *stepper,
                         const struct stepper_command *command, const char *line)
{
    static const char *const units[] = {"event", "frame", "interesting", "record", "ack", "rtt"};
    const struct run *run = session_run(stepper->session);
    char name[100];
    const struct nt_node *node = word_at(line, 1, name, sizeof name) ? run_node_named(run, name) : NULL;
    switch (command->words) {
    case STEPPER_UNITS:
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            offer(offers, units[i]);
        break;
    case STEPPER_TABLES:
    case STEPPER_COMMANDS:
    case STEPPER_NODES:
        if (!node)
            offer_nodes(offers, run, 0);
        else if (command->words == STEPPER_TABLES)
            offer_tables(offers, node);
        else if (!word_at(line, 2, name, sizeof name) && command->words == STEPPER_COMMANDS)
            offer_node_commands(offers, stepper, node);
        else
            offer_nodes(offers, run, 0);
        break;
    case STEPPER_LINKS:
        offer_nodes(offers, run, NT_NODE_MEDIUM);
        break;
    case STEPPER_QUERY:
        offer_kinds(offers, run);
        offer_nodes(offers, run, 0);
        break;
    case STEPPER_HELP:
        offer_commands(offers);
        break;
    case STEPPER_NOTHING:
        break;
    }
}

size_t stepper_offer(void *context, const char *line, const char **ret_words)
{
    const struct stepper *stepper = context;
    const char *blank = strrchr(line, ' ');
    struct offers offers = {.typed = blank ? blank + 1 : line, .words = ret_words};
    char name[100];
    offers.length = strlen(offers.typed);
    if (!word_at(line, 0, name, sizeof name)) {
        offer_commands(&offers);
        return offers.count;
    }
    for (const struct stepper_command *command = stepper_commands; command->name; command++)
        if (strncmp(command->name, name, strlen(name)) == 0) {
            offer_behind(&offers, stepper, command, line);
            break;
        }
    return offers.count;
}
