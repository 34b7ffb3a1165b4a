/* SPDX-License-Identifier: MIT
 * Questions to a run, in one small language: expectations, breakpoints, run-until, filters.
 *
 *     count(frame.drop) == 0                     how many records of a kind
 *     alice.ping.received == 4                   a column of a node's table (the sum, if it has several rows)
 *     sum(app.received at server) == 500 kB      over field 0 of a kind, or a field named: frame.tx.length
 *     first(tcp.retransmit) > 1.5 s              when first; last(...) likewise; never: no instant, and no comparison
 *                                                with it holds
 *     tcp.cwnd at client < tcp.ssthresh at client   the present level of a gauge
 *     max(queue.length on bottleneck) <= 64 and not (count(collision) > 0)
 *
 * A query is compiled against a built network, so that every wrong name is found before time starts; then it is fed with
 * records and can be asked for its value at any time. No floating point: numbers are 64-bit integers with a unit, and
 * comparing a time with bytes is a mistake that is reported with a caret. docs/queries.md tells the whole language. */
#ifndef NETARIUM_SIM_QUERY_H
#define NETARIUM_SIM_QUERY_H

#include "sim/run.h"

struct query;

/* A value: a number with a unit, or nothing (there was no record, no row). Truth values are 0 and 1 of NT_UNIT_BOOL. */
struct query_value {
    bool is_known;
    int64_t number;
    enum nt_unit unit;
};

/* Compiles `text`. NULL: `ret_why` is one sentence and `ret_column` (from 0, in bytes of `text`) the place at fault. */
struct query *query_compile(const struct run *run, const char *text, struct nt_why *ret_why, size_t *ret_column);
void query_free(struct query *query);

/* Whether the query needs to hear records at all (some only read tables). */
bool query_needs_records(const struct query *query);

/* Feeds one record. Returns true if the query's value may have changed by it: always if it reads a table or the time. */
bool query_take(struct query *query, const struct nt_record *record);

/* The value now. */
struct query_value query_value(const struct query *query);

/* Whether the query holds now: known and not 0; the instant of first and last as soon as it is known, even if it is 0. A
 * filter never holds. */
bool query_holds(const struct query *query);

/* A sentence for reports: what was found, such as "count(frame.drop) is 3". Always terminated. */
void query_explain(const struct query *query, char *ret_text, size_t size);

/* Records that a plain filter selects: "arp", "frame.drop at bob", "tcp.cwnd". A prefix names a family ("tcp"). They are
 * joined by and, or, not: "frame.drop or arp", "tcp and at bob". Used by --trace. As a filter query_take returns
 * whether the record is selected. */
struct query *query_compile_filter(const struct run *run, const char *text, struct nt_why *ret_why,
                                   size_t *ret_column);

/* The state of all aggregates, so that a session can put a query back when it goes back in time. */
size_t query_state_bytes(const struct query *query);
void query_state_copy(const struct query *query, void *ret_state);
void query_state_restore(struct query *query, const void *state);

#endif
