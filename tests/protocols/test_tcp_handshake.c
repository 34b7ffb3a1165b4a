/* SPDX-License-Identifier: MIT
 * How connections begin: RFC 9293 sections 3.5 and 3.10.7.1 to 3.10.7.3. Checklist TCP-10 to TCP-19, TCP-35,
 * TCP-50, TCP-53, TCP-90. */
#include "tests/protocols/tcp_lab.h"

#include <stdio.h>

static struct tcp_lab lab;

static int set_up_as(enum tcp_profile profile)
{
    lab_init_alone(&lab, profile);
    return 0;
}

static int set_up(void **state)
{
    return set_up_as(TCP_PROFILE_LINUX);
}

static int set_up_rfc(void **state)
{
    return set_up_as(TCP_PROFILE_RFC);
}

static int set_up_classic(void **state)
{
    return set_up_as(TCP_PROFILE_CLASSIC);
}

static int tear_down(void **state)
{
    lab_expect_silence(&lab);
    lab_release(&lab);
    return 0;
}

static struct tcp *alice(void)
{
    return &lab.hosts[0].tcp;
}

static struct tcp_socket *connecting(void)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    assert_int_equal(tcp_bind(socket, lab_end(&lab, 0, 5000)), 0);
    assert_int_equal(tcp_connect(socket, lab_end(&lab, 1, 9)), -NET_EINPROGRESS);
    return socket;
}

static struct tcp_socket *listening(int backlog)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    assert_int_equal(tcp_bind(socket, (struct net_endpoint){.port = LAB_PORT}), 0);
    assert_int_equal(tcp_listen(socket, backlog), 0);
    return socket;
}

static void expect_state(const struct tcp_socket *socket, enum tcp_state state)
{
    assert_string_equal(tcp_state_words[tcp_state(socket)], tcp_state_words[state]);
}

/* ---- Opening ---- */

static void test_connect__is_what_linux_puts_on_the_wire(void **state)
{
    struct tcp_socket *socket = connecting();
    expect_state(socket, TCP_SYN_SENT);
    lab_expect(&lab, "S 0:0(0) win 64240 <mss 1460,sackOK,TS val 0 ecr 0,wscale 7>");
    lab_hear(&lab, "S. 0:0(0) ack 1 win 64240 <mss 1460>");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240");
    expect_state(socket, TCP_ESTABLISHED);
    tcp_abort(socket);
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

static void test_connect__of_textbooks_offers_its_mss_only(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0) win 64240 <mss 1460>");
    lab_hear(&lab, "S. 0:0(0) ack 1 win 5000 <mss 700>");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240");
    assert_int_equal(socket->snd.mss, 700); /* TCP-35: the smaller one */
    tcp_abort(socket);
    lab_ignore(&lab);
}

static void test_connect__without_an_mss_option_sends_536(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0)");
    lab_hear(&lab, "S. 0:0(0) ack 1 win 5000");
    lab_expect(&lab, ". 1:1(0) ack 1");
    assert_int_equal(socket->snd.mss, 536); /* TCP-35, RFC 9293 MUST-15 */
    tcp_abort(socket);
    lab_ignore(&lab);
}

static void test_listen__answers_with_what_the_syn_offered(void **state)
{
    struct tcp_socket *listener = listening(5), *child = NULL;
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000,sackOK,TS val 7 ecr 0,wscale 2>");
    lab_expect(&lab, "S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 0 ecr 7,wscale 7>");
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), -NET_EAGAIN);
    assert_int_equal(tcp_ready(listener), 0);
    lab_hear(&lab, ". 1:1(0) ack 1 win 500 <TS val 9 ecr 0>");
    assert_int_equal(tcp_ready(listener), TCP_READY_IN);
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    expect_state(child, TCP_ESTABLISHED);
    assert_int_equal(child->snd.wnd, 2000); /* TCP-90: scaled by what bob's SYN said */
    assert_int_equal(child->snd.mss, 988);  /* timestamps take twelve */
    tcp_close(listener);
    tcp_abort(child);
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

/* TCP-90: a scale of 15 is used as 14; none unless both SYNs have it. RFC 7323 section 2.3. */
static void test_listen__takes_a_scale_of_fourteen_at_most(void **state)
{
    struct tcp_socket *child = lab_accepted(&lab, "mss 1000,wscale 15", 3);
    assert_int_equal(child->snd.wnd, 3 << 14);
    tcp_abort(child);
    lab_ignore(&lab);
    child = lab_accepted(&lab, "mss 1000", 3);
    assert_int_equal(child->snd.wnd, 3);
    assert_int_equal(child->rcv.scale, 0);
    tcp_abort(child);
    lab_ignore(&lab);
}

/* TCP-11, RFC 9293 section 3.5, figure 8. */
static void test_connect__meets_a_connect_of_the_peers(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0) win 64240 <mss 1460,sackOK,TS val 0 ecr 0,wscale 7>");
    lab_hear(&lab, "S 0:0(0) win 65535 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1 win 64240 <mss 1460>");
    expect_state(socket, TCP_SYN_RECEIVED);
    lab_hear(&lab, "S. 0:0(0) ack 1 win 65535 <mss 1000>");
    expect_state(socket, TCP_ESTABLISHED);
    assert_int_equal(tcp_ready(socket), TCP_READY_OUT);
    tcp_abort(socket);
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

static void test_connect__may_bring_data_with_the_answer(void **state)
{
    struct tcp_socket *socket = connecting();
    char bytes[20];
    lab_expect(&lab, "S 0:0(0)");
    lab_hear(&lab, "S. 0:10(10) ack 1 win 65535 <mss 1000>");
    lab_expect(&lab, ". 1:1(0) ack 11");
    assert_int_equal(tcp_receive(socket, bytes, sizeof bytes, 0), 10);
    tcp_abort(socket);
    lab_ignore(&lab);
}

/* ---- In vain ---- */

/* TCP-50, TCP-53, TCP-19: after 1, 2, 4 ... s; on Linux 127 s in all. */
static void expect_syns(unsigned count, int64_t *ret_at)
{
    int64_t wait = ENV_SECOND, began = lab.hand.now;
    lab_expect(&lab, "S 0:0(0)");
    for (unsigned i = 1; i < count; i++, wait *= 2) {
        lab_run(&lab, wait - 1);
        lab_expect_silence(&lab);
        lab_run(&lab, 1);
        lab_expect(&lab, "S 0:0(0)");
    }
    lab_run(&lab, wait);
    *ret_at = lab.hand.now - began;
}

static void test_connect__gives_up_after_127_seconds_on_linux(void **state)
{
    struct tcp_socket *socket = connecting();
    int64_t at;
    expect_syns(7, &at);
    assert_int_equal(at / ENV_SECOND, 127);
    expect_state(socket, TCP_CLOSED);
    assert_int_equal(tcp_ready(socket) & TCP_READY_ERR, TCP_READY_ERR);
    assert_int_equal(tcp_take_error(socket), -NET_ETIMEDOUT);
    tcp_close(socket);
}

static void test_connect__tries_for_three_minutes_by_the_rfc(void **state)
{
    struct tcp_socket *socket = connecting();
    int64_t at;
    lab.hand.is_listening = false;
    lab_expect(&lab, "S 0:0(0)");
    lab_run(&lab, 180 * ENV_SECOND); /* RFC 9293 section 3.8.3, MUST-23 */
    expect_state(socket, TCP_SYN_SENT);
    lab_run(&lab, 80 * ENV_SECOND);
    expect_state(socket, TCP_CLOSED);
    lab_ignore(&lab);
    tcp_close(socket);
    (void)at;
}

static void test_connect__may_be_told_how_often_to_try(void **state)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    int64_t at;
    assert_int_equal(tcp_set_option(socket, TCP_OPT_SYNCNT, 1), 0);
    assert_int_equal(tcp_connect(socket, lab_end(&lab, 1, 9)), -NET_EINPROGRESS);
    expect_syns(2, &at);
    assert_int_equal(at / ENV_SECOND, 3);
    assert_int_equal(tcp_send(socket, "x", 1, 0), -NET_ETIMEDOUT);
    tcp_close(socket);
}

/* TCP-14. */
static void test_connect__answers_a_wrong_ack_with_a_reset(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0)");
    lab_hear(&lab, "S. 0:0(0) ack 2 win 100");
    lab_expect(&lab, "R 2:2(0) win 0");
    lab_hear(&lab, ". 0:0(0) ack 0 win 100");
    lab_expect(&lab, "R 0:0(0) win 0");
    expect_state(socket, TCP_SYN_SENT);
    tcp_close(socket);
}

static void test_connect__obeys_only_a_reset_that_acknowledges_it(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0)");
    lab_hear(&lab, "R 0:0(0)");
    lab_hear(&lab, "R. 0:0(0) ack 5");
    expect_state(socket, TCP_SYN_SENT);
    lab_hear(&lab, "R. 0:0(0) ack 1");
    expect_state(socket, TCP_CLOSED);
    assert_int_equal(tcp_take_error(socket), -NET_ECONNREFUSED);
    tcp_close(socket);
}

static void test_connect__to_nowhere_or_to_many_fails_at_once(void **state)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    struct net_endpoint nowhere = {net_from_ipv4((struct ipv4_address){0x63000001}), 9};
    struct net_endpoint many = {net_from_ipv4((struct ipv4_address){UINT32_MAX}), 9}; /* TCP-17 */
    assert_int_equal(tcp_connect(socket, nowhere), -NET_ENETUNREACH);
    assert_int_equal(tcp_connect(socket, many), -NET_ENETUNREACH);
    assert_int_equal(tcp_connect(socket, (struct net_endpoint){0}), 0);
    tcp_close(socket);
}

/* ---- Nobody, and listeners ---- */

/* TCP-12. */
static void test_closed__answers_with_resets(void **state)
{
    lab_hear(&lab, "S 0:0(0) win 100 <mss 1000>");
    lab_expect(&lab, "R. 0:0(0) ack 1 win 0");
    lab_hear(&lab, "P 10:20(10)");
    lab_expect(&lab, "R. 0:0(0) ack 20");
    lab.begin[0] = tcp_seq_at(0);
    lab_hear(&lab, ". 5:5(0) ack 77");
    lab_expect(&lab, "R 77:77(0) win 0");
    lab_hear(&lab, "R. 5:5(0) ack 77");
    lab_hear(&lab, "R 5:5(0)");
}

/* TCP-13. */
static void test_listen__ignores_resets_and_resets_acks(void **state)
{
    struct tcp_socket *listener = listening(5);
    lab_hear(&lab, "R 0:0(0)");
    lab_expect_silence(&lab);
    lab.has_begin[0] = true;
    lab_hear(&lab, ". 0:0(0) ack 9 win 5");
    lab_expect(&lab, "R 9:9(0) win 0");
    lab_hear(&lab, "F 0:0(0) win 5");
    lab_expect_silence(&lab);
    tcp_close(listener);
}

static void test_listen__repeats_its_answer(void **state)
{
    struct tcp_socket *listener = listening(5);
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_run(&lab, ENV_SECOND - 1);
    lab_expect_silence(&lab);
    lab_run(&lab, 1);
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>"); /* the client's SYN again */
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_run(&lab, 100 * ENV_SECOND);
    assert_int_equal(lab_ignore(&lab), 4);
    assert_int_equal(listener->listener->half_open_count, 0); /* forgotten after 5 repetitions: 63 s */
    tcp_close(listener);
}

static void test_listen__does_not_take_a_wrong_ack(void **state)
{
    struct tcp_socket *listener = listening(5);
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 1000");
    lab_expect(&lab, "R 2:2(0)");
    lab_hear(&lab, "R 1:1(0)"); /* back to LISTEN */
    assert_int_equal(listener->listener->half_open_count, 0);
    tcp_close(listener);
}

/* TCP-18: the queues are bounded; without cookies the SYN is dropped. */
static void test_listen__drops_what_its_queue_has_no_room_for(void **state)
{
    struct tcp_socket *listener = listening(2);
    assert_int_equal(tcp_set(alice(), TCP_SET_SYNCOOKIES, 0), 0);
    for (unsigned i = 0; i < 1000; i++) {
        lab.peer_port = (uint16_t)(10000 + i);
        lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    }
    assert_int_equal(lab_ignore(&lab), 2);
    assert_string_equal(lab_drop(&lab), "the queue of half-open connections is full");
    assert_int_equal(alice()->counters.syn_dropped, 998);
    tcp_close(listener);
}

/* TCP-18, RFC 4987 section 3.6. */
static void test_listen__gives_cookies_when_it_is_flooded(void **state)
{
    struct tcp_socket *listener = listening(2), *child = NULL;
    size_t blocks = 0;
    for (unsigned i = 0; i < 500; i++) {
        lab.peer_port = (uint16_t)(10000 + i);
        lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
        if (i == 10)
            blocks = lab.hand.memory_blocks;
    }
    assert_int_equal(lab.hand.memory_blocks, blocks); /* nothing is remembered of them */
    assert_int_equal(lab_ignore(&lab), 500);
    lab.peer_port = 50000;
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1400,wscale 3>");
    lab_expect(&lab, "S. 0:0(0) ack 1 win 64240 <mss 1460>");
    lab_hear(&lab, "P. 1:11(10) ack 1 win 10000");
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    assert_int_equal(child->snd.mss, 1300); /* what the cookie could hold of 1400 */
    assert_int_equal(tcp_unread_bytes(child), 10);
    lab_expect(&lab, ". 1:1(0) ack 11");
    lab.peer_port = 50001;
    lab_hear(&lab, ". 1:1(0) ack 12345 win 1000"); /* guessed */
    lab_expect(&lab, "R");
    tcp_abort(child);
    lab_ignore(&lab);
    tcp_close(listener);
}

static void test_listen__holds_back_who_is_one_too_many(void **state)
{
    struct tcp_socket *listener = listening(0), *child = NULL;
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1 win 1000");
    lab.peer_port++;
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect_silence(&lab);
    assert_string_equal(lab_drop(&lab), "the queue of connections to be accepted is full");
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    tcp_abort(child);
    lab_ignore(&lab);
    tcp_close(listener);
}

static void test_listen__resets_who_was_not_accepted_when_it_closes(void **state)
{
    struct tcp_socket *listener = listening(5);
    lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1 win 1000");
    tcp_close(listener);
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

static void test_accept__gives_also_what_has_ended_meanwhile(void **state)
{
    struct tcp_socket *listener = listening(5), *child = NULL;
    for (int i = 0; i < 2; i++, lab.peer_port++) {
        lab_hear(&lab, "S 0:0(0) win 1000 <mss 1000>");
        lab_expect(&lab, "S. 0:0(0) ack 1");
        lab_hear(&lab, ". 1:1(0) ack 1 win 1000");
        lab_hear(&lab, "R 1:1(0)");
    }
    assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
    assert_int_equal(tcp_receive(child, NULL, 10, 0), -NET_ECONNRESET);
    tcp_close(child);
    tcp_close(listener); /* the other one is gone without a word */
    assert_true(list_is_empty(&alice()->sockets));
}

/* TCP-16: the peer was restarted and asks anew. RFC 5961 section 4.2. */
static void test_established__challenges_a_peer_that_begins_anew(void **state)
{
    struct tcp_socket *child = lab_accepted(&lab, NULL, 1000);
    lab_hear(&lab, "S 5000:5000(0) win 1000 <mss 1000>");
    lab_expect(&lab, ". 1:1(0) ack 1");
    lab_hear(&lab, "R 1:1(0)");
    expect_state(child, TCP_CLOSED);
    assert_int_equal(tcp_take_error(child), -NET_ECONNRESET);
    tcp_close(child);
}

/* TCP-10: RFC 6528 section 3. */
static void test_isn__grows_for_the_same_ends_and_says_nothing_of_others(void **state)
{
    struct net_endpoint a = lab_end(&lab, 0, 1), b = lab_end(&lab, 1, 2), c = lab_end(&lab, 1, 3);
    alice()->has_test_isn = false;
    struct tcp_seq first = tcp_isn(alice(), &a, &b), other = tcp_isn(alice(), &a, &c);
    lab_run(&lab, 4 * ENV_MILLISECOND);
    assert_int_equal(tcp_seq_distance(first, tcp_isn(alice(), &a, &b)), 1000); /* a tick of 4 us */
    assert_true(other.value - first.value > 100000 || first.value - other.value > 100000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_connect__is_what_linux_puts_on_the_wire),
        cmocka_unit_test_setup_teardown(test_connect__of_textbooks_offers_its_mss_only, set_up_classic,
                                        tear_down),
        TEST(test_connect__without_an_mss_option_sends_536),
        TEST(test_listen__answers_with_what_the_syn_offered),
        TEST(test_listen__takes_a_scale_of_fourteen_at_most),
        TEST(test_connect__meets_a_connect_of_the_peers),
        TEST(test_connect__may_bring_data_with_the_answer),
        TEST(test_connect__gives_up_after_127_seconds_on_linux),
        cmocka_unit_test_setup_teardown(test_connect__tries_for_three_minutes_by_the_rfc, set_up_rfc,
                                        tear_down),
        TEST(test_connect__may_be_told_how_often_to_try),
        TEST(test_connect__answers_a_wrong_ack_with_a_reset),
        TEST(test_connect__obeys_only_a_reset_that_acknowledges_it),
        TEST(test_connect__to_nowhere_or_to_many_fails_at_once),
        TEST(test_closed__answers_with_resets),
        TEST(test_listen__ignores_resets_and_resets_acks),
        TEST(test_listen__repeats_its_answer),
        TEST(test_listen__does_not_take_a_wrong_ack),
        TEST(test_listen__drops_what_its_queue_has_no_room_for),
        TEST(test_listen__gives_cookies_when_it_is_flooded),
        TEST(test_listen__holds_back_who_is_one_too_many),
        TEST(test_listen__resets_who_was_not_accepted_when_it_closes),
        TEST(test_accept__gives_also_what_has_ended_meanwhile),
        TEST(test_established__challenges_a_peer_that_begins_anew),
        TEST(test_isn__grows_for_the_same_ends_and_says_nothing_of_others)};
    return lab_run_group(tests);
}
