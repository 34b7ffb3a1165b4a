/* SPDX-License-Identifier: MIT
 * A run on a few pages: what it is about, what came of it, its story, and every picture that has something to
 * show. As one PDF, or as one HTML page that needs nothing else. */
#ifndef NETARIUM_VIEWS_HANDOUT_H
#define NETARIUM_VIEWS_HANDOUT_H

#include <stdio.h>

#include "views/pictures/picture.h"
#include "views/verdict.h"

struct handout_wish {
    struct session *session; /* at its end; it is moved, and left there */
    const struct theme *theme;
    struct verdicts verdicts; /* how the expectations turned out */
};

/* Whether all could be written is the stream's to say. */
void handout_write_html(FILE *file, const struct handout_wish *wish);

/* False: not built with cairo, or the stream failed. */
bool handout_write_pdf(FILE *file, const struct handout_wish *wish);

#endif
