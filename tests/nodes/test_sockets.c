/* SPDX-License-Identifier: MIT
 * The socket interface as an application has it: sim/netarium.h and nothing else, between two hosts and on a
 * router with two interfaces. Checklist UDP-5, UDP-7, UDP-8, UDP-9. */
#include "tests/nodes/lab.h"

static struct lab *lab;
static struct nt_node *alice, *bob, *r;
static struct nt_socket *one, *two;
static uint32_t told; /* events since last looked at, or-ed */

static void on_event(struct nt_socket *socket, uint32_t events)
{
    assert_ptr_equal(socket->context, &told);
    told |= events;
}

static int set_up(void **state)
{
    lab = lab_new(
        "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.1.2/24', 'gateway': "
        "'10.0.1.1'},"
        " 'bob': {'type': 'host', 'address': '10.0.2.2/24', 'gateway': '10.0.2.1'},"
        " 'r': {'type': 'router', 'interfaces': {'eth0': '10.0.1.1/24', 'eth1': '10.0.2.1/24'}}},"
        " 'links': [{'between': ['alice', 'r:eth0']}, {'between': ['r:eth1', 'bob']}], 'stop': '100 s'}");
    lab_run(lab, 0);
    alice = lab_node(lab, "alice");
    bob = lab_node(lab, "bob");
    r = lab_node(lab, "r");
    assert_int_equal(nt_socket_open(alice, NULL, NT_SOCKET_DATAGRAM, on_event, &told, &one), 0);
    assert_int_equal(nt_socket_open(bob, NULL, NT_SOCKET_DATAGRAM, on_event, &told, &two), 0);
    told = 0;
    return 0;
}

static int tear_down(void **state)
{
    nt_socket_close(one);
    nt_socket_close(two);
    lab_free(lab);
    return 0;
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

static struct nt_endpoint any(uint16_t port)
{
    return (struct nt_endpoint){.port = port};
}

static void assert_address(const struct nt_address *address, const char *expected)
{
    char shown[48];
    alice->sockets->show(address, shown, sizeof shown);
    assert_string_equal(shown, expected);
}

static void test_sockets__carry_datagrams_with_who_and_where(void **state)
{
    struct nt_endpoint seven = any(7), target = at("bob", 7), local, peer;
    struct nt_message how;
    char bytes[20];
    assert_int_equal(nt_bind(two, &seven), 0);
    assert_int_equal(nt_send_to(one, &target, "hello", 5), 5);
    assert_int_equal(nt_socket_ready(two), NT_SOCKET_WRITABLE);
    wait_a_second();
    assert_int_equal(told, NT_SOCKET_READABLE);
    assert_int_equal(nt_socket_ready(two), NT_SOCKET_WRITABLE | NT_SOCKET_READABLE);
    assert_int_equal(nt_receive_message(two, &how, bytes, sizeof bytes, NT_MESSAGE_PEEK), 5);
    assert_int_equal(nt_receive_message(two, &how, bytes, 2, 0), 2); /* UDP-8: the rest is gone */
    assert_int_equal(how.length_bytes, 5);
    assert_address(&how.peer.address, "10.0.1.2");
    assert_address(&how.local, "10.0.2.2");
    assert_int_equal(how.ttl, 63); /* one router on the way */
    assert_int_equal(how.interface, 1);
    assert_int_equal(nt_receive(two, bytes, sizeof bytes), -NT_EAGAIN);
    nt_socket_names(one, &local, &peer);
    assert_int_equal(local.port, how.peer.port);
    assert_in_range(local.port, 49152, 65535);
    assert_int_equal(peer.port, 0);
}

/* UDP-5: the router is asked at its far address and answers from there, not from the nearer one. */
static void test_sockets__answer_from_the_address_that_was_asked(void **state)
{
    struct nt_socket *echo;
    struct nt_endpoint seven = any(7), far = at("10.0.2.1", 7);
    struct nt_message how;
    assert_int_equal(nt_socket_open(r, NULL, NT_SOCKET_DATAGRAM, on_event, &told, &echo), 0);
    assert_int_equal(nt_bind(echo, &seven), 0);
    assert_int_equal(nt_connect(one, &far), 0);
    assert_int_equal(nt_send(one, "?", 1), 1);
    wait_a_second();
    assert_int_equal(nt_receive_message(echo, &how, NULL, 0, 0), 0);
    assert_int_equal(nt_send_message(echo, &how, "!", 1, 0), 1);
    wait_a_second();
    assert_int_equal(nt_receive_message(one, &how, NULL, 0, 0), 0);
    assert_address(&how.peer.address, "10.0.2.1");
    nt_socket_close(echo);
}

/* What goes to many may name the interface that it leaves by. */
static void test_sockets__broadcast_by_the_interface_that_was_named(void **state)
{
    struct nt_socket *shout;
    struct nt_endpoint port = any(520);
    assert_int_equal(nt_socket_open(r, NULL, NT_SOCKET_DATAGRAM, on_event, &told, &shout), 0);
    nt_bind(one, &port);
    nt_bind(two, &port);
    struct nt_message how = {.peer = at("255.255.255.255", 520)};
    assert_int_equal(nt_send_message(shout, &how, "", 0, 0), -NT_EACCES);
    assert_int_equal(nt_socket_set(shout, NT_LEVEL_SOCKET, NT_SO_BROADCAST, 1), 0);
    how.interface = 2; /* eth1 */
    assert_int_equal(nt_send_message(shout, &how, "", 0, 0), 0);
    wait_a_second();
    assert_int_equal(nt_receive(one, NULL, 0), -NT_EAGAIN);
    assert_int_equal(nt_receive_message(two, &how, NULL, 0, 0), 0);
    assert_true(how.is_for_many);
    assert_address(&how.peer.address, "10.0.2.1");
    nt_socket_close(shout);
}

/* UDP-7. */
static void test_sockets__tell_of_errors_once_and_in_full(void **state)
{
    struct nt_endpoint closed = at("bob", 9);
    struct nt_socket_error error;
    int64_t pending;
    assert_int_equal(nt_connect(one, &closed), 0);
    assert_int_equal(nt_socket_take_error(one, &error), -NT_EAGAIN);
    assert_int_equal(nt_send(one, "", 0), 0);
    wait_a_second();
    assert_int_equal(told, NT_SOCKET_ERROR);
    assert_true(nt_socket_ready(one) & NT_SOCKET_ERROR);
    assert_int_equal(nt_send(one, "", 0), -NT_ECONNREFUSED);
    assert_int_equal(nt_socket_get(one, NT_LEVEL_SOCKET, NT_SO_ERROR, &pending), 0);
    assert_int_equal(pending, 0);
    assert_int_equal(nt_socket_set(one, NT_LEVEL_IP, NT_IP_ERRORS, 1), 0);
    assert_int_equal(nt_socket_set(one, NT_LEVEL_IP, NT_IP_TTL, 1), 0);
    assert_int_equal(nt_send(one, "", 0), 0);
    wait_a_second();
    assert_int_equal(nt_socket_take_error(one, &error), 0);
    assert_int_equal(error.type, 11); /* time exceeded, by the router */
    assert_int_equal(error.error, NT_EHOSTUNREACH);
    assert_address(&error.reporter, "10.0.1.1");
    assert_int_equal(error.target.port, 9);
    assert_string_equal(alice->sockets->error_words(-NT_ECONNREFUSED), "Connection refused");
}

static void test_sockets__have_options_with_ranges(void **state)
{
    static const struct {
        int level, name;
        int64_t value;
        int expected;
    } rows[] = {
        {NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, 1, 0},
        {NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, 2, -NT_EINVAL},
        {NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, 4096, 0},
        {NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, 0, -NT_EINVAL},
        {NT_LEVEL_IP, NT_IP_TTL, 255, 0},
        {NT_LEVEL_IP, NT_IP_TTL, 256, -NT_EINVAL},
        {NT_LEVEL_IP, NT_IP_TOS, 0x2e << 2, 0},
        {NT_LEVEL_IP, NT_IP_DONT_FRAGMENT, 1, 0},
        {NT_LEVEL_IP, 99, 1, -NT_ENOPROTOOPT},
        {NT_LEVEL_TCP, 0, 1, -NT_ENOPROTOOPT},
        {NT_LEVEL_SOCKET, NT_SO_ERROR, 0, -NT_ENOPROTOOPT},
        {NT_LEVEL_SOCKET, NT_SO_KIND, 1, -NT_ENOPROTOOPT},
    };
    int64_t value;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int found = nt_socket_set(one, rows[i].level, rows[i].name, rows[i].value);
        if (found != rows[i].expected)
            fail_msg("row %zu: %d", i, found);
        if (found == 0) {
            assert_int_equal(nt_socket_get(one, rows[i].level, rows[i].name, &value), 0);
            assert_int_equal(value, rows[i].value);
        }
    }
    assert_int_equal(nt_socket_get(one, NT_LEVEL_SOCKET, NT_SO_KIND, &value), 0);
    assert_int_equal(value, NT_SOCKET_DATAGRAM);
    assert_int_equal(nt_socket_get(one, NT_LEVEL_IP, 99, &value), -NT_ENOPROTOOPT);
}

/* UDP-9: cut if it may be, refused if not. */
static void test_sockets__send_what_fits_and_say_what_does_not(void **state)
{
    static uint8_t bytes[65508];
    struct nt_endpoint seven = any(7), target = at("bob", 7);
    assert_int_equal(nt_bind(two, &seven), 0);
    assert_int_equal(nt_send_to(one, &target, bytes, 65508), -NT_EMSGSIZE);
    assert_int_equal(nt_send_to(one, &target, bytes, 1),
                     1); /* so that ARP knows: few pieces may wait for it */
    wait_a_second();
    assert_int_equal(nt_receive(two, bytes, 1), 1);
    assert_int_equal(nt_send_to(one, &target, bytes, 65507), 65507);
    wait_a_second();
    assert_int_equal(nt_receive(two, bytes, sizeof bytes), 65507);
    assert_int_equal(nt_socket_set(one, NT_LEVEL_IP, NT_IP_DONT_FRAGMENT, 1), 0);
    assert_int_equal(nt_send_to(one, &target, bytes, 1473), -NT_EMSGSIZE);
    assert_int_equal(nt_send_to(one, &target, bytes, 1472), 1472);
}

static void test_sockets__cannot_do_what_is_not_theirs(void **state)
{
    struct nt_endpoint nowhere = at("192.0.2.1", 9);
    struct nt_socket *stream = NULL;
    assert_int_equal(nt_listen(one, 5), -NT_EOPNOTSUPP);
    assert_int_equal(nt_accept(one, NULL, NULL, &stream), -NT_EOPNOTSUPP);
    assert_int_equal(nt_socket_shutdown(one, NT_SHUTDOWN_SEND), -NT_ENOTCONN);
    assert_int_equal(nt_send(one, "", 0), -NT_EDESTADDRREQ);
    assert_int_equal(nt_connect(one, &nowhere), 0); /* by the gateway: who knows */
    assert_int_equal(nt_socket_shutdown(one, NT_SHUTDOWN_SEND), 0);
    assert_int_equal(nt_send(one, "", 0), -NT_EPIPE);
    assert_int_equal(nt_socket_resolve(alice, "nobody", &nowhere.address), -NT_EADDRNOTAVAIL);
    assert_int_equal(nt_socket_open(lab_node(lab, "alice-r"), NULL, NT_SOCKET_DATAGRAM, NULL, NULL, &stream),
                     -NT_EPROTONOSUPPORT); /* a cable has no stack */
}

/* The network's memory goes back as a whole, sockets and what waits in them too. */
static void test_sockets__go_back_in_time_with_the_network(void **state)
{
    struct nt_endpoint seven = any(7), target = at("bob", 7);
    char bytes[8] = "";
    nt_bind(two, &seven);
    nt_send_to(one, &target, "before", 6);
    wait_a_second();
    struct checkpoint *saved = run_save(lab->run);
    assert_int_equal(nt_receive(two, bytes, sizeof bytes), 6);
    assert_int_equal(nt_receive(two, bytes, sizeof bytes), -NT_EAGAIN);
    run_restore(lab->run, saved);
    assert_int_equal(nt_receive(two, bytes, sizeof bytes), 6);
    assert_string_equal(bytes, "before");
    checkpoint_free(saved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_sockets__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(carry_datagrams_with_who_and_where),
        TEST(answer_from_the_address_that_was_asked),
        TEST(broadcast_by_the_interface_that_was_named),
        TEST(tell_of_errors_once_and_in_full),
        TEST(have_options_with_ranges),
        TEST(send_what_fits_and_say_what_does_not),
        TEST(cannot_do_what_is_not_theirs),
        TEST(go_back_in_time_with_the_network),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
