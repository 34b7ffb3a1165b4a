/* SPDX-License-Identifier: MIT
 * The expectations of a run as JUnit XML, which continuous integration systems and graders read. */
#ifndef NETARIUM_VIEWS_JUNIT_H
#define NETARIUM_VIEWS_JUNIT_H

#include "sim/run.h"
#include "views/outlet.h"
#include "views/verdict.h"

/* One test suite, named as the scenario's title; one test case for each expectation. `failure`: the run
 * itself failed, which is reported as an error; NULL: it did not. Times in the file are simulated ones, so
 * that it is the same in every run. */
void junit_write(const struct run *run, const struct verdicts *verdicts, const char *failure,
                 struct outlet *out);

#endif
