/* SPDX-License-Identifier: MIT
 * The window's state. */
#include "gui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gui/screen.h"
#include "gui/settings.h"
#include "nodes/builtin.h"
#include "sim/inspect.h"
#include "sim/registry.h"
#include "sim/scenario.h"

#define MESSAGE_MS 5000
#define LOOK_RECORDS 100000 /* so many tell what a run is about */

/* ---- Life ---- */

static void register_builtin(struct registry *registry)
{
    struct nt_why why;
    registry_init(registry);
    registry_add(registry, &builtin_types, &why);
}

void app_init(struct app *app, const char *folder)
{
    *app = (struct app){
        .folder = folder, .theme = &theme_light, .largest = -1, .beside = -1, .second = 2, .split_x = 0.61, .split_y = {0.46, 0.46}};
    app->registry = calloc(1, sizeof *app->registry);
    app->errors = calloc(1, sizeof *app->errors);
    register_builtin(app->registry);
    error_list_init(app->errors);
    start_read_cards(app);
}

static void forget_run(struct app *app)
{
    plan_release(&app->plan);
    ticks_release(&app->ticks);
    app->changes++;
    app->is_following = false;
    app->flow[0] = '\0';
    app->wanted[0] = '\0';
    session_free(app->session);
    scenario_free(app->scenario);
    error_list_release(app->errors);
    error_list_init(app->errors);
    app->session = NULL;
    app->scenario = NULL;
    app->is_playing = app->is_typing = app->is_until = app->menu.is_open = false;
    app->record = app->frame = 0;
    app->journey_count = 0;
    app->node = 0;
}

void app_release(struct app *app)
{
    forget_run(app);
    canvas_release(&app->overlay.part);
    for (unsigned i = 0; i < APP_CELLS; i++)
        canvas_release(&app->cells[i].shown);
    for (unsigned i = 0; i < APP_REGIONS; i++)
        canvas_release(&app->regions[i].part);
    registry_release(app->registry);
    free(app->registry);
    free(app->errors);
}

void app_say(struct app *app, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(app->message, sizeof app->message, format, list);
    va_end(list);
    app->message_until = screen_clock() + MESSAGE_MS;
}

/* ---- Opening a file ---- */

static int64_t file_time(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec : 0;
}

/* What a run shows first: what it has. */
static void choose_contents(struct app *app)
{
    const struct run *run = session_run(app->session);
    bool has_bus = false, has_tcp = run_kind_named(run, "tcp.cwnd") != 0;
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        has_bus |= strcmp(run_node(run, id)->type->name, "segment") == 0;
    bool tells_tcp = false;
    uint64_t known = session_known_records(app->session);
    for (uint64_t number = 1; has_tcp && !tells_tcp && number <= known && number < LOOK_RECORDS; number++)
        tells_tcp =
            strncmp(run_kind_at(run, session_record(app->session, number)->kind)->name, "tcp.", 4) == 0;
    app->cells[0].content = "map";
    app->cells[1].content = "ladder";
    app->cells[2].content = has_bus                               ? "segment"
                            : tells_tcp && contents_exists("tcp") ? "tcp"
                            : contents_exists("tables")           ? "tables"
                                                                  : "records";
    app->cells[3].content = "because";
    for (unsigned i = 0; i < APP_CELLS; i++)
        if (app->cells[i].wish)
            app->cells[i].content = app->cells[i].wish;
}

void app_set_view(struct app *app, unsigned cell, const char *name)
{
    app->cells[cell].wish = NULL;
    for (unsigned i = 0; contents_name(i); i++)
        if (strcmp(contents_name(i), name) == 0)
            app->cells[cell].wish = contents_name(i);
    if (app->session)
        choose_contents(app);
}

double app_split(double part)
{
    return part < 0.12 ? 0.12 : part > 0.88 ? 0.88 : part;
}

/* How fast time passes at first: a frame on its way takes about a second of ours. */
static nt_time choose_speed(const struct session *session)
{
    nt_time longest = 0;
    unsigned seen = 0;
    for (uint64_t number = 1; number <= session_known_records(session) && seen < 40; number++) {
        const struct nt_record *record = session_record(session, number);
        if (record->kind != RUN_KIND_FRAME_TX)
            continue;
        longest = record->values[1] > longest ? record->values[1] : longest;
        seen++;
    }
    return longest > 0 ? longest : 10 * NT_MILLISECOND;
}

void app_looked_ahead(struct app *app)
{
    app->speed = choose_speed(app->session);
    moving_faster(app, 0);
    choose_contents(app);
}

void app_open(struct app *app, const char *path)
{
    char kept[sizeof app->path];
    snprintf(kept, sizeof kept, "%s", path);
    forget_run(app);
    memcpy(app->path, kept, sizeof kept);
    app->file_time = file_time(kept);
    app->scenario = scenario_read(kept, app->registry, NULL, app->errors);
    app->session = app->scenario ? session_new(app->registry, app->scenario, NULL, app->errors) : NULL;
    app->page = app->session ? PAGE_RUN : PAGE_ERROR;
    if (!app->session)
        return;
    app->play_to = NT_NEVER;
    settings_opened(app, kept);
    app->end = app->shown = app->speed = 1;
    choose_contents(app);
    journey_begin(app, &(struct journey){.kind = JOURNEY_AHEAD});
}

void app_close_run(struct app *app)
{
    forget_run(app);
    app->path[0] = '\0';
    app->page = PAGE_START;
}

void app_reload_if_changed(struct app *app)
{
    if (app->page == PAGE_START || file_time(app->path) == app->file_time)
        return;
    char path[sizeof app->path];
    nt_time now = app->session ? session_now(app->session) : 0;
    memcpy(path, app->path, sizeof path);
    app_open(app, path);
    if (app->session) {
        moving_goto(app, now);
        app_say(app, "The file has changed and was read again.");
    }
}

/* ---- Choosing ---- */

static void choose_frame(struct app *app, uint64_t number)
{
    struct session_frame frame;
    if (session_frame(app->session, number, &frame))
        app_choose_record(app, frame.record);
    app->frame = number;
}

/* The end with the higher port of "10.0.1.2:49152 > 10.0.2.2:9". */
static void turn_to_name(struct app *app, const char *name)
{
    char ends[2][60] = {"", ""};
    unsigned ports[2] = {0, 0};
    if (sscanf(name, "%59s > %59s", ends[0], ends[1]) != 2)
        return;
    for (unsigned i = 0; i < 2; i++) {
        const char *colon = strrchr(ends[i], ':');
        ports[i] = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
    }
    snprintf(app->flow, sizeof app->flow, "%s", ends[ports[1] > ports[0]]);
}

/* Panels of one connection turn to that of the record, if it is about one. */
static void turn_to(struct app *app, const struct nt_record *record)
{
    const struct run *run = session_run(app->session);
    struct session_frame frame;
    if (inspect_field(run_kind_at(run, record->kind), "flow") == 1) {
        turn_to_name(app, run_text(run, (uint64_t)record->values[1]));
    } else if (record->frame && session_frame(app->session, record->frame, &frame)) {
        struct follow_key key = follow_key_of(frame.bytes, frame.length_bytes);
        char end[sizeof app->flow];
        follow_show_end(&key, end, sizeof end);
        if (end[0])
            memcpy(app->flow, end, sizeof end);
    }
}

void app_choose_record(struct app *app, uint64_t number)
{
    const struct nt_record *record = session_record(app->session, number);
    app->record = number;
    app->frame = record ? record->frame : 0;
    if (record)
        turn_to(app, record);
}

void app_choose(struct app *app, const struct canvas_tag *tag)
{
    switch (tag->kind) {
    case CANVAS_TAG_NODE:
        app->flow[0] = '\0';
        app->node = (uint32_t)tag->id;
        break;
    case CANVAS_TAG_FRAME:
        choose_frame(app, tag->id);
        break;
    case CANVAS_TAG_RECORD:
        app_choose_record(app, tag->id);
        break;
    case CANVAS_TAG_TIME:
        moving_goto(app, (nt_time)tag->id);
        break;
    case CANVAS_TAG_CONTROL:
        app_control(app, (unsigned)tag->id);
        break;
    default:
        break;
    }
}

void app_changed(struct app *app)
{
    ticks_forget(&app->ticks);
    app->changes++;
}

void app_command(struct app *app, uint32_t node, const char *words)
{
    struct nt_why why = {""};
    if (!node || !app->session)
        app_say(app, "Choose something first: click on it.");
    else if (journey_is_busy(app))
        return;
    else if (!session_command(app->session, node, words, &why))
        app_say(app, "%s", why.text);
    else
        app_say(app, "%s: %s (Ctrl+Z undoes it)", run_node(session_run(app->session), node)->name, words);
    app_changed(app);
}

void app_enter(struct app *app)
{
    struct nt_why why = {""};
    if (!app->session || !app->line[0] || journey_is_busy(app))
        return;
    if (app->is_until) {
        snprintf(app->wanted, sizeof app->wanted, "%s", app->line);
        moving_run_until(app);
    } else if (!app->node)
        app_say(app, "Choose a node first: click on it.");
    else if (!session_command(app->session, app->node, app->line, &why))
        app_say(app, "%s", why.text);
    app_changed(app);
    app->line[0] = '\0';
}

void app_control(struct app *app, unsigned control)
{
    switch (control) {
    case CONTROL_HOME:
        moving_goto(app, 0);
        break;
    case CONTROL_BACK:
        moving_step(app, SESSION_RECORD, true);
        break;
    case CONTROL_PLAY:
        moving_play(app, !app->is_playing);
        break;
    case CONTROL_FORWARD:
        moving_step(app, SESSION_RECORD, false);
        break;
    case CONTROL_END:
        moving_goto(app, app->end);
        break;
    case CONTROL_SLOWER:
        moving_faster(app, -1);
        break;
    case CONTROL_FASTER:
        moving_faster(app, 1);
        break;
    case CONTROL_START_PAGE:
        app_close_run(app);
        break;
    case CONTROL_HELP:
        app->has_help = !app->has_help;
        break;
    default:
        if (control >= CONTROL_CELL && control < CONTROL_CELL + APP_CELLS)
            app->largest = app->largest >= 0 ? -1 : (int)(control - CONTROL_CELL);
        else if (control >= CONTROL_VIEWS && control < CONTROL_VIEWS + APP_CELLS)
            menu_open_views(app, control - CONTROL_VIEWS, app->mouse_x, app->mouse_y);
        else if (control >= CONTROL_MENU && control < CONTROL_MENU + MENU_ROWS)
            menu_take(app, control - CONTROL_MENU);
        else if (control >= CONTROL_RECENT && control < CONTROL_RECENT + app->recent_count)
            app_open(app, app->recent[control - CONTROL_RECENT]);
        else if (control >= CONTROL_CARD && control < CONTROL_CARD + app->card_count)
            app_open(app, app->cards[control - CONTROL_CARD].path);
    }
}
