/* SPDX-License-Identifier: MIT
 * Shapes: which routers and hosts a generator makes, and what joins them. Nothing here has a name or an
 * address.
 *
 *     star        chain                ring       tree          dumbbell          fat-tree     random     lan
 *      h h         h-r-r-r-h           r---r        r           h\         /h     core         r-r-r       h
 * h
 *       \|                             |   |       / \             r --- r        aggregation  |\ /       \|
 *     h--r--h                          r---r      r   r         h/         \h     edge, hosts  r-r--r h--s--h
 *
 * A graph is a list of edges between vertices: the routers are 0 .. router_count - 1, the hosts follow. The
 * one that stands in the middle, at the top or at the beginning is router 0. A host has exactly one edge, and
 * its router is the first end of it. All shapes are connected; no two edges join the same two. */
#ifndef NETARIUM_SIM_GENERATE_GRAPH_H
#define NETARIUM_SIM_GENERATE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/netarium.h"
#include "sim/store.h"

enum graph_edge_kind { GRAPH_ACCESS, GRAPH_LINK, GRAPH_BOTTLENECK };

struct graph_edge {
    uint32_t end[2]; /* vertices */
    enum graph_edge_kind kind;
};

/* How much there will be; edges: at most. */
struct graph_size {
    uint64_t routers, hosts, edges;
};

struct graph {
    struct store *store; /* borrowed: what everything lies in */
    uint32_t router_count, host_count;
    struct graph_edge *edges;
    uint32_t edge_count;
    struct graph_size size; /* what was announced: hosts are numbered behind size.routers */
};

struct graph_shape {
    const char *name;              /* "ring", as "type" says it */
    const char *summary;           /* one sentence */
    const struct nt_param *params; /* ended by one without a name */
    bool has_links;                /* routers and links between them; false: hosts on one switch */
    bool has_bottleneck;           /* one link is not like the others */
    bool is_even;                  /* its first parameter must be an even number */
    /* How large it will be; may be absurdly large, but never less than the truth. */
    struct graph_size (*size)(const struct nt_value *values);
    void (*draw)(struct graph *graph, const struct nt_value *values);
};

extern const struct graph_shape graph_shapes[]; /* ended by one without a name */

/* Draws a shape whose size was found to be reasonable. */
void graph_draw(struct graph *graph, struct store *store, const struct graph_shape *shape,
                const struct nt_value *values);

#endif
