/* SPDX-License-Identifier: MIT
 * Journeys. */
#include "gui/journey.h"

#include <string.h>

#include "gui/app.h"
#include "gui/screen.h"

#define SLICE_EVENTS 500 /* between two looks at our clock */
#define SLICE_MS 12
#define AHEAD_MS 1500 /* how long opening may look ahead */
#define HOLD_MS 250   /* how long a picture may stay while time is on its way */

/* A slice of events towards where the journey leads. */
static enum session_stop go(struct app *app, struct journey *journey)
{
    struct session_limits limits = {.events = SLICE_EVENTS};
    switch (journey->kind) {
    case JOURNEY_AHEAD:
        return session_goto(app->session, NT_NEVER, &limits);
    case JOURNEY_INSTANT:
        return session_goto(app->session, journey->at < app->end ? journey->at : app->end, &limits);
    case JOURNEY_RECORD:
        return session_goto_record(app->session, journey->number, &limits);
    case JOURNEY_STEP:
        return session_step(app->session, journey->unit, 1, &limits);
    case JOURNEY_BACK:
        if (!journey->is_begun)
            journey->number = session_event_back(app->session, journey->unit);
        journey->is_begun = true;
        if (journey->number == 0 && session_event(app->session) == 0)
            return SESSION_START;
        return session_goto_event(app->session, journey->number, &limits);
    }
    return SESSION_THERE;
}

static void end_ahead(struct app *app, enum session_stop stop)
{
    app->end = session_now(app->session);
    if (stop == SESSION_PAUSED)
        app_say(app, "There is more than could be looked at so far: the line below grows as time passes.");
    const struct nt_record *last = session_record(app->session, session_records(app->session));
    app->shown = last ? last->at + last->at / 30 + 1 : 1;
    app->shown = app->shown < app->end ? app->shown : app->end;
    session_goto_event(app->session, 0, NULL);
    app_looked_ahead(app);
}

static void end(struct app *app, const struct journey *journey, enum session_stop stop)
{
    nt_time now = session_now(app->session);
    if (journey->kind == JOURNEY_AHEAD) {
        end_ahead(app, stop);
    } else {
        app->end = now > app->end ? now : app->end;
        app->shown = now > app->shown ? now : app->shown;
        moving_look_at_latest(app);
    }
    if (journey->kind == JOURNEY_RECORD && stop == SESSION_THERE)
        app_choose_record(app, journey->number);
    bool is_step = journey->kind == JOURNEY_STEP || journey->kind == JOURNEY_BACK;
    if (is_step || stop == SESSION_FAILED)
        moving_say_stop(app, stop);
    app->clock = screen_clock();
}

bool journey_tick(struct app *app)
{
    if (!app->session || app->journey_count == 0)
        return false;
    uint64_t start = screen_clock();
    while (app->journey_count > 0 && screen_clock() - start < SLICE_MS) {
        struct journey *first = &app->journeys[0];
        first->since = first->since ? first->since : start;
        enum session_stop stop = go(app, first);
        bool is_late = first->kind == JOURNEY_AHEAD && screen_clock() - first->since >= AHEAD_MS;
        if (stop == SESSION_PAUSED && !is_late)
            continue;
        struct journey done = *first;
        memmove(first, first + 1, --app->journey_count * sizeof *first);
        end(app, &done, stop);
    }
    return true;
}

void journey_begin(struct app *app, const struct journey *journey)
{
    bool is_step = journey->kind == JOURNEY_STEP || journey->kind == JOURNEY_BACK;
    bool is_ahead = app->journey_count > 0 && app->journeys[0].kind == JOURNEY_AHEAD;
    if (!app->session)
        return;
    if (!is_step)
        app->journey_count = is_ahead;
    if (app->journey_count == JOURNEYS)
        return;
    app->journeys[app->journey_count++] = *journey;
    journey_tick(app);
}

void journey_settle(struct app *app)
{
    if (app->journey_count == 0 || app->journeys[0].kind != JOURNEY_AHEAD)
        return;
    app->journey_count--;
    memmove(&app->journeys[0], &app->journeys[1], app->journey_count * sizeof app->journeys[0]);
    end_ahead(app, SESSION_PAUSED);
}

void journey_stop(struct app *app)
{
    journey_settle(app);
    if (app->journey_count == 0 || !app->session)
        return;
    app->journey_count = 0;
    moving_look_at_latest(app);
}

bool journey_is_busy(struct app *app)
{
    journey_settle(app);
    if (app->journey_count == 0)
        return false;
    app_say(app, "Time is still on its way: wait, or press Escape.");
    return true;
}

bool journey_holds_picture(const struct app *app, uint64_t clock)
{
    const struct journey *first = &app->journeys[0];
    return app->journey_count > 0 && clock - first->since < (first->kind == JOURNEY_AHEAD ? AHEAD_MS : HOLD_MS);
}
