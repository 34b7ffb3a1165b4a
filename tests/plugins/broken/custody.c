/* SPDX-License-Identifier: MIT
 * A hub, and a medium, that can do what is right with frames and what is wrong, in as many ways as there are: see `hows`. */
#include "plug.h"

#include <string.h>

static const char *const hows[] = {
    /* right */
    "repeat", "later", "again", "changed", "renamed", "own", "forget-later",
    /* wrong */
    "twice", "thrown-away-too", "kept", "changed-after", "own-twice", "later-twice", "given-back-twice", NULL};
enum { REPEAT, LATER, AGAIN, CHANGED, RENAMED, OWN, FORGET_LATER, TWICE, THROWN, KEPT, CHANGED_AFTER, OWN_TWICE, LATER_TWICE, BACK_TWICE };

#define ROOM 16

struct keeper {
    int64_t how;
    struct nt_event tick;
    struct nt_frame *kept[ROOM];
    struct nt_port *port[ROOM];
    uint32_t count;
};

static const struct nt_param params[] = {
    {.name = "how", .kind = NT_PARAM_WORD, .default_text = "repeat", .words = hows, .summary = "what it does with frames"}, {0}};

/* To all other ports; takes the reference. */
static void all(struct nt_node *node, const struct nt_port *port, struct nt_frame *frame)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], nt_frame_ref(frame));
    nt_frame_unref(node, frame);
}

/* The same, by one reference for each port, taken beforehand. */
static void all_at_once(struct nt_node *node, const struct nt_port *port, struct nt_frame *frame)
{
    for (uint32_t i = 2; i < node->port_count; i++)
        nt_frame_ref(frame);
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->ports[i] != port)
            nt_transmit(node->ports[i], frame);
}

static struct nt_frame *copy_of(struct nt_node *node, const struct nt_frame *frame)
{
    struct nt_frame *own = nt_frame_new(node, 0, frame->length_bytes - 4);
    memcpy(own->bytes, frame->bytes, own->length_bytes);
    nt_frame_seal(node, own);
    return own;
}

static void tick(struct nt_event *event)
{
    struct keeper *keeper = NT_OWNER(event, struct keeper, tick);
    struct nt_node *node = event->node;
    for (uint32_t i = 0; i < keeper->count; i++) {
        struct nt_frame *frame = keeper->kept[i];
        struct nt_port *port = keeper->port[i];
        if (keeper->how == LATER)
            all(node, port, frame);
        else if (keeper->how == FORGET_LATER)
            nt_frame_unref(node, frame);
        else
            all_at_once(node, port, frame);
        if (keeper->how == LATER_TWICE)
            nt_transmit(node->ports[0], frame);
    }
    keeper->count = 0;
}

static void keep(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct keeper *keeper = node->state;
    if (keeper->count == ROOM) {
        nt_discard(port, frame, "there is no room");
        return;
    }
    keeper->kept[keeper->count] = frame;
    keeper->port[keeper->count++] = port;
    nt_arm(&keeper->tick, nt_now(node) + NT_MILLISECOND);
}

static void receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct keeper *keeper = node->state;
    struct nt_frame *own;
    switch (keeper->how) {
    case REPEAT:
        all_at_once(node, port, frame);
        break;
    case AGAIN: /* at once, and once more later */
    case FORGET_LATER:
        keep(node, port, nt_frame_ref(frame));
        all(node, port, frame);
        break;
    case LATER:
    case LATER_TWICE:
        keep(node, port, frame);
        break;
    case CHANGED: /* while others hold it, and then alone */
        own = nt_frame_writable(node, nt_frame_ref(frame));
        own = nt_frame_writable(node, own);
        nt_frame_seal(node, own);
        nt_frame_unref(node, frame);
        all(node, port, own);
        break;
    case RENAMED:
        frame = nt_frame_writable(node, frame);
        nt_frame_seal(node, frame);
        all_at_once(node, port, frame);
        break;
    case OWN:
    case OWN_TWICE:
        own = copy_of(node, frame);
        nt_discard(port, frame, "it was copied");
        all(node, port, own);
        if (keeper->how == OWN_TWICE)
            nt_transmit(port, own);
        break;
    case TWICE: /* without nt_frame_ref: with three ports, once too often */
        for (uint32_t i = 0; i < node->port_count; i++)
            if (node->ports[i] != port)
                nt_transmit(node->ports[i], frame);
        break;
    case THROWN:
        all(node, port, frame);
        nt_discard(port, frame, "it was repeated");
        break;
    case KEPT: /* a pointer, no reference */
        keep(node, port, frame);
        all(node, port, frame);
        break;
    case CHANGED_AFTER:
        all(node, port, frame);
        nt_frame_writable(node, frame)->bytes[0] ^= 2;
        break;
    default:
        all(node, port, frame);
        nt_frame_unref(node, frame);
    }
}

static void create(struct nt_node *node, const struct nt_value *values)
{
    struct keeper *keeper = node->state;
    keeper->how = values[0].number;
    nt_event_init(&keeper->tick, node, tick);
}

/* ---- A cable without length, which delivers at once or later; and one that does it twice ---- */

static void line_up(struct nt_node *node)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        nt_port_line(node->ports[i], true, false, INT64_C(100000000));
}

static void carry(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct nt_port *out = node->ports[1 - port->index];
    switch (((struct keeper *)node->state)->how) {
    case AGAIN: /* a copy for nothing, which is said */
        nt_copied(port, 1);
        nt_deliver(out, nt_frame_ref(frame), 0);
        nt_deliver(out, frame, 0);
        break;
    case TWICE:
        nt_copied(port, 1);
        nt_deliver(out, frame, 0);
        nt_deliver(out, frame, 0);
        break;
    case THROWN:
        nt_drop(port, frame, "it is lost");
        nt_deliver(out, frame, 0);
        break;
    default:
        nt_deliver(out, frame, 0);
    }
}

static const struct nt_node_type hub = {.size = sizeof(struct nt_node_type), .name = "keeper", .summary = "a hub with many faults",
                                        .params = params, .port_prefix = "port", .max_ports = 8, .state_bytes = sizeof(struct keeper),
                                        .create = create, .receive = receive};
static const struct nt_node_type wire = {.size = sizeof(struct nt_node_type), .flags = NT_NODE_MEDIUM, .name = "wire",
                                         .summary = "a cable without length", .params = params, .port_prefix = "end", .max_ports = 2,
                                         .least_ports = 2, .state_bytes = sizeof(struct keeper), .create = create, .start = line_up,
                                         .transmit = carry};
static const struct nt_node_type *const nodes[] = {&hub, &wire, NULL};
PLUGIN("keeper");
