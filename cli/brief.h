/* SPDX-License-Identifier: MIT
 * What came of a run in one line, for a loop over many files: FILE: VERDICT: the reason.
 *
 *     OK           all expectations hold                                     status 0
 *     FAILED       some do not; the first of them, and what was found        status 1
 *     WRONG        nothing was run; the first mistake                        status 2
 *     STOPPED      the simulator failed                                      status 3
 *     INTERRUPTED  by Ctrl-C, and when                                       status 130
 *
 * It is one line whatever the file and its name hold: control characters become '?'. */
#ifndef NETARIUM_CLI_BRIEF_H
#define NETARIUM_CLI_BRIEF_H

#include "cli/front.h"
#include "views/summary.h"

/* After a run that ended with `status`; `failure` is why it could not go on, or "". */
void brief_write_end(struct outlet *out, const char *file, enum front_status status, const struct summary *summary,
                     const char *failure);

/* Before a run: of what is wrong, the first. Sorts the list. */
void brief_write_mistakes(struct outlet *out, const char *file, struct error_list *errors);

#endif
