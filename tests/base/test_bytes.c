/* SPDX-License-Identifier: MIT
 * Readers and writers stop at the end of their bytes and remember that they had to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/bytes.h"

static void test_bytes__read_in_network_order(void **state)
{
    static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
    struct reader r = reader_over(bytes, sizeof bytes);
    assert_int_equal(read_u8(&r), 0x01);
    assert_int_equal(read_u16(&r), 0x0203);
    assert_int_equal(read_u32(&r), 0x04050607);
    assert_int_equal(reader_left(&r), 0);
    assert_false(r.has_failed);
}

static void test_bytes__reading_too_far_fails_for_good(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3};
    struct reader r = reader_over(bytes, sizeof bytes);
    assert_int_equal(read_u32(&r), 0);
    assert_true(r.has_failed);
    assert_int_equal(read_u8(&r), 0);
    uint8_t copy[2] = {9, 9};
    read_copy(&r, copy, sizeof copy);
    assert_int_equal(copy[0] | copy[1], 0);
    assert_int_equal(reader_left(&r), 0);
}

static void test_bytes__a_huge_count_is_too_far_as_well(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3};
    struct reader r = reader_over(bytes, sizeof bytes);
    assert_null(read_bytes(&r, SIZE_MAX));
    assert_true(r.has_failed);
}

static void test_bytes__written_numbers_read_back(void **state)
{
    uint8_t bytes[7];
    struct writer w = writer_over(bytes, sizeof bytes);
    write_u8(&w, 0xab);
    write_u16(&w, 0xcdef);
    write_u32(&w, 0x12345678);
    assert_false(w.has_failed);
    assert_int_equal(bytes[0], 0xab);
    assert_int_equal(bytes_u16(bytes + 1), 0xcdef);
    assert_int_equal(bytes_u32(bytes + 3), 0x12345678);
    bytes_put_u16(bytes, 0x0102);
    bytes_put_u32(bytes + 2, 0x03040506);
    for (int i = 0; i < 6; i++)
        assert_int_equal(bytes[i], i + 1);
}

static void test_bytes__writing_too_far_touches_nothing_behind(void **state)
{
    uint8_t bytes[4] = {0, 0, 0, 0x55};
    struct writer w = writer_over(bytes, 3);
    write_u16(&w, 0x0102);
    write_u16(&w, 0x0304);
    assert_true(w.has_failed);
    write_u8(&w, 0x09); /* would fit, but comes too late */
    assert_int_equal(bytes[2], 0);
    assert_int_equal(bytes[3], 0x55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes__read_in_network_order),
        cmocka_unit_test(test_bytes__reading_too_far_fails_for_good),
        cmocka_unit_test(test_bytes__a_huge_count_is_too_far_as_well),
        cmocka_unit_test(test_bytes__written_numbers_read_back),
        cmocka_unit_test(test_bytes__writing_too_far_touches_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
