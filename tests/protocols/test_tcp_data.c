/* SPDX-License-Identifier: MIT
 * Octets on their way, acknowledgments and windows: RFC 9293 sections 3.7 and 3.8. Checklist TCP-5, TCP-6,
 * TCP-36 to TCP-45, TCP-76, TCP-77. */
#include "tests/protocols/tcp_lab.h"

#include <stdio.h>

static struct tcp_lab lab;
static struct tcp_socket *s;

static void begin(enum tcp_profile profile, const char *options, unsigned window)
{
    lab_init_alone(&lab, profile);
    s = lab_accepted(&lab, options, window);
}

static int set_up(void **state)
{
    begin(TCP_PROFILE_LINUX, NULL, 10000);
    return 0;
}

static int set_up_rfc(void **state)
{
    begin(TCP_PROFILE_RFC, NULL, 10000);
    return 0;
}

static int set_up_sack(void **state)
{
    begin(TCP_PROFILE_LINUX, "mss 1000,sackOK", 10000);
    return 0;
}

static int set_up_no_probes(void **state)
{
    lab_init_alone(&lab, TCP_PROFILE_LINUX);
    tcp_set(&lab.hosts[0].tcp, TCP_SET_EARLY_RETRANS, 0);
    s = lab_accepted(&lab, "mss 1000,sackOK", 10000);
    return 0;
}

/* A buffer for 10000 octets. */
static int set_up_small(void **state)
{
    lab_init_alone(&lab, TCP_PROFILE_LINUX);
    tcp_set(&lab.hosts[0].tcp, TCP_SET_RMEM_DEFAULT, 20000);
    tcp_set(&lab.hosts[0].tcp, TCP_SET_MODERATE_RCVBUF, 0);
    s = lab_accepted(&lab, NULL, 10000);
    return 0;
}

static int set_up_zero(void **state)
{
    begin(TCP_PROFILE_LINUX, NULL, 0);
    return 0;
}

static int set_up_zero_rfc(void **state)
{
    begin(TCP_PROFILE_RFC, NULL, 0);
    return 0;
}

static int tear_down(void **state)
{
    lab_expect_silence(&lab);
    tcp_abort(s);
    lab_release(&lab);
    return 0;
}

static void send_octets(size_t count, unsigned flags)
{
    assert_int_equal(tcp_send(s, NULL, count, flags), count);
}

/* ---- Sending ---- */

/* TCP-5: RFC 9293 section 3.9.1.2. */
static void test_push__is_set_on_the_last_segment_of_what_was_given(void **state)
{
    send_octets(3000, 0);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_expect(&lab, ". 1001:2001(1000) ack 1");
    lab_expect(&lab, "P. 2001:3001(1000) ack 1");
    assert_int_equal(tcp_unacked_bytes(s), 3000);
    lab_hear(&lab, ". 1:1(0) ack 3001 win 10000");
    assert_int_equal(tcp_unacked_bytes(s), 0);
}

/* TCP-36: RFC 9293 section 3.7.4. */
static void test_nagle__holds_a_small_segment_back_while_another_is_out(void **state)
{
    send_octets(10, 0);
    lab_expect(&lab, "P. 1:11(10) ack 1");
    send_octets(20, 0);
    send_octets(30, 0);
    lab_expect_silence(&lab);
    lab_hear(&lab, ". 1:1(0) ack 11 win 10000");
    lab_expect(&lab, "P. 11:61(50) ack 1");
    tcp_set_option(s, TCP_OPT_NODELAY, 1);
    send_octets(5, 0);
    lab_expect(&lab, "P. 61:66(5) ack 1");
}

static void test_nagle__of_linux_does_not_hold_the_tail_of_a_burst_back(void **state)
{
    send_octets(1500, 0);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_expect(&lab, "P. 1001:1501(500) ack 1");
    send_octets(100, 0);
    lab_expect_silence(&lab);
    lab_hear(&lab, ". 1:1(0) ack 1501 win 10000");
    lab_expect(&lab, "P. 1501:1601(100) ack 1");
}

static void test_nagle__of_the_rfc_holds_every_tail_back(void **state)
{
    send_octets(1500, 0);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_expect_silence(&lab);
    lab_hear(&lab, ". 1:1(0) ack 1001 win 10000");
    lab_expect(&lab, "P. 1001:1501(500) ack 1");
}

static void test_cork__waits_for_a_full_segment_or_200_ms(void **state)
{
    tcp_set_option(s, TCP_OPT_CORK, 1);
    send_octets(1400, 0);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1001 win 10000");
    lab_expect_silence(&lab);
    lab_run(&lab, 201 * ENV_MILLISECOND);
    lab_expect(&lab, "P. 1001:1401(400) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1401 win 10000");
    send_octets(7, 0);
    lab_expect_silence(&lab);
    tcp_set_option(s, TCP_OPT_CORK, 0);
    lab_expect(&lab, "P. 1401:1408(7) ack 1");
}

static void test_more__waits_for_what_follows(void **state)
{
    send_octets(100, TCP_SEND_MORE);
    lab_expect_silence(&lab);
    send_octets(100, 0);
    lab_expect(&lab, "P. 1:201(200) ack 1");
}

static void test_eor__ends_a_segment(void **state)
{
    tcp_set_option(s, TCP_OPT_NODELAY, 1);
    tcp_set_option(s, TCP_OPT_CORK, 1);
    send_octets(100, TCP_SEND_EOR);
    send_octets(100, TCP_SEND_EOR);
    send_octets(50, 0);
    tcp_set_option(s, TCP_OPT_CORK, 0);
    lab_expect(&lab, "P. 1:101(100) ack 1");
    lab_expect(&lab, "P. 101:201(100) ack 1");
    lab_expect(&lab, "P. 201:251(50) ack 1");
}

static void test_send__takes_what_there_is_room_for(void **state)
{
    tcp_set_option(s, TCP_OPT_SNDBUF, 10000); /* doubled */
    assert_int_equal(tcp_send(s, NULL, 30000, 0), 20000);
    assert_int_equal(tcp_send(s, NULL, 1, 0), -NET_EAGAIN);
    assert_false(tcp_ready(s) & TCP_READY_OUT);
    assert_int_equal(lab_ignore(&lab), 10);
    lab_hear(&lab, ". 1:1(0) ack 9001 win 10000");
    assert_int_equal(lab_ignore(&lab), 9);
    assert_true(tcp_ready(s) & TCP_READY_OUT);
    assert_int_equal(tcp_send(s, NULL, 30000, 0), 9000);
}

/* ---- The peer's window ---- */

/* TCP-40: RFC 9293 section 3.8.6.2.1: not a silly segment for a small opening; after a while all the same. */
static void test_window__too_small_for_a_segment_is_used_after_a_while(void **state)
{
    send_octets(10500, 0);
    assert_int_equal(lab_ignore(&lab), 10);
    lab_hear(&lab, ". 1:1(0) ack 10001 win 300");
    lab_expect_silence(&lab);
    lab_run(&lab, 201 * ENV_MILLISECOND);
    lab_expect(&lab, ". 10001:10301(300) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 10301 win 10000");
    lab_expect(&lab, "P. 10301:10501(200) ack 1");
}

/* TCP-42: RFC 9293 section 3.8.6.1: probes for ever while they are answered, at doubling intervals. */
static void test_window__closed_is_probed_with_an_old_number_on_linux(void **state)
{
    int64_t wait = 200 * ENV_MILLISECOND;
    send_octets(100, 0);
    for (int i = 0; i < 40; i++) {
        int64_t left = s->timers.at[TCP_TIMER_PERSIST] - lab.hand.now;
        assert_in_range(left, wait, wait + 1000000);
        lab_run(&lab, left - 1);
        lab_expect_silence(&lab);
        lab_run(&lab, 1);
        lab_expect(&lab, ". 0:0(0) ack 1");
        lab_hear(&lab, ". 1:1(0) ack 1 win 0");
        wait = wait * 2 < 120 * ENV_SECOND ? wait * 2 : 120 * ENV_SECOND;
        hand_forget(&lab.hand);
    }
    lab_hear(&lab, ". 1:1(0) ack 1 win 500"); /* the update at last */
    lab_expect(&lab, "P. 1:101(100) ack 1");
}

static void test_window__closed_is_probed_with_an_octet_by_the_rfc(void **state)
{
    send_octets(100, 0);
    lab_run(&lab, ENV_SECOND);
    lab_expect(&lab, "P. 1:2(1) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1 win 0");
    lab_run(&lab, 2 * ENV_SECOND);
    lab_expect(&lab, "P. 1:2(1) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 500"); /* it was taken after all */
    lab_expect(&lab, "P. 2:101(99) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 101 win 500");
    assert_int_equal(tcp_unacked_bytes(s), 0);
}

/* TCP-41: a peer that shrinks its window must not do harm. */
static void test_window__that_shrinks_below_what_was_sent_does_no_harm(void **state)
{
    send_octets(12000, 0);
    assert_int_equal(lab_ignore(&lab), 10);
    lab_hear(&lab, ". 1:1(0) ack 1001 win 2000");
    lab_expect_silence(&lab);
    assert_int_equal(tcp_state(s), TCP_ESTABLISHED);
    lab_run(&lab, 400 * ENV_MILLISECOND);
    lab_expect(&lab, ". 1001:2001(1000) ack 1"); /* retransmission is still possible */
    lab_ignore(&lab);
    lab_hear(&lab, ". 1:1(0) ack 10001 win 5000");
    lab_expect(&lab, ". 10001:11001(1000) ack 1");
    lab_expect(&lab, "P. 11001:12001(1000) ack 1");
}

/* RFC 9293 section 3.10.7.4: an old segment that comes late does not move the window back. */
static void test_window__is_not_taken_from_an_old_segment(void **state)
{
    lab_hear(&lab, "P. 1:11(10) ack 1 win 8000");
    assert_int_equal(s->snd.wnd, 8000);
    lab_hear(&lab, ". 11:11(0) ack 1 win 7000");
    assert_int_equal(s->snd.wnd, 7000);
    lab_hear(&lab, "P. 1:11(10) ack 1 win 3000");
    assert_int_equal(s->snd.wnd, 7000);
    lab_ignore(&lab);
}

/* ---- Receiving ---- */

static void expect_octets(uint32_t first, uint32_t count)
{
    uint8_t bytes[20000];
    assert_int_equal(tcp_receive(s, bytes, sizeof bytes, 0), count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], (uint8_t)(first + i));
}

/* TCP-37, on Linux: the first ones at once, then every second full one, or after 40 ms. */
static void test_acks__on_linux_are_quick_at_first(void **state)
{
    uint32_t seq = 1;
    unsigned acks = 0;
    char line[100];
    for (int i = 0; i < 100; i++, seq += 1000) {
        snprintf(line, sizeof line, ". %u:%u(1000) ack 1 win 10000", seq, seq + 1000);
        lab_hear(&lab, line);
        assert_int_equal(tcp_receive(s, NULL, 2000, 0), 1000);
        unsigned now = lab_ignore(&lab);
        assert_true(now <= 1);
        if (i < 15)
            assert_int_equal(now, 1);
        acks += now;
    }
    assert_in_range(acks, 50, 60);
}

static void test_acks__of_the_rfc_are_for_every_second_segment_or_200_ms(void **state)
{
    for (int i = 0; i < 2; i++) { /* the first one shows how large segments are */
        lab_hear(&lab, i ? ". 1001:2001(1000) ack 1 win 10000" : ". 1:1001(1000) ack 1 win 10000");
        assert_int_equal(lab_ignore(&lab), i);
    }
    lab_hear(&lab, "P. 2001:2101(100) ack 1 win 10000");
    lab_run(&lab, 200 * ENV_MILLISECOND - 1); /* RFC 9293 section 3.8.6.3: within 0.5 s */
    lab_expect_silence(&lab);
    lab_run(&lab, 1);
    lab_expect(&lab, ". 1:1(0) ack 2101");
}

static void test_acks__ride_on_data(void **state)
{
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000");
    send_octets(5, 0);
    lab_expect(&lab, "P. 1:6(5) ack 101");
    lab_run(&lab, 100 * ENV_MILLISECOND);
}

/* TCP-38, TCP-76: RFC 5681 section 4.2, RFC 2018 section 4: the newest first. */
static void test_acks__of_what_is_out_of_order_come_at_once_with_ranges(void **state)
{
    lab_hear(&lab, ". 1001:2001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 1001:2001>");
    lab_hear(&lab, ". 3001:4001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 3001:4001 1001:2001>");
    lab_hear(&lab, ". 5001:6001(1000) ack 1 win 10000");
    lab_hear(&lab, ". 7001:8001(1000) ack 1 win 10000");
    lab_hear(&lab, ". 9001:10001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 5001:6001 3001:4001 1001:2001>");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 7001:8001 5001:6001 3001:4001 1001:2001>");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 9001:10001 7001:8001 5001:6001 3001:4001>");
    lab_hear(&lab, ". 2001:3001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240 <sack 1001:4001 9001:10001 7001:8001 5001:6001>");
    lab_hear(&lab, ". 1:1001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 4001");
    expect_octets(0, 4000);
}

/* TCP-77: RFC 2883 section 4. */
static void test_acks__tell_what_came_twice(void **state)
{
    lab_hear(&lab, "P. 1:1001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1001");
    lab_hear(&lab, "P. 1:1001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1001 win 64000 <sack 1:1001>");
    lab_hear(&lab, ". 2001:3001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1001 win 64000 <sack 2001:3001>");
    lab_hear(&lab, ". 2501:3001(500) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1001 win 64000 <sack 2501:3001 2001:3001>");
}

/* TCP-44: overlaps in any shape give the same octets. */
static void test_receive__of_overlaps_gives_each_octet_once(void **state)
{
    lab_hear(&lab, ". 501:1501(1000) ack 1 win 10000");
    lab_hear(&lab, ". 301:701(400) ack 1 win 10000");
    lab_hear(&lab, ". 1401:2001(600) ack 1 win 10000");
    lab_hear(&lab, ". 2101:2201(100) ack 1 win 10000");
    lab_hear(&lab, ". 1:2401(2400) ack 1 win 10000");
    lab_ignore(&lab);
    expect_octets(0, 2400);
}

static void test_receive__may_look_without_taking(void **state)
{
    uint8_t bytes[10];
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000");
    lab_ignore(&lab);
    assert_int_equal(tcp_receive(s, bytes, 10, TCP_RECEIVE_PEEK), 10);
    assert_int_equal(bytes[9], 9);
    assert_int_equal(tcp_unread_bytes(s), 100);
    expect_octets(0, 100);
    assert_int_equal(tcp_receive(s, bytes, 10, 0), -NET_EAGAIN);
}

/* TCP-39: the window closes, and opens only in steps that are worth it. RFC 9293 section 3.8.6.2.2. */
static void test_window_of_ours__opens_in_steps(void **state)
{
    char line[100];
    uint32_t seq = 1;
    for (; seq < 10001 && tcp_unread_bytes(s) < 10000; seq += 1000) {
        snprintf(line, sizeof line, ". %u:%u(1000) ack 1 win 10000", seq, seq + 1000);
        lab_hear(&lab, line);
    }
    lab_run(&lab, ENV_SECOND);
    lab_ignore(&lab);
    uint32_t unread = tcp_unread_bytes(s), window = s->rcv.adv.value - s->rcv.nxt.value;
    assert_int_equal(unread, 10000);
    unsigned updates = 0, octets = 0;
    for (; octets < 10000; octets++) { /* the reader takes one octet at a time */
        assert_int_equal(tcp_receive(s, line, 1, 0), 1);
        uint32_t now = s->rcv.adv.value - s->rcv.nxt.value;
        if (now != window)
            assert_true(now - window >= 1000 || now - window >= 5000);
        window = now;
        updates += lab_ignore(&lab);
    }
    assert_in_range(updates, 1, 10);
}

static void test_window_of_ours__closed_refuses_data_and_takes_acks(void **state)
{
    send_octets(100, 0);
    lab_ignore(&lab);
    s->rcv.space_bytes = 0;
    s->rcv.adv = s->rcv.nxt;
    lab_hear(&lab, "P. 1:101(100) ack 101 win 9000");
    assert_int_equal(tcp_unacked_bytes(s), 0); /* RFC 9293 section 3.10.7.4: "special allowance" */
    assert_int_equal(tcp_unread_bytes(s), 0);
    lab_expect(&lab, ". 101:101(0) ack 1 win 0");
}

/* ---- Urgent ---- */

/* TCP-6: RFC 9293 section 3.8.5, RFC 6093. */
static void test_urgent__octet_is_read_apart(void **state)
{
    uint8_t octet = 99;
    uint8_t bytes[200];
    lab_hear(&lab, "PU. 1:101(100) ack 1 win 10000 urg 51");
    lab_ignore(&lab);
    assert_true(tcp_ready(s) & TCP_READY_PRI);
    assert_int_equal(tcp_receive(s, &octet, 1, TCP_RECEIVE_OOB), 1);
    assert_int_equal(octet, 50);
    assert_int_equal(tcp_receive(s, bytes, 200, 0), 50); /* up to the mark */
    assert_int_equal(tcp_receive(s, bytes, 200, 0), 49); /* the rest, without it */
    assert_int_equal(bytes[0], 51);
}

static void test_urgent__octet_may_stay_in_line(void **state)
{
    uint8_t bytes[200];
    tcp_set_option(s, TCP_OPT_OOBINLINE, 1);
    lab_hear(&lab, "PU. 1:101(100) ack 1 win 10000 urg 51");
    lab_ignore(&lab);
    assert_int_equal(tcp_receive(s, bytes, 200, 0), 50);
    assert_true(tcp_is_at_mark(s));
    assert_int_equal(tcp_receive(s, bytes, 1, TCP_RECEIVE_OOB), -NET_EINVAL);
    assert_int_equal(tcp_receive(s, bytes, 200, 0), 50);
    assert_int_equal(bytes[0], 50);
}

static void test_urgent__is_announced_by_what_is_sent(void **state)
{
    send_octets(100, TCP_SEND_OOB);
    lab_expect(&lab, "PU. 1:101(100) ack 1 urg 100");
    lab_hear(&lab, ". 1:1(0) ack 101 win 10000");
    send_octets(10, 0);
    lab_expect(&lab, "P. 101:111(10) ack 1");
}

/* ---- Again, and why ---- */

/* Each goes again because of what told of its own loss, and what is sent behind it has another reason. */
static void test_again__is_because_of_the_loss_of_that_very_segment(void **state)
{
    const struct hand_env *hand = &lab.hand;
    unsigned found = 0;
    send_octets(8000, 0);
    assert_int_equal(lab_ignore(&lab), 8);
    lab_run(&lab, 50 * ENV_MILLISECOND);
    lab_hear(&lab, ". 1:1(0) ack 1 win 10000 <sack 3001:8001 1001:2001>");
    lab_run(&lab, 10 * ENV_MILLISECOND);
    lab_hear(&lab, ". 1:1(0) ack 1001 win 10000 <sack 3001:8001 1001:2001>");
    lab_ignore(&lab);
    for (size_t i = 0; i < hand->fact_count; i++) {
        const struct hand_fact *fact = &hand->facts[i], *because = &hand->facts[fact->cause - 1];
        if (strcmp(fact->kind->name, "tcp.retransmit") != 0)
            continue;
        assert_string_equal(because->kind->name, "tcp.lost");
        assert_int_equal(because->values[0], fact->values[2]); /* both name the first octet */
        found++;
    }
    assert_int_equal(found, 2);
}

/* RFC 6298 (5.4): all that was in flight is lost by the same timeout. */
static void test_again__after_a_timeout_is_because_of_the_timeout(void **state)
{
    const struct hand_env *hand = &lab.hand;
    send_octets(3000, 0);
    lab_run(&lab, 2 * ENV_SECOND);
    lab_hear(&lab, ". 1:1(0) ack 1001 win 10000");
    lab_ignore(&lab);
    for (size_t i = 0; i < hand->fact_count; i++) {
        const struct hand_fact *fact = &hand->facts[i];
        if (strcmp(fact->kind->name, "tcp.retransmit") == 0)
            assert_true(hand_goes_back_to(hand, fact->cause, "tcp.timeout"));
    }
    assert_true(hand_fact_count(hand, "tcp.retransmit") >= 3);
}

int main(void)
{
#define WITH(name, begin) cmocka_unit_test_setup_teardown(name, begin, tear_down)
#define TEST(name) WITH(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(test_push__is_set_on_the_last_segment_of_what_was_given),
        TEST(test_nagle__holds_a_small_segment_back_while_another_is_out),
        TEST(test_nagle__of_linux_does_not_hold_the_tail_of_a_burst_back),
        WITH(test_nagle__of_the_rfc_holds_every_tail_back, set_up_rfc),
        TEST(test_cork__waits_for_a_full_segment_or_200_ms),
        TEST(test_more__waits_for_what_follows),
        TEST(test_eor__ends_a_segment),
        TEST(test_send__takes_what_there_is_room_for),
        TEST(test_window__too_small_for_a_segment_is_used_after_a_while),
        WITH(test_window__closed_is_probed_with_an_old_number_on_linux, set_up_zero),
        WITH(test_window__closed_is_probed_with_an_octet_by_the_rfc, set_up_zero_rfc),
        TEST(test_window__that_shrinks_below_what_was_sent_does_no_harm),
        TEST(test_window__is_not_taken_from_an_old_segment),
        TEST(test_acks__on_linux_are_quick_at_first),
        WITH(test_acks__of_the_rfc_are_for_every_second_segment_or_200_ms, set_up_rfc),
        WITH(test_acks__ride_on_data, set_up_rfc),
        WITH(test_acks__of_what_is_out_of_order_come_at_once_with_ranges, set_up_sack),
        WITH(test_again__is_because_of_the_loss_of_that_very_segment, set_up_no_probes),
        WITH(test_again__after_a_timeout_is_because_of_the_timeout, set_up_rfc),
        WITH(test_acks__tell_what_came_twice, set_up_sack),
        TEST(test_receive__of_overlaps_gives_each_octet_once),
        TEST(test_receive__may_look_without_taking),
        WITH(test_window_of_ours__opens_in_steps, set_up_small),
        TEST(test_window_of_ours__closed_refuses_data_and_takes_acks),
        TEST(test_urgent__octet_is_read_apart),
        TEST(test_urgent__octet_may_stay_in_line),
        TEST(test_urgent__is_announced_by_what_is_sent)};
    return lab_run_group(tests);
}
