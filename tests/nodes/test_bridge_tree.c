/* SPDX-License-Identifier: MIT
 * Loops of bridges, with the spanning tree and without. BR-12, BR-14, BR-16, R-04. */
#include "tests/nodes/lab.h"

#define RING                                                                                                 \
    "{'between': ['s1', 's2'], 'rate': '1 Gbps', 'queue': {'type': 'drop-tail', 'limit': '10 packets'}},"    \
    "{'between': ['s2', 's3'], 'rate': '1 Gbps', 'queue': {'type': 'drop-tail', 'limit': '10 packets'}},"    \
    "{'between': ['s3', 's1'], 'rate': '1 Gbps', 'queue': {'type': 'drop-tail', 'limit': '10 packets'}, "    \
    "'name': 'third'},"                                                                                      \
    "{'between': ['A', 's1'], 'rate': '100 Mbps'}, {'between': ['B', 's3'], 'rate': '100 Mbps'}"

static struct lab *ring(bool has_tree, const char *actions, bool is_unwatched)
{
    char text[4000];
    const char *tree = has_tree ? ", 'stp': true" : "";
    snprintf(text, sizeof text,
             "{'netarium': 1, 'nodes': {'A': {'type': 'host', 'address': '10.0.0.1/24'},"
             " 'B': {'type': 'host', 'address': '10.0.0.2/24'}, 's1': {'type': 'switch'%s},"
             " 's2': {'type': 'switch'%s}, 's3': {'type': 'switch'%s}}, 'links': [" RING "], 'actions': [%s],"
             " 'stop': '200 s'}",
             tree, tree, tree, actions);
    return lab_new_with(text, &(struct lab_options){.is_unwatched = is_unwatched});
}

static void test_tree__without_it_one_broadcast_never_ends(void **state)
{
    struct lab *lab = ring(false, "{'at': '1 s', 'on': 'A', 'run': 'send-raw --to broadcast'}", false);
    lab_run_balanced(lab, NT_SECOND + 10 * NT_MILLISECOND);
    assert_true(lab_ask(lab, "count(frame.rx at B)") > 1000);
    assert_true(lab_ask(lab, "count(bridge.move)") > 1000); /* the tables do not know where A is any more */
    lab_free(lab);
}

static void test_tree__with_it_one_broadcast_is_seen_once_br16(void **state)
{
    struct lab *lab = ring(true, "{'at': '40 s', 'on': 'A', 'run': 'send-raw --to broadcast'}", false);
    lab_run(lab, 41 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.rx at B where length == 64 and time > 40 s) - "
                                  "count(stp.config_sent at s3:port2 where time > 40 s)"),
                     1);
    assert_int_equal(lab_ask(lab, "count(s3.ports where state == Blocking)"), 1);
    assert_int_equal(
        lab_ask(lab, "count(s1.ports where state == Blocking) + count(s2.ports where state == Blocking)"), 0);
    assert_int_equal(lab_ask(lab, "s3.ports['port0'].role == alternate"), 1);
    lab_free(lab);
}

/* a cable of the tree is cut; the blocked one takes over after 2 x 15 s. */
static void test_tree__heals_in_30_s_when_a_cable_is_cut_r04(void **state)
{
    struct lab *lab = ring(true,
                           "{'at': '40 s', 'on': 'A', 'run': 'ping -c 90 -i 1 B'},"
                           "{'at': '60.5 s', 'on': 'third', 'run': 'cut'}",
                           false);
    lab_run(lab, 150 * NT_SECOND);
    nt_time forwards = lab_ask(lab, "last(stp.state at s3:port0 where new == Forwarding)");
    assert_int_equal(forwards, 60 * NT_SECOND + NT_SECOND / 2 + 30 * NT_SECOND);
    int64_t received = lab_ask(lab, "A.ping.received");
    assert_true(received >= 90 - 32 && received <= 90 - 29);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* Tables, timers and trees do the same whether somebody looks or not. */
static void test_tree__watching_it_changes_nothing(void **state)
{
    static const char actions[] =
        "{'at': '40 s', 'on': 'A', 'run': 'ping -c 60 -i 1 B'}, {'at': '60 s', 'on': 'third', 'run': 'cut'},"
        "{'at': '100 s', 'on': 'third', 'run': 'mend'}, {'at': '120 s', 'on': 's2', 'run': 'priority 4096'},"
        "{'at': '150 s', 'on': 's1', 'run': 'flush'}";
    uint64_t digests[2];
    for (int i = 0; i < 2; i++) {
        struct lab *lab = ring(true, actions, i == 1);
        lab_run(lab, 200 * NT_SECOND);
        digests[i] = run_digest(lab->run);
        lab_free(lab);
    }
    assert_int_equal(digests[0], digests[1]);
}

/* ---- Random meshes ---- */

static uint32_t draw(uint64_t *state, uint32_t limit)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)((*state >> 33) * limit >> 31);
}

/* Switches in a random mesh, a host at each. */
static void write_mesh(char *text, size_t size, uint32_t switches, uint64_t seed)
{
    static const char *const rates[] = {"10 Mbps", "100 Mbps", "1 Gbps"};
    int length = snprintf(text, size, "{'netarium': 1, 'nodes': {");
    for (uint32_t i = 0; i < switches; i++)
        length +=
            snprintf(text + length, size - (size_t)length,
                     "%s'h%u': {'type': 'host'}, 's%u': {'type': 'switch', 'stp': true, 'priority': %u}",
                     i ? ", " : "", i, i, 4096 * draw(&seed, 16));
    length += snprintf(text + length, size - (size_t)length, "}, 'links': [");
    for (uint32_t i = 0; i < switches; i++)
        length += snprintf(text + length, size - (size_t)length,
                           "%s{'between': ['h%u', 's%u'], 'rate': '100 Mbps'}", i ? "," : "", i, i);
    for (uint32_t i = 1; i < 2 * switches + 2; i++) {
        uint32_t a = i < switches ? i : draw(&seed, switches), b = draw(&seed, i < switches ? i : switches);
        if (a != b)
            length += snprintf(text + length, size - (size_t)length,
                               ",{'between': ['s%u', 's%u'], 'rate': '%s'}", a, b, rates[draw(&seed, 3)]);
    }
    snprintf(text + length, size - (size_t)length,
             "], 'actions': [{'at': '60 s', 'on': 'h0', 'run': 'send-raw --to broadcast --size 99'}], "
             "'stop': '61 s'}");
}

/* BR-16: every host hears a broadcast once, and every cable carries it once. */
static void test_tree__in_random_meshes_a_broadcast_is_seen_once_on_each_lan_br16(void **state)
{
    char text[20000], query[100];
    for (uint32_t round = 0; round < 12; round++) {
        uint32_t switches = 2 + round % 6;
        write_mesh(text, sizeof text, switches, round);
        struct lab *lab = lab_new(text);
        lab_run(lab, 61 * NT_SECOND);
        for (uint32_t i = 1; i < switches; i++) {
            snprintf(query, sizeof query, "count(frame.rx at h%u where length == 99)", i);
            if (lab_ask(lab, query) != 1)
                fail_msg("mesh %u: h%u heard it %lld times", round, i, (long long)lab_ask(lab, query));
        }
        uint32_t cables = 0;
        for (uint32_t id = 1; id <= run_node_count(lab->run); id++)
            cables += strcmp(run_node(lab->run, id)->type->name, "link") == 0;
        assert_int_equal(lab_ask(lab, "count(frame.tx where length == 99)"), cables);
        lab_assert_balanced(lab);
        lab_free(lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree__without_it_one_broadcast_never_ends),
        cmocka_unit_test(test_tree__with_it_one_broadcast_is_seen_once_br16),
        cmocka_unit_test(test_tree__heals_in_30_s_when_a_cable_is_cut_r04),
        cmocka_unit_test(test_tree__watching_it_changes_nothing),
        cmocka_unit_test(test_tree__in_random_meshes_a_broadcast_is_seen_once_on_each_lan_br16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
