/* SPDX-License-Identifier: MIT
 * All that came of a run as one JSON document, for graders and scripts. */
#include "views/report.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/json_write.h"
#include "sim/inspect.h"

#define REPORT_REASONS 256

/* ---- What commands print ---- */

static struct outlet *printed_by(struct report *report, uint32_t app)
{
    if (app > report->printed_count) {
        report->printed = realloc(report->printed, app * sizeof *report->printed);
        assert(report->printed);
        for (size_t i = report->printed_count; i < app; i++)
            outlet_init_memory(&report->printed[i]);
        report->printed_count = app;
    }
    return &report->printed[app - 1];
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct report *report = NT_OWNER(sink, struct report, sink);
    (void)frame;
    if (record->kind == RUN_KIND_APP_PRINT && record->app)
        outlet_text(printed_by(report, record->app), run_text(report->run, (uint64_t)record->values[0]));
}

void report_init(struct report *report, const struct run *run)
{
    *report = (struct report){.sink.take = take, .run = run};
}

void report_release(struct report *report)
{
    for (size_t i = 0; i < report->printed_count; i++)
        outlet_release(&report->printed[i], &(struct nt_why){0});
    free(report->printed);
    *report = (struct report){0};
}

/* ---- Parts of the document ---- */

static void write_unsigned(struct json_writer *json, const char *name, uint64_t number)
{
    json_write_name(json, name);
    json_write_unsigned(json, number);
}

static void write_head(struct json_writer *json, const struct run *run, const char *failure)
{
    const struct scenario *scenario = run_scenario(run);
    char digest[17];
    snprintf(digest, sizeof digest, "%016" PRIx64, run_digest(run));
    json_write_member_integer(json, "netarium_report", REPORT_VERSION);
    json_write_member_text(json, "scenario", scenario->file);
    json_write_member_text(json, "title", scenario->title);
    write_unsigned(json, "seed", scenario->seed);
    json_write_member_text(json, "digest", digest);
    json_write_member_integer(json, "now_ps", run_now(run));
    write_unsigned(json, "events", run_event_count(run));
    write_unsigned(json, "frames", run_frame_count(run));
    json_write_member_text(json, "failure", failure);
}

static void write_ledger(struct json_writer *json, const struct run *run)
{
    struct run_ledger ledger = run_ledger(run);
    json_write_name(json, "ledger");
    json_write_object(json);
    write_unsigned(json, "sent", ledger.sent);
    write_unsigned(json, "copied", ledger.copied);
    write_unsigned(json, "delivered", ledger.delivered);
    write_unsigned(json, "dropped", ledger.dropped);
    write_unsigned(json, "held", ledger.held);
    write_unsigned(json, "discarded", ledger.discarded);
    json_write_end(json);
}

static void write_reasons(struct json_writer *json, const struct run *run)
{
    struct run_reason reasons[REPORT_REASONS];
    size_t count = run_reasons(run, reasons, REPORT_REASONS);
    json_write_name(json, "drops");
    json_write_list(json);
    for (size_t i = 0; i < count && i < REPORT_REASONS; i++) {
        json_write_object(json);
        json_write_member_text(json, "reason", reasons[i].text);
        write_unsigned(json, "count", reasons[i].count);
        json_write_member_boolean(json, "on_the_way", !reasons[i].is_discard);
        json_write_end(json);
    }
    json_write_end(json);
}

static void write_expectations(struct json_writer *json, const struct verdicts *verdicts)
{
    json_write_name(json, "expect");
    json_write_list(json);
    for (size_t i = 0; i < verdicts->count; i++) {
        json_write_object(json);
        json_write_member_text(json, "text", verdicts->all[i].text);
        json_write_member_integer(json, "line", verdicts->all[i].line);
        json_write_member_boolean(json, "holds", verdicts->all[i].holds);
        json_write_member_text(json, "found", verdicts->all[i].found);
        json_write_end(json);
    }
    json_write_end(json);
}

static void write_commands(struct json_writer *json, const struct report *report)
{
    json_write_name(json, "commands");
    json_write_list(json);
    for (uint32_t id = 1; id <= run_app_count(report->run); id++) {
        const struct nt_app *app = run_app(report->run, id);
        json_write_object(json);
        json_write_member_text(json, "node", app->node->name);
        json_write_member_text(json, "command", app->words);
        json_write_member_integer(json, "started_ps", app->started_at);
        json_write_member_boolean(json, "is_running", app->is_running);
        json_write_member_integer(json, "status", app->is_running ? -1 : app->status);
        json_write_member_text(json, "printed",
                               id <= report->printed_count ? report->printed[id - 1].bytes : "");
        json_write_end(json);
    }
    json_write_end(json);
}

/* ---- Nodes ---- */

static void write_port(struct json_writer *json, const struct nt_port *port)
{
    char peer[200] = "";
    if (port->peer)
        snprintf(peer, sizeof peer, "%s:%s", port->peer->node->name, port->peer->name);
    json_write_object(json);
    json_write_member_text(json, "name", port->name);
    json_write_member_text(json, "joined_to", port->peer ? peer : NULL);
    json_write_member_boolean(json, "is_up", port->is_up);
    json_write_member_integer(json, "rate_bps", port->rate_bps);
    write_unsigned(json, "sent_frames", port->sent_frames);
    write_unsigned(json, "sent_bytes", port->sent_bytes);
    write_unsigned(json, "received_frames", port->received_frames);
    write_unsigned(json, "received_bytes", port->received_bytes);
    write_unsigned(json, "dropped_frames", port->dropped_frames);
    json_write_end(json);
}

/* Numbers as numbers, in their smallest unit; what is a word to people is a word here too. */
static void write_cell(struct json_writer *json, const struct run *run, const struct nt_field *column,
                       const struct nt_cell *cell)
{
    char shown[256];
    json_write_name(json, column->name);
    switch (column->unit) {
    case NT_UNIT_BOOL:
        json_write_boolean(json, cell->number != 0);
        break;
    case NT_UNIT_MAC:
    case NT_UNIT_IPV4:
    case NT_UNIT_WORD:
    case NT_UNIT_TEXT:
        inspect_show_cell(run, column, cell, shown, sizeof shown);
        json_write_text(json, shown);
        break;
    default:
        json_write_integer(json, cell->number);
    }
}

static void write_table(struct json_writer *json, const struct run *run, const struct nt_node *node,
                        const struct nt_table *table)
{
    json_write_name(json, table->name);
    json_write_list(json);
    for (uint32_t row = 0;; row++) {
        struct nt_cell cells[NT_COLUMNS] = {0};
        if (!inspect_row(node, table, row, cells))
            break;
        json_write_object(json);
        for (int i = 0; i < inspect_column_count(table); i++)
            write_cell(json, run, &table->columns[i], &cells[i]);
        json_write_end(json);
    }
    json_write_end(json);
}

static void write_node(struct json_writer *json, const struct run *run, const struct nt_node *node)
{
    json_write_object(json);
    json_write_member_text(json, "name", node->name);
    json_write_member_text(json, "type", node->type->name);
    json_write_name(json, "ports");
    json_write_list(json);
    for (uint32_t i = 0; i < node->port_count; i++)
        write_port(json, node->ports[i]);
    json_write_end(json);
    json_write_name(json, "tables");
    json_write_object(json);
    for (const struct nt_table *table = node->type->tables; table && table->name; table++)
        write_table(json, run, node, table);
    json_write_end(json);
    json_write_end(json);
}

/* ---- The document ---- */

static void write_document(struct json_writer *json, const struct report *report,
                           const struct verdicts *verdicts, const char *failure)
{
    const struct run *run = report->run;
    json_write_object(json);
    write_head(json, run, failure);
    write_expectations(json, verdicts);
    write_ledger(json, run);
    write_reasons(json, run);
    write_commands(json, report);
    json_write_name(json, "nodes");
    json_write_list(json);
    for (uint32_t id = 1; id <= run_node_count(run); id++)
        write_node(json, run, run_node(run, id));
    json_write_end(json);
    json_write_end(json);
}

void report_write(const struct report *report, const struct verdicts *verdicts, const char *failure,
                  struct outlet *out)
{
    char *bytes = NULL;
    size_t length = 0;
    struct json_writer json;
    FILE *memory = open_memstream(&bytes, &length);
    assert(memory);
    json_write_init(&json, memory);
    write_document(&json, report, verdicts, failure);
    fclose(memory);
    outlet_write(out, bytes, length);
    free(bytes);
}
