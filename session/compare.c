/* SPDX-License-Identifier: MIT
 * Two futures side by side. */
#include "session/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/parts.h"
#include "sim/inspect.h"

#define MOST_GAUGES 1024 /* places that are compared */

/* ---- Where they part ---- */

static bool are_same_values(const struct run *runs[2], const struct nt_kind *kind,
                            const struct nt_record *pair[2])
{
    for (int i = 0; i < inspect_field_count(kind); i++) {
        if (kind->fields[i].unit == NT_UNIT_TEXT) {
            const char *one = run_text(runs[0], (uint64_t)pair[0]->values[i]);
            if (strcmp(one, run_text(runs[1], (uint64_t)pair[1]->values[i])) != 0)
                return false;
        } else if (pair[0]->values[i] != pair[1]->values[i])
            return false;
    }
    return true;
}

static bool are_same(const struct run *runs[2], const struct nt_record *pair[2])
{
    const struct nt_record *a = pair[0], *b = pair[1];
    const struct nt_kind *kind = run_kind_at(runs[0], a->kind);
    return a->at == b->at && a->cause == b->cause && a->frame == b->frame && a->node == b->node &&
           a->port == b->port && a->app == b->app &&
           strcmp(kind->name, run_kind_at(runs[1], b->kind)->name) == 0 && are_same_values(runs, kind, pair);
}

static uint64_t find_first(const struct session *sessions[2], const struct run *runs[2])
{
    uint64_t last[2] = {session_records(sessions[0]), session_records(sessions[1])};
    uint64_t both = last[0] < last[1] ? last[0] : last[1];
    for (uint64_t number = 1; number <= both; number++) {
        const struct nt_record *pair[2] = {session_record(sessions[0], number),
                                           session_record(sessions[1], number)};
        if (!are_same(runs, pair))
            return number;
    }
    return last[0] == last[1] ? 0 : both + 1;
}

/* ---- Gauges ---- */

static const char *flow_of(const struct run *run, const struct nt_kind *kind, const struct nt_record *record)
{
    for (int i = 1; i < inspect_field_count(kind); i++)
        if (kind->fields[i].unit == NT_UNIT_TEXT)
            return run_text(run, (uint64_t)record->values[i]);
    return "";
}

/* The place of the gauge, made if it is new; NULL: there are too many. */
static struct compare_gauge *place_of(struct comparison *comparison, const struct nt_kind *kind,
                                      const struct nt_record *record, const char *flow)
{
    for (size_t i = 0; i < comparison->gauge_count; i++) {
        struct compare_gauge *gauge = &comparison->gauges[i];
        if (gauge->node == record->node && gauge->port == record->port &&
            strcmp(gauge->kind->name, kind->name) == 0 &&
            strncmp(gauge->flow, flow, sizeof gauge->flow - 1) == 0)
            return gauge;
    }
    if (comparison->gauge_count == MOST_GAUGES)
        return NULL;
    struct compare_gauge *gauge = &comparison->gauges[comparison->gauge_count++];
    *gauge = (struct compare_gauge){.kind = kind, .node = record->node, .port = record->port};
    snprintf(gauge->flow, sizeof gauge->flow, "%s", flow);
    return gauge;
}

static void collect(struct comparison *comparison, const struct session *session, int side)
{
    const struct run *run = session_run(session);
    for (uint64_t number = 1; number <= session_records(session); number++) {
        const struct nt_record *record = session_record(session, number);
        const struct nt_kind *kind = run_kind_at(run, record->kind);
        if (!(kind->flags & NT_KIND_GAUGE))
            continue;
        struct compare_gauge *gauge = place_of(comparison, kind, record, flow_of(run, kind, record));
        if (!gauge)
            continue;
        gauge->has[side] = true;
        gauge->level[side] = record->values[0];
    }
}

static void keep_those_that_differ(struct comparison *comparison)
{
    size_t kept = 0;
    for (size_t i = 0; i < comparison->gauge_count; i++) {
        const struct compare_gauge *gauge = &comparison->gauges[i];
        if (gauge->has[0] != gauge->has[1] || gauge->level[0] != gauge->level[1])
            comparison->gauges[kept++] = *gauge;
    }
    comparison->gauge_count = kept;
}

void comparison_init(struct comparison *comparison, const struct session *one, const struct session *other)
{
    const struct session *sessions[2] = {one, other};
    const struct run *runs[2] = {session_run(one), session_run(other)};
    size_t capacity = 0;
    *comparison = (struct comparison){.first = find_first(sessions, runs),
                                      .is_same_run = run_digest(runs[0]) == run_digest(runs[1])};
    comparison->gauges = session_grown(NULL, MOST_GAUGES, &capacity, sizeof *comparison->gauges);
    collect(comparison, one, 0);
    collect(comparison, other, 1);
    keep_those_that_differ(comparison);
}

void comparison_release(struct comparison *comparison)
{
    free(comparison->gauges);
    *comparison = (struct comparison){0};
}
