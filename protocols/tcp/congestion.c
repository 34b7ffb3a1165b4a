/* SPDX-License-Identifier: MIT
 * What all congestion controls share: the list of them, the two numbers and how they may change, and RFC
 * 5681's arithmetic that most of them build on. See congestion.h for the idea. */
#include "protocols/tcp/congestion.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "protocols/tcp/congestion_types.h"
#include "sim/base/text.h"

#define WORDS_SIZE 200

const struct tcp_congestion_type *const tcp_congestion_types[] = {
    &tcp_congestion_cubic, &tcp_congestion_newreno, &tcp_congestion_reno,
    &tcp_congestion_tahoe, &tcp_congestion_none,    NULL,
};

const struct tcp_congestion_type *tcp_congestion_find(const char *name)
{
    const struct tcp_congestion_type *const *type = tcp_congestion_types;
    while (*type && strcmp((*type)->name, name) != 0)
        type++;
    return *type;
}

/* ---- One connection's ---- */

static void adopt(struct tcp_congestion *c, const struct tcp_congestion_type *type)
{
    c->type = type;
    c->state = type->state_bytes ? env_new(c->teller->env, type->state_bytes) : NULL;
    const struct tcp_congestion_param *param = type->params;
    for (size_t i = 0; param && param[i].name; i++) {
        assert(i < TCP_CONGESTION_PARAMS);
        c->params[i] = param[i].usual;
    }
}

void tcp_congestion_init(struct tcp_congestion *c, const struct tcp_congestion_type *type,
                         const struct tcp_congestion_rules *rules, const struct tcp_teller *teller)
{
    *c = (struct tcp_congestion){.rules = *rules, .teller = teller, .ssthresh = TCP_SSTHRESH_MOST};
    adopt(c, type);
}

void tcp_congestion_release(struct tcp_congestion *c)
{
    env_free(c->teller->env, c->state);
    c->state = NULL;
}

void tcp_congestion_change(struct tcp_congestion *c, const struct tcp_congestion_type *type)
{
    tcp_congestion_release(c);
    c->pacing_bps = 0;
    c->counted_bytes = 0;
    adopt(c, type);
    if (c->mss && type->init)
        type->init(c);
}

bool tcp_congestion_set_param(struct tcp_congestion *c, const char *name, int64_t value)
{
    const struct tcp_congestion_param *param = c->type->params;
    for (size_t i = 0; param && param[i].name; i++) {
        if (strcmp(param[i].name, name) != 0)
            continue;
        if (value < param[i].least || value > param[i].most)
            return false;
        c->params[i] = value;
        return true;
    }
    return false;
}

/* RFC 6928 section 2: min(10 MSS, max(2 MSS, 14 600)); so many segments as the profile says instead of 10,
 * and Linux counts nothing but segments. */
static uint32_t initial_window(const struct tcp_congestion *c)
{
    uint32_t segments = c->rules.initial_segments;
    uint32_t bytes = segments * 1460, whole = segments * c->mss;
    uint32_t least = 2 * c->mss;
    if (c->rules.is_linux)
        return whole;
    uint32_t bound = bytes > least ? bytes : least;
    return whole < bound ? whole : bound;
}

void tcp_congestion_start(struct tcp_congestion *c, uint32_t mss, bool syn_was_lost)
{
    c->mss = mss;
    if (syn_was_lost)
        tcp_congestion_set_cwnd(c, mss, "the SYN was lost: one segment, RFC 5681 section 3.1");
    else
        tcp_congestion_set_cwnd(c, initial_window(c), "the initial window, RFC 6928 section 2");
    if (c->type->init)
        c->type->init(c);
}

void tcp_congestion_set_mss(struct tcp_congestion *c, uint32_t mss)
{
    if (mss == c->mss)
        return;
    c->mss = mss;
    if (c->cwnd < mss)
        tcp_congestion_set_cwnd(c, mss, "at least one segment of the new size");
    if (c->type->mss)
        c->type->mss(c);
}

/* ---- The two numbers ---- */

void tcp_congestion_set_cwnd(struct tcp_congestion *c, uint32_t cwnd, const char *rule)
{
    uint32_t old = c->cwnd;
    c->cwnd = cwnd < c->mss ? c->mss : cwnd > TCP_CWND_MOST ? TCP_CWND_MOST : cwnd;
    if (c->cwnd != old && tcp_teller_is_heard(c->teller))
        tcp_tell(c->teller, TCP_TOLD_CWND, c->cwnd, old, tcp_tell_text(c->teller, rule), c->flight_bytes,
                 c->mss);
}

void tcp_congestion_set_ssthresh(struct tcp_congestion *c, uint32_t ssthresh, const char *rule)
{
    uint32_t old = c->ssthresh;
    c->ssthresh = ssthresh > TCP_SSTHRESH_MOST ? TCP_SSTHRESH_MOST : ssthresh;
    if (c->ssthresh != old && tcp_teller_is_heard(c->teller))
        tcp_tell(c->teller, TCP_TOLD_SSTHRESH, c->ssthresh, old, tcp_tell_text(c->teller, rule),
                 c->flight_bytes, c->mss);
}

/* ---- What recovery calls ---- */

/* The first slow start may end early: RFC 9406. Returns by what its growth is divided. */
static uint32_t ask_hystart(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    switch (tcp_hystart_acked(&c->hystart, sample->una, sample->nxt, sample->rtt)) {
    case TCP_HYSTART_GROW_SLOWLY:
        return 4;
    case TCP_HYSTART_STOP:
        tcp_congestion_set_ssthresh(
            c, c->cwnd, "round trips have grown for 5 rounds: slow start ends, RFC 9406 section 4.2");
        return 1;
    default:
        return 1;
    }
}

void tcp_congestion_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    c->slow_start_divisor = 1;
    if (c->rules.has_hystart && c->ssthresh == TCP_SSTHRESH_MOST && !sample->is_recovering)
        c->slow_start_divisor = ask_hystart(c, sample);
    if (c->type->acked)
        c->type->acked(c, sample);
}

static uint32_t halve(uint32_t basis_bytes, uint32_t mss)
{
    uint32_t half = basis_bytes / 2;
    return half > 2 * mss ? half : 2 * mss;
}

void tcp_congestion_lost(struct tcp_congestion *c, uint32_t flight_bytes, const char *why)
{
    const struct tcp_congestion_type *type = c->type;
    c->prior_cwnd = c->cwnd;
    c->prior_ssthresh = c->ssthresh;
    c->flight_bytes = flight_bytes;
    c->counted_bytes = 0;
    uint32_t basis = c->rules.is_linux ? c->cwnd : flight_bytes;
    uint32_t ssthresh = type->lost ? type->lost(c, basis) : halve(basis, c->mss);
    if (type->is_full_control)
        return;
    if (!tcp_teller_is_heard(c->teller)) {
        tcp_congestion_set_ssthresh(c, ssthresh, "");
        return;
    }
    char storage[WORDS_SIZE];
    struct text words = text_in(storage, sizeof storage);
    const char *name = c->rules.is_linux ? "cwnd" : "FlightSize";
    if (type->lost_formula)
        text_add(&words, "%s: with W = %s, ssthresh = %s = ", why, name, type->lost_formula);
    else
        text_add(&words, "%s: ssthresh = max(%s/2, 2 MSS) = ", why, name);
    text_add_grouped(&words, ssthresh, " ");
    text_add(&words, ", %s", type->lost_clause ? type->lost_clause : "RFC 5681 (4)");
    tcp_congestion_set_ssthresh(c, ssthresh, storage);
}

void tcp_congestion_timeout(struct tcp_congestion *c, uint32_t flight_bytes, bool is_first)
{
    if (is_first)
        tcp_congestion_lost(c, flight_bytes, "timeout");
    if (!c->type->is_full_control)
        tcp_congestion_set_cwnd(c, c->mss, "timeout: the loss window is one segment, RFC 5681 section 3.1");
    if (c->type->timeout)
        c->type->timeout(c);
}

void tcp_congestion_recovered(struct tcp_congestion *c)
{
    if (c->type->recovered)
        c->type->recovered(c);
}

void tcp_congestion_undo(struct tcp_congestion *c, const char *why)
{
    if (!c->type->is_full_control) {
        uint32_t old = c->cwnd;
        if (c->prior_ssthresh > c->ssthresh)
            tcp_congestion_set_ssthresh(c, c->prior_ssthresh, why);
        if (c->prior_cwnd > c->cwnd)
            tcp_congestion_set_cwnd(c, c->prior_cwnd, why);
        if (tcp_teller_is_heard(c->teller))
            tcp_tell(c->teller, TCP_TOLD_UNDO, c->cwnd, old, tcp_tell_text(c->teller, why), c->ssthresh, 0);
    }
    if (c->type->undo)
        c->type->undo(c);
}

/* Linux: ssthresh remembers three quarters of the window, which halves for each timeout's length of silence.
 */
static uint32_t decayed(struct tcp_congestion *c, int64_t duration, int64_t rto, uint32_t restart)
{
    uint32_t remembered = c->cwnd / 4 * 3, cwnd = c->cwnd;
    if (c->ssthresh < remembered)
        tcp_congestion_set_ssthresh(c, remembered, "three quarters of cwnd are remembered over the silence");
    for (; duration > rto && cwnd > restart; duration -= rto)
        cwnd /= 2;
    return cwnd > restart ? cwnd : restart;
}

void tcp_congestion_idle(struct tcp_congestion *c, int64_t duration, int64_t rto)
{
    if (c->type->idle)
        c->type->idle(c, duration);
    if (!c->rules.restarts_after_idle || c->type->is_full_control || duration <= rto)
        return;
    uint32_t initial = initial_window(c);
    uint32_t restart = initial < c->cwnd ? initial : c->cwnd;
    if (c->rules.is_linux)
        tcp_congestion_set_cwnd(c, decayed(c, duration, rto, restart),
                                "silence: cwnd halves for each RTO, RFC 2861 section 3");
    else
        tcp_congestion_set_cwnd(c, restart,
                                "silence for more than the RTO: cwnd = min(IW, cwnd), RFC 5681 section 4.1");
}

/* ---- What congestion controls call ---- */

uint32_t tcp_congestion_slow_start(struct tcp_congestion *c, uint32_t acked_bytes)
{
    uint32_t growth = acked_bytes;
    if (c->rules.counting != TCP_COUNT_SEGMENTS && growth > c->mss)
        growth = c->mss;
    growth /= c->slow_start_divisor ? c->slow_start_divisor : 1;
    uint32_t room = c->ssthresh - c->cwnd;
    bool is_over = growth >= room;
    const char *rule = c->rules.counting == TCP_COUNT_SEGMENTS
                           ? "slow start: cwnd += octets acknowledged, RFC 3465 section 2.2 without a limit"
                           : "slow start: cwnd += min(N, MSS), RFC 5681 (2)";
    if (c->slow_start_divisor > 1)
        rule = "conservative slow start: a quarter of slow start's growth, RFC 9406 section 4.2";
    tcp_congestion_set_cwnd(c, is_over ? c->ssthresh : c->cwnd + growth, rule);
    return is_over ? growth - room : 0;
}

void tcp_congestion_avoid(struct tcp_congestion *c, uint32_t window_bytes, uint32_t acked_bytes,
                          const char *rule)
{
    if (!acked_bytes)
        return;
    if (c->rules.counting == TCP_COUNT_ACKS) {
        uint64_t growth = (uint64_t)c->mss * c->mss / window_bytes;
        tcp_congestion_set_cwnd(c, c->cwnd + (uint32_t)(growth ? growth : 1), rule);
        return;
    }
    c->counted_bytes += acked_bytes;
    if (c->counted_bytes < window_bytes)
        return;
    uint32_t segments = c->counted_bytes / window_bytes;
    c->counted_bytes -= segments * window_bytes;
    tcp_congestion_set_cwnd(c, c->cwnd + segments * c->mss, rule);
}
