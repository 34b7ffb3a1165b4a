/* SPDX-License-Identifier: MIT
 * It declares a kind of record in an event, when all queries have been read. */
#include "plug.h"

static const struct nt_kind kind = {.name = "late.tick", .sentence = "{node} ticks"};

static void fire(struct nt_event *event)
{
    nt_kind(event->node, &kind);
}

static void start(struct nt_node *node)
{
    nt_event_init(node->state, node, fire);
    nt_arm(node->state, NT_SECOND);
}

HUB("hub-2", .start = start, .receive = repeat);
PLUGIN("kind-in-event");
