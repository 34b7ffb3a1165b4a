/* SPDX-License-Identifier: MIT
 * Several equal ways: flows stay together, ways get their share, and few flows move when a way goes. RFC 2992. */
#include "protocols/ipv4/ways.h"
#include "sim/base/bytes.h"
#include "protocols/ipv4/header.h"
#include "tests/protocols/hand_env.h"

#define FLOWS 20000

static struct hand_env hand;
static struct routes routes;
static const struct ipv4_prefix everything = {{0}, 0};

static int set_up(void **state)
{
    hand_init(&hand);
    routes_init(&routes, &hand.env);
    return 0;
}

static int tear_down(void **state)
{
    routes_release(&routes);
    hand_release(&hand);
    return 0;
}

/* One way for each weight, by interfaces 0, 1, ... */
static void add_ways(const uint16_t *weights, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct route route = {.prefix = everything,
                              .next_hop = {i + 1},
                              .interface = i,
                              .source = ROUTE_STATIC,
                              .weight = weights[i]};
        routes_add(&routes, &route);
    }
}

static struct ipv4_flow flow_number(uint32_t number)
{
    return (struct ipv4_flow){{0x0a000000 + number % 100}, {0x0a010000 + number % 37}, number << 16 | 80, 6};
}

static uint32_t way_of(uint32_t number, uint32_t seed)
{
    struct ipv4_flow flow = flow_number(number);
    const struct route *first = routes_lookup(&routes, flow.destination);
    return routes_spread(&routes, first, ipv4_flow_hash(&flow, seed))->interface;
}

static void test_ways__get_flows_by_their_weights(void **state)
{
    static const uint16_t weights[] = {1, 3, 4};
    uint32_t flows[3] = {0};
    add_ways(weights, 3);
    for (uint32_t i = 0; i < FLOWS; i++)
        flows[way_of(i, 7)]++;
    for (uint32_t i = 0; i < 3; i++)
        assert_in_range(flows[i], FLOWS / 8 * weights[i] * 95 / 100, FLOWS / 8 * weights[i] * 105 / 100);
}

static void test_ways__are_those_of_the_lowest_metric_alone(void **state)
{
    static const uint16_t weights[] = {1, 1};
    struct route worse = {.prefix = everything, .interface = 9, .metric = 5, .source = ROUTE_STATIC, .weight = 200};
    add_ways(weights, 2);
    routes_add(&routes, &worse);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(way_of(i, 7) < 2);
}

/* RFC 2992 section 3: with hash-threshold not more than half of the flows move when one of several ways goes (with a
 * remainder it would be nearly all), and when it comes back each is where it was. */
static void test_ways__move_few_flows_when_one_goes(void **state)
{
    static const uint16_t weights[] = {1, 1, 1, 1, 1, 1, 1, 1};
    static uint8_t before[FLOWS];
    uint32_t moved = 0;
    add_ways(weights, 8);
    for (uint32_t i = 0; i < FLOWS; i++)
        before[i] = (uint8_t)way_of(i, 7);
    routes_set_up(&routes, 3, false);
    for (uint32_t i = 0; i < FLOWS; i++) {
        uint32_t now = way_of(i, 7);
        assert_int_not_equal(now, 3);
        moved += now != before[i];
    }
    assert_in_range(moved, FLOWS / 8, FLOWS / 2);
    routes_set_up(&routes, 3, true);
    for (uint32_t i = 0; i < FLOWS; i++)
        assert_int_equal(way_of(i, 7), before[i]);
}

/* What one router sends by its first way, the next one spreads over all of its own. */
static void test_ways__of_the_second_router_are_all_used(void **state)
{
    static const uint16_t weights[] = {1, 1, 1, 1};
    uint32_t flows[4] = {0}, all = 0, one = ipv4_ways_seed("e0-1"), other = ipv4_ways_seed("a0-1");
    add_ways(weights, 4);
    for (uint32_t i = 0; i < FLOWS; i++)
        if (way_of(i, one) == 0) {
            flows[way_of(i, other)]++;
            all++;
        }
    for (uint32_t i = 0; i < 4; i++)
        assert_in_range(flows[i], all / 4 * 9 / 10, all / 4 * 11 / 10);
}

static void test_ways__keep_the_pieces_of_a_datagram_together(void **state)
{
    uint8_t bytes[28] = {0};
    struct ipv4_header header = {
        .header_bytes = 20, .total_bytes = 28, .ttl = 9, .protocol = 17, .source = {1}, .destination = {2}};
    ipv4_header_emit(&header, bytes);
    bytes_put_u32(bytes + 20, 0x12345678);
    assert_int_equal(ipv4_flow_of(bytes, 28).ports, 0x12345678);
    assert_int_equal(ipv4_flow_of(bytes, 23).ports, 0);
    header.more_fragments = true;
    ipv4_header_emit(&header, bytes);
    struct ipv4_flow first = ipv4_flow_of(bytes, 28);
    header.more_fragments = false;
    header.fragment_bytes = 8;
    ipv4_header_emit(&header, bytes);
    struct ipv4_flow last = ipv4_flow_of(bytes, 28);
    assert_int_equal(first.ports, 0);
    assert_int_equal(ipv4_flow_hash(&first, 5), ipv4_flow_hash(&last, 5));
    header.fragment_bytes = 0;
    header.protocol = 1; /* ICMP has no ports */
    ipv4_header_emit(&header, bytes);
    assert_int_equal(ipv4_flow_of(bytes, 28).ports, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_ways__##name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(get_flows_by_their_weights),         TEST(are_those_of_the_lowest_metric_alone),
        TEST(move_few_flows_when_one_goes),       TEST(of_the_second_router_are_all_used),
        TEST(keep_the_pieces_of_a_datagram_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
