/* SPDX-License-Identifier: MIT
 * Was it a mistake? Segments that were only late, or reordered, look lost for a while. Three ways to find
 * out:
 *
 *      D-SACK       the peer says that it got something twice: when that is true of all that was sent again,
 * nothing was lost timestamps   the ACK of what was sent again echoes a timestamp from before: it was the
 * original that arrived (Eifel) F-RTO        after a timeout two new segments go before the rest: if what is
 * acknowledged then was never sent again, the originals are arriving, and the timer was too short
 *
 * Then the window is what it was, and what is still thought lost is not. RFC 2883, RFC 3708; RFC 3522, RFC
 * 4015; RFC 5682. */
#include "protocols/tcp/recovery_parts.h"

bool undo_see_dsack(struct tcp_recovery *r, const struct tcp_ack *ack)
{
    if (!ack->sack_count)
        return false;
    struct tcp_range first = ack->sack[0];
    bool is_old = tcp_seq_is_up_to(first.end, ack->ack); /* RFC 2883 section 4: below the acknowledgment, */
    bool is_inside = ack->sack_count > 1 && tcp_seq_is_up_to(ack->sack[1].start, first.start) &&
                     tcp_seq_is_up_to(first.end, ack->sack[1].end); /* or inside the second block */
    if (!tcp_seq_is_before(first.start, first.end) || !(is_old || is_inside))
        return false;
    r->dsacks++;
    if (r->may_undo && r->undo_resent && tcp_seq_is_after(first.end, r->undo_una) &&
        tcp_seq_is_up_to(first.end, r->board.nxt))
        r->undo_resent--;
    return true;
}

void undo_watch(struct tcp_recovery *r)
{
    r->may_undo = r->rules.uses_undo;
    r->undo_una = r->board.una;
    r->undo_resent = 0;
    r->has_resent = false;
}

void undo_resent(struct tcp_recovery *r, uint32_t echo)
{
    if (!r->has_resent)
        r->first_resent_echo = echo;
    r->has_resent = true;
    r->undo_resent++;
}

static void undo(struct tcp_recovery *r, const char *why)
{
    r->may_undo = false;
    r->frto = TCP_FRTO_OFF;
    if (r->state >= TCP_RECOVERY) {
        tcp_scoreboard_unlose_all(&r->board);
        recovery_move(r, TCP_OPEN, why);
    }
    r->is_resend_due = false;
    r->duplicates = 0;
    r->rack.has_sample = false; /* what RACK took for a retransmission's arrival was the original's */
    r->congestion.flight_bytes = tcp_scoreboard_pipe(&r->board);
    tcp_congestion_undo(&r->congestion, why);
    if (r->threshold < r->rules.most_reordering)
        r->threshold++; /* it reorders more than we thought */
}

/* RFC 5682 section 2.1, and section 3 with SACK. */
static bool frto_says_so(struct tcp_recovery *r, const struct tcp_delivery *delivery)
{
    bool is_original = delivery->has_clean && tcp_seq_is_before(delivery->lowest, r->frto_end);
    bool is_covered = tcp_seq_is_up_to(r->frto_end, r->board.una);
    switch (r->frto) {
    case TCP_FRTO_FIRST:
        r->frto = delivery->acked_bytes && !is_covered ? TCP_FRTO_NEW : TCP_FRTO_OFF;
        r->frto_new = 2;
        return false;
    case TCP_FRTO_NEW:
        r->frto = TCP_FRTO_OFF;
        return delivery->delivered_bytes && is_original;
    default:
        return false;
    }
}

bool undo_try(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery)
{
    if (r->state == TCP_LOSS && frto_says_so(r, delivery)) {
        undo(r, "what was never sent again is acknowledged: the timeout was spurious, RFC 5682 section 2.1 "
                "step 3");
        return true;
    }
    if (!r->may_undo || !r->has_resent)
        return false;
    if (!r->undo_resent) {
        undo(r, "all that was sent again had arrived before, says D-SACK, RFC 3708 section 3");
        return true;
    }
    bool is_original =
        ack->has_echo && delivery->acked_bytes && (int32_t)(ack->echo - r->first_resent_echo) < 0;
    if (r->state < TCP_RECOVERY || !is_original)
        return false;
    undo(r, "the timestamp echoed is of the original, which was only late, RFC 3522 section 3.2");
    return true;
}
