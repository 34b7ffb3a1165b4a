/* SPDX-License-Identifier: MIT
 * A table of a node as people read it. */
#include "views/table.h"

#include <string.h>

#include "sim/inspect.h"

#define CELL_BYTES 100
#define INDENT 2
#define GAP 2

struct shape {
    const struct run *run;
    const struct nt_node *node;
    const struct nt_table *table;
    struct outlet *out;
    size_t columns;
    size_t widths[NT_COLUMNS]; /* of the widest cell, or of the name */
    uint32_t rows;             /* rows that there are */
};

static void show(const struct shape *shape, size_t column, const struct nt_cell *cell,
                 char ret_text[CELL_BYTES])
{
    inspect_show_cell(shape->run, &shape->table->columns[column], cell, ret_text, CELL_BYTES);
}

static void measure(struct shape *shape)
{
    struct nt_cell cells[NT_COLUMNS];
    char text[CELL_BYTES];
    for (size_t i = 0; i < shape->columns; i++)
        shape->widths[i] = strlen(shape->table->columns[i].name);
    for (;; shape->rows++) {
        memset(cells, 0, sizeof cells);
        if (!inspect_row(shape->node, shape->table, shape->rows, cells))
            return;
        for (size_t i = 0; i < shape->columns && shape->rows < TABLE_ROWS; i++) {
            show(shape, i, &cells[i], text);
            if (strlen(text) > shape->widths[i])
                shape->widths[i] = strlen(text);
        }
    }
}

static bool is_text(const struct nt_field *field)
{
    return field->unit == NT_UNIT_TEXT || field->unit == NT_UNIT_WORD || field->unit == NT_UNIT_IPV4 ||
           field->unit == NT_UNIT_MAC || field->unit == NT_UNIT_BOOL;
}

static void write_cell(const struct shape *shape, size_t column, const char *text, bool is_last)
{
    int width = (int)shape->widths[column];
    bool is_left = is_text(&shape->table->columns[column]);
    if (is_last && is_left)
        outlet_text(shape->out, text);
    else
        outlet_print(shape->out, is_left ? "%-*s" : "%*s", width, text);
    outlet_print(shape->out, "%*s", is_last ? 0 : GAP, "");
}

static void write_row(const struct shape *shape, const struct nt_cell *cells)
{
    char text[CELL_BYTES];
    outlet_print(shape->out, "%*s", INDENT, "");
    for (size_t i = 0; i < shape->columns; i++) {
        show(shape, i, &cells[i], text);
        write_cell(shape, i, text, i + 1 == shape->columns);
    }
    outlet_text(shape->out, "\n");
}

static void write_names(const struct shape *shape)
{
    outlet_style(shape->out, OUTLET_STRONG);
    outlet_print(shape->out, "%*s", INDENT, "");
    for (size_t i = 0; i < shape->columns; i++)
        write_cell(shape, i, shape->table->columns[i].name, i + 1 == shape->columns);
    outlet_style(shape->out, OUTLET_NORMAL);
    outlet_text(shape->out, "\n");
}

static void write_upright(const struct shape *shape, const struct nt_cell *cells)
{
    char text[CELL_BYTES];
    size_t widest = 0;
    for (size_t i = 0; i < shape->columns; i++)
        if (strlen(shape->table->columns[i].name) > widest)
            widest = strlen(shape->table->columns[i].name);
    for (size_t i = 0; i < shape->columns; i++) {
        show(shape, i, &cells[i], text);
        outlet_print(shape->out, "%s %-*s  %s\n", i == 0 ? "-" : " ", (int)widest,
                     shape->table->columns[i].name, text);
    }
}

void table_write(const struct run *run, const struct nt_node *node, const struct nt_table *table,
                 struct outlet *out, size_t width)
{
    struct shape shape = {
        .run = run, .node = node, .table = table, .out = out, .columns = (size_t)inspect_column_count(table)};
    struct nt_cell cells[NT_COLUMNS];
    measure(&shape);
    size_t total = INDENT;
    for (size_t i = 0; i < shape.columns; i++)
        total += shape.widths[i] + GAP;
    bool fits = total - GAP <= width;
    if (!shape.rows)
        outlet_print(out, "%*s(no rows)\n", INDENT, "");
    else if (fits)
        write_names(&shape);
    for (uint32_t i = 0; i < shape.rows && i < TABLE_ROWS; i++) {
        memset(cells, 0, sizeof cells);
        inspect_row(node, table, i, cells);
        if (fits)
            write_row(&shape, cells);
        else
            write_upright(&shape, cells);
    }
    if (shape.rows > TABLE_ROWS)
        outlet_print(out, "%*s... and %u rows more\n", INDENT, "", (unsigned)(shape.rows - TABLE_ROWS));
    outlet_end_piece(out);
}
