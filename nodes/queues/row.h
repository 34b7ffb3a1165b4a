/* SPDX-License-Identifier: MIT
 * A row of waiting frames, first come, first out, and how long it may get: what every discipline is made of.
 *
 *      first                       first + length
 *        v                              v
 *      [ frame  frame  frame  frame ] [ . . . ]      a ring that doubles when it is full
 *
 * Each frame comes with the instant at which it joined and the record of who sent it. The row keeps the
 * counts of its queue (struct nt_queue) as well, so that a discipline of several rows need not add them up.
 */
#ifndef NETARIUM_NODES_QUEUES_ROW_H
#define NETARIUM_NODES_QUEUES_ROW_H

#include "sim/netarium.h"

struct queue_row {
    struct nt_queued *entries; /* the network's memory */
    uint32_t capacity;         /* a power of two, or 0 */
    uint32_t first;            /* where the oldest stands */
    uint32_t length;           /* frames */
    int64_t bytes;             /* their bytes */
};

/* Puts `arrival` at the end. */
void queue_row_push(struct nt_queue *queue, struct queue_row *row, const struct nt_queued *arrival);

/* Takes the oldest. False: nobody waits. */
bool queue_row_pop(struct nt_queue *queue, struct queue_row *row, struct nt_queued *ret_first);

/* How much may wait. */
struct queue_limit {
    int64_t number; /* frames or bytes */
    bool is_bytes;
};

/* The parameter that all disciplines share. */
#define QUEUE_LIMIT_PARAM(packets, words)                                                                    \
    {                                                                                                        \
        .name = "limit", .kind = NT_PARAM_AMOUNT, .default_text = packets, .least = 0,                       \
        .most = INT64_C(1000000000), .summary = words                                                        \
    }

struct queue_limit queue_limit_of(const struct nt_value *value);

/* Is there no room for `frame` beside so many that wait? */
bool queue_limit_is_reached(struct queue_limit limit, uint32_t length, int64_t bytes,
                            const struct nt_frame *frame);

#endif
