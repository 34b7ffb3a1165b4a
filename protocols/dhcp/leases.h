/* SPDX-License-Identifier: MIT
 * The server's book: which address is whose, and until when.
 *
 * Addresses come from pools, one for each network that is served, and some are reserved for one station. A
 * *lease* is one address that was ever given; it remembers its client after it has ended, so that who comes
 * back gets the same.
 *
 *     from          to            because                                          in function
 *     -, FREE       PROBING       an offer is wanted, and we ask first             dhcp_leases_hold
 *     -, FREE       OFFERED       an offer is made                                 dhcp_leases_hold
 *     PROBING       OFFERED       nobody answered the probe                        dhcp_leases_hold
 *     all but       BOUND         the client takes it, or prolongs it              dhcp_leases_bind
 *       QUARANTINED
 *     OFFERED       FREE          it took another server's, or did not answer      dhcp_leases_free,
 * lease_fire BOUND         FREE          the lease ended, or the client gave it back      lease_fire,
 * dhcp_leases_free any           QUARANTINED   somebody else uses it dhcp_leases_quarantine QUARANTINED FREE
 * that was long ago                                lease_fire
 *
 * All of them go through move in leases.c, which tells the trace. What is given to nobody is either *fresh*
 * (never in the book) or FREE; a fresh one is preferred, then the one that is free for longest, so that a
 * client that is away finds its old address as late as possible in other hands. RFC 2131 2.2, 4.3.1.
 *
 * The book outlives the server program, as it must: RFC 2131 2.2 wants it on stable storage. */
#ifndef NETARIUM_PROTOCOLS_DHCP_LEASES_H
#define NETARIUM_PROTOCOLS_DHCP_LEASES_H

#include "protocols/dhcp/codec.h"
#include "protocols/dhcp/facts.h"
#include "protocols/dhcp/sending.h"
#include "protocols/env.h"

#define DHCP_BUCKETS 1024 /* of each of the two hash tables */

enum dhcp_lease_state { DHCP_FREE, DHCP_PROBING, DHCP_OFFERED_TO, DHCP_BOUND_TO, DHCP_QUARANTINED };
extern const char *const dhcp_lease_words[]; /* by enum dhcp_lease_state, ended by NULL */

/* Which rule moved a lease. The words are dhcp_lease_rule_words. */
enum dhcp_lease_rule {
    DHCP_LEASE_BY_DISCOVER,   /* an offer is wanted */
    DHCP_LEASE_BY_REQUEST,    /* the client takes it */
    DHCP_LEASE_BY_RENEWAL,    /* ... or prolongs it */
    DHCP_LEASE_BY_OTHER,      /* the client took another server's offer, or another address */
    DHCP_LEASE_BY_NO_REQUEST, /* the client never took it */
    DHCP_LEASE_BY_EXPIRY,     /* nobody prolonged it */
    DHCP_LEASE_BY_RELEASE,    /* the client gave it back */
    DHCP_LEASE_BY_DECLINE,    /* the client says that somebody else has it */
    DHCP_LEASE_BY_ANSWER,     /* somebody answered the probe */
    DHCP_LEASE_BY_AGE         /* the quarantine is over */
};
extern const char *const dhcp_lease_rule_words[];

/* Why this address for this client: RFC 2131 4.3.1, in its order. The words are dhcp_choice_words. */
enum dhcp_choice {
    DHCP_CHOICE_FIXED,  /* reserved for this station */
    DHCP_CHOICE_BOUND,  /* it has it */
    DHCP_CHOICE_FORMER, /* it had it */
    DHCP_CHOICE_WISHED, /* it asks for it, and it is free */
    DHCP_CHOICE_FRESH,  /* never given before */
    DHCP_CHOICE_OLDEST  /* free for longest */
};
extern const char *const dhcp_choice_words[];

/* The addresses that may be given on one network. */
struct dhcp_pool {
    struct ipv4_prefix network;
    struct ipv4_address first, last; /* in that network; first <= last */
    uint32_t fresh;                  /* the book's: all below this offset were looked at */
};

struct dhcp_reservation {
    struct mac_address mac;
    struct ipv4_address address;
};

/* A DISCOVER that waits for its address to be probed. */
struct dhcp_pending {
    struct dhcp_message message;
    uint32_t interface;
    struct ipv4_prefix local;
    uint64_t frame;
    enum dhcp_choice choice;
};

struct dhcp_leases;
struct dhcp_server;

struct dhcp_lease {
    struct dhcp_leases *book;
    struct ipv4_address address;
    enum dhcp_lease_state state;
    struct dhcp_octets key; /* whose it is or was: see dhcp_key_of */
    struct mac_address mac;
    char host_name[DHCP_NAME_SIZE]; /* as the client calls itself */
    int64_t since;                  /* when it became what it is */
    int64_t expires;                /* when it ceases to be that; ENV_NEVER: not by itself */
    struct dhcp_pending *pending;   /* PROBING: who asked; owned, else NULL */
    struct dhcp_lease *next_by_address, *next_by_key; /* in their buckets */
    struct dhcp_lease *newer;                         /* in the order of being made */
    struct dhcp_lease *freed_before, *freed_after;    /* FREE: the queue, longest free first */
    struct env_timer timer;
};

struct dhcp_leases {
    struct env *env;
    struct dhcp_pool *pools; /* owned */
    uint32_t pool_count;
    struct dhcp_reservation *reserved; /* owned */
    uint32_t reserved_count;
    struct dhcp_lease *by_address[DHCP_BUCKETS], *by_key[DHCP_BUCKETS];
    struct dhcp_lease *oldest, *newest; /* all, in the order of being made */
    struct dhcp_lease *freed_first, *freed_last;
    uint32_t count;
    /* Set by the server that uses the book: a probe stayed without an answer. */
    void (*unanswered)(struct dhcp_leases *book, struct dhcp_lease *lease);
    struct dhcp_server *server; /* NULL: none runs */
};

void dhcp_leases_init(struct dhcp_leases *book, struct env *env);
void dhcp_leases_release(struct dhcp_leases *book);

/* From now on these are the pools and the reservations (copied). Leases stay. */
void dhcp_leases_set_pools(struct dhcp_leases *book, const struct dhcp_pool *pools, uint32_t pool_count,
                           const struct dhcp_reservation *reserved, uint32_t reserved_count);

/* The pool of the network that `address` is on, or NULL. */
struct dhcp_pool *dhcp_leases_pool(const struct dhcp_leases *book, struct ipv4_address address);

/* The lease of `address`; that of the client with this key on the network of `pool`. NULL: there is none. */
struct dhcp_lease *dhcp_leases_find(const struct dhcp_leases *book, struct ipv4_address address);
struct dhcp_lease *dhcp_leases_of(const struct dhcp_leases *book, const struct dhcp_octets *key,
                                  const struct dhcp_pool *pool);

/* The address for a client that asks, which is its from now on, though in no new state yet. NULL: there is
 * none left. */
struct dhcp_lease *dhcp_leases_choose(struct dhcp_leases *book, struct dhcp_pool *pool,
                                      const struct dhcp_message *request, enum dhcp_choice *ret_choice);

/* PROBING or OFFERED, until `until`. A lease that is BOUND stays so: an offer takes nothing from anybody. */
void dhcp_leases_hold(struct dhcp_lease *lease, enum dhcp_lease_state state, int64_t until);

void dhcp_leases_bind(struct dhcp_lease *lease, int64_t until, enum dhcp_lease_rule rule);
void dhcp_leases_free(struct dhcp_lease *lease, enum dhcp_lease_rule rule);
void dhcp_leases_quarantine(struct dhcp_lease *lease, enum dhcp_lease_rule rule);

#endif
