/* SPDX-License-Identifier: MIT
 * Moving through time.
 *
 * Everything is made of session_one_event, which does what is due between two events and then the next event.
 * A *place* is a number of events and an instant. To go to one: put in the latest checkpoint before it,
 * unless the present is nearer, and run forward. What the former going forward has told (the known future)
 * says where a record, a frame or an interesting thing is without running anything. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "session/parts.h"
#include "sim/inspect.h"

struct session_place session_place(const struct session *session)
{
    return (struct session_place){run_event_count(session->run), run_now(session->run)};
}

bool session_is_interrupted(const struct session_limits *limits)
{
    return limits && limits->is_interrupted && *limits->is_interrupted;
}

/* ---- One event ---- */

static void pass(struct session *session, nt_time at)
{
    if (at > run_now(session->run)) {
        run_pass(session->run, at);
        session->at_instant = 0;
    }
}

void session_deeds_until(struct session *session, nt_time limit)
{
    for (;;) {
        nt_time next_at = run_next_at(session->run);
        const struct session_deed *deed = session_deed_due(session, next_at);
        if (!deed || deed->at > limit)
            return;
        pass(session, deed->at);
        session_deed_next(session);
    }
}

/* Those of this very instant, so that what was done here is done whenever one is here. */
static void deeds_now(struct session *session)
{
    while (session->done < session->deed_count) {
        const struct session_deed *deed = &session->deeds[session->done];
        if (deed->at != run_now(session->run) || deed->skip > session->at_instant)
            return;
        session_deed_next(session);
    }
}

static void remember_event(struct session *session)
{
    uint64_t event = run_event_count(session->run);
    session->told_by =
        session_grown(session->told_by, event + 1, &session->told_capacity, sizeof *session->told_by);
    session->told_by[event] = run_record_count(session->run);
    if (event > session->known_events)
        session->known_events = event;
}

void session_forget_future(struct session *session)
{
    uint64_t event = run_event_count(session->run);
    session->known_events = event;
    session->told_by[event] = run_record_count(session->run);
    session->failing_event = 0;
    session->failure[0] = '\0';
    history_forget(&session->history);
    frames_forget(&session->frames, session->history.last);
    dissect_flows_cut(&session->flows, session->history.last);
    session_mark_cut(session, event);
}

void session_survive(struct session *session)
{
    struct session_place before = {run_event_count(session->run) - 1, 0};
    snprintf(session->failure, sizeof session->failure, "%s", run_failure(session->run));
    session->failing_event = before.event + 1;
    session_mark_restore(session, session_mark_before(session, before));
    while (run_event_count(session->run) < before.event)
        if (session_one_event(session) != SESSION_THERE)
            break;
    history_forget(&session->history);
}

/* All records are kept, so there is an end to what a session can hold. */
static bool is_too_long(struct session *session)
{
    size_t bytes = session->options.record_bytes;
    if (run_record_count(session->run) < bytes / sizeof(struct nt_record) || session->failing_event)
        return false;
    snprintf(session->failure, sizeof session->failure,
             "%zu MiB of records are kept for going back, and they are full", bytes >> 20);
    session->failing_event = run_event_count(session->run) + 1;
    return true;
}

enum session_stop session_one_event(struct session *session)
{
    session_deeds_until(session, run_scenario(session->run)->stop);
    nt_time before = run_now(session->run);
    if (is_too_long(session) ||
        (session->failing_event && run_event_count(session->run) + 1 >= session->failing_event))
        return SESSION_FAILED;
    enum run_status status = run_next_at(session->run) == NT_NEVER ? RUN_IS_OVER : run_step(session->run);
    if (status == RUN_IS_OVER)
        return SESSION_END;
    if (status == RUN_FAILED) {
        session_survive(session);
        return SESSION_FAILED;
    }
    session->at_instant = run_now(session->run) == before ? session->at_instant + 1 : 1;
    deeds_now(session);
    remember_event(session);
    session_mark_take(session);
    return SESSION_THERE;
}

/* ---- To a place ---- */

/* Nothing is left to happen: time passes to the end of the scenario. */
static enum session_stop at_end(struct session *session)
{
    nt_time stop = run_scenario(session->run)->stop;
    if (stop < NT_NEVER)
        pass(session, stop);
    return SESSION_END;
}

/* Puts in the checkpoint from which it is nearest to `place`, unless the present is. */
static void approach(struct session *session, struct session_place place)
{
    struct session_place here = session_place(session);
    bool is_later = here.now > place.now && (place.now > 0 || session->at_instant == 0);
    bool is_past = here.event > place.event || (here.event == place.event && is_later);
    const struct session_mark *mark = session_mark_before(session, place);
    if (is_past || mark->place.event > here.event)
        session_mark_restore(session, mark);
}

enum session_stop session_travel(struct session *session, struct session_place place,
                                 const struct session_limits *limits)
{
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    approach(session, place);
    while (run_event_count(session->run) < place.event) {
        if (left-- == 0 || session_is_interrupted(limits))
            return SESSION_PAUSED;
        enum session_stop stop = session_one_event(session);
        if (stop != SESSION_THERE)
            return stop == SESSION_END ? at_end(session) : stop;
    }
    nt_time now = run_now(session->run);
    if (place.now > now && place.now < run_next_at(session->run)) {
        session_deeds_until(session, place.now);
        pass(session, place.now);
    }
    return SESSION_THERE;
}

/* ---- By units ---- */

static bool is_frame(const struct nt_record *record)
{
    return record->kind == RUN_KIND_FRAME_TX || record->kind == RUN_KIND_FRAME_DROP;
}

/* Also what a command prints: a person would look up. */
static bool is_interesting(const struct nt_kind *kind, const struct nt_record *record)
{
    if (record->kind == RUN_KIND_LINE && record->at == 0)
        return false; /* every line comes up at time zero */
    if (record->kind == RUN_KIND_APP_PRINT)
        return true;
    return kind->flags & NT_KIND_INTERESTING && !(kind->flags & NT_KIND_CHATTER);
}

/* A segment that arrives and carries nothing but an acknowledgment: tcp.rx tells bytes, flow, flags. */
static bool is_ack(const struct session *session, const struct nt_kind *kind, const struct nt_record *record)
{
    int flags = strcmp(kind->name, "tcp.rx") == 0 ? inspect_field(kind, "flags") : -1;
    return flags >= 0 && record->values[0] == 0 &&
           !strpbrk(run_text(session->run, (uint64_t)record->values[flags]), "SFR");
}

static bool matches(const struct session *session, enum session_unit unit, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(session->run, record->kind);
    switch (unit) {
    case SESSION_FRAME:
        return is_frame(record);
    case SESSION_INTERESTING:
        return is_interesting(kind, record);
    case SESSION_ACK:
        return is_ack(session, kind, record);
    default:
        return true;
    }
}

/* The first record of `unit` from number `from` to `to`; 0: none is. */
static uint64_t find_forward(const struct session *session, enum session_unit unit, uint64_t from,
                             uint64_t to)
{
    for (uint64_t number = from; number <= to; number++)
        if (matches(session, unit, history_known_at(&session->history, number)))
            return number;
    return 0;
}

/* The last record of `unit` up to number `to`; 0: none is. */
static uint64_t find_back(const struct session *session, enum session_unit unit, uint64_t to)
{
    for (uint64_t number = to; number; number--)
        if (matches(session, unit, history_known_at(&session->history, number)))
            return number;
    return 0;
}

/* Forward to the next one: through the known future at once, then event by event. */
static enum session_stop step_one(struct session *session, enum session_unit unit,
                                  const struct session_limits *limits, uint64_t *left)
{
    uint64_t event = run_event_count(session->run);
    uint64_t found = find_forward(session, unit, session_told_by(session, event) + 1,
                                  session_told_by(session, session->known_events));
    struct session_limits rest = {*left, limits ? limits->is_interrupted : NULL};
    uint64_t aim = found ? session_event_of(session, found) : session->known_events;
    enum session_stop stop =
        aim > event ? session_travel(session, (struct session_place){aim, 0}, &rest) : SESSION_THERE;
    while (stop == SESSION_THERE && !found) {
        if ((*left)-- == 0 || session_is_interrupted(limits))
            return SESSION_PAUSED;
        uint64_t told = run_record_count(session->run);
        stop = session_one_event(session);
        found = find_forward(session, unit, told + 1, run_record_count(session->run));
    }
    session->stopped_by = found;
    return stop == SESSION_END ? at_end(session) : stop;
}

enum session_stop session_step(struct session *session, enum session_unit unit, uint64_t count,
                               const struct session_limits *limits)
{
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    enum session_stop stop = SESSION_THERE;
    session->stopped_by = 0;
    if (unit == SESSION_EVENT) {
        struct session_place place = {run_event_count(session->run) + (count ? count : 1), 0};
        return session_travel(session, place, limits);
    }
    for (uint64_t i = 0; (i == 0 || i < count) && stop == SESSION_THERE; i++)
        stop = step_one(session, unit, limits, &left);
    return stop;
}

/* The event that `count` steps back lead to; `*ret_found` its record, `*ret_left` the steps that there were not. */
static uint64_t find_event_back(const struct session *session, enum session_unit unit, uint64_t count,
                                uint64_t *ret_found, uint64_t *ret_left)
{
    uint64_t event = run_event_count(session->run), found = 0, left = count ? count : 1;
    for (; left && event; left--) {
        event--;
        if (unit == SESSION_EVENT)
            continue;
        found = find_back(session, unit, session_told_by(session, event));
        event = found ? session_event_of(session, found) : 0;
        if (!found)
            break;
    }
    *ret_found = found;
    *ret_left = left;
    return event;
}

uint64_t session_event_back(const struct session *session, enum session_unit unit)
{
    uint64_t found, left;
    return find_event_back(session, unit, 1, &found, &left);
}

enum session_stop session_back(struct session *session, enum session_unit unit, uint64_t count,
                               const struct session_limits *limits)
{
    uint64_t found, left, event = find_event_back(session, unit, count, &found, &left);
    enum session_stop stop = session_travel(session, (struct session_place){event, 0}, limits);
    session->stopped_by = found;
    return left && stop == SESSION_THERE ? SESSION_START : stop;
}

/* ---- To an instant, an event, a record ---- */

/* The last event whose instant is not after `at`, as far as marks know: a place to begin from. */
static void approach_instant(struct session *session, nt_time at)
{
    const struct session_mark *best = NULL;
    for (size_t i = 0; i < session->mark_count; i++)
        if (session->marks[i].place.now <= at)
            best = &session->marks[i];
    if (best && (at < run_now(session->run) || best->place.event > run_event_count(session->run)))
        session_mark_restore(session, best);
}

/* On to `at`, all of its events included, from an earlier instant. */
static enum session_stop run_to(struct session *session, nt_time at, const struct session_limits *limits)
{
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    nt_time stop_at = run_scenario(session->run)->stop;
    nt_time limit = at < stop_at ? at : stop_at;
    for (;;) {
        session_deeds_until(session, limit);
        if (run_next_at(session->run) > limit)
            break;
        if (left-- == 0 || session_is_interrupted(limits))
            return SESSION_PAUSED;
        enum session_stop stop = session_one_event(session);
        if (stop != SESSION_THERE)
            return stop == SESSION_END ? at_end(session) : stop;
    }
    if (limit < NT_NEVER)
        pass(session, limit);
    return at > stop_at || (at == NT_NEVER && limit == NT_NEVER) ? SESSION_END : SESSION_THERE;
}

enum session_stop session_goto(struct session *session, nt_time at, const struct session_limits *limits)
{
    session->stopped_by = 0;
    if (at < 0) {
        session_travel(session, (struct session_place){0, 0}, limits);
        return SESSION_START;
    }
    approach_instant(session, at);
    return run_to(session, at, limits);
}

enum session_stop session_goto_event(struct session *session, uint64_t event,
                                     const struct session_limits *limits)
{
    session->stopped_by = 0;
    return session_travel(session, (struct session_place){event, 0}, limits);
}

enum session_stop session_goto_record(struct session *session, uint64_t number,
                                      const struct session_limits *limits)
{
    uint64_t left = limits && limits->events ? limits->events : UINT64_MAX;
    uint64_t known = session_told_by(session, session->known_events);
    uint64_t aim = number <= known ? session_event_of(session, number) : session->known_events;
    enum session_stop stop = session_travel(session, (struct session_place){aim, 0}, limits);
    while (stop == SESSION_THERE && run_record_count(session->run) < number) {
        if (left-- == 0 || session_is_interrupted(limits))
            return SESSION_PAUSED;
        stop = session_one_event(session);
    }
    session->stopped_by = stop == SESSION_THERE ? number : 0;
    return stop == SESSION_END ? at_end(session) : stop;
}

enum session_stop session_goto_before(struct session *session, uint64_t number,
                                      const struct session_limits *limits)
{
    enum session_stop stop = session_goto_record(session, number, limits);
    uint64_t event = run_event_count(session->run);
    if (stop != SESSION_THERE || event == 0)
        return stop;
    return session_travel(session, (struct session_place){event - 1, 0}, limits);
}

/* ---- By round trips ---- */

nt_time session_round_trip(const struct session *session, uint32_t node)
{
    static const char *const gauges[] = {"tcp.srtt", "tcp.rtt", "ping.rtt"};
    uint32_t kinds[3];
    for (int i = 0; i < 3; i++)
        kinds[i] = run_kind_named(session->run, gauges[i]);
    for (uint64_t number = session->history.last; number; number--) {
        const struct nt_record *record = history_at(&session->history, number);
        for (int i = 0; i < 3 && (!node || record->node == node); i++)
            if (kinds[i] && record->kind == kinds[i] && record->values[0] > 0)
                return record->values[0];
    }
    return 0;
}
