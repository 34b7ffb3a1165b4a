/* SPDX-License-Identifier: MIT
 * Gauges as tables for spreadsheets and plotting: one CSV file for each gauge and place.
 *
 * A large network has more gauges than a process may have open files, so a file is only open while rows are
 * handed on: they gather in memory, and each time there are enough the file is opened, appended to, and
 * closed. */
#include "views/csv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"

#define CSV_FIRST_CAPACITY 64
#define CSV_GATHER_BYTES 16384

struct csv_series {
    uint32_t kind, node, port, app; /* whose it is; kind 0: a free place in the table */
    struct outlet rows;             /* gathered, in memory */
    char *name;                     /* of its file, owned */
};

/* ---- Series ---- */

/* Where the series of this record stands in the table, or where it would. */
static struct csv_series *place_of(struct csv_series *series, size_t capacity,
                                   const struct csv_series *wanted)
{
    uint64_t hash = wanted->kind;
    hash = (hash * 1000003 + wanted->node) * 1000003 + wanted->port;
    hash = (hash * 1000003 + wanted->app) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = hash >> 32;; i++) {
        struct csv_series *place = &series[i & (capacity - 1)];
        if (place->kind == 0 || (place->kind == wanted->kind && place->node == wanted->node &&
                                 place->port == wanted->port && place->app == wanted->app))
            return place;
    }
}

static void grow(struct csv *csv)
{
    size_t capacity = csv->capacity ? csv->capacity * 2 : CSV_FIRST_CAPACITY;
    struct csv_series *series = calloc(capacity, sizeof *series);
    assert(series);
    for (size_t i = 0; i < csv->capacity; i++)
        if (csv->series[i].kind)
            *place_of(series, capacity, &csv->series[i]) = csv->series[i];
    free(csv->series);
    csv->series = series;
    csv->capacity = capacity;
}

static bool is_name_taken(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->capacity; i++)
        if (csv->series[i].kind && strcmp(csv->series[i].name, name) == 0)
            return true;
    return false;
}

/* "queue.length@bottleneck-end0"; places that only differ in what a file name cannot hold get a number. */
static char *choose_name(const struct csv *csv, const struct csv_series *series)
{
    const struct nt_node *node = run_node(csv->run, series->node);
    const struct nt_port *port = series->port ? run_port(csv->run, series->port) : NULL;
    char app[24] = "";
    char wanted[180];
    char name[220];
    if (series->app)
        snprintf(app, sizeof app, "-%" PRIu32, series->app);
    snprintf(wanted, sizeof wanted, "%.60s@%.60s%s%.30s%s", run_kind_at(csv->run, series->kind)->name,
             node ? node->name : "network", port ? "-" : "", port ? port->name : "", app);
    outlet_sanitise(wanted, wanted, sizeof wanted);
    snprintf(name, sizeof name, "%s.csv", wanted);
    for (int i = 2; is_name_taken(csv, name); i++)
        snprintf(name, sizeof name, "%s-%d.csv", wanted, i);
    return strdup(name);
}

/* ---- Files ---- */

/* Keeps the first reason; from then on nothing is gathered. */
static void fail(struct csv *csv, const struct nt_why *why)
{
    if (!csv->has_failed)
        csv->why = *why;
    csv->has_failed = true;
}

/* Appends what has gathered to the file of the series. */
static void hand_on(struct csv *csv, struct csv_series *series)
{
    struct outlet file;
    struct nt_why why;
    if (!outlet_append_in(&file, csv->dir, series->name, &why)) {
        fail(csv, &why);
        return;
    }
    outlet_write(&file, series->rows.bytes, series->rows.length);
    if (!outlet_release(&file, &why))
        fail(csv, &why);
    series->rows.length = 0;
}

static void write_heading(struct csv *csv, struct csv_series *series)
{
    const struct nt_kind *kind = run_kind_at(csv->run, series->kind);
    outlet_text(&series->rows, "time_s");
    for (int i = 0; i < inspect_field_count(kind); i++)
        outlet_print(&series->rows, ",%s", kind->fields[i].name);
    outlet_text(&series->rows, "\n");
}

static struct csv_series *begin_series(struct csv *csv, const struct csv_series *wanted)
{
    struct outlet file;
    struct nt_why why;
    if (2 * csv->count >= csv->capacity)
        grow(csv);
    struct csv_series *series = place_of(csv->series, csv->capacity, wanted);
    char *name = choose_name(csv, wanted);
    *series = *wanted;
    series->name = name;
    csv->count++;
    outlet_init_memory(&series->rows);
    write_heading(csv, series);
    if (!outlet_create_in(&file, csv->dir, name, &why) || !outlet_release(&file, &why))
        fail(csv, &why);
    return series;
}

/* ---- Rows ---- */

/* Quoted where a comma, a quote or a line's end needs it (RFC 4180 section 2). */
static void write_text(struct outlet *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        outlet_text(out, text);
        return;
    }
    outlet_text(out, "\"");
    for (; *text; text++)
        outlet_write(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    outlet_text(out, "\"");
}

static void write_value(const struct csv *csv, struct outlet *out, const struct nt_field *field,
                        int64_t value)
{
    char shown[256];
    bool is_word = field->unit == NT_UNIT_WORD || field->unit == NT_UNIT_TEXT || field->unit == NT_UNIT_MAC ||
                   field->unit == NT_UNIT_IPV4;
    if (!is_word) {
        outlet_print(out, "%" PRId64, value);
        return;
    }
    inspect_show_value(csv->run, field, value, shown, sizeof shown);
    write_text(out, shown);
}

static void write_row(struct csv *csv, struct csv_series *series, const struct nt_record *record)
{
    const struct nt_kind *kind = run_kind_at(csv->run, record->kind);
    outlet_print(&series->rows, "%" PRId64 ".%012" PRId64, record->at / NT_SECOND, record->at % NT_SECOND);
    for (int i = 0; i < inspect_field_count(kind); i++) {
        outlet_text(&series->rows, ",");
        write_value(csv, &series->rows, &kind->fields[i], record->values[i]);
    }
    outlet_text(&series->rows, "\n");
    if (series->rows.length >= CSV_GATHER_BYTES)
        hand_on(csv, series);
}

static void take(struct run_sink *sink, const struct nt_record *record, const struct nt_frame *frame)
{
    struct csv *csv = NT_OWNER(sink, struct csv, sink);
    (void)frame;
    bool is_wanted = csv->filter ? query_take(csv->filter, record)
                                 : run_kind_at(csv->run, record->kind)->flags & NT_KIND_GAUGE;
    if (csv->has_failed || !is_wanted)
        return;
    struct csv_series wanted = {
        .kind = record->kind, .node = record->node, .port = record->port, .app = record->app};
    struct csv_series *series = csv->capacity ? place_of(csv->series, csv->capacity, &wanted) : NULL;
    if (!series || series->kind == 0)
        series = begin_series(csv, &wanted);
    write_row(csv, series, record);
}

bool csv_open(struct csv *csv, const struct run *run, struct query *filter, const char *dir,
              struct nt_why *ret_why)
{
    if (!outlet_make_dir(dir, ret_why))
        return false;
    *csv = (struct csv){.sink.take = take, .run = run, .filter = filter, .dir = strdup(dir)};
    assert(csv->dir);
    return true;
}

bool csv_close(struct csv *csv, struct nt_why *ret_why)
{
    for (size_t i = 0; i < csv->capacity; i++) {
        struct csv_series *series = &csv->series[i];
        if (series->kind == 0)
            continue;
        if (!csv->has_failed)
            hand_on(csv, series);
        outlet_release(&series->rows, &(struct nt_why){0});
        free(series->name);
    }
    bool is_whole = !csv->has_failed;
    *ret_why = csv->why;
    free(csv->series);
    free(csv->dir);
    *csv = (struct csv){0};
    return is_whole;
}
