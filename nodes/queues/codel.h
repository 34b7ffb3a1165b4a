/* SPDX-License-Identifier: MIT
 * CoDel's state and its two routines, for the disciplines that control a row with them. */
#ifndef NETARIUM_NODES_QUEUES_CODEL_H
#define NETARIUM_NODES_QUEUES_CODEL_H

#include "nodes/queues/row.h"

/* What is the same for all rows of a discipline. RFC 8289 section 5.3. */
struct codel_settings {
    nt_time target;     /* waiting that is no fault: 5 ms */
    nt_time interval;   /* how long it may last: a round trip of the slower kind, 100 ms */
    bool may_mark;      /* mark who understands it */
    int64_t max_packet; /* the greatest frame seen, bytes */
    uint32_t kind_state, kind_signal, kind_mark;
};

/* What is known of one row. The names are those of RFC 8289 section 5.2. */
struct codel_control {
    nt_time
        first_above_time; /* when the waiting will have been too long for an interval; NT_NEVER: it is not */
    nt_time drop_next;    /* when to signal next, while dropping */
    uint32_t count;       /* signals since dropping began */
    uint32_t last_count;  /* `count` when it last began */
    bool dropping;        /* in the dropping state */
};

/* The first parameters of every discipline with a CoDel inside. */
#define CODEL_TARGET_PARAM                                                                                   \
    {                                                                                                        \
        .name = "target", .kind = NT_PARAM_TIME, .default_text = "5 ms", .most = 3600 * NT_SECOND,           \
        .summary = "waiting that is no fault"                                                                \
    }
#define CODEL_INTERVAL_PARAM                                                                                 \
    {                                                                                                        \
        .name = "interval", .kind = NT_PARAM_TIME, .default_text = "100 ms", .least = 1,                     \
        .most = 3600 * NT_SECOND,                                                                            \
        .summary = "how long the waiting may stay above the target: about a round trip"                      \
    }
#define CODEL_ECN_PARAM(usual)                                                                               \
    {                                                                                                        \
        .name = "ecn", .kind = NT_PARAM_BOOLEAN, .default_text = usual,                                      \
        .summary = "mark packets whose senders speak ECN instead of dropping them"                           \
    }

/* What they tell: codel.state, codel.signal, queue.mark. */
extern const struct nt_kind codel_kinds[];

/* Takes those three from values[0] to values[2]. */
void codel_settings_init(struct codel_settings *settings, struct nt_node *node,
                         const struct nt_value *values);
void codel_control_init(struct codel_control *control);

/* The next frame of `row`; some before it may be dropped. False: the row is empty. RFC 8289 section 5.5. */
bool codel_dequeue(struct nt_queue *queue, struct codel_settings *settings, struct codel_control *control,
                   struct queue_row *row, struct nt_queued *ret_next);

/* t + interval / sqrt(count), RFC 8289 section 5.6; count is at least 1. */
nt_time codel_control_law(const struct codel_settings *settings, nt_time t, uint32_t count);

#endif
