/* SPDX-License-Identifier: MIT
 * Address translation: mapping, filtering, lifetimes. Checklist NAT-1 to NAT-6, NAT-8, NAT-10, NAT-16,
 * NAT-19, NAT-24; reference result W-16. NAT-7 (the same network inside and outside) is refused when a
 * scenario is loaded. */
#include <stdio.h>

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

static void restart(const struct nat_config *config)
{
    lab_release(&lab);
    lab_init(&lab, config);
}

static void out(uint8_t protocol, const char *from, const char *to)
{
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){.from = from, .to = to, .protocol = protocol, .tcp_flags = FLOW_SYN});
}

static void in(uint8_t protocol, const char *from, const char *to)
{
    lab_hear(&lab, OUTSIDE,
             &(struct lab_packet){.from = from, .to = to, .protocol = protocol, .tcp_flags = FLOW_ACK});
}

static void segment(uint32_t interface, const char *from, const char *to, uint8_t flags)
{
    lab_hear(&lab, interface,
             &(struct lab_packet){.from = from, .to = to, .protocol = TCP, .tcp_flags = flags});
}

/* ---- Mapping ---- */

/* W-16, the textbook's: 10.0.0.1:3345 becomes 138.76.29.7:5001 and back. */
static void test_nat__rewrites_the_textbooks_example(void **state)
{
    out(TCP, "10.0.0.1:3345", "128.119.40.186:80");
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 128.119.40.186:80");
    segment(OUTSIDE, "128.119.40.186:80", "138.76.29.7:5001", FLOW_SYN | FLOW_ACK);
    lab_expect(&lab, INSIDE, "TCP 128.119.40.186:80 > 10.0.0.1:3345");
    const struct hand_fact *told = hand_fact(&lab.hand, "nat.in");
    assert_int_equal(told->values[0], 1); /* by binding 1 */
    assert_int_equal(hand_fact_count(&lab.hand, "nat.bind"), 1);
}

/* NAT-1, NAT-2, RFC 4787 REQ-1 and REQ-2: whoever the remote is, the same port; and one address for all. */
static void test_nat__maps_one_end_to_one_port_whoever_the_remote_is(void **state)
{
    out(UDP, "10.0.0.1:3345", "128.119.40.186:80");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 128.119.40.186:80");
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:3347", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5003 > 192.0.2.1:53");
}

/* RFC 4787 4.1: the other two ways to map, if the file says so. */
static void test_nat__maps_by_address_or_by_address_and_port_when_told(void **state)
{
    struct nat_config config = nat_config_default();
    config.first_port = 5001;
    config.mapping = NAT_ADDRESS;
    restart(&config);
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:3345", "192.0.2.1:54");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:54");
    out(UDP, "10.0.0.1:3345", "192.0.2.2:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5003 > 192.0.2.2:53");
    config.mapping = NAT_ADDRESS_AND_PORT;
    restart(&config);
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:3345", "192.0.2.1:54");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5003 > 192.0.2.1:54");
    in(UDP, "192.0.2.1:54", "138.76.29.7:5003");
    lab_expect(&lab, INSIDE, "UDP 192.0.2.1:54 > 10.0.0.1:3345");
}

/* NAT-3, RFC 4787 REQ-3, RFC 5382 REQ-7: two ends never share a port, and each has its own answers. */
static void test_nat__gives_no_port_to_two(void **state)
{
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    out(UDP, "10.0.0.2:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5003 > 192.0.2.1:53");
    in(UDP, "192.0.2.1:53", "138.76.29.7:5003");
    lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.2:3345");
    in(UDP, "192.0.2.1:53", "138.76.29.7:5001");
    lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.1:3345");
}

/* NAT-3: what is under 1024 inside stays there outside. NAT-4, RFC 4787 REQ-4: even stays even. */
static void test_nat__keeps_range_and_parity(void **state)
{
    out(UDP, "10.0.0.1:700", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:512 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:701", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:513 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:5004", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5002 > 192.0.2.1:53");
    out(UDP, "10.0.0.1:5005", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
}

static void test_nat__preserves_ports_when_told(void **state)
{
    struct nat_config config = nat_config_default();
    config.assignment = NAT_PRESERVE;
    restart(&config);
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:3345 > 192.0.2.1:53");
    out(UDP, "10.0.0.2:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1025 > 192.0.2.1:53");
}

/* ---- Filtering ---- */

/* NAT-8, RFC 4787 REQ-8 and REQ-11: who may send to a binding depends on what was sent before, and on nothing
 * else. */
static void test_nat__filters_as_configured(void **state)
{
    static const struct {
        enum nat_dependence filtering;
        const char *from;
        bool passes;
    } rows[] = {{NAT_ENDPOINT_INDEPENDENT, "192.0.2.1:53", true},
                {NAT_ENDPOINT_INDEPENDENT, "192.0.2.1:99", true},
                {NAT_ENDPOINT_INDEPENDENT, "192.0.2.9:53", true},
                {NAT_ADDRESS, "192.0.2.1:53", true},
                {NAT_ADDRESS, "192.0.2.1:99", true},
                {NAT_ADDRESS, "192.0.2.9:53", false},
                {NAT_ADDRESS_AND_PORT, "192.0.2.1:53", true},
                {NAT_ADDRESS_AND_PORT, "192.0.2.1:99", false},
                {NAT_ADDRESS_AND_PORT, "192.0.2.9:53", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nat_config config = nat_config_default();
        char line[80];
        config.filtering = rows[i].filtering;
        restart(&config);
        out(UDP, "10.0.0.1:4001", "192.0.2.1:53");
        lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1025 > 192.0.2.1:53");
        in(UDP, rows[i].from, "138.76.29.7:1025");
        snprintf(line, sizeof line, "UDP %s > 10.0.0.1:4001", rows[i].from);
        if (rows[i].passes)
            lab_expect(&lab, INSIDE, line);
        else
            assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0),
                                nat_reason_words[NAT_FILTERED]);
        lab_expect_silence(&lab);
    }
}

/* A stranger's packet to a port that nobody has is for the box itself. */
static void test_nat__leaves_to_the_box_what_is_nobodys(void **state)
{
    in(UDP, "192.0.2.9:53", "138.76.29.7:7777");
    assert_int_equal(lab.last_reason, IPV4_NO_PROTOCOL); /* this one speaks no UDP */
    lab_expect(&lab, OUTSIDE, "ICMP 3/2 138.76.29.7 > 192.0.2.9 about UDP 192.0.2.9:53 > 138.76.29.7:7777");
}

/* ---- Lifetimes ---- */

/* NAT-5, RFC 4787 REQ-5: five minutes of silence, to the picosecond. */
static void test_nat__forgets_udp_after_five_minutes(void **state)
{
    out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    hand_advance(&lab.hand, 300 * ENV_SECOND - 1);
    in(UDP, "192.0.2.1:53", "138.76.29.7:5001");
    lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.1:3345");
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 1);
    assert_int_equal(lab.nat.bindings.count, 0);
    assert_int_equal(hand_fact(&lab.hand, "nat.unbind")->at, 300 * ENV_SECOND);
}

/* NAT-6, RFC 4787 REQ-6: what goes out keeps it alive, for an hour and more. */
static void test_nat__lives_on_what_goes_out(void **state)
{
    for (int minute = 0; minute < 60; minute += 4) {
        out(UDP, "10.0.0.1:3345", "192.0.2.1:53");
        lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
        hand_advance(&lab.hand, 240 * ENV_SECOND);
    }
    assert_int_equal(hand_fact_count(&lab.hand, "nat.bind"), 1);
}

/* NAT-6: what comes in does so only when the file says so. */
static void test_nat__lives_on_what_comes_in_only_when_told(void **state)
{
    for (int refreshes = 0; refreshes < 2; refreshes++) {
        struct nat_config config = nat_config_default();
        config.inbound_refreshes = refreshes;
        restart(&config);
        out(UDP, "10.0.0.1:4001", "192.0.2.1:53");
        lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1025 > 192.0.2.1:53");
        hand_advance(&lab.hand, 200 * ENV_SECOND);
        in(UDP, "192.0.2.1:53", "138.76.29.7:1025");
        lab_expect(&lab, INSIDE, "UDP 192.0.2.1:53 > 10.0.0.1:4001");
        hand_advance(&lab.hand, 200 * ENV_SECOND);
        assert_int_equal(lab.nat.bindings.count, refreshes);
    }
}

static void open_connection(void)
{
    segment(INSIDE, "10.0.0.1:3345", "192.0.2.1:80", FLOW_SYN);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 192.0.2.1:80");
    segment(OUTSIDE, "192.0.2.1:80", "138.76.29.7:5001", FLOW_SYN | FLOW_ACK);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.1:80 > 10.0.0.1:3345");
    segment(INSIDE, "10.0.0.1:3345", "192.0.2.1:80", FLOW_ACK);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 192.0.2.1:80");
}

/* NAT-16, RFC 5382 REQ-5: 2 h 4 min when open, 4 min when opening or closing. */
static void test_nat__forgets_tcp_as_late_as_it_must(void **state)
{
    segment(INSIDE, "10.0.0.1:3345", "192.0.2.1:80", FLOW_SYN);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 192.0.2.1:80");
    hand_advance(&lab.hand, 240 * ENV_SECOND - 1);
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 1);
    assert_int_equal(lab.nat.bindings.count, 0);
    struct nat_config config = lab.nat.config;
    restart(&config);
    open_connection();
    hand_advance(&lab.hand, 7440 * ENV_SECOND - 1);
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 1);
    assert_int_equal(lab.nat.bindings.count, 0);
}

static void test_nat__forgets_tcp_four_minutes_after_its_end(void **state)
{
    open_connection();
    segment(INSIDE, "10.0.0.1:3345", "192.0.2.1:80", FLOW_FIN | FLOW_ACK);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 192.0.2.1:80");
    hand_advance(&lab.hand, 600 * ENV_SECOND); /* half closed is still open */
    segment(OUTSIDE, "192.0.2.1:80", "138.76.29.7:5001", FLOW_FIN | FLOW_ACK);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.1:80 > 10.0.0.1:3345");
    hand_advance(&lab.hand, 240 * ENV_SECOND - 1);
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 1);
    assert_int_equal(lab.nat.bindings.count, 0);
}

/* NAT-19, RFC 5508 REQ-2. */
static void test_nat__forgets_a_ping_after_a_minute(void **state)
{
    out(ICMP, "10.0.0.1:1", "192.0.2.1");
    lab_expect(&lab, OUTSIDE, "ICMP 138.76.29.7:5001 > 192.0.2.1:0");
    hand_advance(&lab.hand, 60 * ENV_SECOND - 1);
    assert_int_equal(lab.nat.bindings.count, 1);
    hand_advance(&lab.hand, 1);
    assert_int_equal(lab.nat.bindings.count, 0);
}

/* ---- Bytes ---- */

/* NAT-10, RFC 4787 REQ-10: the payload speaks of 10.0.0.1, and goes on doing so. */
static void test_nat__never_touches_the_payload(void **state)
{
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){
                 .from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP, .data_bytes = 9});
    const struct lab_sent *sent = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    assert_memory_equal(sent->bytes + 28, "10.0.0.1 ", 9);
}

/* NAT-24, RFC 3022 4.1, RFC 768: no checksum stays no checksum; and one that comes out as 0 is sent as all
 * ones. The lab verifies all others. */
static void test_nat__keeps_udp_checksums_right(void **state)
{
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){
                 .from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP, .has_no_checksum = true});
    const struct lab_sent *sent = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    assert_int_equal(bytes_u16(sent->bytes + 26), 0);
    lab.hand.is_listening = false;
    for (unsigned port = 1024; port < 65000; port += 2) { /* among so many one comes out as 0 */
        char from[32];
        snprintf(from, sizeof from, "10.0.0.1:%u", port);
        out(UDP, from, "192.0.2.1:53");
        assert_int_not_equal(bytes_u16(lab.sent[lab.sent_count - 1].bytes + 26), 0);
        lab.sent_taken = lab.sent_count;
    }
}

/* A datagram that was damaged inside is damaged outside too: its receiver will see. RFC 1624. */
static void test_nat__does_not_make_good_what_was_damaged(void **state)
{
    uint8_t bytes[LAB_BYTES];
    struct lab_packet packet = {.from = "10.0.0.1:3345", .to = "192.0.2.1:53", .protocol = UDP};
    size_t length = lab_build(&packet, bytes);
    lab_hear_bytes(&lab, INSIDE, bytes, length);
    const struct lab_sent *whole = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    bytes[length - 1] ^= 1;
    lab.takes_damaged = true;
    lab_hear_bytes(&lab, INSIDE, bytes, length);
    const struct lab_sent *damaged = lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    assert_int_equal(bytes_u16(damaged->bytes + 26), bytes_u16(whole->bytes + 26));
}

/* What cannot be translated goes no further: ports cut off, or a protocol without any. */
static void test_nat__drops_what_it_cannot_translate(void **state)
{
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = 24,
                                 .ttl = 9,
                                 .protocol = UDP,
                                 .source = lab_end("10.0.0.1").address,
                                 .destination = lab_end("192.0.2.1").address};
    uint8_t bytes[24] = {0};
    ipv4_header_emit(&header, bytes);
    lab_hear_bytes(&lab, INSIDE, bytes, sizeof bytes);
    header.protocol = 47;
    ipv4_header_emit(&header, bytes);
    lab_hear_bytes(&lab, INSIDE, bytes, sizeof bytes);
    assert_int_equal(hand_fact_count(&lab.hand, "nat.drop"), 2);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_UNREADABLE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_nat__rewrites_the_textbooks_example),
        TEST(test_nat__maps_one_end_to_one_port_whoever_the_remote_is),
        TEST(test_nat__maps_by_address_or_by_address_and_port_when_told),
        TEST(test_nat__gives_no_port_to_two),
        TEST(test_nat__keeps_range_and_parity),
        TEST(test_nat__preserves_ports_when_told),
        TEST(test_nat__filters_as_configured),
        TEST(test_nat__leaves_to_the_box_what_is_nobodys),
        TEST(test_nat__forgets_udp_after_five_minutes),
        TEST(test_nat__lives_on_what_goes_out),
        TEST(test_nat__lives_on_what_comes_in_only_when_told),
        TEST(test_nat__forgets_tcp_as_late_as_it_must),
        TEST(test_nat__forgets_tcp_four_minutes_after_its_end),
        TEST(test_nat__forgets_a_ping_after_a_minute),
        TEST(test_nat__never_touches_the_payload),
        TEST(test_nat__keeps_udp_checksums_right),
        TEST(test_nat__does_not_make_good_what_was_damaged),
        TEST(test_nat__drops_what_it_cannot_translate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
