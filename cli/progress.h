/* SPDX-License-Identifier: MIT
 * How far a long run has come, on one line of a terminal that is rewritten in place.
 *
 * The only place that looks at a real clock. A timer makes the run come up for air a few times a second; what
 * it finds here is never seen by the run. */
#ifndef NETARIUM_CLI_PROGRESS_H
#define NETARIUM_CLI_PROGRESS_H

#include <time.h>

#include "cli/front.h"
#include "sim/run.h"

struct progress {
    struct front *front;     /* borrowed */
    struct timespec started; /* real time */
    bool is_shown;           /* the line stands on the terminal */
};

/* Starts the timer. It also gives the front a chance to hand on what commands have printed, and to see that a
 * reader has left or a disk is full. */
void progress_start(struct progress *progress, struct front *front);

/* Shows the line anew, once the run has taken more than a second. */
void progress_show(struct progress *progress, const struct run *run);

/* Wipes the line, before something else is printed. */
void progress_hide(struct progress *progress);

/* Stops the timer and wipes the line. */
void progress_stop(struct progress *progress);

#endif
