/* SPDX-License-Identifier: MIT
 * The routing table: for every destination, by which interface and to which neighbour.
 *
 * A route says: what lies in this prefix is reached by that interface, directly (on the link) or by way of a
 * next hop. Of all routes that cover a destination the one with the longest prefix wins (RFC 1812 5.2.4.3);
 * of several for one prefix the one with the lowest metric, then the one that came first, unless they are meant to
 * share (ways.h). Some routes say
 * that the journey ends here: our own addresses, and the broadcasts of our links. They stand in the same
 * table, so that one look-up answers both "is it for us?" and "which way?".
 *
 *     prefix           next hop    interface  metric  source
 *     10.0.1.0/24      -           eth0       0       kernel     the link itself
 *     10.0.1.1/32      -           -          0       local      our address
 *     10.0.1.255/32    -           eth0       0       broadcast
 *     0.0.0.0/0        10.0.1.254  eth0       0       static     the default gateway
 *
 * Routes through an interface that is down stay in the table, but are not used. The words are iproute2's.
 *
 * Most machines are hosts with four routes: while there are ROUTES_FEW or less they are searched from end to
 * end, which is quicker than the tree and costs a host 130 bytes instead of 600. The first one more builds the
 * tree. */
#ifndef NETARIUM_PROTOCOLS_IPV4_ROUTES_H
#define NETARIUM_PROTOCOLS_IPV4_ROUTES_H

#include "protocols/ipv4/lpm.h"

#define ROUTES_NONE LPM_NONE
#define ROUTES_INTERFACES 256
#define ROUTES_FEW 8 /* rows that need no tree */

enum route_source {
    ROUTE_LOCAL,     /* one of our own addresses */
    ROUTE_BROADCAST, /* everybody on a link of ours */
    ROUTE_KERNEL,    /* the link itself, by the interface's own prefix */
    ROUTE_STATIC,    /* a person said so */
    ROUTE_DHCP,
    ROUTE_REDIRECT, /* a router said that another is nearer: RFC 1122 3.3.1.2 */
    ROUTE_RIP
};
extern const char *const route_source_words[]; /* by enum route_source, ended by NULL */

struct route {
    struct ipv4_prefix prefix;
    struct ipv4_address next_hop; /* 0.0.0.0: the destination itself is the neighbour */
    uint32_t interface;           /* its number; for ROUTE_LOCAL that whose address it is */
    uint32_t metric;              /* the lower the better */
    uint8_t source;               /* enum route_source */
    uint16_t weight;              /* >0: one of several equal ways, which share the flows (ways.h); 0: it stands alone */
};

struct route_row {
    struct route route;
    uint32_t next; /* the next best for the same prefix; in a free row the next free one; ROUTES_NONE: none */
    bool is_used;  /* false: a free row */
    bool is_live;  /* its interface is up: it can be found */
    bool is_best;  /* of the live ones for its prefix: the one to use */
};

/* Look-ups that were made lately. A router sees the same destinations again and again; a look-up in the tree
 * costs several cold lines of memory, one here costs one (W1: 40 ns against 5). Any change of the table makes
 * all of them old. */
#define ROUTES_RECENT_HOST 8     /* look-ups that are remembered: by who sends, and ... */
#define ROUTES_RECENT_ROUTER 256 /* by who forwards; powers of two */

/* What was looked up lately, by a hash of the address. */
struct routes_recent {
    uint32_t address;
    uint32_t row; /* and 1; 0: empty */
};

struct routes {
    struct routes_recent *recent; /* owned; NULL until somebody wants them remembered. Emptied by each change */
    struct route_row *rows;       /* owned */
    uint32_t recent_count;        /* places in `recent`, a power of two */
    uint32_t length, room;        /* rows ever used, rows that fit */
    uint32_t first_free;
    uint32_t count;           /* rows in use */
    struct lpm *tree;         /* prefix -> the best live row; owned; NULL while there are few */
    struct env *env;
    uint64_t down;            /* a bit for each of the first 64 interfaces that is down ... */
    uint64_t *down_further;   /* ... and for each of the others; owned, made when one of these goes down */
};

void routes_init(struct routes *routes, struct env *env);
void routes_release(struct routes *routes);

/* Adds a route; one with the same prefix, next hop, interface and source takes its new metric. */
void routes_add(struct routes *routes, const struct route *route);

/* Removes the routes for `prefix` from `source`, by way of `next_hop` and `interface`; 0.0.0.0 and
 * ROUTES_NONE: whichever. Returns how many. */
uint32_t routes_remove(struct routes *routes, struct ipv4_prefix prefix, enum route_source source,
                       struct ipv4_address next_hop, uint32_t interface);

/* Removes all routes from `source` through `interface` (ROUTES_NONE: any). */
void routes_flush(struct routes *routes, enum route_source source, uint32_t interface);

/* From now on so many look-ups are remembered (or more, if more were asked for before). */
void routes_remember_anew(struct routes *routes, uint32_t count);
static inline void routes_remember(struct routes *routes, uint32_t count)
{
    if (routes->recent_count < count)
        routes_remember_anew(routes, count);
}

/* Looks it up in the table, and remembers it if wanted. */
const struct route *routes_lookup_anew(const struct routes *routes, struct ipv4_address address);

static inline struct routes_recent *routes_recent_place(const struct routes *routes, struct ipv4_address address)
{
    return &routes->recent[address.value * UINT32_C(0x9e3779b1) >> 16 & (routes->recent_count - 1)];
}

/* The best route to `address`, or NULL. Borrowed until the table changes. */
static inline const struct route *routes_lookup(const struct routes *routes, struct ipv4_address address)
{
    if (routes->recent) {
        const struct routes_recent *recent = routes_recent_place(routes, address);
        if (recent->address == address.value && recent->row)
            return &routes->rows[recent->row - 1].route;
    }
    return routes_lookup_anew(routes, address);
}

/* An interface went up or down: its routes are used again, or not. */
void routes_set_up(struct routes *routes, uint32_t interface, bool is_up);

/* Row number `index` in the order of being added, skipping free ones; NULL past the last. For inspection:
 * O(index). */
const struct route_row *routes_row(const struct routes *routes, uint32_t index);

#endif
