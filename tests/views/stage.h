/* SPDX-License-Identifier: MIT
 * A short play on the real engine, for tests of views: every line of it is known beforehand.
 *
 *     alice ---- cable ---- bob          10 Mb/s, every frame is on its way for 10 us
 *
 *     1.000 s  alice: "play bob"; prints "PLAY bob"; asks who has 10.0.0.2; frame 1, which bob answers with
 * frame 2 1.001 s  alice asks again with frame 3, which the cable drops: "the queue is full" 1.002 s  alice
 * asks again with frame 4, which bob discards: "it makes no sense" 1.003 s  the gauge play.level is 3 at
 * alice; prints "done"; ends with status 0 2.000 s  stop */
#ifndef NETARIUM_TESTS_VIEWS_STAGE_H
#define NETARIUM_TESTS_VIEWS_STAGE_H

#include "sim/run.h"

struct stage {
    struct registry registry;
    struct scenario scenario;
    struct scenario_node nodes[3];
    struct scenario_joint joints[2];
    struct scenario_action action;
    const char *captures[1];
    struct run *run;
};

enum stage_node { STAGE_ALICE = 1, STAGE_BOB, STAGE_CABLE };

/* Builds it up to time zero. `capture`: what the scenario's "capture" names; NULL: nothing. */
void stage_init(struct stage *stage, const char *capture);
void stage_play(struct stage *stage);
void stage_release(struct stage *stage);

#endif
