/* SPDX-License-Identifier: MIT
 * A table by both ends, with open addressing. Nobody goes through it in its order, so that does not matter. */
#include "protocols/dissect/flows.h"

#include <stddef.h>

#define FLOWS_LEAST 16

void dissect_flows_init(struct dissect_flows *flows, struct memory memory)
{
    *flows = (struct dissect_flows){.memory = memory};
}

static struct dissect_flow *resize(const struct dissect_flows *flows, struct dissect_flow *old, uint32_t from,
                                   uint32_t to)
{
    return flows->memory.resize(flows->memory.context, old, from * sizeof *old, to * sizeof *old);
}

void dissect_flows_release(struct dissect_flows *flows)
{
    if (flows->capacity)
        resize(flows, flows->places, flows->capacity, 0);
    dissect_flows_init(flows, flows->memory);
}

static uint32_t hash_of(const struct dissect_ends *ends)
{
    uint64_t hash = (uint64_t)ends->address[0] << 32 | ends->address[1];
    hash ^= ((uint64_t)ends->port[0] << 16 | ends->port[1]) * UINT64_C(0x9e3779b97f4a7c15);
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return (uint32_t)(hash >> 32);
}

static bool is_same(const struct dissect_ends *a, const struct dissect_ends *b)
{
    return a->address[0] == b->address[0] && a->address[1] == b->address[1] && a->port[0] == b->port[0] &&
           a->port[1] == b->port[1];
}

/* The place of these ends, or the free one where they belong. There always is a free one. */
static struct dissect_flow *place_of(struct dissect_flow *places, uint32_t capacity,
                                     const struct dissect_ends *ends)
{
    uint32_t at = hash_of(ends) & (capacity - 1);
    while (places[at].is_used && !is_same(&places[at].ends, ends))
        at = (at + 1) & (capacity - 1);
    return &places[at];
}

/* Moves everything with a mark up to `last` to a table of `capacity` places. */
static bool rebuild(struct dissect_flows *flows, uint32_t capacity, uint64_t last)
{
    struct dissect_flow *places = resize(flows, NULL, 0, capacity);
    if (!places)
        return false;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < capacity; i++)
        places[i] = (struct dissect_flow){0};
    for (uint32_t i = 0; i < flows->capacity; i++) {
        const struct dissect_flow *flow = &flows->places[i];
        if (!flow->is_used || flow->mark > last)
            continue;
        *place_of(places, capacity, &flow->ends) = *flow;
        kept++;
    }
    if (flows->capacity)
        resize(flows, flows->places, flows->capacity, 0);
    flows->places = places;
    flows->capacity = capacity;
    flows->count = kept;
    return true;
}

struct dissect_flow *dissect_flows_find(const struct dissect_flows *flows, const struct dissect_ends *ends)
{
    if (!flows->capacity)
        return NULL;
    struct dissect_flow *place = place_of(flows->places, flows->capacity, ends);
    return place->is_used ? place : NULL;
}

struct dissect_flow *dissect_flows_begin(struct dissect_flows *flows, const struct dissect_ends *ends)
{
    struct dissect_flow *known = dissect_flows_find(flows, ends);
    bool is_full = flows->count + 1 > flows->capacity / 2;
    if (known)
        return known;
    if (is_full && !rebuild(flows, flows->capacity ? flows->capacity * 2 : FLOWS_LEAST, UINT64_MAX))
        return NULL;
    struct dissect_flow *place = place_of(flows->places, flows->capacity, ends);
    *place =
        (struct dissect_flow){.ends = *ends, .number = flows->count++, .mark = flows->mark, .is_used = true};
    return place;
}

void dissect_flows_cut(struct dissect_flows *flows, uint64_t last)
{
    if (flows->capacity && !rebuild(flows, flows->capacity, last))
        dissect_flows_release(flows);
}
