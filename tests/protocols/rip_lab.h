/* SPDX-License-Identifier: MIT
 * A few RIP machines on one hand-turned clock, wired by hand.
 *
 * Networks are made as they are joined: link number n is 10.0.n.0/24, router number r has the address .r+1
 * on it. What is said is heard when all timers of the instant have fired, in the order of being said; so
 * routers that were started together speak in *rounds*, each from what it knew before the round, and those
 * started a second apart speak one after the other. */
#ifndef NETARIUM_TESTS_PROTOCOLS_RIP_LAB_H
#define NETARIUM_TESTS_PROTOCOLS_RIP_LAB_H

#include "protocols/rip/rip.h"
#include "tests/protocols/hand_env.h"

#define LAB_ROUTERS 7
#define LAB_PORTS 6
#define LAB_LETTERS 512

struct lab_port {
    int peer; /* number of the router at the other end; -1: nobody, the network has no other router */
    uint32_t peer_port;
    struct ipv4_prefix prefix; /* ours there */
};

struct lab;

struct lab_router {
    struct lab *lab;
    struct rip rip;
    struct lab_port ports[LAB_PORTS];
    uint32_t port_count;
    struct rip_message last; /* what it said last, and to whom */
    struct rip_peer last_to;
    unsigned said;      /* messages */
    unsigned routes;    /* calls of ops->route */
    unsigned announced; /* calls of ops->announce */
};

struct lab_letter {
    int to;
    struct rip_peer from; /* interface: where it arrives */
    size_t length_bytes;
    uint8_t bytes[RIP_MOST];
};

struct lab {
    struct hand_env hand;
    struct lab_router routers[LAB_ROUTERS];
    int router_count;
    uint8_t network_count;
    struct lab_letter *letters; /* owned; said and not yet heard */
    size_t letter_count;
};

/* RFC 2453's numbers without dice and without triggered updates: rounds of exactly 30 s. */
struct rip_config lab_rounds(enum rip_horizon horizon);

/* Wires before lab_build, which makes the machines. */
void lab_init(struct lab *lab, int router_count);
void lab_release(struct lab *lab);

/* A link between two routers; `b` -1: a network at `a` alone. Returns its prefix. */
struct ipv4_prefix lab_join(struct lab *lab, int a, int b);

void lab_build(struct lab *lab, const struct rip_config *config);

/* Router `r` begins to speak. What it causes is heard at once. */
void lab_start(struct lab *lab, int r);

/* A link fails, or comes back: both ends notice. */
void lab_set_up(struct lab *lab, struct ipv4_prefix network, bool is_up);

/* Lets whole seconds pass. */
void lab_run(struct lab *lab, int seconds);

/* How far is `network` for router `r`? 16 if it does not know. And by way of which router (-1: none)? */
uint32_t lab_metric(const struct lab *lab, int r, struct ipv4_prefix network);
int lab_way(const struct lab *lab, int r, struct ipv4_prefix network);

#endif
