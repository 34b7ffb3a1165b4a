/* SPDX-License-Identifier: MIT
 * A firewall: chains of rules that say which packets may pass, and to each packet why.
 *
 *     a chain            from top to bottom; the first verdict decides; if none does, the policy
 *     +-----------------------------------------------------------+
 *     | 1  ct state established,related accept                    |  --> accept
 *     | 2  tcp dport { 80, 443 } accept                           |  --> accept
 *     | 3  ip saddr 10.0.0.0/8 log drop                           |  --> drop
 *     | policy drop                                               |  --> drop
 *     +-----------------------------------------------------------+
 *
 * A chain stands at each of IP's five hooks: what a machine is sent passes INPUT, what it sends OUTPUT, what
 * it passes on FORWARD. So a rule in INPUT protects the machine itself, one in FORWARD those behind it.
 * firewall_judge is the whole of it and knows no hooks; hooks.c brings it to IP, and a bridge can ask it as
 * well.
 *
 * Rules that ask for the state of connections need connection tracking, which remembers a packet only when it
 * has come through (protocols/conntrack/). Every decision is a fact that names the rule. */
#ifndef NETARIUM_PROTOCOLS_FIREWALL_FIREWALL_H
#define NETARIUM_PROTOCOLS_FIREWALL_FIREWALL_H

#include "protocols/conntrack/defrag.h"
#include "protocols/firewall/rule.h"

#define FIREWALL_PRIORITY 0 /* nftables: filter */

enum firewall_fact {
    FIREWALL_TELLS_ACCEPT,
    FIREWALL_TELLS_DROP,
    FIREWALL_TELLS_REJECT,
    FIREWALL_TELLS_LOG,
    FIREWALL_TELLS_POLICY_ACCEPT,
    FIREWALL_TELLS_POLICY_DROP,
    FIREWALL_FACTS
};
extern const struct env_kind firewall_kinds[FIREWALL_FACTS];

struct firewall_chain {
    enum firewall_verdict policy; /* FIREWALL_ACCEPT or FIREWALL_DROP */
    bool is_used;                 /* it has rules, or a policy was given */
    uint32_t rule_count;
    uint64_t packets, bytes; /* that the policy decided about */
};

struct firewall;

struct firewall_hook {
    struct ipv4_hook_user user;
    struct firewall *firewall;
};

struct firewall {
    struct env *env;
    struct firewall_chain chains[IPV4_HOOKS];
    struct firewall_rule *rules; /* owned; of all chains, in the order of being added */
    uint32_t rule_count, room;
    struct conntrack *conntrack; /* borrowed; NULL: no rule asks for states */
    struct ipv4 *ip;             /* firewall_attach */
    struct firewall_hook hooks[IPV4_HOOKS];
    struct defrag defrag;
};

/* No rules; every policy is to accept. `room` is how many rules there will be at most. */
void firewall_init(struct firewall *firewall, struct env *env, uint32_t room);
void firewall_release(struct firewall *firewall);

/* Adds a line that firewall_read has understood. A rule's text is borrowed. */
void firewall_add(struct firewall *firewall, const struct firewall_line *line);

/* Gives the names of interfaces their numbers, the places in `names` (ended by NULL). False: the text of a
 * rule that names another, in `ret_rule`, and a plain sentence. */
bool firewall_bind(struct firewall *firewall, const char *const *names, const struct firewall_rule **ret_rule,
                   struct text *why);

/* Does any rule ask for the state of connections? Then `conntrack` must be set before the first packet. */
bool firewall_uses_state(const struct firewall *firewall);

/* The rule of `chain` that decides about a packet, counted and told; `ret_verdict` is FIREWALL_ACCEPT,
 * FIREWALL_DROP or FIREWALL_REJECT. NULL: the policy decides. */
const struct firewall_rule *firewall_judge(struct firewall *firewall, enum ipv4_hook chain,
                                           const struct firewall_packet *packet,
                                           enum firewall_verdict *ret_verdict);

/* Looks on at `ip`, at the hooks of the chains that are used; borrowed until it is released. */
void firewall_attach(struct firewall *firewall, struct ipv4 *ip);

#endif
