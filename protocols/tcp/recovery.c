/* SPDX-License-Identifier: MIT
 * The frame of all recoveries: an acknowledgment's way through the parts, and what is sent next. See
 * recovery.h. */
#include "protocols/tcp/recovery.h"

#include <assert.h>
#include <string.h>

#include "protocols/tcp/recovery_parts.h"

const struct tcp_recovery_type *const tcp_recovery_types[] = {
    &tcp_recovery_rack, &tcp_recovery_sack,  &tcp_recovery_newreno,
    &tcp_recovery_reno, &tcp_recovery_tahoe, NULL,
};

const struct tcp_recovery_type *tcp_recovery_find(const char *name)
{
    const struct tcp_recovery_type *const *type = tcp_recovery_types;
    while (*type && strcmp((*type)->name, name) != 0)
        type++;
    return *type;
}

/* ---- The connection's life ---- */

/* What the congestion control insists on, else what SACK and the profile allow. */
static const struct tcp_recovery_type *choose(const struct tcp_recovery *r)
{
    const struct tcp_congestion_type *congestion = r->congestion.type;
    const char *name = congestion->recovery;
    if (!name && !r->has_sack)
        name = congestion->recovery_without_sack ? congestion->recovery_without_sack : "newreno";
    if (!name)
        name = r->rules.prefers_rack ? "rack" : "sack";
    const struct tcp_recovery_type *type = tcp_recovery_find(name);
    return type && (r->has_sack || !type->needs_sack) ? type : &tcp_recovery_newreno;
}

void tcp_recovery_init(struct tcp_recovery *r, const struct tcp_recovery_setup *setup)
{
    *r = (struct tcp_recovery){
        .rules = *setup->rules, .teller = setup->teller, .threshold = setup->rules->threshold};
    r->rack.reorder_at = r->rack.probe_at = ENV_NEVER;
    r->rack.window_mult = 1;
    tcp_rtt_init(&r->rtt, setup->rtt, setup->teller);
    tcp_rate_init(&r->rate, env_now(setup->env));
    tcp_scoreboard_init(&r->board, setup->env, tcp_seq_at(0));
    tcp_congestion_init(&r->congestion, setup->congestion, setup->congestion_rules, setup->teller);
    r->type = &tcp_recovery_newreno;
}

void tcp_recovery_release(struct tcp_recovery *r)
{
    tcp_scoreboard_release(&r->board);
    tcp_congestion_release(&r->congestion);
}

void tcp_recovery_start(struct tcp_recovery *r, struct tcp_seq nxt, uint32_t mss, bool has_sack,
                        bool has_timestamps, bool syn_was_lost)
{
    r->has_sack = has_sack;
    r->has_timestamps = has_timestamps;
    r->type = choose(r);
    r->rack.fack = nxt;
    tcp_scoreboard_init(&r->board, r->board.env, nxt);
    tcp_rate_init(&r->rate, recovery_now(r));
    tcp_congestion_start(&r->congestion, mss, syn_was_lost);
    if (syn_was_lost)
        tcp_rtt_syn_was_lost(&r->rtt);
}

void tcp_recovery_set_congestion(struct tcp_recovery *r, const struct tcp_congestion_type *type)
{
    tcp_congestion_change(&r->congestion, type);
    if (r->state == TCP_OPEN && r->congestion.mss)
        r->type = choose(r);
}

void tcp_recovery_set_mss(struct tcp_recovery *r, uint32_t mss)
{
    tcp_congestion_set_mss(&r->congestion, mss);
}

/* May this entry be sent as it is? FIN may stand on top of a full segment. */
static bool fits(const struct tcp_recovery *r, uint32_t entry)
{
    const struct tcp_sent *sent = tcp_scoreboard_at(&r->board, entry);
    bool has_fin = r->has_fin_on_full && tcp_seq_is_equal(sent->end, r->board.nxt);
    return sent->end.value - sent->start.value <= r->congestion.mss + has_fin;
}

void tcp_recovery_lose_oversized(struct tcp_recovery *r)
{
    for (uint32_t entry = tcp_scoreboard_first(&r->board); entry != TCP_NO_ENTRY;) {
        uint32_t behind = tcp_scoreboard_at(&r->board, entry)->behind;
        bool may = !(tcp_scoreboard_at(&r->board, entry)->marks & (TCP_MARK_SACKED | TCP_MARK_LOST));
        if (may && !fits(r, entry))
            recovery_lose(r, entry, "it is larger than the path allows, RFC 1191 section 6.4");
        entry = behind;
    }
    if (tcp_scoreboard_next_lost(&r->board) == TCP_NO_ENTRY)
        return;
    r->is_resend_due = true;
    r->recover = r->board.nxt;
    r->has_recover = true;
    r->may_undo = false;
    recovery_move(r, TCP_LOSS,
                  "what was too large goes again in smaller pieces; the window stays, RFC 1191 section 6.4");
}

/* ---- Arriving ---- */

/* Karn's rule: what was sent twice is measured only if a timestamp says which one arrived. RFC 6298 section
 * 3, RFC 7323 section 4. */
static int64_t measure(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery)
{
    int64_t now = recovery_now(r), sample = 0;
    if (delivery->has_clean && !delivery->resent_bytes) {
        sample = now - delivery->lowest_sent_at;
        tcp_rtt_seen(&r->rtt, now - delivery->clean.sent_at);
    } else if (delivery->acked_bytes && ack->has_echo && ack->echo_age > 0) {
        sample = ack->echo_age;
    }
    if (!sample)
        return 0;
    uint32_t samples = 1;
    if (!r->rtt.rules.is_linux) { /* RFC 7323 appendix G */
        uint32_t flight = tcp_recovery_outstanding(r) + delivery->acked_bytes;
        samples = (flight + 2 * r->congestion.mss - 1) / (2 * r->congestion.mss);
    }
    tcp_rtt_sample(&r->rtt, sample, r->board.una, r->board.nxt, samples);
    return sample;
}

static void count_duplicates(struct tcp_recovery *r, const struct tcp_ack *ack,
                             const struct tcp_delivery *delivery)
{
    if (delivery->acked_bytes)
        r->duplicates = 0;
    else if (r->has_sack ? delivery->sacked_bytes > 0 : ack->is_duplicate)
        r->duplicates++;
    if (delivery->acked_bytes)
        r->timeouts = r->limited_bytes = 0;
}

/* What the congestion control is told. */
static struct tcp_sample sample_of(struct tcp_recovery *r, const struct tcp_delivery *delivery, int64_t rtt,
                                   uint32_t flight)
{
    const struct tcp_congestion *c = &r->congestion;
    uint32_t acked = delivery->acked_bytes, delivered = delivery->delivered_bytes;
    struct tcp_sample sample = {
        .now = recovery_now(r),
        .una = r->board.una,
        .nxt = r->board.nxt,
        .acked_bytes = acked < delivered ? acked : delivered, /* what had been sacked counts no second time */
        .delivered_bytes = delivered,
        .flight_bytes = flight,
        .rtt = rtt,
        .srtt = tcp_rtt_srtt(&r->rtt),
        .least_rtt = r->rtt.least_ever == ENV_NEVER ? 0 : r->rtt.least_ever,
        .rate = tcp_rate_take(&r->rate, r->rtt.least_ever),
        .delivered_total = r->rate.delivered_bytes,
        .is_limited = r->is_limited || (tcp_congestion_is_slow_start(c) && c->cwnd < 2 * flight),
        .is_recovering = r->state == TCP_RECOVERY || r->state == TCP_LOSS,
    };
    if (sample.rate.is_valid && tcp_teller_is_heard(r->teller))
        tcp_tell(r->teller, TCP_TOLD_RATE,
                 (int64_t)tcp_rate_bps(sample.rate.delivered_bytes, sample.rate.interval),
                 (int64_t)sample.rate.delivered_bytes, sample.rate.interval, sample.rate.is_app_limited, 0);
    return sample;
}

/* Something arrived: the window may grow, unless a reduction is under way. RFC 5681 section 3.1. */
static void grow(struct tcp_recovery *r, const struct tcp_delivery *delivery, int64_t rtt, uint32_t flight,
                 uint64_t lost_before, bool was_reducing)
{
    struct tcp_sample sample = sample_of(r, delivery, rtt, flight);
    bool is_reducing = was_reducing || r->state == TCP_CWR || r->state == TCP_RECOVERY;
    if ((!delivery->acked_bytes || is_reducing) && !r->congestion.type->is_full_control)
        return;
    sample.lost_segments = (uint32_t)(r->lost_total - lost_before);
    r->congestion.flight_bytes = tcp_scoreboard_pipe(&r->board);
    tcp_congestion_acked(&r->congestion, &sample);
}

void tcp_recovery_acked(struct tcp_recovery *r, const struct tcp_ack *ack)
{
    struct tcp_delivery delivery;
    tcp_delivery_begin(&delivery, r->has_sack && undo_see_dsack(r, ack));
    uint32_t flight = tcp_scoreboard_pipe(&r->board);
    uint64_t lost_before = r->lost_total;
    bool was_reducing = r->state == TCP_CWR || r->state == TCP_RECOVERY;
    tcp_scoreboard_acked(&r->board, ack->ack, &r->rate, &delivery);
    for (unsigned i = delivery.has_dsack; r->has_sack && i < ack->sack_count; i++)
        tcp_scoreboard_sacked(&r->board, ack->sack[i], &r->rate, &delivery);
    int64_t rtt = measure(r, ack, &delivery);
    count_duplicates(r, ack, &delivery);
    if (!undo_try(r, ack, &delivery) && r->type->acked)
        r->type->acked(r, ack, &delivery);
    r->delivered_ce += ack->has_ece ? delivery.delivered_segments : 0;
    if (ack->has_ece)
        recovery_marked(r, delivery.acked_bytes);
    grow(r, &delivery, rtt, flight, lost_before, was_reducing);
}

/* ---- Sending ---- */

/* Octets that the window of the network leaves now. */
static uint32_t window_room(const struct tcp_recovery *r, uint32_t extra)
{
    uint32_t pipe = tcp_scoreboard_pipe(&r->board), cwnd = r->congestion.cwnd;
    cwnd = cwnd > TCP_CWND_MOST - extra ? cwnd : cwnd + extra;
    return cwnd > pipe ? cwnd - pipe : 0;
}

/* RFC 3042: the first two duplicate ACKs each let a new segment go. With SACK pipe does the same. */
static uint32_t limited_extra(const struct tcp_recovery *r)
{
    bool may = r->rules.uses_limited_transmit && !r->has_sack && r->state == TCP_DISORDER;
    return may ? (r->duplicates < 2 ? r->duplicates : 2) * r->congestion.mss : 0;
}

static void take_lost(struct tcp_recovery *r, struct tcp_turn *turn)
{
    uint32_t entry = tcp_scoreboard_next_lost(&r->board);
    if (entry == TCP_NO_ENTRY)
        return;
    if (!fits(r, entry))
        tcp_scoreboard_cut(&r->board, entry,
                           tcp_seq_plus(tcp_scoreboard_at(&r->board, entry)->start, r->congestion.mss));
    const struct tcp_sent *sent = tcp_scoreboard_at(&r->board, entry);
    bool may = r->is_resend_due || window_room(r, 0) >= sent->end.value - sent->start.value ||
               !tcp_scoreboard_pipe(&r->board);
    if (!may) {
        r->is_limited = true;
        turn->is_final = true; /* nothing goes before what is lost */
        return;
    }
    turn->what = TCP_TURN_AGAIN;
    turn->range = (struct tcp_range){sent->start, sent->end};
    turn->because = sent->lost_because;
    turn->why = r->type == &tcp_recovery_sack ? "RFC 6675 NextSeg (1): the lowest that is lost"
                                              : "the lowest that is lost";
}

static void take_new(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn)
{
    uint32_t mss = r->congestion.mss, room = window_room(r, limited_extra(r));
    uint32_t least = new_bytes < mss ? new_bytes : mss;
    r->is_limited = new_bytes > 0 && room < least;
    if (!new_bytes) {
        tcp_rate_starved(&r->rate, tcp_scoreboard_pipe(&r->board));
        return;
    }
    if (r->is_limited)
        return;
    uint32_t bytes = room < new_bytes ? room : new_bytes;
    turn->what = TCP_TURN_NEW;
    turn->bytes = bytes > mss ? bytes - bytes % mss : bytes;
    turn->why = window_room(r, 0) < least ? "limited transmit, RFC 3042" : NULL;
}

/* RFC 5682 section 2.1 step 2: two new segments, if there are, before anything more is sent again. */
static bool take_frto(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn)
{
    if (r->frto != TCP_FRTO_NEW)
        return false;
    if (r->frto_new && new_bytes) {
        turn->what = TCP_TURN_NEW;
        turn->bytes = new_bytes < r->congestion.mss ? new_bytes : r->congestion.mss;
        turn->why = "new data to see what is acknowledged, RFC 5682 section 2.1 step 2";
        return true;
    }
    if (r->frto_new == 2)
        r->frto = TCP_FRTO_OFF; /* there is no new data */
    return r->frto == TCP_FRTO_NEW;
}

struct tcp_turn tcp_recovery_next(struct tcp_recovery *r, uint32_t new_bytes)
{
    struct tcp_turn turn = {.what = TCP_TURN_WAIT};
    if (r->congestion.pacing_bps && recovery_now(r) < r->pace_at)
        return turn;
    if (take_frto(r, new_bytes, &turn))
        return turn;
    take_lost(r, &turn);
    if (turn.what == TCP_TURN_WAIT && !turn.is_final)
        take_new(r, new_bytes, &turn);
    if (turn.what == TCP_TURN_WAIT && r->type->next) {
        r->type->next(r, new_bytes, &turn);
        uint32_t entry =
            turn.what == TCP_TURN_AGAIN ? tcp_scoreboard_find(&r->board, turn.range.start) : TCP_NO_ENTRY;
        if (entry != TCP_NO_ENTRY && !fits(r, entry))
            turn.range.end = tcp_seq_plus(turn.range.start, r->congestion.mss);
    }
    return turn;
}

/* Spreads what is sent, if the congestion control says how. */
static void pace(struct tcp_recovery *r, uint32_t bytes)
{
    uint64_t bps = r->congestion.pacing_bps;
    if (!bps)
        return;
    int64_t now = recovery_now(r), from = r->pace_at > now ? r->pace_at : now;
    r->pace_at = from + (int64_t)((uint64_t)bytes * 8 * 1000000000 / bps) * 1000;
}

void tcp_recovery_sent_new(struct tcp_recovery *r, uint32_t bytes, uint32_t echo)
{
    bool is_extra = r->state == TCP_DISORDER;
    tcp_scoreboard_sent(&r->board, bytes, echo, &r->rate);
    r->has_fin_on_full = bytes > r->congestion.mss;
    r->prr.out += bytes;
    if (is_extra)
        r->limited_bytes += bytes; /* limited transmit, not in FlightSize: RFC 5681 section 3.2 step 2 */
    if (r->frto_new)
        r->frto_new--;
    if (r->type->sent)
        r->type->sent(r, true);
    pace(r, bytes);
}

void tcp_recovery_sent_again(struct tcp_recovery *r, struct tcp_range range, uint32_t echo)
{
    uint32_t entry = tcp_scoreboard_find(&r->board, range.start);
    assert(entry != TCP_NO_ENTRY);
    if (tcp_seq_is_before(range.end, tcp_scoreboard_at(&r->board, entry)->end))
        tcp_scoreboard_cut(&r->board, entry, range.end);
    tcp_scoreboard_resent(&r->board, entry, &r->rate);
    tcp_scoreboard_at(&r->board, entry)->echo = echo;
    r->is_resend_due = false;
    r->resent_total++;
    r->prr.out += tcp_range_bytes(range);
    if (tcp_scoreboard_at(&r->board, entry)->marks & TCP_MARK_LOST)
        r->high_rxt = tcp_seq_later(r->high_rxt, range.end);
    undo_resent(r, echo);
    if (r->type->sent)
        r->type->sent(r, false);
    pace(r, tcp_range_bytes(range));
}

void tcp_recovery_idle(struct tcp_recovery *r, int64_t last_sent_at)
{
    r->congestion.flight_bytes = 0;
    tcp_congestion_idle(&r->congestion, recovery_now(r) - last_sent_at, r->rtt.rto);
}

/* ---- Time ---- */

int64_t tcp_recovery_deadline(const struct tcp_recovery *r, int64_t rto_at)
{
    int64_t at = r->type->deadline ? r->type->deadline(r, rto_at) : ENV_NEVER;
    bool is_paced = r->congestion.pacing_bps && r->pace_at > recovery_now(r);
    return is_paced && r->pace_at < at ? r->pace_at : at;
}

bool tcp_recovery_expire(struct tcp_recovery *r)
{
    bool is_pacing = r->congestion.pacing_bps && r->pace_at == recovery_now(r);
    return r->type->expire && !is_pacing && r->type->expire(r);
}
