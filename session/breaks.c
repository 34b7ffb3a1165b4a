/* SPDX-License-Identifier: MIT
 * Queries that stop time: breakpoints, and session_until.
 *
 * A query is met when it begins to hold; a plain filter ("tcp.retransmit") by each record that it selects. A
 * query lives by the records that it is fed with, so one that is asked after the present has moved is fed
 * with what it has missed, or from the beginning if time has gone back. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "session/parts.h"
#include "sim/base/units.h"

/* ---- One query ---- */

bool session_stopper_init(struct session *session, struct session_stopper *stopper, const char *text,
                          struct nt_why *ret_why, size_t *ret_column)
{
    struct nt_why filter_why;
    size_t filter_column = 0;
    *stopper = (struct session_stopper){.shown = {.is_enabled = true}};
    stopper->query = query_compile_filter(session->run, text, &filter_why, &filter_column);
    stopper->is_filter = stopper->query;
    if (!stopper->query)
        stopper->query = query_compile(session->run, text, ret_why, ret_column);
    if (!stopper->query && filter_column > *ret_column) { /* the reading that got further is the one that was meant */
        *ret_why = filter_why;
        *ret_column = filter_column;
    }
    if (!stopper->query)
        return false;
    stopper->fresh = malloc(query_state_bytes(stopper->query) + 1);
    stopper->shown.text = strdup(text);
    assert(stopper->fresh && stopper->shown.text);
    query_state_copy(stopper->query, stopper->fresh);
    return true;
}

void session_stopper_release(struct session_stopper *stopper)
{
    query_free(stopper->query);
    free(stopper->fresh);
    free((char *)stopper->shown.text);
}

bool session_stopper_feed(struct session *session, struct session_stopper *stopper)
{
    uint64_t last = run_record_count(session->run);
    bool is_met = false, needs = stopper->is_filter || query_needs_records(stopper->query);
    stopper->met_by = 0;
    for (; stopper->fed < last; stopper->fed++) {
        const struct nt_record *record = history_at(&session->history, stopper->fed + 1);
        if (!needs || !query_take(stopper->query, record))
            continue;
        bool holds = stopper->is_filter || query_holds(stopper->query);
        if (holds && (stopper->is_filter || !stopper->held) && !is_met) {
            is_met = true;
            stopper->met_by = record->number;
        }
        stopper->held = holds;
    }
    if (!stopper->is_filter) {
        bool holds = query_holds(stopper->query);
        is_met |= holds && !stopper->held;
        stopper->held = holds;
    }
    return is_met;
}

void session_stopper_catch_up(struct session *session, struct session_stopper *stopper)
{
    uint64_t last = run_record_count(session->run);
    if (stopper->fed > last) {
        query_state_restore(stopper->query, stopper->fresh);
        stopper->fed = 0;
    }
    if (stopper->is_filter)
        stopper->fed = last; /* it knows nothing of the past */
    for (; stopper->fed < last; stopper->fed++)
        query_take(stopper->query, history_at(&session->history, stopper->fed + 1));
    stopper->held = !stopper->is_filter && query_holds(stopper->query);
}

/* ---- Breakpoints ---- */

unsigned session_break_add(struct session *session, const char *query, struct nt_why *ret_why,
                           size_t *ret_column)
{
    struct session_stopper stopper;
    if (!session_stopper_init(session, &stopper, query, ret_why, ret_column))
        return 0;
    stopper.shown.number = ++session->last_break;
    session->stoppers = session_grown(session->stoppers, session->stopper_count + 1,
                                      &session->stopper_capacity, sizeof *session->stoppers);
    session->stoppers[session->stopper_count++] = stopper;
    return stopper.shown.number;
}

static struct session_stopper *find(struct session *session, unsigned number)
{
    for (size_t i = 0; i < session->stopper_count; i++)
        if (session->stoppers[i].shown.number == number)
            return &session->stoppers[i];
    return NULL;
}

bool session_break_remove(struct session *session, unsigned number)
{
    struct session_stopper *stopper = find(session, number);
    if (!stopper)
        return false;
    session_stopper_release(stopper);
    size_t index = (size_t)(stopper - session->stoppers);
    session->stopper_count--;
    memmove(stopper, stopper + 1, (session->stopper_count - index) * sizeof *stopper);
    return true;
}

bool session_break_enable(struct session *session, unsigned number, bool is_enabled)
{
    struct session_stopper *stopper = find(session, number);
    if (stopper)
        stopper->shown.is_enabled = is_enabled;
    return stopper;
}

size_t session_break_count(const struct session *session)
{
    return session->stopper_count;
}

struct session_break session_break_at(const struct session *session, size_t index)
{
    return session->stoppers[index].shown;
}

unsigned session_break_hit(const struct session *session)
{
    return session->hit;
}

static void catch_up_all(struct session *session)
{
    for (size_t i = 0; i < session->stopper_count; i++)
        if (session->stoppers[i].shown.is_enabled)
            session_stopper_catch_up(session, &session->stoppers[i]);
}

/* Feeds all that are enabled with what has just been told. True: one was met. */
static bool feed_all(struct session *session)
{
    session->hit = 0;
    for (size_t i = 0; i < session->stopper_count; i++) {
        struct session_stopper *stopper = &session->stoppers[i];
        if (!stopper->shown.is_enabled || !session_stopper_feed(session, stopper))
            continue;
        stopper->shown.hits++;
        if (session->hit)
            continue;
        session->hit = stopper->shown.number;
        session->stopped_by = stopper->met_by;
    }
    return session->hit;
}

/* ---- Going on until ---- */

/* Forward to `at` or until `wanted` (NULL: nothing but breakpoints) is met. */
static enum session_stop go_on(struct session *session, nt_time at, struct session_stopper *wanted,
                               const struct session_limits *limits)
{
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    nt_time stop_at = run_scenario(session->run)->stop;
    session->stopped_by = 0;
    catch_up_all(session);
    for (;;) {
        session_deeds_until(session, at < stop_at ? at : stop_at);
        if (session_next_at(session) > at)
            break;
        if (left-- == 0 || session_is_interrupted(limits))
            return SESSION_PAUSED;
        enum session_stop stop = session_one_event(session);
        if (stop == SESSION_END)
            break;
        if (stop != SESSION_THERE)
            return stop;
        if (feed_all(session))
            return SESSION_BREAK;
        if (wanted && session_stopper_feed(session, wanted)) {
            session->stopped_by = wanted->met_by;
            return SESSION_THERE;
        }
    }
    uint64_t reason = session->stopped_by;
    enum session_stop stop = session_goto(session, at, limits);
    session->stopped_by = reason;
    return stop;
}

enum session_stop session_until(struct session *session, const char *query,
                                const struct session_limits *limits, struct nt_why *ret_why,
                                size_t *ret_column)
{
    struct session_stopper wanted;
    char storage[100];
    struct text unread = text_in(storage, sizeof storage);
    nt_time at;
    if (units_read(UNITS_TIME, query, "", &at, &unread) && at >= session_now(session))
        return session_play(session, at, limits);
    if (!session_stopper_init(session, &wanted, query, ret_why, ret_column))
        return SESSION_REFUSED;
    session_stopper_catch_up(session, &wanted);
    enum session_stop stop = go_on(session, NT_NEVER, &wanted, limits);
    session_stopper_release(&wanted);
    return stop;
}

enum session_stop session_play(struct session *session, nt_time at, const struct session_limits *limits)
{
    return go_on(session, at, NULL, limits);
}

enum session_stop session_goto_first(struct session *session, const char *query,
                                     const struct session_limits *limits, struct nt_why *ret_why,
                                     size_t *ret_column)
{
    struct session_stopper wanted;
    struct session_place here = session_place(session);
    if (!session_stopper_init(session, &wanted, query, ret_why, ret_column))
        return SESSION_REFUSED;
    enum session_stop stop = session_goto_event(session, 0, NULL);
    session_stopper_catch_up(session, &wanted);
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    bool is_met = false;
    while (stop == SESSION_THERE && !is_met) {
        if (left-- == 0 || session_is_interrupted(limits)) {
            stop = SESSION_PAUSED;
            break;
        }
        stop = session_one_event(session);
        is_met = stop == SESSION_THERE && session_stopper_feed(session, &wanted);
    }
    session->stopped_by = is_met ? wanted.met_by : 0;
    session_stopper_release(&wanted);
    if (stop == SESSION_END)
        session_travel(session, here, NULL);
    return stop;
}

bool session_ask(struct session *session, const char *query, char *ret_text, size_t size,
                 struct nt_why *ret_why, size_t *ret_column)
{
    struct query *asked = query_compile(session->run, query, ret_why, ret_column);
    if (!asked)
        return false;
    uint64_t last = query_needs_records(asked) ? run_record_count(session->run) : 0;
    for (uint64_t number = 1; number <= last; number++)
        query_take(asked, history_at(&session->history, number));
    query_explain(asked, ret_text, size);
    query_free(asked);
    return true;
}
