/* SPDX-License-Identifier: MIT
 * Frames on their way now: from the first bit that leaves a station to the end on the same medium.
 *
 * Read off the records: frame.tx begins a flight, frame.rx and frame.drop end it. A medium may hand on
 * another frame than it got (a bit was turned over: a new number, whose parent is the old one). On a shared
 * cable the record of sending comes when the frame is out whole, and several stations may get it: the flight
 * is over with the last of them. */
#include "session/parts.h"

static const struct nt_port *port_of(const struct session *session, const struct nt_record *record)
{
    return record->port ? run_port(session->run, record->port) : NULL;
}

static bool is_medium(const struct nt_node *node)
{
    return node->type->flags & NT_NODE_MEDIUM;
}

static void begin(struct session *session, const struct nt_record *record)
{
    const struct nt_port *port = port_of(session, record);
    if (!port || !port->peer)
        return;
    uint32_t others = port->peer->node->port_count - 1;
    session->flights = session_grown(session->flights, session->flight_count + 1, &session->flight_capacity,
                                     sizeof *session->flights);
    session->flights[session->flight_count++] = (struct session_flight){.frame = record->frame,
                                                                        .record = record->number,
                                                                        .medium = port->peer->node->id,
                                                                        .from = port->id,
                                                                        .since = record->at,
                                                                        .air_time = record->values[1],
                                                                        .still_awaited = others};
}

/* The flight on `medium` of the frame, or of what it was made from. */
static size_t find(const struct session *session, uint32_t medium, const struct nt_frame *frame)
{
    for (size_t i = 0; i < session->flight_count; i++) {
        const struct session_flight *flight = &session->flights[i];
        if (flight->medium == medium && (flight->frame == frame->id || flight->frame == frame->parent))
            return i;
    }
    return session->flight_count;
}

static void forget(struct session *session, size_t index)
{
    session->flight_count--;
    for (size_t i = index; i < session->flight_count; i++)
        session->flights[i] = session->flights[i + 1];
}

static void end(struct session *session, const struct nt_record *record, const struct nt_frame *frame)
{
    const struct nt_port *port = port_of(session, record);
    const struct nt_node *medium = port ? port->node : NULL;
    if (medium && !is_medium(medium))
        medium = port->peer ? port->peer->node : NULL;
    size_t index = medium ? find(session, medium->id, frame) : session->flight_count;
    if (index == session->flight_count)
        return;
    if (session->flights[index].still_awaited > 1)
        session->flights[index].still_awaited--;
    else
        forget(session, index);
}

/* A shared cable does not tell of stations that did not want a frame: when its successor on the same medium
 * has been told, what was there before has gone by. */
static void sweep(struct session *session, const struct nt_record *record)
{
    for (size_t i = session->flight_count; i-- > 0;) {
        const struct session_flight *flight = &session->flights[i];
        bool is_shared = run_node(session->run, flight->medium)->port_count > 2;
        if (is_shared && record->at - flight->since > flight->air_time)
            forget(session, i);
    }
}

void session_flight_take(struct session *session, const struct nt_record *record,
                         const struct nt_frame *frame)
{
    if (session->flight_count && record->kind == RUN_KIND_FRAME_TX)
        sweep(session, record);
    if (record->kind == RUN_KIND_FRAME_TX)
        begin(session, record);
    else if (record->kind == RUN_KIND_FRAME_RX || record->kind == RUN_KIND_FRAME_DROP)
        end(session, record, frame);
}

size_t session_flight_count(const struct session *session)
{
    return session->flight_count;
}

struct session_flight session_flight_at(const struct session *session, size_t index)
{
    return session->flights[index];
}
