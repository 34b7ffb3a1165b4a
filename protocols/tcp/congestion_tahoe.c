/* SPDX-License-Identifier: MIT
 * Tahoe, 1988: slow start, congestion avoidance, and the third duplicate ACK taken for a loss.
 *
 *      cwnd  |        /|                     /|
 *            |      _/ |      ssthresh     _/ |            after every loss the window is one segment again:
 * the |   _/    |_ _ _ _ _ _ _ _ _/ _ _|_ _ _       pipe runs dry and has to be filled anew | /       | _/ |
 *            |/        |____________/         |____
 *
 * It has no fast recovery, so it needs the recovery of its name, which retransmits and begins slow start.
 * Jacobson, "Congestion avoidance and control", SIGCOMM 1988; RFC 5681 (2), (3), (4) give the arithmetic. */
#include "protocols/tcp/congestion_types.h"

static void tahoe_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    if (!sample->is_limited)
        return;
    uint32_t left = sample->acked_bytes;
    if (tcp_congestion_is_slow_start(c))
        left = tcp_congestion_slow_start(c, left);
    tcp_congestion_avoid(c, c->cwnd, left, "avoidance: one MSS for each window, RFC 5681 (3)");
}

const struct tcp_congestion_type tcp_congestion_tahoe = {
    .name = TCP_TAHOE_NAME,
    .summary = TCP_TAHOE_SUMMARY,
    .recovery = "tahoe",
    .acked = tahoe_acked,
};
