/* SPDX-License-Identifier: MIT
 * The frame check sequence against the definition, bit by bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/crc32.h"
#include "sim/base/crc32_table.h"
#include "sim/base/rng.h"

/* IEEE 802.3 3.2.9, one bit at a time: the oracle. 0xEDB88320 is the polynomial with its bits reversed. */
static uint32_t crc_bit_by_bit(const uint8_t *bytes, size_t length)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static void fill(uint8_t *bytes, size_t length, const char *name)
{
    struct rng rng = rng_seeded(1, name);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)rng_next(&rng);
}

static void test_crc32__has_the_published_check_values(void **state)
{
    static const struct {
        const char *text;
        uint32_t crc;
    } rows[] = {{"", 0}, {"a", 0xe8b7be43}, {"abc", 0x352441c2}, {"123456789", 0xcbf43926}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t crc = crc32_of((const uint8_t *)rows[i].text, strlen(rows[i].text));
        if (crc != rows[i].crc)
            fail_msg("\"%s\": %08x, expected %08x", rows[i].text, crc, rows[i].crc);
    }
}

static void test_crc32__table_follows_its_definition(void **state)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int row = 0; row < 8; row++) {
            for (int bit = 0; bit < 8; bit++)
                crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
            if (crc32_table[row][byte] != crc)
                fail_msg("crc32_table[%d][%u] is %08x, expected %08x", row, byte, crc32_table[row][byte],
                         crc);
        }
    }
}

static void test_crc32__agrees_with_the_oracle_at_every_length_and_offset(void **state)
{
    uint8_t bytes[300];
    fill(bytes, sizeof bytes, "lengths");
    for (size_t offset = 0; offset < 9; offset++)
        for (size_t length = 0; length + offset <= sizeof bytes; length++)
            if (crc32_of(bytes + offset, length) != crc_bit_by_bit(bytes + offset, length))
                fail_msg("%zu bytes at offset %zu", length, offset);
}

static void test_crc32__can_be_computed_in_pieces(void **state)
{
    uint8_t bytes[100];
    fill(bytes, sizeof bytes, "pieces");
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        uint32_t crc = crc32_update(crc32_update(0, bytes, cut), bytes + cut, sizeof bytes - cut);
        if (crc != crc32_of(bytes, sizeof bytes))
            fail_msg("cut after %zu bytes", cut);
    }
}

static void test_crc32__sees_every_single_flipped_bit(void **state)
{
    uint8_t bytes[64];
    fill(bytes, sizeof bytes, "flips");
    uint32_t right = crc32_of(bytes, sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_not_equal(crc32_of(bytes, sizeof bytes), right);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc32__has_the_published_check_values),
        cmocka_unit_test(test_crc32__table_follows_its_definition),
        cmocka_unit_test(test_crc32__agrees_with_the_oracle_at_every_length_and_offset),
        cmocka_unit_test(test_crc32__can_be_computed_in_pieces),
        cmocka_unit_test(test_crc32__sees_every_single_flipped_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
