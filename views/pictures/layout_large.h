/* SPDX-License-Identifier: MIT
 * Plans of hundreds and thousands of stations: what layout_large.c (which folds and decides),
 * layout_layers.c and layout_sparse.c share. */
#ifndef NETARIUM_VIEWS_LAYOUT_LARGE_H
#define NETARIUM_VIEWS_LAYOUT_LARGE_H

#include "views/pictures/plan.h"

/* What is drawn of a plan, as a graph: places that are folded away are not in it, and two cables between the
 * same places are one. */
struct graph {
    struct plan *plan; /* borrowed */
    uint32_t count;    /* of places in it */
    uint32_t *places;  /* of each, its place in the plan; owned, like the next two */
    uint32_t *first;   /* neighbours of i: list[first[i]] to list[first[i + 1] - 1], ascending */
    uint32_t *list;
};

/* Folds stations of one type that hang on the same neighbour by one cable each: the first stands for all. */
void fold_leaves(struct plan *plan);

void graph_init(struct graph *graph, struct plan *plan);
void graph_release(struct graph *graph);

/* Cables from `start` to each, into `ret_distance`; UINT16_MAX: there is no way. `queue`: room for all. */
void graph_measure(const struct graph *graph, uint32_t start, uint16_t *ret_distance, uint32_t *queue);

/* A plan in layers, leaves at the bottom. False, and nothing is changed: the network is none. */
bool layout_layers(struct graph *graph);

/* Any other: as far apart as in cables, then each in a cell of its own. */
void layout_sparse(struct graph *graph);

/* Folded and in layers, as far as that is possible; else nothing is changed. */
bool layout_folded_layers(struct plan *plan);

/* All of it; for a plan of more than PLAN_STATIONS. */
void layout_large(struct plan *plan);

#endif
