/* SPDX-License-Identifier: MIT
 * Networks made by hand for tests: talkers that send frames at random times, and a wire of fixed delay
 * between them. */
#ifndef NETARIUM_TESTS_SIM_HAND_H
#define NETARIUM_TESTS_SIM_HAND_H

#include "sim/run.h"

/* A ring of `talkers`, each joined to the next by a wire: node ids 1 .. talkers are talkers. */
struct hand {
    struct registry registry;
    struct scenario scenario;
    struct run *run;
};

/* A station that sends a frame of random length through a random port at random gaps, and now and then gives
 * up on one that it received. Counts in its table "talk". */
extern const struct nt_node_type hand_talker;

/* A medium of two ports and 1 us: one event a frame. Loses one frame in sixteen if its port 0 parameter says
 * so. */
extern const struct nt_node_type hand_wire;

void hand_init(struct hand *hand, const struct nt_node_type *medium, size_t talkers, uint64_t seed);
void hand_release(struct hand *hand);

#endif
