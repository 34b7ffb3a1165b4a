/* SPDX-License-Identifier: MIT
 * A canvas as SVG 1.1, with real text that can be selected, searched and edited in a slide. */
#ifndef NETARIUM_VIEWS_SVG_H
#define NETARIUM_VIEWS_SVG_H

#include <stdio.h>

#include "views/canvas/canvas.h"

/* Writes a whole document, `scale` times as large as the canvas says. Tagged things become groups with a
 * title. Whether it could be written is the stream's to say. */
void svg_write(FILE *file, const struct canvas *canvas, double scale, const char *title);

#endif
