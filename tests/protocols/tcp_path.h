/* SPDX-License-Identifier: MIT
 * A sender that consists of nothing but recovery and congestion control, a path, and a receiver: for testing
 * when something is lost and how much may be sent, without a connection around it.
 *
 *      endless data --> tcp_recovery --> queue --> rate, delay, losses --> receiver
 *                          ^------------------- delay <------- ACK, SACK, D-SACK, echo
 *
 * All segments are full. Time is turned by path_run; facts are kept by the hand-turned environment while
 * `hand.is_listening`. */
#ifndef NETARIUM_TESTS_PROTOCOLS_TCP_PATH_H
#define NETARIUM_TESTS_PROTOCOLS_TCP_PATH_H

#include "tests/protocols/hand_env.h"

#include "protocols/tcp/recovery.h"
#include "sim/base/rng.h"

#define PATH_RING 65536 /* segments on their way, or out of order, at once */

struct path_setup {
    const char *congestion; /* "newreno" */
    struct tcp_recovery_rules recovery;
    struct tcp_congestion_rules rules;
    struct tcp_rtt_rules rtt;
    uint32_t isn;
    uint32_t mss;
    bool has_sack, has_timestamps;
    int64_t delay;         /* one way */
    int64_t rate_bps;      /* of the bottleneck; 0: endless */
    uint32_t queue;        /* segments that wait there at most; 0: no limit */
    unsigned ack_every;    /* 1, or 2 for delayed ACKs (200 ms at most) */
    uint32_t window_bytes; /* the receiver's; 0: endless */
    uint64_t data_bytes;   /* to be sent; 0: endless */
};

/* What profiles set, as far as it matters here. */
extern const struct path_setup path_rfc, path_linux, path_classic;

struct path_packet {
    struct tcp_range range;
    int64_t at; /* when it arrives */
    uint32_t echo;
    bool is_marked;
};

struct path_ack {
    struct tcp_seq ack;
    struct tcp_range sack[4];
    unsigned sack_count;
    uint32_t echo;
    bool is_marked;
    int64_t at;
};

struct path {
    struct hand_env hand;
    struct path_setup setup;
    struct tcp_teller teller;
    struct tcp_recovery recovery;
    int64_t rto_at;
    int64_t last_sent_at;
    struct tcp_seq end; /* of the data */

    /* On the way. */
    struct path_packet *data; /* PATH_RING, in the order of arrival; owned */
    struct path_ack *acks;    /* likewise */
    size_t data_first, data_count, ack_first, ack_count;
    int64_t free_at;        /* when the bottleneck is free */
    uint64_t transmissions; /* handed to the path so far */
    struct rng dice;

    /* What happens to the n-th transmission, from 1 (NULL: nothing). */
    enum path_fate {
        PATH_ARRIVES,
        PATH_LOST,
        PATH_LATE,
        PATH_MARKED
    } (*fate)(struct path *path, uint64_t n, struct tcp_range range);
    void *context;    /* of `fate` */
    int64_t lateness; /* of those that are late */

    /* The receiver. */
    struct tcp_seq rcv_nxt;
    uint8_t *received;        /* PATH_RING segments, by number; owned */
    struct tcp_seq recent[3]; /* where the latest out-of-order blocks lie */
    unsigned recent_count;
    unsigned unacked; /* segments that wait for an ACK */
    int64_t ack_at;   /* delayed ACK */
    uint32_t echo;    /* to be echoed: of the first segment not acknowledged */
    bool is_marked;

    uint64_t arrived_segments;  /* first copies */
    uint64_t needless_segments; /* further copies */
    uint64_t lost_segments, overflows;
    uint64_t timeouts;
    double cwnd_time; /* integral of cwnd in segments over seconds */
    int64_t cwnd_from;
};

struct path *path_new(const struct path_setup *setup);
void path_free(struct path *path);

/* Sends for so long; from the first call on. */
void path_run(struct path *path, int64_t duration);

/* The mean of cwnd, in segments, since path_forget or the beginning. */
double path_mean_cwnd(const struct path *path);
void path_forget(struct path *path); /* counters and means begin anew */

#endif
