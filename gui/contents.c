/* SPDX-License-Identifier: MIT
 * What a cell shows: a picture of views/pictures/, or one of the window's own. */
#include <stdio.h>
#include <string.h>

#include "gui/app.h"

static const struct {
    const char *name, *sentence;
    void (*draw)(struct app *app, struct canvas *canvas, double width, double height);
} own[] = {{"because", "the chosen record: how it came to this, and what happens next", because_draw},
           {"terminal", "a node's screen, and a line to type on", terminal_draw},
           {NULL, NULL, NULL}};

#define OWN (sizeof own / sizeof *own - 1)

const char *contents_name(unsigned index)
{
    return index < OWN ? own[index].name : picture_types[index - OWN].name;
}

const char *contents_sentence(unsigned index)
{
    return index < OWN ? own[index].sentence : picture_types[index - OWN].sentence;
}

bool contents_exists(const char *name)
{
    for (unsigned i = 0; contents_name(i); i++)
        if (strcmp(contents_name(i), name) == 0)
            return true;
    return false;
}

/* The span around the present that a picture of a span shows. */
static void choose_span(const struct app *app, const struct picture_type *type, struct picture_wish *wish)
{
    nt_time now = session_now(app->session);
    wish->from = 0;
    wish->to = app->end > 0 ? app->end : 1;
    if (!(type->takes & PICTURE_TAKES_SPAN))
        return;
    if (type->choose_span) {
        type->choose_span(wish);
        nt_time width = wish->to - wish->from;
        if (now > 0 && (now < wish->from || now > wish->to)) {
            wish->from = now > width / 3 ? now - width / 3 : 0;
            wish->to = wish->from + width;
        }
        return;
    }
    nt_time span = app->speed * 6; /* six seconds of ours */
    if (span < wish->to) {
        wish->from = now > span / 2 ? now - span / 2 : 0;
        wish->to = wish->from + span;
    }
}

static void draw_picture(struct app *app, const struct picture_type *type, struct canvas *canvas)
{
    struct nt_why why = {"There is nothing to draw."};
    const struct run *run = session_run(app->session);
    if (app->plan.place_count == 0)
        plan_init(&app->plan, run);
    struct picture_wish wish = {
        .session = app->session,
        .plan = &app->plan,
        .width = canvas->width,
        .height = canvas->height,
        .theme = app->theme,
        .node = app->node && strcmp(type->name, "segment") != 0 ? run_node(run, app->node)->name : NULL,
        .lens = app->lens,
        .folds_chatter = !app->has_chatter,
        .follow = app->is_following ? &app->follow : NULL,
        .frame = app->frame,
        .record = app->record};
    /* Plots are of the connection that is followed, or was chosen last; a ladder shows it among the others. */
    bool is_of_flow = type->takes & PICTURE_TAKES_FLOW && !(type->takes & PICTURE_TAKES_BETWEEN);
    const char *flow = app->is_following ? app->follow.end : app->flow;
    if (flow[0] && is_of_flow) {
        wish.flow = flow;
        wish.node = NULL;
    }
    choose_span(app, type, &wish);
    bool is_drawn = type->draw(&wish, canvas, &why);
    if (!is_drawn && wish.node) { /* nothing of the chosen node: then of any */
        canvas_clear(canvas, canvas->width, canvas->height);
        wish.node = NULL;
        is_drawn = type->draw(&wish, canvas, &why);
    }
    if (!is_drawn) {
        canvas_clear(canvas, canvas->width, canvas->height);
        picture_nothing(&wish, canvas, picture_panel(&wish, canvas, type->name, ""), why.text);
    }
}

void contents_draw(struct app *app, const struct app_cell *cell, struct canvas *canvas)
{
    const struct picture_type *type = picture_find(cell->content);
    for (unsigned i = 0; own[i].name; i++)
        if (strcmp(own[i].name, cell->content) == 0)
            own[i].draw(app, canvas, canvas->width, canvas->height);
    if (type)
        draw_picture(app, type, canvas);
}
