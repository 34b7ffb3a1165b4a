/* SPDX-License-Identifier: MIT
 * See ways.h. */
#include "protocols/ipv4/ways.h"

#include "sim/base/bytes.h"
#include "sim/base/hash.h"

#include <string.h>

#define TCP 6
#define UDP 17
#define PIECE 0x3fff /* more fragments, or an offset */

struct ipv4_flow ipv4_flow_of(const uint8_t *bytes, size_t length_bytes)
{
    struct ipv4_flow flow = {{bytes_u32(bytes + 12)}, {bytes_u32(bytes + 16)}, 0, bytes[9]};
    size_t header_bytes = (bytes[0] & 15u) * 4u;
    bool is_piece = bytes_u16(bytes + 6) & PIECE;
    if ((flow.protocol == TCP || flow.protocol == UDP) && !is_piece && header_bytes + 4 <= length_bytes)
        flow.ports = bytes_u32(bytes + header_bytes);
    return flow;
}

uint32_t ipv4_ways_seed(const char *name)
{
    return (uint32_t)mix64(fnv1a64(name, strlen(name)));
}

uint32_t ipv4_flow_hash(const struct ipv4_flow *flow, uint32_t seed)
{
    uint64_t hash = mix64((uint64_t)flow->source.value << 32 | flow->destination.value);
    hash = mix64(hash ^ ((uint64_t)flow->ports << 8 | flow->protocol));
    return (uint32_t)(mix64(hash ^ (uint64_t)seed << 32 ^ seed) >> 32);
}

static const struct route_row *row_after(const struct routes *routes, const struct route_row *row)
{
    return row->next == ROUTES_NONE ? NULL : &routes->rows[row->next];
}

static bool is_beside(const struct route_row *row, const struct route *first)
{
    return row && row->route.weight && row->route.metric == first->metric;
}

const struct route *routes_spread(const struct routes *routes, const struct route *first, uint32_t hash)
{
    const struct route_row *start = (const struct route_row *)(const void *)first, *row;
    uint64_t total = 0;
    for (row = start; is_beside(row, first); row = row_after(routes, row))
        total += row->route.weight;
    uint64_t place = hash * total >> 32; /* RFC 2992 section 2.1: the line is cut into pieces */
    for (row = start; is_beside(row, first) && place >= row->route.weight; row = row_after(routes, row))
        place -= row->route.weight;
    return &row->route;
}
