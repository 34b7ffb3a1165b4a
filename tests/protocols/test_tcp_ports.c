/* SPDX-License-Identifier: MIT
 * Who may have which port, how ports are chosen and run out, and many connections at once. RFC 6056, RFC
 * 6335; the rules of sharing are Linux'. Checklist TCP-18, TCP-27. */
#include "tests/protocols/tcp_lab.h"

static struct tcp_lab lab;

static int set_up(void **state)
{
    lab_init_alone(&lab, TCP_PROFILE_LINUX);
    lab.hand.is_listening = false;
    return 0;
}

static int tear_down(void **state)
{
    lab_release(&lab);
    return 0;
}

static struct tcp *alice(void)
{
    return &lab.hosts[0].tcp;
}

/* "any" or "own", how it shares; 'L' listens as well. Returns what binding, or listening, says. */
static int bound(const char *how, struct tcp_socket **ret_socket)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    struct net_endpoint at = {.port = 4000};
    for (; *how; how++) {
        if (*how == 'o')
            at = lab_end(&lab, 0, 4000);
        if (*how == 'A')
            assert_int_equal(tcp_set_option(socket, TCP_OPT_REUSEADDR, 1), 0);
        if (*how == 'P')
            assert_int_equal(tcp_set_option(socket, TCP_OPT_REUSEPORT, 1), 0);
        if (*how == 'L') {
            int error = tcp_bind(socket, at);
            *ret_socket = socket;
            return error ? error : tcp_listen(socket, 5);
        }
    }
    *ret_socket = socket;
    return tcp_bind(socket, at);
}

static void test_bind__follows_the_rules_of_linux(void **state)
{
    static const struct {
        const char *first, *second;
        int result;
    } rows[] = {{"", "", -NET_EADDRINUSE},
                {"", "o", -NET_EADDRINUSE},
                {"o", "", -NET_EADDRINUSE},
                {"A", "A", 0},
                {"A", "", -NET_EADDRINUSE},
                {"", "A", -NET_EADDRINUSE},
                {"AL", "A", -NET_EADDRINUSE},
                {"A", "AL", 0},
                {"AL", "AL", -NET_EADDRINUSE},
                {"P", "P", 0},
                {"PL", "PL", 0},
                {"PL", "AL", -NET_EADDRINUSE},
                {"P", "AP", 0},
                {"oL", "L", -NET_EADDRINUSE},
                {"oAL", "AL", -NET_EADDRINUSE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tcp_socket *first, *second;
        assert_int_equal(bound(rows[i].first, &first), 0);
        int result = bound(rows[i].second, &second);
        if (result != rows[i].result)
            fail_msg("%s then %s: %d", rows[i].first, rows[i].second, result);
        tcp_close(first);
        tcp_close(second);
        assert_int_equal(alice()->demux.port_count, 0);
    }
}

static void test_bind__says_what_is_wrong(void **state)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    struct net_endpoint six = {{NET_IPV6, {1}}, 5};
    assert_int_equal(tcp_bind(socket, lab_end(&lab, 1, 5)), -NET_EADDRNOTAVAIL);
    assert_int_equal(tcp_bind(socket, six), -NET_EAFNOSUPPORT);
    assert_int_equal(tcp_bind(socket, (struct net_endpoint){0}), 0);
    assert_in_range(tcp_local(socket).port, 49152, 65535);
    assert_int_equal(tcp_bind(socket, (struct net_endpoint){.port = 7}), -NET_EINVAL);
    assert_int_equal(tcp_send(socket, "x", 1, 0), -NET_ENOTCONN);
    assert_int_equal(tcp_shutdown(socket, TCP_SHUT_WR), -NET_ENOTCONN);
    assert_int_equal(tcp_set_option(socket, TCP_OPTS, 1), -NET_ENOPROTOOPT);
    assert_int_equal(tcp_set_option(socket, TCP_OPT_KEEPCNT, 0), -NET_EINVAL);
    assert_int_equal(tcp_set_congestion(socket, "vegetables"), -NET_EINVAL);
    tcp_close(socket);
}

static int connects(uint16_t port)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    int result = tcp_connect(socket, lab_end(&lab, 1, port));
    if (result != -NET_EINPROGRESS)
        tcp_close(socket);
    return result;
}

/* Ports run out for one peer, and not for another: the error is visible. */
static void test_connect__runs_out_of_ports_for_one_peer(void **state)
{
    tcp_set(alice(), TCP_SET_FIRST_PORT, 50000);
    tcp_set(alice(), TCP_SET_LAST_PORT, 50019);
    for (int i = 0; i < 20; i++)
        assert_int_equal(connects(80), -NET_EINPROGRESS);
    lab.hand.is_listening = true;
    assert_int_equal(connects(80), -NET_EADDRNOTAVAIL);
    hand_fact(&lab.hand, "tcp.no_port");
    assert_int_equal(connects(81), -NET_EINPROGRESS);
}

static void test_connect__of_the_same_ends_twice_is_refused(void **state)
{
    struct tcp_socket *first = tcp_open(alice(), NULL, NULL), *second = tcp_open(alice(), NULL, NULL);
    tcp_set_option(first, TCP_OPT_REUSEADDR, 1);
    tcp_set_option(second, TCP_OPT_REUSEADDR, 1);
    assert_int_equal(tcp_bind(first, lab_end(&lab, 0, 6000)), 0);
    assert_int_equal(tcp_bind(second, lab_end(&lab, 0, 6000)), 0);
    assert_int_equal(tcp_connect(first, lab_end(&lab, 1, 80)), -NET_EINPROGRESS);
    assert_int_equal(tcp_connect(first, lab_end(&lab, 1, 80)), -NET_EALREADY);
    assert_int_equal(tcp_connect(second, lab_end(&lab, 1, 80)), -NET_EADDRNOTAVAIL);
    assert_int_equal(tcp_connect(second, lab_end(&lab, 1, 81)), -NET_EINPROGRESS);
}

static void test_connect__may_be_undone_and_done_again(void **state)
{
    struct tcp_socket *socket = tcp_open(alice(), NULL, NULL);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tcp_connect(socket, lab_end(&lab, 1, 80)), -NET_EINPROGRESS);
        assert_int_equal(tcp_connect(socket, (struct net_endpoint){0}), 0);
        assert_int_equal(tcp_state(socket), TCP_CLOSED);
    }
    tcp_close(socket);
    assert_int_equal(alice()->demux.count, 0);
}

/* Each client falls to one of those who share a port, always the same. */
static void test_reuseport__spreads_clients(void **state)
{
    struct tcp_socket *sockets[4];
    unsigned counts[4] = {0};
    for (int i = 0; i < 4; i++)
        assert_int_equal(bound("PL", &sockets[i]), 0);
    for (uint16_t port = 1; port <= 400; port++) {
        struct net_endpoint local = lab_end(&lab, 0, 4000), peer = lab_end(&lab, 1, port);
        struct tcp_bound *found = tcp_demux_listener(&alice()->demux, &local, &peer);
        assert_ptr_equal(found, tcp_demux_listener(&alice()->demux, &local, &peer));
        for (int i = 0; i < 4; i++)
            counts[i] += tcp_socket_of(found) == sockets[i];
    }
    for (int i = 0; i < 4; i++)
        assert_in_range(counts[i], 50, 150);
}

/* Ten thousand at once: found, counted, and taken out again; none over 2 kB. */
static void test_many__connections_are_told_apart(void **state)
{
    enum { MANY = 10000 };
    struct tcp_socket *listener = tcp_open(alice(), NULL, NULL), *child;
    assert_int_equal(tcp_bind(listener, (struct net_endpoint){.port = LAB_PORT}), 0);
    assert_int_equal(tcp_listen(listener, 10), 0);
    size_t before = lab.hand.memory_blocks;
    tcp_fix_isn(alice(), 0);
    for (int i = 0; i < MANY; i++) {
        lab.peer_port = (uint16_t)(1000 + i);
        lab_hear(&lab, "S 0:0(0) win 10000 <mss 1000>");
        lab.begin[0] = tcp_seq_at(0);
        lab_hear(&lab, ". 1:1(0) ack 1 win 10000");
        assert_int_equal(tcp_accept(listener, NULL, NULL, &child), 0);
        lab_ignore(&lab);
    }
    lab_run(&lab, 10 * ENV_SECOND); /* all fall idle */
    assert_int_equal(alice()->demux.count, MANY);
    assert_true(lab.hand.memory_blocks - before <=
                2 * MANY + 10); /* a socket, its congestion control's state */
    for (int i = 0; i < MANY; i += 7) {
        lab.peer_port = (uint16_t)(1000 + i);
        lab_hear(&lab, "R 1:1(0)");
    }
    struct tcp_entry entry = {0};
    unsigned open = 0;
    while (tcp_entry_next(alice(), &entry))
        open += entry.state == TCP_ESTABLISHED;
    assert_int_equal(open, MANY - (MANY + 6) / 7);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(test_bind__follows_the_rules_of_linux),
                                       TEST(test_bind__says_what_is_wrong),
                                       TEST(test_connect__runs_out_of_ports_for_one_peer),
                                       TEST(test_connect__of_the_same_ends_twice_is_refused),
                                       TEST(test_connect__may_be_undone_and_done_again),
                                       TEST(test_reuseport__spreads_clients),
                                       TEST(test_many__connections_are_told_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
