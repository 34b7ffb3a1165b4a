/* SPDX-License-Identifier: MIT
 * Queue disciplines, in front of a real link: against queueing theory (S-01, S-02), against RED's paper
 * (T-14) and against RFC 8289 (T-15). Seeds are fixed, so a statistic that fits today fits always. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/nodes/traffic.h"

#define GAP_TIME (96 * INT64_C(100000)) /* after each frame, at 10 Mb/s */

/* ---- Queueing theory ---- */

/* The mean time from sending until the transmitter is free again, in ms. */
static double mean_sojourn(const char *source, const char *queue, uint64_t frames)
{
    struct traffic traffic;
    traffic_line(&traffic, source, queue, "100 min");
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    assert_int_equal(seen->received, frames);
    double mean = (double)seen->sojourn / (double)seen->received + GAP_TIME;
    traffic_release(&traffic);
    return mean / 1e9;
}

#define ENDLESS ", \"queue\": {\"type\": \"drop-tail\", \"limit\": \"1000000 packets\"}"
#define MILLION "\"frames\": 1000000"

static void test_queues__S_01_waiting_times_are_those_of_queueing_theory(void **state)
{
    static const struct {
        const char *what, *source;
        double expected_ms, tolerance;
    } rows[] = {{"M/M/1, load 0.8", "\"gap\": \"1 ms\", \"gaps\": \"poisson\", \"sizes\": \"exponential\"",
                 4.000, 0.02},
                {"M/D/1, load 0.8", "\"gap\": \"1 ms\", \"gaps\": \"poisson\"", 2.400, 0.02},
                {"M/M/1, load 0.9",
                 "\"gap\": \"888889 ns\", \"gaps\": \"poisson\", \"sizes\": \"exponential\"", 8.000, 0.05},
                {"M/D/1, load 0.9", "\"gap\": \"888889 ns\", \"gaps\": \"poisson\"", 4.400, 0.05},
                {"M/G/1, load 0.5", "\"gap\": \"1021440 ns\", \"gaps\": \"poisson\", \"sizes\": \"mixed\"",
                 0.5654 + 0.51072, 0.02},
                {"M/G/1, load 0.9", "\"gap\": \"567467 ns\", \"gaps\": \"poisson\", \"sizes\": \"mixed\"",
                 5.089 + 0.51072, 0.05}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char source[300];
        snprintf(source, sizeof source, "%s, " MILLION, rows[i].source);
        traffic_assert_near(rows[i].what, mean_sojourn(source, ENDLESS, 1000000), rows[i].expected_ms,
                            rows[i].tolerance);
    }
}

static void test_queues__S_02_a_short_queue_loses_what_theory_says(void **state)
{
    static const struct {
        const char *what, *source;
        int places; /* K: waiting and in service */
        double expected;
    } rows[] = {{"M/M/1/5, load 0.8", "\"gap\": \"1 ms\", \"sizes\": \"exponential\"", 5, 0.08882},
                {"M/M/1/10, load 0.8", "\"gap\": \"1 ms\", \"sizes\": \"exponential\"", 10, 0.02349},
                {"M/M/1/10, load 1", "\"gap\": \"800 us\", \"sizes\": \"exponential\"", 10, 1.0 / 11},
                {"M/M/1/10, load 2", "\"gap\": \"400 us\", \"sizes\": \"exponential\"", 10, 0.50024},
                {"M/D/1/2, load 0.8", "\"gap\": \"1 ms\"", 2, 0.1996},
                {"M/D/1/5, load 0.8", "\"gap\": \"1 ms\"", 5, 0.03529},
                {"M/D/1/10, load 0.95", "\"gap\": \"842105 ns\"", 10, 0.0306},
                {"M/D/1/10, load 1", "\"gap\": \"800 us\"", 10, 0.05085},
                {"M/D/1/20, load 1", "\"gap\": \"800 us\"", 20, 0.02521},
                {"M/D/1/10, load 1.2", "\"gap\": \"666667 ns\"", 10, 0.1709}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char source[300], queue[200];
        struct traffic traffic;
        snprintf(source, sizeof source, "%s, \"gaps\": \"poisson\", " MILLION, rows[i].source);
        snprintf(queue, sizeof queue, ", \"queue\": {\"type\": \"drop-tail\", \"limit\": \"%d packets\"}",
                 rows[i].places - 1);
        traffic_line(&traffic, source, queue, "100 min");
        traffic_run(&traffic);
        traffic_assert_near(rows[i].what, (double)run_ledger(traffic.run).dropped / 1e6, rows[i].expected,
                            0.03);
        traffic_release(&traffic);
    }
}

/* ---- Drop-tail, known beforehand and asked step by step ---- */

static uint64_t digest_with(const char *queue, uint64_t *ret_events)
{
    struct traffic traffic;
    traffic_line(&traffic,
                 "\"gap\": \"850 us\", \"gaps\": \"poisson\", \"sizes\": \"exponential\", \"frames\": 20000",
                 queue, "10 min");
    traffic_run(&traffic);
    uint64_t digest = run_digest(traffic.run);
    assert_true(run_ledger(traffic.run).dropped > 100);
    *ret_events = run_event_count(traffic.run);
    traffic_release(&traffic);
    return digest;
}

static void test_queues__what_a_link_knows_beforehand_is_what_drop_tail_does(void **state)
{
    static const char *const limits[] = {"0 packets", "1 packets", "7 packets", "4 kB", "900 B"};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char fast[200], plain[200];
        uint64_t fast_events, plain_events;
        snprintf(fast, sizeof fast, ", \"queue\": {\"type\": \"drop-tail\", \"limit\": \"%s\"}", limits[i]);
        snprintf(plain, sizeof plain, ", \"queue\": {\"type\": \"plain-tail\", \"limit\": \"%s\"}",
                 limits[i]);
        assert_int_equal(digest_with(fast, &fast_events), digest_with(plain, &plain_events));
        assert_true(fast_events <= plain_events);
    }
}

/* ---- Priority ---- */

static void test_queues__priority_serves_the_better_band_first(void **state)
{
    struct traffic traffic;
    /* Nine at once: the first finds the line free; the others go by class. 0xb8 is EF, 0x88 AF41, 0x20 CS1.
     */
    traffic_line(
        &traffic,
        "\"gap\": \"1 s\", \"burst\": 9, \"frames\": 9, \"tos\": [0, 136, 184, 32, 184, 136, 0, 224, 8]",
        ", \"queue\": {\"type\": \"priority\"}", "2 s");
    traffic_run(&traffic);
    static const uint64_t order[] = {0, 184, 184, 224, 136, 136, 32, 0, 8};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        assert_int_equal(traffic_seen(&traffic, "b")->tos[i], order[i]);
    traffic_release(&traffic);
}

static void test_queues__a_full_band_of_priority_leaves_room_in_the_others(void **state)
{
    struct traffic traffic;
    traffic_line(&traffic, "\"gap\": \"1 s\", \"burst\": 40, \"frames\": 40, \"tos\": [0, 0, 0, 184]",
                 ", \"queue\": {\"type\": \"priority\", \"limit\": \"5 packets\", \"bands\": 2}", "2 s");
    traffic_run(&traffic);
    assert_int_equal(traffic_seen(&traffic, "b")->received, 11); /* one at once, five of each band */
    assert_int_equal(traffic_cell(&traffic, "l", "queue", "dropped", 0), 29);
    assert_int_equal(traffic_cell(&traffic, "l", "link", "dropped", 0), 29);
    traffic_release(&traffic);
}

/* ---- All ---- */

static void take_nothing(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
}

static void test_queues__watching_and_cutting_lose_nothing(void **state)
{
    static const char *const queues[] = {"plain-tail", "priority", "red", "codel", "fq_codel"};
    for (size_t i = 0; i < sizeof queues / sizeof *queues; i++) {
        uint64_t digests[2];
        for (int watched = 0; watched < 2; watched++) {
            struct traffic traffic;
            struct run_sink listener = {.take = take_nothing};
            char queue[200];
            struct nt_why why;
            snprintf(queue, sizeof queue, ", \"queue\": {\"type\": \"%s\", \"limit\": \"30 packets\"}",
                     queues[i]);
            traffic_line(&traffic, "\"gap\": \"700 us\", \"gaps\": \"poisson\", \"tos\": [0, 184]", queue,
                         "3 s");
            if (watched)
                run_listen(traffic.run, &listener);
            run_advance(traffic.run, NT_SECOND, NULL);
            assert_true(run_command(traffic.run, 3, "cut", &why));
            assert_int_equal(run_ledger(traffic.run).held, 0);
            run_advance(traffic.run, 1500 * NT_MILLISECOND, NULL);
            assert_true(run_command(traffic.run, 3, "mend", &why));
            traffic_run(&traffic);
            digests[watched] = run_digest(traffic.run);
            traffic_release(&traffic);
        }
        assert_int_equal(digests[0], digests[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queues__S_01_waiting_times_are_those_of_queueing_theory),
        cmocka_unit_test(test_queues__S_02_a_short_queue_loses_what_theory_says),
        cmocka_unit_test(test_queues__what_a_link_knows_beforehand_is_what_drop_tail_does),
        cmocka_unit_test(test_queues__priority_serves_the_better_band_first),
        cmocka_unit_test(test_queues__a_full_band_of_priority_leaves_room_in_the_others),
        cmocka_unit_test(test_queues__watching_and_cutting_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
