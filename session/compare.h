/* SPDX-License-Identifier: MIT
 * Two futures side by side: where they part, and where they have come to.
 *
 * Both are sessions of one scenario, brought to the same instant by the caller. Records are compared one by
 * one, by what they say and not by numbers that only one of them knows (texts, kinds). Gauges are compared at
 * their present level: only those that differ are listed. */
#ifndef NETARIUM_SESSION_COMPARE_H
#define NETARIUM_SESSION_COMPARE_H

#include "session/session.h"

/* A gauge at one place, in both. */
struct compare_gauge {
    const struct nt_kind *kind;
    uint32_t node, port;
    char flow[64];    /* which of several at that place: the record's first text; "" if it has none */
    bool has[2];      /* whether it was told at all */
    int64_t level[2]; /* in the unit of the kind's field 0 */
};

struct comparison {
    uint64_t first;               /* number of the first record in which they differ; 0: they tell the same */
    bool is_same_run;             /* their digests are equal */
    struct compare_gauge *gauges; /* owned: those whose levels differ, in the order of their first telling */
    size_t gauge_count;
};

void comparison_init(struct comparison *comparison, const struct session *one, const struct session *other);
void comparison_release(struct comparison *comparison);

#endif
