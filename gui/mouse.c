/* SPDX-License-Identifier: MIT
 * What the mouse does: click to choose, drag the scrubber or the edge between two panels, wheel for speed. */
#include "gui/app.h"
#include "gui/screen.h"

enum drag { DRAG_NOTHING, DRAG_TRACK, DRAG_SPLIT_X, DRAG_SPLIT_LEFT, DRAG_SPLIT_RIGHT };

#define EDGE 6.0 /* how near to an edge is at it */

static enum drag edge_at(const struct app *app, double x, double y)
{
    const struct canvas_box *first = &app->cells[0].box, *second = &app->cells[1].box,
                            *third = &app->cells[2].box;
    if (app->page != PAGE_RUN || app->alone >= 0 || app->beside >= 0 || y < first->y || y > third->y + third->height)
        return DRAG_NOTHING;
    if (x > first->x + first->width - 1 && x < second->x + 1)
        return DRAG_SPLIT_X;
    if (x < first->x + first->width && y > first->y + first->height - 1 &&
        y < first->y + first->height + EDGE + 3)
        return DRAG_SPLIT_LEFT;
    if (x > second->x && y > second->y + second->height - 1 && y < second->y + second->height + EDGE + 3)
        return DRAG_SPLIT_RIGHT;
    return DRAG_NOTHING;
}

static void scrub_to(struct app *app, double x)
{
    double part = (x - app->track.x) / (app->track.width > 1 ? app->track.width : 1);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    app->is_playing = false;
    moving_goto(app, (nt_time)(part * (double)app->shown));
}

static void drag_to(struct app *app, double x, double y)
{
    double top = app->cells[0].box.y, height = app->cells[2].box.y + app->cells[2].box.height - top;
    if (app->drags == DRAG_TRACK)
        scrub_to(app, x);
    else if (app->drags == DRAG_SPLIT_X)
        app->split_x = app_split((x - 12) / (app->width - 24));
    else if (app->drags != DRAG_NOTHING)
        app->split_y[app->drags - DRAG_SPLIT_LEFT] = app_split((y - top) / height);
}

/* With a menu open: one of its rows, or away with it. */
static void press_menu(struct app *app, const struct canvas_tag *tag)
{
    if (tag && tag->kind == CANVAS_TAG_CONTROL && tag->id >= CONTROL_MENU)
        app_control(app, (unsigned)tag->id);
    app->menu.is_open = false;
}

/* The right button: the thing is chosen, and what can be done to it is asked. */
static void press_right(struct app *app, const struct canvas_tag *tag, double x, double y)
{
    bool is_control = tag && tag->kind == CANVAS_TAG_CONTROL;
    if (!app->session || !tag)
        return;
    if (is_control && tag->id >= CONTROL_CELL && tag->id < CONTROL_CELL + APP_CELLS)
        menu_open_views(app, (unsigned)tag->id - CONTROL_CELL, x, y);
    if (is_control || tag->kind == CANVAS_TAG_TIME)
        return;
    if (tag->kind == CANVAS_TAG_NODE)
        app->frame = 0;
    else
        app->node = 0;
    app_choose(app, tag);
    menu_open_things(app, x, y);
}

void mouse_press(struct app *app, const struct canvas *shown, double x, double y, int button, int clicks)
{
    const struct canvas_tag *tag = canvas_hit(shown, x, y);
    journey_settle(app);
    mouse_move(app, x, y);
    if (app->menu.is_open) {
        press_menu(app, tag);
        return;
    }
    if (app->has_help) {
        app->has_help = false;
        return;
    }
    if (button == 3) {
        press_right(app, tag, x, y);
        return;
    }
    bool is_track = app->page == PAGE_RUN && y > app->track.y - 8 && y < app->track.y + 16 &&
                    x > app->track.x - 10 && x < app->track.x + app->track.width + 10;
    app->drags = is_track ? DRAG_TRACK : (int)edge_at(app, x, y);
    if (app->drags != DRAG_NOTHING) {
        drag_to(app, x, y);
        return;
    }
    bool is_title = tag && tag->kind == CANVAS_TAG_CONTROL && tag->id >= CONTROL_CELL &&
                    tag->id < CONTROL_CELL + APP_CELLS;
    if (tag && (!is_title || clicks > 1) && (tag->kind == CANVAS_TAG_CONTROL || app->session))
        app_choose(app, tag);
    if (tag && tag->kind == CANVAS_TAG_RECORD && clicks > 1)
        pick_go_there(app); /* a double click moves time there */
}

void mouse_move(struct app *app, double x, double y)
{
    app->mouse_x = x;
    app->mouse_y = y;
    app->has_mouse = true;
    if (app->drags != DRAG_NOTHING)
        drag_to(app, x, y);
}

void mouse_release(struct app *app)
{
    app->drags = DRAG_NOTHING;
}

void mouse_wheel(struct app *app, double amount, unsigned mods)
{
    if (app->page == PAGE_START)
        app->card_scroll = app->card_scroll - amount * 60 > 0 ? app->card_scroll - amount * 60 : 0;
    else if (mods & SCREEN_CTRL)
        moving_faster(app, amount > 0 ? 1 : -1);
    else
        moving_step(app, SESSION_RECORD, amount > 0);
}
