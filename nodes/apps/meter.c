/* SPDX-License-Identifier: MIT
 * See meter.h. */
#include "nodes/apps/meter.h"

#include <stdio.h>
#include <string.h>

static const uint8_t mark[4] = {'n', 't', 'm', '1'};

enum { KIND_SENT, KIND_RECEIVED, KIND_MISSING, KIND_TRANSFER, KIND_REPLY };

const struct nt_kind meter_kinds[] = {
    [KIND_SENT] = {.name = "app.sent",
                   .sentence = "an application on {node} sends {bytes}, number {sequence}, to {peer}",
                   .fields = {{"bytes", NT_UNIT_BYTES}, {"sequence", NT_UNIT_NONE}, {"peer", NT_UNIT_IPV4}}},
    [KIND_RECEIVED] = {.name = "app.received",
                       .sentence = "an application on {node} receives {bytes} from {peer}",
                       .fields = {{"bytes", NT_UNIT_BYTES},
                                  {"delay", NT_UNIT_TIME},
                                  {"sequence", NT_UNIT_NONE},
                                  {"peer", NT_UNIT_IPV4}}},
    [KIND_MISSING] = {.name = "app.missing",
                      .sentence = "number {sequence} is here, but the {count} before it from {peer} are not",
                      .flags = NT_KIND_INTERESTING,
                      .fields = {{"count", NT_UNIT_NONE},
                                 {"sequence", NT_UNIT_NONE},
                                 {"peer", NT_UNIT_IPV4}}},
    [KIND_TRANSFER] = {.name = "app.transfer",
                       .sentence = "{node} has sent {bytes} to {peer} in {took}, {rate}, and all of it is there",
                       .flags = NT_KIND_INTERESTING,
                       .fields = {{"bytes", NT_UNIT_BYTES},
                                  {"took", NT_UNIT_TIME},
                                  {"rate", NT_UNIT_RATE},
                                  {"peer", NT_UNIT_IPV4}}},
    [KIND_REPLY] = {.name = "app.reply",
                    .sentence = "{node} has all answers of round {round} after {took}",
                    .flags = NT_KIND_GAUGE,
                    .fields = {{"took", NT_UNIT_TIME}, {"bytes", NT_UNIT_BYTES}, {"round", NT_UNIT_NONE}}},
    {0}};

void meter_init(struct meter *meter, struct nt_app *app)
{
    meter->app = app;
    meter->kind_sent = nt_kind(app->node, &meter_kinds[KIND_SENT]);
    meter->kind_received = nt_kind(app->node, &meter_kinds[KIND_RECEIVED]);
    meter->kind_missing = nt_kind(app->node, &meter_kinds[KIND_MISSING]);
    meter->kind_transfer = nt_kind(app->node, &meter_kinds[KIND_TRANSFER]);
    meter->kind_reply = nt_kind(app->node, &meter_kinds[KIND_REPLY]);
}

static uint32_t bucket_of(const struct nt_endpoint *peer)
{
    uint32_t hash = peer->port;
    for (size_t i = 0; i < sizeof peer->address.bytes; i++)
        hash = hash * 31 + peer->address.bytes[i];
    return (hash ^ hash >> 16) & (METER_BUCKETS - 1);
}

static bool is_of(const struct meter_flow *flow, const struct nt_endpoint *peer)
{
    return flow->peer.port == peer->port && flow->peer.address.family == peer->address.family &&
           memcmp(flow->peer.address.bytes, peer->address.bytes, sizeof peer->address.bytes) == 0;
}

struct meter_flow *meter_flow(struct meter *meter, const struct nt_endpoint *peer)
{
    struct meter_flow **link = &meter->buckets[bucket_of(peer)];
    while (*link && !is_of(*link, peer))
        link = &(*link)->in_slot;
    if (*link)
        return *link;
    struct nt_node *node = meter->app->node;
    struct stack *stack = stack_of(node);
    struct meter_flow *flow = nt_new(node, sizeof *flow);
    flow->app = meter->app;
    flow->peer = *peer;
    *(stack->newest_flow ? &stack->newest_flow->newer : &stack->oldest_flow) = flow;
    stack->newest_flow = flow;
    *link = flow;
    return flow;
}

static int64_t shown_address(const struct nt_endpoint *endpoint)
{
    return bytes_u32(endpoint->address.bytes);
}

/* ---- Sending ---- */

void meter_stamp(const struct meter_flow *flow, nt_time now, uint8_t *bytes, size_t size_bytes)
{
    if (size_bytes < METER_STAMP_BYTES)
        return;
    memcpy(bytes, mark, sizeof mark);
    bytes_put_u32(bytes + 4, (uint32_t)flow->sent);
    bytes_put_u32(bytes + 8, (uint32_t)((uint64_t)now >> 32));
    bytes_put_u32(bytes + 12, (uint32_t)now);
}

void meter_sent(struct meter *meter, struct meter_flow *flow, size_t bytes)
{
    nt_tell(meter->app->node, meter->kind_sent, NULL, 0, (int64_t)bytes, (int64_t)flow->sent,
            shown_address(&flow->peer));
    flow->sent++;
}

/* ---- Receiving ---- */

/* Notes that a number has come. The window moves up with the highest; what falls out of it is not looked at
 * again. */
static void note(struct meter *meter, struct meter_flow *flow, uint64_t sequence)
{
    if (sequence >= flow->highest) {
        uint64_t step = sequence + 1 - flow->highest;
        if (step > 1)
            nt_tell(meter->app->node, meter->kind_missing, NULL, 0, (int64_t)step - 1, (int64_t)sequence,
                    shown_address(&flow->peer));
        flow->seen = step < METER_WINDOW ? flow->seen << step | 1 : 1;
        flow->highest = sequence + 1;
        return;
    }
    uint64_t below = flow->highest - 1 - sequence;
    uint64_t bit = below < METER_WINDOW ? UINT64_C(1) << below : 0;
    *(flow->seen & bit ? &flow->duplicate : &flow->late) += 1;
    flow->seen |= bit;
}

static void measure(struct meter_flow *flow, nt_time delay)
{
    if (!flow->measured || delay < flow->delay_min)
        flow->delay_min = delay;
    if (delay > flow->delay_max)
        flow->delay_max = delay;
    flow->delay_sum += delay;
    flow->measured++;
}

nt_time meter_received(struct meter *meter, struct meter_flow *flow, const struct nt_message *how,
                       const uint8_t *bytes, size_t count)
{
    uint32_t sequence = 0;
    nt_time delay = NT_NEVER;
    flow->received++;
    flow->bytes += how->length_bytes;
    if (count >= METER_STAMP_BYTES && memcmp(bytes, mark, sizeof mark) == 0) {
        sequence = bytes_u32(bytes + 4);
        nt_time sent_at = (nt_time)((uint64_t)bytes_u32(bytes + 8) << 32 | bytes_u32(bytes + 12));
        bool is_possible = sent_at >= 0 && sent_at <= how->at; /* a stranger may write anything there */
        delay = is_possible ? how->at - sent_at : NT_NEVER;
    }
    nt_because(meter->app->node,
               nt_tell(meter->app->node, meter->kind_received, NULL, how->frame, how->length_bytes,
                       delay == NT_NEVER ? 0 : delay, sequence, shown_address(&flow->peer)));
    if (delay != NT_NEVER) {
        note(meter, flow, sequence);
        measure(flow, delay);
    }
    return delay;
}

void meter_streamed(struct meter *meter, struct meter_flow *flow, size_t bytes)
{
    struct nt_node *node = meter->app->node;
    flow->received++;
    flow->bytes += bytes;
    nt_tell(node, meter->kind_received, NULL, 0, (int64_t)bytes, 0, 0, shown_address(&flow->peer));
}

void meter_transferred(struct meter *meter, const struct meter_flow *flow, uint64_t bytes, nt_time time)
{
    __int128 rate = time > 0 ? (__int128)bytes * 8 * NT_SECOND / time : 0;
    nt_tell(meter->app->node, meter->kind_transfer, NULL, 0, (int64_t)bytes, time, (int64_t)rate,
            shown_address(&flow->peer));
}

void meter_replied(struct meter *meter, uint64_t round, uint64_t bytes, nt_time time)
{
    nt_tell(meter->app->node, meter->kind_reply, NULL, 0, time, (int64_t)bytes, (int64_t)round);
}

uint64_t meter_missing(const struct meter_flow *flow)
{
    uint64_t arrived = flow->measured - flow->duplicate;
    return flow->highest > arrived ? flow->highest - arrived : 0;
}

/* ---- The table ---- */

bool meter_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct meter_flow *flow = stack_of(node)->oldest_flow;
    while (flow && index-- > 0)
        flow = flow->newer;
    if (!flow)
        return false;
    snprintf(cells[0].text, sizeof cells[0].text, "%s", flow->app->type->name);
    cells[1].number = shown_address(&flow->peer);
    cells[2].number = flow->peer.port;
    cells[3].number = (int64_t)flow->sent;
    cells[4].number = (int64_t)(flow->errors + flow->refused);
    cells[5].number = (int64_t)flow->received;
    cells[6].number = (int64_t)flow->bytes;
    cells[7].number = (int64_t)meter_missing(flow);
    cells[8].number = (int64_t)flow->late;
    cells[9].number = (int64_t)flow->duplicate;
    cells[10].number = flow->delay_min;
    cells[11].number = flow->measured ? flow->delay_sum / (nt_time)flow->measured : 0;
    cells[12].number = flow->delay_max;
    cells[13].number = flow->app->is_running;
    return true;
}
