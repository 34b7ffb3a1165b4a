/* SPDX-License-Identifier: MIT
 * See ports.h. */
#include "protocols/nat/ports.h"

#include <assert.h>
#include <stddef.h>

#define LOW_FIRST 512 /* for inside ports under 1024: RFC 4787 REQ-3 a */
#define LOW_LAST 1023
#define EVEN_BITS UINT64_C(0x5555555555555555)

const char *const nat_assignment_words[] = {"sequential", "preserve", NULL};

void nat_ports_init(struct nat_ports *ports, uint16_t first, uint16_t last, bool are_numbers)
{
    assert(first <= last);
    *ports = (struct nat_ports){.first = first, .last = last, .are_numbers = are_numbers};
    ports->next[first & 1] = first;
    ports->next[!(first & 1)] = (uint16_t)(first < last ? first + 1 : first);
}

bool nat_ports_claim(struct nat_ports *ports, uint16_t port)
{
    uint64_t bit = UINT64_C(1) << port % 64;
    if (ports->taken[port / 64] & bit)
        return false;
    ports->taken[port / 64] |= bit;
    ports->taken_count++;
    return true;
}

void nat_ports_give_back(struct nat_ports *ports, uint16_t port)
{
    uint64_t bit = UINT64_C(1) << port % 64;
    assert(ports->taken[port / 64] & bit);
    ports->taken[port / 64] &= ~bit;
    ports->taken_count--;
}

/* The first free port in [from, to] with the parity of `parity`; 0: none. */
static uint16_t find_free(const struct nat_ports *ports, uint32_t from, uint32_t to, uint32_t parity)
{
    uint64_t wanted = ports->are_numbers ? UINT64_MAX : parity & 1 ? ~EVEN_BITS : EVEN_BITS;
    for (uint32_t word = from / 64; word <= to / 64; word++) {
        uint64_t free = ~ports->taken[word] & wanted;
        if (word == from / 64)
            free &= UINT64_MAX << from % 64;
        if (word == to / 64)
            free &= UINT64_MAX >> (63 - to % 64);
        if (free)
            return (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(free));
    }
    return 0;
}

/* From where the last search of this parity ended, once round the pool. */
static uint16_t find_next(struct nat_ports *ports, uint32_t parity)
{
    parity = ports->are_numbers ? ports->first : parity;
    uint16_t start = ports->next[parity & 1];
    uint16_t port = find_free(ports, start, ports->last, parity);
    if (!port && start > ports->first)
        port = find_free(ports, ports->first, start, parity);
    if (port)
        ports->next[parity & 1] = port < ports->last ? (uint16_t)(port + 1) : ports->first;
    return port;
}

uint16_t nat_ports_take(struct nat_ports *ports, uint16_t inside_port, enum nat_assignment assignment)
{
    uint16_t port = 0;
    bool is_low = inside_port > 0 && inside_port <= LOW_LAST && !ports->are_numbers;
    bool is_in_range =
        inside_port >= (is_low ? 1 : ports->first) && inside_port <= (is_low ? LOW_LAST : ports->last);
    if (assignment == NAT_PRESERVE && is_in_range && nat_ports_claim(ports, inside_port))
        return inside_port;
    if (is_low)
        port = find_free(ports, LOW_FIRST, LOW_LAST, inside_port); /* RFC 4787 REQ-3 a */
    if (!port)
        port = find_next(ports, inside_port); /* RFC 4787 REQ-4: the same parity, if there is one */
    if (!port)
        port = find_next(ports, inside_port + 1u);
    if (port)
        nat_ports_claim(ports, port);
    return port;
}
