/* SPDX-License-Identifier: MIT
 * A station for tests: ARP, IP and ICMP on one hand-turned clock and one wire.
 *
 * It is alice, 10.0.0.1/24 at 02:00:00:00:00:01, gateway 10.0.0.254. The test is everybody else: what it
 * makes the station hear arrives as a frame, what the station sends is expected in dissect_line's words. */
#ifndef NETARIUM_TESTS_PROTOCOLS_STATION_H
#define NETARIUM_TESTS_PROTOCOLS_STATION_H

#include "protocols/arp/arp.h"
#include "protocols/icmp/icmp.h"
#include "protocols/ipv4/ipv4.h"
#include "tests/protocols/hand_env.h"

#define ALICE ((struct ipv4_address){0x0a000001})
#define BOB ((struct ipv4_address){0x0a000002})
#define CAROL ((struct ipv4_address){0x0a000003})
#define GATEWAY ((struct ipv4_address){0x0a0000fe})
#define FAR ((struct ipv4_address){0xc0000201}) /* 192.0.2.1, behind the gateway */

#define ALICE_MAC mac_from_number(UINT64_C(0x020000000001))
#define BOB_MAC mac_from_number(UINT64_C(0x020000000002))
#define CAROL_MAC mac_from_number(UINT64_C(0x020000000003))

struct station {
    struct hand_env hand;
    struct arp arp;
    struct ipv4 ip;
    struct icmp icmp;
    enum ipv4_reason last_reason; /* what ipv4_receive said last */
    unsigned claims_won;          /* calls of ops->claimed */
    unsigned claims_lost;
};

/* Alice as described. NULL: the usual settings. */
void station_init(struct station *station, const struct arp_config *arp, const struct icmp_config *icmp);
void station_release(struct station *station);

/* A frame arrives. Its number is 0. */
void station_hear(struct station *station, struct mac_address destination, uint16_t type,
                  const uint8_t *bytes, size_t length_bytes);

/* ARP from `mac`: "who has target? tell sender", and "sender is at mac". Replies go to alice alone. */
void station_hear_request(struct station *station, struct mac_address mac, struct ipv4_address sender,
                          struct ipv4_address target);
void station_hear_reply(struct station *station, struct mac_address mac, struct ipv4_address sender);

/* A datagram from bob's place arrives: header as given (lengths and checksum are made right), then the
 * payload. */
void station_hear_datagram(struct station *station, struct ipv4_header header, const uint8_t *payload,
                           size_t payload_bytes);

/* Alice sends a datagram of protocol 253 with `bytes` of payload. */
enum ipv4_status station_send(struct station *station, struct ipv4_address destination, size_t bytes);

/* Alice knows bob's address from now on, without anything being sent. */
void station_introduce_bob(struct station *station);

#endif
