/* SPDX-License-Identifier: MIT
 * Connection tracking: is this packet the first of a conversation, or does it belong to one?
 *
 *     PREROUTING, FORWARD, ...   conntrack_state   looks a packet up; changes nothing
 *     INPUT, POSTROUTING         conntrack_take    it has come through every rule: now it is remembered
 *
 * So a packet that a rule stops leaves no trace, and does not make the next one look like the continuation of
 * an accepted flow. The states have nftables' words:
 *
 *     new           the first packet of a flow, or a further one before any answer: for TCP that is a SYN
 *     established   it belongs to a flow that has been answered, or it is the answer
 *     related       an ICMP error about a packet of a known flow
 *     invalid       none of these: a TCP segment or an ICMP reply out of nowhere, an error about nothing
 *
 * Priorities: behind the rewriting of destinations (dstnat, -100) and before that of sources (srcnat, 100),
 * so that a flow has the inside's addresses in both directions. */
#ifndef NETARIUM_PROTOCOLS_CONNTRACK_CONNTRACK_H
#define NETARIUM_PROTOCOLS_CONNTRACK_CONNTRACK_H

#include "protocols/conntrack/flows.h"
#include "protocols/ipv4/ipv4.h"

#define CONNTRACK_PRIORITY 50 /* behind filters (0), before srcnat (100) */

enum conntrack_state {
    CONNTRACK_NEW,
    CONNTRACK_ESTABLISHED,
    CONNTRACK_RELATED,
    CONNTRACK_INVALID,
    CONNTRACK_STATES
};
extern const char *const conntrack_state_words[]; /* by enum conntrack_state, ended by NULL */

/* Facts. */
enum conntrack_fact {
    CONNTRACK_FLOW_NEW,      /* a flow is remembered */
    CONNTRACK_FLOW_ANSWERED, /* a packet came back */
    CONNTRACK_FLOW_CLASS,    /* TCP: opening, open, closing */
    CONNTRACK_FLOW_END,      /* a flow is forgotten, and why */
    CONNTRACK_DROP,          /* the table is full */
    CONNTRACK_FACTS
};
extern const struct env_kind conntrack_kinds[CONNTRACK_FACTS];

struct conntrack {
    struct env *env;
    struct flows flows;
    struct ipv4_hook_user input, postrouting; /* conntrack_attach */
    uint64_t dropped;                         /* packets for whose flow there was no room */
};

void conntrack_init(struct conntrack *conntrack, struct env *env, const struct flows_config *config);
void conntrack_release(struct conntrack *conntrack);

/* Follows what passes through `ip`, borrowed until it is released. */
void conntrack_attach(struct conntrack *conntrack, struct ipv4 *ip);

/* What a packet is to the flows known so far. */
enum conntrack_state conntrack_state(const struct conntrack *conntrack, const struct flow_view *view);

/* The packet passes: its flow is remembered. False: it is the first of a flow and there is no room for it,
 * which is told; it must go no further. */
bool conntrack_take(struct conntrack *conntrack, const struct flow_view *view, size_t bytes, uint64_t frame);

#endif
