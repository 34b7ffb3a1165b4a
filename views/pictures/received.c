/* SPDX-License-Identifier: MIT
 * What the receiver of a TCP connection has by now. */
#include "views/pictures/received.h"

#include <string.h>

struct reading {
    struct received *received;
    struct connection peer;
    int64_t iss;
    int64_t from, to; /* the segment that came last; it counts unless the next record is its drop */
};

static int64_t from_start(const struct reading *reading, int64_t sequence)
{
    return (uint32_t)(sequence - reading->iss - 1);
}

/* Puts a range between those before and those behind it, and joins what touches. */
static void insert(struct received *received, int64_t from, int64_t to)
{
    unsigned first = 0, last;
    while (first < received->range_count && received->ranges[first][1] < from)
        first++;
    for (last = first; last < received->range_count && received->ranges[last][0] <= to; last++) {
        from = received->ranges[last][0] < from ? received->ranges[last][0] : from;
        to = received->ranges[last][1] > to ? received->ranges[last][1] : to;
    }
    unsigned rest = received->range_count - last;
    if (first + rest == RECEIVED_MOST)
        return;
    memmove(received->ranges[first + 1], received->ranges[last], rest * sizeof received->ranges[0]);
    received->ranges[first][0] = from;
    received->ranges[first][1] = to;
    received->range_count = first + 1 + rest;
}

static void take_segment(struct reading *reading)
{
    struct received *received = reading->received;
    if (reading->to > received->nxt && reading->to > reading->from)
        insert(received, reading->from > received->nxt ? reading->from : received->nxt, reading->to);
    if (received->range_count && received->ranges[0][0] <= received->nxt) {
        received->nxt = received->ranges[0][1];
        received->range_count--;
        memmove(received->ranges[0], received->ranges[1], received->range_count * sizeof received->ranges[0]);
    }
    reading->to = reading->from;
}

static void note(void *context, enum connection_fact fact, const struct nt_record *record)
{
    struct reading *reading = context;
    if (fact == CONNECTION_DROP)
        reading->to = reading->from;
    take_segment(reading);
    if (fact == CONNECTION_RCV_WND) {
        reading->received->unread = connection_value(&reading->peer, record, "unread");
        reading->received->edge = reading->received->nxt + record->values[0];
    }
    if (fact != CONNECTION_RX || connection_has_flag(&reading->peer, record, "RST"))
        return;
    int64_t from = from_start(reading, connection_value(&reading->peer, record, "seq"));
    if (from + record->values[0] < INT64_C(1) << 32) { /* a SYN stands before the first byte */
        reading->from = from;
        reading->to = from + record->values[0];
    }
}

bool received_read(struct received *received, const struct connection *connection, int64_t iss, nt_time now)
{
    struct reading reading = {.received = received, .iss = iss};
    *received = (struct received){0};
    if (!connection_peer(connection, &reading.peer))
        return false;
    connection_visit(&reading.peer, now, note, &reading);
    take_segment(&reading);
    if (received->edge < received->nxt)
        received->edge = received->nxt;
    return true;
}
