/* SPDX-License-Identifier: MIT
 * It never gives back the frame that it received. */
#include "plug.h"

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    repeat(node, port, nt_frame_ref(frame));
}

HUB("hub-2", .receive = receive);
PLUGIN("keeps-frames");
