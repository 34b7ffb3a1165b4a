/* SPDX-License-Identifier: MIT
 * DHCP in tcpdump's and Wireshark's words. Checklist DHCP-1. */
#include "tests/protocols/hand_env.h"

#include "protocols/dhcp/codec.h"
#include "protocols/dissect/dissect.h"
#include "protocols/ipv4/header.h"
#include "protocols/udp/codec.h"
#include "sim/base/text.h"

#define HEADERS (ETHERNET_HEADER + IPV4_HEADER_MIN + UDP_HEADER)

static uint8_t frame[HEADERS + DHCP_ROOM];
static size_t frame_bytes;

/* Puts `length` octets, which stand behind the headers, into a frame from port 67 or 68. */
static void wrap(size_t length, uint16_t from, uint16_t to)
{
    struct ethernet_header ethernet = {mac_broadcast, mac_from_number(1), ETHERNET_TYPE_IPV4};
    struct ipv4_header ip = {.header_bytes = IPV4_HEADER_MIN,
                             .total_bytes = (uint16_t)(IPV4_HEADER_MIN + UDP_HEADER + length),
                             .ttl = 64,
                             .protocol = UDP_PROTOCOL,
                             .destination = IPV4_BROADCAST};
    struct udp_header udp = {from, to, (uint16_t)(UDP_HEADER + length), 0};
    struct net_address source = net_from_ipv4(ip.source), destination = net_from_ipv4(ip.destination);
    ethernet_emit(&ethernet, frame);
    ipv4_header_emit(&ip, frame + ETHERNET_HEADER);
    udp_emit(&udp, &source, &destination, frame + ETHERNET_HEADER + IPV4_HEADER_MIN);
    frame_bytes = HEADERS + length;
}

static void put(const struct dhcp_message *message)
{
    size_t length = dhcp_emit(message, frame + HEADERS);
    bool is_request = message->op == DHCP_BOOTREQUEST;
    wrap(length, is_request ? 68 : 67, is_request ? 67 : 68);
}

static void expect_line(const char *expected)
{
    char storage[200];
    struct text line = text_in(storage, sizeof storage);
    struct dissect_options options = {0};
    dissect_line(&line, frame, frame_bytes, &options);
    assert_string_equal(storage, expected);
}

/* The value of the first field with this name; NULL: there is none. */
static const char *value_of(struct dissect_tree *tree, const char *name)
{
    for (size_t i = 0; i < tree->count; i++)
        if (strcmp(tree->fields[i].name, name) == 0)
            return tree->fields[i].value;
    return NULL;
}

static struct dhcp_message offer(void)
{
    return (struct dhcp_message){.op = DHCP_BOOTREPLY,
                                 .xid = 0x12345678,
                                 .wants_broadcast = true,
                                 .yiaddr = {0x0a000064},
                                 .chaddr = mac_from_number(UINT64_C(0x020000000001)),
                                 .type = DHCP_OFFER,
                                 .server_id = {0x0a000001},
                                 .lease_s = 600,
                                 .mask = {0xffffff00},
                                 .routers = {2, {{0x0a0000fe}, {0x0a0000fd}}},
                                 .host_name = "alice",
                                 .asked_count = 2,
                                 .asked = {1, 200}};
}

static void test_dissect__line_is_tcpdumps(void **state)
{
    struct dhcp_message message = offer();
    put(&message);
    expect_line("IP 0.0.0.0.67 > 255.255.255.255.68: BOOTP/DHCP, Reply, length 300");
    message.op = DHCP_BOOTREQUEST;
    put(&message);
    expect_line("IP 0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, Request from 02:00:00:00:00:01, length 300");
    frame[HEADERS] = 9;
    wrap(300, 68, 67);
    expect_line("IP 0.0.0.0.68 > 255.255.255.255.67: BOOTP/DHCP, unknown (0x09), length 300");
    wrap(100, 68, 67);
    expect_line("IP 0.0.0.0.68 > 255.255.255.255.67: [|bootp]");
}

static void test_dissect__tree_has_wiresharks_fields(void **state)
{
    static struct dissect_field fields[128];
    struct dissect_tree tree = {fields, 128, 0, false};
    struct dissect_options options = {0};
    struct dhcp_message message = offer();
    static const struct {
        const char *name, *value;
    } rows[] = {{"dhcp.type", "Boot Reply (2)"},
                {"dhcp.id", "0x12345678"},
                {"dhcp.flags.bc", "Set"},
                {"dhcp.ip.your", "10.0.0.100"},
                {"dhcp.hw.mac_addr", "02:00:00:00:00:01"},
                {"dhcp.file", "not given"},
                {"dhcp.cookie", "DHCP"},
                {"dhcp.option.type", "(53) DHCP Message Type"},
                {"dhcp.option.dhcp", "Offer (2)"},
                {"dhcp.option.dhcp_server_id", "10.0.0.1"},
                {"dhcp.option.ip_address_lease_time", "600 s"},
                {"dhcp.option.subnet_mask", "255.255.255.0"},
                {"dhcp.option.router", "10.0.0.254"},
                {"dhcp.option.hostname", "alice"},
                {"dhcp.option.request_list_item", "Subnet Mask (1)"},
                {"dhcp.option.end", "255"}};
    put(&message);
    dissect_tree(&tree, frame, frame_bytes, &options);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *value = value_of(&tree, rows[i].name);
        if (!value || strcmp(value, rows[i].value) != 0)
            fail_msg("%s is \"%s\"; \"%s\" was expected", rows[i].name, value ? value : "-", rows[i].value);
    }
    for (size_t i = 0; i < tree.count; i++)
        if (strcmp(tree.fields[i].name, "dhcp.option.dhcp") == 0)
            assert_int_equal(tree.fields[i].bit_offset, (HEADERS + 242) * 8);
}

/* Wherever the bytes end, the tree says so and reads no further (the sanitizer judges). */
static void test_dissect__tree_says_where_an_option_is_cut(void **state)
{
    static struct dissect_field fields[128];
    struct dissect_options options = {0};
    struct dhcp_message message = offer();
    put(&message);
    for (size_t length = 0; length < 300; length++) {
        struct dissect_tree tree = {fields, 128, 0, false};
        wrap(length, 67, 68);
        dissect_tree(&tree, frame, frame_bytes, &options);
        struct dissect_label label = dissect_label(frame, frame_bytes, &options);
        assert_true(length == 0 || (label.kind == DISSECT_DHCP) == (length >= DHCP_FIXED));
        if (length == DHCP_FIXED + 4 + 2)
            assert_string_equal(value_of(&tree, "_ws.malformed"), "an option runs over the end");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dissect__line_is_tcpdumps),
        cmocka_unit_test(test_dissect__tree_has_wiresharks_fields),
        cmocka_unit_test(test_dissect__tree_says_where_an_option_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
