/* SPDX-License-Identifier: MIT
 * The shared cable, to the picosecond: the times of a collision on 500 m of thick coax (C-05), cables that
 * are too long (C-06), a textbook's collision (W-21), the standard's constants (C-03), and how many frames go
 * through (C-14). Lengths of bits are those of 10 Mb/s; the items are those of the reference results. */
#include "nodes/medium.h"
#include "nodes/stack.h"
#include "tests/nodes/lab.h"

#define START (10 * NT_MILLISECOND)
#define FRAME_BITS 576 /* 64 bytes and their preamble */

/* ---- C-05: a collision of two stations ---- */

static const char two_on_coax[] =
    "{'netarium': 1, 'nodes': {'west': {'type': 'host'}, 'mid': {'type': 'host'}, 'east': {'type': 'host'},"
    " 'coax': {'type': 'segment'}},"
    " 'links': [{'tap': 'coax', 'of': 'west', 'position': '0 m'},"
    "           {'tap': 'coax', 'of': 'mid', 'position': '250 m'},"
    "           {'tap': 'coax', 'of': 'east', 'position': '500 m'}],"
    " 'actions': [{'at': '10 ms', 'on': 'west', 'run': 'send-raw --to mid'},"
    "             {'at': '10.001 ms', 'on': 'east', 'run': 'send-raw --to mid'}],"
    " 'stop': '50 ms'}";

static struct lab *lab_of_two(uint64_t seed)
{
    struct lab_options options = {.seed = seed};
    return lab_new_with(two_on_coax, &options);
}

static nt_time since_start(const struct lab *lab, const char *kind, const char *node, size_t nth)
{
    return lab_time(lab, kind, node, nth) - START;
}

/* How many slots a station drew after its first collision. */
static int64_t slots_drawn(const struct lab *lab, const char *node)
{
    return lab_record(lab, "mac.backoff", node, 1)->values[1];
}

/* ETH-17: of a collision a station learns when the signal has come that far. */
static void test_segment__each_station_sees_the_collision_when_the_others_front_is_there(void **state)
{
    struct lab *lab = lab_of_two(1);
    nt_time tau = medium_propagation(500000, 770);
    lab_run(lab, NT_SECOND);
    assert_in_range(tau, 2165900, 2166100); /* 21.66 bit times */
    assert_int_equal(since_start(lab, "mac.begin", "west", 1), 0);
    assert_int_equal(since_start(lab, "mac.begin", "east", 1), 10 * BIT);
    assert_int_equal(since_start(lab, "mac.collision", "east", 1), tau);
    assert_int_equal(since_start(lab, "mac.collision", "west", 1), 10 * BIT + tau);
    assert_int_equal(lab_record(lab, "mac.collision", "west", 1)->values[2], 10 * BIT + tau);
    /* ETH-11: the preamble is finished, then 32 bits of jam follow */
    assert_int_equal(since_start(lab, "mac.jam", "west", 1), 96 * BIT);
    assert_int_equal(since_start(lab, "mac.jam", "east", 1), 106 * BIT);
    assert_int_equal(lab_record(lab, "mac.jam", "west", 1)->values[0], 96);
    lab_free(lab);
}

static void test_segment__the_fronts_meet_in_the_middle_of_what_is_left(void **state)
{
    struct lab *lab = lab_of_two(1);
    nt_time tau = medium_propagation(500000, 770);
    lab_run(lab, NT_SECOND);
    assert_int_equal(since_start(lab, "collision", "coax", 1), (10 * BIT + tau) / 2);
    /* when east begins, west's front has come 10 of 21.66 bit times far; the rest they share */
    int64_t place = lab_record(lab, "collision", "coax", 1)->values[0];
    assert_in_range(place, 500000 / 2 + 115417 - 20, 500000 / 2 + 115417 + 20);
    lab_free(lab);
}

static void test_segment__mid_hears_both_and_calls_it_a_collision_though_it_only_listens(void **state)
{
    struct lab *lab = lab_of_two(1);
    lab_run(lab, NT_SECOND);
    assert_int_equal(since_start(lab, "segment.carrier", "mid", 1), medium_propagation(250000, 770));
    assert_int_equal(since_start(lab, "segment.overlap", "mid", 1),
                     10 * BIT + medium_propagation(500000, 770) - medium_propagation(250000, 770));
    lab_free(lab);
}

static void test_segment__silence_comes_back_when_the_others_jam_has_passed(void **state)
{
    struct lab *lab = lab_of_two(1);
    nt_time tau = medium_propagation(500000, 770);
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_record(lab, "segment.carrier", "west", 2)->values[0], 0);
    assert_int_equal(since_start(lab, "segment.carrier", "west", 2), 106 * BIT + tau);
    assert_int_equal(since_start(lab, "segment.carrier", "east", 2), 96 * BIT + tau);
    lab_free(lab);
}

/* What follows depends on both dice. Both count from the end of their own jam, and need 96 bits of silence
 * (ETH-9). */
static void check_second_try(struct lab *lab, int64_t west, int64_t east)
{
    nt_time tau = medium_propagation(500000, 770);
    nt_time west_at = west ? 608 * BIT : 202 * BIT + tau; /* 223.66 */
    nt_time east_at = east ? 618 * BIT : 192 * BIT + tau; /* 213.66 */
    bool is_west_first = west < east, collides = west == east;
    if (collides || is_west_first)
        assert_int_equal(since_start(lab, "mac.begin", "west", 2), west_at);
    if (collides || !is_west_first)
        assert_int_equal(since_start(lab, "mac.begin", "east", 2), east_at);
    if (collides) {
        assert_int_equal(since_start(lab, "mac.collision", "west", 2), east_at + tau);
        assert_int_equal(since_start(lab, "mac.collision", "east", 2), west_at + tau);
        return;
    }
    const char *first = is_west_first ? "west" : "east", *second = is_west_first ? "east" : "west";
    nt_time first_at = is_west_first ? west_at : east_at, second_at = is_west_first ? east_at : west_at;
    assert_int_equal(since_start(lab, "mac.sent", first, 1), first_at + FRAME_BITS * BIT);
    assert_int_equal(since_start(lab, "mac.defer", second, 1), second_at);
    assert_int_equal(since_start(lab, "mac.begin", second, 2), first_at + (FRAME_BITS + 96) * BIT + tau);
    assert_int_equal(lab_ask(lab, "count(mac.collision)"), 2);
}

static void test_segment__the_dice_decide_what_follows(void **state)
{
    bool seen[2][2] = {{false}};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct lab *lab = lab_of_two(seed);
        lab_run(lab, NT_SECOND);
        int64_t west = slots_drawn(lab, "west"), east = slots_drawn(lab, "east");
        assert_in_range(west, 0, 1);
        assert_in_range(east, 0, 1);
        seen[west][east] = true;
        check_second_try(lab, west, east);
        assert_int_equal(lab_ask(lab, "count(frame.rx at mid)"), 2); /* ETH-12: what collided is no frame for anybody */
        assert_int_equal(lab_ask(lab, "count(frame.drop)"), 0);
        lab_free(lab);
    }
    assert_true(seen[0][0] && seen[0][1] && seen[1][0] && seen[1][1]);
}

/* ---- C-06: a cable that is too long ---- */

struct long_row {
    int velocity;
    int64_t length_mm; /* the limit */
    bool is_unnoticed; /* ... between late and unnoticed; else between normal and late */
};

static const struct long_row long_rows[] = {
    {77, 5909500, false}, {77, 6648200, true},  {65, 4988500, false},
    {65, 5612100, true},  {59, 4528100, false}, {59, 5094100, true},
};

/* A sends at 0, B a nanosecond before A's first bit is there. */
static struct lab *lab_of_long_cable(int velocity, int64_t length_mm, unsigned size_bytes)
{
    char text[1200];
    nt_time tau = medium_propagation(length_mm, velocity * 10);
    snprintf(text, sizeof text,
             "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'},"
             " 'coax': {'type': 'segment', 'medium': 'custom', 'velocity': '%d %%', 'length': '%lld mm'}},"
             " 'links': [{'tap': 'coax', 'of': 'a', 'position': '0 m'},"
             "           {'tap': 'coax', 'of': 'b', 'position': '%lld mm'}],"
             " 'actions': [{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to b --size %u'},"
             "             {'at': '%lld ps', 'on': 'b', 'run': 'send-raw --to a'}],"
             " 'stop': '1 s'}",
             velocity, (long long)length_mm, (long long)length_mm, size_bytes,
             (long long)(START + tau - NT_NANOSECOND));
    struct lab *lab = lab_new(text);
    lab_run(lab, NT_SECOND);
    lab_assert_balanced(lab);
    return lab;
}

/* ETH-16: noticed after the slot time, counted apart, and at 10 Mb/s tried again. */
static void assert_fate(struct lab *lab, bool is_late, bool is_unnoticed)
{
    assert_int_equal(lab_cell(lab, "a", "mac", 0, "late") > 0, is_late && !is_unnoticed);
    assert_int_equal(lab_cell(lab, "a", "mac", 0, "collisions") > 0, !is_unnoticed);
    if (is_unnoticed) {
        /* at the first attempt, a thinks */
        assert_int_equal(lab_record(lab, "mac.sent", "a", 1)->values[0], 1);
        assert_int_equal(lab_ask(lab, "count(frame.drop where reason == 'it collided on its way')"), 1);
        assert_int_equal(lab_ask(lab, "count(frame.rx at b)"), 0);
    } else {
        assert_int_equal(lab_ask(lab, "count(frame.drop)"), 0);
        assert_int_equal(lab_ask(lab, "count(frame.rx at b)"), 1);
    }
    assert_int_equal(lab_ask(lab, "count(frame.rx at a)"), 1); /* b notices at once, and tries again */
}

static void test_segment__a_collision_is_normal_late_or_unnoticed_by_the_cables_length(void **state)
{
    for (size_t i = 0; i < sizeof long_rows / sizeof *long_rows; i++) {
        const struct long_row *row = &long_rows[i];
        struct lab *shorter = lab_of_long_cable(row->velocity, row->length_mm - 1000, 64);
        assert_fate(shorter, row->is_unnoticed, false);
        lab_free(shorter);
        struct lab *longer = lab_of_long_cable(row->velocity, row->length_mm + 1000, 64);
        assert_fate(longer, true, row->is_unnoticed);
        lab_free(longer);
    }
}

static void test_segment__a_longer_frame_notices_on_a_longer_cable(void **state)
{
    struct lab *lab = lab_of_long_cable(77, 6649200, 65); /* 584 bits: 6740.5 m */
    assert_fate(lab, true, false);
    lab_free(lab);
    lab = lab_of_long_cable(77, 6741500, 65);
    assert_fate(lab, true, true);
    lab_free(lab);
}

/* ---- W-21: a textbook's collision ---- */

static struct lab *lab_of_textbook(uint64_t seed, bool rests_after_backoff)
{
    struct lab_options options = {.seed = seed};
    struct lab *lab = lab_new_with(
        "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'}},"
        " 'links': [{'between': ['a', 'b'], 'duplex': 'half', 'rate': '10 Mbps', 'delay': '24.5 us'}],"
        " 'actions': [{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to b'},"
        "             {'at': '10 ms', 'on': 'b', 'run': 'send-raw --to a'}], 'stop': '1 s'}",
        &options);
    lab_run(lab, 0);
    struct mac_config config = mac_config_for(10000000);
    config.jam_bits = 48;
    config.rests_after_backoff = rests_after_backoff;
    nic_set_mac_config(&stack_of(lab_node(lab, "a"))->interfaces[0].nic, &config);
    nic_set_mac_config(&stack_of(lab_node(lab, "b"))->interfaces[0].nic, &config);
    lab_run(lab, NT_SECOND);
    return lab;
}

/* A book that counts jam from the collision, and lets a station rest for 96 bits after its dice's time. */
static void check_textbook(struct lab *lab)
{
    assert_int_equal(since_start(lab, "mac.collision", "a", 1), 245 * BIT);
    assert_int_equal(since_start(lab, "mac.collision", "b", 1), 245 * BIT);
    assert_int_equal(since_start(lab, "mac.jam", "a", 1), 293 * BIT);
    assert_int_equal(since_start(lab, "segment.carrier", "a", 2), 538 * BIT);
    assert_int_equal(since_start(lab, "mac.begin", "a", 2), 634 * BIT);
}

/* The standard knows no rest after the dice's time: the cable has been silent for 96 bits, so B begins at
 * 805, while A's first bit is on its way, and there is a second collision. The book has B defer from 879 on.
 * Both are tested, so that the difference is known. */
static void test_segment__a_textbook_and_the_standard_differ_in_what_b_does(void **state)
{
    unsigned seen = 0;
    for (uint64_t seed = 1; seed <= 60 && seen < 4; seed++) {
        struct lab *book = lab_of_textbook(seed, true), *standard = lab_of_textbook(seed, false);
        if (slots_drawn(book, "a") == 0 && slots_drawn(book, "b") == 1) {
            seen++;
            check_textbook(book);
            assert_int_equal(lab_ask(book, "count(mac.collision)"), 2);
            assert_int_equal(since_start(book, "mac.sent", "a", 1), (634 + FRAME_BITS) * BIT);
            assert_int_equal(since_start(book, "segment.carrier", "b", 3), 879 * BIT);
            check_textbook(standard);
            assert_int_equal(since_start(standard, "mac.begin", "b", 2), 805 * BIT);
            assert_int_equal(since_start(standard, "mac.collision", "b", 2), 879 * BIT);
            assert_int_equal(since_start(standard, "mac.collision", "a", 2), 1050 * BIT);
        }
        lab_free(book);
        lab_free(standard);
    }
    assert_true(seen > 0);
}

/* ---- C-03: constants ---- */

static void test_segment__the_standards_constants(void **state)
{
    struct mac_config ten = mac_config_for(10000000), hundred = mac_config_for(100000000),
                      giga = mac_config_for(1000000000);
    assert_int_equal(ten.slot_bits, 512);
    assert_int_equal(ten.gap_bits, 96);
    assert_int_equal(ten.jam_bits, 32);
    assert_int_equal(ten.attempt_limit, 16);
    assert_int_equal(ten.backoff_limit, 10);
    assert_int_equal(hundred.slot_bits, 512);
    assert_int_equal(giga.slot_bits, 4096);
    assert_true(giga.extends_carrier && !hundred.extends_carrier);
    assert_int_equal(ETHERNET_MIN, 64);
    /* one-way delays: 2.166, 0.949, 0.565 us, and 0.257 us for 50 m of 0.65 c */
    assert_in_range(medium_propagation(500000, 770), 2165500, 2166500);
    assert_in_range(medium_propagation(185000, 650), 948500, 949500);
    assert_in_range(medium_propagation(100000, 590), 565000, 565500);
    assert_in_range(medium_propagation(50000, 650), 256500, 257500);
}

static void test_segment__what_a_classic_cable_does_not_allow_is_a_warning(void **state)
{
    struct lab *lab = lab_new("{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'},"
                              " 'thin': {'type': 'segment', 'medium': '10BASE2', 'length': '200 m'}},"
                              " 'links': [{'tap': 'thin', 'of': 'a', 'position': '1 m'},"
                              "           {'tap': 'thin', 'of': 'b', 'position': '1.2 m'}], 'stop': '1 s'}");
    assert_true(lab_has_said(lab, "10BASE2 allows 185 m, this cable has 200 m"));
    assert_true(lab_has_said(lab, "10BASE2 wants 0.5 m between taps"));
    lab_free(lab);
}

/* ---- C-14: how many frames a second ---- */

struct rate_row {
    unsigned size_bytes;
    int64_t frames;
};

static const struct rate_row rate_rows[] = {{64, 14880}, {128, 8445},  {256, 4528}, {512, 2349},
                                            {768, 1586}, {1024, 1197}, {1280, 961}, {1518, 812}};

/* Whole frames with their gaps in one second. */
static void check_rate(const char *links, int64_t rate_bps, const struct rate_row *row, int64_t frames)
{
    char text[1200];
    snprintf(text, sizeof text,
             "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'}%s], 'actions': [{'at': "
             "'10 ms', 'on': 'a', 'run': 'load --to b --size %u'}], 'stop': '10 s'}",
             links, row->size_bytes);
    struct lab_options options = {.is_unwatched = true};
    struct lab *lab = lab_new_with(text, &options);
    nt_time gap = 96 * NT_SECOND / rate_bps;
    lab_run(lab, START + NT_SECOND - gap + NT_NANOSECOND);
    assert_int_equal(lab_node(lab, "b")->ports[0]->received_frames, frames);
    lab_free(lab);
}

static void test_segment__one_greedy_station_sends_the_most_frames_there_can_be(void **state)
{
    for (size_t i = 0; i < sizeof rate_rows / sizeof *rate_rows; i++)
        check_rate(", 'bus': {'type': 'segment', 'medium': 'custom', 'length': '1 mm'}}, 'links': [{'tap': "
                   "'bus', 'of': 'a'}, {'tap': 'bus', 'of': 'b'}",
                   10000000, &rate_rows[i], rate_rows[i].frames);
}

static void test_link__one_greedy_station_sends_the_most_frames_there_can_be(void **state)
{
    for (size_t i = 0; i < sizeof rate_rows / sizeof *rate_rows; i++) {
        check_rate("}, 'links': [{'between': ['a', 'b'], 'rate': '10 Mbps', 'delay': '0 s'}", 10000000,
                   &rate_rows[i], rate_rows[i].frames);
        check_rate(
            "}, 'links': [{'between': ['a', 'b'], 'rate': '10 Mbps', 'delay': '0 s', 'duplex': 'half'}",
            10000000, &rate_rows[i], rate_rows[i].frames);
    }
    check_rate("}, 'links': [{'between': ['a', 'b'], 'rate': '100 Mbps', 'delay': '0 s'}", 100000000,
               &rate_rows[0], 148809);
    check_rate("}, 'links': [{'between': ['a', 'b'], 'rate': '1 Gbps', 'delay': '0 s'}", 1000000000,
               &rate_rows[0], 1488095);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segment__each_station_sees_the_collision_when_the_others_front_is_there),
        cmocka_unit_test(test_segment__the_fronts_meet_in_the_middle_of_what_is_left),
        cmocka_unit_test(test_segment__mid_hears_both_and_calls_it_a_collision_though_it_only_listens),
        cmocka_unit_test(test_segment__silence_comes_back_when_the_others_jam_has_passed),
        cmocka_unit_test(test_segment__the_dice_decide_what_follows),
        cmocka_unit_test(test_segment__a_collision_is_normal_late_or_unnoticed_by_the_cables_length),
        cmocka_unit_test(test_segment__a_longer_frame_notices_on_a_longer_cable),
        cmocka_unit_test(test_segment__a_textbook_and_the_standard_differ_in_what_b_does),
        cmocka_unit_test(test_segment__the_standards_constants),
        cmocka_unit_test(test_segment__what_a_classic_cable_does_not_allow_is_a_warning),
        cmocka_unit_test(test_segment__one_greedy_station_sends_the_most_frames_there_can_be),
        cmocka_unit_test(test_link__one_greedy_station_sends_the_most_frames_there_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
