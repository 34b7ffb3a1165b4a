/* SPDX-License-Identifier: MIT
 * Truncated binary exponential backoff, IEEE 802.3 4.2.3.2.5, played by real MACs on an ideal slotted cable,
 * against what can be computed of it: N stations that begin at once (C-07), and the race between who has just
 * won and who has lost, which is the capture effect (C-08). Runs are counted so that a mean is known within a
 * per cent or two; a figure passes within three standard errors. */
#include "tests/protocols/slotted.h"

/* ---- C-07: N stations begin at once, on a slotted cable ---- */

struct backoff_row {
    unsigned stations, runs;
    unsigned first, attempts, last, collisions; /* means, in thousandths */
};

static const struct backoff_row backoff_rows[] = {
    {2, 6000, 2690, 2642, 4240, 1642},     {3, 3000, 2490, 3189, 8300, 1955},
    {5, 2000, 3900, 4007, 18500, 3355},    {10, 1000, 6570, 5125, 50900, 6114},
    {20, 400, 11210, 6203, 131000, 10820}, {50, 150, 22480, 7571, 426500, 22160},
    {100, 60, 37900, 8586, 979000, 37700},
};

/* STAT: within three standard errors of the mean, and 0.5 % for the reference's own error. */
static void assert_mean(const struct backoff_row *row, const char *what, const struct slotted_sum *sum,
                        uint64_t wanted)
{
    int64_t found = (int64_t)(sum->sum * 1000 / sum->count);
    int64_t error = (int64_t)slotted_standard_error(sum) / 1000, off = found - (int64_t)wanted;
    if ((off < 0 ? -off : off) > 3 * error + (int64_t)wanted / 200)
        fail_msg("%u stations: %s is %lld thousandths, expected %llu +- 3 x %lld", row->stations, what,
                 (long long)found, (unsigned long long)wanted, (long long)error);
}

static void test_backoff__stations_that_begin_at_once_sort_themselves_out_as_computed(void **state)
{
    for (size_t i = 0; i < sizeof backoff_rows / sizeof *backoff_rows; i++) {
        const struct backoff_row *row = &backoff_rows[i];
        struct slotted_sum first = {0}, attempts = {0}, last = {0}, collisions = {0};
        struct slotted *cable = slotted_new(row->stations, 1000 + i);
        for (unsigned run = 0; run < row->runs; run++) {
            slotted_begin(cable);
            while (cable->successes < row->stations)
                slotted_step(cable);
            slotted_add(&first, cable->first_success);
            slotted_add(&last, cable->last_success);
            slotted_add(&collisions, cable->collisions_before);
            for (unsigned j = 0; j < row->stations; j++)
                slotted_add(&attempts, cable->attempts[j]);
        }
        slotted_free(cable);
        assert_mean(row, "first success", &first, row->first);
        assert_mean(row, "attempts of a station", &attempts, row->attempts);
        assert_mean(row, "last success", &last, row->last);
        assert_mean(row, "collisions before the first success", &collisions, row->collisions);
    }
}

/* ---- C-08: the race between who has just won and who has lost ---- */

/* A and B collide, A for the first time, B for the k-th. Did A win? `ret_drawn` is what both drew first. */
static bool race(struct slotted *cable, unsigned k, uint32_t *ret_drawn)
{
    slotted_begin(cable);
    cable->macs[1].attempts = k;
    while (!cable->collisions)
        slotted_step(cable);
    ret_drawn[0] = cable->macs[0].backoff_drawn;
    ret_drawn[1] = cable->macs[1].backoff_drawn;
    while (!cable->successes && !cable->given_up)
        slotted_step(cable);
    return cable->successes && cable->first_station == 0;
}

struct race_row {
    unsigned k, wins; /* in 10 000 */
};

static const struct race_row race_rows[] = {{2, 8208}, {3, 9249}, {4, 9657},
                                            {5, 9836}, {6, 9920}, {10, 9995}};

/* Is `found` of `runs` within three standard errors of `wanted` in 10 000? */
static void assert_share(const char *what, unsigned found, unsigned runs, unsigned wanted)
{
    struct slotted_sum sum = {.count = runs, .sum = found, .squares = found};
    int64_t share = (int64_t)found * 10000 / runs, error = (int64_t)slotted_standard_error(&sum) / 100;
    if (share > wanted + 3 * error + 1 || share + 3 * error + 1 < wanted)
        fail_msg("%s: %lld in 10 000, expected %u +- 3 x %lld", what, (long long)share, wanted,
                 (long long)error);
}

static void test_backoff__the_winner_wins_again(void **state)
{
    enum { RUNS = 10000 };
    for (size_t i = 0; i < sizeof race_rows / sizeof *race_rows; i++) {
        unsigned wins = 0, less = 0, ties = 0;
        struct slotted *cable = slotted_new(2, 77 + i);
        for (unsigned run = 0; run < RUNS; run++) {
            uint32_t drawn[2];
            wins += race(cable, race_rows[i].k, drawn);
            less += drawn[0] < drawn[1];
            ties += drawn[0] == drawn[1];
        }
        slotted_free(cable);
        assert_share("the winner wins again", wins, RUNS, race_rows[i].wins);
        if (race_rows[i].k != 2)
            continue;
        assert_share("the winner draws less", less, RUNS, 6250);
        assert_share("a tie", ties, RUNS, 2500);
    }
}

static void test_backoff__the_loser_is_more_likely_to_give_up_than_ever_to_send(void **state)
{
    enum { RUNS = 2000 };
    unsigned given_up = 0;
    uint32_t drawn[2];
    struct slotted *cable = slotted_new(2, 5);
    for (unsigned run = 0; run < RUNS; run++) {
        unsigned k = 2;
        cable->attempt_limit = 16;
        while (race(cable, k, drawn))
            k = cable->macs[1].attempts + 1; /* the next collision with the winner's next frame */
        given_up += cable->given_up > 0 && cable->last_given_up == 1;
    }
    slotted_free(cable);
    assert_share("given up after losing once", given_up, RUNS, 7260);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backoff__stations_that_begin_at_once_sort_themselves_out_as_computed),
        cmocka_unit_test(test_backoff__the_winner_wins_again),
        cmocka_unit_test(test_backoff__the_loser_is_more_likely_to_give_up_than_ever_to_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
