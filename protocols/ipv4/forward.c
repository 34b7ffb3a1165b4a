/* SPDX-License-Identifier: MIT
 * Through: what a router does with a datagram that is for somebody else. RFC 1812 5.2.1 and 5.3.
 *
 *     a way?  --no-->  net unreachable                          5.2.7.1
 *     time to live over?  --yes-->  time exceeded               5.3.1
 *     FORWARD hook
 *     out where it came in, and a neighbour sent it?  -->  redirect, and go on      5.2.7.2
 *     one hop less, checksum mended (RFC 1624)
 *     too big for the next link?  must not be cut: fragmentation needed, with its MTU (RFC 1191 4); else cut
 *     POSTROUTING hook, and out
 *
 * A router cuts but never puts together: 4.2.2.7. */
#include "protocols/icmp/codec.h"
#include "protocols/ipv4/ipv4_parts.h"

/* It ends here: told to its sender, told to the trace. */
static enum ipv4_reason refuse(struct ipv4 *ip, const struct ipv4_header *header, uint32_t in,
                               struct packet_out *packet, enum ipv4_reason why, uint8_t type, uint8_t code,
                               uint32_t rest)
{
    struct ipv4_arrival about = ipv4_open(header, packet_view(packet), in);
    ipv4_drop(ip, header, packet->frame, why);
    if (ip->complain)
        ip->complain(ip, &about, type, code, rest);
    packet_give_back(ip->packets, packet);
    return IPV4_OK; /* told here; the frame is no longer the caller's */
}

/* RFC 1812 5.2.7.2: the sender sits on the link that the next hop is on; next time it may go there itself. */
static void redirect(struct ipv4 *ip, const struct ipv4_header *header, uint32_t in, struct ipv4_address hop,
                     const struct packet_out *packet)
{
    if (!ip->sends_redirects || !ip->complain || header->options_bytes ||
        !ipv4_is_on_link(ip, in, header->source) || !ipv4_is_on_link(ip, in, hop))
        return;
    struct ipv4_arrival about = ipv4_open(header, packet_view(packet), in);
    ip->complain(ip, &about, ICMP_REDIRECT, 1, hop.value); /* code 1: for this host */
}

enum ipv4_reason ipv4_pass_on(struct ipv4 *ip, struct ipv4_header *header, uint32_t in,
                              const struct route *route, struct packet_out *packet)
{
    if (!route)
        return refuse(ip, header, in, packet, IPV4_NOWHERE, ICMP_UNREACHABLE, ICMP_NET_UNREACHABLE, 0);
    if (header->ttl <= 1)
        return refuse(ip, header, in, packet, IPV4_TTL_OVER, ICMP_TIME_EXCEEDED, ICMP_TTL_EXCEEDED, 0);
    struct ipv4_passing passing = {packet, header, IPV4_FORWARD, in, route->interface};
    if (ip->hooks[IPV4_FORWARD] && ipv4_ask(ip, &passing) != IPV4_ACCEPT)
        return IPV4_OK;
    const struct ipv4_interface *out = &ip->interfaces[route->interface];
    if (packet->length_bytes > out->mtu_bytes && header->dont_fragment)
        return refuse(ip, header, in, packet, IPV4_MUST_BE_CUT, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED,
                      out->mtu_bytes);
    struct ipv4_address hop = ipv4_is_any(route->next_hop) ? header->destination : route->next_hop;
    struct ipv4_route way = {route->interface, hop, out->prefix.address, out->mtu_bytes};
    if (route->interface == in)
        redirect(ip, header, in, hop, packet);
    ipv4_take_hop(packet->bytes);
    header->ttl = packet->bytes[8];
    header->checksum = bytes_u16(packet->bytes + 10);
    ip->counters.forwarded++;
    env_because(ip->env, env_tell(ip->env, &ipv4_kinds[IPV4_FORWARDED], packet->frame, header->source.value,
                                  header->destination.value, hop.value, route->prefix.address.value,
                                  route->prefix.length, header->ttl));
    ipv4_leave(ip, &way, header, packet, in);
    return IPV4_OK;
}
