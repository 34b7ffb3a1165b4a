/* SPDX-License-Identifier: MIT
 * The life of a query: compiled against a network, fed with records, asked, put back.
 *
 * The other files each know one step (query_parts.h has the map); here the steps are put together. */
#include "sim/query_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct query *compile(const struct run *run, const char *text, bool is_filter, struct nt_why *ret_why,
                             size_t *ret_column);
static void give_tallies(struct query *query);

/* Memory for a query is small and bounded; a machine that has none left cannot go on. */
static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

struct query *query_compile(const struct run *run, const char *text, struct nt_why *ret_why,
                            size_t *ret_column)
{
    return compile(run, text, false, ret_why, ret_column);
}

struct query *query_compile_filter(const struct run *run, const char *text, struct nt_why *ret_why,
                                   size_t *ret_column)
{
    return compile(run, text, true, ret_why, ret_column);
}

static struct query *compile(const struct run *run, const char *text, bool is_filter, struct nt_why *ret_why,
                             size_t *ret_column)
{
    struct query *query = allocate(1, sizeof *query);
    const size_t length = strlen(text);
    query->run = run;
    query->is_filter = is_filter;
    query->kind_count = run_kind_count(run);
    query->text = allocate(length + 1, 1);
    memcpy(query->text, text, length);
    if (length > QUERY_LENGTH_BYTES)
        query_fail(query, 0, "a query has at most %d bytes, this one has %zu", QUERY_LENGTH_BYTES, length);
    else
        query->root = query_parse(query);
    if (query->root && query_check(query, query->root)) {
        give_tallies(query);
        return query;
    }
    *ret_why = query->why;
    *ret_column = query->fault_column;
    query_free(query);
    return NULL;
}

void query_free(struct query *query)
{
    if (!query)
        return;
    for (struct query_part *part = query->parts, *next; part; part = next) {
        next = part->next;
        free(part->field_of_kind);
        free(part->text);
        free(part);
    }
    free(query->tallies);
    free(query->text);
    free(query);
}

static bool is_tallied(const struct query_part *part)
{
    return part->what == QUERY_SOURCE && !part->table && part->function != QUERY_SELECT;
}

/* One tally for each source of records, all in one block, which is the query's state. */
static void give_tallies(struct query *query)
{
    size_t next = 0;
    for (const struct query_part *part = query->parts; part; part = part->next)
        query->tally_count += is_tallied(part);
    query->tallies = allocate(query->tally_count, sizeof *query->tallies);
    for (struct query_part *part = query->parts; part; part = part->next)
        if (is_tallied(part))
            part->tally = &query->tallies[next++];
}

bool query_needs_records(const struct query *query)
{
    return query->is_filter || query->tally_count > 0;
}

static int64_t folded_value(const struct query_part *part, const struct nt_record *record)
{
    return record->values[part->field_of_kind[record->kind]];
}

bool query_take(struct query *query, const struct nt_record *record)
{
    const struct query_scope scope = {.record = record};
    bool has_changed = query->depends_on_network;
    if (query->is_filter)
        return query_part_holds(query, query->root, &scope);
    for (struct query_part *part = query->parts; part; part = part->next) {
        if (part->tally && query_selects(query, part, record)) {
            query_tally_add(part->tally, folded_value(part, record), record->at);
            has_changed = true;
        }
    }
    return has_changed;
}

struct query_value query_value(const struct query *query)
{
    const struct query_scope scope = {.record = NULL};
    struct query_cell cell;
    if (query->is_filter)
        return (struct query_value){.unit = NT_UNIT_BOOL};
    query_eval(query, query->root, &scope, &cell);
    return (struct query_value){cell.is_known, cell.number, query->root->shape.unit};
}

bool query_holds(const struct query *query)
{
    const struct query_scope scope = {.record = NULL};
    return !query->is_filter && query_part_holds(query, query->root, &scope);
}

size_t query_state_bytes(const struct query *query)
{
    return query->tally_count * sizeof *query->tallies;
}

void query_state_copy(const struct query *query, void *ret_state)
{
    if (query->tally_count)
        memcpy(ret_state, query->tallies, query_state_bytes(query));
}

void query_state_restore(struct query *query, const void *state)
{
    if (query->tally_count)
        memcpy(query->tallies, state, query_state_bytes(query));
}

/* ---- For the other files ---- */

bool query_fail(struct query *query, size_t column, const char *format, ...)
{
    va_list arguments;
    if (query->has_failed)
        return false;
    va_start(arguments, format);
    vsnprintf(query->why.text, sizeof query->why.text, format, arguments);
    va_end(arguments);
    query->has_failed = true;
    query->fault_column = column;
    return false;
}

struct query_part *query_part_new(struct query *query, enum query_what what, struct query_span span)
{
    if (query->part_count == QUERY_PARTS) {
        query_fail(query, span.start, "a query has at most %d parts", QUERY_PARTS);
        return NULL;
    }
    struct query_part *part = allocate(1, sizeof *part);
    part->what = what;
    part->span = span;
    part->column_index = -1;
    part->next = query->parts;
    query->parts = part;
    query->part_count++;
    return part;
}

void query_part_keep_text(struct query *query, struct query_part *part, struct query_span span)
{
    part->text = allocate(span.length_bytes + 1, 1);
    memcpy(part->text, query->text + span.start, span.length_bytes);
}

int8_t *query_part_keep_kinds(struct query *query, struct query_part *part)
{
    const size_t count = (size_t)query->kind_count + 1;
    part->field_of_kind = allocate(count, 1);
    memset(part->field_of_kind, -1, count);
    return part->field_of_kind;
}

bool query_span_copy(const struct query *query, struct query_span span, char *ret_text, size_t size)
{
    if (span.length_bytes >= size)
        return false;
    memcpy(ret_text, query->text + span.start, span.length_bytes);
    ret_text[span.length_bytes] = '\0';
    return true;
}
