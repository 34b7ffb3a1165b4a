/* SPDX-License-Identifier: MIT
 * What the workloads share: what was asked for, the clock, and the line that each prints.
 *
 *     clock_begin  ->  set-up  ->  clock_ready  ->  the run  ->  clock_end  ->  result_print
 *
 * Seconds are those of the processor, not of the wall: the machine may be busy with other things. Ratios
 * within one run say more than any of them. */
#ifndef NETARIUM_TESTS_BENCH_BENCH_H
#define NETARIUM_TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>

struct run;

struct bench_options {
    bool is_brief;  /* a tenth of the work, to see that all is well */
    uint64_t count; /* operations to do; 0: as the workload is defined */
    uint64_t size;  /* pending events, stations ...; 0: as the workload is defined */
};

/* One workload: a row of the table in bench.c. */
struct bench_workload {
    const char *name;                                 /* "W7" */
    const char *summary;                              /* one sentence */
    bool (*run)(const struct bench_options *options); /* prints its lines; false: what came out is wrong */
};

/* What one run did and took. */
struct bench_result {
    const char *workload;
    double begun_s, ready_s, ended_s; /* the clock_ functions fill these */
    uint64_t hops;                    /* frames that crossed a link */
    uint64_t events;                  /* events executed */
    uint64_t app_bytes;               /* bytes that reached an application */
    uint64_t size;                    /* the size it had */
    long base_kb;                     /* the most memory that the program had used before it; clock_begin fills it */
    uint64_t per;                     /* what the nanoseconds are divided by: hops or events */
    /* Called when the run is over, to print more of it; NULL: nobody looks. */
    void (*look)(const struct run *run, const struct bench_result *result);
    struct run_sink *sink; /* who listens; NULL: nobody */
    const char *plugin;    /* a shared object to be loaded; NULL: none */
};

void clock_begin(struct bench_result *result);
void clock_ready(struct bench_result *result);
void clock_end(struct bench_result *result);

/* RESULT workload=W7 run_s=.. setup_s=.. hops=.. events=.. app_bytes=.. peak_rss_kb=.. size=.. ns=.. */
void result_print(const struct bench_result *result);

/* The most memory that the program has used so far, in KiB. */
long bench_peak_kb(void);

/* One sentence on what came out wrong; false, to be returned. */
bool result_is_wrong(const char *workload, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Traffic's random numbers: xorshift64*, as workloads define it. */
uint64_t bench_random(uint64_t *state);

/* streams.c */
bool dumbbell_run(const struct bench_options *options);
bool fast_flow_run(const struct bench_options *options);

/* bus.c */
bool bus_run(const struct bench_options *options);

/* queue_hold.c */
bool queue_hold_run(const struct bench_options *options);

/* engine_hold.c */
bool engine_hold_run(const struct bench_options *options);

/* two_hosts.c */
bool two_hosts_run(const struct bench_options *options);
bool one_wire_run(const struct bench_options *options);

/* switches.c */
bool switches_run(const struct bench_options *options);
bool plugin_run(const struct bench_options *options);

/* idle.c, prefixes.c */
bool idle_run(const struct bench_options *options);
bool prefixes_run(const struct bench_options *options);

/* redraw.c */
bool redraw_run(const struct bench_options *options);

/* travel.c */
bool travel_run(const struct bench_options *options);

/* fat_tree.c */
bool fat_tree_run(const struct bench_options *options);

/* chain.c */
bool chain_run(const struct bench_options *options);

#endif
