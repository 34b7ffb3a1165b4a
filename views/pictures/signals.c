/* SPDX-License-Identifier: MIT
 * What was on a shared cable, and when. */
#include "views/pictures/signals.h"

#include <stdlib.h>

#include "views/pictures/facts.h"

#define LONGEST (20 * NT_MILLISECOND) /* no transmission lasts longer: 1518 octets at 1 Mb/s, and some */

/* Kinds by number, looked up once. */
struct kinds {
    uint32_t begin, broken;
};

static struct signal *open_signal(struct signals *signals, uint32_t station)
{
    for (uint32_t i = signals->count; i-- > 0;)
        if (signals->list[i].station == station)
            return signals->list[i].ends == NT_NEVER ? &signals->list[i] : NULL;
    return NULL;
}

static uint32_t station_at(const struct run *run, uint32_t port)
{
    const struct nt_port *tap = port ? run_port(run, port) : NULL;
    return tap && tap->peer ? tap->peer->node->id : 0;
}

/* The port of `record` belongs to the station that hangs on this cable. */
static bool is_on(const struct run *run, const struct nt_record *record, const struct nt_node *cable)
{
    const struct nt_port *port = record->port ? run_port(run, record->port) : NULL;
    return port && port->peer && port->peer->node == cable;
}

static void take(struct signals *signals, const struct run *run, const struct nt_node *cable,
                 const struct kinds *kinds, const struct nt_record *record)
{
    struct signal *open;
    if (record->kind == kinds->begin && record->node == cable->id) {
        if (signals->count == SIGNALS_MOST) {
            signals->is_cut = true;
            return;
        }
        signals->list[signals->count++] = (struct signal){.position_mm = record->values[0],
                                                          .begins = record->at,
                                                          .ends = NT_NEVER,
                                                          .station = station_at(run, record->port),
                                                          .record = record->number};
    } else if (record->kind == kinds->broken && record->node == cable->id) {
        open = open_signal(signals, station_at(run, record->port));
        if (open) {
            open->ends = record->at;
            open->end_record = record->number;
        }
    } else if (record->kind == RUN_KIND_FRAME_TX && is_on(run, record, cable)) {
        open = open_signal(signals, record->node);
        if (open) {
            open->ends = record->at;
            open->frame = record->frame;
            open->end_record = record->number;
        }
    }
}

/* Leaves only those that touch the span. */
static void keep_span(struct signals *signals, nt_time from, nt_time to)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < signals->count; i++) {
        const struct signal *signal = &signals->list[i];
        bool is_late = signal->ends != NT_NEVER && signal->ends + signals->end_to_end < from;
        if (!is_late && signal->begins <= to)
            signals->list[kept++] = *signal;
    }
    signals->count = kept;
}

bool signals_init(struct signals *signals, const struct session *session, const struct nt_node *cable,
                  nt_time from, nt_time to)
{
    const struct run *run = session_run(session);
    struct kinds kinds = {run_kind_named(run, "segment.begin"), run_kind_named(run, "segment.break")};
    *signals = (struct signals){.length_mm = facts_number(cable, "cable", 0, "length", 0),
                                .end_to_end = facts_number(cable, "cable", 0, "end_to_end", 0),
                                .rate_bps = facts_number(cable, "cable", 0, "rate", 0)};
    if (signals->length_mm <= 0 || signals->end_to_end <= 0)
        return false;
    signals->list = malloc(SIGNALS_MOST * sizeof *signals->list);
    uint64_t last = session_known_records(session);
    for (uint64_t number = facts_record_after(session, from - LONGEST); number <= last; number++) {
        const struct nt_record *record = session_record(session, number);
        if (!record || record->at > to + LONGEST)
            break;
        take(signals, run, cable, &kinds, record);
    }
    keep_span(signals, from, to);
    return true;
}

void signals_release(struct signals *signals)
{
    free(signals->list);
    signals->list = NULL;
}

nt_time signals_way(const struct signals *signals, int64_t from_mm, int64_t to_mm)
{
    int64_t apart = from_mm < to_mm ? to_mm - from_mm : from_mm - to_mm;
    return signals->end_to_end * apart / signals->length_mm;
}

int64_t signals_tap(const struct nt_node *cable, uint32_t tap)
{
    return facts_number(cable, "taps", tap, "position", -1);
}
