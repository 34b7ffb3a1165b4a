/* SPDX-License-Identifier: MIT
 * ARP: asking, answering, remembering, forgetting. Checklist ARP-1 to ARP-7 and ARP-12. */
#include "protocols/arp/codec.h"
#include "tests/protocols/station.h"

#define ASK_BOB "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46"
#define TO_BOB "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5"

static struct station s;

static int set_up(void **state)
{
    station_init(&s, NULL, NULL);
    return 0;
}

static int tear_down(void **state)
{
    hand_expect_silence(&s.hand);
    station_release(&s);
    return 0;
}

static enum arp_state state_of(struct ipv4_address address)
{
    const struct arp_entry *entry = arp_find(&s.arp, address);
    return entry ? entry->state : ARP_NONE;
}

/* ---- On the wire ---- */

/* ARP-1: the 28 octets of RFC 826, and a broadcast padded to 46. */
static void test_arp__asks_everybody_in_the_right_words(void **state)
{
    uint8_t expected[60] = {0};
    hand_bytes("ffffffffffff 020000000001 0806 0001 0800 06 04 0001"
               "020000000001 0a000001 000000000000 0a000002",
               expected, sizeof expected);
    assert_int_equal(station_send(&s, BOB, 5), IPV4_SENT);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(frame->length_bytes, sizeof expected);
    assert_memory_equal(frame->bytes, expected, sizeof expected);
}

/* ARP-1, ARP-6: the answer goes to the asker alone. */
static void test_arp__answers_the_asker_alone(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    const struct hand_frame *frame =
        hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    uint8_t expected[60] = {0};
    hand_bytes("020000000002 020000000001 0806 0001 0800 06 04 0002"
               "020000000001 0a000001 020000000002 0a000002",
               expected, sizeof expected);
    assert_memory_equal(frame->bytes, expected, sizeof expected);
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "arp.reply_sent"));
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "arp.request_received"));
}

/* ARP-7: malformed packets change nothing and crash nothing. */
static void test_arp__ignores_what_it_cannot_read(void **state)
{
    static const struct {
        unsigned place;
        uint8_t value;
        size_t length;
        enum arp_reason reason;
    } rows[] = {
        {1, 6, 28, ARP_BAD_HARDWARE_TYPE}, {2, 0x86, 28, ARP_BAD_PROTOCOL_TYPE},
        {4, 8, 28, ARP_BAD_LENGTHS},       {5, 16, 28, ARP_BAD_LENGTHS},
        {7, 3, 28, ARP_BAD_OPERATION},     {7, 0, 28, ARP_BAD_OPERATION},
        {7, 1, 27, ARP_TRUNCATED},         {7, 1, 0, ARP_TRUNCATED},
        {8, 3, 28, ARP_BAD_SENDER},        {14, 0xe0, 28, ARP_BAD_SENDER},
        {14, 127, 28, ARP_BAD_SENDER},     {13, 1, 28, ARP_OWN_PACKET},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[ARP_BYTES];
        struct arp_packet packet = {ARP_REQUEST, BOB_MAC, BOB, mac_none, ALICE};
        arp_emit(&packet, bytes);
        bytes[rows[i].place] = rows[i].value;
        enum arp_reason reason = arp_receive(&s.arp, (struct packet){bytes, rows[i].length, 0});
        if (reason != rows[i].reason)
            fail_msg("row %zu: %s", i, arp_reason_words[reason]);
        assert_string_equal(hand_word(hand_fact(&s.hand, "arp.ignored"), 0), arp_reason_words[reason]);
        assert_int_equal(s.arp.entry_count, 0);
    }
}

static void test_arp__reads_what_it_writes(void **state)
{
    uint8_t bytes[ARP_BYTES + 18] = {0}; /* with the link's padding */
    struct arp_packet out = {ARP_REPLY, BOB_MAC, BOB, ALICE_MAC, ALICE}, in;
    arp_emit(&out, bytes);
    assert_int_equal(arp_parse(bytes, sizeof bytes, &in), ARP_OK);
    assert_int_equal(in.operation, ARP_REPLY);
    assert_true(mac_is_equal(in.sender_mac, BOB_MAC));
    assert_true(mac_is_equal(in.target_mac, ALICE_MAC));
    assert_int_equal(in.sender.value, BOB.value);
    assert_int_equal(in.target.value, ALICE.value);
}

/* ---- RFC 826, packet reception ---- */

/* ARP-2: unknown senders are learned only if they ask for us. */
static void test_arp__learns_only_from_those_who_ask_for_us(void **state)
{
    station_hear_request(&s, CAROL_MAC, CAROL, BOB);
    assert_int_equal(state_of(CAROL), ARP_NONE);
    station_hear_request(&s, CAROL_MAC, CAROL, CAROL); /* gratuitous: adds none */
    assert_int_equal(state_of(CAROL), ARP_NONE);
    hand_expect_silence(&s.hand);
    station_hear_request(&s, CAROL_MAC, CAROL, ALICE);
    assert_int_equal(state_of(CAROL), ARP_REACHABLE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.learned"), 4), "it asked");
}

/* ARP-2: a known sender is updated by any ARP packet. */
static void test_arp__believes_that_a_known_station_has_moved(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    station_hear_request(&s, CAROL_MAC, BOB, BOB); /* gratuitous: changes the entry */
    assert_true(mac_is_equal(arp_find(&s.arp, BOB)->mac, CAROL_MAC));
    const struct hand_fact *fact = hand_fact(&s.hand, "arp.learned");
    assert_int_equal(fact->values[1], 0x020000000003);
    assert_string_equal(hand_word(fact, 2), "REACHABLE");
    assert_string_equal(hand_word(fact, 4), "it announced itself");
    assert_int_equal(station_send(&s, BOB, 5), IPV4_SENT);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, TO_BOB);
    assert_int_equal(frame->bytes[5], 3);
}

/* ARP-6. */
static void test_arp__is_silent_about_other_peoples_addresses(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, CAROL);
    assert_int_equal(s.arp.counters.requests_received, 1);
}

/* ARP-12: our own broadcast, come back to us. */
static void test_arp__does_not_answer_itself(void **state)
{
    station_hear_request(&s, ALICE_MAC, ALICE, ALICE);
    station_hear_request(&s, ALICE_MAC, BOB, ALICE);
    assert_int_equal(s.arp.entry_count, 0);
    assert_int_equal(s.arp.counters.ignored, 2);
}

/* RFC 5227 2.1.1: a probe is answered, and teaches nothing. */
static void test_arp__answers_a_probe_and_learns_nothing_from_it(void **state)
{
    station_hear_request(&s, BOB_MAC, IPV4_ANY, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    assert_int_equal(s.arp.entry_count, 0);
}

/* ---- Holding packets ---- */

/* ARP-3: the first packet is not lost, and leaves because of the answer. */
static void test_arp__keeps_packets_until_the_answer_comes(void **state)
{
    station_send(&s, BOB, 5);
    station_send(&s, BOB, 6);
    hand_expect_frame(&s.hand, ASK_BOB);
    hand_expect_silence(&s.hand);
    assert_int_equal(state_of(BOB), ARP_INCOMPLETE);
    hand_advance(&s.hand, 3 * ENV_MILLISECOND);
    station_hear_reply(&s, BOB_MAC, BOB);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, TO_BOB);
    assert_int_equal(frame->bytes[5], 2);
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "arp.learned"));
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 6");
    assert_int_equal(state_of(BOB), ARP_REACHABLE);
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, TO_BOB);
    const struct hand_fact *fact = hand_fact(&s.hand, "arp.learned");
    assert_string_equal(hand_word(fact, 2), "INCOMPLETE");
    assert_string_equal(hand_word(fact, 3), "REACHABLE");
    assert_string_equal(hand_word(fact, 4), "it answered");
}

/* The question goes back to the packet that waits. */
static void test_arp__says_why_it_asks(void **state)
{
    station_send(&s, BOB, 5);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, ASK_BOB);
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "arp.request_sent"));
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "arp.held"));
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "ip.tx"));
    assert_int_equal(s.hand.cause, 0);
}

/* What the caller does after sending is not laid at ARP's door. */
static void test_arp__gives_the_cause_back_to_its_caller(void **state)
{
    struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 5);
    static const struct env_kind kind = {"test.cause", "", NULL, 0, {{NULL}}};
    uint64_t mine = env_tell(&s.hand.env, &kind, 0, 0);
    env_because(&s.hand.env, mine);
    arp_send(&s.arp, BOB, &packet);
    assert_int_equal(env_cause(&s.hand.env), mine);
    hand_expect_frame(&s.hand, ASK_BOB);
    arp_delete(&s.arp, BOB);
}

/* ARP-3, RFC 1122 2.3.2.2: at least the latest; three by default. */
static void test_arp__keeps_the_latest_packets_when_too_many_wait(void **state)
{
    for (size_t bytes = 1; bytes <= 5; bytes++)
        station_send(&s, BOB, bytes);
    hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(hand_fact_count(&s.hand, "arp.drop"), 2);
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.drop"), 0), arp_drop_words[ARP_DROP_HOLD_FULL]);
    station_hear_reply(&s, BOB_MAC, BOB);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 3");
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 4");
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5");
}

/* ARP-4: at most one question a second; ARP-5: an error comes back. */
static void test_arp__asks_once_a_second_and_gives_up_after_three(void **state)
{
    for (int i = 0; i < 1000; i++) {
        station_send(&s, BOB, 5);
        hand_advance(&s.hand, ENV_MILLISECOND);
    }
    hand_expect_frame(&s.hand, ASK_BOB);
    const struct hand_frame *second = hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(second->at, ENV_SECOND);
    hand_expect_silence(&s.hand);
    hand_advance(&s.hand, 2 * ENV_SECOND - 1);
    hand_expect_frame(&s.hand, ASK_BOB);
    hand_expect_silence(&s.hand);
    assert_int_equal(state_of(BOB), ARP_INCOMPLETE);
    hand_advance(&s.hand, 1);
    assert_int_equal(state_of(BOB), ARP_FAILED);
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.failed"), 4), "no answer to the last question");
    assert_int_equal(hand_fact_count(&s.hand, "icmp.error_tx"),
                     3); /* one per packet that waited, to ourselves */
    assert_int_equal(hand_next_timer(&s.hand), ENV_NEVER);
}

static void test_arp__asks_again_when_a_packet_comes_after_failing(void **state)
{
    station_send(&s, BOB, 5);
    hand_advance(&s.hand, 3 * ENV_SECOND);
    for (int i = 0; i < 3; i++)
        hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(state_of(BOB), ARP_FAILED);
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(state_of(BOB), ARP_INCOMPLETE);
    station_hear_reply(&s, BOB_MAC, BOB);
    hand_expect_frame(&s.hand, TO_BOB);
}

/* ---- Growing old ---- */

/* ARP-4: 60 s without a sign; then the station itself is asked, while packets keep flowing. */
static void test_arp__polls_a_stale_station_that_is_needed(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    hand_advance(&s.hand, 60 * ENV_SECOND - 1);
    assert_int_equal(state_of(BOB), ARP_REACHABLE);
    hand_advance(&s.hand, 1);
    assert_int_equal(state_of(BOB), ARP_STALE);
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.aged"), 4), "no sign of it for long");
    hand_advance(&s.hand, 1000 * ENV_SECOND);
    hand_expect_silence(&s.hand); /* nobody needs bob: nobody asks */
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, TO_BOB);
    const struct hand_frame *poll = hand_expect_frame(&s.hand, ASK_BOB);
    assert_int_equal(poll->bytes[5], 2); /* to bob alone: RFC 1122 2.3.2.1 (2) */
    assert_int_equal(state_of(BOB), ARP_PROBE);
    station_hear_reply(&s, BOB_MAC, BOB);
    assert_int_equal(state_of(BOB), ARP_REACHABLE);
}

static void test_arp__gives_a_silent_station_up_after_three_polls(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    hand_advance(&s.hand, 61 * ENV_SECOND);
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, TO_BOB);
    hand_expect_frame(&s.hand, ASK_BOB);
    for (int i = 0; i < 2; i++) {
        hand_advance(&s.hand, ENV_SECOND);
        hand_expect_frame(&s.hand, ASK_BOB);
        station_send(&s, BOB, 5);
        hand_expect_frame(&s.hand, TO_BOB); /* the old address is used while it is being asked */
    }
    assert_int_equal(state_of(BOB), ARP_PROBE);
    hand_advance(&s.hand, ENV_SECOND);
    assert_int_equal(state_of(BOB), ARP_FAILED);
}

static void test_arp__trusts_a_station_for_60_s_after_each_sign(void **state)
{
    station_hear_request(&s, BOB_MAC, BOB, ALICE);
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    hand_advance(&s.hand, 40 * ENV_SECOND);
    station_hear_request(&s, BOB_MAC, BOB, CAROL);
    hand_advance(&s.hand, 59 * ENV_SECOND);
    assert_int_equal(state_of(BOB), ARP_REACHABLE);
    hand_advance(&s.hand, ENV_SECOND);
    assert_int_equal(state_of(BOB), ARP_STALE);
    assert_int_equal(hand_fact_count(&s.hand, "arp.learned"), 1); /* a sign is no news */
}

/* ---- Groups, commands, bounds ---- */

static void test_arp__needs_no_question_for_groups(void **state)
{
    assert_int_equal(station_send(&s, IPV4_BROADCAST, 5), IPV4_SENT);
    const struct hand_frame *all =
        hand_expect_frame(&s.hand, "IP 10.0.0.1 > 255.255.255.255:  ip-proto-253 5");
    assert_memory_equal(all->bytes, mac_broadcast.bytes, 6);
    assert_int_equal(station_send(&s, (struct ipv4_address){0x0a0000ff}, 5), IPV4_SENT);
    const struct hand_frame *directed =
        hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.255:  ip-proto-253 5");
    assert_memory_equal(directed->bytes, mac_broadcast.bytes, 6);
    assert_int_equal(station_send(&s, (struct ipv4_address){0xe0000005}, 5), IPV4_SENT);
    const struct hand_frame *group = hand_expect_frame(&s.hand, "IP 10.0.0.1 > 224.0.0.5:  ip-proto-253 5");
    assert_memory_equal(group->bytes, "\x01\x00\x5e\x00\x00\x05", 6);
}

static void test_arp__obeys_a_persons_commands(void **state)
{
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, ASK_BOB);
    assert_true(arp_add_permanent(&s.arp, BOB, BOB_MAC)); /* ip neigh replace ... nud permanent */
    hand_expect_frame(&s.hand, TO_BOB);
    station_hear_request(&s, CAROL_MAC, BOB, ALICE); /* an impostor */
    hand_expect_frame(&s.hand, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 46");
    assert_true(mac_is_equal(arp_find(&s.arp, BOB)->mac, BOB_MAC));
    hand_advance(&s.hand, 1000 * ENV_SECOND);
    assert_int_equal(state_of(BOB), ARP_PERMANENT);
    station_send(&s, CAROL, 5);
    hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.3 tell 10.0.0.1, length 46");
    arp_flush(&s.arp); /* ip neigh flush: keeps what a person set, drops what waits */
    assert_string_equal(hand_word(hand_fact(&s.hand, "arp.drop"), 0), arp_drop_words[ARP_DROP_FLUSHED]);
    assert_int_equal(s.arp.entry_count, 1);
    assert_true(arp_delete(&s.arp, BOB));
    assert_false(arp_delete(&s.arp, BOB));
    assert_int_equal(s.arp.entry_count, 0);
}

/* Finding is by hash, showing is in the order of being made, and the number of entries is bounded. */
static void test_arp__keeps_a_bounded_cache_in_order(void **state)
{
    for (uint32_t i = 0; i < 3000; i++) {
        struct ipv4_address sender = {0x0a000100 + i};
        station_hear_request(&s, mac_from_number(UINT64_C(0x020000010000) + i), sender, ALICE);
        assert_int_equal(state_of(sender), ARP_REACHABLE);
        hand_forget(&s.hand);
    }
    assert_int_equal(s.arp.entry_count, 1024);
    uint32_t expected = 0x0a000100 + 3000 - 1024;
    for (const struct arp_entry *entry = s.arp.oldest; entry; entry = entry->newer)
        assert_int_equal(entry->address.value, expected++);
    assert_int_equal(expected, 0x0a000100 + 3000);
}

/* The steady state asks for no memory: waiting places are used again. */
static void test_arp__recycles_waiting_places(void **state)
{
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, ASK_BOB);
    station_hear_reply(&s, BOB_MAC, BOB);
    hand_expect_frame(&s.hand, TO_BOB);
    hand_advance(&s.hand, 61 * ENV_SECOND);
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, TO_BOB);
    hand_expect_frame(&s.hand, ASK_BOB);
    hand_advance(&s.hand, 10 * ENV_SECOND);
    hand_expect_frame(&s.hand, ASK_BOB);
    hand_expect_frame(&s.hand, ASK_BOB);
    size_t memory = s.hand.memory_ever;
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, ASK_BOB);
    station_hear_reply(&s, BOB_MAC, BOB);
    hand_expect_frame(&s.hand, TO_BOB);
    assert_int_equal(s.hand.memory_ever, memory);
}

static void test_arp__tells_nothing_when_nobody_listens(void **state)
{
    s.hand.is_listening = false;
    size_t facts = s.hand.fact_count;
    station_send(&s, BOB, 5);
    hand_expect_frame(&s.hand, ASK_BOB);
    station_hear_reply(&s, BOB_MAC, BOB);
    hand_expect_frame(&s.hand, TO_BOB);
    assert_int_equal(s.hand.fact_count, facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_arp__asks_everybody_in_the_right_words),
        TEST(test_arp__answers_the_asker_alone),
        TEST(test_arp__ignores_what_it_cannot_read),
        TEST(test_arp__reads_what_it_writes),
        TEST(test_arp__learns_only_from_those_who_ask_for_us),
        TEST(test_arp__believes_that_a_known_station_has_moved),
        TEST(test_arp__is_silent_about_other_peoples_addresses),
        TEST(test_arp__does_not_answer_itself),
        TEST(test_arp__answers_a_probe_and_learns_nothing_from_it),
        TEST(test_arp__keeps_packets_until_the_answer_comes),
        TEST(test_arp__says_why_it_asks),
        TEST(test_arp__gives_the_cause_back_to_its_caller),
        TEST(test_arp__keeps_the_latest_packets_when_too_many_wait),
        TEST(test_arp__asks_once_a_second_and_gives_up_after_three),
        TEST(test_arp__asks_again_when_a_packet_comes_after_failing),
        TEST(test_arp__polls_a_stale_station_that_is_needed),
        TEST(test_arp__gives_a_silent_station_up_after_three_polls),
        TEST(test_arp__trusts_a_station_for_60_s_after_each_sign),
        TEST(test_arp__needs_no_question_for_groups),
        TEST(test_arp__obeys_a_persons_commands),
        TEST(test_arp__keeps_a_bounded_cache_in_order),
        TEST(test_arp__recycles_waiting_places),
        TEST(test_arp__tells_nothing_when_nobody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
