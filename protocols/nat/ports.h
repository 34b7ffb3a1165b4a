/* SPDX-License-Identifier: MIT
 * The ports of an outside address that a NAT box may give away: one such pool for each protocol.
 *
 * A port belongs to one binding at a time (RFC 4787 REQ-3: no overloading). Which one a binding gets:
 *
 *     sequential   the next free one, so that a port given back is not used again soon
 *     preserve     the inside's own port if it is free, else the next
 *
 * Both keep the parity (even stays even, RFC 4787 REQ-4: RTP and its RTCP are neighbours) as long as there
 * are ports of that parity, and both give an inside port under 1024 one of 512 to 1023 (RFC 4787 REQ-3 a). A
 * bit for each port; looking for a free one looks at 64 at a time. */
#ifndef NETARIUM_PROTOCOLS_NAT_PORTS_H
#define NETARIUM_PROTOCOLS_NAT_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#define NAT_PORTS_FIRST 1024 /* the usual pool: 64 512 ports */
#define NAT_PORTS_LAST 65535

enum nat_assignment { NAT_SEQUENTIAL, NAT_PRESERVE };
extern const char *const nat_assignment_words[]; /* by enum nat_assignment, ended by NULL */

struct nat_ports {
    uint64_t taken[1024]; /* a bit for each port */
    uint16_t first, last; /* the pool */
    uint16_t next[2];     /* by parity: where to look first */
    uint32_t taken_count; /* of all ports */
    bool are_numbers;     /* ICMP identifiers: neither parity nor range means anything */
};

void nat_ports_init(struct nat_ports *ports, uint16_t first, uint16_t last, bool are_numbers);

/* A port for what has `inside_port` inside, now taken. 0: all are. */
uint16_t nat_ports_take(struct nat_ports *ports, uint16_t inside_port, enum nat_assignment assignment);

/* Takes this very port, from the pool or not. False: somebody has it. */
bool nat_ports_claim(struct nat_ports *ports, uint16_t port);

void nat_ports_give_back(struct nat_ports *ports, uint16_t port);

#endif
