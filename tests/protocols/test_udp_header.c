/* SPDX-License-Identifier: MIT
 * The UDP header: its length and its checksum. Checklist UDP-1, UDP-3. */
#include "protocols/udp/codec.h"
#include "tests/protocols/station.h"

/* UDP-1. */
static void test_udp_header__has_the_known_checksum(void **state)
{
    uint8_t bytes[13] = {0}, expected[13];
    struct net_address alice = net_from_ipv4(ALICE), bob = net_from_ipv4(BOB);
    struct udp_header out = {49152, 7, 13, 0}, in;
    memcpy(bytes + 8, "hello", 5);
    udp_emit(&out, &alice, &bob, bytes);
    hand_bytes("c000 0007 000d e7f7 68656c6c6f", expected, sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    assert_int_equal(udp_parse(bytes, 13, &alice, &bob, &in), UDP_OK);
    assert_int_equal(in.source_port, 49152);
    assert_int_equal(in.destination_port, 7);
    /* The pseudo-header: the same bytes between other hosts do not fit. */
    assert_int_equal(udp_parse(bytes, 13, &alice, &alice, &in), UDP_BAD_CHECKSUM);
}

/* UDP-1: "if the computed checksum is zero, it is transmitted as all ones". The data is chosen so that it is.
 */
static void test_udp_header__sends_a_computed_zero_as_all_ones(void **state)
{
    uint8_t bytes[10] = {0};
    struct net_address alice = net_from_ipv4(ALICE), bob = net_from_ipv4(BOB);
    struct udp_header out = {1, 1, 10, 0}, in;
    udp_emit(&out, &alice, &bob, bytes);
    memcpy(bytes + 8, bytes + 6, 2); /* now the sum over all is ffff, and the checksum 0 */
    udp_emit(&out, &alice, &bob, bytes);
    assert_int_equal(bytes_u16(bytes + 6), 0xffff);
    assert_int_equal(udp_parse(bytes, 10, &alice, &bob, &in), UDP_OK);
}

/* UDP-1: 0 means that there is none; not over IPv6, RFC 8200 8.1. */
static void test_udp_header__takes_no_checksum_over_ipv4_only(void **state)
{
    uint8_t bytes[9] = {0, 1, 0, 2, 0, 9, 0, 0, 'x'};
    struct net_address alice = net_from_ipv4(ALICE), six = {.family = NET_IPV6};
    struct udp_header in;
    assert_int_equal(udp_parse(bytes, 9, &alice, &alice, &in), UDP_OK);
    assert_int_equal(udp_parse(bytes, 9, &six, &six, &in), UDP_BAD_CHECKSUM);
}

/* UDP-3. */
static void test_udp_header__checks_its_length(void **state)
{
    static const struct {
        size_t here;
        uint16_t says;
        enum udp_reason expected;
    } rows[] = {
        {0, 8, UDP_TRUNCATED},    {7, 8, UDP_TRUNCATED},       {8, 7, UDP_BAD_LENGTH}, {8, 0, UDP_BAD_LENGTH},
        {8, 8, UDP_OK},           {8, 9, UDP_BAD_LENGTH},      {20, 9, UDP_OK},        {20, 20, UDP_OK},
        {20, 21, UDP_BAD_LENGTH}, {20, 0xffff, UDP_BAD_LENGTH}};
    struct net_address alice = net_from_ipv4(ALICE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[20] = {0};
        struct udp_header in;
        bytes_put_u16(bytes + 4, rows[i].says);
        if (udp_parse(bytes, rows[i].here, &alice, &alice, &in) != rows[i].expected)
            fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_header__has_the_known_checksum),
        cmocka_unit_test(test_udp_header__sends_a_computed_zero_as_all_ones),
        cmocka_unit_test(test_udp_header__takes_no_checksum_over_ipv4_only),
        cmocka_unit_test(test_udp_header__checks_its_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
