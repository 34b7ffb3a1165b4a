/* SPDX-License-Identifier: MIT
 * The dice: the same everywhere, and fair. Bounds are wide enough to hold for a good generator with these
 * seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/rng.h"

static void test_rng__steps_as_xorshift64_star(void **state)
{
    /* Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016: shifts 12,
     * 25, 27. */
    struct rng rng = {1};
    assert_true(rng_next(&rng) == UINT64_C(0x47e4ce4b896cdd1d));
    uint64_t x = rng.state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    assert_true(rng_next(&rng) == x * UINT64_C(2685821657736338717));
}

static void test_rng__same_seed_and_name_give_the_same_stream(void **state)
{
    struct rng a = rng_seeded(42, "alice"), b = rng_seeded(42, "alice");
    for (int i = 0; i < 100; i++)
        assert_true(rng_next(&a) == rng_next(&b));
}

static void test_rng__names_and_seeds_part_the_streams(void **state)
{
    uint64_t states[40];
    size_t count = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        static const char *const names[] = {"alice", "bob", "", "alice "};
        for (size_t i = 0; i < 4; i++)
            states[count++] = rng_seeded(seed, names[i]).state;
    }
    for (size_t i = 0; i < count; i++) {
        assert_true(states[i] != 0);
        for (size_t j = 0; j < i; j++)
            assert_true(states[i] != states[j]);
    }
}

static void test_rng__below_stays_below(void **state)
{
    static const uint64_t limits[] = {1, 2, 3, 255, 1000000, UINT32_MAX, UINT64_C(1) << 63, UINT64_MAX};
    struct rng rng = rng_seeded(1, "below");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (int n = 0; n < 1000; n++)
            assert_true(rng_below(&rng, limits[i]) < limits[i]);
}

/* Chi-square of `draws` draws below `limit`, times 1000. */
static uint64_t chi_square_of(struct rng *rng, uint64_t limit, uint64_t draws)
{
    uint64_t seen[256] = {0}, sum = 0;
    for (uint64_t i = 0; i < draws; i++)
        seen[rng_below(rng, limit)]++;
    for (uint64_t i = 0; i < limit; i++)
        sum += seen[i] * seen[i];
    return 1000 * limit * sum / draws - 1000 * draws;
}

static void test_rng__below_is_uniform(void **state)
{
    /* Chi-square bounds at 1 - 10^-4 and 10^-4 for limit - 1 degrees of freedom, times 1000: neither uneven
     * nor too even. */
    static const struct {
        uint64_t limit, least, most;
    } rows[] = {{2, 0, 15137}, {6, 82, 25745}, {10, 683, 33720}, {100, 54100, 161319}, {256, 177500, 347700}};
    struct rng rng = rng_seeded(1, "uniform");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t chi = chi_square_of(&rng, rows[i].limit, 200000);
        if (chi < rows[i].least || chi > rows[i].most)
            fail_msg("limit %d: chi-square %d / 1000", (int)rows[i].limit, (int)chi);
    }
}

static void test_rng__below_is_unbiased_where_plain_scaling_is_not(void **state)
{
    /* With limit 3 * 2^62, scaling alone makes every third number twice as likely as the others. */
    struct rng rng = rng_seeded(1, "bias");
    uint64_t limit = UINT64_C(3) << 62;
    int seen[3] = {0};
    for (int i = 0; i < 30000; i++)
        seen[rng_below(&rng, limit) % 3]++;
    for (int i = 0; i < 3; i++)
        assert_in_range(seen[i], 9600, 10400); /* five standard deviations of 81.6 */
}

static void test_rng__plain_scaling_draws_once_and_takes_the_high_bits(void **state)
{
    static const uint32_t limits[] = {1, 2, 255, 1000003, UINT32_MAX};
    struct rng rng = rng_seeded(1, "plain"), twin = rng;
    for (int i = 0; i < 1000; i++) {
        uint32_t limit = limits[i % 5];
        uint32_t draw = rng_below32_plain(&rng, limit);
        assert_true(draw == ((rng_next(&twin) >> 32) * limit) >> 32);
        assert_true(draw < limit && rng.state == twin.state);
    }
}

static void test_rng__chance_is_as_often_as_said(void **state)
{
    static const struct {
        uint32_t ppm;
        int least, most; /* of 100 000 draws; five standard deviations */
    } rows[] = {
        {0, 0, 0}, {1000000, 100000, 100000}, {500000, 49200, 50800}, {20000, 1778, 2222}, {1000, 50, 150}};
    struct rng rng = rng_seeded(1, "chance");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int hits = 0;
        for (int n = 0; n < 100000; n++)
            hits += rng_chance_ppm(&rng, rows[i].ppm);
        if (hits < rows[i].least || hits > rows[i].most)
            fail_msg("%u ppm: %d hits", rows[i].ppm, hits);
    }
}

static void test_rng__exponential_has_its_mean_and_tail(void **state)
{
    enum { DRAWS = 200000, MEAN = 1000000 };
    struct rng rng = rng_seeded(1, "exponential");
    int64_t sum = 0;
    int beyond[4] = {0}; /* draws above 0.693147, 1, 2 and 3 times the mean */
    static const int64_t marks[4] = {693147, MEAN, 2 * MEAN, 3 * MEAN};
    for (int i = 0; i < DRAWS; i++) {
        int64_t draw = rng_exponential(&rng, MEAN);
        assert_true(draw >= 0 && draw <= INT64_C(45) * MEAN);
        sum += draw;
        for (int m = 0; m < 4; m++)
            beyond[m] += draw > marks[m];
    }
    assert_in_range(sum / DRAWS, 988800, 1011200);               /* five times MEAN / sqrt(DRAWS) */
    static const int expected[4] = {100000, 73576, 27067, 9957}; /* DRAWS times 1/2, e^-1, e^-2, e^-3 */
    for (int m = 0; m < 4; m++)
        if (abs(beyond[m] - expected[m]) > 1150)
            fail_msg("%d draws beyond mark %d, expected %d", beyond[m], m, expected[m]);
}

static void test_rng__exponential_is_the_logarithm_to_nine_digits(void **state)
{
    /* The draw from a known state against -ln(u) computed with 50 digits, u = (xorshift64* output | 1) /
     * 2^64. */
    static const struct {
        uint64_t state;
        int64_t draw; /* for the mean 10^12 */
    } rows[] = {
        {UINT64_C(0x1), INT64_C(1269987792503)},
        {UINT64_C(0x2), INT64_C(576840611944)},
        {UINT64_C(0x3), INT64_C(171375503835)},
        {UINT64_C(0x123456789abcdef), INT64_C(720228458530)},
        {UINT64_C(0xdeadbeefcafef00d), INT64_C(1147007037086)},
        {UINT64_C(0x2a), INT64_C(1081503686997)},
        {UINT64_C(0xffffffffffffffff), INT64_C(27022161364)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rng rng = {rows[i].state};
        int64_t draw = rng_exponential(&rng, INT64_C(1000000000000));
        if (llabs(draw - rows[i].draw) > 1000)
            fail_msg("state %d: %lld, expected %lld", (int)rows[i].state, (long long)draw,
                     (long long)rows[i].draw);
    }
}

static void test_rng__exponential_of_nothing_is_nothing(void **state)
{
    struct rng rng = rng_seeded(1, "nothing");
    assert_int_equal(rng_exponential(&rng, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rng__steps_as_xorshift64_star),
        cmocka_unit_test(test_rng__same_seed_and_name_give_the_same_stream),
        cmocka_unit_test(test_rng__names_and_seeds_part_the_streams),
        cmocka_unit_test(test_rng__below_stays_below),
        cmocka_unit_test(test_rng__below_is_uniform),
        cmocka_unit_test(test_rng__below_is_unbiased_where_plain_scaling_is_not),
        cmocka_unit_test(test_rng__plain_scaling_draws_once_and_takes_the_high_bits),
        cmocka_unit_test(test_rng__chance_is_as_often_as_said),
        cmocka_unit_test(test_rng__exponential_has_its_mean_and_tail),
        cmocka_unit_test(test_rng__exponential_is_the_logarithm_to_nine_digits),
        cmocka_unit_test(test_rng__exponential_of_nothing_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
