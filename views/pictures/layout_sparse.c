/* SPDX-License-Identifier: MIT
 * A large network of any shape: as far apart as in cables, as far as that can be known without asking all
 * pairs.
 *
 * Some stations, each as far as possible from those chosen before it, are *pivots*; from each the distances
 * to all are measured. Every station then moves, again and again, to where its neighbours and the pivots
 * would have it; a pivot counts for those that are nearer to it than to any other (a sparse stress model:
 * Ortmann, Klimenta and Brandes 2017). What is crowded is spread, and in the end each gets the nearest free
 * cell of a grid, the ones in the middle first, so that no two stand on each other. */
#include "views/pictures/layout_large.h"

#include <math.h>
#include <stdlib.h>

#define PIVOTS_MOST 48
#define ROUNDS 80
#define FAR 3      /* parts that are not joined: so much further than the widest is wide */
#define ASPECT 2.0 /* of the grid: cells across by cells down */
#define FREE 1.35  /* cells for each station */
#define SPREAD 0.6 /* how far what is crowded is spread: 1 is evenly */

struct sparse {
    struct graph *graph;
    uint32_t pivots[PIVOTS_MOST];
    double worth[PIVOTS_MOST]; /* for how many stations each counts */
    unsigned pivot_count;
    uint16_t *distance; /* pivot by pivot, of all; owned, like the next two */
    double *x, *y;
};

static const uint16_t *distances_of(const struct sparse *sparse, unsigned pivot)
{
    return sparse->distance + (size_t)pivot * sparse->graph->count;
}

/* ---- Pivots ---- */

static void choose_pivots(struct sparse *sparse)
{
    uint32_t count = sparse->graph->count, *queue = calloc(count + 1, sizeof *queue), start = 0;
    uint16_t *nearest = malloc(count * sizeof *nearest);
    unsigned *whose = calloc(count + 1, sizeof *whose);
    for (uint32_t i = 0; i < count; i++)
        nearest[i] = UINT16_MAX;
    while (sparse->pivot_count < PIVOTS_MOST && sparse->pivot_count < count) {
        unsigned pivot = sparse->pivot_count++;
        uint16_t *distance = sparse->distance + (size_t)pivot * count;
        sparse->pivots[pivot] = start;
        graph_measure(sparse->graph, start, distance, queue);
        uint32_t farthest = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (distance[i] < nearest[i]) {
                nearest[i] = distance[i];
                whose[i] = pivot;
            }
            if (nearest[i] > nearest[farthest])
                farthest = i;
        }
        start = farthest;
    }
    for (uint32_t i = 0; i < count; i++)
        sparse->worth[whose[i]]++;
    free(queue);
    free(nearest);
    free(whose);
}

static void bridge_parts(struct sparse *sparse)
{
    size_t all = (size_t)sparse->pivot_count * sparse->graph->count;
    uint16_t widest = 1;
    for (size_t i = 0; i < all; i++)
        if (sparse->distance[i] != UINT16_MAX && sparse->distance[i] > widest)
            widest = sparse->distance[i];
    for (size_t i = 0; i < all; i++)
        if (sparse->distance[i] == UINT16_MAX)
            sparse->distance[i] = (uint16_t)(widest + FAR);
}

/* ---- Stress ---- */

/* Four of the pivots are landmarks: left and right, top and bottom. */
static void place_first(struct sparse *sparse)
{
    unsigned last = sparse->pivot_count - 1;
    const uint16_t *left = distances_of(sparse, 0), *right = distances_of(sparse, last > 0 ? 1 : 0),
                   *top = distances_of(sparse, last > 1 ? 2 : 0),
                   *bottom = distances_of(sparse, last > 2 ? 3 : last);
    for (uint32_t i = 0; i < sparse->graph->count; i++) {
        double turn = (double)(i % 7) * 0.13 - 0.39, shift = (double)(i % 5) * 0.11 - 0.22;
        sparse->x[i] = (left[i] - right[i]) * 0.5 + shift;
        sparse->y[i] = (top[i] - bottom[i]) * 0.5 + turn;
    }
}

struct pull {
    double x, y, weights;
};

static void pull(const struct sparse *sparse, struct pull *pull, uint32_t place, uint32_t other,
                 double wanted, double worth)
{
    double dx = sparse->x[place] - sparse->x[other], dy = sparse->y[place] - sparse->y[other];
    double drawn = sqrt(dx * dx + dy * dy), weight = worth / (wanted * wanted);
    double stretch = drawn > 1e-9 ? wanted / drawn : 0;
    pull->x += weight * (sparse->x[other] + dx * stretch);
    pull->y += weight * (sparse->y[other] + dy * stretch);
    pull->weights += weight;
}

static void move_one(struct sparse *sparse, uint32_t place)
{
    const struct graph *graph = sparse->graph;
    struct pull all = {0};
    for (uint32_t i = graph->first[place]; i < graph->first[place + 1]; i++)
        pull(sparse, &all, place, graph->list[i], 1, 2);
    for (unsigned i = 0; i < sparse->pivot_count; i++)
        if (sparse->pivots[i] != place)
            pull(sparse, &all, place, sparse->pivots[i], distances_of(sparse, i)[place], sparse->worth[i]);
    if (all.weights <= 0)
        return;
    sparse->x[place] = all.x / all.weights;
    sparse->y[place] = all.y / all.weights;
}

/* ---- Cells ---- */

struct rank {
    uint32_t index;
    double key;
};

static int by_key(const void *a, const void *b)
{
    const struct rank *one = a, *two = b;
    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    return one->index < two->index ? -1 : one->index > two->index;
}

/* To 0..1, partly by place and partly by rank: so that what is crowded is spread. */
static void spread(double *values, uint32_t count, struct rank *ranks)
{
    for (uint32_t i = 0; i < count; i++)
        ranks[i] = (struct rank){i, values[i]};
    qsort(ranks, count, sizeof *ranks, by_key);
    double least = ranks[0].key, width = ranks[count - 1].key - least;
    for (uint32_t i = 0; i < count; i++) {
        double place = width > 1e-9 ? (ranks[i].key - least) / width : 0.5, rank = (i + 0.5) / count;
        values[ranks[i].index] = place * (1 - SPREAD) + rank * SPREAD;
    }
}

struct grid {
    uint32_t columns, rows;
    bool *is_taken; /* owned */
};

/* The nearest free cell to (x, y), in cells: rings around it, until one that lies beyond the best found. */
static uint32_t take_cell(struct grid *grid, double x, double y)
{
    int64_t column = (int64_t)fmin(floor(x), grid->columns - 1.0),
            row = (int64_t)fmin(floor(y), grid->rows - 1.0);
    int64_t most = grid->columns > grid->rows ? grid->columns : grid->rows;
    double best = INFINITY;
    uint32_t found = 0;
    for (int64_t ring = 0; ring <= most && (double)ring - 1 < best; ring++)
        for (int64_t r = row - ring; r <= row + ring; r++) {
            bool is_edge = r == row - ring || r == row + ring;
            for (int64_t c = column - ring; c <= column + ring; c += is_edge || ring == 0 ? 1 : 2 * ring) {
                if (c < 0 || r < 0 || c >= grid->columns || r >= grid->rows ||
                    grid->is_taken[r * grid->columns + c])
                    continue;
                double dx = (double)c + 0.5 - x, dy = (double)r + 0.5 - y, far = sqrt(dx * dx + dy * dy);
                if (far < best) {
                    best = far;
                    found = (uint32_t)(r * grid->columns + c);
                }
            }
        }
    grid->is_taken[found] = true;
    return found;
}

static void place_in_cells(struct sparse *sparse)
{
    uint32_t count = sparse->graph->count;
    struct plan *plan = sparse->graph->plan;
    struct rank *ranks = calloc(count + 1, sizeof *ranks);
    struct grid grid = {.columns = (uint32_t)ceil(sqrt(count * FREE * ASPECT))};
    grid.rows = (uint32_t)ceil(count * FREE / grid.columns);
    grid.is_taken = calloc((size_t)grid.columns * grid.rows, sizeof *grid.is_taken);
    spread(sparse->x, count, ranks);
    spread(sparse->y, count, ranks);
    for (uint32_t i = 0; i < count; i++) {
        double dx = sparse->x[i] - 0.5, dy = sparse->y[i] - 0.5;
        ranks[i] = (struct rank){i, dx * dx + dy * dy};
    }
    qsort(ranks, count, sizeof *ranks, by_key);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = ranks[i].index;
        struct plan_place *place = &plan->places[sparse->graph->places[index]];
        uint32_t cell = take_cell(&grid, sparse->x[index] * grid.columns, sparse->y[index] * grid.rows);
        place->x = (cell % grid.columns + 0.5) / grid.columns;
        place->y = (cell / grid.columns + 0.5) / grid.rows;
    }
    plan->apart_x = 1.0 / grid.columns;
    plan->apart_y = 1.0 / grid.rows;
    plan->aspect = 0;
    free(grid.is_taken);
    free(ranks);
}

void layout_sparse(struct graph *graph)
{
    struct sparse sparse = {.graph = graph};
    if (graph->count == 0)
        return;
    sparse.distance = malloc((size_t)PIVOTS_MOST * graph->count * sizeof *sparse.distance);
    sparse.x = calloc(graph->count, sizeof *sparse.x);
    sparse.y = calloc(graph->count, sizeof *sparse.y);
    choose_pivots(&sparse);
    bridge_parts(&sparse);
    place_first(&sparse);
    for (unsigned round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < graph->count; i++)
            move_one(&sparse, i);
    place_in_cells(&sparse);
    free(sparse.distance);
    free(sparse.x);
    free(sparse.y);
}
