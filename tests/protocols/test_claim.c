/* SPDX-License-Identifier: MIT
 * Taking an address and keeping it, RFC 5227. Checklist ARP-8 to ARP-11. */
#include "tests/protocols/station.h"

#define PROBE "ARP, Request who-has 10.0.0.1 tell 0.0.0.0, length 46"
#define ANNOUNCEMENT "ARP, Request who-has 10.0.0.1 tell 10.0.0.1, length 46"

static struct station s;

static int set_up(void **state)
{
    struct arp_config config = arp_config_default();
    config.detects_conflicts = true;
    station_init(&s, &config, NULL);
    return 0;
}

static int tear_down(void **state)
{
    hand_expect_silence(&s.hand);
    station_release(&s);
    return 0;
}

/* Lets the claim run until the address is ours and the second announcement is out. */
static void own_the_address(void)
{
    hand_advance(&s.hand, 10 * ENV_SECOND);
    for (int i = 0; i < 3; i++)
        hand_expect_frame(&s.hand, PROBE);
    for (int i = 0; i < 2; i++)
        hand_expect_frame(&s.hand, ANNOUNCEMENT);
    assert_int_equal(s.arp.claim.state, ARP_CLAIM_OWNED);
}

/* ARP-8, ARP-9: the times of RFC 5227 1.1, for many seeds. */
static void test_claim__probes_three_times_and_announces_twice(void **state)
{
    for (uint64_t seed = 1; seed <= 50; seed++) {
        s.hand.random = seed * 7919;
        int64_t start = s.hand.now;
        arp_set_address(&s.arp, ALICE);
        assert_int_equal(s.arp.address.value, 0);
        hand_advance(&s.hand, 20 * ENV_SECOND);
        const struct hand_frame *first = hand_expect_frame(&s.hand, PROBE);
        const struct hand_frame *second = hand_expect_frame(&s.hand, PROBE);
        const struct hand_frame *third = hand_expect_frame(&s.hand, PROBE);
        assert_in_range(first->at - start, 0, ENV_SECOND);
        assert_in_range(second->at - first->at, ENV_SECOND, 2 * ENV_SECOND);
        assert_in_range(third->at - second->at, ENV_SECOND, 2 * ENV_SECOND);
        const struct hand_frame *said = hand_expect_frame(&s.hand, ANNOUNCEMENT);
        const struct hand_frame *again = hand_expect_frame(&s.hand, ANNOUNCEMENT);
        assert_int_equal(said->at - third->at, 2 * ENV_SECOND);
        assert_int_equal(again->at - said->at, 2 * ENV_SECOND);
        hand_expect_silence(&s.hand);
        assert_int_equal(s.claims_won, seed);
        assert_int_equal(s.arp.address.value, ALICE.value);
        hand_forget(&s.hand);
    }
}

static void test_claim__answers_nobody_while_probing(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_silence(&s.hand);
    own_the_address();
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
}

/* ARP-10: somebody uses the address, or wants it at the same time. */
static void test_claim__leaves_an_address_that_somebody_uses(void **state)
{
    hand_advance(&s.hand, ENV_SECOND);
    hand_expect_frame(&s.hand, PROBE);
    station_hear_reply(&s, BOB_MAC, ALICE);
    assert_int_equal(s.arp.claim.state, ARP_CLAIM_LOST);
    assert_int_equal(s.claims_lost, 1);
    assert_int_equal(s.arp.address.value, 0);
    assert_int_equal(hand_fact(&s.hand, "arp.conflict")->values[1], 0x020000000002);
    hand_advance(&s.hand, 100 * ENV_SECOND);
}

static void test_claim__leaves_an_address_that_somebody_else_probes_for(void **state)
{
    station_hear_request(&s, BOB_MAC, IPV4_ANY, ALICE);
    assert_int_equal(s.arp.claim.state, ARP_CLAIM_LOST);
    station_hear_request(&s, ALICE_MAC, IPV4_ANY, ALICE); /* our own probe, come back: no conflict */
    assert_int_equal(s.claims_lost, 1);
}

/* ARP-10: after ten conflicts, no more than one try a minute. */
static void test_claim__slows_down_after_ten_conflicts(void **state)
{
    for (int i = 0; i < 10; i++) {
        arp_set_address(&s.arp, ALICE);
        hand_advance(&s.hand, ENV_SECOND);
        hand_expect_frame(&s.hand, PROBE);
        station_hear_reply(&s, BOB_MAC, ALICE);
    }
    assert_int_equal(s.claims_lost, 10);
    arp_set_address(&s.arp, ALICE);
    hand_advance(&s.hand, 60 * ENV_SECOND - 1);
    hand_expect_silence(&s.hand);
    hand_advance(&s.hand, ENV_SECOND + 1);
    hand_expect_frame(&s.hand, PROBE);
    station_hear_reply(&s, BOB_MAC, ALICE);
}

/* ARP-11: defend once; give up if it happens again within ten seconds. */
static void test_claim__defends_once_and_then_gives_up(void **state)
{
    own_the_address();
    station_hear_request(&s, BOB_MAC, ALICE, ALICE);
    hand_expect_frame(&s.hand, ANNOUNCEMENT);
    assert_true(hand_goes_back_to(&s.hand, s.hand.fact_count, "arp.conflict"));
    hand_advance(&s.hand, 10 * ENV_SECOND);
    station_hear_request(&s, BOB_MAC, ALICE, CAROL); /* ten seconds later: defend again */
    hand_expect_frame(&s.hand, ANNOUNCEMENT);
    assert_int_equal(s.claims_lost, 0);
    hand_advance(&s.hand, 10 * ENV_SECOND - 1);
    station_hear_request(&s, BOB_MAC, ALICE, CAROL);
    hand_expect_silence(&s.hand);
    assert_int_equal(s.claims_lost, 1);
    assert_int_equal(s.arp.address.value, 0);
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.claim"), 2), "LOST");
}

/* ARP-11, RFC 5227 2.4 (c). */
static void test_claim__keeps_defending_when_told_to(void **state)
{
    s.arp.config.keeps_defending = true;
    own_the_address();
    for (int i = 0; i < 20; i++) {
        station_hear_request(&s, BOB_MAC, ALICE, CAROL);
        hand_advance(&s.hand, ENV_SECOND);
    }
    hand_expect_frame(&s.hand, ANNOUNCEMENT);
    hand_expect_frame(&s.hand, ANNOUNCEMENT); /* not more than one in ten seconds */
    assert_int_equal(s.claims_lost, 0);
    assert_int_equal(s.arp.address.value, ALICE.value);
}

static void test_claim__never_learns_its_own_address_from_others(void **state)
{
    own_the_address();
    station_hear_request(&s, BOB_MAC, ALICE, ALICE);
    hand_expect_frame(&s.hand, ANNOUNCEMENT);
    assert_int_equal(s.arp.entry_count, 0);
}

static void test_claim__without_detection_owns_at_once_and_reports_conflicts(void **state)
{
    s.arp.config.detects_conflicts = false;
    arp_set_address(&s.arp, BOB);
    assert_int_equal(s.arp.address.value, BOB.value);
    assert_int_equal(s.claims_won, 1);
    assert_int_equal(hand_fact_count(&s.hand, "arp.claim"), 1); /* of set_up; a person's word is no news */
    station_hear_request(&s, CAROL_MAC, BOB, BOB);
    assert_int_equal(hand_fact_count(&s.hand, "arp.conflict"), 1);
    arp_announce(&s.arp); /* a gratuitous request can be asked for */
    hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.2 tell 10.0.0.2, length 46");
    arp_set_address(&s.arp, IPV4_ANY);
    assert_int_equal(s.arp.claim.state, ARP_CLAIM_NONE);
    assert_int_equal(s.arp.address.value, 0);
}

/* Several addresses on one interface: each is claimed, answered for and defended by itself. */
static void test_claim__of_a_further_address_goes_its_own_way(void **state)
{
    struct arp_claim further = {0};
    own_the_address();
    arp_add_address(&s.arp, &further, CAROL);
    assert_false(arp_is_own(&s.arp, CAROL));
    hand_advance(&s.hand, 10 * ENV_SECOND);
    for (int i = 0; i < 3; i++)
        hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.3 tell 0.0.0.0, length 46");
    for (int i = 0; i < 2; i++)
        hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.3 tell 10.0.0.3, length 46");
    assert_true(arp_is_own(&s.arp, CAROL) && arp_is_own(&s.arp, ALICE));

    station_hear_request(&s, BOB_MAC, BOB, CAROL); /* RFC 826: answered as the one that was asked for */
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.3 is-at 02:00:00:00:00:01, length 46");

    station_hear_request(&s, CAROL_MAC, CAROL, BOB); /* RFC 5227 2.4: defended once, then given up */
    hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.3 tell 10.0.0.3, length 46");
    station_hear_request(&s, CAROL_MAC, CAROL, BOB);
    assert_int_equal(further.state, ARP_CLAIM_LOST);
    assert_false(arp_is_own(&s.arp, CAROL));
    assert_int_equal(s.arp.claim.state, ARP_CLAIM_OWNED); /* the first is as it was */
    arp_remove_address(&s.arp, &further);
    assert_null(s.arp.claim.next);
}

static void test_claim__removed_while_probing_says_nothing_more(void **state)
{
    struct arp_claim further = {0};
    own_the_address();
    arp_add_address(&s.arp, &further, CAROL);
    arp_remove_address(&s.arp, &further);
    hand_advance(&s.hand, 10 * ENV_SECOND); /* tear_down: silence */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_claim__probes_three_times_and_announces_twice),
        TEST(test_claim__answers_nobody_while_probing),
        TEST(test_claim__leaves_an_address_that_somebody_uses),
        TEST(test_claim__leaves_an_address_that_somebody_else_probes_for),
        TEST(test_claim__slows_down_after_ten_conflicts),
        TEST(test_claim__defends_once_and_then_gives_up),
        TEST(test_claim__keeps_defending_when_told_to),
        TEST(test_claim__never_learns_its_own_address_from_others),
        TEST(test_claim__of_a_further_address_goes_its_own_way),
        TEST(test_claim__removed_while_probing_says_nothing_more),
        TEST(test_claim__without_detection_owns_at_once_and_reports_conflicts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
