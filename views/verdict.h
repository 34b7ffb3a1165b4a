/* SPDX-License-Identifier: MIT
 * How one expectation of a scenario turned out: what the summary, the report and JUnit show of it. */
#ifndef NETARIUM_VIEWS_VERDICT_H
#define NETARIUM_VIEWS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

struct verdict {
    const char *text; /* "count(frame.drop) == 0"; borrowed */
    int line;         /* where it stands in the file; 0: unknown */
    bool holds;
    char found[200]; /* what was found, in words */
};

struct verdicts {
    struct verdict *all; /* borrowed */
    size_t count;
};

#endif
