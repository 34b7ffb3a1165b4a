/* SPDX-License-Identifier: MIT
 * What happens when nothing comes back, and what the network's complaints do: RFC 9293
 * sections 3.8.1, 3.8.3, 3.8.4 and 3.9.2. Checklist TCP-43, TCP-51, TCP-53, TCP-55, TCP-91, TCP-92, TCP-94 to
 * TCP-97. */
#include "tests/protocols/tcp_lab.h"

#include <stdio.h>

static struct tcp_lab lab;
static struct tcp_socket *s;

static void begin(enum tcp_profile profile, const char *options)
{
    lab_init_alone(&lab, profile);
    s = lab_accepted(&lab, options, 10000);
}

static int set_up(void **state)
{
    begin(TCP_PROFILE_LINUX, NULL);
    return 0;
}

static int set_up_rfc(void **state)
{
    begin(TCP_PROFILE_RFC, NULL);
    return 0;
}

static int set_up_timestamps(void **state)
{
    begin(TCP_PROFILE_RFC, "mss 1000,TS val 1000 ecr 0");
    return 0;
}

static int tear_down(void **state)
{
    lab_expect_silence(&lab);
    tcp_abort(s);
    lab_release(&lab);
    return 0;
}

/* Lets alice try until she gives up. Returns how long it took. */
static int64_t until_closed(unsigned *ret_sent)
{
    int64_t began = lab.hand.now;
    *ret_sent = 0;
    lab.hand.is_listening = false;
    while (tcp_state(s) != TCP_CLOSED && lab.hand.now - began < 4000 * ENV_SECOND) {
        lab_run(&lab, 100 * ENV_MILLISECOND);
        *ret_sent += lab_ignore(&lab);
    }
    return (lab.hand.now - began) / ENV_SECOND;
}

/* TCP-51, TCP-53, TCP-55: 200 ms, doubling to 120 s; after 15 of them it is given up, as on Linux. */
static void test_data__that_nobody_acknowledges_is_given_up_after_15_minutes_on_linux(void **state)
{
    unsigned sent;
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    assert_in_range(until_closed(&sent), 924, 930);
    assert_in_range(sent, 15, 17);
    assert_int_equal(tcp_send(s, "x", 1, 0), -NET_ETIMEDOUT);
}

static void test_data__that_nobody_acknowledges_is_kept_100_seconds_by_the_rfc(void **state)
{
    unsigned sent;
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    lab_ignore(&lab);
    int64_t began = lab.hand.now, at;
    lab_run(&lab, ENV_SECOND + ENV_MILLISECOND); /* RFC 6298 (2.4) */
    lab_expect(&lab, "P. 1:101(100) ack 1");
    lab_run(&lab, 2 * ENV_SECOND);
    lab_expect(&lab, "P. 1:101(100) ack 1");
    lab_run(&lab, 4 * ENV_SECOND);
    lab_expect(&lab, "P. 1:101(100) ack 1");
    at = until_closed(&sent) + (lab.hand.now - began) / ENV_SECOND;
    assert_true(at >= 100); /* RFC 9293 section 3.8.3, MUST-20: R2 */
}

static void test_orphan__tries_less_long(void **state)
{
    struct tcp *tcp = &lab.hosts[0].tcp;
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    tcp_close(s);
    lab.hand.is_listening = false;
    lab_run(&lab, 110 * ENV_SECOND);
    assert_true(list_is_empty(&tcp->sockets));
    lab_ignore(&lab);
    lab.hand.is_listening = true;
    lab.peer_port++;
    s = lab_accepted(&lab, NULL, 10000);
}

/* TCP-97, RFC 5482. */
static void test_user_timeout__ends_it_when_the_owner_says(void **state)
{
    unsigned sent;
    tcp_set_option(s, TCP_OPT_USER_TIMEOUT, 5000);
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    assert_in_range(until_closed(&sent), 5, 5);
    assert_int_equal(tcp_take_error(s), -NET_ETIMEDOUT);
}

/* ---- Keepalive: TCP-43 ---- */

static void test_idle__connection_is_silent_and_has_no_timer(void **state)
{
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    lab_ignore(&lab);
    lab_hear(&lab, ". 1:1(0) ack 101 win 10000");
    lab_run(&lab, 3 * 3600 * ENV_SECOND);
    lab_expect_silence(&lab);
    assert_int_equal(hand_next_timer(&lab.hand), ENV_NEVER);
    assert_int_equal(tcp_state(s), TCP_ESTABLISHED);
    assert_true(sizeof *s < 2000);
}

static void test_keepalive__asks_after_two_hours_and_gives_up_after_nine(void **state)
{
    tcp_set_option(s, TCP_OPT_KEEPALIVE, 1);
    lab_run(&lab, 7200 * ENV_SECOND - 1);
    lab_expect_silence(&lab);
    lab_run(&lab, 1);
    lab_expect(&lab, ". 0:0(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1 win 10000"); /* it lives */
    lab_run(&lab, 7200 * ENV_SECOND);
    for (int i = 0; i < 9; i++) {
        lab_expect(&lab, ". 0:0(0) ack 1");
        lab_run(&lab, 75 * ENV_SECOND);
    }
    lab_expect(&lab, "R. 1:1(0) ack 1");
    assert_int_equal(tcp_take_error(s), -NET_ETIMEDOUT);
}

static void test_keepalive__is_answered_by_the_peer_of_who_asks(void **state)
{
    lab_hear(&lab, ". 0:0(0) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1");
}

static void test_keepalive__may_be_set_for_each_socket(void **state)
{
    int64_t value = 0;
    tcp_set_option(s, TCP_OPT_KEEPIDLE, 10);
    tcp_set_option(s, TCP_OPT_KEEPINTVL, 2);
    tcp_set_option(s, TCP_OPT_KEEPCNT, 2);
    tcp_set_option(s, TCP_OPT_KEEPALIVE, 1);
    assert_int_equal(tcp_get_option(s, TCP_OPT_KEEPINTVL, &value), 0);
    assert_int_equal(value, 2);
    lab_run(&lab, 14 * ENV_SECOND);
    lab_expect(&lab, ". 0:0(0) ack 1");
    lab_expect(&lab, ". 0:0(0) ack 1");
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

/* ---- Complaints: TCP-95, TCP-96 ---- */

static void test_complaint__about_an_open_connection_is_a_hint_only(void **state)
{
    unsigned sent;
    assert_int_equal(tcp_send(s, NULL, 100, 0), 100);
    lab_expect(&lab, "P. 1:101(100) ack 1");
    lab_complain(&lab, NET_EHOSTUNREACH, false, 0, 1);
    lab_complain(&lab, NET_ECONNREFUSED, true, 0, 1); /* RFC 5927 section 5.2 */
    assert_int_equal(tcp_state(s), TCP_ESTABLISHED);
    lab_complain(&lab, NET_EHOSTUNREACH, false, 0, 1);
    until_closed(&sent);
    assert_int_equal(tcp_take_error(s), -NET_EHOSTUNREACH); /* now it is the reason */
}

static void test_too_big__makes_segments_smaller_and_sends_again(void **state)
{
    lab_hear(&lab, ". 1:1(0) ack 1 win 10000");
    assert_int_equal(tcp_send(s, NULL, 3000, 0), 3000);
    assert_int_equal(lab_ignore(&lab), 3);
    lab_complain(&lab, NET_EMSGSIZE, true, 640, 5000); /* not in flight: RFC 5927 section 4.1 */
    lab_expect_silence(&lab);
    lab_complain(&lab, NET_EMSGSIZE, true, 640, 1);
    assert_int_equal(s->snd.mss, 600);
    lab_expect(&lab, ". 1:601(600) ack 1");
    lab_ignore(&lab);
    lab_complain(&lab, NET_EMSGSIZE, true, 300, 1); /* not less than 552, as on Linux */
    assert_int_equal(s->snd.mss, 512);
    lab_ignore(&lab);
}

static void test_too_big__without_a_size_goes_down_the_plateaus(void **state)
{
    assert_int_equal(tcp_send(s, NULL, 3000, 0), 3000);
    lab_ignore(&lab);
    lab_complain(&lab, NET_EMSGSIZE, true, 0, 1);
    assert_int_equal(s->snd.pmtu_bytes, 1492); /* RFC 1191 section 7.1 */
    lab_complain(&lab, NET_EMSGSIZE, true, 0, 1);
    assert_int_equal(s->snd.pmtu_bytes, 1006);
    lab_ignore(&lab);
}

/* RFC 1191 section 6.3: after ten minutes a larger one is tried. */
static void test_too_big__is_forgotten_after_ten_minutes(void **state)
{
    assert_int_equal(tcp_send(s, NULL, 1000, 0), 1000);
    lab_ignore(&lab);
    lab_complain(&lab, NET_EMSGSIZE, true, 640, 1);
    lab_ignore(&lab);
    lab_hear(&lab, ". 1:1(0) ack 1001 win 10000");
    lab_run(&lab, 601 * ENV_SECOND);
    assert_int_equal(tcp_send(s, NULL, 1000, 0), 1000);
    lab_expect(&lab, "P. 1001:2001(1000) ack 1");
}

/* ---- Timestamps: TCP-91, TCP-92 ---- */

static void test_timestamps__are_in_every_segment_and_echo_what_counts(void **state)
{
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000 <TS val 1005 ecr 0>");
    lab_run(&lab, 200 * ENV_MILLISECOND);
    lab_expect(&lab, ". 1:1(0) ack 101 win 65060 <TS val 200 ecr 1005>");
    lab_hear(&lab, ". 201:301(100) ack 1 win 10000 <TS val 1010 ecr 0>"); /* out of order: not echoed */
    lab_expect(&lab, ". 1:1(0) ack 101 win 65060 <TS val 200 ecr 1005>");
    lab_hear(&lab, ". 101:201(100) ack 1 win 10000 <TS val 1009 ecr 0>");
    lab_expect(&lab, ". 1:1(0) ack 301 win 64860 <TS val 200 ecr 1009>");
}

static void test_paws__drops_what_is_from_the_past(void **state)
{
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000 <TS val 999 ecr 0>");
    lab_expect(&lab, ". 1:1(0) ack 1");
    assert_string_equal(lab_drop(&lab), "timestamp too old (RFC 7323 section 5.3)");
    assert_int_equal(tcp_unread_bytes(s), 0);
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000"); /* none at all: silently */
    lab_expect_silence(&lab);
    lab_run(&lab, 25 * 86400 * ENV_SECOND); /* RFC 7323 section 5.5: then it is not believed any more */
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000 <TS val 999 ecr 0>");
    assert_int_equal(tcp_unread_bytes(s), 100);
    lab_run(&lab, ENV_SECOND);
    lab_ignore(&lab);
    lab_hear(&lab, "R 101:101(0)"); /* exempt */
    assert_int_equal(tcp_state(s), TCP_CLOSED);
}

/* ---- ECN: TCP-94, RFC 3168 section 6.1 ---- */

static void test_ecn__is_agreed_upon_and_marks_are_told_until_cwr(void **state)
{
    struct tcp_socket *listener = tcp_open(&lab.hosts[0].tcp, NULL, NULL), *child;
    tcp_abort(s);
    lab_ignore(&lab);
    tcp_bind(listener, lab_end(&lab, 0, LAB_PORT));
    tcp_listen(listener, 1);
    lab_hear(&lab, "SEW 0:0(0) win 10000 <mss 1000>");
    lab_expect(&lab, "SE. 0:0(0) ack 1");
    assert_int_equal(lab.last_tos, 0);
    lab_hear(&lab, ". 1:1(0) ack 1 win 10000");
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    tcp_close(listener);
    s = child;
    assert_int_equal(tcp_send(s, NULL, 2000, 0), 2000);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_expect(&lab, "P. 1001:2001(1000) ack 1");
    assert_int_equal(lab.last_tos, 2); /* ECT(0) on new data */
    lab.hear_tos = 3;
    lab_hear(&lab, "P. 1:1001(1000) ack 1 win 10000");
    lab_expect(&lab, "E. 2001:2001(0) ack 1001");
    assert_string_equal(hand_word(hand_fact(&lab.hand, "tcp.ecn"), 0), "a router has marked it (CE)");
    assert_int_equal(lab.last_tos, 0); /* not on pure acknowledgments */
    lab.hear_tos = 2;
    lab_hear(&lab, "P. 1001:2001(1000) ack 1 win 10000");
    lab_expect(&lab, "E. 2001:2001(0) ack 2001");
    lab_hear(&lab, "PW. 2001:3001(1000) ack 1 win 10000");
    lab_expect(&lab, ". 2001:2001(0) ack 3001");
    assert_string_equal(hand_word(hand_fact(&lab.hand, "tcp.ecn"), 0), "the sender has heard (CWR)");
    lab_hear(&lab, "E. 3001:3001(0) ack 1001 win 10000"); /* a mark of ours: one cut, and CWR says so */
    assert_int_equal(tcp_send(s, NULL, 1000, 0), 1000);
    lab_expect(&lab, "PW. 2001:3001(1000) ack 3001");
}

int main(void)
{
#define WITH(name, begin) cmocka_unit_test_setup_teardown(name, begin, tear_down)
#define TEST(name) WITH(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(test_data__that_nobody_acknowledges_is_given_up_after_15_minutes_on_linux),
        WITH(test_data__that_nobody_acknowledges_is_kept_100_seconds_by_the_rfc, set_up_rfc),
        TEST(test_orphan__tries_less_long),
        TEST(test_user_timeout__ends_it_when_the_owner_says),
        TEST(test_idle__connection_is_silent_and_has_no_timer),
        TEST(test_keepalive__asks_after_two_hours_and_gives_up_after_nine),
        TEST(test_keepalive__is_answered_by_the_peer_of_who_asks),
        TEST(test_keepalive__may_be_set_for_each_socket),
        TEST(test_complaint__about_an_open_connection_is_a_hint_only),
        TEST(test_too_big__makes_segments_smaller_and_sends_again),
        TEST(test_too_big__without_a_size_goes_down_the_plateaus),
        TEST(test_too_big__is_forgotten_after_ten_minutes),
        WITH(test_timestamps__are_in_every_segment_and_echo_what_counts, set_up_timestamps),
        WITH(test_paws__drops_what_is_from_the_past, set_up_timestamps),
        TEST(test_ecn__is_agreed_upon_and_marks_are_told_until_cwr)};
    return lab_run_group(tests);
}
