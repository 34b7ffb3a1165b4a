/* SPDX-License-Identifier: MIT
 * What a datagram says about the conversation that it belongs to.
 *
 * A *flow* is one conversation between two ends: a TCP connection, the datagrams between two UDP ports, a
 * ping and its answers. Whoever stands in the middle (a firewall, a NAT box) knows it by five values, the
 * protocol and both ends. Seen from the other side it is the same five with the ends swapped:
 *
 *     there   UDP  10.0.0.1:3345 -> 128.119.40.186:53
 *     back    UDP  128.119.40.186:53 -> 10.0.0.1:3345
 *
 * ICMP has no ports. Its queries have an identifier, which the one who asks has chosen; it stands in for his
 * port, and the one who answers has port 0 (RFC 5508 3.1). An ICMP *error* is no conversation of its own: it
 * quotes a datagram, and belongs to the flow of what it quotes.
 *
 * Headers are read from bytes, with their bounds; nothing here keeps anything. */
#ifndef NETARIUM_PROTOCOLS_CONNTRACK_FLOW_H
#define NETARIUM_PROTOCOLS_CONNTRACK_FLOW_H

#include "protocols/ipv4/header.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Flags of the TCP header, RFC 9293 3.1. */
enum flow_tcp_flag { FLOW_FIN = 1, FLOW_SYN = 2, FLOW_RST = 4, FLOW_ACK = 16 };

/* One end of a flow. */
struct flow_end {
    struct ipv4_address address;
    uint16_t
        port; /* ICMP: the identifier of the one who asks; 0 for the other, and where there are no ports */
};

/* The five values, in the direction of one packet. */
struct flow_key {
    struct flow_end from, to;
    uint8_t protocol; /* enum ipv4_protocol_number */
};

/* What a packet is to its flow. */
enum flow_part {
    FLOW_REQUEST,   /* any packet that may begin a flow */
    FLOW_ANSWER,    /* an ICMP reply: never the first */
    FLOW_ERROR,     /* an ICMP error; the key is that of the datagram that it quotes */
    FLOW_UNREADABLE /* cut off, or of no flow */
};

/* A packet, as those in the middle see it. Offsets count from the first byte of the datagram. */
struct flow_view {
    enum flow_part part;
    struct flow_key key;
    uint8_t tcp_flags; /* enum flow_tcp_flag; 0 for other protocols */
    uint8_t icmp_type; /* of the message */
    uint8_t icmp_code;
    uint16_t transport;        /* where the transport's header begins */
    uint16_t quoted;           /* errors: where the quoted header begins */
    uint16_t quoted_transport; /* errors: and what follows it */
    uint8_t quoted_protocol;   /* errors: the protocol of what is quoted */
};

/* Reads a whole datagram (no piece of one) of `length_bytes` whose header was parsed. What cannot be read, or
 * is of no flow, comes back as FLOW_UNREADABLE. */
struct flow_view flow_read(const uint8_t *bytes, size_t length_bytes, const struct ipv4_header *header);

/* The protocols that have flows with ports, as words for facts and tables, ended by NULL; the place of a
 * number in it. */
extern const char *const flow_protocol_words[];
unsigned flow_protocol_index(uint8_t protocol);

static inline bool flow_end_is_equal(struct flow_end a, struct flow_end b)
{
    return ipv4_is_equal(a.address, b.address) && a.port == b.port;
}

/* The same flow, seen from the other side. */
static inline struct flow_key flow_key_back(struct flow_key key)
{
    return (struct flow_key){key.to, key.from, key.protocol};
}

#endif
