/* SPDX-License-Identifier: MIT
 * A congestion control in forty lines: additive increase, multiplicative decrease, with both numbers free to be chosen.
 *
 *     cwnd += a segments each round trip;  at a loss cwnd = b cwnd          Chiu and Jain, 1989: why it converges to fair shares
 *
 * With a = 1 and b = 1/2 this is Reno. Two flows with different numbers are the experiment: throughput grows as
 * sqrt(a (1 + b) / (2 (1 - b))) (Floyd, Handley and Padhye, 2000). */
#include <netarium.h>

enum { PARAM_INCREASE, PARAM_KEEP };
static const struct nt_param params[] = {
    {.name = "increase", .kind = NT_PARAM_INTEGER, .default_text = "1", .least = 1, .most = 100, .summary = "a: segments more each round trip"},
    {.name = "keep", .kind = NT_PARAM_PERCENT, .default_text = "50 %", .least = 10000, .most = 990000, .summary = "b: what a loss leaves of the window"},
    {0}};

static void acked(struct nt_congestion *control, const struct nt_congestion_sample *sample)
{
    uint32_t acked_bytes = sample->acked_bytes;
    if (!sample->is_limited)
        return; /* the window was not what held us back: RFC 7661 */
    if (nt_congestion_is_slow_start(control))
        acked_bytes = nt_congestion_slow_start(control, acked_bytes);
    nt_congestion_avoid(control, control->cwnd / (uint32_t)control->values[PARAM_INCREASE].number, acked_bytes,
                        "AIMD: a segments more each round trip, Chiu and Jain 1989");
}

static uint32_t lost(struct nt_congestion *control, uint32_t window_bytes)
{
    int64_t kept = window_bytes * control->values[PARAM_KEEP].number / 1000000;
    return kept > 2 * control->mss ? (uint32_t)kept : 2 * control->mss;
}

static const struct nt_congestion_ops ops = {
    .size = sizeof ops, .acked = acked, .lost = lost, .lost_formula = "max(b W, 2 MSS)", .lost_clause = "Chiu and Jain 1989"};
static const struct nt_part_type aimd = {.size = sizeof aimd, .category = "congestion", .name = "aimd", .params = params, .ops = &ops,
                                         .summary = "additive increase, multiplicative decrease, with numbers of your own"};
static const struct nt_part_type *const parts[] = {&aimd, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "aimd", .summary = "AIMD(a, b)", .parts = parts};
