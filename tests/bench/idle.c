/* SPDX-License-Identifier: MIT
 * W6m: what a host costs that does nothing. Access routers with a hundred hosts each under aggregation
 * routers under one core, made by the generator `tree`; then one ping from the first host to the last shows
 * that it is a network. Read peak_rss_kb against size: it has the scenario in it, the network, and what
 * reading needed for a while. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/run.h"
#include "tests/bench/run_text.h"

#define FANOUT 10 /* aggregation routers, and access routers under each */
#define HOSTS 100 /* on an access router */

static void print_shares(const struct run *run, const struct bench_result *result)
{
    double hosts = (double)result->size;
    printf("        each host with its cable and its router's port: built in %.0f ns; %.0f bytes, %.0f of them the "
           "network\n",
           (result->ready_s - result->begun_s) * 1e9 / hosts, (double)(bench_peak_kb() - result->base_kb) * 1024 / hosts,
           (double)run_memory_bytes(run) / hosts);
}

bool idle_run(const struct bench_options *options)
{
    static const struct nt_node_type *const no_types[] = {NULL};
    char text[500];
    int fanout = options->is_brief ? 3 : FANOUT, hosts = fanout * fanout * HOSTS;
    struct bench_result result = {.workload = "W6m", .size = (uint64_t)hosts, .look = print_shares};
    snprintf(text, sizeof text,
             "{\"netarium\": 1, \"stop\": \"2 s\", \"generate\": [{\"type\": \"tree\", \"name\": \"t\", "
             "\"depth\": 2, "
             "\"fanout\": %d, \"hosts\": %d}], \"actions\": [{\"at\": \"1 s\", \"on\": \"t-h1\", \"run\": "
             "\"ping -c 1 -q t-h%d\"}]}",
             fanout, HOSTS, hosts);
    if (!run_text_workload(text, no_types, &result))
        return false;
    return result.hops >= 12 || result_is_wrong("W6m", "only %" PRIu64 " hops", result.hops);
}
