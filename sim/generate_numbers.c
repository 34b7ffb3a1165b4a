/* SPDX-License-Identifier: MIT
 * See generate_numbers.h. Every step is a loop over the vertices in the order in which the tree grew (parents
 * stand before their children), or over all edges. */
#include "sim/generate_numbers.h"

#include <string.h>

uint32_t numbers_other(const struct numbers *numbers, uint32_t edge, uint32_t vertex)
{
    const uint32_t *end = numbers->graph->edges[edge].end;
    return end[0] == vertex ? end[1] : end[0];
}

/* ---- The edges of each vertex, in order ---- */

enum { RANK_UPLINK, RANK_HOST, RANK_CHILD, RANK_OUTSIDE, RANKS };

/* Where `edge` stands among the edges of `vertex`. While there is no tree yet all links are outside it. */
static int rank_of(const struct numbers *numbers, uint32_t edge, uint32_t vertex)
{
    uint32_t other = numbers_other(numbers, edge, vertex);
    if (numbers->uplink[vertex] == edge)
        return RANK_UPLINK;
    if (numbers->graph->edges[edge].kind == GRAPH_ACCESS)
        return RANK_HOST;
    return numbers->uplink[other] == edge ? RANK_CHILD : RANK_OUTSIDE;
}

/* Fills `edges` and `port`: once for each rank all edges are dealt out to their ends. */
static void arrange(struct numbers *numbers, struct store *store)
{
    const struct graph *graph = numbers->graph;
    uint32_t *filled = store_alloc(store, numbers->vertices, sizeof *filled);
    for (int rank = 0; rank < RANKS; rank++) {
        for (uint32_t edge = 0; edge < graph->edge_count; edge++) {
            for (int side = 0; side < 2; side++) {
                uint32_t vertex = graph->edges[edge].end[side];
                if (rank_of(numbers, edge, vertex) != rank)
                    continue;
                numbers->port[edge][side] = filled[vertex]++;
                numbers->edges[numbers->start[vertex] + numbers->port[edge][side]] = edge;
            }
        }
    }
}

static void count_edges(struct numbers *numbers)
{
    const struct graph *graph = numbers->graph;
    for (uint32_t edge = 0; edge < graph->edge_count; edge++)
        for (int side = 0; side < 2; side++)
            numbers->start[graph->edges[edge].end[side] + 1]++;
    for (uint32_t vertex = 0; vertex < numbers->vertices; vertex++)
        numbers->start[vertex + 1] += numbers->start[vertex];
}

/* ---- The tree ---- */

/* Breadth first from vertex 0; `order` becomes the vertices as they are met. */
static void grow(struct numbers *numbers, uint32_t *order)
{
    uint32_t met = 1;
    order[0] = 0;
    numbers->parent[0] = 0;
    for (uint32_t i = 0; i < met; i++) {
        uint32_t vertex = order[i];
        for (uint32_t at = numbers->start[vertex]; at < numbers->start[vertex + 1]; at++) {
            uint32_t other = numbers_other(numbers, numbers->edges[at], vertex);
            if (numbers->parent[other] != NUMBERS_NONE)
                continue;
            numbers->parent[other] = vertex;
            numbers->uplink[other] = numbers->edges[at];
            order[met++] = other;
        }
    }
}

/* Sizes come from below, beginnings from above: a walk depth first, without walking. The root has no uplink
 * to count, so its interval is one shorter than its part of the tree. */
static void give_intervals(struct numbers *numbers, const uint32_t *order, struct store *store)
{
    uint32_t *next = store_alloc(store, numbers->vertices, sizeof *next);
    for (uint32_t i = numbers->vertices; i-- > 0;) {
        uint32_t vertex = order[i];
        numbers->count[vertex] += vertex != 0;
        if (vertex != 0)
            numbers->count[numbers->parent[vertex]] += numbers->count[vertex];
    }
    for (uint32_t i = 1; i < numbers->vertices; i++) {
        uint32_t vertex = order[i], parent = numbers->parent[vertex];
        numbers->first[vertex] = next[parent];
        next[parent] += numbers->count[vertex];
        next[vertex] = numbers->first[vertex] + 1;
        numbers->number[numbers->uplink[vertex]] = numbers->first[vertex];
    }
}

static void number_the_rest(struct numbers *numbers)
{
    uint32_t next = numbers->vertices - 1; /* so many edges a tree has */
    for (uint32_t edge = 0; edge < numbers->graph->edge_count; edge++)
        if (numbers->number[edge] == NUMBERS_NONE)
            numbers->number[edge] = next++;
}

static uint32_t *table_of_none(struct store *store, uint32_t count)
{
    uint32_t *table = store_alloc(store, count, sizeof *table);
    for (uint32_t i = 0; i < count; i++)
        table[i] = NUMBERS_NONE;
    return table;
}

void numbers_give(struct numbers *numbers, struct store *store, const struct graph *graph)
{
    uint32_t vertices = graph->router_count + graph->host_count;
    *numbers = (struct numbers){.graph = graph, .vertices = vertices};
    numbers->uplink = table_of_none(store, vertices);
    numbers->parent = table_of_none(store, vertices);
    numbers->number = table_of_none(store, graph->edge_count);
    numbers->first = store_alloc(store, vertices, sizeof *numbers->first);
    numbers->count = store_alloc(store, vertices, sizeof *numbers->count);
    numbers->start = store_alloc(store, vertices + 1, sizeof *numbers->start);
    numbers->edges = store_alloc(store, (size_t)graph->edge_count * 2, sizeof *numbers->edges);
    numbers->port = store_alloc(store, graph->edge_count, sizeof *numbers->port);
    uint32_t *order = store_alloc(store, vertices, sizeof *order);
    count_edges(numbers);
    arrange(numbers, store);
    grow(numbers, order);
    arrange(numbers, store); /* again, now that there is a tree */
    give_intervals(numbers, order, store);
    number_the_rest(numbers);
}

/* ---- Covers ---- */

uint32_t numbers_cover(uint32_t first, uint32_t count, struct numbers_block ret_blocks[NUMBERS_COVER_MOST])
{
    uint32_t blocks = 0;
    while (count) {
        uint8_t log2 = 0;
        while (log2 < 31 && !(first & (UINT32_C(1) << log2)) && (UINT32_C(2) << log2) <= count)
            log2++;
        ret_blocks[blocks++] = (struct numbers_block){first, log2};
        first += UINT32_C(1) << log2;
        count -= UINT32_C(1) << log2;
    }
    return blocks;
}
