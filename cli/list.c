/* SPDX-License-Identifier: MIT
 * netarium list: what a scenario can be made of, and what can be asked of it. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/subcommands.h"
#include "sim/base/text.h"
#include "sim/meddle.h"
#include "sim/run.h"
#include "sim/scenario.h"

#define LIST_INDENT 20

static void write_item(struct outlet *out, const char *name, const char *text)
{
    front_print_item(out, name, text, LIST_INDENT);
}

static void list_nodes(struct front *front)
{
    outlet_text(&front->out, "nodes: what stands in \"type\"\n");
    for (size_t i = 0; i < front->registry.node_count; i++)
        write_item(&front->out, front->registry.nodes[i]->name, front->registry.nodes[i]->summary);
}

static void list_apps(struct front *front)
{
    outlet_text(&front->out, "apps: commands that hosts and others run\n");
    for (size_t i = 0; i < front->registry.app_count; i++)
        write_item(&front->out, front->registry.apps[i]->name, front->registry.apps[i]->summary);
    outlet_text(&front->out, "\ncommands that every node knows, cables too\n");
    for (const struct nt_app_type *app = meddle_commands; app->name; app++)
        write_item(&front->out, app->name, app->summary);
}

/* All parts, or those of one category. Returns whether there is any. */
static bool write_parts(struct front *front, const char *category)
{
    bool is_found = false;
    for (size_t i = 0; i < front->registry.part_count; i++) {
        const struct nt_part_type *part = front->registry.parts[i];
        char name[100];
        if (category && strcmp(part->category, category) != 0)
            continue;
        if (!is_found)
            outlet_print(&front->out, "%s: %s\n", category ? category : "parts",
                         category ? "what can be put where this is asked for" : "what can be put into nodes");
        snprintf(name, sizeof name, "%s%s%s", category ? "" : part->category, category ? "" : " ",
                 part->name);
        write_item(&front->out, name, part->summary);
        is_found = true;
    }
    return is_found;
}

static void list_parts(struct front *front)
{
    write_parts(front, NULL);
}

/* ---- Kinds of records ---- */

/* The type of a node that commands run on: what the ends of a cable may be. */
static const char *station_type(const struct registry *registry)
{
    for (size_t i = 0; i < registry->node_count; i++)
        if (registry->nodes[i]->flags & NT_NODE_RUNS_APPS)
            return registry->nodes[i]->name;
    return "host";
}

/* A small scenario with this type in it. Kinds are declared when nodes are made, so nodes have to be made. */
static void compose(const struct registry *registry, const struct nt_node_type *type, char *ret_text,
                    size_t size)
{
    struct text text = text_in(ret_text, size);
    bool is_medium = type->flags & NT_NODE_MEDIUM;
    const char *station = is_medium ? station_type(registry) : type->name;
    text_add(&text,
             "{\"netarium\":1,\"stop\":\"1 s\",\"nodes\":{\"a\":{\"type\":\"%s\"},\"b\":{\"type\":\"%s\"}",
             station, station);
    if (is_medium)
        text_add(&text,
                 ",\"m\":{\"type\":\"%s\"}},\"links\":[{\"tap\":\"m\",\"of\":\"a\"},{\"tap\":\"m\",\"of\":"
                 "\"b\"}]}",
                 type->name);
    else
        text_add(&text, "},\"links\":[{\"between\":[\"a\",\"b\"]}]}");
}

struct kinds {
    struct nt_kind *all; /* owned copies: a network may keep its tables in its own memory */
    size_t count;        /* of them */
};

static void keep_kind(struct kinds *kinds, const struct nt_kind *kind)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->all[i].name, kind->name) == 0)
            return;
    kinds->all = realloc(kinds->all, (kinds->count + 1) * sizeof *kinds->all);
    assert(kinds->all);
    kinds->all[kinds->count++] = *kind;
}

/* A type that cannot be made without parameters still declares what it declares before it finds that out. */
static void gather_kinds(const struct registry *registry, const struct nt_node_type *type,
                         struct kinds *kinds)
{
    char text[512];
    struct error_list errors;
    compose(registry, type, text, sizeof text);
    error_list_init(&errors);
    struct scenario *scenario = scenario_parse(type->name, text, strlen(text), registry, NULL, &errors);
    if (scenario) {
        struct run *run = run_new(registry, 0);
        run_build(run, scenario, &errors);
        for (uint32_t kind = 1; kind <= run_kind_count(run); kind++)
            keep_kind(kinds, run_kind_at(run, kind));
        run_free(run);
    }
    scenario_free(scenario);
    error_list_release(&errors);
}

/* Parts and commands say what they tell without being made. */
static void keep_kinds(struct kinds *kinds, const struct nt_kind *declared)
{
    for (; declared && declared->name; declared++)
        keep_kind(kinds, declared);
}

static void write_kind(struct outlet *out, const struct nt_kind *kind)
{
    char text[1024];
    snprintf(text, sizeof text, "%s%s%s%s%s", kind->sentence ? kind->sentence : "", kind->clause ? " [" : "",
             kind->clause ? kind->clause : "", kind->clause ? "]" : "",
             kind->flags & NT_KIND_GAUGE ? " (a gauge)" : "");
    write_item(out, kind->name, text);
}

static int compare_kinds(const void *a, const void *b)
{
    const struct nt_kind *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static void list_kinds(struct front *front)
{
    struct kinds kinds = {0};
    for (size_t i = 0; i < front->registry.node_count; i++)
        gather_kinds(&front->registry, front->registry.nodes[i], &kinds);
    for (size_t i = 0; i < front->registry.app_count; i++)
        keep_kinds(&kinds, front->registry.apps[i]->kinds);
    for (size_t i = 0; i < front->registry.part_count; i++)
        keep_kinds(&kinds, front->registry.parts[i]->kinds);
    if (kinds.count)
        qsort(kinds.all, kinds.count, sizeof *kinds.all, compare_kinds);
    outlet_text(&front->out, "kinds: records, for --trace and for expectations; {words} are their fields\n");
    for (size_t i = 0; i < kinds.count; i++)
        write_kind(&front->out, &kinds.all[i]);
    free(kinds.all);
}

/* ---- The subcommand ---- */

static const struct {
    const char *name;
    void (*list)(struct front *front);
} lists[] = {{"nodes", list_nodes},
             {"apps", list_apps},
             {"parts", list_parts},
             {"kinds", list_kinds}};

static enum front_status list_main(struct front *front, const struct options *options)
{
    const char *wanted = options->word_count ? options->words[0] : NULL;
    bool is_found = false;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (wanted && strcmp(wanted, lists[i].name) != 0)
            continue;
        if (is_found)
            outlet_text(&front->out, "\n");
        lists[i].list(front);
        is_found = true;
    }
    if (is_found || write_parts(front, wanted))
        return FRONT_HOLDS;
    front_say(front, "there is no list of %s; there are nodes, apps, parts, kinds, and each kind of part: "
                     "queue, impair, congestion", wanted);
    return FRONT_INPUT;
}

static const struct option no_options[] = {{{0}}};

const struct subcommand list_subcommand = {
    .name = "list",
    .usage = "[nodes|apps|parts|kinds|queue|impair|congestion]",
    .summary = "shows what a scenario can be made of",
    .options = no_options,
    .most_words = 1,
    .word_is = "the name of a list",
    .run = list_main,
};
