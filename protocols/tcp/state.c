/* SPDX-License-Identifier: MIT
 * The arrows between the states: RFC 9293 section 3.3.2, figure 5, and the text where it says more.
 *
 *                     CLOSED --listen--> LISTEN --SYN--> SYN-RECEIVED
 *                        '--connect--> SYN-SENT --SYN--> SYN-RECEIVED      (simultaneous open)
 *                                         |                   |
 *                                         '--> ESTABLISHED <--'
 *                           we end first /                     \ the peer ends first
 *                            FIN-WAIT-1                     CLOSE-WAIT
 *              FIN acked /       |  both at once               |
 *             FIN-WAIT-2      CLOSING                       LAST-ACK
 *                     \          |                             |
 *                      '---> TIME-WAIT -----> CLOSED <---------'
 *
 * Everything may fall to CLOSED: by a reset, by giving up, or because a SYN in SYN-RECEIVED came for a
 * listener that is asked again. */
#include "protocols/tcp/state.h"

#include <stddef.h>

const char *const tcp_state_words[] = {"unknown",    "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1",
                                       "FIN-WAIT-2", "TIME-WAIT",   "CLOSED",   "CLOSE-WAIT",   "LAST-ACK",
                                       "LISTEN",     "CLOSING",     NULL};

const char *const tcp_state_ss_words[] = {"UNKNOWN",    "ESTAB",     "SYN-SENT", "SYN-RECV",   "FIN-WAIT-1",
                                          "FIN-WAIT-2", "TIME-WAIT", "UNCONN",   "CLOSE-WAIT", "LAST-ACK",
                                          "LISTEN",     "CLOSING",   NULL};

#define TO(state) (1u << (state))

/* Where one may go from each state, besides CLOSED. */
static const unsigned follows[TCP_STATES] = {
    [TCP_CLOSED] = TO(TCP_LISTEN) | TO(TCP_SYN_SENT) |
                   TO(TCP_SYN_RECEIVED), /* a listener's child is born there */
    [TCP_LISTEN] = 0,
    [TCP_SYN_SENT] = TO(TCP_ESTABLISHED) | TO(TCP_SYN_RECEIVED),
    [TCP_SYN_RECEIVED] = TO(TCP_ESTABLISHED) | TO(TCP_FIN_WAIT_1) | TO(TCP_CLOSE_WAIT),
    [TCP_ESTABLISHED] = TO(TCP_FIN_WAIT_1) | TO(TCP_CLOSE_WAIT),
    [TCP_FIN_WAIT_1] = TO(TCP_FIN_WAIT_2) | TO(TCP_CLOSING) | TO(TCP_TIME_WAIT),
    [TCP_FIN_WAIT_2] = TO(TCP_TIME_WAIT),
    [TCP_CLOSE_WAIT] = TO(TCP_LAST_ACK),
    [TCP_CLOSING] = TO(TCP_TIME_WAIT),
    [TCP_LAST_ACK] = 0,
    [TCP_TIME_WAIT] = 0,
};

bool tcp_state_may_follow(enum tcp_state from, enum tcp_state to)
{
    return to == TCP_CLOSED ? from != TCP_CLOSED : (follows[from] & TO(to)) != 0;
}

bool tcp_state_may_send(enum tcp_state state)
{
    return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT;
}

bool tcp_state_may_receive(enum tcp_state state)
{
    return state == TCP_ESTABLISHED || state == TCP_FIN_WAIT_1 || state == TCP_FIN_WAIT_2;
}

bool tcp_state_is_synchronized(enum tcp_state state)
{
    return state != TCP_CLOSED && state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_SYN_RECEIVED;
}
