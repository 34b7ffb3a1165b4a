/* SPDX-License-Identifier: MIT
 * The media and their velocities. */
#include "nodes/medium.h"

#include <assert.h>

#define LIGHT_M_PER_S UINT64_C(299792458)

/* Velocities: twisted pair as 10BASE-T and later count it, the two coaxial cables of IEEE 802.3 clauses 8 and
 * 10, glass with an index of refraction of 1.5, radio. */
const char *const medium_names[] = {"twisted-pair", "10BASE5", "10BASE2", "fibre", "air", NULL};
static const int64_t velocities[] = {590, 770, 650, 667, 1000};

int64_t medium_velocity_permille(int64_t medium)
{
    assert(medium >= 0 && medium < (int64_t)(sizeof velocities / sizeof *velocities));
    return velocities[medium];
}

nt_time medium_propagation(int64_t length_mm, int64_t velocity_permille)
{
    uint64_t divisor = LIGHT_M_PER_S * (uint64_t)velocity_permille;
    return (nt_time)(((unsigned __int128)length_mm * (uint64_t)NT_SECOND + divisor / 2) / divisor);
}

int64_t medium_length(nt_time propagation, int64_t velocity_permille)
{
    uint64_t speed = LIGHT_M_PER_S * (uint64_t)velocity_permille; /* millimetres per second */
    return (int64_t)(((unsigned __int128)propagation * speed + (uint64_t)NT_SECOND / 2) /
                     (uint64_t)NT_SECOND);
}

struct medium_rate medium_rate_of(int64_t rate_bps)
{
    return (struct medium_rate){rate_bps, NT_SECOND % rate_bps == 0 ? NT_SECOND / rate_bps : 0};
}
