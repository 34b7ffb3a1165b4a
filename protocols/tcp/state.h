/* SPDX-License-Identifier: MIT
 * The eleven states of a connection, and which may follow which. RFC 9293 section 3.3.2, figure 5.
 *
 * The numbers are those of Linux' tcp_info, so that what `ss` and other tools print means the same here. */
#ifndef NETARIUM_PROTOCOLS_TCP_STATE_H
#define NETARIUM_PROTOCOLS_TCP_STATE_H

#include <stdbool.h>

enum tcp_state {
    TCP_ESTABLISHED = 1, /* both may send */
    TCP_SYN_SENT,        /* asked for a connection */
    TCP_SYN_RECEIVED,    /* asked, and been asked; waiting for the acknowledgment */
    TCP_FIN_WAIT_1,      /* we have ended; our FIN is not acknowledged yet */
    TCP_FIN_WAIT_2,      /* our FIN is acknowledged; the peer may still send */
    TCP_TIME_WAIT,       /* both have ended; old segments die out */
    TCP_CLOSED,          /* no connection at all */
    TCP_CLOSE_WAIT,      /* the peer has ended; we may still send */
    TCP_LAST_ACK,        /* the peer has ended, then we; our FIN is not acknowledged yet */
    TCP_LISTEN,          /* waiting for anybody */
    TCP_CLOSING,         /* both have ended at once; our FIN is not acknowledged yet */
    TCP_STATES
};

/* Names as in RFC 9293 ("SYN-SENT"), and as ss prints them ("SYN-SENT", "ESTAB"); by number, ended by NULL.
 */
extern const char *const tcp_state_words[];
extern const char *const tcp_state_ss_words[];

/* Is there an arrow from `from` to `to`? Everything may fall to CLOSED. */
bool tcp_state_may_follow(enum tcp_state from, enum tcp_state to);

/* May the owner still hand over data, may the peer still send some, in this state? */
bool tcp_state_may_send(enum tcp_state state);
bool tcp_state_may_receive(enum tcp_state state);

/* Has the handshake been completed? */
bool tcp_state_is_synchronized(enum tcp_state state);

#endif
