/* SPDX-License-Identifier: MIT
 * The link: times to the picosecond, order, the queue, cutting and mending, and one event for each frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nodes/link.h"
#include "nodes/queues/queues.h"
#include "tests/sim/hand.h"

#define MOST 4000

/* Remembers the frame records of a run. */
struct watcher {
    struct run_sink sink;
    struct nt_record records[MOST];
    size_t count;
};

static void watcher_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct watcher *watcher = NT_OWNER(sink, struct watcher, sink);
    if (watcher->count < MOST && record->kind <= RUN_KIND_FRAME_DROP)
        watcher->records[watcher->count++] = *record;
}

/* ---- A station that sends when told to ---- */

struct station {
    uint64_t heard;
};

static void station_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct station *station = node->state;
    station->heard++;
    nt_frame_unref(node, frame);
}

static const struct nt_node_type station_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "station",
                                                 .port_prefix = "eth",
                                                 .max_ports = 1,
                                                 .state_bytes = sizeof(struct station),
                                                 .receive = station_receive};

struct bench {
    struct registry registry;
    struct scenario scenario;
    struct scenario_node nodes[3];
    struct scenario_joint joints[2];
    struct nt_value values[8];
    struct nt_value queue[1];
    struct run *run;
    struct watcher watcher;
};

static void bench_init(struct bench *bench, int64_t queue_limit, bool limit_is_bytes)
{
    memset(bench, 0, sizeof *bench);
    registry_init(&bench->registry);
    bench->values[0].number = 10000000; /* rate */
    bench->values[2].number = 100000;   /* length: 100 m */
    bench->queue[0] = (struct nt_value){.number = queue_limit, .extra = limit_is_bytes};
    bench->values[4] = (struct nt_value){
        .is_given = queue_limit >= 0, .part = &drop_tail_part, .items = bench->queue, .count = 1};
    bench->nodes[0] = (struct scenario_node){.name = "west", .type = &station_type};
    bench->nodes[1] = (struct scenario_node){.name = "east", .type = &station_type};
    bench->nodes[2] = (struct scenario_node){.name = "cable", .type = &link_type};
    bench->nodes[2].values.values = bench->values;
    bench->joints[0].node[1] = 2;
    bench->joints[1].node[0] = 2;
    bench->joints[1].node[1] = 1;
    bench->scenario = (struct scenario){.file = "hand.json",
                                        .stop = 3600 * NT_SECOND,
                                        .nodes = bench->nodes,
                                        .node_count = 3,
                                        .joints = bench->joints,
                                        .joint_count = 2};
    struct error_list errors;
    error_list_init(&errors);
    bench->run = run_new(&bench->registry, 0);
    assert_true(run_build(bench->run, &bench->scenario, &errors));
    error_list_release(&errors);
    bench->watcher.sink.take = watcher_take;
    run_listen(bench->run, &bench->watcher.sink);
    run_step(bench->run);
}

static void bench_release(struct bench *bench)
{
    run_free(bench->run);
    registry_release(&bench->registry);
}

static void send(struct bench *bench, uint32_t node, uint32_t length)
{
    struct nt_node *from = (struct nt_node *)run_node(bench->run, node);
    struct nt_frame *frame = nt_frame_new(from, 0, length - 4);
    memset(frame->bytes, 0x55, length - 4);
    nt_frame_seal(from, frame);
    nt_transmit(from->ports[0], frame);
}

static void assert_record(const struct bench *bench, size_t index, enum run_kind kind, nt_time at)
{
    const struct nt_record *record = &bench->watcher.records[index];
    if (index >= bench->watcher.count || record->kind != (uint32_t)kind || record->at != at)
        fail_msg("record %zu of %zu: kind %u at %lld, expected kind %d at %lld", index, bench->watcher.count,
                 record->kind, (long long)record->at, kind, (long long)at);
}

#define PROPAGATION INT64_C(565363) /* 100 m at 0.59 c */
#define AIR_64 INT64_C(57600000)    /* 576 bits at 10 Mb/s */
#define NEXT_64 INT64_C(67200000)   /* with the gap: 672 bits, ETH-1 */

static void test_link__a_frame_arrives_after_air_time_and_propagation(void **state)
{
    static struct bench bench;
    bench_init(&bench, -1, false);
    send(&bench, 1, 64);
    run_advance(bench.run, NT_SECOND, NULL);
    assert_int_equal(bench.watcher.count, 2);
    assert_record(&bench, 0, RUN_KIND_FRAME_TX, 0);
    assert_record(&bench, 1, RUN_KIND_FRAME_RX, AIR_64 + PROPAGATION);
    assert_int_equal(bench.watcher.records[1].cause, bench.watcher.records[0].number);
    bench_release(&bench);
}

/* ETH-9, ETH-19: 96 bits between frames; both directions at once. */
static void test_link__frames_follow_each_other_with_the_gap_in_both_directions(void **state)
{
    static struct bench bench;
    bench_init(&bench, -1, false);
    for (int i = 0; i < 3; i++) {
        send(&bench, 1, 64);
        send(&bench, 2, 64);
    }
    run_advance(bench.run, NT_SECOND, NULL);
    assert_int_equal(bench.watcher.count, 12);
    static const size_t tx_of_west[] = {0, 4, 8};
    size_t seen = 0;
    for (size_t i = 0; i < bench.watcher.count; i++)
        if (bench.watcher.records[i].kind == RUN_KIND_FRAME_TX && bench.watcher.records[i].node == 1)
            assert_int_equal(bench.watcher.records[i].at, (nt_time)seen++ * NEXT_64);
    assert_int_equal(seen, sizeof tx_of_west / sizeof *tx_of_west);
    bench_release(&bench);
}

static void test_link__a_full_queue_drops_by_packets_and_by_bytes(void **state)
{
    static struct bench bench;
    bench_init(&bench, 2, false);
    for (int i = 0; i < 5; i++)
        send(&bench, 1, 100);
    assert_int_equal(run_ledger(bench.run).dropped, 2); /* one on the wire, two wait */
    assert_int_equal(run_ledger(bench.run).held, 3);
    run_advance(bench.run, NT_SECOND, NULL);
    assert_int_equal(run_ledger(bench.run).delivered, 3);
    bench_release(&bench);
    bench_init(&bench, 250, true);
    for (int i = 0; i < 5; i++)
        send(&bench, 1, 100);
    assert_int_equal(run_ledger(bench.run).dropped, 2);
    bench_release(&bench);
}

static void test_link__the_queue_empties_as_frames_start(void **state)
{
    static struct bench bench;
    bench_init(&bench, 1, false);
    send(&bench, 1, 64);
    send(&bench, 1, 64);
    run_advance(bench.run, NEXT_64 - 1, NULL);
    send(&bench, 1, 64);
    assert_int_equal(run_ledger(bench.run).dropped, 1);
    run_advance(bench.run, NEXT_64, NULL);
    send(&bench, 1, 64);
    assert_int_equal(run_ledger(bench.run).dropped, 1);
    bench_release(&bench);
}

static void test_link__cutting_loses_what_is_on_it_and_mending_carries_again(void **state)
{
    static struct bench bench;
    bench_init(&bench, -1, false);
    const struct nt_node *cable = run_node(bench.run, 3);
    for (int i = 0; i < 3; i++)
        send(&bench, 1, 64);
    struct nt_app app = {
        .node = (struct nt_node *)cable, .type = &link_type.commands[0], .words = "cut", .is_running = true};
    app.type->start(&app);
    assert_int_equal(run_ledger(bench.run).dropped, 3);
    assert_false(run_port(bench.run, 1)->is_up);
    send(&bench, 1, 64);
    assert_int_equal(run_ledger(bench.run).dropped, 4);
    app = (struct nt_app){
        .node = (struct nt_node *)cable, .type = &link_type.commands[1], .words = "mend", .is_running = true};
    app.type->start(&app);
    send(&bench, 1, 64);
    run_advance(bench.run, NT_SECOND, NULL);
    assert_int_equal(run_ledger(bench.run).delivered, 1);
    assert_int_equal(run_ledger(bench.run).held, 0);
    bench_release(&bench);
}

static uint64_t digest_of_ring(bool is_watched, nt_time until, uint64_t *ret_events,
                               uint64_t *ret_allocations)
{
    struct hand hand;
    static struct watcher watcher;
    hand_init(&hand, &link_type, 6, 4);
    watcher = (struct watcher){.sink.take = watcher_take};
    if (is_watched)
        run_listen(hand.run, &watcher.sink);
    run_advance(hand.run, until / 2, NULL);
    *ret_allocations = run_allocation_count(hand.run);
    run_advance(hand.run, until, NULL);
    *ret_allocations = run_allocation_count(hand.run) - *ret_allocations;
    *ret_events = run_event_count(hand.run);
    uint64_t digest = run_digest(hand.run);
    struct run_ledger ledger = run_ledger(hand.run);
    assert_int_equal(ledger.sent, ledger.delivered + ledger.dropped + ledger.held);
    hand_release(&hand);
    return digest;
}

static void test_link__watching_it_changes_nothing(void **state)
{
    uint64_t events, allocations;
    uint64_t digest = digest_of_ring(false, 50 * NT_MILLISECOND, &events, &allocations);
    assert_int_equal(digest, digest_of_ring(true, 50 * NT_MILLISECOND, &events, &allocations));
}

#if defined(__SANITIZE_ADDRESS__)
#define FRAMES_ARE_KEPT 0
#else
#define FRAMES_ARE_KEPT 1
#endif

/* The aim of the design: one event a hop and no allocation. (The sanitizer's build gives frames back to the
 * world.) */
static void test_link__needs_one_event_a_frame_and_no_allocation(void **state)
{
    uint64_t events, allocations;
    struct hand hand;
    hand_init(&hand, &link_type, 6, 4);
    run_advance(hand.run, 100 * NT_MILLISECOND, NULL);
    events = run_event_count(hand.run);
    allocations = run_allocation_count(hand.run);
    uint64_t delivered = run_ledger(hand.run).delivered, sent = run_ledger(hand.run).sent;
    run_advance(hand.run, 200 * NT_MILLISECOND, NULL);
    events = run_event_count(hand.run) - events;
    delivered = run_ledger(hand.run).delivered - delivered;
    sent = run_ledger(hand.run).sent - sent;
    assert_true(events <= sent + delivered);
    allocations =
        run_allocation_count(hand.run) - allocations; /* only when more frames wait than ever before */
    assert_true(!FRAMES_ARE_KEPT || allocations * 100 < delivered);
    hand_release(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link__a_frame_arrives_after_air_time_and_propagation),
        cmocka_unit_test(test_link__frames_follow_each_other_with_the_gap_in_both_directions),
        cmocka_unit_test(test_link__a_full_queue_drops_by_packets_and_by_bytes),
        cmocka_unit_test(test_link__the_queue_empties_as_frames_start),
        cmocka_unit_test(test_link__cutting_loses_what_is_on_it_and_mending_carries_again),
        cmocka_unit_test(test_link__watching_it_changes_nothing),
        cmocka_unit_test(test_link__needs_one_event_a_frame_and_no_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
