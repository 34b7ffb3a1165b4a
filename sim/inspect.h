/* SPDX-License-Identifier: MIT
 * Looking at a network without touching it: tables, columns, and values the way people write them.
 *
 * A node type offers tables (struct nt_table); whoever shows or asks for them, the terminal, the window,
 * queries, expectations, finds its way here. The same function that shows a table's cell shows a value of a
 * record, so that an address looks alike everywhere. Everything is read-only, and nothing allocates. */
#ifndef NETARIUM_SIM_INSPECT_H
#define NETARIUM_SIM_INSPECT_H

#include "sim/run.h"

/* Number of tables that `node` offers. */
size_t inspect_table_count(const struct nt_node *node);

/* The table called `name`, or NULL. */
const struct nt_table *inspect_table(const struct nt_node *node, const char *name);

/* The name of the table nearest to `name`, for "did you mean"; NULL: none is near. */
const char *inspect_table_nearest(const struct nt_node *node, const char *name);

/* Number of columns of `table`, and of fields of `kind`. */
int inspect_column_count(const struct nt_table *table);
int inspect_field_count(const struct nt_kind *kind);

/* The number, from 0, of the column or field called `name`; -1: none. */
int inspect_column(const struct nt_table *table, const char *name);
int inspect_field(const struct nt_kind *kind, const char *name);

/* The nearest name, for "did you mean"; NULL: none is near. */
const char *inspect_column_nearest(const struct nt_table *table, const char *name);
const char *inspect_field_nearest(const struct nt_kind *kind, const char *name);

/* Fills the cells of a row, from 0, and returns true; false past the last. A table of a plug-in that crashes ends there, and
 * the run has failed. */
bool inspect_row(const struct nt_node *node, const struct nt_table *table, uint32_t row, struct nt_cell *ret_cells);

/* Number of rows that `table` has now. */
uint32_t inspect_row_count(const struct nt_node *node, const struct nt_table *table);

/* Writes `value` as its unit wants it: "1.5 s", "10 Mbps", "2 %", "1518 B", "10.0.0.1", "02:00:00:00:00:01",
 * "ESTABLISHED", "yes", "0x1f"; what is counted in ones (frames, records) as a plain number. Exact: nothing
 * is rounded. `size` is at least 1; the text is cut to fit and always terminated. `run` knows the texts of
 * NT_UNIT_TEXT in records. */
void inspect_show_value(const struct run *run, const struct nt_field *field, int64_t value, char *ret_text,
                        size_t size);

/* As inspect_show_value, for a cell of a table, which carries its own text. */
void inspect_show_cell(const struct run *run, const struct nt_field *field, const struct nt_cell *cell,
                       char *ret_text, size_t size);

#endif
