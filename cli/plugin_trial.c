/* SPDX-License-Identifier: MIT
 * Plain runs of a plug-in, each to the end of a small network: does it live, do its frames balance, does it
 * keep to the network's memory, and is the same run the same again?
 *
 *     life          the whole run; the ledger is asked at every event
 *     memory        the same without listeners, when the engine asks the machine for nothing: who does?
 *     same run      twice at two places of memory, and once unwatched: the same frames, the same records
 *     going back    from a checkpoint to the end, twice: every byte of the network's memory is the same
 *     variables     after all that: is anything outside of the network's memory as it was? */
#include "cli/plugin_trial.h"

#include <inttypes.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/inspect.h"

#define RETURNS 3 /* instants to which time is turned back */

/* A scene, and what its runs have in common. */
struct round {
    struct plugin_trial *trial;
    const struct plugin_scene *scene;
    uint64_t events;           /* of a whole run */
    uint64_t unwatched_events; /* of one that nobody listens to: there are fewer */
};

static void add(const struct round *round, enum plugin_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A finding that says in which network. */
static void add(const struct round *round, enum plugin_verdict verdict, const char *format, ...)
{
    char text[330];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    plugin_report_add(round->trial->report, verdict, "%s: %s", round->scene->what, text);
}

/* "at 1.5 s": where a run has come to. */
struct instant {
    char text[50];
};

static struct instant now_of(const struct plugin_play *play)
{
    struct instant now;
    struct text text = text_in(now.text, sizeof now.text);
    units_show(UNITS_TIME, run_now(play->run), &text);
    return now;
}

/* ---- Life ---- */

static void check_ledger(struct round *round, const struct plugin_play *play)
{
    struct plugin_trial *trial = round->trial;
    struct run_ledger ledger = run_ledger(play->run);
    if (ledger.sent + ledger.copied == ledger.delivered + ledger.dropped + ledger.held ||
        trial->frames_fault[0])
        return;
    snprintf(trial->frames_fault, sizeof trial->frames_fault,
             "%s: at %s %" PRIu64 " were sent and copied, and %" PRIu64
             " were delivered, dropped or are held",
             round->scene->what, now_of(play).text, ledger.sent + ledger.copied,
             ledger.delivered + ledger.dropped + ledger.held);
}

/* Showing all tables twice changes nothing. */
static void show_tables(struct round *round, const struct plugin_play *play)
{
    struct nt_cell cells[NT_COLUMNS];
    uint64_t before = run_state_digest(play->run);
    for (uint32_t id = 1; id <= run_node_count(play->run); id++) {
        const struct nt_node *node = run_node(play->run, id);
        for (size_t i = 0; i < inspect_table_count(node); i++)
            for (uint32_t row = 0; inspect_row(node, &node->type->tables[i], row, cells);)
                row++;
    }
    if (run_state_digest(play->run) != before)
        add(round, PLUGIN_IS_FAULT, "the network is not the same after its tables were shown");
}

static void live(struct round *round, uint64_t *frames)
{
    struct plugin_play play;
    bool is_open = plugin_play_open(&play, round->trial->registry, round->scene, true);
    while (is_open && plugin_play_step(&play)) {
        round->events++;
        check_ledger(round, &play);
    }
    if (!is_open || play.has_crashed)
        add(round, PLUGIN_IS_FAULT, "%s", play.why);
    else
        show_tables(round, &play);
    *frames += is_open ? run_frame_count(play.run) : 0;
    plugin_play_close(&play);
}

/* ---- Memory ---- */

/* Bytes that the machine has lent to this process; 0: it does not say. */
static size_t lent_bytes(void)
{
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

static bool machine_counts(void)
{
    size_t before = lent_bytes();
    char *volatile some = malloc(100000);
    bool counts = lent_bytes() > before;
    free(some);
    return counts;
}

static void keep_to_memory(struct round *round)
{
    struct plugin_play play;
    bool goes_on = plugin_play_open(&play, round->trial->registry, round->scene, false);
    while (goes_on) {
        size_t before = lent_bytes();
        goes_on = plugin_play_step(&play);
        if (lent_bytes() == before || play.has_crashed)
            continue;
        add(round, PLUGIN_IS_FAULT, "at %s memory was taken that is not the network's", now_of(&play).text);
        break;
    }
    plugin_play_close(&play);
}

/* ---- The same again ---- */

/* A part of a run, so that who counts in a place of his own begins the next one with another number. */
static void run_partly(const struct round *round)
{
    struct plugin_play play;
    bool goes_on = plugin_play_open(&play, round->trial->registry, round->scene, true);
    for (uint64_t i = 0; goes_on && i <= round->events / 2; i++)
        goes_on = plugin_play_step(&play);
    plugin_play_close(&play);
}

static void run_twice(struct round *round)
{
    struct plugin_play first, second, unwatched;
    const struct registry *registry = round->trial->registry;
    bool is_fine = plugin_play_open(&first, registry, round->scene, true) && plugin_play_end(&first);
    run_partly(round);
    /* While the first is there the second has another place in memory. */
    is_fine = plugin_play_open(&second, registry, round->scene, true) && plugin_play_end(&second) && is_fine;
    bool goes_on = plugin_play_open(&unwatched, registry, round->scene, false);
    for (round->unwatched_events = 0; goes_on; round->unwatched_events++)
        goes_on = plugin_play_step(&unwatched);
    is_fine = is_fine && unwatched.run && !unwatched.has_crashed;
    if (!is_fine)
        add(round, PLUGIN_IS_FAULT, "one of three runs did not come to its end");
    else if (run_digest(first.run) != run_digest(second.run))
        add(round, PLUGIN_IS_FAULT, "two runs of the same network have different frames");
    else if (first.told != second.told)
        add(round, PLUGIN_IS_FAULT, "two runs of the same network tell different records");
    else if (run_digest(first.run) != run_digest(unwatched.run))
        add(round, PLUGIN_IS_FAULT, "a run that nobody listens to has different frames");
    plugin_play_close(&unwatched);
    plugin_play_close(&second);
    plugin_play_close(&first);
}

static void go_back_to(struct round *round, uint64_t event)
{
    struct plugin_play play;
    bool is_fine = plugin_play_open(&play, round->trial->registry, round->scene, false);
    for (uint64_t i = 0; is_fine && i < event; i++)
        is_fine = plugin_play_step(&play);
    if (is_fine) {
        struct checkpoint *checkpoint = run_save(play.run);
        struct instant at = now_of(&play);
        is_fine = plugin_play_end(&play);
        uint64_t digest = run_digest(play.run), state = run_state_digest(play.run);
        run_restore(play.run, checkpoint);
        is_fine = plugin_play_end(&play) && is_fine;
        if (run_digest(play.run) != digest)
            add(round, PLUGIN_IS_FAULT, "turned back to %s, the rest of the run has different frames",
                at.text);
        else if (run_state_digest(play.run) != state)
            add(round, PLUGIN_IS_FAULT, "turned back to %s, the run ends with something else in its memory",
                at.text);
        checkpoint_free(checkpoint);
    }
    if (!is_fine)
        add(round, PLUGIN_IS_FAULT, "the run did not come to its end after time was turned back");
    plugin_play_close(&play);
}

/* ---- All of it ---- */

static void gather(struct plugin_trial *trial)
{
    const struct registry *registry = trial->registry;
    struct plugin_types *types = &trial->types;
    for (size_t i = 0; i < registry->node_count && types->node_count < PLUGIN_TYPES; i++)
        if (registry_origin(registry, registry->nodes[i]) == trial->plugin)
            types->nodes[types->node_count++] = registry->nodes[i];
    for (size_t i = 0; i < registry->app_count && types->app_count < PLUGIN_TYPES; i++)
        if (registry_origin(registry, registry->apps[i]) == trial->plugin)
            types->apps[types->app_count++] = registry->apps[i];
    for (size_t i = 0; i < registry->part_count && types->part_count < PLUGIN_TYPES; i++)
        if (registry_origin(registry, registry->parts[i]) == trial->plugin)
            types->parts[types->part_count++] = registry->parts[i];
}

/* The scenes that can be played, as rounds. */
static size_t rounds_of(struct plugin_trial *trial, struct round *ret_rounds)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->scene_count; i++)
        if (!trial->scenes[i].untried[0])
            ret_rounds[count++] = (struct round){.trial = trial, .scene = &trial->scenes[i]};
    return count;
}

static bool try_life(struct plugin_trial *trial, struct round *rounds, size_t count)
{
    uint32_t faults = trial->report->faults;
    uint64_t frames = 0, events = 0;
    plugin_report_begin(trial->report, PLUGIN_LIFE);
    for (size_t i = 0; i < count; i++) {
        live(&rounds[i], &frames);
        events += rounds[i].events;
    }
    plugin_report_end(trial->report, "%zu small network%s to the end: %" PRIu64 " events, %" PRIu64 " frames",
                      count, count == 1 ? "" : "s", events, frames);
    if (trial->report->faults > faults)
        return false;
    plugin_report_begin(trial->report, PLUGIN_FRAMES);
    if (trial->frames_fault[0])
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "%s", trial->frames_fault);
    plugin_report_end(trial->report, "none is lost without a reason, every reference is given back");
    return true;
}

static void try_variables(struct plugin_trial *trial)
{
    char name[120];
    plugin_report_begin(trial->report, PLUGIN_VARIABLES);
    if (!trial->object.is_found)
        plugin_report_add(trial->report, PLUGIN_IS_UNTRIED,
                          "the system does not say where its variables are");
    else if (plugin_object_changed(&trial->object, name, sizeof name))
        plugin_report_add(
            trial->report, PLUGIN_IS_FAULT,
            "a variable outside of functions was changed, %s: going back in time does not bring it back",
            name);
    plugin_report_end(trial->report, "none outside of the network's memory was changed");
}

static void try_again(struct plugin_trial *trial, struct round *rounds, size_t count)
{
    plugin_report_begin(trial->report, PLUGIN_MEMORY);
    if (!machine_counts())
        plugin_report_add(trial->report, PLUGIN_IS_UNTRIED,
                          "this machine does not say how much memory it has lent");
    for (size_t i = 0; trial->report->is_whole && i < count; i++)
        keep_to_memory(&rounds[i]);
    plugin_report_end(trial->report, "nothing is taken but from the network");
    plugin_report_begin(trial->report, PLUGIN_SAME_RUN);
    for (size_t i = 0; i < count; i++)
        run_twice(&rounds[i]);
    plugin_report_end(
        trial->report,
        "again, at another place in memory, and with nobody listening: the same frames and records");
    plugin_report_begin(trial->report, PLUGIN_GOING_BACK);
    for (size_t i = 0; i < count; i++)
        for (uint64_t j = 1; j <= RETURNS && trial->report->is_whole; j++)
            go_back_to(&rounds[i], rounds[i].unwatched_events * j / (RETURNS + 1));
    plugin_report_end(trial->report, "from %d instants: the same run, to the last bit", RETURNS);
}

void plugin_trial_run(struct plugin_report *report, const struct registry *registry,
                      const struct nt_plugin *plugin, const char *file, const char *scenario)
{
    struct plugin_trial *trial = calloc(1, sizeof *trial);
    struct round rounds[PLUGIN_SCENES];
    if (!trial)
        return;
    trial->registry = registry;
    trial->plugin = plugin;
    trial->report = report;
    plugin_object_init(&trial->object, file, plugin);
    gather(trial);
    trial->scene_count = plugin_scene_make(registry, plugin, scenario, trial->scenes);
    plugin_trial_look(trial);
    bool is_fine = plugin_trial_phases(trial) && !trial->frames_are_lost;
    size_t count = rounds_of(trial, rounds);
    if (is_fine && count > 0 && try_life(trial, rounds, count)) {
        try_again(trial, rounds, count);
        try_variables(trial);
    }
    report->is_complete = true;
    plugin_object_release(&trial->object);
    free(trial);
}
