/* SPDX-License-Identifier: MIT
 * A canvas as SVG 1.1, with real text that can be selected, searched and edited in a slide. */
#ifndef NETARIUM_VIEWS_SVG_H
#define NETARIUM_VIEWS_SVG_H

#include <stdio.h>

#include "views/canvas/canvas.h"

/* Writes a whole document, `scale` times as large as the canvas says. Tagged things become groups with a
 * title. Whether it could be written is the stream's to say. */
void svg_write(FILE *file, const struct canvas *canvas, double scale, const char *title);

/* Writes it as a part of an HTML page. `prefix` (letters) tells its names from those of other pictures there. */
void svg_write_inside(FILE *file, const struct canvas *canvas, const char *prefix, const char *title);

/* Words between tags, as XML and HTML want them. */
void svg_write_words(FILE *file, const char *words);

#endif
