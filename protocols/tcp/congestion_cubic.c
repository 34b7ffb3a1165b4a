/* SPDX-License-Identifier: MIT
 * CUBIC: growth that depends on time since the last loss, not on round trips. RFC 9438.
 *
 *      cwnd |                               /
 *      Wmax |- - - - - - -___------------_/_ _ _      quickly back to where the loss was, slowly past it,
 * then faster |       __---       |                     and faster: K seconds to the flat part |    _/ | 0.7
 * |  /                K
 *           +---------------------------------- t
 *
 *      W(t)  = C (t - K)^3 + Wmax           K = cbrt((Wmax - cwnd_epoch) / C)             (1), (2)
 *      W_est = what Reno would have: + alpha per window, alpha = 3 (1 - beta)/(1 + beta)  (4)
 *
 * The larger of the two is the window. An epoch begins with the first acknowledgment in avoidance after a
 * loss. All is in integers: t and K in milliseconds, C and beta in thousandths, windows in octets, W_est in
 * 1/65536 octets, and what a division leaves over is kept for the next acknowledgment. */
#include "protocols/tcp/congestion_types.h"

#define EST_SHIFT 16                      /* W_est in 1/65536 octets */
#define LONGEST INT64_C(500000)           /* ms; a longer epoch changes nothing any more */
#define SEGMENTS_MOST INT64_C(9000000000) /* thousandths of a segment that fit under the cube root */

enum { PARAM_C, PARAM_BETA, PARAM_FAST_CONVERGENCE };

#define ROW(name, usual, least, most, summary)                                                               \
    {                                                                                                        \
        name, usual, least, most, summary                                                                    \
    }
static const struct tcp_congestion_param params[] = {TCP_CUBIC_PARAMS(ROW), {0}};

struct cubic {
    uint32_t w_max;      /* octets; where the flat part is */
    uint32_t cwnd_prior; /* octets; the window before the latest reduction */
    uint64_t w_est;      /* Reno's window, see EST_SHIFT */
    uint64_t credit;     /* octets squared: what a division has left over */
    int64_t epoch_at;    /* when the epoch began */
    int64_t k;           /* milliseconds */
    bool has_epoch;
};

struct cubic_state {
    struct cubic now;
    struct cubic prior; /* before the latest reduction, for undoing it: section 4.9 */
};

static struct cubic *cubic_of(struct tcp_congestion *c)
{
    return &((struct cubic_state *)c->state)->now;
}

/* The largest whole number whose cube is not above x: bit by bit, from the top. */
static uint64_t cube_root(uint64_t x)
{
    uint64_t root = 0;
    for (int bit = 20; bit >= 0; bit--) {
        uint64_t larger = root | UINT64_C(1) << bit;
        if (larger * larger * larger <= x)
            root = larger;
    }
    return root;
}

/* C t^3 in octets; t in milliseconds, any sign. */
static int64_t cubed(const struct tcp_congestion *c, int64_t t)
{
    t = t > LONGEST ? LONGEST : t < -LONGEST ? -LONGEST : t;
    int64_t thousandths = t * t * t / 1000 * c->params[PARAM_C] / 1000000; /* of a segment */
    return thousandths * c->mss / 1000;
}

/* Section 4.2: t counts from here. */
static void begin_epoch(struct tcp_congestion *c, int64_t now)
{
    struct cubic *cubic = cubic_of(c);
    cubic->has_epoch = true;
    cubic->epoch_at = now;
    cubic->credit = 0;
    cubic->k = 0;
    if (cubic->w_max > c->cwnd) {
        int64_t thousandths = (int64_t)(cubic->w_max - c->cwnd) * 1000 / c->mss;
        if (thousandths > SEGMENTS_MOST)
            thousandths = SEGMENTS_MOST;
        cubic->k = (int64_t)cube_root((uint64_t)(thousandths * 1000000000 / c->params[PARAM_C])); /* (2) */
    } else {
        cubic->w_max = c->cwnd; /* after a timeout, or before any loss: section 4.8 */
    }
    cubic->w_est = (uint64_t)c->cwnd << EST_SHIFT;
}

/* Section 4.3: Reno's window of the same loss rate; as fast as Reno once it has reached the window before the
 * reduction. */
static void grow_estimate(struct tcp_congestion *c, uint32_t acked_bytes)
{
    struct cubic *cubic = cubic_of(c);
    int64_t beta = c->params[PARAM_BETA];
    uint64_t growth = ((uint64_t)acked_bytes * c->mss << EST_SHIFT) / c->cwnd;
    if (cubic->w_est >> EST_SHIFT < cubic->cwnd_prior)
        growth = growth * (uint64_t)(3 * (1000 - beta)) / (uint64_t)(1000 + beta);
    cubic->w_est += growth;
}

static void avoid(struct tcp_congestion *c, const struct tcp_sample *sample, uint32_t acked_bytes)
{
    struct cubic *cubic = cubic_of(c);
    if (!cubic->has_epoch)
        begin_epoch(c, sample->now);
    grow_estimate(c, acked_bytes);
    int64_t t = (sample->now - cubic->epoch_at) / ENV_MILLISECOND;
    int64_t here = cubic->w_max + cubed(c, t - cubic->k); /* (1) */
    int64_t estimate = (int64_t)(cubic->w_est >> EST_SHIFT);
    if (here < estimate) {
        if (estimate > c->cwnd)
            tcp_congestion_set_cwnd(c, (uint32_t)(estimate < TCP_CWND_MOST ? estimate : TCP_CWND_MOST),
                                    "Reno-friendly: W_est is above W(t), RFC 9438 section 4.3");
        return;
    }
    /* Sections 4.4 and 4.5: towards where the curve is a round trip from now, half as much again at most. */
    int64_t target = cubic->w_max + cubed(c, t + sample->srtt / ENV_MILLISECOND - cubic->k);
    int64_t most = (int64_t)c->cwnd + c->cwnd / 2;
    target = target > most ? most : target;
    if (target <= c->cwnd)
        return;
    cubic->credit += (uint64_t)(target - c->cwnd) * acked_bytes;
    uint32_t growth = (uint32_t)(cubic->credit / c->cwnd);
    cubic->credit %= c->cwnd;
    tcp_congestion_set_cwnd(
        c, c->cwnd + growth,
        t < cubic->k ? "concave: towards W(t + RTT) = C (t + RTT - K)^3 + Wmax, RFC 9438 section 4.4"
                     : "convex: towards W(t + RTT) = C (t + RTT - K)^3 + Wmax, RFC 9438 section 4.5");
}

static void cubic_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    if (!sample->is_limited)
        return;
    uint32_t left = sample->acked_bytes;
    if (tcp_congestion_is_slow_start(c))
        left = tcp_congestion_slow_start(c, left);
    if (left)
        avoid(c, sample, left);
}

/* Sections 4.6 and 4.7. */
static uint32_t cubic_lost(struct tcp_congestion *c, uint32_t basis_bytes)
{
    struct cubic *cubic = cubic_of(c);
    ((struct cubic_state *)c->state)->prior = *cubic;
    int64_t beta = c->params[PARAM_BETA];
    bool gives_way = c->params[PARAM_FAST_CONVERGENCE] && c->cwnd < cubic->w_max;
    cubic->w_max = gives_way ? (uint32_t)((int64_t)c->cwnd * (1000 + beta) / 2000) : c->cwnd;
    cubic->cwnd_prior = c->cwnd;
    cubic->has_epoch = false;
    uint32_t ssthresh = (uint32_t)((int64_t)basis_bytes * beta / 1000);
    return ssthresh > 2 * c->mss ? ssthresh : 2 * c->mss;
}

/* Section 4.8: the next epoch begins at its own window. */
static void cubic_timeout(struct tcp_congestion *c)
{
    cubic_of(c)->w_max = 0;
    cubic_of(c)->has_epoch = false;
}

static void cubic_undo(struct tcp_congestion *c)
{
    *cubic_of(c) = ((struct cubic_state *)c->state)->prior;
}

/* Section 5.8: time in which nothing was sent does not count. */
static void cubic_idle(struct tcp_congestion *c, int64_t duration)
{
    struct cubic *cubic = cubic_of(c);
    int64_t now = env_now(c->teller->env);
    cubic->epoch_at += duration;
    cubic->epoch_at = cubic->epoch_at < now ? cubic->epoch_at : now;
}

const struct tcp_congestion_type tcp_congestion_cubic = {
    .name = TCP_CUBIC_NAME,
    .summary = TCP_CUBIC_SUMMARY,
    .params = params,
    .state_bytes = sizeof(struct cubic_state),
    .lost_formula = "max(beta W, 2 MSS)",
    .lost_clause = "RFC 9438 section 4.6",
    .acked = cubic_acked,
    .lost = cubic_lost,
    .timeout = cubic_timeout,
    .undo = cubic_undo,
    .idle = cubic_idle,
};
