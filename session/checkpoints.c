/* SPDX-License-Identifier: MIT
 * Checkpoints that make themselves, and make room for each other.
 *
 *     |o-------o-------o---o---o--o--o-o-o-o|     far back they lie wider apart than near the present
 *
 * One is made every so many events: the more memory the network has, the fewer, so that comparing it with the
 * last one stays a small part of the work. When all of them are too large, the one goes that is missed least:
 * whose going leaves the smallest gap, where a gap far from the present counts less (by the logarithm of its
 * distance). The one at time zero and the newest always stay. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "session/parts.h"

#define LEAST_INTERVAL 2000 /* events between two checkpoints, at the least */
#define EVENTS_PER_PAGE 6   /* an event costs about as much as comparing a few pages */

static uint64_t interval_of(const struct session *session)
{
    uint64_t events = run_memory_bytes(session->run) / 4096 * EVENTS_PER_PAGE;
    return events > LEAST_INTERVAL ? events : LEAST_INTERVAL;
}

static struct session_mark mark_new(struct session *session, const struct session_mark *near)
{
    struct session_mark mark = {.checkpoint = run_save_near(session->run, near ? near->checkpoint : NULL),
                                .place = session_place(session),
                                .at_instant = session->at_instant,
                                .done = session->done,
                                .flight_count = session->flight_count};
    size_t bytes = session->flight_count * sizeof *mark.flights;
    mark.flights = malloc(bytes + 1);
    assert(mark.flights);
    if (bytes)
        memcpy(mark.flights, session->flights, bytes);
    return mark;
}

static void mark_free(struct session_mark *mark)
{
    checkpoint_free(mark->checkpoint);
    free(mark->flights);
}

static void remove_at(struct session *session, size_t index)
{
    mark_free(&session->marks[index]);
    session->mark_count--;
    memmove(&session->marks[index], &session->marks[index + 1],
            (session->mark_count - index) * sizeof *session->marks);
}

/* How much would be missed without the checkpoint at `index`. */
static uint64_t worth(const struct session *session, size_t index, uint64_t event)
{
    const struct session_mark *mark = &session->marks[index];
    uint64_t gap = mark[1].place.event - mark[-1].place.event;
    uint64_t distance = event > mark->place.event ? event - mark->place.event : mark->place.event - event;
    unsigned doublings = 0;
    for (distance /= LEAST_INTERVAL; distance; distance /= 2)
        doublings++;
    return gap * 64 / (4 + doublings);
}

static void make_room(struct session *session)
{
    uint64_t event = run_event_count(session->run);
    while (session->mark_count > 2 && run_saved_bytes(session->run) > session->options.checkpoint_bytes) {
        size_t least = 1;
        for (size_t i = 2; i + 1 < session->mark_count; i++)
            if (worth(session, i, event) < worth(session, least, event))
                least = i;
        remove_at(session, least);
    }
}

/* The number of checkpoints at or before `event`. */
static size_t count_before(const struct session *session, uint64_t event)
{
    size_t least = 0, most = session->mark_count;
    while (least < most) {
        size_t middle = least + (most - least) / 2;
        if (session->marks[middle].place.event <= event)
            least = middle + 1;
        else
            most = middle;
    }
    return least;
}

static void insert(struct session *session, size_t index, const struct session_mark *near)
{
    struct session_mark mark = mark_new(session, near);
    session->marks = session_grown(session->marks, session->mark_count + 1, &session->mark_capacity,
                                   sizeof *session->marks);
    memmove(&session->marks[index + 1], &session->marks[index],
            (session->mark_count - index) * sizeof *session->marks);
    session->marks[index] = mark;
    session->mark_count++;
}

void session_mark_first(struct session *session)
{
    insert(session, 0, NULL);
}

void session_mark_take(struct session *session)
{
    uint64_t event = run_event_count(session->run);
    if (event % 64)
        return; /* often enough to look */
    uint64_t interval = interval_of(session);
    size_t count = count_before(session, event);
    const struct session_mark *before = &session->marks[count - 1];
    if (event - before->place.event < interval)
        return;
    if (count < session->mark_count && session->marks[count].place.event - event < interval / 2)
        return;
    insert(session, count, before);
    make_room(session);
}

void session_mark_cut(struct session *session, uint64_t event)
{
    while (session->mark_count > 1 && session->marks[session->mark_count - 1].place.event > event)
        remove_at(session, session->mark_count - 1);
}

const struct session_mark *session_mark_before(const struct session *session, struct session_place place)
{
    return &session->marks[count_before(session, place.event) - 1];
}

void session_mark_restore(struct session *session, const struct session_mark *mark)
{
    run_restore(session->run, mark->checkpoint);
    session->at_instant = mark->at_instant;
    session->done = mark->done;
    session->flights = session_grown(session->flights, mark->flight_count, &session->flight_capacity,
                                     sizeof *session->flights);
    session->flight_count = mark->flight_count;
    if (mark->flight_count)
        memcpy(session->flights, mark->flights, mark->flight_count * sizeof *session->flights);
}

void session_mark_release(struct session *session)
{
    for (size_t i = 0; i < session->mark_count; i++)
        mark_free(&session->marks[i]);
    free(session->marks);
}

size_t session_checkpoint_count(const struct session *session)
{
    return session->mark_count;
}

struct session_checkpoint session_checkpoint_at(const struct session *session, size_t index)
{
    return (struct session_checkpoint){session->marks[index].place.now, session->marks[index].place.event};
}

size_t session_checkpoint_bytes(const struct session *session)
{
    return run_saved_bytes(session->run);
}
