/* SPDX-License-Identifier: MIT
 * Nothing is wrong with it, but what its parameter must be only a person can say. */
#include "plug.h"

static bool parse(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    (void)ret_why;
    ret_value->number = text[0];
    return true;
}

static const struct nt_param params[] = {
    {.name = "letter", .kind = NT_PARAM_PARSED, .flags = NT_PARAM_REQUIRED, .parse = parse, .summary = "a letter"}, {0}};

HUB("hub-2", .params = params, .receive = repeat);
PLUGIN("needs-a-person");
