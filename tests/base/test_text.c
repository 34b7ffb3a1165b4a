/* SPDX-License-Identifier: MIT
 * Text never overflows; words are judged and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/text.h"

static void test_text__is_always_terminated_and_says_when_it_is_cut(void **state)
{
    for (size_t size = 1; size <= 12; size++) {
        char storage[14];
        memset(storage, 'x', sizeof storage);
        struct text text = text_in(storage, size);
        text_add(&text, "%s", "hello");
        text_add_char(&text, ' ');
        text_add_bytes(&text, "world", 5);
        size_t fits = size - 1 < 11 ? size - 1 : 11;
        assert_int_equal(strlen(storage), fits);
        assert_int_equal(text.length, fits);
        assert_int_equal(text.is_cut, fits < 11);
        assert_int_equal(strncmp(storage, "hello world", fits), 0);
        assert_int_equal(storage[size], 'x');
    }
}

static void test_text__groups_numbers_by_thousands(void **state)
{
    static const struct {
        int64_t number;
        const char *separator;
        const char *shown;
    } rows[] = {
        {0, " ", "0"},
        {999, " ", "999"},
        {1000, " ", "1 000"},
        {1234567, " ", "1 234 567"},
        {-1, " ", "-1"},
        {-123456, " ", "-123 456"},
        {100000, "", "100000"},
        {1234, ",", "1,234"},
        {INT64_MAX, " ", "9 223 372 036 854 775 807"},
        {INT64_MIN, " ", "-9 223 372 036 854 775 808"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char storage[40];
        struct text text = text_in(storage, sizeof storage);
        text_add_grouped(&text, rows[i].number, rows[i].separator);
        assert_string_equal(storage, rows[i].shown);
    }
}

static void test_text__distance_counts_the_four_kinds_of_slip(void **state)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } rows[] = {
        {"", "", 0},           {"", "abc", 3},           {"rate", "rate", 0}, {"rate", "RATE", 0},
        {"rat", "rate", 1},    {"raate", "rate", 1},     {"rete", "rate", 1}, {"rtae", "rate", 1},
        {"delay", "dealy", 1}, {"kitten", "sitting", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t there = text_distance(rows[i].a, rows[i].b), back = text_distance(rows[i].b, rows[i].a);
        if (there != rows[i].distance || back != there)
            fail_msg("\"%s\" \"%s\": %zu there, %zu back, expected %zu", rows[i].a, rows[i].b, there, back,
                     rows[i].distance);
    }
}

static void test_text__nearest_is_found_only_when_it_may_be_meant(void **state)
{
    static const char *const words[] = {"rate", "delay", "length", "queue", "loss", NULL};
    static const struct {
        const char *word;
        const char *nearest; /* NULL: nothing */
    } rows[] = {
        {"rate", "rate"},   {"Rate", "rate"},     {"rat", "rate"},
        {"dealy", "delay"}, {"lenght", "length"}, {"colour", NULL},
        {"x", NULL},        {"", NULL},           {"queueing-discipline", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *nearest = text_nearest(rows[i].word, words);
        if (!nearest != !rows[i].nearest || (nearest && strcmp(nearest, rows[i].nearest) != 0))
            fail_msg("\"%s\": \"%s\"", rows[i].word, nearest ? nearest : "nothing");
    }
}

static void test_text__distance_survives_long_words(void **state)
{
    char a[500], b[500];
    memset(a, 'a', sizeof a - 1);
    memset(b, 'b', sizeof b - 1);
    a[sizeof a - 1] = b[sizeof b - 1] = '\0';
    assert_int_equal(text_distance(a, a), 0);
    assert_true(text_distance(a, b) > 60);
}

static void test_text__utf8_check_points_at_the_first_bad_byte(void **state)
{
    /* RFC 3629 sections 3 and 4. */
    static const struct {
        const char *bytes;
        int bad; /* offset; -1: all is well */
    } rows[] = {
        {"", -1},
        {"plain", -1},
        {"\xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80", -1},
        {"\xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf", -1}, /* around the surrogates; the last character */
        {"a\x80", 1},                                       /* continues nothing */
        {"ab\xc3", 2},                                      /* ends too early */
        {"\xe2\x82", 0},
        {"\xe2\x82z", 0},
        {"\xc0\xaf", 0}, /* overlong */
        {"\xc1\xbf", 0},
        {"\xe0\x9f\xbf", 0},
        {"\xf0\x8f\xbf\xbf", 0},
        {"\xed\xa0\x80", 0},     /* a surrogate */
        {"\xf4\x90\x80\x80", 0}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", 0},
        {"abc\xff", 3},
        {"caf\xe9", 3}, /* Latin-1 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bad = 0;
        bool is_good = text_utf8_check(rows[i].bytes, strlen(rows[i].bytes), &bad);
        if (is_good != (rows[i].bad < 0) || (!is_good && bad != (size_t)rows[i].bad))
            fail_msg("row %zu: %s at %zu", i, is_good ? "good" : "bad", bad);
    }
}

static void test_text__names_are_what_hosts_may_be_called(void **state)
{
    static const struct {
        const char *word;
        bool is_name;
    } rows[] = {
        {"alice", true},
        {"R1", true},
        {"1st", true},
        {"a-b_c", true},
        {"x", true},
        {"", false},
        {"-a", false},
        {"_a", false},
        {"a.b", false},
        {"a b", false},
        {"\xc3\xbc", false},
        {"a\n", false},
        {"a23456789012345678901234567890123456789012345678901234567890123", true},   /* 63 */
        {"a234567890123456789012345678901234567890123456789012345678901234", false}, /* 64 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_is_name(rows[i].word) != rows[i].is_name)
            fail_msg("\"%s\"", rows[i].word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__is_always_terminated_and_says_when_it_is_cut),
        cmocka_unit_test(test_text__groups_numbers_by_thousands),
        cmocka_unit_test(test_text__distance_counts_the_four_kinds_of_slip),
        cmocka_unit_test(test_text__nearest_is_found_only_when_it_may_be_meant),
        cmocka_unit_test(test_text__distance_survives_long_words),
        cmocka_unit_test(test_text__utf8_check_points_at_the_first_bad_byte),
        cmocka_unit_test(test_text__names_are_what_hosts_may_be_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
