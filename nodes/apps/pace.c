/* SPDX-License-Identifier: MIT
 * Sources that keep a pace: cbr, which never misses a beat, and poisson, which has no memory.
 *
 *     cbr       |----|----|----|----|----|      every gap is size / rate
 *     poisson   |-|-------|--|---|-|--------|   gaps are exponential around their mean
 *
 * The same load, and yet queues differ: what comes at random comes in clumps. cbr counts from the start, not
 * from the last datagram, so that a gap which is no whole number of picoseconds does not drift. */
#include "nodes/apps/udp_source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pace {
    struct udp_source source; /* first */
    struct nt_random random;
    int64_t rate_bps; /* cbr: bits of data in a second */
    nt_time mean;     /* poisson: of the gaps */
    nt_time end;      /* no more after this; NT_NEVER: go on */
};

enum { OPT_RATE = UDP_SOURCE_OPTIONS, OPT_DURATION };

#define DURATION_PARAM                                                                                       \
    {                                                                                                        \
        .name = "--duration", .kind = NT_PARAM_TIME, .least = 1, .most = 1000000 * NT_SECOND,                \
        .summary = "stop after this time; goes on to the end of the run if not given"                        \
    }

/* When the next datagram is due: cbr. */
static nt_time next_of_rate(const struct pace *pace)
{
    const struct meter_flow *flow = pace->source.flow;
    uint64_t number = flow->sent + flow->errors;
    __int128 bits = (__int128)8 * pace->source.size_bytes * number;
    return pace->source.app->started_at + (nt_time)(bits * NT_SECOND / pace->rate_bps);
}

/* When the next datagram is due: poisson. */
static nt_time next_of_mean(struct pace *pace)
{
    struct nt_node *node = pace->source.app->node;
    return nt_now(node) + nt_random_exponential(node, &pace->random, pace->mean);
}

/* Arms the next datagram, or the end if that comes first. */
static void arm_next(struct pace *pace)
{
    nt_time next = pace->mean ? next_of_mean(pace) : next_of_rate(pace);
    if (next < nt_now(pace->source.app->node)) /* an error about an earlier one was counted too */
        next = nt_now(pace->source.app->node);
    nt_arm(&pace->source.next, next < pace->end ? next : pace->end);
}

static void pace_fire(struct nt_event *event)
{
    struct pace *pace = NT_OWNER(event, struct pace, source.next);
    if (nt_now(event->node) >= pace->end) {
        udp_source_end(&pace->source);
        return;
    }
    udp_source_send(&pace->source, pace->source.size_bytes);
    arm_next(pace);
}

static bool pace_open(struct pace *pace, struct nt_app *app)
{
    const struct nt_value *values = app->values;
    pace->end =
        values[OPT_DURATION].is_given ? nt_now(app->node) + values[OPT_DURATION].number : NT_NEVER - 1;
    return udp_source_open(&pace->source, app, values[UDP_SOURCE_HOST].text, values[UDP_SOURCE_PORT].number,
                           values[UDP_SOURCE_SIZE].number, pace_fire);
}

static void pace_interrupt(struct nt_app *app)
{
    if (app->is_running)
        udp_source_end(app->state);
}

/* ---- cbr ---- */

static const struct nt_param cbr_params[] = {UDP_SOURCE_PARAMS("1000"),
                                             {.name = "--rate",
                                              .kind = NT_PARAM_RATE,
                                              .default_text = "1 Mbps",
                                              .least = 1,
                                              .most = INT64_C(1000000000000),
                                              .summary = "bits of data per second; headers come on top"},
                                             DURATION_PARAM,
                                             {0}};

static bool cbr_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    if (values[UDP_SOURCE_SIZE].number > 0)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text, "datagrams of --size 0 never add up to a rate");
    return false;
}

static void cbr_start(struct nt_app *app)
{
    struct pace *pace = app->state;
    pace->rate_bps = app->values[OPT_RATE].number;
    if (pace_open(pace, app))
        pace_fire(&pace->source.next);
}

const struct nt_app_type cbr_app = {.size = sizeof(struct nt_app_type),
                                    .state_bytes = sizeof(struct pace),
                                    .name = "cbr",
                                    .summary = "sends UDP datagrams at a constant bit rate",
                                    .params = cbr_params,
                                    .check = cbr_check,
                                    .start = cbr_start,
                                    .interrupt = pace_interrupt,
                                    .kinds = meter_kinds};

/* ---- poisson ---- */

#define MOST_PPS 1000000000

/* Datagrams per second: digits, then pps or kpps. */
static bool parse_pps(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    char *end;
    long long number = isdigit((unsigned char)text[0]) ? strtoll(text, &end, 10) : 0;
    if (number > 0 && number <= MOST_PPS) {
        while (*end == ' ')
            end++;
        long long factor = strcmp(end, "pps") == 0 ? 1 : strcmp(end, "kpps") == 0 ? 1000 : 0;
        if (factor && number <= MOST_PPS / factor) {
            ret_value->number = number * factor;
            return true;
        }
    }
    snprintf(ret_why->text, sizeof ret_why->text,
             "expected datagrams per second such as 1000pps, up to 1000000kpps; found \"%.40s\"", text);
    return false;
}

static const struct nt_param poisson_params[] = {UDP_SOURCE_PARAMS("1000"),
                                                 {.name = "--rate",
                                                  .kind = NT_PARAM_PARSED,
                                                  .parse = parse_pps,
                                                  .default_text = "100pps",
                                                  .summary = "mean number of datagrams per second"},
                                                 DURATION_PARAM,
                                                 {0}};

static void poisson_start(struct nt_app *app)
{
    struct pace *pace = app->state;
    pace->mean = NT_SECOND / app->values[OPT_RATE].number;
    nt_random_init(app->node, &pace->random, app->words);
    if (pace_open(pace, app))
        arm_next(pace);
}

const struct nt_app_type poisson_app = {.size = sizeof(struct nt_app_type),
                                        .state_bytes = sizeof(struct pace),
                                        .name = "poisson",
                                        .summary = "sends UDP datagrams at random: a Poisson process",
                                        .params = poisson_params,
                                        .start = poisson_start,
                                        .interrupt = pace_interrupt,
                                        .kinds = meter_kinds};
