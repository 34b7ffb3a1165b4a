/* SPDX-License-Identifier: MIT
 * What an embedded host sends. */
#include "embed/wire.h"

#include <stdlib.h>

#define USUAL_BYTES 2048 /* room of a storage that is kept */

struct wire_storage {
    struct wire_storage *next; /* among the spare ones */
    size_t room;
    uint8_t bytes[];
};

static struct wire *wire_of(struct packet_pool *pool)
{
    return (struct wire *)(void *)((char *)pool - offsetof(struct wire, pool));
}

static struct packet_out make(struct packet_pool *pool, size_t headroom_bytes, size_t length_bytes)
{
    struct wire *wire = wire_of(pool);
    size_t needed = headroom_bytes + length_bytes;
    struct wire_storage *storage = wire->spare;
    if (needed <= USUAL_BYTES && storage) {
        wire->spare = storage->next;
    } else {
        size_t room = needed > USUAL_BYTES ? needed : USUAL_BYTES;
        storage = malloc(sizeof *storage + room);
        if (!storage)
            abort(); /* a pool never fails */
        storage->room = room;
    }
    return (struct packet_out){storage->bytes + headroom_bytes, length_bytes, headroom_bytes,
                               ++wire->next_number, storage};
}

static void give_back(struct packet_pool *pool, struct packet_out *packet)
{
    struct wire *wire = wire_of(pool);
    struct wire_storage *storage = packet->owner;
    if (storage->room == USUAL_BYTES) {
        storage->next = wire->spare;
        wire->spare = storage;
    } else {
        free(storage);
    }
}

static const struct packet_ops wire_ops = {make, give_back, NULL};

void wire_init(struct wire *wire)
{
    *wire = (struct wire){.pool = {&wire_ops}};
}

void wire_release(struct wire *wire)
{
    while (wire->count > 0)
        wire_take(wire);
    while (wire->spare) {
        struct wire_storage *storage = wire->spare;
        wire->spare = storage->next;
        free(storage);
    }
    free(wire->sent);
}

static bool make_room(struct wire *wire)
{
    if (wire->count < wire->room)
        return true;
    if (wire->count == WIRE_LIMIT)
        return false;
    size_t room = wire->room ? wire->room * 2 : 64;
    struct wire_sent *sent = malloc(room * sizeof *sent);
    if (!sent)
        return false;
    for (size_t i = 0; i < wire->count; i++)
        sent[i] = wire->sent[(wire->first + i) & (wire->room - 1)];
    free(wire->sent);
    wire->sent = sent;
    wire->first = 0;
    wire->room = room;
    return true;
}

void wire_put(struct wire *wire, struct packet_out *packet, int64_t at)
{
    if (!make_room(wire)) {
        wire->lost++;
        packet_give_back(&wire->pool, packet);
        return;
    }
    wire->sent[(wire->first + wire->count++) & (wire->room - 1)] = (struct wire_sent){*packet, at};
    packet->owner = NULL;
}

const struct wire_sent *wire_oldest(const struct wire *wire)
{
    return wire->count > 0 ? &wire->sent[wire->first] : NULL;
}

void wire_take(struct wire *wire)
{
    packet_give_back(&wire->pool, &wire->sent[wire->first].packet);
    wire->first = (wire->first + 1) & (wire->room - 1);
    wire->count--;
}
