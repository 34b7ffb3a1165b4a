/* SPDX-License-Identifier: MIT
 * A bad wire between two embedded hosts. */
#include "tests/swarm/wire.h"

#include <stdlib.h>
#include <string.h>

void bad_wire_init(struct bad_wire *wire, uint64_t seed, const struct wire_faults *faults, struct nt_host *a,
                   struct nt_host *b)
{
    *wire = (struct bad_wire){.rng = rng_seeded(seed, "wire"), .faults = *faults, .hosts = {a, b}};
    wire->packets = malloc(WIRE_PACKETS * sizeof *wire->packets);
}

void bad_wire_release(struct bad_wire *wire)
{
    free(wire->packets);
}

static bool is_before(const struct wire_packet *a, const struct wire_packet *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(struct bad_wire *wire, uint32_t a, uint32_t b)
{
    struct wire_packet kept = wire->packets[a];
    wire->packets[a] = wire->packets[b];
    wire->packets[b] = kept;
}

static void put(struct bad_wire *wire, unsigned to, const uint8_t *bytes, uint32_t length, int64_t at)
{
    if (wire->count == WIRE_PACKETS) {
        wire->lost++;
        return;
    }
    uint32_t place = wire->count++;
    struct wire_packet *packet = &wire->packets[place];
    *packet = (struct wire_packet){
        .at = at, .order = wire->next_order++, .length_bytes = length, .to = (uint8_t)to};
    memcpy(packet->bytes, bytes, length);
    for (; place > 0 && is_before(&wire->packets[place], &wire->packets[(place - 1) / 2]);
         place = (place - 1) / 2)
        swap(wire, place, (place - 1) / 2);
}

static void take_first(struct bad_wire *wire)
{
    wire->packets[0] = wire->packets[--wire->count];
    for (uint32_t place = 0, below = 1; below < wire->count; below = place * 2 + 1) {
        if (below + 1 < wire->count && is_before(&wire->packets[below + 1], &wire->packets[below]))
            below++;
        if (!is_before(&wire->packets[below], &wire->packets[place]))
            break;
        swap(wire, place, below);
        place = below;
    }
}

/* When its last bit has left; -1: the queue is full. */
static int64_t leaves(struct bad_wire *wire, unsigned to, uint32_t length, int64_t at)
{
    const struct wire_faults *faults = &wire->faults;
    if (!faults->rate_bytes)
        return at;
    int64_t byte = NT_HOST_MILLISECOND / faults->rate_bytes;
    int64_t start = wire->free_at[to] > at ? wire->free_at[to] : at;
    if ((start - at) / byte > faults->queue_bytes)
        return -1;
    wire->free_at[to] = start + byte * length;
    return wire->free_at[to];
}

static void carry(struct bad_wire *wire, unsigned to, uint8_t *bytes, uint32_t length, int64_t at)
{
    const struct wire_faults *faults = &wire->faults;
    int64_t left = leaves(wire, to, length, at);
    wire->sent++;
    if (left < 0 || rng_chance_ppm(&wire->rng, faults->loss_ppm)) {
        wire->lost++;
        return;
    }
    int64_t arrives = left + faults->delay;
    if (rng_chance_ppm(&wire->rng, faults->reorder_ppm)) {
        arrives += (int64_t)rng_below(&wire->rng, (uint64_t)faults->jitter + 1);
        wire->reordered++;
    }
    if (rng_chance_ppm(&wire->rng, faults->duplicate_ppm)) {
        put(wire, to, bytes, length, arrives + (int64_t)rng_below(&wire->rng, (uint64_t)faults->jitter + 1));
        wire->repeated++;
    }
    if (rng_chance_ppm(&wire->rng, faults->damage_ppm)) {
        bytes[rng_below(&wire->rng, length)] ^= (uint8_t)(1u << rng_below(&wire->rng, 8));
        wire->damaged++;
    }
    put(wire, to, bytes, length, arrives);
}

void bad_wire_collect(struct bad_wire *wire)
{
    uint8_t bytes[WIRE_PACKET_BYTES];
    int64_t at;
    for (unsigned from = 0; from < 2; from++) {
        int count;
        while ((count = nt_host_take(wire->hosts[from], bytes, sizeof bytes, &at)) > 0)
            carry(wire, 1 - from, bytes, (uint32_t)count, at);
    }
}

int64_t bad_wire_next(const struct bad_wire *wire)
{
    return wire->count > 0 ? wire->packets[0].at : NT_HOST_NEVER;
}

void bad_wire_deliver(struct bad_wire *wire, int64_t at)
{
    while (wire->count > 0 && wire->packets[0].at <= at) {
        struct wire_packet packet = wire->packets[0];
        take_first(wire);
        nt_host_inject(wire->hosts[packet.to], packet.bytes, packet.length_bytes);
    }
}
