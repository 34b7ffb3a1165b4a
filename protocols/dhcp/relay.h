/* SPDX-License-Identifier: MIT
 * The relay agent: a broadcast ends at the router, so the router carries DHCP on.
 *
 *     client              relay 10.1.0.1 | 10.9.0.1                server 10.9.0.2
 *       |--- DISCOVER, broadcast --->|--- giaddr = 10.1.0.1, to 10.9.0.2 --->|
 *       |<-- OFFER ------------------|<-- to giaddr 10.1.0.1, port 67 -------|
 *
 * The relay writes its own address on the client's network into giaddr, unless an earlier relay has: that
 * tells the server which network the client is on, and where to send the answer. Everything else of the
 * message stays as it is. On the way back giaddr tells the relay which link the client is on, and the B flag
 * how it wants to be addressed.
 *
 * With option 82 the relay also says by which interface the message came in, and takes that out of the
 * answer.
 *
 * Simplified: `secs` is not looked at (RFC 1542 4.1.1 lets a relay wait until a client is impatient); a
 * message that carries option 82 already is passed on as it is.
 *
 * Standards: RFC 1542 4.1, RFC 3046 2.1. */
#ifndef NETARIUM_PROTOCOLS_DHCP_RELAY_H
#define NETARIUM_PROTOCOLS_DHCP_RELAY_H

#include "protocols/dhcp/codec.h"
#include "protocols/dhcp/facts.h"
#include "protocols/dhcp/sending.h"
#include "protocols/env.h"

#define DHCP_RELAY_SERVERS 4
#define DHCP_RELAY_HOPS 4 /* default limit; RFC 1542 4.1.1 */

/* Why a message was not passed on. The words are dhcp_relay_words. */
enum dhcp_relay_drop {
    DHCP_RELAY_UNREADABLE, /* not a message that could be */
    DHCP_RELAY_HOPS_OVER,  /* it has passed too many relays: a loop */
    DHCP_RELAY_NO_ADDRESS, /* we have no address where it came in */
    DHCP_RELAY_NOT_OURS    /* giaddr of an answer is none of our addresses */
};
extern const char *const dhcp_relay_words[];

struct dhcp_relay_config {
    struct ipv4_address servers[DHCP_RELAY_SERVERS];
    uint32_t server_count;
    uint8_t most_hops;    /* 1 to 16 */
    bool adds_agent_info; /* option 82 with the interface's number */
};

struct dhcp_relay;

struct dhcp_relay_ops {
    /* Sends `length_bytes`. */
    void (*send)(struct dhcp_relay *relay, const struct dhcp_sending *how, const uint8_t *bytes,
                 size_t length_bytes);

    /* The interface that has `address`; false: none. */
    bool (*find_interface)(struct dhcp_relay *relay, struct ipv4_address address, uint32_t *ret_interface);
};

struct dhcp_relay_counters {
    uint64_t up, down, dropped;
};

struct dhcp_relay {
    struct env *env;
    const struct dhcp_relay_ops *ops;
    struct dhcp_relay_config config;
    struct dhcp_relay_counters counters;
};

struct dhcp_relay_config dhcp_relay_config_default(void);

/* Environment and ops are borrowed. */
void dhcp_relay_init(struct dhcp_relay *relay, struct env *env, const struct dhcp_relay_ops *ops,
                     const struct dhcp_relay_config *config);

/* A UDP datagram for port 67 came in: from a client, a relay further out, or a server. */
void dhcp_relay_receive(struct dhcp_relay *relay, const struct dhcp_arrival *arrival);

#endif
