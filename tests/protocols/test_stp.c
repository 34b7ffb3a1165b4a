/* SPDX-License-Identifier: MIT
 * The spanning tree: election, states, failures, changes. IEEE 802.1D-1998 clause 8; R-04. */
#include "tests/protocols/bridges.h"

#define TICK ENV_SECOND /* what R-04 allows: one tick of the standard's timers */

static struct bridges net; /* large; each test fills it anew */

static bool is_near(int64_t time, int64_t wanted)
{
    return time >= wanted - TICK && time <= wanted + TICK;
}

/* Lets time pass until the cable carries frames; returns how long that took. */
static int64_t time_until_carries(int cable, int64_t most)
{
    int64_t begin = net.hand.now;
    while (!bridges_carries(&net, cable) && net.hand.now - begin < most)
        hand_advance(&net.hand, 10 * ENV_MILLISECOND);
    return net.hand.now - begin;
}

/* Bridges 0, 1, 2 in a ring of cost 4; 0 is the root. Cables 01, 12, 20; bridge 2 blocks towards 1. */
enum { CABLE_01, CABLE_12, CABLE_20 };

static void build_ring(void)
{
    bridges_init(&net, 3);
    bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 1, 2, 4);
    bridges_join(&net, 2, 0, 4);
    bridges_start(&net);
}

/* ---- The election ---- */

/* BR-10 */
static void test_stp__the_lowest_identifier_becomes_the_root_br10(void **state)
{
    build_ring();
    hand_advance(&net.hand, 40 * ENV_SECOND);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(net.one[i].stp.root.value, net.one[0].stp.bridge_id.value);
    stp_set_bridge_id(&net.one[2].stp, bridge_id_of(4096, mac_from_number(3)));
    hand_advance(&net.hand, 10 * ENV_SECOND);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(net.one[i].stp.root.value, net.one[2].stp.bridge_id.value);
    stp_set_bridge_id(&net.one[2].stp, bridge_id_of(61440, mac_from_number(3)));
    hand_advance(&net.hand, 60 * ENV_SECOND);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(net.one[i].stp.root.value, net.one[0].stp.bridge_id.value);
    bridges_release(&net);
}

static const struct stp_port *port_at(uint32_t bridge, uint32_t port)
{
    return &net.one[bridge].stp.ports[port];
}

/* BR-11: cost, then the bridge, then its port, then our own port. */
static void test_stp__ties_for_the_root_port_are_broken_in_order_br11(void **state)
{
    /* cost: the way over bridge 1 is cheaper than the direct one */
    bridges_init(&net, 3);
    bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 0, 2, 100);
    bridges_join(&net, 1, 2, 19);
    bridges_start(&net);
    hand_advance(&net.hand, 40 * ENV_SECOND);
    assert_int_equal(net.one[2].stp.root_port, 1);
    assert_int_equal(net.one[2].stp.root_path_cost, 23);
    assert_int_equal(port_at(2, 0)->because, STP_BECAUSE_COST);
    bridges_release(&net);

    /* the designated bridge: 1 and 2 are as near, 1 is lower; 3's first port leads to 2 */
    bridges_init(&net, 4);
    bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 0, 2, 4);
    bridges_join(&net, 2, 3, 4);
    bridges_join(&net, 1, 3, 4);
    bridges_start(&net);
    hand_advance(&net.hand, 40 * ENV_SECOND);
    assert_int_equal(net.one[3].stp.root_port, 1);
    assert_int_equal(port_at(3, 0)->role, STP_ROLE_ALTERNATE);
    bridges_release(&net);

    /* the designated port: two cables to the root, crossed */
    bridges_init(&net, 3);
    bridges_join(&net, 0, 2, 4); /* occupies the root's port 0 */
    bridges_join(&net, 1, 2, 4); /* occupies bridge 1's port 0 */
    bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 0, 1, 4);
    stp_set_port_id(&net.one[0].stp, 1, 240, 2);
    bridges_start(&net);
    hand_advance(&net.hand, 40 * ENV_SECOND);
    assert_int_equal(net.one[1].stp.root_port, 2); /* the root's port 2 has the better priority */
    assert_int_equal(port_at(1, 1)->because, STP_BECAUSE_COST);
    bridges_release(&net);
}

/* BR-11: one bridge at both ends of a cable: its lower port serves, the other one blocks. */
static void test_stp__a_cable_from_a_bridge_to_itself_blocks_at_its_higher_port_br11(void **state)
{
    bridges_init(&net, 1);
    bridges_join(&net, 0, 0, 4);
    bridges_start(&net);
    hand_advance(&net.hand, 40 * ENV_SECOND);
    assert_int_equal(port_at(0, 0)->state, STP_FORWARDING);
    assert_int_equal(port_at(0, 1)->state, STP_BLOCKING);
    assert_int_equal(port_at(0, 1)->because, STP_BECAUSE_PORT);
    bridges_release(&net);
}

static void test_stp__costs_are_those_of_table_8_5_r04(void **state)
{
    static const struct {
        int64_t rate_bps;
        uint32_t cost;
    } rows[] = {{1, 65535},
                {1000000, 1000},
                {4000000, 250},
                {10000000, 100},
                {16000000, 62},
                {100000000, 19},
                {1000000000, 4},
                {INT64_C(10000000000), 2},
                {0, 65535},
                {999999999, 6},
                {INT64_C(100000000000), 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(stp_cost_for(rows[i].rate_bps), rows[i].cost);
}

static void test_stp__a_port_says_in_words_why_it_blocks(void **state)
{
    char why[64];
    build_ring();
    hand_advance(&net.hand, 40 * ENV_SECOND);
    assert_int_equal(bridges_state(&net, CABLE_12, 1), STP_BLOCKING);
    stp_port_explain(&net.one[2].stp, 0, why, sizeof why);
    assert_string_equal(why, "8000.00:00:00:00:00:02 is as near to the root, and lower");
    stp_port_explain(&net.one[2].stp, 1, why, sizeof why);
    assert_string_equal(why, "it is the best way to the root");
    bridges_release(&net);
}

/* ---- Times ---- */

/* BR-9 */
static void test_stp__a_port_listens_15_s_and_learns_15_s_br9(void **state)
{
    build_ring();
    hand_advance(&net.hand, 15 * ENV_SECOND - 1);
    assert_int_equal(bridges_state(&net, CABLE_01, 0), STP_LISTENING);
    hand_advance(&net.hand, 1);
    assert_int_equal(bridges_state(&net, CABLE_01, 0), STP_LEARNING);
    hand_advance(&net.hand, 15 * ENV_SECOND - 1);
    assert_int_equal(bridges_state(&net, CABLE_01, 0), STP_LEARNING);
    hand_advance(&net.hand, 1);
    assert_int_equal(bridges_state(&net, CABLE_01, 0), STP_FORWARDING);
    assert_int_equal(bridges_state(&net, CABLE_12, 1), STP_BLOCKING);
    bridges_release(&net);
}

/* BR-12: the root speaks every 2 s, and nobody more often than once a second at one port (8.6.1). */
static void test_stp__the_root_says_hello_every_2_s_br12(void **state)
{
    build_ring();
    hand_advance(&net.hand, 60 * ENV_SECOND + ENV_MILLISECOND);
    uint64_t root = net.one[0].configs, leaf = net.one[1].configs;
    hand_advance(&net.hand, 20 * ENV_SECOND);
    assert_int_equal(net.one[0].configs - root, 2 * 10);
    assert_int_equal(net.one[1].configs - leaf, 10);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(net.one[i].least_gap >= ENV_SECOND);
    bridges_release(&net);
}

static void build_chain(uint32_t length)
{
    bridges_init(&net, length);
    for (uint32_t i = 0; i + 1 < length; i++)
        bridges_join(&net, i, i + 1, 4);
    bridges_start(&net);
}

/* BR-13: a second more at each hop. Seven bridges are what 8.10.1 recommends at most. */
static void test_stp__news_grow_a_second_older_with_each_hop_br13(void **state)
{
    build_chain(8);
    hand_advance(&net.hand, 200 * ENV_SECOND + ENV_MILLISECOND);
    for (uint32_t i = 1; i < 8; i++) {
        assert_int_equal(net.one[i].heard[0].message_age, (i - 1) * ENV_SECOND);
        assert_int_equal(net.one[i].stp.root.value, net.one[0].stp.bridge_id.value);
    }
    bridges_release(&net);
}

/* BR-13: what has reached Max Age is not passed on. */
static void test_stp__after_twenty_hops_nobody_hears_of_the_root_br13(void **state)
{
    build_chain(23);
    hand_advance(&net.hand, 200 * ENV_SECOND + ENV_MILLISECOND);
    assert_int_equal(net.one[6].stp.root.value, net.one[0].stp.bridge_id.value);
    for (uint32_t i = 21; i < 23; i++)
        assert_int_not_equal(net.one[i].stp.root.value, net.one[0].stp.bridge_id.value);
    bridges_release(&net);
}

/* the line of the root port goes down: 2 x 15 s. */
static void test_stp__a_direct_failure_takes_30_s_r04(void **state)
{
    build_ring();
    hand_advance(&net.hand, 61 * ENV_SECOND);
    bridges_cut(&net, CABLE_20);
    assert_true(is_near(time_until_carries(CABLE_12, 100 * ENV_SECOND), 30 * ENV_SECOND));
    assert_int_equal(bridges_parts(&net, true), 1);
    bridges_release(&net);
}

/* the root falls silent, but the lines stay up: 20 s until that is noticed, and 2 x 15 s. */
static void test_stp__an_indirect_failure_takes_50_s_r04(void **state)
{
    build_ring();
    hand_advance(&net.hand, 60 * ENV_SECOND + ENV_MILLISECOND); /* a hello has just come */
    net.cables[CABLE_20].is_silent = true;
    assert_true(is_near(time_until_carries(CABLE_12, 100 * ENV_SECOND), 50 * ENV_SECOND));
    bridges_release(&net);
}

/* R-04, BR-13: the same one bridge farther: what bridge 2 knows was already 1 s old when it heard it. */
static void test_stp__a_failure_behind_another_bridge_takes_a_second_less_r04_br13(void **state)
{
    build_ring();
    hand_advance(&net.hand, 60 * ENV_SECOND + ENV_MILLISECOND);
    bridges_cut(
        &net, CABLE_01); /* bridge 1 claims to be the root; bridge 2 knows better, but must let it time out */
    int64_t taken = time_until_carries(CABLE_12, 100 * ENV_SECOND);
    assert_true(is_near(taken, 50 * ENV_SECOND));
    assert_int_equal(net.one[1].stp.root.value, net.one[0].stp.bridge_id.value);
    bridges_release(&net);
}

/* BR-13: the root is gone for good: another one is elected. */
static void test_stp__a_dead_root_is_replaced_br13(void **state)
{
    build_ring();
    hand_advance(&net.hand, 60 * ENV_SECOND + ENV_MILLISECOND);
    net.cables[CABLE_01].is_silent = net.cables[CABLE_20].is_silent = true;
    hand_advance(&net.hand, 22 * ENV_SECOND);
    assert_int_equal(net.one[1].stp.root.value, net.one[1].stp.bridge_id.value);
    assert_int_equal(net.one[2].stp.root.value, net.one[1].stp.bridge_id.value);
    bridges_release(&net);
}

/* ---- Changes of the tree: BR-14 ---- */

static void test_stp__a_change_reaches_all_and_lasts_35_s_br14(void **state)
{
    build_ring();
    hand_advance(&net.hand, 30 * ENV_SECOND + ENV_MILLISECOND);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(net.one[i].is_changing);
    hand_advance(&net.hand, 60 * ENV_SECOND);
    for (uint32_t i = 0; i < 3; i++)
        assert_false(net.one[i].is_changing);
    int64_t begin = net.hand.now;
    bridges_cut(&net, CABLE_20);
    time_until_carries(CABLE_12, 60 * ENV_SECOND);
    int64_t changed = net.hand.now;
    assert_true(is_near(changed - begin, 30 * ENV_SECOND));
    while (net.one[0].is_changing || net.hand.now == changed)
        hand_advance(&net.hand, 10 * ENV_MILLISECOND);
    assert_true(is_near(net.hand.now - changed, 35 * ENV_SECOND));
    hand_advance(&net.hand, 5 * ENV_SECOND);
    assert_false(net.one[1].is_changing || net.one[2].is_changing);
    bridges_release(&net);
}

static void test_stp__a_notification_is_repeated_until_it_is_acknowledged_br14(void **state)
{
    bridges_init(&net, 3);
    int first = bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 1, 2, 4);
    bridges_start(&net);
    hand_advance(&net.hand, 30 * ENV_SECOND - ENV_MILLISECOND);
    assert_int_equal(net.one[1].tcns, 0);
    net.cables[first].is_silent = true; /* nobody answers */
    hand_advance(&net.hand, 9 * ENV_SECOND);
    assert_int_equal(net.one[1].tcns, 5); /* at 30, 32, 34, 36, 38 s */
    net.cables[first].is_silent = false;
    hand_advance(&net.hand, 3 * ENV_SECOND);
    assert_int_equal(net.one[1].tcns, 6);
    hand_advance(&net.hand, 10 * ENV_SECOND);
    assert_int_equal(net.one[1].tcns, 6);
    assert_true(net.one[0].is_changing);
    bridges_release(&net);
}

/* ---- Settings: BR-15 ---- */

static void test_stp__times_that_contradict_each_other_are_refused_br15(void **state)
{
    struct stp_config fine = stp_config_default();
    assert_int_equal(stp_settings_check(&fine), STP_SETTINGS_FINE);
    struct stp_config rows[] = {{28 * ENV_SECOND, 2 * ENV_SECOND, 15 * ENV_SECOND},
                                {28 * ENV_SECOND + 1, 2 * ENV_SECOND, 15 * ENV_SECOND},
                                {6 * ENV_SECOND, 2 * ENV_SECOND, 15 * ENV_SECOND},
                                {6 * ENV_SECOND - 1, 2 * ENV_SECOND, 15 * ENV_SECOND}};
    static const enum stp_settings wanted[] = {STP_SETTINGS_FINE, STP_MAX_AGE_TOO_LONG, STP_SETTINGS_FINE,
                                               STP_MAX_AGE_TOO_SHORT};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(stp_settings_check(&rows[i]), wanted[i]);
}

/* ---- Facts ---- */

static void test_stp__tells_each_move_with_its_rule(void **state)
{
    bridges_init(&net, 2);
    bridges_join(&net, 0, 1, 4);
    bridges_join(&net, 0, 1, 4);
    net.hand.is_listening = true;
    bridges_start(&net);
    hand_advance(&net.hand, 31 * ENV_SECOND);
    assert_int_equal(hand_fact_count(&net.hand, "stp.state"), 4 * 2 + 1 + 3 * 2);
    const struct hand_fact *fact = hand_fact(&net.hand, "stp.state");
    assert_string_equal(hand_word(fact, 1), "Forwarding");
    assert_string_equal(hand_word(fact, 2), "the forward delay is over");
    bridges_release(&net);
}

/* ---- BR-16 ---- */

/* Turns the clock timer by timer, and looks for a loop after each. */
static void advance_without_loop(int64_t duration, unsigned round)
{
    int64_t until = net.hand.now + duration;
    while (net.hand.now < until) {
        int64_t next = hand_next_timer(&net.hand);
        hand_advance(&net.hand, (next < until ? next : until) - net.hand.now);
        if (bridges_have_loop(&net))
            fail_msg("network %u has a loop at %lld ms", round, (long long)(net.hand.now / ENV_MILLISECOND));
    }
}

static void join_at_random(uint32_t extra)
{
    static const uint32_t costs[] = {2, 4, 19, 100};
    struct env *env = &net.hand.env;
    for (uint32_t i = 1; i < net.count; i++) /* connected, with few enough cables at each */
        bridges_join(&net, i, i - 1 - env_random_below(env, i < 3 ? i : 3), costs[env_random_below(env, 4)]);
    while (extra--) {
        uint32_t a = env_random_below(env, net.count), b = env_random_below(env, net.count);
        if (net.one[a].cable_at[BRIDGES_PORTS - 2] < 0 && net.one[b].cable_at[BRIDGES_PORTS - 2] < 0)
            bridges_join(&net, a, b, costs[env_random_below(env, 4)]);
    }
}

static void test_stp__random_meshes_are_trees_and_never_loop_br16(void **state)
{
    uint64_t seed = 0;
    for (unsigned round = 0; round < 40; round++) {
        bridges_init(&net, 2 + round % 9);
        net.hand.random = seed + round + 1;
        for (uint32_t i = 0; i < net.count; i++)
            bridges_set_priority(&net, i, (uint16_t)(4096 * env_random_below(&net.hand.env, 16)));
        join_at_random(2 + net.count);
        bridges_start(&net);
        advance_without_loop(70 * ENV_SECOND, round);
        assert_int_equal(bridges_parts(&net, true), 1);
        for (int cut = 0; cut < 2; cut++) {
            bridges_cut(&net, (int)env_random_below(&net.hand.env, (uint32_t)net.cable_count));
            advance_without_loop(120 * ENV_SECOND, round);
            if (bridges_parts(&net, true) != bridges_parts(&net, false))
                fail_msg("network %u: %u parts, not %u", round, bridges_parts(&net, true),
                         bridges_parts(&net, false));
        }
        bridges_release(&net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stp__the_lowest_identifier_becomes_the_root_br10),
        cmocka_unit_test(test_stp__ties_for_the_root_port_are_broken_in_order_br11),
        cmocka_unit_test(test_stp__a_cable_from_a_bridge_to_itself_blocks_at_its_higher_port_br11),
        cmocka_unit_test(test_stp__costs_are_those_of_table_8_5_r04),
        cmocka_unit_test(test_stp__a_port_says_in_words_why_it_blocks),
        cmocka_unit_test(test_stp__a_port_listens_15_s_and_learns_15_s_br9),
        cmocka_unit_test(test_stp__the_root_says_hello_every_2_s_br12),
        cmocka_unit_test(test_stp__news_grow_a_second_older_with_each_hop_br13),
        cmocka_unit_test(test_stp__after_twenty_hops_nobody_hears_of_the_root_br13),
        cmocka_unit_test(test_stp__a_direct_failure_takes_30_s_r04),
        cmocka_unit_test(test_stp__an_indirect_failure_takes_50_s_r04),
        cmocka_unit_test(test_stp__a_failure_behind_another_bridge_takes_a_second_less_r04_br13),
        cmocka_unit_test(test_stp__a_dead_root_is_replaced_br13),
        cmocka_unit_test(test_stp__a_change_reaches_all_and_lasts_35_s_br14),
        cmocka_unit_test(test_stp__a_notification_is_repeated_until_it_is_acknowledged_br14),
        cmocka_unit_test(test_stp__times_that_contradict_each_other_are_refused_br15),
        cmocka_unit_test(test_stp__tells_each_move_with_its_rule),
        cmocka_unit_test(test_stp__random_meshes_are_trees_and_never_loop_br16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
