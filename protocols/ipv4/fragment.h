/* SPDX-License-Identifier: MIT
 * Cutting a datagram that is too big for a link. RFC 791 2.3 and 3.2.
 *
 *     1420 octets for a link of 532           offset   more
 *     | header | 1400 octets of data |
 *     | header | 512 |                        0        1
 *     | header |      512 |                   64       1      the offset counts blocks of 8 octets,
 *     | header |           376 |              128      0      so all pieces but the last are multiples of 8
 *
 * All pieces carry the identification of the whole. Options are repeated in every piece if their copied bit
 * says so, else they stay in the first. The pieces travel alone from here on; only the destination puts them
 * together (reassembly.h). */
#ifndef NETARIUM_PROTOCOLS_IPV4_FRAGMENT_H
#define NETARIUM_PROTOCOLS_IPV4_FRAGMENT_H

#include "protocols/ipv4/ipv4.h"

/* Cuts `packet` (a datagram of ours to cut, taken) into pieces of at most `mtu_bytes` and gives each to
 * `send`. `mtu_bytes` is at least 68, RFC 791 3.1. */
void ipv4_fragment(struct ipv4 *ip, const struct ipv4_header *header, struct packet_out *packet,
                   uint32_t mtu_bytes, void (*send)(struct ipv4 *ip, void *context, struct packet_out *piece),
                   void *context);

#endif
