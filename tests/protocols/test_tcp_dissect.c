/* SPDX-License-Identifier: MIT
 * TCP in tcpdump's and Wireshark's words: RFC 9293 section 3.1, RFC 7323, RFC 2018. The bytes, and what their trees say,
 * were judged by tshark. */
#include "tests/protocols/hand_env.h"

#include "protocols/dissect/dissect.h"
#include "protocols/dissect/flows.h"
#include "sim/base/text.h"

#define TO_B "020000000002" "020000000001" "0800"
#define A "0a000001"
#define B "0a000002"
#define SYN_OPTIONS "020405b40402080a00000001000000000103" "0307"
#define STAMP "0101080a0000000200000001"

struct conversation_row {
    const char *hex, *line, *label;
    enum dissect_kind kind;
};

/* A handshake, data, a SACK, ECN flags with an option that nobody knows, an end and a reset. */
static const struct conversation_row conversation[] = {
    {TO_B "4500003c00014000400626b9" A B "c0000050000003e800000000a002faf074d30000" SYN_OPTIONS,
     "IP 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460,sackOK,TS val 1 ecr "
     "0,nop,wscale 7], length 0",
     "SYN", DISSECT_TCP_SYN},
    {TO_B "4500003c00014000400626b9" B A "0050c000000007d0000003e9a012fe88695a0000" SYN_OPTIONS,
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [S.], seq 2000, ack 1001, win 65160, options [mss 1460,sackOK,TS "
     "val 1 ecr 0,nop,wscale 7], length 0",
     "SYN", DISSECT_TCP_SYN},
    {TO_B "4500003400014000400626c1" A B "c0000050000003e9000007d1801001f694b70000" STAMP,
     "IP 10.0.0.1.49152 > 10.0.0.2.80: Flags [.], ack 1, win 502, options [nop,nop,TS val 2 ecr 1], length 0",
     "ACK", DISSECT_TCP_ACK},
    {TO_B "4500003900014000400626bc" A B "c0000050000003e9000007d1801801f650d80000" STAMP "68656c6c6f",
     "IP 10.0.0.1.49152 > 10.0.0.2.80: Flags [P.], seq 1:6, ack 1, win 502, options [nop,nop,TS val 2 ecr 1], "
     "length 5",
     "DAT", DISSECT_TCP_DATA},
    {TO_B "4500004800014000400626ad" A B "c0000050000003ee000007d1d01001f61b5f0000" STAMP
          "0101051200000835000008990000" "08fd00000961",
     "IP 10.0.0.1.49152 > 10.0.0.2.80: Flags [.], ack 1, win 502, options [nop,nop,TS val 2 ecr "
     "1,nop,nop,sack 2 {101:201}{301:401}], length 0",
     "ACK", DISSECT_TCP_ACK},
    {TO_B "4500003800014000400626bd" A B "c0000050000003e8000000009002faf061cf0000" "020405b4220a01020304050607080101",
     "IP 10.0.0.1.49152 > 10.0.0.2.80: Flags [S], seq 1000, win 64240, options [mss 1460,tfo  cookie "
     "0102030405060708,nop,nop], length 0",
     "SYN", DISSECT_TCP_SYN},
    {TO_B "4500002d00014000400626c8" B A "0050c000000007d1000003ee60d401f445fe0000" "fe040102" "78",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.EW], seq 1:2, ack 6, win 500, options [unknown-254 0x0102], "
     "length 1",
     "RST", DISSECT_TCP_RST},
    {TO_B "4500002800014000400626cd" B A "0050c000000007d1000003ee501101f4cdcd0000",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [F.], seq 1, ack 6, win 500, length 0", "FIN", DISSECT_TCP_FIN},
    {TO_B "4500002800014000400626cd" B A "0050c000000007d1000003ee501401f4cdca0000",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [R.], seq 1, ack 6, win 500, length 0", "RST", DISSECT_TCP_RST},
};

/* What cannot be right, or is cut. */
static const struct conversation_row strange[] = {
    {TO_B "4500001600014000400626df" A B "c000", "IP 10.0.0.1 > 10.0.0.2: [|tcp]", "TCP", DISSECT_MALFORMED},
    {TO_B "4500001e00014000400626d7" A B "c0000050000003e80000", "IP 10.0.0.1.49152 > 10.0.0.2.80: [|tcp]", "TCP",
     DISSECT_MALFORMED},
    {TO_B "4500002800014000400626cd" B A "0050c000000007d1000003ee401401f4cdca0000",
     "IP 10.0.0.2.80 > 10.0.0.1.49152:  tcp 4 [bad hdr length 16, too short, < 20]", "TCP", DISSECT_MALFORMED},
    {TO_B "4500002800014000400626cd" B A "0050c000000007d1000003eef01401f4cdca0000",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: [|tcp]", "TCP", DISSECT_MALFORMED},
    {TO_B "4500002c00014000400626cd" B A "0050c000000007d1000003ee600001f4cdca0000" "02080000",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [none], win 500, options [[bad opt]], length 0", "ACK", DISSECT_TCP_ACK},
    {TO_B "4500002c00014000400626cd" B A "0050c000000007d1000003ee602001f4cdca0003" "01030207",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [U], win 500, urg 3, options [nop,[bad opt]], length 0", "ACK",
     DISSECT_TCP_ACK},
    {TO_B "4500002c00014000400626cd" B A "0050c000000007d1000003ee600001f4cdca0000" "01000102",
     "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [none], win 500, options [nop,eol], length 0", "ACK", DISSECT_TCP_ACK},
};

static void check(const struct conversation_row *rows, size_t count, struct dissect_flows *flows)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[200];
        char line[300];
        size_t length = hand_bytes(rows[i].hex, bytes, sizeof bytes);
        struct text text = text_in(line, sizeof line);
        struct dissect_options options = {.flows = flows};
        dissect_line(&text, bytes, length, &options);
        if (strcmp(line, rows[i].line) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, line, rows[i].line);
        struct dissect_label label = dissect_label(bytes, length, &options);
        if (strcmp(label.text, rows[i].label) != 0 || label.kind != rows[i].kind)
            fail_msg("row %zu: %s, %s", i, label.text, dissect_kind_words[label.kind]);
    }
}

static void test_tcp_dissect__lines_count_from_the_beginning_of_a_conversation(void **state)
{
    struct dissect_flows flows;
    dissect_flows_init(&flows, memory_heap());
    check(conversation, sizeof conversation / sizeof conversation[0], &flows);
    assert_int_equal(flows.count, 1);
    dissect_flows_release(&flows);
}

static void test_tcp_dissect__lines_say_what_cannot_be_right(void **state)
{
    check(strange, sizeof strange / sizeof strange[0], NULL);
}

static void test_tcp_dissect__line_without_memory_shows_numbers_as_they_stand(void **state)
{
    static const struct conversation_row row = {
        TO_B "4500002800014000400626cd" B A "0050c000000007d1000003ee501101f4cdcd0000",
        "IP 10.0.0.2.80 > 10.0.0.1.49152: Flags [F.], seq 2001, ack 1006, win 500, length 0", "FIN",
        DISSECT_TCP_FIN};
    check(&row, 1, NULL);
}

static void test_tcp_dissect__a_view_that_goes_back_forgets(void **state)
{
    struct dissect_flows flows;
    struct dissect_ends early = {{1, 2}, {3, 4}}, late = {{1, 2}, {3, 5}};
    dissect_flows_init(&flows, memory_heap());
    flows.mark = 10;
    assert_non_null(dissect_flows_begin(&flows, &early));
    flows.mark = 11;
    assert_non_null(dissect_flows_begin(&flows, &late));
    dissect_flows_cut(&flows, 10);
    assert_non_null(dissect_flows_find(&flows, &early));
    assert_null(dissect_flows_find(&flows, &late));
    dissect_flows_release(&flows);
}

static void test_tcp_dissect__many_conversations_are_kept_apart(void **state)
{
    struct dissect_flows flows;
    dissect_flows_init(&flows, memory_heap());
    for (uint32_t i = 0; i < 1000; i++) {
        struct dissect_ends ends = {{i, i * 7}, {(uint16_t)i, 80}};
        assert_int_equal(dissect_flows_begin(&flows, &ends)->number, i);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        struct dissect_ends ends = {{i, i * 7}, {(uint16_t)i, 80}};
        assert_int_equal(dissect_flows_find(&flows, &ends)->number, i);
    }
    dissect_flows_release(&flows);
}

/* ---- The tree ---- */

/* The `skip`-th value under this name. */
static const char *value_of(const struct dissect_tree *tree, const char *name, int skip)
{
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->fields[i].name, name) == 0 && skip-- == 0)
            return tree->fields[i].value;
    return "(none)";
}

static void expect(const struct dissect_tree *tree, const char *name, const char *value)
{
    if (strcmp(value_of(tree, name, 0), value) != 0)
        fail_msg("%s is \"%s\", not \"%s\"", name, value_of(tree, name, 0), value);
}

static struct dissect_field fields[100];

static struct dissect_tree tree_of(const char *hex, struct dissect_flows *flows)
{
    struct dissect_tree tree = {.fields = fields, .limit = 100};
    uint8_t bytes[200];
    dissect_tree(&tree, bytes, hand_bytes(hex, bytes, sizeof bytes), &(struct dissect_options){.flows = flows});
    return tree;
}

static void test_tcp_dissect__tree_is_wiresharks(void **state)
{
    static const char *const order[] = {
        "tcp", "tcp.srcport", "tcp.dstport", "tcp.len", "tcp.seq", "tcp.seq_raw", "tcp.nxtseq", "tcp.ack",
        "tcp.ack_raw", "tcp.hdr_len", "tcp.flags", "tcp.flags.res", "tcp.flags.ae", "tcp.flags.cwr",
        "tcp.flags.ece", "tcp.flags.urg", "tcp.flags.ack", "tcp.flags.push", "tcp.flags.reset", "tcp.flags.syn",
        "tcp.flags.fin", "tcp.window_size_value", "tcp.checksum", "tcp.checksum.status", "tcp.urgent_pointer",
        "tcp.options", "tcp.options.mss", "tcp.option_kind", "tcp.option_len", "tcp.options.mss_val",
        "tcp.options.sack_perm", "tcp.option_kind", "tcp.option_len", "tcp.options.timestamp", "tcp.option_kind",
        "tcp.option_len", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.options.nop",
        "tcp.option_kind", "tcp.options.wscale", "tcp.option_kind", "tcp.option_len",
        "tcp.options.wscale.shift", "tcp.options.wscale.multiplier"};
    struct dissect_tree tree = tree_of(conversation[0].hex, NULL);
    size_t at = 0;
    while (at < tree.count && strcmp(tree.fields[at].name, "tcp") != 0)
        at++;
    assert_int_equal(tree.count - at, sizeof order / sizeof order[0]);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_string_equal(tree.fields[at + i].name, order[i]);
    expect(&tree, "tcp.seq_raw", "1000");
    expect(&tree, "tcp.nxtseq", "1001");
    expect(&tree, "tcp.hdr_len", "40");
    expect(&tree, "tcp.flags", "0x002");
    expect(&tree, "tcp.flags.syn", "Set");
    expect(&tree, "tcp.checksum.status", "Good");
    expect(&tree, "tcp.options.mss_val", "1460");
    expect(&tree, "tcp.options.wscale.multiplier", "128");
    expect(&tree, "tcp.option_kind", "Maximum Segment Size (2)");
}

static void test_tcp_dissect__tree_counts_from_the_beginning_too(void **state)
{
    struct dissect_flows flows;
    dissect_flows_init(&flows, memory_heap());
    check(conversation, 2, &flows);
    struct dissect_tree tree = tree_of(conversation[3].hex, &flows);
    expect(&tree, "tcp.stream", "0");
    expect(&tree, "tcp.seq", "1");
    expect(&tree, "tcp.seq_raw", "1001");
    expect(&tree, "tcp.nxtseq", "6");
    expect(&tree, "tcp.ack", "1");
    expect(&tree, "tcp.payload", "68656c6c6f");
    tree = tree_of(conversation[4].hex, &flows);
    expect(&tree, "tcp.options.sack_le", "101");
    assert_string_equal(value_of(&tree, "tcp.options.sack_re", 1), "401");
    assert_int_equal(flows.count, 1);
    dissect_flows_release(&flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_dissect__lines_count_from_the_beginning_of_a_conversation),
        cmocka_unit_test(test_tcp_dissect__lines_say_what_cannot_be_right),
        cmocka_unit_test(test_tcp_dissect__line_without_memory_shows_numbers_as_they_stand),
        cmocka_unit_test(test_tcp_dissect__a_view_that_goes_back_forgets),
        cmocka_unit_test(test_tcp_dissect__many_conversations_are_kept_apart),
        cmocka_unit_test(test_tcp_dissect__tree_is_wiresharks),
        cmocka_unit_test(test_tcp_dissect__tree_counts_from_the_beginning_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
