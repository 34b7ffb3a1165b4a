/* SPDX-License-Identifier: MIT
 * How frames leave a bridge: at once, after a thinking time, or before they are all in.
 *
 *     store and forward                              cut-through
 *       in   |=====frame=====|                         in   |=====frame=====|
 *       out                  |=====frame=====|         out     |=====frame=====|
 *                            ^ FCS seen                         ^ destination seen
 *
 * A frame is never copied: the same bytes are handed to each port, with a reference. Cut-through cannot see
 * the check sequence before it passes it on, so it passes on damaged frames too; and it cannot send faster
 * than it receives, so towards a faster port, or one of several when it floods, it waits for the whole frame.
 *
 * Simplified: from a half-duplex line, or a cable with impairments, it waits for the whole frame as well,
 * since what will become of it is not known before. If the cable is cut while a frame is cut through, what
 * had left already arrives whole. */
#include "nodes/bridge_parts.h"

#define ROW_LEAST 8 /* a power of two */

/* ---- Sending ---- */

/* By one port. Only a shared line needs the interface with its queue and its dice. */
static inline void send_by(struct bridge *bridge, uint32_t port, struct nt_frame *frame)
{
    struct nt_port *socket = bridge->node->ports[port];
    if (socket->is_half_duplex)
        nic_send_sealed(&bridge->ports[port].nic, frame);
    else
        nt_transmit(socket, frame);
}

/* By all ports that forward, but the one that it came by. */
static void flood(struct bridge *bridge, uint32_t port, struct nt_frame *frame)
{
    const struct relay *relay = &bridge->relay;
    uint32_t last = FDB_NOWHERE; /* gets our own reference */
    for (uint32_t i = 0; i < relay->port_count; i++) {
        if (i == port || !relay_forwards(relay, i))
            continue;
        if (last != FDB_NOWHERE)
            send_by(bridge, last, nt_frame_ref(frame));
        last = i;
    }
    if (last != FDB_NOWHERE)
        send_by(bridge, last, frame);
    else
        nt_frame_unref(bridge->node, frame);
}

static void send(struct bridge *bridge, uint32_t port, struct nt_frame *frame, struct relay_verdict verdict)
{
    switch (verdict.action) {
    case RELAY_TO_PORT:
        send_by(bridge, verdict.port, frame);
        return;
    case RELAY_FLOOD:
        flood(bridge, port, frame);
        return;
    case RELAY_FILTER:
        bridge->ports[port].filtered++;
        nt_frame_unref(bridge->node, frame);
        return;
    case RELAY_BLOCKED:
        bridge->ports[port].blocked++;
        nt_discard(bridge->node->ports[port], frame, "the spanning tree keeps this port quiet");
        return;
    }
}

/* ---- Thinking ---- */

static void leave_fire(struct nt_event *event)
{
    struct bridge *bridge = NT_OWNER(event, struct bridge, leave);
    struct bridge_delayed delayed = bridge->row[bridge->row_first];
    bridge->row_first = (bridge->row_first + 1) & (bridge->row_room - 1);
    if (--bridge->row_length)
        nt_arm(event, bridge->row[bridge->row_first].leaves);
    nt_because(bridge->node, delayed.cause);
    send(bridge, delayed.port, delayed.frame, delayed.verdict);
}

void bridge_send_init(struct bridge *bridge)
{
    nt_event_init(&bridge->leave, bridge->node, leave_fire);
}

static void row_grow(struct bridge *bridge)
{
    uint32_t room = bridge->row_room ? bridge->row_room * 2 : ROW_LEAST;
    struct bridge_delayed *row = nt_new(bridge->node, room * sizeof *row);
    for (uint32_t i = 0; i < bridge->row_length; i++)
        row[i] = bridge->row[(bridge->row_first + i) & (bridge->row_room - 1)];
    nt_free(bridge->node, bridge->row);
    bridge->row = row;
    bridge->row_room = room;
    bridge->row_first = 0;
}

void bridge_pass(struct bridge *bridge, uint32_t port, struct nt_frame *frame, struct relay_verdict verdict)
{
    bool ends_here = verdict.action == RELAY_FILTER || verdict.action == RELAY_BLOCKED;
    if (!bridge->latency || ends_here) {
        send(bridge, port, frame, verdict);
        return;
    }
    nt_time leaves = nt_now(bridge->node) + bridge->latency;
    if (bridge->row_length == bridge->row_room)
        row_grow(bridge);
    bridge->row[(bridge->row_first + bridge->row_length++) & (bridge->row_room - 1)] =
        (struct bridge_delayed){frame, leaves, nt_cause(bridge->node), port, verdict};
    if (bridge->row_length == 1)
        nt_arm(&bridge->leave, leaves);
}

/* ---- Cutting through ---- */

/* Is every port that the frame would leave by at most as fast as the one that it comes in by? */
static bool may_cut(const struct bridge *bridge, uint32_t port, uint32_t target)
{
    int64_t rate_bps = bridge->ports[port].nic.port->rate_bps;
    if (target != FDB_NOWHERE)
        return bridge->ports[target].nic.port->rate_bps <= rate_bps;
    for (uint32_t i = 0; i < bridge->relay.port_count; i++)
        if (i != port && relay_forwards(&bridge->relay, i) && bridge->ports[i].nic.port->rate_bps > rate_bps)
            return false;
    return true;
}

void bridge_head(struct bridge *bridge, uint32_t port, struct nt_frame *frame)
{
    uint64_t destination = bridge_key(frame->bytes);
    if (relay_is_reserved(destination) || !relay_forwards(&bridge->relay, port) ||
        !may_cut(bridge, port, fdb_find(&bridge->relay.fdb, destination)))
        return; /* it is dealt with when it is in */
    struct relay_verdict verdict = relay_choose(&bridge->relay, port, destination, frame->id);
    bridge->ports[port].cut_frame = frame->id;
    bridge_pass(bridge, port, nt_frame_ref(frame), verdict);
}

bool bridge_pass_damaged(struct bridge *bridge, uint32_t port, struct nt_frame *frame, bool has_left)
{
    struct nic *nic = &bridge->ports[port].nic;
    if (nt_frame_is_intact(bridge->node, frame) || frame->length_bytes < ETHERNET_MIN)
        return false;
    nic->damaged++;
    if (has_left)
        nt_frame_unref(bridge->node, frame);
    else
        bridge_pass(bridge, port, frame,
                    relay_choose(&bridge->relay, port, bridge_key(frame->bytes), frame->id));
    return true;
}
