/* SPDX-License-Identifier: MIT
 * Summing words. The one's complement sum does not care about order, nor about the order of bytes in a word:
 * so words are added four bytes at a time as this machine reads them, the carries are added back at the end,
 * and the two bytes of the result are exchanged if the machine reads them the other way round. RFC 1071
 * section 2. */
#include "sim/base/sum16.h"

#include <string.h>

/* The sum of `native` words, as a sum of words in network order. */
static uint64_t in_network_order(uint64_t native)
{
    uint16_t folded = sum16_fold(native);
    uint8_t bytes[2];
    memcpy(bytes, &folded, sizeof bytes);
    return (uint64_t)bytes[0] << 8 | bytes[1];
}

static inline uint64_t both_halves(uint64_t word)
{
    return (word >> 32) + (uint32_t)word;
}

uint64_t sum16_add(uint64_t partial, const uint8_t *bytes, size_t length)
{
    uint64_t native = 0;
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        native += both_halves(word);
    }
    if (native)
        partial += in_network_order(native);
    for (; length >= 2; bytes += 2, length -= 2)
        partial += (uint64_t)bytes[0] << 8 | bytes[1];
    return length ? partial + ((uint64_t)bytes[0] << 8) : partial;
}

uint64_t sum16_copy(uint64_t partial, uint8_t *ret_bytes, const uint8_t *bytes, size_t length)
{
    uint64_t native = 0;
    for (; length >= 8; bytes += 8, ret_bytes += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        memcpy(ret_bytes, &word, sizeof word);
        native += both_halves(word);
    }
    if (length) /* of nothing there may be no pointer */
        memcpy(ret_bytes, bytes, length);
    if (native)
        partial += in_network_order(native);
    return sum16_add(partial, bytes, length);
}
