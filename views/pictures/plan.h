/* SPDX-License-Identifier: MIT
 * The plan of a network: stations, the media between them, and a place for each.
 *
 * Places come from the graph alone, so they are the same in every run: stations that are joined stand as far
 * from each other as they are apart in cables (stress majorisation, Gansner, Koren and North 2004), turned so
 * that the plan is wider than high and begins with the first node of the file. Where the file says itself
 * where nodes stand ("at": [x, y]), they stand there. A network whose stations all
 * hang on one segment is drawn along that. */
#ifndef NETARIUM_VIEWS_PLAN_H
#define NETARIUM_VIEWS_PLAN_H

#include "sim/run.h"

#define PLAN_STATIONS 400 /* placed by all their distances; a larger plan is folded first: layout_large.h */
#define PLAN_LARGE 20000  /* what is larger still stands in rows */

struct plan_place {
    const struct nt_node *node;
    double x, y;    /* 0 to 1 over the plan's width and height */
    bool is_medium; /* a segment with other than two taps: drawn as a bar */
    unsigned degree;
    uint32_t fold;  /* the place that stands for it; itself if it is shown */
    uint32_t count; /* stations that it stands for, itself included; 0: it is folded into another */
    uint32_t
        beside;    /* a leaf of a large plan that stands right beside this place; itself if it has its own */
    uint32_t part; /* of few that are not joined: which; else 0 */
    int level;     /* in a plan in layers, 0 at the bottom; -1: in none */
};

/* A cable: two places, or a place and a segment. */
struct plan_edge {
    const struct nt_node *medium;
    uint32_t from, to;                     /* places */
    const struct nt_port *at_from, *at_to; /* the stations' ports; NULL at a segment */
    unsigned side;                         /* the medium's port number at `from` */
    unsigned twin;                         /* cables between the same two that come before it */
};

struct plan {
    struct plan_place *places; /* owned */
    struct plan_edge *edges;   /* owned */
    uint32_t place_count, edge_count;
    const struct nt_node *bus; /* all stations hang on this one segment; NULL: not so */
    double aspect;             /* width by height that it would like; 0: a row */
    double apart_x,
        apart_y;          /* of a large plan: room that each has at least, as parts of the whole; 0: small */
    unsigned level_count; /* layers; 0: it is not in layers */
    bool is_given;        /* the file says where things stand: the aspect is kept exactly */
};

/* The plan of a built run. */
void plan_init(struct plan *plan, const struct run *run);
void plan_release(struct plan *plan);

/* The place of a node, or NULL. */
const struct plan_place *plan_find(const struct plan *plan, const struct nt_node *node);

#endif
