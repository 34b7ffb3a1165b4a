/* SPDX-License-Identifier: MIT
 * See router_routes.h. The value of the parameter keeps the text; it is read again when the network is known. */
#include "nodes/router_routes.h"

#include <string.h>

#define WORD_MOST 40

/* ---- Reading ---- */

/* The next word, cut at WORD_MOST; empty at the end. Returns what is behind it. */
static const char *word_next(const char *text, char ret_word[WORD_MOST])
{
    text += strspn(text, " ");
    size_t length = strcspn(text, " "), kept = length < WORD_MOST ? length : WORD_MOST - 1;
    memcpy(ret_word, text, kept);
    ret_word[kept] = '\0';
    return text + length;
}

static bool refuse_form(const char *text, struct text *why)
{
    text_add(why,
             "expected a route such as \"10.0.3.0/24 via 10.0.2.2\" or \"10.0.3.0/24 nexthop via 10.0.2.2 nexthop "
             "via 10.0.4.2\", found \"%.60s\"",
             text);
    return false;
}

static bool read_weight(const char *word, struct router_way *way, struct text *why)
{
    uint32_t weight = 0;
    const char *at = word;
    for (; *at >= '0' && *at <= '9' && weight <= ROUTER_WEIGHT_MOST; at++)
        weight = weight * 10 + (uint32_t)(*at - '0');
    way->weight = (uint16_t)weight;
    if (!*at && at > word && weight >= 1 && weight <= ROUTER_WEIGHT_MOST)
        return true;
    text_add(why, "expected a weight from 1 to %d, found \"%s\"", ROUTER_WEIGHT_MOST, word);
    return false;
}

/* "nexthop via A [weight N]", again and again; `at` stands behind the first "nexthop". */
static bool read_ways(const char *text, const char *at, struct router_route *route, struct text *why)
{
    char word[WORD_MOST] = "nexthop";
    while (strcmp(word, "nexthop") == 0) {
        if (route->way_count == ROUTER_WAYS) {
            text_add(why, "a route has at most %d ways", ROUTER_WAYS);
            return false;
        }
        struct router_way *way = &route->ways[route->way_count++];
        at = word_next(at, word);
        if (strcmp(word, "via") != 0)
            return refuse_form(text, why);
        at = word_next(at, word);
        if (!ipv4_parse(word, &way->hop, why))
            return false;
        way->weight = 1;
        at = word_next(at, word);
        if (strcmp(word, "weight") != 0)
            continue;
        at = word_next(at, word);
        if (!read_weight(word, way, why))
            return false;
        at = word_next(at, word);
    }
    return !*word || refuse_form(text, why);
}

static bool read_route(const char *text, struct router_route *ret_route, struct text *why)
{
    char word[WORD_MOST];
    *ret_route = (struct router_route){.way_count = 0};
    const char *at = word_next(text, word);
    const char *network = strcmp(word, "default") == 0 ? "0.0.0.0/0" : word; /* iproute2's word */
    char how[WORD_MOST];
    at = word_next(at, how);
    if (strcmp(how, "via") != 0 && strcmp(how, "nexthop") != 0)
        return refuse_form(text, why);
    if (!ipv4_prefix_parse(network, &ret_route->prefix, why))
        return false;
    if (strcmp(how, "nexthop") == 0)
        return read_ways(text, at, ret_route, why);
    at = word_next(at, word);
    ret_route->way_count = 1;
    if (!ipv4_parse(word, &ret_route->ways[0].hop, why))
        return false;
    word_next(at, word);
    return !*word || refuse_form(text, why);
}

bool router_parse_route(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct router_route route;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (!read_route(text, &route, &why))
        return false;
    if (ipv4_prefix_network(route.prefix).value != route.prefix.address.value) {
        char network[IPV4_TEXT_SIZE];
        ipv4_format(ipv4_prefix_network(route.prefix), network);
        text_add(&why, "'%s': the network is %s/%u", text, network, route.prefix.length);
        return false;
    }
    ret_value->number = route.prefix.address.value;
    ret_value->extra = route.prefix.length;
    return true;
}

/* ---- Loading ---- */

/* A route of the file, which was found to be right. */
static void route_at(const struct nt_value *routes, uint32_t index, struct router_route *ret_route)
{
    char storage[200];
    struct text why = text_in(storage, sizeof storage);
    read_route(routes->items[index].text, ret_route, &why);
}

static bool is_on_link(const struct router *router, uint32_t ports, struct ipv4_address address)
{
    struct ipv4_prefix prefix;
    for (uint32_t i = 0; i < ports; i++)
        for (uint32_t j = 0; router->given[i] && stack_value_at(router->given[i], j, &prefix); j++)
            if (ipv4_prefix_has(prefix, address))
                return true;
    return false;
}

void router_check_routes(struct nt_node *node)
{
    const struct router *router = node->state;
    const struct nt_value *gateway = &router->values[ROUTER_GATEWAY],
                          *routes = &router->values[ROUTER_ROUTES];
    struct router_route route;
    if (gateway->is_given &&
        !is_on_link(router, node->port_count, (struct ipv4_address){(uint32_t)gateway->number}))
        nt_refuse(node, "gateway", "%s is not on a network of this router", gateway->text);
    for (uint32_t i = 0; i < routes->count; i++) {
        route_at(routes, i, &route);
        bool is_near = true;
        for (uint32_t j = 0; j < route.way_count; j++)
            is_near = is_near && is_on_link(router, node->port_count, route.ways[j].hop);
        if (!is_near)
            nt_refuse(node, "routes", "\"%s\": %s is not on a network of this router", routes->items[i].text,
                      route.way_count > 1 ? "a next hop" : "the next hop");
    }
}

static void add_way(struct router *router, struct ipv4_prefix prefix, const struct router_way *way)
{
    struct route route = {
        .prefix = prefix, .next_hop = way->hop, .source = ROUTE_STATIC, .weight = way->weight};
    struct ipv4_route to_hop;
    if (ipv4_route(&router->stack.ip, way->hop, &to_hop) != IPV4_SENT)
        return;
    route.interface = to_hop.interface;
    routes_add(&router->stack.ip.routes, &route);
}

void router_add_routes(struct router *router)
{
    const struct nt_value *routes = &router->values[ROUTER_ROUTES];
    struct router_route route;
    for (uint32_t i = 0; i < routes->count; i++) {
        route_at(routes, i, &route);
        for (uint32_t j = 0; j < route.way_count; j++)
            add_way(router, route.prefix, &route.ways[j]);
    }
}
