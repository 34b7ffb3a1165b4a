/* SPDX-License-Identifier: MIT
 * One TCP connection, read off the records: its variables now, and its windows over time. */
#include "views/ruler_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"

/* Where the value of one record goes. */
struct source {
    const char *kind, *field;
    size_t place; /* of an int64_t in struct ruler */
};

#define PLACE(member) offsetof(struct ruler, member)

static const struct source sources[] = {
    {"tcp.connected", "iss", PLACE(iss)},
    {"tcp.connected", "mss", PLACE(mss)},
    {"tcp.mss", "mss", PLACE(mss)},
    {"tcp.sent", "una", PLACE(una)},
    {"tcp.sent", "nxt", PLACE(nxt)},
    {"tcp.sent", "unsent", PLACE(unsent)},
    {"tcp.cwnd", "cwnd", PLACE(cwnd)},
    {"tcp.ssthresh", "ssthresh", PLACE(ssthresh)},
    {"tcp.rwnd", "rwnd", PLACE(rwnd)},
    {"tcp.flight", "flight", PLACE(flight)},
    {"tcp.recovery", "state", PLACE(recovery)},
    {"tcp.srtt", "srtt", PLACE(srtt)},
    {"tcp.rto", "rto", PLACE(rto)},
};

#define SOURCES (sizeof sources / sizeof *sources)

/* The same with the numbers of this run; kind 0: nobody tells it. */
struct wiring {
    uint32_t kind[SOURCES];
    int field[SOURCES];
    uint32_t sack, lost; /* kinds with places in the sequence space */
};

static void wire(struct wiring *wiring, const struct run *run)
{
    for (size_t i = 0; i < SOURCES; i++) {
        wiring->kind[i] = run_kind_named(run, sources[i].kind);
        wiring->field[i] =
            wiring->kind[i] ? inspect_field(run_kind_at(run, wiring->kind[i]), sources[i].field) : -1;
    }
    wiring->sack = run_kind_named(run, "tcp.sack");
    wiring->lost = run_kind_named(run, "tcp.lost");
}

bool ruler_is_of(const struct run *run, const struct nt_record *record, struct ruler_flow flow)
{
    int field = record->node == flow.node ? inspect_field(run_kind_at(run, record->kind), "flow") : -1;
    return field >= 0 && record->values[field] == flow.flow;
}

static int64_t value_of(const struct run *run, const struct nt_record *record, const char *name)
{
    int field = inspect_field(run_kind_at(run, record->kind), name);
    return field >= 0 ? record->values[field] : 0;
}

static void add_range(struct ruler *ruler, bool is_lost, int64_t start, int64_t end)
{
    struct ruler_range *range = &ruler->ranges[ruler->range_count++ % RULER_RANGES];
    *range = (struct ruler_range){(uint32_t)start, (uint32_t)end, is_lost};
}

static void add_sample(struct ruler *ruler, nt_time at)
{
    if (ruler->cwnd < 0)
        return;
    if (ruler->sample_count == ruler->sample_capacity) {
        ruler->sample_capacity = ruler->sample_capacity ? 2 * ruler->sample_capacity : 256;
        ruler->samples = realloc(ruler->samples, ruler->sample_capacity * sizeof *ruler->samples);
        assert(ruler->samples);
    }
    ruler->samples[ruler->sample_count++] = (struct ruler_sample){at, ruler->cwnd, ruler->ssthresh};
}

static void take(struct ruler *ruler, const struct wiring *wiring, const struct run *run,
                 const struct nt_record *record)
{
    bool has_changed = false;
    for (size_t i = 0; i < SOURCES; i++) {
        if (wiring->kind[i] != record->kind || wiring->field[i] < 0)
            continue;
        memcpy((char *)ruler + sources[i].place, &record->values[wiring->field[i]], sizeof(int64_t));
        has_changed |= sources[i].place == PLACE(cwnd) || sources[i].place == PLACE(ssthresh);
    }
    if (has_changed)
        add_sample(ruler, record->at);
    int64_t seq = value_of(run, record, "seq");
    if (record->kind == wiring->sack)
        add_range(ruler, false, value_of(run, record, "start"), value_of(run, record, "end"));
    else if (record->kind == wiring->lost)
        add_range(ruler, true, seq, seq + value_of(run, record, "bytes"));
}

void ruler_read(struct ruler *ruler, const struct run *run, const struct history *history,
                struct ruler_flow flow)
{
    struct wiring wiring;
    *ruler = (struct ruler){.iss = -1,
                            .una = -1,
                            .nxt = -1,
                            .cwnd = -1,
                            .ssthresh = -1,
                            .rwnd = -1,
                            .flight = -1,
                            .recovery = -1,
                            .srtt = -1,
                            .rto = -1,
                            .mss = -1,
                            .unsent = -1};
    wire(&wiring, run);
    for (uint64_t number = history->first; number && number <= history->last; number++) {
        const struct nt_record *record = history_at(history, number);
        if (ruler_is_of(run, record, flow))
            take(ruler, &wiring, run, record);
    }
}

bool ruler_find(const struct run *run, const struct history *history, uint32_t node,
                struct ruler_flow *ret_flow)
{
    uint32_t sent = run_kind_named(run, "tcp.sent");
    int flow = sent ? inspect_field(run_kind_at(run, sent), "flow") : -1;
    for (uint64_t number = history->last; flow >= 0 && number; number--) {
        const struct nt_record *record = history_at(history, number);
        if (!record || record->kind != sent || (node && record->node != node))
            continue;
        *ret_flow = (struct ruler_flow){record->node, record->values[flow]};
        return true;
    }
    return false;
}
