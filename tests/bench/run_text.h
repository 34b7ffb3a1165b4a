/* SPDX-License-Identifier: MIT
 * Running a scenario's text as a workload. */
#ifndef NETARIUM_TESTS_BENCH_RUN_TEXT_H
#define NETARIUM_TESTS_BENCH_RUN_TEXT_H

#include "sim/netarium.h"
#include "tests/bench/bench.h"

/* Runs `text` to its end with the built-in types and `extra` (ended by NULL); fills in
 * hops, events and the clock and prints the result. False: it cannot be run, and why was said. */
bool run_text_workload(const char *text, const struct nt_node_type *const *extra,
                       struct bench_result *result);

#endif
