/* SPDX-License-Identifier: MIT
 * Experiments with distances: how rumours run, count to infinity, and are stopped. Results and
 * W-19 of the textbooks, exactly. RFC 2453 3.4. */
#include "tests/protocols/rip_lab.h"

enum { A, B, C, D, E, F, G };

#define ROUNDS 20

/* Rounds until every one of the routers first..last has lost `network`; each round's vector is printed into
 * `ret_words` as "3 4 3, ...". */
static int count_rounds(struct lab *lab, int first, int last, struct ipv4_prefix network,
                        struct text *ret_words)
{
    for (int round = 0; round <= ROUNDS; round++) {
        bool is_over = true;
        for (int r = first; r <= last; r++) {
            uint32_t metric = lab_metric(lab, r, network);
            is_over = is_over && metric == RIP_INFINITY;
            text_add(ret_words, r == first ? "%u" : " %u", metric);
        }
        if (is_over)
            return round;
        text_add(ret_words, ", ");
        lab_run(lab, 30);
    }
    return -1;
}

/* Routers in a line, the first of which has a network N, as fast as they can learn. N fails between two
 * rounds. `starts`: who speaks when within a round, in seconds. */
static void line_of(struct lab *lab, int count, enum rip_horizon horizon, const int *starts,
                    struct ipv4_prefix *ret_network)
{
    struct rip_config config = lab_rounds(horizon);
    lab_init(lab, count);
    *ret_network = lab_join(lab, A, -1);
    for (int r = 0; r + 1 < count; r++)
        lab_join(lab, r, r + 1);
    lab_build(lab, &config);
    for (int second = 0; second < count; second++) {
        for (int r = 0; r < count; r++)
            if (starts[r] == second)
                lab_start(lab, r);
        lab_run(lab, 1);
    }
    lab_run(lab, 100);
    for (int r = 0; r < count; r++)
        assert_int_equal(lab_metric(lab, r, *ret_network), r + 1);
    lab_set_up(lab, *ret_network, false);
}

static const struct {
    const char *name;
    int routers;
    enum rip_horizon horizon;
    int starts[3]; /* of A, B, C */
    int rounds;
    const char *vectors;
} lines[] = {
    {"R-02, three routers in step",
     3,
     RIP_HORIZON_NONE,
     {0, 0, 0},
     14,
     "16 2 3, 3 4 3, 5 4 5, 5 6 5, 7 6 7, 7 8 7, 9 8 9, 9 10 9, 11 10 11, 11 12 11, 13 12 13, 13 14 13, "
     "15 14 15, 15 16 15, 16 16 16"},
    {"R-02, two routers in step",
     2,
     RIP_HORIZON_NONE,
     {0, 0, 0},
     14,
     "16 2, 3 16, 16 4, 5 16, 16 6, 7 16, 16 8, 9 16, 16 10, 11 16, 16 12, 13 16, 16 14, 15 16, 16 16"},
    {"R-02, C then B then A",
     3,
     RIP_HORIZON_NONE,
     {2, 1, 0},
     8,
     "16 2 3, 3 4 3, 5 6 5, 7 8 7, 9 10 9, 11 12 11, 13 14 13, 15 16 15, 16 16 16"},
    {"R-02, A then B then C", 3, RIP_HORIZON_NONE, {0, 1, 2}, 1, "16 2 3, 16 16 16"},
    {"R-02, split horizon", 3, RIP_HORIZON_SPLIT, {0, 0, 0}, 2, "16 2 3, 16 16 3, 16 16 16"},
    {"R-02, poisoned reverse", 3, RIP_HORIZON_POISON, {0, 0, 0}, 2, "16 2 3, 16 16 3, 16 16 16"},
};

static void test_rip__counts_to_infinity_in_a_line(void **state)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct lab lab;
        struct ipv4_prefix network;
        char storage[400];
        struct text words = text_in(storage, sizeof storage);
        print_message("%s\n", lines[i].name);
        line_of(&lab, lines[i].routers, lines[i].horizon, lines[i].starts, &network);
        assert_int_equal(count_rounds(&lab, A, lines[i].routers - 1, network, &words), lines[i].rounds);
        assert_string_equal(storage, lines[i].vectors);
        lab_release(&lab);
    }
}

static void test_rip__a_change_told_at_once_outruns_the_rumour(void **state)
{
    struct lab lab;
    struct ipv4_prefix network;
    struct rip_config config = lab_rounds(RIP_HORIZON_POISON);
    config.triggers = true;
    lab_init(&lab, 3);
    network = lab_join(&lab, A, -1);
    lab_join(&lab, A, B);
    lab_join(&lab, B, C);
    lab_build(&lab, &config);
    for (int r = A; r <= C; r++)
        lab_start(&lab, r);
    lab_run(&lab, 10);
    assert_int_equal(lab_metric(&lab, C, network), 3); /* the first regular update is still to come */
    lab_set_up(&lab, network, false);
    for (int r = A; r <= C; r++)
        assert_int_equal(lab_metric(&lab, r, network), RIP_INFINITY);
    lab_set_up(&lab, network, true);
    lab_run(&lab, 10);
    assert_int_equal(lab_metric(&lab, C, network), 3);
    lab_release(&lab);
}

/* ---- a loop of three ---- */

/* A has N and hangs on B; B, C and D are a triangle. The link A-B fails. */
static void triangle(struct lab *lab, enum rip_horizon horizon, struct ipv4_prefix *ret_network)
{
    struct rip_config config = lab_rounds(horizon);
    lab_init(lab, 4);
    *ret_network = lab_join(lab, A, -1);
    struct ipv4_prefix bridge = lab_join(lab, A, B);
    lab_join(lab, B, C);
    lab_join(lab, B, D);
    lab_join(lab, C, D);
    lab_build(lab, &config);
    for (int r = A; r <= D; r++)
        lab_start(lab, r);
    lab_run(lab, 70);
    assert_int_equal(lab_metric(lab, B, *ret_network), 2);
    assert_int_equal(lab_metric(lab, C, *ret_network), 3);
    assert_int_equal(lab_metric(lab, D, *ret_network), 3);
    lab_set_up(lab, bridge, false);
}

static void test_rip__counts_in_a_loop_of_three_without_horizon(void **state)
{
    struct lab lab;
    struct ipv4_prefix network;
    char storage[400];
    struct text words = text_in(storage, sizeof storage);
    triangle(&lab, RIP_HORIZON_NONE, &network);
    int rounds = count_rounds(&lab, B, D, network, &words);
    assert_string_equal(storage, "16 3 3, 4 4 4, 5 5 5, 6 6 6, 7 7 7, 8 8 8, 9 9 9, 10 10 10, 11 11 11, "
                                 "12 12 12, 13 13 13, 14 14 14, 15 15 15, 16 16 16");
    assert_int_equal(rounds, 13);
    lab_release(&lab);
}

static void test_rip__counts_in_a_loop_of_three_with_poisoned_reverse(void **state)
{
    struct lab lab;
    struct ipv4_prefix network;
    char storage[400];
    struct text words = text_in(storage, sizeof storage);
    triangle(&lab, RIP_HORIZON_POISON, &network);
    int rounds = count_rounds(&lab, B, D, network, &words);
    assert_string_equal(storage,
                        "16 3 3, 16 4 4, 5 16 16, 16 16 6, 16 7 16, 8 16 16, 16 16 9, 16 10 16, 11 16 16, "
                        "16 16 12, 16 13 16, 14 16 16, 16 16 15, 16 16 16");
    assert_int_equal(rounds, 13); /* 14 vectors, the first of which is what the failure left */
    lab_release(&lab);
}

static void test_rip__keeps_stale_ways_in_a_loop_of_three_with_split_horizon(void **state)
{
    struct lab lab;
    struct ipv4_prefix network;
    triangle(&lab, RIP_HORIZON_SPLIT, &network);
    lab_run(&lab, 30);
    assert_int_equal(lab_metric(&lab, B, network), 16);
    for (int round = 2; round <= 6; round++) { /* nobody says anything against it ... */
        lab_run(&lab, 30);
        assert_int_equal(lab_metric(&lab, B, network), 5);
        assert_int_equal(lab_metric(&lab, C, network), 4);
        assert_int_equal(lab_metric(&lab, D, network), 4);
        assert_int_equal(lab_way(&lab, C, network), D);
        assert_int_equal(lab_way(&lab, D, network), C);
    }
    lab_run(&lab, 30); /* ... and nobody confirms it: 180 s after the first round it is gone */
    assert_int_equal(lab_metric(&lab, C, network), RIP_INFINITY);
    lab_release(&lab);
}

/* ---- W-19: seven routers ---- */

static void test_rip__finds_the_shortest_ways_of_the_textbook(void **state)
{
    static const struct {
        int from, to, hops, by; /* by -1: several are as good, or it is the neighbour itself */
    } before[] = {{A, B, 1, B}, {A, C, 1, C},  {A, D, 2, C}, {A, E, 1, E}, {A, F, 1, F},
                  {A, G, 2, F}, {B, G, 3, -1}, {E, D, 3, A}, {E, G, 3, A}},
      after[] = {{A, G, 3, C}, {F, G, 4, A}, {G, F, 4, D}};
    static const int wires[][2] = {{A, B}, {A, C}, {A, E}, {A, F}, {B, C}, {C, D}, {D, G}, {F, G}};
    for (enum rip_horizon horizon = RIP_HORIZON_NONE; horizon <= RIP_HORIZON_POISON; horizon++) {
        struct lab lab;
        struct rip_config config = lab_rounds(horizon);
        struct ipv4_prefix at[7], wire = {IPV4_ANY, 0};
        lab_init(&lab, 7);
        for (int r = A; r <= G; r++)
            at[r] = lab_join(&lab, r, -1); /* where a router is: a network of its own, 1 away from it */
        for (size_t i = 0; i < 8; i++)
            wire = lab_join(&lab, wires[i][0], wires[i][1]);
        lab_build(&lab, &config);
        for (int r = A; r <= G; r++)
            lab_start(&lab, r);
        lab_run(&lab, 130);
        for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
            assert_int_equal(lab_metric(&lab, before[i].from, at[before[i].to]), before[i].hops + 1);
            if (before[i].by >= 0)
                assert_int_equal(lab_way(&lab, before[i].from, at[before[i].to]), before[i].by);
        }
        lab_set_up(&lab, wire, false); /* F-G */
        lab_run(&lab, 600);
        for (size_t i = 0; i < sizeof after / sizeof after[0]; i++) {
            assert_int_equal(lab_metric(&lab, after[i].from, at[after[i].to]), after[i].hops + 1);
            assert_int_equal(lab_way(&lab, after[i].from, at[after[i].to]), after[i].by);
        }
        lab_release(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rip__counts_to_infinity_in_a_line),
        cmocka_unit_test(test_rip__a_change_told_at_once_outruns_the_rumour),
        cmocka_unit_test(test_rip__counts_in_a_loop_of_three_without_horizon),
        cmocka_unit_test(test_rip__counts_in_a_loop_of_three_with_poisoned_reverse),
        cmocka_unit_test(test_rip__keeps_stale_ways_in_a_loop_of_three_with_split_horizon),
        cmocka_unit_test(test_rip__finds_the_shortest_ways_of_the_textbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
