/* SPDX-License-Identifier: MIT
 * What a person does to a running network: done again in its time, taken back, kept apart in forks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sim/inspect.h"
#include "tests/session/scene.h"

static int64_t cell(const struct scene *scene, const char *node, const char *table, const char *column)
{
    const struct nt_node *at = run_node_named(session_run(scene->session), node);
    const struct nt_table *shown = inspect_table(at, table);
    struct nt_cell cells[NT_COLUMNS] = {{0}};
    assert_non_null(shown);
    if (!shown->row(at, 0, cells))
        return -1;
    return cells[inspect_column(shown, column)].number;
}

static void act(const struct scene *scene, const char *node, const char *words)
{
    struct nt_why why = {{0}};
    if (!session_command(scene->session, scene_node(scene, node), words, &why))
        fail_msg("%s: %s", words, why.text);
}

static void assert_balanced(const struct scene *scene)
{
    struct run_ledger ledger = run_ledger(session_run(scene->session));
    assert_int_equal(ledger.sent + ledger.copied, ledger.delivered + ledger.dropped + ledger.held);
}

/* To just after the first bit of the n-th frame. Returns its number. */
static uint64_t to_frame(const struct scene *scene, uint64_t n)
{
    assert_int_equal(session_goto(scene->session, 0, NULL), SESSION_THERE);
    assert_int_equal(session_step(scene->session, SESSION_FRAME, n, NULL), SESSION_THERE);
    return session_record(scene->session, session_cause_of_stop(scene->session))->frame;
}

static void test_actions__a_cut_cable_carries_nothing_until_it_is_mended(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 1500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "cut");
    session_goto(scene.session, 3500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "mend");
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(cell(&scene, "alice", "ping", "received"), 2);
    assert_balanced(&scene);
    scene_release(&scene);
}

static void test_actions__are_done_again_whenever_time_passes_them(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 2500 * NT_MILLISECOND, NULL);
    act(&scene, "bob", "ping -c 2 alice");
    session_step(scene.session, SESSION_EVENT, 1, NULL);
    act(&scene, "alice-bob", "cut");
    uint64_t between = session_state_digest(scene.session);
    session_goto(scene.session, 3500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "mend");
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    uint64_t digest = session_state_digest(scene.session), run = run_digest(session_run(scene.session));
    uint64_t records = session_records(scene.session);
    for (int i = 0; i < 3; i++) {
        session_goto(scene.session, 0, NULL);
        assert_false(session_action_at(scene.session, 0).is_done);
        session_goto(scene.session, 2500 * NT_MILLISECOND, NULL);
        assert_true(session_action_at(scene.session, 0).is_done);
        session_goto(scene.session, 6 * NT_SECOND, NULL);
        assert_int_equal(session_state_digest(scene.session), digest);
        assert_int_equal(session_records(scene.session), records);
        assert_int_equal(run_digest(session_run(scene.session)), run);
    }
    uint64_t event = session_event(scene.session);
    for (uint64_t i = 0; i < event; i++)
        assert_int_equal(session_back(scene.session, SESSION_EVENT, 1, NULL), SESSION_THERE);
    for (uint64_t i = 0; i < event; i++) {
        assert_int_equal(session_step(scene.session, SESSION_EVENT, 1, NULL), SESSION_THERE);
        if (session_action_at(scene.session, 1).is_done && !session_action_at(scene.session, 2).is_done &&
            between) {
            assert_int_equal(session_state_digest(scene.session), between);
            between = 0;
        }
    }
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(session_state_digest(scene.session), digest);
    scene_release(&scene);
}

static void test_actions__undo_makes_it_never_have_been(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    uint64_t digest = run_digest(session_run(scene.session));
    session_goto(scene.session, 2 * NT_SECOND, NULL);
    act(&scene, "alice-bob", "cut");
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_not_equal(run_digest(session_run(scene.session)), digest);
    assert_int_equal(session_undo(scene.session, 1, NULL), SESSION_REFUSED);
    assert_int_equal(session_undo(scene.session, 0, NULL), SESSION_THERE);
    assert_int_equal(session_action_count(scene.session), 0);
    assert_int_equal(session_now(scene.session), 6 * NT_SECOND);
    assert_int_equal(run_digest(session_run(scene.session)), digest);
    scene_release(&scene);
}

static void test_actions__redo_is_the_run_that_was_taken_back(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 1500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "cut");
    session_goto(scene.session, 3500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "mend");
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    uint64_t digest = session_state_digest(scene.session);
    assert_int_equal(session_redo(scene.session, NULL), SESSION_REFUSED);
    assert_int_equal(session_undo(scene.session, 1, NULL), SESSION_THERE);
    assert_int_equal(session_undo(scene.session, 0, NULL), SESSION_THERE);
    assert_int_equal(session_undone_count(scene.session), 2);
    session_goto(scene.session, 2 * NT_SECOND, NULL); /* between the two */
    assert_int_equal(session_redo(scene.session, NULL), SESSION_THERE);
    assert_int_equal(session_redo(scene.session, NULL), SESSION_THERE);
    assert_false(session_action_at(scene.session, 1).is_done);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(session_state_digest(scene.session), digest);
    session_undo(scene.session, 1, NULL);
    act(&scene, "bob", "ping -c 1 alice");
    assert_int_equal(session_redo(scene.session, NULL), SESSION_REFUSED);
    scene_release(&scene);
}

static void test_actions__set_loss_of_a_link(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 1500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "set loss '100 %'");
    session_goto(scene.session, 3500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "set loss '0 %'");
    while (session_step(scene.session, SESSION_EVENT, 1, NULL) == SESSION_THERE)
        assert_balanced(&scene);
    assert_int_equal(cell(&scene, "alice", "ping", "received"), 2);
    uint64_t digest = session_state_digest(scene.session);
    session_goto(scene.session, NT_SECOND, NULL);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(session_state_digest(scene.session), digest);
    scene_release(&scene);
}

static void test_actions__that_make_no_sense_are_refused_and_leave_no_trace(void **state)
{
    struct scene scene;
    struct nt_why why;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 2 * NT_SECOND, NULL);
    uint64_t digest = session_state_digest(scene.session);
    static const char *const wrong[] = {"",       "pnig bob", "drop",       "drop 0",
                                        "drop x", "delay 5",  "set rate 5", "drop 5 --toward nobody"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(session_command(scene.session, scene_node(&scene, "alice"), wrong[i], &why));
        assert_string_not_equal(why.text, "");
    }
    assert_int_equal(session_action_count(scene.session), 0);
    assert_int_equal(session_state_digest(scene.session), digest);
    scene_release(&scene);
}

static void test_actions__make_frames_anew_that_have_the_numbers_of_others(void **state)
{
    struct scene scene, fresh;
    struct session_frame frame, other;
    scene_init(&scene, scene_two_hosts, NULL);
    scene_init(&fresh, scene_two_hosts, NULL);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    struct scene *both[2] = {&scene, &fresh};
    for (int i = 0; i < 2; i++) {
        session_goto(both[i]->session, 2500 * NT_MILLISECOND, NULL);
        act(both[i], "bob", "ping -c 1 -s 200 alice");
        session_goto(both[i]->session, 6 * NT_SECOND, NULL);
    }
    assert_int_equal(session_frames(scene.session), session_frames(fresh.session));
    for (uint64_t id = 1; id <= session_frames(scene.session); id++) {
        assert_int_equal(session_frame(scene.session, id, &frame), session_frame(fresh.session, id, &other));
        assert_int_equal(frame.record, other.record);
        assert_int_equal(frame.length_bytes, other.length_bytes);
        assert_memory_equal(frame.bytes, other.bytes, frame.length_bytes);
    }
    scene_release(&fresh);
    scene_release(&scene);
}

static void test_actions__drop_one_frame(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    uint64_t id = to_frame(&scene, 5);
    char words[40];
    snprintf(words, sizeof words, "drop %d", (int)id);
    assert_int_equal(session_medium_of(scene.session, id), scene_node(&scene, "alice-bob"));
    act(&scene, "alice-bob", words);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(cell(&scene, "alice", "ping", "received"), 3);
    assert_int_equal(run_ledger(session_run(scene.session)).dropped, 1);
    assert_balanced(&scene);
    for (uint64_t n = 1; n <= session_records(scene.session); n++) {
        const struct nt_record *record = session_record(scene.session, n);
        if (record->kind != RUN_KIND_FRAME_DROP)
            continue;
        assert_string_equal(run_text(session_run(scene.session), (uint64_t)record->values[0]),
                            "dropped by hand");
        assert_int_equal(session_record(scene.session, record->cause)->kind, RUN_KIND_APP_START);
    }
    scene_release(&scene);
}

static void test_actions__duplicate_corrupt_and_delay_one_frame(void **state)
{
    static const struct {
        const char *words;
        int64_t received;
        uint64_t copied, discarded;
    } rows[] = {{"duplicate", 4, 1, 0}, {"corrupt", 3, 0, 1}, {"delay", 4, 0, 0}};
    for (size_t i = 0; i < 3; i++) {
        struct scene scene;
        scene_init(&scene, scene_two_hosts, NULL);
        char words[60];
        snprintf(words, sizeof words, "%s %d%s", rows[i].words, (int)to_frame(&scene, 5),
                 i == 2 ? " 20ms" : "");
        act(&scene, "alice-bob", words);
        while (session_step(scene.session, SESSION_EVENT, 1, NULL) == SESSION_THERE)
            assert_balanced(&scene);
        assert_int_equal(cell(&scene, "alice", "ping", "received"), rows[i].received);
        assert_int_equal(run_ledger(session_run(scene.session)).copied, rows[i].copied);
        assert_int_equal(run_ledger(session_run(scene.session)).discarded, rows[i].discarded);
        assert_int_equal(session_flight_count(scene.session), 0);
        scene_release(&scene);
    }
}

static void test_actions__set_rate_and_delay_of_a_link(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 1500 * NT_MILLISECOND, NULL);
    act(&scene, "alice-bob", "set delay 100ms");
    session_goto(scene.session, 2150 * NT_MILLISECOND, NULL); /* a reply is on its way */
    act(&scene, "alice-bob", "set rate '1 Mbps'");
    act(&scene, "alice-bob", "set delay 1us");
    while (session_step(scene.session, SESSION_EVENT, 1, NULL) == SESSION_THERE)
        assert_balanced(&scene);
    assert_int_equal(cell(&scene, "alice", "ping", "received"), 4);
    int64_t longest = cell(&scene, "alice", "ping", "rtt_max");
    assert_in_range(longest, 200 * NT_MILLISECOND, 201 * NT_MILLISECOND);
    uint64_t digest = session_state_digest(scene.session);
    session_goto(scene.session, NT_SECOND, NULL);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_equal(session_state_digest(scene.session), digest);
    scene_release(&scene);
}

static void test_actions__a_fork_keeps_this_future(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    session_goto(scene.session, 1500 * NT_MILLISECOND, NULL);
    act(&scene, "bob", "ping -c 1 alice");
    session_goto(scene.session, 2500 * NT_MILLISECOND, NULL);
    struct session *kept = session_fork(scene.session, NULL);
    assert_int_equal(session_now(kept), session_now(scene.session));
    assert_int_equal(session_records(kept), session_records(scene.session));
    assert_int_equal(run_digest(session_run(kept)), run_digest(session_run(scene.session)));
    act(&scene, "alice-bob", "cut");
    session_goto(kept, 6 * NT_SECOND, NULL);
    session_goto(scene.session, 6 * NT_SECOND, NULL);
    assert_int_not_equal(run_digest(session_run(kept)), run_digest(session_run(scene.session)));
    assert_int_equal(session_undo(scene.session, 1, NULL), SESSION_THERE);
    assert_int_equal(run_digest(session_run(kept)), run_digest(session_run(scene.session)));
    session_free(kept);
    scene_release(&scene);
}

/* Memory that the busy scene needs after 50 ms. */
static size_t memory_needed(void)
{
    struct scene scene;
    scene_init(&scene, scene_busy, NULL);
    session_goto(scene.session, 50 * NT_MILLISECOND, NULL);
    size_t bytes = run_memory_bytes(session_run(scene.session));
    scene_release(&scene);
    return bytes;
}

static void test_actions__a_network_that_fails_can_be_looked_at_up_to_there(void **state)
{
    struct scene scene;
    struct session_options options = {.memory_limit_bytes = memory_needed() + ((size_t)64 << 10)};
    struct nt_why why;
    scene_init(&scene, scene_busy, &options);
    struct session *session = scene.session;
    session_goto(session, 50 * NT_MILLISECOND, NULL);
    /* so many commands that the network's memory does not hold them */
    bool is_done = true;
    for (int i = 0; is_done && i < 100000; i++)
        is_done = session_command(session, scene_node(&scene, "sw"), "drop 1", &why);
    assert_false(is_done);
    assert_non_null(strstr(why.text, "memory"));
    uint64_t full = session_state_digest(session);
    assert_int_equal(session_goto(session, NT_SECOND, NULL), SESSION_FAILED);
    assert_non_null(strstr(session_failure(session), "memory"));
    uint64_t event = session_event(session), digest = session_state_digest(session);
    assert_int_equal(session_step(session, SESSION_EVENT, 1, NULL), SESSION_FAILED);
    assert_int_equal(session_event(session), event);
    assert_int_equal(session_state_digest(session), digest);
    session_goto(session, 50 * NT_MILLISECOND, NULL);
    assert_int_equal(session_state_digest(session), full);
    assert_int_equal(session_goto_event(session, event, NULL), SESSION_THERE);
    assert_int_equal(session_state_digest(session), digest);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions__a_cut_cable_carries_nothing_until_it_is_mended),
        cmocka_unit_test(test_actions__are_done_again_whenever_time_passes_them),
        cmocka_unit_test(test_actions__undo_makes_it_never_have_been),
        cmocka_unit_test(test_actions__redo_is_the_run_that_was_taken_back),
        cmocka_unit_test(test_actions__set_loss_of_a_link),
        cmocka_unit_test(test_actions__that_make_no_sense_are_refused_and_leave_no_trace),
        cmocka_unit_test(test_actions__make_frames_anew_that_have_the_numbers_of_others),
        cmocka_unit_test(test_actions__drop_one_frame),
        cmocka_unit_test(test_actions__duplicate_corrupt_and_delay_one_frame),
        cmocka_unit_test(test_actions__set_rate_and_delay_of_a_link),
        cmocka_unit_test(test_actions__a_fork_keeps_this_future),
        cmocka_unit_test(test_actions__a_network_that_fails_can_be_looked_at_up_to_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
