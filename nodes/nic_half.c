/* SPDX-License-Identifier: MIT
 * See nic_half.h: the simulator's side of CSMA/CD. Frames wait in a ring; the MAC has the first one in its
 * hands. */
#include "nodes/nic_half.h"

#include <stdio.h>

#include "nodes/node_env.h"

#define RING_LEAST 8 /* a power of two */

struct nic_half {
    struct nic *nic;
    struct mac mac;
    struct node_env env;
    struct nt_frame **ring; /* waiting frames; the first is the one that the MAC is sending */
    uint32_t capacity, first, length;
    uint32_t limit;      /* frames that may wait */
    uint64_t overflowed; /* dropped because too many waited */
};

static struct nic_half *half_of(struct mac *mac)
{
    return NT_OWNER(mac, struct nic_half, mac);
}

static struct nt_frame *current(const struct nic_half *half)
{
    return half->ring[half->first];
}

static struct nt_frame *ring_take(struct nic_half *half)
{
    struct nt_frame *frame = current(half);
    half->first = (half->first + 1) & (half->capacity - 1);
    half->length--;
    return frame;
}

static void ring_add(struct nic_half *half, struct nt_frame *frame)
{
    struct nt_node *node = half->nic->port->node;
    if (half->length == half->capacity) {
        uint32_t capacity = half->capacity ? half->capacity * 2 : RING_LEAST;
        struct nt_frame **ring = nt_new(node, capacity * sizeof *ring);
        for (uint32_t i = 0; i < half->length; i++)
            ring[i] = half->ring[(half->first + i) & (half->capacity - 1)];
        nt_free(node, half->ring);
        half->ring = ring;
        half->capacity = capacity;
        half->first = 0;
    }
    half->ring[(half->first + half->length++) & (half->capacity - 1)] = frame;
}

/* ---- What the MAC asks of us ---- */

static void on_carrier(struct mac *mac, struct mac_carrier *ret_carrier)
{
    struct nt_carrier carrier;
    nt_carrier(half_of(mac)->nic->port, &carrier);
    *ret_carrier = (struct mac_carrier){carrier.is_on, carrier.since, carrier.silent_from};
}

static void on_watch(struct mac *mac)
{
    nt_watch(half_of(mac)->nic->port);
}

static void on_begin(struct mac *mac)
{
    struct nic_half *half = half_of(mac);
    struct nt_sense sense = {.what = NT_SENSE_TX_START, .frame = current(half)};
    nt_signal(half->nic->port, &sense);
}

static void on_end(struct mac *mac, uint32_t bits, bool is_whole)
{
    struct nic_half *half = half_of(mac);
    struct nt_sense sense = {.what = NT_SENSE_TX_END, .frame = is_whole ? current(half) : NULL, .bits = bits};
    nt_signal(half->nic->port, &sense);
}

/* Gives the MAC the next frame, if there is one. */
static void feed(struct nic_half *half)
{
    if (half->length && !half->mac.has_frame)
        mac_send(&half->mac, current(half)->length_bytes, current(half)->id);
}

static void on_done(struct mac *mac, enum mac_outcome outcome)
{
    struct nic_half *half = half_of(mac);
    struct nic *nic = half->nic;
    struct nt_frame *frame = ring_take(half);
    if (outcome == MAC_SENT)
        nt_frame_unref(nic->port->node, frame);
    else
        nt_drop(nic->port, frame,
                outcome == MAC_GIVEN_UP_LATE ? "a late collision: the station gives up"
                                             : "sixteen collisions: the station gives up");
    if (nic->waiter)
        nic->waiter->done(nic->waiter, nic, outcome == MAC_SENT);
    feed(half);
}

static const struct mac_ops half_ops = {on_carrier, on_watch, on_begin, on_end, on_done};

/* ---- What the interface asks of us ---- */

void nic_declare(struct nt_node *node)
{
    struct node_env unused;
    node_env_init(&unused, node, "mac", mac_kinds, MAC_FACTS);
}

struct nic_half *nic_half_new(struct nic *nic)
{
    struct nt_node *node = nic->port->node;
    struct nic_half *half = nt_new(node, sizeof *half);
    struct mac_config config = mac_config_for(nic->port->rate_bps);
    char stream[32];
    snprintf(stream, sizeof stream, "mac/%u", nic->port->index);
    half->nic = nic;
    half->limit = NIC_HALF_QUEUE;
    node_env_init(&half->env, node, stream, mac_kinds, MAC_FACTS);
    half->env.port = nic->port;
    mac_init(&half->mac, &half->env.env, &half_ops, &config);
    return half;
}

void nic_half_send(struct nic_half *half, struct nt_frame *frame)
{
    struct nt_port *port = half->nic->port;
    nt_offered(port, frame);
    if (half->length > half->limit) {
        half->overflowed++;
        nt_drop(port, frame, "the queue is full");
        return;
    }
    ring_add(half, frame);
    feed(half);
}

void nic_half_line(struct nic_half *half)
{
    struct nt_port *port = half->nic->port;
    if (port->is_up && port->is_half_duplex) {
        if (!half->mac.has_frame)
            half->mac.config.rate_bps = port->rate_bps;
        return;
    }
    mac_abort(&half->mac);
    while (half->length) {
        nt_drop(port, ring_take(half), "the line is down");
        if (half->nic->waiter)
            half->nic->waiter->done(half->nic->waiter, half->nic, false);
    }
}

uint32_t nic_half_held(const struct nic_half *half)
{
    return half->length;
}

void nic_sense(struct nic *nic, const struct nt_sense *sense)
{
    if (!nic->half)
        return;
    struct mac *mac = &nic->half->mac;
    if (sense->what == NT_SENSE_COLLISION_ON)
        mac_collision(mac);
    else if (sense->what == NT_SENSE_CARRIER_OFF)
        mac_silence(mac);
}

const struct mac *nic_mac(const struct nic *nic)
{
    return nic->half ? &nic->half->mac : NULL;
}

void nic_set_queue_limit(struct nic *nic, uint32_t frames)
{
    nic->half->limit = frames;
}

void nic_set_mac_config(struct nic *nic, const struct mac_config *config)
{
    nic->half->mac.config = *config;
}

void nic_show_mac(const struct nic *nic, struct nt_cell *cells)
{
    const struct mac *mac = &nic->half->mac;
    struct nt_carrier carrier;
    nt_carrier(nic->port, &carrier);
    bool is_waiting = mac->state == MAC_GAP || mac->state == MAC_BACKOFF;
    snprintf(cells[0].text, sizeof cells[0].text, "%s", nic->port->name);
    cells[1].number = mac->state;
    cells[2].number = carrier.is_on;
    cells[3].number = mac->attempts;
    cells[4].number = mac->backoff_drawn;
    cells[5].number = mac->backoff_range;
    cells[6].number = is_waiting ? mac->next_at : 0;
    cells[7].number = nic->half->length;
    cells[8].number = (int64_t)mac->counters.sent;
    cells[9].number = (int64_t)mac->counters.collisions;
    cells[10].number = (int64_t)mac->counters.deferred;
    cells[11].number = (int64_t)mac->counters.single_collision;
    cells[12].number = (int64_t)mac->counters.multiple_collision;
    cells[13].number = (int64_t)mac->counters.late_collision;
    cells[14].number = (int64_t)mac->counters.excessive;
}
