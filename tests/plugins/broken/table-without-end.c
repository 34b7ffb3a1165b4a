/* SPDX-License-Identifier: MIT
 * Its table has no last row. */
#include "plug.h"

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    (void)node;
    ret_cells[0].number = index;
    return true;
}

static const struct nt_table tables[] = {{.name = "rows", .summary = "all of them", .columns = {{.name = "row"}}, .row = row}, {0}};

HUB("hub-2", .tables = tables, .receive = repeat);
PLUGIN("table-without-end");
