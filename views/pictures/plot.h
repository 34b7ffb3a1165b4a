/* SPDX-License-Identifier: MIT
 * Levels over time: axes with round numbers, steps, marks, a legend.
 *
 *     64 |- - - - - - - - - - - -      plot_axes      grid, numbers at the left, times below
 *        |        __      x            plot_curve     steps, thinned as they come
 *     32 |- - - _|  |_ - - - - -       plot_mark      what happened, as a shape
 *        |_____|      |_______         plot_legend    which is which
 *      0 +----------+----------+
 *        0 ms      10 ms      20 ms
 *
 * A curve takes its samples one by one and keeps a few points for each column of pixels (the first, the
 * least, the most, the last), so that a million samples cost no more ink than a thousand and no extreme is
 * lost. */
#ifndef NETARIUM_VIEWS_PLOT_H
#define NETARIUM_VIEWS_PLOT_H

#include "sim/netarium.h"
#include "views/canvas/canvas.h"
#include "views/canvas/theme.h"

struct plot {
    struct canvas *canvas;
    const struct theme *theme;
    struct canvas_box box; /* where levels are drawn, without numbers and names */
    nt_time from, to;      /* across; from < to */
    int64_t low, high;     /* from bottom to top; low < high */
    enum nt_unit unit;     /* of the levels */
};

#define PLOT_LEFT 64.0  /* pixels that the numbers need, left of the box */
#define PLOT_BELOW 22.0 /* and the times below */

/* The round number (1, 2 or 5 and zeros) that is at least `rough`, which is positive. */
int64_t plot_round_step(int64_t rough);

/* A plot in `room` whose levels go from 0 to at least `most`, up to a round number. The caller may still
 * change `low` and `high`. */
struct plot plot_in(struct canvas *canvas, const struct theme *theme, struct canvas_box room, nt_time from,
                    nt_time to, int64_t most, enum nt_unit unit);

double plot_x(const struct plot *plot, nt_time at);
double plot_y(const struct plot *plot, int64_t level);

/* Grid, numbers with their unit, and, if `has_times`, times. `name`: what is measured, above the box. */
void plot_axes(const struct plot *plot, const char *name, bool has_times);

/* Only the times below. */
void plot_times(const struct plot *plot);

/* Writes a level as people do: 10 220 B, 3.2 ms, 64. */
void plot_show(enum nt_unit unit, int64_t level, char *ret_text, size_t size);

/* ---- Curves ---- */

struct plot_curve {
    const struct plot *plot;
    struct canvas_paint paint;
    struct canvas_point *points; /* owned until plot_curve_end */
    size_t count, room;
    int64_t column;                   /* of pixels, that is being filled */
    double x, first, low, high, last; /* in it, in pixels; x: of its only sample */
    size_t samples;                   /* in it */
    bool is_steps;                    /* a level holds until the next; else samples are joined by lines */
};

void plot_curve_begin(struct plot_curve *curve, const struct plot *plot, bool is_steps,
                      const struct canvas_paint *paint);

/* Samples in the order of time. Those before the span set where the curve begins; those after it are
 * ignored. */
void plot_curve_add(struct plot_curve *curve, nt_time at, int64_t level);

/* Draws it; steps go on to `until` at the last level. A fill is drawn down to the bottom. */
void plot_curve_end(struct plot_curve *curve, nt_time until);

/* ---- What stands in a plot besides ---- */

enum plot_shape {
    PLOT_DOT,
    PLOT_CROSS,
    PLOT_TRIANGLE,
    PLOT_DIAMOND,
    PLOT_SQUARE,
    PLOT_RING,
    PLOT_PLUS,
    PLOT_BAR /* in a legend: what plot_bar draws */
};

void plot_mark(const struct plot *plot, nt_time at, int64_t level, enum plot_shape shape,
               enum theme_color color);

/* Levels from `low` to `high` at one instant, as an upright stroke in pieces. */
void plot_bar(const struct plot *plot, nt_time at, int64_t low, int64_t high, enum theme_color color);

/* A level as a line across, with a name at its right end. */
void plot_level(const struct plot *plot, int64_t level, enum theme_color color, const char *name);

/* A part of the span as a soft area; and its name at the top, if that fits, over what was drawn since. */
void plot_phase(const struct plot *plot, nt_time from, nt_time to, enum theme_color accent);
void plot_phase_name(const struct plot *plot, nt_time from, nt_time to, enum theme_color accent,
                     const char *name);

/* The instant of the picture: a dotted line, and what lies behind it under a veil. */
void plot_now(const struct plot *plot, nt_time now);

struct plot_entry {
    const char *name;
    enum theme_color color;
    enum canvas_dash dash;
    bool is_mark;          /* a shape, not a line */
    enum plot_shape shape; /* of a mark */
};

/* A row of entries that ends at (right, y), the baseline; what does not fit into `room` pixels is left out
 * from the end. `shown`: a bit for each entry that there is something of. Returns its width. */
double plot_legend(struct canvas *canvas, const struct theme *theme, double right, double y, double room,
                   const struct plot_entry *entries, size_t count, uint32_t shown);

#endif
