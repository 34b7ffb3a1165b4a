/* SPDX-License-Identifier: MIT
 * The clocks of a connection: many deadlines, one timer.
 *
 * Each deadline is a time that a rule may move as often as it likes; that costs a store. Only the earliest
 * one needs a timer, and a timer that fires before its deadline (because that has been moved meanwhile) is
 * simply set again. So data that flows re-arms nothing for every segment, and an idle connection has no timer
 * at all. */
#ifndef NETARIUM_PROTOCOLS_TCP_TIMERS_H
#define NETARIUM_PROTOCOLS_TCP_TIMERS_H

#include "protocols/env.h"

struct tcp_socket;

enum tcp_timer {
    TCP_TIMER_RECOVERY,     /* RACK's, the tail loss probe's, or pacing: recovery.h */
    TCP_TIMER_RETRANSMIT,   /* no acknowledgment in time: RFC 6298 (5.1) */
    TCP_TIMER_PERSIST,      /* the peer's window is closed, or too small: RFC 9293 section 3.8.6.1 */
    TCP_TIMER_DELAYED_ACK,  /* RFC 9293 section 3.8.6.3 */
    TCP_TIMER_KEEPALIVE,    /* RFC 9293 section 3.8.4 */
    TCP_TIMER_FIN_WAIT_2,   /* nobody owns it, and the peer does not end: RFC 1122 4.2.2.13 */
    TCP_TIMER_LINGER,       /* a close waits for all to be acknowledged no longer: SO_LINGER */
    TCP_TIMER_USER_TIMEOUT, /* RFC 9293 section 3.9.1, RFC 5482 */
    TCP_TIMERS
};

struct tcp_timers {
    struct env_timer wake;
    int64_t at[TCP_TIMERS];     /* ENV_NEVER: off */
    uint64_t cause[TCP_TIMERS]; /* the record that set it, for the trace */
};

void tcp_timers_init(struct tcp_socket *socket);
void tcp_timers_release(struct tcp_socket *socket);

/* Sets or moves a deadline (a time now or later), or takes it away. */
void tcp_timer_set(struct tcp_socket *socket, enum tcp_timer timer, int64_t at);
void tcp_timer_stop(struct tcp_socket *socket, enum tcp_timer timer);
bool tcp_timer_is_set(const struct tcp_socket *socket, enum tcp_timer timer);

#endif
