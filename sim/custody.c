/* SPDX-License-Identifier: MIT
 * Whose is a frame? What nodes of plug-ins do with references is counted, so that one which gives away what it does not
 * have is told so, before anybody reads memory that is somebody else's by then.
 *
 *     engine -- receive(frame) --> node          lent + 1
 *               nt_frame_ref(frame)              seen at the next call: one reference more than there was, lent + 1
 *     engine <-- nt_transmit(frame) -- node      lent - 1; it was 0 already: the run ends with a sentence
 *
 * nt_frame_ref is a line of the header that nobody sees. So a frame that a node was given in this callback is *noted* with its
 * references as they were when the node's own code began to run. A frame that it had kept is not, and may have been
 * referred to again since: then all its references may be the node's, and the doubt is the node's. What is refused was
 * wrong; not all that is wrong is refused.
 *
 * Nodes that are built in call the engine's own table, and pay nothing but a comparison. */
#include "sim/custody.h"

#include <stdio.h>
#include <string.h>

#include "sim/guard.h"
#include "sim/network.h"

/* ---- What is noted ---- */

/* The notes of the callback that is under way. Those of an earlier event are void. */
static struct custody *custody_now(const struct nt_node *node)
{
    struct network *network = network_of(node);
    struct custody *custody = &network->custody;
    if (custody->event != network->events)
        *custody = (struct custody){.event = network->events, .queue_depth = custody->queue_depth};
    return custody;
}

static struct custody_note *find(struct custody *custody, const struct nt_frame *frame)
{
    for (uint32_t i = custody->count; i > custody->begin; i--)
        if (custody->notes[i - 1].frame == frame)
            return &custody->notes[i - 1];
    return NULL;
}

/* Full notes cost nothing but sharpness. */
static void note(struct custody *custody, struct nt_frame *frame, bool is_borrowed)
{
    struct custody_note *old = find(custody, frame);
    if (!old && custody->count == CUSTODY_NOTES)
        return;
    *(old ? old : &custody->notes[custody->count++]) =
        (struct custody_note){.frame = frame, .references = frame->references, .is_borrowed = is_borrowed};
}

/* References that were added by the node's own code since the notes were made are the node's. */
static void settle(struct custody *custody)
{
    for (uint32_t i = custody->begin; i < custody->count; i++) {
        struct custody_note *at = &custody->notes[i];
        if (at->frame && at->frame->references > at->references)
            custody_add(&at->frame->lent, at->frame->references - at->references);
    }
}

/* Back to the node's own code: what the engine and the others did with references is not the node's. */
static void resume(struct custody *custody)
{
    for (uint32_t i = custody->begin; i < custody->count; i++)
        if (custody->notes[i].frame)
            custody->notes[i].references = custody->notes[i].frame->references;
}

void custody_forget(struct custody *custody, const struct nt_frame *frame)
{
    for (uint32_t i = 0; i < custody->count; i++)
        if (custody->notes[i].frame == frame)
            custody->notes[i].frame = NULL;
}

__attribute__((no_sanitize("address"))) uint8_t custody_count(const struct nt_frame *frame, const uint8_t *count)
{
    return frame->references ? *count : 0;
}

/* ---- Who breaks the rule ---- */

static _Noreturn void accuse(struct nt_node *node, const char *function)
{
    struct network *network = network_of(node);
    char what[120];
    snprintf(what, sizeof what, "%s is given a frame that is not, or no longer, its own%s", function,
             strcmp(function, "nt_frame_unref") ? " (nt_frame_ref makes one more owner)" : "");
    guard_accuse(network->run->registry->guard, what);
    network_fail(network, "node \"%.40s\", %.40s: %s", node->name, node->type->name, what);
}

/* The node must own a reference to `frame`. */
static struct custody *ask(struct nt_node *node, struct nt_frame *frame, const char *function)
{
    struct custody *custody = custody_now(node);
    settle(custody);
    if (!custody_count(frame, &frame->lent))
        accuse(node, function);
    if (find(custody, frame))
        return custody;
    if (frame->references > frame->lent) /* it was kept, and may have been referred to again since */
        custody_add(&frame->lent, (int64_t)frame->references - frame->lent);
    note(custody, frame, false);
    return custody;
}

/* ... and gives it away. What it has no share in any more is not noted any more. */
static struct custody *take(struct nt_node *node, struct nt_frame *frame, const char *function)
{
    struct custody *custody = ask(node, frame, function);
    struct custody_note *noted = find(custody, frame);
    custody_add(&frame->lent, -1);
    if (!frame->lent && noted && !noted->is_borrowed)
        *noted = custody->notes[--custody->count];
    return custody;
}

/* ---- From the engine to the node ---- */

/* Notes of its own for a callback; returns where the outer ones began. */
static uint32_t enter(struct custody *custody)
{
    uint32_t outer = custody->begin;
    custody->begin = custody->count;
    return outer;
}

static void leave(struct nt_node *node, uint32_t outer)
{
    struct custody *custody = custody_now(node);
    settle(custody);
    custody->count = custody->begin;
    custody->begin = outer;
}

void custody_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct custody *custody = custody_now(node);
    uint32_t outer = enter(custody);
    custody_add(&frame->lent, 1);
    note(custody, frame, false);
    node->type->receive(node, port, frame);
    leave(node, outer);
}

void custody_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct custody *custody = custody_now(node);
    uint32_t outer = enter(custody);
    custody_add(&frame->lent, 1);
    note(custody, frame, false);
    node->type->transmit(node, port, frame);
    leave(node, outer);
}

void custody_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    struct custody *custody = custody_now(node);
    uint32_t outer = enter(custody);
    if (sense->frame)
        note(custody, sense->frame, true);
    node->type->sense(node, port, sense);
    leave(node, outer);
}

/* ---- From the node to the engine ---- */

static struct nt_frame *new_frame(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes)
{
    struct nt_frame *frame = frame_new(node, head_room_bytes, length_bytes);
    frame->lent = 1;
    note(custody_now(node), frame, false);
    return frame;
}

static struct nt_frame *writable(struct nt_node *node, struct nt_frame *frame)
{
    struct custody *custody = take(node, frame, "nt_frame_writable");
    struct nt_frame *own = frame_writable(node, frame);
    own->lent = 1;
    resume(custody);
    note(custody, own, false);
    return own;
}

static void unref(struct nt_node *node, struct nt_frame *frame)
{
    struct custody *custody = take(node, frame, "nt_frame_unref");
    frame_unref(node, frame);
    resume(custody);
}

static void transmit(struct nt_port *port, struct nt_frame *frame)
{
    struct custody *custody = take(port->node, frame, "nt_transmit");
    port_transmit(port, frame);
    resume(custody);
}

static void deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    struct custody *custody = take(port->node, frame, "nt_deliver");
    port_deliver(port, frame, cause);
    resume(custody);
}

static void drop(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    struct custody *custody = take(port->node, frame, "nt_drop");
    port_drop(port, frame, reason);
    resume(custody);
}

static void discard(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    struct custody *custody = take(port->node, frame, "nt_discard");
    port_discard(port, frame, reason);
    resume(custody);
}

static void offered(struct nt_port *port, struct nt_frame *frame)
{
    ask(port->node, frame, "nt_offered");
    port_offered(port, frame);
}

/* What a neighbour does with a signal may change references, too. */
static void signal_port(struct nt_port *port, const struct nt_sense *sense)
{
    struct custody *custody = custody_now(port->node);
    settle(custody);
    port_signal(port, sense);
    resume(custody);
}

static void port_line(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps)
{
    struct custody *custody = custody_now(port->node);
    settle(custody);
    port_set_line(port, is_up, is_half_duplex, rate_bps);
    resume(custody);
}

void custody_api_of(const struct nt_api *own, struct nt_api *ret_api)
{
    *ret_api = *own;
    ret_api->frame_new = new_frame;
    ret_api->frame_writable = writable;
    ret_api->frame_unref = unref;
    ret_api->transmit = transmit;
    ret_api->deliver = deliver;
    ret_api->signal = signal_port;
    ret_api->port_line = port_line;
    ret_api->drop = drop;
    ret_api->discard = discard;
    ret_api->offered = offered;
}
