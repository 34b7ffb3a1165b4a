/* SPDX-License-Identifier: MIT
 * A bus with more to say than it can carry: utilisation, collisions and frames given up against an
 * independent program's figures (C-10), stations that pause (C-11), and what a famous measurement found
 * (C-12).
 *
 * The figures were computed over 100 s, of which the first five are not counted. Here runs are as short as
 * the tolerance allows; with NETARIUM_BUDGET in the environment there are more cells. Numbers are in
 * thousandths.
 *
 * Two remarks on the reference. Its collisions fit, to 1 % in a dozen cells, if they are those of all 100 s
 * while the frames are those of the last 95; so we scale ours by 100/95, and counted alike they are 5 %
 * fewer. And its stations sense a carrier four bit times late, ours at once: that matters only where
 * collisions are rare, between two stations with 64-byte frames (0.20 for each frame instead of 0.22); these
 * two cells are left out. */
#include "tests/nodes/lab.h"

/* What a bus did in some time, over all stations. */
struct bus_counts {
    uint64_t sent, collisions, given_up, time_us;
    uint64_t most, least; /* frames of the luckiest and of the unluckiest station */
    uint64_t squares;     /* of frames, summed */
};

static struct bus_counts counts_of(const struct lab *lab, unsigned stations)
{
    struct bus_counts counts = {.least = UINT64_MAX,
                                .time_us = (uint64_t)(run_now(lab->run) / NT_MICROSECOND)};
    for (unsigned i = 0; i < stations; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%u", i);
        uint64_t sent = (uint64_t)lab_cell(lab, name, "mac", 0, "sent");
        counts.sent += sent;
        counts.collisions += (uint64_t)lab_cell(lab, name, "mac", 0, "collisions");
        counts.given_up += (uint64_t)lab_cell(lab, name, "mac", 0, "excessive");
        counts.squares += sent * sent;
        counts.most = sent > counts.most ? sent : counts.most;
        counts.least = sent < counts.least ? sent : counts.least;
    }
    return counts;
}

/* Adds what a run of `stop` does after its first twentieth. */
static void run_bus(struct bus_counts *sum, unsigned stations, unsigned size_bytes, const char *pause,
                    nt_time stop, uint64_t seed)
{
    static char text[TEXT_SIZE];
    struct lab_options options = {.seed = seed, .is_unwatched = true};
    lab_write_bus(text, stations, size_bytes, pause, stop);
    struct lab *lab = lab_new_with(text, &options);
    lab_run(lab, stop / 20);
    struct bus_counts before = counts_of(lab, stations);
    lab_run(lab, stop);
    struct bus_counts after = counts_of(lab, stations);
    lab_assert_balanced(lab);
    sum->sent += after.sent - before.sent;
    sum->collisions += after.collisions - before.collisions;
    sum->given_up += after.given_up - before.given_up;
    sum->time_us += after.time_us - before.time_us;
    sum->squares = after.squares;
    sum->most = after.most;
    sum->least = after.least;
    lab_free(lab);
}

/* U_frame in thousandths: bits of frames over bits that there was time for. */
static uint64_t utilisation(const struct bus_counts *counts, unsigned size_bytes)
{
    return counts->sent * size_bytes * 8 * 1000 / (counts->time_us * 10);
}

struct bus_row {
    unsigned stations, size_bytes;
    unsigned seconds, seeds; /* simulated, each seed */
    uint64_t utilisation;    /* in thousandths */
    uint64_t collisions;     /* for each frame sent, in thousandths; 0: no figure */
    uint64_t given_up;       /* of all frames, in hundred-thousandths; 0: no figure, or too few to count */
    bool needs_budget;
};

static const struct bus_row greedy_rows[] = {
    {1, 64, 2, 1, 762, 0, 0, false},
    {1, 1518, 2, 1, 987, 0, 0, false},
    {2, 64, 3, 2, 759, 0, 0, false},
    {2, 1518, 20, 5, 984, 209, 0, false},
    {10, 64, 4, 2, 737, 118, 0, false},
    {10, 1518, 20, 5, 966, 1680, 5200, false},
    {24, 64, 4, 2, 694, 352, 0, false},
    {24, 1518, 15, 5, 953, 3730, 12100, false},
    {100, 1518, 6, 5, 945, 12800, 37700, false},
    {5, 64, 20, 5, 751, 0, 0, true},
    {5, 256, 20, 5, 915, 0, 0, true},
    {10, 64, 50, 5, 737, 118, 310, true},
    {10, 256, 20, 5, 899, 0, 0, true},
    {10, 512, 20, 5, 935, 0, 0, true},
    {24, 64, 50, 5, 694, 352, 730, true},
    {24, 256, 20, 5, 859, 0, 0, true},
    {24, 512, 20, 5, 904, 0, 0, true},
    {100, 64, 20, 5, 500, 2850, 2100, true},
    {100, 256, 20, 5, 771, 0, 0, true},
    {100, 512, 20, 5, 863, 0, 0, true},
    {100, 1518, 100, 5, 945, 12800, 37700, true},
};

static void assert_near(const struct bus_row *row, const char *what, uint64_t found, uint64_t wanted,
                        unsigned percent)
{
    if (found * 100 > wanted * (100 + percent) || found * 100 < wanted * (100 - percent))
        fail_msg("%u stations, %u bytes: %s is %llu, the reference says %llu +-%u %%", row->stations,
                 row->size_bytes, what, (unsigned long long)found, (unsigned long long)wanted, percent);
}

static void check_row(const struct bus_row *row, const char *pause, unsigned percent)
{
    struct bus_counts sum = {0};
    for (uint64_t seed = 1; seed <= row->seeds; seed++)
        run_bus(&sum, row->stations, row->size_bytes, pause, row->seconds * NT_SECOND, seed);
    uint64_t collisions = sum.collisions * 1000 * 100 / 95 / sum.sent;
    uint64_t given_up = sum.given_up * 100000 / (sum.sent + sum.given_up);
    if (getenv("NETARIUM_BUDGET"))
        print_message("%3u x %4u: U %llu, collisions %llu, given up %llu\n", row->stations, row->size_bytes,
                      (unsigned long long)utilisation(&sum, row->size_bytes), (unsigned long long)collisions,
                      (unsigned long long)given_up);
    assert_near(row, "U_frame", utilisation(&sum, row->size_bytes), row->utilisation, percent);
    if (row->collisions)
        assert_near(row, "collisions per frame", collisions, row->collisions, 5);
    if (row->given_up)
        assert_near(row, "frames given up", given_up, row->given_up, 5);
}

/* C-10, ETH-23, STAT: U_frame within 1 %, collisions and frames given up within 5 %. */
static void test_bus__greedy_stations_use_collide_and_give_up_as_computed(void **state)
{
    for (size_t i = 0; i < sizeof greedy_rows / sizeof *greedy_rows; i++)
        if (!greedy_rows[i].needs_budget || getenv("NETARIUM_BUDGET"))
            check_row(&greedy_rows[i], "0s", 1);
}

static const struct bus_row pausing_rows[] = {
    {2, 64, 4, 2, 533, 0, 0, false},     {10, 64, 3, 2, 538, 1170, 0, false},
    {24, 64, 3, 2, 529, 1650, 0, false}, {2, 1518, 4, 2, 979, 0, 0, false},
    {10, 1518, 4, 2, 959, 0, 0, false},  {24, 1518, 6, 2, 947, 0, 0, false},
    {5, 64, 20, 5, 535, 860, 0, true},   {5, 256, 20, 5, 854, 0, 0, true},
    {24, 256, 20, 5, 815, 0, 0, true},
};

/* C-11, STAT: U_frame within 1.5 % of stations that pause for 100 us on average: nobody captures the bus, and
 * short frames pay for it. */
static void test_bus__pausing_stations_use_less_of_it_for_short_frames(void **state)
{
    for (size_t i = 0; i < sizeof pausing_rows / sizeof *pausing_rows; i++)
        if (!pausing_rows[i].needs_budget || getenv("NETARIUM_BUDGET"))
            check_row(&pausing_rows[i], "100us", 2);
}

/* ---- C-12: Boggs, Mogul and Kent, 1988. SHAPE ---- */

static void test_bus__more_stations_never_carry_more(void **state)
{
    static const unsigned stations[] = {1, 2, 5, 10, 24};
    static const unsigned sizes[] = {64, 512, 1518};
    for (size_t i = 0; i < 3; i++) {
        uint64_t before = 1000;
        for (size_t j = 0; j < 5; j++) {
            struct bus_counts sum = {0};
            run_bus(&sum, stations[j], sizes[i], "0s", 3 * NT_SECOND, 1);
            assert_true(utilisation(&sum, sizes[i]) <= before);
            before = utilisation(&sum, sizes[i]);
        }
    }
}

static void test_bus__long_packets_carry_close_to_the_nominal_rate(void **state)
{
    struct bus_counts sum = {0};
    run_bus(&sum, 24, 1536, "0s", 5 * NT_SECOND, 1);
    assert_true(utilisation(&sum, 1536) >= 950);
}

/* A frame's wait is N stations' turns: within -30/+60 % of N frame times. */
static void test_bus__delay_grows_with_the_number_of_stations(void **state)
{
    static const unsigned stations[] = {2, 5, 10, 24};
    for (size_t i = 0; i < 4; i++) {
        struct bus_counts sum = {0};
        run_bus(&sum, stations[i], 1518, "0s", 5 * NT_SECOND, 1);
        uint64_t frame_us = 1518 * 8 / 10, delay_us = sum.time_us * stations[i] / (sum.sent + sum.given_up);
        assert_in_range(delay_us, stations[i] * frame_us * 7 / 10, stations[i] * frame_us * 16 / 10);
    }
}

/* The variance of the stations' shares of what was carried in 10 s, in millionths. */
static uint64_t spread(unsigned stations)
{
    uint64_t total = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct bus_counts sum = {0};
        run_bus(&sum, stations, 1518, "0s", 10 * NT_SECOND, seed);
        uint64_t sent = sum.sent * 20 / 19, mean_square = 1000000 / stations / stations;
        uint64_t square = sum.squares * 1000000 / sent / sent / stations;
        total += square > mean_square ? square - mean_square : 0;
    }
    return total / 5;
}

/* Capture makes streaks, so that a station's share of 10 s is a matter of luck. How far the shares lie apart
 * falls with the number of stations. Measured against the fair share it does not: with 1518 bytes the
 * coefficient of variation is 0.06 for 2 stations and 0.18 for 24. */
static void test_bus__shares_lie_closer_together_when_there_are_more_stations(void **state)
{
    uint64_t few = spread(3), many = spread(24);
    if (many * 2 >= few)
        fail_msg("3 stations: %llu, 24 stations: %llu", (unsigned long long)few, (unsigned long long)many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bus__greedy_stations_use_collide_and_give_up_as_computed),
        cmocka_unit_test(test_bus__pausing_stations_use_less_of_it_for_short_frames),
        cmocka_unit_test(test_bus__more_stations_never_carry_more),
        cmocka_unit_test(test_bus__long_packets_carry_close_to_the_nominal_rate),
        cmocka_unit_test(test_bus__delay_grows_with_the_number_of_stations),
        cmocka_unit_test(test_bus__shares_lie_closer_together_when_there_are_more_stations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
