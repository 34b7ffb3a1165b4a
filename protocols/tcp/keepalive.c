/* SPDX-License-Identifier: MIT
 * Is the peer still there? Only if the owner asks for it (SO_KEEPALIVE), and only after two hours of silence:
 * RFC 9293 section 3.8.4. A probe is a segment with an old number, which a living peer must answer; one lost
 * probe is not the end. */
#include "protocols/tcp/connection.h"

static int64_t idle_time(const struct tcp_socket *socket)
{
    int64_t chosen = socket->choices.keepalive_idle;
    return chosen ? chosen : tcp_set_time_of(socket, TCP_SET_KEEPALIVE_TIME);
}

static int64_t interval(const struct tcp_socket *socket)
{
    int64_t chosen = socket->choices.keepalive_interval;
    return chosen ? chosen : tcp_set_time_of(socket, TCP_SET_KEEPALIVE_INTERVAL);
}

static bool has_tried_enough(const struct tcp_socket *socket)
{
    uint8_t chosen = socket->choices.keepalive_count, probes = socket->rcv.keepalive_probes;
    int64_t silence = tcp_now(socket) - socket->snd.last_heard_at;
    if (socket->choices.user_timeout) /* as on Linux, the owner's limit overrides the number */
        return probes > 0 && silence >= socket->choices.user_timeout;
    return probes >= (chosen ? chosen : tcp_set_of(socket, TCP_SET_KEEPALIVE_PROBES));
}

void tcp_keepalive_arm(struct tcp_socket *socket)
{
    if (socket->choices.keeps_alive && tcp_state_is_synchronized(socket->state) && !socket->remains)
        tcp_timer_set(socket, TCP_TIMER_KEEPALIVE, socket->snd.last_heard_at + idle_time(socket));
    else
        tcp_timer_stop(socket, TCP_TIMER_KEEPALIVE);
}

void tcp_keepalive_timeout(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    int64_t now = tcp_now(socket), silence = now - snd->last_heard_at;
    if (!tcp_seq_is_equal(snd->una, snd->nxt) || tcp_sender_has_more(socket)) {
        tcp_timer_set(socket, TCP_TIMER_KEEPALIVE, now + idle_time(socket)); /* other timers look after it */
        return;
    }
    if (silence < idle_time(socket)) {
        tcp_timer_set(socket, TCP_TIMER_KEEPALIVE, snd->last_heard_at + idle_time(socket));
        return;
    }
    if (has_tried_enough(socket)) {
        tcp_send_reset(socket);
        tcp_end(socket, TCP_RULE_GAVE_UP, snd->soft_error ? snd->soft_error : NET_ETIMEDOUT);
        return;
    }
    socket->rcv.keepalive_probes++;
    env_because(socket->tcp->env,
                tcp_tell_fact(socket, TCP_FACT_PROBE, 0, socket->rcv.keepalive_probes, 1, interval(socket)));
    tcp_send_probe(socket);
    tcp_timer_set(socket, TCP_TIMER_KEEPALIVE, now + interval(socket));
}
