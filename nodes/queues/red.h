/* SPDX-License-Identifier: MIT
 * What RED knows and how it decides, open to its test. */
#ifndef NETARIUM_NODES_QUEUES_RED_H
#define NETARIUM_NODES_QUEUES_RED_H

#include "nodes/queues/row.h"

#define RED_ONE (INT64_C(1) << 32) /* one frame, or certainty: numbers here have 32 binary places */

struct red {
    struct queue_row row;
    struct queue_limit limit; /* what the memory holds, whatever the average says */
    int64_t least, most;      /* thresholds of the average, in frames of RED_ONE */
    int64_t chance_at_most;   /* chance of a signal where the average is `most`, of RED_ONE */
    int64_t weight;           /* of one arrival in the average, of RED_ONE */
    bool is_gentle;           /* above `most` the chance rises on to 1 at twice of it */
    bool may_mark;            /* mark who understands it */
    nt_time small_frame_time; /* how long the transmitter needs for a typical frame */
    int64_t average;          /* of the frames waiting, in RED_ONE */
    int64_t passed;           /* arrivals let pass since the last signal */
    nt_time idle_since;       /* when the queue became empty; NT_NEVER while it is not */
    struct nt_random random;  /* its own stream */
    uint32_t kind_average, kind_signal, kind_mark;
};

/* The average after one more arrival finds `length` frames waiting. Floyd and Jacobson 1993, section 4. */
int64_t red_average_after(const struct red *red, uint32_t length);

/* The average after the queue stood empty for so long, as if small frames had kept finding it so. */
int64_t red_average_after_idle(const struct red *red, nt_time idle);

/* The chance of a signal by the average alone: Pb of the paper, 0 .. RED_ONE. */
int64_t red_chance(const struct red *red);

/* The chance for the next arrival: Pa = Pb / (1 - passed * Pb), at most RED_ONE. */
int64_t red_chance_now(const struct red *red);

#endif
