/* SPDX-License-Identifier: MIT
 * A SYN from outside for which there is no binding: wait before saying no.
 *
 * Two machines behind two NAT boxes can only connect if both begin at once (RFC 9293 3.5, simultaneous open).
 * Then each box sees a SYN come in before its own machine's has gone out. If it said no at once, the first
 * connection would be torn down; so for 6 s it says nothing. If the own machine's SYN has gone out in the
 * meantime all is well, else the sender learns that there is nobody: ICMP port unreachable. RFC 5382 REQ-4.
 *
 * All wait equally long, so they stand in one ring with one timer. */
#ifndef NETARIUM_PROTOCOLS_NAT_SYN_H
#define NETARIUM_PROTOCOLS_NAT_SYN_H

#include "protocols/conntrack/flow.h"
#include "protocols/ipv4/ipv4.h"

#define NAT_SYNS 32                   /* that may wait at a time */
#define NAT_SYN_WAIT (6 * ENV_SECOND) /* RFC 5382 REQ-4: at least 6 s */
#define NAT_SYN_QUOTE (IPV4_HEADER_MAX + 8)

struct nat_syn {
    struct flow_key key;       /* from the remote to a port outside */
    struct ipv4_header header; /* what it looked like; without options */
    uint8_t quote[NAT_SYN_QUOTE];
    uint32_t quote_bytes;
    uint64_t frame;
    int64_t until;
};

struct nat_syns {
    struct nat_syn *ring; /* owned; made when needed */
    uint32_t first, count;
    struct env_timer timer; /* for the first */
};

struct nat;

void nat_syns_init(struct nat *nat);
void nat_syns_release(struct nat *nat);

/* Is this the first segment of a connection? */
bool nat_syn_is_one(const struct flow_view *view);

/* One came in that fits no binding, or may not use it. It ends here; what is remembered answers later. */
enum ipv4_verdict nat_syn_hold(struct nat *nat, const struct ipv4_passing *passing,
                               const struct flow_view *view);

#endif
