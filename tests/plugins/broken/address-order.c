/* SPDX-License-Identifier: MIT
 * When it forwards depends on where its memory lies, which nobody can repeat. */
#include "plug.h"

struct state {
    struct nt_event event;
    struct nt_frame *waiting;
    struct nt_port *from;
};

static void fire(struct nt_event *event)
{
    struct state *state = NT_OWNER(event, struct state, event);
    struct nt_frame *frame = state->waiting;
    state->waiting = NULL;
    repeat(event->node, state->from, frame);
}

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct state *state = node->state;
    if (state->waiting) {
        repeat(node, port, frame);
        return;
    }
    state->waiting = frame;
    state->from = port;
    nt_event_init(&state->event, node, fire);
    nt_arm(&state->event, nt_now(node) + (nt_time)((uintptr_t)node / 4096 % 65521) * NT_NANOSECOND);
}

HUB("hub-2", .receive = receive);
PLUGIN("address-order");
