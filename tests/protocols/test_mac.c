/* SPDX-License-Identifier: MIT
 * CSMA/CD on a hand-turned clock: every row of the table in mac.h, the rules of IEEE 802.3 4.2.3 (ETH-9 to
 * ETH-18 of the checklist), and fair dice. What follows from the dice is in test_backoff.c. */
#include "protocols/ethernet/mac.h"
#include "tests/protocols/hand_env.h"

#define BIT (100 * ENV_NANOSECOND) /* at 10 Mb/s */
#define RATE 10000000
#define FRAME 64       /* bytes */
#define FRAME_BITS 576 /* with preamble */

/* ---- One station, on a cable that the test plays ---- */

struct station {
    struct hand_env hand;
    struct mac mac;
    struct mac_carrier carrier; /* what is heard, as the test says */
    bool watches;
    unsigned begun, whole, broken; /* signals */
    uint32_t bits;                 /* of the last signal */
    unsigned sent, given_up, given_up_late;
};

static struct station *station_of(struct mac *mac)
{
    return ENV_OWNER(mac, struct station, mac);
}

static void on_carrier(struct mac *mac, struct mac_carrier *ret_carrier)
{
    *ret_carrier = station_of(mac)->carrier;
}

static void on_watch(struct mac *mac)
{
    station_of(mac)->watches = true;
}

static void on_begin(struct mac *mac)
{
    station_of(mac)->begun++;
}

static void on_end(struct mac *mac, uint32_t bits, bool is_whole)
{
    struct station *station = station_of(mac);
    *(is_whole ? &station->whole : &station->broken) += 1;
    station->bits = bits;
}

static void on_done(struct mac *mac, enum mac_outcome outcome)
{
    struct station *station = station_of(mac);
    station->sent += outcome == MAC_SENT;
    station->given_up += outcome == MAC_GIVEN_UP;
    station->given_up_late += outcome == MAC_GIVEN_UP_LATE;
}

static const struct mac_ops ops = {on_carrier, on_watch, on_begin, on_end, on_done};

static void station_init(struct station *station, int64_t rate_bps)
{
    struct mac_config config = mac_config_for(rate_bps);
    memset(station, 0, sizeof *station);
    hand_init(&station->hand);
    station->carrier = (struct mac_carrier){false, INT64_MIN, INT64_MIN};
    mac_init(&station->mac, &station->hand.env, &ops, &config);
    hand_advance(&station->hand, ENV_SECOND);
}

static void station_release(struct station *station)
{
    mac_release(&station->mac);
    hand_release(&station->hand);
}

/* Somebody else begins, or falls silent, now. */
static void carrier_on(struct station *station)
{
    station->carrier = (struct mac_carrier){true, station->hand.now, station->carrier.since};
}

static void carrier_off(struct station *station)
{
    station->carrier = (struct mac_carrier){false, station->hand.now, INT64_MIN};
    if (station->watches) {
        station->watches = false;
        mac_silence(&station->mac);
    }
}

static void advance_bits(struct station *station, int64_t bits)
{
    hand_advance(&station->hand, bits * BIT);
}

static void assert_state(const struct station *station, enum mac_state state)
{
    assert_string_equal(mac_state_words[station->mac.state], mac_state_words[state]);
}

/* Lets the station collide right after it has begun, and finish its jam. */
static void collide(struct station *station)
{
    assert_state(station, MAC_TRANSMIT);
    advance_bits(station, 20);
    mac_collision(&station->mac);
    assert_state(station, MAC_JAM);
    advance_bits(station, 76);
}

/* ---- Rows of the table ---- */

static void test_mac__a_silent_cable_is_used_at_once(void **state)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    assert_state(&s, MAC_TRANSMIT);
    assert_int_equal(s.begun, 1);
    advance_bits(&s, FRAME_BITS - 1);
    assert_int_equal(s.whole, 0);
    advance_bits(&s, 1);
    assert_state(&s, MAC_IDLE);
    assert_int_equal(s.whole, 1);
    assert_int_equal(s.bits, FRAME_BITS);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.mac.counters.deferred, 0);
    station_release(&s);
}

/* ETH-8, ETH-9: deferral, and 96 bits of silence after it. */
static void test_mac__a_busy_cable_is_waited_for_and_then_the_gap(void **state)
{
    struct station s;
    station_init(&s, RATE);
    carrier_on(&s);
    advance_bits(&s, 10);
    mac_send(&s.mac, FRAME, 1);
    assert_state(&s, MAC_DEFER);
    assert_true(s.watches);
    advance_bits(&s, 700);
    carrier_off(&s);
    assert_state(&s, MAC_GAP);
    advance_bits(&s, 95);
    assert_int_equal(s.begun, 0);
    advance_bits(&s, 1);
    assert_state(&s, MAC_TRANSMIT);
    advance_bits(&s, FRAME_BITS);
    assert_int_equal(s.mac.counters.deferred, 1);
    station_release(&s);
}

/* ETH-9: also between own frames, and after a signal that ended a while ago. */
static void test_mac__the_gap_counts_from_whoever_was_last(void **state)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    advance_bits(&s, FRAME_BITS);
    mac_send(&s.mac, FRAME, 2);
    assert_state(&s, MAC_GAP);
    advance_bits(&s, 96);
    assert_state(&s, MAC_TRANSMIT);
    advance_bits(&s, FRAME_BITS + 200);
    carrier_on(&s);
    advance_bits(&s, 600);
    carrier_off(&s);
    advance_bits(&s, 30);
    mac_send(&s.mac, FRAME, 3);
    assert_state(&s, MAC_GAP);
    advance_bits(&s, 65);
    assert_int_equal(s.begun, 2);
    advance_bits(&s, 1);
    assert_int_equal(s.begun, 3);
    station_release(&s);
}

/* ETH-10: in the first 64 bits of the gap a signal starts it anew; later it is ignored. */
static void carrier_in_gap(unsigned after_bits, bool is_ignored)
{
    struct station s;
    station_init(&s, RATE);
    carrier_on(&s);
    advance_bits(&s, 10);
    mac_send(&s.mac, FRAME, 1);
    carrier_off(&s);
    advance_bits(&s, after_bits);
    carrier_on(&s);
    advance_bits(&s, 96 - after_bits);
    if (s.begun != is_ignored)
        fail_msg("carrier after %u bits of the gap: begun %u times", after_bits, s.begun);
    assert_state(&s, is_ignored ? MAC_TRANSMIT : MAC_DEFER);
    station_release(&s);
}

static void test_mac__carrier_restarts_the_first_two_thirds_of_the_gap_only(void **state)
{
    carrier_in_gap(1, false);
    carrier_in_gap(40, false);
    carrier_in_gap(63, false);
    carrier_in_gap(64, true);
    carrier_in_gap(80, true);
    carrier_in_gap(95, true);
}

/* The trap: what begins at the very end of the gap was not sensed before it. */
static void test_mac__who_begins_at_the_same_instant_is_not_deferred_to(void **state)
{
    struct station s;
    station_init(&s, RATE);
    carrier_on(&s);
    mac_send(&s.mac, FRAME, 1);
    assert_int_equal(s.begun, 1);
    station_release(&s);
}

/* ETH-11: preamble and start delimiter are finished, then 32 bits of jam; with more than 64 bits out the jam
 * follows at once. */
static void jam_after(unsigned bits, unsigned whole)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    advance_bits(&s, bits);
    mac_collision(&s.mac);
    assert_state(&s, MAC_JAM);
    advance_bits(&s, whole - bits - 1);
    assert_int_equal(s.broken, 0);
    advance_bits(&s, 1);
    assert_int_equal(s.broken, 1);
    assert_int_equal(s.bits, whole);
    station_release(&s);
}

static void test_mac__a_fragment_has_at_least_96_bits(void **state)
{
    jam_after(1, 96);
    jam_after(21, 96);
    jam_after(63, 96);
    jam_after(64, 96);
    jam_after(65, 97);
    jam_after(500, 532);
}

static void test_mac__a_second_collision_signal_changes_nothing(void **state)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    advance_bits(&s, 10);
    mac_collision(&s.mac);
    advance_bits(&s, 10);
    mac_collision(&s.mac);
    assert_int_equal(s.mac.counters.collisions, 1);
    advance_bits(&s, 76);
    assert_int_equal(s.broken, 1);
    station_release(&s);
}

/* ETH-13: r slots from the end of the own jam; without a wait only the gap. */
static void test_mac__the_dice_count_from_the_end_of_the_jam(void **state)
{
    unsigned seen[2] = {0, 0};
    for (uint64_t seed = 1; seed < 20; seed++) {
        struct station s;
        station_init(&s, RATE);
        s.hand.random = seed * 7919;
        mac_send(&s.mac, FRAME, 1);
        collide(&s);
        int64_t drawn = hand_fact(&s.hand, "mac.backoff")->values[1];
        seen[drawn]++;
        advance_bits(&s, (drawn ? 512 : 96) - 1);
        assert_int_equal(s.begun, 1);
        advance_bits(&s, 1);
        assert_int_equal(s.begun, 2);
        assert_true(hand_goes_back_to(&s.hand, hand_fact(&s.hand, "mac.begin")->cause, "mac.backoff"));
        station_release(&s);
    }
    assert_true(seen[0] && seen[1]);
}

/* ETH-14: exactly 16 fragments, an error for the client, and the next frame begins at attempt 1. */
static void test_mac__sixteen_collisions_and_the_frame_is_given_up(void **state)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    for (unsigned attempt = 1; attempt <= 16; attempt++) {
        unsigned power = attempt < 10 ? attempt : 10;
        assert_int_equal(s.mac.attempts, attempt);
        collide(&s);
        if (attempt == 16)
            break;
        assert_int_equal(s.mac.backoff_range, 1u << power);
        assert_true(s.mac.backoff_drawn < s.mac.backoff_range);
        while (s.mac.state != MAC_TRANSMIT)
            hand_advance(&s.hand, hand_next_timer(&s.hand) - s.hand.now);
    }
    assert_state(&s, MAC_IDLE);
    assert_int_equal(s.broken, 16);
    assert_int_equal(s.given_up, 1);
    assert_int_equal(s.mac.counters.excessive, 1);
    advance_bits(&s, 10000);
    assert_int_equal(s.begun, 16);
    mac_send(&s.mac, FRAME, 2);
    assert_int_equal(s.mac.attempts, 1);
    station_release(&s);
}

/* ETH-15: after a hard fight the next frame backs off from k = 1. ETH-21: counted by collisions. */
static void test_mac__success_resets_the_counter(void **state)
{
    struct station s;
    station_init(&s, RATE);
    for (unsigned fight = 1; fight <= 3; fight++) {
        mac_send(&s.mac, FRAME, fight);
        for (unsigned i = 0; i < fight; i++) {
            while (s.mac.state != MAC_TRANSMIT)
                hand_advance(&s.hand, hand_next_timer(&s.hand) - s.hand.now);
            collide(&s);
        }
        assert_int_equal(s.mac.backoff_range, 1u << fight);
        while (s.sent < fight)
            hand_advance(&s.hand, hand_next_timer(&s.hand) - s.hand.now);
    }
    assert_int_equal(s.mac.counters.single_collision, 1);
    assert_int_equal(s.mac.counters.multiple_collision, 2);
    assert_int_equal(s.mac.counters.collisions, 6);
    station_release(&s);
}

/* ETH-16: later than 512 bits after the first bit, preamble counted. */
static void test_mac__a_collision_after_the_slot_time_is_late_and_tried_again(void **state)
{
    for (unsigned bits = 512; bits <= 513; bits++) {
        struct station s;
        station_init(&s, RATE);
        mac_send(&s.mac, 1518, 1);
        advance_bits(&s, bits);
        mac_collision(&s.mac);
        assert_int_equal(s.mac.counters.late_collision, bits > 512);
        assert_int_equal(hand_fact_count(&s.hand, "mac.late_collision"), bits > 512);
        advance_bits(&s, 32);
        assert_int_equal(s.given_up_late, 0);
        assert_true(s.mac.has_frame);
        station_release(&s);
    }
}

/* ETH-18: 64 bytes take 4096 bits and the preamble; a late collision is never retried. */
static void test_mac__at_one_gigabit_short_frames_are_extended_and_late_collisions_final(void **state)
{
    struct station s;
    station_init(&s, 1000000000);
    mac_send(&s.mac, FRAME, 1);
    hand_advance(&s.hand, 4160 * ENV_NANOSECOND);
    assert_int_equal(s.sent, 1);
    assert_int_equal(s.bits, 4160);
    hand_advance(&s.hand, ENV_MILLISECOND);
    mac_send(&s.mac, 1518, 2);
    hand_advance(&s.hand, 4097 * ENV_NANOSECOND);
    mac_collision(&s.mac);
    hand_advance(&s.hand, ENV_MILLISECOND);
    assert_int_equal(s.given_up_late, 1);
    assert_int_equal(s.mac.counters.excessive, 0);
    assert_int_equal(s.begun, 2);
    station_release(&s);
}

static void test_mac__an_aborted_signal_ends_and_nothing_follows(void **state)
{
    struct station s;
    station_init(&s, RATE);
    mac_send(&s.mac, FRAME, 1);
    advance_bits(&s, 100);
    mac_abort(&s.mac);
    assert_int_equal(s.broken, 1);
    assert_int_equal(s.bits, 100);
    assert_int_equal(hand_next_timer(&s.hand), ENV_NEVER);
    assert_state(&s, MAC_IDLE);
    mac_abort(&s.mac);
    assert_int_equal(s.broken, 1);
    station_release(&s);
}

/* A textbook lets a station wait a whole gap when its dice's time is over; the standard does not. */
static void test_mac__resting_after_backoff_is_an_option_and_not_the_standard(void **state)
{
    for (int rests = 0; rests < 2; rests++) {
        struct station s;
        station_init(&s, RATE);
        s.hand.random = 2 * 7919;
        s.mac.config.rests_after_backoff = rests;
        mac_send(&s.mac, FRAME, 1);
        collide(&s);
        advance_bits(&s, 512 * s.mac.backoff_drawn + (s.mac.backoff_drawn || rests ? 0 : 96));
        assert_int_equal(s.begun, rests ? 1 : 2);
        advance_bits(&s, 96);
        assert_int_equal(s.begun, 2);
        station_release(&s);
    }
}

/* ---- Dice ---- */

/* Chi-square of `count` throws into `bins` equal bins, in hundredths. */
static uint64_t chi_square(const unsigned *counts, unsigned bins, unsigned count)
{
    uint64_t sum = 0, expected = count / bins;
    for (unsigned i = 0; i < bins; i++) {
        int64_t off = (int64_t)counts[i] - (int64_t)expected;
        sum += (uint64_t)(off * off) * 100 / expected;
    }
    return sum;
}

/* ETH-13: 10 240 throws after the k-th collision; limits are those of 0.1 % for 1, 3 and 31 degrees. */
static void check_dice(unsigned attempts, unsigned bins, uint64_t limit)
{
    unsigned counts[32] = {0};
    struct station s;
    station_init(&s, RATE);
    s.hand.is_listening = false;
    for (unsigned i = 0; i < 10240; i++) {
        mac_send(&s.mac, FRAME, 1);
        while (s.mac.state != MAC_TRANSMIT)
            hand_advance(&s.hand, hand_next_timer(&s.hand) - s.hand.now);
        s.mac.attempts = attempts;
        collide(&s);
        counts[s.mac.backoff_drawn * bins / s.mac.backoff_range]++;
        mac_release(&s.mac);
    }
    uint64_t found = chi_square(counts, bins, 10240);
    if (found > limit)
        fail_msg("attempt %u: chi-square %llu.%02llu", attempts, (unsigned long long)(found / 100),
                 (unsigned long long)(found % 100));
    station_release(&s);
}

static void test_mac__the_dice_are_fair(void **state)
{
    check_dice(1, 2, 1083);
    check_dice(2, 4, 1627);
    check_dice(5, 32, 6110);
    check_dice(10, 32, 6110);
    check_dice(15, 32, 6110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mac__a_silent_cable_is_used_at_once),
        cmocka_unit_test(test_mac__a_busy_cable_is_waited_for_and_then_the_gap),
        cmocka_unit_test(test_mac__the_gap_counts_from_whoever_was_last),
        cmocka_unit_test(test_mac__carrier_restarts_the_first_two_thirds_of_the_gap_only),
        cmocka_unit_test(test_mac__who_begins_at_the_same_instant_is_not_deferred_to),
        cmocka_unit_test(test_mac__a_fragment_has_at_least_96_bits),
        cmocka_unit_test(test_mac__a_second_collision_signal_changes_nothing),
        cmocka_unit_test(test_mac__the_dice_count_from_the_end_of_the_jam),
        cmocka_unit_test(test_mac__sixteen_collisions_and_the_frame_is_given_up),
        cmocka_unit_test(test_mac__success_resets_the_counter),
        cmocka_unit_test(test_mac__a_collision_after_the_slot_time_is_late_and_tried_again),
        cmocka_unit_test(test_mac__at_one_gigabit_short_frames_are_extended_and_late_collisions_final),
        cmocka_unit_test(test_mac__an_aborted_signal_ends_and_nothing_follows),
        cmocka_unit_test(test_mac__resting_after_backoff_is_an_option_and_not_the_standard),
        cmocka_unit_test(test_mac__the_dice_are_fair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
