/* SPDX-License-Identifier: MIT
 * It refuses a scenario that is running already. */
#include "plug.h"

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    if (node->port_count > 2)
        nt_refuse(node, NULL, "too many cables");
    repeat(node, port, frame);
}

HUB("hub-2", .receive = receive);
PLUGIN("refuses-late");
