/* SPDX-License-Identifier: MIT
 * Which rows of a node's tables a frame has to do with. */
#include "views/pictures/matching.h"

#include <string.h>

#include "sim/inspect.h"

#define ETHERNET 14
#define IPV4_LEAST 20

static uint64_t number_at(const uint8_t *bytes, unsigned count)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < count; i++)
        number = number << 8 | bytes[i];
    return number;
}

struct matching matching_of(const uint8_t *bytes, size_t length)
{
    struct matching matching = {.has_mac = length >= ETHERNET};
    if (!matching.has_mac)
        return matching;
    const uint8_t *packet = bytes + ETHERNET;
    size_t left = length - ETHERNET, header = left >= IPV4_LEAST ? (size_t)(packet[0] & 15) * 4 : 0;
    matching.mac[0] = number_at(bytes + 6, 6);
    matching.mac[1] = number_at(bytes, 6);
    if (number_at(bytes + 12, 2) != 0x0800 || header < IPV4_LEAST || left < header)
        return matching;
    matching.has_ip = true;
    matching.ip[0] = number_at(packet + 12, 4);
    matching.ip[1] = number_at(packet + 16, 4);
    bool is_first = !(packet[6] & 0x1f) && !packet[7];
    if (!is_first || left < header + 8)
        return matching;
    matching.has_ports = packet[9] == 6 || packet[9] == 17;
    matching.port[0] = number_at(packet + header, 2);
    matching.port[1] = number_at(packet + header + 2, 2);
    if (packet[9] == 1 && (packet[header] == 0 || packet[header] == 8)) { /* an echo's identifier is its port */
        matching.has_ports = true;
        matching.port[0] = matching.port[1] = number_at(packet + header + 4, 2);
    }
    return matching;
}

uint32_t matching_route(const struct matching *matching, const struct nt_node *node, const struct nt_table *table)
{
    int destination = inspect_column(table, "destination"), prefix = inspect_column(table, "prefix"),
        used = inspect_column(table, "used");
    struct nt_cell cells[NT_COLUMNS] = {0};
    uint32_t best = MATCHING_NO_ROW;
    int64_t longest = -1;
    if (!matching->has_ip || destination < 0 || prefix < 0 || table->columns[destination].unit != NT_UNIT_IPV4)
        return best;
    for (uint32_t row = 0; inspect_row(node, table, row, cells); row++) {
        int64_t length = cells[prefix].number;
        if (length < 0 || length > 32 || length <= longest || (used >= 0 && !cells[used].number))
            continue;
        uint64_t mask = length ? UINT64_C(0xffffffff) << (32 - length) & UINT64_C(0xffffffff) : 0;
        if ((((uint64_t)cells[destination].number ^ matching->ip[1]) & mask) == 0) {
            longest = length;
            best = row;
        }
    }
    return best;
}

/* An address of IPv4, and the port behind it if the column there is one and the frame has ports. */
static bool is_end(const struct matching *matching, const struct nt_table *table, int column,
                   const struct nt_cell *cells)
{
    const struct nt_field *next = column + 1 < NT_COLUMNS ? &table->columns[column + 1] : NULL;
    bool has_port = next && next->name && strstr(next->name, "port") && next->unit == NT_UNIT_NONE;
    for (int end = 0; end < 2; end++)
        if ((uint64_t)cells[column].number == matching->ip[end] && cells[column].number != 0 &&
            (!has_port || (matching->has_ports && (uint64_t)cells[column + 1].number == matching->port[end])))
            return true;
    return false;
}

bool matching_row(const struct matching *matching, const struct nt_table *table, uint32_t row,
                  const struct nt_cell *cells, uint32_t route)
{
    if (inspect_column(table, "destination") >= 0 && inspect_column(table, "prefix") >= 0)
        return row == route;
    if (strcmp(table->name, "interfaces") == 0 || strcmp(table->name, "ports") == 0)
        return false; /* its own addresses */
    int columns = inspect_column_count(table);
    for (int i = 0; i < columns; i++) {
        uint64_t number = (uint64_t)cells[i].number;
        if (table->columns[i].unit == NT_UNIT_IPV4 && matching->has_ip && is_end(matching, table, i, cells))
            return true;
        if (table->columns[i].unit == NT_UNIT_MAC && matching->has_mac && (i == 0 || !matching->has_ip) &&
            number != 0 && (number == matching->mac[0] || number == matching->mac[1]))
            return true; /* what a bridge knows; for a frame without IP also what a neighbour has */
    }
    return false;
}
