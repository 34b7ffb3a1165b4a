/* SPDX-License-Identifier: MIT
 * To be looked at changes it. */
#include "plug.h"

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    struct nt_node *mine = node->ports[0]->node; /* the same, and not constant */
    nt_new(mine, 100);
    ret_cells[0].number = 1;
    return index == 0;
}

static const struct nt_table tables[] = {{.name = "looks", .summary = "how often", .columns = {{.name = "looks"}}, .row = row}, {0}};

HUB("hub-2", .tables = tables, .receive = repeat);
PLUGIN("table-allocates");
