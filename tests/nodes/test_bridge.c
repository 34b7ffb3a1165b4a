/* SPDX-License-Identifier: MIT
 * Bridges and switches on real cables: what leaves by which port, and when. IEEE 802.1D-1998 clause 7; W-06,
 * W-18, C-14. */
#include "tests/nodes/lab.h"

#define STATIONS "'A': {'type': 'host'}, 'B': {'type': 'host'}, 'C': {'type': 'host'}, 'D': {'type': 'host'}"
#define STAR(of)                                                                                             \
    "{'between': ['A', '" of "'], 'rate': '100 Mbps'}, {'between': ['B', '" of "'], 'rate': '100 Mbps'},"    \
    "{'between': ['C', '" of "'], 'rate': '100 Mbps'}, {'between': ['D', '" of "'], 'rate': '100 Mbps'}"
#define DO(at, on, run) "{'at': '" at "', 'on': '" on "', 'run': '" run "'}"

/* A star of four hosts around a switch with these parameters; then these actions. */
static struct lab *star(const char *parameters, const char *actions)
{
    char text[4000];
    snprintf(text, sizeof text,
             "{'netarium': 1, 'nodes': {" STATIONS
             ", 'sw': {'type': 'switch'%s}}, 'links': [" STAR("sw") "],"
                                                                    " 'actions': [%s], 'stop': '1000 s'}",
             parameters, actions);
    return lab_new(text);
}

/* ---- Where to ---- */

/* W-18: 3 + 1 + 1 + 1 + 3 + 1 copies leave the switch; a hub would have made 18. EXACT. */
static void test_bridge__floods_what_it_does_not_know_and_learns_w18_br1_br3(void **state)
{
    static const int64_t copies[] = {3, 1, 1, 1, 3, 1};
    struct lab *lab = star(
        "",
        DO("1 s", "A", "send-raw --to D") "," DO("2 s", "D", "send-raw --to A") "," DO(
            "3 s", "C",
            "send-raw --to A") "," DO("4 s", "A",
                                      "send-raw --to C") "," DO("5 s", "B",
                                                                "send-raw --to broadcast") "," DO("6 s", "A",
                                                                                                  "send-raw "
                                                                                                  "--to B"));
    int64_t before = 0;
    for (int i = 0; i < 6; i++) {
        lab_run(lab, (i + 1) * NT_SECOND + NT_SECOND / 2);
        int64_t all = lab_ask(lab, "count(frame.tx at sw)");
        assert_int_equal(all - before, copies[i]);
        before = all;
    }
    assert_int_equal(before, 10);
    assert_int_equal(lab_ask(lab, "count(sw.mac)"), 4);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* BR-4: two stations behind one hub; the bridge hears both and lets neither through. */
static void test_bridge__keeps_local_frames_local_br4(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}, 'C': {'type': 'host'},"
        " 'hub': {'type': 'hub'}, 'bridge': {'type': 'bridge'}}, 'links': ["
        "{'between': ['A', 'hub'], 'rate': '10 Mbps', 'duplex': 'half'},"
        "{'between': ['B', 'hub'], 'rate': '10 Mbps', 'duplex': 'half'},"
        "{'between': ['hub', 'bridge'], 'rate': '10 Mbps', 'duplex': 'half'},"
        "{'between': ['C', 'bridge'], 'rate': '10 Mbps', 'duplex': 'half'}],"
        " 'actions': [" DO("1 s", "B", "send-raw --to A") "," DO(
            "2 s", "A",
            "send-raw --to B --count 5 --interval 0.1") "," DO("3 s", "C",
                                                               "send-raw --to A") "], 'stop': '5 s'}");
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.tx at bridge:port1)"),
                     1); /* the first, when A was not known */
    assert_int_equal(lab_ask(lab, "count(bridge.filter at bridge)"), 5);
    assert_int_equal(lab_cell(lab, "bridge", "ports", 0, "filtered"), 5);
    assert_int_equal(lab_ask(lab, "count(frame.rx at A)"), 2);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* BR-5, BR-6 */
static void test_bridge__forgets_the_silent_and_follows_who_moves_br5_br6(void **state)
{
    struct lab *lab = star(
        "",
        DO("1 s", "A", "send-raw --to broadcast") "," DO("300.9 s", "B", "send-raw --to A") "," DO(
            "301.1 s", "B",
            "send-raw --to A") "," DO("400 s", "A",
                                      "send-raw --to broadcast") "," DO("401 s", "C",
                                                                        "send-raw --to broadcast --from "
                                                                        "02:00:00:00:00:01") "," DO("402 s",
                                                                                                    "B",
                                                                                                    "send-"
                                                                                                    "raw "
                                                                                                    "--to "
                                                                                                    "A"));
    lab_run(lab, 301 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.tx at sw where time > 300 s)"), 1);
    lab_run(lab, 302 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.tx at sw where time > 301 s)"), 3);
    assert_int_equal(lab_ask(lab, "count(bridge.age at sw)"), 1);
    lab_run(lab, 500 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(bridge.move at sw:port2)"), 1);
    assert_int_equal(lab_ask(lab, "count(frame.tx at sw:port2 where time > 402 s)"), 1);
    lab_free(lab);
}

/* BR-7 */
static void test_bridge__does_not_forward_reserved_addresses_br7(void **state)
{
    struct lab *lab = star(
        "", DO("1 s", "A", "send-raw --to 01:80:c2:00:00:00") "," DO(
                "2 s", "A", "send-raw --to 01:80:c2:00:00:0f") "," DO("3 s", "A",
                                                                      "send-raw --to 01:80:c2:00:00:10"));
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.tx at sw)"), 3);
    assert_int_equal(lab_ask(lab, "count(frame.discard at sw)"), 2);
    lab_free(lab);
}

/* BR-8: damage ends at the bridge. */
static void test_bridge__does_not_forward_damaged_frames_br8(void **state)
{
    static const char text[] =
        "{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}, 'sw': {'type': 'switch', "
        "'mode': '%s'}},"
        " 'links': [{'between': ['A', 'sw'], 'rate': '100 Mbps', 'impair': [{'type': 'bit-errors', 'ber': "
        "'2e-4'}]},"
        " {'between': ['sw', 'B'], 'rate': '100 Mbps'}],"
        " 'actions': [" DO("1 s", "A",
                           "send-raw --to B --size 500 --count 200 --interval 0.01") "], 'stop': '5 s'}";
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        char scenario[1000];
        snprintf(scenario, sizeof scenario, text, is_cut ? "cut-through" : "store-and-forward");
        struct lab *lab = lab_new(scenario);
        lab_run(lab, 5 * NT_SECOND);
        int64_t damaged = lab_cell(lab, "sw", "ports", 0, "damaged");
        assert_true(damaged > 20 && damaged < 180);
        assert_int_equal(lab_ask(lab, "count(frame.rx at B)"), is_cut ? 200 : 200 - damaged);
        assert_int_equal(lab_ask(lab, "count(frame.discard at sw)"), is_cut ? 0 : damaged);
        lab_assert_balanced(lab);
        lab_free(lab);
    }
}

/* BR-8: what arrives is, byte for byte and in order, what was sent. */
static void test_bridge__changes_and_reorders_nothing_br8(void **state)
{
    struct lab *lab = star("", DO("1 s", "A", "send-raw --to B --size 700 --count 100 --interval 0.00001"));
    lab_run(lab, 2 * NT_SECOND);
    uint64_t last = 0;
    assert_int_equal(lab_ask(lab, "count(frame.rx at B)"), 100);
    for (size_t i = 1; i <= 100; i++) {
        const struct nt_record *record = lab_record(lab, "frame.rx", "B", i);
        assert_true(record->frame > last); /* the very frame, and those of one sender in order */
        last = record->frame;
    }
    lab_free(lab);
}

/* BR-18 */
static void test_bridge__drops_what_a_slow_port_cannot_take_and_counts_it_br18(void **state)
{
    struct lab *lab = lab_new(
        "{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}, 'sw': {'type': 'switch'}},"
        " 'links': [{'between': ['A', 'sw'], 'rate': '100 Mbps'}, {'between': ['sw', 'B'], 'rate': '10 Mbps',"
        " 'queue': {'type': 'drop-tail', 'limit': '5 packets'}}],"
        " 'actions': [" DO("1 s", "A",
                           "send-raw --to B --size 1000 --count 20 --interval 0") "], 'stop': '5 s'}");
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.rx at B)"), 7); /* one starts at 0, one at 822 us, five wait */
    assert_int_equal(lab_ask(lab, "count(frame.drop)"), 13);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ---- When ---- */

/* A and B with `switches` between them, 100 Mb/s and 10 us a cable. One frame of 12 000 bits, its preamble
 * counted: 1492 bytes. */
static nt_time time_through(unsigned switches, const char *parameters)
{
    char text[4000];
    int length =
        snprintf(text, sizeof text, "{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}");
    for (unsigned i = 0; i < switches; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, ", 's%u': {'type': 'switch'%s}", i,
                           parameters);
    length += snprintf(text + length, sizeof text - (size_t)length, "}, 'links': [");
    for (unsigned i = 0; i <= switches; i++) {
        char from[16] = "A", to[16] = "B";
        if (i > 0)
            snprintf(from, sizeof from, "s%u", i - 1);
        if (i < switches)
            snprintf(to, sizeof to, "s%u", i);
        length += snprintf(text + length, sizeof text - (size_t)length,
                           "%s{'between': ['%s', '%s'], 'rate': '100 Mbps', 'delay': '10 us'}", i ? "," : "",
                           from, to);
    }
    snprintf(text + length, sizeof text - (size_t)length,
             "], 'actions': [" DO("1 s", "A", "send-raw --to B --size 1492") "], 'stop': '2 s'}");
    struct lab *lab = lab_new(text);
    lab_run(lab, 2 * NT_SECOND);
    nt_time time = lab_time(lab, "frame.rx", "B", 1) - NT_SECOND;
    assert_int_equal(lab_ask(lab, "count(frame.rx at B)"), 1);
    lab_assert_balanced(lab);
    lab_free(lab);
    return time;
}

/* W-06. EXACT. 200 bits of the frame are 136 behind its preamble. */
static void test_bridge__store_and_forward_and_cut_through_take_their_time_w06(void **state)
{
    assert_int_equal(time_through(0, ""), 130 * NT_MICROSECOND);
    assert_int_equal(time_through(1, ""), 260 * NT_MICROSECOND);
    assert_int_equal(time_through(3, ""), 520 * NT_MICROSECOND);
    assert_int_equal(time_through(1, ", 'mode': 'cut-through', 'after': 136"), 142 * NT_MICROSECOND);
    assert_int_equal(time_through(3, ", 'mode': 'cut-through', 'after': 136"), 166 * NT_MICROSECOND);
    assert_int_equal(time_through(1, ", 'latency': '3 us'"), 263 * NT_MICROSECOND);
    assert_int_equal(time_through(1, ", 'mode': 'cut-through', 'after': 136, 'latency': '3 us'"),
                     145 * NT_MICROSECOND);
    assert_int_equal(time_through(1, ", 'mode': 'cut-through', 'after': 12144"),
                     260 * NT_MICROSECOND); /* too short */
}

/* Cut-through cannot send faster than it receives. */
static void test_bridge__cut_through_waits_for_the_whole_frame_towards_a_faster_port(void **state)
{
    struct lab *lab = lab_new("{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'},"
                              " 'sw': {'type': 'switch', 'mode': 'cut-through'}},"
                              " 'links': [{'between': ['A', 'sw'], 'rate': '10 Mbps', 'delay': '0 s'},"
                              " {'between': ['sw', 'B'], 'rate': '100 Mbps', 'delay': '0 s'}],"
                              " 'actions': [" DO("1 s", "A", "send-raw --to B") "," DO(
                                  "2 s", "B", "send-raw --to A") "], 'stop': '5 s'}");
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_time(lab, "frame.tx", "sw", 1), NT_SECOND + 576 * BIT);
    assert_int_equal(lab_time(lab, "frame.tx", "sw", 2), 2 * NT_SECOND + (64 + 112) * BIT / 10);
    assert_int_equal(lab_ask(lab, "count(frame.rx at A)"), 1);
    lab_free(lab);
}

/* C-14: 14 880 frames of 64 bytes a second at 10 Mb/s pass, gap for gap. EXACT. */
static void test_bridge__forwards_at_the_rate_of_the_wire_c14(void **state)
{
    struct lab *lab = lab_new_with(
        "{'netarium': 1, 'nodes': {'A': {'type': 'host'}, 'B': {'type': 'host'}, 'sw': {'type': 'switch'}},"
        " 'links': [{'between': ['A', 'sw'], 'rate': '10 Mbps', 'queue': {'type': 'drop-tail', 'limit': "
        "'20000 packets'}},"
        " {'between': ['sw', 'B'], 'rate': '10 Mbps', 'queue': {'type': 'drop-tail', 'limit': '1 packets'}}],"
        " 'actions': [" DO("0 s", "A", "send-raw --to B --count 16000 --interval 0") "], 'stop': '2 s'}",
        &(struct lab_options){.is_unwatched = true});
    const struct nt_node *b = lab_node(lab, "B");
    lab_run(lab, 2 * 576 * BIT + 2 * NT_MICROSECOND); /* the first is in */
    uint64_t before = b->ports[0]->received_frames;
    lab_run(lab, 2 * 576 * BIT + 2 * NT_MICROSECOND + NT_SECOND);
    assert_int_equal(b->ports[0]->received_frames - before, 14880);
    assert_int_equal(run_ledger(lab->run).dropped, 0);
    lab_free(lab);
}

#if defined(__SANITIZE_ADDRESS__)
#define FRAMES_ARE_KEPT 0
#else
#define FRAMES_ARE_KEPT 1
#endif

/* DESIGN: one event a hop, no allocation. (The sanitizer's build gives frames back to the world.) */
static void test_bridge__costs_one_event_a_hop_and_no_allocation(void **state)
{
    struct lab *lab = lab_new_with(
        "{'netarium': 1, 'nodes': {" STATIONS
        ", 'sw': {'type': 'switch'}}, 'links': [" STAR("sw") "], 'actions': [" DO(
            "0 s", "A",
            "send-raw --to broadcast") "," DO("0 s", "B",
                                              "send-raw --to broadcast") "," DO("1 s", "A",
                                                                                "send-raw --to B --count "
                                                                                "10000 --interval "
                                                                                "0.00001") "], 'stop': "
                                                                                           "'3 s'}",
        &(struct lab_options){.is_unwatched = true});
    lab_run(lab, NT_SECOND + 10 * NT_MILLISECOND);
    uint64_t events = run_event_count(lab->run), allocations = run_allocation_count(lab->run);
    uint64_t delivered = run_ledger(lab->run).delivered, sent = lab_node(lab, "A")->ports[0]->sent_frames;
    lab_run(lab, NT_SECOND + 90 * NT_MILLISECOND);
    delivered = run_ledger(lab->run).delivered - delivered;
    sent = lab_node(lab, "A")->ports[0]->sent_frames - sent;
    assert_int_equal(run_event_count(lab->run) - events,
                     delivered + sent); /* each sending is an event of its own */
    assert_true(!FRAMES_ARE_KEPT || run_allocation_count(lab->run) == allocations);
    lab_free(lab);
}

/* ---- Tables, full and static ---- */

static void test_bridge__a_full_table_makes_it_flood(void **state)
{
    static const struct {
        const char *parameters;
        int64_t copies; /* of a frame of B for A, after a flood of strangers */
    } rows[] = {{"", 1},
                {", 'table-size': 50", 1}, /* A was there first and stays */
                {", 'table-size': 50, 'overflow': 'oldest'", 3},
                {", 'table-size': 50, 'overflow': 'oldest', 'static': {'02:00:00:00:00:01': 'port0'}", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab *lab =
            star(rows[i].parameters,
                 DO("1 s", "A", "send-raw --to broadcast") "," DO(
                     "2 s", "C",
                     "send-raw --to D --from random --count 200 --interval 0.001") "," DO("3 s", "B",
                                                                                          "send-raw --to A"));
        lab_run(lab, 4 * NT_SECOND);
        assert_int_equal(lab_ask(lab, "count(frame.tx at sw where time > 3 s)"), rows[i].copies);
        lab_free(lab);
    }
}

static void test_bridge__forgets_who_is_behind_a_dead_line(void **state)
{
    struct lab *lab =
        star("", DO("1 s", "A", "send-raw --to broadcast") "," DO("2 s", "A-sw", "cut") "," DO(
                     "3 s", "B", "send-raw --to A") "," DO("4 s", "A-sw", "mend") "," DO("5 s", "B",
                                                                                         "send-raw --to A"));
    lab_run(lab, 4 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(bridge.forget at sw)"), 1);
    assert_int_equal(lab_ask(lab, "count(frame.tx at sw where time > 3 s)"), 2); /* not into the dead line */
    lab_run(lab, 6 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(frame.rx at A)"), 1);
    lab_assert_balanced(lab);
    lab_free(lab);
}

/* ---- What cannot be ---- */

static void test_bridge__says_what_cannot_be(void **state)
{
    static const struct {
        const char *parameters, *words;
    } rows[] = {
        {", 'max-age': '40 s'", "too long for a forward-delay of 15 s"}, /* BR-15 */
        {", 'max-age': '6 s', 'hello': '5 s'", "too short for a hello of 5 s"},
        {", 'forward-delay': '3 s'", "4 s"},
        {", 'priority': 65536", "65535"},
        {", 'ageing': '9 s'", "10 s"},
        {", 'ports': 3", "has 3 ports"},
        {", 'static': {'02:00:00:00:00:01': 'port9'}", "no cable is plugged into a port"},
        {", 'static': {'01:00:00:00:00:01': 'port0'}", "expected a station"},
        {", 'static': {'02:00:00:00:00:01': 'east'}", "expected a port"},
        {", 'static': {'02:00:00:00:00:01': 'port0', '02:00:00:00:00:02': 'port1'}, 'table-size': 1",
         "more static addresses"},
        {", 'port-cost': {'port0': '0'}", "path cost"},
        {", 'port-cost': {'port9': '5'}", "no cable is plugged into a port"},
        {", 'port-priority': {'port0': '5'}", "multiple of 16"},
        {", 'mode': 'cut'", "cut-through"},
        {", 'after': 5", "112"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[4000];
        snprintf(text, sizeof text,
                 "{'netarium': 1, 'nodes': {" STATIONS
                 ", 'sw': {'type': 'switch'%s}}, 'links': [" STAR("sw") "],"
                                                                        " 'stop': '1 s'}",
                 rows[i].parameters);
        struct lab *lab = lab_new_with(text, &(struct lab_options){.may_be_wrong = true});
        if (!lab_has_said(lab, rows[i].words))
            fail_msg("row %zu (%s): \"%s\"", i, rows[i].parameters,
                     lab->errors.count ? lab->errors.entries[0].text : "");
        lab_free(lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bridge__floods_what_it_does_not_know_and_learns_w18_br1_br3),
        cmocka_unit_test(test_bridge__keeps_local_frames_local_br4),
        cmocka_unit_test(test_bridge__forgets_the_silent_and_follows_who_moves_br5_br6),
        cmocka_unit_test(test_bridge__does_not_forward_reserved_addresses_br7),
        cmocka_unit_test(test_bridge__does_not_forward_damaged_frames_br8),
        cmocka_unit_test(test_bridge__changes_and_reorders_nothing_br8),
        cmocka_unit_test(test_bridge__drops_what_a_slow_port_cannot_take_and_counts_it_br18),
        cmocka_unit_test(test_bridge__store_and_forward_and_cut_through_take_their_time_w06),
        cmocka_unit_test(test_bridge__cut_through_waits_for_the_whole_frame_towards_a_faster_port),
        cmocka_unit_test(test_bridge__forwards_at_the_rate_of_the_wire_c14),
        cmocka_unit_test(test_bridge__costs_one_event_a_hop_and_no_allocation),
        cmocka_unit_test(test_bridge__a_full_table_makes_it_flood),
        cmocka_unit_test(test_bridge__forgets_who_is_behind_a_dead_line),
        cmocka_unit_test(test_bridge__says_what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
