/* SPDX-License-Identifier: MIT
 * Time, as the window moves it: in slices of a few milliseconds, so that keys are never kept waiting.
 *
 * A second of ours is `speed` of the network. Silence (nothing on its way, and nothing due for a while) is
 * skipped, and said so. */
#include <stdio.h>
#include <string.h>

#include "gui/app.h"
#include "gui/screen.h"

#define SLICE_EVENTS 4000 /* between two looks at our clock */
#define SEEK_EVENTS 15000 /* the same for a query, which has to look back each time */
#define SLICE_MS 12       /* of one tick */
#define SILENCE 7         /* tenths of a second of ours: a longer silence is skipped */
#define SKIPPED_MS 1200   /* how long that is said */

/* Of what has just been told the record that says most: one worth stopping at, else no gauge and no chatter.
 */
void moving_look_at_latest(struct app *app)
{
    const struct run *run = session_run(app->session);
    uint64_t last = session_records(app->session), best = last;
    int worth = -1;
    for (uint64_t number = last; number > 0 && last - number < 32; number--) {
        const struct nt_record *record = session_record(app->session, number);
        if (session_event_of(app->session, number) != session_event_of(app->session, last))
            break;
        unsigned flags = run_kind_at(run, record->kind)->flags;
        int here = flags & (NT_KIND_INTERESTING | NT_KIND_DROP)   ? 3
                   : !(flags & (NT_KIND_GAUGE | NT_KIND_CHATTER)) ? 2
                   : flags & NT_KIND_GAUGE                        ? 1
                                                                  : 0;
        if (here > worth) {
            worth = here;
            best = number;
        }
    }
    app->record = best;
    const struct nt_record *record = session_record(app->session, best);
    app->frame = record ? record->frame : 0;
}

void moving_say_stop(struct app *app, enum session_stop stop)
{
    if (stop == SESSION_START)
        app_say(app, "This is the beginning.");
    else if (stop == SESSION_END)
        app_say(app, "This is the end.");
    else if (stop == SESSION_FAILED)
        app_say(app, "%s", session_failure(app->session));
    else if (stop == SESSION_BREAK)
        app_say(app, "A breakpoint holds.");
}

void moving_play(struct app *app, bool is_playing)
{
    app->wanted[0] = '\0';
    journey_stop(app);
    app->is_playing = is_playing && app->session;
    app->clock = screen_clock();
    if (app->is_playing && session_next_at(app->session) == NT_NEVER) {
        moving_goto(app, 0);
        app->is_playing = true;
    }
}

void moving_step(struct app *app, enum session_unit unit, bool is_back)
{
    app->is_playing = false;
    journey_begin(app, &(struct journey){.kind = is_back ? JOURNEY_BACK : JOURNEY_STEP, .unit = unit});
}

void moving_goto(struct app *app, nt_time at)
{
    journey_begin(app, &(struct journey){.kind = JOURNEY_INSTANT, .at = at < 0 ? 0 : at});
}

/* The latest round trip of the chosen connection that was told by now; 0: none. */
static nt_time round_trip_of_flow(const struct app *app)
{
    const struct run *run = session_run(app->session);
    const uint32_t kinds[] = {run_kind_named(run, "tcp.srtt"), run_kind_named(run, "tcp.rtt")};
    for (uint64_t number = app->flow[0] ? session_records(app->session) : 0; number > 0; number--) {
        const struct nt_record *record = session_record(app->session, number);
        bool is_one = (kinds[0] && record->kind == kinds[0]) || (kinds[1] && record->kind == kinds[1]);
        if (is_one && record->values[0] > 0 && strstr(run_text(run, (uint64_t)record->values[1]), app->flow))
            return record->values[0];
    }
    return 0;
}

void moving_round_trip(struct app *app, bool is_back)
{
    char words[40];
    if (!app->session)
        return;
    nt_time trip = round_trip_of_flow(app), now = session_now(app->session);
    bool is_flow = trip > 0;
    trip = trip > 0 ? trip : session_round_trip(app->session, 0);
    if (trip <= 0) {
        moving_step(app, SESSION_FRAME, is_back);
        return;
    }
    app->is_playing = false;
    if (!is_back && now + trip > app->end) /* further than was looked so far */
        app->end = app->end > now + trip || session_next_at(app->session) == NT_NEVER ? app->end : now + trip;
    moving_goto(app, is_back ? now - trip : now + trip);
    picture_time(words, sizeof words, trip, trip / 1000);
    app_say(app, "One round trip %s%s: %s.", is_back ? "back" : "forward", is_flow ? " of this connection" : "",
            words);
}

void moving_faster(struct app *app, int steps)
{
    static const nt_time numbers[] = {1, 2, 5};
    nt_time power = NT_NANOSECOND;
    int place = 0;
    while (power * numbers[place] < app->speed && power < 1000 * NT_SECOND) {
        place = (place + 1) % 3;
        power *= place == 0 ? 10 : 1;
    }
    for (; steps > 0 && power < 1000 * NT_SECOND; steps--) {
        place = (place + 1) % 3;
        power *= place == 0 ? 10 : 1;
    }
    for (; steps < 0 && (power > NT_NANOSECOND || place > 0); steps++) {
        power /= place == 0 ? 10 : 1;
        place = (place + 2) % 3;
    }
    app->speed = power * numbers[place];
}

void moving_show_speed(const struct app *app, char *ret_text, size_t size)
{
    char time[40];
    picture_time(time, sizeof time, app->speed, app->speed);
    snprintf(ret_text, size, "1 s on screen = %s", time);
}

/* Is nothing on its way, and nothing due for a while? Then to shortly before what comes next. */
static bool skip_silence(struct app *app, uint64_t clock)
{
    nt_time now = session_now(app->session), next = session_next_at(app->session),
            wait = app->speed / 10 * SILENCE;
    if (session_flight_count(app->session) > 0 || next == NT_NEVER || next - now <= wait)
        return false;
    nt_time to = next - app->speed / 10;
    app->skipped = to - now;
    app->skipped_until = clock + SKIPPED_MS;
    session_goto(app->session, to, NULL);
    return true;
}

/* ---- Running until something holds ---- */

/* What it came to, or how far it is. */
static void say_until(struct app *app, enum session_stop stop, const struct nt_why *why, size_t column)
{
    char now[40];
    picture_time(now, sizeof now, session_now(app->session), NT_MILLISECOND);
    if (stop == SESSION_REFUSED)
        app_say(app, "%s (at letter %zu)", why->text, column);
    else if (stop == SESSION_PAUSED)
        app_say(app, "Running until %.80s: %s so far. Space or Escape stops.", app->wanted, now);
    else if (stop == SESSION_END)
        app_say(app, "It does not hold before the end.");
    else if (stop == SESSION_FAILED)
        app_say(app, "%s", session_failure(app->session));
    else
        app_say(app, "%.80s: here it holds.", app->wanted);
}

/* What holds at the end of a slice has ended it, so the next slice looks for the same. */
static void seek_slice(struct app *app)
{
    struct nt_why why = {""};
    struct session_limits limits = {.events = SEEK_EVENTS};
    uint64_t start = screen_clock();
    size_t column = 0;
    enum session_stop stop = SESSION_PAUSED;
    while (stop == SESSION_PAUSED && screen_clock() - start < SLICE_MS)
        stop = session_until(app->session, app->wanted, &limits, &why, &column);
    app->end = session_now(app->session) > app->end ? session_now(app->session) : app->end;
    app->shown = session_now(app->session) > app->shown ? session_now(app->session) : app->shown;
    say_until(app, stop, &why, column);
    if (stop == SESSION_PAUSED)
        return;
    app->wanted[0] = '\0';
    app_choose_record(app, session_cause_of_stop(app->session) ? session_cause_of_stop(app->session)
                                                               : session_records(app->session));
}

void moving_run_until(struct app *app)
{
    app->is_typing = app->is_until = app->is_playing = false;
    if (app->wanted[0] && app->journey_count == 0)
        seek_slice(app);
}

bool moving_tick(struct app *app, uint64_t clock)
{
    if (journey_tick(app))
        return true;
    if (app->session && app->wanted[0]) {
        seek_slice(app);
        return true;
    }
    if (!app->is_playing || !app->session)
        return false;
    uint64_t passed = clock - app->clock;
    app->clock = clock;
    passed = passed > 100 ? 100 : passed; /* a machine that slept does not leap */
    if (skip_silence(app, clock))
        return true;
    nt_time to = session_now(app->session) + app->speed / 1000 * (nt_time)passed;
    struct session_limits limits = {.events = SLICE_EVENTS};
    enum session_stop stop = SESSION_PAUSED;
    while (stop == SESSION_PAUSED && screen_clock() - clock < SLICE_MS)
        stop = session_play(app->session, to, &limits);
    if (stop == SESSION_BREAK || stop == SESSION_END || stop == SESSION_FAILED) {
        app->is_playing = false;
        moving_say_stop(app, stop);
    }
    if (session_now(app->session) > app->end)
        app->end = session_now(app->session);
    if (session_now(app->session) > app->shown)
        app->shown = session_now(app->session);
    moving_look_at_latest(app);
    return true;
}
