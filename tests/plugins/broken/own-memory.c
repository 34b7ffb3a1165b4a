/* SPDX-License-Identifier: MIT
 * What it remembers is not in the network's memory. */
#include "plug.h"

#include <stdlib.h>

struct state {
    int *count;
};

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct state *state = node->state;
    if (!state->count)
        state->count = calloc(1, sizeof *state->count);
    if (state->count && ++*state->count % 7 == 0)
        nt_discard(port, frame, "it was the seventh");
    else
        repeat(node, port, frame);
}

HUB("hub-2", .receive = receive);
PLUGIN("own-memory");
