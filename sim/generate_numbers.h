/* SPDX-License-Identifier: MIT
 * Numbers for a graph: which small network each edge is, and what a router must know to find all others.
 *
 * A spanning tree is grown from router 0, breadth first. Then the tree is walked depth first, and every edge
 * met gets the next number. So whatever is below a router is one interval without gaps, and together with the
 * edge that leads to it, it is still one:
 *
 *              r1                  edges 0 1 2 3 4 5
 *           0 /  \ 3
 *           r2    r3               r1 sends 0..2 to r2 and 3..5 to r3
 *        1 / \2  4/ \5             r2 sends whatever is not below it up to r1
 *         h1  h2  h3 h4
 *
 * Edges that are not in the tree are numbered behind all others: no tree route leads to them.
 *
 * An interval is told to a router as few prefixes: blocks of 2^n numbers that begin at a multiple of 2^n. */
#ifndef NETARIUM_SIM_GENERATE_NUMBERS_H
#define NETARIUM_SIM_GENERATE_NUMBERS_H

#include "sim/generate_graph.h"

#define NUMBERS_NONE UINT32_MAX

struct numbers {
    const struct graph *graph; /* borrowed */
    uint32_t vertices;
    uint32_t *uplink;    /* of each vertex: the tree edge to its parent; NUMBERS_NONE: the root has none */
    uint32_t *parent;    /* of each vertex */
    uint32_t *first;     /* of each vertex: the number of its uplink, where its interval begins */
    uint32_t *count;     /* of each vertex: the length of its interval, its uplink included */
    uint32_t *number;    /* of each edge */
    uint32_t *start;     /* of each vertex, and one more: where its edges begin in `edges` */
    uint32_t *edges;     /* by vertex: uplink, then hosts, then children, then the edges outside the tree */
    uint32_t (*port)[2]; /* of each edge: its place among the edges of each of its ends */
};

/* A block of 2^log2 numbers. */
struct numbers_block {
    uint32_t first;
    uint8_t log2;
};

#define NUMBERS_COVER_MOST 64 /* blocks that any interval needs at most */

/* Numbers a connected graph; everything lies in `store`. No recursion: a chain may be as long as it likes. */
void numbers_give(struct numbers *numbers, struct store *store, const struct graph *graph);

/* The fewest blocks that cover [first, first + count) exactly, in ascending order. Returns how many. */
uint32_t numbers_cover(uint32_t first, uint32_t count, struct numbers_block ret_blocks[NUMBERS_COVER_MOST]);

/* The other end of `edge`, seen from `vertex`. */
uint32_t numbers_other(const struct numbers *numbers, uint32_t edge, uint32_t vertex);

#endif
