/* SPDX-License-Identifier: MIT
 * The DHCP client: how a machine that knows nothing gets an address, keeps it, and gives it back.
 *
 *     client                               server
 *       |-- DISCOVER  has anybody an address? ->|      to everybody, from 0.0.0.0
 *       |<- OFFER     10.0.0.100, if you like --|      perhaps from several servers
 *       |-- REQUEST   I take that one --------->|      to everybody: the other servers see it too
 *       |<- ACK       it is yours for 600 s ----|
 *       |   ...half the lease later...          |
 *       |-- REQUEST   may I keep it? ---------->|      to this server only
 *       |<- ACK       for 600 s more -----------|
 *
 * The address is *leased*: it is ours for a time, and if nobody prolongs that, we stop using it. The clock of
 * a lease starts when the REQUEST is sent, not when the ACK arrives; so ours always runs out before the
 * server's.
 *
 *     lease begins          T1: 1/2 of it              T2: 7/8 of it       end
 *     |------- BOUND -------|------- RENEWING ---------|--- REBINDING -----| INIT
 *                            ask the server that        ask any server      stop using it
 *                            gave it
 *
 *     from            to            because                                    in function
 *     STOPPED         INIT          somebody wants an address                  dhcp_client_start
 *     STOPPED         INIT-REBOOT   likewise, and the last lease has not ended dhcp_client_start
 *     INIT            SELECTING     a moment has passed: DISCOVER              discover
 *     SELECTING       REQUESTING    an offer was taken: REQUEST                take_offer
 *     REQUESTING      CHECKING      ACK: does anybody else use it?             take_ack
 *     REQUESTING      INIT          NAK, or no answer to four REQUESTs         take_nak, request_again
 *     INIT-REBOOT     REBOOTING     a moment has passed: REQUEST               reboot
 *     REBOOTING       CHECKING      ACK                                        take_ack
 *     REBOOTING       INIT          NAK, or no answer                          take_nak, request_again
 *     CHECKING        BOUND         nobody does                                dhcp_client_checked
 *     CHECKING        INIT          somebody does: DECLINE                     dhcp_client_checked
 *     BOUND           RENEWING      T1, or a command says so                   renew_at_t1, dhcp_client_start
 *     RENEWING        BOUND         ACK                                        take_ack
 *     RENEWING        REBINDING     T2                                         rebind
 *     REBINDING       BOUND         ACK                                        take_ack
 *     RENEWING,       INIT          NAK, or the lease has ended                take_nak, rebind_again
 *       REBINDING
 *     BOUND,          INIT          somebody else turned up with our address   dhcp_client_checked
 *       RENEWING, REBINDING
 *     STOPPED         INFORMING     only the rest is wanted, not an address    dhcp_client_inform
 *     INFORMING       STOPPED       ACK, or no answer                          take_ack, inform_again
 *     any             STOPPED       a command says so                          dhcp_client_stop,
 * dhcp_client_give_back
 *
 * All of them go through one function, move in client.c, which knows the legal ones and tells the trace. One
 * timer serves all states, because in each there is one next thing to do. CHECKING is an edge in figure 5 of
 * RFC 2131; it takes seconds, so it is a state here. INFORMING is not in the figure at all.
 *
 * The client asks for its answers to be broadcast (the B flag), because the IP layer below does not take a
 * unicast datagram while its interface has no address. RFC 2131 4.1 is made for such clients.
 *
 * Simplified: the first offer wins; a lease is remembered while the program runs, no longer; an answer to
 * INIT-REBOOT that never comes means INIT (RFC 2131 3.2 (3) would allow using the address on).
 *
 * Files: client.c is the states, client_send.c the messages, client_accept.c which answers are taken,
 * client_grant.c the times. Standard: RFC 2131 3, 4.1, 4.4. */
#ifndef NETARIUM_PROTOCOLS_DHCP_CLIENT_H
#define NETARIUM_PROTOCOLS_DHCP_CLIENT_H

#include "protocols/dhcp/codec.h"
#include "protocols/dhcp/facts.h"
#include "protocols/dhcp/sending.h"
#include "protocols/env.h"

enum dhcp_state { /* RFC 2131 4.4, figure 5 */
                  DHCP_STOPPED,
                  DHCP_INIT,
                  DHCP_SELECTING,
                  DHCP_REQUESTING,
                  DHCP_CHECKING,
                  DHCP_BOUND,
                  DHCP_RENEWING,
                  DHCP_REBINDING,
                  DHCP_INIT_REBOOT,
                  DHCP_REBOOTING,
                  DHCP_INFORMING,
                  DHCP_STATES
};
extern const char *const dhcp_state_words[]; /* by enum dhcp_state, ended by NULL */

/* Which rule moved the client. The words are dhcp_rule_words. */
enum dhcp_rule {
    DHCP_BY_PERSON,   /* a command, or the configuration, said so */
    DHCP_BY_MEMORY,   /* the last lease has not ended */
    DHCP_BY_WAIT,     /* the wait before the first message is over */
    DHCP_BY_OFFER,    /* an offer came */
    DHCP_BY_ACK,      /* a server agreed */
    DHCP_BY_NAK,      /* a server refused */
    DHCP_BY_SILENCE,  /* nobody answered */
    DHCP_BY_NOBODY,   /* nobody else uses the address */
    DHCP_BY_CONFLICT, /* somebody else does */
    DHCP_BY_T1,       /* half of the lease is over */
    DHCP_BY_T2,       /* seven eighths are */
    DHCP_BY_EXPIRY    /* all of it is */
};
extern const char *const dhcp_rule_words[];

/* Why an answer was not taken. The words are dhcp_ignored_words. */
enum dhcp_ignored {
    DHCP_FOR_OTHERS,   /* another transaction, or another station */
    DHCP_NOT_EXPECTED, /* not in this state */
    DHCP_NOT_CHOSEN,   /* a server whose offer we did not take */
    DHCP_INCOMPLETE,   /* address, server or lease time is missing */
    DHCP_UNREADABLE    /* see dhcp_parse */
};
extern const char *const dhcp_ignored_words[];

/* What a server gave. */
struct dhcp_grant {
    struct ipv4_prefix prefix;     /* the address, and its network */
    struct ipv4_address server;    /* who gave it */
    struct dhcp_addresses routers; /* the first is the gateway */
    struct dhcp_addresses dns;
    char domain[DHCP_NAME_SIZE];
    uint16_t mtu_bytes; /* 0: not said */
    int64_t since;      /* when the lease began; times are absolute */
    int64_t t1, t2;     /* ENV_NEVER: a lease without an end */
    int64_t expires;
};

struct dhcp_client_config {
    struct mac_address mac;
    uint32_t interface;             /* its number: for sending, and part of the identifier */
    bool sends_id;                  /* option 61; else the Ethernet address must do */
    uint16_t max_size_bytes;        /* option 57; 0: not said */
    char host_name[DHCP_NAME_SIZE]; /* option 12; empty: none */
};

struct dhcp_client;

struct dhcp_client_ops {
    /* Sends `length_bytes`. */
    void (*send)(struct dhcp_client *client, const struct dhcp_sending *how, const uint8_t *bytes,
                 size_t length_bytes);

    /* Asks the link whether anybody uses the address that we were given, and takes it if not; the answer, now
     * or later, is dhcp_client_checked. */
    void (*check)(struct dhcp_client *client, struct ipv4_prefix prefix);

    /* From now on this is ours (`grant` is borrowed for the call), or prolonged. NULL: we have nothing any
     * more, and whatever used the address must stop: RFC 2131 4.4.5. */
    void (*configure)(struct dhcp_client *client, const struct dhcp_grant *grant);

    /* The answer to INFORM: what goes with the address that we have. NULL: nobody answered. */
    void (*informed)(struct dhcp_client *client, const struct dhcp_grant *grant);
};

struct dhcp_client {
    struct env *env;
    const struct dhcp_client_ops *ops;
    struct dhcp_client_config config;
    enum dhcp_state state;
    struct dhcp_octets id; /* option 61; length 0: not sent */
    uint32_t xid;          /* of the transaction that goes on */
    int64_t first_wait;    /* as dhcp_client_start was told */
    int64_t began_at;      /* when this attempt to get an address began: for `secs` */
    uint16_t secs;         /* as the last DISCOVER said */
    uint32_t tries;        /* messages of this state so far */
    int64_t requested_at;  /* when the first REQUEST of this transaction left: the lease counts from there */
    struct dhcp_grant grant; /* ours, or offered, or remembered */
    bool has_grant;          /* is `grant` worth asking for again? */
    bool is_configured;      /* are others using the address because we said so? */
    uint32_t conflicts;      /* addresses declined */
    struct env_timer timer;  /* the next thing to do in this state */
};

/* The usual settings. */
struct dhcp_client_config dhcp_client_config_default(struct mac_address mac);

/* A stopped client. Environment and ops are borrowed. */
void dhcp_client_init(struct dhcp_client *client, struct env *env, const struct dhcp_client_ops *ops,
                      const struct dhcp_client_config *config);
void dhcp_client_release(struct dhcp_client *client);

/* An address is wanted. If the last lease has not ended, the same one is asked for; if it is in use, it is
 * renewed. `first_wait` is the most that is waited before the first message: RFC 2131 4.4.1 wants 10 s; 0: at
 * once. */
void dhcp_client_start(struct dhcp_client *client, int64_t first_wait);

/* Stops, and remembers the lease (`dhclient -x`); stops and gives it back with a RELEASE (`dhclient -r`). */
void dhcp_client_stop(struct dhcp_client *client);
void dhcp_client_give_back(struct dhcp_client *client);

/* We have `address` from elsewhere and want to know what goes with it. Only while stopped. */
void dhcp_client_inform(struct dhcp_client *client, struct ipv4_address address);

/* A UDP datagram for port 68 came in. `frame` is its number. */
void dhcp_client_receive(struct dhcp_client *client, const uint8_t *bytes, size_t length_bytes,
                         uint64_t frame);

/* The answer to ops->check; and, at any later time with `is_ours` false: somebody else uses our address. */
void dhcp_client_checked(struct dhcp_client *client, bool is_ours);

#endif
