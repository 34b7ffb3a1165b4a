/* SPDX-License-Identifier: MIT
 * All that came of a run as one JSON document, for graders and scripts. Its shape is docs/report-format.md;
 * the number in "netarium_report" changes when a member changes its meaning or goes away, not when one is
 * added. */
#ifndef NETARIUM_VIEWS_REPORT_H
#define NETARIUM_VIEWS_REPORT_H

#include "sim/run.h"
#include "views/outlet.h"
#include "views/verdict.h"

#define REPORT_VERSION 1

/* What a command printed, in the order of its lines; a listener, because the engine does not keep it. */
struct report {
    struct run_sink sink;   /* first: the run calls it */
    const struct run *run;  /* borrowed */
    struct outlet *printed; /* owned, by application id - 1; in memory */
    size_t printed_count;   /* of them */
};

void report_init(struct report *report, const struct run *run);
void report_release(struct report *report);

/* Writes the document. `failure`: why the run itself failed; NULL: it did not. */
void report_write(const struct report *report, const struct verdicts *verdicts, const char *failure,
                  struct outlet *out);

#endif
