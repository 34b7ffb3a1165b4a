/* SPDX-License-Identifier: MIT
 * Seeding, exact uniform draws, and the exponential distribution without floating point. */
#include "sim/base/rng.h"

#include <string.h>

#include "sim/base/hash.h"

struct rng rng_seeded(uint64_t seed, const char *name)
{
    uint64_t state = mix64(fnv1a64(name, strlen(name)) ^ mix64(seed + UINT64_C(0x9e3779b97f4a7c15)));
    return (struct rng){state ? state : 1};
}

uint64_t rng_below(struct rng *rng, uint64_t limit)
{
    unsigned __int128 product = (unsigned __int128)rng_next(rng) * limit;
    if ((uint64_t)product < limit) {
        uint64_t unfair = (0 - limit) % limit;
        while ((uint64_t)product < unfair)
            product = (unsigned __int128)rng_next(rng) * limit;
    }
    return (uint64_t)(product >> 64);
}

#define LN2_Q40 INT64_C(762123384786) /* ln 2 in units of 2^-40 */

/* log2 of `value` (>= 1) in units of 2^-40: the whole part from the leading bit, then a bit of the fraction
 * for each squaring of the mantissa. */
static int64_t log2_q40(uint64_t value)
{
    int whole = 63 - __builtin_clzll(value);
    uint64_t mantissa = value << (63 - whole); /* [1, 2) with 63 bits after the point */
    int64_t result = (int64_t)whole << 40;
    for (int bit = 39; bit >= 0; bit--) {
        unsigned __int128 square = (unsigned __int128)mantissa * mantissa;
        if (square >> 127) {
            result |= INT64_C(1) << bit;
            mantissa = (uint64_t)(square >> 64);
        } else {
            mantissa = (uint64_t)(square >> 63);
        }
    }
    return result;
}

int64_t rng_exponential(struct rng *rng, int64_t mean)
{
    uint64_t uniform = rng_next(rng) | 1; /* in units of 2^-64 */
    int64_t minus_log2 = (INT64_C(64) << 40) - log2_q40(uniform);
    __int128 minus_ln = (__int128)minus_log2 * LN2_Q40 >> 40;
    return (int64_t)((minus_ln * mean + (INT64_C(1) << 39)) >> 40);
}
