/* SPDX-License-Identifier: MIT
 * It has a parameter that may be set, and nothing that sets it. */
#include "plug.h"

static const struct nt_param params[] = {
    {.name = "depth", .kind = NT_PARAM_INTEGER, .flags = NT_PARAM_SETTABLE, .default_text = "1", .summary = "how deep"}, {0}};

HUB("hub-2", .params = params, .receive = repeat);
PLUGIN("no-set");
