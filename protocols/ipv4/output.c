/* SPDX-License-Identifier: MIT
 * Down: from the protocol above to the link, or round to ourselves. RFC 791; RFC 1122 3.3.1. */
#include "protocols/ipv4/fragment.h"
#include "protocols/ipv4/ipv4_parts.h"

#define DATAGRAM_MOST 65535

static void loop_fire(struct env_timer *timer);

/* ---- Which way? ---- */

/* The interface for what belongs to no network: that of the default route, else the first. */
static uint32_t interface_for_group(const struct ipv4 *ip)
{
    const struct route *everything = routes_lookup(&ip->routes, IPV4_ANY);
    if (everything)
        return everything->interface;
    return ip->interface_count > 0 ? 0 : IPV4_NO_INTERFACE;
}

/* Interface and next hop for a destination that is not ourselves. */
static uint32_t choose_way(const struct ipv4 *ip, const struct ipv4_request *request,
                           const struct route *route, struct ipv4_address *ret_next_hop)
{
    *ret_next_hop = request->destination;
    if (ipv4_is_limited_broadcast(request->destination) || ipv4_is_multicast(request->destination))
        return request->interface ? request->interface - 1 : interface_for_group(ip); /* RFC 1122 3.3.6 */
    if (!route)
        return IPV4_NO_INTERFACE;
    if (route->source == ROUTE_BROADCAST)
        *ret_next_hop = IPV4_BROADCAST; /* RFC 1122 3.3.6 */
    else if (!ipv4_is_any(route->next_hop))
        *ret_next_hop = route->next_hop; /* RFC 1122 3.3.1.1 (c) */
    return route->interface;
}

/* Of several equal ways the one for what we send ourselves: by where it goes, since where it comes from follows from the way. */
static const struct route *own_way(const struct ipv4 *ip, const struct ipv4_request *request,
                                   const struct route *route)
{
    struct ipv4_flow flow = {.destination = request->destination};
    return route && route->weight
               ? routes_spread(&ip->routes, route, ipv4_flow_hash(&flow, ip->ways_seed))
               : route;
}

enum ipv4_status ipv4_route(const struct ipv4 *ip, struct ipv4_address destination,
                            struct ipv4_route *ret_route)
{
    struct ipv4_request request = {.destination = destination};
    return ipv4_route_request(ip, &request, ret_route);
}

enum ipv4_status ipv4_route_request(const struct ipv4 *ip, const struct ipv4_request *request,
                                    struct ipv4_route *ret_route)
{
    struct ipv4_address next_hop, destination = request->destination;
    const struct route *route = own_way(ip, request, routes_lookup(&ip->routes, destination));
    if (ipv4_is_loopback(destination) || (route && route->source == ROUTE_LOCAL)) {
        *ret_route = (struct ipv4_route){IPV4_NO_INTERFACE, destination, destination, UINT16_MAX};
        return IPV4_SENT;
    }
    if (ipv4_is_this_network(destination))
        return IPV4_NO_ROUTE; /* RFC 1122 3.2.1.3 (a): never a destination */
    uint32_t interface = choose_way(ip, request, route, &next_hop);
    if (interface >= ip->interface_count)
        return IPV4_NO_ROUTE;
    const struct ipv4_interface *out = &ip->interfaces[interface];
    if (!out->is_up)
        return IPV4_IS_DOWN;
    bool is_for_all = ipv4_is_limited_broadcast(next_hop);
    *ret_route = (struct ipv4_route){interface, next_hop,
                                     ipv4_source_on(ip, interface, is_for_all ? destination : next_hop),
                                     request->knows_path ? out->mtu_bytes
                                                         : ipv4_path_mtu(ip, destination, out->mtu_bytes)};
    return IPV4_SENT;
}

/* ---- Down ---- */

/* May the source that was asked for stand in what leaves by `route`? RFC 1122 3.2.1.3: only an address of ours, and none of
 * 127/8 outside of this machine, (g). An address that was given back is not ours any more: RFC 2131 4.4.5. */
static bool may_be_source(const struct ipv4 *ip, const struct ipv4_request *request, const struct ipv4_route *route)
{
    bool is_loop = route->interface == IPV4_NO_INTERFACE;
    if (request->is_forged || ipv4_is_equal(request->source, route->source))
        return true;
    return ipv4_is_own(ip, request->source) && (is_loop || !ipv4_is_loopback(request->source));
}

/* Everything that may keep a datagram of `total_bytes` from being sent. */
static enum ipv4_status find_way(const struct ipv4 *ip, const struct ipv4_request *request,
                                 size_t total_bytes, struct ipv4_route *ret_route)
{
    enum ipv4_status status = ipv4_route_request(ip, request, ret_route);
    if (status != IPV4_SENT)
        return status;
    if (!ipv4_is_any(request->source) && !may_be_source(ip, request, ret_route))
        return IPV4_NOT_OURS;
    if (!ipv4_is_any(request->source))
        ret_route->source = request->source;
    if (ipv4_is_any(ret_route->source) && !request->allow_no_source)
        return IPV4_NO_SOURCE;
    if (total_bytes > DATAGRAM_MOST || (request->dont_fragment && total_bytes > ret_route->mtu_bytes))
        return IPV4_TOO_BIG;
    bool is_loop = ret_route->interface == IPV4_NO_INTERFACE;
    return is_loop && ip->loop && ip->loop->count == IPV4_LOOPED ? IPV4_LOOP_FULL : IPV4_SENT;
}

static enum ipv4_status check(struct ipv4 *ip, const struct ipv4_request *request, size_t payload_bytes,
                              struct ipv4_route *ret_route)
{
    size_t total_bytes = ipv4_header_size(request->options_bytes) + payload_bytes;
    enum ipv4_status status = find_way(ip, request, total_bytes, ret_route);
    if (status != IPV4_SENT) {
        ip->counters.refused++;
        env_tell(ip->env, &ipv4_kinds[IPV4_REFUSED], 0, status, request->destination.value,
                 (int64_t)total_bytes, request->protocol);
    }
    return status;
}

enum ipv4_status ipv4_check(struct ipv4 *ip, const struct ipv4_request *request, size_t payload_bytes)
{
    struct ipv4_route route;
    return check(ip, request, payload_bytes, &route);
}

/* RFC 6864 4: the identification means something only to a datagram that may be cut. One that may not carries
 * 0; the others take the next number, the same counter for all destinations. */
static uint16_t choose_id(struct ipv4 *ip, const struct ipv4_request *request)
{
    return request->dont_fragment ? 0 : ip->next_id++;
}

/* Puts the header in front, and returns what it says. */
static struct ipv4_header prepend_header(struct ipv4 *ip, const struct ipv4_request *request,
                                         struct ipv4_address source, struct packet_out *packet)
{
    struct ipv4_header header = {.header_bytes = ipv4_header_size(request->options_bytes),
                                 .tos = request->tos,
                                 .id = choose_id(ip, request),
                                 .dont_fragment = request->dont_fragment,
                                 .ttl = request->ttl ? request->ttl
                                                     : ip->default_ttl, /* RFC 1122 3.2.1.7: never 0 */
                                 .protocol = request->protocol,
                                 .source = source,
                                 .destination = request->destination,
                                 .options = request->options,
                                 .options_bytes = request->options_bytes};
    uint8_t *start = packet_prepend(packet, header.header_bytes);
    header.total_bytes = (uint16_t)packet->length_bytes;
    ipv4_header_emit(&header, start);
    return header;
}

/* To ourselves: it comes back an instant later, when the sender has finished what it was doing. */
static void loop_back(struct ipv4 *ip, struct packet_out *packet, uint64_t cause)
{
    struct ipv4_loop *loop = ip->loop;
    if (!loop) {
        loop = ip->loop = env_new(ip->env, sizeof *loop);
        loop->ip = ip;
        env_timer_init(&loop->timer, loop_fire);
    }
    loop->ring[(loop->first + loop->count++) % IPV4_LOOPED] = (struct ipv4_looped){*packet, cause};
    if (!env_timer_is_armed(&loop->timer))
        env_arm(ip->env, &loop->timer, env_now(ip->env));
}

static void send_piece(struct ipv4 *ip, void *context, struct packet_out *piece)
{
    const struct ipv4_route *route = context;
    ip->ops->transmit(ip, route->interface, route->next_hop, piece);
}

void ipv4_leave(struct ipv4 *ip, const struct ipv4_route *route, struct ipv4_header *header,
                struct packet_out *packet, uint32_t in)
{
    struct ipv4_route way = *route;
    if (ip->hooks[IPV4_POSTROUTING]) {
        struct ipv4_passing passing = {packet, header, IPV4_POSTROUTING, in, way.interface};
        if (ipv4_ask(ip, &passing) != IPV4_ACCEPT)
            return;
    }
    if (packet->length_bytes <= way.mtu_bytes) {
        ip->ops->transmit(ip, way.interface, way.next_hop, packet);
        return;
    }
    ip->counters.fragmented++;
    ipv4_fragment(ip, header, packet, way.mtu_bytes, send_piece, &way);
}

/* OUTPUT may change where a datagram goes; then the way is chosen anew. False: it was stopped. */
static bool ask_output(struct ipv4 *ip, struct ipv4_header *header, struct packet_out *packet,
                       struct ipv4_route *route)
{
    struct ipv4_address destination = header->destination;
    struct ipv4_passing passing = {packet, header, IPV4_OUTPUT, IPV4_NO_INTERFACE, route->interface};
    if (ipv4_ask(ip, &passing) != IPV4_ACCEPT)
        return false;
    if (ipv4_is_equal(destination, header->destination) ||
        ipv4_route(ip, header->destination, route) == IPV4_SENT)
        return true;
    packet_give_back(ip->packets, packet);
    return false;
}

enum ipv4_status ipv4_send(struct ipv4 *ip, const struct ipv4_request *request, struct packet_out *payload)
{
    struct ipv4_route route;
    enum ipv4_status status = check(ip, request, payload->length_bytes, &route);
    if (status != IPV4_SENT) {
        packet_give_back(ip->packets, payload);
        return status;
    }
    routes_remember(&ip->routes, ROUTES_RECENT_HOST);
    struct ipv4_header header = prepend_header(ip, request, route.source, payload);
    ip->counters.sent++;
    uint64_t before = env_cause(ip->env);
    uint64_t told =
        env_tell(ip->env, &ipv4_kinds[IPV4_TX], payload->frame, header.source.value, header.destination.value,
                 route.next_hop.value, header.total_bytes, header.protocol, header.ttl);
    env_because(ip->env, told);
    if (ip->hooks[IPV4_OUTPUT] && !ask_output(ip, &header, payload, &route))
        status = IPV4_FORBIDDEN;
    else if (route.interface == IPV4_NO_INTERFACE)
        loop_back(ip, payload, told);
    else
        ipv4_leave(ip, &route, &header, payload, IPV4_NO_INTERFACE);
    env_because(ip->env, before);
    return status;
}

/* ---- Round ---- */

void ipv4_loop_release(struct ipv4 *ip)
{
    struct ipv4_loop *loop = ip->loop;
    for (; loop && loop->count > 0; loop->count--) {
        packet_give_back(ip->packets, &loop->ring[loop->first].packet);
        loop->first = (loop->first + 1) % IPV4_LOOPED;
    }
    if (loop)
        env_disarm(ip->env, &loop->timer);
    env_free(ip->env, loop);
    ip->loop = NULL;
}

/* The oldest packet to ourselves arrives. */
static void loop_fire(struct env_timer *timer)
{
    struct ipv4_loop *loop = ENV_OWNER(timer, struct ipv4_loop, timer);
    struct ipv4 *ip = loop->ip;
    struct ipv4_looped looped = loop->ring[loop->first];
    loop->first = (loop->first + 1) % IPV4_LOOPED;
    loop->count--;
    if (loop->count > 0)
        env_arm(ip->env, timer, env_now(ip->env));
    env_because(ip->env, looped.cause);
    ipv4_receive(ip, IPV4_NO_INTERFACE, false, packet_view(&looped.packet));
    packet_give_back(ip->packets, &looped.packet);
}
