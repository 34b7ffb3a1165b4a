/* SPDX-License-Identifier: MIT
 * The end of the first slow start before the queue overflows: HyStart++, RFC 9406.
 *
 *      slow start              -> conservative      round trips have grown by an eighth (4 ms to 16 ms)
 *      conservative            -> slow start        they are short again: it was noise
 *      conservative, 5 rounds  -> avoidance         ssthresh = cwnd
 *
 * A round is what was outstanding when it began. The shortest of a round's round trips is compared with the
 * shortest of the round before, once eight have been measured. In the conservative phase the window grows by
 * a quarter of what it would. */
#ifndef NETARIUM_PROTOCOLS_TCP_HYSTART_H
#define NETARIUM_PROTOCOLS_TCP_HYSTART_H

#include "protocols/tcp/seq.h"

struct tcp_hystart {
    struct tcp_seq round_ends;   /* windowEnd */
    int64_t last_least;          /* shortest round trip of the round before; 0: none */
    int64_t least;               /* of this one; 0: none yet */
    int64_t conservative_least;  /* when the conservative phase began; 0: it is slow start */
    uint8_t samples;             /* of this round, up to 8 */
    uint8_t conservative_rounds; /* so many are over */
    bool has_round;
};

/* What slow start should do after this acknowledgment. */
enum tcp_hystart_says { TCP_HYSTART_GROW, TCP_HYSTART_GROW_SLOWLY, TCP_HYSTART_STOP };

/* An acknowledgment up to `una` while `nxt` was sent; `rtt` 0: without a sample. */
enum tcp_hystart_says tcp_hystart_acked(struct tcp_hystart *hystart, struct tcp_seq una, struct tcp_seq nxt,
                                        int64_t rtt);

#endif
