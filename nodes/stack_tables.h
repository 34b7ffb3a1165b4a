/* SPDX-License-Identifier: MIT
 * The tables that every stack offers, as rows for the list of a node type: {STACK_TABLES, its own, {0}}.
 * Words as in iproute2. */
#ifndef NETARIUM_NODES_STACK_TABLES_H
#define NETARIUM_NODES_STACK_TABLES_H

#include "nodes/apps/meter.h"
#include "nodes/dhcp.h"
#include "nodes/sockets.h"
#include "nodes/stack.h"
#include "nodes/stack_filter.h"
#include "nodes/stack_tcp.h"

bool stack_row_mac(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_route(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_counters(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_udp(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

/* clang-format off */
#define STACK_TABLES \
    {.name = "interfaces", \
     .summary = "the network interfaces", \
     .columns = {{"name", NT_UNIT_TEXT}, \
                 {"up", NT_UNIT_BOOL}, \
                 {"mac", NT_UNIT_MAC}, \
                 {"address", NT_UNIT_IPV4}, \
                 {"prefix", NT_UNIT_NONE}, \
                 {"mtu", NT_UNIT_BYTES}, \
                 {"sent", NT_UNIT_FRAMES}, \
                 {"received", NT_UNIT_FRAMES}, \
                 {"damaged", NT_UNIT_FRAMES}, \
                 {"misfits", NT_UNIT_FRAMES}, \
                 {"filtered", NT_UNIT_FRAMES}}, \
     .row = stack_row_interface}, \
    {.name = "arp", \
     .summary = "which Ethernet address belongs to which IP address, as far as known", \
     .columns = {{"address", NT_UNIT_IPV4}, \
                 {"interface", NT_UNIT_TEXT}, \
                 {"mac", NT_UNIT_MAC}, \
                 {"state", NT_UNIT_WORD, arp_state_words}, \
                 {"age", NT_UNIT_TIME}, \
                 {"held", NT_UNIT_FRAMES}}, \
     .row = stack_row_arp}, \
    {.name = "mac", \
     .summary = "CSMA/CD on the interfaces that share their cable", \
     .columns = NIC_MAC_COLUMNS, \
     .row = stack_row_mac}, \
    {.name = "ping", \
     .summary = "the pings that were started here", \
     .columns = {{"target", NT_UNIT_TEXT}, \
                 {"sent", NT_UNIT_NONE}, \
                 {"received", NT_UNIT_NONE}, \
                 {"duplicates", NT_UNIT_NONE}, \
                 {"errors", NT_UNIT_NONE}, \
                 {"rtt_min", NT_UNIT_TIME}, \
                 {"rtt_avg", NT_UNIT_TIME}, \
                 {"rtt_max", NT_UNIT_TIME}, \
                 {"running", NT_UNIT_BOOL}}, \
     .row = stack_row_ping}, \
    {.name = "routes", \
     .summary = "which way: the longest prefix wins, then the lowest metric", \
     .columns = {{"destination", NT_UNIT_IPV4}, \
                 {"prefix", NT_UNIT_NONE}, \
                 {"via", NT_UNIT_IPV4}, \
                 {"interface", NT_UNIT_TEXT}, \
                 {"metric", NT_UNIT_NONE}, \
                 {"source", NT_UNIT_WORD, route_source_words}, \
                 {"used", NT_UNIT_BOOL}}, \
     .row = stack_row_route}, \
    {.name = "ip", \
     .summary = "datagrams and ICMP errors, counted", \
     .columns = {{"sent", NT_UNIT_FRAMES}, \
                 {"received", NT_UNIT_FRAMES}, \
                 {"dropped", NT_UNIT_FRAMES}, \
                 {"refused", NT_UNIT_FRAMES}, \
                 {"errors_sent", NT_UNIT_NONE}, \
                 {"errors_received", NT_UNIT_NONE}, \
                 {"forwarded", NT_UNIT_FRAMES}, \
                 {"fragmented", NT_UNIT_FRAMES}}, \
     .row = stack_row_counters}, \
    {.name = "traffic", \
     .summary = "what applications sent to and received from each endpoint, measured", \
     .columns = METER_COLUMNS, \
     .row = meter_row}, \
    {.name = "sockets", .summary = "the sockets that are open", .columns = SOCKET_COLUMNS, .row = socket_row}, \
    {.name = "udp", \
     .summary = "UDP datagrams, counted", \
     .columns = {{"sent", NT_UNIT_NONE}, \
                 {"received", NT_UNIT_NONE}, \
                 {"dropped", NT_UNIT_NONE}, \
                 {"no_socket", NT_UNIT_NONE}, \
                 {"queue_full", NT_UNIT_NONE}, \
                 {"refused", NT_UNIT_NONE}}, \
     .row = stack_row_udp}, \
    STACK_TCP_TABLES, \
    DHCP_TABLES, \
    STACK_FILTER_TABLES
/* clang-format on */

#endif
