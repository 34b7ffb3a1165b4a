/* SPDX-License-Identifier: MIT
 * netarium help: what there is to say about a subcommand, a node, a command of hosts, a part.
 *
 * Everything comes from the tables that the code itself works by, so help cannot lag behind. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/help_tcp.h"
#include "cli/subcommands.h"
#include "sim/base/text.h"
#include "sim/inspect.h"
#include "sim/meddle.h"
#include "sim/param.h"

#define HELP_INDENT 24
#define HELP_NAMES 256 /* names looked at for "did you mean" */

/* ---- Subcommands ---- */

static void write_item(struct outlet *out, const char *name, const char *text)
{
    front_print_item(out, name, text, HELP_INDENT);
}

void help_print_overview(struct outlet *out)
{
    outlet_text(out, "Netarium: a planetarium for networks. One file describes a network; this runs it.\n\n");
    for (const struct subcommand *const *one = front_subcommands; *one; one++) {
        char usage[100];
        snprintf(usage, sizeof usage, "%s%s%s", (*one)->name, (*one)->usage ? " " : "",
                 (*one)->usage ? (*one)->usage : "");
        write_item(out, usage, (*one)->summary);
    }
    outlet_text(
        out, "\nnetarium help SUBCOMMAND says more, and so does netarium help host, help link, help ping.\n");
}

void help_print_subcommand(struct outlet *out, const struct subcommand *subcommand)
{
    const char *usage = subcommand->usage;
    outlet_print(out, "netarium %s%s%s: %s\n", subcommand->name, usage ? " " : "", usage ? usage : "",
                 subcommand->summary);
    if (subcommand->options[0].param.name)
        outlet_text(out, "\n");
    for (const struct option *option = subcommand->options; option->param.name; option++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s%s", option->param.name, option->shown ? " " : "",
                 option->shown ? option->shown : "");
        write_item(out, name, option->param.summary);
    }
    if (subcommand->more)
        outlet_print(out, "\n%s", subcommand->more);
}

/* ---- Types ---- */

static void write_params(struct outlet *out, const char *heading, const struct nt_param *params)
{
    char text[1024];
    if (!param_count(params))
        return;
    outlet_print(out, "\n%s\n", heading);
    for (const struct nt_param *param = params; param->name; param++) {
        char kind[512];
        param_describe(param, kind, sizeof kind);
        bool is_switch = param->kind == NT_PARAM_BOOLEAN && param->name[0] == '-';
        snprintf(text, sizeof text, is_switch ? "%s" : "%s (%s)", param->summary ? param->summary : "", kind);
        write_item(out, param->name, text);
    }
}

static void write_tables(struct outlet *out, const struct nt_table *tables)
{
    if (!tables || !tables->name)
        return;
    outlet_text(out, "\nWhat can be seen of it: tables and their columns\n");
    for (const struct nt_table *table = tables; table->name; table++) {
        char text[1024];
        int length = snprintf(text, sizeof text, "%s:", table->summary ? table->summary : "");
        for (int i = 0; i < inspect_column_count(table) && length < (int)sizeof text; i++)
            length += snprintf(text + length, sizeof text - (size_t)length, "%s %s", i ? "," : "",
                               table->columns[i].name);
        write_item(out, table->name, text);
    }
}

static void write_node(struct outlet *out, const struct nt_node_type *type)
{
    outlet_print(out, "node %s: %s\n", type->name, type->summary);
    write_params(out, "Parameters", type->params);
    write_params(out, "Parameters of a port, given where a link ends at it", type->port_params);
    write_tables(out, type->tables);
    if (type->commands && type->commands->name)
        outlet_text(out, "\nCommands that only it knows\n");
    for (const struct nt_app_type *app = type->commands; app && app->name; app++)
        write_item(out, app->name, app->summary);
    outlet_text(out, "\nCommands that every node knows\n");
    for (const struct nt_app_type *app = meddle_commands; app->name; app++)
        write_item(out, app->name, app->summary);
    if (type->flags & NT_NODE_RUNS_APPS)
        outlet_text(out, "\nIt runs the commands of hosts besides: netarium list apps.\n");
}

static void write_app(struct outlet *out, const struct nt_app_type *app)
{
    outlet_print(out, "app %s: %s\n", app->name, app->summary);
    write_params(out, "Options and words", app->params);
}

static void write_part(struct outlet *out, const struct nt_part_type *part)
{
    outlet_print(out, "%s %s: %s\n", part->category, part->name, part->summary);
    write_params(out, "Parameters", part->params);
    if (strcmp(part->category, "settings") == 0 && strcmp(part->name, "tcp") == 0)
        help_tcp_profiles(out);
}

/* ---- Finding what is meant ---- */

static bool is_kind(const char *wanted, const char *kind)
{
    return !wanted || strcmp(wanted, kind) == 0;
}

/* Writes about everything called `name`, of the kind asked for (NULL: any); returns how many there were. */
static int write_named(struct front *front, const char *kind, const char *name)
{
    const struct registry *registry = &front->registry;
    struct outlet *out = &front->out;
    int found = 0;
    const struct nt_node_type *node = is_kind(kind, "node") ? registry_node(registry, name) : NULL;
    const struct nt_app_type *app = is_kind(kind, "app") ? registry_app(registry, name) : NULL;
    for (const struct subcommand *const *one = front_subcommands; !kind && *one; one++)
        if (strcmp((*one)->name, name) == 0 && ++found)
            help_print_subcommand(out, *one);
    if (node && ++found)
        write_node(out, node);
    if (app && ++found)
        write_app(out, app);
    for (const struct nt_app_type *one = meddle_commands; is_kind(kind, "app") && one->name; one++)
        if (strcmp(one->name, name) == 0 && ++found)
            write_app(out, one);
    for (size_t i = 0; i < registry->part_count; i++) {
        const struct nt_part_type *part = registry->parts[i];
        bool is_asked = is_kind(kind, "part") || is_kind(kind, part->category);
        if (is_asked && strcmp(part->name, name) == 0 && ++found)
            write_part(out, part);
    }
    return found;
}

static void say_unknown(struct front *front, const char *name)
{
    const struct registry *registry = &front->registry;
    const char *names[HELP_NAMES + 1] = {NULL};
    size_t count = 0;
    for (const struct subcommand *const *one = front_subcommands; *one && count < HELP_NAMES; one++)
        names[count++] = (*one)->name;
    for (size_t i = 0; i < registry->node_count && count < HELP_NAMES; i++)
        names[count++] = registry->nodes[i]->name;
    for (size_t i = 0; i < registry->app_count && count < HELP_NAMES; i++)
        names[count++] = registry->apps[i]->name;
    for (size_t i = 0; i < registry->part_count && count < HELP_NAMES; i++)
        names[count++] = registry->parts[i]->name;
    for (const struct nt_app_type *one = meddle_commands; one->name && count < HELP_NAMES; one++)
        names[count++] = one->name;
    const char *nearest = text_nearest(name, names);
    if (nearest)
        front_say(front, "there is no help on %s; did you mean %s?", name, nearest);
    else
        front_say(front, "there is no help on %s; netarium list shows what there is", name);
}

static enum front_status help_main(struct front *front, const struct options *options)
{
    const char *kind = options->word_count == 2 ? options->words[0] : NULL;
    const char *name = options->word_count ? options->words[options->word_count - 1] : NULL;
    if (!name) {
        help_print_overview(&front->out);
        return FRONT_HOLDS;
    }
    if (write_named(front, kind, name))
        return FRONT_HOLDS;
    say_unknown(front, name);
    return FRONT_INPUT;
}

static const struct option no_options[] = {{{0}}};

const struct subcommand help_subcommand = {
    .name = "help",
    .usage = "[[node|app|part] NAME]",
    .summary = "explains a subcommand, a node, a command of hosts, or a part",
    .options = no_options,
    .most_words = 2,
    .word_is = "a name",
    .run = help_main,
};
