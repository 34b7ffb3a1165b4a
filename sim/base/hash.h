/* SPDX-License-Identifier: MIT
 * Mixing bytes into 64 bits: for hash tables, for seeding, for digests. The same result on every machine. */
#ifndef NETARIUM_BASE_HASH_H
#define NETARIUM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, 64 bits: good for short names. */
static inline uint64_t fnv1a64(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Spreads every bit over all others (the finalizer of splitmix64). A bijection: different numbers stay
 * different. */
static inline uint64_t mix64(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

#endif
