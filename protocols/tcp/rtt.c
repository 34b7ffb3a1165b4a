/* SPDX-License-Identifier: MIT
 * The smoothed round trip and the timeout. See rtt.h for the formulas and how they are rounded. */
#include "protocols/tcp/rtt.h"

#define SYN_LOST_RTO (3 * ENV_SECOND) /* RFC 6298 (5.7) */

void tcp_rtt_init(struct tcp_rtt *rtt, const struct tcp_rtt_rules *rules, const struct tcp_teller *teller)
{
    *rtt = (struct tcp_rtt){
        .rules = *rules, .teller = teller, .least_ever = ENV_NEVER, .rto = rules->initial}; /* (2.1) */
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t tcp_rtt_raw_rto(const struct tcp_rtt *rtt)
{
    if (!rtt->has_sample)
        return rtt->rules.initial;
    return rtt->srtt8 / 8 + larger(rtt->rules.granularity, rtt->rttvar4); /* RFC 6298 (2.3) */
}

/* The only place where the timeout changes. */
static void set_rto(struct tcp_rtt *rtt, int64_t rto, const char *rule)
{
    int64_t old = rtt->rto;
    rtt->rto = rto;
    if (rto != old && tcp_teller_is_heard(rtt->teller))
        tcp_tell(rtt->teller, TCP_TOLD_RTO, rto, old, tcp_tell_text(rtt->teller, rule), tcp_rtt_srtt(rtt),
                 tcp_rtt_rttvar(rtt));
}

static void set_first(struct tcp_rtt *rtt, int64_t sample, struct tcp_seq nxt)
{
    rtt->srtt8 = 8 * sample;
    rtt->rttvar4 = 2 * sample; /* RFC 6298 (2.2): 4 times R/2 */
    rtt->deviation4 = rtt->rttvar4;
    if (rtt->rules.is_linux)
        rtt->rttvar4 = larger(rtt->rttvar4, rtt->rules.least);
    rtt->most_deviation4 = rtt->rttvar4;
    rtt->round_ends = nxt;
    rtt->has_sample = true;
}

/* RFC 6298 (2.3), the gains divided among the samples of a round trip: RFC 7323 appendix G. */
static void smooth(struct tcp_rtt *rtt, int64_t error, unsigned samples)
{
    int64_t size = error < 0 ? -error : error;
    rtt->rttvar4 += (size - rtt->rttvar4 / 4) / samples;
    rtt->srtt8 += error / (int64_t)samples;
}

/* Linux: the largest deviation in a round trip counts at once, a smaller one when the round trip is over. */
static void smooth_as_linux(struct tcp_rtt *rtt, int64_t error, struct tcp_seq una, struct tcp_seq nxt)
{
    int64_t change = (error < 0 ? -error : error) - rtt->deviation4 / 4;
    if (error < 0 && change > 0)
        change /= 8; /* round trips became shorter: no reason to wait longer */
    rtt->deviation4 += change;
    rtt->srtt8 += error;
    rtt->most_deviation4 = larger(rtt->most_deviation4, rtt->deviation4);
    rtt->rttvar4 = larger(rtt->rttvar4, rtt->most_deviation4);
    if (!tcp_seq_is_after(una, rtt->round_ends))
        return;
    if (rtt->most_deviation4 < rtt->rttvar4)
        rtt->rttvar4 -= (rtt->rttvar4 - rtt->most_deviation4) / 4;
    rtt->round_ends = nxt;
    rtt->most_deviation4 = rtt->rules.least;
}

static void enforce(struct tcp_rtt *rtt)
{
    int64_t raw = tcp_rtt_raw_rto(rtt);
    if (raw > rtt->rules.most)
        set_rto(rtt, rtt->rules.most, "at most the maximum, RFC 6298 (2.5)");
    else if (raw < rtt->rules.least)
        set_rto(rtt, rtt->rules.least, "SRTT + max(G, 4 RTTVAR) is less than the minimum, RFC 6298 (2.4)");
    else
        set_rto(rtt, raw, "SRTT + max(G, 4 RTTVAR), RFC 6298 (2.3)");
}

void tcp_rtt_sample(struct tcp_rtt *rtt, int64_t sample, struct tcp_seq una, struct tcp_seq nxt,
                    unsigned samples)
{
    sample = larger(sample, 1);
    int64_t old = tcp_rtt_srtt(rtt);
    bool is_first = !rtt->has_sample;
    if (is_first)
        set_first(rtt, sample, nxt);
    else if (rtt->rules.is_linux)
        smooth_as_linux(rtt, sample - rtt->srtt8 / 8, una, nxt);
    else
        smooth(rtt, sample - rtt->srtt8 / 8, samples ? samples : 1);
    rtt->latest = sample;
    rtt->least_ever = smaller(rtt->least_ever, sample);
    rtt->backoff = 0;
    if (tcp_teller_is_heard(rtt->teller)) {
        const char *rule = is_first ? "the first one: SRTT = R, RTTVAR = R/2, RFC 6298 (2.2)"
                                    : "SRTT = 7/8 SRTT + 1/8 R, RFC 6298 (2.3)";
        tcp_tell(rtt->teller, TCP_TOLD_RTT, sample, rtt->least_ever, 0, 0, 0);
        tcp_tell(rtt->teller, TCP_TOLD_SRTT, tcp_rtt_srtt(rtt), old, tcp_tell_text(rtt->teller, rule), sample,
                 tcp_rtt_rttvar(rtt));
    }
    enforce(rtt);
}

void tcp_rtt_seen(struct tcp_rtt *rtt, int64_t duration)
{
    rtt->least_ever = smaller(rtt->least_ever, larger(duration, 1));
}

void tcp_rtt_back_off(struct tcp_rtt *rtt)
{
    rtt->backoff++;
    set_rto(rtt, smaller(2 * rtt->rto, rtt->rules.most), "the timer ran out: twice as long, RFC 6298 (5.5)");
}

void tcp_rtt_syn_was_lost(struct tcp_rtt *rtt)
{
    rtt->backoff = 0;
    if (!rtt->has_sample)
        set_rto(rtt, larger(SYN_LOST_RTO, rtt->rules.initial),
                "the SYN was lost: 3 s for data, RFC 6298 (5.7)");
}
