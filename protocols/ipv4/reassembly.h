/* SPDX-License-Identifier: MIT
 * Putting a datagram together from its pieces, in whatever order they come. RFC 791 3.2, RFC 815, RFC
 * 1122 3.3.2.
 *
 * A datagram under construction is known by source, destination, protocol and identification. It has a
 * buffer, and a list of what is still missing (RFC 815's holes, here as the pieces that came, sorted). When
 * the last piece is there and nothing is missing, the whole goes up. A clock runs from the first piece on:
 * after 60 s what is there is thrown away, and if the first piece was among it, its sender is told (ICMP time
 * exceeded, code 1).
 *
 * Pieces that overlap: an exact repetition is ignored; anything else is a fault or an attack, and the whole
 * datagram is thrown away, as RFC 5722 has it for IPv6 and others followed for IPv4. A piece that reaches
 * beyond 65 535 octets is refused ("ping of death"). */
#ifndef NETARIUM_PROTOCOLS_IPV4_REASSEMBLY_H
#define NETARIUM_PROTOCOLS_IPV4_REASSEMBLY_H

#include "protocols/ipv4/ipv4.h"

#define REASSEMBLY_TIMEOUT (60 * ENV_SECOND) /* RFC 1122 3.3.2: fixed, between 60 and 120 s */
#define REASSEMBLY_BYTES_MOST (256u * 1024)  /* of all buffers; then the oldest goes */

struct reassembly_entry;

struct reassembly {
    struct ipv4 *ip;
    struct reassembly_entry *first; /* oldest first */
    struct reassembly_entry *last;
    uint32_t bytes; /* of all buffers */
    uint32_t count; /* datagrams under construction */
    uint64_t completed, timed_out, overlapped, evicted;
};

void reassembly_init(struct reassembly *reassembly, struct ipv4 *ip);
void reassembly_release(struct reassembly *reassembly);

/* Takes in one piece. True: it was the last that was missing, and `ret_whole` is the whole datagram (header
 * first), which the caller gives back. False: `ret_reason` says what became of it (IPV4_OK: it waits for the
 * others). */
bool reassembly_add(struct reassembly *reassembly, const struct ipv4_arrival *piece,
                    struct packet_out *ret_whole, enum ipv4_reason *ret_reason);

#endif
