/* SPDX-License-Identifier: MIT
 * IPv4 addresses and prefixes.
 *
 * An address is a 32-bit number that is written in four decimal parts. A *prefix* says how many of its
 * leading bits name the network; what is left over names the host on it:
 *
 *     10.0.0.1/24    00001010 00000000 00000000 | 00000001
 *                    '------- network --------'   '- host: all ones here means everybody on this network
 *
 * Two hosts whose addresses agree in the network part share a link and talk directly; everybody else is
 * reached through a router. That one comparison is what a mask is for.
 *
 * The number is in host order and wrapped in a struct, so that it cannot be mixed up with any other number,
 * and `<` on two addresses does not compile. RFC 791 3.2, RFC 4632; special addresses: RFC 1122 3.2.1.3, RFC
 * 6890. */
#ifndef NETARIUM_PROTOCOLS_IPV4_ADDRESS_H
#define NETARIUM_PROTOCOLS_IPV4_ADDRESS_H

#include "protocols/ethernet/address.h"
#include "sim/base/text.h"

#include <stddef.h>

#define IPV4_TEXT_SIZE 16        /* "255.255.255.255" and its end */
#define IPV4_PREFIX_TEXT_SIZE 19 /* the same with "/32" */

struct ipv4_address {
    uint32_t value; /* host order: 10.0.0.1 is 0x0a000001 */
};

/* An address together with the length of its network part. The host bits are kept: "10.0.0.1/24". */
struct ipv4_prefix {
    struct ipv4_address address;
    uint8_t length; /* bits, 0..32 */
};

#define IPV4_ANY ((struct ipv4_address){0})                /* 0.0.0.0: not known yet; any */
#define IPV4_BROADCAST ((struct ipv4_address){0xffffffff}) /* 255.255.255.255: everybody on this link */
#define IPV4_LOOPBACK ((struct ipv4_address){0x7f000001})  /* 127.0.0.1: myself */

static inline bool ipv4_is_equal(struct ipv4_address a, struct ipv4_address b)
{
    return a.value == b.value;
}

static inline bool ipv4_is_any(struct ipv4_address a)
{
    return a.value == 0;
}

/* 255.255.255.255, RFC 1122 3.2.1.3 (c). */
static inline bool ipv4_is_limited_broadcast(struct ipv4_address a)
{
    return a.value == 0xffffffff;
}

/* 224.0.0.0/4, RFC 1112 4. */
static inline bool ipv4_is_multicast(struct ipv4_address a)
{
    return a.value >> 28 == 0xe;
}

/* 127.0.0.0/8, RFC 1122 3.2.1.3 (g). */
static inline bool ipv4_is_loopback(struct ipv4_address a)
{
    return a.value >> 24 == 127;
}

/* 0.0.0.0/8, "this network", RFC 1122 3.2.1.3 (a) and (b). */
static inline bool ipv4_is_this_network(struct ipv4_address a)
{
    return a.value >> 24 == 0;
}

/* 240.0.0.0/4 without the limited broadcast: reserved, RFC 1112 4. */
static inline bool ipv4_is_reserved(struct ipv4_address a)
{
    return a.value >> 28 == 0xf && !ipv4_is_limited_broadcast(a);
}

/* The mask of a prefix length: 24 gives 255.255.255.0. */
static inline uint32_t ipv4_mask(uint8_t length)
{
    return length == 0 ? 0 : UINT32_MAX << (32 - length);
}

/* The address with all host bits zero. */
struct ipv4_address ipv4_prefix_network(struct ipv4_prefix prefix);

/* The address with all host bits one; for /31 and /32, which have none (RFC 3021), the limited broadcast. */
struct ipv4_address ipv4_prefix_broadcast(struct ipv4_prefix prefix);

/* Does `address` lie in the network of `prefix`? */
bool ipv4_prefix_has(struct ipv4_prefix prefix, struct ipv4_address address);

/* Do both belong to the network of `prefix`? RFC 1122 3.3.1.1. */
bool ipv4_same_subnet(struct ipv4_address a, struct ipv4_address b, uint8_t prefix_length);

/* Is this a broadcast on the network of `prefix`: limited, or directed to it? RFC 1122 3.3.6. */
static inline bool ipv4_prefix_is_broadcast(struct ipv4_prefix prefix, struct ipv4_address address)
{
    bool is_directed = prefix.length < 31 && prefix.address.value != 0 &&
                       address.value == (prefix.address.value | ~ipv4_mask(prefix.length));
    return is_directed || address.value == UINT32_MAX;
}

/* Can `address` belong to one host, and so be a source? Not a group, not loopback, not 0/8. RFC 1122 3.2.1.3.
 */
static inline bool ipv4_is_one_host(struct ipv4_address address)
{
    unsigned first = address.value >> 24;
    return first != 0 && first != 127 &&
           first < 224; /* from 224 on: groups, reserved, the limited broadcast */
}

/* The Ethernet group of an IPv4 group: 01:00:5e and the low 23 bits. RFC 1112 6.4. */
struct mac_address ipv4_multicast_mac(struct ipv4_address group);

/* Read "10.0.0.1" and "10.0.0.1/24". False: outputs are untouched, and `why` (may be NULL) gets a plain
 * sentence about what is wrong: "'10.0.0.300/24': 300 is more than 255". */
bool ipv4_parse(const char *text, struct ipv4_address *ret_address, struct text *why);
bool ipv4_prefix_parse(const char *text, struct ipv4_prefix *ret_prefix, struct text *why);

void ipv4_format(struct ipv4_address address, char ret_text[IPV4_TEXT_SIZE]);
void ipv4_prefix_format(struct ipv4_prefix prefix, char ret_text[IPV4_PREFIX_TEXT_SIZE]);

#endif
