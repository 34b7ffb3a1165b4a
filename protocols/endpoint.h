/* SPDX-License-Identifier: MIT
 * Addresses that do not say which family they are of until asked: where transport and applications meet.
 *
 * UDP and TCP know endpoints, not IPv4 addresses, so that IPv6 needs no second UDP and no second TCP. An IPv4 address stands in
 * the first four bytes, in network order; the rest is zero, so two endpoints are equal if their bytes are. */
#ifndef NETARIUM_PROTOCOLS_ENDPOINT_H
#define NETARIUM_PROTOCOLS_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "protocols/ipv4/address.h"
#include "sim/base/bytes.h"

enum net_family {
    NET_ANY = 0,  /* no address: any */
    NET_IPV4 = 4, /* four bytes */
    NET_IPV6 = 6  /* sixteen bytes */
};

struct net_address {
    uint8_t family; /* enum net_family */
    uint8_t bytes[16];
    uint8_t unused; /* 0: with it an endpoint has no hidden byte, whose value a compiler would be free to choose */
};

struct net_endpoint {
    struct net_address address;
    uint16_t port; /* host order; 0: any */
};

static inline struct net_address net_from_ipv4(struct ipv4_address address)
{
    struct net_address result = {.family = NET_IPV4};
    bytes_put_u32(result.bytes, address.value);
    return result;
}

/* The IPv4 address of `address`; 0.0.0.0 for what is none. */
static inline struct ipv4_address net_to_ipv4(struct net_address address)
{
    return address.family == NET_IPV4 ? (struct ipv4_address){bytes_u32(address.bytes)} : IPV4_ANY;
}

static inline bool net_is_equal(struct net_address a, struct net_address b)
{
    return a.family == b.family && memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

/* No address at all, or the one that means any. */
static inline bool net_is_any(struct net_address a)
{
    static const uint8_t zeros[16];
    return a.family == NET_ANY || memcmp(a.bytes, zeros, sizeof zeros) == 0;
}

#endif
