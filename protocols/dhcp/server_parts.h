/* SPDX-License-Identifier: MIT
 * What the two files of the server share. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_DHCP_SERVER_PARTS_H
#define NETARIUM_PROTOCOLS_DHCP_SERVER_PARTS_H

#include "protocols/dhcp/server.h"

/* One message that is being answered. */
struct dhcp_case {
    const struct dhcp_message *message;
    struct ipv4_prefix local; /* our address where it came in */
    uint32_t interface;
    uint64_t frame;
    bool was_broadcast;
    struct dhcp_pool *pool; /* of the network that the client is on; NULL: none of ours */
};

/* Each tells the trace, sends one message, and leaves the book alone. */
void dhcp_say_offer(struct dhcp_server *server, const struct dhcp_case *about, const struct dhcp_lease *lease,
                    enum dhcp_choice choice);
void dhcp_say_ack(struct dhcp_server *server, const struct dhcp_case *about, const struct dhcp_lease *lease);
void dhcp_say_nak(struct dhcp_server *server, const struct dhcp_case *about, enum dhcp_refusal why);
void dhcp_say_inform(struct dhcp_server *server, const struct dhcp_case *about);

/* Nothing is sent, and the trace hears why. */
void dhcp_say_nothing(struct dhcp_server *server, const struct dhcp_case *about, enum dhcp_refusal why);

/* The lease time for this client, in seconds: what it wishes, but not more than the configuration allows. */
uint32_t dhcp_lease_for(const struct dhcp_server *server, const struct dhcp_message *message);

#endif
