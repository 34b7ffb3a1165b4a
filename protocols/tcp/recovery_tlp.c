/* SPDX-License-Identifier: MIT
 * The tail loss probe. RFC 8985 section 7.
 *
 *      sends 8 9 10 |      ...2 SRTT of silence...      10 again      ACK and SACK come, RACK sees that 9 is
 * lost the last segments are lost: nothing comes behind them that could show it
 *
 * The loss of the last segments of a burst would cost a whole timeout. So after two round trips of silence
 * one segment goes: a new one, or else the last one again. One probe is out at a time. If the probe itself
 * was what repaired the loss, the window is reduced as for any other loss: the ACK covers more than the
 * probe's end, and no D-SACK says that it was needless. */
#include "protocols/tcp/recovery_parts.h"

/* Section 7.2: after new data, and after an acknowledgment that brought the connection forward. */
void tlp_schedule(struct tcp_recovery *r)
{
    struct tcp_rack *rack = &r->rack;
    bool may = r->rules.uses_tlp && r->state <= TCP_CWR && r->state != TCP_DISORDER && !rack->has_probe &&
               !r->board.sacked_entries && tcp_recovery_outstanding(r);
    rack->probe_at = ENV_NEVER;
    if (!may)
        return;
    int64_t wait = ENV_SECOND;
    if (r->rtt.has_sample)
        wait = 2 * tcp_rtt_srtt(&r->rtt);
    if (r->rtt.has_sample) /* the peer may wait for company; else short round trips are not held too short */
        wait += r->board.entries == 1 ? r->rules.delayed_ack_most : r->rules.probe_slack;
    rack->probe_at = recovery_now(r) + wait;
}

void tlp_next(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn)
{
    uint32_t last = tcp_scoreboard_last(&r->board);
    if (new_bytes) {
        turn->what = TCP_TURN_NEW;
        turn->bytes = new_bytes < r->congestion.mss ? new_bytes : r->congestion.mss;
        turn->why = "tail loss probe: new data, RFC 8985 section 7.3";
        return;
    }
    if (last == TCP_NO_ENTRY ||
        tcp_scoreboard_at(&r->board, last)->marks & (TCP_MARK_SACKED | TCP_MARK_LOST)) {
        r->rack.is_probe_due = false;
        return;
    }
    const struct tcp_sent *sent = tcp_scoreboard_at(&r->board, last);
    turn->what = TCP_TURN_AGAIN;
    turn->range = (struct tcp_range){sent->start, sent->end};
    turn->why = "tail loss probe: the last segment again, RFC 8985 section 7.3";
}

void tlp_sent(struct tcp_recovery *r, bool is_new)
{
    struct tcp_rack *rack = &r->rack;
    if (rack->is_probe_due) {
        rack->is_probe_due = false;
        rack->has_probe = true;
        rack->was_probe_new = is_new;
        rack->probe_end = r->board.nxt;
        rack->probe_at = ENV_NEVER;
    } else if (is_new) {
        tlp_schedule(r);
    }
}

/* Section 7.4.2. */
void tlp_acked(struct tcp_recovery *r, const struct tcp_ack *ack, bool has_dsack)
{
    struct tcp_rack *rack = &r->rack;
    if (!rack->has_probe || tcp_seq_is_before(ack->ack, rack->probe_end))
        return;
    bool is_repaired = !rack->was_probe_new && !has_dsack && tcp_seq_is_after(ack->ack, rack->probe_end);
    bool is_needless = rack->was_probe_new || has_dsack || (ack->is_duplicate && !ack->sack_count);
    if (!is_repaired && !is_needless)
        return;
    rack->has_probe = false;
    if (!is_repaired || r->state > TCP_CWR)
        return;
    tcp_congestion_lost(&r->congestion, tcp_recovery_outstanding(r),
                        "the probe has repaired a loss, RFC 8985 section 7.4.2");
    r->is_cwr_due = true;
    recovery_set_cwnd(r, r->congestion.ssthresh,
                      "the probe has repaired a loss: cwnd = ssthresh, RFC 8985 section 7.4.2");
}
