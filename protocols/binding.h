/* SPDX-License-Identifier: MIT
 * Who has which port: the table by which a transport finds the socket that a packet is for.
 *
 * A binding is a pair of endpoints, ours and the far one's, each of which may be left open. A packet is for
 * the binding that says most about it:
 *
 *     connected     10.0.0.1:5000  <->  10.0.0.2:53      asked first
 *     bound         10.0.0.1:5000  <->  anybody
 *     wildcard      any:5000       <->  anybody          asked last
 *
 * so three looks into one hash table find it, however many there are. Among equals (which only sharing
 * allows) the latest wins, as on Linux. A second table by port alone serves what must see everybody on it:
 * broadcasts, and the question whether a port is free.
 *
 * Two bindings may have the same port if their addresses differ and neither is the wildcard, or if both want
 * to share (SO_REUSEADDR). Ports that nobody asked for by number are chosen from the dynamic range by the
 * environment's dice: RFC 6335 6, RFC 6056 3.3.1. */
#ifndef NETARIUM_PROTOCOLS_BINDING_H
#define NETARIUM_PROTOCOLS_BINDING_H

#include "protocols/endpoint.h"
#include "protocols/env.h"
#include "protocols/net_layer.h"

#define BINDING_FIRST_PORT 49152 /* the dynamic ports, RFC 6335 6 */
#define BINDING_LAST_PORT 65535

/* Embed it; zero is a fresh one that is in no table. Addresses that mean any are stored as NET_ANY. */
struct binding {
    struct net_endpoint local;
    struct net_endpoint peer; /* port 0: not connected */
    bool may_share;           /* SO_REUSEADDR */
    bool is_joined;           /* in the table; then only the table changes the two endpoints */
    uint64_t hash;            /* of both endpoints */
    struct binding *next_by_hash;
    struct binding *next_by_port;
};

struct binding_table {
    struct env *env;
    struct binding **by_hash;       /* `slots` lists, the latest first; owned */
    struct binding **by_port;       /* likewise */
    uint32_t slots;                 /* a power of two; 0 until needed */
    uint32_t count;                 /* bindings in it */
    uint16_t first_port, last_port; /* the range to choose from */
};

void binding_table_init(struct binding_table *table, struct env *env);

/* Forgets all; what was joined is left to its owners. */
void binding_table_release(struct binding_table *table);

/* Puts `binding`, which is not joined, in under these endpoints. local.port is not 0. Asks nobody whether it
 * is free. */
void binding_join(struct binding_table *table, struct binding *binding, struct net_endpoint local,
                  struct net_endpoint peer);

/* Takes it out, if it is in. Its endpoints keep their values. */
void binding_leave(struct binding_table *table, struct binding *binding);

/* May `binding` have `local`, next to all others? */
bool binding_is_free(const struct binding_table *table, const struct binding *binding,
                     struct net_endpoint local);

/* A port of the dynamic range that nobody has at `address`; 0: none is left. */
uint16_t binding_choose_port(struct binding_table *table, struct net_address address);

/* The binding that a packet from `peer` to `local` is for, or NULL. */
struct binding *binding_find(const struct binding_table *table, struct net_endpoint local,
                             struct net_endpoint peer);

/* Does a packet from `peer` to `local` fit `binding`, wildcards considered? */
bool binding_fits(const struct binding *binding, const struct net_endpoint *local,
                  const struct net_endpoint *peer);

/* The next binding on `port` behind `binding`, the latest first; NULL starts, NULL ends. */
struct binding *binding_next(const struct binding_table *table, const struct binding *binding, uint16_t port);

#endif
