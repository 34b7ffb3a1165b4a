/* SPDX-License-Identifier: MIT
 * The Routing Information Protocol: every router tells its neighbours how far away everything is, and
 * believes what they say, plus one.
 *
 *     A says "N is 1 away"  -->  B takes "N is 2 away, by way of A"  -->  C takes "N is 3 away, by way of B"
 *
 * That is all it takes to find the shortest ways, and nobody ever sees the whole network. The price: what a
 * router hears may be its own rumour coming back. When N is gone, A hears from B "N is 2 away" and does not
 * know that this way leads through A itself; both count on, in turns, up to 16, which is agreed to mean
 * infinity. *Split horizon* helps between two: never tell a neighbour what you have from that neighbour
 * (or tell it as 16: *poison reverse*). A loop of three can still fool itself. RFC 2453 3.4.
 *
 * Reading order: this header; table.c (entries and their timers); input.c (what neighbours say); output.c
 * (what we say, and when); rip.c (interfaces, start and end).
 *
 * An entry of the table lives like this:
 *
 *     from         to           because                                       in function
 *     -, any       CONNECTED    an interface on that network is up            connect
 *     -            LEARNT       a neighbour knows a way                       take_rte
 *     LEARNT       LEARNT       its next hop says another metric, or          take_rte
 *                               somebody has a better way
 *     GONE         LEARNT       somebody has a way                            take_rte
 *     CONNECTED    GONE         the interface went down                       disconnect
 *     LEARNT       GONE         its next hop says 16, is silent for 180 s,    take_rte, rip_entry_fire,
 *                               or lies behind an interface that went down    disconnect
 *     GONE         -            120 s later, in which all neighbours          rip_entry_fire
 *                               were told
 *
 * All moves but the last go through rip_entry_move, which tells the trace, the router's routing table, and
 * marks the entry as changed. Invariants: the metric of GONE is 16, of the others 1..15; the timer of LEARNT
 * is its timeout, that of GONE its end, CONNECTED has none. Entries stand in the order of their prefixes and
 * are never moved in memory.
 *
 * Times: everybody tells everything every 30 s, give or take up to 5 s so that routers do not fall into step
 * (RFC 2453 3.8). A change is told at once, but after that nothing more for 1 to 5 s, so that a change which
 * runs through the network does not become a storm (RFC 2453 3.10.1).
 *
 * Simplified: every hop costs 1; the next hop that we name is always ourselves; of two equally good ways the
 * first is kept, even while it falls silent (RFC 2453 3.9.2 allows to change). */
#ifndef NETARIUM_PROTOCOLS_RIP_RIP_H
#define NETARIUM_PROTOCOLS_RIP_RIP_H

#include "protocols/env.h"
#include "protocols/rip/codec.h"

/* Facts. */
enum rip_fact {
    RIP_REQUEST_TX, /* tell me all that you know */
    RIP_REQUEST_RX, /* somebody asks */
    RIP_UPDATE_TX,  /* what we know leaves by one interface */
    RIP_UPDATE_RX,  /* a neighbour says what it knows */
    RIP_ROUTE,      /* an entry of the table changes, and by which rule */
    RIP_TIMEOUT,    /* nobody has spoken of a destination for too long */
    RIP_TRIGGERED,  /* there is news to tell: now, or when the pause is over */
    RIP_IGNORED,    /* a message, or one entry of it, is of no use */
    RIP_FACTS
};
extern const struct env_kind rip_kinds[RIP_FACTS];

/* What may be told to a neighbour about routes that lead through its own link. RFC 2453 3.4.3. */
enum rip_horizon {
    RIP_HORIZON_NONE,  /* everything, as if there were no danger */
    RIP_HORIZON_SPLIT, /* nothing: split horizon */
    RIP_HORIZON_POISON /* that they are unreachable: split horizon with poisoned reverse */
};

/* Which rule changed an entry. The words are rip_rule_words. */
enum rip_rule {
    RIP_RULE_CONNECTED, /* a network of our own */
    RIP_RULE_NEW,       /* not known before */
    RIP_RULE_OWN_HOP,   /* its own next hop says so: believed, better or worse */
    RIP_RULE_BETTER,    /* another router is nearer */
    RIP_RULE_TIMEOUT,   /* its next hop is silent */
    RIP_RULE_DOWN,      /* the interface is down */
    RIP_RULE_GARBAGE    /* unreachable for long enough: forgotten */
};
extern const char *const rip_rule_words[]; /* by enum rip_rule, ended by NULL */

/* Why an update leaves. The words are rip_occasion_words. */
enum rip_occasion { RIP_REGULAR, RIP_NEWS, RIP_ASKED };
extern const char *const rip_occasion_words[];

enum rip_state { RIP_CONNECTED, RIP_LEARNT, RIP_GONE };
extern const char *const rip_state_words[]; /* by enum rip_state, ended by NULL */

struct rip_config {
    int64_t update;      /* between two regular updates: RFC 2453 3.8 */
    int64_t jitter;      /* the most that it is moved, either way; less than `update` */
    int64_t timeout;     /* silence after which a route is not believed any more */
    int64_t garbage;     /* how long its end is told */
    int64_t pause_least; /* between two triggered updates: RFC 2453 3.10.1 */
    int64_t pause_most;
    enum rip_horizon horizon;
    bool triggers; /* changes are told at once, not with the next regular update */
};

/* The numbers of RFC 2453, with poisoned reverse. */
struct rip_config rip_config_default(void);

/* Who said something, or whom to tell. */
struct rip_peer {
    uint32_t interface;
    struct ipv4_address address;
    uint16_t port;
};

struct rip;

/* What is known about one destination. */
struct rip_entry {
    struct rip *rip;
    struct ipv4_prefix prefix; /* the network */
    enum rip_state state;
    uint32_t metric;              /* 1: on our own link ... 16: unreachable */
    uint32_t interface;           /* by which we reach it, or did */
    struct ipv4_address next_hop; /* LEARNT: the neighbour to send to */
    struct ipv4_address from;     /* LEARNT: the neighbour that said so; mostly the same */
    uint16_t tag;                 /* carried along */
    bool is_changed;              /* the route change flag: to be told in the next triggered update */
    int64_t confirmed_at;         /* LEARNT: when its neighbour spoke of it last */
    struct env_timer timer;
};

struct rip_ops {
    /* Sends these bytes from port 520 to `to`, by its interface. Borrowed for the call. */
    void (*send)(struct rip *rip, const struct rip_peer *to, const uint8_t *bytes, size_t length_bytes);
    /* The entry is as it stands now: LEARNT is a route, everything else is none (any more). */
    void (*route)(struct rip *rip, const struct rip_entry *entry);
    /* A regular update is about to leave. May be NULL. */
    void (*announce)(struct rip *rip);
};

struct rip_interface {
    struct ipv4_prefix prefix; /* our address and network there; 0.0.0.0: none, so no RIP */
    bool is_up;
};

struct rip_counters {
    uint64_t sent;     /* messages */
    uint64_t received; /* messages that were of use */
    uint64_t ignored;  /* messages and entries that were not */
    uint64_t changes;  /* of entries */
};

struct rip {
    struct env *env;
    const struct rip_ops *ops;
    struct rip_config config;
    struct rip_interface *interfaces; /* owned */
    uint32_t interface_count;
    struct rip_entry **entries; /* by prefix, the table and its entries owned */
    uint32_t entry_count, entry_room;
    struct env_timer update_timer;  /* the next regular update */
    struct env_timer trigger_timer; /* before it fires no triggered update leaves */
    struct rip_counters counters;
    bool is_running; /* from rip_start on */
};

/* The environment and the ops are borrowed. Nothing is sent before rip_start. */
void rip_init(struct rip *rip, struct env *env, const struct rip_ops *ops, const struct rip_config *config,
              uint32_t interface_count);
void rip_release(struct rip *rip);

/* An interface has this address and network now, and can be used, or not. Any time. */
void rip_set_interface(struct rip *rip, uint32_t interface, struct ipv4_prefix prefix, bool is_up);

/* Asks all neighbours for what they know, and begins to tell. */
void rip_start(struct rip *rip);

/* The data of a datagram that came to port 520. `frame` is its frame's number, or 0. */
void rip_receive(struct rip *rip, const struct rip_peer *from, const uint8_t *bytes, size_t length_bytes,
                 uint64_t frame);

/* What is known about exactly this prefix, or NULL. */
const struct rip_entry *rip_find(const struct rip *rip, struct ipv4_prefix prefix);

#endif
