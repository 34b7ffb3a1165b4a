/* SPDX-License-Identifier: MIT
 * A place for everything in a plan. */
#ifndef NETARIUM_VIEWS_LAYOUT_H
#define NETARIUM_VIEWS_LAYOUT_H

#include "views/pictures/plan.h"

/* Gives every place its x and y, from the edges alone. */
void layout_places(struct plan *plan);

#endif
