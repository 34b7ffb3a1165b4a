/* SPDX-License-Identifier: MIT
 * The routing table against a list that is searched from end to end: with few routes, with many, and across
 * the line between the two, where the table builds its tree. */
#include <string.h>

#include "protocols/ipv4/routes.h"
#include "tests/protocols/hand_env.h"

#define MOST 64
#define INTERFACES 4

/* Every route in the order of being added; the first of the best is the answer. */
struct oracle {
    struct route routes[MOST];
    size_t length;
    bool is_down[INTERFACES];
};

static uint32_t next_below(uint64_t *state, uint32_t limit)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d) >> 32) % limit);
}

static bool is_better(const struct route *a, const struct route *b)
{
    return a->prefix.length != b->prefix.length ? a->prefix.length > b->prefix.length : a->metric < b->metric;
}

static const struct route *oracle_lookup(const struct oracle *oracle, struct ipv4_address address)
{
    const struct route *best = NULL;
    for (size_t i = 0; i < oracle->length; i++) {
        const struct route *route = &oracle->routes[i];
        if (!oracle->is_down[route->interface] && ipv4_prefix_has(route->prefix, address) &&
            (!best || is_better(route, best)))
            best = route;
    }
    return best;
}

static bool is_same(const struct route *a, const struct route *b)
{
    return a->prefix.length == b->prefix.length && a->interface == b->interface &&
           ipv4_is_equal(a->prefix.address, b->prefix.address) && ipv4_is_equal(a->next_hop, b->next_hop);
}

static void oracle_remove(struct oracle *oracle, size_t place)
{
    memmove(&oracle->routes[place], &oracle->routes[place + 1],
            (oracle->length - place - 1) * sizeof oracle->routes[0]);
    oracle->length--;
}

static void oracle_add(struct oracle *oracle, const struct route *route)
{
    for (size_t i = 0; i < oracle->length; i++)
        if (is_same(&oracle->routes[i], route)) {
            oracle_remove(oracle, i);
            break;
        }
    oracle->routes[oracle->length++] = *route;
}

/* Prefixes that nest; a metric says which of two for one prefix is meant, so that no two are equally good. */
static struct route random_route(uint64_t *random, uint32_t number)
{
    static const uint8_t lengths[] = {0, 8, 16, 24, 30, 32};
    struct ipv4_prefix prefix = {
        {next_below(random, 3) << 24 | next_below(random, 3) << 8 | next_below(random, 3)},
        lengths[next_below(random, 6)]};
    return (struct route){.prefix = {ipv4_prefix_network(prefix), prefix.length},
                          .next_hop = {UINT32_C(0x0a000001) + next_below(random, 3)},
                          .interface = next_below(random, INTERFACES),
                          .metric = number,
                          .source = ROUTE_STATIC};
}

static void expect_same_answers(const struct routes *routes, const struct oracle *oracle, uint64_t *random)
{
    for (int i = 0; i < 20; i++) {
        struct ipv4_address address = {next_below(random, 4) << 24 | next_below(random, 4) << 8 |
                                       next_below(random, 5)};
        const struct route *wanted = oracle_lookup(oracle, address), *found = routes_lookup(routes, address);
        assert_int_equal(found != NULL, wanted != NULL);
        if (found)
            assert_true(is_same(found, wanted) && found->metric == wanted->metric);
    }
}

/* Adds, removes, and takes interfaces down and up, with at most `most` routes at a time. */
static void live_a_life(uint64_t random, size_t most, bool remembers)
{
    struct hand_env hand;
    struct routes routes;
    struct oracle oracle = {.length = 0};
    hand_init(&hand);
    routes_init(&routes, &hand.env);
    if (remembers)
        routes_remember(&routes, ROUTES_RECENT_ROUTER);
    for (uint32_t round = 1; round < 600; round++) {
        uint32_t what = next_below(&random, 8), interface = next_below(&random, INTERFACES);
        if (what == 0) {
            routes_set_up(&routes, interface, oracle.is_down[interface]);
            oracle.is_down[interface] = !oracle.is_down[interface];
        } else if ((what < 4 || oracle.length == most) && oracle.length) {
            size_t place = next_below(&random, (uint32_t)oracle.length);
            const struct route *victim = &oracle.routes[place];
            assert_int_equal(
                routes_remove(&routes, victim->prefix, ROUTE_STATIC, victim->next_hop, victim->interface), 1);
            oracle_remove(&oracle, place);
        } else {
            struct route route = random_route(&random, round);
            routes_add(&routes, &route);
            oracle_add(&oracle, &route);
        }
        assert_int_equal(routes.count, oracle.length);
        expect_same_answers(&routes, &oracle, &random);
    }
    assert_int_equal(routes.tree != NULL, most > ROUTES_FEW);
    routes_release(&routes);
    hand_release(&hand);
}

static void test_routes__few_agree_with_a_list_searched_from_end_to_end(void **state)
{
    for (uint64_t seed = 1; seed <= 10; seed++)
        live_a_life(seed, ROUTES_FEW, seed & 1);
}

static void test_routes__many_agree_with_it_too(void **state)
{
    for (uint64_t seed = 1; seed <= 10; seed++)
        live_a_life(seed, MOST, seed & 1);
}

static void test_routes__of_equal_ones_the_first_stays(void **state)
{
    struct hand_env hand;
    struct routes routes;
    struct route route = {.next_hop = {1}, .source = ROUTE_STATIC};
    hand_init(&hand);
    routes_init(&routes, &hand.env);
    routes_add(&routes, &route);
    route.next_hop.value = 2;
    routes_add(&routes, &route);
    assert_int_equal(routes_lookup(&routes, (struct ipv4_address){5})->next_hop.value, 1);
    routes_remove(&routes, route.prefix, ROUTE_STATIC, (struct ipv4_address){1}, ROUTES_NONE);
    assert_int_equal(routes_lookup(&routes, (struct ipv4_address){5})->next_hop.value, 2);
    routes_release(&routes);
    hand_release(&hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes__few_agree_with_a_list_searched_from_end_to_end),
        cmocka_unit_test(test_routes__many_agree_with_it_too),
        cmocka_unit_test(test_routes__of_equal_ones_the_first_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
