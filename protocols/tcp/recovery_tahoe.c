/* SPDX-License-Identifier: MIT
 * Tahoe: the third duplicate ACK means a loss, and everything begins anew from there. Jacobson 1988.
 *
 *      una 1 1 1 1          three duplicates of the ACK for 1
 *          -> ssthresh = half of what is in flight, cwnd = one segment
 *          -> 1 is sent again, then what is behind it, as slow start allows (go back N)
 *
 * What the receiver has already is sent again too unless an ACK comes first that covers it. */
#include "protocols/tcp/recovery_parts.h"

static void tahoe_acked(struct tcp_recovery *r, const struct tcp_ack *ack,
                        const struct tcp_delivery *delivery)
{
    (void)ack;
    uint32_t first = tcp_scoreboard_first(&r->board);
    if (delivery->acked_bytes) {
        if (r->state == TCP_LOSS && recovery_is_over(r))
            recovery_leave(r, r->congestion.cwnd, "all that was outstanding is acknowledged");
        return;
    }
    if (r->duplicates < r->threshold || !recovery_is_over(r))
        return;
    recovery_enter(r, "3rd duplicate ACK");
    recovery_lose(r, first, "3rd duplicate ACK");
    tcp_scoreboard_lose_all(&r->board, true, tcp_scoreboard_at(&r->board, first)->lost_because);
    recovery_move(r, TCP_LOSS, "Tahoe: what is behind the loss is sent again as well");
    recovery_set_cwnd(r, r->congestion.mss, "Tahoe: slow start after every loss");
}

const struct tcp_recovery_type tcp_recovery_tahoe = {
    .name = "tahoe",
    .summary = "three duplicate ACKs, then slow start from the loss on",
    .acked = tahoe_acked,
};
