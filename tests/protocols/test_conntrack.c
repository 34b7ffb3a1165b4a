/* SPDX-License-Identifier: MIT
 * Connection tracking: what a packet is to the flows known so far, and how long they are known. RFC 4787
 * REQ-5, RFC 5382 REQ-5, RFC 5508 REQ-2 and REQ-6. */
#include "protocols/conntrack/conntrack.h"
#include "tests/protocols/nat_lab.h"

#define UDP IPV4_PROTOCOL_UDP
#define TCP IPV4_PROTOCOL_TCP
#define ICMP IPV4_PROTOCOL_ICMP

#define ALICE "10.0.0.1:4000"
#define SERVER "192.0.2.1:80"

static struct hand_env hand;
static struct conntrack conntrack;

static int set_up(void **state)
{
    struct flows_config config = flows_config_default();
    config.limit = 100;
    hand_init(&hand);
    conntrack_init(&conntrack, &hand.env, &config);
    return 0;
}

static int tear_down(void **state)
{
    conntrack_release(&conntrack);
    hand_release(&hand);
    return 0;
}

static struct flow_view view_of(const uint8_t *bytes, size_t length)
{
    struct ipv4_header header;
    assert_int_equal(ipv4_header_parse(bytes, length, &header), IPV4_OK);
    return flow_read(bytes, length, &header);
}

static struct flow_view packet(uint8_t protocol, const char *from, const char *to, uint8_t flags)
{
    uint8_t bytes[LAB_BYTES];
    struct lab_packet built = {.from = from, .to = to, .protocol = protocol, .tcp_flags = flags};
    size_t length = lab_build(&built, bytes);
    return view_of(bytes, length);
}

/* What it is; then it passes. */
static enum conntrack_state pass(uint8_t protocol, const char *from, const char *to, uint8_t flags)
{
    struct flow_view view = packet(protocol, from, to, flags);
    enum conntrack_state state = conntrack_state(&conntrack, &view);
    conntrack_take(&conntrack, &view, 40, 0);
    return state;
}

/* An error from `reporter` that quotes a UDP datagram. */
static struct flow_view error_about(const char *from, const char *to)
{
    uint8_t bytes[LAB_BYTES];
    struct lab_packet built = {.from = from, .to = to, .protocol = UDP};
    size_t length = lab_build(&built, bytes + 28);
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(28 + length),
                                 .ttl = 9,
                                 .protocol = ICMP,
                                 .source = lab_end("198.51.100.1").address,
                                 .destination = lab_end(from).address};
    icmp_emit(ICMP_UNREACHABLE, ICMP_HOST_UNREACHABLE, 0, length, bytes + 20);
    ipv4_header_emit(&header, bytes);
    return view_of(bytes, header.total_bytes);
}

/* ---- States ---- */

static void test_conntrack__calls_the_first_packets_new_and_the_answer_established(void **state)
{
    assert_int_equal(pass(UDP, ALICE, SERVER, 0), CONNTRACK_NEW);
    assert_int_equal(pass(UDP, ALICE, SERVER, 0), CONNTRACK_NEW); /* still nobody has answered */
    assert_int_equal(pass(UDP, SERVER, ALICE, 0), CONNTRACK_ESTABLISHED);
    assert_int_equal(pass(UDP, ALICE, SERVER, 0), CONNTRACK_ESTABLISHED);
    assert_int_equal(hand_fact_count(&hand, "conntrack.new"), 1);
    assert_int_equal(hand_fact_count(&hand, "conntrack.answered"), 1);
}

/* A packet that a rule stops is not taken, and so the next one is as new as it was. */
static void test_conntrack__remembers_only_what_has_come_through(void **state)
{
    struct flow_view first = packet(UDP, ALICE, SERVER, 0);
    assert_int_equal(conntrack_state(&conntrack, &first), CONNTRACK_NEW);
    assert_int_equal(conntrack_state(&conntrack, &first), CONNTRACK_NEW);
    assert_int_equal(conntrack.flows.count, 0);
    struct flow_view answer = packet(UDP, SERVER, ALICE, 0);
    assert_int_equal(conntrack_state(&conntrack, &answer), CONNTRACK_NEW); /* a flow of its own */
}

/* RFC 9293 3.5: a connection begins with a SYN; nothing else may look like its first segment. */
static void test_conntrack__lets_tcp_begin_with_a_syn_only(void **state)
{
    static const struct {
        uint8_t flags;
        enum conntrack_state state;
    } rows[] = {{FLOW_SYN, CONNTRACK_NEW},
                {FLOW_SYN | FLOW_ACK, CONNTRACK_INVALID},
                {FLOW_ACK, CONNTRACK_INVALID},
                {FLOW_RST, CONNTRACK_INVALID},
                {FLOW_FIN, CONNTRACK_INVALID},
                {FLOW_SYN | FLOW_FIN, CONNTRACK_INVALID},
                {FLOW_SYN | FLOW_RST, CONNTRACK_INVALID},
                {0, CONNTRACK_INVALID}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct flow_view view = packet(TCP, ALICE, SERVER, rows[i].flags);
        assert_int_equal(conntrack_state(&conntrack, &view), rows[i].state);
    }
}

static void test_conntrack__knows_a_ping_by_its_identifier(void **state)
{
    assert_int_equal(pass(ICMP, "10.0.0.1:7", "192.0.2.1", 0), CONNTRACK_NEW);
    assert_int_equal(pass(ICMP, "192.0.2.1", "10.0.0.1:8", 0), CONNTRACK_INVALID); /* nobody asked with 8 */
    assert_int_equal(pass(ICMP, "192.0.2.1", "10.0.0.1:7", 0), CONNTRACK_ESTABLISHED);
    assert_int_equal(pass(ICMP, "192.0.2.1:7", "10.0.0.1", 0),
                     CONNTRACK_NEW); /* the other way is another ping */
}

/* An error is related to the flow that it quotes, from whichever side; and it does not lengthen that flow's
 * life. RFC 5508 REQ-6. */
static void test_conntrack__relates_errors_to_what_they_quote(void **state)
{
    struct flow_view view = error_about(ALICE, SERVER);
    assert_int_equal(conntrack_state(&conntrack, &view), CONNTRACK_INVALID);
    pass(UDP, ALICE, SERVER, 0);
    assert_int_equal(conntrack_state(&conntrack, &view), CONNTRACK_RELATED);
    struct flow_view other_way = error_about(SERVER, ALICE);
    assert_int_equal(conntrack_state(&conntrack, &other_way), CONNTRACK_RELATED);
    hand_advance(&hand, 200 * ENV_SECOND);
    assert_true(conntrack_take(&conntrack, &view, 56, 0));
    hand_advance(&hand, 100 * ENV_SECOND);
    assert_int_equal(conntrack.flows.count, 0);
}

static void test_conntrack__calls_unreadable_packets_invalid(void **state)
{
    uint8_t bytes[24] = {0};
    struct ipv4_header header = {
        .header_bytes = 20, .total_bytes = 24, .ttl = 9, .protocol = TCP, .source = {1}, .destination = {2}};
    ipv4_header_emit(&header, bytes);
    struct flow_view view = flow_read(bytes, sizeof bytes, &header);
    assert_int_equal(view.part, FLOW_UNREADABLE);
    assert_int_equal(conntrack_state(&conntrack, &view), CONNTRACK_INVALID);
}

/* ---- Lifetimes ---- */

static void test_conntrack__forgets_each_class_at_its_time(void **state)
{
    static const struct {
        uint8_t protocol;
        int64_t seconds;
    } rows[] = {{UDP, 300}, {TCP, 240}, {ICMP, 60}, {47, 600}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct flow_view view =
            packet(rows[i].protocol == 47 ? UDP : rows[i].protocol, ALICE, SERVER, FLOW_SYN);
        view.key.protocol = rows[i].protocol;
        assert_true(conntrack_take(&conntrack, &view, 40, 0));
        hand_advance(&hand, rows[i].seconds * ENV_SECOND - 1);
        assert_int_equal(conntrack.flows.count, 1);
        hand_advance(&hand, 1);
        assert_int_equal(conntrack.flows.count, 0);
    }
}

static enum flow_class class_now(void)
{
    return flows_row(&conntrack.flows, 0)->class;
}

/* RFC 9293 3.3.2, seen from the middle. */
static void test_conntrack__follows_a_connection_from_syn_to_fin_and_anew(void **state)
{
    pass(TCP, ALICE, SERVER, FLOW_SYN);
    pass(TCP, SERVER, ALICE, FLOW_SYN | FLOW_ACK);
    assert_int_equal(class_now(), FLOW_OPENING);
    pass(TCP, ALICE, SERVER, FLOW_ACK);
    assert_int_equal(class_now(), FLOW_OPEN);
    pass(TCP, ALICE, SERVER, FLOW_FIN | FLOW_ACK);
    assert_int_equal(class_now(), FLOW_OPEN); /* half closed */
    pass(TCP, SERVER, ALICE, FLOW_FIN | FLOW_ACK);
    assert_int_equal(class_now(), FLOW_CLOSING);
    pass(TCP, ALICE, SERVER, FLOW_SYN);
    assert_int_equal(class_now(), FLOW_OPENING);
    pass(TCP, SERVER, ALICE, FLOW_RST | FLOW_ACK);
    assert_int_equal(class_now(), FLOW_CLOSING);
    assert_int_equal(hand_fact_count(&hand, "conntrack.tcp"), 4);
}

/* Against a naive oracle: hundreds of flows, refreshed at random; each dies exactly its time after it was
 * last heard of. */
static void test_conntrack__lets_each_flow_die_on_time_whatever_the_others_do(void **state)
{
    enum { FLOWS = 90 };
    int64_t dies[FLOWS] = {0};
    uint64_t dice = 7;
    for (int step = 0; step < 3000; step++) {
        dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unsigned number = (unsigned)(dice >> 33) % FLOWS;
        struct flow_view view = packet(number % 2 ? UDP : ICMP, ALICE, number % 2 ? SERVER : "192.0.2.1", 0);
        view.key.from.port = (uint16_t)(1000 + number);
        assert_true(conntrack_take(&conntrack, &view, 40, 0));
        dies[number] = hand.now + (number % 2 ? 300 : 60) * ENV_SECOND;
        hand_advance(&hand, (int64_t)(dice >> 40) % 4000 * ENV_MILLISECOND);
        uint32_t alive = 0;
        for (int i = 0; i < FLOWS; i++)
            alive += dies[i] > hand.now;
        assert_int_equal(conntrack.flows.count, alive);
        hand_forget(&hand);
    }
}

/* ---- Limits ---- */

static void test_conntrack__takes_no_more_flows_than_it_has_room_for(void **state)
{
    struct flow_view view = packet(UDP, ALICE, SERVER, 0);
    for (unsigned i = 0; i < 100; i++) {
        view.key.from.port = (uint16_t)(5000 + i);
        assert_true(conntrack_take(&conntrack, &view, 40, 0));
    }
    size_t blocks = hand.memory_ever;
    view.key.from.port = 6000;
    assert_false(conntrack_take(&conntrack, &view, 40, 0));
    assert_int_equal(hand_fact(&hand, "conntrack.drop")->values[1], 100);
    view.key.from.port = 5000;
    assert_true(conntrack_take(&conntrack, &view, 40, 0)); /* those known go on */
    hand_advance(&hand, 300 * ENV_SECOND);
    for (unsigned i = 0; i < 100; i++) {
        view.key.from.port = (uint16_t)(7000 + i);
        assert_true(conntrack_take(&conntrack, &view, 40, 0));
    }
    assert_int_equal(hand.memory_ever, blocks); /* and nothing was allocated for the second hundred */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_conntrack__calls_the_first_packets_new_and_the_answer_established),
        TEST(test_conntrack__remembers_only_what_has_come_through),
        TEST(test_conntrack__lets_tcp_begin_with_a_syn_only),
        TEST(test_conntrack__knows_a_ping_by_its_identifier),
        TEST(test_conntrack__relates_errors_to_what_they_quote),
        TEST(test_conntrack__calls_unreadable_packets_invalid),
        TEST(test_conntrack__forgets_each_class_at_its_time),
        TEST(test_conntrack__follows_a_connection_from_syn_to_fin_and_anew),
        TEST(test_conntrack__lets_each_flow_die_on_time_whatever_the_others_do),
        TEST(test_conntrack__takes_no_more_flows_than_it_has_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
