/* SPDX-License-Identifier: MIT
 * The event queue: what happens next.
 *
 * **The total order.** Events happen in the order of their time; events of one instant happen in the order in
 * which they were armed. Nothing else decides, and this order is behaviour: the same arming order gives the
 * same run everywhere. Moving an event counts as arming it anew.
 *
 * The structure is a ladder: far events lie unsorted in *top*; when time comes near, top is dealt into the
 * buckets of a rung, a crowded bucket into the finer buckets of a rung below, and the bucket whose turn it is
 * into *bottom*, a short sorted array that is eaten from the front. Each event is touched a few times,
 * however many wait, and always as a small entry in a row of entries, not as a pointer into the cold.
 *
 *     top     [ far ............................................ unsorted ]
 *     rung 0  |  b  |  b  |  b  |  b  |      wide buckets, unsorted
 *     rung 1  | b | b | b | b |              one bucket of rung 0, finer
 *     bottom  a a b c d                      sorted; the next event is in front
 *
 * Cancelling does not search: the entry's order number is remembered as void and the entry is skipped when it
 * comes up. When the void ones outnumber the living, all are swept out at once.
 *
 * All memory is the world's. A plain sorted list stands in the tests as the oracle. */
#ifndef NETARIUM_SIM_QUEUE_H
#define NETARIUM_SIM_QUEUE_H

#include "sim/netarium.h"

struct world;

struct queue_entry {
    nt_time at;
    uint64_t order;         /* from 1, never twice */
    struct nt_event *event; /* not looked into by the queue */
};

#define QUEUE_CHUNK_ENTRIES 10
#define QUEUE_RUNGS 10

struct queue_chunk;

struct queue_bucket {
    struct queue_chunk *first, *last; /* rows of entries in the order of coming */
    uint64_t count;
};

struct queue_rung {
    struct queue_bucket *buckets; /* the world's; kept when the rung is done */
    uint32_t capacity;            /* buckets that fit */
    uint32_t length;              /* buckets in use */
    uint32_t cursor;              /* the first bucket not yet taken */
    unsigned shift;               /* a bucket is 2^shift ps wide */
    nt_time start;                /* where bucket 0 begins */
    uint64_t count;               /* entries in all buckets */
};

struct queue {
    struct world *world;
    struct queue_bucket top;
    nt_time top_start;           /* top takes what is not before this */
    nt_time top_least, top_most; /* of the entries in top */
    struct queue_rung rungs[QUEUE_RUNGS];
    unsigned rung_count;        /* the last one is the finest */
    nt_time bottom_end;         /* bottom takes what is before this, see bottom_set_end */
    struct queue_entry *bottom; /* sorted from `head` to `tail` */
    uint32_t head, tail, capacity;
    struct queue_chunk *spare; /* chunks for reuse */
    uint64_t entries;          /* living and void */
    uint64_t *voids;           /* a hash set of void order numbers; 0: empty place */
    uint64_t void_count, void_capacity;
};

/* An empty queue; its memory is the world's and goes with it. */
void queue_init(struct queue *queue, struct world *world);

/* Adds an entry. `at` is not before that of any entry already popped; `order` is not used by any other. */
void queue_push(struct queue *queue, nt_time at, uint64_t order, struct nt_event *event);

/* Voids the entry with this order number, which must be in the queue. */
void queue_cancel(struct queue *queue, uint64_t order);

/* The first living entry, or NULL. It stays; borrowed until the next call. */
const struct queue_entry *queue_first(struct queue *queue);

/* Takes the first living entry away; there must be one (queue_first was not NULL). */
static inline void queue_pop(struct queue *queue)
{
    queue->head++;
    queue->entries--;
}

/* Living entries. */
uint64_t queue_length(const struct queue *queue);

#endif
