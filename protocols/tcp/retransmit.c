/* SPDX-License-Identifier: MIT
 * When nothing comes back: the retransmission timeout, probes of a closed window, and giving up.
 *
 * What is sent again is recovery's to say (recovery.h); here is how long one waits, and for how long one
 * tries. RFC 9293 section 3.8.3 knows two limits: R1, when the way is doubted, and R2, when the connection is
 * given up. As on Linux they are counted in timeouts, and mean the time that so many would take if the first
 * had the least duration: 15 of 200 ms are 924.6 s. That is the profile's least one, also where a shorter one
 * is set: else somebody with 1 ms would give up within half a second what takes a second to come back. RFC
 * 6298, RFC 9293 section 3.8.6.1. */
#include "protocols/tcp/connection.h"

#define ORPHAN_RETRIES 8 /* Linux' meaning of 0 */

static unsigned most_timeouts(const struct tcp_socket *socket)
{
    unsigned orphan = (unsigned)tcp_set_of(socket, TCP_SET_ORPHAN_RETRIES);
    if (socket->has_owner || socket->parent)
        return (unsigned)tcp_set_of(socket, TCP_SET_RETRIES2);
    return orphan ? orphan : ORPHAN_RETRIES;
}

/* The time that `count` doubling timeouts take. */
static int64_t time_of(const struct tcp_socket *socket, unsigned count)
{
    const struct tcp_setting_row *least = &tcp_setting_table[TCP_SET_RTO_MIN];
    int64_t wait = least->values[socket->tcp->settings.profile] * ENV_MICROSECOND;
    int64_t most = tcp_set_time_of(socket, TCP_SET_RTO_MAX), sum = 0;
    for (unsigned i = 0; i <= count; i++) {
        sum += wait;
        wait = wait * 2 < most ? wait * 2 : most;
    }
    return sum;
}

static void give_up(struct tcp_socket *socket)
{
    int error = socket->snd.soft_error ? socket->snd.soft_error : NET_ETIMEDOUT;
    tcp_end(socket, TCP_RULE_GAVE_UP, error); /* RFC 9293 section 3.10.8 */
}

/* ---- No acknowledgment ---- */

void tcp_retransmit_timeout(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_rtt *rtt = &snd->recovery.rtt;
    int64_t old = rtt->rto, now = tcp_now(socket);
    if (!tcp_state_is_synchronized(socket->state)) {
        tcp_syn_timeout(socket);
        return;
    }
    if (tcp_seq_is_equal(snd->una, snd->nxt))
        return;
    if (snd->first_timeout_at == ENV_NEVER) {
        snd->first_timeout_at = now - old; /* and nobody gives up before he has tried again */
    } else if (now - snd->first_timeout_at >= time_of(socket, most_timeouts(socket))) {
        give_up(socket);
        return;
    }
    int64_t next =
        2 * old < rtt->rules.most ? 2 * old : rtt->rules.most; /* RFC 6298 (5.5): told first, as the cause */
    env_because(socket->tcp->env,
                tcp_tell_fact(socket, TCP_FACT_TIMEOUT, 0, next, old, rtt->backoff + 1, snd->una.value));
    if (snd->wnd ==
        0) { /* the peer has closed its window over what is in flight: probe, do not blame the network */
        tcp_rtt_back_off(rtt);
        tcp_send_probe_of_window(socket);
    } else {
        tcp_recovery_timeout(&snd->recovery); /* RFC 6298 (5.4), (5.5) */
    }
    tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, now + rtt->rto); /* RFC 6298 (5.6) */
}

/* ---- A closed window ---- */

int64_t tcp_probe_wait(const struct tcp_socket *socket)
{
    const struct tcp_rtt *rtt = &socket->snd.recovery.rtt;
    int64_t wait = rtt->rto, most = tcp_set_time_of(socket, TCP_SET_RTO_MAX);
    for (unsigned i = 0; i < socket->snd.probe_backoff && wait < most; i++)
        wait *= 2;
    return wait < most ? wait : most;
}

/* Linux asks with an old number and no data; elsewhere an octet is sent that the window does not take, which
 * a peer may take after all. RFC 9293 section 3.8.6.1. */
void tcp_send_probe_of_window(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    bool has_octet = tcp_seq_is_equal(snd->una, snd->nxt) && tcp_seq_is_before(snd->nxt, snd->end);
    if (socket->tcp->settings.profile == TCP_PROFILE_LINUX || !has_octet) {
        tcp_send_probe(socket);
        return;
    }
    snd->is_probe_out = true;
    tcp_transmit(socket, snd->nxt, 1, TCP_FLAG_ACK | TCP_FLAG_PSH);
}

void tcp_persist_timeout(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    bool is_forgotten = !socket->has_owner && !socket->parent;
    if (snd->probes >= most_timeouts(socket) ||
        (is_forgotten && snd->probe_backoff >= most_timeouts(socket))) {
        give_up(socket);
        return;
    }
    if (snd->wnd > 0) { /* there is room, but too little to be worth it: it has been held back long enough */
        tcp_sender_force(socket);
        return;
    }
    snd->probes++;
    if (snd->probe_backoff < 30)
        snd->probe_backoff++;
    socket->rcv.is_ack_due = false;
    env_because(socket->tcp->env,
                tcp_tell_fact(socket, TCP_FACT_PROBE, 0, snd->probes, 0, tcp_probe_wait(socket)));
    tcp_send_probe_of_window(socket);
}

/* ---- The owner's own limit: RFC 9293 section 3.9.1.7, RFC 5482 ---- */

void tcp_user_timeout(struct tcp_socket *socket)
{
    give_up(socket);
}
