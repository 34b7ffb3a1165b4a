/* SPDX-License-Identifier: MIT
 * Runs with a layer around the plug-in (plugin_watch.h): is everything called when it may be, are only
 * declared parameters read, is every reference to a frame given back once? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/plugin_trial.h"
#include "cli/plugin_watch.h"
#include "sim/inspect.h"

#define LOOK_EVERY 50    /* events between two looks at the tables */
#define ROWS_MOST 100000 /* a table that has more has no end */
#define EVENTS_MOST 2000000

/* Asks every table of the plug-in's nodes for its rows; nothing may be called meanwhile that changes
 * something. */
static bool look_at_tables(struct plugin_trial *trial, const struct plugin_play *play,
                           struct plugin_watch *watch)
{
    struct nt_cell cells[NT_COLUMNS];
    bool is_fine = true;
    for (uint32_t id = 1; is_fine && id <= run_node_count(play->run); id++) {
        const struct nt_node *node = run_node(play->run, id);
        for (size_t i = 0; is_fine && node->api == &watch->api && i < inspect_table_count(node); i++) {
            const struct nt_table *table = &node->type->tables[i];
            char words[2][80];
            uint32_t row = 0;
            snprintf(words[0], sizeof words[0], "node type \"%.40s\"", node->type->name);
            snprintf(words[1], sizeof words[1], "the table \"%.40s\"", table->name);
            struct plugin_watch_place before =
                plugin_watch_enter(watch, PLUGIN_PHASE_LOOK, words[1], words[0]);
            while (row < ROWS_MOST && inspect_row(node, table, row, cells))
                row++;
            plugin_watch_leave(watch, before);
            is_fine = row < ROWS_MOST;
            if (!is_fine)
                plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                                  "node type \"%s\": the table \"%s\" never says that a row is its last",
                                  node->type->name, table->name);
        }
    }
    return is_fine;
}

/* To the end. What is wrong is in the report, in watch->fault, or in play->why. */
static void play_all(struct plugin_trial *trial, struct plugin_play *play, struct plugin_watch *watch)
{
    uint64_t count = 0;
    watch->kind_count = run_kind_count(play->run);
    while (plugin_play_step(play)) {
        if (++count % LOOK_EVERY == 0 && !look_at_tables(trial, play, watch))
            return;
        if (count > EVENTS_MOST) {
            snprintf(watch->fault, sizeof watch->fault,
                     "more than %d events, and no end: does an event arm itself for the same instant?",
                     EVENTS_MOST);
            return;
        }
    }
    if (!play->has_crashed)
        look_at_tables(trial, play, watch);
}

/* A frame that nobody has any more has our two references left. */
static void count_references(struct plugin_trial *trial, const struct plugin_play *play,
                             const struct plugin_watch *watch)
{
    uint32_t kept = 0, lost = 0;
    for (uint32_t i = 0; i < watch->frame_count; i++) {
        kept += watch->frames[i]->references > 2;
        lost += watch->frames[i]->references < 2;
    }
    trial->frames_are_lost = trial->frames_are_lost || lost > 0;
    if (lost)
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "%u of %u frames that it received: a reference was given back that was not its own",
                          (unsigned)lost, (unsigned)watch->frame_count);
    else if (kept && run_ledger(play->run).held == 0)
        snprintf(trial->frames_fault, sizeof trial->frames_fault,
                 "%u of %u frames that it received are still held by a reference at the end, and nothing is "
                 "on its way: nt_frame_unref",
                 (unsigned)kept, (unsigned)watch->frame_count);
}

/* One run. The layers stay: what the run left may point to them. */
static void watch_run(struct plugin_trial *trial, const struct plugin_scene *scene,
                      struct plugin_watch *watch, struct plugin_play *play)
{
    if (setjmp(watch->escape) == 0 && plugin_play_open(play, &watch->registry, scene, true))
        play_all(trial, play, watch);
}

/* It crashed with nothing behind its parameters. Does it without that? */
static bool is_past_parameters(struct plugin_trial *trial, const struct plugin_scene *scene)
{
    struct plugin_watch *watch = calloc(1, sizeof *watch);
    struct plugin_play *play = calloc(1, sizeof *play);
    if (!watch || !play)
        return false;
    plugin_watch_init(watch, trial->registry, trial->plugin);
    watch->page_bytes = 0; /* values as they are */
    watch_run(trial, scene, watch, play);
    bool has_crashed = play->has_crashed;
    free(watch);
    free(play);
    return !has_crashed;
}

static void try_scene(struct plugin_trial *trial, struct plugin_scene *scene, struct plugin_watch *watch,
                      struct plugin_play *play)
{
    plugin_watch_init(watch, trial->registry, trial->plugin);
    watch_run(trial, scene, watch, play);
    if (watch->fault[0])
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "%s", watch->fault);
    else if (play->has_crashed && is_past_parameters(trial, scene))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "%s: %s reads a parameter that it does not declare, behind the last one",
                          watch->type ? watch->type : scene->what, watch->callback ? watch->callback : "it");
    else if (play->has_crashed)
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "%s", play->why);
    else if (play->why[0] && scene->file)
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "%s: %s", scene->file, play->why);
    else if (play->why[0])
        snprintf(scene->untried, sizeof scene->untried,
                 "%.80s: the small network for it is refused: %.140s; --scenario gives another", scene->what,
                 play->why);
    else
        count_references(trial, play, watch);
}

bool plugin_trial_phases(struct plugin_trial *trial)
{
    uint32_t faults = trial->report->faults;
    size_t count = 0;
    plugin_report_begin(trial->report, PLUGIN_PHASES);
    for (size_t i = 0; i < trial->scene_count; i++) {
        struct plugin_watch *watch = calloc(1, sizeof *watch);
        struct plugin_play *play = calloc(1, sizeof *play);
        if (watch && play && !trial->scenes[i].untried[0])
            try_scene(trial, &trial->scenes[i], watch, play);
        count += !trial->scenes[i].untried[0];
        free(watch);
        free(play);
    }
    for (size_t i = 0; i < trial->scene_count; i++)
        if (trial->scenes[i].untried[0])
            plugin_report_add(trial->report, PLUGIN_IS_UNTRIED, "%s", trial->scenes[i].untried);
    plugin_report_end(trial->report, "%zu small network%s: every call in its time, only declared parameters",
                      count, count == 1 ? "" : "s");
    return trial->report->faults == faults;
}
