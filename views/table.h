/* SPDX-License-Identifier: MIT
 * A table of a node as people read it: names above, rows below, numbers to the right.
 *
 * A table that is wider than the terminal is shown row by row instead, a line for each column. */
#ifndef NETARIUM_VIEWS_TABLE_H
#define NETARIUM_VIEWS_TABLE_H

#include "sim/run.h"
#include "views/outlet.h"

#define TABLE_ROWS 1000 /* more are counted, not shown */

/* Writes the table as it is now. An empty one says so. */
void table_write(const struct run *run, const struct nt_node *node, const struct nt_table *table,
                 struct outlet *out, size_t width);

#endif
