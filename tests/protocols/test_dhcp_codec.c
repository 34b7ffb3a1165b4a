/* SPDX-License-Identifier: MIT
 * DHCP messages, RFC 2131 2 and RFC 2132. Checklist DHCP-1, DHCP-15, DHCP-17. */
#include "tests/protocols/hand_env.h"

#include <stdlib.h>

#include "protocols/dhcp/codec.h"
#include "sim/base/bytes.h"

#define CLIENT_MAC mac_from_number(UINT64_C(0x020000000001))

static uint8_t bytes[DHCP_ROOM];

/* A message with every field and every option that there is room for. */
static struct dhcp_message full_message(void)
{
    return (struct dhcp_message){.op = DHCP_BOOTREPLY,
                                 .hops = 3,
                                 .wants_broadcast = true,
                                 .secs = 77,
                                 .xid = 0xdeadbeef,
                                 .ciaddr = {0x0a000001},
                                 .yiaddr = {0x0a000002},
                                 .siaddr = {0x0a000003},
                                 .giaddr = {0x0a000004},
                                 .chaddr = CLIENT_MAC,
                                 .type = DHCP_ACK,
                                 .requested = {0x0a000005},
                                 .server_id = {0x0a000006},
                                 .mask = {0xffffff00},
                                 .broadcast = {0x0a0000ff},
                                 .routers = {2, {{0x0a0000fe}, {0x0a0000fd}}},
                                 .dns = {1, {{0x08080808}}},
                                 .lease_s = 600,
                                 .t1_s = 300,
                                 .t2_s = 525,
                                 .mtu_bytes = 1400,
                                 .max_size_bytes = 1472,
                                 .host_name = "alice",
                                 .domain = "example.com",
                                 .asked_count = 3,
                                 .asked = {1, 3, 6},
                                 .client_id = {3, {0, 1, 2}},
                                 .agent = {4, {1, 2, 0, 7}}};
}

/* A sound message without options: `options` and the end are put behind the cookie. */
static size_t message_with(const char *options)
{
    struct dhcp_message plain = {.op = DHCP_BOOTREQUEST, .chaddr = CLIENT_MAC, .type = DHCP_DISCOVER};
    dhcp_emit(&plain, bytes);
    memset(bytes + DHCP_FIXED + 4, 0, sizeof bytes - DHCP_FIXED - 4);
    size_t count = hand_bytes(options, bytes + DHCP_FIXED + 4, sizeof bytes - DHCP_FIXED - 4);
    return DHCP_FIXED + 4 + count;
}

/* DHCP-1: RFC 2131 2, 4.1; RFC 1542 2.1. */
static void test_codec__puts_every_field_where_the_figure_says(void **state)
{
    struct dhcp_message message = full_message();
    size_t length = dhcp_emit(&message, bytes);
    static const struct {
        size_t at;
        uint32_t value;
    } words[] = {{0, 0x02010603},  {4, 0xdeadbeef},  {8, 0x004d8000},  {12, 0x0a000001},
                 {16, 0x0a000002}, {20, 0x0a000003}, {24, 0x0a000004}, {28, 0x02000000},
                 {32, 0x00010000}, {44, 0},          {108, 0},         {236, 0x63825363}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_int_equal(bytes_u32(bytes + words[i].at), words[i].value);
    assert_int_equal(bytes[240], DHCP_TYPE); /* option 53 comes first */
    assert_int_equal(bytes[length - 1], DHCP_END);
}

static void test_codec__never_sends_fewer_than_300_octets(void **state)
{
    struct dhcp_message plain = {.op = DHCP_BOOTREQUEST, .chaddr = CLIENT_MAC, .type = DHCP_DISCOVER};
    memset(bytes, 0xaa, sizeof bytes);
    assert_int_equal(dhcp_emit(&plain, bytes), 300);
    assert_int_equal(bytes[243], DHCP_END);
    for (size_t i = 244; i < 300; i++)
        assert_int_equal(bytes[i], DHCP_PAD);
}

/* DHCP-15. */
static void test_codec__reads_what_it_writes(void **state)
{
    struct dhcp_message message = full_message(), read;
    size_t length = dhcp_emit(&message, bytes);
    memset(&read, 0xaa, sizeof read);
    assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
    uint8_t again[DHCP_ROOM];
    assert_int_equal(dhcp_emit(&read, again), length);
    assert_memory_equal(again, bytes, length);
    assert_int_equal(read.lease_s, 600);
    assert_int_equal(read.routers.count, 2);
    assert_int_equal(read.routers.at[1].value, 0x0a0000fd);
    assert_string_equal(read.host_name, "alice");
    assert_int_equal(read.agent.length, 4);
}

static void test_codec__writes_all_that_a_message_can_hold(void **state)
{
    struct dhcp_message message = full_message(), read;
    message.client_id.length = message.agent.length = DHCP_ID_MOST;
    message.asked_count = DHCP_ASKED_MOST;
    message.routers.count = message.dns.count = DHCP_ADDRESSES;
    memset(message.host_name, 'h', DHCP_NAME_SIZE - 1);
    memset(message.domain, 'd', DHCP_NAME_SIZE - 1);
    size_t length = dhcp_emit(&message, bytes);
    assert_true(length < DHCP_ROOM);
    assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
    assert_int_equal(read.client_id.length, DHCP_ID_MOST);
}

/* RFC 2131 3.1, RFC 2132 3.1: unknown options and padding are passed over, wherever they stand. */
static void test_codec__passes_over_what_it_does_not_know(void **state)
{
    struct dhcp_message read;
    size_t length = message_with("00 00 f0 03 aa bb cc 35 01 01 00 e9 00 32 04 0a 00 00 63 ff 07 07 07");
    assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
    assert_int_equal(read.type, DHCP_DISCOVER);
    assert_int_equal(read.requested.value, 0x0a000063);
}

/* RFC 2132 9.3: when there is no room, the options go on in file (1), sname (2) or both (3). */
static void test_codec__reads_options_from_file_and_sname(void **state)
{
    struct dhcp_message read;
    for (int overload = 0; overload <= 3; overload++) {
        size_t length = message_with("35 01 01 34 01 00 ff");
        bytes[DHCP_FIXED + 4 + 5] = (uint8_t)overload;
        hand_bytes("32 04 0a 00 00 01 ff", bytes + 108, 128); /* file: 50 */
        hand_bytes("36 04 0a 00 00 02 ff", bytes + 44, 64);   /* sname: 54 */
        assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
        assert_int_equal(read.requested.value, overload & 1 ? 0x0a000001 : 0);
        assert_int_equal(read.server_id.value, overload & 2 ? 0x0a000002 : 0);
    }
}

/* RFC 3396 5: several options of one code are one value, in the order options, file, sname. */
static void test_codec__joins_long_options(void **state)
{
    struct dhcp_message read;
    size_t length = message_with("35 01 01 34 01 03 3d 02 01 02 0c 02 61 6c 3d 01 03 ff");
    hand_bytes("3d 01 04 ff", bytes + 108, 128);
    hand_bytes("0c 03 69 63 65 3d 01 05 ff", bytes + 44, 64);
    static const uint8_t joined[] = {1, 2, 3, 4, 5};
    assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
    assert_int_equal(read.client_id.length, sizeof joined);
    assert_memory_equal(read.client_id.bytes, joined, sizeof joined);
    assert_string_equal(read.host_name, "alice");
}

static void test_codec__refuses_what_cannot_be(void **state)
{
    static const struct {
        const char *options;
        enum dhcp_reason reason;
    } rows[] = {
        {"ff", DHCP_UNKNOWN_TYPE},
        {"35 01 00 ff", DHCP_UNKNOWN_TYPE},
        {"35 01 09 ff", DHCP_UNKNOWN_TYPE},
        {"35 02 01 01 ff", DHCP_UNKNOWN_TYPE},
        {"35", DHCP_BAD_OPTIONS},
        {"35 01", DHCP_BAD_OPTIONS},
        {"35 01 01 32 04 0a 00 00", DHCP_BAD_OPTIONS},
        {"35 01 01 32 03 0a 00 00 ff", DHCP_BAD_VALUE},
        {"35 01 01 33 02 0a 00 ff", DHCP_BAD_VALUE},
        {"35 01 01 03 05 0a 00 00 01 02 ff", DHCP_BAD_VALUE},
        {"35 01 01 39 01 02 ff", DHCP_BAD_VALUE},
        {"35 01 01 34 02 01 01 ff", DHCP_BAD_OPTIONS},
        {"35 01 01", DHCP_OK}, /* the end is missing, but nothing else is */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dhcp_message read;
        size_t length = message_with(rows[i].options);
        enum dhcp_reason reason = dhcp_parse(bytes, length, &read);
        if (reason != rows[i].reason)
            fail_msg("\"%s\": %s", rows[i].options, dhcp_reason_words[reason]);
    }
}

static void test_codec__refuses_other_hardware_and_other_protocols(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        enum dhcp_reason reason;
    } rows[] = {
        {0, 3, DHCP_BAD_OP}, {1, 6, DHCP_NO_ETHERNET}, {2, 8, DHCP_NO_ETHERNET}, {236, 0, DHCP_NO_COOKIE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dhcp_message read;
        size_t length = message_with("35 01 01 ff");
        bytes[rows[i].at] = rows[i].value;
        assert_int_equal(dhcp_parse(bytes, length, &read), rows[i].reason);
    }
}

/* No matter where the bytes end, nothing behind them is looked at (the sanitizer judges). */
static void test_codec__is_content_with_what_is_there(void **state)
{
    struct dhcp_message message = full_message();
    size_t whole = dhcp_emit(&message, bytes);
    for (size_t length = 0; length <= whole; length++) {
        struct dhcp_message read;
        uint8_t *copy = malloc(length ? length : 1);
        memcpy(copy, bytes, length);
        enum dhcp_reason reason = dhcp_parse(copy, length, &read);
        assert_true(length > DHCP_FIXED + 6 || reason != DHCP_OK);
        free(copy);
    }
}

/* What a station calls itself is shown in tables: no control characters, and an end. */
static void test_codec__keeps_names_fit_to_be_shown(void **state)
{
    struct dhcp_message read;
    size_t length = message_with("35 01 01 0c 06 61 1b 5b 00 62 63 ff");
    assert_int_equal(dhcp_parse(bytes, length, &read), DHCP_OK);
    assert_string_equal(read.host_name, "a?[");
}

/* DHCP-17: RFC 2131 4.2; RFC 4361 6.1. */
static void test_codec__knows_a_client_by_its_identifier_or_its_hardware(void **state)
{
    static const uint8_t hardware[] = {1, 2, 0, 0, 0, 0, 1};
    static const uint8_t rfc4361[] = {255, 0, 0, 0, 5, 0, 3, 0, 1, 2, 0, 0, 0, 0, 1};
    struct dhcp_message message = {.chaddr = CLIENT_MAC};
    struct dhcp_octets key = dhcp_key_of(&message);
    assert_int_equal(key.length, sizeof hardware);
    assert_memory_equal(key.bytes, hardware, sizeof hardware);
    message.client_id = dhcp_id_for(CLIENT_MAC, 5);
    struct dhcp_octets other = dhcp_key_of(&message);
    assert_int_equal(other.length, sizeof rfc4361);
    assert_memory_equal(other.bytes, rfc4361, sizeof rfc4361);
    assert_false(dhcp_is_same_key(&key, &other));
    assert_true(dhcp_is_same_key(&other, &message.client_id));
}

static void test_codec__a_lease_may_last_for_ever(void **state)
{
    assert_int_equal(dhcp_after_seconds(5, 10), 5 + 10 * ENV_SECOND);
    assert_int_equal(dhcp_after_seconds(0, DHCP_FOREVER), ENV_NEVER);
    assert_int_equal(dhcp_after_seconds(0, 0xfffffffe), ENV_NEVER); /* longer than any run */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codec__puts_every_field_where_the_figure_says),
        cmocka_unit_test(test_codec__never_sends_fewer_than_300_octets),
        cmocka_unit_test(test_codec__reads_what_it_writes),
        cmocka_unit_test(test_codec__writes_all_that_a_message_can_hold),
        cmocka_unit_test(test_codec__passes_over_what_it_does_not_know),
        cmocka_unit_test(test_codec__reads_options_from_file_and_sname),
        cmocka_unit_test(test_codec__joins_long_options),
        cmocka_unit_test(test_codec__refuses_what_cannot_be),
        cmocka_unit_test(test_codec__refuses_other_hardware_and_other_protocols),
        cmocka_unit_test(test_codec__is_content_with_what_is_there),
        cmocka_unit_test(test_codec__keeps_names_fit_to_be_shown),
        cmocka_unit_test(test_codec__knows_a_client_by_its_identifier_or_its_hardware),
        cmocka_unit_test(test_codec__a_lease_may_last_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
