/* SPDX-License-Identifier: MIT
 * time-travel: how long does it take to go anywhere in a run of a million events?
 *
 * A session runs a million events (hosts around a switch that ping each other), and then goes to a thousand
 * random ones, forward and back, and a thousand times back by one. What a person waits for is the longest of
 * these, so that is printed: the aim is 50 ms. Two networks: 2 hosts, and 1000. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/builtin.h"
#include "session/session.h"
#include "tests/bench/bench.h"

#define EVENTS 1000000
#define VISITS 1000

static double cpu_s(void)
{
    struct bench_result now = {0};
    clock_begin(&now);
    return now.begun_s;
}

struct journey {
    struct registry registry;
    struct error_list errors;
    struct scenario *scenario;
    struct session *session;
};

static bool journey_init(struct journey *journey, uint64_t hosts)
{
    struct nt_why why;
    char *all = malloc(1000 + hosts * 220), *at = all;
    if (!all)
        return false;
    at += sprintf(at, "{\"netarium\": 1, \"nodes\": {\"sw\": {\"type\": \"switch\", \"ports\": 1024}");
    for (uint64_t i = 0; i < hosts; i++)
        at += sprintf(at, ", \"h%" PRIu64 "\": {\"type\": \"host\", \"address\": \"10.0.%d.%d/16\"}", i,
                      (int)(i / 250), (int)(i % 250) + 1);
    at += sprintf(at, "}, \"links\": [");
    for (uint64_t i = 0; i < hosts; i++)
        at += sprintf(at, "%s{\"between\": [\"h%" PRIu64 "\", \"sw\"]}", i ? ", " : "", i);
    at += sprintf(at, "], \"actions\": [");
    for (uint64_t i = 0; i < hosts; i++)
        at += sprintf(at,
                      "%s{\"at\": \"%" PRIu64 " us\", \"on\": \"h%" PRIu64
                      "\", \"run\": \"ping -q -i 0.001 h%" PRIu64 "\"}",
                      i ? ", " : "", i * 7, i, (i + 1) % hosts);
    sprintf(at, "], \"stop\": \"10000 s\"}");
    error_list_init(&journey->errors);
    registry_init(&journey->registry);
    registry_add(&journey->registry, &builtin_types, &why);
    journey->scenario =
        scenario_parse("travel", all, strlen(all), &journey->registry, NULL, &journey->errors);
    free(all);
    if (!journey->scenario)
        return false;
    journey->session = session_new(&journey->registry, journey->scenario, NULL, &journey->errors);
    return journey->session;
}

static void journey_release(struct journey *journey)
{
    session_free(journey->session);
    scenario_free(journey->scenario);
    error_list_release(&journey->errors);
    registry_release(&journey->registry);
}

/* Seconds of the longest and of all visits. */
struct waits {
    double longest_s, sum_s;
};

static void wait_for(struct waits *waits, double begun_s)
{
    double took_s = cpu_s() - begun_s;
    waits->sum_s += took_s;
    if (took_s > waits->longest_s)
        waits->longest_s = took_s;
}

static bool travel(struct session *session, uint64_t events, uint64_t size)
{
    uint64_t dice = 42;
    struct waits far = {0}, near = {0};
    double begun_s = cpu_s();
    if (session_goto_event(session, events, NULL) != SESSION_THERE)
        return result_is_wrong("time-travel", "the run ended at event %" PRIu64, session_event(session));
    double run_s = cpu_s() - begun_s;
    uint64_t digest = session_state_digest(session);
    for (int i = 0; i < VISITS; i++) {
        begun_s = cpu_s();
        session_goto_event(session, bench_random(&dice) % events, NULL);
        wait_for(&far, begun_s);
        begun_s = cpu_s();
        session_back(session, SESSION_EVENT, 1, NULL);
        wait_for(&near, begun_s);
    }
    session_goto_event(session, events, NULL);
    printf("RESULT workload=time-travel run_s=%.3f events=%" PRIu64 " hosts=%" PRIu64
           " goto_ms_longest=%.1f goto_ms_mean=%.2f back_ms_longest=%.1f back_ms_mean=%.2f"
           " checkpoints=%zu checkpoint_kb=%zu network_kb=%zu peak_rss_kb=%ld\n",
           run_s, events, size, far.longest_s * 1e3, far.sum_s / VISITS * 1e3, near.longest_s * 1e3,
           near.sum_s / VISITS * 1e3, session_checkpoint_count(session),
           session_checkpoint_bytes(session) >> 10, run_memory_bytes(session_run(session)) >> 10,
           bench_peak_kb());
    fflush(stdout);
    return session_state_digest(session) == digest ||
           result_is_wrong("time-travel", "another state than on the way forward");
}

bool travel_run(const struct bench_options *options)
{
    static const uint64_t sizes[] = {2, 1000};
    uint64_t events = options->count ? options->count : options->is_brief ? EVENTS / 10 : EVENTS;
    bool is_right = true;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct journey journey = {0};
        uint64_t size = options->size ? options->size : sizes[i];
        if (options->size && i)
            break;
        if (!journey_init(&journey, size))
            is_right = result_is_wrong("time-travel", "%s",
                                       journey.errors.count ? journey.errors.entries[0].text
                                                            : "the network cannot be built");
        else
            is_right = travel(journey.session, events, size) && is_right;
        journey_release(&journey);
    }
    return is_right;
}
