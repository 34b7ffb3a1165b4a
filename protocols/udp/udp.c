/* SPDX-License-Identifier: MIT
 * The UDP machine: what comes up, and what goes down. The picture is in udp.h; the calls that give a socket
 * its endpoints are in socket.c. RFC 768; RFC 1122 4.1. */
#include "protocols/udp/udp.h"

#include "protocols/udp/parts.h"

static void udp_arrive(struct net_layer_user *user, const struct net_arrival *arrival);
static void udp_fail(struct net_layer_user *user, const struct net_failure *failure);

void udp_init(struct udp *udp, struct env *env)
{
    *udp = (struct udp){.env = env, .user = {udp_arrive, udp_fail}};
    binding_table_init(&udp->bindings, env);
}

void udp_add_layer(struct udp *udp, struct net_layer *layer)
{
    struct net_layer **place = udp->layers;
    while (*place)
        place++;
    assert(place < udp->layers + UDP_LAYERS);
    *place = layer;
}

void udp_release(struct udp *udp)
{
    assert(udp->bindings.count == 0);
    binding_table_release(&udp->bindings);
}

struct net_layer *udp_layer_for(const struct udp *udp, struct net_address address)
{
    for (size_t i = 0; i < UDP_LAYERS && udp->layers[i]; i++)
        if (udp->layers[i]->family == address.family)
            return udp->layers[i];
    return NULL;
}

/* ---- Up: datagrams ---- */

static struct udp_socket *socket_of(const struct binding *binding)
{
    return ENV_OWNER(binding, struct udp_socket, binding);
}

static void drop(struct udp *udp, const struct net_arrival *arrival, const struct udp_header *header,
                 enum udp_reason reason)
{
    udp->counters.dropped += reason < UDP_NO_SOCKET;
    udp->counters.no_socket += reason == UDP_NO_SOCKET;
    udp->counters.queue_full += reason == UDP_QUEUE_FULL;
    env_because(udp->env, env_tell(udp->env, &udp_kinds[UDP_DROP], arrival->payload.frame, reason,
                                   net_to_ipv4(arrival->source).value, header->source_port,
                                   net_to_ipv4(arrival->destination).value, header->destination_port,
                                   (int64_t)arrival->payload.length_bytes));
}

/* Puts the datagram into the socket's queue. False: it is full, which is told. */
static bool put(struct udp_socket *socket, const struct net_arrival *arrival, const struct udp_header *header)
{
    struct udp *udp = socket->udp;
    struct udp_received received = {.from = {arrival->source, header->source_port},
                                    .to = arrival->destination,
                                    .interface = arrival->interface,
                                    .length_bytes = header->length_bytes - UDP_HEADER,
                                    .frame = arrival->payload.frame,
                                    .at = env_now(udp->env),
                                    .ttl = arrival->ttl,
                                    .tos = arrival->tos,
                                    .is_for_many = arrival->is_for_many};
    if (!udp_queue_put(&socket->queue, &received, arrival->payload.bytes + UDP_HEADER)) {
        socket->counters.queue_full++;
        drop(udp, arrival, header, UDP_QUEUE_FULL);
        return false;
    }
    udp->counters.received++;
    socket->counters.received++;
    env_because(udp->env, env_tell(udp->env, &udp_kinds[UDP_RX], arrival->payload.frame,
                                   net_to_ipv4(arrival->source).value, header->source_port,
                                   net_to_ipv4(arrival->destination).value, header->destination_port,
                                   received.length_bytes, socket->queue.used_bytes));
    return true;
}

/* The next socket that should have a copy and has none yet. Looked for from the start each time: telling a
 * socket may close any other. */
static struct udp_socket *next_untold(struct udp *udp, const struct net_endpoint *local,
                                      const struct net_endpoint *peer)
{
    for (struct binding *at = NULL; (at = binding_next(&udp->bindings, at, local->port));)
        if (binding_fits(at, local, peer) && !socket_of(at)->is_told && !socket_of(at)->is_closed_to_receive)
            return socket_of(at);
    return NULL;
}

/* A broadcast or group: every socket that it fits gets a copy. No RFC says which ones; this is what Linux
 * does. Nobody complains if there is none: RFC 1122 3.2.2. */
static void deliver_to_many(struct udp *udp, const struct net_arrival *arrival,
                            const struct udp_header *header)
{
    struct net_endpoint local = {arrival->destination, header->destination_port};
    struct net_endpoint peer = {arrival->source, header->source_port};
    uint64_t before = env_cause(udp->env);
    bool is_heard = false;
    for (struct udp_socket *socket; (socket = next_untold(udp, &local, &peer)); is_heard = true) {
        socket->is_told = true;
        env_because(udp->env, before);
        if (put(socket, arrival, header))
            socket->told(socket, UDP_READABLE);
    }
    for (struct binding *at = NULL; (at = binding_next(&udp->bindings, at, local.port));)
        socket_of(at)->is_told = false;
    env_because(udp->env, before);
    if (!is_heard)
        drop(udp, arrival, header, UDP_NO_SOCKET);
}

static void udp_arrive(struct net_layer_user *user, const struct net_arrival *arrival)
{
    struct udp *udp = ENV_OWNER(user, struct udp, user);
    struct udp_header header = {0};
    enum udp_reason reason = udp_parse(arrival->payload.bytes, arrival->payload.length_bytes,
                                       &arrival->source, &arrival->destination, &header);
    if (reason != UDP_OK) {
        drop(udp, arrival, &header, reason); /* RFC 1122 4.1.3.4: silently */
        return;
    }
    if (arrival->is_for_many) {
        deliver_to_many(udp, arrival, &header);
        return;
    }
    struct net_endpoint local = {arrival->destination, header.destination_port};
    struct net_endpoint peer = {arrival->source, header.source_port};
    struct binding *binding = binding_find(&udp->bindings, local, peer);
    if (!binding) {
        struct net_layer *layer = udp_layer_for(udp, arrival->destination);
        drop(udp, arrival, &header, UDP_NO_SOCKET);
        layer->ops->port_unreachable(layer, arrival); /* RFC 1122 4.1.3.1 */
        return;
    }
    struct udp_socket *socket = socket_of(binding);
    if (!socket->is_closed_to_receive && put(socket, arrival, &header))
        socket->told(socket, UDP_READABLE);
}

/* ---- Up: errors ---- */

static void keep_complaint(struct udp_socket *socket, const struct net_failure *failure, uint16_t port)
{
    if (!socket->complaints)
        socket->complaints = env_new(socket->udp->env, UDP_COMPLAINTS * sizeof *socket->complaints);
    if (socket->complaint_count == UDP_COMPLAINTS)
        return; /* whoever does not read them misses the later ones, as on Linux */
    uint32_t place = (socket->complaint_first + socket->complaint_count++) % UDP_COMPLAINTS;
    socket->complaints[place] = (struct udp_complaint){.error = failure->error,
                                                       .type = failure->type,
                                                       .code = failure->code,
                                                       .rest = failure->rest,
                                                       .reporter = failure->reporter,
                                                       .target = {failure->destination, port},
                                                       .at = env_now(socket->udp->env)};
}

/* RFC 1122 4.1.3.3: "UDP MUST pass to the application layer all ICMP error messages that it receives". A
 * socket that did not ask for them hears of hard ones, and only if it is connected: only then is the next
 * call surely about the same peer. */
static void udp_fail(struct net_layer_user *user, const struct net_failure *failure)
{
    struct udp *udp = ENV_OWNER(user, struct udp, user);
    if (failure->payload.length_bytes < UDP_HEADER)
        return;
    struct net_endpoint local = {failure->source, bytes_u16(failure->payload.bytes)};
    struct net_endpoint peer = {failure->destination, bytes_u16(failure->payload.bytes + 2)};
    struct binding *binding = binding_find(&udp->bindings, local, peer);
    if (!binding)
        return;
    struct udp_socket *socket = socket_of(binding);
    if (!socket->wants_complaints && !(binding->peer.port && failure->is_hard))
        return;
    if (socket->wants_complaints)
        keep_complaint(socket, failure, peer.port);
    socket->error = failure->error;
    env_because(udp->env, env_tell(udp->env, &udp_kinds[UDP_TOLD], failure->payload.frame,
                                   net_error_index((int)failure->error), local.port,
                                   net_to_ipv4(failure->reporter).value,
                                   net_to_ipv4(failure->destination).value, failure->type, failure->code));
    socket->told(socket, UDP_FAILED);
}

/* ---- Down ---- */

static int64_t refuse(struct udp_socket *socket, const struct net_endpoint *to, size_t count, int error)
{
    struct udp *udp = socket->udp;
    udp->counters.refused++;
    socket->counters.refused++;
    env_tell(udp->env, &udp_kinds[UDP_REFUSED], 0, net_error_index(error), (int64_t)count,
             net_to_ipv4(to->address).value, to->port);
    return error;
}

/* Everything that may keep `count` bytes from being sent as `request` says. Fills in the source. */
static int find_way(struct udp_socket *socket, struct net_layer *layer, struct net_request *request,
                    size_t count)
{
    struct net_route route;
    int error = layer->ops->route(layer, request, &route);
    if (error)
        return error;
    if (route.is_broadcast && !socket->may_broadcast)
        return -NET_EACCES;
    if (route.is_for_many && !route.is_broadcast && !request->ttl)
        request->ttl = socket->group_ttl; /* RFC 1112 6.1 */
    if (!request->ttl)
        request->ttl = socket->ttl;
    if (net_is_any(request->source))
        request->source = route.source; /* RFC 1122 4.1.3.6 */
    return count + UDP_HEADER + route.header_bytes > UDP_LENGTH ? -NET_EMSGSIZE : 0;
}

static int64_t send_packet(struct udp_socket *socket, struct net_layer *layer,
                           const struct net_request *request, uint16_t port, const void *bytes, size_t count)
{
    struct udp *udp = socket->udp;
    struct udp_header header = {socket->binding.local.port, port, (uint16_t)(UDP_HEADER + count), 0};
    struct packet_out packet = packet_make(layer->packets, layer->headroom_bytes, UDP_HEADER + count);
    if (count)
        memcpy(packet.bytes + UDP_HEADER, bytes, count);
    udp_emit(&header, &request->source, &request->destination, packet.bytes); /* RFC 1122 4.1.3.4: always */
    uint64_t before = env_cause(udp->env);
    env_because(udp->env,
                env_tell(udp->env, &udp_kinds[UDP_TX], packet.frame, net_to_ipv4(request->source).value,
                         header.source_port, net_to_ipv4(request->destination).value, port, (int64_t)count));
    int error = layer->ops->send(layer, request, &packet);
    env_because(udp->env, before);
    if (error)
        return error;
    udp->counters.sent++;
    socket->counters.sent++;
    return (int64_t)count;
}

int64_t udp_send(struct udp_socket *socket, const struct udp_sending *how, const void *bytes, size_t count)
{
    static const struct udp_sending as_it_is;
    how = how ? how : &as_it_is;
    struct net_endpoint to = how->to.port ? how->to : socket->binding.peer;
    struct net_layer *layer = udp_layer_for(socket->udp, to.address);
    int error = udp_take_error(socket);
    if (error)
        return error;
    if (socket->is_closed_to_send)
        return -NET_EPIPE;
    if (!to.port)
        return how->to.address.family ? -NET_EINVAL : -NET_EDESTADDRREQ;
    if (!layer)
        return refuse(socket, &to, count, -NET_EAFNOSUPPORT);
    struct net_request request = {.destination = to.address,
                                  .source = how->source,
                                  .protocol = UDP_PROTOCOL,
                                  .ttl = how->ttl,
                                  .tos = socket->tos,
                                  .dont_fragment = socket->dont_fragment,
                                  .interface = how->interface};
    if (!net_is_any(how->source) && !layer->ops->is_one_host(layer, how->source))
        return refuse(socket, &to, count, -NET_EINVAL); /* RFC 1122 4.1.3.6: only what is ours */
    if (net_is_any(request.source) && layer->ops->is_one_host(layer, socket->binding.local.address))
        request.source = socket->binding.local.address;
    error = find_way(socket, layer, &request, count);
    if (!error && !socket->binding.is_joined)
        error = udp_bind_any(socket);
    if (error)
        return refuse(socket, &to, count, error);
    int64_t sent = send_packet(socket, layer, &request, to.port, bytes, count);
    return sent < 0 ? refuse(socket, &to, count, (int)sent) : sent;
}
