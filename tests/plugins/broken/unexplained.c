/* SPDX-License-Identifier: MIT
 * Nobody is told what its parameter, its table, its record are about. */
#include "plug.h"

static const struct nt_param params[] = {{.name = "depth", .kind = NT_PARAM_INTEGER, .default_text = "1", .summary = ""}, {0}};
static const struct nt_kind kind = {.name = "unexplained", .sentence = "{node} has {mood}", .fields = {{.name = "depth"}}};

static bool row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells)
{
    ret_cells[0].number = node->port_count;
    return index == 0;
}

static const struct nt_table tables[] = {{.name = "ports", .columns = {{.name = "how many"}}, .row = row}, {0}};

static void create(struct nt_node *node, const struct nt_value *values)
{
    (void)values;
    nt_kind(node, &kind);
}

HUB("hub-2", .params = params, .tables = tables, .create = create, .receive = repeat);
PLUGIN("unexplained");
