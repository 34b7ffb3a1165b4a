/* SPDX-License-Identifier: MIT
 * A canvas as pixels (PNG, or a piece of memory that a window shows) and as PDF, by way of cairo.
 *
 * A build without cairo has raster_none.c instead: it says no. */
#ifndef NETARIUM_VIEWS_RASTER_H
#define NETARIUM_VIEWS_RASTER_H

#include <stdio.h>

#include "views/canvas/canvas.h"

/* Was this built with cairo? */
bool raster_is_built(void);

/* Draws the canvas into `pixels`: `width` by `height` of 32 bits (alpha, red, green, blue from the top bits,
 * as the machine orders them), `stride` bytes a row, at `scale` pixels a pixel, with its upper left corner at
 * (x, y) in pixels of the memory. What the canvas does not cover is left as it was. False: not built, or out
 * of memory. */
bool raster_draw(const struct canvas *canvas, double scale, double x, double y, uint8_t *pixels, int width,
                 int height, int stride);

/* A rectangle of pixels. */
struct raster_part {
    int left, top, right, lower;
};

/* The same, at the origin, but only in `part`, which gets `ground` first: bit by bit what drawing all of it on that ground
 * would put there. */
bool raster_draw_part(const struct canvas *canvas, double scale, const struct raster_part *part, struct color ground,
                      uint8_t *pixels, int width, int height, int stride);

/* Writes a PNG. False: not built, too large (32 767 pixels a side), or the stream failed. */
bool raster_write_png(FILE *file, const struct canvas *canvas, double scale);

/* Writes a PDF, one page for each canvas; a pixel at scale 1 is three quarters of a point. */
bool raster_write_pdf(FILE *file, const struct canvas *const *pages, size_t count, double scale,
                      const char *title);

#endif
