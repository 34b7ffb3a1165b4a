/* SPDX-License-Identifier: MIT
 * One TCP connection, read off the records: what the two halves of the ruler share, and the picture of a connection. */
#ifndef NETARIUM_VIEWS_RULER_PARTS_H
#define NETARIUM_VIEWS_RULER_PARTS_H

#include "views/ruler.h"

#define RULER_RANGES 64 /* places in the sequence space that are remembered, the newest */

/* Octets that the peer has out of order, or that are deemed lost. */
struct ruler_range {
    uint32_t start, end; /* sequence numbers; the end is not included */
    bool is_lost;
};

struct ruler_sample {
    nt_time at;
    int64_t cwnd, ssthresh;
};

/* The variables of a connection; -1: not told. */
struct ruler {
    int64_t iss, una, nxt, unsent;
    int64_t cwnd, ssthresh, rwnd, flight, mss;
    int64_t recovery, srtt, rto;
    struct ruler_range ranges[RULER_RANGES]; /* a ring */
    size_t range_count;                      /* ever */
    struct ruler_sample *samples;            /* owned: cwnd and ssthresh over time */
    size_t sample_count, sample_capacity;
};

/* Fills `ruler` from all records of `flow` up to now; its samples are the caller's to free. */
void ruler_read(struct ruler *ruler, const struct run *run, const struct history *history,
                struct ruler_flow flow);

/* Is it a record of this connection? */
bool ruler_is_of(const struct run *run, const struct nt_record *record, struct ruler_flow flow);

#endif
