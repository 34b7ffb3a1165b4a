/* SPDX-License-Identifier: MIT
 * A TCP segment on the wire: twenty octets, options, data.
 *
 *      0                              16                             31
 *     |          source port          |       destination port        |
 *     |                        sequence number                        |
 *     |                     acknowledgment number                     |
 *     | offset|  0  |A C E U A P R S F|            window             |
 *     |           checksum            |        urgent pointer         |
 *     |                   options, padded with zeros                  |
 *     |                              data                             |
 *
 * A segment is parsed into numbers in host order and a view of its data, and emitted from them. What it may
 * contain is judged here (lengths, checksum); what it means is judged by the machine. Options that lie about
 * their length end the list of options, and the rest of the segment counts: RFC 9293 section 3.1, MUST-7.
 * RFC 9293 section 3.1; the options are in options.h. */
#ifndef NETARIUM_PROTOCOLS_TCP_SEGMENT_H
#define NETARIUM_PROTOCOLS_TCP_SEGMENT_H

#include "protocols/endpoint.h"
#include "protocols/packet.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/seq.h"

#include <stddef.h>

#define TCP_HEADER 20      /* bytes, without options */
#define TCP_HEADER_MOST 60 /* bytes, with as many options as there can be */
#define TCP_PROTOCOL 6     /* in the header below */

enum tcp_flag {
    TCP_FLAG_FIN = 0x01,
    TCP_FLAG_SYN = 0x02,
    TCP_FLAG_RST = 0x04,
    TCP_FLAG_PSH = 0x08,
    TCP_FLAG_ACK = 0x10,
    TCP_FLAG_URG = 0x20,
    TCP_FLAG_ECE = 0x40, /* RFC 3168 section 6.1 */
    TCP_FLAG_CWR = 0x80,
    TCP_FLAGS = 0xff /* all that mean something; the four reserved bits are sent as 0 and ignored */
};

/* What a parser may find wrong. The words are tcp_wire_words. */
enum tcp_wire {
    TCP_WIRE_OK,
    TCP_WIRE_TRUNCATED,   /* fewer bytes than a header */
    TCP_WIRE_BAD_OFFSET,  /* the header is said to be under 20 bytes, or longer than the segment */
    TCP_WIRE_BAD_CHECKSUM /* damaged on its way */
};

extern const char *const tcp_wire_words[]; /* ended by NULL */

struct tcp_segment {
    uint16_t source_port;
    uint16_t destination_port;
    struct tcp_seq seq;         /* of the first octet: SYN, data, FIN in this order */
    struct tcp_seq ack;         /* the next octet expected; means something with TCP_FLAG_ACK */
    uint8_t flags;              /* enum tcp_flag */
    uint16_t window;            /* as it stands in the header, not scaled */
    uint16_t urgent;            /* offset from seq of the last urgent octet + 1; with TCP_FLAG_URG */
    uint16_t checksum;          /* as received; emitting computes it */
    struct tcp_options options; /* what was understood */
    const uint8_t *data;        /* borrowed; NULL allowed if there is none */
    uint32_t length_bytes;      /* of data */
};

/* Octets of sequence space: data, and one each for SYN and FIN. RFC 9293 section 3.4, SEG.LEN. */
static inline uint32_t tcp_segment_length(const struct tcp_segment *segment)
{
    return segment->length_bytes + !!(segment->flags & TCP_FLAG_SYN) + !!(segment->flags & TCP_FLAG_FIN);
}

/* The number behind its last octet. */
static inline struct tcp_seq tcp_segment_end(const struct tcp_segment *segment)
{
    return tcp_seq_plus(segment->seq, tcp_segment_length(segment));
}

/* Reads an IP payload and verifies the checksum with the addresses; what is known of the packet's tail need not be summed
 * again. Any answer but TCP_WIRE_OK leaves `ret_segment` untouched. */
enum tcp_wire tcp_segment_take(const struct packet *packet, const struct net_address *source,
                               const struct net_address *destination, struct tcp_segment *ret_segment);

/* The same from bytes of which nothing is known. */
enum tcp_wire tcp_segment_parse(const uint8_t *bytes, size_t length_bytes, const struct net_address *source,
                                const struct net_address *destination, struct tcp_segment *ret_segment);

/* Bytes of the header with the segment's options, padded: 20 to 60. */
size_t tcp_segment_header_bytes(const struct tcp_segment *segment);

/* Writes the header, so long as told above, at `ret_bytes`. The data stands behind it already, and `data_sum`
 * is its sum (sum16_copy); together with the header it becomes the checksum. */
void tcp_segment_emit(const struct tcp_segment *segment, const struct net_address *source,
                      const struct net_address *destination, uint64_t data_sum, uint8_t *ret_bytes);

/* "SYN,ACK" and the like, from the lowest bit up; "none". At least TCP_FLAG_WORDS bytes. */
#define TCP_FLAG_WORDS 40
void tcp_flags_write(uint8_t flags, char ret_words[TCP_FLAG_WORDS]);

#endif
