/* SPDX-License-Identifier: MIT
 * RACK: a segment is lost if something that left long enough after it has arrived. RFC 8985 section 6.
 *
 *      left      1   2   3   4   5          5 has arrived, a round trip after it left.
 *      arrived   x   x           x          2 and 3 left before 5, so they should be here: they are lost once
 *                                           the reordering window has passed too
 *
 * Counting duplicate ACKs breaks when the network reorders, and when the tail or a retransmission is lost.
 * Time does not: each transmission, the first or a later one, is judged alike. The scoreboard keeps what is
 * in flight by order of leaving, so only the oldest is looked at: lost, and the next one; or not yet, and a
 * timer is set for when it will be.
 *
 * The reordering window is nothing while the network has never reordered and three segments were sacked; a
 * quarter of the shortest round trip otherwise, one quarter more for each round trip in which a D-SACK shows
 * that it was too short, at most SRTT; after 16 recoveries it shrinks back. */
#include "protocols/tcp/recovery_parts.h"

#define PERSIST 16 /* recoveries */

/* Section 6.2 step 2: the segment that left last among those delivered. A retransmitted one counts only if
 * its own round trip is plausible: else it was the original that arrived. */
static void take_latest(struct tcp_recovery *r, const struct tcp_ack *ack,
                        const struct tcp_delivery *delivery)
{
    struct tcp_rack *rack = &r->rack;
    const struct tcp_sent *sent = &delivery->latest;
    if (!delivery->delivered_segments)
        return;
    int64_t rtt = recovery_now(r) - sent->sent_at;
    if (sent->marks & TCP_MARK_EVER) {
        bool is_too_soon = rtt < r->rtt.least_ever && r->rtt.least_ever != ENV_NEVER;
        /* a timestamp says something about it only if it was acknowledged cumulatively */
        bool is_original =
            ack->has_echo && tcp_seq_is_up_to(sent->end, ack->ack) && (int32_t)(ack->echo - sent->echo) < 0;
        if (is_too_soon || is_original) {
            if (!delivery->has_clean)
                return;
            sent = &delivery->clean;
            rtt = recovery_now(r) - sent->sent_at;
        }
    }
    if (rack->has_sample && sent->order < rack->order)
        return;
    rack->has_sample = true;
    rack->rtt = rtt;
    rack->order = sent->order;
    rack->sent_at = sent->sent_at;
    rack->end = sent->end;
}

/* Step 3: something that was sent once arrives after something behind it. */
static void see_reordering(struct tcp_recovery *r, const struct tcp_delivery *delivery)
{
    struct tcp_rack *rack = &r->rack;
    if (delivery->has_clean && tcp_seq_is_before(delivery->lowest, rack->fack)) {
        r->reorderings++;
        if (!rack->has_seen_reordering && tcp_teller_is_heard(r->teller))
            tcp_tell(
                r->teller, TCP_TOLD_REORDER, delivery->lowest.value, r->threshold,
                tcp_tell_text(r->teller,
                              "from now on RACK waits for a reordering window, RFC 8985 section 6.2 step 3"),
                0, 0);
        rack->has_seen_reordering = true;
    }
    rack->fack = tcp_seq_later(rack->fack, r->board.highest_sacked);
}

/* Step 4. */
static void widen(struct tcp_recovery *r, bool has_dsack)
{
    struct tcp_rack *rack = &r->rack;
    if (rack->has_dsack_round && tcp_seq_is_up_to(rack->dsack_round, r->board.una))
        rack->has_dsack_round = false;
    if (!has_dsack || rack->has_dsack_round)
        return;
    rack->has_dsack_round = true;
    rack->dsack_round = r->board.nxt;
    rack->window_mult++;
    rack->persist = PERSIST;
}

static int64_t reordering_window(const struct tcp_recovery *r)
{
    const struct tcp_rack *rack = &r->rack;
    bool is_sure = r->state >= TCP_RECOVERY || r->board.sacked_entries >= r->threshold;
    if ((!rack->has_seen_reordering && is_sure) || r->rtt.least_ever == ENV_NEVER)
        return 0;
    int64_t window = r->rtt.least_ever / 4 * rack->window_mult, most = tcp_rtt_srtt(&r->rtt);
    return window < most ? window : most;
}

/* Step 5. Returns how many segments were lost. */
static uint32_t detect(struct tcp_recovery *r)
{
    struct tcp_rack *rack = &r->rack;
    uint32_t count = 0;
    int64_t wait = rack->rtt + reordering_window(r);
    rack->reorder_at = ENV_NEVER;
    while (rack->has_sample) {
        uint32_t oldest = tcp_scoreboard_oldest(&r->board);
        if (oldest == TCP_NO_ENTRY)
            break;
        const struct tcp_sent *sent = tcp_scoreboard_at(&r->board, oldest);
        if (sent->order >= rack->order)
            break; /* nothing that left after it has arrived */
        if (sent->sent_at + wait > recovery_now(r)) {
            rack->reorder_at = sent->sent_at + wait;
            break;
        }
        recovery_lose(
            r, oldest,
            "it left more than a round trip and the reordering window before now, and something later has "
            "arrived: RFC 8985 section 6.2 step 5");
        count++;
    }
    return count;
}

static void set_window(struct tcp_recovery *r, uint32_t delivered_bytes, bool is_safe)
{
    if (r->rules.uses_prr)
        recovery_set_cwnd(r,
                          prr_cwnd(&r->prr, delivered_bytes, tcp_scoreboard_pipe(&r->board),
                                   r->congestion.ssthresh, r->congestion.mss, is_safe),
                          "proportional rate reduction: cwnd = pipe + sndcnt, RFC 6937 section 3");
}

static void begin(struct tcp_recovery *r, uint32_t delivered_bytes, const char *why)
{
    bool was_reducing = r->state == TCP_CWR;
    recovery_enter(r, why);
    if (!r->rules.uses_prr && !was_reducing)
        recovery_set_cwnd(r, r->congestion.ssthresh,
                          "fast recovery: cwnd = ssthresh, RFC 6675 section 5 (4.2)");
    set_window(r, delivered_bytes, false);
}

static void move(struct tcp_recovery *r, const struct tcp_delivery *delivery, uint32_t lost)
{
    bool is_new = delivery->acked_bytes > 0;
    if (r->state == TCP_RECOVERY) {
        set_window(r, delivery->delivered_bytes, is_new && !lost);
    } else if (r->state == TCP_LOSS) {
        return;
    } else if (r->board.lost_entries) {
        begin(r, delivery->delivered_bytes, "RACK: a segment is lost");
    } else if (r->state == TCP_CWR) {
        set_window(r, delivery->delivered_bytes, is_new);
    } else if (r->state == TCP_OPEN && r->board.sacked_entries) {
        recovery_move(r, TCP_DISORDER, "something is sacked: something is missing, or late");
    } else if (r->state == TCP_DISORDER && !r->board.sacked_entries && is_new) {
        recovery_leave(r, r->congestion.cwnd, "it was only late");
    }
}

static void rack_acked(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery)
{
    bool is_new = delivery->acked_bytes > 0, has_dsack = delivery->has_dsack;
    take_latest(r, ack, delivery);
    see_reordering(r, delivery);
    widen(r, has_dsack);
    tlp_acked(r, ack, has_dsack);
    bool is_over = r->state == TCP_CWR ? recovery_is_past(r) : r->state > TCP_CWR && recovery_is_over(r);
    if (is_new && is_over) {
        uint32_t cwnd =
            r->rules.uses_prr && r->state != TCP_LOSS ? r->congestion.ssthresh : r->congestion.cwnd;
        recovery_leave(r, cwnd, "all that was outstanding is acknowledged");
    }
    move(r, delivery, detect(r));
    if (is_new || r->board.sacked_entries)
        tlp_schedule(r);
}

static void rack_sent(struct tcp_recovery *r, bool is_new)
{
    tlp_sent(r, is_new);
}

static int64_t rack_deadline(const struct tcp_recovery *r, int64_t rto_at)
{
    const struct tcp_rack *rack = &r->rack;
    if (rack->reorder_at != ENV_NEVER)
        return rack->reorder_at;
    if (rack->probe_at == ENV_NEVER)
        return ENV_NEVER;
    return rack->probe_at < rto_at ? rack->probe_at : rto_at; /* section 7.2: not later than the timeout */
}

static bool rack_expire(struct tcp_recovery *r)
{
    struct tcp_rack *rack = &r->rack;
    if (rack->reorder_at != ENV_NEVER) {
        if (rack->reorder_at > recovery_now(r))
            return false;
        uint32_t lost = detect(r);
        if (lost && r->state < TCP_RECOVERY)
            begin(r, 0, "RACK: the reordering window has passed, RFC 8985 section 6.2 step 5");
        else if (lost)
            r->is_resend_due = true;
    } else if (rack->probe_at != ENV_NEVER) {
        rack->probe_at = ENV_NEVER;
        rack->is_probe_due = true;
        return true;
    }
    return false;
}

static void rack_next(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn)
{
    if (r->rack.is_probe_due)
        tlp_next(r, new_bytes, turn);
}

const struct tcp_recovery_type tcp_recovery_rack = {
    .name = "rack",
    .summary =
        "lost is what left well before something that has arrived; a probe finds what is lost at the end",
    .needs_sack = true,
    .acked = rack_acked,
    .sent = rack_sent,
    .deadline = rack_deadline,
    .expire = rack_expire,
    .next = rack_next,
};
