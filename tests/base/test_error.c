/* SPDX-License-Identifier: MIT
 * Mistakes are kept with their places, in order, and only so many of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/error.h"

static void check_shown(const struct error_entry *entry, const char *expected)
{
    char shown[400];
    size_t length = error_format(entry, shown, sizeof shown);
    assert_string_equal(shown, expected);
    assert_int_equal(length, strlen(expected));
}

static void test_error__is_shown_without_what_is_unknown(void **state)
{
    static const struct {
        struct error_entry entry;
        const char *shown;
    } rows[] = {
        {{.file = "a.json", .line = 3, .column = 7, .path = "nodes.bob", .text = "wrong"},
         "a.json:3:7: nodes.bob: wrong"},
        {{.file = "a.json", .line = 3, .column = 7, .text = "wrong"}, "a.json:3:7: wrong"},
        {{.file = "a.json", .line = 3, .text = "wrong"}, "a.json:3: wrong"},
        {{.file = "a.json", .path = "", .text = "wrong"}, "a.json: wrong"},
        {{.path = "nodes.bob", .text = "wrong"}, "nodes.bob: wrong"},
        {{.text = "wrong"}, "wrong"},
        {{.file = "a.json", .line = 1, .column = 2, .text = "odd", .is_warning = true},
         "a.json:1:2: warning: odd"},
        {{.file = "a\nb\033[2J.json", .line = 1, .column = 2, .path = "nodes.\tx\033", .text = "no"},
         "a?b?[2J.json:1:2: nodes.?x?: no"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_shown(&rows[i].entry, rows[i].shown);
}

static void test_error__format_never_overflows_and_says_how_long_it_is(void **state)
{
    struct error_entry entry = {.text = "a plain sentence"};
    char shown[8];
    memset(shown, 'x', sizeof shown);
    assert_int_equal(error_format(&entry, shown, sizeof shown), 16);
    assert_string_equal(shown, "a plain");
}

static void test_error__list_copies_its_texts(void **state)
{
    char file[] = "a.json", word[] = "bob";
    struct error_list list;
    error_list_init(&list);
    error_add(&list, &(struct error_place){.file = file, .line = 1, .column = 1}, "who is %s?", word);
    warning_add(&list, NULL, "odd");
    file[0] = word[0] = 'X';
    check_shown(&list.entries[0], "a.json:1:1: who is bob?");
    check_shown(&list.entries[1], "warning: odd");
    assert_int_equal(list.errors, 1);
    assert_int_equal(list.warnings, 1);
    error_list_release(&list);
}

static void test_error__list_stops_at_its_limit_and_counts_on(void **state)
{
    struct error_list list;
    error_list_init(&list);
    for (int i = 0; i < ERROR_LIMIT + 50; i++)
        error_add(&list, NULL, "mistake %d", i);
    assert_int_equal(list.count, ERROR_LIMIT);
    assert_int_equal(list.errors, ERROR_LIMIT + 50);
    error_list_release(&list);
}

static void test_error__sort_orders_by_place_and_keeps_equals(void **state)
{
    static const struct error_place places[] = {
        {.file = "a"},
        {.file = "a", .line = 9, .column = 1},
        {.file = "a", .line = 2, .column = 8},
        {.file = "a", .line = 2, .column = 3},
        {.file = "a"},
        {.file = "a", .line = 2, .column = 3},
    };
    static const char *const sorted[] = {"3", "5", "2", "1", "0", "4"};
    struct error_list list;
    error_list_init(&list);
    for (int i = 0; i < 6; i++)
        error_add(&list, &places[i], "%d", i);
    error_list_sort(&list);
    for (int i = 0; i < 6; i++)
        assert_string_equal(list.entries[i].text, sorted[i]);
    error_list_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error__is_shown_without_what_is_unknown),
        cmocka_unit_test(test_error__format_never_overflows_and_says_how_long_it_is),
        cmocka_unit_test(test_error__list_copies_its_texts),
        cmocka_unit_test(test_error__list_stops_at_its_limit_and_counts_on),
        cmocka_unit_test(test_error__sort_orders_by_place_and_keeps_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
