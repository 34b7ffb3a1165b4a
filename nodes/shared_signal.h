/* SPDX-License-Identifier: MIT
 * The signals on a shared cable, and how its two files talk to each other. Private to nodes/shared*.c.
 *
 * shared.c makes signals, ends them and delivers frames. After each beginning and each end it calls
 * shared_hear_begin or shared_hear_end: shared_hear.c then works out who will hear what when, and wakes those
 * who must be told. */
#ifndef NETARIUM_NODES_SHARED_SIGNAL_H
#define NETARIUM_NODES_SHARED_SIGNAL_H

#include "nodes/shared.h"

#define GAP_PART1_BITS 64 /* IEEE 802.3 4.2.3.2.2: silence shorter than this moves nobody */
#define GAP_BITS 96       /* history is kept for two gaps, since stations ask how long it has been silent */

/* One transmission. It is kept until nobody can hear it or ask about it any more. What is heard is computed
 * from the first members only, which share a cache line. */
struct shared_signal {
    nt_time begins;                   /* at the sender's tap */
    nt_time ends;                     /* likewise; NT_NEVER while it is being sent */
    nt_time place;                    /* of the sender's tap */
    struct shared_tap *from;          /* the sender's tap */
    struct shared_signal *next;       /* by beginning */
    struct nt_frame *frame;           /* what is being sent; a reference of its own; NULL: a repeater's jam */
    uint32_t receivers;               /* taps that still get the frame */
    bool was_hit;                     /* it overlapped another one somewhere */
    uint64_t cause;                   /* record of its beginning, then of frame.tx */
    struct shared_tap *next_receiver; /* the one where its end comes next */
    struct nt_event arrive;           /* the frame's end at the next of them */
    struct nt_event meet;        /* the moment when it first meets another; only while somebody listens */
    struct shared_signal *other; /* whom it meets */
};

enum {
    SHARED_KIND_BEGIN,
    SHARED_KIND_BREAK,
    SHARED_KIND_COLLISION,
    SHARED_KIND_CARRIER,
    SHARED_KIND_TAP_COLLISION
};

/* How long a signal takes from one tap to the other. */
static inline nt_time distance(const struct shared_tap *a, const struct shared_tap *b)
{
    return a->place > b->place ? a->place - b->place : b->place - a->place;
}

/* When a signal begins, and when it ends, at the place of `tap`; NT_NEVER: not known yet. */
static inline nt_time heard_from(const struct shared_signal *signal, const struct shared_tap *tap)
{
    nt_time way = signal->place - tap->place;
    return signal->begins + (way < 0 ? -way : way);
}

static inline nt_time heard_until(const struct shared_signal *signal, const struct shared_tap *tap)
{
    nt_time way = signal->place - tap->place;
    return signal->ends == NT_NEVER ? NT_NEVER : signal->ends + (way < 0 ? -way : way);
}

/* Makes the events of a tap. */
void shared_hear_init(struct shared_tap *tap);

/* A signal has begun or ended: plans what must be told to whom. */
void shared_hear_begin(struct shared *shared, const struct shared_signal *signal);
void shared_hear_end(struct shared *shared);

/* The station at `tap` waits for silence no more. */
void shared_unwatch(struct shared_tap *tap);

#endif
