/* SPDX-License-Identifier: MIT
 * Up: a row of checks that each may end the datagram, then to the protocol inside. RFC 791; RFC 1122 3.2.1.
 */
#include "protocols/icmp/codec.h"
#include "protocols/ipv4/ipv4_parts.h"
#include "protocols/ipv4/options.h"
#include "protocols/ipv4/reassembly.h"

#define ALL_HOSTS 0xe0000001u /* 224.0.0.1, the group that everybody belongs to: RFC 1112 4 */

/* Where a datagram that came in goes. */
enum way_in { WAY_UP, WAY_THROUGH, WAY_NONE };

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

static bool is_joined(const struct ipv4 *ip, struct ipv4_address group)
{
    for (uint32_t i = 0; i < ip->group_count; i++)
        if (ipv4_is_equal(ip->groups[i], group))
            return true;
    return group.value == ALL_HOSTS;
}

/* For us, to be passed on, or neither? RFC 1122 3.2.1.3, RFC 1812 5.2.3. */
static enum way_in choose_way(const struct ipv4 *ip, uint32_t interface, bool is_link_group,
                              struct ipv4_address destination, const struct route **ret_route,
                              enum ipv4_reason *ret_reason)
{
    *ret_route = routes_lookup(&ip->routes, destination);
    *ret_reason = IPV4_NOT_FOR_US;
    bool is_ours =
        *ret_route && (*ret_route)->source == ROUTE_BROADCAST && (*ret_route)->interface == interface;
    if (interface == IPV4_NO_INTERFACE || is_ours || ipv4_is_limited_broadcast(destination))
        return WAY_UP;
    if (ipv4_is_multicast(destination))
        return is_joined(ip, destination) ? WAY_UP : WAY_NONE;
    if (is_link_group) {
        *ret_reason = IPV4_UNICAST_IN_BROADCAST; /* RFC 1122 3.3.6 */
        return WAY_NONE;
    }
    if (*ret_route && (*ret_route)->source == ROUTE_LOCAL)
        return WAY_UP;
    if (!ip->forwards)
        return WAY_NONE;
    *ret_reason = IPV4_NOT_FORWARDED;
    bool is_for_one =
        ipv4_is_one_host(destination) && !(*ret_route && (*ret_route)->source == ROUTE_BROADCAST);
    return is_for_one ? WAY_THROUGH : WAY_NONE; /* RFC 2644: directed broadcasts stay where they are */
}

enum ipv4_reason ipv4_drop(struct ipv4 *ip, const struct ipv4_header *header, uint64_t frame,
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
    if (!protocol && ip->ops->wake) {
        ip->ops->wake(ip, header->protocol);
        protocol = ipv4_protocol_for(ip, header->protocol);
    }
    if (!protocol) {
        ipv4_drop(ip, header, arrival->packet.frame, IPV4_NO_PROTOCOL);
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
struct ipv4_arrival ipv4_open(const struct ipv4_header *header, struct packet packet, uint32_t interface)
{
    if (packet.length_bytes != header->total_bytes)
        packet.tail_bytes = 0; /* the end is another now */
    packet.length_bytes = header->total_bytes;
    return (struct ipv4_arrival){.header = *header,
                                 .packet = packet,
                                 .payload = packet_behind(packet, header->header_bytes),
                                 .interface = interface};
}

/* A piece: it waits for the others, or completes them. */
static enum ipv4_reason take_piece(struct ipv4 *ip, const struct ipv4_arrival *piece)
{
    enum ipv4_reason reason;
    struct packet_out whole;
    struct ipv4_header header;
    if (!ip->reassembly) {
        ip->reassembly = env_new(ip->env, sizeof *ip->reassembly);
        reassembly_init(ip->reassembly, ip);
    }
    if (!reassembly_add(ip->reassembly, piece, &whole, &reason))
        return reason == IPV4_OK ? IPV4_OK : ipv4_drop(ip, &piece->header, piece->packet.frame, reason);
    if (ipv4_header_parse(whole.bytes, whole.length_bytes, &header) == IPV4_OK) {
        struct ipv4_arrival arrival = ipv4_open(&header, packet_view(&whole), piece->interface);
        arrival.is_for_many = piece->is_for_many;
        reason = deliver(ip, &arrival);
    }
    packet_give_back(ip->packets, &whole);
    return reason;
}

static enum ipv4_reason go_up(struct ipv4 *ip, const struct ipv4_arrival *arrival)
{
    return ipv4_is_fragment(&arrival->header) ? take_piece(ip, arrival) : deliver(ip, arrival);
}

/* ---- With somebody looking on: the packet is ours from the start ---- */

static enum ipv4_reason go_up_watched(struct ipv4 *ip, struct ipv4_arrival *arrival, struct packet_out *own)
{
    struct ipv4_passing passing = {own, &arrival->header, IPV4_INPUT, arrival->interface, IPV4_NO_INTERFACE};
    bool is_for_many = arrival->is_for_many;
    if (ipv4_ask(ip, &passing) != IPV4_ACCEPT)
        return IPV4_OK; /* whoever stopped it has told why */
    *arrival = ipv4_open(&arrival->header, packet_view(own), arrival->interface);
    arrival->is_for_many = is_for_many;
    enum ipv4_reason reason = go_up(ip, arrival);
    packet_give_back(ip->packets, own);
    return reason;
}

static enum ipv4_reason receive_watched(struct ipv4 *ip, struct ipv4_arrival *arrival, bool is_link_group)
{
    const struct route *route;
    enum ipv4_reason reason;
    uint64_t frame = arrival->packet.frame;
    struct packet_out own = packet_own(ip->packets, arrival->packet);
    struct ipv4_passing passing = {&own, &arrival->header, IPV4_PREROUTING, arrival->interface,
                                   IPV4_NO_INTERFACE};
    if (ipv4_ask(ip, &passing) != IPV4_ACCEPT)
        return IPV4_OK;
    bool is_for_many = arrival->is_for_many;
    *arrival = ipv4_open(&arrival->header, packet_view(&own), arrival->interface);
    arrival->is_for_many = is_for_many;
    enum way_in way =
        choose_way(ip, arrival->interface, is_link_group, arrival->header.destination, &route, &reason);
    if (way == WAY_UP)
        return go_up_watched(ip, arrival, &own);
    if (way == WAY_THROUGH)
        return ipv4_pass_on(ip, &arrival->header, arrival->interface,
                            ipv4_way_of(ip, route, own.bytes, own.length_bytes), &own);
    packet_give_back(ip->packets, &own);
    return ipv4_drop(ip, &arrival->header, frame, reason);
}

/* ---- The door ---- */

static inline struct ipv4_arrival arrive(const struct ipv4 *ip, const struct ipv4_header *header, struct packet packet,
                                  uint32_t interface, bool is_link_group)
{
    struct ipv4_arrival arrival = ipv4_open(header, packet, interface);
    arrival.is_for_many = is_link_group || ipv4_is_multicast(header->destination) ||
                          ipv4_is_broadcast_on(ip, interface, header->destination);
    return arrival;
}

/* Is there an option that keeps the datagram from going on or up? Its sender is told: RFC 1122 3.2.2.5, RFC 1812 4.3.3.5; and
 * of a source route, which leads on from here but will not be followed, RFC 1812 5.2.4.1. */
static enum ipv4_reason check_options(struct ipv4 *ip, const struct ipv4_arrival *arrival, enum way_in way)
{
    uint8_t pointer = 0, code = ICMP_SOURCE_ROUTE_FAILED, type = ICMP_UNREACHABLE;
    enum ipv4_options options = ipv4_options_read(&arrival->header, &pointer);
    enum ipv4_reason reason = IPV4_SOURCE_ROUTED;
    if (way == WAY_NONE || options == IPV4_OPTIONS_FINE || (options == IPV4_OPTIONS_ROUTED && way == WAY_THROUGH))
        return IPV4_OK;
    if (options == IPV4_OPTIONS_BAD) {
        type = ICMP_PARAMETER_PROBLEM;
        code = 0;
        reason = IPV4_BAD_OPTIONS;
    }
    ipv4_drop(ip, &arrival->header, arrival->packet.frame, reason);
    if (ip->complain)
        ip->complain(ip, arrival, type, code, (uint32_t)pointer << 24); /* RFC 792: the pointer is the first octet */
    return reason;
}

enum ipv4_reason ipv4_receive(struct ipv4 *ip, uint32_t interface, bool is_link_group, struct packet packet)
{
    struct ipv4_header header = {0};
    const struct route *route;
    bool is_watched = ip->hooks[IPV4_PREROUTING] || ip->hooks[IPV4_INPUT];
    enum ipv4_reason reason = ipv4_header_parse(packet.bytes, packet.length_bytes, &header), no_way = IPV4_OK;
    if (reason == IPV4_OK && interface != IPV4_NO_INTERFACE)
        reason = check_source(ip, interface, &header);
    if (reason != IPV4_OK)
        return ipv4_drop(ip, &header, packet.frame, reason);
    enum way_in way = choose_way(ip, interface, is_link_group, header.destination, &route, &no_way);
    struct ipv4_arrival arrival;
    if (header.options_bytes) {
        arrival = arrive(ip, &header, packet, interface, is_link_group);
        reason = check_options(ip, &arrival, way);
        if (reason != IPV4_OK)
            return reason;
    }
    if (way == WAY_THROUGH && !is_watched) { /* what a router does all day */
        packet.length_bytes = header.total_bytes;
        struct packet_out own = packet_own(ip->packets, packet);
        if (header.options_bytes)
            header.options = own.bytes + IPV4_HEADER_MIN;
        routes_remember(&ip->routes, ROUTES_RECENT_ROUTER);
        route = ipv4_way_of(ip, route, own.bytes, own.length_bytes);
        return ipv4_pass_on(ip, &header, interface, route, &own);
    }
    arrival = arrive(ip, &header, packet, interface, is_link_group);
    if (is_watched && interface != IPV4_NO_INTERFACE)
        return receive_watched(ip, &arrival, is_link_group);
    return way == WAY_UP ? go_up(ip, &arrival) : ipv4_drop(ip, &header, packet.frame, no_way);
}

void ipv4_undeliverable(struct ipv4 *ip, uint32_t interface, struct packet_out *packet)
{
    struct ipv4_header header;
    struct packet view = packet_view(packet);
    if (ip->complain && ipv4_header_parse(view.bytes, view.length_bytes, &header) == IPV4_OK) {
        struct ipv4_arrival arrival = ipv4_open(&header, view, interface);
        ip->complain(ip, &arrival, ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0); /* RFC 1812 3.3.2, 5.2.7.1 */
    }
    packet_give_back(ip->packets, packet);
}
