/* SPDX-License-Identifier: MIT
 * A UDP socket from the owner's side: its endpoints, and what waits for it.
 *
 *     open  --bind-->  bound  --connect-->  connected  --connect to nobody-->  bound, or open again
 *       '--connect or send: a port is chosen--'
 *
 * Errors are those that Linux has for the same call. */
#include "protocols/udp/parts.h"

void udp_open(struct udp *udp, struct udp_socket *socket,
              void (*told)(struct udp_socket *socket, unsigned events))
{
    *socket = (struct udp_socket){.udp = udp, .told = told, .group_ttl = 1};
    udp_queue_init(&socket->queue, udp->env, UDP_QUEUE_BYTES);
}

void udp_close(struct udp_socket *socket)
{
    binding_leave(&socket->udp->bindings, &socket->binding);
    udp_queue_release(&socket->queue);
    env_free(socket->udp->env, socket->complaints);
    socket->complaints = NULL;
}

/* ---- Endpoints ---- */

/* RFC 6056 3.3.1. The fact is for whoever wonders why nothing is sent any more. */
static uint16_t choose_port(struct udp *udp, struct net_address address)
{
    uint16_t port = binding_choose_port(&udp->bindings, address);
    if (!port)
        env_tell(udp->env, &udp_kinds[UDP_NO_PORT], 0, udp->bindings.first_port, udp->bindings.last_port);
    return port;
}

static void join(struct udp_socket *socket, struct net_endpoint local, struct net_endpoint peer)
{
    binding_leave(&socket->udp->bindings, &socket->binding);
    binding_join(&socket->udp->bindings, &socket->binding, local, peer);
}

int udp_bind(struct udp_socket *socket, struct net_endpoint local)
{
    struct net_layer *layer = udp_layer_for(socket->udp, local.address);
    if (socket->binding.is_joined)
        return -NET_EINVAL;
    if (!layer && local.address.family != NET_ANY)
        return -NET_EAFNOSUPPORT;
    if (!net_is_any(local.address) && !layer->ops->is_local(layer, local.address))
        return -NET_EADDRNOTAVAIL;
    socket->has_own_port = local.port != 0;
    if (!local.port)
        local.port = choose_port(socket->udp, local.address);
    else if (!binding_is_free(&socket->udp->bindings, &socket->binding, local))
        local.port = 0;
    if (!local.port)
        return -NET_EADDRINUSE;
    join(socket, local, (struct net_endpoint){0});
    socket->bound_address = socket->binding.local.address;
    return 0;
}

int udp_bind_any(struct udp_socket *socket)
{
    struct net_endpoint local = {socket->bound_address, choose_port(socket->udp, socket->bound_address)};
    if (!local.port)
        return -NET_EAGAIN;
    join(socket, local, (struct net_endpoint){0});
    return 0;
}

static int disconnect(struct udp_socket *socket)
{
    struct net_endpoint local = {socket->bound_address, socket->binding.local.port};
    if (!socket->binding.peer.port)
        return 0;
    if (socket->has_own_port) {
        join(socket, local, (struct net_endpoint){0});
    } else {
        binding_leave(&socket->udp->bindings, &socket->binding);
        socket->binding.local = socket->binding.peer = (struct net_endpoint){0};
    }
    return 0;
}

int udp_connect(struct udp_socket *socket, struct net_endpoint peer)
{
    struct net_layer *layer = udp_layer_for(socket->udp, peer.address);
    struct net_request request = {.destination = peer.address, .protocol = UDP_PROTOCOL};
    struct net_route route;
    if (peer.address.family == NET_ANY)
        return disconnect(socket);
    if (!layer)
        return -NET_EAFNOSUPPORT;
    if (!peer.port || net_is_any(peer.address))
        return -NET_EINVAL;
    int error = layer->ops->route(layer, &request, &route);
    if (!error && route.is_broadcast && !socket->may_broadcast)
        error = -NET_EACCES;
    if (!error && !socket->binding.is_joined)
        error = udp_bind_any(socket);
    if (error)
        return error;
    struct net_endpoint local = {socket->bound_address, socket->binding.local.port};
    if (net_is_any(local.address))
        local.address = route.source;
    join(socket, local, peer);
    return 0;
}

/* ---- What waits ---- */

int udp_take_error(struct udp_socket *socket)
{
    int error = -socket->error;
    socket->error = 0;
    return error;
}

bool udp_take_complaint(struct udp_socket *socket, struct udp_complaint *ret_complaint)
{
    if (!socket->complaint_count)
        return false;
    *ret_complaint = socket->complaints[socket->complaint_first];
    socket->complaint_first = (socket->complaint_first + 1) % UDP_COMPLAINTS;
    socket->complaint_count--;
    return true;
}

int64_t udp_receive(struct udp_socket *socket, void *bytes, size_t size, struct udp_received *ret_received,
                    bool peeks)
{
    const uint8_t *data;
    int error = udp_take_error(socket);
    if (error)
        return error;
    const struct udp_received *received = udp_queue_first(&socket->queue, &data);
    if (!received)
        return socket->is_closed_to_receive ? 0 : -NET_EAGAIN;
    size_t copied = received->length_bytes < size ? received->length_bytes : size;
    if (copied)
        memcpy(bytes, data, copied); /* RFC 768: one datagram; what does not fit is gone */
    if (ret_received)
        *ret_received = *received;
    if (!peeks)
        udp_queue_drop_first(&socket->queue);
    return (int64_t)copied;
}
