/* SPDX-License-Identifier: MIT
 * Several equal ways to one prefix: which of them does a datagram take?
 *
 * All datagrams of one flow should go the same way, else they overtake each other and TCP takes that for losses.
 * So a hash of what names the flow (addresses, protocol, ports) is a point on a line, and each way owns a piece of
 * the line as long as its weight:
 *
 *     0                                                  2^32
 *     |   via 10.0.1.2    |   via 10.0.2.2    | 10.0.3.2 |      weights 2, 2, 1
 *                    ^ this flow
 *
 * RFC 2992 calls it hash-threshold: when a way comes or goes, fewer flows move than by taking a remainder.
 *
 * Every router mixes a number of its own into the hash. If all had the same number, the second router would find
 * that the first has sent it only flows of one piece of the line, and would use only one of its own ways. The number
 * follows from the router's name, not from the run's seed, so the same file spreads its flows the same way in every run.
 *
 * Simplified: what a machine sends itself is spread by destination alone, since its source address follows from
 * the way; errors of ICMP are not spread like the flow that they are about. */
#ifndef NETARIUM_PROTOCOLS_IPV4_WAYS_H
#define NETARIUM_PROTOCOLS_IPV4_WAYS_H

#include "protocols/ipv4/routes.h"

#include <stddef.h>

/* What names a flow. */
struct ipv4_flow {
    struct ipv4_address source, destination;
    uint32_t ports; /* the first four bytes behind the header; 0: there are no ports, or not in every piece */
    uint8_t protocol;
};

/* The flow of a datagram: its header is whole and right. Pieces of a cut one have no ports, since only the first has them. */
struct ipv4_flow ipv4_flow_of(const uint8_t *bytes, size_t length_bytes);

/* The number of a machine of this name. */
uint32_t ipv4_ways_seed(const char *name);

/* Where on the line the flow stands, for a machine with this number. */
uint32_t ipv4_flow_hash(const struct ipv4_flow *flow, uint32_t seed);

/* Of all live ways beside `first`, the best route for its prefix, the one that owns the place of `hash`. */
const struct route *routes_spread(const struct routes *routes, const struct route *first, uint32_t hash);

#endif
