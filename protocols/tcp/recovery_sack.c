/* SPDX-License-Identifier: MIT
 * Recovery with SACK as RFC 6675 has it: pipe says how much is in the network, the scoreboard says what is
 * lost.
 *
 *      begins     3 duplicate ACKs, or enough sacked above the first hole (IsLost)
 *      sends      while cwnd - pipe >= 1 MSS, by NextSeg:
 *                 (1) the lowest that is lost   (2) new data   (3) what may be lost, below the highest sacked
 *                 (4) once in a recovery, the last segment (rescue)
 *      ends       when all that was outstanding is acknowledged
 *
 * cwnd = ssthresh from the beginning: nothing leaves until pipe has fallen so far. With PRR (recovery_prr.c)
 * it is reduced in step with what arrives instead. */
#include "protocols/tcp/recovery_parts.h"

#define IS_LOST "3 pieces or more than 2 MSS were sacked above it: IsLost, RFC 6675 section 4"

static uint64_t tell_lost(void *context, const struct tcp_sent *sent)
{
    struct tcp_recovery *r = context;
    r->lost_total++;
    return recovery_tell_lost(r, sent, IS_LOST);
}

static uint32_t judge(struct tcp_recovery *r)
{
    return tcp_scoreboard_lose_below(&r->board, r->threshold, r->congestion.mss, tell_lost, r);
}

static void set_window(struct tcp_recovery *r, const struct tcp_delivery *delivery, bool is_safe)
{
    if (r->rules.uses_prr)
        recovery_set_cwnd(r,
                          prr_cwnd(&r->prr, delivery->delivered_bytes, tcp_scoreboard_pipe(&r->board),
                                   r->congestion.ssthresh, r->congestion.mss, is_safe),
                          "proportional rate reduction: cwnd = pipe + sndcnt, RFC 6937 section 3");
}

static void begin(struct tcp_recovery *r, const struct tcp_delivery *delivery, bool by_count)
{
    recovery_enter(r, by_count ? "3rd duplicate ACK" : "IsLost(HighACK + 1), RFC 6675 section 5 (2)");
    uint32_t first = tcp_scoreboard_first(&r->board);
    if (!(tcp_scoreboard_at(&r->board, first)->marks & (TCP_MARK_LOST | TCP_MARK_SACKED)))
        recovery_lose(r, first, "3rd duplicate ACK, RFC 6675 section 5 (4.3)");
    if (!r->rules.uses_prr)
        recovery_set_cwnd(r, r->congestion.ssthresh,
                          "fast recovery: cwnd = ssthresh, RFC 6675 section 5 (4.2)");
    set_window(r, delivery, false);
}

static void sack_acked(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery)
{
    (void)ack;
    bool is_new = delivery->acked_bytes > 0;
    bool is_over = r->state == TCP_CWR ? recovery_is_past(r) : r->state > TCP_CWR && recovery_is_over(r);
    if (is_new && is_over) {
        uint32_t cwnd = r->congestion.cwnd;
        if (r->rules.uses_prr && r->state != TCP_LOSS)
            cwnd = r->congestion.ssthresh;
        recovery_leave(r, cwnd, "all that was outstanding is acknowledged, RFC 6675 section 5 (A)");
    }
    uint32_t lost = judge(r);
    switch (r->state) {
    case TCP_RECOVERY:
        set_window(r, delivery, is_new && !lost);
        return;
    case TCP_LOSS:
        return;
    default:
        break;
    }
    if (tcp_recovery_outstanding(r) && (r->board.lost_entries || r->duplicates >= r->threshold)) {
        begin(r, delivery, !r->board.lost_entries);
        return;
    }
    if (r->state == TCP_CWR)
        set_window(r, delivery, is_new);
    else if (r->state == TCP_OPEN && (r->board.sacked_entries || r->duplicates))
        recovery_move(r, TCP_DISORDER, "something is sacked: something is missing, or late");
    else if (r->state == TCP_DISORDER && !r->board.sacked_entries && is_new)
        recovery_leave(r, r->congestion.cwnd, "it was only late");
}

/* An entry below the highest sacked octet and above HighRxt that is neither sacked nor sent again: NextSeg
 * (3). */
static uint32_t maybe_lost(struct tcp_recovery *r)
{
    struct tcp_scoreboard *board = &r->board;
    struct tcp_seq from = tcp_seq_later(r->high_rxt, board->una);
    if (!tcp_seq_is_before(from, board->highest_sacked))
        return TCP_NO_ENTRY;
    uint32_t entry = tcp_scoreboard_unsacked(board, tcp_scoreboard_find(board, from));
    if (entry == TCP_NO_ENTRY)
        return entry;
    const struct tcp_sent *sent = tcp_scoreboard_at(board, entry);
    bool may = tcp_seq_is_before(sent->start, board->highest_sacked) && !(sent->marks & TCP_MARK_RESENT);
    return may ? entry : TCP_NO_ENTRY;
}

/* The last segment, if nothing says anything about it: NextSeg (4). */
static uint32_t rescue(const struct tcp_recovery *r)
{
    uint32_t last = tcp_scoreboard_last(&r->board);
    if (r->is_rescue_used || last == TCP_NO_ENTRY)
        return TCP_NO_ENTRY;
    return tcp_scoreboard_at(&r->board, last)->marks & (TCP_MARK_SACKED | TCP_MARK_RESENT) ? TCP_NO_ENTRY
                                                                                           : last;
}

/* Behind the lost (NextSeg (1)) and new data (2), which go first: tcp_recovery_next. */
static void sack_next(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn)
{
    uint32_t pipe = tcp_scoreboard_pipe(&r->board);
    bool may = r->state == TCP_RECOVERY && pipe + r->congestion.mss <= r->congestion.cwnd;
    if (!may || new_bytes)
        return;
    uint32_t entry = maybe_lost(r);
    turn->why = "RFC 6675 NextSeg (3): it may be lost";
    if (entry == TCP_NO_ENTRY) {
        entry = rescue(r);
        turn->why = "RFC 6675 NextSeg (4): rescue, the last segment once";
        r->is_rescue_used |= entry != TCP_NO_ENTRY;
    }
    if (entry == TCP_NO_ENTRY)
        return;
    const struct tcp_sent *sent = tcp_scoreboard_at(&r->board, entry);
    turn->what = TCP_TURN_AGAIN;
    turn->range = (struct tcp_range){sent->start, sent->end};
}

const struct tcp_recovery_type tcp_recovery_sack = {
    .name = "sack",
    .summary = "what is lost by counting what was sacked above it; pipe says what is in the network",
    .needs_sack = true,
    .acked = sack_acked,
    .next = sack_next,
};
