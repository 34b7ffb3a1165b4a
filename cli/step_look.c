/* SPDX-License-Identifier: MIT
 * The stepping terminal's commands that look and change nothing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/stepper.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/inspect.h"
#include "views/packet.h"
#include "views/ruler.h"
#include "views/table.h"

#define RECORDS_LISTED 10

/* ---- The whole ---- */

static void show_time(struct outlet *out, nt_time at)
{
    char storage[40];
    struct text time = text_in(storage, sizeof storage);
    units_show_seconds(at, 12, &time);
    outlet_print(out, "%s s", storage);
}

void step_command_info(struct stepper *stepper, char *words)
{
    (void)words;
    struct session *session = stepper->session;
    const struct run *run = session_run(session);
    struct run_ledger ledger = run_ledger(run);
    outlet_print(stepper->out, "now        ");
    show_time(stepper->out, session_now(session));
    outlet_print(stepper->out, ", event %" PRIu64 ", record %" PRIu64 ", frame %" PRIu64 "\n",
                 session_event(session), session_records(session), session_frames(session));
    outlet_print(stepper->out, "next       ");
    if (session_next_at(session) == NT_NEVER)
        outlet_text(stepper->out, "nothing");
    else
        show_time(stepper->out, session_next_at(session));
    outlet_print(stepper->out, "; the scenario stops at ");
    show_time(stepper->out, run_scenario(run)->stop);
    outlet_print(stepper->out, "\nknown      to event %" PRIu64 ", record %" PRIu64 "\n",
                 session_known_events(session), session_known_records(session));
    outlet_print(stepper->out,
                 "ledger     sent %" PRIu64 " + copied %" PRIu64 " = delivered %" PRIu64 " + dropped %" PRIu64
                 " + held %" PRIu64 "\n",
                 ledger.sent, ledger.copied, ledger.delivered, ledger.dropped, ledger.held);
    outlet_print(stepper->out, "digest     %016" PRIx64 "\n", run_digest(run));
    outlet_print(stepper->out, "memory     %zu KiB of network, %zu checkpoint%s of %zu KiB\n",
                 run_memory_bytes(run) >> 10, session_checkpoint_count(session), session_checkpoint_count(session) == 1 ? "" : "s",
                 session_checkpoint_bytes(session) >> 10);
    if (session_failure(session)[0])
        outlet_print(stepper->out, "failure    after event %" PRIu64 ": %s\n", session_known_events(session),
                     session_failure(session));
}

/* ---- Why ---- */

/* The last record worth a word that has been told. */
static uint64_t latest(const struct session *session)
{
    for (uint64_t number = session_records(session); number; number--) {
        const struct nt_record *record = session_record(session, number);
        if (!(run_kind_at(session_run(session), record->kind)->flags & NT_KIND_CHATTER))
            return number;
    }
    return 0;
}

void step_command_why(struct stepper *stepper, char *words)
{
    struct session *session = stepper->session;
    struct explain explain = session_explain(session);
    uint64_t number = stepper->subject ? stepper->subject : latest(session);
    if (strncmp(words, "frame ", 6) == 0 && stepper_number(words + 6, &number)) {
        uint64_t frame = number;
        number = explain_frame_record(session_history(session), frame);
        if (!number) {
            stepper_refuse(stepper, "frame %" PRIu64 " has not been on any wire yet", frame);
            return;
        }
    } else if (*words && !stepper_number(words, &number)) {
        stepper_refuse(stepper, "why what? write why, why #RECORD or why frame N");
        return;
    }
    if (!session_record(session, number)) {
        stepper_refuse(stepper,
                       number ? "record #%" PRIu64 " has not been told yet" : "nothing has been told yet",
                       number);
        return;
    }
    struct explain_story *story = malloc(sizeof *story);
    if (!story)
        return;
    explain_record(&explain, number, story);
    explain_write(&explain, story, stepper->out, stepper->front->width);
    free(story);
}

/* ---- Nodes and tables ---- */

static void list_nodes(struct stepper *stepper)
{
    const struct run *run = session_run(stepper->session);
    for (uint32_t id = 1; id <= run_node_count(run); id++) {
        const struct nt_node *node = run_node(run, id);
        outlet_print(stepper->out, "  %-14s %-8s", node->name, node->type->name);
        for (size_t i = 0; i < inspect_table_count(node); i++)
            outlet_print(stepper->out, " %s", node->type->tables[i].name);
        outlet_text(stepper->out, "\n");
    }
}

static void list_tables(struct stepper *stepper, const struct nt_node *node)
{
    char name[100];
    if (!inspect_table_count(node))
        outlet_print(stepper->out, "  %s has no tables\n", node->name);
    for (size_t i = 0; i < inspect_table_count(node); i++) {
        const struct nt_table *table = &node->type->tables[i];
        snprintf(name, sizeof name, "%s (%u)", table->name, (unsigned)inspect_row_count(node, table));
        stepper_show_item(stepper, name, table->summary ? table->summary : "", 20);
    }
}

void step_command_show(struct stepper *stepper, char *words)
{
    char *name = stepper_word(&words), *wanted = stepper_word(&words);
    if (!name) {
        list_nodes(stepper);
        return;
    }
    const struct nt_node *node = stepper_node(stepper, name);
    const struct nt_table *table = node && wanted ? inspect_table(node, wanted) : NULL;
    const char *nearest = node && wanted && !table ? inspect_table_nearest(node, wanted) : NULL;
    if (table) {
        table_write(session_run(stepper->session), node, table, stepper->out, stepper->front->width);
        if (run_failure(session_run(stepper->session))[0]) /* the table itself crashed */
            outlet_print(stepper->out, "  %s\n", run_failure(session_run(stepper->session)));
    } else if (node && wanted)
        stepper_refuse(stepper, "%s has no table %s%s%s%s", name, wanted, nearest ? "; did you mean " : "; show ",
                       nearest ? nearest : name, nearest ? "?" : " lists them");
    else if (node)
        list_tables(stepper, node);
}

/* ---- Frames and records ---- */

void step_command_frame(struct stepper *stepper, char *words)
{
    uint64_t id;
    struct session_frame frame;
    if (!stepper_number(words, &id)) {
        stepper_refuse(stepper, "which frame? write its number: frame 3");
        return;
    }
    if (!session_frame(stepper->session, id, &frame)) {
        stepper_refuse(stepper, "frame %" PRIu64 " has not been on any wire yet", id);
        return;
    }
    struct packet packet = {frame.bytes, frame.length_bytes, frame.has_fcs};
    outlet_print(stepper->out, "Frame %" PRIu64 ", %u bytes, first seen in record #%" PRIu64, id,
                 (unsigned)frame.length_bytes, frame.record);
    if (frame.parent)
        outlet_print(stepper->out, ", made from frame %" PRIu64, frame.parent);
    outlet_text(stepper->out, "\n");
    packet_write(&packet, stepper->out, stepper->front->width);
}

void step_command_frames(struct stepper *stepper, char *words)
{
    (void)words;
    const struct run *run = session_run(stepper->session);
    size_t count = session_flight_count(stepper->session);
    uint64_t held = run_ledger(run).held;
    for (size_t i = 0; i < count; i++) {
        struct session_flight flight = session_flight_at(stepper->session, i);
        char storage[800];
        struct text line = text_in(storage, sizeof storage);
        session_frame_line(stepper->session, flight.frame, &line);
        nt_time left = flight.since + flight.air_time - session_now(stepper->session);
        outlet_print(stepper->out, "  frame %" PRIu64 " from %s on %s: ", flight.frame,
                     run_port(run, flight.from)->node->name, run_node(run, flight.medium)->name);
        outlet_print(stepper->out, "%s", storage);
        if (left > 0)
            outlet_print(stepper->out, " (%" PRId64 " ns to go)", left / NT_NANOSECOND);
        outlet_text(stepper->out, "\n");
    }
    outlet_print(stepper->out, "%zu on their way, %" PRIu64 " held by media and queues in all\n", count,
                 held);
}

static void list_last(struct stepper *stepper, uint64_t most, struct query *filter)
{
    struct session *session = stepper->session;
    uint64_t last = session_records(session), count = 0;
    uint64_t *numbers = calloc(most, sizeof *numbers);
    for (uint64_t number = 1; numbers && number <= last; number++) {
        const struct nt_record *record = session_record(session, number);
        bool is_chatter = run_kind_at(session_run(session), record->kind)->flags & NT_KIND_CHATTER;
        if (filter ? query_take(filter, record) : !is_chatter)
            numbers[count++ % most] = number;
    }
    for (uint64_t i = count > most ? count - most : 0; numbers && i < count; i++)
        stepper_show_record(stepper, session_record(session, numbers[i % most]), true);
    if (!count)
        outlet_text(stepper->out, "There are none yet.\n");
    free(numbers);
}

void step_command_records(struct stepper *stepper, char *words)
{
    struct nt_why why;
    size_t column = 0, used = strcspn(words, " ");
    uint64_t most = RECORDS_LISTED;
    char first[32] = "";
    if (used < sizeof first)
        memcpy(first, words, used);
    if (stepper_number(first, &most))
        words += used + strspn(words + used, " ");
    if (most == 0 || most > 100000) {
        stepper_refuse(stepper, "a list has 1 to 100000 records");
        return;
    }
    struct query *filter =
        *words ? query_compile_filter(session_run(stepper->session), words, &why, &column) : NULL;
    if (*words && !filter) {
        stepper_refuse_query(stepper, words, &why, column);
        return;
    }
    list_last(stepper, most, filter);
    if (filter)
        query_free(filter);
}

/* ---- TCP ---- */

bool step_draw_tcp(struct stepper *stepper)
{
    struct ruler_flow flow;
    const struct run *run = session_run(stepper->session);
    const struct history *history = session_history(stepper->session);
    if (!ruler_find(run, history, stepper->tcp_node, &flow))
        return false;
    ruler_write(run, history, flow, stepper->out, stepper->front->width);
    return true;
}

void step_command_tcp(struct stepper *stepper, char *words)
{
    for (char *word = stepper_word(&words); word; word = stepper_word(&words)) {
        bool is_on = strcmp(word, "on") == 0, is_switch = is_on || strcmp(word, "off") == 0;
        const struct nt_node *node = is_switch ? NULL : stepper_node(stepper, word);
        if (!is_switch && !node)
            return;
        if (is_switch)
            stepper->draws_tcp = is_on;
        else
            stepper->tcp_node = node->id;
    }
    if (!step_draw_tcp(stepper))
        outlet_text(stepper->out, "No TCP connection has sent anything yet.\n");
}

/* ---- Queries ---- */

static bool ask(struct stepper *stepper, const char *query)
{
    char value[300];
    struct nt_why why;
    size_t column = 0;
    if (!session_ask(stepper->session, query, value, sizeof value, &why, &column)) {
        stepper_refuse_query(stepper, query, &why, column);
        return false;
    }
    outlet_print(stepper->out, "  %s\n", value);
    return true;
}

void step_command_print(struct stepper *stepper, char *words)
{
    if (*words)
        ask(stepper, words);
    else
        stepper_refuse(stepper, "print what? write a query, such as print count(frame.rx)");
}

void step_command_watch(struct stepper *stepper, char *words)
{
    if (!*words) {
        for (size_t i = 0; i < stepper->watch_count; i++) {
            outlet_print(stepper->out, "  %zu:", i + 1);
            ask(stepper, stepper->watches[i]);
        }
    } else if (stepper->watch_count == STEPPER_WATCHES)
        stepper_refuse(stepper, "there are %d watches already; unwatch one", STEPPER_WATCHES);
    else if (ask(stepper, words))
        stepper->watches[stepper->watch_count++] = strdup(words);
}

void step_command_unwatch(struct stepper *stepper, char *words)
{
    uint64_t number;
    if (!*words) {
        stepper_refuse(stepper, "unwatch which? write its number; watch lists them");
        return;
    }
    if (!stepper_number(words, &number) || number == 0 || number > stepper->watch_count) {
        stepper_refuse(stepper, "there is no watch %s; watch lists them", words);
        return;
    }
    free(stepper->watches[number - 1]);
    stepper->watch_count--;
    for (size_t i = number - 1; i < stepper->watch_count; i++)
        stepper->watches[i] = stepper->watches[i + 1];
}
