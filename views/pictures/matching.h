/* SPDX-License-Identifier: MIT
 * Which rows of a node's tables a frame has to do with: the route by which it goes, what the switch knows of its ends, the
 * neighbour's address, the binding that translates it.
 *
 * Known of a table are the names and units of its columns, so a plug-in's tables are looked up like the built-in ones: a
 * "destination" with a "prefix" is a table of routes; an address of IPv4 with a port behind it is an end. */
#ifndef NETARIUM_VIEWS_MATCHING_H
#define NETARIUM_VIEWS_MATCHING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/netarium.h"

/* Both ends of a frame: 0 its source, 1 its destination. */
struct matching {
    bool has_mac, has_ip, has_ports;
    uint64_t mac[2], ip[2], port[2];
};

struct matching matching_of(const uint8_t *bytes, size_t length_bytes);

#define MATCHING_NO_ROW UINT32_MAX

/* The route by which it goes, if the table is one of routes. */
uint32_t matching_route(const struct matching *matching, const struct nt_node *node, const struct nt_table *table);

/* Has this row to do with it? `route` is what matching_route says. */
bool matching_row(const struct matching *matching, const struct nt_table *table, uint32_t row,
                  const struct nt_cell *cells, uint32_t route);

#endif
