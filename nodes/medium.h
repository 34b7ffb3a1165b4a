/* SPDX-License-Identifier: MIT
 * What cables are made of: how fast signals travel in them, and how long bits last.
 *
 * All in integers: lengths in millimetres, times in picoseconds, rates in bits per second. Shared by every
 * node that carries signals. */
#ifndef NETARIUM_NODES_MEDIUM_H
#define NETARIUM_NODES_MEDIUM_H

#include "sim/netarium.h"

#define MEDIUM_PREAMBLE_BYTES 8 /* IEEE 802.3 3.1.1: seven of preamble and the start of frame delimiter */
#define MEDIUM_GAP_BYTES 12     /* IEEE 802.3 4.4.2: interpacket gap of 96 bits */

/* Names ended by NULL, for parameters of NT_PARAM_WORD; the index goes into medium_velocity_permille. */
extern const char *const medium_names[];

/* Signal velocity in thousandths of the speed of light in vacuum. */
int64_t medium_velocity_permille(int64_t medium);

/* How long a signal takes for `length_mm` at that velocity, rounded to the nearest picosecond. */
nt_time medium_propagation(int64_t length_mm, int64_t velocity_permille);

/* The other way round: how long a cable is that takes `propagation`, to the nearest millimetre. */
int64_t medium_length(nt_time propagation, int64_t velocity_permille);

/* How long bits last at a rate. Precomputed, because it is needed for every frame. */
struct medium_rate {
    int64_t rate_bps;
    int64_t bit_ps; /* >0: a bit lasts exactly so long; 0: not a whole number of picoseconds */
};

struct medium_rate medium_rate_of(int64_t rate_bps);

/* How long `bits` last, rounded to the nearest picosecond. */
static inline nt_time medium_air_time(const struct medium_rate *rate, int64_t bits)
{
    if (rate->bit_ps)
        return bits * rate->bit_ps;
    return (nt_time)(((unsigned __int128)bits * (uint64_t)NT_SECOND + (uint64_t)rate->rate_bps / 2) /
                     (uint64_t)rate->rate_bps);
}

#endif
