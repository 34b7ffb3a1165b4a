/* SPDX-License-Identifier: MIT
 * It declares one parameter and reads two. */
#include "plug.h"

static const struct nt_param params[] = {
    {.name = "depth", .kind = NT_PARAM_INTEGER, .default_text = "1", .summary = "how deep"}, {0}};

static void create(struct nt_node *node, const struct nt_value *values)
{
    int64_t *numbers = node->state;
    numbers[0] = values[0].number;
    numbers[1] = values[1].number;
}

HUB("hub-2", .params = params, .create = create, .receive = repeat);
PLUGIN("undeclared-parameter");
