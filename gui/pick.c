/* SPDX-License-Identifier: MIT
 * Choosing without the mouse: the next panel, node, cable, frame on its way, or record. */
#include <stdio.h>

#include "gui/app.h"

static struct canvas_box box_of(const struct app *app)
{
    return app->cells[app->focus < APP_CELLS ? app->focus : 0].box;
}

void pick_panel(struct app *app, bool is_back)
{
    app->has_focus = true;
    app->focus = (app->focus + (is_back ? APP_CELLS - 1 : 1)) % APP_CELLS;
    if (app->largest >= 0)
        app->largest = (int)app->focus;
}

void pick_alone(struct app *app)
{
    if (app->session)
        app->largest = app->largest >= 0 ? -1 : (int)app->focus;
}

void pick_view(struct app *app)
{
    app->has_focus = true;
    menu_open_views(app, app->focus, box_of(app).x + 20, box_of(app).y + 30);
}

void pick_menu(struct app *app)
{
    menu_open_things(app, app->width / 2 - 120, 80);
}

/* The edge below or beside the panel that has the focus. */
void pick_resize(struct app *app, double x, double y)
{
    double *row = &app->split_y[app->focus & 1];
    app->split_x = app_split(app->split_x + x);
    *row = app_split(*row + y);
}

void pick_node(struct app *app, bool is_back)
{
    if (!app->session)
        return;
    const struct run *run = session_run(app->session);
    uint32_t count = run_node_count(run);
    uint32_t next = is_back ? (app->node > 1 ? app->node - 1 : count) : app->node % count + 1;
    app_choose(app, &(struct canvas_tag){.kind = CANVAS_TAG_NODE, .id = next});
    app_say(app, "%s %s is chosen. M: what can be done to it.", run_node(run, next)->type->name,
            run_node(run, next)->name);
}

void pick_frame(struct app *app, bool is_back)
{
    size_t count = app->session ? session_flight_count(app->session) : 0, at = is_back ? count : count - 1;
    if (count == 0) {
        app_say(app, "No frame is on its way now.");
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (session_flight_at(app->session, i).frame == app->frame)
            at = i;
    at = is_back ? (at + count - 1) % count : (at + 1) % count;
    app_choose_record(app, session_flight_at(app->session, at).record);
}

void pick_record(struct app *app, bool is_back)
{
    if (!app->session)
        return;
    uint64_t known = session_known_records(app->session),
             number = app->record ? app->record : session_records(app->session);
    number = is_back ? number - (number > 1) : number + (number < known);
    if (number >= 1 && number <= known)
        app_choose_record(app, number);
}

void pick_go_there(struct app *app)
{
    uint64_t number = app->record;
    if (!app->session || !number)
        return;
    journey_begin(app, &(struct journey){.kind = JOURNEY_RECORD, .number = number});
}
