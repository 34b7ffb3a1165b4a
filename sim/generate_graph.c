/* SPDX-License-Identifier: MIT
 * See generate_graph.h: the helpers of drawing, then the shapes one by one, then their table. */
#include "sim/generate_graph.h"

#include <assert.h>

#include "sim/base/hash.h"
#include "sim/base/rng.h"

#define COUNT_MOST 100000 /* of routers, of hosts at one place; all together is judged by the reader */

/* ---- Drawing ---- */

static void join(struct graph *graph, uint32_t a, uint32_t b, enum graph_edge_kind kind)
{
    assert(graph->edge_count < graph->size.edges);
    graph->edges[graph->edge_count++] = (struct graph_edge){{a, b}, kind};
}

static void add_routers(struct graph *graph, uint64_t count)
{
    graph->router_count += (uint32_t)count;
    assert(graph->router_count <= graph->size.routers);
}

static void add_hosts(struct graph *graph, uint32_t router, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        join(graph, router, (uint32_t)graph->size.routers + graph->host_count++, GRAPH_ACCESS);
}

void graph_draw(struct graph *graph, struct store *store, const struct graph_shape *shape,
                const struct nt_value *values)
{
    *graph = (struct graph){.store = store, .size = shape->size(values)};
    graph->edges = store_alloc(store, (size_t)graph->size.edges, sizeof *graph->edges);
    shape->draw(graph, values);
    assert(graph->router_count == graph->size.routers && graph->host_count == graph->size.hosts);
}

/* A connected graph of so many routers and hosts with `links` links between routers. */
static struct graph_size size_of(uint64_t routers, uint64_t hosts, uint64_t links)
{
    return (struct graph_size){routers, hosts, hosts + links};
}

/* ---- Star, and hosts on a switch ---- */

static const struct nt_param star_params[] = {{.name = "hosts",
                                               .kind = NT_PARAM_INTEGER,
                                               .flags = NT_PARAM_REQUIRED,
                                               .least = 1,
                                               .most = COUNT_MOST,
                                               .summary = "how many hosts stand around the middle"},
                                              {0}};

static struct graph_size star_size(const struct nt_value *values)
{
    return size_of(1, (uint64_t)values[0].number, 0);
}

static void star_draw(struct graph *graph, const struct nt_value *values)
{
    add_routers(graph, 1);
    add_hosts(graph, 0, values[0].number);
}

/* ---- Chain and ring ---- */

enum { ROW_ROUTERS, ROW_HOSTS };

static const struct nt_param chain_params[] = {{.name = "routers",
                                                .kind = NT_PARAM_INTEGER,
                                                .flags = NT_PARAM_REQUIRED,
                                                .least = 1,
                                                .most = COUNT_MOST,
                                                .summary = "how many routers stand in a row"},
                                               {.name = "hosts",
                                                .kind = NT_PARAM_INTEGER,
                                                .default_text = "1",
                                                .least = 0,
                                                .most = COUNT_MOST,
                                                .summary = "how many hosts there are at each end"},
                                               {0}};

static struct graph_size chain_size(const struct nt_value *values)
{
    uint64_t routers = (uint64_t)values[ROW_ROUTERS].number, hosts = (uint64_t)values[ROW_HOSTS].number;
    return size_of(routers, 2 * hosts, routers - 1);
}

static void join_row(struct graph *graph)
{
    for (uint32_t i = 1; i < graph->router_count; i++)
        join(graph, i - 1, i, GRAPH_LINK);
}

static void chain_draw(struct graph *graph, const struct nt_value *values)
{
    add_routers(graph, (uint64_t)values[ROW_ROUTERS].number);
    join_row(graph);
    add_hosts(graph, 0, values[ROW_HOSTS].number);
    add_hosts(graph, graph->router_count - 1, values[ROW_HOSTS].number);
}

static const struct nt_param ring_params[] = {{.name = "routers",
                                               .kind = NT_PARAM_INTEGER,
                                               .flags = NT_PARAM_REQUIRED,
                                               .least = 3,
                                               .most = COUNT_MOST,
                                               .summary = "how many routers stand in a circle"},
                                              {.name = "hosts",
                                               .kind = NT_PARAM_INTEGER,
                                               .default_text = "1",
                                               .least = 0,
                                               .most = COUNT_MOST,
                                               .summary = "how many hosts each router has"},
                                              {0}};

static struct graph_size ring_size(const struct nt_value *values)
{
    uint64_t routers = (uint64_t)values[ROW_ROUTERS].number, hosts = (uint64_t)values[ROW_HOSTS].number;
    return size_of(routers, routers * hosts, routers);
}

static void ring_draw(struct graph *graph, const struct nt_value *values)
{
    add_routers(graph, (uint64_t)values[ROW_ROUTERS].number);
    join_row(graph);
    join(graph, graph->router_count - 1, 0, GRAPH_LINK);
    for (uint32_t i = 0; i < graph->router_count; i++)
        add_hosts(graph, i, values[ROW_HOSTS].number);
}

/* ---- Tree ---- */

enum { TREE_DEPTH, TREE_FANOUT, TREE_HOSTS };

static const struct nt_param tree_params[] = {{.name = "depth",
                                               .kind = NT_PARAM_INTEGER,
                                               .flags = NT_PARAM_REQUIRED,
                                               .least = 1,
                                               .most = 1000,
                                               .summary = "how many links lead from the root to a leaf"},
                                              {.name = "fanout",
                                               .kind = NT_PARAM_INTEGER,
                                               .flags = NT_PARAM_REQUIRED,
                                               .least = 1,
                                               .most = 1000,
                                               .summary = "how many routers are below each router"},
                                              {.name = "hosts",
                                               .kind = NT_PARAM_INTEGER,
                                               .default_text = "1",
                                               .least = 0,
                                               .most = COUNT_MOST,
                                               .summary = "how many hosts each leaf has"},
                                              {0}};

/* All routers, and those of the last level; counting ends where it becomes absurd. */
static uint64_t tree_routers(const struct nt_value *values, uint64_t *ret_leaves)
{
    uint64_t routers = 1, level = 1;
    for (int64_t i = 0; i < values[TREE_DEPTH].number && routers <= COUNT_MOST; i++) {
        level *= (uint64_t)values[TREE_FANOUT].number;
        routers += level;
    }
    *ret_leaves = level;
    return routers;
}

static struct graph_size tree_size(const struct nt_value *values)
{
    uint64_t leaves, routers = tree_routers(values, &leaves);
    return size_of(routers, leaves * (uint64_t)values[TREE_HOSTS].number, routers - 1);
}

/* Level by level: the children of router i are the next `fanout` routers that have no parent yet. */
static void tree_draw(struct graph *graph, const struct nt_value *values)
{
    uint64_t leaves, routers = tree_routers(values, &leaves);
    uint32_t fanout = (uint32_t)values[TREE_FANOUT].number;
    add_routers(graph, routers);
    for (uint32_t i = 1; i < graph->router_count; i++)
        join(graph, (i - 1) / fanout, i, GRAPH_LINK);
    for (uint32_t i = (uint32_t)(routers - leaves); i < graph->router_count; i++)
        add_hosts(graph, i, values[TREE_HOSTS].number);
}

/* ---- Dumbbell ---- */

static const struct nt_param dumbbell_params[] = {{.name = "pairs",
                                                   .kind = NT_PARAM_INTEGER,
                                                   .flags = NT_PARAM_REQUIRED,
                                                   .least = 1,
                                                   .most = COUNT_MOST,
                                                   .summary = "how many hosts there are on either side"},
                                                  {0}};

static struct graph_size dumbbell_size(const struct nt_value *values)
{
    return size_of(2, 2 * (uint64_t)values[0].number, 1);
}

static void dumbbell_draw(struct graph *graph, const struct nt_value *values)
{
    add_routers(graph, 2);
    join(graph, 0, 1, GRAPH_BOTTLENECK);
    add_hosts(graph, 0, values[0].number);
    add_hosts(graph, 1, values[0].number);
}

/* ---- Fat tree (Al-Fares, Loukissas, Vahdat 2008) ----
 *
 * k pods, each with k/2 edge routers below k/2 aggregation routers, all with all; k/2 hosts on an edge
 * router. Core routers come in k/2 groups of k/2: group g is joined to aggregation router g of every pod.
 * Routers are numbered from the top: core, aggregation pod by pod, edge pod by pod. */

static const struct nt_param fat_tree_params[] = {{.name = "k",
                                                   .kind = NT_PARAM_INTEGER,
                                                   .flags = NT_PARAM_REQUIRED,
                                                   .least = 2,
                                                   .most = 64,
                                                   .summary = "how many ports a router has; an even number"},
                                                  {0}};

static struct graph_size fat_tree_size(const struct nt_value *values)
{
    uint64_t k = (uint64_t)values[0].number, half = k / 2;
    return size_of(half * half + 2 * k * half, k * half * half, 2 * k * half * half);
}

static void fat_tree_draw(struct graph *graph, const struct nt_value *values)
{
    uint32_t k = (uint32_t)values[0].number, half = k / 2;
    uint32_t aggregation = half * half, edge = aggregation + k * half;
    add_routers(graph, edge + k * half);
    for (uint32_t i = 0; i < k * half; i++) { /* aggregation router i: group i % half of the core */
        for (uint32_t j = 0; j < half; j++)
            join(graph, i % half * half + j, aggregation + i, GRAPH_LINK);
        for (uint32_t j = 0; j < half; j++)
            join(graph, aggregation + i, edge + i / half * half + j, GRAPH_LINK);
    }
    for (uint32_t i = edge; i < graph->router_count; i++)
        add_hosts(graph, i, half);
}

/* ---- Random ----
 *
 * Each router joins one that is already there, so that all hang together; then pairs are drawn until there
 * are as many links as the average degree asks for. A link adds two to the sum of all degrees. */

enum { RANDOM_ROUTERS, RANDOM_DEGREE, RANDOM_SEED, RANDOM_HOSTS };

static const struct nt_param random_params[] = {
    {.name = "routers",
     .kind = NT_PARAM_INTEGER,
     .flags = NT_PARAM_REQUIRED,
     .least = 1,
     .most = COUNT_MOST,
     .summary = "how many routers there are"},
    {.name = "degree",
     .kind = NT_PARAM_INTEGER,
     .default_text = "3",
     .least = 1,
     .most = 64,
     .summary = "how many other routers one is joined to, on the average"},
    {.name = "seed",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 0,
     .most = INT64_MAX,
     .summary = "which of all such graphs it is"},
    {.name = "hosts",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 0,
     .most = COUNT_MOST,
     .summary = "how many hosts each router has"},
    {0}};

static uint64_t random_links(const struct nt_value *values)
{
    uint64_t routers = (uint64_t)values[RANDOM_ROUTERS].number;
    uint64_t links = routers * (uint64_t)values[RANDOM_DEGREE].number / 2;
    uint64_t all = routers * (routers - 1) / 2;
    if (links < routers - 1)
        return routers - 1;
    return links < all ? links : all;
}

static struct graph_size random_size(const struct nt_value *values)
{
    uint64_t routers = (uint64_t)values[RANDOM_ROUTERS].number;
    return size_of(routers, routers * (uint64_t)values[RANDOM_HOSTS].number, random_links(values));
}

/* The pairs that are joined: open addressing, 0 is empty (no pair is 0, since its larger end is not). */
struct pairs {
    uint64_t *slots;
    size_t count; /* a power of two */
};

/* False: it was there. */
static bool pairs_add(struct pairs *pairs, uint32_t a, uint32_t b)
{
    uint64_t pair = a < b ? (uint64_t)b << 32 | a : (uint64_t)a << 32 | b;
    size_t place = (size_t)mix64(pair) & (pairs->count - 1);
    while (pairs->slots[place] && pairs->slots[place] != pair)
        place = (place + 1) & (pairs->count - 1);
    bool is_new = !pairs->slots[place];
    pairs->slots[place] = pair;
    return is_new;
}

static void random_draw(struct graph *graph, const struct nt_value *values)
{
    struct rng rng = rng_seeded((uint64_t)values[RANDOM_SEED].number, "generate");
    struct pairs pairs = {.count = 16};
    uint64_t links = random_links(values);
    while (pairs.count < 2 * links)
        pairs.count *= 2;
    pairs.slots = store_alloc(graph->store, pairs.count, sizeof *pairs.slots);
    add_routers(graph, (uint64_t)values[RANDOM_ROUTERS].number);
    for (uint32_t i = 1; i < graph->router_count; i++) {
        uint32_t earlier = (uint32_t)rng_below(&rng, i);
        pairs_add(&pairs, earlier, i);
        join(graph, earlier, i, GRAPH_LINK);
    }
    while (graph->edge_count < links) {
        uint32_t a = (uint32_t)rng_below(&rng, graph->router_count);
        uint32_t b = (uint32_t)rng_below(&rng, graph->router_count);
        if (a != b && pairs_add(&pairs, a, b))
            join(graph, a, b, GRAPH_LINK);
    }
    for (uint32_t i = 0; i < graph->router_count; i++)
        add_hosts(graph, i, values[RANDOM_HOSTS].number);
}

/* ---- All of them ---- */

const struct graph_shape graph_shapes[] = {
    {"star", "hosts around one router", star_params, true, false, false, star_size, star_draw},
    {"chain", "routers in a row, hosts at both ends", chain_params, true, false, false, chain_size,
     chain_draw},
    {"ring", "routers in a circle, each with hosts", ring_params, true, false, false, ring_size, ring_draw},
    {"tree", "routers that branch out, hosts at the leaves", tree_params, true, false, false, tree_size,
     tree_draw},
    {"dumbbell", "hosts, a router, a bottleneck, a router, hosts", dumbbell_params, true, true, false,
     dumbbell_size, dumbbell_draw},
    {"fat-tree", "a data centre: core, aggregation and edge routers in pods", fat_tree_params, true, false,
     true, fat_tree_size, fat_tree_draw},
    {"random", "routers joined by dice, each with hosts", random_params, true, false, false, random_size,
     random_draw},
    {"lan", "hosts on one switch, all in one network", star_params, false, false, false, star_size,
     star_draw},
    {0}};
