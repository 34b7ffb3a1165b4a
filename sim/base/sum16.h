/* SPDX-License-Identifier: MIT
 * The internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. */
#ifndef NETARIUM_BASE_SUM16_H
#define NETARIUM_BASE_SUM16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Adds `length` bytes to a partial sum (start with 0). An odd last byte counts as if a zero followed, so only
 * the last piece may be odd. */
uint64_t sum16_add(uint64_t partial, const uint8_t *bytes, size_t length);

/* The same, copying the bytes on the way: what must be both copied and summed is read once. */
uint64_t sum16_copy(uint64_t partial, uint8_t *ret_bytes, const uint8_t *bytes, size_t length);

/* Adds one 16-bit or 32-bit number in host order. */
static inline uint64_t sum16_add_u16(uint64_t partial, uint16_t value)
{
    return partial + value;
}

static inline uint64_t sum16_add_u32(uint64_t partial, uint32_t value)
{
    return partial + (value >> 16) + (value & 0xffff);
}

/* The sum folded to 16 bits, not complemented: 0xffff over data that includes a right checksum. */
static inline uint16_t sum16_fold(uint64_t partial)
{
    while (partial >> 16)
        partial = (partial & 0xffff) + (partial >> 16);
    return (uint16_t)partial;
}

/* The checksum field for a sum over data whose checksum field is zero. */
static inline uint16_t sum16_finish(uint64_t partial)
{
    return (uint16_t)~sum16_fold(partial);
}

/* Is the checksum right in 20 bytes, an IPv4 header without options? The sum of its words is then a multiple of 0xffff, in
 * whatever order their bytes are read: RFC 1071 section 2 (B). */
static inline bool sum16_is_header_right(const uint8_t *bytes)
{
    uint64_t first, second;
    uint32_t third;
    memcpy(&first, bytes, sizeof first);
    memcpy(&second, bytes + 8, sizeof second);
    memcpy(&third, bytes + 16, sizeof third);
    uint64_t sum = (first >> 32) + (uint32_t)first + (second >> 32) + (uint32_t)second + third;
    sum = (sum & 0xffff) + (sum >> 16); /* below 2^20 now, and below 0x10010 by the same once more */
    sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

/* The checksum after one 16-bit word changed from `old_word` to `new_word`: RFC 1624 equation 3, HC' = ~(~HC
 * + ~m + m'). */
static inline uint16_t sum16_update(uint16_t checksum, uint16_t old_word, uint16_t new_word)
{
    return (uint16_t)~sum16_fold((uint64_t)(uint16_t)~checksum + (uint16_t)~old_word + new_word);
}

#endif
