/* SPDX-License-Identifier: MIT
 * Tables, columns and values, found and shown. The face is inspect.h. */
#include "sim/inspect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/network.h"
#include "sim/phrase.h"

#define MOST_TABLES 32 /* of one node, in a hint */

/* ---- Names ---- */

size_t inspect_table_count(const struct nt_node *node)
{
    size_t count = 0;
    while (node->type->tables && node->type->tables[count].name)
        count++;
    return count;
}

const struct nt_table *inspect_table(const struct nt_node *node, const char *name)
{
    for (size_t i = 0; i < inspect_table_count(node); i++)
        if (strcmp(node->type->tables[i].name, name) == 0)
            return &node->type->tables[i];
    return NULL;
}

const char *inspect_table_nearest(const struct nt_node *node, const char *name)
{
    const char *names[MOST_TABLES];
    size_t count = 0;
    for (; count < inspect_table_count(node) && count < MOST_TABLES; count++)
        names[count] = node->type->tables[count].name;
    return phrase_nearest(name, names, count);
}

/* Fields of a kind and columns of a table are the same: an array that ends early at one without a name. */
static int count_fields(const struct nt_field *fields, int most)
{
    int count = 0;
    while (count < most && fields[count].name)
        count++;
    return count;
}

static int find_field(const struct nt_field *fields, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return i;
    return -1;
}

static const char *find_nearest(const struct nt_field *fields, int count, const char *name)
{
    const char *names[NT_COLUMNS];
    for (int i = 0; i < count; i++)
        names[i] = fields[i].name;
    return phrase_nearest(name, names, (size_t)count);
}

int inspect_column_count(const struct nt_table *table)
{
    return count_fields(table->columns, NT_COLUMNS);
}

int inspect_field_count(const struct nt_kind *kind)
{
    return count_fields(kind->fields, NT_VALUES);
}

int inspect_column(const struct nt_table *table, const char *name)
{
    return find_field(table->columns, inspect_column_count(table), name);
}

int inspect_field(const struct nt_kind *kind, const char *name)
{
    return find_field(kind->fields, inspect_field_count(kind), name);
}

const char *inspect_column_nearest(const struct nt_table *table, const char *name)
{
    return find_nearest(table->columns, inspect_column_count(table), name);
}

const char *inspect_field_nearest(const struct nt_kind *kind, const char *name)
{
    return find_nearest(kind->fields, inspect_field_count(kind), name);
}

bool inspect_row(const struct nt_node *node, const struct nt_table *table, uint32_t row,
                 struct nt_cell *ret_cells)
{
    struct run *run = node->clock ? network_of(node)->run : NULL; /* NULL: it stands in no network */
    if (!run || !run->registry->guard)
        return table->row(node, row, ret_cells);
    if (run->failure[0]) /* its memory may be in disorder */
        return false;
    struct guard_point point;
    guard_enter(run->registry->guard, &point);
    bool is_there = setjmp(point.place) == 0 && table->row(node, row, ret_cells);
    guard_leave(run->registry->guard, &point);
    run_note_crash(run);
    return is_there;
}

uint32_t inspect_row_count(const struct nt_node *node, const struct nt_table *table)
{
    struct nt_cell row[NT_COLUMNS] = {0};
    uint32_t count = 0;
    while (inspect_row(node, table, count, row))
        count++;
    return count;
}

/* ---- Values ---- */

static void add_mac(struct text *text, uint64_t address)
{
    for (int shift = 40; shift >= 0; shift -= 8)
        text_add(text, "%02x%s", (unsigned)(address >> shift & 0xff), shift ? ":" : "");
}

static void add_ipv4(struct text *text, uint64_t address)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        text_add(text, "%u%s", (unsigned)(address >> shift & 0xff), shift ? "." : "");
}

/* The word, or its bare number if the table of words ends before it. */
static void add_word(struct text *text, const char *const *words, int64_t value)
{
    for (int64_t i = 0; words && words[i]; i++) {
        if (i == value) {
            text_add(text, "%s", words[i]);
            return;
        }
    }
    text_add(text, "%" PRId64, value);
}

static void add_value(struct text *text, const struct run *run, const struct nt_field *field, int64_t value)
{
    switch (field->unit) {
    case NT_UNIT_BYTES:
        if (value == INT32_MAX && field->words)
            text_add(text, "%s", field->words[0]);
        else
            text_add(text, "%" PRId64 " B", value);
        break;
    case NT_UNIT_BITS:
        text_add(text, "%" PRId64 " bits", value);
        break;
    case NT_UNIT_TIME:
        units_show(UNITS_TIME, value, text);
        break;
    case NT_UNIT_RATE:
        units_show(UNITS_RATE, value, text);
        break;
    case NT_UNIT_PPM:
        units_show(UNITS_PERCENT, value, text);
        break;
    case NT_UNIT_MM:
        units_show(UNITS_LENGTH, value, text);
        break;
    case NT_UNIT_MAC:
        add_mac(text, (uint64_t)value);
        break;
    case NT_UNIT_IPV4:
        add_ipv4(text, (uint64_t)value);
        break;
    case NT_UNIT_HEX:
        text_add(text, "0x%" PRIx64, (uint64_t)value);
        break;
    case NT_UNIT_BOOL:
        text_add(text, "%s", value ? "yes" : "no");
        break;
    case NT_UNIT_WORD:
        add_word(text, field->words, value);
        break;
    case NT_UNIT_TEXT:
        text_add(text, "%s", run_text(run, (uint64_t)value));
        break;
    case NT_UNIT_NONE:
    case NT_UNIT_FRAMES:
    case NT_UNIT_FRAME:
    case NT_UNIT_RECORD:
        text_add(text, "%" PRId64, value);
        break;
    }
}

void inspect_show_value(const struct run *run, const struct nt_field *field, int64_t value, char *ret_text,
                        size_t size)
{
    struct text text = text_in(ret_text, size);
    add_value(&text, run, field, value);
}

void inspect_show_cell(const struct run *run, const struct nt_field *field, const struct nt_cell *cell,
                       char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    if (field->unit == NT_UNIT_TEXT)
        text_add(&text, "%s", cell->text);
    else
        add_value(&text, run, field, cell->number);
}
