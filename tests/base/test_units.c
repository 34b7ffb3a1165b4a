/* SPDX-License-Identifier: MIT
 * Quantities are read exactly, shown so that they read back, and refused with a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "sim/base/units.h"

#define SECOND INT64_C(1000000000000)
#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static void test_units__read_what_people_write(void **state)
{
    static const struct {
        enum units_class which;
        const char *text;
        int64_t value;
    } rows[] = {
        {UNITS_TIME, "1.5 s", 3 * SECOND / 2},
        {UNITS_TIME, "100ms", SECOND / 10},
        {UNITS_TIME, " 7 ps ", 7},
        {UNITS_TIME, "2.165 us", 2165000},
        {UNITS_TIME, "2.165 \xc2\xb5s", 2165000},
        {UNITS_TIME, "1 ns", 1000},
        {UNITS_TIME, "2 min", 120 * SECOND},
        {UNITS_TIME, "1 h", 3600 * SECOND},
        {UNITS_TIME, "-1 s", -SECOND},
        {UNITS_TIME, "0 s", 0},
        {UNITS_TIME, "0.4 ps", 0},
        {UNITS_TIME, "0.5 ps", 1}, /* half away from zero */
        {UNITS_TIME, "-0.5 ps", -1},
        {UNITS_TIME, "1.0000000000005 s", SECOND + 1},
        {UNITS_TIME, "9223372.036854775807 s", INT64_MAX},
        {UNITS_RATE, "10 Mbps", 10000000},
        {UNITS_RATE, "10Mbps", 10000000},
        {UNITS_RATE, "9.6 kbit/s", 9600},
        {UNITS_RATE, "100 Mb/s", 100000000},
        {UNITS_RATE, "1.6 Tbps", INT64_C(1600000000000)},
        {UNITS_RATE, "1 bps", 1},
        {UNITS_LENGTH, "500 m", 500000},
        {UNITS_LENGTH, "2.5km", 2500000},
        {UNITS_LENGTH, "30 cm", 300},
        {UNITS_LENGTH, "1 mm", 1},
        {UNITS_BYTES, "500kB", 500000},
        {UNITS_BYTES, "64 KiB", 65536},
        {UNITS_BYTES, "1.5 MiB", 1572864},
        {UNITS_BYTES, "1500 bytes", 1500},
        {UNITS_BYTES, "1 byte", 1},
        {UNITS_COUNT, "64", 64},
        {UNITS_COUNT, "64 packets", 64},
        {UNITS_COUNT, "1 frame", 1},
        {UNITS_PERCENT, "2 %", 20000},
        {UNITS_PERCENT, "0.0001%", 1},
        {UNITS_PERCENT, "100%", 1000000},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[200];
        struct text why = text_in(storage, sizeof storage);
        int64_t value = -1;
        if (!units_read(rows[i].which, rows[i].text, "", &value, &why))
            fail_msg("\"%s\": %s", rows[i].text, storage);
        if (value != rows[i].value)
            fail_msg("\"%s\": %lld, expected %lld", rows[i].text, (long long)value, (long long)rows[i].value);
        assert_int_equal(why.length, 0);
    }
}

static void test_units__refuse_with_one_sentence(void **state)
{
    static const struct {
        enum units_class which;
        const char *text;
        const char *why;
    } rows[] = {
        {UNITS_TIME, "10 Mbps", "expected a time such as \"1.5 s\", found \"10 Mbps\", which is a rate"},
        {UNITS_TIME, "5", "expected a time such as \"1.5 s\", found \"5\" (without a unit)"},
        {UNITS_TIME, "", "expected a time such as \"1.5 s\", found \"\""},
        {UNITS_TIME, "soon", "expected a time such as \"1.5 s\", found \"soon\""},
        {UNITS_RATE, "10 Mbsp",
         "expected a rate such as \"10 Mbps\", found \"10 Mbsp\"; did you mean \"Mbps\"?"},
        {UNITS_RATE, "1e6 bps", "expected a rate such as \"10 Mbps\", found \"1e6 bps\""},
        {UNITS_RATE, "10 Mbit", "expected a rate such as \"10 Mbps\", found \"10 Mbit\"; did you mean \"Mbps\"?"},
        {UNITS_RATE, "1G", "expected a rate such as \"10 Mbps\", found \"1G\"; did you mean \"Gbps\"?"},
        {UNITS_RATE, "64Kb", "expected a rate such as \"10 Mbps\", found \"64Kb\"; did you mean \"kbps\"?"},
        {UNITS_TIME, "6 sec", "expected a time such as \"1.5 s\", found \"6 sec\"; did you mean \"s\"?"},
        {UNITS_TIME, "5msec", "expected a time such as \"1.5 s\", found \"5msec\"; did you mean \"ms\"?"},
        {UNITS_TIME, "2 hours", "expected a time such as \"1.5 s\", found \"2 hours\"; did you mean \"h\"?"},
        {UNITS_TIME, "2 minutes", "expected a time such as \"1.5 s\", found \"2 minutes\"; did you mean \"min\"?"},
        {UNITS_BYTES, "500k", "expected a number of bytes such as \"64 kB\", found \"500k\"; did you mean \"kB\"?"},
        {UNITS_BYTES, "5 M", "expected a number of bytes such as \"64 kB\", found \"5 M\"; did you mean \"MB\"?"},
        {UNITS_LENGTH, "5 metres", "expected a length such as \"500 m\", found \"5 metres\"; did you mean \"m\"?"},
        {UNITS_TIME, "1,5 ms",
         "expected a time such as \"1.5 s\", found \"1,5 ms\"; a point, not a comma, stands before decimals"},
        {UNITS_TIME, "3000 h", "\"3000 h\" is too large to count with"},
        {UNITS_COUNT, "1.5 packets", "expected a whole number such as \"64\", found \"1.5 packets\""},
        {UNITS_COUNT, "64 kB",
         "expected a whole number such as \"64\", found \"64 kB\", which is a number of bytes"},
        {UNITS_LENGTH, "5 m/s", "expected a length such as \"500 m\", found \"5 m/s\""},
        {UNITS_TIME, "1.2.3 s", "expected a time such as \"1.5 s\", found \"1.2.3 s\""},
        {UNITS_TIME, "--1 s", "expected a time such as \"1.5 s\", found \"--1 s\""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[200];
        struct text why = text_in(storage, sizeof storage);
        int64_t value = 4711;
        if (units_read(rows[i].which, rows[i].text, "", &value, &why))
            fail_msg("\"%s\" was taken for %lld", rows[i].text, (long long)value);
        assert_string_equal(storage, rows[i].why);
        assert_int_equal(value, 4711);
    }
}

static void test_units__bare_numbers_have_the_unit_that_the_caller_says(void **state)
{
    char storage[200];
    struct text why = text_in(storage, sizeof storage);
    int64_t value = 0;
    assert_true(units_read(UNITS_TIME, "1.5", "s", &value, &why));
    assert_true(value == 3 * SECOND / 2);
}

static void test_units__show_the_shortest_exact_form(void **state)
{
    static const struct {
        enum units_class which;
        int64_t value;
        const char *shown;
    } rows[] = {
        {UNITS_TIME, 0, "0 s"},
        {UNITS_TIME, 3 * SECOND / 2, "1.5 s"},
        {UNITS_TIME, 2165000, "2.165 us"},
        {UNITS_TIME, 1, "1 ps"},
        {UNITS_TIME, -SECOND, "-1 s"},
        {UNITS_RATE, 10000000, "10 Mbps"},
        {UNITS_RATE, 9600, "9.6 kbps"},
        {UNITS_LENGTH, 500000, "500 m"},
        {UNITS_BYTES, 1500, "1.5 kB"},
        {UNITS_COUNT, 64, "64"},
        {UNITS_PERCENT, 20000, "2 %"},
        {UNITS_PERCENT, 1, "0.0001 %"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[60];
        struct text text = text_in(storage, sizeof storage);
        units_show(rows[i].which, rows[i].value, &text);
        assert_string_equal(storage, rows[i].shown);
    }
}

static void test_units__what_is_shown_reads_back(void **state)
{
    struct rng rng = rng_seeded(1, "units");
    for (int i = 0; i < 60000; i++) {
        enum units_class which = (enum units_class)(i % UNITS_CLASSES);
        int64_t value = (int64_t)(rng_next(&rng) >> (1 + rng_below(&rng, 63)));
        for (uint64_t zeros = rng_below(&rng, 12); zeros > 0 && value < INT64_MAX / 10; zeros--)
            value *= 10;
        if (rng_below(&rng, 2))
            value = -value;
        char shown_storage[60], why_storage[200];
        struct text shown = text_in(shown_storage, sizeof shown_storage);
        struct text why = text_in(why_storage, sizeof why_storage);
        int64_t back = 0;
        units_show(which, value, &shown);
        if (!units_read(which, shown_storage, "", &back, &why))
            fail_msg("%lld -> \"%s\": %s", (long long)value, shown_storage, why_storage);
        if (back != value)
            fail_msg("%lld -> \"%s\" -> %lld", (long long)value, shown_storage, (long long)back);
    }
}

static void test_units__read_any_says_the_class_and_how_far_it_read(void **state)
{
    static const struct {
        const char *text;
        enum units_class which;
        int64_t value;
        size_t used;
    } rows[] = {
        {"1.5 s", UNITS_TIME, 3 * SECOND / 2, 5},
        {"10Mbps && x", UNITS_RATE, 10000000, 6},
        {"64", UNITS_COUNT, 64, 2},
        {"64 and more", UNITS_COUNT, 64, 2},
        {"2%)", UNITS_PERCENT, 20000, 2},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[200];
        struct text why = text_in(storage, sizeof storage);
        enum units_class which;
        int64_t value;
        size_t used;
        if (!units_read_any(rows[i].text, &which, &value, &used, &why))
            fail_msg("\"%s\": %s", rows[i].text, storage);
        if (which != rows[i].which || value != rows[i].value || used != rows[i].used)
            fail_msg("\"%s\": class %d, %lld, %zu bytes", rows[i].text, (int)which, (long long)value, used);
    }
}

static void test_units__seconds_are_cut_to_their_decimals(void **state)
{
    static const struct {
        int64_t time;
        int decimals;
        const char *shown;
    } rows[] = {
        {0, 9, "0.000000000"},
        {SECOND + 565000, 9, "1.000000565"},
        {SECOND + 565000, 12, "1.000000565000"},
        {SECOND - 1, 9, "0.999999999"},
        {3 * SECOND / 2, 0, "1"},
        {-SECOND / 2, 3, "-0.500"},
        {INT64_MAX, 12, "9223372.036854775807"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char storage[60];
        struct text text = text_in(storage, sizeof storage);
        units_show_seconds(rows[i].time, rows[i].decimals, &text);
        assert_string_equal(storage, rows[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units__read_what_people_write),
        cmocka_unit_test(test_units__refuse_with_one_sentence),
        cmocka_unit_test(test_units__bare_numbers_have_the_unit_that_the_caller_says),
        cmocka_unit_test(test_units__show_the_shortest_exact_form),
        cmocka_unit_test(test_units__what_is_shown_reads_back),
        cmocka_unit_test(test_units__read_any_says_the_class_and_how_far_it_read),
        cmocka_unit_test(test_units__seconds_are_cut_to_their_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
