/* SPDX-License-Identifier: MIT
 * Stopping on a condition in the network's own words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/session/scene.h"

static enum session_stop until(const struct scene *scene, const char *query)
{
    struct nt_why why;
    size_t column;
    return session_until(scene->session, query, NULL, &why, &column);
}

static const struct nt_kind *kind_of_stop(const struct scene *scene)
{
    const struct nt_record *record = session_record(scene->session, session_cause_of_stop(scene->session));
    return record ? run_kind_at(session_run(scene->session), record->kind) : NULL;
}

static void test_breaks__until_stops_at_the_event_that_makes_it_hold(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    assert_int_equal(until(&scene, "count(frame.rx) == 3"), SESSION_THERE);
    assert_string_equal(kind_of_stop(&scene)->name, "frame.rx");
    uint64_t event = session_event(scene.session);
    session_goto(scene.session, 0, NULL);
    assert_int_equal(until(&scene, "count(frame.rx) >= 3"), SESSION_THERE);
    assert_int_equal(session_event(scene.session), event);
    assert_int_equal(until(&scene, "count(frame.rx) >= 3"),
                     SESSION_END); /* it holds already, and goes on to */
    session_goto(scene.session, 0, NULL);
    assert_int_equal(until(&scene, "alice.ping.received == 2"), SESSION_THERE);
    assert_in_range(session_now(scene.session), 2 * NT_SECOND, 2100 * NT_MILLISECOND);
    scene_release(&scene);
}

static void test_breaks__a_filter_is_met_by_each_record_it_selects(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(until(&scene, "frame.rx at bob"), SESSION_THERE);
        assert_string_equal(kind_of_stop(&scene)->name, "frame.rx");
    }
    assert_int_equal(until(&scene, "frame.rx at bob"), SESSION_END);
    scene_release(&scene);
}

static void test_breaks__wrong_queries_are_refused_with_their_place(void **state)
{
    struct scene scene;
    struct nt_why why;
    size_t column = 99;
    scene_init(&scene, scene_two_hosts, NULL);
    assert_int_equal(session_until(scene.session, "count(frame.rxx) == 3", NULL, &why, &column),
                     SESSION_REFUSED);
    assert_int_equal(column, 6);
    assert_non_null(strstr(why.text, "frame.rx"));
    assert_int_equal(session_break_add(scene.session, "count(", &why, &column), 0);
    assert_int_equal(session_break_count(scene.session), 0);
    assert_int_equal(session_event(scene.session), 0);
    scene_release(&scene);
}

static void test_breaks__breakpoints_stop_playing_and_can_be_switched_off(void **state)
{
    struct scene scene;
    struct nt_why why;
    size_t column;
    scene_init(&scene, scene_two_hosts, NULL);
    unsigned arrivals = session_break_add(scene.session, "frame.rx at bob", &why, &column);
    unsigned many = session_break_add(scene.session, "count(frame.rx) > 6", &why, &column);
    assert_true(arrivals && many && arrivals != many);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(session_play(scene.session, NT_NEVER, NULL), SESSION_BREAK);
        assert_int_equal(session_break_hit(scene.session), arrivals);
    }
    assert_true(session_break_enable(scene.session, arrivals, false));
    assert_int_equal(session_play(scene.session, NT_NEVER, NULL), SESSION_BREAK);
    assert_int_equal(session_break_hit(scene.session), many);
    assert_int_equal(session_break_at(scene.session, 0).hits, 3);
    assert_true(session_break_remove(scene.session, many));
    assert_false(session_break_remove(scene.session, many));
    assert_int_equal(session_play(scene.session, NT_NEVER, NULL), SESSION_END);
    scene_release(&scene);
}

static void test_breaks__going_back_and_on_stops_at_the_same_places(void **state)
{
    struct scene scene;
    struct nt_why why;
    size_t column;
    scene_init(&scene, scene_busy, NULL);
    session_break_add(scene.session, "count(frame.drop) == 3", &why, &column);
    session_break_add(scene.session, "frame.drop", &why, &column);
    uint64_t events[6];
    for (int i = 0; i < 6; i++) {
        assert_int_equal(session_play(scene.session, NT_NEVER, NULL), SESSION_BREAK);
        events[i] = session_event(scene.session);
    }
    for (int from = 0; from < 6; from++) {
        session_goto_event(scene.session, from ? events[from - 1] : 0, NULL);
        assert_int_equal(session_play(scene.session, NT_NEVER, NULL), SESSION_BREAK);
        assert_int_equal(session_event(scene.session), events[from]);
        assert_int_equal(session_break_hit(scene.session), from == 2 ? 1 : 2);
    }
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breaks__until_stops_at_the_event_that_makes_it_hold),
        cmocka_unit_test(test_breaks__a_filter_is_met_by_each_record_it_selects),
        cmocka_unit_test(test_breaks__wrong_queries_are_refused_with_their_place),
        cmocka_unit_test(test_breaks__breakpoints_stop_playing_and_can_be_switched_off),
        cmocka_unit_test(test_breaks__going_back_and_on_stops_at_the_same_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
