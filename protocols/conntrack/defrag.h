/* SPDX-License-Identifier: MIT
 * Pieces are put together before anybody looks at them.
 *
 * Only the first piece of a datagram carries its ports. Who decides by ports (a firewall, a NAT box) would
 * have to guess what the others belong to, the more so when the last piece comes first. So the pieces wait
 * here, at the very beginning of PREROUTING, until the whole is there; behind it nobody ever sees a piece. If
 * the whole is too big for the next link it is cut again on its way out. RFC 4787 REQ-14. */
#ifndef NETARIUM_PROTOCOLS_CONNTRACK_DEFRAG_H
#define NETARIUM_PROTOCOLS_CONNTRACK_DEFRAG_H

#include "protocols/ipv4/ipv4.h"
#include "protocols/ipv4/reassembly.h"

#define DEFRAG_PRIORITY (-400) /* Linux: NF_IP_PRI_CONNTRACK_DEFRAG */

struct defrag {
    struct ipv4 *ip;
    struct ipv4_hook_user user;
    struct reassembly reassembly;
};

/* Looks on at `ip`, borrowed until the release. */
void defrag_init(struct defrag *defrag, struct ipv4 *ip);
void defrag_release(struct defrag *defrag);

#endif
