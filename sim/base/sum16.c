/* SPDX-License-Identifier: MIT
 * Summing words in network order. Eight bytes at a time: the carries are added back at the end, which RFC
 * 1071 section 2 allows because the one's complement sum does not care about order. */
#include "sim/base/sum16.h"

uint64_t sum16_add(uint64_t partial, const uint8_t *bytes, size_t length)
{
    while (length >= 8) {
        partial += ((uint64_t)bytes[0] << 8 | bytes[1]) + ((uint64_t)bytes[2] << 8 | bytes[3]) +
                   ((uint64_t)bytes[4] << 8 | bytes[5]) + ((uint64_t)bytes[6] << 8 | bytes[7]);
        bytes += 8;
        length -= 8;
    }
    while (length >= 2) {
        partial += (uint64_t)bytes[0] << 8 | bytes[1];
        bytes += 2;
        length -= 2;
    }
    return length ? partial + ((uint64_t)bytes[0] << 8) : partial;
}
