/* SPDX-License-Identifier: MIT
 * The DHCP server: what it says to each message, and when it says nothing.
 *
 *     DISCOVER   OFFER     choose an address (leases.h), perhaps ask first whether somebody uses it, hold it
 * for a while REQUEST    ACK       it is for us and the address is the client's: the lease begins, or goes on
 *                NAK       ... and it is not; or the client is on a network where its address is worth
 * nothing silence   it is for another server, or about something that we know nothing of DECLINE    - the
 * address is left alone for an hour RELEASE    -         the address is free; whose it was is remembered
 *     INFORM     ACK       everything but an address
 *
 * A REQUEST does not say in what state its client is; what is in it does (RFC 2131 4.3.2):
 *
 *                     54 server    50 requested    ciaddr     how
 *     SELECTING       set          set             0          broadcast
 *     INIT-REBOOT     -            set             0          broadcast
 *     RENEWING        -            -               set        unicast
 *     REBINDING       -            -               set        broadcast
 *
 * Silence is the important answer: several servers can serve one network only because each leaves alone what
 * it does not know. (A rogue server needs no more than that: it answers faster.)
 *
 * Which network a client is on is told by the relay (giaddr), else by our own interface.
 *
 * Simplified: lease times do not depend on the client's history (4.3.1 lets a server decide); the options are
 * the same for all clients of a network.
 *
 * Files: leases.c is the book; server.c decides; server_reply.c says it. Standard: RFC 2131 4.3, 4.1. */
#ifndef NETARIUM_PROTOCOLS_DHCP_SERVER_H
#define NETARIUM_PROTOCOLS_DHCP_SERVER_H

#include "protocols/dhcp/leases.h"

/* Why the server says NAK, or nothing. The words are dhcp_refusal_words. */
enum dhcp_refusal {
    DHCP_POOL_EMPTY,     /* no address is left */
    DHCP_NO_POOL,        /* we do not serve that network */
    DHCP_WRONG_NETWORK,  /* the address does not belong where the client is */
    DHCP_NOT_OFFERED,    /* we offered it nothing like that */
    DHCP_TAKEN,          /* it is another client's */
    DHCP_ANOTHER_SERVER, /* the client chose another server */
    DHCP_UNKNOWN_CLIENT, /* we know nothing of it */
    DHCP_NOT_ITS_OWN,    /* what it gives back is not its */
    DHCP_STILL_PROBING,  /* wait until we know that the address is free */
    DHCP_ODD_REQUEST     /* it fits no state of a client */
};
extern const char *const dhcp_refusal_words[];

struct dhcp_server_config {
    uint32_t lease_s;              /* seconds; DHCP_FOREVER: without an end */
    uint32_t t1_s, t2_s;           /* 0: the client decides */
    int64_t offer_time;            /* how long an offer is held; 60 s */
    int64_t probe_time;            /* how long we wait for somebody to answer our echo; 0: we do not ask */
    struct dhcp_addresses routers; /* of each network those that are on it are told */
    struct dhcp_addresses dns;
    char domain[DHCP_NAME_SIZE];
};

struct dhcp_server;

struct dhcp_server_ops {
    /* Sends `length_bytes`. */
    void (*send)(struct dhcp_server *server, const struct dhcp_sending *how, const uint8_t *bytes,
                 size_t length_bytes);

    /* Asks `address` for a sign of life, by an ICMP echo: dhcp_server_answered. NULL: it cannot. RFC
     * 2131 2.2. */
    void (*probe)(struct dhcp_server *server, struct ipv4_address address);
};

struct dhcp_server_counters {
    uint64_t offers, acks, naks, silences;
};

struct dhcp_server {
    struct env *env;
    const struct dhcp_server_ops *ops;
    struct dhcp_leases *book; /* borrowed */
    struct dhcp_server_config config;
    struct dhcp_server_counters counters;
};

struct dhcp_server_config dhcp_server_config_default(void);

/* Environment, ops and book are borrowed; of several servers with one book only one may run. */
void dhcp_server_init(struct dhcp_server *server, struct env *env, const struct dhcp_server_ops *ops,
                      struct dhcp_leases *book, const struct dhcp_server_config *config);

/* The server stops; the book stays. */
void dhcp_server_release(struct dhcp_server *server);

/* A UDP datagram for port 67 came in. */
void dhcp_server_receive(struct dhcp_server *server, const struct dhcp_arrival *arrival);

/* `address` answered our echo. */
void dhcp_server_answered(struct dhcp_server *server, struct ipv4_address address);

#endif
