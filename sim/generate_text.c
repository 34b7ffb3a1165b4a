/* SPDX-License-Identifier: MIT
 * Writing down what a generator makes: the nodes and links, as text, each becoming a piece of the file's
 * tree.
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
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/json_write.h"
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

/* A piece of text that becomes a piece of the tree. */
struct piece {
    struct json_writer writer;
    char *bytes;
    size_t length;
};

static struct json_writer *piece_begin(struct piece *piece)
{
    FILE *out = open_memstream(&piece->bytes, &piece->length);
    assert(out);
    json_write_init(&piece->writer, out);
    json_write_object(&piece->writer);
    return &piece->writer;
}

/* Everything made stands where its entry stands. */
static void place_below(struct json_value *value, const struct json_value *at)
{
    value->line = value->key_line = at->line;
    value->column = value->key_column = at->column;
    for (struct json_value *child = value->first_child; child; child = child->next)
        place_below(child, at);
}

/* Ends the piece and adds it to `section`; `key` NULL: it is a list. */
static void piece_add(struct piece *piece, const struct generate_entry *e, struct json_value *section,
                      const char *key)
{
    struct json_document *document = e->generator->document;
    json_write_end(&piece->writer);
    fclose(piece->writer.out);
    struct json_value *made = json_parse_part(document, piece->bytes);
    struct json_value *member = json_add_member(document, section, key ? key : "");
    member->type = made->type;
    member->first_child = made->first_child;
    member->last_child = made->last_child;
    member->child_count = made->child_count;
    for (struct json_value *child = member->first_child; child; child = child->next)
        child->parent = member;
    if (!key)
        member->key = NULL;
    place_below(member, e->at);
    free(piece->bytes);
}

static void add_node(struct piece *piece, const struct generate_entry *e, uint32_t vertex)
{
    char name[GENERATE_NAME_SIZE];
    generate_name(e, vertex, name);
    piece_add(piece, e, e->generator->nodes, name);
}

/* ---- Nodes ---- */

static void write_interfaces(struct json_writer *w, const struct generate_entry *e, uint32_t router)
{
    json_write_name(w, "interfaces");
    json_write_object(w);
    for (uint32_t at = e->numbers.start[router]; at < e->numbers.start[router + 1]; at++) {
        char port[16], address[ADDRESS_SIZE];
        snprintf(port, sizeof port, "eth%u", at - e->numbers.start[router]);
        json_write_member_text(w, port,
                               prefix_text(address_on(e, e->numbers.edges[at], router), 30, address));
    }
    json_write_end(w);
}

/* "10.0.1.0/24 via 10.0.0.6" for each block below the child at the other end of `edge`. The edge itself needs
 * none: the interface knows it. */
static void write_routes_down(struct json_writer *w, const struct generate_entry *e, uint32_t edge,
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
        json_write_text(w, route);
    }
}

static void write_static_routes(struct json_writer *w, const struct generate_entry *e, uint32_t router)
{
    const struct numbers *numbers = &e->numbers;
    char gateway[ADDRESS_SIZE];
    uint32_t uplink = numbers->uplink[router];
    if (uplink != NUMBERS_NONE)
        json_write_member_text(w, "gateway",
                               address_text(address_on(e, uplink, numbers->parent[router]), gateway));
    json_write_name(w, "routes");
    json_write_list(w);
    for (uint32_t at = numbers->start[router]; at < numbers->start[router + 1]; at++) {
        uint32_t edge = numbers->edges[at], other = numbers_other(numbers, edge, router);
        if (numbers->uplink[other] == edge)
            write_routes_down(w, e, edge, other);
    }
    json_write_end(w);
}

static void make_router(const struct generate_entry *e, uint32_t router)
{
    struct piece piece;
    struct json_writer *w = piece_begin(&piece);
    json_write_member_text(w, "type", e->shape->has_links ? "router" : "switch");
    if (e->shape->has_links)
        write_interfaces(w, e, router);
    else
        json_write_member_integer(w, "ports", e->graph.host_count < 2 ? 2 : e->graph.host_count);
    if (e->shape->has_links && e->routing.number == GENERATE_STATIC)
        write_static_routes(w, e, router);
    if (e->shape->has_links && e->routing.number == GENERATE_RIP)
        json_write_member_text(w, "rip", "on");
    add_node(&piece, e, router);
}

static void make_host(const struct generate_entry *e, uint32_t host)
{
    struct piece piece;
    char address[ADDRESS_SIZE], gateway[ADDRESS_SIZE];
    uint32_t edge = e->numbers.uplink[host];
    struct json_writer *w = piece_begin(&piece);
    json_write_member_text(w, "type", "host");
    if (e->shape->has_links) {
        json_write_member_text(w, "address", prefix_text(address_on(e, edge, host), 30, address));
        json_write_member_text(w, "gateway",
                               address_text(address_on(e, edge, e->numbers.parent[host]), gateway));
    } else {
        uint32_t number = host - e->graph.router_count + 1;
        json_write_member_text(w, "address", prefix_text(e->base + number, generate_lan_length(e), address));
    }
    add_node(&piece, e, host);
}

/* ---- Links ---- */

/* A value of the file once more. What stands in numbers is whole, or was refused when the entry was read. */
static void write_again(struct json_writer *w, const struct json_value *value)
{
    int64_t number;
    if (value->type == JSON_BOOLEAN)
        json_write_boolean(w, value->boolean);
    else if (value->type == JSON_NUMBER && json_integer(value, &number))
        json_write_integer(w, number);
    else if (value->type != JSON_OBJECT && value->type != JSON_LIST)
        json_write_text(w, value->text);
    if (value->type != JSON_OBJECT && value->type != JSON_LIST)
        return;
    if (value->type == JSON_OBJECT)
        json_write_object(w);
    else
        json_write_list(w);
    for (const struct json_value *child = value->first_child; child; child = child->next) {
        if (child->key)
            json_write_name(w, child->key);
        write_again(w, child);
    }
    json_write_end(w);
}

/* "core-r1:eth0"; only the ports of routers are said. */
static void write_link_end(struct json_writer *w, const struct generate_entry *e, uint32_t edge, int side)
{
    char name[GENERATE_NAME_SIZE], whole[GENERATE_NAME_SIZE + 16];
    uint32_t vertex = e->graph.edges[edge].end[side];
    generate_name(e, vertex, name);
    snprintf(whole, sizeof whole, "%s:eth%u", name, e->numbers.port[edge][side]);
    bool has_port = e->shape->has_links && vertex < e->graph.router_count;
    json_write_text(w, has_port ? whole : name);
}

static void make_link(const struct generate_entry *e, uint32_t edge)
{
    struct piece piece;
    struct json_writer *w = piece_begin(&piece);
    const struct json_value *params = e->by_kind[e->graph.edges[edge].kind];
    json_write_name(w, "between");
    json_write_list(w);
    write_link_end(w, e, edge, 0);
    write_link_end(w, e, edge, 1);
    json_write_end(w);
    for (const struct json_value *at = params ? params->first_child : NULL; at; at = at->next) {
        json_write_name(w, at->key);
        write_again(w, at);
    }
    piece_add(&piece, e, e->generator->links, NULL);
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
