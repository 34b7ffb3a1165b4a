/* SPDX-License-Identifier: MIT
 * Fast retransmit and fast recovery without SACK: RFC 5681 section 3.2 (Reno) and RFC 6582 (NewReno).
 *
 *      3rd duplicate ACK    ssthresh = max(FlightSize/2, 2 MSS); the first segment goes again; cwnd =
 * ssthresh + 3 MSS: three have left each further one     cwnd += 1 MSS: one more has left the network; new
 * data may go partial ACK          (NewReno) it shows the next hole, which goes at once; cwnd -= what it
 * acknowledged, += 1 MSS full ACK             cwnd = ssthresh, it is over
 *
 * Without SACK the sender cannot know how many are missing. Reno believes that it was one, and takes a
 * partial ACK for the end; with several losses in one window it halves several times or runs into a timeout.
 */
#include "protocols/tcp/recovery_parts.h"

static void begin(struct tcp_recovery *r)
{
    recovery_enter(r, "3rd duplicate ACK");
    recovery_lose(r, tcp_scoreboard_first(&r->board), "3rd duplicate ACK, RFC 5681 section 3.2 step 2");
    recovery_set_cwnd(r, r->congestion.ssthresh + 3 * r->congestion.mss,
                      "fast recovery: cwnd = ssthresh + 3 MSS, RFC 5681 section 3.2 step 3");
}

/* RFC 6582 section 3.2 step 3, option (1): no burst if little is in flight. */
static void end_with_full_ack(struct tcp_recovery *r)
{
    uint32_t flight = tcp_recovery_outstanding(r), mss = r->congestion.mss;
    uint32_t bound = (flight > mss ? flight : mss) + mss;
    uint32_t ssthresh = r->congestion.ssthresh;
    recovery_leave(r, ssthresh < bound ? ssthresh : bound,
                   "full ACK: cwnd = min(ssthresh, max(FlightSize, MSS) + MSS), RFC 6582 section 3.2 step 3");
}

static void deflate(struct tcp_recovery *r, uint32_t acked_bytes)
{
    uint32_t mss = r->congestion.mss, cwnd = r->congestion.cwnd;
    recovery_lose(r, tcp_scoreboard_first(&r->board),
                  "partial ACK: the next hole, RFC 6582 section 3.2 step 4");
    r->is_resend_due = true;
    cwnd -= acked_bytes < cwnd ? acked_bytes : cwnd;
    cwnd += acked_bytes >= mss ? mss : 0;
    recovery_set_cwnd(r, cwnd,
                      "partial ACK: cwnd -= octets acknowledged, += MSS, RFC 6582 section 3.2 step 4");
}

/* What the two have in common; `has_partial`: NewReno. */
static void acked(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery,
                  bool has_partial)
{
    bool is_new = delivery->acked_bytes > 0;
    switch (r->state) {
    case TCP_RECOVERY:
        if (is_new && recovery_is_over(r))
            end_with_full_ack(r);
        else if (is_new && has_partial)
            deflate(r, delivery->acked_bytes);
        else if (is_new)
            recovery_leave(r, r->congestion.ssthresh,
                           "new data is acknowledged: cwnd = ssthresh, RFC 5681 section 3.2 step 6");
        else if (ack->is_duplicate)
            recovery_set_cwnd(
                r, r->congestion.cwnd + r->congestion.mss,
                "another duplicate ACK: a segment has left, cwnd += MSS, RFC 5681 section 3.2 step 4");
        return;
    case TCP_LOSS:
        if (is_new && recovery_is_over(r))
            recovery_leave(r, r->congestion.cwnd, "all that was outstanding at the timeout is acknowledged");
        return;
    default:
        break;
    }
    if (is_new) {
        if (r->state == TCP_CWR ? recovery_is_past(r) : r->state == TCP_DISORDER)
            recovery_leave(r, r->congestion.cwnd, "new data is acknowledged, nothing was lost");
        return;
    }
    /* RFC 6582 section 3.2 step 2: duplicates of what a timeout sent needlessly are no loss. */
    bool may_begin =
        recovery_is_over(r) && !(r->has_recover && has_partial && tcp_seq_is_equal(r->recover, r->board.una));
    if (r->duplicates >= r->threshold && (may_begin || r->state == TCP_CWR))
        begin(r);
    else if (r->duplicates && r->state == TCP_OPEN)
        recovery_move(r, TCP_DISORDER, "a duplicate ACK: something is missing, or late");
}

static void newreno_acked(struct tcp_recovery *r, const struct tcp_ack *ack,
                          const struct tcp_delivery *delivery)
{
    acked(r, ack, delivery, true);
}

static void reno_acked(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery)
{
    acked(r, ack, delivery, false);
}

const struct tcp_recovery_type tcp_recovery_newreno = {
    .name = "newreno",
    .summary = "fast recovery until all losses of a window are repaired; partial ACKs show the next",
    .acked = newreno_acked,
};

const struct tcp_recovery_type tcp_recovery_reno = {
    .name = "reno",
    .summary = "fast recovery that ends at the first acknowledgment of new data",
    .acked = reno_acked,
};
