/* SPDX-License-Identifier: MIT
 * Changing one end of a datagram in place, with every checksum that covers it.
 *
 *     | IP header ...... checksum ... source, destination | ports ... checksum ... | data |
 *                        covers the addresses               covers ports, data, and by the pseudo-header the
 *                                                           addresses (not for ICMP)
 *
 * A checksum is not computed anew but corrected by what changed, RFC 1624: what was damaged on its way stays
 * recognisably damaged, and the data need not be looked at. A UDP checksum of 0 means that there is none and
 * stays 0.
 *
 * In an ICMP error there are two datagrams. The outer one goes to the end that is to be told, and the one
 * that it quotes is the packet as it looked *there*: so the quoted end is changed too, on the opposite side,
 * and the sums of both (RFC 5508 4.2):
 *
 *     | remote -> outside | error | quote:  outside:5001 -> remote:80 |
 *     | remote -> inside  | error | quote:  inside:3345  -> remote:80 | */
#ifndef NETARIUM_PROTOCOLS_NAT_REWRITE_H
#define NETARIUM_PROTOCOLS_NAT_REWRITE_H

#include "protocols/conntrack/flow.h"

enum rewrite_side { REWRITE_SOURCE, REWRITE_DESTINATION };

/* Makes `end` the source or destination of a datagram that flow_read has understood; `header` and `view` are
 * kept in step. Of an ICMP answer or query only the end of the one who asks has a port. */
void rewrite_packet(uint8_t *bytes, size_t length_bytes, struct ipv4_header *header, struct flow_view *view,
                    enum rewrite_side side, struct flow_end end);

/* As rewrite_packet for an ICMP error: the outer `side` becomes `outer`, and the opposite side of the quote
 * `end`. */
void rewrite_error(uint8_t *bytes, size_t length_bytes, struct ipv4_header *header, struct flow_view *view,
                   enum rewrite_side side, struct ipv4_address outer, struct flow_end end);

#endif
