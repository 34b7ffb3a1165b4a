/* SPDX-License-Identifier: MIT
 * The UDP header: eight octets that add ports and a checksum to IP, and nothing else.
 *
 *      0                              16                             31
 *     |          source port          |       destination port        |
 *     |            length             |           checksum            |
 *     |                              data                             |
 *
 * The length counts the header too. The checksum covers a pseudo-header of both addresses, the protocol
 * number and the length, then the header, then the data. It may be left out: then the field is 0, and a sum
 * that comes out as 0 is sent as 0xffff, which is the same number in one's complement. RFC 768. */
#ifndef NETARIUM_PROTOCOLS_UDP_CODEC_H
#define NETARIUM_PROTOCOLS_UDP_CODEC_H

#include "protocols/endpoint.h"

#include <stddef.h>

#define UDP_HEADER 8      /* bytes */
#define UDP_PROTOCOL 17   /* in the header below */
#define UDP_LENGTH 0xffff /* the most that the length field can say */

/* Why a received datagram went no further. The words are udp_reason_words. */
enum udp_reason {
    UDP_OK,           /* nothing is wrong */
    UDP_TRUNCATED,    /* fewer bytes than a header */
    UDP_BAD_LENGTH,   /* the length is under 8, or more than there is */
    UDP_BAD_CHECKSUM, /* damaged on its way */
    UDP_NO_SOCKET,    /* nobody listens on that port */
    UDP_QUEUE_FULL    /* the socket has not read what came before */
};
extern const char *const udp_reason_words[]; /* by enum udp_reason, ended by NULL */

struct udp_header {
    uint16_t source_port; /* 0: no answer is expected */
    uint16_t destination_port;
    uint16_t length_bytes; /* header and data */
    uint16_t checksum;     /* as received; 0: none; emitting computes it */
};

/* Reads the header in front of `length_bytes` of IP payload, and verifies the checksum with the addresses.
 * Bytes behind the length are not UDP's. Any answer but UDP_OK leaves `ret_header` untouched. */
enum udp_reason udp_parse(const uint8_t *bytes, size_t length_bytes, const struct net_address *source,
                          const struct net_address *destination, struct udp_header *ret_header);

/* Writes the header in front of data that already stands at ret_bytes + 8, with the checksum over all. Only
 * the ports and the length of `header` are used. */
void udp_emit(const struct udp_header *header, const struct net_address *source,
              const struct net_address *destination, uint8_t *ret_bytes);

#endif
