/* SPDX-License-Identifier: MIT
 * Ways through time that may be long: gone in slices of a few milliseconds, so that keys are never kept waiting.
 *
 *     key -> a journey waits in the row -> each tick goes a slice of the first -> it is there: what was told last is chosen
 *
 * Steps wait for each other, so that three quick presses are three steps; going to an instant or a record replaces all
 * that wait. Space and Escape stop where time is. Until a journey is done nothing can be done to the network, since that
 * would happen somewhere on the way. */
#ifndef NETARIUM_GUI_JOURNEY_H
#define NETARIUM_GUI_JOURNEY_H

#include "session/session.h"

#define JOURNEYS 12 /* that wait */

struct app;

enum journey_kind {
    JOURNEY_AHEAD,   /* to the end of what can be looked at in a short time, and back to the beginning */
    JOURNEY_INSTANT, /* to `at` */
    JOURNEY_RECORD,  /* to just after `number` was told */
    JOURNEY_STEP,    /* one `unit` forward */
    JOURNEY_BACK     /* one `unit` back: to event `number`, once it is known which */
};

struct journey {
    enum journey_kind kind;
    nt_time at;
    uint64_t number;
    enum session_unit unit;
    bool is_begun;
    uint64_t since; /* when it began, milliseconds of ours */
};

/* Goes the first slice at once; what is near is there when this returns. */
void journey_begin(struct app *app, const struct journey *journey);

/* A slice. False: nothing is under way. */
bool journey_tick(struct app *app);

/* Ends all of them: time stays where it is, or at the beginning if it was looked ahead. */
void journey_stop(struct app *app);

/* Somebody is there: no more looking ahead. */
void journey_settle(struct app *app);

/* True, and it is said: something is under way. */
bool journey_is_busy(struct app *app);

/* Is it so short a time under way that the picture should not change before it is there? */
bool journey_holds_picture(const struct app *app, uint64_t clock);

#endif
