/* SPDX-License-Identifier: MIT
 * A person at the window, as a file: for tests, and for pictures that are always the same.
 *
 *     key Shift+Right            a key, with what is held down
 *     type ping -c 1 bob         letters
 *     click 100 200              the mouse; also double, right, press, move, release
 *     hover 100 200
 *     wait 500                   milliseconds pass, in steps of one picture
 *     shot FILE.png              the picture as it is now
 *     pace                       prints how long a person was kept waiting so far
 *     digest                     prints the run's digest
 *
 * A line that begins with # says nothing. */
#ifndef NETARIUM_GUI_SCRIPT_H
#define NETARIUM_GUI_SCRIPT_H

#include <stdio.h>

#include "gui/screen.h"

enum script_result { SCRIPT_STEP, SCRIPT_END, SCRIPT_WRONG };
enum script_kind { SCRIPT_EVENT, SCRIPT_WAIT, SCRIPT_SHOT, SCRIPT_COMPARE, SCRIPT_PACE, SCRIPT_DIGEST };

struct script_step {
    enum script_kind kind;
    struct screen_event event; /* text: also a shot's path */
    unsigned wait_ms;
};

/* The next step of the file. SCRIPT_WRONG: `ret_why` says what is wrong with line `*line`. */
enum script_result script_next(FILE *file, unsigned *line, struct script_step *ret_step, char *ret_why,
                               size_t size);

#endif
