/* SPDX-License-Identifier: MIT
 * One line of a firewall, and how it is read.
 *
 *     chain forward policy drop                                  what becomes of what no rule speaks of
 *     forward ct state established,related accept                a rule: chain, questions, verdict
 *     forward tcp dport { 80, 443 } accept
 *     input icmp type echo-request limit rate 5/second accept
 *     forward ip saddr 10.0.0.0/8 log drop
 *     output udp dport 53 reject with icmp port-unreachable
 *
 * nftables' own form is understood as well; family and table do not matter here, there is one of each:
 *
 *     add rule ip filter forward iifname "eth0" tcp dport 80 accept
 *     add chain ip filter forward { type filter hook forward priority 0; policy drop; }
 *
 * A mistake is one plain sentence with the nearest valid word. Simplified: "reject with tcp reset", named
 * sets, maps, jumps to chains of one's own and counters with values are not understood. A rule counts whether
 * it says "counter" or not. */
#ifndef NETARIUM_PROTOCOLS_FIREWALL_RULE_H
#define NETARIUM_PROTOCOLS_FIREWALL_RULE_H

#include "protocols/firewall/fields.h"

#define FIREWALL_MATCHES 8 /* questions of one rule */
#define FIREWALL_RANGES 32 /* values of all its sets */
#define FIREWALL_NAMES 4   /* interfaces that it names */
#define FIREWALL_NAME_SIZE 16
#define FIREWALL_PREFIX_SIZE 32 /* of a log line */

enum firewall_verdict { FIREWALL_CONTINUE, FIREWALL_ACCEPT, FIREWALL_DROP, FIREWALL_REJECT };
extern const char *const firewall_verdict_words[]; /* by enum firewall_verdict, ended by NULL */

/* From one value to another, both included. For interfaces a place in `names` until firewall_bind. */
struct firewall_range {
    uint32_t from, to;
};

struct firewall_match {
    const struct firewall_field *field;
    bool is_negated;
    uint8_t first, count; /* of the rule's ranges */
};

/* "limit rate [over] 5/second burst 5 packets": a bucket of picoseconds that fills with the passing time. */
struct firewall_limit {
    int64_t price;    /* of one packet; 0: no limit */
    int64_t most;     /* the burst */
    int64_t saved;    /* now */
    int64_t saved_at; /* when that was */
    bool is_over;     /* matches what exceeds it, not what keeps to it */
};

struct firewall_rule {
    const char *text; /* as written; borrowed */
    enum ipv4_hook chain;
    uint32_t number; /* in its chain, from 1 */
    struct firewall_match matches[FIREWALL_MATCHES];
    uint8_t match_count;
    struct firewall_range ranges[FIREWALL_RANGES];
    uint8_t range_count;
    char names[FIREWALL_NAMES][FIREWALL_NAME_SIZE];
    uint8_t name_count;
    struct firewall_limit limit;
    bool logs;
    char prefix[FIREWALL_PREFIX_SIZE];
    enum firewall_verdict verdict;
    uint8_t icmp_code; /* FIREWALL_REJECT: of the "unreachable" */
    uint64_t packets, bytes;
};

/* A line is a rule, or the policy of a chain. */
struct firewall_line {
    bool is_policy;
    enum ipv4_hook chain;
    enum firewall_verdict policy; /* FIREWALL_ACCEPT or FIREWALL_DROP */
    struct firewall_rule rule;    /* its text is the one given */
};

/* Reads one line. False: `why` has a plain sentence. */
bool firewall_read(const char *text, struct firewall_line *ret_line, struct text *why);

/* Does the rule ask for the state of connections? */
bool firewall_rule_uses_state(const struct firewall_rule *rule);

#endif
