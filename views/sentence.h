/* SPDX-License-Identifier: MIT
 * One record as one sentence.
 *
 * Every kind of record carries a template, "{node} asks who has {target}". Here it is filled in: {node} and
 * {port} are names ("alice", "eth0"), {frame} is a number, anything else is a field of the record, shown by
 * its unit. A word in braces that is none of these stays as it stands, so that a mistake in a plug-in's
 * template is seen. */
#ifndef NETARIUM_VIEWS_SENTENCE_H
#define NETARIUM_VIEWS_SENTENCE_H

#include "protocols/dissect/flows.h"
#include "sim/base/text.h"
#include "sim/run.h"

/* Adds the sentence of `record`, without a full stop. */
void sentence_add(struct text *text, const struct run *run, const struct nt_record *record);

/* Adds the clause of its kind between `open` and `close`; nothing if no standard speaks. */
void sentence_add_clause(struct text *text, const struct nt_kind *kind, const char *open, const char *close);

/* Adds an instant in seconds, down to nanoseconds, in groups: "1.000 121 165". */
void sentence_add_time(struct text *text, nt_time at);

/* Adds where a record happened: "alice:eth0", "alice". */
void sentence_add_place(struct text *text, const struct run *run, const struct nt_record *record);

/* Adds what a frame says, as tcpdump would put it: "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46".
 * `flows`: the view's memory of conversations, so that TCP's numbers count from their beginning; NULL: as they stand. */
void sentence_add_frame(struct text *text, const struct nt_frame *frame, struct dissect_flows *flows);

#endif
