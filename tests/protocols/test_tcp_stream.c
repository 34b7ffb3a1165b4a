/* SPDX-License-Identifier: MIT
 * Two machines over a wire that loses, doubles and shuffles: every octet arrives once, in order and
 * unchanged, or the connection says that it failed; and nothing hangs. Checklist TCP-44, TCP-45. RFC 9293
 * section 3.8. */
#include "tests/protocols/tcp_lab.h"

/* One transfer from a client of bob's to alice, and what is sent back. */
struct transfer {
    struct tcp_socket *socket;
    uint32_t to_send, sent, received; /* octets */
    uint32_t hash;                    /* of what was received */
    uint32_t step;                    /* octets in one call */
    bool has_ended, has_failed, is_slow;
};

static struct tcp_lab lab;
static struct transfer transfers[2]; /* alice's end, bob's end */
static struct tcp_socket *listener;

static uint8_t octet_at(unsigned from, uint32_t place)
{
    return (uint8_t)(place * 7 + place / 251 + from * 13);
}

static void send_some(struct transfer *t)
{
    uint8_t bytes[5000];
    while (t->sent < t->to_send) {
        uint32_t count = t->to_send - t->sent < t->step ? t->to_send - t->sent : t->step;
        for (uint32_t i = 0; i < count; i++)
            bytes[i] = octet_at(t == &transfers[1], t->sent + i);
        int64_t taken = tcp_send(t->socket, bytes, count, 0);
        if (taken < 0) {
            t->has_failed |= taken != -NET_EAGAIN;
            return;
        }
        t->sent += (uint32_t)taken;
    }
    if (!t->has_ended && t->to_send == t->sent) {
        tcp_shutdown(t->socket, TCP_SHUT_WR);
        t->has_ended = true;
    }
}

static void receive_some(struct transfer *t)
{
    uint8_t bytes[4000];
    int64_t count;
    while ((count = tcp_receive(t->socket, bytes, t->is_slow ? 100 : sizeof bytes, 0)) > 0) {
        for (int64_t i = 0; i < count; i++)
            assert_int_equal(bytes[i], octet_at(t == &transfers[0], t->received + (uint32_t)i));
        t->received += (uint32_t)count;
        if (t->is_slow)
            return;
    }
    t->has_failed |= count < 0 && count != -NET_EAGAIN;
    if (count == 0 && t->has_ended && t->socket) {
        tcp_close(t->socket);
        t->socket = NULL;
    }
}

static void told(struct tcp_socket *socket, unsigned ready)
{
    struct transfer *t = tcp_owner(socket);
    if (ready & TCP_READY_OUT && t->socket)
        send_some(t);
    if (ready & TCP_READY_IN && t->socket)
        receive_some(t);
}

static void accept_one(struct tcp_socket *socket, unsigned ready)
{
    if (ready & TCP_READY_IN && tcp_accept(socket, told, &transfers[0], &transfers[0].socket) == 0) {
        send_some(&transfers[0]);
        receive_some(&transfers[0]);
    }
}

static void begin(enum tcp_profile profile, uint32_t isn)
{
    lab_init(&lab, profile);
    lab.hand.is_listening = false;
    memset(transfers, 0, sizeof transfers);
    for (int i = 0; i < 2; i++) {
        tcp_fix_isn(&lab.hosts[i].tcp, isn);
        transfers[i].step = 3000;
    }
    listener = tcp_open(&lab.hosts[0].tcp, accept_one, NULL);
    assert_int_equal(tcp_bind(listener, lab_end(&lab, 0, LAB_PORT)), 0);
    assert_int_equal(tcp_listen(listener, 4), 0);
}

static void run(int64_t most)
{
    int64_t until = lab.hand.now + most;
    transfers[1].socket = tcp_open(&lab.hosts[1].tcp, told, &transfers[1]);
    assert_int_equal(tcp_connect(transfers[1].socket, lab_end(&lab, 0, LAB_PORT)), -NET_EINPROGRESS);
    while (lab.hand.now < until && (transfers[0].socket || transfers[1].socket || !transfers[0].has_ended)) {
        lab_run(&lab, 50 * ENV_MILLISECOND);
        for (int i = 0; i < 2; i++)
            if (transfers[i].socket && transfers[i].is_slow)
                receive_some(&transfers[i]);
    }
}

static void expect_all(void)
{
    for (int i = 0; i < 2; i++) {
        assert_false(transfers[i].has_failed);
        assert_int_equal(transfers[i].received, transfers[!i].to_send);
        assert_null(transfers[i].socket);
    }
}

static void end(void)
{
    lab_run(&lab, 300 * ENV_SECOND);
    tcp_close(listener);
    for (int i = 0; i < 2; i++) {
        assert_true(list_is_empty(&lab.hosts[i].tcp.sockets));
        assert_int_equal(lab.hosts[i].tcp.demux.count, 0);
    }
    lab_release(&lab);
}

static void test_stream__arrives_over_a_clean_wire(void **state)
{
    begin(TCP_PROFILE_LINUX, 0);
    transfers[1].to_send = 1000000;
    run(60 * ENV_SECOND);
    expect_all();
    assert_int_equal(lab.hosts[1].tcp.counters.retransmitted, 0);
    end();
}

static void test_stream__arrives_over_a_bad_wire(void **state)
{
    static const enum tcp_profile profiles[] = {TCP_PROFILE_LINUX, TCP_PROFILE_RFC, TCP_PROFILE_CLASSIC};
    static const uint32_t isns[] = {0, UINT32_MAX - 20000, 0x7fffffff - 30000};
    for (uint32_t seed = 0; seed < 60; seed++) {
        begin(profiles[seed % 3], isns[seed / 3 % 3]);
        lab.dice = seed * 7919;
        lab.loss = seed % 7 * 10;
        lab.twice = seed % 5 * 10;
        lab.disorder = seed % 4 * 20;
        transfers[0].to_send = 1 + seed * 1000;
        transfers[1].to_send = 60000 + seed * 999;
        transfers[0].is_slow = seed % 6 == 5;
        transfers[1].step = 1 + seed * 80;
        run(3600 * ENV_SECOND);
        expect_all();
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_stream__arrives_over_a_clean_wire),
                                       cmocka_unit_test(test_stream__arrives_over_a_bad_wire)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
