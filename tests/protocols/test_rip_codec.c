/* SPDX-License-Identifier: MIT
 * RIP messages as octets and as words. RFC 2453 4. */
#include "protocols/dissect/dissect.h"
#include "protocols/rip/codec.h"
#include "sim/base/text.h"
#include "tests/protocols/hand_env.h"

#define RTE_N "0002 0000 0a000000 ffffff00 00000000 00000002"   /* 10.0.0.0/24 is 2 away */
#define RTE_ALL "0000 0000 00000000 00000000 00000000 00000010" /* everything, please */
#define PASSWORD "ffff 0002 73656372 65740000 00000000 00000000"

static const struct {
    const char *hex;
    enum rip_reason reason;
    uint8_t count;
} messages[] = {
    {"0202 0000 " RTE_N, RIP_OK, 1},
    {"0102 0000 " RTE_ALL, RIP_OK, 1},
    {"0202 0000 " RTE_N RTE_N, RIP_OK, 2},
    {"0202 0000", RIP_OK, 0},
    {"0203 0000 " RTE_N, RIP_OK, 1}, /* a later version is read as this one */
    {"0202 ffff " RTE_N, RIP_OK, 1},
    {"", RIP_BAD_LENGTH, 0},
    {"0202 00", RIP_BAD_LENGTH, 0},
    {"0202 0000 0002", RIP_BAD_LENGTH, 0},
    {"0202 0000 " RTE_N "00", RIP_BAD_LENGTH, 0},
    {"0201 0000 " RTE_N, RIP_BAD_VERSION, 0},
    {"0200 0000 " RTE_N, RIP_BAD_VERSION, 0},
    {"0302 0000 " RTE_N, RIP_BAD_COMMAND, 0},
    {"0002 0000 " RTE_N, RIP_BAD_COMMAND, 0},
    {"0202 0000 " PASSWORD RTE_N, RIP_AUTHENTICATED, 0},
};

static void test_rip_codec__reads_whole_messages_only(void **state)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        uint8_t bytes[RIP_MOST];
        struct rip_message message = {.count = 99};
        size_t length = hand_bytes(messages[i].hex, bytes, sizeof bytes);
        enum rip_reason reason = rip_parse(bytes, length, &message);
        if (reason != messages[i].reason || message.count != (reason == RIP_OK ? messages[i].count : 99))
            fail_msg("row %zu: %s, %u entries", i, rip_reason_words[reason], message.count);
    }
}

static void test_rip_codec__takes_25_entries_and_no_more(void **state)
{
    uint8_t bytes[RIP_MOST + RIP_RTE] = {RIP_RESPONSE, RIP_VERSION};
    struct rip_message message;
    assert_int_equal(rip_parse(bytes, RIP_MOST, &message), RIP_OK);
    assert_int_equal(message.count, 25);
    assert_int_equal(rip_parse(bytes, RIP_MOST + RIP_RTE, &message), RIP_BAD_LENGTH);
    assert_int_equal(RIP_MOST + 8, 512); /* RFC 2453 3.6: the largest datagram */
}

static void test_rip_codec__writes_what_it_read(void **state)
{
    uint8_t bytes[RIP_MOST], again[RIP_MOST];
    struct rip_message message;
    size_t length =
        hand_bytes("0202 0000 0002 1234 0a000100 ffffff80 0a000001 00000010" RTE_N, bytes, RIP_MOST);
    assert_int_equal(rip_parse(bytes, length, &message), RIP_OK);
    assert_int_equal(message.rtes[0].tag, 0x1234);
    assert_int_equal(message.rtes[0].next_hop.value, 0x0a000001);
    assert_int_equal(rip_bytes(message.count), length);
    rip_emit(&message, again);
    assert_memory_equal(again, bytes, length);
}

static void test_rip_codec__knows_the_question_for_everything(void **state)
{
    uint8_t expected[RIP_HEADER + RIP_RTE], bytes[RIP_HEADER + RIP_RTE];
    struct rip_message request = rip_request_for_all();
    hand_bytes("0102 0000" RTE_ALL, expected, sizeof expected);
    rip_emit(&request, bytes);
    assert_memory_equal(bytes, expected, sizeof bytes);
    assert_true(rip_asks_for_all(&request));
    request.rtes[0].metric = 1;
    assert_false(rip_asks_for_all(&request));
    request = rip_request_for_all();
    request.count = 2;
    assert_false(rip_asks_for_all(&request));
}

static const struct {
    const char *hex;
    enum rip_reason reason;
    const char *prefix;
} entries[] = {
    {RTE_N, RIP_OK, "10.0.0.0/24"},
    {"0002 0000 00000000 00000000 00000000 00000001", RIP_OK, "0.0.0.0/0"},
    {"0002 0000 c0000201 ffffffff 00000000 00000010", RIP_OK, "192.0.2.1/32"},
    {"0002 0000 80000000 80000000 00000000 0000000f", RIP_OK, "128.0.0.0/1"},
    {"0000 0000 0a000000 ffffff00 00000000 00000002", RIP_BAD_FAMILY, NULL},
    {"ffff 0000 0a000000 ffffff00 00000000 00000002", RIP_BAD_FAMILY, NULL},
    {"0002 0000 00000000 ff000000 00000000 00000002", RIP_BAD_ADDRESS, NULL},
    {"0002 0000 7f000000 ff000000 00000000 00000002", RIP_BAD_ADDRESS, NULL},
    {"0002 0000 e0000009 ffffffff 00000000 00000002", RIP_BAD_ADDRESS, NULL},
    {"0002 0000 f0000000 ff000000 00000000 00000002", RIP_BAD_ADDRESS, NULL},
    {"0002 0000 ffffffff ffffffff 00000000 00000002", RIP_BAD_ADDRESS, NULL},
    {"0002 0000 0a000000 00000000 00000000 00000002", RIP_BAD_MASK, NULL},
    {"0002 0000 0a000000 ff00ff00 00000000 00000002", RIP_BAD_MASK, NULL},
    {"0002 0000 0a000001 ffffff00 00000000 00000002", RIP_BAD_MASK, NULL},
    {"0002 0000 0a000000 ffffff00 00000000 00000000", RIP_BAD_METRIC, NULL},
    {"0002 0000 0a000000 ffffff00 00000000 00000011", RIP_BAD_METRIC, NULL},
    {"0002 0000 0a000000 ffffff00 00000000 80000001", RIP_BAD_METRIC, NULL},
};

/* RFC 2453 3.9.2. */
static void test_rip_codec__judges_entries_one_by_one(void **state)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        uint8_t bytes[RIP_HEADER + RIP_RTE] = {RIP_RESPONSE, RIP_VERSION};
        struct rip_message message;
        struct ipv4_prefix prefix;
        char text[IPV4_PREFIX_TEXT_SIZE];
        hand_bytes(entries[i].hex, bytes + RIP_HEADER, RIP_RTE);
        /* A leading password is refused with its message; alone it is an entry like any other. */
        if (entries[i].hex[0] == 'f')
            message = (struct rip_message){.count = 1, .rtes = {{.family = RIP_FAMILY_AUTH}}};
        else
            assert_int_equal(rip_parse(bytes, sizeof bytes, &message), RIP_OK);
        enum rip_reason reason = rip_rte_check(&message.rtes[0], &prefix);
        if (reason != entries[i].reason)
            fail_msg("row %zu: %s", i, rip_reason_words[reason]);
        if (reason != RIP_OK)
            continue;
        ipv4_prefix_format(prefix, text);
        assert_string_equal(text, entries[i].prefix);
        struct rip_rte rte = rip_rte_of(prefix, message.rtes[0].metric, 0);
        assert_memory_equal(&rte, &message.rtes[0], sizeof rte);
    }
}

/* ---- Words ---- */

#define UDP(bytes) "4500 " bytes " 0001 0000 01 11 0000 0a000101 e0000009 0208 0208 "

static const struct {
    const char *hex;
    const char *line;
} lines[] = {
    {UDP("0034") "0020 0000 0202 0000 " RTE_N,
     "IP 10.0.1.1.520 > 224.0.0.9.520: RIPv2, Response, length: 24, routes: 1 or less"},
    {UDP("0034") "0020 0000 0102 0000 " RTE_ALL,
     "IP 10.0.1.1.520 > 224.0.0.9.520: RIPv2, Request, length: 24, routes: 1 or less"},
    {UDP("0048") "0034 0000 0202 0000 " RTE_N RTE_N,
     "IP 10.0.1.1.520 > 224.0.0.9.520: RIPv2, Response, length: 44, routes: 2 or less"},
    {UDP("0020") "000c 0000 2a02 0000",
     "IP 10.0.1.1.520 > 224.0.0.9.520: RIPv2, unknown command 42, length: 4"},
    {UDP("001e") "000a 0000 0202", "IP 10.0.1.1.520 > 224.0.0.9.520: [|rip]"},
};

static void test_rip_codec__line_is_in_tcpdumps_words(void **state)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        uint8_t bytes[200];
        char line[200];
        struct text text = text_in(line, sizeof line);
        dissect_line_ipv4(&text, bytes, hand_bytes(lines[i].hex, bytes, sizeof bytes));
        assert_string_equal(line, lines[i].line);
    }
}

static void test_rip_codec__tree_has_every_entry(void **state)
{
    static const char *const expected[][2] = {{"rip", ""},
                                              {"rip.command", "Response (2)"},
                                              {"rip.version", "RIPv2 (2)"},
                                              {"rip.family", "IP (2)"},
                                              {"rip.route_tag", "0"},
                                              {"rip.ip", "10.0.0.0"},
                                              {"rip.netmask", "255.255.255.0"},
                                              {"rip.next_hop", "0.0.0.0"},
                                              {"rip.metric", "2"},
                                              {"rip.family", "IP (2)"},
                                              {"rip.route_tag", "0"},
                                              {"rip.ip", "10.0.0.0"},
                                              {"rip.netmask", "255.255.255.0"},
                                              {"rip.next_hop", "0.0.0.0"},
                                              {"rip.metric", "unreachable (16)"},
                                              {"_ws.malformed", "the bytes end before the header does"}};
    uint8_t bytes[200];
    struct dissect_field fields[80];
    struct dissect_tree tree = {.fields = fields, .limit = 80};
    size_t length = hand_bytes(
        "010203040506 010203040507 0800 " UDP("004a") "0036 0000 0202 0000 " RTE_N
                                                      "0002 0000 0a000000 ffffff00 00000000 00000010 0002",
        bytes, sizeof bytes);
    dissect_tree(&tree, bytes, length, &(struct dissect_options){0});
    size_t at = 0;
    while (at < tree.count && strcmp(fields[at].name, "rip") != 0)
        at++;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        while (at < tree.count && i == 15 && strcmp(fields[at].name, "rip.family") == 0)
            at++; /* the two octets of the broken one */
        assert_true(at < tree.count);
        assert_string_equal(fields[at].name, expected[i][0]);
        assert_string_equal(fields[at++].value, expected[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rip_codec__reads_whole_messages_only),
        cmocka_unit_test(test_rip_codec__takes_25_entries_and_no_more),
        cmocka_unit_test(test_rip_codec__writes_what_it_read),
        cmocka_unit_test(test_rip_codec__knows_the_question_for_everything),
        cmocka_unit_test(test_rip_codec__judges_entries_one_by_one),
        cmocka_unit_test(test_rip_codec__line_is_in_tcpdumps_words),
        cmocka_unit_test(test_rip_codec__tree_has_every_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
