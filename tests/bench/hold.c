/* SPDX-License-Identifier: MIT
 * See hold.h. */
#include "tests/bench/hold.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "tests/bench/bench.h"

#define HOLD_SEED 42
#define HOLD_OPERATIONS 5000000

const uint64_t hold_sizes[HOLD_SIZES] = {1000, 100000, 1000000};

struct hold *hold_new(uint64_t pending)
{
    struct hold *hold = malloc(sizeof *hold);
    assert(hold);
    hold->random = HOLD_SEED;
    double mean = (double)pending * (double)NT_MICROSECOND;
    for (int i = 0; i < HOLD_TABLE; i++)
        hold->ahead[i] = (nt_time)(-mean * log((i + 0.5) / HOLD_TABLE));
    return hold;
}

nt_time hold_next(struct hold *hold)
{
    return hold->ahead[bench_random(&hold->random) >> 48];
}

uint64_t hold_count(uint64_t asked, bool is_brief)
{
    return asked ? asked : is_brief ? HOLD_OPERATIONS / 10 : HOLD_OPERATIONS;
}
