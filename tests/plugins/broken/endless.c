/* SPDX-License-Identifier: MIT
 * Its event arms itself for the same instant, for ever. */
#include "plug.h"

static void fire(struct nt_event *event)
{
    nt_arm(event, nt_now(event->node));
}

static void start(struct nt_node *node)
{
    nt_event_init(node->state, node, fire);
    nt_arm(node->state, NT_SECOND);
}

HUB("hub-2", .start = start, .receive = repeat);
PLUGIN("endless");
