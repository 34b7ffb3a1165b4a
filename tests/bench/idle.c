/* SPDX-License-Identifier: MIT
 * W6m: what a host costs that does nothing. Access routers with a hundred hosts each under aggregation
 * routers under one core, made by the generator `tree`; then one ping from the first host to the last shows
 * that it is a network. Read peak_rss_kb against size. */
#include <inttypes.h>
#include <stdio.h>

#include "tests/bench/run_text.h"

#define FANOUT 10 /* aggregation routers, and access routers under each */
#define HOSTS 100 /* on an access router */

bool idle_run(const struct bench_options *options)
{
    static const struct nt_node_type *const no_types[] = {NULL};
    char text[500];
    int fanout = options->is_brief ? 3 : FANOUT, hosts = fanout * fanout * HOSTS;
    struct bench_result result = {.workload = "W6m", .size = (uint64_t)hosts};
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"stop\": \"2 s\", \"generate\": [{\"type\": \"tree\", \"name\": \"t\", "
             "\"depth\": 2, "
             "\"fanout\": %d, \"hosts\": %d}], \"actions\": [{\"at\": \"1 s\", \"on\": \"t-h1\", \"run\": "
             "\"ping -c 1 -q t-h%d\"}]}",
             fanout, HOSTS, hosts);
    if (!run_text_workload(text, no_types, &result))
        return false;
    printf("        %.0f ns and about %.0f bytes for each host, its cable included\n",
           (result.ready_s - result.begun_s) * 1e9 / hosts, bench_peak_kb() * 1024.0 / hosts);
    return result.hops >= 12 || result_is_wrong("W6m", "only %" PRIu64 " hops", result.hops);
}
