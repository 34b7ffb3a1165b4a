/* SPDX-License-Identifier: MIT
 * The run: same seed same digest, watched or not; a checkpoint brings everything back; no frame is lost
 * silently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/hand.h"

/* A watcher that remembers all records. */
struct watcher {
    struct run_sink sink;
    struct nt_record *records;
    size_t count, capacity;
};

static void watcher_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct watcher *watcher = NT_OWNER(sink, struct watcher, sink);
    if (watcher->count == watcher->capacity) {
        watcher->capacity = watcher->capacity ? watcher->capacity * 2 : 1024;
        watcher->records = realloc(watcher->records, watcher->capacity * sizeof *watcher->records);
    }
    assert_int_equal(record->number, watcher->count + 1);
    assert_true(record->cause < record->number);
    watcher->records[watcher->count++] = *record;
}

static void watcher_cut(struct run_sink *sink, uint64_t last)
{
    NT_OWNER(sink, struct watcher, sink)->count = last;
}

static void watch(struct watcher *watcher, struct run *run)
{
    memset(watcher, 0, sizeof *watcher);
    watcher->sink.take = watcher_take;
    watcher->sink.cut = watcher_cut;
    run_listen(run, &watcher->sink);
}

static void assert_balanced(const struct run *run)
{
    struct run_ledger ledger = run_ledger(run);
    assert_int_equal(ledger.sent + ledger.copied, ledger.delivered + ledger.dropped + ledger.held);
}

static uint64_t digest_after(uint64_t seed, bool is_watched, nt_time until)
{
    struct hand hand;
    struct watcher watcher = {0};
    hand_init(&hand, &hand_wire, 9, seed);
    if (is_watched)
        watch(&watcher, hand.run);
    run_advance(hand.run, until, NULL);
    uint64_t digest = run_digest(hand.run);
    hand_release(&hand);
    free(watcher.records);
    return digest;
}

static void test_run__same_seed_same_digest_other_seed_another(void **state)
{
    uint64_t digest = digest_after(1, false, 20 * NT_MILLISECOND);
    assert_int_equal(digest, digest_after(1, false, 20 * NT_MILLISECOND));
    assert_int_not_equal(digest, digest_after(2, false, 20 * NT_MILLISECOND));
    assert_int_not_equal(digest, digest_after(1, false, 21 * NT_MILLISECOND));
}

static void test_run__watching_does_not_change_the_digest(void **state)
{
    assert_int_equal(digest_after(5, false, 20 * NT_MILLISECOND), digest_after(5, true, 20 * NT_MILLISECOND));
}

static void test_run__no_frame_is_lost_silently_at_any_event(void **state)
{
    struct hand hand;
    hand_init(&hand, &hand_wire, 5, 3);
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(run_step(hand.run), RUN_GOES_ON);
        assert_balanced(hand.run);
    }
    struct run_reason reasons[4];
    assert_int_equal(run_reasons(hand.run, reasons, 4), 2);
    uint64_t dropped = 0, discarded = 0;
    for (int i = 0; i < 2; i++)
        *(reasons[i].is_discard ? &discarded : &dropped) += reasons[i].count;
    assert_int_equal(dropped, run_ledger(hand.run).dropped);
    assert_int_equal(discarded, run_ledger(hand.run).discarded);
    assert_true(dropped > 100 && discarded > 100);
    hand_release(&hand);
}

static void test_run__restoring_a_checkpoint_and_running_again_gives_the_same_run(void **state)
{
    struct hand hand;
    struct watcher watcher;
    hand_init(&hand, &hand_wire, 7, 11);
    watch(&watcher, hand.run);
    run_advance(hand.run, 5 * NT_MILLISECOND, NULL);
    uint64_t digest_then = run_digest(hand.run), records_then = run_record_count(hand.run);
    struct checkpoint *checkpoint = run_save(hand.run);
    assert_int_equal(checkpoint_at(checkpoint), 5 * NT_MILLISECOND);
    run_advance(hand.run, 15 * NT_MILLISECOND, NULL);
    uint64_t digest_later = run_digest(hand.run);
    size_t count = watcher.count;
    struct nt_record *records = malloc(count * sizeof *records);
    memcpy(records, watcher.records, count * sizeof *records);
    for (int round = 0; round < 3; round++) {
        run_restore(hand.run, checkpoint);
        assert_int_equal(run_now(hand.run), 5 * NT_MILLISECOND);
        assert_int_equal(run_digest(hand.run), digest_then);
        assert_int_equal(watcher.count, records_then);
        assert_balanced(hand.run);
        run_advance(hand.run, 15 * NT_MILLISECOND, NULL);
        assert_int_equal(run_digest(hand.run), digest_later);
        assert_int_equal(watcher.count, count);
        assert_memory_equal(watcher.records, records, count * sizeof *records);
    }
    free(records);
    free(watcher.records);
    checkpoint_free(checkpoint);
    hand_release(&hand);
}

static void test_run__many_checkpoints_can_be_visited_in_any_order(void **state)
{
    struct hand hand;
    struct checkpoint *checkpoints[20];
    uint64_t digests[20];
    hand_init(&hand, &hand_wire, 4, 23);
    for (int i = 0; i < 20; i++) {
        run_advance(hand.run, (i + 1) * NT_MILLISECOND, NULL);
        digests[i] = run_digest(hand.run);
        checkpoints[i] = run_save(hand.run);
    }
    for (int i = 0; i < 60; i++) {
        int from = i * 7 % 20, to = (i * 11 + 3) % 20;
        run_restore(hand.run, checkpoints[from < to ? from : to]);
        run_advance(hand.run, ((from < to ? to : from) + 1) * NT_MILLISECOND, NULL);
        assert_int_equal(run_digest(hand.run), digests[from < to ? to : from]);
    }
    for (int i = 0; i < 20; i++)
        checkpoint_free(checkpoints[i]);
    hand_release(&hand);
}

static void test_run__stepping_and_advancing_do_the_same(void **state)
{
    struct hand hand;
    hand_init(&hand, &hand_wire, 9, 1);
    while (run_next_at(hand.run) <= 20 * NT_MILLISECOND)
        run_step(hand.run);
    assert_int_equal(run_digest(hand.run), digest_after(1, false, 20 * NT_MILLISECOND));
    hand_release(&hand);
}

static void test_run__an_interruption_stops_between_two_events(void **state)
{
    struct hand hand;
    volatile bool is_interrupted = true;
    hand_init(&hand, &hand_wire, 3, 1);
    assert_int_equal(run_advance(hand.run, NT_SECOND, &is_interrupted), RUN_GOES_ON);
    assert_int_equal(run_event_count(hand.run), 0);
    hand_release(&hand);
}

static void test_run__adding_a_node_moves_no_other_nodes_dice(void **state)
{
    struct hand few, many;
    hand_init(&few, &hand_wire, 4, 9);
    hand_init(&many, &hand_wire, 6, 9);
    run_advance(few.run, 10 * NT_MILLISECOND, NULL);
    run_advance(many.run, 10 * NT_MILLISECOND, NULL);
    for (uint32_t id = 1; id <= 4; id++) {
        struct nt_cell a[NT_COLUMNS], b[NT_COLUMNS];
        hand_talker.tables[0].row(run_node(few.run, id), 0, a);
        hand_talker.tables[0].row(run_node(many.run, id), 0, b);
        assert_int_equal(a[0].number, b[0].number);
    }
    hand_release(&few);
    hand_release(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run__same_seed_same_digest_other_seed_another),
        cmocka_unit_test(test_run__watching_does_not_change_the_digest),
        cmocka_unit_test(test_run__no_frame_is_lost_silently_at_any_event),
        cmocka_unit_test(test_run__restoring_a_checkpoint_and_running_again_gives_the_same_run),
        cmocka_unit_test(test_run__many_checkpoints_can_be_visited_in_any_order),
        cmocka_unit_test(test_run__stepping_and_advancing_do_the_same),
        cmocka_unit_test(test_run__an_interruption_stops_between_two_events),
        cmocka_unit_test(test_run__adding_a_node_moves_no_other_nodes_dice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
