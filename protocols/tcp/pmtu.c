/* SPDX-License-Identifier: MIT
 * What the network says about our segments: too big, or not deliverable. RFC 1191, RFC 1122 4.2.3.9, RFC
 * 5927.
 *
 *      fragmentation needed    the path takes less: segments shrink, and what was too large leaves again
 *      not deliverable         while a connection opens: the end of it, on Linux; else only a hint, kept for
 * the day when the connection has to be given up anyway
 *
 * Anybody can write such a message; so the segment that it quotes must be one that is in flight (RFC 5927
 * section 4.1). A smaller path is believed for ten minutes, then a larger one is tried (RFC 1191
 * section 6.3). */
#include "protocols/tcp/connection.h"

/* RFC 1191 section 7.1: for routers that do not say what would fit. */
static const uint16_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

static uint32_t next_plateau(uint32_t mtu)
{
    unsigned i = 0;
    while (i + 1 < sizeof plateaus / sizeof plateaus[0] && plateaus[i] >= mtu)
        i++;
    return plateaus[i];
}

static void learn_path_mtu(struct tcp_socket *socket, uint32_t told)
{
    struct tcp_sender *snd = &socket->snd;
    uint32_t least = (uint32_t)tcp_set_of(socket, TCP_SET_MIN_PMTU);
    uint32_t mtu = told ? told : next_plateau(snd->pmtu_bytes);
    mtu = mtu < least ? least : mtu;
    if (!snd->pmtu_bytes || mtu >= snd->pmtu_bytes || !tcp_set_of(socket, TCP_SET_MTU_DISCOVERY) ||
        socket->choices.no_mtu_discovery)
        return;
    snd->pmtu_bytes = mtu;
    snd->pmtu_until = tcp_now(socket) + tcp_set_time_of(socket, TCP_SET_MTU_EXPIRES);
    tcp_sender_set_mss(socket, 1);
    tcp_recovery_lose_oversized(&snd->recovery);
}

void tcp_path_may_have_grown(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    snd->pmtu_until = 0;
    snd->pmtu_bytes = 0;
    tcp_sender_set_mss(socket, 2);
}

static void take_error(struct tcp_socket *socket, const struct net_failure *failure)
{
    bool is_opening = socket->state == TCP_SYN_SENT || socket->state == TCP_SYN_RECEIVED;
    bool is_linux = socket->tcp->settings.profile == TCP_PROFILE_LINUX;
    if (is_opening && !socket->parent && (failure->is_hard || is_linux))
        tcp_end(socket, TCP_RULE_NETWORK, (int)failure->error);
    else
        socket->snd.soft_error = (int)failure->error; /* RFC 1122 4.2.3.9: must not abort */
}

void tcp_failed(struct net_layer_user *user, const struct net_failure *failure)
{
    struct tcp *tcp = ENV_OWNER(user, struct tcp, user);
    if (failure->payload.length_bytes < 8)
        return;
    const uint8_t *quoted = failure->payload.bytes;
    struct net_endpoint local = {failure->source, bytes_u16(quoted)};
    struct net_endpoint peer = {failure->destination, bytes_u16(quoted + 2)};
    struct tcp_seq seq = tcp_seq_at(bytes_u32(quoted + 4));
    struct tcp_bound *bound = tcp_demux_find(&tcp->demux, &local, &peer);
    if (!bound || bound->is_time_wait)
        return;
    struct tcp_socket *socket = tcp_socket_of(bound);
    if (!tcp_seq_is_within(seq, socket->snd.una, socket->snd.nxt)) /* RFC 5927 section 4.1 */
        return;
    if (failure->error == NET_EMSGSIZE) {
        if (tcp_state_is_synchronized(socket->state))
            learn_path_mtu(socket, failure->rest & 0xffff);
    } else {
        take_error(socket, failure);
    }
    tcp_settle(socket);
}
