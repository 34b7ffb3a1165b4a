/* SPDX-License-Identifier: MIT
 * See routes.h. Live rows of one prefix hang in a chain, best first; the longest-prefix-match tree, if there
 * is one, knows the first of each chain. */
#include "protocols/ipv4/routes.h"

#include <assert.h>
#include <string.h>

#define ROWS_LEAST 4

const char *const route_source_words[] = {"local", "broadcast", "kernel", "static",
                                          "dhcp",  "redirect",  "rip",    NULL};

void routes_init(struct routes *routes, struct env *env)
{
    *routes = (struct routes){.env = env, .first_free = ROUTES_NONE};
}

void routes_release(struct routes *routes)
{
    if (routes->tree)
        lpm_release(routes->tree);
    env_free(routes->env, routes->tree);
    routes->tree = NULL;
    env_free(routes->env, routes->recent);
    routes->recent = NULL;
    routes->recent_count = 0;
    env_free(routes->env, routes->rows);
    routes->rows = NULL;
    env_free(routes->env, routes->down_further);
    routes->down_further = NULL;
    routes->length = routes->room = routes->count = 0;
}

void routes_remember_anew(struct routes *routes, uint32_t count)
{
    env_free(routes->env, routes->recent);
    routes->recent = env_new(routes->env, count * sizeof *routes->recent);
    routes->recent_count = count;
}

/* The table changes: what was remembered may be wrong. */
static void forget_recent(struct routes *routes)
{
    if (routes->recent)
        memset(routes->recent, 0, routes->recent_count * sizeof *routes->recent);
}

/* ---- The best row of each prefix: marked, and in the tree if there is one ---- */

/* The longest prefix that covers `address`, searched from end to end. */
static uint32_t search(const struct routes *routes, struct ipv4_address address)
{
    uint32_t found = ROUTES_NONE;
    for (uint32_t row = 0; row < routes->length; row++) {
        const struct route_row *candidate = &routes->rows[row];
        if (candidate->is_best && ipv4_prefix_has(candidate->route.prefix, address) &&
            (found == ROUTES_NONE ||
             candidate->route.prefix.length > routes->rows[found].route.prefix.length))
            found = row;
    }
    return found;
}

/* The best row for exactly this prefix. */
static uint32_t best_of(const struct routes *routes, struct ipv4_prefix prefix)
{
    if (routes->tree)
        return lpm_exact(routes->tree, prefix);
    struct ipv4_address network = ipv4_prefix_network(prefix);
    for (uint32_t row = 0; row < routes->length; row++) {
        const struct route_row *candidate = &routes->rows[row];
        if (candidate->is_best && candidate->route.prefix.length == prefix.length &&
            ipv4_is_equal(candidate->route.prefix.address, network))
            return row;
    }
    return ROUTES_NONE;
}

/* `row` is the best for its prefix from now on, in place of `old` (ROUTES_NONE: there was none). */
static void set_best(struct routes *routes, uint32_t row, uint32_t old)
{
    if (old != ROUTES_NONE)
        routes->rows[old].is_best = false;
    routes->rows[row].is_best = true;
    if (routes->tree)
        lpm_insert(routes->tree, routes->rows[row].route.prefix, row);
}

static void clear_best(struct routes *routes, uint32_t row)
{
    routes->rows[row].is_best = false;
    if (routes->tree)
        lpm_remove(routes->tree, routes->rows[row].route.prefix);
}

static void grow_tree(struct routes *routes)
{
    routes->tree = env_new(routes->env, sizeof *routes->tree);
    lpm_init(routes->tree, routes->env);
    for (uint32_t row = 0; row < routes->length; row++)
        if (routes->rows[row].is_best)
            lpm_insert(routes->tree, routes->rows[row].route.prefix, row);
}

const struct route *routes_lookup_anew(const struct routes *routes, struct ipv4_address address)
{
    uint32_t row = routes->tree ? lpm_lookup(routes->tree, address) : search(routes, address);
    if (routes->recent && row != ROUTES_NONE)
        *routes_recent_place(routes, address) = (struct routes_recent){address.value, row + 1};
    return row == ROUTES_NONE ? NULL : &routes->rows[row].route;
}

/* ---- Rows and their chains ---- */

static bool is_down(const struct routes *routes, uint32_t interface)
{
    const uint64_t *word = interface < 64 ? &routes->down : routes->down_further;
    if (interface >= 64 && word && interface < ROUTES_INTERFACES)
        word += interface / 64 - 1;
    return word && interface < ROUTES_INTERFACES && *word >> (interface % 64) & 1;
}

static uint32_t row_new(struct routes *routes)
{
    if (routes->first_free != ROUTES_NONE) {
        uint32_t row = routes->first_free;
        routes->first_free = routes->rows[row].next;
        return row;
    }
    if (routes->length == routes->room) {
        uint32_t room = routes->room ? routes->room + (routes->room + 1) / 2 : ROWS_LEAST;
        struct route_row *rows = env_new(routes->env, room * sizeof *rows);
        if (routes->length)
            memcpy(rows, routes->rows, routes->length * sizeof *rows);
        env_free(routes->env, routes->rows);
        routes->rows = rows;
        routes->room = room;
    }
    if (routes->length == ROUTES_FEW && !routes->tree)
        grow_tree(routes);
    return routes->length++;
}

/* Does `row` stand before `at` in the chain of their prefix? Equal ways keep their places, also when one comes back. */
static bool is_before(const struct route_row *rows, uint32_t row, uint32_t at)
{
    bool are_equal_ways = rows[row].route.weight && rows[at].route.weight;
    if (rows[row].route.metric != rows[at].route.metric)
        return rows[row].route.metric < rows[at].route.metric;
    return are_equal_ways && row < at;
}

/* Puts a live row into the chain of its prefix: before the first that is worse. */
static void link_in(struct routes *routes, uint32_t row)
{
    struct route_row *rows = routes->rows;
    uint32_t head = best_of(routes, rows[row].route.prefix), before = ROUTES_NONE, at = head;
    while (at != ROUTES_NONE && !is_before(rows, row, at)) {
        before = at;
        at = rows[at].next;
    }
    forget_recent(routes);
    rows[row].next = at;
    rows[row].is_live = true;
    if (before == ROUTES_NONE)
        set_best(routes, row, head);
    else
        rows[before].next = row;
}

static void link_out(struct routes *routes, uint32_t row)
{
    struct route_row *rows = routes->rows;
    uint32_t at = best_of(routes, rows[row].route.prefix);
    rows[row].is_live = false;
    forget_recent(routes);
    if (at == row && rows[row].next == ROUTES_NONE) {
        clear_best(routes, row);
        return;
    }
    if (at == row) {
        set_best(routes, rows[row].next, row);
        return;
    }
    while (rows[at].next != row)
        at = rows[at].next;
    rows[at].next = rows[row].next;
}

static void row_remove(struct routes *routes, uint32_t row)
{
    if (routes->rows[row].is_live)
        link_out(routes, row);
    routes->rows[row] = (struct route_row){.next = routes->first_free};
    routes->first_free = row;
    routes->count--;
}

static bool is_same(const struct route *a, const struct route *b)
{
    return a->prefix.length == b->prefix.length && a->source == b->source && a->interface == b->interface &&
           ipv4_is_equal(a->next_hop, b->next_hop) &&
           ipv4_is_equal(ipv4_prefix_network(a->prefix), ipv4_prefix_network(b->prefix));
}

void routes_add(struct routes *routes, const struct route *route)
{
    uint32_t at = best_of(routes, route->prefix);
    if (is_down(routes, route->interface)) /* not in the tree: look at all */
        for (uint32_t row = 0; row < routes->length; row++)
            if (routes->rows[row].is_used && is_same(&routes->rows[row].route, route))
                row_remove(routes, row);
    while (at != ROUTES_NONE && !is_same(&routes->rows[at].route, route))
        at = routes->rows[at].next;
    if (at != ROUTES_NONE)
        row_remove(routes, at);
    uint32_t row = row_new(routes);
    routes->rows[row] = (struct route_row){.route = *route, .next = ROUTES_NONE, .is_used = true};
    routes->rows[row].route.prefix.address = ipv4_prefix_network(route->prefix);
    routes->count++;
    if (!is_down(routes, route->interface))
        link_in(routes, row);
}

uint32_t routes_remove(struct routes *routes, struct ipv4_prefix prefix, enum route_source source,
                       struct ipv4_address next_hop, uint32_t interface)
{
    uint32_t removed = 0;
    for (uint32_t row = 0; row < routes->length; row++) {
        const struct route *route = &routes->rows[row].route;
        if (!routes->rows[row].is_used || route->source != source || route->prefix.length != prefix.length ||
            !ipv4_is_equal(route->prefix.address, ipv4_prefix_network(prefix)))
            continue;
        if ((!ipv4_is_any(next_hop) && !ipv4_is_equal(next_hop, route->next_hop)) ||
            (interface != ROUTES_NONE && interface != route->interface))
            continue;
        row_remove(routes, row);
        removed++;
    }
    return removed;
}

void routes_flush(struct routes *routes, enum route_source source, uint32_t interface)
{
    for (uint32_t row = 0; row < routes->length; row++) {
        const struct route_row *candidate = &routes->rows[row];
        if (candidate->is_used && candidate->route.source == source &&
            (interface == ROUTES_NONE || candidate->route.interface == interface))
            row_remove(routes, row);
    }
}

void routes_set_up(struct routes *routes, uint32_t interface, bool is_up)
{
    assert(interface < ROUTES_INTERFACES);
    if (is_down(routes, interface) == !is_up)
        return;
    if (interface >= 64 && !routes->down_further)
        routes->down_further = env_new(routes->env, (ROUTES_INTERFACES / 64 - 1) * sizeof(uint64_t));
    *(interface < 64 ? &routes->down : &routes->down_further[interface / 64 - 1]) ^= UINT64_C(1) << (interface % 64);
    for (uint32_t row = 0; row < routes->length; row++) {
        const struct route_row *candidate = &routes->rows[row];
        bool is_ours =
            candidate->route.source == ROUTE_LOCAL; /* RFC 1122 3.3.4.2, weak model: our address stays ours */
        if (!candidate->is_used || candidate->route.interface != interface || is_ours ||
            candidate->is_live == is_up)
            continue;
        if (is_up)
            link_in(routes, row);
        else
            link_out(routes, row);
    }
}

const struct route_row *routes_row(const struct routes *routes, uint32_t index)
{
    for (uint32_t row = 0; row < routes->length; row++)
        if (routes->rows[row].is_used && index-- == 0)
            return &routes->rows[row];
    return NULL;
}
