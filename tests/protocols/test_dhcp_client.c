/* SPDX-License-Identifier: MIT
 * The DHCP client, RFC 2131 4.4. Checklist DHCP-2 to DHCP-4, DHCP-8 to DHCP-13. */
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

static void advance(int64_t duration)
{
    hand_advance(&lab.hand, duration);
}

static void hear(enum dhcp_type type)
{
    struct dhcp_message message = lab_answer(&lab, type);
    lab_client_hears(&lab, &message);
}

/* Lets time pass until something is sent, at most `most`; checks that it is of this type. */
static const struct lab_sent *wait_for(enum dhcp_type type, int64_t most)
{
    int64_t end = lab.hand.now + most;
    while (lab.taken == lab.sent_count && hand_next_timer(&lab.hand) <= end)
        advance(hand_next_timer(&lab.hand) - lab.hand.now);
    return lab_expect(&lab, type);
}

static void assert_everybody(const struct lab_sent *sent)
{
    assert_int_equal(sent->how.destination.value, IPV4_BROADCAST.value);
    assert_int_equal(sent->how.source_port, 68);
    assert_int_equal(sent->how.destination_port, 67);
}

/* DHCP-2: RFC 2131 3.1, 4.4.1, table 5. */
static void test_client__gets_an_address_in_four_messages(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    struct lab_sent discover = *lab_expect(&lab, DHCP_DISCOVER);
    assert_everybody(&discover);
    assert_int_equal(discover.how.source.value, 0);
    assert_int_equal(discover.message.ciaddr.value, 0);
    assert_true(discover.message.wants_broadcast);
    assert_int_equal(discover.message.server_id.value, 0);
    assert_true(discover.message.asked_count > 0);
    assert_string_equal(discover.message.host_name, "alice");
    hear(DHCP_OFFER);
    const struct lab_sent *request = lab_expect(&lab, DHCP_REQUEST);
    assert_everybody(request);
    assert_int_equal(request->how.source.value, 0);
    assert_int_equal(request->message.xid, discover.message.xid);
    assert_int_equal(request->message.secs, discover.message.secs);
    assert_int_equal(request->message.requested.value, IP(10, 0, 0, 100).value);
    assert_int_equal(request->message.server_id.value, SERVER_IP.value);
    assert_int_equal(request->message.ciaddr.value, 0);
    assert_int_equal(lab.configured, 0);
    hear(DHCP_ACK);
    assert_int_equal(lab.client.state, DHCP_BOUND);
    assert_int_equal(lab.checks, 1);
    assert_int_equal(lab.configured, 1);
    assert_int_equal(lab.grant.prefix.length, 24);
    assert_int_equal(lab.grant.routers.at[0].value, GATEWAY_IP.value);
    assert_int_equal(hand_fact(&lab.hand, "dhcp.configured")->values[0], IP(10, 0, 0, 100).value);
    assert_true(
        hand_goes_back_to(&lab.hand, hand_fact(&lab.hand, "dhcp.configured")->cause, "dhcp.received"));
}

/* DHCP-3: RFC 2131 4.1. */
static void test_client__asks_again_after_4_8_16_32_64_seconds(void **state)
{
    static const int64_t waits[] = {4, 8, 16, 32, 64, 64, 64};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        lab.hand.random = seed * 7919;
        dhcp_client_start(&lab.client, 0);
        advance(0);
        int64_t at = lab_expect(&lab, DHCP_DISCOVER)->at;
        uint32_t xid = lab.client.xid;
        for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
            const struct lab_sent *again = wait_for(DHCP_DISCOVER, 100 * ENV_SECOND);
            assert_in_range(again->at - at, (waits[i] - 1) * ENV_SECOND, (waits[i] + 1) * ENV_SECOND);
            assert_int_equal(again->message.xid, xid);
            at = again->at;
        }
        assert_in_range(lab.client.secs, 200, 280);
        dhcp_client_stop(&lab.client);
        hand_forget(&lab.hand);
    }
}

/* DHCP-4: RFC 2131 4.4.1. */
static void test_client__waits_one_to_ten_seconds_at_first(void **state)
{
    int64_t least = ENV_NEVER, most = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        lab.hand.random = seed * 104729;
        int64_t start = lab.hand.now;
        dhcp_client_start(&lab.client, 10 * ENV_SECOND);
        int64_t wait = wait_for(DHCP_DISCOVER, 20 * ENV_SECOND)->at - start;
        assert_in_range(wait, ENV_SECOND, 10 * ENV_SECOND);
        least = wait < least ? wait : least;
        most = wait > most ? wait : most;
        dhcp_client_stop(&lab.client);
    }
    assert_true(least < 2 * ENV_SECOND && most > 9 * ENV_SECOND);
}

static void test_client__takes_the_first_offer_and_no_other(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    struct dhcp_message late = lab_answer(&lab, DHCP_OFFER);
    late.server_id = OTHER_SERVER_IP;
    lab_client_hears(&lab, &late);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.ignored"), 1), "it does not expect one now");
    struct dhcp_message ack = lab_answer(&lab, DHCP_ACK);
    ack.server_id = OTHER_SERVER_IP;
    lab_client_hears(&lab, &ack);
    assert_int_equal(lab.client.state, DHCP_REQUESTING);
    hear(DHCP_ACK);
    assert_int_equal(lab.grant.server.value, SERVER_IP.value);
}

/* Nothing of these moves the client, whatever state it is in. */
static void test_client__leaves_alone_what_is_not_for_it(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    struct dhcp_message odd[7];
    for (int i = 0; i < 7; i++)
        odd[i] = lab_answer(&lab, DHCP_OFFER);
    odd[0].xid++;
    odd[1].chaddr = BOB_MAC;
    odd[2].op = DHCP_BOOTREQUEST;
    odd[3].server_id = IPV4_ANY; /* table 3: a MUST */
    odd[4].yiaddr = IPV4_ANY;
    odd[5].yiaddr = IPV4_BROADCAST;
    odd[6].type = DHCP_ACK; /* nobody asked */
    for (int i = 0; i < 7; i++)
        lab_client_hears(&lab, &odd[i]);
    dhcp_client_receive(&lab.client, (const uint8_t *)"x", 1, 0);
    assert_int_equal(lab.client.state, DHCP_SELECTING);
    assert_int_equal(hand_fact_count(&lab.hand, "dhcp.ignored"), 8);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    struct dhcp_message endless = lab_answer(&lab, DHCP_ACK);
    endless.lease_s = 0; /* table 3: a MUST */
    lab_client_hears(&lab, &endless);
    assert_int_equal(lab.client.state, DHCP_REQUESTING);
}

/* RFC 2131 3.1 (5): four times, about a minute, then from the start with a new transaction. */
static void test_client__gives_up_a_silent_server(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    uint32_t xid = lab.client.xid;
    hear(DHCP_OFFER);
    int64_t start = lab_expect(&lab, DHCP_REQUEST)->at;
    for (int i = 1; i < 4; i++)
        wait_for(DHCP_REQUEST, 100 * ENV_SECOND);
    const struct lab_sent *again = wait_for(DHCP_DISCOVER, 100 * ENV_SECOND);
    assert_in_range(again->at - start, 57 * ENV_SECOND, 65 * ENV_SECOND);
    assert_int_not_equal(again->message.xid, xid);
    assert_int_equal(again->message.requested.value, IP(10, 0, 0, 100).value); /* RFC 2131 3.5: a wish */
}

static void test_client__begins_anew_after_a_nak(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    hear(DHCP_NAK);
    assert_int_equal(lab.client.state, DHCP_INIT);
    const struct lab_sent *again = wait_for(DHCP_DISCOVER, 10 * ENV_SECOND);
    assert_int_equal(again->message.requested.value, 0);
}

/* DHCP-9: RFC 2131 4.4.5; a lease of 1000 s: 500 and 875, more or less one per cent. */
static void test_client__renews_at_half_and_rebinds_at_seven_eighths(void **state)
{
    lab_bind(&lab);
    int64_t start = lab.grant.since;
    const struct lab_sent *renewal = wait_for(DHCP_REQUEST, 1000 * ENV_SECOND);
    assert_int_equal(lab.client.state, DHCP_RENEWING);
    assert_in_range(renewal->at - start, 495 * ENV_SECOND, 505 * ENV_SECOND);
    /* DHCP-8: RFC 2131 4.3.2. */
    assert_int_equal(renewal->how.destination.value, SERVER_IP.value);
    assert_int_equal(renewal->message.ciaddr.value, IP(10, 0, 0, 100).value);
    assert_int_equal(renewal->message.requested.value, 0);
    assert_int_equal(renewal->message.server_id.value, 0);
    assert_false(renewal->message.wants_broadcast);
    int64_t asked = renewal->at;
    for (;;) { /* half of the time that is left, 60 s at least */
        int64_t half = (lab.grant.t2 - asked) / 2;
        const struct lab_sent *again = wait_for(DHCP_REQUEST, 1000 * ENV_SECOND);
        if (lab.client.state == DHCP_REBINDING)
            break;
        assert_int_equal(again->at - asked, half > 60 * ENV_SECOND ? half : 60 * ENV_SECOND);
        asked = again->at;
    }
    const struct lab_sent *rebind = &lab.sent[lab.taken - 1];
    assert_in_range(rebind->at - start, 866 * ENV_SECOND, 884 * ENV_SECOND);
    assert_everybody(rebind);
    assert_int_equal(rebind->message.ciaddr.value, IP(10, 0, 0, 100).value);
    assert_int_equal(rebind->message.server_id.value, 0);
    while (lab.client.state == DHCP_REBINDING) /* DHCP-10 */
        advance(hand_next_timer(&lab.hand) - lab.hand.now);
    assert_int_equal(lab.hand.now - start, 1000 * ENV_SECOND);
    assert_int_equal(lab.lost, 1);
    assert_string_equal(hand_word(hand_fact(&lab.hand, "dhcp.lost"), 1), "the lease has ended");
    while (lab.taken < lab.sent_count)
        lab_expect(&lab, DHCP_REQUEST);
    assert_int_equal(wait_for(DHCP_DISCOVER, 10 * ENV_SECOND)->how.source.value, 0);
}

static void test_client__goes_on_with_what_it_has_when_renewed(void **state)
{
    lab_bind(&lab);
    for (int i = 0; i < 5; i++) {
        int64_t asked = wait_for(DHCP_REQUEST, 1000 * ENV_SECOND)->at;
        advance(2 * ENV_SECOND);
        hear(DHCP_ACK);
        assert_int_equal(lab.client.state, DHCP_BOUND);
        assert_int_equal(lab.grant.expires,
                         asked + 1000 * ENV_SECOND); /* from the REQUEST, not from the ACK */
    }
    assert_int_equal(lab.lost, 0);
    assert_int_equal(lab.checks, 1); /* it has the address already */
}

/* An ACK may answer the first of several REQUESTs of one transaction: only that one is safe to count from. */
static void test_client__counts_the_lease_from_its_first_request(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    int64_t first = lab_expect(&lab, DHCP_REQUEST)->at;
    wait_for(DHCP_REQUEST, 10 * ENV_SECOND);
    hear(DHCP_ACK);
    assert_int_equal(lab.grant.since, first);
}

static void test_client__believes_a_server_about_t1_and_t2(void **state)
{
    lab.client.config.host_name[0] = '\0';
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    struct dhcp_message ack = lab_answer(&lab, DHCP_ACK);
    ack.t1_s = 100;
    ack.t2_s = 200;
    lab_client_hears(&lab, &ack);
    assert_int_equal(lab.grant.t1 - lab.grant.since, 100 * ENV_SECOND);
    assert_int_equal(lab.grant.t2 - lab.grant.since, 200 * ENV_SECOND);
}

static void test_client__keeps_a_lease_without_an_end(void **state)
{
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    struct dhcp_message ack = lab_answer(&lab, DHCP_ACK);
    ack.lease_s = DHCP_FOREVER;
    lab_client_hears(&lab, &ack);
    assert_int_equal(hand_next_timer(&lab.hand), ENV_NEVER);
}

/* DHCP-11: RFC 2131 3.1 (5), 4.4.1, 4.4.4. */
static void test_client__declines_what_somebody_else_uses(void **state)
{
    lab.is_conflict = true;
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    hear(DHCP_ACK);
    const struct lab_sent *decline = lab_expect(&lab, DHCP_DECLINE);
    assert_everybody(decline);
    assert_int_equal(decline->how.source.value, 0);
    assert_int_equal(decline->message.requested.value, IP(10, 0, 0, 100).value);
    assert_int_equal(decline->message.server_id.value, SERVER_IP.value);
    assert_int_equal(decline->message.ciaddr.value, 0);
    assert_int_equal(lab.configured, 0);
    int64_t declined = lab.hand.now;
    const struct lab_sent *again = wait_for(DHCP_DISCOVER, 60 * ENV_SECOND);
    assert_true(again->at - declined >= 10 * ENV_SECOND);
    assert_int_equal(again->message.requested.value, 0);
}

static void test_client__gives_an_address_up_that_somebody_takes_later(void **state)
{
    lab_bind(&lab);
    advance(100 * ENV_SECOND);
    dhcp_client_checked(&lab.client, false);
    lab_expect(&lab, DHCP_DECLINE);
    assert_int_equal(lab.lost, 1);
    assert_int_equal(lab.client.state, DHCP_INIT);
}

/* While the link is asked (some seconds), nothing is configured; and a lease may be over by then. */
static void test_client__waits_for_the_answer_of_the_link(void **state)
{
    lab.answers_late = true;
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    hear(DHCP_ACK);
    advance(6 * ENV_SECOND);
    assert_int_equal(lab.client.state, DHCP_CHECKING);
    assert_int_equal(lab.configured, 0);
    dhcp_client_checked(&lab.client, true);
    assert_int_equal(lab.client.state, DHCP_BOUND);
    assert_int_equal(lab.configured, 1);
}

static void test_client__does_not_use_a_lease_that_ended_while_it_checked(void **state)
{
    lab.answers_late = true;
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
    hear(DHCP_OFFER);
    lab_expect(&lab, DHCP_REQUEST);
    struct dhcp_message ack = lab_answer(&lab, DHCP_ACK);
    ack.lease_s = 5;
    lab_client_hears(&lab, &ack);
    advance(6 * ENV_SECOND);
    dhcp_client_checked(&lab.client, true);
    assert_int_equal(lab.client.state, DHCP_INIT);
    assert_int_equal(lab.configured, 0);
    assert_int_equal(lab.lost, 1); /* what the check had put on the interface is taken off */
}

/* DHCP-12: RFC 2131 4.4.6. */
static void test_client__gives_its_address_back(void **state)
{
    lab_bind(&lab);
    dhcp_client_give_back(&lab.client);
    const struct lab_sent *release = lab_expect(&lab, DHCP_RELEASE);
    assert_int_equal(release->how.destination.value, SERVER_IP.value);
    assert_int_equal(release->how.source.value, IP(10, 0, 0, 100).value);
    assert_int_equal(release->message.ciaddr.value, IP(10, 0, 0, 100).value);
    assert_int_equal(release->message.server_id.value, SERVER_IP.value);
    assert_int_equal(release->message.requested.value, 0);
    assert_int_equal(release->message.asked_count, 0); /* table 5: MUST NOT */
    assert_int_equal(lab.lost, 1);
    assert_int_equal(hand_next_timer(&lab.hand), ENV_NEVER);
    dhcp_client_start(&lab.client, 0); /* not ours any more: from the start, with a wish */
    advance(0);
    assert_int_equal(lab_expect(&lab, DHCP_DISCOVER)->message.requested.value, IP(10, 0, 0, 100).value);
}

/* DHCP-8: INIT-REBOOT, RFC 2131 3.2, 4.3.2. */
static void test_client__asks_for_its_last_address_when_it_comes_back(void **state)
{
    lab_bind(&lab);
    dhcp_client_stop(&lab.client);
    assert_int_equal(lab.lost, 1);
    advance(100 * ENV_SECOND);
    dhcp_client_start(&lab.client, 0);
    advance(0);
    const struct lab_sent *request = lab_expect(&lab, DHCP_REQUEST);
    assert_int_equal(lab.client.state, DHCP_REBOOTING);
    assert_everybody(request);
    assert_int_equal(request->message.requested.value, IP(10, 0, 0, 100).value);
    assert_int_equal(request->message.server_id.value, 0);
    assert_int_equal(request->message.ciaddr.value, 0);
    hear(DHCP_ACK);
    assert_int_equal(lab.client.state, DHCP_BOUND);
    assert_int_equal(lab.checks, 2);
}

static void test_client__does_not_insist_on_a_lease_that_has_ended(void **state)
{
    lab_bind(&lab);
    dhcp_client_stop(&lab.client);
    advance(1001 * ENV_SECOND);
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_DISCOVER);
}

static void test_client__leaves_a_network_where_its_address_is_worth_nothing(void **state)
{
    lab_bind(&lab);
    dhcp_client_stop(&lab.client);
    dhcp_client_start(&lab.client, 0);
    advance(0);
    lab_expect(&lab, DHCP_REQUEST);
    hear(DHCP_NAK);
    assert_int_equal(lab.client.state, DHCP_INIT);
    wait_for(DHCP_DISCOVER, 10 * ENV_SECOND);
}

static void test_client__renews_at_once_when_it_is_told_to(void **state)
{
    lab_bind(&lab);
    advance(10 * ENV_SECOND);
    dhcp_client_start(&lab.client, 0);
    assert_int_equal(lab_expect(&lab, DHCP_REQUEST)->how.destination.value, SERVER_IP.value);
    hear(DHCP_ACK);
    assert_int_equal(lab.client.state, DHCP_BOUND);
    assert_int_equal(lab.lost, 0);
}

/* DHCP-13: RFC 2131 3.4, 4.4.3. */
static void test_client__asks_what_goes_with_an_address_that_it_has(void **state)
{
    dhcp_client_inform(&lab.client, IP(10, 0, 0, 7));
    const struct lab_sent *inform = lab_expect(&lab, DHCP_INFORM);
    assert_int_equal(inform->message.ciaddr.value, IP(10, 0, 0, 7).value);
    assert_int_equal(inform->message.requested.value, 0);
    assert_int_equal(inform->message.lease_s, 0);
    struct dhcp_message ack = lab_answer(&lab, DHCP_ACK);
    ack.yiaddr = IPV4_ANY;
    ack.lease_s = 0;
    ack.dns = (struct dhcp_addresses){1, {IP(10, 0, 0, 53)}};
    lab_client_hears(&lab, &ack);
    assert_int_equal(lab.client.state, DHCP_STOPPED);
    assert_int_equal(lab.informed, 1);
    assert_int_equal(lab.grant.dns.at[0].value, IP(10, 0, 0, 53).value);
    assert_int_equal(lab.grant.prefix.address.value, IP(10, 0, 0, 7).value);
    assert_int_equal(lab.configured, 0);
}

static void test_client__stops_asking_when_nobody_tells(void **state)
{
    dhcp_client_inform(&lab.client, IP(10, 0, 0, 7));
    for (int i = 0; i < 4; i++)
        i == 0 ? lab_expect(&lab, DHCP_INFORM) : wait_for(DHCP_INFORM, 100 * ENV_SECOND);
    advance(100 * ENV_SECOND);
    assert_int_equal(lab.client.state, DHCP_STOPPED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_client__##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(gets_an_address_in_four_messages),
        TEST(asks_again_after_4_8_16_32_64_seconds),
        TEST(waits_one_to_ten_seconds_at_first),
        TEST(takes_the_first_offer_and_no_other),
        TEST(leaves_alone_what_is_not_for_it),
        TEST(gives_up_a_silent_server),
        TEST(begins_anew_after_a_nak),
        TEST(renews_at_half_and_rebinds_at_seven_eighths),
        TEST(goes_on_with_what_it_has_when_renewed),
        TEST(counts_the_lease_from_its_first_request),
        TEST(believes_a_server_about_t1_and_t2),
        TEST(keeps_a_lease_without_an_end),
        TEST(declines_what_somebody_else_uses),
        TEST(gives_an_address_up_that_somebody_takes_later),
        TEST(waits_for_the_answer_of_the_link),
        TEST(does_not_use_a_lease_that_ended_while_it_checked),
        TEST(gives_its_address_back),
        TEST(asks_for_its_last_address_when_it_comes_back),
        TEST(does_not_insist_on_a_lease_that_has_ended),
        TEST(leaves_a_network_where_its_address_is_worth_nothing),
        TEST(renews_at_once_when_it_is_told_to),
        TEST(asks_what_goes_with_an_address_that_it_has),
        TEST(stops_asking_when_nobody_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
