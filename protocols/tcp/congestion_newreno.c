/* SPDX-License-Identifier: MIT
 * NewReno, 1996: Reno's window, and a fast recovery that lasts until all losses of one window are repaired.
 *
 * The window moves as Reno's does. The difference is in how losses are repaired without SACK
 * (recovery_newreno.c): a partial ACK shows the next hole and does not end recovery, so several losses in one
 * window cost one halving and no timeout. With SACK the two are the same. RFC 6582, RFC 5681. */
#include "protocols/tcp/congestion_types.h"

static void newreno_acked(struct tcp_congestion *c, const struct tcp_sample *sample)
{
    if (!sample->is_limited)
        return;
    uint32_t left = sample->acked_bytes;
    if (tcp_congestion_is_slow_start(c))
        left = tcp_congestion_slow_start(c, left);
    tcp_congestion_avoid(c, c->cwnd, left, "avoidance: one MSS for each window, RFC 5681 (3)");
}

const struct tcp_congestion_type tcp_congestion_newreno = {
    .name = TCP_NEWRENO_NAME,
    .summary = TCP_NEWRENO_SUMMARY,
    .recovery_without_sack = "newreno",
    .acked = newreno_acked,
};
