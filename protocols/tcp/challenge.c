/* SPDX-License-Identifier: MIT
 * Challenge ACKs: what an open connection says to a segment that looks like an attack. RFC 5961.
 *
 * A reset must stand exactly at RCV.NXT, and a SYN never counts. Whoever means it seriously (a peer that was
 * restarted) answers the challenge with a reset whose number is right; whoever guesses blindly never sees it.
 * So that nobody makes us talk without end, there are two limits: for each connection, and for the machine.
 */
#include "protocols/tcp/connection.h"

bool tcp_may_answer_nonsense(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    int64_t now = tcp_now(socket), gap = tcp_set_time_of(socket, TCP_SET_INVALID_RATELIMIT);
    if (rcv->answered_nonsense_at != ENV_NEVER && now - rcv->answered_nonsense_at < gap)
        return false;
    rcv->answered_nonsense_at = now;
    return true;
}

/* RFC 5961 section 7. */
static bool may_challenge(struct tcp *tcp)
{
    int64_t now = env_now(tcp->env);
    if (now >= tcp->challenge_until) {
        tcp->challenge_left = (uint32_t)tcp_setting(&tcp->settings, TCP_SET_CHALLENGE_ACK_LIMIT);
        tcp->challenge_until = now + ENV_SECOND;
    }
    if (!tcp->challenge_left)
        return false;
    tcp->challenge_left--;
    return true;
}

void tcp_challenge(struct tcp_socket *socket, const struct tcp_arrival *arrival, enum tcp_reason reason)
{
    struct tcp *tcp = socket->tcp;
    tcp_drop(tcp, arrival, reason);
    if (!tcp_may_answer_nonsense(socket) || !may_challenge(tcp))
        return;
    tcp->counters.challenges++;
    env_because(tcp->env, tcp_tell_fact(socket, TCP_FACT_CHALLENGE, arrival->net->payload.frame, reason,
                                        arrival->segment.seq.value));
    tcp_send_ack(socket);
}
