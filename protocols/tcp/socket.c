/* SPDX-License-Identifier: MIT
 * The owner's calls: ports, connecting, listening, sending, receiving. Closing is in close.c, options are in
 * choices.c, what can be asked is in info.c. Errors are those that Linux has for the same call on a socket
 * that does not block. */
#include "protocols/tcp/connection.h"

struct tcp_socket *tcp_open(struct tcp *tcp, tcp_told *told, void *owner)
{
    struct tcp_socket *socket = tcp_socket_new(tcp);
    socket->has_owner = true;
    tcp_set_owner(socket, told, owner);
    return socket;
}

void *tcp_owner(const struct tcp_socket *socket)
{
    return socket->owner;
}

void tcp_set_owner(struct tcp_socket *socket, tcp_told *told, void *owner)
{
    socket->told = told;
    socket->owner = owner;
}

int tcp_take_error(struct tcp_socket *socket)
{
    int error = -socket->error;
    socket->error = 0;
    return error;
}

/* ---- Ports ---- */

static uint16_t choose_port(struct tcp_socket *socket, struct net_address address,
                            const struct net_endpoint *peer)
{
    struct tcp *tcp = socket->tcp;
    uint16_t first = (uint16_t)tcp_set_of(socket, TCP_SET_FIRST_PORT);
    uint16_t last = (uint16_t)tcp_set_of(socket, TCP_SET_LAST_PORT);
    if (last < first)
        return 0;
    uint16_t port = peer ? tcp_demux_choose_for(&tcp->demux, address, *peer, first, last)
                         : tcp_demux_choose(&tcp->demux, &socket->bound, address, first, last);
    if (!port)
        env_tell(tcp->env, &tcp_kinds[TCP_FACT_NO_PORT], 0, first,
                 (int64_t)tcp_flow_text(tcp->env, &socket->bound.local, peer ? peer : &socket->bound.peer),
                 last);
    return port;
}

int tcp_bind(struct tcp_socket *socket, struct net_endpoint local)
{
    struct net_layer *layer = tcp_layer_for(socket->tcp, &local.address);
    if (socket->bound.port || socket->state != TCP_CLOSED || socket->is_open)
        return -NET_EINVAL;
    if (!layer && local.address.family != NET_ANY)
        return -NET_EAFNOSUPPORT;
    if (!net_is_any(local.address) && !layer->ops->is_one_host(layer, local.address))
        return -NET_EADDRNOTAVAIL;
    if (!local.port)
        local.port = choose_port(socket, local.address, NULL);
    else if (!tcp_demux_is_free(&socket->tcp->demux, &socket->bound, local))
        local.port = 0;
    if (!local.port)
        return -NET_EADDRINUSE;
    tcp_demux_bind(&socket->tcp->demux, &socket->bound, local);
    return 0;
}

int tcp_listen(struct tcp_socket *socket, int backlog)
{
    int64_t most = tcp_set_of(socket, TCP_SET_SOMAXCONN);
    if (socket->state != TCP_LISTEN && (socket->state != TCP_CLOSED || socket->is_open))
        return -NET_EINVAL;
    if (!socket->bound.port) {
        int error = tcp_bind(socket, (struct net_endpoint){0});
        if (error)
            return error;
    } else if (socket->state != TCP_LISTEN &&
               !tcp_demux_is_free(&socket->tcp->demux, &socket->bound, socket->bound.local)) {
        return -NET_EADDRINUSE; /* another one that shares the port listens already */
    }
    if (socket->state != TCP_LISTEN) {
        tcp_listener_open(socket);
        tcp_demux_listen(&socket->tcp->demux, &socket->bound);
        tcp_enter(socket, TCP_LISTEN, TCP_RULE_OPEN_PASSIVE);
    }
    socket->listener->backlog = (uint32_t)(backlog < 0 || backlog > most ? most : backlog);
    return 0;
}

int tcp_accept(struct tcp_socket *listener, tcp_told *told, void *owner, struct tcp_socket **ret_socket)
{
    if (listener->state != TCP_LISTEN)
        return -NET_EINVAL;
    struct tcp_socket *child = tcp_listener_take(listener);
    if (!child)
        return -NET_EAGAIN;
    child->has_owner = true;
    child->ready_now = 0;
    tcp_set_owner(child, told, owner);
    tcp_keepalive_arm(child);
    *ret_socket = child;
    return 0;
}

/* ---- Connecting ---- */

static int again_to_connect(struct tcp_socket *socket)
{
    if (socket->error)
        return tcp_take_error(socket);
    if (socket->state == TCP_SYN_SENT || socket->state == TCP_SYN_RECEIVED)
        return -NET_EALREADY;
    if (socket->state == TCP_CLOSED || socket->state == TCP_LISTEN)
        return socket->state == TCP_LISTEN ? -NET_EISCONN : -NET_ECONNABORTED;
    return -NET_EISCONN;
}

static int take_ends(struct tcp_socket *socket, struct net_endpoint peer, const struct net_route *route)
{
    struct tcp_demux *demux = &socket->tcp->demux;
    struct net_endpoint local = socket->bound.local;
    bool was_bound = socket->bound.port != NULL;
    if (net_is_any(local.address))
        local.address = route->source;
    if (!was_bound)
        local.port = choose_port(socket, local.address, &peer);
    if (!local.port)
        return -NET_EADDRNOTAVAIL; /* port exhaustion */
    if (tcp_demux_find(demux, &local, &peer))
        return -NET_EADDRNOTAVAIL; /* these two ends have a connection already, or its TIME-WAIT */
    tcp_demux_leave(demux, &socket->bound);
    socket->bound.was_chosen = !was_bound;
    tcp_demux_bind(demux, &socket->bound, local);
    tcp_demux_connect(demux, &socket->bound, peer);
    return 0;
}

/* Up to the first SYN: -NET_EINPROGRESS; or what is wrong. */
static int begin_to_connect(struct tcp_socket *socket, struct net_endpoint peer)
{
    struct net_layer *layer = tcp_layer_for(socket->tcp, &peer.address);
    struct net_request request = {
        .destination = peer.address, .source = socket->bound.local.address, .protocol = TCP_PROTOCOL};
    struct net_route route;
    if (peer.address.family == NET_ANY)
        return tcp_disconnect(socket);
    if (socket->is_open || socket->state != TCP_CLOSED)
        return again_to_connect(socket);
    if (!layer)
        return -NET_EAFNOSUPPORT;
    if (!peer.port || net_is_any(peer.address))
        return -NET_EINVAL;
    int error = layer->ops->route(layer, &request, &route);
    if (!error && route.is_for_many)
        error = -NET_ENETUNREACH; /* RFC 9293 section 3.9.2.3 */
    if (!error)
        error = take_ends(socket, peer, &route);
    if (error)
        return error;
    tcp_socket_begin(socket, layer);
    return -NET_EINPROGRESS;
}

int tcp_connect(struct tcp_socket *socket, struct net_endpoint peer)
{
    int status = begin_to_connect(socket, peer);
    if (status != -NET_EINPROGRESS)
        return status;
    tcp_open_active(socket, false, NULL, 0);
    tcp_settle_quietly(socket);
    return status;
}

int64_t tcp_connect_sending(struct tcp_socket *socket, struct net_endpoint peer, const void *bytes, size_t count)
{
    if (!tcp_fast_open_may_ask(socket->tcp))
        return -NET_EOPNOTSUPP;
    int status = begin_to_connect(socket, peer);
    if (status != -NET_EINPROGRESS)
        return status;
    uint32_t taken = tcp_open_active(socket, true, bytes, count < UINT16_MAX ? (uint32_t)count : UINT16_MAX);
    tcp_settle_quietly(socket);
    return taken ? (int64_t)taken : status;
}

/* ---- Sending ---- */

/* MSG_EOR: nothing that follows is joined to what ends here. */
static void end_record(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    struct env *env = socket->tcp->env;
    if (snd->record_count == snd->record_room) {
        uint32_t room = snd->record_room ? snd->record_room * 2 : 8;
        struct tcp_seq *ends = env_new(env, room * sizeof *ends);
        for (uint32_t i = 0; i < snd->record_count; i++)
            ends[i] = snd->record_ends[(snd->record_first + i) & (snd->record_room - 1)];
        env_free(env, snd->record_ends);
        snd->record_ends = ends;
        snd->record_room = room;
        snd->record_first = 0;
    }
    snd->record_ends[(snd->record_first + snd->record_count++) & (snd->record_room - 1)] = snd->end;
}

static int may_not_send(struct tcp_socket *socket)
{
    if (socket->error)
        return tcp_take_error(socket);
    if (socket->is_fast)
        return socket->snd.has_ended ? -NET_EPIPE : 0;
    if (socket->state == TCP_SYN_SENT || socket->state == TCP_SYN_RECEIVED)
        return socket->is_open && socket->snd.has_ended ? -NET_EPIPE : -NET_EAGAIN;
    if (!socket->is_open)
        return -NET_ENOTCONN;
    return tcp_state_may_send(socket->state) ? 0 : -NET_EPIPE;
}

int64_t tcp_send(struct tcp_socket *socket, const void *bytes, size_t count, unsigned flags)
{
    struct tcp_sender *snd = &socket->snd;
    int error = may_not_send(socket);
    uint32_t room = error ? 0 : tcp_sender_room(socket), taken = count < room ? (uint32_t)count : room;
    if (error == -NET_EAGAIN || (!error && taken < count))
        snd->wants_room = true;
    if (error)
        return error;
    if (!taken)
        return count ? -NET_EAGAIN : 0;
    tcp_stream_write(&snd->buffer, snd->end.value - snd->base.value, bytes, taken);
    snd->end = tcp_seq_plus(snd->end, taken);
    bool is_all = taken == count;
    if (flags & TCP_SEND_OOB && is_all) {
        snd->urgent = snd->end;
        snd->has_urgent = true;
    }
    if (flags & TCP_SEND_EOR && is_all)
        end_record(socket);
    snd->holds_tail = (flags & TCP_SEND_MORE) != 0;
    tcp_settle_quietly(socket);
    snd->holds_tail = false;
    return taken;
}

/* ---- Receiving ---- */

static int64_t nothing_to_read(struct tcp_socket *socket)
{
    if (socket->error)
        return tcp_take_error(socket);
    if (!socket->is_open)
        return -NET_ENOTCONN;
    bool has_ended = socket->rcv.has_ended || socket->rcv.is_shut || socket->state == TCP_CLOSED;
    return has_ended ? 0 : -NET_EAGAIN;
}

int64_t tcp_receive(struct tcp_socket *socket, void *bytes, size_t size, unsigned flags)
{
    struct tcp_receiver *rcv = &socket->rcv;
    bool peeks = flags & TCP_RECEIVE_PEEK;
    if (flags & TCP_RECEIVE_OOB)
        return socket->is_open ? tcp_urgent_read(socket, bytes, peeks) : -NET_ENOTCONN;
    if (socket->is_open && !peeks)
        tcp_urgent_step_over(socket);
    uint32_t unread = socket->is_open ? tcp_receiver_unread(socket) : 0;
    if (!unread)
        return nothing_to_read(socket);
    uint32_t count = size < unread ? (uint32_t)size : unread;
    count = tcp_urgent_limit(socket, count);
    if (bytes && !socket->choices.counts_only)
        tcp_stream_copy(&rcv->buffer, 0, bytes, count, false);
    if (!peeks) {
        tcp_receiver_was_read(socket, count);
        tcp_settle_quietly(socket);
    }
    return count;
}
