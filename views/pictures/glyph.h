/* SPDX-License-Identifier: MIT
 * Signs for kinds of nodes: a screen, a router's arrows, a wall. */
#ifndef NETARIUM_VIEWS_GLYPH_H
#define NETARIUM_VIEWS_GLYPH_H

#include "sim/netarium.h"
#include "views/canvas/canvas.h"
#include "views/canvas/theme.h"

/* The accent of a type of node. */
enum theme_color glyph_accent(const struct nt_node *node);

/* Draws its sign into the square of `size` pixels with its middle at (x, y). A type that nobody knows gets a
 * box. */
void glyph_draw(struct canvas *canvas, const struct theme *theme, const struct nt_node *node, double x,
                double y, double size);

#endif
