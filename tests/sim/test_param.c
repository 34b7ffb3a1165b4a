/* SPDX-License-Identifier: MIT
 * Parameters: from text to value, and back to words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/param.h"

static const char *const media[] = {"copper", "fibre", NULL};

static bool parse_even(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    ret_value->extra = 7;
    if (strlen(text) % 2 == 0)
        return true;
    if (strcmp(text, "odd") == 0)
        snprintf(ret_why->text, sizeof ret_why->text, "expected an even text");
    return false;
}

static const struct nt_param params[] = {
    {.name = "count", .kind = NT_PARAM_INTEGER, .least = 1, .most = 10, .default_text = "4"},
    {.name = "free", .kind = NT_PARAM_INTEGER},
    {.name = "below", .kind = NT_PARAM_INTEGER, .least = -5, .most = 5},
    {.name = "is-on", .kind = NT_PARAM_BOOLEAN},
    {.name = "wait", .kind = NT_PARAM_TIME, .least = 1, .most = INT64_MAX},
    {.name = "rate",
     .kind = NT_PARAM_RATE,
     .least = 1,
     .most = INT64_C(10000000000000),
     .default_text = "1 Gbps"},
    {.name = "length", .kind = NT_PARAM_LENGTH},
    {.name = "bytes", .kind = NT_PARAM_BYTES},
    {.name = "limit", .kind = NT_PARAM_AMOUNT, .least = 1, .most = 1000},
    {.name = "loss", .kind = NT_PARAM_PERCENT, .least = 0, .most = 1000000},
    {.name = "medium", .kind = NT_PARAM_WORD, .words = media},
    {.name = "title", .kind = NT_PARAM_TEXT},
    {.name = "peer", .kind = NT_PARAM_NODE},
    {.name = "even", .kind = NT_PARAM_PARSED, .parse = parse_even},
    {0}};

static uint32_t find_bob(void *context, const char *name)
{
    return strcmp(name, context) == 0 ? 2 : 0;
}

struct row {
    const char *param;
    const char *text;
    bool is_option;
    const char *shown;    /* what param_show makes of it; NULL: it cannot be read */
    const char *sentence; /* ... and why not */
};

static const struct row rows[] = {
    {"count", "4", false, "4", NULL},
    {"count", "10", true, "10", NULL},
    {"count", "11", false, NULL, "expected a whole number from 1 to 10, found 11"},
    {"count", "0", false, NULL, "expected a whole number from 1 to 10, found 0"},
    {"count", "four", false, NULL, "expected a whole number, found \"four\""},
    {"count", "4x", false, NULL, "expected a whole number, found \"4x\""},
    {"count", "", false, NULL, "expected a whole number, found \"\""},
    {"count", "+4", false, NULL, "expected a whole number, found +4"},
    {"count", "99999999999999999999", false, NULL, "\"99999999999999999999\" is too large to count with"},
    {"free", "0", false, "0", NULL},
    {"free", "-1", false, NULL, "expected a whole number that is not negative, found -1"},
    {"below", "-5", false, "-5", NULL},
    {"is-on", "true", false, "true", NULL},
    {"is-on", "false", false, "false", NULL},
    {"is-on", "yes", false, NULL, "expected true or false, found \"yes\""},
    {"wait", "1.5 s", false, "1.5 s", NULL},
    {"wait", "1500ms", false, "1.5 s", NULL},
    {"wait", "2", true, "2 s", NULL},
    {"wait", "2", false, NULL, "expected a time such as \"1.5 s\", found \"2\" (without a unit)"},
    {"wait", "0 s", false, NULL, "expected a time of at least 1 ps, found \"0 s\""},
    {"rate", "10 Mbps", false, "10 Mbps", NULL},
    {"rate", "-10 Mbps", false, NULL, "expected a rate from 1 bps to 10 Tbps, found \"-10 Mbps\""},
    {"rate", "10", true, NULL, "expected a rate such as \"10 Mbps\", found \"10\" (without a unit)"},
    {"length", "0.5 km", false, "500 m", NULL},
    {"length", "-1 m", false, NULL, "expected a length that is not negative, found \"-1 m\""},
    {"bytes", "1500", false, "1.5 kB", NULL},
    {"bytes", "64 KiB", false, "65.536 kB", NULL},
    {"limit", "64 packets", false, "64 packets", NULL},
    {"limit", "64packets", false, "64 packets", NULL},
    {"limit", "1 frame", false, "1 packet", NULL},
    {"limit", "1 kB", false, "1 kB", NULL},
    {"limit", "64", false, NULL, "expected an amount such as \"64 packets\" or \"250 kB\", found 64"},
    {"limit", "64 packets more", false, NULL,
     "expected an amount such as \"64 packets\" or \"250 kB\", found \"64 packets more\""},
    {"limit", "64 furlongs", false, NULL,
     "expected an amount such as \"64 packets\" or \"250 kB\", found \"64 furlongs\""},
    {"limit", "64 s", false, NULL, "expected an amount such as \"64 packets\" or \"250 kB\", found \"64 s\""},
    {"limit", "", false, NULL, "expected an amount such as \"64 packets\" or \"250 kB\", found \"\""},
    {"limit", "2000 packets", false, NULL,
     "expected an amount from 1 packet to 1000 packets, found \"2000 packets\""},
    {"loss", "2 %", false, "2 %", NULL},
    {"loss", "101 %", false, NULL, "expected a percentage from 0 % to 100 %, found \"101 %\""},
    {"medium", "fibre", false, "fibre", NULL},
    {"medium", "fiber", false, NULL, "expected copper or fibre, found \"fiber\"; did you mean \"fibre\"?"},
    {"medium", "string", false, NULL, "expected copper or fibre, found \"string\""},
    {"title", "", false, "", NULL},
    {"peer", "bob", false, "bob", NULL},
    {"peer", "carol", false, NULL, "no node is called \"carol\""},
    {"even", "ab", false, "ab", NULL},
    {"even", "odd", false, NULL, "expected an even text"},
    {"even", "abc", false, NULL, "expected another text, found \"abc\""},
};

static void test_param__text_becomes_a_value_or_a_sentence(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        const struct nt_param *param = param_find(params, row->param);
        struct nt_value value = {.number = 99};
        struct nt_why why;
        char shown[100];
        bool fine = param_read_text(param, row->text, row->is_option, find_bob, "bob", &value, &why);
        if (fine != (row->shown != NULL))
            fail_msg("%s \"%s\": %s", row->param, row->text, fine ? "should not be read" : why.text);
        if (!fine) {
            assert_string_equal(why.text, row->sentence);
            assert_int_equal(value.number, 99); /* outputs are untouched */
            continue;
        }
        param_show(param, &value, shown, sizeof shown);
        assert_string_equal(shown, row->shown);
        assert_false(value.is_given);
        assert_ptr_equal(value.text, row->text);
    }
}

static void test_param__numbers_are_in_the_kinds_unit(void **state)
{
    struct nt_value value;
    struct nt_why why;
    assert_true(param_read_text(param_find(params, "wait"), "2 ms", false, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 2 * NT_MILLISECOND);
    assert_true(param_read_text(param_find(params, "length"), "2.5 m", false, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 2500);
    assert_true(param_read_text(param_find(params, "loss"), "2 %", false, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 20000);
    assert_true(param_read_text(param_find(params, "limit"), "1 kB", false, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 1000);
    assert_int_equal(value.extra, 1);
    assert_true(param_read_text(param_find(params, "medium"), "fibre", false, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 1);
    assert_true(param_read_text(param_find(params, "peer"), "bob", false, find_bob, "bob", &value, &why));
    assert_int_equal(value.number, 2);
    assert_true(param_read_text(param_find(params, "even"), "ab", false, NULL, NULL, &value, &why));
    assert_int_equal(value.extra, 7);
}

static void test_param__any_node_passes_where_nobody_knows_the_names(void **state)
{
    struct nt_value value;
    struct nt_why why;
    assert_true(param_read_text(param_find(params, "peer"), "carol", true, NULL, NULL, &value, &why));
    assert_int_equal(value.number, 0);
    assert_string_equal(value.text, "carol");
}

static void test_param__is_described_in_a_few_words(void **state)
{
    static const char *const described[][2] = {
        {"count", "a whole number from 1 to 10, default 4"},
        {"rate", "a rate from 1 bps to 10 Tbps, default 1 Gbps"},
        {"wait", "a time of at least 1 ps"},
        {"length", "a length such as 500 m"},
        {"medium", "copper or fibre"},
        {"title", "a text"},
    };
    for (size_t i = 0; i < sizeof described / sizeof *described; i++) {
        char text[100];
        param_describe(param_find(params, described[i][0]), text, sizeof text);
        assert_string_equal(text, described[i][1]);
    }
}

static void test_param__tables_are_searched_by_name(void **state)
{
    assert_int_equal(param_count(params), 14);
    assert_int_equal(param_count(NULL), 0);
    assert_ptr_equal(param_find(params, "free"), &params[1]);
    assert_null(param_find(params, "fre"));
    assert_null(param_find(NULL, "free"));
    assert_string_equal(param_nearest(params, "raet"), "rate");
    assert_null(param_nearest(params, "something else"));
    assert_null(param_nearest(NULL, "rate"));
}

static void test_param__showing_never_overflows(void **state)
{
    struct nt_value value = {.is_given = true, .number = 123456}, nothing = {0};
    char small[4];
    param_show(param_find(params, "free"), &value, small, sizeof small);
    assert_string_equal(small, "123");
    param_describe(param_find(params, "count"), small, sizeof small);
    assert_string_equal(small, "a w");
    param_show(param_find(params, "free"), &nothing, small, sizeof small);
    assert_string_equal(small, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_param__text_becomes_a_value_or_a_sentence),
        cmocka_unit_test(test_param__numbers_are_in_the_kinds_unit),
        cmocka_unit_test(test_param__any_node_passes_where_nobody_knows_the_names),
        cmocka_unit_test(test_param__is_described_in_a_few_words),
        cmocka_unit_test(test_param__tables_are_searched_by_name),
        cmocka_unit_test(test_param__showing_never_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
