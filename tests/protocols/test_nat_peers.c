/* SPDX-License-Identifier: MIT
 * Being reached from outside: port forwarding, hairpins, two who connect at once, and a SYN that nobody asked
 * for. Checklist NAT-9, NAT-14, NAT-15. */
#include <stdio.h>

#include "protocols/nat/forwarding.h"
#include "tests/protocols/nat_lab.h"

#define UDP IPV4_PROTOCOL_UDP
#define TCP IPV4_PROTOCOL_TCP

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

static void hear(uint32_t interface, uint8_t protocol, const char *from, const char *to, uint8_t flags)
{
    lab_hear(&lab, interface,
             &(struct lab_packet){.from = from, .to = to, .protocol = protocol, .tcp_flags = flags});
}

/* ---- Port forwarding ---- */

static void test_nat_peers__forwards_a_port_and_answers_from_it(void **state)
{
    assert_true(nat_forward(&lab.nat, TCP, 8080, lab_end("10.0.0.2:80")));
    assert_false(nat_forward(&lab.nat, TCP, 8080, lab_end("10.0.0.3:80")));
    assert_true(nat_forward(&lab.nat, TCP, 8081, lab_end("10.0.0.2:80")));
    hear(OUTSIDE, TCP, "192.0.2.9:999", "138.76.29.7:8080", FLOW_SYN);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.9:999 > 10.0.0.2:80");
    hear(OUTSIDE, TCP, "192.0.2.9:999", "138.76.29.7:8081", FLOW_SYN);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.9:999 > 10.0.0.2:80");
    hear(OUTSIDE, TCP, "192.0.2.8:999", "138.76.29.7:8080", FLOW_SYN);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.8:999 > 10.0.0.2:80");
    hear(INSIDE, TCP, "10.0.0.2:80", "192.0.2.8:999", FLOW_SYN | FLOW_ACK);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:8080 > 192.0.2.8:999"); /* by the door that it came in by */
    hand_advance(&lab.hand, 100000 * ENV_SECOND);
    assert_int_equal(lab.nat.bindings.count, 2); /* what a person made stays */
    assert_int_equal(lab.nat.flows.count, 0);
}

/* A forwarded port is open to all, however strict the filtering. */
static void test_nat_peers__forwards_for_everybody(void **state)
{
    struct nat_config config = nat_config_default();
    config.filtering = config.mapping = NAT_ADDRESS_AND_PORT;
    restart(&config);
    assert_true(nat_forward(&lab.nat, UDP, 53, lab_end("10.0.0.2:53")));
    hear(OUTSIDE, UDP, "192.0.2.9:999", "138.76.29.7:53", 0);
    lab_expect(&lab, INSIDE, "UDP 192.0.2.9:999 > 10.0.0.2:53");
    hear(INSIDE, UDP, "10.0.0.2:53", "192.0.2.9:999", 0);
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:53 > 192.0.2.9:999");
}

static void test_nat_peers__reads_what_a_person_writes(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"8080 -> 10.0.0.2:80/tcp", ""},
        {"53->10.0.0.2:53/udp", ""},
        {"", "expected a port forwarding such as \"8080 -> 10.0.0.2:80/tcp\", found no port at \"\""},
        {"http -> 10.0.0.2:80/tcp", "expected a port forwarding such as \"8080 -> 10.0.0.2:80/tcp\", found "
                                    "no port at \"http -> 10.0.0.2:80/tcp\""},
        {"0 -> 10.0.0.2:80/tcp", "0 is no port; ports are 1 to 65535"},
        {"8080 => 10.0.0.2:80/tcp",
         "expected -> behind the port as in \"8080 -> 10.0.0.2:80/tcp\", found \"=> 10.0.0.2:80/tcp\""},
        {"8080 -> 10.0.0.2/tcp",
         "expected an address and a port such as 10.0.0.2:80, found \"10.0.0.2/tcp\""},
        {"8080 -> 10.0.0.300:80/tcp", "'10.0.0.300': 300 is more than 255"},
        {"8080 -> 10.0.0.2:80", "expected /tcp or /udp at the end, found \"\""},
        {"8080 -> 10.0.0.2:80/tpc",
         "expected /tcp or /udp at the end, found \"/tpc\"; did you mean \"/tcp\"?"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char storage[200] = "";
        struct text why = text_in(storage, sizeof storage);
        struct nat_forwarding forwarding;
        bool is_right = nat_forwarding_parse(rows[i].text, &forwarding, &why);
        assert_string_equal(why.start, rows[i].why);
        assert_int_equal(is_right, rows[i].why[0] == '\0');
    }
}

/* ---- Hairpins ---- */

/* NAT-9, RFC 4787 REQ-9: A reaches B by B's outside port, and B sees A's: address and port. */
static void test_nat_peers__turns_packets_round(void **state)
{
    hear(INSIDE, UDP, "10.0.0.2:7001", "192.0.2.1:53", 0);
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:5001 > 192.0.2.1:53");
    hear(INSIDE, UDP, "10.0.0.1:3345", "138.76.29.7:5001", 0);
    lab_expect(&lab, INSIDE, "UDP 138.76.29.7:5003 > 10.0.0.2:7001");
    hear(INSIDE, UDP, "10.0.0.2:7001", "138.76.29.7:5003", 0);
    lab_expect(&lab, INSIDE, "UDP 138.76.29.7:5001 > 10.0.0.1:3345");
}

/* With strict filtering A must have been sent to first: by its outside end. */
static void test_nat_peers__filters_hairpins_too(void **state)
{
    struct nat_config config = nat_config_default();
    config.filtering = NAT_ADDRESS_AND_PORT;
    restart(&config);
    hear(INSIDE, UDP, "10.0.0.2:7001", "192.0.2.1:53", 0);
    lab_expect(&lab, OUTSIDE, "UDP 138.76.29.7:1025 > 192.0.2.1:53");
    hear(INSIDE, UDP, "10.0.0.1:3345", "138.76.29.7:1025", 0);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_FILTERED]);
    hear(INSIDE, UDP, "10.0.0.2:7001", "138.76.29.7:1027", 0); /* the other way: now both have sent */
    lab_expect(&lab, INSIDE, "UDP 138.76.29.7:1025 > 10.0.0.1:3345");
    hear(INSIDE, UDP, "10.0.0.1:3345", "138.76.29.7:1025", 0);
    lab_expect(&lab, INSIDE, "UDP 138.76.29.7:1027 > 10.0.0.2:7001");
}

/* Between two networks inside nothing is rewritten, and a hairpin that was stopped leaves no trace on the
 * next packet. */
static void test_nat_peers__leaves_alone_what_stays_inside(void **state)
{
    hear(INSIDE, UDP, "10.0.0.1:3345", "10.0.0.9:53", 0);
    lab_expect(&lab, INSIDE, "UDP 10.0.0.1:3345 > 10.0.0.9:53");
}

/* ---- Connecting at once ---- */

/* NAT-14, RFC 5382 REQ-2: both send a SYN; each box has let its own out, so the other's comes in. */
static void test_nat_peers__lets_two_open_at_once(void **state)
{
    struct nat_config config = nat_config_default();
    config.filtering = NAT_ADDRESS_AND_PORT;
    restart(&config);
    hear(INSIDE, TCP, "10.0.0.1:4001", "192.0.2.1:5000", FLOW_SYN);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:1025 > 192.0.2.1:5000");
    hear(OUTSIDE, TCP, "192.0.2.1:5000", "138.76.29.7:1025", FLOW_SYN);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.1:5000 > 10.0.0.1:4001");
    hear(INSIDE, TCP, "10.0.0.1:4001", "192.0.2.1:5000", FLOW_SYN | FLOW_ACK);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:1025 > 192.0.2.1:5000");
    hear(OUTSIDE, TCP, "192.0.2.1:5000", "138.76.29.7:1025", FLOW_SYN | FLOW_ACK);
    lab_expect(&lab, INSIDE, "TCP 192.0.2.1:5000 > 10.0.0.1:4001");
    hear(INSIDE, TCP, "10.0.0.1:4001", "192.0.2.1:5000", FLOW_ACK);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:1025 > 192.0.2.1:5000");
    hand_advance(&lab.hand, 7000 * ENV_SECOND);
    assert_int_equal(lab.nat.bindings.count, 1); /* it counts as open */
}

/* NAT-15, RFC 5382 REQ-4: nothing for 6 s, then port unreachable, once, however often it was tried. */
static void test_nat_peers__waits_six_seconds_before_it_says_no(void **state)
{
    hear(OUTSIDE, TCP, "192.0.2.1:5000", "138.76.29.7:9999", FLOW_SYN);
    hand_advance(&lab.hand, 3 * ENV_SECOND);
    hear(OUTSIDE, TCP, "192.0.2.1:5000", "138.76.29.7:9999", FLOW_SYN);
    hand_advance(&lab.hand, 3 * ENV_SECOND - 1);
    lab_expect_silence(&lab);
    hand_advance(&lab.hand, 1);
    lab_expect(&lab, OUTSIDE, "ICMP 3/3 138.76.29.7 > 192.0.2.1 about TCP 192.0.2.1:5000 > 138.76.29.7:9999");
    hand_advance(&lab.hand, 10 * ENV_SECOND);
}

/* NAT-15: an own SYN has gone out in the meantime: then not a word. */
static void test_nat_peers__says_nothing_when_syns_have_crossed(void **state)
{
    struct nat_config config = nat_config_default();
    config.filtering = NAT_ADDRESS_AND_PORT;
    config.first_port = 5001;
    restart(&config);
    hear(OUTSIDE, TCP, "192.0.2.1:5000", "138.76.29.7:5001", FLOW_SYN);
    hand_advance(&lab.hand, 5 * ENV_SECOND);
    hear(INSIDE, TCP, "10.0.0.1:4001", "192.0.2.1:5000", FLOW_SYN);
    lab_expect(&lab, OUTSIDE, "TCP 138.76.29.7:5001 > 192.0.2.1:5000");
    hand_advance(&lab.hand, 10 * ENV_SECOND);
    lab_expect_silence(&lab);
    assert_int_equal(hand_fact(&lab.hand, "nat.syn_answered")->values[3], true);
}

/* Many wait at a time, but not without end. */
static void test_nat_peers__remembers_no_more_syns_than_it_has_room_for(void **state)
{
    for (int i = 0; i <= NAT_SYNS; i++) {
        char from[32];
        snprintf(from, sizeof from, "192.0.2.1:%d", 1000 + i);
        hear(OUTSIDE, TCP, from, "138.76.29.7:9999", FLOW_SYN);
    }
    assert_string_equal(hand_word(hand_fact(&lab.hand, "nat.drop"), 0), nat_reason_words[NAT_SYN_NO_ROOM]);
    lab.forgets = true;
    hand_advance(&lab.hand, 6 * ENV_SECOND);
    assert_int_equal(lab.sent_ever, NAT_SYNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_nat_peers__forwards_a_port_and_answers_from_it),
        TEST(test_nat_peers__forwards_for_everybody),
        TEST(test_nat_peers__reads_what_a_person_writes),
        TEST(test_nat_peers__turns_packets_round),
        TEST(test_nat_peers__filters_hairpins_too),
        TEST(test_nat_peers__leaves_alone_what_stays_inside),
        TEST(test_nat_peers__lets_two_open_at_once),
        TEST(test_nat_peers__waits_six_seconds_before_it_says_no),
        TEST(test_nat_peers__says_nothing_when_syns_have_crossed),
        TEST(test_nat_peers__remembers_no_more_syns_than_it_has_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
