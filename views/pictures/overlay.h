/* SPDX-License-Identifier: MIT
 * Several TCP connections in one picture: of one run, or of a run and of what it would be otherwise. */
#ifndef NETARIUM_VIEWS_OVERLAY_H
#define NETARIUM_VIEWS_OVERLAY_H

#include "views/pictures/connection.h"

/* Their congestion windows, how much got through, and their round trips. */
bool overlay_draw_windows(const struct connection *connections, unsigned count,
                          const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);

/* What is acknowledged of each, over time. */
bool overlay_draw_sequences(const struct connection *connections, unsigned count,
                            const struct picture_wish *wish, struct canvas *canvas, struct nt_why *ret_why);

#endif
