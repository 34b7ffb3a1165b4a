/* SPDX-License-Identifier: MIT
 * Making a session, and looking at its present. */
#include "session/session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/dissect/dissect.h"
#include "session/parts.h"
#include "views/sentence.h"

#define CHILDREN_LOOKED_AT 1000 /* frames after one */

#define CHECKPOINT_BYTES ((size_t)256 << 20)
#define RECORD_BYTES ((size_t)1 << 30)
#define FRAME_BYTES ((size_t)128 << 20)

void *session_grown(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count <= *capacity)
        return array;
    size_t larger = *capacity ? *capacity : 64;
    while (larger < count)
        larger *= 2;
    *capacity = larger;
    array = realloc(array, larger * size);
    assert(array); /* the heap of the machine itself is exhausted: nothing sensible is left to do */
    return array;
}

/* ---- Listening ---- */

/* A SYN begins a conversation: its lines will count from there. The network's own frame is not touched. */
static void note_conversation(struct session *session, const struct nt_record *record,
                              const struct nt_frame *frame)
{
    enum { TYPE = 12, VERSION = 14, PROTOCOL = 23, TCP = 6, SYN = 2 };
    const uint8_t *bytes = frame->bytes;
    uint32_t head = frame->length_bytes > PROTOCOL ? VERSION + (bytes[VERSION] & 15u) * 4 : 0;
    if (!head || bytes[TYPE] != 8 || bytes[TYPE + 1] || bytes[PROTOCOL] != TCP ||
        frame->length_bytes < head + 20 || !(bytes[head + 13] & SYN))
        return;
    char line[200];
    struct text text = text_in(line, sizeof line);
    struct dissect_options options = {.has_fcs = frame->flags & NT_FRAME_SEALED, .flows = &session->flows};
    session->flows.mark = record->number;
    dissect_line(&text, bytes, frame->length_bytes, &options);
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct session *session = NT_OWNER(sink, struct session, sink);
    history_take(&session->history, record);
    if (!frame)
        return;
    session_flight_take(session, record, frame);
    if (frames_take(&session->frames, record, frame))
        note_conversation(session, record, frame);
}

static void cut(struct run_sink *sink, uint64_t last)
{
    history_cut(&NT_OWNER(sink, struct session, sink)->history, last);
}

/* ---- Beginning and end ---- */

static struct session_options filled_in(const struct session_options *options)
{
    struct session_options all = options ? *options : (struct session_options){0};
    all.checkpoint_bytes = all.checkpoint_bytes ? all.checkpoint_bytes : CHECKPOINT_BYTES;
    all.record_bytes = all.record_bytes ? all.record_bytes : RECORD_BYTES;
    all.frame_bytes = all.frame_bytes ? all.frame_bytes : FRAME_BYTES;
    return all;
}

struct session *session_new(const struct registry *registry, const struct scenario *scenario,
                            const struct session_options *options, struct error_list *errors)
{
    struct session *session = calloc(1, sizeof *session);
    assert(session);
    session->sink = (struct run_sink){.take = take, .cut = cut};
    session->registry = registry;
    session->scenario = scenario;
    session->options = filled_in(options);
    history_init(&session->history, 0);
    frames_init(&session->frames, session->options.frame_bytes);
    dissect_flows_init(&session->flows, memory_heap());
    session->run = run_new(registry, session->options.memory_limit_bytes);
    run_listen(session->run, &session->sink);
    if (!run_build(session->run, scenario, errors)) {
        session_free(session);
        return NULL;
    }
    session->told_by = session_grown(NULL, 1, &session->told_capacity, sizeof *session->told_by);
    session->told_by[0] = run_record_count(session->run);
    session_mark_first(session);
    for (size_t i = 0; i < scenario->break_count; i++) {
        struct nt_why why;
        size_t column;
        session_break_add(session, scenario->breaks[i].text, &why, &column);
    }
    return session;
}

void session_free(struct session *session)
{
    if (!session)
        return;
    for (size_t i = 0; i < session->stopper_count; i++)
        session_stopper_release(&session->stoppers[i]);
    free(session->stoppers);
    session_mark_release(session);
    session_deed_release(session);
    frames_release(&session->frames);
    dissect_flows_release(&session->flows);
    history_release(&session->history);
    free(session->flights);
    free(session->told_by);
    run_free(session->run);
    free(session);
}

/* ---- The present ---- */

const struct run *session_run(const struct session *session)
{
    return session->run;
}

nt_time session_now(const struct session *session)
{
    return run_now(session->run);
}

nt_time session_next_at(const struct session *session)
{
    return run_next_at(session->run);
}

uint64_t session_event(const struct session *session)
{
    return run_event_count(session->run);
}

uint64_t session_records(const struct session *session)
{
    return run_record_count(session->run);
}

uint64_t session_known_records(const struct session *session)
{
    return session->history.known;
}

uint64_t session_known_events(const struct session *session)
{
    return session->known_events;
}

const struct nt_record *session_record(const struct session *session, uint64_t number)
{
    return history_known_at(&session->history, number);
}

const struct history *session_history(const struct session *session)
{
    return &session->history;
}

uint64_t session_told_by(const struct session *session, uint64_t event)
{
    return session->told_by[event < session->known_events ? event : session->known_events];
}

uint64_t session_event_of(const struct session *session, uint64_t number)
{
    uint64_t least = 0, most = session->known_events;
    while (least < most) {
        uint64_t middle = least + (most - least) / 2;
        if (session->told_by[middle] >= number)
            most = middle;
        else
            least = middle + 1;
    }
    return least;
}

const char *session_failure(const struct session *session)
{
    return session->failure[0] ? session->failure : run_failure(session->run);
}

uint64_t session_state_digest(const struct session *session)
{
    return run_state_digest(session->run);
}

uint64_t session_cause_of_stop(const struct session *session)
{
    return session->stopped_by;
}

/* ---- Frames ---- */

uint64_t session_frames(const struct session *session)
{
    return run_frame_count(session->run);
}

/* The bytes were given up: goes to where they were first seen, looks, and comes back. */
static const uint8_t *look_again(struct session *session, uint64_t id, const struct frames_entry *entry)
{
    struct session_place here = session_place(session);
    struct session_place there = {session_event_of(session, entry->record) - 1, 0};
    session->frames.wanted = id;
    if (session_travel(session, there, NULL) == SESSION_THERE)
        session_one_event(session);
    session->frames.wanted = 0;
    session_travel(session, here, NULL);
    return frames_bytes(&session->frames, entry);
}

bool session_frame(struct session *session, uint64_t id, struct session_frame *ret_frame)
{
    const struct frames_entry *entry = frames_find(&session->frames, id);
    const uint8_t *bytes = entry ? frames_bytes(&session->frames, entry) : NULL;
    if (entry && !bytes)
        bytes = look_again(session, id, entry);
    if (!bytes)
        return false;
    *ret_frame = (struct session_frame){.id = id,
                                        .parent = entry->parent,
                                        .record = entry->record,
                                        .bytes = bytes,
                                        .length_bytes = entry->length_bytes,
                                        .has_fcs = entry->flags & NT_FRAME_SEALED};
    return true;
}

uint64_t session_parent(const struct session *session, uint64_t id)
{
    const struct frames_entry *entry = frames_find(&session->frames, id);
    return entry ? entry->parent : 0;
}

uint64_t session_child(const struct session *session, uint64_t id)
{
    for (uint64_t next = id + 1; next <= id + CHILDREN_LOOKED_AT; next++)
        if (session_parent(session, next) == id)
            return next;
    return 0;
}

void session_frame_line(struct session *session, uint64_t id, struct text *text)
{
    struct session_frame seen;
    if (!session_frame(session, id, &seen))
        return;
    struct nt_frame frame = {.bytes = (uint8_t *)seen.bytes,
                             .length_bytes = seen.length_bytes,
                             .id = id,
                             .flags = seen.has_fcs ? NT_FRAME_SEALED : 0};
    session->flows.mark = run_record_count(session->run);
    sentence_add_frame(text, &frame, &session->flows);
}

static void add_frame(void *context, uint64_t id, struct text *text)
{
    session_frame_line(context, id, text);
}

struct explain session_explain(struct session *session)
{
    return (struct explain){session->run, &session->history, add_frame, session};
}

uint32_t session_medium_of(const struct session *session, uint64_t id)
{
    for (size_t i = session->flight_count; i-- > 0;)
        if (session->flights[i].frame == id)
            return session->flights[i].medium;
    for (uint64_t number = session->history.last; number; number--) {
        const struct nt_record *record = history_at(&session->history, number);
        if (record->frame != id || !record->port)
            continue;
        const struct nt_port *port = run_port(session->run, record->port);
        return port->node->type->flags & NT_NODE_MEDIUM || !port->peer ? port->node->id
                                                                       : port->peer->node->id;
    }
    return 0;
}

/* ---- Forks ---- */

struct session *session_fork(const struct session *session, const struct session_limits *limits)
{
    struct error_list errors;
    error_list_init(&errors);
    struct session *fork = session_new(session->registry, session->scenario, &session->options, &errors);
    error_list_release(&errors);
    assert(fork); /* it was built before */
    for (size_t i = 0; i < session->deed_count; i++) {
        const struct session_deed *deed = &session->deeds[i];
        fork->deeds = session_grown(fork->deeds, i + 1, &fork->deed_capacity, sizeof *fork->deeds);
        fork->deeds[i] = (struct session_deed){deed->at, deed->skip,      deed->node, strdup(deed->words),
                                               NULL,     deed->is_skipped};
        fork->deed_count = i + 1;
    }
    if (session_travel(fork, session_place(session), limits) == SESSION_THERE)
        return fork;
    session_free(fork);
    return NULL;
}
