/* SPDX-License-Identifier: MIT
 * What the files of the IP machine share among themselves: ipv4.c, addresses.c, output.c, input.c, forward.c. */
#ifndef NETARIUM_PROTOCOLS_IPV4_PARTS_H
#define NETARIUM_PROTOCOLS_IPV4_PARTS_H

#include "protocols/ipv4/ipv4.h"
#include "protocols/ipv4/ways.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

/* Asks everybody at a hook. Anything but IPV4_ACCEPT: the packet was given back or taken. */
static inline enum ipv4_verdict ipv4_ask(struct ipv4 *ip, struct ipv4_passing *passing)
{
    if (ip->hooks[passing->hook])
        packet_forget(ip->packets, passing->packet); /* they may change it */
    for (struct ipv4_hook_user *user = ip->hooks[passing->hook]; user; user = user->next) {
        enum ipv4_verdict verdict = user->see(user, passing);
        if (verdict == IPV4_ACCEPT)
            continue;
        if (verdict == IPV4_STOP)
            packet_give_back(ip->packets, passing->packet);
        return verdict;
    }
    return IPV4_ACCEPT;
}

/* The bit of an own address in ip->own_bits: six bits of its hash, after those that say which word. */
static inline uint32_t ipv4_own_hash(struct ipv4_address address)
{
    return address.value * UINT32_C(0x9e3779b1) >> 20;
}

static inline void ipv4_own_add(struct ipv4 *ip, struct ipv4_address address)
{
    uint32_t hash = ipv4_own_hash(address);
    ip->own_bits[hash >> 6 & (IPV4_OWN_WORDS - 1)] |= UINT64_C(1) << (hash & 63);
}

/* False: surely not; true: it must be looked up. */
static inline bool ipv4_may_be_own(const struct ipv4 *ip, struct ipv4_address address)
{
    uint32_t hash = ipv4_own_hash(address);
    return ip->own_bits[hash >> 6 & (IPV4_OWN_WORDS - 1)] >> (hash & 63) & 1;
}

/* Of several equal ways the one that the datagram's flow takes; `route` is the first of them, or NULL. */
static inline const struct route *ipv4_way_of(const struct ipv4 *ip, const struct route *route, const uint8_t *bytes,
                                              size_t length_bytes)
{
    if (!route || !route->weight)
        return route;
    struct ipv4_flow flow = ipv4_flow_of(bytes, length_bytes);
    return routes_spread(&ip->routes, route, ipv4_flow_hash(&flow, ip->ways_seed));
}

/* One hop less, in place; the checksum follows without being computed anew: RFC 1624 equation 3. */
static inline void ipv4_take_hop(uint8_t *bytes)
{
    uint16_t before = bytes_u16(bytes + 8);
    bytes[8]--; /* RFC 1812 5.3.1 */
    bytes_put_u16(bytes + 10, sum16_update(bytes_u16(bytes + 10), before, bytes_u16(bytes + 8)));
}

/* Is this a broadcast of one of the further addresses' networks? And of any network on that link? */
bool ipv4_is_broadcast_further(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address);
static inline bool ipv4_is_broadcast_there(const struct ipv4 *ip, uint32_t interface,
                                           struct ipv4_address address)
{
    return ipv4_prefix_is_broadcast(ip->interfaces[interface].prefix, address) ||
           (ip->further && ipv4_is_broadcast_further(ip, interface, address));
}

/* Frees the further addresses. */
void ipv4_addresses_release(struct ipv4 *ip);

/* Counts and tells the end of a datagram that came in. Returns `why`. */
enum ipv4_reason ipv4_drop(struct ipv4 *ip, const struct ipv4_header *header, uint64_t frame,
                           enum ipv4_reason why);

/* The parts of a datagram whose header was found to be right; the link's padding is cut off. */
struct ipv4_arrival ipv4_open(const struct ipv4_header *header, struct packet packet, uint32_t interface);

/* Through POSTROUTING, in pieces if need be, to the link. Takes the packet. */
void ipv4_leave(struct ipv4 *ip, const struct ipv4_route *route, struct ipv4_header *header,
                struct packet_out *packet, uint32_t in);

/* Passes on a datagram that is not for us, of which we are the owner. `route`: the way, NULL: there is none.
 */
enum ipv4_reason ipv4_pass_on(struct ipv4 *ip, struct ipv4_header *header, uint32_t in,
                              const struct route *route, struct packet_out *packet);

/* Gives back what is on its way round to ourselves. */
void ipv4_loop_release(struct ipv4 *ip);

/* The largest datagram for `destination` by a link that takes `mtu_bytes`. */
uint32_t ipv4_path_mtu(const struct ipv4 *ip, struct ipv4_address destination, uint32_t mtu_bytes);

#endif
