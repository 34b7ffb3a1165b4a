/* SPDX-License-Identifier: MIT
 * The states of recovery: who moves them, and what a move does to the window. See recovery.h for the list of
 * moves. */
#include "protocols/tcp/recovery_parts.h"

#include <assert.h>

const char *const tcp_recovery_state_words[] = {"open", "disorder", "cwr", "recovery", "loss", NULL};

void recovery_move(struct tcp_recovery *r, enum tcp_recovery_state state, const char *rule)
{
    enum tcp_recovery_state old = r->state;
    bool is_legal = state != TCP_DISORDER || old == TCP_OPEN || old == TCP_DISORDER;
    assert(is_legal);
    r->state = state;
    if (state != old && tcp_teller_is_heard(r->teller))
        env_because(r->teller->env,
                    tcp_tell(r->teller, TCP_TOLD_RECOVERY, state, old, tcp_tell_text(r->teller, rule),
                             r->recover.value, tcp_recovery_outstanding(r)));
}

bool recovery_is_over(const struct tcp_recovery *r)
{
    /* not by asking which is later: a `recover` of two billion octets ago would seem to lie ahead */
    uint32_t ahead = r->recover.value - r->board.una.value;
    return !r->has_recover || !ahead || ahead > tcp_recovery_outstanding(r);
}

bool recovery_is_past(const struct tcp_recovery *r)
{
    return recovery_is_over(r) && !(r->has_recover && tcp_seq_is_equal(r->recover, r->board.una));
}

void recovery_set_cwnd(struct tcp_recovery *r, uint32_t cwnd, const char *rule)
{
    r->congestion.flight_bytes = tcp_scoreboard_pipe(&r->board);
    if (!r->congestion.type->is_full_control)
        tcp_congestion_set_cwnd(&r->congestion, cwnd, rule);
}

/* ---- Losses ---- */

uint64_t recovery_tell_lost(const struct tcp_recovery *r, const struct tcp_sent *sent, const char *rule)
{
    if (!tcp_teller_is_heard(r->teller))
        return 0;
    return tcp_tell(r->teller, TCP_TOLD_LOST, sent->start.value, sent->end.value - sent->start.value,
                    tcp_tell_text(r->teller, rule), recovery_now(r) - sent->sent_at, sent->resent);
}

void recovery_lose(struct tcp_recovery *r, uint32_t entry, const char *rule)
{
    tcp_scoreboard_lose(&r->board, entry, recovery_tell_lost(r, tcp_scoreboard_at(&r->board, entry), rule));
    r->lost_total++;
}

/* ---- Reductions ---- */

/* FlightSize of RFC 5681 (4): outstanding, without what limited transmit has sent. And not more than cwnd:
 * with SACK much more may be unacknowledged, during a repair, than there is in the network. */
static uint32_t flight_size(const struct tcp_recovery *r)
{
    uint32_t outstanding = tcp_recovery_outstanding(r) - r->limited_bytes;
    return outstanding < r->congestion.cwnd ? outstanding : r->congestion.cwnd;
}

/* From here on a window of data counts as one: what was in flight when the acknowledgment came that says so. */
static void begin_reduction(struct tcp_recovery *r, uint32_t flight_bytes, uint32_t outstanding_bytes,
                            const char *why)
{
    undo_watch(r);
    tcp_congestion_lost(&r->congestion, flight_bytes, why);
    prr_begin(&r->prr, outstanding_bytes);
    r->is_cwr_due = true;
}

void recovery_enter(struct tcp_recovery *r, const char *why)
{
    if (r->state != TCP_CWR)
        begin_reduction(r, flight_size(r), tcp_recovery_outstanding(r), why);
    r->recover = r->board.nxt;
    r->has_recover = true;
    r->limited_bytes = 0;
    r->is_rescue_used = false;
    r->high_rxt = r->board.una;
    r->is_resend_due = true; /* RFC 5681 section 3.2 step 3, RFC 6675 (4.3) */
    recovery_move(r, TCP_RECOVERY, why);
}

void recovery_leave(struct tcp_recovery *r, uint32_t cwnd, const char *rule)
{
    bool was_repair = r->state >= TCP_RECOVERY;
    recovery_move(r, TCP_OPEN, rule);
    recovery_set_cwnd(r, cwnd, rule);
    r->duplicates = 0;
    r->limited_bytes = 0;
    r->is_resend_due = false;
    if (!was_repair)
        return;
    if (r->rack.persist && !--r->rack.persist)
        r->rack.window_mult = 1; /* RFC 8985 section 6.2 step 4 */
    tcp_congestion_recovered(&r->congestion);
}

void recovery_marked(struct tcp_recovery *r, uint32_t acked_bytes)
{
    bool may_reduce = r->state == TCP_OPEN || r->state == TCP_DISORDER;
    uint32_t left = tcp_recovery_outstanding(r), flight = left + acked_bytes;
    if (!may_reduce || !recovery_is_past(r) || !flight)
        return; /* until the segment with CWR has arrived the peer goes on saying ECE */
    begin_reduction(r, flight < r->congestion.cwnd ? flight : r->congestion.cwnd, flight,
                    "ECN-Echo, RFC 3168 section 6.1.2");
    r->may_undo = false; /* no segment was thought to be lost */
    r->recover = r->board.nxt;
    r->has_recover = true;
    recovery_move(r, TCP_CWR, "the peer has seen a mark of congestion, RFC 3168 section 6.1.2");
    if (!r->rules.uses_prr || !r->has_sack || !left) /* else in step with what arrives */
        recovery_set_cwnd(r, r->congestion.ssthresh, "ECN-Echo: cwnd = ssthresh, RFC 3168 section 6.1.2");
}

/* RFC 5681 section 3.1: ssthresh falls when the timer runs out for a segment the first time. Linux: not if a
 * reduction of the same window of data is under way. */
static bool is_new_timeout(const struct tcp_recovery *r)
{
    if (r->timeouts)
        return false;
    bool is_reduced = !recovery_is_over(r) && r->state != TCP_OPEN && r->state != TCP_DISORDER;
    return !(r->congestion.rules.is_linux && is_reduced);
}

void tcp_recovery_timeout(struct tcp_recovery *r)
{
    if (!tcp_recovery_outstanding(r))
        return;
    bool is_first = is_new_timeout(r);
    uint32_t first = tcp_scoreboard_first(&r->board);
    bool has_reneged = tcp_scoreboard_at(&r->board, first)->marks & TCP_MARK_SACKED;
    uint64_t told =
        recovery_tell_lost(r, tcp_scoreboard_at(&r->board, first), "no acknowledgment in time, RFC 6298 (5.4)");
    tcp_rtt_back_off(&r->rtt);
    if (is_first)
        undo_watch(r);
    tcp_congestion_timeout(&r->congestion, flight_size(r), is_first);
    r->lost_total -= r->board.lost_entries;
    tcp_scoreboard_lose_all(&r->board, r->rules.forgets_sacks || has_reneged, told);
    r->lost_total += r->board.lost_entries;
    r->frto = r->rules.uses_frto && !r->timeouts && !has_reneged ? TCP_FRTO_FIRST : TCP_FRTO_OFF;
    r->frto_end = r->board.nxt;
    r->timeouts++;
    r->duplicates = 0;
    r->limited_bytes = 0;
    r->recover = r->board.nxt; /* RFC 6582 section 4, RFC 6675 section 5.1 */
    r->has_recover = true;
    r->is_resend_due = true;
    r->is_cwr_due = true;
    r->rack.reorder_at = r->rack.probe_at = ENV_NEVER;
    r->rack.has_probe = r->rack.is_probe_due = false;
    recovery_move(r, TCP_LOSS,
                  "the retransmission timer has run out: all that is not acknowledged counts as lost");
}
