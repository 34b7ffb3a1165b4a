/* SPDX-License-Identifier: MIT
 * The hub: bits through it, collisions through it, partition, and networks of several (IEEE 802.3 clauses 9
 * and 13, ETH-22, C-04). */
#include "nodes/medium.h"
#include "tests/nodes/lab.h"

#define START (10 * NT_MILLISECOND)
#define DELAY (750 * NT_NANOSECOND) /* 7.5 bit times at 10 Mb/s */

/* A text with hosts a, b, c, hubs h1 and h2, and these cables and actions. */
static struct lab *lab_of(const char *cables, const char *actions)
{
    char text[4000];
    snprintf(text, sizeof text,
             "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'}, 'c': {'type': 'host'},"
             " 'h1': {'type': 'hub'}, 'h2': {'type': 'hub'}}, 'links': [%s], 'actions': [%s], 'stop': '1 s'}",
             cables, actions);
    return lab_new(text);
}

#define HALF(from, to)                                                                                       \
    "{'between': ['" from "', '" to "'], 'rate': '10 Mbps', 'length': '100 m', 'duplex': 'half'}"
#define ONE_HUB HALF("a", "h1") ", " HALF("b", "h1") ", " HALF("c", "h1")
#define TWO_HUBS HALF("a", "h1") ", " HALF("b", "h1") ", " HALF("h1", "h2") ", " HALF("c", "h2")

/* ---- Bits ---- */

static void test_hub__a_signal_leaves_at_all_other_ports_one_delay_later(void **state)
{
    struct lab *lab = lab_of(ONE_HUB, "{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to b'}");
    nt_time tau = medium_propagation(100000, 590);
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_time(lab, "hub.repeat", "h1", 1), START + tau + DELAY);
    assert_int_equal(lab_time(lab, "segment.carrier", "b", 1), START + 2 * tau + DELAY);
    assert_int_equal(lab_time(lab, "segment.carrier", "c", 1), START + 2 * tau + DELAY);
    assert_int_equal(lab_time(lab, "frame.rx", "b", 1), START + 2 * tau + DELAY + 576 * BIT);
    assert_int_equal(lab_ask(lab, "count(frame.rx at c)"), 0); /* it hears it, but it is not for c */
    assert_int_equal(lab_ask(lab, "count(frame.drop) + count(frame.discard)"), 0);
    assert_int_equal(lab_cell(lab, "h1", "ports", 0, "frames"), 1);
    lab_assert_balanced(lab);
    lab_free(lab);
}

static void test_hub__a_broadcast_reaches_everybody_behind_two_hubs_once(void **state)
{
    struct lab *lab = lab_of(TWO_HUBS, "{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to broadcast'}");
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.rx at b)"), 1);
    assert_int_equal(lab_ask(lab, "count(frame.rx at c)"), 1);
    assert_int_equal(lab_ask(lab, "count(frame.rx at a)"), 0);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ---- Collisions ---- */

/* ETH-22: the collision domain spans all ports. */
static void test_hub__two_senders_at_different_ports_collide(void **state)
{
    struct lab *lab = lab_of(ONE_HUB, "{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to c'},"
                                      "{'at': '10 ms', 'on': 'b', 'run': 'send-raw --to c'}");
    nt_time tau = medium_propagation(100000, 590);
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_time(lab, "hub.collision", "h1", 1), START + tau + DELAY);
    assert_int_equal(lab_time(lab, "mac.collision", "a", 1), START + 2 * tau + DELAY);
    assert_int_equal(lab_time(lab, "mac.collision", "b", 1), START + 2 * tau + DELAY);
    assert_int_equal(lab_ask(lab, "count(frame.rx at c)"), 2);
    assert_int_equal(lab_ask(lab, "count(frame.drop) + count(frame.discard)"), 0);
    assert_int_equal(lab_cell(lab, "h1", "hub", 0, "state"), 0);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* Both jam the cable between them, and each would go on because the other does. */
static void test_hub__two_hubs_do_not_jam_each_other_for_ever(void **state)
{
    struct lab *lab = lab_of(TWO_HUBS, "{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to c'},"
                                       "{'at': '10 ms', 'on': 'c', 'run': 'send-raw --to a'}");
    lab_run(lab, NT_SECOND);
    assert_true(lab_ask(lab, "count(hub.one_port_left)") >= 1);
    nt_time first = lab_time(lab, "hub.collision", "h1", 1);
    nt_time left = lab_time(lab, "hub.one_port_left", "h1", 1);
    assert_in_range(left - first, 0, 200 * BIT);
    assert_int_equal(lab_ask(lab, "count(frame.rx at c)"), 1);
    assert_int_equal(lab_ask(lab, "count(frame.rx at a)"), 1);
    lab_free(lab);
}

/* IEEE 802.3 9.6.2, 9.6.4: several signals at one port; jam to the others, of 96 bits at least. */
static void test_hub__a_collision_on_one_cable_is_jam_on_the_others(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'}, 'c': {'type': 'host'},"
        " 'h1': {'type': 'hub'}, 'coax': {'type': 'segment', 'length': '100 m'}}, 'links': ["
        " {'tap': 'coax', 'of': 'a', 'position': '0 m'}, {'tap': 'coax', 'of': 'b', 'position': '50 m'},"
        " {'tap': 'coax', 'of': 'h1', 'position': '100 m'}, " HALF(
            "c", "h1") "],"
                       " 'actions': [{'at': '10 ms', 'on': 'a', 'run': 'send-raw --to c'},"
                       "             {'at': '10 ms', 'on': 'b', 'run': 'send-raw --to c'}], 'stop': '1 s'}");
    lab_run(lab, NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(hub.receive_collision at h1)"),
                     lab_ask(lab, "count(mac.collision at a)"));
    assert_true(lab_ask(lab, "min(segment.break.bits on c-h1)") >= 96);
    assert_int_equal(lab_ask(lab, "count(frame.rx at c)"), 2);
    assert_int_equal(lab_ask(lab, "count(frame.drop)"), 0);
    assert_true(lab_cell(lab, "h1", "ports", 0, "fragments") >= 1);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ---- Partition: IEEE 802.3 9.6.6 ---- */

#define NOISE_UNTIL NT_SECOND

/* A station with a broken transceiver: whenever it hears something it answers with 150 bits of noise. */
struct babbler {
    struct nt_event end;
};

static void babbler_end(struct nt_event *event)
{
    struct nt_sense sense = {.what = NT_SENSE_TX_END, .bits = 150};
    nt_signal(event->node->ports[0], &sense);
}

static void babbler_check(struct nt_node *node)
{
    struct babbler *babbler = node->state;
    nt_event_init(&babbler->end, node, babbler_end);
    node->ports[0]->wants_signals = true;
}

static void babbler_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    struct babbler *babbler = node->state;
    struct nt_sense noise = {.what = NT_SENSE_TX_START};
    if (sense->what != NT_SENSE_CARRIER_ON || nt_is_armed(&babbler->end) || nt_now(node) > NOISE_UNTIL)
        return;
    nt_signal(port, &noise);
    nt_arm(&babbler->end, nt_now(node) + 150 * BIT);
}

static const struct nt_node_type babbler_type = {.size = sizeof(struct nt_node_type),
                                                 .name = "babbler",
                                                 .summary = "answers everything with noise",
                                                 .port_prefix = "eth",
                                                 .max_ports = 1,
                                                 .state_bytes = sizeof(struct babbler),
                                                 .check = babbler_check,
                                                 .sense = babbler_sense};

static void test_hub__a_port_with_thirty_one_collisions_in_a_row_is_partitioned(void **state)
{
    static const struct nt_node_type *const types[] = {&babbler_type, NULL};
    struct lab_options options = {.types = types};
    struct lab *lab = lab_new_with(
        "{'netarium': 1, 'nodes': {'a': {'type': 'host'}, 'b': {'type': 'host'}, 'x': {'type': 'babbler'},"
        " 'h1': {'type': 'hub'}}, 'links': [" HALF("a", "h1") ", " HALF("b", "h1") ", " HALF(
            "x", "h1") "],"
                       " 'actions': [{'at': '10 ms', 'on': 'a', 'run': 'load --to b --size 200'},"
                       "             {'at': '10 ms', 'on': 'b', 'run': 'load --to a --size 200'},"
                       "             {'at': '1.5 s', 'on': 'b', 'run': 'send-raw --to a'}], 'stop': '2 s'}",
        &options);
    lab_run(lab, NOISE_UNTIL);
    assert_int_equal(lab_ask(lab, "count(hub.partition at h1)"), 1);
    assert_int_equal(lab_record(lab, "hub.partition", "h1", 1)->values[0], 31);
    assert_int_equal(lab_cell(lab, "h1", "ports", 2, "partitioned"), 1);
    assert_int_equal(lab_cell(lab, "h1", "ports", 0, "partitioned"), 0);
    assert_true(lab_ask(lab, "count(frame.rx at b)") > 50); /* the others go on */
    lab_run(lab, 2 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(hub.reconnect at h1)"), 1);
    assert_true(lab_time(lab, "hub.reconnect", "h1", 1) > NOISE_UNTIL);
    assert_int_equal(lab_cell(lab, "h1", "ports", 2, "partitioned"), 0);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ---- Networks of several: 13, C-04 ---- */

/* A chain of hubs between west and east; each cable as `cable` says. */
static struct lab *chain_of(unsigned hubs, const char *cable, const char *actions)
{
    char text[6000], from[16] = "west";
    int used = snprintf(text, sizeof text,
                        "{'netarium': 1, 'nodes': {'west': {'type': 'host'}, 'east': {'type': 'host'}");
    for (unsigned i = 1; i <= hubs; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, ", 'hub%u': {'type': 'hub'}", i);
    used += snprintf(text + used, sizeof text - (size_t)used, "}, 'links': [");
    for (unsigned i = 1; i <= hubs + 1; i++) {
        char to[16] = "east";
        if (i <= hubs)
            snprintf(to, sizeof to, "hub%u", i);
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "%s{'between': ['%s', '%s'], 'rate': '10 Mbps', 'duplex': 'half', %s}",
                         i > 1 ? ", " : "", from, to, cable);
        memcpy(from, to, sizeof from);
    }
    snprintf(text + used, sizeof text - (size_t)used, "], 'actions': [%s], 'stop': '1 s'}", actions);
    return lab_new(text);
}

static void test_rule__four_repeaters_are_allowed_and_five_are_told_with_the_path(void **state)
{
    struct lab *lab = chain_of(4, "'length': '100 m'", "");
    assert_int_equal(lab->errors.count, 0);
    lab_free(lab);
    lab = chain_of(5, "'length': '100 m'", "");
    assert_int_equal(lab->errors.count, 1);
    assert_true(lab_has_said(
        lab, "west - hub1 - hub2 - hub3 - hub4 - hub5 - east: 6 segments, 5 repeaters, 0 of coax"));
    lab_free(lab);
    lab = chain_of(9, "'length': '1 m'", "");
    assert_true(lab_has_said(lab, "west - hub1 - hub2 - ... - hub9 - east: 10 segments, 9 repeaters"));
    lab_free(lab);
}

/* C-04: 212.25 + 356.5 + 5 = 573.75 bit times for two fibres of 2 km. */
static void test_rule__delays_are_those_of_the_standards_table(void **state)
{
    struct lab *lab = chain_of(1, "'medium': 'fibre', 'length': '2 km'", "");
    assert_int_equal(lab->errors.count, 0);
    lab_free(lab);
    lab = chain_of(1, "'medium': 'fibre', 'length': '2010 m'", "");
    assert_true(
        lab_has_said(lab, "west - hub1 - east: there and back takes 575.75 bit times, 575 are allowed"));
    lab_free(lab);
}

static void test_rule__three_coaxes_are_allowed_and_four_are_not(void **state)
{
    for (int coaxes = 3; coaxes <= 4; coaxes++) {
        char text[3000];
        int used = snprintf(text, sizeof text,
                            "{'netarium': 1, 'nodes': {'west': {'type': 'host'}, 'east': {'type': 'host'}, "
                            "'hub1': {'type': 'hub'}, 'hub2': {'type': 'hub'}, 'hub3': {'type': 'hub'}, "
                            "'hub4': {'type': 'hub'}");
        for (int i = 0; i < coaxes; i++)
            used += snprintf(text + used, sizeof text - (size_t)used,
                             ", 'coax%d': {'type': 'segment', 'medium': '10BASE2', 'length': '50 m'}", i);
        used += snprintf(text + used, sizeof text - (size_t)used, "}, 'links': [" HALF("west", "hub1"));
        for (int i = 0; i < 3; i++)
            used += snprintf(text + used, sizeof text - (size_t)used,
                             ", {'tap': 'coax%d', 'of': 'hub%d'}, {'tap': 'coax%d', 'of': 'hub%d'}", i, i + 1,
                             i, i + 2);
        snprintf(text + used, sizeof text - (size_t)used, "%s], 'stop': '1 s'}",
                 coaxes == 4 ? ", {'tap': 'coax3', 'of': 'hub4'}, {'tap': 'coax3', 'of': 'east'}"
                             : ", " HALF("east", "hub4"));
        struct lab *lab = lab_new(text);
        assert_int_equal(lab_has_said(lab, "5 segments, 4 repeaters, 4 of coax"), coaxes == 4);
        assert_int_equal(lab->errors.count, coaxes == 4);
        lab_free(lab);
    }
}

static void test_rule__a_ring_of_hubs_is_told(void **state)
{
    struct lab *lab = lab_of(TWO_HUBS ", " HALF("h1", "h2"), "");
    assert_true(lab_has_said(lab, "hubs are joined in a ring through \"h2\""));
    lab_free(lab);
}

/* What the table calls legal the simulation must notice in time: the worst case of the longest chain. */
static void test_rule__a_legal_network_notices_its_collisions_within_576_bits(void **state)
{
    struct lab *probe =
        chain_of(4, "'length': '100 m'", "{'at': '10 ms', 'on': 'west', 'run': 'send-raw --to east'}");
    lab_run(probe, NT_SECOND);
    nt_time there = lab_time(probe, "segment.carrier", "east", 1) - START;
    lab_free(probe);
    char actions[300];
    snprintf(
        actions, sizeof actions,
        "{'at': '10 ms', 'on': 'west', 'run': 'send-raw --to east'}, {'at': '%lld ps', 'on': 'east', 'run': "
        "'send-raw --to west'}",
        (long long)(START + there - NT_NANOSECOND));
    struct lab *lab = chain_of(4, "'length': '100 m'", actions);
    lab_run(lab, NT_SECOND);
    assert_true(lab_record(lab, "mac.collision", "west", 1)->values[0] < 576);
    assert_int_equal(lab_ask(lab, "count(mac.late_collision)"), 0);
    assert_int_equal(lab_ask(lab, "count(frame.rx at east) + count(frame.rx at west)"), 2);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hub__a_signal_leaves_at_all_other_ports_one_delay_later),
        cmocka_unit_test(test_hub__a_broadcast_reaches_everybody_behind_two_hubs_once),
        cmocka_unit_test(test_hub__two_senders_at_different_ports_collide),
        cmocka_unit_test(test_hub__two_hubs_do_not_jam_each_other_for_ever),
        cmocka_unit_test(test_hub__a_collision_on_one_cable_is_jam_on_the_others),
        cmocka_unit_test(test_hub__a_port_with_thirty_one_collisions_in_a_row_is_partitioned),
        cmocka_unit_test(test_rule__four_repeaters_are_allowed_and_five_are_told_with_the_path),
        cmocka_unit_test(test_rule__delays_are_those_of_the_standards_table),
        cmocka_unit_test(test_rule__three_coaxes_are_allowed_and_four_are_not),
        cmocka_unit_test(test_rule__a_ring_of_hubs_is_told),
        cmocka_unit_test(test_rule__a_legal_network_notices_its_collisions_within_576_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
