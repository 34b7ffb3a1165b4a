/* SPDX-License-Identifier: MIT
 * Rungs of a ladder: each frame's way from one station to the next, put together from the records of a span.
 */
#ifndef NETARIUM_VIEWS_RUNGS_H
#define NETARIUM_VIEWS_RUNGS_H

#include "session/session.h"

#define RUNGS_MOST 3000      /* of one picture */
#define RUNGS_RECORDS 400000 /* looked at */

struct rung {
    uint64_t frame;
    uint64_t record;    /* its frame.tx */
    uint64_t end;       /* the frame.rx or frame.drop; 0: not known */
    uint32_t from, to;  /* nodes; `to` 0: nobody (yet) */
    nt_time left, came; /* when; came NT_NEVER: not known */
    bool is_left_out;   /* for whoever draws them: not this one */
    bool is_dropped;
    uint64_t reason; /* a text; if it was dropped */
};

struct rungs {
    struct rung *list; /* in the order of leaving; owned */
    uint32_t count;
    bool is_cut; /* there were more */
};

/* The rungs that leave in the span. */
void rungs_init(struct rungs *rungs, const struct session *session, nt_time from, nt_time to);
void rungs_release(struct rungs *rungs);

/* What a station that is not shown passes on becomes one rung with what it got: from the last station before
 * it that is shown. `is_shown` is asked with `context` and a node. */
void rungs_join(struct rungs *rungs, struct session *session,
                bool (*is_shown)(const void *context, uint32_t node), const void *context);

/* A span with so few frames that each has room for its words: all of a short run; of a long one what is
 * around the present, or, at the end of the run, how it begins. Leaves the span alone if nothing was sent. */
void rungs_choose_span(const struct session *session, nt_time *from, nt_time *to);

#endif
