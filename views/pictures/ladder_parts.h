/* SPDX-License-Identifier: MIT
 * The ladder, from inside: what its files share. ladder.c draws; ladder_time.c knows how high an instant is.
 */
#ifndef NETARIUM_VIEWS_LADDER_PARTS_H
#define NETARIUM_VIEWS_LADDER_PARTS_H

#include "views/pictures/drawings.h"
#include "views/pictures/rungs.h"

#define COLUMNS_MOST 8
#define GAP 34.0 /* a silence that was cut short, in pixels */
#define GAPS_MOST 512

/* A silence: nothing is on its way. */
struct gap {
    nt_time from, to;
};

struct ladder {
    const struct picture_wish *wish;
    struct canvas *canvas;
    const struct run *run;
    struct canvas_box room;
    const struct nt_node *columns[COLUMNS_MOST];
    unsigned column_count;
    struct rungs rungs;
    uint32_t left_out; /* of them */
    nt_time from, to;  /* what is really shown */
    struct gap gaps[GAPS_MOST];
    unsigned gap_count;
    double scale; /* pixels in a picosecond, outside gaps */
};

/* Is it a rung between columns that are shown? */
bool ladder_shows(const struct ladder *ladder, const struct rung *rung);

/* ---- ladder_time.c ---- */

/* What is really shown, and the silences in it; then which of them are cut short, and the scale. */
void ladder_find_gaps(struct ladder *ladder);
void ladder_choose_scale(struct ladder *ladder);

/* How high an instant is, in pixels of the picture. */
double ladder_y_of(const struct ladder *ladder, nt_time at);

#endif
