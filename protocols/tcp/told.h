/* SPDX-License-Identifier: MIT
 * What recovery and congestion control tell the trace, and about which connection.
 *
 * The window, the threshold, what is lost, which recovery began and ended, round trips and the timeout: each
 * change is one fact with the old and the new value and the rule that did it, as words with their clause.
 * Every kind has the field `flow` second, as all of TCP's have: "10.0.1.2:49152 > 10.0.2.2:9", ours first.
 *
 * Rules are words, not numbers, so that a congestion control that is not ours can have its own. Words that
 * are built on the spot (a formula with its values) are built only while somebody listens: ask
 * tcp_teller_is_heard. */
#ifndef NETARIUM_PROTOCOLS_TCP_TOLD_H
#define NETARIUM_PROTOCOLS_TCP_TOLD_H

#include "protocols/env.h"

/* Whose voice it is. Embedded in a connection, which says its name when it is asked. */
struct tcp_teller {
    struct env *env;
    uint64_t (*flow)(
        const struct tcp_teller *teller); /* number of a text (env_text); asked only while heard */
};

enum tcp_told {
    TCP_TOLD_CWND,     /* tcp.cwnd, a gauge: the congestion window */
    TCP_TOLD_SSTHRESH, /* tcp.ssthresh, a gauge: where slow start ends */
    TCP_TOLD_RECOVERY, /* tcp.recovery, a gauge: from one state of recovery to another */
    TCP_TOLD_LOST,     /* tcp.lost: a segment is deemed lost */
    TCP_TOLD_UNDO,     /* tcp.undo: a reduction was a mistake and is taken back */
    TCP_TOLD_REORDER,  /* tcp.reordering: the network has been seen to reorder */
    TCP_TOLD_RTT,      /* tcp.rtt, a gauge: one measured round trip */
    TCP_TOLD_SRTT,     /* tcp.srtt, a gauge: the smoothed one, and its variation */
    TCP_TOLD_RTO,      /* tcp.rto, a gauge: the retransmission timeout */
    TCP_TOLD_RATE,     /* tcp.delivery_rate, a gauge: how fast data is delivered */
    TCP_TOLDS
};
/* They are the first of tcp_kinds, tcp.h. */

static inline bool tcp_teller_is_heard(const struct tcp_teller *teller)
{
    return *teller->env->is_listening;
}

/* Tells a fact of which `first` is the first value; the flow is put second. Returns its number, or 0. */
uint64_t tcp_tell(const struct tcp_teller *teller, enum tcp_told what, int64_t first, int64_t third,
                  int64_t fourth, int64_t fifth, int64_t sixth);

/* The number of a text for a fact. */
int64_t tcp_tell_text(const struct tcp_teller *teller, const char *words);

#endif
