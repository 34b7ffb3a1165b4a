/* SPDX-License-Identifier: MIT
 * It crashes when its parameter is set, and only then. */
#include "plug.h"

static const struct nt_param params[] = {
    {.name = "depth", .kind = NT_PARAM_INTEGER, .flags = NT_PARAM_SETTABLE, .default_text = "1", .summary = "how deep"}, {0}};

static void set(struct nt_node *node, uint32_t param, const struct nt_value *value)
{
    volatile int64_t *volatile nowhere = NULL;
    (void)node;
    (void)param;
    *nowhere = value->number;
}

HUB("hub-2", .params = params, .set = set, .receive = repeat);
PLUGIN("set-crashes");
