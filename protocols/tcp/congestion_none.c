/* SPDX-License-Identifier: MIT
 * No congestion control: TCP before 1988, when the Internet collapsed.
 *
 * The window is as large as it can be, so only the receiver's window holds the sender back. Lost segments are
 * repaired, and nothing is learned from them. For lessons, and for seeing what all the others are good for.
 * RFC 896 tells the story. */
#include "protocols/tcp/congestion_types.h"

static void none_init(struct tcp_congestion *c)
{
    tcp_congestion_set_cwnd(c, TCP_CWND_MOST, "no congestion control: the receiver's window is the only one");
}

const struct tcp_congestion_type tcp_congestion_none = {
    .name = TCP_NONE_NAME,
    .summary = TCP_NONE_SUMMARY,
    .is_full_control = true, /* nobody else moves the window either */
    .init = none_init,
};
