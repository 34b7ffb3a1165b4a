/* SPDX-License-Identifier: MIT
 * It counts in a variable of its own, and every seventh frame goes nowhere. */
#include "plug.h"

static int frames_so_far;

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    if (++frames_so_far % 7 == 0)
        nt_discard(port, frame, "it was the seventh");
    else
        repeat(node, port, frame);
}

HUB("hub-2", .receive = receive);
PLUGIN("static-state");
