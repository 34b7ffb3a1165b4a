/* SPDX-License-Identifier: MIT
 * It counts how often it is looked at. */
#include "plug.h"

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    int64_t *looks = node->state;
    ret_cells[0].number = ++*looks;
    return index == 0;
}

static const struct nt_table tables[] = {{.name = "looks", .summary = "how often", .columns = {{.name = "looks"}}, .row = row}, {0}};

HUB("hub-2", .tables = tables, .receive = repeat);
PLUGIN("table-counts");
