/* SPDX-License-Identifier: MIT
 * What came of a run, on one screen: the table that stands at the end. */
#include "views/summary.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/inspect.h"

#define SUMMARY_WIDTH 80
#define SUMMARY_NODES 30   /* networks with more show only the busiest */
#define SUMMARY_BUSIEST 10 /* so many */
#define SUMMARY_REASONS 64

struct traffic {
    const struct nt_node *node;
    uint64_t sent, received, dropped;
};

/* ---- Counting ---- */

/* A station's ports count what it sent and received; of a medium the neighbours' ports know what it took and
 * gave. */
static struct traffic traffic_of(const struct nt_node *node)
{
    struct traffic traffic = {.node = node};
    for (uint32_t i = 0; i < node->port_count; i++) {
        const struct nt_port *port = node->ports[i];
        const struct nt_port *counted = node->type->flags & NT_NODE_MEDIUM ? port->peer : port;
        traffic.dropped += port->dropped_frames;
        traffic.sent += counted ? counted->sent_frames : 0;
        traffic.received += counted ? counted->received_frames : 0;
    }
    return traffic;
}

/* More drops first, then more frames, then the order of the file. */
static int compare_traffic(const void *a, const void *b)
{
    const struct traffic *left = a, *right = b;
    uint64_t left_frames = left->sent + left->received, right_frames = right->sent + right->received;
    if (left->dropped != right->dropped)
        return left->dropped > right->dropped ? -1 : 1;
    if (left_frames != right_frames)
        return left_frames > right_frames ? -1 : 1;
    return left->node->id < right->node->id ? -1 : 1;
}

/* "6 s", "50 ms"; an odd instant, as an interrupted run has, in seconds to the nanosecond: "129.511177130 s".
 */
static void show_time(nt_time at, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    if (at % NT_MICROSECOND == 0) {
        units_show(UNITS_TIME, at, &text);
        return;
    }
    units_show_seconds(at, 9, &text);
    text_add(&text, " s");
}

/* ---- The table of nodes ---- */

/* The address of a node's first interface, "10.0.0.1/24", if its type shows interfaces; "none" while it has none. */
static void address_of(const struct run *run, const struct nt_node *node, char *ret_text, size_t size)
{
    const struct nt_table *table = inspect_table(node, "interfaces");
    int address = table ? inspect_column(table, "address") : -1;
    int prefix = table ? inspect_column(table, "prefix") : -1;
    struct nt_cell cells[NT_COLUMNS] = {0};
    char shown[48];
    snprintf(ret_text, size, "-");
    if (address < 0 || !inspect_row(node, table, 0, cells))
        return;
    inspect_show_cell(run, &table->columns[address], &cells[address], shown, sizeof shown);
    if (cells[address].number == 0)
        snprintf(ret_text, size, "none");
    else if (prefix >= 0)
        snprintf(ret_text, size, "%s/%" PRId64, shown, cells[prefix].number);
    else
        snprintf(ret_text, size, "%s", shown);
}

static void write_row(struct outlet *out, const char *const names[3], const int widths[3],
                      const struct traffic *traffic)
{
    outlet_print(out, "%-*.*s  %-*.*s  %-*.*s", widths[0], widths[0], names[0], widths[1], widths[1],
                 names[1], widths[2], widths[2], names[2]);
    if (traffic)
        outlet_print(out, " %9" PRIu64 " %9" PRIu64 " %8" PRIu64 "\n", traffic->sent, traffic->received,
                     traffic->dropped);
    else
        outlet_print(out, "%10s%10s%9s\n", "sent", "received", "dropped");
}

static void widen(int *width, const char *text, int most)
{
    int length = (int)strlen(text);
    if (length > *width)
        *width = length < most ? length : most;
}

static void write_rows(const struct run *run, struct outlet *out, const struct traffic *rows, size_t count)
{
    static const char *const heads[3] = {"node", "type", "address"};
    int widths[3] = {4, 4, 7};
    char address[64];
    for (size_t i = 0; i < count; i++) {
        address_of(run, rows[i].node, address, sizeof address);
        widen(&widths[0], rows[i].node->name, 19);
        widen(&widths[2], address, 18);
    }
    /* Types of plug-ins may have long names: what the others leave of eighty columns, and ten in any case. */
    int room = 80 - 30 - 4 - widths[0] - widths[2];
    for (size_t i = 0; i < count; i++)
        widen(&widths[1], rows[i].node->type->name, room > 10 ? room : 10);
    outlet_style(out, OUTLET_FAINT);
    write_row(out, heads, widths, NULL);
    outlet_style(out, OUTLET_NORMAL);
    for (size_t i = 0; i < count; i++) {
        address_of(run, rows[i].node, address, sizeof address);
        write_row(out, (const char *const[3]){rows[i].node->name, rows[i].node->type->name, address}, widths,
                  &rows[i]);
    }
    outlet_text(out, "\n");
}

static void write_nodes(const struct run *run, struct outlet *out)
{
    uint32_t count = run_node_count(run);
    struct traffic *rows = calloc(count + 1, sizeof *rows);
    assert(rows);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = traffic_of(run_node(run, i + 1));
    if (count > SUMMARY_NODES) {
        qsort(rows, count, sizeof *rows, compare_traffic);
        outlet_print(out, "%" PRIu32 " nodes, %" PRIu32 " ports; the %d with the most drops and frames:\n",
                     count, run_port_count(run), SUMMARY_BUSIEST);
        count = SUMMARY_BUSIEST;
    }
    write_rows(run, out, rows, count);
    free(rows);
}

/* ---- The lines below ---- */

static void write_head(const struct summary *summary, struct outlet *out)
{
    const struct run *run = summary->run;
    const struct scenario *scenario = run_scenario(run);
    char text[300];
    char now[64];
    outlet_style(out, OUTLET_STRONG);
    outlet_wrap(out, scenario->title ? scenario->title : scenario->file, 0, SUMMARY_WIDTH);
    outlet_style(out, OUTLET_NORMAL);
    show_time(run_now(run), now, sizeof now);
    snprintf(text, sizeof text, "%s %s, seed %" PRIu64 ", %" PRIu64 " events, %" PRIu64 " frames",
             summary->was_interrupted ? "interrupted at" : "simulated", now, scenario->seed,
             run_event_count(run), run_frame_count(run));
    outlet_wrap(out, text, 0, SUMMARY_WIDTH);
    outlet_text(out, "\n");
}

static void write_ledger(const struct run *run, struct outlet *out)
{
    struct run_ledger ledger = run_ledger(run);
    char copied[48] = "";
    char text[300];
    if (ledger.copied)
        snprintf(copied, sizeof copied, " + copied %" PRIu64, ledger.copied);
    snprintf(text, sizeof text,
             "sent %" PRIu64 "%s = delivered %" PRIu64 " + dropped %" PRIu64 " + held %" PRIu64, ledger.sent,
             copied, ledger.delivered, ledger.dropped, ledger.held);
    outlet_text(out, "ledger     ");
    outlet_wrap(out, text, 11, SUMMARY_WIDTH);
}

static void write_reasons(const struct run *run, struct outlet *out)
{
    struct run_reason reasons[SUMMARY_REASONS];
    size_t count = run_reasons(run, reasons, SUMMARY_REASONS);
    for (size_t i = 0; i < count && i < SUMMARY_REASONS; i++)
        outlet_print(out, "%-10s %" PRIu64 "  %s\n", reasons[i].is_discard ? "discarded" : "dropped",
                     reasons[i].count, reasons[i].text);
    if (count > SUMMARY_REASONS)
        outlet_print(out, "           and %zu more reasons\n", count - SUMMARY_REASONS);
}

static void write_verdicts(const struct verdicts *verdicts, struct outlet *out)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct verdict *verdict = &verdicts->all[i];
        outlet_text(out, i == 0 ? "expected   " : "           ");
        outlet_style(out, verdict->holds ? OUTLET_GOOD : OUTLET_BAD);
        outlet_text(out, verdict->holds ? "OK      " : "FAILED  ");
        outlet_style(out, OUTLET_NORMAL);
        outlet_wrap(out, verdict->text, 19, SUMMARY_WIDTH);
        if (verdict->found[0] && !(verdict->holds && strstr(verdict->text, "=="))) {
            outlet_print(out, "%19sfound: ", "");
            outlet_wrap(out, verdict->found, 26, SUMMARY_WIDTH);
        }
    }
}

void summary_write(const struct summary *summary, struct outlet *out)
{
    const struct run *run = summary->run;
    write_head(summary, out);
    write_nodes(run, out);
    write_ledger(run, out);
    write_reasons(run, out);
    write_verdicts(&summary->verdicts, out);
    outlet_print(out, "digest     %016" PRIx64 "\n", run_digest(run));
    outlet_end_piece(out);
}
