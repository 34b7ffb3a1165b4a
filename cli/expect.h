/* SPDX-License-Identifier: MIT
 * The expectations of a scenario: compiled before time starts, fed while it runs, judged at the end. */
#ifndef NETARIUM_CLI_EXPECT_H
#define NETARIUM_CLI_EXPECT_H

#include "sim/query.h"
#include "views/verdict.h"

struct expectations {
    struct run_sink sink;            /* first: the run calls it, if any query needs records */
    const struct scenario *scenario; /* borrowed */
    struct query **queries;          /* owned, one for each `expect` of the scenario */
    struct verdict *verdicts;        /* owned, likewise */
    size_t count;
};

/* Compiles all of `expect`, and looks over `break`, against the built network. False: `errors` says what is
 * wrong, with a caret under the place. To be released in either case. */
bool expectations_compile(struct expectations *expectations, const struct run *run,
                          struct error_list *errors);
void expectations_release(struct expectations *expectations);

/* Listens to the run if that is needed. */
void expectations_listen(struct expectations *expectations, struct run *run);

/* Fills the verdicts with how it is now, and returns how many do not hold. */
size_t expectations_judge(struct expectations *expectations);

/* Adds a mistake in a query: the sentence, the query, and a caret under its column `column` (from 0, in
 * bytes). */
void expectations_explain(struct error_list *errors, const struct error_place *place, const char *query,
                          const struct nt_why *why, size_t column);

#endif
