/* SPDX-License-Identifier: MIT
 * The IP machine: which way out, and is this for me? The picture is in ipv4.h.
 *
 * From above comes ipv4_send, which asks ipv4_route and puts the header in front. From the wire comes
 * ipv4_receive, a row of checks that each may end the datagram. What is for ourselves goes round by loop_fire
 * without touching a wire. RFC 791; RFC 1122 3.2.1 and 3.3.1. */
#include "protocols/ipv4/ipv4.h"

#include "protocols/icmp/codec.h"

#define ALL_HOSTS 0xe0000001u /* 224.0.0.1, the group that everybody belongs to: RFC 1112 4 */

static void loop_fire(struct env_timer *timer);

void ipv4_init(struct ipv4 *ip, struct env *env, const struct ipv4_ops *ops, struct packet_pool *packets,
               uint32_t interface_count)
{
    assert(interface_count <= IPV4_INTERFACES);
    *ip = (struct ipv4){.env = env, .ops = ops, .packets = packets, .default_ttl = IPV4_TTL, .next_id = 1};
    ip->interface_count = interface_count;
    ip->interfaces = env_new(env, (interface_count + 1) * sizeof *ip->interfaces);
    for (uint32_t i = 0; i < interface_count; i++)
        ip->interfaces[i] = (struct ipv4_interface){.mtu_bytes = 1500, .is_up = true};
    env_timer_init(&ip->loop_timer, loop_fire);
}

void ipv4_release(struct ipv4 *ip)
{
    for (; ip->looped_count > 0; ip->looped_count--) {
        packet_give_back(ip->packets, &ip->looped[ip->looped_first].packet);
        ip->looped_first = (ip->looped_first + 1) % IPV4_LOOPED;
    }
    env_disarm(ip->env, &ip->loop_timer);
    env_free(ip->env, ip->looped);
    env_free(ip->env, ip->interfaces);
}

void ipv4_register(struct ipv4 *ip, struct ipv4_protocol *protocol)
{
    assert(protocol->receive);
    assert(!ipv4_protocol_for(ip, protocol->number));
    struct ipv4_protocol **link = &ip->protocols;
    while (*link)
        link = &(*link)->next;
    protocol->next = NULL;
    *link = protocol;
}

struct ipv4_protocol *ipv4_protocol_for(const struct ipv4 *ip, uint8_t number)
{
    struct ipv4_protocol *protocol = ip->protocols;
    while (protocol && protocol->number != number)
        protocol = protocol->next;
    return protocol;
}

/* ---- Which way? ---- */

static bool has_address(const struct ipv4_interface *interface)
{
    return !ipv4_is_any(interface->prefix.address);
}

bool ipv4_is_own(const struct ipv4 *ip, struct ipv4_address address)
{
    if (ipv4_is_loopback(address))
        return true;
    for (uint32_t i = 0; i < ip->interface_count; i++)
        if (has_address(&ip->interfaces[i]) && ipv4_is_equal(ip->interfaces[i].prefix.address, address))
            return true;
    return false;
}

bool ipv4_is_broadcast_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address)
{
    if (interface == IPV4_NO_INTERFACE)
        return ipv4_is_limited_broadcast(address);
    return ipv4_prefix_is_broadcast(ip->interfaces[interface].prefix, address);
}

/* The interface whose network has `address`, the longest prefix first; IPV4_NO_INTERFACE: none. RFC
 * 1122 3.3.1.1. */
static uint32_t interface_on_link(const struct ipv4 *ip, struct ipv4_address address)
{
    uint32_t best = IPV4_NO_INTERFACE;
    for (uint32_t i = 0; i < ip->interface_count; i++) {
        const struct ipv4_interface *candidate = &ip->interfaces[i];
        if (!has_address(candidate) || !ipv4_prefix_has(candidate->prefix, address))
            continue;
        if (best == IPV4_NO_INTERFACE || candidate->prefix.length > ip->interfaces[best].prefix.length)
            best = i;
    }
    return best;
}

/* The interface for what belongs to no network: that of the gateway, else the first. */
static uint32_t interface_for_group(const struct ipv4 *ip)
{
    uint32_t towards_gateway = interface_on_link(ip, ip->gateway);
    if (!ipv4_is_any(ip->gateway) && towards_gateway != IPV4_NO_INTERFACE)
        return towards_gateway;
    return ip->interface_count > 0 ? 0 : IPV4_NO_INTERFACE;
}

/* Interface and next hop for a destination that is not ourselves. */
static uint32_t choose_way(const struct ipv4 *ip, struct ipv4_address destination,
                           struct ipv4_address *ret_next_hop)
{
    *ret_next_hop = destination;
    if (ipv4_is_limited_broadcast(destination) || ipv4_is_multicast(destination))
        return interface_for_group(ip);
    uint32_t interface = interface_on_link(ip, destination);
    if (interface != IPV4_NO_INTERFACE) {
        if (ipv4_is_broadcast_on(ip, interface, destination))
            *ret_next_hop = IPV4_BROADCAST; /* RFC 1122 3.3.6 */
        return interface;
    }
    if (ipv4_is_any(ip->gateway))
        return IPV4_NO_INTERFACE;
    *ret_next_hop = ip->gateway; /* RFC 1122 3.3.1.1 (c) */
    return interface_on_link(ip, ip->gateway);
}

enum ipv4_status ipv4_route(const struct ipv4 *ip, struct ipv4_address destination,
                            struct ipv4_route *ret_route)
{
    struct ipv4_address next_hop;
    if (ipv4_is_own(ip, destination)) {
        *ret_route = (struct ipv4_route){IPV4_NO_INTERFACE, destination, destination, UINT16_MAX};
        return IPV4_SENT;
    }
    if (ipv4_is_this_network(destination))
        return IPV4_NO_ROUTE; /* RFC 1122 3.2.1.3 (a): never a destination */
    uint32_t interface = choose_way(ip, destination, &next_hop);
    if (interface == IPV4_NO_INTERFACE)
        return IPV4_NO_ROUTE;
    const struct ipv4_interface *out = &ip->interfaces[interface];
    if (!out->is_up)
        return IPV4_IS_DOWN;
    *ret_route = (struct ipv4_route){interface, next_hop, out->prefix.address, out->mtu_bytes};
    return IPV4_SENT;
}

/* ---- Down ---- */

/* Everything that may keep a datagram of `total_bytes` from being sent. */
static enum ipv4_status find_way(const struct ipv4 *ip, const struct ipv4_request *request,
                                 size_t total_bytes, struct ipv4_route *ret_route)
{
    enum ipv4_status status = ipv4_route(ip, request->destination, ret_route);
    if (status != IPV4_SENT)
        return status;
    if (!ipv4_is_any(request->source))
        ret_route->source = request->source;
    if (ipv4_is_any(ret_route->source) && !request->allow_no_source)
        return IPV4_NO_SOURCE;
    if (total_bytes > ret_route->mtu_bytes)
        return IPV4_TOO_BIG; /* Simplified: no fragmentation yet */
    bool is_loop = ret_route->interface == IPV4_NO_INTERFACE;
    return is_loop && ip->looped_count == IPV4_LOOPED ? IPV4_LOOP_FULL : IPV4_SENT;
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
    if (!ip->looped)
        ip->looped = env_new(ip->env, IPV4_LOOPED * sizeof *ip->looped);
    uint32_t place = (ip->looped_first + ip->looped_count) % IPV4_LOOPED;
    ip->looped[place] = (struct ipv4_looped){*packet, cause};
    ip->looped_count++;
    if (!env_timer_is_armed(&ip->loop_timer))
        env_arm(ip->env, &ip->loop_timer, env_now(ip->env));
}

enum ipv4_status ipv4_send(struct ipv4 *ip, const struct ipv4_request *request, struct packet_out *payload)
{
    struct ipv4_route route;
    enum ipv4_status status = check(ip, request, payload->length_bytes, &route);
    if (status != IPV4_SENT) {
        packet_give_back(ip->packets, payload);
        return status;
    }
    struct ipv4_header header = prepend_header(ip, request, route.source, payload);
    ip->counters.sent++;
    uint64_t before = env_cause(ip->env);
    uint64_t told =
        env_tell(ip->env, &ipv4_kinds[IPV4_TX], payload->frame, header.source.value, header.destination.value,
                 route.next_hop.value, header.total_bytes, header.protocol, header.ttl);
    env_because(ip->env, told);
    if (route.interface == IPV4_NO_INTERFACE)
        loop_back(ip, payload, told);
    else
        ip->ops->transmit(ip, route.interface, route.next_hop, payload);
    env_because(ip->env, before);
    return IPV4_SENT;
}

/* ---- Up ---- */

/* May this be the source of something that came in by `interface`? RFC 1122 3.2.1.3. */
static enum ipv4_reason check_source(const struct ipv4 *ip, uint32_t interface,
                                     const struct ipv4_header *header)
{
    struct ipv4_address source = header->source;
    if (ipv4_is_loopback(source) || ipv4_is_loopback(header->destination))
        return IPV4_LOOPBACK_ON_WIRE; /* RFC 1122 3.2.1.3 (g) */
    if (ipv4_is_any(source))          /* RFC 1122 3.2.1.3 (a): only while it learns its own address */
        return ipv4_is_limited_broadcast(header->destination) ? IPV4_OK : IPV4_BAD_SOURCE;
    if (!ipv4_is_one_host(source) || ipv4_is_broadcast_on(ip, interface, source) || ipv4_is_own(ip, source))
        return IPV4_BAD_SOURCE;
    return IPV4_OK;
}

/* Is it for us? RFC 1122 3.2.1.3, "a host MUST silently discard an incoming datagram that is not destined for
 * the host". */
static enum ipv4_reason check_destination(const struct ipv4 *ip, uint32_t interface, bool is_link_group,
                                          struct ipv4_address destination)
{
    if (ipv4_is_broadcast_on(ip, interface, destination) || destination.value == ALL_HOSTS)
        return IPV4_OK;
    if (is_link_group && !ipv4_is_multicast(destination))
        return IPV4_UNICAST_IN_BROADCAST; /* RFC 1122 3.3.6 */
    return ipv4_is_own(ip, destination) ? IPV4_OK : IPV4_NOT_FOR_US;
}

/* All checks after the header's own, in the order of RFC 1122 3.2.1. The time to live is not among them: a
 * host is where the journey ends, RFC 1122 3.2.1.7. */
static enum ipv4_reason check_arrival(const struct ipv4 *ip, uint32_t interface, bool is_link_group,
                                      const struct ipv4_header *header)
{
    bool is_from_wire = interface != IPV4_NO_INTERFACE;
    enum ipv4_reason reason = is_from_wire ? check_source(ip, interface, header) : IPV4_OK;
    if (reason == IPV4_OK && is_from_wire)
        reason = check_destination(ip, interface, is_link_group, header->destination);
    if (reason == IPV4_OK && ipv4_is_fragment(header))
        reason = IPV4_IS_FRAGMENT; /* Simplified: no reassembly yet */
    return reason;
}

static enum ipv4_reason drop(struct ipv4 *ip, const struct ipv4_header *header, uint64_t frame,
                             enum ipv4_reason why)
{
    ip->counters.dropped++;
    env_because(ip->env, env_tell(ip->env, &ipv4_kinds[IPV4_DROP], frame, why, header->source.value,
                                  header->destination.value, header->protocol));
    return why;
}

/* RFC 1122 3.2.1: to the protocol inside; if nobody here speaks it, say so (3.2.2.1, code 2). */
static enum ipv4_reason deliver(struct ipv4 *ip, const struct ipv4_arrival *arrival)
{
    const struct ipv4_header *header = &arrival->header;
    struct ipv4_protocol *protocol = ipv4_protocol_for(ip, header->protocol);
    if (!protocol) {
        drop(ip, header, arrival->packet.frame, IPV4_NO_PROTOCOL);
        if (ip->complain)
            ip->complain(ip, arrival, ICMP_UNREACHABLE, ICMP_PROTOCOL_UNREACHABLE, 0);
        return IPV4_NO_PROTOCOL;
    }
    ip->counters.received++;
    env_because(ip->env,
                env_tell(ip->env, &ipv4_kinds[IPV4_RX], arrival->packet.frame, header->source.value,
                         header->destination.value, header->total_bytes, header->protocol, header->ttl));
    protocol->receive(protocol, arrival);
    return IPV4_OK;
}

/* The parts of a datagram whose header was found to be right. The link's padding is cut off here: RFC
 * 791 3.1. */
static struct ipv4_arrival open_datagram(const struct ipv4_header *header, struct packet packet,
                                         uint32_t interface)
{
    packet.length_bytes = header->total_bytes;
    return (struct ipv4_arrival){.header = *header,
                                 .packet = packet,
                                 .payload = packet_behind(packet, header->header_bytes),
                                 .interface = interface};
}

enum ipv4_reason ipv4_receive(struct ipv4 *ip, uint32_t interface, bool is_link_group, struct packet packet)
{
    struct ipv4_header header = {0};
    enum ipv4_reason reason = ipv4_header_parse(packet.bytes, packet.length_bytes, &header);
    if (reason == IPV4_OK)
        reason = check_arrival(ip, interface, is_link_group, &header);
    if (reason != IPV4_OK)
        return drop(ip, &header, packet.frame, reason);
    struct ipv4_arrival arrival = open_datagram(&header, packet, interface);
    arrival.is_for_many = is_link_group || ipv4_is_multicast(header.destination) ||
                          ipv4_is_broadcast_on(ip, interface, header.destination);
    return deliver(ip, &arrival);
}

void ipv4_undeliverable(struct ipv4 *ip, uint32_t interface, struct packet_out *packet)
{
    struct ipv4_header header;
    struct packet view = packet_view(packet);
    if (ip->complain && ipv4_header_parse(view.bytes, view.length_bytes, &header) == IPV4_OK) {
        struct ipv4_arrival arrival = open_datagram(&header, view, interface);
        ip->complain(ip, &arrival, ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0); /* RFC 1122 2.3.2.2 */
    }
    packet_give_back(ip->packets, packet);
}

/* The oldest packet to ourselves arrives. */
static void loop_fire(struct env_timer *timer)
{
    struct ipv4 *ip = ENV_OWNER(timer, struct ipv4, loop_timer);
    struct ipv4_looped looped = ip->looped[ip->looped_first];
    ip->looped_first = (ip->looped_first + 1) % IPV4_LOOPED;
    ip->looped_count--;
    if (ip->looped_count > 0)
        env_arm(ip->env, timer, env_now(ip->env));
    env_because(ip->env, looped.cause);
    ipv4_receive(ip, IPV4_NO_INTERFACE, false, packet_view(&looped.packet));
    packet_give_back(ip->packets, &looped.packet);
}
