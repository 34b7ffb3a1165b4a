/* SPDX-License-Identifier: MIT
 * How much may be in the network: the congestion window, and the contract of those who set it.
 *
 * Loss is declared elsewhere (recovery.h). A congestion control is told what happened and moves two numbers:
 *
 *      cwnd       octets that may be in flight
 *      ssthresh   below it the window doubles each round trip, above it it grows with care
 *
 *      acked      data arrived     -> the window grows           (not while a loss is being repaired)
 *      lost       a loss, or ECE   -> what ssthresh should be    (once for each window of data)
 *      timeout    nothing comes    -> it may forget what it knew (cwnd is one segment then)
 *      undo       it was a mistake -> it takes back what it remembers
 *      idle       silence ended    -> likewise
 *
 * It sees samples and never the connection. It owns its window: everybody else asks. Every change goes
 * through tcp_congestion_set_cwnd and tcp_congestion_set_ssthresh, which keep the bounds and tell the trace
 * old, new and the rule. A rate-based control sets `is_full_control` in its type: then it sees every sample,
 * also while loss is repaired, and nobody else moves its window; `pacing_bps` spreads what is sent.
 *
 * A new control is one file of about a hundred lines and a row in congestion.c; reno.c is the one to begin
 * with. */
#ifndef NETARIUM_PROTOCOLS_TCP_CONGESTION_H
#define NETARIUM_PROTOCOLS_TCP_CONGESTION_H

#include "protocols/tcp/hystart.h"
#include "protocols/tcp/rate.h"
#include "protocols/tcp/seq.h"
#include "protocols/tcp/told.h"

#define TCP_SSTHRESH_MOST UINT32_C(0x7fffffff) /* bytes; "arbitrarily high", RFC 5681 section 3.1 */
#define TCP_CWND_MOST UINT32_C(0x7fffffff)     /* bytes */
#define TCP_CONGESTION_PARAMS 8

struct tcp_congestion;

/* What one acknowledgment says to a congestion control. */
struct tcp_sample {
    int64_t now;
    struct tcp_seq una, nxt;     /* SND.UNA after it, SND.NXT: for counting rounds */
    uint32_t acked_bytes;        /* newly acknowledged cumulatively */
    uint32_t delivered_bytes;    /* newly known to have arrived, cumulatively or selectively */
    uint32_t lost_segments;      /* newly deemed lost */
    uint32_t flight_bytes;       /* in flight before it */
    int64_t rtt;                 /* measured by it; 0: no sample */
    int64_t srtt, least_rtt;     /* smoothed, and the shortest ever; 0: none yet */
    struct tcp_rate_sample rate; /* how fast data is delivered */
    uint64_t delivered_total;    /* bytes delivered in all */
    bool is_limited;             /* the window was what held the sender back: else it must not grow */
    bool is_recovering;          /* a loss is being repaired (only full control sees these) */
};

/* How acknowledgments count for growth. */
enum tcp_counting {
    TCP_COUNT_ACKS,  /* each ACK of new data counts as one segment at most: RFC 5681 (2) and (3) */
    TCP_COUNT_BYTES, /* octets, one segment for each ACK in slow start: RFC 5681 section 3.1, RFC 3465 with L
                        = 1 */
    TCP_COUNT_SEGMENTS /* all octets, also in slow start: as Linux does */
};

struct tcp_congestion_param {
    const char *name;    /* "beta" */
    int64_t usual;       /* default */
    int64_t least, most; /* range */
    const char *summary; /* one sentence that names the unit */
};

struct tcp_congestion_type {
    const char *name;    /* "reno" */
    const char *summary; /* one sentence */
    const struct tcp_congestion_param
        *params;          /* ended by one without a name; NULL: none; TCP_CONGESTION_PARAMS at most */
    uint32_t state_bytes; /* of memory of its own for each connection, zeroed */
    bool is_full_control; /* see above */
    const char *recovery; /* the only recovery that it can live with (recovery.h); NULL: the profile's */
    const char *recovery_without_sack; /* likewise if there is no SACK; NULL: "newreno" */
    const char
        *lost_formula; /* what `lost` computes of W, its argument: "max(beta W, 2 MSS)". NULL: as below */
    const char *lost_clause; /* where it is written: "RFC 5681 (4)" */

    /* All may be NULL, with what is said then. */
    void (*init)(struct tcp_congestion *c);                                   /* nothing */
    void (*acked)(struct tcp_congestion *c, const struct tcp_sample *sample); /* it never grows */
    uint32_t (*lost)(struct tcp_congestion *c,
                     uint32_t flight_bytes);                  /* max(flight/2, 2 MSS): RFC 5681 (4) */
    void (*timeout)(struct tcp_congestion *c);                /* nothing; after `lost` */
    void (*recovered)(struct tcp_congestion *c);              /* nothing; the loss is repaired */
    void (*undo)(struct tcp_congestion *c);                   /* nothing; cwnd, ssthresh are back */
    void (*idle)(struct tcp_congestion *c, int64_t duration); /* nothing; silence has ended */
    void (*mss)(struct tcp_congestion *c);                    /* nothing; `mss` has changed */
};

/* What a profile decides about any control. */
struct tcp_congestion_rules {
    enum tcp_counting counting;
    uint32_t initial_segments; /* initial window: 10, RFC 6928; 1 in textbooks */
    bool restarts_after_idle;  /* RFC 5681 section 4.1 */
    bool is_linux;    /* a loss halves cwnd, not what is in flight; idle halves the window for each RTO */
    bool has_hystart; /* slow start ends when round trips grow: RFC 9406 */
};

/* One connection's. */
struct tcp_congestion {
    const struct tcp_congestion_type *type;
    struct tcp_congestion_rules rules;
    const struct tcp_teller *teller;       /* borrowed */
    void *state;                           /* type->state_bytes; owned; NULL: none */
    uint32_t mss;                          /* octets of data in a full segment: options are not counted */
    uint32_t cwnd;                         /* bytes; read-only but for tcp_congestion_set_cwnd */
    uint32_t ssthresh;                     /* bytes; likewise */
    uint32_t counted_bytes;                /* acknowledged since the window last grew: tcp_congestion_avoid */
    uint32_t slow_start_divisor;           /* 4 in the conservative phase of HyStart++, else 1 */
    uint64_t pacing_bps;                   /* bits per second; 0: not paced */
    uint32_t flight_bytes;                 /* what is in flight now: told with each change */
    int64_t params[TCP_CONGESTION_PARAMS]; /* in the order of type->params */
    struct tcp_hystart hystart;            /* with rules.has_hystart */
    /* Before the latest reduction, for undoing it. */
    uint32_t prior_cwnd, prior_ssthresh;
};

/* All that are built in, ended by NULL; and the one of this name, or NULL. */
extern const struct tcp_congestion_type *const tcp_congestion_types[];
const struct tcp_congestion_type *tcp_congestion_find(const char *name);

/* Nothing is known yet; the initial window is set by tcp_congestion_start. */
void tcp_congestion_init(struct tcp_congestion *c, const struct tcp_congestion_type *type,
                         const struct tcp_congestion_rules *rules, const struct tcp_teller *teller);
void tcp_congestion_release(struct tcp_congestion *c);

/* Another type takes over, with the window as it is: TCP_CONGESTION on Linux. */
void tcp_congestion_change(struct tcp_congestion *c, const struct tcp_congestion_type *type);

/* The value of parameter `name`. False: no such parameter, or out of range. Before start. */
bool tcp_congestion_set_param(struct tcp_congestion *c, const char *name, int64_t value);

/* The connection is open and its MSS known. A SYN was lost: one segment, RFC 5681 section 3.1. */
void tcp_congestion_start(struct tcp_congestion *c, uint32_t mss, bool syn_was_lost);

/* The MSS has changed (RFC 1191): cwnd is at least one segment. */
void tcp_congestion_set_mss(struct tcp_congestion *c, uint32_t mss);

/* ---- What recovery calls ---- */

void tcp_congestion_acked(struct tcp_congestion *c, const struct tcp_sample *sample);

/* A loss, or a mark of congestion. Remembers cwnd and ssthresh for undo and sets ssthresh; cwnd is the
 * recovery's next step. `why` is how the rule begins: "3rd duplicate ACK". `flight_bytes` as RFC 5681
 * section 3.1 means it. */
void tcp_congestion_lost(struct tcp_congestion *c, uint32_t flight_bytes, const char *why);

/* The retransmission timer has run out: cwnd is one segment. `is_first` for this segment: ssthresh falls too.
 */
void tcp_congestion_timeout(struct tcp_congestion *c, uint32_t flight_bytes, bool is_first);

void tcp_congestion_recovered(struct tcp_congestion *c);
void tcp_congestion_undo(struct tcp_congestion *c, const char *why);

/* Sending begins again after nothing was sent for `duration`; `rto` is the timeout. RFC 5681 section 4.1. */
void tcp_congestion_idle(struct tcp_congestion *c, int64_t duration, int64_t rto);

/* ---- What congestion controls call ---- */

/* The two ways in which the window may change; within bounds. `rule` says which rule, with its clause, and is
 * kept by nobody. */
void tcp_congestion_set_cwnd(struct tcp_congestion *c, uint32_t cwnd, const char *rule);
void tcp_congestion_set_ssthresh(struct tcp_congestion *c, uint32_t ssthresh, const char *rule);

/* Slow start: the window grows by what was acknowledged, as the rules count it, up to ssthresh. Returns the
 * octets that are left for avoidance. RFC 5681 (2). */
uint32_t tcp_congestion_slow_start(struct tcp_congestion *c, uint32_t acked_bytes);

/* Avoidance: one MSS for each `window_bytes` acknowledged. RFC 5681 (3). */
void tcp_congestion_avoid(struct tcp_congestion *c, uint32_t window_bytes, uint32_t acked_bytes,
                          const char *rule);

static inline bool tcp_congestion_is_slow_start(const struct tcp_congestion *c)
{
    return c->cwnd < c->ssthresh;
}

#endif
