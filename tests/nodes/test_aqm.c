/* SPDX-License-Identifier: MIT
 * Disciplines that act before the queue is full, in front of a real link: RED against its paper (T-14), CoDel
 * against RFC 8289 (T-15), FQ-CoDel against RFC 8290 (T-16). Seeds are fixed, so a statistic that fits today
 * fits always. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nodes/queues/codel.h"
#include "nodes/queues/queues.h"
#include "nodes/queues/red.h"
#include "tests/nodes/traffic.h"

/* ---- RED ---- */

/* A RED queue that nobody serves but the test. */
struct red_bench {
    struct traffic traffic;
    struct nt_value values[8];
    struct red red;
    struct nt_queue queue;
    uint64_t dropped;
};

static void red_bench_init(struct red_bench *bench, int64_t weight_ppm)
{
    memset(bench, 0, sizeof *bench);
    traffic_line(&bench->traffic, "\"frames\": 0", "", "1 s");
    run_step(bench->traffic.run);
    static const int64_t numbers[] = {1000000, 5, 15, 20000,
                                      0,       1, 0,  500}; /* limit .. typical, the defaults */
    for (int i = 0; i < 8; i++)
        bench->values[i].number = numbers[i];
    bench->values[4].number = weight_ppm;
    bench->queue.ops = red_part.ops;
    bench->queue.node = (struct nt_node *)run_node_named(bench->traffic.run, "l");
    bench->queue.port = bench->queue.node->ports[0];
    bench->queue.state = &bench->red;
    bench->queue.rate_bps = 10000000;
    bench->queue.ops->init(&bench->queue, bench->values);
}

/* One arrival, which does not stay; `length` others wait. True: it got a signal. */
static bool red_bench_arrive(struct red_bench *bench, uint32_t length)
{
    struct nt_queued arrival = {nt_frame_new(bench->queue.node, 0, 60), 0, 0};
    struct nt_queued out;
    bench->queue.length = length;
    const char *reason = bench->queue.ops->enqueue(&bench->queue, &arrival);
    if (!reason)
        assert_true(bench->queue.ops->dequeue(&bench->queue, &out));
    nt_frame_unref(bench->queue.node, arrival.frame);
    return reason;
}

static void test_aqm__T_14_the_chance_of_a_signal_grows_with_those_let_pass(void **state)
{
    static struct red_bench bench;
    red_bench_init(&bench, 0);
    bench.red.average = 10 * RED_ONE; /* mid-way: Pb = 0.01 */
    static const struct {
        int64_t passed;
        double chance;
    } rows[] = {{0, 0.01}, {50, 0.02}, {75, 0.04}, {90, 0.1}, {98, 0.5}, {99, 1}, {150, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench.red.passed = rows[i].passed;
        traffic_assert_near("P", (double)red_chance_now(&bench.red) / RED_ONE, rows[i].chance, 1e-5);
    }
    traffic_release(&bench.traffic);
}

/* T-14: uniform on 1 .. 100, mean 50.5. Chi-square on 10 bins has 9 degrees of freedom: 21.67 is exceeded
 * once in 100. */
static void test_aqm__T_14_gaps_between_signals_are_uniform(void **state)
{
    static struct red_bench bench;
    enum { GAPS = 20000, BINS = 10 };
    uint64_t bins[BINS] = {0}, sum = 0;
    red_bench_init(&bench, 0);
    bench.red.average = 10 * RED_ONE;
    for (int i = 0; i < GAPS; i++) {
        uint64_t gap = 1;
        while (!red_bench_arrive(&bench, 10))
            gap++;
        assert_in_range(gap, 1, 100);
        bins[(gap - 1) / (100 / BINS)]++;
        sum += gap;
    }
    double chi_square = 0, each = (double)GAPS / BINS;
    for (int i = 0; i < BINS; i++)
        chi_square += ((double)bins[i] - each) * ((double)bins[i] - each) / each;
    if (getenv("SHOW_FIGURES"))
        printf("    chi-square %.2f (21.67 at 1 %%)\n", chi_square);
    assert_true(chi_square < 21.67);
    traffic_assert_near("mean gap", (double)sum / GAPS, 50.5, 0.02);
    traffic_release(&bench.traffic);
}

static void test_aqm__T_14_the_average_has_covered_63_percent_after_500(void **state)
{
    static struct red_bench bench;
    red_bench_init(&bench, 2000); /* 0.2 % */
    double expected = 0;
    for (int i = 1; i <= 500; i++) {
        red_bench_arrive(&bench, 4);
        expected = expected * (1 - 0.002) + 4 * 0.002;
    }
    traffic_assert_near("average", (double)bench.red.average / RED_ONE, expected, 1e-6);
    traffic_assert_near("step response", (double)bench.red.average / (4.0 * RED_ONE), 0.6325, 0.001);
    traffic_release(&bench.traffic);
}

/* T-14: min 5, a burst of 50 passes without a signal if w is at most 0.0042. */
static void test_aqm__T_14_a_burst_of_50_stays_under_the_threshold(void **state)
{
    static struct red_bench bench;
    static const struct {
        int64_t weight_ppm;
        bool passes;
    } rows[] = {{2000, true}, {4100, true}, {4300, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        red_bench_init(&bench, rows[i].weight_ppm);
        for (uint32_t length = 1; length <= 50; length++)
            bench.red.average = red_average_after(&bench.red, length);
        assert_int_equal(bench.red.average < bench.red.least, rows[i].passes);
        traffic_release(&bench.traffic);
    }
}

static void test_aqm__red_forgets_while_the_queue_is_empty(void **state)
{
    static struct red_bench bench;
    red_bench_init(&bench, 2000);
    bench.red.average = 10 * RED_ONE;
    double expected = 10;
    for (int i = 0; i < 1000; i++)
        expected *= 1 - 0.002;
    nt_time idle = 1000 * bench.red.small_frame_time;
    traffic_assert_near("average", (double)red_average_after_idle(&bench.red, idle) / RED_ONE, expected,
                        1e-5);
    assert_int_equal(red_average_after_idle(&bench.red, 3600 * NT_SECOND), 0);
    traffic_release(&bench.traffic);
}

static void test_aqm__red_is_gentle_above_the_maximum_or_not(void **state)
{
    static struct red_bench bench;
    red_bench_init(&bench, 0);
    bench.red.average = 22 * RED_ONE + RED_ONE / 2; /* half way from max to twice max */
    traffic_assert_near("gentle", (double)red_chance(&bench.red) / RED_ONE, 0.51, 1e-6);
    bench.red.average = 30 * RED_ONE;
    assert_int_equal(red_chance(&bench.red), RED_ONE);
    bench.red.is_gentle = false;
    bench.red.average = 15 * RED_ONE;
    assert_int_equal(red_chance(&bench.red), RED_ONE);
    traffic_release(&bench.traffic);
}

/* RFC 3168: who speaks ECN is marked, who does not is dropped, and the header is right afterwards (RFC 1624).
 */
static void test_aqm__red_marks_who_speaks_ecn(void **state)
{
    static const struct {
        const char *tos;
        bool is_marked;
    } rows[] = {{"[2]", true}, {"[1]", true}, {"[0]", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct traffic traffic;
        char source[200];
        snprintf(source, sizeof source,
                 "\"gap\": \"880 us\", \"gaps\": \"poisson\", \"frames\": 10000, \"tos\": %s", rows[i].tos);
        traffic_line(&traffic, source,
                     ", \"queue\": {\"type\": \"red\", \"ecn\": true, \"min\": \"1 packets\", \"max\": \"40 "
                     "packets\", \"chance\": \"30 %\"}",
                     "10 s");
        traffic_run(&traffic);
        uint64_t marked = traffic_seen(&traffic, "b")->marked, dropped = run_ledger(traffic.run).dropped;
        assert_int_equal(rows[i].is_marked ? dropped : marked, 0);
        assert_true((rows[i].is_marked ? marked : dropped) > 20);
        assert_int_equal(traffic_cell(&traffic, "l", "queue", "marked", 0), marked);
        assert_int_equal(traffic_seen(&traffic, "b")->damaged, 0);
        traffic_release(&traffic);
    }
}

/* ---- CoDel ---- */

#define SIGNALS 200

/* Remembers the signals and the states that CoDel tells. */
struct watcher {
    struct run_sink sink;
    const struct run *run;
    nt_time signal_at[SIGNALS];
    int64_t signal_count[SIGNALS];
    size_t signals;
    uint64_t told_drops;
};

static void watcher_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct watcher *watcher = NT_OWNER(sink, struct watcher, sink);
    const char *name = run_kind_at(watcher->run, record->kind)->name;
    watcher->told_drops += record->kind == RUN_KIND_FRAME_DROP;
    if (strcmp(name, "codel.signal") != 0 || watcher->signals == SIGNALS)
        return;
    watcher->signal_at[watcher->signals] = record->at;
    watcher->signal_count[watcher->signals++] = record->values[2];
}

static void watch(struct watcher *watcher, struct traffic *traffic)
{
    *watcher = (struct watcher){.sink = {.take = watcher_take}, .run = traffic->run};
    run_listen(traffic->run, &watcher->sink);
}

#define CODEL ", \"queue\": {\"type\": \"codel\", \"limit\": \"100000 packets\"}"
#define FRAME_TIME (800 * NT_MICROSECOND)

/* T-15, EXACT: 1.2 times the capacity, and nobody who listens to the signals. */
static void test_aqm__T_15_codel_drops_at_the_instants_of_the_control_law(void **state)
{
    static const double expected_ms[] = {100.00, 170.71, 228.45, 278.45, 323.17,
                                         363.99, 401.79, 437.14, 470.48, 502.10};
    struct traffic traffic;
    static struct watcher watcher;
    traffic_line(&traffic, "\"gap\": \"666667 ns\"", CODEL, "2 s");
    watch(&watcher, &traffic);
    traffic_run(&traffic);
    assert_true(watcher.signals > 20);
    for (size_t i = 0; i < sizeof expected_ms / sizeof *expected_ms; i++)
        assert_in_range(watcher.signal_at[i + 1] - watcher.signal_at[0],
                        (nt_time)(expected_ms[i] * 1e9) - FRAME_TIME,
                        (nt_time)(expected_ms[i] * 1e9) + FRAME_TIME);
    assert_in_range(watcher.signal_at[19] - watcher.signal_at[0], (nt_time)(737.16e9) - FRAME_TIME,
                    (nt_time)(737.16e9) + FRAME_TIME);
    if (getenv("SHOW_FIGURES"))
        for (size_t i = 0; i < 20; i++)
            printf("    drop %zu at +%.2f ms\n", i,
                   (double)(watcher.signal_at[i] - watcher.signal_at[0]) / 1e9);
    assert_int_equal(watcher.told_drops, run_ledger(traffic.run).dropped);
    traffic_release(&traffic);
}

/* RFC 8289 section 5.5: the waiting is above 5 ms for the first time after 25 frame times (each adds 0.133 ms
 * to the waiting: 38 frames), and a whole interval later comes the first drop. */
static void test_aqm__T_15_codel_waits_an_interval_before_the_first_drop(void **state)
{
    struct traffic traffic;
    static struct watcher watcher;
    traffic_line(&traffic, "\"gap\": \"666667 ns\"", CODEL, "1 s");
    watch(&watcher, &traffic);
    traffic_run(&traffic);
    nt_time above =
        NT_MILLISECOND + 38 * FRAME_TIME; /* frame 38 leaves after 38 others and has waited 5.07 ms */
    assert_in_range(watcher.signal_at[0], above + 100 * NT_MILLISECOND - FRAME_TIME,
                    above + 100 * NT_MILLISECOND + FRAME_TIME);
    traffic_release(&traffic);
}

/* T-15: leaving and coming back within 16 intervals, the count starts near its old value. */
static void test_aqm__T_15_codel_remembers_its_rate(void **state)
{
    struct traffic traffic;
    static struct watcher watcher;
    traffic_line(&traffic, "\"gap\": \"666667 ns\", \"pause\": \"500 ms\"", CODEL, "3 s");
    watch(&watcher, &traffic);
    traffic_run(&traffic);
    size_t again = 1;
    while (again < watcher.signals && watcher.signal_count[again] > watcher.signal_count[again - 1])
        again++;
    assert_true(again < watcher.signals);
    assert_true(watcher.signal_count[again] > 1);
    assert_int_equal(watcher.signal_count[again],
                     watcher.signal_count[again - 1] - 1); /* count - last_count */
    traffic_release(&traffic);
}

static void test_aqm__codel_leaves_a_short_queue_alone(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"4 ms\", \"burst\": 5", CODEL,
                 "10 s"); /* 5 x 0.8 ms: full load, never over 4 ms */
    traffic_run(&traffic);
    assert_int_equal(run_ledger(traffic.run).dropped, 0);
    traffic_release(&traffic);
}

static void test_aqm__codel_marks_who_speaks_ecn(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"666667 ns\", \"tos\": [2]",
                 ", \"queue\": {\"type\": \"codel\", \"ecn\": true, \"limit\": \"100000 packets\"}", "2 s");
    traffic_run(&traffic);
    assert_int_equal(run_ledger(traffic.run).dropped, 0);
    assert_true(traffic_seen(&traffic, "b")->marked > 20);
    assert_int_equal(traffic_cell(&traffic, "l", "queue", "marked", 0), traffic_seen(&traffic, "b")->marked);
    traffic_release(&traffic);
}

static void test_aqm__codel_control_law_has_the_exact_roots(void **state)
{
    struct codel_settings settings = {.interval = 100 * NT_MILLISECOND};
    static const struct {
        uint32_t count;
        nt_time step;
    } rows[] = {{1, INT64_C(100000000000)}, {2, INT64_C(70710678118)},   {3, INT64_C(57735026918)},
                {4, INT64_C(50000000000)},  {100, INT64_C(10000000000)}, {1000000, INT64_C(100000000)}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(codel_control_law(&settings, 0, rows[i].count), rows[i].step);
    settings.interval = 3600 * NT_SECOND;
    assert_int_equal(codel_control_law(&settings, 0, 4), 1800 * NT_SECOND);
}

/* ---- FQ-CoDel ---- */

static double jain_of(const uint64_t *bytes, int flows)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < flows; i++) {
        sum += (double)bytes[i];
        squares += (double)bytes[i] * (double)bytes[i];
    }
    return sum * sum / (flows * squares);
}

/* T-16: greedy flows of unequal strength get equal shares. Flow 0 offers 1.2 times the line, 1 and 2 each 0.4
 * times. */
static void test_aqm__T_16_fq_codel_is_fair_to_flows(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"400 us\", \"flows\": [0, 0, 0, 1, 2]",
                 ", \"queue\": {\"type\": \"fq_codel\"}", "20 s");
    traffic_run(&traffic);
    double jain = jain_of(traffic_seen(&traffic, "b")->flow_bytes, 3);
    if (getenv("SHOW_FIGURES"))
        printf("    Jain %.4f\n", jain);
    assert_true(jain >= 0.98);
    traffic_release(&traffic);
    traffic_line(&traffic, "\"gap\": \"400 us\", \"flows\": [0, 0, 0, 1, 2]",
                 ", \"queue\": {\"type\": \"codel\"}", "20 s");
    traffic_run(&traffic);
    assert_true(jain_of(traffic_seen(&traffic, "b")->flow_bytes, 3) <
                0.8); /* one queue for all: who pushes most wins */
    traffic_release(&traffic);
}

/* T-16: a flow that sends less than a quantum a round waits for at most one quantum of each of the three
 * others (and the frame that is just being sent). */
static void test_aqm__T_16_fq_codel_lets_sparse_flows_pass(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"400 us\", \"flows\": [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 3]",
                 ", \"queue\": {\"type\": \"fq_codel\"}", "20 s");
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    nt_time quantum = 1514 * 8 * INT64_C(100000), most = 3 * (quantum + FRAME_TIME) + 2 * FRAME_TIME;
    if (getenv("SHOW_FIGURES"))
        printf("    slowest of the sparse flow %.2f ms (%.2f allowed), of a greedy one %.2f ms\n",
               (double)seen->flow_slowest[3] / 1e9, (double)most / 1e9, (double)seen->flow_slowest[0] / 1e9);
    assert_in_range(seen->flow_slowest[3], 1, most);
    assert_true(seen->flow_slowest[0] > 10 * most);
    assert_int_equal(seen->flow_bytes[3], 980 * (traffic_seen(&traffic, "a")->sent / 16)); /* none is lost */
    traffic_release(&traffic);
}

static void test_aqm__a_full_fq_codel_takes_from_the_longest_flow(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"1 s\", \"burst\": 100, \"frames\": 100, \"flows\": [0, 0, 0, 0, 1]",
                 ", \"queue\": {\"type\": \"fq_codel\", \"limit\": \"40 packets\"}", "2 s");
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    assert_int_equal(seen->flow_bytes[1], 20 * 980);
    assert_in_range(seen->flow_bytes[0] / 980, 5, 21);
    assert_int_equal(run_ledger(traffic.run).dropped, 100 - seen->received);
    traffic_release(&traffic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_aqm__T_14_the_chance_of_a_signal_grows_with_those_let_pass),
        cmocka_unit_test(test_aqm__T_14_gaps_between_signals_are_uniform),
        cmocka_unit_test(test_aqm__T_14_the_average_has_covered_63_percent_after_500),
        cmocka_unit_test(test_aqm__T_14_a_burst_of_50_stays_under_the_threshold),
        cmocka_unit_test(test_aqm__red_forgets_while_the_queue_is_empty),
        cmocka_unit_test(test_aqm__red_is_gentle_above_the_maximum_or_not),
        cmocka_unit_test(test_aqm__red_marks_who_speaks_ecn),
        cmocka_unit_test(test_aqm__T_15_codel_drops_at_the_instants_of_the_control_law),
        cmocka_unit_test(test_aqm__T_15_codel_waits_an_interval_before_the_first_drop),
        cmocka_unit_test(test_aqm__T_15_codel_remembers_its_rate),
        cmocka_unit_test(test_aqm__codel_leaves_a_short_queue_alone),
        cmocka_unit_test(test_aqm__codel_marks_who_speaks_ecn),
        cmocka_unit_test(test_aqm__codel_control_law_has_the_exact_roots),
        cmocka_unit_test(test_aqm__T_16_fq_codel_is_fair_to_flows),
        cmocka_unit_test(test_aqm__T_16_fq_codel_lets_sparse_flows_pass),
        cmocka_unit_test(test_aqm__a_full_fq_codel_takes_from_the_longest_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
