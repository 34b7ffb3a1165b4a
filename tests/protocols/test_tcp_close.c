/* SPDX-License-Identifier: MIT
 * How connections end: RFC 9293 section 3.6, and what remains of them. Checklist TCP-25 to TCP-30, TCP-93. */
#include "tests/protocols/tcp_lab.h"

static struct tcp_lab lab;
static struct tcp_socket *s;

static int set_up_as(enum tcp_profile profile)
{
    lab_init_alone(&lab, profile);
    s = lab_accepted(&lab, NULL, 10000);
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

static void expect_state(enum tcp_state state)
{
    assert_string_equal(tcp_state_words[tcp_state(s)], tcp_state_words[state]);
}

/* All connections and what is left of them. */
static unsigned entries(void)
{
    struct tcp_entry entry = {0};
    unsigned count = 0;
    while (tcp_entry_next(alice(), &entry))
        count++;
    return count;
}

static void test_close__first_goes_through_fin_wait_and_time_wait(void **state)
{
    tcp_shutdown(s, TCP_SHUT_WR);
    expect_state(TCP_FIN_WAIT_1);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 10000");
    expect_state(TCP_FIN_WAIT_2);
    lab_hear(&lab, "F. 1:1(0) ack 2 win 10000");
    lab_expect(&lab, ". 2:2(0) ack 2");
    expect_state(TCP_TIME_WAIT);
    assert_int_equal(tcp_receive(s, NULL, 10, 0), 0);
    lab_run(&lab, 59 * ENV_SECOND);
    expect_state(TCP_TIME_WAIT);
    lab_run(&lab, ENV_SECOND); /* TCP-26 */
    expect_state(TCP_CLOSED);
    tcp_close(s);
    assert_int_equal(entries(), 0);
}

static void test_close__second_goes_through_close_wait_and_last_ack(void **state)
{
    lab_hear(&lab, "F. 1:1(0) ack 1 win 10000");
    expect_state(TCP_CLOSE_WAIT);
    assert_int_equal(tcp_ready(s), TCP_READY_IN | TCP_READY_OUT | TCP_READY_RDHUP);
    assert_int_equal(tcp_receive(s, NULL, 10, 0), 0);
    lab_run(&lab, 40 * ENV_MILLISECOND);
    lab_expect(&lab, ". 1:1(0) ack 2");
    assert_int_equal(tcp_send(s, "half-close", 10, 0), 10); /* the other direction is open */
    lab_expect(&lab, "P. 1:11(10) ack 2");
    lab_hear(&lab, ". 2:2(0) ack 11 win 10000");
    tcp_close(s);
    lab_expect(&lab, "F. 11:11(0) ack 2");
    assert_int_equal(entries(), 1);
    lab_hear(&lab, ". 2:2(0) ack 12 win 10000");
    assert_int_equal(entries(), 0);
}

static void test_close__on_both_sides_at_once_goes_through_closing(void **state)
{
    tcp_shutdown(s, TCP_SHUT_WR);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, "F. 1:1(0) ack 1 win 10000");
    lab_expect(&lab, ". 2:2(0) ack 2");
    expect_state(TCP_CLOSING);
    lab_hear(&lab, ". 2:2(0) ack 2 win 10000");
    expect_state(TCP_TIME_WAIT);
    tcp_close(s);
    assert_int_equal(entries(), 1);
    lab_run(&lab, 61 * ENV_SECOND);
    assert_int_equal(entries(), 0);
}

static void test_close__with_a_fin_that_acknowledges_ours_needs_no_closing(void **state)
{
    tcp_shutdown(s, TCP_SHUT_WR);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, "F. 1:1(0) ack 2 win 10000");
    lab_expect(&lab, ". 2:2(0) ack 2");
    expect_state(TCP_TIME_WAIT);
    tcp_close(s);
}

static void test_close__sends_what_was_given_first(void **state)
{
    assert_int_equal(tcp_send(s, NULL, 2500, 0), 2500);
    tcp_close(s);
    lab_expect(&lab, ". 1:1001(1000) ack 1");
    lab_expect(&lab, ". 1001:2001(1000) ack 1");
    lab_expect(&lab, "P. 2001:2501(500) ack 1");
    lab_expect(&lab, "F. 2501:2501(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2502 win 10000");
    lab_hear(&lab, "F. 1:1(0) ack 2502 win 10000");
    lab_expect(&lab, ". 2502:2502(0) ack 2");
}

static void test_shutdown__lets_nobody_send_afterwards(void **state)
{
    tcp_shutdown(s, TCP_SHUT_WR);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    assert_int_equal(tcp_send(s, "x", 1, 0), -NET_EPIPE);
    lab_hear(&lab, "P. 1:101(100) ack 2 win 10000"); /* the other direction goes on */
    lab_expect(&lab, ". 2:2(0) ack 101");
    assert_int_equal(tcp_receive(s, NULL, 1000, 0), 100);
    tcp_abort(s);
    lab_expect(&lab, "R. 2:2(0) ack 101");
}

/* TCP-28, RFC 1122 4.2.2.13. */
static void test_close__with_unread_data_resets(void **state)
{
    lab_hear(&lab, "P. 1:101(100) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 101");
    tcp_close(s);
    lab_expect(&lab, "R. 1:1(0) ack 101");
    assert_int_equal(entries(), 0);
}

static void test_close__resets_who_sends_to_nobody(void **state)
{
    tcp_close(s);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, "P. 1:101(100) ack 2 win 10000");
    lab_expect(&lab, "R. 2:2(0)");
    assert_int_equal(entries(), 0);
}

static void test_close__with_linger_zero_resets(void **state)
{
    assert_int_equal(tcp_set_option(s, TCP_OPT_LINGER, 0), 0);
    tcp_close(s);
    lab_expect(&lab, "R. 1:1(0) ack 1");
    assert_int_equal(entries(), 0);
}

/* TCP-29. */
static void test_abort__resets(void **state)
{
    assert_int_equal(tcp_send(s, NULL, 2000, 0), 2000);
    lab_ignore(&lab);
    tcp_abort(s);
    lab_expect(&lab, "R. 2001:2001(0) ack 1");
    assert_int_equal(entries(), 0);
}

/* TCP-26: a FIN again is acknowledged again, and the wait begins anew. */
static void into_time_wait(void)
{
    tcp_close(s);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, "F. 1:1(0) ack 2 win 10000");
    lab_expect(&lab, ". 2:2(0) ack 2");
}

static void test_time_wait__acknowledges_a_fin_again_and_waits_anew(void **state)
{
    into_time_wait();
    lab_run(&lab, 50 * ENV_SECOND);
    lab_hear(&lab, "F. 1:1(0) ack 2 win 10000");
    lab_expect(&lab, ". 2:2(0) ack 2");
    lab_run(&lab, 59 * ENV_SECOND);
    assert_int_equal(entries(), 1);
    lab_run(&lab, ENV_SECOND);
    assert_int_equal(entries(), 0);
}

static void test_time_wait__is_small(void **state)
{
    size_t before = lab.hand.memory_blocks;
    into_time_wait();
    assert_true(lab.hand.memory_blocks <= before);
    assert_true(alice()->counters.time_waits == 1);
}

static void test_time_wait__takes_four_minutes_by_the_rfc_and_survives_resets(void **state)
{
    into_time_wait();
    lab_hear(&lab, "R 2:2(0)"); /* RFC 1337 */
    lab_run(&lab, 239 * ENV_SECOND);
    assert_int_equal(entries(), 1);
    lab_run(&lab, ENV_SECOND);
    assert_int_equal(entries(), 0);
}

/* TCP-27, RFC 6191, RFC 1122 4.2.2.13. */
static void test_time_wait__yields_to_a_new_syn_with_a_higher_number(void **state)
{
    struct tcp_socket *listener = tcp_open(alice(), NULL, NULL);
    into_time_wait();
    tcp_set_option(listener, TCP_OPT_REUSEADDR, 1);
    assert_int_equal(tcp_bind(listener, (struct net_endpoint){.port = LAB_PORT}), -NET_EADDRINUSE);
    lab_hear(&lab, "S 1:1(0) win 10000 <mss 1000>"); /* nobody listens, and the number is old */
    lab_expect(&lab, ". 2:2(0) ack 2");
    lab_run(&lab, 61 * ENV_SECOND);
    tcp_close(listener);
}

static void test_time_wait__lets_a_listener_have_its_port_if_both_share(void **state)
{
    struct tcp_socket *first = tcp_open(alice(), NULL, NULL), *second = tcp_open(alice(), NULL, NULL), *child;
    tcp_set_option(first, TCP_OPT_REUSEADDR, 1);
    tcp_set_option(second, TCP_OPT_REUSEADDR, 1);
    tcp_abort(s);
    lab_ignore(&lab);
    assert_int_equal(tcp_bind(first, (struct net_endpoint){.port = LAB_PORT}), 0);
    assert_int_equal(tcp_listen(first, 4), 0);
    lab_hear(&lab, "S 0:0(0) win 10000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 1 win 10000");
    assert_int_equal(tcp_accept(first, NULL, NULL, &child), 0);
    tcp_close(first);
    s = child;
    into_time_wait();
    assert_int_equal(tcp_bind(second, (struct net_endpoint){.port = LAB_PORT}), 0);
    assert_int_equal(tcp_listen(second, 4), 0);
    lab_hear(&lab, "S 1000:1000(0) win 10000 <mss 1000>");
    lab_expect(&lab, "S. 0:0(0) ack 1001");
    assert_int_equal(entries(), 2);
    tcp_close(second);
}

/* TCP-30, RFC 1122 4.2.2.13. */
static void test_fin_wait_2__is_bounded_when_nobody_owns_it(void **state)
{
    tcp_close(s);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 10000");
    lab_run(&lab, 59 * ENV_SECOND);
    assert_int_equal(entries(), 1);
    lab_run(&lab, ENV_SECOND);
    assert_int_equal(entries(), 0);
}

static void test_fin_wait_2__is_not_bounded_while_somebody_may_read(void **state)
{
    tcp_shutdown(s, TCP_SHUT_WR);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 10000");
    lab_run(&lab, 3600 * ENV_SECOND);
    expect_state(TCP_FIN_WAIT_2);
    tcp_abort(s);
    lab_expect(&lab, "R. 2:2(0) ack 1");
}

static void test_fin__is_repeated_until_it_is_acknowledged(void **state)
{
    tcp_close(s);
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_run(&lab, 201 * ENV_MILLISECOND); /* RFC 6298 (2.4), with Linux' minimum */
    lab_expect(&lab, "F. 1:1(0) ack 1");
    lab_hear(&lab, ". 1:1(0) ack 2 win 10000");
    lab_run(&lab, 10 * ENV_SECOND);
}

static void test_fin__ahead_of_data_waits_for_it(void **state)
{
    lab_hear(&lab, "F. 101:201(100) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 1");
    expect_state(TCP_ESTABLISHED);
    lab_hear(&lab, ". 1:101(100) ack 1 win 10000");
    lab_expect(&lab, ". 1:1(0) ack 202");
    expect_state(TCP_CLOSE_WAIT);
    assert_int_equal(tcp_receive(s, NULL, 1000, 0), 200);
    assert_int_equal(tcp_receive(s, NULL, 1000, 0), 0);
    tcp_close(s);
    lab_ignore(&lab);
}

static void test_reset__in_the_window_is_challenged_exactly_at_its_edge_obeyed(void **state)
{
    lab_hear(&lab, "R 50:50(0)"); /* TCP-93, RFC 5961 section 3.2 */
    lab_expect(&lab, ". 1:1(0) ack 1");
    expect_state(TCP_ESTABLISHED);
    lab_hear(&lab, "R 4000000000:4000000000(0)");
    lab_expect_silence(&lab);
    lab_hear(&lab, "R 1:1(0)");
    expect_state(TCP_CLOSED);
    assert_int_equal(tcp_ready(s) & (TCP_READY_HUP | TCP_READY_ERR), TCP_READY_HUP | TCP_READY_ERR);
    assert_int_equal(tcp_receive(s, NULL, 10, 0), -NET_ECONNRESET);
    assert_int_equal(tcp_receive(s, NULL, 10, 0), 0);
    tcp_close(s);
}

/* TCP-93, RFC 5961 section 7. */
static void test_challenges__are_limited(void **state)
{
    for (int i = 0; i < 100; i++)
        lab_hear(&lab, "R 50:50(0)");
    assert_int_equal(lab_ignore(&lab), 10);
    lab_run(&lab, ENV_SECOND);
    lab_hear(&lab, "R 50:50(0)");
    assert_int_equal(lab_ignore(&lab), 1);
    tcp_abort(s);
    lab_ignore(&lab);
}

static void test_challenges__on_linux_come_every_half_second_at_most(void **state)
{
    for (int i = 0; i < 100; i++) {
        lab_hear(&lab, "S 50:50(0) win 5");
        lab_run(&lab, 10 * ENV_MILLISECOND);
    }
    assert_int_equal(lab_ignore(&lab), 2);
    tcp_abort(s);
    lab_ignore(&lab);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_RFC(name) cmocka_unit_test_setup_teardown(name, set_up_rfc, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_close__first_goes_through_fin_wait_and_time_wait),
        TEST(test_close__second_goes_through_close_wait_and_last_ack),
        TEST(test_close__on_both_sides_at_once_goes_through_closing),
        TEST(test_close__with_a_fin_that_acknowledges_ours_needs_no_closing),
        TEST(test_close__sends_what_was_given_first),
        TEST(test_shutdown__lets_nobody_send_afterwards),
        TEST(test_close__with_unread_data_resets),
        TEST(test_close__resets_who_sends_to_nobody),
        TEST(test_close__with_linger_zero_resets),
        TEST(test_abort__resets),
        TEST(test_time_wait__acknowledges_a_fin_again_and_waits_anew),
        TEST(test_time_wait__is_small),
        TEST_RFC(test_time_wait__takes_four_minutes_by_the_rfc_and_survives_resets),
        TEST(test_time_wait__yields_to_a_new_syn_with_a_higher_number),
        TEST(test_time_wait__lets_a_listener_have_its_port_if_both_share),
        TEST(test_fin_wait_2__is_bounded_when_nobody_owns_it),
        TEST(test_fin_wait_2__is_not_bounded_while_somebody_may_read),
        TEST(test_fin__is_repeated_until_it_is_acknowledged),
        TEST(test_fin__ahead_of_data_waits_for_it),
        TEST(test_reset__in_the_window_is_challenged_exactly_at_its_edge_obeyed),
        TEST_RFC(test_challenges__are_limited),
        TEST(test_challenges__on_linux_come_every_half_second_at_most)};
    return lab_run_group(tests);
}
