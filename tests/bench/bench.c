/* SPDX-License-Identifier: MIT
 * bench: how fast is it? Runs a workload by name and prints what it took; never a judgement on time.
 *
 *     bench W7              the workload as it is defined
 *     bench all --brief     a tenth of each, to see that they run and come out right
 *     bench W7 --size 1000 --count 5000000
 *
 * Exit status: 0 all came out right, 1 something did not, 2 these words mean nothing. */
#include "tests/bench/bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const struct bench_workload workloads[] = {
    {"W0", "two hosts on one cable, echo requests and replies through the whole stack", two_hosts_run},
    {"W0-wire", "two stations on one cable, frames without a stack: what a hop itself costs", one_wire_run},
    {"W1", "eight routers in a row, one flow of datagrams: what forwarding costs", chain_run},
    {"W2", "TCP through two routers and a slow line, 1 to 100 streams", dumbbell_run},
    {"W3", "one fast TCP stream through a router: what a gigabyte costs", fast_flow_run},
    {"W6", "a fat tree in which every host sends to another over TCP", fat_tree_run},
    {"W5", "256 hosts on 17 switches, frames to random others", switches_run},
    {"W5-plugin", "the same with a bridge from a plug-in, by turns with the built-in one", plugin_run},
    {"W4", "64 stations on one bus, each with four frames waiting: collisions and all", bus_run},
    {"W6m", "ten thousand hosts that do nothing: what each costs", idle_run},
    {"LPM", "a million prefixes: what a look-up costs", prefixes_run},
    {"time-travel", "a million events in a session, then anywhere in them: what a person waits", travel_run},
    {"redraw", "all pictures in a window of 1600x900 pixels: what a person sees stutter", redraw_run},
    {"W7", "event queue: hold P pending, each executed one schedules another", queue_hold_run},
    {"W7-engine", "the same through the engine: arming, order, firing", engine_hold_run},
};

#define WORKLOADS (sizeof workloads / sizeof *workloads)

static int print_usage(void)
{
    fprintf(stderr, "usage: bench WORKLOAD... | all  [--brief] [--size N] [--count N]\n\n");
    for (size_t i = 0; i < WORKLOADS; i++)
        fprintf(stderr, "  %-10s %s\n", workloads[i].name, workloads[i].summary);
    return 2;
}

static bool read_number(const char *text, uint64_t *ret_number)
{
    char *end = NULL;
    if (!text || *text < '1' || *text > '9')
        return false;
    *ret_number = strtoull(text, &end, 10);
    return *end == '\0';
}

/* Reads the words into options and a mark for each workload. */
static bool read_words(char **words, struct bench_options *options, bool *is_wanted)
{
    for (; *words; words++) {
        bool is_known = false;
        for (size_t i = 0; i < WORKLOADS; i++) {
            bool fits = strcmp(*words, workloads[i].name) == 0 || strcmp(*words, "all") == 0;
            is_wanted[i] = is_wanted[i] || fits;
            is_known = is_known || fits;
        }
        if (strcmp(*words, "--brief") == 0)
            options->is_brief = true;
        else if (strcmp(*words, "--size") == 0 && read_number(words[1], &options->size))
            words++;
        else if (strcmp(*words, "--count") == 0 && read_number(words[1], &options->count))
            words++;
        else if (!is_known)
            return false;
    }
    return true;
}

int main(int count, char **words)
{
    struct bench_options options = {0};
    bool is_wanted[WORKLOADS] = {false};
    bool is_right = true;
    size_t done = 0;
    if (count < 2 || !read_words(words + 1, &options, is_wanted))
        return print_usage();
    for (size_t i = 0; i < WORKLOADS; i++)
        if (is_wanted[i]) {
            is_right = workloads[i].run(&options) && is_right;
            done++;
        }
    return done == 0 ? print_usage() : is_right ? 0 : 1;
}

/* ---- What the workloads share ---- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void clock_begin(struct bench_result *result)
{
    result->base_kb = bench_peak_kb();
    result->begun_s = now_s();
}

void clock_ready(struct bench_result *result)
{
    result->ready_s = now_s();
}

void clock_end(struct bench_result *result)
{
    result->ended_s = now_s();
}

void result_print(const struct bench_result *result)
{
    struct rusage usage;
    double run_s = result->ended_s - result->ready_s;
    getrusage(RUSAGE_SELF, &usage);
    printf("RESULT workload=%s run_s=%.3f setup_s=%.3f hops=%" PRIu64 " events=%" PRIu64 " app_bytes=%" PRIu64
           " peak_rss_kb=%ld size=%" PRIu64 " ns=%.1f\n",
           result->workload, run_s, result->ready_s - result->begun_s, result->hops, result->events,
           result->app_bytes, usage.ru_maxrss, result->size,
           run_s * 1e9 / (double)(result->per ? result->per : 1));
    fflush(stdout);
}

long bench_peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

bool result_is_wrong(const char *workload, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s came out wrong: ", workload);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    return false;
}

uint64_t bench_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}
