/* SPDX-License-Identifier: MIT
 * How long to wait for an acknowledgment: the smoothed round trip and the retransmission timeout. RFC 6298.
 *
 *      first sample R:   SRTT = R                       RTTVAR = R/2
 *      then:             RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R|      (with the SRTT of before)
 *                        SRTT   = 7/8 SRTT   + 1/8 R
 *                        RTO    = SRTT + max(G, 4 RTTVAR), at least the minimum, at most the maximum
 *
 * Which segments may be sampled is Karn's rule: none that was sent twice, unless a timestamp says which one
 * was acknowledged. The scoreboard and the recovery see to it; here only samples arrive.
 *
 * Arithmetic is in whole picoseconds. SRTT is kept eightfold and RTTVAR fourfold, so nothing is lost by
 * dividing until the value is read:  rttvar4 += |srtt - R| - rttvar4 / 4;  srtt8 += R - srtt8 / 8, divisions
 * towards zero. Samples of 100 ms give an RTO of 300, 250, 212.5, 184.375 ms; these are exact to the
 * picosecond, later ones to some of them.
 *
 * As Linux does it (`is_linux`): the variation is the largest deviation of a round trip's samples, it falls
 * by a quarter of the difference once a round trip, never under the minimum (so RTO = SRTT + at least 200
 * ms), a sample that is much shorter than the mean counts for an eighth only. */
#ifndef NETARIUM_PROTOCOLS_TCP_RTT_H
#define NETARIUM_PROTOCOLS_TCP_RTT_H

#include "protocols/env.h"
#include "protocols/tcp/seq.h"
#include "protocols/tcp/told.h"

struct tcp_rtt_rules {
    int64_t initial;     /* RTO before the first sample: 1 s, RFC 6298 (2.1) */
    int64_t least;       /* 1 s, RFC 6298 (2.4); 200 ms on Linux */
    int64_t most;        /* 60 s at least, RFC 6298 (2.5) */
    int64_t granularity; /* G of the clock */
    bool is_linux;       /* the variation as Linux computes it */
};

struct tcp_rtt {
    struct tcp_rtt_rules rules;
    const struct tcp_teller *teller; /* borrowed */
    int64_t srtt8;                   /* eight times SRTT; 0 with `has_sample` false */
    int64_t rttvar4;                 /* four times RTTVAR: what RTO adds to SRTT */
    int64_t latest;                  /* the latest sample */
    int64_t least_ever;              /* the shortest sample; ENV_NEVER: none yet */
    int64_t rto;                     /* what to wait now, backed off and within bounds */
    unsigned backoff;                /* doublings since the last acknowledgment of new data */
    bool has_sample;

    /* Linux' variant: over one round trip. */
    int64_t deviation4;        /* smoothed mean deviation, fourfold */
    int64_t most_deviation4;   /* its largest in this round */
    struct tcp_seq round_ends; /* when this is acknowledged, a round is over */
};

void tcp_rtt_init(struct tcp_rtt *rtt, const struct tcp_rtt_rules *rules, const struct tcp_teller *teller);

/* One sample (more than 0; 0 counts as one picosecond). `una` and `nxt` are the connection's now. `samples`
 * is how many of them a round trip is expected to bring: 1 for one a round trip, more with timestamps on
 * every ACK (RFC 7323 appendix G; Linux' variant does not need it). The backoff ends: RFC 6298 (5.7) and
 * section 5. */
void tcp_rtt_sample(struct tcp_rtt *rtt, int64_t sample, struct tcp_seq una, struct tcp_seq nxt,
                    unsigned samples);

/* A round trip has been seen that says something about the shortest, and nothing about the usual one. */
void tcp_rtt_seen(struct tcp_rtt *rtt, int64_t duration);

/* The timer has run out: doubles the RTO up to the maximum. RFC 6298 (5.5). */
void tcp_rtt_back_off(struct tcp_rtt *rtt);

/* A SYN timed out and data follows: the RTO is 3 s until there is a sample. RFC 6298 (5.7). */
void tcp_rtt_syn_was_lost(struct tcp_rtt *rtt);

/* The estimates, in picoseconds. */
static inline int64_t tcp_rtt_srtt(const struct tcp_rtt *rtt)
{
    return rtt->srtt8 / 8;
}

static inline int64_t tcp_rtt_rttvar(const struct tcp_rtt *rtt)
{
    return rtt->rttvar4 / 4;
}

/* The RTO without backing off and before the minimum is enforced; the initial one without a sample. */
int64_t tcp_rtt_raw_rto(const struct tcp_rtt *rtt);

#endif
