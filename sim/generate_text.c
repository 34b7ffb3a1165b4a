/* SPDX-License-Identifier: MIT
 * Writing down what a generator makes: the nodes and links, each becoming a piece of the file's tree, as if
 * somebody had typed it.
 *
 * Names count from 1: PREFIX-r1 for routers, PREFIX-h1 for hosts, PREFIX-s1 for the switch of a lan.
 *
 * Addresses are made here, and yet the engine knows no protocol: to it they are a numbering scheme, dotted
 * numbers in text, as a person would write them. What they mean is the router's matter, which reads them like
 * any others. Edge number n is the n-th network of four addresses (a /30) of the block; its first end has the
 * second address, its second end the third. A host has its router as its gateway. A router sends up what it
 * does not know ("gateway"), and down what is below a child ("routes"). A lan is one network for all its
 * hosts.
 *
 * Simplified: these static routes follow the spanning tree and nothing else, so a link outside of it carries
 * only what its own two ends say to each other. With "routing": "rip" the routers find all ways themselves.
 */
#include <stdio.h>

#include "sim/generate_parts.h"

#define ADDRESS_SIZE 24    /* "255.255.255.255/32" and its terminator */
#define LAN_LENGTH_MOST 24 /* a small lan is a /24, as people expect */

/* ---- Names and addresses ---- */

void generate_name(const struct generate_entry *e, uint32_t vertex, char ret_name[GENERATE_NAME_SIZE])
{
    bool is_host = vertex >= e->graph.router_count;
    char letter = is_host ? 'h' : e->shape->has_links ? 'r' : 's';
    uint32_t number = vertex - (is_host ? e->graph.router_count : 0) + 1;
    snprintf(ret_name, GENERATE_NAME_SIZE, "%.*s-%c%u", GENERATE_NAME_MOST, e->prefix, letter, number);
}

static const char *address_text(uint32_t address, char ret_text[ADDRESS_SIZE])
{
    snprintf(ret_text, ADDRESS_SIZE, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
             address & 255);
    return ret_text;
}

static const char *prefix_text(uint32_t address, unsigned length, char ret_text[ADDRESS_SIZE])
{
    snprintf(ret_text, ADDRESS_SIZE, "%u.%u.%u.%u/%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
             address & 255, length);
    return ret_text;
}

/* The address of `vertex` on `edge`: the parent's comes first, so that an uplink always ends in the third. */
static uint32_t address_on(const struct generate_entry *e, uint32_t edge, uint32_t vertex)
{
    uint32_t other = numbers_other(&e->numbers, edge, vertex);
    bool is_second = e->numbers.uplink[vertex] == edge ||
                     (e->numbers.uplink[other] != edge && e->graph.edges[edge].end[1] == vertex);
    return e->base + GENERATE_EDGE_ADDRESSES * e->numbers.number[edge] + 1 + is_second;
}

unsigned generate_lan_length(const struct generate_entry *e)
{
    unsigned length = LAN_LENGTH_MOST;
    while ((UINT64_C(1) << (32 - length)) < (uint64_t)e->graph.host_count + 2)
        length--;
    return length;
}

/* ---- Into the tree ---- */

/* A value below `parent`, under `key` if that is an object. Everything made stands where its entry stands. */
static struct json_value *add(const struct generate_entry *e, struct json_value *parent, const char *key,
                              enum json_type type)
{
    struct json_value *made = json_add(e->generator->document, parent, key, type);
    made->line = made->key_line = e->at->line;
    made->column = made->key_column = e->at->column;
    return made;
}

static void add_text(const struct generate_entry *e, struct json_value *parent, const char *key,
                     const char *text)
{
    add(e, parent, key, JSON_STRING)->text = json_keep_text(e->generator->document, text);
}

static struct json_value *add_node(const struct generate_entry *e, uint32_t vertex, const char *type)
{
    char name[GENERATE_NAME_SIZE];
    generate_name(e, vertex, name);
    struct json_value *node = add(e, e->generator->nodes, name, JSON_OBJECT);
    add_text(e, node, "type", type);
    return node;
}

/* ---- Nodes ---- */

static void add_interfaces(const struct generate_entry *e, struct json_value *node, uint32_t router)
{
    struct json_value *interfaces = add(e, node, "interfaces", JSON_OBJECT);
    for (uint32_t at = e->numbers.start[router]; at < e->numbers.start[router + 1]; at++) {
        char port[16], address[ADDRESS_SIZE];
        snprintf(port, sizeof port, "eth%u", at - e->numbers.start[router]);
        add_text(e, interfaces, port, prefix_text(address_on(e, e->numbers.edges[at], router), 30, address));
    }
}

/* "10.0.1.0/24 via 10.0.0.6" for each block below the child at the other end of `edge`. The edge itself needs
 * none: the interface knows it. */
static void add_routes_down(const struct generate_entry *e, struct json_value *routes, uint32_t edge,
                            uint32_t child)
{
    struct numbers_block blocks[NUMBERS_COVER_MOST];
    uint32_t start = e->base / GENERATE_EDGE_ADDRESSES + e->numbers.first[child];
    uint32_t count = numbers_cover(start, e->numbers.count[child], blocks);
    for (uint32_t i = 0; i < count; i++) {
        char network[ADDRESS_SIZE], hop[ADDRESS_SIZE], route[2 * ADDRESS_SIZE + 8];
        if (blocks[i].first == start && blocks[i].log2 == 0)
            continue;
        snprintf(route, sizeof route, "%s via %s",
                 prefix_text(blocks[i].first * GENERATE_EDGE_ADDRESSES, 30u - blocks[i].log2, network),
                 address_text(address_on(e, edge, child), hop));
        add_text(e, routes, NULL, route);
    }
}

static void add_static_routes(const struct generate_entry *e, struct json_value *node, uint32_t router)
{
    const struct numbers *numbers = &e->numbers;
    char gateway[ADDRESS_SIZE];
    uint32_t uplink = numbers->uplink[router];
    if (uplink != NUMBERS_NONE)
        add_text(e, node, "gateway", address_text(address_on(e, uplink, numbers->parent[router]), gateway));
    struct json_value *routes = add(e, node, "routes", JSON_LIST);
    for (uint32_t at = numbers->start[router]; at < numbers->start[router + 1]; at++) {
        uint32_t edge = numbers->edges[at], other = numbers_other(numbers, edge, router);
        if (numbers->uplink[other] == edge)
            add_routes_down(e, routes, edge, other);
    }
}

static void make_router(const struct generate_entry *e, uint32_t router)
{
    if (!e->shape->has_links) {
        char ports[16];
        snprintf(ports, sizeof ports, "%u", e->graph.host_count < 2 ? 2 : e->graph.host_count);
        struct json_value *node = add_node(e, router, "switch");
        add(e, node, "ports", JSON_NUMBER)->text = json_keep_text(e->generator->document, ports);
        return;
    }
    struct json_value *node = add_node(e, router, "router");
    add_interfaces(e, node, router);
    if (e->routing.number == GENERATE_STATIC)
        add_static_routes(e, node, router);
    if (e->routing.number == GENERATE_RIP)
        add_text(e, node, "rip", "on");
}

static void make_host(const struct generate_entry *e, uint32_t host)
{
    char address[ADDRESS_SIZE], gateway[ADDRESS_SIZE];
    uint32_t edge = e->numbers.uplink[host];
    struct json_value *node = add_node(e, host, "host");
    if (e->shape->has_links) {
        add_text(e, node, "address", prefix_text(address_on(e, edge, host), 30, address));
        add_text(e, node, "gateway", address_text(address_on(e, edge, e->numbers.parent[host]), gateway));
    } else {
        uint32_t number = host - e->graph.router_count + 1;
        add_text(e, node, "address", prefix_text(e->base + number, generate_lan_length(e), address));
    }
}

/* ---- Links ---- */

/* A value of the file once more, under the same key. */
static void add_again(const struct generate_entry *e, struct json_value *parent,
                      const struct json_value *value)
{
    struct json_value *made = add(e, parent, value->key, value->type);
    made->text = value->text;
    made->boolean = value->boolean;
    for (const struct json_value *child = value->first_child; child; child = child->next)
        add_again(e, made, child);
}

/* "core-r1:eth0"; only the ports of routers are said. */
static void add_link_end(const struct generate_entry *e, struct json_value *ends, uint32_t edge, int side)
{
    char name[GENERATE_NAME_SIZE], whole[GENERATE_NAME_SIZE + 16];
    uint32_t vertex = e->graph.edges[edge].end[side];
    generate_name(e, vertex, name);
    snprintf(whole, sizeof whole, "%s:eth%u", name, e->numbers.port[edge][side]);
    bool has_port = e->shape->has_links && vertex < e->graph.router_count;
    add_text(e, ends, NULL, has_port ? whole : name);
}

static void make_link(const struct generate_entry *e, uint32_t edge)
{
    const struct json_value *params = e->by_kind[e->graph.edges[edge].kind];
    struct json_value *link = add(e, e->generator->links, NULL, JSON_OBJECT);
    struct json_value *ends = add(e, link, "between", JSON_LIST);
    add_link_end(e, ends, edge, 0);
    add_link_end(e, ends, edge, 1);
    for (const struct json_value *at = params ? params->first_child : NULL; at; at = at->next)
        add_again(e, link, at);
}

void generate_write(const struct generate_entry *e)
{
    for (uint32_t i = 0; i < e->graph.router_count; i++)
        make_router(e, i);
    for (uint32_t i = 0; i < e->graph.host_count; i++)
        make_host(e, e->graph.router_count + i);
    for (uint32_t i = 0; i < e->graph.edge_count; i++)
        make_link(e, i);
}
