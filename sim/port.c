/* SPDX-License-Identifier: MIT
 * Ports: where nodes touch, and where the ledger is kept.
 *
 * The law: sent + copied = delivered + dropped + held, at every instant. A station's frame is *sent* when the
 * medium gets it (it may still wait in a queue there), *delivered* when its last bit has reached a station,
 * *dropped* when it ends in between, with a reason. What a station then does with a delivered frame is its
 * own affair; if it has no use for it, it *discards* it, also with a reason. */
#include <assert.h>
#include <string.h>

#include "sim/meddle.h"
#include "sim/network.h"

void port_join(struct network *network, struct nt_port *a, struct nt_port *b)
{
    (void)network;
    assert(!a->peer && !b->peer && a != b);
    a->peer = b;
    b->peer = a;
}

#define DIGEST_BYTES 64 /* of each frame: its headers */

static uint64_t word_at(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static uint64_t digest_word(uint64_t sum, const uint8_t *bytes)
{
    return (sum ^ word_at(bytes)) * UINT64_C(0xd6e8feb86659fd93);
}

/* Adds when, where, how long, and the first bytes to the digest. */
static void digest_frame(struct network *network, const struct nt_port *port, const struct nt_frame *frame)
{
    network_digest_add(network, (uint64_t)network->clock.now ^ (uint64_t)port->id << 44);
    uint32_t bytes = frame->length_bytes - (frame->flags & NT_FRAME_SEALED ? 4 : 0);
    uint64_t sum = frame->length_bytes;
    if (bytes >= DIGEST_BYTES) /* the same as below, but the compiler knows how often */
        for (uint32_t i = 0; i < DIGEST_BYTES; i += 8)
            sum = digest_word(sum, frame->bytes + i);
    else
        for (uint32_t i = 0; i + 8 <= bytes; i += 8)
            sum = digest_word(sum, frame->bytes + i);
    network_digest_add(network, sum ^ sum >> 32);
}

static void count_reason(struct network *network, const char *reason, bool is_discard)
{
    for (uint32_t i = 0; i < network->reason_count; i++) {
        struct network_reason *known = &network->reasons[i];
        if (known->is_discard == is_discard && (known->text == reason || strcmp(known->text, reason) == 0)) {
            known->count++;
            return;
        }
    }
    assert(network->reason_count < NETWORK_REASONS);
    network->reasons[network->reason_count++] = (struct network_reason){reason, 1, is_discard};
}

static uint64_t tell_frame(const struct nt_port *port, uint32_t kind, uint64_t cause,
                           const struct nt_frame *frame, int64_t first, int64_t second, int64_t third)
{
    struct network *network = network_of(port->node);
    struct nt_record record = {.at = network->clock.now,
                               .cause = cause,
                               .frame = frame->id,
                               .kind = kind,
                               .node = port->node->id,
                               .port = port->id,
                               .values = {first, second, third}};
    return record_tell(network, &record, frame);
}

/* Is it counted what this node does with frames? */
static bool is_watched(const struct nt_node *node)
{
    return node->api != &network_api;
}

void port_transmit(struct nt_port *port, struct nt_frame *frame)
{
    struct network *network = network_of(port->node);
    struct nt_port *peer = port->peer;
    network->ledger.sent++;
    if (!peer || !port->is_up) {
        port_drop(port, frame, peer ? "the line is down" : "nothing is plugged in");
        return;
    }
    port->sent_frames++;
    port->sent_bytes += frame->length_bytes;
    if (is_watched(peer->node))
        custody_transmit(peer->node, peer, frame);
    else
        peer->node->type->transmit(peer->node, peer, frame);
}

static inline void deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    struct nt_port *target = port->peer;
    struct nt_node *node = target->node;
    struct network *network = network_of(node);
    network->ledger.delivered++;
    target->received_frames++;
    target->received_bytes += frame->length_bytes;
    digest_frame(network, target, frame);
    if (network->clock.is_listening)
        network->cause = tell_frame(target, RUN_KIND_FRAME_RX, cause, frame, frame->length_bytes, 0, 0);
    if (is_watched(node))
        custody_receive(node, target, frame);
    else
        node->type->receive(node, target, frame);
}

void port_deliver(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    if (!network_of(port->peer->node)->marks || !meddle_deliver(port, frame, cause))
        deliver(port, frame, cause);
}

void port_deliver_now(struct nt_port *port, struct nt_frame *frame, uint64_t cause)
{
    deliver(port, frame, cause);
}

void port_signal(struct nt_port *port, const struct nt_sense *sense)
{
    struct nt_port *peer = port->peer;
    if (!peer || !peer->node->type->sense)
        return;
    if (is_watched(peer->node))
        custody_sense(peer->node, peer, sense);
    else
        peer->node->type->sense(peer->node, peer, sense);
}

void port_set_line(struct nt_port *port, bool is_up, bool is_half_duplex, int64_t rate_bps)
{
    struct nt_port *peer = port->peer;
    if (port->is_up == is_up && port->is_half_duplex == is_half_duplex && port->rate_bps == rate_bps)
        return;
    struct nt_port *sides[2] = {port, peer};
    for (int i = 0; i < 2 && sides[i]; i++) {
        sides[i]->is_up = is_up;
        sides[i]->is_half_duplex = is_half_duplex;
        sides[i]->rate_bps = rate_bps;
    }
    if (!peer)
        return;
    struct nt_node *node = peer->node;
    struct network *network = network_of(node);
    if (network->clock.is_listening) {
        struct nt_record record = {.at = network->clock.now,
                                   .cause = network->cause,
                                   .kind = RUN_KIND_LINE,
                                   .node = node->id,
                                   .port = peer->id,
                                   .values = {is_up, rate_bps, is_half_duplex}};
        network->cause = record_tell(network, &record, NULL);
    }
    if (node->type->line)
        node->type->line(node, peer);
}

/* What drop and discard have in common: told, counted, digested, given back. */
static void frame_ends(struct nt_port *port, struct nt_frame *frame, const char *reason, uint32_t kind)
{
    struct network *network = network_of(port->node);
    count_reason(network, reason, kind == RUN_KIND_FRAME_DISCARD);
    network_digest_add(network, (uint64_t)network->clock.now ^ (uint64_t)port->id << 44 ^ kind);
    if (network->clock.is_listening)
        tell_frame(port, kind, network->cause, frame, (int64_t)record_text(network, reason),
                   frame->length_bytes, 0);
    frame_unref(port->node, frame);
}

void port_drop(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    network_of(port->node)->ledger.dropped++;
    port->dropped_frames++;
    frame_ends(port, frame, reason, RUN_KIND_FRAME_DROP);
}

void port_discard(struct nt_port *port, struct nt_frame *frame, const char *reason)
{
    network_of(port->node)->ledger.discarded++;
    frame_ends(port, frame, reason, RUN_KIND_FRAME_DISCARD);
}

void port_offered(struct nt_port *port, struct nt_frame *frame)
{
    network_of(port->node)->ledger.sent++;
    port->sent_frames++;
    port->sent_bytes += frame->length_bytes;
}

void port_copied(struct nt_port *port, uint64_t copies)
{
    network_of(port->node)->ledger.copied += copies;
}

uint64_t port_tell_tx(struct nt_port *port, struct nt_frame *frame, uint64_t cause, nt_time air_time)
{
    return tell_frame(port->peer ? port->peer : port, RUN_KIND_FRAME_TX, cause, frame, frame->length_bytes,
                      air_time, (int64_t)frame->parent);
}
