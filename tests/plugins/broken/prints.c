/* SPDX-License-Identifier: MIT
 * It prints by itself. */
#include "plug.h"

#include <stdio.h>

static void start(struct nt_node *node)
{
    printf("%s begins\n", node->name);
}

HUB("hub-2", .start = start, .receive = repeat);
PLUGIN("prints");
