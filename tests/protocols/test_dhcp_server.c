/* SPDX-License-Identifier: MIT
 * The DHCP server, RFC 2131 4.3. Checklist DHCP-5 to DHCP-8, DHCP-11 to DHCP-14, DHCP-17. */
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

static struct mac_address mac(uint8_t last)
{
    return (struct mac_address){{2, 0, 0, 0, 0, last}};
}

static const char *why_silent(void)
{
    return hand_word(hand_fact(&lab.hand, "dhcp.silent"), 2);
}

static const char *why_nak(void)
{
    return hand_word(hand_fact(&lab.hand, "dhcp.nak"), 2);
}

static const struct dhcp_lease *lease_of(struct ipv4_address address)
{
    return dhcp_leases_find(&lab.book, address);
}

/* DHCP-14: RFC 2131 4.3.1, table 3. */
static void test_server__offers_and_gives_with_all_that_goes_with_it(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    lab_server_hears(&lab, &discover);
    const struct dhcp_message *offer = &lab_expect(&lab, DHCP_OFFER)->message;
    assert_int_equal(offer->op, DHCP_BOOTREPLY);
    assert_int_equal(offer->xid, 7);
    assert_int_equal(offer->yiaddr.value, IP(10, 0, 0, 100).value);
    assert_int_equal(offer->ciaddr.value, 0);
    assert_int_equal(offer->server_id.value, SERVER_IP.value);
    assert_int_equal(offer->lease_s, 600);
    assert_int_equal(offer->mask.value, 0xffffff00);
    assert_int_equal(offer->broadcast.value, IP(10, 0, 0, 255).value);
    assert_int_equal(offer->routers.count, 1); /* only the one on this network */
    assert_int_equal(offer->routers.at[0].value, GATEWAY_IP.value);
    assert_int_equal(offer->dns.at[0].value, IP(10, 0, 0, 53).value);
    assert_int_equal(offer->requested.value, 0); /* never option 50 */
    assert_int_equal(lease_of(offer->yiaddr)->state, DHCP_OFFERED_TO);
    struct ipv4_address address = lab_lease(&lab, ALICE_MAC);
    assert_int_equal(lease_of(address)->state, DHCP_BOUND_TO);
    assert_int_equal(lease_of(address)->expires - lab.hand.now, 600 * ENV_SECOND);
}

static void test_server__gives_a_shorter_lease_to_who_wishes_it(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    discover.lease_s = 60;
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.lease_s, 60);
    discover.lease_s = 86400;
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.lease_s, 600);
}

/* DHCP-5: RFC 2131 4.1. */
static void test_server__finds_the_way_back(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    lab_server_hears(&lab, &discover);
    const struct lab_sent *sent = lab_expect(&lab, DHCP_OFFER); /* the B flag: everybody */
    assert_int_equal(sent->how.destination.value, IPV4_BROADCAST.value);
    assert_int_equal(sent->how.destination_port, 68);
    assert_int_equal(sent->how.source.value, SERVER_IP.value);
    assert_true(sent->message.wants_broadcast);
    discover.wants_broadcast = false; /* no flag: the station alone, by its hardware */
    lab_server_hears(&lab, &discover);
    sent = lab_expect(&lab, DHCP_OFFER);
    assert_true(sent->how.to_hardware);
    assert_true(mac_is_equal(sent->how.hardware, ALICE_MAC));
    assert_int_equal(sent->how.destination.value, IP(10, 0, 0, 100).value);
    discover.giaddr = IP(10, 1, 0, 1); /* a relay: to it, port 67 */
    lab_server_hears_unicast(&lab, &discover);
    sent = lab_expect(&lab, DHCP_OFFER);
    assert_int_equal(sent->how.destination.value, IP(10, 1, 0, 1).value);
    assert_int_equal(sent->how.destination_port, 67);
    assert_false(sent->how.to_hardware);
    assert_int_equal(sent->message.giaddr.value, IP(10, 1, 0, 1).value);
    assert_int_equal(sent->message.yiaddr.value, IP(10, 1, 0, 100).value); /* of the network behind it */
    assert_int_equal(sent->message.routers.at[0].value, IP(10, 1, 0, 254).value);
    struct dhcp_message renewal = lab_request(DHCP_REQUEST, BOB_MAC, 8); /* ciaddr: that address */
    renewal.ciaddr = lab_lease(&lab, BOB_MAC);
    renewal.wants_broadcast = false;
    lab_server_hears_unicast(&lab, &renewal);
    sent = lab_expect(&lab, DHCP_ACK);
    assert_int_equal(sent->how.destination.value, renewal.ciaddr.value);
    assert_false(sent->how.to_hardware);
}

/* DHCP-6: RFC 2131 4.3.1, in its order. */
static void test_server__chooses_bound_former_wished_then_new(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, mac(1), 1);
    struct ipv4_address first = lab_lease(&lab, mac(1));
    lab_server_hears(&lab, &discover); /* it was switched off and on: what it has */
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, first.value);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.offer"), 2), "this client has it");
    hand_advance(&lab.hand, 601 * ENV_SECOND);
    assert_int_equal(lease_of(first)->state, DHCP_FREE);
    discover = lab_request(DHCP_DISCOVER, mac(2), 1); /* another client: one that nobody ever had */
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, first.value + 1);
    discover = lab_request(DHCP_DISCOVER, mac(3), 1); /* a wish */
    discover.requested = IP(10, 0, 0, 102);
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, IP(10, 0, 0, 102).value);
    discover = lab_request(DHCP_DISCOVER, mac(1), 1); /* the first comes back: what it had */
    discover.requested = IP(10, 0, 0, 101);
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, first.value);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.offer"), 2), "this client had it before");
}

static void test_server__gives_others_addresses_as_late_as_it_can(void **state)
{
    struct ipv4_address addresses[3];
    for (uint8_t i = 0; i < 3; i++) {
        addresses[i] = lab_lease(&lab, mac(i + 1));
        hand_advance(&lab.hand, ENV_SECOND);
    }
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, mac(9), 1);
    lab_server_hears(&lab, &discover); /* DHCP-6: an empty pool is silent */
    lab_expect_silence(&lab);
    assert_string_equal(why_silent(), "no address is left in the pool");
    hand_advance(&lab.hand, 700 * ENV_SECOND); /* all have ended, the first one first */
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, addresses[0].value);
}

static void test_server__keeps_a_reserved_address_for_its_station(void **state)
{
    assert_int_equal(lab_lease(&lab, mac(0xf1)).value, IP(10, 0, 0, 15).value);
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, mac(5), 1);
    discover.requested = IP(10, 0, 0, 15);
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, IP(10, 0, 0, 100).value);
}

static void test_server__takes_an_offer_back_that_nobody_takes(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    lab_server_hears(&lab, &discover);
    struct ipv4_address offered = lab_expect(&lab, DHCP_OFFER)->message.yiaddr;
    hand_advance(&lab.hand, 61 * ENV_SECOND);
    assert_int_equal(lease_of(offered)->state, DHCP_FREE);
}

/* DHCP-7: RFC 2131 3.1 (4), 4.3.2. */
static void test_server__steps_back_when_another_one_was_chosen(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 7);
    lab_server_hears(&lab, &discover);
    struct ipv4_address offered = lab_expect(&lab, DHCP_OFFER)->message.yiaddr;
    struct dhcp_message request = lab_request(DHCP_REQUEST, ALICE_MAC, 7);
    request.requested = IP(10, 0, 0, 200);
    request.server_id = OTHER_SERVER_IP;
    lab_server_hears(&lab, &request);
    lab_expect_silence(&lab);
    assert_int_equal(lease_of(offered)->state, DHCP_FREE);
    assert_string_equal(why_silent(), "the client chose another server");
}

/* DHCP-8: what a REQUEST means, RFC 2131 4.3.2; every row is one message to a server that has
 * leased 10.0.0.100 to alice and offered 10.0.0.101 to bob. */
static void test_server__answers_each_request_as_its_state_demands(void **state)
{
    static const struct {
        const char *what;
        bool is_bob, is_unicast;
        uint32_t server, requested, ciaddr, giaddr;
        enum dhcp_type answer; /* DHCP_NO_TYPE: silence */
        const char *why;
    } rows[] = {
        {"SELECTING, as offered", true, false, 0x0a000001, 0x0a000065, 0, 0, DHCP_ACK, NULL},
        {"SELECTING, never offered", true, false, 0x0a000001, 0x0a000066, 0, 0, DHCP_NAK,
         "it has not offered that address to this client"},
        {"SELECTING, another's", true, false, 0x0a000001, 0x0a000064, 0, 0, DHCP_NAK,
         "the address is another client's"},
        {"SELECTING, another server", true, false, 0x0a000002, 0x0a000064, 0, 0, DHCP_NO_TYPE,
         "the client chose another server"},
        {"INIT-REBOOT, right", false, false, 0, 0x0a000064, 0, 0, DHCP_ACK, NULL},
        {"INIT-REBOOT, wrong address", false, false, 0, 0x0a000065, 0, 0, DHCP_NAK,
         "it has not offered that address to this client"},
        {"INIT-REBOOT, wrong network", false, false, 0, 0x0a010064, 0, 0, DHCP_NAK,
         "the address does not belong to the client's network"},
        {"INIT-REBOOT, wrong network behind a relay", false, true, 0, 0x0a000064, 0, 0x0a010001, DHCP_NAK,
         "the address does not belong to the client's network"},
        {"INIT-REBOOT, network of nobody", false, true, 0, 0x0a000064, 0, 0x0a070001, DHCP_NO_TYPE,
         "it has no pool for that network"},
        {"RENEWING", false, true, 0, 0, 0x0a000064, 0, DHCP_ACK, NULL},
        {"RENEWING, another's", true, true, 0, 0, 0x0a000064, 0, DHCP_NAK, "the address is another client's"},
        {"RENEWING, unknown", true, true, 0, 0, 0x0a000066, 0, DHCP_NO_TYPE,
         "it knows nothing of this client"},
        {"REBINDING", false, false, 0, 0, 0x0a000064, 0, DHCP_ACK, NULL},
        {"REBINDING, wrong network", false, false, 0, 0, 0x0a010064, 0, DHCP_NAK,
         "the address does not belong to the client's network"},
        {"nothing of all that", false, false, 0, 0, 0, 0, DHCP_NO_TYPE,
         "the message fits no state of a client"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tear_down(NULL);
        lab_init(&lab);
        lab_lease(&lab, ALICE_MAC);
        struct dhcp_message discover = lab_request(DHCP_DISCOVER, BOB_MAC, 7);
        lab_server_hears(&lab, &discover);
        lab_expect(&lab, DHCP_OFFER);
        struct dhcp_message request = lab_request(DHCP_REQUEST, rows[i].is_bob ? BOB_MAC : ALICE_MAC, 8);
        request.server_id.value = rows[i].server;
        request.requested.value = rows[i].requested;
        request.ciaddr.value = rows[i].ciaddr;
        request.giaddr.value = rows[i].giaddr;
        request.wants_broadcast = !rows[i].is_unicast;
        print_message("   %s\n", rows[i].what);
        if (rows[i].is_unicast)
            lab_server_hears_unicast(&lab, &request);
        else
            lab_server_hears(&lab, &request);
        if (rows[i].answer == DHCP_NO_TYPE) {
            lab_expect_silence(&lab);
            assert_string_equal(why_silent(), rows[i].why);
            continue;
        }
        const struct lab_sent *sent = lab_expect(&lab, rows[i].answer);
        if (rows[i].answer == DHCP_NAK) {
            assert_string_equal(why_nak(), rows[i].why);
            assert_int_equal(sent->message.yiaddr.value, 0); /* DHCP-14: nothing but the server's name */
            assert_int_equal(sent->message.lease_s, 0);
            assert_int_equal(sent->message.server_id.value, SERVER_IP.value);
            assert_int_equal(sent->how.destination.value,
                             rows[i].giaddr ? rows[i].giaddr : IPV4_BROADCAST.value);
            assert_true(!rows[i].giaddr || sent->message.wants_broadcast); /* RFC 2131 4.3.2 */
        }
    }
}

/* "The server MUST remain silent" about a client that it knows nothing of: it may be another server's. */
static void test_server__does_not_speak_of_strangers(void **state)
{
    struct dhcp_message request = lab_request(DHCP_REQUEST, BOB_MAC, 8);
    request.requested = IP(10, 0, 0, 101);
    lab_server_hears(&lab, &request);
    lab_expect_silence(&lab);
    assert_string_equal(why_silent(), "it knows nothing of this client");
}

static void test_server__prolongs_a_lease(void **state)
{
    struct dhcp_message renewal = lab_request(DHCP_REQUEST, ALICE_MAC, 8);
    renewal.ciaddr = lab_lease(&lab, ALICE_MAC);
    hand_advance(&lab.hand, 300 * ENV_SECOND);
    lab_server_hears_unicast(&lab, &renewal);
    lab_expect(&lab, DHCP_ACK);
    hand_advance(&lab.hand, 599 * ENV_SECOND);
    assert_int_equal(lease_of(renewal.ciaddr)->state, DHCP_BOUND_TO);
    hand_advance(&lab.hand, ENV_SECOND);
    assert_int_equal(lease_of(renewal.ciaddr)->state, DHCP_FREE);
}

/* DHCP-11: RFC 2131 4.3.3. */
static void test_server__leaves_a_declined_address_alone(void **state)
{
    struct dhcp_message decline = lab_request(DHCP_DECLINE, ALICE_MAC, 8);
    decline.requested = lab_lease(&lab, ALICE_MAC);
    decline.server_id = OTHER_SERVER_IP;
    lab_server_hears(&lab, &decline);
    assert_int_equal(lease_of(decline.requested)->state, DHCP_BOUND_TO);
    decline.server_id = SERVER_IP;
    lab_server_hears(&lab, &decline);
    assert_int_equal(lease_of(decline.requested)->state, DHCP_QUARANTINED);
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 9);
    discover.requested = decline.requested;
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, decline.requested.value + 1);
    hand_advance(&lab.hand, 3601 * ENV_SECOND);
    assert_int_equal(lease_of(decline.requested)->state, DHCP_FREE);
}

/* DHCP-12: RFC 2131 4.3.4. */
static void test_server__frees_what_is_given_back_and_remembers_whose_it_was(void **state)
{
    struct dhcp_message release = lab_request(DHCP_RELEASE, BOB_MAC, 8);
    release.ciaddr = lab_lease(&lab, ALICE_MAC);
    lab_server_hears_unicast(&lab, &release);
    assert_int_equal(lease_of(release.ciaddr)->state, DHCP_BOUND_TO); /* not bob's to give */
    release.chaddr = ALICE_MAC;
    lab_server_hears_unicast(&lab, &release);
    assert_int_equal(lease_of(release.ciaddr)->state, DHCP_FREE);
    lab_lease(&lab, BOB_MAC);
    assert_int_equal(lab_lease(&lab, ALICE_MAC).value, release.ciaddr.value);
}

/* DHCP-13: RFC 2131 4.3.5. */
static void test_server__tells_what_it_is_asked_without_a_lease(void **state)
{
    struct dhcp_message inform = lab_request(DHCP_INFORM, ALICE_MAC, 8);
    inform.ciaddr = IP(10, 0, 0, 7);
    lab_server_hears(&lab, &inform);
    const struct lab_sent *ack = lab_expect(&lab, DHCP_ACK);
    assert_int_equal(ack->how.destination.value, IP(10, 0, 0, 7).value);
    assert_int_equal(ack->message.yiaddr.value, 0);
    assert_int_equal(ack->message.lease_s, 0);
    assert_int_equal(ack->message.t1_s, 0);
    assert_int_equal(ack->message.dns.count, 1);
    assert_int_equal(lab.book.count, 0);
    inform.ciaddr = IPV4_ANY; /* nobody to send it to */
    lab_server_hears(&lab, &inform);
    lab_expect_silence(&lab);
    assert_int_equal(lab.server.counters.silences, 1);
}

/* DHCP-17: RFC 2131 4.2. Two stations that say the same identifier are one client; one that says two is two.
 */
static void test_server__knows_clients_by_their_key(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, mac(1), 1);
    discover.client_id = dhcp_id_for(ALICE_MAC, 0);
    lab_server_hears(&lab, &discover);
    const struct dhcp_message *offer = &lab_expect(&lab, DHCP_OFFER)->message;
    uint32_t first = offer->yiaddr.value;
    assert_true(dhcp_is_same_key(&offer->client_id, &discover.client_id)); /* RFC 6842 3 */
    discover.chaddr = mac(2);
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, first);
    discover.client_id.length = 0;
    lab_server_hears(&lab, &discover);
    assert_int_not_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, first);
}

static void test_server__gives_a_relay_its_own_words_back(void **state)
{
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 1);
    discover.giaddr = IP(10, 1, 0, 1);
    discover.agent = (struct dhcp_octets){4, {1, 2, 0, 7}};
    lab_server_hears_unicast(&lab, &discover);
    const struct dhcp_message *offer = &lab_expect(&lab, DHCP_OFFER)->message;
    assert_true(dhcp_is_same_key(&offer->agent, &discover.agent)); /* RFC 3046 2.2 */
}

/* DHCP-6, RFC 2131 2.2: nobody answers, then somebody does. */
static void test_server__asks_before_it_offers_a_new_address(void **state)
{
    lab.server.config.probe_time = ENV_SECOND;
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, ALICE_MAC, 1);
    lab_server_hears(&lab, &discover);
    lab_expect_silence(&lab);
    assert_int_equal(lab.probed.value, IP(10, 0, 0, 100).value);
    lab_server_hears(&lab, &discover); /* impatient: the same question still stands */
    assert_string_equal(why_silent(), "it is still asking whether the address is free");
    hand_advance(&lab.hand, ENV_SECOND);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, IP(10, 0, 0, 100).value);
    lab_server_hears(&lab, &discover); /* not again while it is on offer */
    lab_expect(&lab, DHCP_OFFER);
    discover = lab_request(DHCP_DISCOVER, BOB_MAC, 2);
    lab_server_hears(&lab, &discover);
    dhcp_server_answered(&lab.server, IP(10, 0, 0, 101)); /* a squatter */
    assert_int_equal(lease_of(IP(10, 0, 0, 101))->state, DHCP_QUARANTINED);
    assert_int_equal(lab.probed.value, IP(10, 0, 0, 102).value);
    hand_advance(&lab.hand, ENV_SECOND);
    const struct lab_sent *offer = lab_expect(&lab, DHCP_OFFER);
    assert_int_equal(offer->message.yiaddr.value, IP(10, 0, 0, 102).value);
    assert_int_equal(offer->message.xid, 2);
    dhcp_server_answered(&lab.server, IP(10, 0, 0, 102)); /* too late: nothing */
}

/* The book outlives the program: RFC 2131 2.2. */
static void test_server__finds_its_leases_again(void **state)
{
    struct ipv4_address address = lab_lease(&lab, ALICE_MAC);
    struct dhcp_server_config config = lab.server.config;
    struct dhcp_message discover = lab_request(DHCP_DISCOVER, BOB_MAC, 1);
    lab.server.config.probe_time = ENV_SECOND;
    lab_server_hears(&lab, &discover); /* it ends in the middle of a question */
    dhcp_server_release(&lab.server);
    hand_advance(&lab.hand, 10 * ENV_SECOND);
    dhcp_server_init(&lab.server, &lab.hand.env, lab.server.ops, &lab.book, &config);
    lab_server_hears(&lab, &discover);
    assert_int_equal(lab_expect(&lab, DHCP_OFFER)->message.yiaddr.value, address.value + 1);
    assert_int_equal(lab_lease(&lab, ALICE_MAC).value, address.value);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_server__##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(offers_and_gives_with_all_that_goes_with_it),
        TEST(gives_a_shorter_lease_to_who_wishes_it),
        TEST(finds_the_way_back),
        TEST(chooses_bound_former_wished_then_new),
        TEST(gives_others_addresses_as_late_as_it_can),
        TEST(keeps_a_reserved_address_for_its_station),
        TEST(takes_an_offer_back_that_nobody_takes),
        TEST(steps_back_when_another_one_was_chosen),
        TEST(answers_each_request_as_its_state_demands),
        TEST(does_not_speak_of_strangers),
        TEST(prolongs_a_lease),
        TEST(leaves_a_declined_address_alone),
        TEST(frees_what_is_given_back_and_remembers_whose_it_was),
        TEST(tells_what_it_is_asked_without_a_lease),
        TEST(knows_clients_by_their_key),
        TEST(gives_a_relay_its_own_words_back),
        TEST(asks_before_it_offers_a_new_address),
        TEST(finds_its_leases_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
