/* SPDX-License-Identifier: MIT
 * What came of a run, on one screen: the table that stands at the end.
 *
 * Title, times and counts; a row for each node; what was dropped and why; the ledger; the expectations; the
 * digest. It fits 80 columns, says in words what it says in colour, and shows only the busiest nodes of a
 * large network. */
#ifndef NETARIUM_VIEWS_SUMMARY_H
#define NETARIUM_VIEWS_SUMMARY_H

#include "sim/run.h"
#include "views/outlet.h"
#include "views/verdict.h"

struct summary {
    const struct run *run;
    struct verdicts verdicts; /* how the expectations turned out */
    bool was_interrupted;     /* a person ended the run before its time */
    bool has_colour;          /* the reader's terminal shows colours, and wants them */
};

void summary_write(const struct summary *summary, struct outlet *out);

#endif
