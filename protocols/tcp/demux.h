/* SPDX-License-Identifier: MIT
 * Who has which port, and whose a segment is.
 *
 *     connections    a hash over both endpoints: one look finds the connection, however many there are
 *     ports          a hash over the number; each port knows who listens on it and how it is used
 *
 * A port is used at an address by so many sockets, of which so many do not share. So whether one more may
 * come is answered by a few counters for each address, and never by looking at the sockets. The rule is
 * Linux': two sockets may have one port if their addresses differ (and neither is "any"), or both asked for
 * SO_REUSEADDR and the other one does not listen, or both asked for SO_REUSEPORT. A connection that was
 * given its port by tcp_connect only must differ from others in one of the four values. */
#ifndef NETARIUM_PROTOCOLS_TCP_DEMUX_H
#define NETARIUM_PROTOCOLS_TCP_DEMUX_H

#include "protocols/endpoint.h"
#include "protocols/env.h"
#include "sim/base/list.h"

struct tcp_port;
struct tcp_port_use;

/* What a socket, or what is left of one, has in the tables. Embed it; zero it first. */
struct tcp_bound {
    struct net_endpoint local; /* port 0: not bound */
    struct net_endpoint peer;  /* port 0: not connected */
    struct tcp_port *port;     /* NULL: not bound */
    struct tcp_port_use *use;  /* its counters, at its address */
    struct tcp_bound *next;    /* in its slot of connections, or among listeners */
    uint32_t hash;             /* of both endpoints, while connected; else his draw among those who share */
    bool reuses_address;       /* SO_REUSEADDR, as it was when bound */
    bool reuses_port;          /* SO_REUSEPORT, likewise */
    bool was_chosen;           /* tcp_connect chose the port */
    bool is_connected;         /* in the table of connections */
    bool is_listening;         /* among the listeners of its port */
    bool is_time_wait;         /* all that is left of a connection */
};

struct tcp_demux {
    struct env *env;
    struct tcp_bound **connections; /* `slots` lists; owned */
    struct tcp_port **ports;        /* likewise, `port_slots` lists of owned ports */
    uint32_t slots, count;          /* a power of two, or 0; connections */
    uint32_t port_slots, port_count;
    uint32_t listens; /* so often somebody began to listen: tells those who share a port apart */
};

void tcp_demux_init(struct tcp_demux *demux, struct env *env);
void tcp_demux_release(struct tcp_demux *demux); /* nobody is in it any more */

/* May `bound` have `local`, next to all others? */
bool tcp_demux_is_free(const struct tcp_demux *demux, const struct tcp_bound *bound,
                       struct net_endpoint local);

/* A port from first to last that is free at `local`'s address; 0: none is left. RFC 6056 section 3.3.1. */
uint16_t tcp_demux_choose(struct tcp_demux *demux, const struct tcp_bound *bound, struct net_address address,
                          uint16_t first, uint16_t last);

/* The same for a connection to `peer`: others may have the port too if their peer is another. */
uint16_t tcp_demux_choose_for(struct tcp_demux *demux, struct net_address address, struct net_endpoint peer,
                              uint16_t first, uint16_t last);

/* Changes whether it shares: SO_REUSEADDR, SO_REUSEPORT. At any time. */
void tcp_demux_share(struct tcp_bound *bound, bool reuses_address, bool reuses_port);

/* Gives `bound` the port at the address. Asks nobody. Then, connects it, or lets it listen. */
void tcp_demux_bind(struct tcp_demux *demux, struct tcp_bound *bound, struct net_endpoint local);
void tcp_demux_connect(struct tcp_demux *demux, struct tcp_bound *bound, struct net_endpoint peer);
void tcp_demux_listen(struct tcp_demux *demux, struct tcp_bound *bound);

/* Out of the table of connections, or from among the listeners; it keeps its port. */
void tcp_demux_disconnect(struct tcp_demux *demux, struct tcp_bound *bound);

/* Out of everything. The endpoints keep their values. */
void tcp_demux_leave(struct tcp_demux *demux, struct tcp_bound *bound);

/* The connection between these two, or NULL. */
struct tcp_bound *tcp_demux_find(const struct tcp_demux *demux, const struct net_endpoint *local,
                                 const struct net_endpoint *peer);

/* Who listens at `local` for `peer`: the one that named the address before the one that did not; among
 * those that share the port, always the same for the same peer. */
struct tcp_bound *tcp_demux_listener(const struct tcp_demux *demux, const struct net_endpoint *local,
                                     const struct net_endpoint *peer);

#endif
