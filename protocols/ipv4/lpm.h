/* SPDX-License-Identifier: MIT
 * Longest prefix match: of all prefixes that cover an address, which is the longest?
 *
 *     200.23.16.0/21 -> 0      200.23.24.0/21 -> 2      200.23.24.0/24 -> 1
 *     200.23.24.170 is covered by the last two; the /24 is longer, so 1.
 *
 * The structure is a tree bitmap (Eatherton, Varghese, Dittia 2004). A node looks at six bits of the address
 * at once. Instead of 64 pointers it keeps two words of bits and two short rows:
 *
 *     prefixes   one bit for each prefix of 0 to 5 bits that ends in this node: * 0* 1* 00* 01* ... 11111*
 * (63 of them) children   one bit for each value of the six bits below which there is more
 *
 * The place in a row is the number of one bits before one's own. A look-up goes down at most six nodes,
 * remembers the last one with a prefix that covers the address, and touches the row of values once, at the
 * end. Inserting and removing rebuild one row. A prefix costs some tens of bytes whether there are three or a
 * million; RFC 1812 5.2.4.3 says that it is the rule of the Internet, and the tests hold it against a list
 * that is searched from end to end. */
#ifndef NETARIUM_PROTOCOLS_IPV4_LPM_H
#define NETARIUM_PROTOCOLS_IPV4_LPM_H

#include "protocols/env.h"
#include "protocols/ipv4/address.h"

#define LPM_NONE UINT32_MAX /* no prefix covers the address */

struct lpm_node {
    uint64_t prefixes;      /* bit 2^length - 1 + bits: a prefix ends here */
    uint64_t children;      /* bit v: there is a node for the six bits v */
    struct lpm_node *child; /* row of children, in the order of their bits; owned */
    uint32_t *value;        /* row of values, in the order of the bits of `prefixes`; owned */
};

struct lpm {
    struct env *env;
    struct lpm_node root;
    uint32_t prefix_count;
    uint32_t node_count; /* nodes, the root included */
};

/* An empty table. Its memory is the environment's (borrowed). */
void lpm_init(struct lpm *lpm, struct env *env);
void lpm_release(struct lpm *lpm);

/* Sets the value of a prefix (host bits are ignored). Returns the value it had, or LPM_NONE. `value` is not
 * LPM_NONE. */
uint32_t lpm_insert(struct lpm *lpm, struct ipv4_prefix prefix, uint32_t value);

/* Takes a prefix out. Returns the value it had, or LPM_NONE if it was not there. */
uint32_t lpm_remove(struct lpm *lpm, struct ipv4_prefix prefix);

/* The value of exactly this prefix, or LPM_NONE. */
uint32_t lpm_exact(const struct lpm *lpm, struct ipv4_prefix prefix);

/* The value of the longest prefix that covers `address`, or LPM_NONE. */
uint32_t lpm_lookup(const struct lpm *lpm, struct ipv4_address address);

/* Bytes that the table needs, rows included. For the benchmark. */
uint64_t lpm_bytes(const struct lpm *lpm);

#endif
