/* SPDX-License-Identifier: MIT
 * netarium draw --view report: a run on a few pages, with how its expectations turned out. */
#ifndef NETARIUM_CLI_DRAW_REPORT_H
#define NETARIUM_CLI_DRAW_REPORT_H

#include <stdio.h>

#include "cli/front.h"
#include "session/session.h"
#include "views/canvas/theme.h"

/* What was in the file before is gone from here on: there is something to write. */
void draw_begin_file(FILE *file);

/* Runs `session` to its end and writes the report; `is_html`: else as PDF. FRONT_HOLDS also if some
 * expectation does not hold: the report says so. */
enum front_status draw_report(struct front *front, struct session *session, FILE *file, bool is_html,
                              const struct theme *theme);

#endif
