/* SPDX-License-Identifier: MIT
 * Proportional rate reduction: the window falls to ssthresh in step with what arrives. RFC 6937.
 *
 *      pipe > ssthresh    for each 10 segments delivered 5 may leave (or 7 of CUBIC): the ACK clock never
 * stops pipe =< ssthresh   too much was lost: what was delivered may be replaced, and one segment more while
 * it goes well
 *
 * An algorithm without it waits half a round trip until the pipe has drained, then sends in a burst. */
#include "protocols/tcp/recovery_parts.h"

void prr_begin(struct tcp_prr *prr, uint32_t outstanding_bytes)
{
    *prr = (struct tcp_prr){.recover_fs = outstanding_bytes ? outstanding_bytes : 1};
}

uint32_t prr_cwnd(struct tcp_prr *prr, uint32_t delivered_bytes, uint32_t pipe_bytes, uint32_t ssthresh,
                  uint32_t mss, bool is_safe)
{
    prr->delivered += delivered_bytes;
    int64_t may = 0;
    if (pipe_bytes > ssthresh) { /* the proportional part, rounded up */
        uint64_t due = (prr->delivered * ssthresh + prr->recover_fs - 1) / prr->recover_fs;
        may = (int64_t)due - (int64_t)prr->out;
    } else { /* the reduction bound: conservative, or with slow start */
        int64_t owed = (int64_t)prr->delivered - (int64_t)prr->out;
        int64_t limit = owed > (int64_t)delivered_bytes ? owed : (int64_t)delivered_bytes;
        limit += is_safe ? mss : 0;
        int64_t room = (int64_t)ssthresh - pipe_bytes;
        may = room < limit ? room : limit;
    }
    if (!prr->out && may < (int64_t)mss)
        may = mss; /* the fast retransmit goes in any case */
    return pipe_bytes + (may > 0 ? (uint32_t)may : 0);
}
