/* SPDX-License-Identifier: MIT
 * A run as lines, in tcpdump's manner.
 *
 *     1.000000000 alice:eth0 Out  ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46
 *     1.000121165 alice      arp.learn  alice learns that 10.0.0.2 is at 02:00:00:00:00:02
 *     1.200000000 link1:0    Drop "queue is full"  IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2,
 * length 64
 *
 * Frames are shown as tcpdump shows them on many interfaces at once; any other record is shown as its kind
 * and its sentence. Without a query that is every frame once, where it was sent, and every frame that was
 * dropped. */
#ifndef NETARIUM_VIEWS_TRACE_H
#define NETARIUM_VIEWS_TRACE_H

#include "protocols/dissect/flows.h"
#include "sim/query.h"
#include "sim/run.h"
#include "views/outlet.h"

struct trace {
    struct run_sink sink;  /* first: the run calls it */
    const struct run *run; /* borrowed */
    struct query *filter;  /* what is shown, borrowed; NULL: frame.tx and frame.drop */
    struct outlet *out;    /* borrowed */
    int time_width;        /* columns of the time, from the last instant of the scenario */
    int place_width;       /* columns of "alice:eth0", from the longest there is */
    struct dissect_flows flows; /* where conversations began */
};

void trace_init(struct trace *trace, const struct run *run, struct query *filter, struct outlet *out);
void trace_release(struct trace *trace);

/* Writes the line of one record, with its end. `frame` is the frame itself for frame.* records, else NULL. */
void trace_write(struct trace *trace, const struct nt_record *record, const struct nt_frame *frame);

#endif
