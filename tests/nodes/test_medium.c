/* SPDX-License-Identifier: MIT
 * Bits and distances: exact to the picosecond. Figures: the 10 Mb/s constants of IEEE 802.3 (C-03, C-14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "nodes/medium.h"

static void test_medium__propagation_is_the_textbook_figure(void **state)
{
    static const struct {
        int64_t length_mm, permille;
        nt_time expected_ps;
    } rows[] = {
        {500000, 770, 2166001}, /* C-03: 10BASE5, 500 m: 2.166 us */
        {185000, 650, 949375},  /* C-03: 10BASE2, 185 m: 0.949 us */
        {100000, 590, 565363},  /* C-03: 10BASE-T, 100 m at 0.59 c: 0.565 us */
        {0, 590, 0},
        {1000000000, 667, 5000960947}, /* 1000 km of fibre: 5 ms */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        nt_time found = medium_propagation(rows[i].length_mm, rows[i].permille);
        if (found != rows[i].expected_ps)
            fail_msg("row %zu: %lld ps, expected %lld", i, (long long)found, (long long)rows[i].expected_ps);
    }
}

static void test_medium__bits_last_exactly_one_over_the_rate(void **state)
{
    struct medium_rate ten = medium_rate_of(10000000), three = medium_rate_of(3000000);
    assert_int_equal(medium_air_time(&ten, 512), 51200000); /* C-03: slot time 51.2 us */
    assert_int_equal(medium_air_time(&ten, 96), 9600000);   /* C-03: interpacket gap 9.6 us */
    assert_int_equal(medium_air_time(&three, 3), 1000000);  /* not whole bits, but whole sums */
    assert_int_equal(medium_air_time(&three, 1), 333333);
    assert_int_equal(medium_air_time(&three, 2), 666667);
    struct medium_rate fast = medium_rate_of(INT64_C(100000000000));
    assert_int_equal(medium_air_time(&fast, 1), 10);
}

static void test_medium__frame_rates_of_c14(void **state)
{
    static const int sizes[] = {64, 128, 256, 512, 768, 1024, 1280, 1518};
    static const int64_t rates[] = {14880, 8445, 4528, 2349, 1586, 1197, 961, 812};
    struct medium_rate ten = medium_rate_of(10000000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        nt_time each = medium_air_time(&ten, 8 * (sizes[i] + MEDIUM_PREAMBLE_BYTES + MEDIUM_GAP_BYTES));
        assert_int_equal(NT_SECOND / each, rates[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_medium__propagation_is_the_textbook_figure),
        cmocka_unit_test(test_medium__bits_last_exactly_one_over_the_rate),
        cmocka_unit_test(test_medium__frame_rates_of_c14),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
