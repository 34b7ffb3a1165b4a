/* SPDX-License-Identifier: MIT
 * Stream sockets as an application has them: sim/netarium.h and nothing else, between two hosts behind a
 * router. */
#include "tests/nodes/lab.h"

static struct lab *lab;
static struct nt_node *alice, *bob;
static struct nt_socket *client, *listener, *server;
static uint32_t client_told, server_told; /* events since last looked at, or-ed */

static void on_client(struct nt_socket *socket, uint32_t events)
{
    client_told |= events;
}

static void on_server(struct nt_socket *socket, uint32_t events)
{
    server_told |= events;
}

static void wait_a_second(void)
{
    lab_run(lab, nt_now(alice) + NT_SECOND);
}

static struct nt_endpoint at(const char *name, uint16_t port)
{
    struct nt_endpoint result = {.port = port};
    assert_int_equal(nt_socket_resolve(alice, name, &result.address), 0);
    return result;
}

static int set_up_with(const struct lab_options *options)
{
    lab = lab_new_with(
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.1.2/24', 'gateway': "
        "'10.0.1.1'},"
        " 'bob': {'type': 'host', 'address': '10.0.2.2/24', 'gateway': '10.0.2.1'},"
        " 'r': {'type': 'router', 'interfaces': {'eth0': '10.0.1.1/24', 'eth1': '10.0.2.1/24'}}},"
        " 'links': [{'between': ['alice', 'r:eth0']}, {'between': ['r:eth1', 'bob']}], 'stop': '1000 s'}",
        options);
    lab_run(lab, 0);
    alice = lab_node(lab, "alice");
    bob = lab_node(lab, "bob");
    struct nt_endpoint local = {.port = 80};
    assert_int_equal(nt_socket_open(alice, NULL, NT_SOCKET_STREAM, on_client, NULL, &client), 0);
    assert_int_equal(nt_socket_open(bob, NULL, NT_SOCKET_STREAM, on_server, NULL, &listener), 0);
    assert_int_equal(nt_bind(listener, &local), 0);
    assert_int_equal(nt_listen(listener, 5), 0);
    server = NULL;
    client_told = server_told = 0;
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(&(struct lab_options){0});
}

/* Nobody listens, so frames pass the router as they are. */
static int set_up_unwatched(void **state)
{
    return set_up_with(&(struct lab_options){.is_unwatched = true});
}

static int tear_down(void **state)
{
    nt_socket_close(client);
    nt_socket_close(server);
    nt_socket_close(listener);
    lab_free(lab);
    return 0;
}

/* What is known of a frame's last bytes is forgotten by whoever may change them: then they are summed again. */
static void test_streams__a_frame_that_may_be_changed_knows_no_sum(void **state)
{
    struct nt_frame *frame = nt_frame_new(alice, 0, 100);
    frame->tail_bytes = 50;
    struct nt_frame *copy = nt_frame_writable(alice, nt_frame_ref(frame));
    assert_ptr_not_equal(copy, frame);
    assert_int_equal(copy->tail_bytes, 0);
    assert_int_equal(copy->spare_zeros, 0);
    assert_int_equal(frame->tail_bytes, 50);
    struct nt_frame *same = nt_frame_writable(alice, frame);
    assert_ptr_equal(same, frame);
    assert_int_equal(same->tail_bytes, 0);
    nt_frame_unref(alice, copy);
    same->tail_bytes = 50;
    same->tail_sum = 1;
    nt_frame_unref(alice, same);
    struct nt_frame *next = nt_frame_new(alice, 0, 100); /* perhaps the same storage: there were other things than zeros */
    assert_int_equal(next->spare_zeros, 0);
    nt_frame_unref(alice, next);
}

static void meet(void)
{
    struct nt_endpoint target = at("bob", 80);
    assert_int_equal(nt_connect(client, &target), -NT_EINPROGRESS);
    wait_a_second();
    assert_true(client_told & NT_SOCKET_WRITABLE);
    assert_true(server_told & NT_SOCKET_ACCEPT);
    server_told = client_told = 0;
    assert_int_equal(nt_accept(listener, on_server, NULL, &server), 0);
}

static void test_streams__connect_and_carry_bytes_both_ways(void **state)
{
    char bytes[20];
    struct nt_endpoint local, peer;
    meet();
    assert_int_equal(nt_receive(server, bytes, sizeof bytes), -NT_EAGAIN);
    assert_int_equal(nt_send(client, "hello", 5), 5);
    wait_a_second();
    assert_true(server_told & NT_SOCKET_READABLE);
    assert_true(nt_socket_ready(server) & NT_SOCKET_READABLE);
    assert_int_equal(nt_receive(server, bytes, 2), 2); /* without boundaries */
    assert_int_equal(nt_receive(server, bytes + 2, sizeof bytes - 2), 3);
    assert_memory_equal(bytes, "hello", 5);
    assert_int_equal(nt_send(server, "you", 3), 3);
    wait_a_second();
    assert_int_equal(nt_receive(client, bytes, sizeof bytes), 3);
    nt_socket_names(client, &local, &peer);
    assert_int_equal(peer.port, 80);
    assert_true(local.port >= 1024);
}

/* Zeros and other bytes by turns, in sizes that do not fit each other: frames come back with what was in them, and the zeros
 * that are not written again must be there. The octets stand at places that say what they are. */
static void test_streams__carry_zeros_that_need_not_be_written(void **state)
{
    static uint8_t sent[4000], got[4000];
    meet();
    for (uint32_t round = 0; round < 60; round++) {
        size_t count = 1 + round * 977 % sizeof sent;
        bool is_zero = round % 3 != 1;
        for (size_t i = 0; i < count; i++)
            sent[i] = is_zero ? 0 : (uint8_t)(1 + (i + round) % 255);
        assert_int_equal(nt_send(client, is_zero ? NULL : sent, count), count);
        wait_a_second();
        memset(got, 0xee, sizeof got);
        assert_int_equal(nt_receive(server, got, sizeof got), count);
        assert_memory_equal(got, sent, count);
    }
}

static void test_streams__end_in_each_direction(void **state)
{
    char bytes[20];
    meet();
    assert_int_equal(nt_socket_shutdown(client, NT_SHUTDOWN_SEND), 0);
    assert_int_equal(nt_send(client, "x", 1), -NT_EPIPE);
    wait_a_second();
    assert_true(server_told & NT_SOCKET_ENDED);
    assert_int_equal(nt_receive(server, bytes, sizeof bytes), 0);
    assert_int_equal(nt_send(server, "still here", 10), 10); /* half of it is open */
    wait_a_second();
    assert_int_equal(nt_receive(client, bytes, sizeof bytes), 10);
    nt_socket_close(server);
    server = NULL;
    wait_a_second();
    assert_int_equal(nt_receive(client, bytes, sizeof bytes), 0);
    assert_true(nt_socket_ready(client) & NT_SOCKET_HANGUP);
}

static void test_streams__refused_where_nobody_listens(void **state)
{
    struct nt_endpoint target = at("bob", 81);
    int64_t error = 0;
    assert_int_equal(nt_connect(client, &target), -NT_EINPROGRESS);
    wait_a_second();
    assert_true(client_told & NT_SOCKET_ERROR);
    assert_int_equal(nt_socket_get(client, NT_LEVEL_SOCKET, NT_SO_ERROR, &error), 0);
    assert_int_equal(error, NT_ECONNREFUSED);
    assert_int_equal(nt_socket_get(client, NT_LEVEL_SOCKET, NT_SO_ERROR, &error), 0);
    assert_int_equal(error, 0); /* it was told */
}

static void test_streams__a_router_that_knows_no_way_is_heard(void **state)
{
    struct nt_endpoint target = at("10.9.9.9", 80);
    int64_t error = 0;
    assert_int_equal(nt_connect(client, &target), -NT_EINPROGRESS);
    wait_a_second();
    assert_true(client_told & NT_SOCKET_ERROR); /* while it connects, as on Linux */
    nt_socket_get(client, NT_LEVEL_SOCKET, NT_SO_ERROR, &error);
    assert_int_equal(error, NT_ENETUNREACH);
}

static void test_streams__options_by_the_names_of_linux(void **state)
{
    char name[16];
    int64_t number;
    meet();
    assert_int_equal(nt_socket_set(client, NT_LEVEL_TCP, NT_TCP_NODELAY, 1), 0);
    assert_int_equal(nt_socket_get(client, NT_LEVEL_TCP, NT_TCP_NODELAY, &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(client->ops->set(client, NT_LEVEL_TCP, NT_TCP_CONGESTION, "reno", 5), 0);
    assert_int_equal(client->ops->get(client, NT_LEVEL_TCP, NT_TCP_CONGESTION, name, sizeof name), 0);
    assert_string_equal(name, "reno");
    assert_true(client->ops->set(client, NT_LEVEL_TCP, NT_TCP_CONGESTION, "nobody", 7) < 0);
    assert_int_equal(nt_socket_set(client, NT_LEVEL_SOCKET, NT_SO_BROADCAST, 1), -NT_ENOPROTOOPT);
    assert_int_equal(nt_socket_get(client, NT_LEVEL_SOCKET, NT_SO_KIND, &number), 0);
    assert_int_equal(number, NT_SOCKET_STREAM);
}

static void test_streams__info_shows_the_connection(void **state)
{
    struct nt_tcp_info info = {0};
    meet();
    assert_int_equal(nt_send(client, NULL, 1000), 1000); /* zeros */
    wait_a_second();
    assert_int_equal(client->ops->get(client, NT_LEVEL_TCP, NT_TCP_INFO, &info, sizeof info), 0);
    assert_string_equal(info.state, "ESTABLISHED");
    assert_int_equal(info.bytes_acked >= 1000 && info.bytes_acked <= 1001, 1);
    assert_true(info.cwnd_bytes >= info.mss_bytes);
    assert_true(info.rtt > 0 && info.rto >= 200 * NT_MILLISECOND);
    assert_int_equal(nt_receive(server, NULL, 5000), 1000); /* thrown away, counted */
}

static void test_streams__what_has_no_room_is_not_taken(void **state)
{
    int64_t sum = 0, count;
    meet();
    while ((count = nt_send(client, NULL, 1 << 20)) > 0 && sum < INT64_C(1) << 30)
        sum += count;
    assert_int_equal(count, -NT_EAGAIN);
    client_told = 0;
    for (int i = 0; i < 5; i++) {
        wait_a_second();
        while (nt_receive(server, NULL, 1 << 20) > 0) {
        }
    }
    assert_true(client_told & NT_SOCKET_WRITABLE);
}

static void test_streams__a_machine_without_sockets_has_no_tcp_and_still_answers(void **state)
{
    struct nt_endpoint target = at("bob", 80);
    nt_socket_close(listener);
    listener = NULL;
    assert_int_equal(nt_connect(client, &target), -NT_EINPROGRESS);
    wait_a_second();
    assert_int_equal(lab_ask(lab, "count(tcp.reset at bob)"), 1); /* RFC 9293 section 3.10.7.1 */
    assert_int_equal(lab_ask(lab, "bob.tcp_counters.resets_sent"), 1);
    assert_int_equal(lab_ask(lab, "count(bob.tcp)"), 0);
}

static void test_streams__tables_show_connections(void **state)
{
    meet();
    assert_int_equal(lab_ask(lab, "count(alice.tcp where state == established)"), 1);
    assert_int_equal(lab_ask(lab, "count(bob.tcp where state == listen)"), 1);
    assert_int_equal(lab_ask(lab, "count(bob.sockets where state == established)"), 1);
    assert_int_equal(lab_cell(lab, "alice", "tcp", 0, "peer_port"), 80);
    assert_true(lab_cell(lab, "alice", "tcp", 0, "cwnd") > 0);
    nt_socket_close(client);
    client = NULL;
    wait_a_second();
    assert_int_equal(lab_ask(lab, "count(bob.tcp where state == 'close-wait')"), 1);
    assert_int_equal(lab_ask(lab, "count(alice.tcp where state == 'fin-wait-2')"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_streams__##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(connect_and_carry_bytes_both_ways), TEST(end_in_each_direction),
        cmocka_unit_test_setup_teardown(test_streams__carry_zeros_that_need_not_be_written, set_up_unwatched,
                                        tear_down),
        TEST(refused_where_nobody_listens),      TEST(a_router_that_knows_no_way_is_heard),
        TEST(options_by_the_names_of_linux),     TEST(info_shows_the_connection),
        TEST(what_has_no_room_is_not_taken),     TEST(a_machine_without_sockets_has_no_tcp_and_still_answers),
        TEST(tables_show_connections),           TEST(a_frame_that_may_be_changed_knows_no_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
