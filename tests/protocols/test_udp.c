/* SPDX-License-Identifier: MIT
 * UDP on a host: who gets what, and what is said when nobody does. Checklist UDP-2 to UDP-9, ICMP-12. */
#include "protocols/ipv4/network.h"
#include "protocols/udp/udp.h"
#include "sim/base/bytes.h"
#include "tests/protocols/station.h"

static struct station s;
static struct ipv4_network network;
static struct udp udp;
static struct udp_socket one, two;
static unsigned told_one, told_two; /* events since last looked at, or-ed */

static void told(struct udp_socket *socket, unsigned events)
{
    *(socket == &one ? &told_one : &told_two) |= events;
}

static int set_up(void **state)
{
    station_init(&s, NULL, NULL);
    station_introduce_bob(&s);
    udp_init(&udp, &s.hand.env);
    ipv4_network_init(&network, &s.ip, IPV4_PROTOCOL_UDP, &udp.user);
    udp_add_layer(&udp, &network.layer);
    udp_open(&udp, &one, told);
    udp_open(&udp, &two, told);
    told_one = told_two = 0;
    return 0;
}

static int tear_down(void **state)
{
    hand_expect_silence(&s.hand);
    udp_close(&one);
    udp_close(&two);
    udp_release(&udp);
    station_release(&s);
    return 0;
}

static struct net_endpoint at(struct ipv4_address address, uint16_t port)
{
    return (struct net_endpoint){net_from_ipv4(address), port};
}

static struct net_endpoint any(uint16_t port)
{
    return (struct net_endpoint){.port = port};
}

/* A datagram as it stands on the wire. Returns its size. */
static size_t compose(uint8_t *ret_bytes, uint16_t from, uint16_t to, const char *data)
{
    struct net_address bob = net_from_ipv4(BOB), alice = net_from_ipv4(ALICE);
    struct udp_header header = {from, to, (uint16_t)(UDP_HEADER + strlen(data)), 0};
    memcpy(ret_bytes + UDP_HEADER, data, strlen(data));
    udp_emit(&header, &bob, &alice, ret_bytes);
    return header.length_bytes;
}

static const struct ipv4_header from_bob = {
    .protocol = IPV4_PROTOCOL_UDP, .source = {0x0a000002}, .destination = {0x0a000001}};

/* Bob sends text from a port to a port of alice's. */
static void hear(uint16_t from, uint16_t to, const char *data)
{
    uint8_t bytes[1600];
    station_hear_datagram(&s, from_bob, bytes, compose(bytes, from, to, data));
}

/* The same to a broadcast address of the link, without a checksum. */
static void hear_to_all(struct ipv4_address destination, uint16_t to, const char *data)
{
    uint8_t bytes[200];
    struct ipv4_header h = from_bob;
    size_t count = compose(bytes + 20, 5000, to, data);
    bytes_put_u16(bytes + 26, 0);
    h.header_bytes = 20;
    h.ttl = 64;
    h.total_bytes = (uint16_t)(20 + count);
    h.destination = destination;
    ipv4_header_emit(&h, bytes);
    station_hear(&s, mac_broadcast, ETHERNET_TYPE_IPV4, bytes, h.total_bytes);
}

/* Bob complains about a datagram that alice sent to him from a port to a port. */
static void hear_complaint(uint8_t type, uint8_t code, uint16_t from, uint16_t to)
{
    uint8_t bytes[ICMP_HEADER + 28] = {0};
    struct ipv4_header h = {.header_bytes = 20,
                            .total_bytes = 33,
                            .ttl = 63,
                            .protocol = IPV4_PROTOCOL_UDP,
                            .source = ALICE,
                            .destination = BOB};
    ipv4_header_emit(&h, bytes + ICMP_HEADER);
    bytes_put_u16(bytes + ICMP_HEADER + 20, from);
    bytes_put_u16(bytes + ICMP_HEADER + 22, to);
    bytes_put_u16(bytes + ICMP_HEADER + 24, 13);
    icmp_emit(type, code, 0, 28, bytes);
    h = from_bob;
    h.protocol = IPV4_PROTOCOL_ICMP;
    station_hear_datagram(&s, h, bytes, sizeof bytes);
}

static void expect_received(struct udp_socket *socket, const char *expected)
{
    char bytes[100] = "";
    assert_int_equal(udp_receive(socket, bytes, sizeof bytes, NULL, false), strlen(expected));
    assert_string_equal(bytes, expected);
}

static void expect_nothing(struct udp_socket *socket)
{
    char bytes[10];
    assert_int_equal(udp_receive(socket, bytes, sizeof bytes, NULL, false), -NET_EAGAIN);
}

static const char *last_drop(void)
{
    return hand_word(hand_fact(&s.hand, "udp.drop"), 0);
}

/* ---- Receiving ---- */

static void test_udp__brings_a_datagram_to_its_port(void **state)
{
    struct udp_received received;
    char bytes[20];
    assert_int_equal(udp_bind(&one, any(7)), 0);
    hear(5000, 7, "hello");
    assert_int_equal(told_one, UDP_READABLE);
    assert_int_equal(udp_receive(&one, bytes, sizeof bytes, &received, true), 5);
    assert_int_equal(udp_receive(&one, bytes, sizeof bytes, &received, false), 5);
    assert_memory_equal(bytes, "hello", 5);
    assert_int_equal(net_to_ipv4(received.from.address).value, BOB.value);
    assert_int_equal(received.from.port, 5000);
    assert_int_equal(net_to_ipv4(received.to).value, ALICE.value); /* UDP-5 */
    assert_int_equal(received.ttl, 64);
    expect_nothing(&one);
}

/* UDP-8: one send is one receive; what does not fit is gone; an empty one counts. */
static void test_udp__keeps_boundaries(void **state)
{
    struct udp_received received;
    char bytes[3];
    udp_bind(&one, any(7));
    hear(5000, 7, "first");
    hear(5000, 7, "");
    hear(5000, 7, "third");
    assert_int_equal(udp_receive(&one, bytes, sizeof bytes, &received, false), 3);
    assert_int_equal(received.length_bytes, 5);
    assert_memory_equal(bytes, "fir", 3);
    expect_received(&one, "");
    expect_received(&one, "third");
    expect_nothing(&one);
}

/* UDP-2: silently. UDP-3: a length beyond the end likewise. */
static void test_udp__drops_what_is_damaged_in_silence(void **state)
{
    uint8_t bytes[40];
    udp_bind(&one, any(7));
    size_t count = compose(bytes, 5000, 7, "hello");
    bytes[9] ^= 1;
    station_hear_datagram(&s, from_bob, bytes, count);
    assert_string_equal(last_drop(), "bad checksum");
    station_hear_datagram(&s, from_bob, bytes, count - 1);
    assert_string_equal(last_drop(), "bad length");
    station_hear_datagram(&s, from_bob, bytes, 7);
    assert_string_equal(last_drop(), "shorter than 8 octets");
    assert_int_equal(udp.counters.dropped, 3);
    assert_int_equal(told_one, 0);
}

/* UDP-3: what stands behind the length is not data. */
static void test_udp__cuts_what_is_behind_its_length(void **state)
{
    uint8_t bytes[40] = {0};
    udp_bind(&one, any(7));
    station_hear_datagram(&s, from_bob, bytes, compose(bytes, 5000, 7, "hello") + 10);
    expect_received(&one, "hello");
}

/* UDP-4: ICMP 3/3 that quotes the datagram. */
static void test_udp__says_that_nobody_listens(void **state)
{
    hear(5000, 9, "hello");
    const struct hand_frame *frame =
        hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 udp port 9 unreachable, length 41");
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "udp.drop"));
    assert_string_equal(last_drop(), "no socket on the port");
    assert_int_equal(udp.counters.no_socket, 1);
}

/* UDP-4: not to many. */
static void test_udp__is_silent_when_many_were_asked(void **state)
{
    hear_to_all(IPV4_BROADCAST, 9, "anybody?");
    hear_to_all((struct ipv4_address){0x0a0000ff}, 9, "anybody?");
    assert_string_equal(last_drop(), "no socket on the port");
    assert_int_equal(udp.counters.no_socket, 2);
}

/* UDP-6: a broadcast cannot be a source; IP sees to it. */
static void test_udp__never_hears_from_a_broadcast(void **state)
{
    uint8_t bytes[40];
    struct ipv4_header h = from_bob;
    udp_bind(&one, any(7));
    h.source = (struct ipv4_address){0x0a0000ff};
    station_hear_datagram(&s, h, bytes, compose(bytes, 5000, 7, "hello"));
    assert_int_equal(s.last_reason, IPV4_BAD_SOURCE);
    expect_nothing(&one);
}

/* Everybody on the port gets a copy of a broadcast; those that it does not fit do not. */
static void test_udp__gives_a_broadcast_to_all_that_share_the_port(void **state)
{
    struct udp_socket three;
    udp_open(&udp, &three, told);
    one.binding.may_share = two.binding.may_share = three.binding.may_share = true;
    assert_int_equal(udp_bind(&one, any(67)), 0);
    assert_int_equal(udp_bind(&two, any(67)), 0);
    assert_int_equal(udp_bind(&three, at(ALICE, 67)), 0);
    hear_to_all(IPV4_BROADCAST, 67, "discover");
    expect_received(&one, "discover");
    expect_received(&two, "discover");
    expect_nothing(&three); /* bound to one address, and that was not it */
    udp_close(&three);
}

static void close_both(struct udp_socket *socket, unsigned events)
{
    udp_close(&one);
    udp_close(&two);
    told_one++;
}

/* `told` may close any socket, those that were to be told next too. */
static void test_udp__lets_a_socket_close_others_while_it_is_told(void **state)
{
    one.told = two.told = close_both;
    one.binding.may_share = two.binding.may_share = true;
    udp_bind(&one, any(67));
    udp_bind(&two, any(67));
    hear_to_all(IPV4_BROADCAST, 67, "discover");
    assert_int_equal(told_one, 1);
}

/* A queue that nobody reads has an end, and says so. */
static void test_udp__drops_what_its_owner_does_not_read(void **state)
{
    udp_bind(&one, any(7));
    one.queue.limit_bytes = 30;
    hear(5000, 7, "12345"); /* 13 with its header */
    hear(5000, 7, "12345");
    told_one = 0;
    hear(5000, 7, "12345");
    assert_int_equal(told_one, 0);
    assert_string_equal(last_drop(), "receive queue is full");
    assert_int_equal(one.counters.queue_full, 1);
    expect_received(&one, "12345");
    hear(5000, 7, "again");
    expect_received(&one, "12345");
    expect_received(&one, "again");
}

static void test_udp__allocates_nothing_in_steady_state(void **state)
{
    udp_bind(&one, any(7));
    hear(5000, 7, "warm up");
    hear(5000, 7, "warm up");
    expect_received(&one, "warm up");
    size_t before = s.hand.memory_ever;
    for (int i = 0; i < 1000; i++) {
        hear(5000, 7, "steady");
        expect_received(&one, i ? "steady" : "warm up");
        if (i % 100 == 99)
            hand_forget(&s.hand);
    }
    assert_int_equal(s.hand.memory_ever, before);
}

/* ---- Sending ---- */

static void test_udp__sends_from_a_port_of_the_dynamic_range(void **state)
{
    struct udp_sending to_bob = {.to = at(BOB, 7)};
    one.ttl = 9;
    one.tos = 0x10;
    one.dont_fragment = true;
    assert_int_equal(udp_send(&one, &to_bob, "hello", 5), 5);
    uint16_t port = one.binding.local.port;
    assert_in_range(port, 49152, 65535);
    char line[100];
    struct text text = text_in(line, sizeof line);
    text_add(&text, "IP 10.0.0.1.%u > 10.0.0.2.7: UDP, length 5", port);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, line);
    assert_int_equal(frame->bytes[14 + 8], 9);    /* UDP-7: TTL */
    assert_int_equal(frame->bytes[14 + 1], 0x10); /* UDP-7: TOS */
    assert_int_equal(frame->bytes[14 + 6], 0x40); /* UDP-7: DF */
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "udp.tx"));
    hear(7, port, "hello");
    expect_received(&one, "hello");
}

/* UDP-5: the address that was asked is the one that answers, if the application says so. */
static void test_udp__replies_from_the_address_that_was_asked(void **state)
{
    struct udp_sending how = {.to = at(BOB, 5000), .source = net_from_ipv4(ALICE)};
    udp_bind(&one, any(7));
    udp_send(&one, &how, "", 0);
    hand_expect_frame(&s.hand, "IP 10.0.0.1.7 > 10.0.0.2.5000: UDP, length 0");
    udp_bind(&two, at(IPV4_LOOPBACK, 8));
    udp_send(&two, &(struct udp_sending){.to = at(ALICE, 7)}, "me", 2);
    hand_advance(&s.hand, 0);
    struct udp_received received;
    char bytes[2];
    assert_int_equal(udp_receive(&one, bytes, 2, &received, false), 2);
    assert_int_equal(net_to_ipv4(received.from.address).value, IPV4_LOOPBACK.value);
}

/* UDP-9, and what else keeps a datagram from being sent. */
static void test_udp__says_why_it_cannot_send(void **state)
{
    static uint8_t bytes[70000];
    struct udp_sending to_bob = {.to = at(BOB, 7)}, to_all = {.to = at(IPV4_BROADCAST, 7)};
    assert_int_equal(udp_send(&one, NULL, bytes, 1), -NET_EDESTADDRREQ);
    assert_int_equal(udp_send(&one, &(struct udp_sending){.to = at(BOB, 0)}, bytes, 1), -NET_EINVAL);
    assert_int_equal(udp_send(&one, &to_bob, bytes, 65508), -NET_EMSGSIZE);
    one.dont_fragment = true;
    assert_int_equal(udp_send(&one, &to_bob, bytes, 1473), -NET_EMSGSIZE);
    assert_int_equal(udp_send(&one, &to_all, bytes, 1), -NET_EACCES);
    to_bob.source = net_from_ipv4(CAROL); /* UDP-6 */
    assert_int_equal(udp_send(&one, &to_bob, bytes, 1), -NET_EINVAL);
    assert_int_equal(udp.counters.refused, 4);
    one.may_broadcast = true;
    assert_int_equal(udp_send(&one, &to_all, bytes, 1), 1);
    hand_forget(&s.hand);
    s.ip.interfaces[0].is_up = false;
    assert_int_equal(udp_send(&one, &to_bob, bytes, 1) < 0, true);
}

/* ---- Endpoints ---- */

/* What a packet is for: connected before bound before wildcard; among equals the latest. */
static void test_udp__finds_the_socket_that_says_most(void **state)
{
    struct udp_socket wild, bound;
    udp_open(&udp, &wild, told);
    udp_open(&udp, &bound, told);
    one.binding.may_share = bound.binding.may_share = wild.binding.may_share = true;
    assert_int_equal(udp_bind(&one, any(7)), 0);
    assert_int_equal(udp_connect(&one, at(BOB, 5000)), 0);
    assert_int_equal(udp_bind(&bound, at(ALICE, 7)), 0);
    assert_int_equal(udp_bind(&wild, any(7)), 0);
    hear(5000, 7, "to the connected one");
    expect_received(&one, "to the connected one");
    hear(5001, 7, "to the bound one");
    expect_received(&bound, "to the bound one");
    udp_close(&bound);
    hear(5001, 7, "to the wildcard");
    expect_received(&wild, "to the wildcard");
    assert_int_equal(udp_connect(&one, (struct net_endpoint){0}), 0);
    hear(5001, 7, "to the latest");
    expect_received(&one, "to the latest");
    udp_close(&wild);
}

static void test_udp__hears_only_its_peer_when_connected(void **state)
{
    udp_bind(&one, any(7));
    udp_connect(&one, at(CAROL, 5000));
    hear(5000, 7, "not for you");
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 udp port 7 unreachable, length 47");
    udp_connect(&one, at(BOB, 5000));
    hear(5000, 7, "for you");
    expect_received(&one, "for you");
    assert_int_equal(udp_send(&one, NULL, "so", 2), 2);
    hand_expect_frame(&s.hand, "IP 10.0.0.1.7 > 10.0.0.2.5000: UDP, length 2");
}

/* SO_REUSEADDR as on Linux: both must want it. */
static void test_udp__shares_a_port_only_if_both_want_to(void **state)
{
    static const struct {
        bool first_shares, second_shares;
        uint32_t first, second; /* addresses */
        int expected;
    } rows[] = {
        {false, false, 0, 0, -NET_EADDRINUSE},
        {true, false, 0, 0, -NET_EADDRINUSE},
        {false, true, 0, 0, -NET_EADDRINUSE},
        {true, true, 0, 0, 0},
        {false, false, 0x0a000001, 0, -NET_EADDRINUSE},
        {false, false, 0, 0x0a000001, -NET_EADDRINUSE},
        {false, false, 0x0a000001, 0x7f000001, 0},
        {false, false, 0x0a000001, 0x0a000001, -NET_EADDRINUSE},
        {true, true, 0x0a000001, 0x0a000001, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one.binding.may_share = rows[i].first_shares;
        two.binding.may_share = rows[i].second_shares;
        assert_int_equal(udp_bind(&one, at((struct ipv4_address){rows[i].first}, 7)), 0);
        int found = udp_bind(&two, at((struct ipv4_address){rows[i].second}, 7));
        if (found != rows[i].expected)
            fail_msg("row %zu: %d", i, found);
        udp_close(&one);
        udp_close(&two);
    }
    assert_int_equal(udp_bind(&one, at(BOB, 7)), -NET_EADDRNOTAVAIL);
    assert_int_equal(udp_bind(&one, any(7)), 0);
    assert_int_equal(udp_bind(&one, any(8)), -NET_EINVAL);
}

/* All 16 384 ports taken: a clear error and a fact, no endless search. */
static void test_udp__runs_out_of_ports_visibly(void **state)
{
    static struct udp_socket many[16384];
    struct udp_sending to_bob = {.to = at(BOB, 7)};
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        udp_open(&udp, &many[i], told);
        assert_int_equal(udp_bind(&many[i], any(0)), 0);
    }
    assert_int_equal(udp_bind(&one, any(0)), -NET_EADDRINUSE);
    assert_int_equal(udp_send(&one, &to_bob, "x", 1), -NET_EAGAIN);
    assert_int_equal(hand_fact_count(&s.hand, "udp.no_port"), 2);
    uint16_t port = many[77].binding.local.port;
    udp_close(&many[77]);
    assert_int_equal(udp_bind(&one, any(0)), 0);
    assert_int_equal(one.binding.local.port, port);
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
        udp_close(&many[i]);
}

static void test_udp__disconnects_and_connects_again(void **state)
{
    assert_int_equal(udp_connect(&one, at(BOB, 7)), 0);
    assert_int_equal(net_to_ipv4(one.binding.local.address).value, ALICE.value);
    assert_int_equal(udp_connect(&one, at(CAROL, 7)), 0);
    assert_int_equal(udp_connect(&one, (struct net_endpoint){0}), 0);
    assert_false(one.binding.is_joined); /* the port was not its own choice */
    assert_int_equal(udp_send(&one, NULL, "x", 1), -NET_EDESTADDRREQ);
    assert_int_equal(udp_connect(&one, at(BOB, 0)), -NET_EINVAL);
    assert_int_equal(udp_connect(&one, at(IPV4_BROADCAST, 9)), -NET_EACCES);
}

/* ---- Errors ---- */

/* UDP-7, ICMP-12: the connected socket's next call says so, once. */
static void test_udp__tells_a_connected_socket_that_it_was_refused(void **state)
{
    char byte;
    udp_bind(&one, any(5000));
    udp_connect(&one, at(BOB, 9));
    hear_complaint(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 5000, 9);
    assert_int_equal(told_one, UDP_FAILED);
    assert_int_equal(udp_receive(&one, &byte, 1, NULL, false), -NET_ECONNREFUSED);
    expect_nothing(&one);
    hear_complaint(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 5000, 9);
    assert_int_equal(udp_send(&one, NULL, "x", 1), -NET_ECONNREFUSED);
    assert_string_equal(hand_word(hand_fact(&s.hand, "udp.error"), 0), "Connection refused");
    assert_string_equal(net_error_words(-NET_ECONNREFUSED), "Connection refused");
}

/* Soft errors pass: the host may be back in a moment. An unconnected socket hears of none. */
static void test_udp__ignores_soft_errors_and_those_of_strangers(void **state)
{
    udp_bind(&one, any(5000));
    hear_complaint(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 5000, 9);
    udp_connect(&one, at(BOB, 9));
    hear_complaint(ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 5000, 9);
    hear_complaint(ICMP_TIME_EXCEEDED, 0, 5000, 9);
    hear_complaint(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 5001, 9);
    assert_int_equal(told_one, 0);
    expect_nothing(&one);
}

/* UDP-7: all of them for who asks, with reporter and target: what traceroute lives on. */
static void test_udp__keeps_complaints_for_who_wants_them(void **state)
{
    struct udp_complaint complaint;
    udp_bind(&one, any(5000));
    one.wants_complaints = true;
    hear_complaint(ICMP_TIME_EXCEEDED, 0, 5000, 33434);
    hear_complaint(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 5000, 33435);
    assert_int_equal(told_one, UDP_FAILED);
    assert_true(udp_take_complaint(&one, &complaint));
    assert_int_equal(complaint.type, ICMP_TIME_EXCEEDED);
    assert_int_equal(complaint.target.port, 33434);
    assert_int_equal(complaint.error, NET_EHOSTUNREACH);
    assert_int_equal(net_to_ipv4(complaint.reporter).value, BOB.value);
    assert_true(udp_take_complaint(&one, &complaint));
    assert_int_equal(complaint.target.port, 33435);
    assert_false(udp_take_complaint(&one, &complaint));
    for (int i = 0; i < 100; i++)
        hear_complaint(ICMP_TIME_EXCEEDED, 0, 5000, 33434);
    for (int i = 0; i < UDP_COMPLAINTS; i++)
        assert_true(udp_take_complaint(&one, &complaint));
    assert_false(udp_take_complaint(&one, &complaint));
    assert_int_equal(udp_take_error(&one), -NET_EHOSTUNREACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_udp__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(brings_a_datagram_to_its_port),
        TEST(keeps_boundaries),
        TEST(drops_what_is_damaged_in_silence),
        TEST(cuts_what_is_behind_its_length),
        TEST(says_that_nobody_listens),
        TEST(is_silent_when_many_were_asked),
        TEST(never_hears_from_a_broadcast),
        TEST(gives_a_broadcast_to_all_that_share_the_port),
        TEST(lets_a_socket_close_others_while_it_is_told),
        TEST(drops_what_its_owner_does_not_read),
        TEST(allocates_nothing_in_steady_state),
        TEST(sends_from_a_port_of_the_dynamic_range),
        TEST(replies_from_the_address_that_was_asked),
        TEST(says_why_it_cannot_send),
        TEST(finds_the_socket_that_says_most),
        TEST(hears_only_its_peer_when_connected),
        TEST(shares_a_port_only_if_both_want_to),
        TEST(runs_out_of_ports_visibly),
        TEST(disconnects_and_connects_again),
        TEST(tells_a_connected_socket_that_it_was_refused),
        TEST(ignores_soft_errors_and_those_of_strangers),
        TEST(keeps_complaints_for_who_wants_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
