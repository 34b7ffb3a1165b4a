/* SPDX-License-Identifier: MIT
 * The ticks above the scrubber: drops, collisions, retransmissions, timeouts.
 *
 * A run may have told ten million records, and the scrubber is drawn sixty times a second; so what was told is read once, at
 * most so much for each drawing, and kept in a row of marks for each kind. A row that is full loses those that would fall on one
 * pixel, as often as it must. */
#ifndef NETARIUM_GUI_TICKS_H
#define NETARIUM_GUI_TICKS_H

#include "views/canvas/canvas.h"
#include "sim/netarium.h"

#define TICK_KINDS 4
#define TICK_MARKS 4096 /* of one kind */

struct app;

struct tick_mark {
    nt_time at;
    uint64_t record;
};

struct tick_row {
    struct tick_mark *marks; /* owned; in the order of time */
    unsigned count;
    nt_time apart; /* marks nearer to each other than this are one */
    uint32_t kind; /* of the records; 0: the run has none */
};

struct ticks {
    struct tick_row rows[TICK_KINDS];
    uint64_t read; /* records that have been looked at */
};

/* Forgets all: the future, or the run, is another one. */
void ticks_forget(struct ticks *ticks);
void ticks_release(struct ticks *ticks);

/* Reads what has been told since, and draws the ticks above the track, and below it, at `y`, what they mean. */
void ticks_draw(struct app *app, struct canvas *canvas, double y);

#endif
