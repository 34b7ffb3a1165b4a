/* SPDX-License-Identifier: MIT
 * The relay agent, RFC 1542 4.1 and RFC 3046. Checklist DHCP-5, DHCP-16. */
#include "tests/protocols/dhcp_lab.h"

static struct lab lab;

static int set_up(void **state)
{
    lab_init(&lab);
    return 0;
}

static int tear_down(void **state)
{
    lab_expect_silence(&lab);
    lab_release(&lab);
    return 0;
}

static struct dhcp_message reply_for(struct ipv4_address giaddr)
{
    return (struct dhcp_message){.op = DHCP_BOOTREPLY,
                                 .xid = 7,
                                 .chaddr = ALICE_MAC,
                                 .giaddr = giaddr,
                                 .yiaddr = IP(10, 1, 0, 100),
                                 .type = DHCP_OFFER,
                                 .wants_broadcast = true,
                                 .server_id = IP(10, 9, 0, 2),
                                 .lease_s = 600};
}

/* DHCP-16. */
static void test_relay__signs_a_request_and_sends_it_to_the_server(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    discover.client_id = dhcp_id_for(ALICE_MAC, 0);
    lab_relay_hears(&lab, &discover, 1);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_DISCOVER);
    assert_int_equal(sent->how.destination.value, IP(10, 9, 0, 2).value);
    assert_int_equal(sent->how.source_port, 67);
    assert_int_equal(sent->how.destination_port, 67);
    assert_int_equal(sent->message.giaddr.value, IP(10, 1, 0, 1).value);
    assert_int_equal(sent->message.hops, 1);
    assert_int_equal(sent->message.xid, 7);
    assert_true(sent->message.wants_broadcast);
    assert_true(dhcp_is_same_key(&sent->message.client_id, &discover.client_id));
}

static void test_relay__leaves_the_first_relay_its_place(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    discover.giaddr = IP(10, 2, 0, 1);
    discover.hops = 1;
    lab_relay_hears(&lab, &discover, 1);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_DISCOVER);
    assert_int_equal(sent->message.giaddr.value, IP(10, 2, 0, 1).value);
    assert_int_equal(sent->message.hops, 2);
}

static void test_relay__asks_every_server(void **state)
{
    lab.relay.config.servers[1] = IP(10, 9, 0, 3);
    lab.relay.config.server_count = 2;
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    lab_relay_hears(&lab, &discover, 1);
    assert_int_equal(lab_expect(&lab, DHCP_DISCOVER)->how.destination.value, IP(10, 9, 0, 2).value);
    assert_int_equal(lab_expect(&lab, DHCP_DISCOVER)->how.destination.value, IP(10, 9, 0, 3).value);
}

/* RFC 1542 4.1.1: a loop of relays ends; 4 by default, never more than 16. */
static void test_relay__stops_what_has_passed_too_many(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    discover.giaddr = IP(10, 2, 0, 1);
    discover.hops = 3;
    lab_relay_hears(&lab, &discover, 1);
    lab_expect(&lab, DHCP_DISCOVER);
    discover.hops = 4;
    lab_relay_hears(&lab, &discover, 1);
    lab_expect_silence(&lab);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.relay_drop"), 0),
                        "it has passed too many relays");
}

/* DHCP-5 at the relay: RFC 1542 4.1.2. */
static void test_relay__brings_an_answer_to_the_link_that_giaddr_names(void **state)
{
    struct dhcp_message reply = reply_for(IP(10, 1, 0, 1));
    lab_relay_hears(&lab, &reply, 0);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_OFFER);
    assert_int_equal(sent->how.interface, 1);
    assert_int_equal(sent->how.destination.value, IPV4_BROADCAST.value);
    assert_int_equal(sent->how.destination_port, 68);
    assert_int_equal(sent->how.source.value, IP(10, 1, 0, 1).value);
    assert_int_equal(sent->message.hops, 0);
}

static void test_relay__addresses_a_client_that_can_hear_unicast_by_its_hardware(void **state)
{
    struct dhcp_message reply = reply_for(IP(10, 1, 0, 1));
    reply.wants_broadcast = false;
    lab_relay_hears(&lab, &reply, 0);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_OFFER);
    assert_true(sent->how.to_hardware);
    assert_true(mac_is_equal(sent->how.hardware, ALICE_MAC));
    assert_int_equal(sent->how.destination.value, IP(10, 1, 0, 100).value);
}

static void test_relay__leaves_answers_for_other_relays_alone(void **state)
{
    struct dhcp_message reply = reply_for(IP(10, 7, 0, 1));
    lab_relay_hears(&lab, &reply, 0);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.relay_drop"), 0),
                        "the answer is for another relay");
}

/* RFC 3046 2.1, 2.2. */
static void test_relay__says_by_which_interface_and_takes_it_out_again(void **state)
{
    static const uint8_t circuit[] = {1, 4, 0, 0, 0, 1};
    lab.relay.config.adds_agent_info = true;
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    strcpy(discover.host_name, "alice");
    lab_relay_hears(&lab, &discover, 1);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_DISCOVER);
    assert_int_equal(sent->message.agent.length, sizeof circuit);
    assert_memory_equal(sent->message.agent.bytes, circuit, sizeof circuit);
    assert_string_equal(sent->message.host_name, "alice");
    struct dhcp_message reply = reply_for(IP(10, 1, 0, 1));
    reply.agent = sent->message.agent;
    lab_relay_hears(&lab, &reply, 0);
    const struct lab_sent *back = lab_expect(&lab, DHCP_OFFER);
    assert_int_equal(back->message.agent.length, 0);
    assert_int_equal(back->message.lease_s, 600);
}

static void test_relay__does_not_pass_on_what_it_cannot_read(void **state)
{
    struct dhcp_arrival arrival = {(const uint8_t *)"no", 2, 1, true, {IP(10, 1, 0, 1), 24}, 0};
    dhcp_relay_receive(&lab.relay, &arrival);
    assert_int_equal(lab.relay.counters.dropped, 1);
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    uint8_t bytes[DHCP_ROOM];
    arrival = (struct dhcp_arrival){bytes, dhcp_emit(&discover, bytes), 1, true, {{0}}, 0};
    dhcp_relay_receive(&lab.relay, &arrival); /* by an interface that has no address */
    assert_int_equal(lab.relay.counters.dropped, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_relay__##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(signs_a_request_and_sends_it_to_the_server),
        TEST(leaves_the_first_relay_its_place),
        TEST(asks_every_server),
        TEST(stops_what_has_passed_too_many),
        TEST(brings_an_answer_to_the_link_that_giaddr_names),
        TEST(addresses_a_client_that_can_hear_unicast_by_its_hardware),
        TEST(leaves_answers_for_other_relays_alone),
        TEST(says_by_which_interface_and_takes_it_out_again),
        TEST(does_not_pass_on_what_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
