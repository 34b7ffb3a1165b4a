/* SPDX-License-Identifier: MIT
 * It arms a timer before there is time. */
#include "plug.h"

static void fire(struct nt_event *event)
{
    (void)event;
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    (void)values;
    nt_event_init(node->state, node, fire);
    nt_arm(node->state, NT_SECOND);
}

HUB("hub-2", .create = create, .receive = repeat);
PLUGIN("arms-in-create");
