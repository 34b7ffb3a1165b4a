/* SPDX-License-Identifier: MIT
 * Colours by what they mean, for a light room, a dark room, and paper.
 *
 * One accent for each meaning, and never colour alone: every meaning has a shape or a word besides. Words
 * stand out from what is behind them by 4.5 to 1 at least (WCAG 2.1, 1.4.3); any two accents are 12
 * apart at least (CIE 1976, L*a*b*), also as they are seen without red, green or blue cones. Tests hold this. */
#ifndef NETARIUM_VIEWS_THEME_H
#define NETARIUM_VIEWS_THEME_H

#include "views/canvas/color.h"

enum theme_color {
    THEME_BACK,     /* behind the panels */
    THEME_PANEL,    /* a panel, and a node's box */
    THEME_EDGE,     /* its edge, and rules */
    THEME_GRID,     /* the faintest lines of a plot */
    THEME_TEXT,     /* words */
    THEME_MUTED,    /* less important words */
    THEME_FAINT,    /* not reached yet, not allowed */
    THEME_WIRE,     /* a cable that works */
    THEME_BAR,      /* the bar at the top */
    THEME_BAR_TEXT, /* words on it */
    THEME_BAR_BUTTON,
    THEME_DATA,      /* data; the first series */
    THEME_ACK,       /* acknowledgments, success */
    THEME_LOSS,      /* losses, collisions, errors */
    THEME_AGAIN,     /* sent again; rules and clauses */
    THEME_CARE,      /* warnings, limits, the second station */
    THEME_CONTROL,   /* ARP, routing, spanning tree: what keeps a network going */
    THEME_DATA_SOFT, /* the same as areas behind words */
    THEME_ACK_SOFT,
    THEME_LOSS_SOFT,
    THEME_AGAIN_SOFT,
    THEME_CARE_SOFT,
    THEME_CONTROL_SOFT,
    THEME_ON_ACCENT, /* words on an accent */
    THEME_COLORS
};

struct theme {
    const char *name; /* "light" */
    struct color colors[THEME_COLORS];
};

extern const struct theme theme_light, theme_dark, theme_print;

/* By name; NULL: there is no such theme. The names, ended by NULL, are theme_names. */
const struct theme *theme_find(const char *name);
extern const char *const theme_names[];

/* The soft colour of an accent, THEME_DATA to THEME_CONTROL. */
static inline enum theme_color theme_soft(enum theme_color accent)
{
    return accent + (THEME_DATA_SOFT - THEME_DATA);
}

static inline struct color theme_color(const struct theme *theme, enum theme_color color)
{
    return theme->colors[color];
}

#endif
