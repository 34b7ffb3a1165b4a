/* SPDX-License-Identifier: MIT
 * Dice that fall the same everywhere.
 *
 * The generator is xorshift64* (Vigna 2016): one word of state, which is never 0. Each named thing has a
 * stream of its own, seeded from the run's seed and its name, so that adding one node moves no other node's
 * dice. Integers only. */
#ifndef NETARIUM_BASE_RNG_H
#define NETARIUM_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state; /* never 0 */
};

/* The stream called `name` under `seed`. */
struct rng rng_seeded(uint64_t seed, const char *name);

/* 64 bits, all values but a negligible few equally likely. */
static inline uint64_t rng_next(struct rng *rng)
{
    rng->state ^= rng->state >> 12;
    rng->state ^= rng->state << 25;
    rng->state ^= rng->state >> 27;
    return rng->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Uniform in [0, limit), exactly: draws that would favour some values are thrown away (Lemire 2019). `limit`
 * >= 1. */
uint64_t rng_below(struct rng *rng, uint64_t limit);

/* Below(limit) of the published workloads: 32 bits scaled, one draw always. Not exactly uniform; for
 * comparisons only. */
static inline uint32_t rng_below32_plain(struct rng *rng, uint32_t limit)
{
    return (uint32_t)((rng_next(rng) >> 32) * limit >> 32);
}

/* True `ppm` times in a million, on the average. */
static inline int rng_chance_ppm(struct rng *rng, uint32_t ppm)
{
    return rng_below(rng, 1000000) < ppm;
}

/* Exponentially distributed with this mean (>= 0), in integer arithmetic: -mean * ln(U) with ln to 2^-40. At
 * most 45 times the mean, which must fit. */
int64_t rng_exponential(struct rng *rng, int64_t mean);

#endif
