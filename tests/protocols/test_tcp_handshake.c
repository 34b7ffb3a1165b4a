/* SPDX-License-Identifier: MIT
 * How connections begin: RFC 9293 sections 3.5 and 3.10.7.1 to 3.10.7.3. Checklist TCP-10 to TCP-19. */
#include "tests/protocols/tcp_lab.h"

static struct tcp_lab lab;

static int set_up(void **state)
{
    lab_init_alone(&lab, TCP_PROFILE_LINUX);
    return 0;
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

static void test_connect__is_what_linux_puts_on_the_wire(void **state)
{
    struct tcp_socket *socket = connecting();
    lab_expect(&lab, "S 0:0(0) win 64240 <mss 1460,sackOK,TS val 0 ecr 0,wscale 7>");
    lab_hear(&lab, "S. 0:0(0) ack 1 win 65535 <mss 1460>");
    lab_expect(&lab, ". 1:1(0) ack 1 win 64240");
    assert_int_equal(tcp_state(socket), TCP_ESTABLISHED);
    tcp_abort(socket);
    lab_expect(&lab, "R. 1:1(0) ack 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_connect__is_what_linux_puts_on_the_wire, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
