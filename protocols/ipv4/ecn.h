/* SPDX-License-Identifier: MIT
 * Explicit congestion notification: a router says "slow down" without throwing anything away.
 *
 *      TOS octet   | DSCP (6 bits)         | ECN |
 *                                            00   Not-ECT: the sender would not understand; drop instead
 *                                            01   ECT(1): it would
 *                                            10   ECT(0): it would
 *                                            11   CE: congestion experienced
 *
 * RFC 3168 section 5. The checksum of the header is mended, not computed anew: RFC 1624. */
#ifndef NETARIUM_PROTOCOLS_IPV4_ECN_H
#define NETARIUM_PROTOCOLS_IPV4_ECN_H

#include "protocols/ipv4/header.h"

enum ipv4_ecn { IPV4_NOT_ECT = 0, IPV4_ECT_1 = 1, IPV4_ECT_0 = 2, IPV4_CE = 3 };

static inline enum ipv4_ecn ipv4_ecn_of(uint8_t tos)
{
    return (enum ipv4_ecn)(tos & 3);
}

/* Sets CE in the header that begins at `header` (20 bytes at least) and mends its checksum. A header that was
 * right stays right, one that was wrong stays wrong. */
void ipv4_mark_congestion(uint8_t *header);

#endif
