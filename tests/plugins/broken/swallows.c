/* SPDX-License-Identifier: MIT
 * A medium that lets frames disappear without a word. */
#include "plug.h"

static void start(struct nt_node *node)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        nt_port_line(node->ports[i], true, false, INT64_C(100000000));
}

static void swallow(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    (void)port;
    nt_frame_unref(node, frame);
}

HUB("hole", .flags = NT_NODE_MEDIUM, .start = start, .transmit = swallow);
PLUGIN("swallows");
