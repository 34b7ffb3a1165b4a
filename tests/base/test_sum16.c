/* SPDX-License-Identifier: MIT
 * The internet checksum against the words of RFC 1071, one at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/base/sum16.h"

/* RFC 1071 section 1, word by word with the carry added at once: the oracle. */
static uint16_t checksum_word_by_word(const uint8_t *bytes, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i += 2) {
        sum += (uint32_t)bytes[i] << 8 | (i + 1 < length ? bytes[i + 1] : 0);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

static void fill(uint8_t *bytes, size_t length, const char *name)
{
    struct rng rng = rng_seeded(1, name);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)rng_next(&rng);
}

static void test_sum16__follows_the_example_of_rfc_1071_section_3(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    assert_int_equal(sum16_fold(sum16_add(0, bytes, sizeof bytes)), 0xddf2);
    assert_int_equal(sum16_finish(sum16_add(0, bytes, sizeof bytes)), 0x220d);
}

static void test_sum16__agrees_with_the_oracle_at_every_length_and_offset(void **state)
{
    uint8_t bytes[200];
    fill(bytes, sizeof bytes, "lengths");
    for (size_t offset = 0; offset < 9; offset++)
        for (size_t length = 0; length + offset <= sizeof bytes; length++)
            if (sum16_finish(sum16_add(0, bytes + offset, length)) !=
                checksum_word_by_word(bytes + offset, length))
                fail_msg("%zu bytes at offset %zu", length, offset);
}

static void test_sum16__survives_the_carries_of_the_longest_packet(void **state)
{
    static uint8_t bytes[65535];
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(sum16_finish(sum16_add(0, bytes, sizeof bytes)),
                     checksum_word_by_word(bytes, sizeof bytes));
}

static void test_sum16__can_be_summed_in_even_pieces_and_numbers(void **state)
{
    static const uint8_t bytes[] = {0xc0, 0x00, 0x02, 0x01, 0xff, 0xff, 0x12, 0x34, 0x56};
    uint64_t sum = sum16_add_u16(sum16_add_u32(0, 0xc0000201), 0xffff);
    assert_int_equal(sum16_finish(sum16_add(sum, bytes + 6, 3)), checksum_word_by_word(bytes, sizeof bytes));
}

static void test_sum16__of_right_data_folds_to_all_ones(void **state)
{
    uint8_t header[20];
    fill(header, sizeof header, "header");
    header[10] = header[11] = 0;
    uint16_t checksum = sum16_finish(sum16_add(0, header, sizeof header));
    header[10] = (uint8_t)(checksum >> 8);
    header[11] = (uint8_t)checksum;
    assert_int_equal(sum16_fold(sum16_add(0, header, sizeof header)), 0xffff);
}

static void test_sum16__a_header_is_right_when_it_folds_to_all_ones(void **state)
{
    struct rng rng = rng_seeded(1, "headers");
    for (int i = 0; i < 20000; i++) {
        uint8_t header[20];
        for (size_t k = 0; k < sizeof header; k++)
            header[k] = i % 50 ? (uint8_t)rng_next(&rng) : 0;
        if (i % 2) {
            header[10] = header[11] = 0;
            uint16_t checksum = sum16_finish(sum16_add(0, header, sizeof header));
            header[10] = (uint8_t)(checksum >> 8);
            header[11] = (uint8_t)checksum;
        }
        bool is_right = sum16_fold(sum16_add(0, header, sizeof header)) == 0xffff;
        assert_int_equal(sum16_is_header_right(header), is_right);
        assert_true(is_right || i % 2 == 0);
    }
}

static void test_sum16__nothing_can_be_copied(void **state)
{
    assert_int_equal(sum16_copy(7, NULL, NULL, 0), 7);
}

static void test_sum16__update_follows_the_example_of_rfc_1624_section_4(void **state)
{
    /* Equation 3 gives 0x0000 where equation 2, now withdrawn, gave 0xffff. */
    assert_int_equal(sum16_update(0xdd2f, 0x5555, 0x3285), 0x0000);
}

static void test_sum16__update_equals_summing_anew(void **state)
{
    struct rng rng = rng_seeded(1, "update");
    for (int i = 0; i < 20000; i++) {
        uint16_t a = (uint16_t)rng_next(&rng), b = (uint16_t)rng_next(&rng), c = (uint16_t)rng_next(&rng);
        uint16_t updated = sum16_update(sum16_finish((uint64_t)a + b), b, c);
        uint16_t anew = sum16_finish((uint64_t)a + c);
        if (updated != anew && !(updated == 0xffff && anew == 0))
            fail_msg("%04x + %04x -> %04x: %04x, expected %04x", a, b, c, updated, anew);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum16__follows_the_example_of_rfc_1071_section_3),
        cmocka_unit_test(test_sum16__agrees_with_the_oracle_at_every_length_and_offset),
        cmocka_unit_test(test_sum16__survives_the_carries_of_the_longest_packet),
        cmocka_unit_test(test_sum16__can_be_summed_in_even_pieces_and_numbers),
        cmocka_unit_test(test_sum16__of_right_data_folds_to_all_ones),
        cmocka_unit_test(test_sum16__a_header_is_right_when_it_folds_to_all_ones),
        cmocka_unit_test(test_sum16__nothing_can_be_copied),
        cmocka_unit_test(test_sum16__update_follows_the_example_of_rfc_1624_section_4),
        cmocka_unit_test(test_sum16__update_equals_summing_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
