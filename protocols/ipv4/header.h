/* SPDX-License-Identifier: MIT
 * The IPv4 header: twenty octets that take a datagram across the world.
 *
 *      0               8              16              24            31
 *     |version| IHL   |  TOS/DSCP     |         total length          |
 *     |        identification         | 0 DF MF|   fragment offset    |
 *     |      TTL      |   protocol    |       header checksum         |
 *     |                        source address                         |
 *     |                     destination address                       |
 *     |      options, padded with zeros to 32 bits (IHL > 5)          |
 *
 * IHL counts 32-bit words, the fragment offset counts 8-octet blocks; here both are bytes. A header is parsed
 * only if all of it holds together, and the first thing that does not is the *reason* why the datagram is
 * dropped: RFC 791 3.1 and RFC 1122 3.2.1 in their order. */
#ifndef NETARIUM_PROTOCOLS_IPV4_HEADER_H
#define NETARIUM_PROTOCOLS_IPV4_HEADER_H

#include "protocols/ipv4/address.h"

#define IPV4_HEADER_MIN 20 /* bytes without options */
#define IPV4_HEADER_MAX 60 /* bytes with all options that fit */

enum ipv4_protocol_number { IPV4_PROTOCOL_ICMP = 1, IPV4_PROTOCOL_TCP = 6, IPV4_PROTOCOL_UDP = 17 };

/* Why a received datagram went no further. The words are ipv4_reason_words. */
enum ipv4_reason {
    IPV4_OK,                   /* nothing is wrong */
    IPV4_TRUNCATED,            /* fewer bytes than a header */
    IPV4_BAD_VERSION,          /* not version 4 */
    IPV4_BAD_HEADER_LENGTH,    /* IHL under 5, or beyond the end */
    IPV4_BAD_TOTAL_LENGTH,     /* total length under the header's, or more than there are bytes */
    IPV4_BAD_CHECKSUM,         /* the header was damaged on its way */
    IPV4_BAD_SOURCE,           /* the source cannot be one other host */
    IPV4_LOOPBACK_ON_WIRE,     /* 127/8 came in from outside */
    IPV4_UNICAST_IN_BROADCAST, /* addressed to one host, but the frame was for many */
    IPV4_NOT_FOR_US,           /* somebody else's, and this is no router */
    IPV4_BAD_FRAGMENT,         /* a piece that does not fit the others, or reaches too far */
    IPV4_NO_PROTOCOL,          /* nobody here speaks what is inside */
    IPV4_TTL_OVER,             /* its time to live is over: RFC 1812 5.3.1 */
    IPV4_NOWHERE,              /* a router knows no way there */
    IPV4_MUST_BE_CUT,          /* too big for the next link, and it must not be cut */
    IPV4_NOT_FORWARDED,        /* a broadcast or a group: routers do not pass those on */
    IPV4_FILTERED,             /* a rule (of a firewall, of NAT) said no */
    IPV4_BAD_OPTIONS,          /* an option has an impossible length or pointer */
    IPV4_SOURCE_ROUTED         /* it should go on from here by a source route */
};

extern const char *const ipv4_reason_words[]; /* by enum ipv4_reason, ended by NULL */

struct ipv4_header {
    uint8_t header_bytes;    /* 20..60, options included */
    uint8_t tos;             /* DSCP in the upper six bits, ECN in the lower two */
    uint16_t total_bytes;    /* header and payload */
    uint16_t id;             /* the same in all fragments of one datagram */
    bool has_evil_bit;       /* the reserved flag; sent as 0, ignored on receipt */
    bool dont_fragment;      /* DF */
    bool more_fragments;     /* MF */
    uint8_t options_bytes;   /* 0..40 */
    uint16_t fragment_bytes; /* where this piece belongs, a multiple of 8 */
    uint8_t ttl;             /* hops that it may still take */
    uint8_t protocol;        /* enum ipv4_protocol_number */
    uint16_t checksum;       /* as received; emitting computes it */
    struct ipv4_address source;
    struct ipv4_address destination;
    const uint8_t *options; /* borrowed; NULL when there are none */
};

/* Reads a header and checks everything that can be checked without knowing who we are. Bytes behind the total
 * length (the link's padding) are allowed. Any answer but IPV4_OK leaves `ret_header` untouched. */
enum ipv4_reason ipv4_header_parse(const uint8_t *bytes, size_t length_bytes, struct ipv4_header *ret_header);

/* The same without insisting on the checksum or on the payload being there: for what a quote or a capture
 * contains. False: not even the fixed header is there or makes sense. */
bool ipv4_header_peek(const uint8_t *bytes, size_t length_bytes, struct ipv4_header *ret_header);

/* Bytes that a header with `options_bytes` of options needs, padding included. */
static inline uint8_t ipv4_header_size(size_t options_bytes)
{
    return (uint8_t)(IPV4_HEADER_MIN + (options_bytes + 3) / 4 * 4);
}

/* Writes `header->header_bytes` bytes, with the options padded and the checksum right. header_bytes must be
 * ipv4_header_size(options_bytes). */
void ipv4_header_emit(const struct ipv4_header *header, uint8_t *ret_bytes);

/* One piece of a larger datagram, or the whole of one? RFC 791 2.3. */
static inline bool ipv4_is_fragment(const struct ipv4_header *header)
{
    return header->more_fragments || header->fragment_bytes > 0;
}

#endif
