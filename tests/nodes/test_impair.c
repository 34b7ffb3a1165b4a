/* SPDX-License-Identifier: MIT
 * Impairments on a real link: what each does, how often, and that none touches another's dice. Seeds are
 * fixed; the tolerances are four standard deviations where a number is random. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"
#include "tests/nodes/traffic.h"

#define FRAMES 100000 /* of one run, if not said otherwise */

/* Two nodes that both send, and what goes wrong between them. */
static void init(struct traffic *traffic, const char *source, const char *impair, unsigned seed)
{
    char text[3000];
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"seed\": %u, \"stop\": \"10 min\", \"nodes\": {"
             "\"a\": {\"type\": \"traffic\", %s}, \"b\": {\"type\": \"traffic\", %s}},"
             "\"links\": [{\"between\": [\"a\", \"b\"], \"name\": \"l\", \"rate\": \"1 Gbps\", "
             "\"delay\": \"1 ms\", \"impair\": [%s]}]}",
             seed, source, source, impair);
    traffic_init(traffic, text);
}

#define STEADY "\"gap\": \"100 us\", \"size\": \"100 B\", \"frames\": 100000"

static void assert_about(const char *what, double found, double expected, double tolerance)
{
    if (getenv("SHOW_FIGURES"))
        printf("    %s: found %g, expected %g +- %g\n", what, found, expected, tolerance);
    if (found < expected - tolerance || found > expected + tolerance)
        fail_msg("%s: found %g, expected %g +- %g", what, found, expected, tolerance);
}

/* Row 0 is a to b, row 1 b to a. */
static int64_t count_of(const struct traffic *traffic, const char *column, uint32_t row)
{
    return traffic_cell(traffic, "l", "impair", column, row);
}

/* ---- Loss ---- */

static void test_impair__random_loss_loses_its_share_each_way(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"loss\": \"2 %\"}", 1);
    traffic_run(&traffic);
    for (uint32_t row = 0; row < 2; row++)
        assert_about("lost", (double)count_of(&traffic, "dropped", row), 2000, 4 * 44.3);
    assert_int_not_equal(count_of(&traffic, "dropped", 0),
                         count_of(&traffic, "dropped", 1)); /* dice of their own */
    assert_int_equal(traffic_seen(&traffic, "b")->received, FRAMES - count_of(&traffic, "dropped", 0));
    traffic_release(&traffic);
}

static void test_impair__toward_a_node_is_one_direction(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"loss\": \"100 %\", \"toward\": \"a\"}", 1);
    traffic_run(&traffic);
    assert_int_equal(traffic_seen(&traffic, "a")->received, 0);
    assert_int_equal(traffic_seen(&traffic, "b")->received, FRAMES);
    traffic_release(&traffic);
}

/* Gilbert and Elliott: p 1 %, r 25 %: bad for p / (p + r) = 3.846 % of the frames, for 4 in a row on the
 * average. The number of bad frames has the variance n pi (1 - pi) (2 - p - r) / (p + r). */
static void test_impair__burst_loss_has_the_share_and_the_length_of_the_model(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"p\": \"1 %\", \"r\": \"25 %\"}", 2);
    traffic_run(&traffic);
    assert_about("lost", (double)count_of(&traffic, "dropped", 0), 3846, 4 * 157);
    traffic_release(&traffic);
    init(&traffic, STEADY, "{\"p\": \"10 %\", \"r\": \"10 %\", \"good\": \"1 %\", \"bad\": \"41 %\"}", 2);
    traffic_run(&traffic);
    assert_about("lost", (double)count_of(&traffic, "dropped", 0), 21000, 4 * 232);
    traffic_release(&traffic);
}

/* Counts bursts and losses. */
struct bursts {
    struct run_sink sink;
    const struct run *run;
    uint64_t begun, lost;
};

static void bursts_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct bursts *bursts = NT_OWNER(sink, struct bursts, sink);
    if (!strcmp(run_kind_at(bursts->run, record->kind)->name, "impair.burst"))
        bursts->begun += record->values[0] == 1;
    bursts->lost += record->kind == RUN_KIND_FRAME_DROP;
}

static void test_impair__bursts_last_as_long_as_the_model_says(void **state)
{
    struct traffic traffic;
    static struct bursts bursts;
    init(&traffic, STEADY, "{\"p\": \"1 %\", \"r\": \"25 %\", \"toward\": \"b\"}", 2);
    bursts = (struct bursts){.sink = {.take = bursts_take}, .run = traffic.run};
    run_listen(traffic.run, &bursts.sink);
    traffic_run(&traffic);
    assert_true(bursts.begun > 500);
    assert_about("burst", (double)bursts.lost / (double)bursts.begun, 4, 4 * 3.46 / 31); /* sd of one: 3.46 */
    traffic_release(&traffic);
}

/* ---- Chosen frames ---- */

struct losses {
    struct run_sink sink;
    uint64_t frames[64]; /* identities of those dropped */
    size_t count;
};

static void losses_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct losses *losses = NT_OWNER(sink, struct losses, sink);
    if (record->kind == RUN_KIND_FRAME_DROP && losses->count < 64)
        losses->frames[losses->count++] = record->frame;
}

static void test_impair__frames_are_lost_by_their_number(void **state)
{
    static const struct {
        const char *impair;
        uint64_t lost[6];
    } rows[] = {
        {"{\"every\": 10, \"toward\": \"b\"}", {10, 20, 30}},
        {"{\"frames\": [3, 7, 30], \"toward\": \"b\"}", {3, 7, 30}},
        {"{\"every\": 15, \"frames\": [1], \"toward\": \"b\"}", {1, 15, 30}},
        {"{\"drop\": \"frame 5\", \"toward\": \"b\"}", {5}},
        {"{\"drop\": \"ip packet 7\", \"toward\": \"b\"}", {7}},
        {"{\"drop\": \"arp request 1\", \"toward\": \"b\"}", {0}},
        {"{\"frames\": [3], \"toward\": \"b\"}, {\"frames\": [3], \"toward\": \"b\"}",
         {3, 4}}, /* the next one's third */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct traffic traffic;
        static struct losses losses;
        losses = (struct losses){.sink = {.take = losses_take}};
        init(&traffic, "\"gap\": \"100 us\", \"frames\": 30", rows[i].impair, 1);
        run_listen(traffic.run, &losses.sink);
        traffic_run(&traffic);
        size_t count = 0;
        for (; rows[i].lost[count]; count++)
            assert_int_equal(losses.frames[count], rows[i].lost[count] * 2 - 1); /* a and b send in turn */
        assert_int_equal(losses.count, count);
        traffic_release(&traffic);
    }
}

/* ---- Bit errors ---- */

struct flips {
    struct run_sink sink;
    const struct run *run;
    uint64_t frames, bits, spread;
};

static void flips_take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct flips *flips = NT_OWNER(sink, struct flips, sink);
    if (strcmp(run_kind_at(flips->run, record->kind)->name, "impair.flip") != 0)
        return;
    flips->frames++;
    flips->bits += (uint64_t)record->values[0];
    flips->spread += (uint64_t)record->values[1];
}

/* 100 000 frames of 800 bits. A frame is hit with chance 1 - (1 - rate)^800; the number of bits is binomial.
 */
static void test_impair__bit_errors_hit_bits_at_their_rate_and_the_fcs_catches_all(void **state)
{
    static const struct {
        const char *rate;
        double value, damaged;
    } rows[] = {{"1e-5", 1e-5, 0.0079681},
                {"0.0001", 1e-4, 0.0768869},
                {"2.5E-3", 2.5e-3, 0.8650},
                {"1e-2", 1e-2, 0.99968}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct traffic traffic;
        static struct flips flips;
        char impair[100];
        snprintf(impair, sizeof impair, "{\"ber\": \"%s\", \"toward\": \"b\"}", rows[i].rate);
        init(&traffic, STEADY, impair, 3);
        flips = (struct flips){.sink = {.take = flips_take}, .run = traffic.run};
        run_listen(traffic.run, &flips.sink);
        traffic_run(&traffic);
        double bits = 8e7 * rows[i].value, share = rows[i].damaged;
        assert_about("bits", (double)flips.bits, bits, 4 * sqrt(bits));
        assert_about("frames", (double)flips.frames, FRAMES * share,
                     4 * sqrt(FRAMES * share * (1 - share)) + 1);
        const struct traffic_seen *seen = traffic_seen(&traffic, "b");
        assert_int_equal(seen->received, FRAMES);
        assert_int_equal(seen->damaged, flips.frames);
        assert_int_equal(seen->undetected, 0);
        assert_int_equal(run_ledger(traffic.run).discarded, flips.frames);
        assert_int_equal(traffic_seen(&traffic, "a")->damaged, 0);
        traffic_release(&traffic);
    }
}

/* With errors rarely twice in a frame, the first one is anywhere in its 800 bits alike. */
static void test_impair__bit_errors_fall_anywhere_in_a_frame(void **state)
{
    struct traffic traffic;
    static struct flips flips;
    init(&traffic, STEADY, "{\"ber\": \"1e-5\"}", 9);
    flips = (struct flips){.sink = {.take = flips_take}, .run = traffic.run};
    run_listen(traffic.run, &flips.sink);
    traffic_run(&traffic);
    double deviation = 800 / sqrt(12 * (double)flips.frames);
    assert_about("mean place", (double)flips.spread / (double)flips.frames, 399.5, 4 * deviation);
    traffic_release(&traffic);
}

static void test_impair__a_rate_of_1_turns_every_bit_and_0_none(void **state)
{
    struct traffic traffic;
    init(&traffic, "\"gap\": \"1 ms\", \"frames\": 10, \"size\": \"64 B\"", "{\"ber\": \"1\"}", 1);
    traffic_run(&traffic);
    assert_int_equal(traffic_seen(&traffic, "b")->damaged, 10);
    traffic_release(&traffic);
    init(&traffic, STEADY, "{\"ber\": \"0\"}, {\"ber\": \"1e-30\"}", 1);
    traffic_run(&traffic);
    assert_int_equal(count_of(&traffic, "damaged", 0), 0);
    traffic_release(&traffic);
}

/* ---- Late, twice ---- */

static double mean_ms(const struct traffic *traffic, const char *node)
{
    const struct traffic_seen *seen = traffic_seen(traffic, node);
    return (double)seen->sojourn / (double)seen->received / 1e9;
}

#define ON_THE_WAY 1.000864 /* ms: 108 bytes at 1 Gb/s and the cable */

static void test_impair__delay_is_added_to_each_frame(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"delay\": \"5 ms\", \"toward\": \"b\"}", 1);
    traffic_run(&traffic);
    assert_about("toward b", mean_ms(&traffic, "b"), 5 + ON_THE_WAY, 1e-9);
    assert_about("toward a", mean_ms(&traffic, "a"), ON_THE_WAY, 1e-9);
    assert_int_equal(count_of(&traffic, "delayed", 0), FRAMES);
    traffic_release(&traffic);
}

static void test_impair__jitter_has_its_mean_and_keeps_the_order_if_asked(void **state)
{
    static const struct {
        const char *impair;
        double mean, deviation; /* of one frame, ms */
        bool overtakes;
    } rows[] = {{"{\"jitter\": \"2 ms\", \"keep_order\": false}", 1, 0.57735, true},
                {"{\"jitter\": \"2 ms\", \"keep_order\": false, \"shape\": \"normal\"}", 1, 0.16667, true},
                {"{\"jitter\": \"90 us\"}", 0.045, 0.02598, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct traffic traffic;
        init(&traffic, STEADY, rows[i].impair, 4);
        traffic_run(&traffic);
        assert_about("mean", mean_ms(&traffic, "b"), rows[i].mean + ON_THE_WAY, 4 * rows[i].deviation / 316);
        assert_int_equal(traffic_seen(&traffic, "b")->overtaken > 0, rows[i].overtakes);
        traffic_release(&traffic);
    }
    struct traffic traffic;
    init(&traffic, STEADY, "{\"jitter\": \"2 ms\"}", 4); /* twenty gaps long, and in order all the same */
    traffic_run(&traffic);
    assert_int_equal(traffic_seen(&traffic, "b")->overtaken, 0);
    traffic_release(&traffic);
}

static void test_impair__reordering_lets_others_pass(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"reorder\": \"5 %\", \"by\": \"150 us\"}", 5);
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    double held = (double)count_of(&traffic, "delayed", 0);
    assert_about("held up", held, 5000, 4 * 69);
    /* By 1.5 gaps: the next one passes, unless it is held up itself. */
    assert_about("overtaken", (double)seen->overtaken, 5000 * 0.95, 4 * 69);
    assert_int_equal(seen->received, FRAMES);
    traffic_release(&traffic);
}

static void test_impair__duplicates_are_counted_as_copies(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY,
         "{\"duplicate\": \"10 %\", \"toward\": \"b\"}, {\"loss\": \"50 %\", \"toward\": \"b\"}", 6);
    traffic_run(&traffic);
    struct run_ledger ledger = run_ledger(traffic.run);
    assert_about("copies", (double)ledger.copied, 10000, 4 * 95);
    assert_int_equal(ledger.copied, count_of(&traffic, "duplicated", 0));
    assert_about("arrived", (double)traffic_seen(&traffic, "b")->received, 55000, 4 * 170);
    assert_int_equal(traffic_seen(&traffic, "b")->damaged, 0);
    traffic_release(&traffic);
}

/* A copy of a damaged frame is as damaged, and damaging a copy leaves the other whole. */
static void test_impair__copies_have_bits_of_their_own(void **state)
{
    struct traffic traffic;
    init(&traffic, STEADY, "{\"ber\": \"1e-4\"}, {\"duplicate\": \"100 %\"}", 7);
    traffic_run(&traffic);
    assert_int_equal(traffic_seen(&traffic, "b")->received, 2 * FRAMES);
    assert_int_equal(traffic_seen(&traffic, "b")->damaged, 2 * count_of(&traffic, "damaged", 0));
    traffic_release(&traffic);
    init(&traffic, STEADY, "{\"duplicate\": \"100 %\"}, {\"ber\": \"1e-4\"}", 7);
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    assert_int_equal(seen->damaged, count_of(&traffic, "damaged", 0));
    assert_about("damaged", (double)seen->damaged, 2 * FRAMES * 0.0768869, 4 * 119);
    assert_int_equal(seen->undetected, 0);
    traffic_release(&traffic);
}

/* ---- Dice ---- */

static uint64_t drops_of(const char *impair, unsigned seed, uint64_t *ret_digest)
{
    struct traffic traffic;
    static struct losses losses;
    init(&traffic, "\"gap\": \"1 ms\", \"frames\": 2000", impair, seed);
    losses = (struct losses){.sink = {.take = losses_take}};
    run_listen(traffic.run, &losses.sink);
    traffic_run(&traffic);
    uint64_t which = 0;
    for (size_t i = 0; i < losses.count; i++)
        which = which * 31 + losses.frames[i];
    *ret_digest = run_digest(traffic.run);
    traffic_release(&traffic);
    return which;
}

static void test_impair__the_same_seed_is_the_same_run(void **state)
{
    uint64_t first, second, other;
    const char *impair =
        "{\"loss\": \"2 %\"}, {\"ber\": \"1e-5\"}, {\"jitter\": \"3 ms\"}, {\"duplicate\": \"3 %\"}";
    drops_of(impair, 11, &first);
    drops_of(impair, 11, &second);
    drops_of(impair, 12, &other);
    assert_int_equal(first, second);
    assert_int_not_equal(first, other);
}

static void test_impair__one_more_moves_no_others_dice(void **state)
{
    uint64_t digest, alone = drops_of("{\"loss\": \"1 %\"}", 11, &digest);
    static const char *const more[] = {
        "{\"jitter\": \"100 us\"}, {\"loss\": \"1 %\"}",
        "{\"loss\": \"1 %\"}, {\"delay\": \"1 ms\"}",
        "{\"reorder\": \"50 %\"}, {\"loss\": \"1 %\"}, {\"p\": \"0 %\", \"r\": \"50 %\"}",
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        assert_int_equal(drops_of(more[i], 11, &digest), alone);
}

/* ---- All together ---- */

/* Any impairments in any order, at every instant looked at: sent + copied = delivered + dropped + held. */
static void test_impair__the_ledger_balances_whatever_goes_wrong(void **state)
{
    static const char *const parts[] = {"{\"loss\": \"5 %\"}",
                                        "{\"p\": \"5 %\", \"r\": \"20 %\"}",
                                        "{\"every\": 7}",
                                        "{\"ber\": \"1e-4\"}",
                                        "{\"duplicate\": \"20 %\"}",
                                        "{\"delay\": \"3 ms\"}",
                                        "{\"jitter\": \"2 ms\"}",
                                        "{\"jitter\": \"2 ms\", \"keep_order\": false}",
                                        "{\"reorder\": \"10 %\", \"by\": \"5 ms\"}",
                                        "{\"loss\": \"50 %\", \"toward\": \"a\"}",
                                        "{\"drop\": \"frame 9\"}"};
    struct rng rng = rng_seeded(1, "impair swarm");
    for (unsigned round = 0; round < 60; round++) {
        struct traffic traffic;
        char impair[1000] = "";
        for (uint64_t i = 0, count = rng_below(&rng, 8); i <= count; i++) {
            strcat(impair, i ? ", " : "");
            strcat(impair, parts[rng_below(&rng, sizeof parts / sizeof *parts)]);
        }
        init(&traffic, "\"gap\": \"200 us\", \"gaps\": \"poisson\", \"frames\": 500", impair, round);
        for (int step = 1; step < 200; step++) {
            run_advance(traffic.run, step * NT_MILLISECOND, NULL);
            struct run_ledger ledger = run_ledger(traffic.run);
            if (ledger.sent + ledger.copied != ledger.delivered + ledger.dropped + ledger.held)
                fail_msg("round %u at %d ms: %s", round, step, impair);
            if (step == 60 && round % 4 == 0) {
                struct nt_why why;
                assert_true(run_command(traffic.run, 3, "cut", &why));
                assert_int_equal(run_ledger(traffic.run).held, 0);
                assert_true(run_command(traffic.run, 3, "mend", &why));
            }
        }
        traffic_run(&traffic);
        assert_int_equal(run_ledger(traffic.run).held, 0);
        assert_int_equal(traffic_seen(&traffic, "b")->undetected, 0);
        traffic_release(&traffic);
    }
}

/* ---- The box ---- */

static void test_impair__a_box_between_two_cables_does_the_same(void **state)
{
    struct traffic traffic;
    traffic_init(&traffic,
                 "{\"netarium\": 1, \"seed\": 1, \"stop\": \"10 min\", \"nodes\": {"
                 "\"a\": {\"type\": \"traffic\", " STEADY "}, \"b\": {\"type\": \"traffic\", " STEADY "},"
                 "\"box\": {\"type\": \"impair\", \"impair\": [{\"loss\": \"2 %\", \"toward\": \"b\"}, "
                 "{\"duplicate\": \"10 %\", \"toward\": \"b\"}, {\"ber\": \"1e-4\", \"toward\": \"b\"}, "
                 "{\"delay\": \"1 ms\", \"toward\": \"b\"}]}},"
                 "\"links\": [{\"between\": [\"a\", \"box\"]}, {\"between\": [\"box\", \"b\"]}]}");
    traffic_run(&traffic);
    const struct traffic_seen *seen = traffic_seen(&traffic, "b");
    int64_t lost = traffic_cell(&traffic, "box", "impair", "dropped", 0);
    int64_t twice = traffic_cell(&traffic, "box", "impair", "duplicated", 0);
    assert_about("lost", (double)lost, 2000, 4 * 44.3);
    assert_about("twice", (double)twice, 9800, 4 * 94);
    assert_int_equal(seen->received, FRAMES - lost + twice);
    assert_int_equal(seen->damaged, traffic_cell(&traffic, "box", "impair", "damaged", 0));
    assert_int_equal(seen->undetected, 0);
    assert_int_equal(run_ledger(traffic.run).discarded, (uint64_t)lost + seen->damaged);
    assert_int_equal(run_ledger(traffic.run).copied, 0);
    assert_int_equal(traffic_seen(&traffic, "a")->received, FRAMES); /* the other way nothing happens */
    traffic_release(&traffic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_impair__random_loss_loses_its_share_each_way),
        cmocka_unit_test(test_impair__toward_a_node_is_one_direction),
        cmocka_unit_test(test_impair__burst_loss_has_the_share_and_the_length_of_the_model),
        cmocka_unit_test(test_impair__bursts_last_as_long_as_the_model_says),
        cmocka_unit_test(test_impair__frames_are_lost_by_their_number),
        cmocka_unit_test(test_impair__bit_errors_hit_bits_at_their_rate_and_the_fcs_catches_all),
        cmocka_unit_test(test_impair__bit_errors_fall_anywhere_in_a_frame),
        cmocka_unit_test(test_impair__a_rate_of_1_turns_every_bit_and_0_none),
        cmocka_unit_test(test_impair__delay_is_added_to_each_frame),
        cmocka_unit_test(test_impair__jitter_has_its_mean_and_keeps_the_order_if_asked),
        cmocka_unit_test(test_impair__reordering_lets_others_pass),
        cmocka_unit_test(test_impair__duplicates_are_counted_as_copies),
        cmocka_unit_test(test_impair__copies_have_bits_of_their_own),
        cmocka_unit_test(test_impair__the_same_seed_is_the_same_run),
        cmocka_unit_test(test_impair__one_more_moves_no_others_dice),
        cmocka_unit_test(test_impair__the_ledger_balances_whatever_goes_wrong),
        cmocka_unit_test(test_impair__a_box_between_two_cables_does_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
