/* SPDX-License-Identifier: MIT
 * The default of its parameter is more than the parameter allows. */
#include "plug.h"

static const struct nt_param params[] = {
    {.name = "ports", .kind = NT_PARAM_INTEGER, .default_text = "9", .least = 1, .most = 8, .summary = "how many"}, {0}};

HUB("hub-2", .params = params, .receive = repeat);
PLUGIN("default-out-of-range");
