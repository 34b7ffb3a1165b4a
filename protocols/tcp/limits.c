/* SPDX-License-Identifier: MIT
 * What holds a sender back, and for how long: the question behind "why is it slow?".
 *
 *      idle      nothing waits for an acknowledgment, and nothing to be sent: the owner is what is slow
 *      busy      something does: the network is, or the congestion window
 *      rwnd      ... and the peer's window has no room for what waits: its reader is slow
 *      sndbuf    ... all has been sent, the owner would give more, and our buffer has no room for it
 *
 * Linux counts so in its chronographs (tcpi_busy_time, rwnd_limited, sndbuf_limited); ss -i shows them. The
 * last step of whatever happens to a socket asks once, by members that are at hand. */
#include "protocols/tcp/connection.h"

static enum tcp_limit limit_now(const struct tcp_sender *snd)
{
    if (tcp_seq_is_equal(snd->una, snd->nxt) && tcp_seq_is_up_to(snd->end, snd->nxt))
        return TCP_LIMIT_IDLE;
    int32_t unsent = tcp_seq_distance(snd->nxt, snd->end);
    if (snd->recovery.is_limited)
        return TCP_LIMIT_BUSY; /* cwnd */
    if (unsent <= 0)
        return snd->wants_room ? TCP_LIMIT_SNDBUF : TCP_LIMIT_BUSY;
    int32_t room = tcp_seq_distance(snd->nxt, tcp_seq_plus(snd->una, snd->wnd));
    return room < (unsent < snd->mss ? unsent : snd->mss) ? TCP_LIMIT_RWND : TCP_LIMIT_BUSY;
}

static void change(struct tcp_socket *socket, enum tcp_limit limit)
{
    struct tcp_sender *snd = &socket->snd;
    snd->limited[snd->limit] += tcp_now(socket) - snd->limit_since;
    snd->limit = limit;
    snd->limit_since = tcp_now(socket);
}

void tcp_limit_look(struct tcp_socket *socket)
{
    enum tcp_limit limit = limit_now(&socket->snd);
    if (limit != socket->snd.limit)
        change(socket, limit);
}

void tcp_limit_end(struct tcp_socket *socket)
{
    change(socket, TCP_LIMIT_IDLE);
}

int64_t tcp_limited_by(const struct tcp_socket *socket, enum tcp_limit limit)
{
    const struct tcp_sender *snd = &socket->snd;
    return snd->limited[limit] + (snd->limit == limit ? tcp_now(socket) - snd->limit_since : 0);
}
