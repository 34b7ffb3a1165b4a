/* SPDX-License-Identifier: MIT
 * Following one conversation: whose frames are drawn as they are, while all others are faint.
 *
 * A conversation is two ends: addresses and ports, or addresses alone (ICMP, ARP, what is no IP). An ICMP error belongs to
 * what it is about. Where a frame became another one with other ends (NAT, fragments), the other ends belong to it too. */
#ifndef NETARIUM_VIEWS_FOLLOW_H
#define NETARIUM_VIEWS_FOLLOW_H

#include "session/session.h"

#define FOLLOW_KEYS 8 /* pairs of ends of one conversation */

enum follow_kind { FOLLOW_NOTHING, FOLLOW_ETHERNET, FOLLOW_ARP, FOLLOW_IP, FOLLOW_PORTS };

/* Two ends; the lesser one first, so that both directions are alike. */
struct follow_key {
    enum follow_kind kind;
    uint8_t protocol; /* of IP */
    uint64_t low, high; /* address << 16 | port, or an Ethernet address */
};

struct follow {
    struct follow_key keys[FOLLOW_KEYS];
    unsigned count;
    char name[80]; /* of the first: "10.0.1.2:49152 and 10.0.2.2:9" */
    char end[40];  /* its end with the higher port, for pictures that want the name of a flow; "" without ports */
};

/* The ends of a frame. */
struct follow_key follow_key_of(const uint8_t *bytes, size_t length_bytes);

/* The conversation that `frame` belongs to, as far as the run is known. False: there is no such frame. */
bool follow_begin(struct follow *follow, struct session *session, uint64_t frame);

/* The end with the higher port, "10.0.1.2:49152": by it a TCP connection can be asked for. "" if it is none. */
void follow_show_end(const struct follow_key *key, char *ret_text, size_t size);

bool follow_has(const struct follow *follow, const uint8_t *bytes, size_t length_bytes);

#endif
