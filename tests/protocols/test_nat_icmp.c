/* SPDX-License-Identifier: MIT
 * Address translation and ICMP: queries, errors both ways with what they quote, pieces, sizes, and having
 * nothing left to give. Checklist NAT-11 to NAT-13, NAT-17, NAT-18, NAT-20 to NAT-23. */
#include <stdio.h>

#include "protocols/ipv4/fragment.h"
#include "sim/base/bytes.h"
#include "tests/protocols/nat_lab.h"

#define UDP IPV4_PROTOCOL_UDP
#define TCP IPV4_PROTOCOL_TCP
#define ICMP IPV4_PROTOCOL_ICMP

static struct nat_lab lab;

static int set_up(void **state)
{
    struct nat_config config = nat_config_default();
    config.first_port = 5001;
    lab_init(&lab, &config);
    return 0;
}

static int tear_down(void **state)
{
    lab_release(&lab);
    return 0;
}

static void hear(uint32_t interface, uint8_t protocol, const char *from, const char *to)
{
    lab_hear(&lab, interface,
             &(struct lab_packet){.from = from, .to = to, .protocol = protocol, .tcp_flags = FLOW_SYN});
}

/* alice has sent to a server, and the frame that left is copied for a quote. */
static size_t sent_by_alice(uint8_t *ret_bytes)
{
    hear(INSIDE, UDP, "10.0.0.1:3345", "192.0.2.1:53");
    const struct lab_sent *sent = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    memcpy(ret_bytes, sent->bytes, sent->length_bytes);
    return sent->length_bytes;
}

/* NAT-18, RFC 5508 REQ-1: two hosts ping with one identifier, and each has its own answers. */
static void test_nat_icmp__gives_each_ping_its_own_identifier(void **state)
{
    hear(INSIDE, ICMP, "10.0.0.1:1", "192.0.2.1");
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:5001 > 192.0.2.1:0");
    hear(INSIDE, ICMP, "10.0.0.2:1", "192.0.2.1");
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:5002 > 192.0.2.1:0");
    hear(OUTSIDE, ICMP, "192.0.2.1", "138.76.29.7:5002");
    lab_expect(&lab, INSIDE, "ICMP 192.0.2.1:0 > 10.0.0.2:1");
    hear(OUTSIDE, ICMP, "192.0.2.1", "138.76.29.7:5001");
    lab_expect(&lab, INSIDE, "ICMP 192.0.2.1:0 > 10.0.0.1:1");
}

/* The box itself may be pinged, and its own pings do not collide with anybody's. */
static void test_nat_icmp__leaves_the_box_its_own_pings(void **state)
{
    struct icmp_echo_request request = {
        .destination = lab_end("192.0.2.1").address, .id = 5001, .sequence = 1, .data_bytes = 8};
    hear(OUTSIDE, ICMP, "192.0.2.9:77", "138.76.29.7");
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:0 > 192.0.2.9:77");
    assert_int_equal(icmp_send_echo(&lab.icmp, &request), IPV4_SENT);
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:5001 > 192.0.2.1:0");
    hear(INSIDE, ICMP, "10.0.0.1:1", "192.0.2.1");
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:5002 > 192.0.2.1:0");
}

/* ---- Errors ---- */

/* NAT-17, RFC 5508 REQ-4: inwards, to the end whose packet is quoted, and the quote is as that end had sent
 * it: with right sums (RFC 3022 4.3). */
static void test_nat_icmp__reverts_the_quote_of_an_error_that_comes_in(void **state)
{
    uint8_t failed[LAB_BYTES], whole[LAB_BYTES];
    size_t length = sent_by_alice(failed);
    lab_hear_error(&lab, OUTSIDE, "198.51.100.1", "138.76.29.7", ICMP_TIME_EXCEEDED, 0, failed, length);
    const struct lab_sent *sent =
        lab_expect(&lab, INSIDE, "ICMP 11/0 198.51.100.1 > 10.0.0.1 about UDP 10.0.0.1:3345 > 192.0.2.1:53");
    struct lab_packet original = {.from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP, .ttl = 63};
    assert_int_equal(lab_build(&original, whole), length); /* one hop less, for the box had passed it on */
    assert_memory_equal(sent->bytes + 28, whole, length);
}

/* NAT-17, RFC 5508 REQ-5: outwards. The sender inside becomes the outside address, the quote what came in. */
static void test_nat_icmp__reverts_the_quote_of_an_error_that_goes_out(void **state)
{
    uint8_t failed[LAB_BYTES];
    sent_by_alice(failed);
    hear(OUTSIDE, UDP, "192.0.2.1:53", "138.76.29.7:5001");
    const struct lab_sent *came = lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.1:3345");
    size_t length = came->length_bytes;
    memcpy(failed, came->bytes, length);
    lab_hear_error(&lab, INSIDE, "10.0.0.1", "192.0.2.1", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   length);
    lab_expect(&lab, OUTSIDE, "ICMP 3/3 138.76.29.7 > 192.0.2.1 about UDP 192.0.2.1:53 > 138.76.29.7:5001");
    /* RFC 5508 REQ-5: also from a router inside, which has no binding of its own */
    lab_hear_error(&lab, INSIDE, "10.0.0.77", "192.0.2.1", ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, failed,
                   length);
    lab_expect(&lab, OUTSIDE, "ICMP 3/1 138.76.29.7 > 192.0.2.1 about UDP 192.0.2.1:53 > 138.76.29.7:5001");
}

/* RFC 5508 REQ-4, REQ-5: an error about nothing that is known is for the box, or for nobody. */
static void test_nat_icmp__passes_on_no_error_about_nothing(void **state)
{
    uint8_t failed[LAB_BYTES];
    struct lab_packet packet = {.from = "192.0.2.1:53", .to = "10.0.0.1:9", .protocol = UDP};
    size_t length = lab_build(&packet, failed);
    lab_hear_error(&lab, INSIDE, "10.0.0.1", "192.0.2.1", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   length);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_NO_BINDING]);
    packet = (struct lab_packet){.from = "138.76.29.7:9", .to = "192.0.2.1:53", .protocol = UDP};
    length = lab_build(&packet, failed);
    lab_hear_error(&lab, OUTSIDE, "192.0.2.1", "138.76.29.7", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   length);
    lab_expect_silence(&lab);
}

/* NAT-20, the other way: what was damaged inside does not get out. */
static void test_nat_icmp__lets_no_damaged_error_out(void **state)
{
    uint8_t failed[LAB_BYTES], error[LAB_BYTES];
    sent_by_alice(failed);
    struct lab_packet packet = {.from = "192.0.2.1:53", .to = "10.0.0.1:3345", .protocol = UDP};
    size_t length = lab_build(&packet, failed);
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(28 + length),
                                 .ttl = 9,
                                 .protocol = ICMP,
                                 .source = lab_end("10.0.0.1").address,
                                 .destination = lab_end("192.0.2.1").address};
    memcpy(error + 28, failed, length);
    icmp_emit(ICMP_UNREACHABLE, 3, 0, length, error + 20);
    ipv4_header_emit(&header, error);
    error[22] ^= 1;
    lab_hear_bytes(&lab, INSIDE, error, header.total_bytes);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_BAD_CHECKSUM]);
}

/* NAT-11, RFC 4787 REQ-12; NAT-21, RFC 5508 REQ-6: an error neither ends a binding nor lengthens its life. */
static void test_nat_icmp__lets_no_error_end_or_refresh_a_binding(void **state)
{
    uint8_t failed[LAB_BYTES];
    size_t length = sent_by_alice(failed);
    hand_advance(&lab.hand, 200 * ENV_SECOND);
    lab_hear_error(&lab, OUTSIDE, "192.0.2.1", "138.76.29.7", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   length);
    lab_expect(&lab, INSIDE, "ICMP 3/3 192.0.2.1 > 10.0.0.1 about UDP 10.0.0.1:3345 > 192.0.2.1:53");
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 100 * ENV_SECOND);
    assert_int_equal(lab.nat.bindings.count, 0);
}

/* NAT-20, RFC 5508 REQ-3: the ICMP checksum is checked, the quoted transport's is not; options in the quoted
 * header are stepped over. */
static void test_nat_icmp__checks_what_must_be_checked(void **state)
{
    uint8_t failed[LAB_BYTES], bytes[LAB_BYTES];
    size_t length = sent_by_alice(failed);
    failed[26] ^= 0x55; /* the UDP checksum in the quote */
    lab_hear_error(&lab, OUTSIDE, "192.0.2.1", "138.76.29.7", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   length);
    lab_expect(&lab, INSIDE, "ICMP 3/3 192.0.2.1 > 10.0.0.1 about UDP 10.0.0.1:3345 > 192.0.2.1:53");
    uint8_t with_options[LAB_BYTES];
    memcpy(with_options, failed, 20);
    memset(with_options + 20, 1, 4); /* no operation, four times */
    memcpy(with_options + 24, failed + 20, 8);
    with_options[0] = 0x46;
    lab_hear_error(&lab, OUTSIDE, "192.0.2.1", "138.76.29.7", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE,
                   with_options, 32);
    lab_expect(&lab, INSIDE, "ICMP 3/3 192.0.2.1 > 10.0.0.1 about UDP 10.0.0.1:3345 > 192.0.2.1:53");
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(28 + length),
                                 .ttl = 9,
                                 .protocol = ICMP,
                                 .source = lab_end("192.0.2.1").address,
                                 .destination = lab_end("138.76.29.7").address};
    memcpy(bytes + 28, failed, length);
    icmp_emit(ICMP_UNREACHABLE, 3, 0, length, bytes + 20);
    ipv4_header_emit(&header, bytes);
    bytes[22] ^= 1;
    lab_hear_bytes(&lab, OUTSIDE, bytes, header.total_bytes);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_BAD_CHECKSUM]);
}

/* NAT-22, RFC 5508 REQ-7: an error about a hairpinned packet finds its way back, with both quoted ends
 * reverted. */
static void test_nat_icmp__turns_errors_round_like_packets(void **state)
{
    uint8_t failed[LAB_BYTES];
    hear(INSIDE, UDP, "10.0.0.2:7001", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    hear(INSIDE, UDP, "10.0.0.1:3345", "138.76.29.7:5001");
    const struct lab_sent *turned = lab_expect(&lab, INSIDE, "UDP 138.76.29.7:5003 > 10.0.0.2:7001");
    memcpy(failed, turned->bytes, turned->length_bytes);
    lab_hear_error(&lab, INSIDE, "10.0.0.2", "138.76.29.7", ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, failed,
                   turned->length_bytes);
    lab_expect(&lab, INSIDE, "ICMP 3/3 138.76.29.7 > 10.0.0.1 about UDP 10.0.0.1:3345 > 138.76.29.7:5001");
}

/* ---- Sizes and pieces ---- */

/* NAT-12, RFC 4787 REQ-13: too big and not to be cut: said so, about the packet as it was inside. Else it is
 * cut. */
static void test_nat_icmp__obeys_dont_fragment(void **state)
{
    lab.ip.interfaces[OUTSIDE].mtu_bytes = 1400;
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){.from = "10.0.0.1:3345",
                                  .to = "192.0.2.1:53",
                                  .protocol = UDP,
                                  .data_bytes = 1472,
                                  .dont_fragment = true});
    lab_expect(&lab, INSIDE, "ICMP 3/4 10.0.0.4 > 10.0.0.1 about UDP 10.0.0.1:3345 > 192.0.2.1:53");
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){
                 .from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP, .data_bytes = 1472});
    const struct lab_sent *first = lab_expect(&lab, OUTSIDE, "piece at 0 of UDP 138.76.29.7 > 192.0.2.1");
    assert_int_equal(bytes_u16(first->bytes + 20), 5001);
    lab_expect(&lab, OUTSIDE, "piece at 1376 of UDP 138.76.29.7 > 192.0.2.1");
}

/* NAT-13, RFC 4787 REQ-14: pieces in any order are put together, translated and passed on. */
static void test_nat_icmp__translates_pieces_in_any_order(void **state)
{
    static const unsigned orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    uint8_t whole[LAB_BYTES];
    struct lab_packet packet = {
        .from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP, .data_bytes = 1472 - 20};
    size_t length = lab_build(&packet, whole);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        for (int k = 0; k < 3; k++) {
            unsigned piece = orders[i][k];
            uint8_t bytes[LAB_BYTES];
            struct ipv4_header header;
            assert_int_equal(ipv4_header_parse(whole, length, &header), IPV4_OK);
            size_t from = piece * 512, left = length - 20 - from, count = left < 512 ? left : 512;
            header.id = (uint16_t)(100 + i);
            header.fragment_bytes = (uint16_t)from;
            header.more_fragments = piece < 2;
            header.total_bytes = (uint16_t)(20 + count);
            ipv4_header_emit(&header, bytes);
            memcpy(bytes + 20, whole + 20 + from, count);
            lab_expect_silence(&lab);
            lab_hear_bytes(&lab, INSIDE, bytes, header.total_bytes);
        }
        const struct lab_sent *sent = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
        assert_int_equal(sent->length_bytes, length);
        assert_memory_equal(sent->bytes + 28, whole + 28, length - 28);
    }
}

/* ---- Nothing left ---- */

/* NAT-23, RFC 5508 REQ-8: no port left: the reason is told, and the sender hears of it: communication
 * administratively prohibited. Who has a port keeps it. */
static void test_nat_icmp__says_so_when_it_has_no_port_left(void **state)
{
    struct nat_config config = nat_config_default();
    config.first_port = 6000;
    config.last_port = 6001;
    lab_release(&lab);
    lab_init(&lab, &config);
    hear(INSIDE, UDP, "10.0.0.1:4000", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:6000 > 192.0.2.1:53");
    hear(INSIDE, UDP, "10.0.0.1:4002", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE,
               "UDP 138.76.29.7:6001 > 192.0.2.1:53"); /* the wrong parity is better than none */
    hear(INSIDE, UDP, "10.0.0.1:4004", "192.0.2.1:53");
    lab_expect(&lab, INSIDE, "ICMP 3/13 10.0.0.4 > 10.0.0.1 about UDP 10.0.0.1:4004 > 192.0.2.1:53");
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_NO_PORT]);
    assert_int_equal(lab.nat.counters.exhausted, 1);
    hear(INSIDE, UDP, "10.0.0.1:4000", "192.0.2.9:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:6000 > 192.0.2.9:53");
}

/* The table of flows can be full as well. The binding made for the packet is given back. */
static void test_nat_icmp__says_so_when_it_has_no_room_left(void **state)
{
    struct nat_config config = nat_config_default();
    config.flows.limit = 1;
    lab_release(&lab);
    lab_init(&lab, &config);
    hear(INSIDE, UDP, "10.0.0.1:4000", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1024 > 192.0.2.1:53");
    hear(INSIDE, UDP, "10.0.0.2:4000", "192.0.2.1:53");
    lab_expect(&lab, INSIDE, "ICMP 3/13 10.0.0.4 > 10.0.0.2 about UDP 10.0.0.2:4000 > 192.0.2.1:53");
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_NO_ROOM]);
    assert_int_equal(lab.nat.bindings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_nat_icmp__gives_each_ping_its_own_identifier),
        TEST(test_nat_icmp__leaves_the_box_its_own_pings),
        TEST(test_nat_icmp__reverts_the_quote_of_an_error_that_comes_in),
        TEST(test_nat_icmp__reverts_the_quote_of_an_error_that_goes_out),
        TEST(test_nat_icmp__passes_on_no_error_about_nothing),
        TEST(test_nat_icmp__lets_no_damaged_error_out),
        TEST(test_nat_icmp__lets_no_error_end_or_refresh_a_binding),
        TEST(test_nat_icmp__checks_what_must_be_checked),
        TEST(test_nat_icmp__turns_errors_round_like_packets),
        TEST(test_nat_icmp__obeys_dont_fragment),
        TEST(test_nat_icmp__translates_pieces_in_any_order),
        TEST(test_nat_icmp__says_so_when_it_has_no_port_left),
        TEST(test_nat_icmp__says_so_when_it_has_no_room_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
