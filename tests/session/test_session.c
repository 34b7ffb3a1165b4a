/* SPDX-License-Identifier: MIT
 * Moving through time: by events, frames, records and instants, forward and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/session/scene.h"

static void test_session__begins_before_time_zero_and_says_so(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    assert_int_equal(session_event(session), 0);
    assert_int_equal(session_back(session, SESSION_EVENT, 1, NULL), SESSION_START);
    assert_int_equal(session_back(session, SESSION_FRAME, 1, NULL), SESSION_START);
    assert_int_equal(session_goto(session, -1, NULL), SESSION_START);
    assert_int_equal(session_event(session), 0);
    scene_release(&scene);
}

static void test_session__ends_with_the_scenario_and_says_so(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    assert_int_equal(session_goto(session, 7 * NT_SECOND, NULL), SESSION_END);
    assert_int_equal(session_now(session), 6 * NT_SECOND);
    assert_int_equal(session_step(session, SESSION_EVENT, 1, NULL), SESSION_END);
    assert_int_equal(session_step(session, SESSION_FRAME, 1, NULL), SESSION_END);
    assert_int_equal(session_goto(session, 6 * NT_SECOND, NULL), SESSION_THERE);
    assert_int_equal(session_now(session), 6 * NT_SECOND);
    scene_release(&scene);
}

static void test_session__every_event_forward_is_the_same_event_back(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    uint64_t digests[200], records[200];
    nt_time times[200];
    size_t count = 0;
    do {
        digests[count] = session_state_digest(session);
        times[count] = session_now(session);
        records[count++] = session_records(session);
    } while (session_step(session, SESSION_EVENT, 1, NULL) == SESSION_THERE);
    assert_in_range(count, 10, 199);
    assert_int_equal(session_goto_event(session, count - 1, NULL), SESSION_THERE);
    for (size_t i = count - 1; i-- > 0;) {
        assert_int_equal(session_back(session, SESSION_EVENT, 1, NULL), SESSION_THERE);
        assert_int_equal(session_event(session), i);
        assert_int_equal(session_now(session), times[i]);
        assert_int_equal(session_records(session), records[i]);
        assert_int_equal(session_state_digest(session), digests[i]);
    }
    assert_int_equal(session_known_events(session), count - 1);
    scene_release(&scene);
}

static void test_session__steps_by_frames_both_ways(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    uint64_t events[100], count = 0;
    while (session_step(session, SESSION_FRAME, 1, NULL) == SESSION_THERE) {
        const struct nt_record *record = session_record(session, session_cause_of_stop(session));
        assert_int_equal(record->kind, RUN_KIND_FRAME_TX);
        events[count++] = session_event(session);
    }
    assert_int_equal(count, 10); /* ARP both ways, and four echoes with their replies */
    for (uint64_t i = count; i-- > 0;) {
        assert_int_equal(session_back(session, SESSION_FRAME, 1, NULL), SESSION_THERE);
        assert_int_equal(session_event(session), events[i]);
    }
    assert_int_equal(session_back(session, SESSION_FRAME, 1, NULL), SESSION_START);
    assert_int_equal(session_step(session, SESSION_FRAME, 7, NULL), SESSION_THERE);
    assert_int_equal(session_event(session), events[6]);
    assert_int_equal(session_back(session, SESSION_FRAME, 3, NULL), SESSION_THERE);
    assert_int_equal(session_event(session), events[3]);
    scene_release(&scene);
}

static void test_session__goes_to_instants_in_any_order(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_busy, NULL);
    struct session *session = scene.session;
    uint64_t digests[21];
    for (int i = 0; i <= 20; i++) {
        assert_int_equal(session_goto(session, i * 100 * NT_MILLISECOND, NULL), SESSION_THERE);
        digests[i] = session_state_digest(session);
        assert_int_equal(session_now(session), i * 100 * NT_MILLISECOND);
    }
    for (int i = 0; i < 60; i++) {
        int to = (i * 11 + 3) % 21;
        assert_int_equal(session_goto(session, to * 100 * NT_MILLISECOND, NULL), SESSION_THERE);
        assert_int_equal(session_state_digest(session), digests[to]);
    }
    scene_release(&scene);
}

static void test_session__two_hundred_thousand_events_and_back_to_any_record(void **state)
{
    enum { EVENTS = 200000, VISITS = 500 };
    struct scene scene;
    scene_init(&scene, scene_busy, NULL);
    struct session *session = scene.session;
    uint64_t *digests = calloc(EVENTS + 1, sizeof *digests);
    uint64_t dice = 42;
    for (uint64_t event = 1; event <= EVENTS; event++) {
        assert_int_equal(session_step(session, SESSION_EVENT, 1, NULL), SESSION_THERE);
        if (event % 97 == 0) /* the whole memory each time would take minutes */
            digests[event] = session_state_digest(session);
    }
    for (int visit = 0; visit < VISITS; visit++) {
        dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t event = (dice >> 33) % (EVENTS / 97) * 97 + 97;
        uint64_t record = session_told_by(session, event);
        if (session_event_of(session, record) == event)
            assert_int_equal(session_goto_record(session, record, NULL), SESSION_THERE);
        else /* this event told nothing */
            assert_int_equal(session_goto_event(session, event, NULL), SESSION_THERE);
        assert_int_equal(session_event(session), event);
        assert_int_equal(session_records(session), record);
        assert_int_equal(session_state_digest(session), digests[event]);
    }
    assert_true(session_checkpoint_count(session) > 3);
    assert_true(session_checkpoint_bytes(session) <= (size_t)256 << 20);
    free(digests);
    scene_release(&scene);
}

/* Forward through checkpoints, over what is known already: nothing of it is forgotten. */
static void test_session__leaps_forward_keep_all_records(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_busy, NULL);
    struct session *session = scene.session;
    assert_int_equal(session_goto_event(session, 200000, NULL), SESSION_THERE);
    uint64_t known = session_known_records(session);
    for (unsigned part = 1; part <= 4; part++) {
        assert_int_equal(session_goto_record(session, known * part / 4, NULL), SESSION_THERE);
        assert_int_equal(session_known_records(session), known);
        for (uint64_t number = 1; number <= known; number++)
            if (!session_record(session, number) || session_record(session, number)->number != number)
                fail_msg("record %llu is gone at %u/4", (unsigned long long)number, part);
    }
    scene_release(&scene);
}

static void test_session__checkpoints_keep_within_their_budget(void **state)
{
    struct scene scene;
    struct session_options options = {.checkpoint_bytes = (size_t)8 << 20};
    scene_init(&scene, scene_busy, &options);
    struct session *session = scene.session;
    assert_int_equal(session_goto_event(session, 150000, NULL), SESSION_THERE);
    assert_true(session_checkpoint_bytes(session) <= options.checkpoint_bytes);
    size_t count = session_checkpoint_count(session);
    assert_true(count >= 2);
    assert_int_equal(session_checkpoint_at(session, 0).event, 0);
    uint64_t digest = session_state_digest(session);
    assert_int_equal(session_goto_event(session, 75001, NULL), SESSION_THERE);
    assert_int_equal(session_goto_event(session, 150000, NULL), SESSION_THERE);
    assert_int_equal(session_state_digest(session), digest);
    scene_release(&scene);
}

static void test_session__the_known_future_stays_until_something_is_changed(void **state)
{
    struct scene scene;
    struct nt_why why;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    session_goto(session, 5 * NT_SECOND, NULL);
    uint64_t all = session_records(session);
    struct nt_record last = *session_record(session, all);
    session_goto(session, NT_SECOND, NULL);
    assert_true(session_records(session) < all);
    assert_int_equal(session_known_records(session), all);
    assert_memory_equal(session_record(session, all), &last, sizeof last);
    assert_string_not_equal(run_text(session_run(session), 1), "");
    assert_true(session_command(session, scene_node(&scene, "alice-bob"), "cut", &why));
    assert_int_equal(session_known_records(session), session_records(session));
    scene_release(&scene);
}

static void test_session__frames_keep_their_bytes_and_are_found_again(void **state)
{
    struct scene scene;
    struct session_options options = {.frame_bytes = 1}; /* one block of 1 MiB at a time */
    struct session_frame frame;
    scene_init(&scene, scene_busy, &options);
    struct session *session = scene.session;
    assert_false(session_frame(session, 1, &frame));
    assert_int_equal(session_step(session, SESSION_FRAME, 1, NULL), SESSION_THERE);
    uint64_t id = session_record(session, session_cause_of_stop(session))->frame;
    assert_true(session_frame(session, id, &frame));
    uint8_t bytes[2000];
    uint32_t length = frame.length_bytes;
    assert_true(frame.has_fcs && length >= 64 && length < sizeof bytes);
    memcpy(bytes, frame.bytes, length);
    assert_int_equal(session_goto(session, 3 * NT_SECOND, NULL), SESSION_THERE);
    uint64_t digest = session_state_digest(session);
    assert_true(session_frame(session, id, &frame)); /* given up long ago */
    assert_int_equal(frame.length_bytes, length);
    assert_memory_equal(frame.bytes, bytes, length);
    assert_int_equal(session_state_digest(session), digest);
    assert_false(session_frame(session, session_frames(session) + 1, &frame));
    assert_false(session_frame(session, 0, &frame));
    scene_release(&scene);
}

static void test_session__knows_the_frames_on_their_way(void **state)
{
    struct scene scene;
    scene_init(&scene, scene_two_hosts, NULL);
    struct session *session = scene.session;
    assert_int_equal(session_flight_count(session), 0);
    session_step(session, SESSION_FRAME, 1, NULL);
    assert_int_equal(session_flight_count(session), 1);
    struct session_flight flight = session_flight_at(session, 0);
    assert_int_equal(flight.medium, scene_node(&scene, "alice-bob"));
    assert_int_equal(flight.since, session_now(session));
    session_goto(session, session_now(session) + flight.air_time - 1, NULL);
    assert_int_equal(session_flight_count(session), 1);
    session_back(session, SESSION_EVENT, 1, NULL);
    assert_int_equal(session_flight_count(session), 0);
    session_goto(session, 6 * NT_SECOND, NULL);
    assert_int_equal(session_flight_count(session), 0);
    assert_int_equal(run_ledger(session_run(session)).held, 0);
    scene_release(&scene);
}

static void test_session__ends_where_its_records_are_full(void **state)
{
    struct scene scene;
    struct session_options options = {.record_bytes = (size_t)1 << 20};
    scene_init(&scene, scene_busy, &options);
    struct session *session = scene.session;
    assert_int_equal(session_goto(session, NT_SECOND, NULL), SESSION_FAILED);
    assert_non_null(strstr(session_failure(session), "1 MiB of records"));
    uint64_t event = session_event(session), digest = session_state_digest(session);
    assert_int_equal(session_step(session, SESSION_EVENT, 1, NULL), SESSION_FAILED);
    assert_int_equal(session_event(session), event);
    assert_int_equal(session_back(session, SESSION_EVENT, 100, NULL), SESSION_THERE);
    assert_int_equal(session_step(session, SESSION_EVENT, 100, NULL), SESSION_THERE);
    assert_int_equal(session_state_digest(session), digest);
    assert_int_equal(session_step(session, SESSION_EVENT, 1, NULL), SESSION_FAILED);
    scene_release(&scene);
}

static void test_session__slices_do_as_the_whole(void **state)
{
    struct scene scene;
    struct session_limits slice = {.events = 777};
    volatile bool is_interrupted = true;
    struct session_limits at_once = {.is_interrupted = &is_interrupted};
    scene_init(&scene, scene_busy, NULL);
    struct session *session = scene.session;
    session_goto(session, NT_SECOND, NULL);
    uint64_t digest = session_state_digest(session);
    session_goto(session, 0, NULL);
    assert_int_equal(session_play(session, NT_SECOND, &at_once), SESSION_PAUSED);
    int slices = 0;
    while (session_play(session, NT_SECOND, &slice) == SESSION_PAUSED)
        slices++;
    assert_true(slices > 3);
    assert_int_equal(session_state_digest(session), digest);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session__begins_before_time_zero_and_says_so),
        cmocka_unit_test(test_session__ends_with_the_scenario_and_says_so),
        cmocka_unit_test(test_session__every_event_forward_is_the_same_event_back),
        cmocka_unit_test(test_session__steps_by_frames_both_ways),
        cmocka_unit_test(test_session__goes_to_instants_in_any_order),
        cmocka_unit_test(test_session__two_hundred_thousand_events_and_back_to_any_record),
        cmocka_unit_test(test_session__leaps_forward_keep_all_records),
        cmocka_unit_test(test_session__checkpoints_keep_within_their_budget),
        cmocka_unit_test(test_session__the_known_future_stays_until_something_is_changed),
        cmocka_unit_test(test_session__frames_keep_their_bytes_and_are_found_again),
        cmocka_unit_test(test_session__knows_the_frames_on_their_way),
        cmocka_unit_test(test_session__ends_where_its_records_are_full),
        cmocka_unit_test(test_session__slices_do_as_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
