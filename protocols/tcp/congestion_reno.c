/* SPDX-License-Identifier: MIT
 * Reno, 1990: after a loss that duplicate ACKs have shown, the window is halved and the pipe kept full.
 *
 *      cwnd  |       /|        /|        /|
 *            |     /  |      /  |      /  |         the sawtooth: one MSS more each round trip, half at a
 * loss |   /    |    /    |    /    | |  /     |  /      |  /      |  / | |      |/        |/        |/
 *
 * Growth is here; the halving is max(FlightSize/2, 2 MSS), which is what happens if `lost` is not given.
 * Without SACK it has the fast recovery of its time, which ends at the first ACK of new data: several losses
 * in one window cost a timeout. With SACK it uses the profile's. RFC 5681. */
#include "protocols/tcp/congestion_types.h"

static void reno_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    if (!sample->is_limited)
        return;
    uint32_t left = sample->acked_bytes;
    if (tcp_congestion_is_slow_start(c))
        left = tcp_congestion_slow_start(c, left);
    tcp_congestion_avoid(c, c->cwnd, left, "avoidance: one MSS for each window, RFC 5681 (3)");
}

const struct tcp_congestion_type tcp_congestion_reno = {
    .name = TCP_RENO_NAME,
    .summary = TCP_RENO_SUMMARY,
    .recovery_without_sack = "reno",
    .acked = reno_acked,
};
