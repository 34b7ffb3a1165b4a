/* SPDX-License-Identifier: MIT
 * It follows a pointer to nowhere. */
#include "plug.h"

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct nt_port *volatile *none = NULL;
    repeat(node, *none ? *none : port, frame);
}

HUB("hub-2", .receive = receive);
PLUGIN("crashes");
