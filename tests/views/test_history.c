/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "views/history.h"

static void tell(struct history *history, uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number <= to; number++)
        history_take(history, &(struct nt_record){.number = number, .cause = number / 2});
}

static void assert_keeps(const struct history *history, uint64_t from, uint64_t to)
{
    assert_null(history_at(history, 0));
    assert_null(history_at(history, from - 1));
    assert_null(history_at(history, to + 1));
    for (uint64_t number = from; number <= to; number++) {
        const struct nt_record *record = history_at(history, number);
        assert_non_null(record);
        assert_int_equal(record->number, number);
        assert_int_equal(record->cause, number / 2);
    }
}

static void test_history__keeps_all_without_a_limit(void **state)
{
    struct history history;
    history_init(&history, 0);
    assert_null(history_at(&history, 1));
    tell(&history, 1, 5000);
    assert_keeps(&history, 1, 5000);
    history_release(&history);
}

static void test_history__keeps_the_last_within_a_limit(void **state)
{
    struct history history;
    history_init(&history, 100); /* rounded up to 128 */
    tell(&history, 1, 1000);
    assert_keeps(&history, 1000 - 127, 1000);
    history_release(&history);
}

static void test_history__begins_anew_after_a_gap(void **state)
{
    struct history history;
    history_init(&history, 0);
    tell(&history, 1, 10);
    tell(&history, 500, 3000);
    assert_keeps(&history, 500, 3000);
    history_release(&history);
}

static void test_history__forgets_what_never_happened(void **state)
{
    struct history history;
    history_init(&history, 0);
    tell(&history, 1, 2000);
    history_cut(&history, 1500);
    assert_keeps(&history, 1, 1500);
    tell(&history, 1501, 1600);
    assert_keeps(&history, 1, 1600);
    history_cut(&history, 0);
    assert_null(history_at(&history, 1));
    tell(&history, 1, 3);
    assert_keeps(&history, 1, 3);
    history_release(&history);
}

static void test_history__what_is_known_happens_again_by_a_leap(void **state)
{
    struct history history;
    history_init(&history, 0);
    tell(&history, 1, 2000);
    history_cut(&history, 300);
    history_cut(&history, 1700); /* forward, to a checkpoint in the known future */
    assert_keeps(&history, 1, 1700);
    tell(&history, 1701, 1800);
    assert_keeps(&history, 1, 1800);
    assert_non_null(history_known_at(&history, 2000));
    history_cut(&history, 0);
    history_cut(&history, 2500); /* nobody knows what that was: not that far */
    assert_null(history_at(&history, 1));
    history_release(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history__keeps_all_without_a_limit),
        cmocka_unit_test(test_history__keeps_the_last_within_a_limit),
        cmocka_unit_test(test_history__begins_anew_after_a_gap),
        cmocka_unit_test(test_history__forgets_what_never_happened),
        cmocka_unit_test(test_history__what_is_known_happens_again_by_a_leap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
