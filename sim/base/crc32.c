/* SPDX-License-Identifier: MIT
 * CRC-32, eight bytes at a time by table; long rows are folded together first where the machine can
 * (crc32_fold.h). The plain bit-by-bit version stands in the tests as the oracle of both. */
#include "sim/base/crc32.h"

#include "sim/base/crc32_fold.h"
#include "sim/base/crc32_table.h"

/* The register `crc`, not inverted, after these bytes. */
static uint32_t by_table(uint32_t crc, const uint8_t *bytes, size_t length)
{
    for (; length >= 8; bytes += 8, length -= 8) {
        uint32_t low = crc ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                              (uint32_t)bytes[3] << 24);
        crc = crc32_table[7][low & 255] ^ crc32_table[6][low >> 8 & 255] ^ crc32_table[5][low >> 16 & 255] ^
              crc32_table[4][low >> 24] ^ crc32_table[3][bytes[4]] ^ crc32_table[2][bytes[5]] ^
              crc32_table[1][bytes[6]] ^ crc32_table[0][bytes[7]];
    }
    for (; length; bytes++, length--)
        crc = crc >> 8 ^ crc32_table[0][(crc ^ *bytes) & 255];
    return crc;
}

uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, size_t length)
{
    uint8_t rest[16];
    if (length < CRC32_FOLD_LEAST || !crc32_can_fold())
        return ~by_table(~crc, bytes, length);
    size_t folded = crc32_fold(~crc, bytes, length, rest);
    return ~by_table(by_table(0, rest, sizeof rest), bytes + folded, length - folded);
}

uint32_t crc32_of(const uint8_t *bytes, size_t length)
{
    return crc32_update(0, bytes, length);
}
