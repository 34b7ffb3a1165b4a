/* SPDX-License-Identifier: MIT
 * The stepping terminal's commands about other futures: keep one, change something, compare. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/stepper.h"
#include "session/compare.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/inspect.h"

#define GAUGES_SHOWN 20
#define COLUMN 22

void step_command_fork(struct stepper *stepper, char *words)
{
    struct session_limits limits = stepper_limits(stepper);
    char name[32];
    char *word = stepper_word(&words);
    snprintf(name, sizeof name, "%s", word ? word : "");
    if (!word)
        snprintf(name, sizeof name, "fork%zu", stepper->fork_count + 1);
    if (stepper->fork_count == STEPPER_FORKS) {
        stepper_refuse(stepper, "there are %d forks already", STEPPER_FORKS);
        return;
    }
    for (size_t i = 0; i < stepper->fork_count; i++)
        if (strcmp(stepper->forks[i].name, name) == 0) {
            stepper_refuse(stepper, "there is a fork %s already", name);
            return;
        }
    struct session *kept = session_fork(stepper->session, &limits);
    if (!kept) {
        stepper_refuse(stepper, "interrupted; nothing was kept");
        return;
    }
    struct stepper_fork *fork = &stepper->forks[stepper->fork_count++];
    fork->session = kept;
    snprintf(fork->name, sizeof fork->name, "%s", name);
    outlet_print(stepper->out,
                 "This future is kept as %s. Change something here, go on, and diff compares the two.\n",
                 name);
}

static struct stepper_fork *find_fork(struct stepper *stepper, char *words)
{
    char *name = stepper_word(&words);
    if (!stepper->fork_count) {
        stepper_refuse(stepper, "no future was kept; fork keeps one");
        return NULL;
    }
    if (!name)
        return &stepper->forks[stepper->fork_count - 1];
    for (size_t i = 0; i < stepper->fork_count; i++)
        if (strcmp(stepper->forks[i].name, name) == 0)
            return &stepper->forks[i];
    const char *names[STEPPER_FORKS + 1] = {NULL};
    for (size_t i = 0; i < stepper->fork_count; i++)
        names[i] = stepper->forks[i].name;
    const char *nearest = text_nearest(name, names);
    stepper_refuse(stepper, nearest ? "there is no fork %s; did you mean %s?" : "there is no fork %s; the latest is %s", name,
                   nearest ? nearest : names[stepper->fork_count - 1]);
    return NULL;
}

void step_command_switch(struct stepper *stepper, char *words)
{
    struct stepper_fork *fork = find_fork(stepper, words);
    if (!fork)
        return;
    struct session *here = stepper->session;
    stepper->session = fork->session;
    fork->session = here;
    outlet_print(stepper->out, "You are in the other future now; the one you come from is %s.\n", fork->name);
    stepper_show_place(stepper, SESSION_THERE, session_event(stepper->session));
}

/* ---- Side by side ---- */

static void write_line(struct stepper *stepper, const char *what, const char *here, const char *there)
{
    bool is_same = strcmp(here, there) == 0;
    outlet_print(stepper->out, "%c %-30s %*s %*s\n", is_same ? ' ' : '*', what, COLUMN, here, COLUMN, there);
}

static void write_count(struct stepper *stepper, const char *what, uint64_t here, uint64_t there)
{
    char texts[2][24];
    snprintf(texts[0], sizeof texts[0], "%" PRIu64, here);
    snprintf(texts[1], sizeof texts[1], "%" PRIu64, there);
    write_line(stepper, what, texts[0], texts[1]);
}

static void write_counts(struct stepper *stepper, const struct session *there)
{
    const struct run *one = session_run(stepper->session), *other = session_run(there);
    struct run_ledger a = run_ledger(one), b = run_ledger(other);
    char digests[2][20];
    write_count(stepper, "events", session_event(stepper->session), session_event(there));
    write_count(stepper, "records", session_records(stepper->session), session_records(there));
    write_count(stepper, "frames sent", a.sent, b.sent);
    write_count(stepper, "frames delivered", a.delivered, b.delivered);
    write_count(stepper, "frames dropped", a.dropped, b.dropped);
    write_count(stepper, "frames discarded", a.discarded, b.discarded);
    snprintf(digests[0], sizeof digests[0], "%016" PRIx64, run_digest(one));
    snprintf(digests[1], sizeof digests[1], "%016" PRIx64, run_digest(other));
    write_line(stepper, "digest", digests[0], digests[1]);
}

static void write_gauge(struct stepper *stepper, const struct compare_gauge *gauge)
{
    const struct run *run = session_run(stepper->session);
    char what[120], levels[2][64];
    for (int i = 0; i < 2; i++)
        if (gauge->has[i])
            inspect_show_value(run, &gauge->kind->fields[0], gauge->level[i], levels[i], sizeof levels[i]);
        else
            snprintf(levels[i], sizeof levels[i], "-");
    snprintf(what, sizeof what, "%s at %s%s%s%s%s", gauge->kind->name, run_node(run, gauge->node)->name,
             gauge->port ? ":" : "", gauge->port ? run_port(run, gauge->port)->name : "",
             gauge->flow[0] ? "\n    " : "", gauge->flow);
    char *flow = strchr(what, '\n');
    if (flow) {
        *flow = '\0';
        outlet_print(stepper->out, "* %s\n", what);
        write_line(stepper, flow + 1, levels[0], levels[1]);
    } else
        write_line(stepper, what, levels[0], levels[1]);
}

static void write_parting(struct stepper *stepper, struct session *there, uint64_t first)
{
    const struct nt_record *here_record = session_record(stepper->session, first);
    const struct nt_record *there_record = session_record(there, first);
    struct session *here = stepper->session;
    outlet_text(stepper->out, "They part here:\n  here\n");
    if (here_record && first <= session_records(here))
        stepper_show_record(stepper, here_record, true);
    outlet_text(stepper->out, "  there\n");
    stepper->session = there;
    if (there_record && first <= session_records(there))
        stepper_show_record(stepper, there_record, true);
    stepper->session = here;
}

static void compare(struct stepper *stepper, struct stepper_fork *fork)
{
    struct comparison comparison;
    comparison_init(&comparison, stepper->session, fork->session);
    if (!comparison.first)
        outlet_text(stepper->out, "They are the same up to here.\n");
    else
        write_parting(stepper, fork->session, comparison.first);
    outlet_style(stepper->out, OUTLET_STRONG);
    write_line(stepper, "", "here", fork->name);
    outlet_style(stepper->out, OUTLET_NORMAL);
    write_counts(stepper, fork->session);
    for (size_t i = 0; i < comparison.gauge_count && i < GAUGES_SHOWN; i++)
        write_gauge(stepper, &comparison.gauges[i]);
    if (comparison.gauge_count > GAUGES_SHOWN)
        outlet_print(stepper->out, "  ... and %zu gauges more that differ\n",
                     comparison.gauge_count - GAUGES_SHOWN);
    comparison_release(&comparison);
}

void step_command_diff(struct stepper *stepper, char *words)
{
    struct session_limits limits = stepper_limits(stepper);
    struct stepper_fork *fork = find_fork(stepper, words);
    if (!fork)
        return;
    enum session_stop stop = session_goto(fork->session, session_now(stepper->session), &limits);
    if (stop == SESSION_PAUSED)
        stepper_refuse(stepper, "interrupted before the other future had come so far");
    else
        compare(stepper, fork);
}
