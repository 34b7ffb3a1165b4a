/* SPDX-License-Identifier: MIT
 * RIP messages: what routers tell each other about how far away everything is.
 *
 *      0        8        16                             31
 *     | command | version |          must be zero        |      RFC 2453 4
 *     +---------+---------+------------------------------+
 *     |  address family   |          route tag           |
 *     |                  address                         |      up to 25 route entries ("RTE")
 *     |                  mask                            |      of 20 octets each
 *     |                  next hop                        |
 *     |                  metric: 1..16                   |
 *
 * A request asks for all (one entry of family 0 and metric 16) or for some destinations; a response is the
 * answer, or an update that nobody asked for. The metric counts routers; 16 means: cannot be reached.
 *
 * Standard: RFC 2453. Simplified: authentication (RFC 2453 4.1) is recognised and refused; messages of
 * version 1 are refused. */
#ifndef NETARIUM_PROTOCOLS_RIP_CODEC_H
#define NETARIUM_PROTOCOLS_RIP_CODEC_H

#include "protocols/ipv4/address.h"

#include <stddef.h>

#define RIP_PORT 520                /* UDP, RFC 2453 3.9.1 */
#define RIP_GROUP_NUMBER 0xe0000009 /* 224.0.0.9, all routers that speak version 2: RFC 2453 4.5 */
#define RIP_GROUP ((struct ipv4_address){RIP_GROUP_NUMBER})
#define RIP_VERSION 2
#define RIP_INFINITY 16 /* RFC 2453 3.6 */
#define RIP_HEADER 4    /* octets */
#define RIP_RTE 20      /* octets of one entry */
#define RIP_RTES 25     /* the most entries in a message: RFC 2453 3.6 */
#define RIP_MOST (RIP_HEADER + RIP_RTES * RIP_RTE)

#define RIP_FAMILY_NONE 0      /* in a request: everything */
#define RIP_FAMILY_IPV4 2      /* AF_INET */
#define RIP_FAMILY_AUTH 0xffff /* not a route but a password: RFC 2453 4.1 */

enum rip_command { RIP_REQUEST = 1, RIP_RESPONSE = 2 };

/* One route entry as it stands in a message. */
struct rip_rte {
    uint16_t family;
    uint16_t tag; /* carried along, means nothing to us: RFC 2453 4.2 */
    struct ipv4_address address;
    uint32_t mask;
    struct ipv4_address next_hop; /* 0.0.0.0: the sender */
    uint32_t metric;
};

struct rip_message {
    uint8_t command; /* enum rip_command */
    uint8_t version;
    uint8_t count; /* entries in it */
    struct rip_rte rtes[RIP_RTES];
};

/* Why a message, or an entry of it, is of no use. The words are rip_reason_words. */
enum rip_reason {
    RIP_OK,
    RIP_BAD_LENGTH,      /* no header, no whole number of entries, or too many */
    RIP_BAD_VERSION,     /* 0: "to be ignored"; 1: another format */
    RIP_BAD_COMMAND,     /* neither request nor response */
    RIP_AUTHENTICATED,   /* it carries a password, and we know of none */
    RIP_OWN,             /* we said so ourselves */
    RIP_BAD_PORT,        /* a response that is not from a routing process */
    RIP_NOT_A_NEIGHBOUR, /* the sender is not on the link it came in by */
    RIP_BAD_FAMILY,      /* entry: not an IPv4 destination */
    RIP_BAD_ADDRESS,     /* entry: no network or host can have this address */
    RIP_BAD_MASK,        /* entry: the mask has holes, is missing, or leaves bits of the address over */
    RIP_BAD_METRIC       /* entry: not in 1..16 */
};
extern const char *const rip_reason_words[]; /* by enum rip_reason, ended by NULL */

/* Reads the data of a datagram. Entries are taken as they stand; rip_rte_check judges them one by one. Any
 * answer but RIP_OK leaves `ret_message` untouched. */
enum rip_reason rip_parse(const uint8_t *bytes, size_t length_bytes, struct rip_message *ret_message);

/* Octets of a message with so many entries. */
static inline size_t rip_bytes(uint8_t count)
{
    return RIP_HEADER + (size_t)count * RIP_RTE;
}

/* Writes rip_bytes(message->count) octets. */
void rip_emit(const struct rip_message *message, uint8_t *ret_bytes);

/* Is this entry of a response a route, and to where? RFC 2453 3.9.2. */
enum rip_reason rip_rte_check(const struct rip_rte *rte, struct ipv4_prefix *ret_prefix);

/* The entry that says: `prefix` is `metric` away from me. */
struct rip_rte rip_rte_of(struct ipv4_prefix prefix, uint32_t metric, uint16_t tag);

/* Does this request ask for everything? RFC 2453 3.9.1. */
bool rip_asks_for_all(const struct rip_message *request);

/* The request that does. */
struct rip_message rip_request_for_all(void);

#endif
