/* SPDX-License-Identifier: MIT
 * Bridges wired by hand, on one hand-turned clock: what the spanning tree is tested in.
 *
 * A cable joins a port of one bridge to a port of another and takes a microsecond. It can be cut, so that
 * both ends notice; or it can go *silent*: the lines stay up, nothing comes through, as behind a hub whose
 * far cable was pulled. */
#ifndef NETARIUM_TESTS_PROTOCOLS_BRIDGES_H
#define NETARIUM_TESTS_PROTOCOLS_BRIDGES_H

#include "protocols/bridge/stp.h"
#include "tests/protocols/hand_env.h"

#define BRIDGES_MOST 24
#define BRIDGES_PORTS 8
#define BRIDGES_LETTERS 400 /* messages under way at once */
#define BRIDGES_CABLES 60

struct bridges;

struct bridges_one {
    struct stp stp;
    struct bridges *all;
    uint32_t number;
    int cable_at[BRIDGES_PORTS]; /* -1: none */
    enum stp_state states[BRIDGES_PORTS];
    int64_t since[BRIDGES_PORTS]; /* when the state was entered */
    bool is_changing;
    uint64_t configs, tcns;           /* sent */
    int64_t config_at[BRIDGES_PORTS]; /* when a configuration message was last sent there */
    int64_t least_gap;                /* between two of them at one port */
    struct bpdu heard[BRIDGES_PORTS]; /* the last configuration message */
};

struct bridges_cable {
    uint32_t bridge[2], port[2];
    uint32_t cost;
    bool is_cut, is_silent;
};

struct bridges_letter {
    struct env_timer timer;
    struct bridges *all;
    struct packet_out packet;
    uint32_t bridge, port; /* where to */
    int cable;
    bool is_used;
};

struct bridges {
    struct hand_env hand;
    struct bridges_one one[BRIDGES_MOST];
    uint32_t count;
    struct bridges_cable cables[BRIDGES_CABLES];
    int cable_count;
    struct bridges_letter letters[BRIDGES_LETTERS];
};

/* `count` bridges without cables, of the default priority; number i has address i + 1. Facts are not kept. */
void bridges_init(struct bridges *all, uint32_t count);
void bridges_release(struct bridges *all);

/* Gives a bridge another priority. Before bridges_start. */
void bridges_set_priority(struct bridges *all, uint32_t bridge, uint16_t priority);

/* Joins the next free ports of `a` and `b`; returns the cable's number. */
int bridges_join(struct bridges *all, uint32_t a, uint32_t b, uint32_t cost);

void bridges_start(struct bridges *all);
void bridges_cut(struct bridges *all, int cable);
void bridges_mend(struct bridges *all, int cable);

/* The state of the end of `cable` at its first or second bridge. */
enum stp_state bridges_state(const struct bridges *all, int cable, int side);

/* Do frames pass over the cable in both directions? */
bool bridges_carries(const struct bridges *all, int cable);

/* Is there a loop of cables that carry? */
bool bridges_have_loop(const struct bridges *all);

/* How many parts the network falls into: by cables that carry, or by cables that are there at all. */
uint32_t bridges_parts(const struct bridges *all, bool only_carrying);

#endif
