/* SPDX-License-Identifier: MIT
 * A place to test DHCP in: what a machine sends is kept as a parsed message with the way it went, and what it
 * is to hear is a struct, not bytes. */
#ifndef NETARIUM_TESTS_PROTOCOLS_DHCP_LAB_H
#define NETARIUM_TESTS_PROTOCOLS_DHCP_LAB_H

#include "protocols/dhcp/client.h"
#include "protocols/dhcp/relay.h"
#include "protocols/dhcp/server.h"
#include "tests/protocols/hand_env.h"

#define LAB_KEPT 64

#define IP(a, b, c, d) ((struct ipv4_address){(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)})
#define SERVER_IP IP(10, 0, 0, 1)
#define OTHER_SERVER_IP IP(10, 0, 0, 2)
#define GATEWAY_IP IP(10, 0, 0, 254)
#define ALICE_MAC mac_from_number(UINT64_C(0x0200000000a1))
#define BOB_MAC mac_from_number(UINT64_C(0x0200000000b0))

struct lab_sent {
    struct dhcp_sending how;
    struct dhcp_message message;
    size_t length_bytes;
    int64_t at;
};

struct lab {
    struct hand_env hand;
    struct lab_sent sent[LAB_KEPT];
    size_t sent_count, taken;

    struct dhcp_client client;
    bool is_conflict;  /* the answer to the next check */
    bool answers_late; /* the answer is left to the test */
    unsigned checks, configured, lost, informed;
    struct dhcp_grant grant; /* the latest */

    struct dhcp_leases book;
    struct dhcp_server server;
    struct ipv4_address probed; /* what the server asked last for a sign of life */

    struct dhcp_relay relay;
};

/* The three machines; the server serves 10.0.0.0/24 with 10.0.0.100 to 10.0.0.102 and 10.1.0.0/24
 * with 10.1.0.100 alone. Defaults, but no probing. */
void lab_init(struct lab *lab);
void lab_release(struct lab *lab);

/* The next message that was sent, of this type. */
const struct lab_sent *lab_expect(struct lab *lab, enum dhcp_type type);
void lab_expect_silence(struct lab *lab);

/* The client hears `message`; the server or the relay hears it on interface 0, 10.0.0.1/24, as a broadcast.
 */
void lab_client_hears(struct lab *lab, const struct dhcp_message *message);
void lab_server_hears(struct lab *lab, const struct dhcp_message *message);
void lab_server_hears_unicast(struct lab *lab, const struct dhcp_message *message);
void lab_relay_hears(struct lab *lab, const struct dhcp_message *message, uint32_t interface);

/* What a server would answer to the client's last message: 10.0.0.100/24 for 1000 s. */
struct dhcp_message lab_answer(const struct lab *lab, enum dhcp_type type);

/* What a client with this Ethernet address would say, without more. */
struct dhcp_message lab_request(enum dhcp_type type, struct mac_address mac, uint32_t xid);

/* The client gets as far as BOUND, by an offer and an ACK; what it sent is taken. */
void lab_bind(struct lab *lab);

/* The server is taken through DISCOVER and REQUEST by this station. Returns the address. */
struct ipv4_address lab_lease(struct lab *lab, struct mac_address mac);

#endif
