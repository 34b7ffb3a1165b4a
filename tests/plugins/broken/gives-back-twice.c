/* SPDX-License-Identifier: MIT
 * It gives back a frame that it has handed on. */
#include "plug.h"

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], nt_frame_ref(frame));
    nt_discard(port, frame, "it was repeated");
    nt_frame_unref(node, frame);
}

HUB("hub-2", .receive = receive);
PLUGIN("gives-back-twice");
