/* SPDX-License-Identifier: MIT
 * What a NAT box has promised: this end inside is that port outside.
 *
 *     number  protocol  inside            outside port   remote
 *     1       UDP       10.0.0.1:3345     5001           any
 *     2       UDP       10.0.0.2:3345     5003           any
 *
 * With endpoint-independent mapping (RFC 4787 REQ-1) a binding holds whoever the remote is. The two other
 * ways make a binding for each remote address, or for each remote end; `remote` then says which. A binding
 * lives as long as one of its flows does (flows.h has the clock); one that a person made, a port forwarding,
 * lives for ever and holds for any remote.
 *
 * Two hash tables find a binding: by the inside end and remote for what goes out, by the outside port for
 * what comes in. */
#ifndef NETARIUM_PROTOCOLS_NAT_BINDINGS_H
#define NETARIUM_PROTOCOLS_NAT_BINDINGS_H

#include "protocols/conntrack/flows.h"

struct nat_binding {
    uint32_t number; /* from 1, in the order of being made */
    uint8_t protocol;
    bool is_static;              /* made by a person: never ends */
    uint16_t outside_port;       /* ICMP: the identifier */
    struct flow_end inside;      /* ICMP: address and identifier */
    struct flow_end remote;      /* as far as the mapping depends on it; zeros: it does not */
    int64_t since;               /* when it was made */
    uint64_t packets[FLOW_WAYS]; /* translated outwards and inwards */
    struct list flows;           /* its flows, by their `mates` */
    struct list_link by_age;     /* among all */
    struct nat_binding *next_inside, *next_outside; /* in its buckets; the first also among the free */
};

struct nat_binding_slab;

struct nat_bindings {
    struct env *env;
    struct nat_binding **inside, **outside; /* owned buckets, a power of two */
    uint32_t bucket_count;
    struct nat_binding_slab *slabs; /* owned */
    struct nat_binding *free;
    struct list all; /* oldest first */
    uint32_t count, peak;
    uint32_t next_number;
};

void nat_bindings_init(struct nat_bindings *bindings, struct env *env);
void nat_bindings_release(struct nat_bindings *bindings);

struct nat_binding *nat_bindings_add(struct nat_bindings *bindings, uint8_t protocol, struct flow_end inside,
                                     struct flow_end remote, uint16_t outside_port);
void nat_bindings_remove(struct nat_bindings *bindings, struct nat_binding *binding);

/* The binding for what `inside` sends to `remote` (zeros as far as the mapping does not depend on it), or
 * NULL. */
struct nat_binding *nat_bindings_inside(const struct nat_bindings *bindings, uint8_t protocol,
                                        struct flow_end inside, struct flow_end remote);

/* The binding that has this port outside, or NULL. */
struct nat_binding *nat_bindings_outside(const struct nat_bindings *bindings, uint8_t protocol,
                                         uint16_t port);

/* Number `index` of all, oldest first; NULL past the last. For inspection: O(index). */
const struct nat_binding *nat_bindings_row(const struct nat_bindings *bindings, uint32_t index);

#endif
