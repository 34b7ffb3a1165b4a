/* SPDX-License-Identifier: MIT
 * Plans of hundreds and thousands of stations.
 *
 *     1  stations of one type at one neighbour are folded into one
 *     2  if every cable joins a layer with the next (a data centre, a tree): in layers, layout_layers.c
 *     3  else leaves stand beside what they hang on, and the others have places of their own:
 *        as in a small plan if they are few; to and fro in lines if they are a chain or a ring;
 *        in layers if they are now; else by distances to some of them, layout_sparse.c
 *
 * Rounds, orders and arithmetic are fixed, so the same network has the same plan. Work grows with the number
 * of cables, not with the square of the stations. */
#include "views/pictures/layout_large.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "views/pictures/layout.h"

#define TYPES_MOST 8 /* kinds of leaves of one neighbour that are told apart */

/* ---- The graph ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    return one < two ? -1 : one > two;
}

/* Each list ascending and without repetition; `first` follows. */
static void tidy_lists(struct graph *graph)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t from = graph->first[i], to = graph->first[i + 1], begun = kept;
        qsort(graph->list + from, to - from, sizeof *graph->list, by_number);
        for (uint32_t j = from; j < to; j++)
            if (kept == begun || graph->list[kept - 1] != graph->list[j])
                graph->list[kept++] = graph->list[j];
        graph->first[i] = begun;
    }
    graph->first[graph->count] = kept;
}

static void fill_lists(struct graph *graph, const uint32_t *index)
{
    const struct plan *plan = graph->plan;
    uint32_t *next = calloc(graph->count + 1, sizeof *next);
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < plan->edge_count; i++) {
            uint32_t from = index[plan->places[plan->edges[i].from].fold],
                     to = index[plan->places[plan->edges[i].to].fold];
            if (from == to || from == UINT32_MAX || to == UINT32_MAX)
                continue;
            if (round == 0) {
                graph->first[from + 1]++;
                graph->first[to + 1]++;
            } else {
                graph->list[next[from]++] = to;
                graph->list[next[to]++] = from;
            }
        }
        for (uint32_t i = 0; round == 0 && i < graph->count; i++) {
            graph->first[i + 1] += graph->first[i];
            next[i] = graph->first[i];
        }
    }
    free(next);
}

void graph_init(struct graph *graph, struct plan *plan)
{
    uint32_t *index = calloc(plan->place_count + 1, sizeof *index);
    *graph = (struct graph){.plan = plan};
    graph->places = calloc(plan->place_count + 1, sizeof *graph->places);
    for (uint32_t i = 0; i < plan->place_count; i++) {
        index[i] = UINT32_MAX;
        if (plan->places[i].fold != i || plan->places[i].beside != i)
            continue;
        index[i] = graph->count;
        graph->places[graph->count++] = i;
    }
    graph->first = calloc(graph->count + 2, sizeof *graph->first);
    graph->list = calloc(plan->edge_count * 2 + 1, sizeof *graph->list);
    fill_lists(graph, index);
    tidy_lists(graph);
    free(index);
}

void graph_release(struct graph *graph)
{
    free(graph->places);
    free(graph->first);
    free(graph->list);
    *graph = (struct graph){0};
}

void graph_measure(const struct graph *graph, uint32_t start, uint16_t *ret_distance, uint32_t *queue)
{
    uint32_t head = 0, tail = 0;
    memset(ret_distance, 0xff, graph->count * sizeof *ret_distance);
    ret_distance[start] = 0;
    queue[tail++] = start;
    while (head < tail) {
        uint32_t place = queue[head++];
        for (uint32_t i = graph->first[place]; i < graph->first[place + 1]; i++) {
            uint32_t next = graph->list[i];
            if (ret_distance[next] != UINT16_MAX)
                continue;
            ret_distance[next] = (uint16_t)(ret_distance[place] + 1);
            queue[tail++] = next;
        }
    }
}

/* ---- Folding ---- */

/* The leaves of one neighbour, by type: the first of each. */
struct bunch {
    const struct nt_node_type *types[TYPES_MOST];
    uint32_t firsts[TYPES_MOST];
    unsigned count;
};

static void fold_one(struct plan *plan, struct bunch *bunch, uint32_t leaf)
{
    const struct nt_node_type *type = plan->places[leaf].node->type;
    for (unsigned i = 0; i < bunch->count; i++)
        if (bunch->types[i] == type) {
            plan->places[leaf].fold = bunch->firsts[i];
            plan->places[leaf].count = 0;
            plan->places[bunch->firsts[i]].count++;
            return;
        }
    if (bunch->count == TYPES_MOST)
        return;
    bunch->types[bunch->count] = type;
    bunch->firsts[bunch->count++] = leaf;
}

void fold_leaves(struct plan *plan)
{
    struct graph graph;
    graph_init(&graph, plan);
    for (uint32_t i = 0; i < graph.count; i++) {
        struct bunch bunch = {.count = 0};
        bool is_leaf = graph.first[i + 1] - graph.first[i] < 2;
        for (uint32_t j = graph.first[i]; !is_leaf && j < graph.first[i + 1]; j++) {
            uint32_t leaf = graph.places[graph.list[j]];
            if (plan->places[leaf].degree == 1 && !plan->places[leaf].is_medium)
                fold_one(plan, &bunch, leaf);
        }
    }
    graph_release(&graph);
}

/* Leaves get no place of their own: they stand beside what they hang on. */
static void put_leaves_beside(const struct graph *graph)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t neighbour = graph->list[graph->first[i]];
        bool is_leaf = graph->first[i + 1] - graph->first[i] == 1;
        if (is_leaf && graph->first[neighbour + 1] - graph->first[neighbour] > 1)
            graph->plan->places[graph->places[i]].beside = graph->places[neighbour];
    }
}

/* What is left is small enough to be placed by all distances (layout.c). */
static void place_as_small(const struct graph *graph)
{
    struct plan small = {.place_count = graph->count};
    small.places = calloc(graph->count + 1, sizeof *small.places);
    small.edges = calloc(graph->first[graph->count] + 1, sizeof *small.edges);
    for (uint32_t i = 0; i < graph->count; i++)
        for (uint32_t j = graph->first[i]; j < graph->first[i + 1]; j++)
            if (graph->list[j] > i)
                small.edges[small.edge_count++] = (struct plan_edge){.from = i, .to = graph->list[j]};
    layout_places(&small);
    for (uint32_t i = 0; i < graph->count; i++) {
        graph->plan->places[graph->places[i]].x = small.places[i].x;
        graph->plan->places[graph->places[i]].y = small.places[i].y;
    }
    graph->plan->aspect = small.aspect;
    graph->plan->apart_x = 1 / (sqrt(graph->count * 2.0) * 1.6);
    graph->plan->apart_y = 2 * graph->plan->apart_x;
    free(small.places);
    free(small.edges);
}

/* A chain or a ring goes to and fro, in lines. False: it is neither. */
static bool layout_row(const struct graph *graph)
{
    uint32_t ends = 0, start = 0, before = UINT32_MAX;
    uint32_t columns = (uint32_t)ceil(sqrt(graph->count * 2.0)),
             rows = (graph->count + columns - 1) / columns;
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t degree = graph->first[i + 1] - graph->first[i];
        if (degree == 0 || degree > 2)
            return false;
        start = degree == 1 && ends++ == 0 ? i : start;
    }
    if (ends > 2)
        return false; /* several chains */
    for (uint32_t i = 0, at = start; i < graph->count; i++) {
        uint32_t row = i / columns, column = row % 2 ? columns - 1 - i % columns : i % columns;
        struct plan_place *place = &graph->plan->places[graph->places[at]];
        place->x = (column + 0.5) / columns;
        place->y = (row + 0.5) / rows;
        const uint32_t *next = &graph->list[graph->first[at]];
        uint32_t degree = graph->first[at + 1] - graph->first[at], old = at;
        at = degree == 2 && *next == before ? next[1] : *next;
        before = old;
    }
    graph->plan->apart_x = 1.0 / columns;
    graph->plan->apart_y = 1.0 / rows;
    return true;
}

/* ---- All of it ---- */

/* What is folded stands where the place that stands for it does. */
static void place_folded(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->place_count; i++) {
        plan->places[i].beside = plan->places[plan->places[i].fold].beside;
        bool is_beside = plan->places[i].beside != plan->places[i].fold;
        const struct plan_place *shown =
            &plan->places[is_beside ? plan->places[i].beside : plan->places[i].fold];
        plan->places[i].x = shown->x;
        plan->places[i].y = shown->y;
        plan->places[i].level = shown->level;
    }
}

bool layout_folded_layers(struct plan *plan)
{
    struct graph graph;
    fold_leaves(plan);
    graph_init(&graph, plan);
    bool is_right = layout_layers(&graph);
    graph_release(&graph);
    if (is_right)
        place_folded(plan);
    for (uint32_t i = 0; !is_right && i < plan->place_count; i++) {
        plan->places[i].fold = plan->places[i].beside = i;
        plan->places[i].count = 1;
    }
    return is_right;
}

void layout_large(struct plan *plan)
{
    struct graph graph;
    fold_leaves(plan);
    graph_init(&graph, plan);
    if (!layout_layers(&graph)) {
        put_leaves_beside(&graph);
        graph_release(&graph);
        graph_init(&graph, plan);
        if (graph.count <= PLAN_STATIONS)
            place_as_small(&graph);
        else if (!layout_row(&graph) && !layout_layers(&graph))
            layout_sparse(&graph);
    }
    place_folded(plan);
    graph_release(&graph);
}
