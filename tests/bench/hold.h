/* SPDX-License-Identifier: MIT
 * W7's times: how far ahead the next event lies, exponential with a mean of as many microseconds as events
 * wait. */
#ifndef NETARIUM_TESTS_BENCH_HOLD_H
#define NETARIUM_TESTS_BENCH_HOLD_H

#include "sim/netarium.h"

#define HOLD_TABLE 65536
#define HOLD_SIZES 3

extern const uint64_t hold_sizes[HOLD_SIZES]; /* 1e3, 1e5 and 1e6 pending */

struct hold {
    nt_time ahead[HOLD_TABLE]; /* the table of increments */
    uint64_t random;
};

/* A new table for `pending` events; freed with free(). Never NULL. */
struct hold *hold_new(uint64_t pending);

/* The next increment. */
nt_time hold_next(struct hold *hold);

/* How many operations a run of this size does. */
uint64_t hold_count(uint64_t asked, bool is_brief);

#endif
