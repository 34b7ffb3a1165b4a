/* SPDX-License-Identifier: MIT
 * What can be seen of a stack: its interfaces, its ARP cache, its pings. Words as in iproute2. */
#include <stdio.h>
#include <string.h>

#include "nodes/apps/ping.h"
#include "nodes/sockets.h"
#include "nodes/stack_tables.h"

bool stack_row_interface(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    if (index >= stack->interface_count)
        return false;
    const struct stack_interface *interface = &stack->interfaces[index];
    const struct ipv4_interface *ip = &stack->ip.interfaces[index];
    struct ipv4_prefix first = {IPV4_ANY, 0};
    ipv4_address_at(&stack->ip, index, 0, &first); /* the others: `ip addr` */
    snprintf(cells[0].text, sizeof cells[0].text, "%s", interface->nic.port->name);
    cells[1].number = nic_can_send(&interface->nic);
    cells[2].number = (int64_t)mac_to_number(interface->nic.mac);
    cells[3].number = first.address.value;
    cells[4].number = first.length;
    cells[5].number = ip->mtu_bytes;
    cells[6].number = (int64_t)interface->nic.port->sent_frames;
    cells[7].number = (int64_t)interface->nic.port->received_frames;
    cells[8].number = (int64_t)interface->nic.damaged;
    cells[9].number = (int64_t)interface->nic.misfits;
    cells[10].number = (int64_t)interface->nic.filtered;
    return true;
}

bool stack_row_arp(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    for (uint32_t i = 0; i < stack->interface_count; i++) {
        const struct stack_interface *interface = &stack->interfaces[i];
        for (const struct arp_entry *entry = interface->arp.oldest; entry; entry = entry->newer) {
            if (index-- > 0)
                continue;
            cells[0].number = entry->address.value;
            snprintf(cells[1].text, sizeof cells[1].text, "%s", interface->nic.port->name);
            cells[2].number = (int64_t)mac_to_number(entry->mac);
            cells[3].number = entry->state;
            cells[4].number = nt_now(node) - entry->confirmed_at;
            cells[5].number = entry->held_count;
            return true;
        }
    }
    return false;
}

bool stack_row_ping(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    uint32_t count = 0;
    for (const struct ping *ping = stack->pings; ping; ping = ping->older)
        count++;
    if (index >= count)
        return false;
    const struct ping *ping = stack->pings; /* newest first; rows are oldest first */
    for (uint32_t i = count - 1; i > index; i--)
        ping = ping->older;
    ping_show(ping, cells);
    return true;
}

/* The CSMA/CD machines of the interfaces that share their cable. */
bool stack_row_mac(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    for (uint32_t i = 0; i < stack->interface_count; i++) {
        if (!nic_mac(&stack->interfaces[i].nic) || index-- > 0)
            continue;
        nic_show_mac(&stack->interfaces[i].nic, cells);
        return true;
    }
    return false;
}

/* The routing table, in the order of being added. */
bool stack_row_route(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    const struct route_row *row = routes_row(&stack->ip.routes, index);
    if (!row)
        return false;
    const struct route *route = &row->route;
    cells[0].number = route->prefix.address.value;
    cells[1].number = route->prefix.length;
    cells[2].number = route->next_hop.value;
    snprintf(cells[3].text, sizeof cells[3].text, "%s", stack->interfaces[route->interface].nic.port->name);
    cells[4].number = route->metric;
    cells[5].number = route->source;
    cells[6].number = row->is_live;
    return true;
}

/* One row of counters: what IP and ICMP have done. */
bool stack_row_counters(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    static const struct icmp_counters nothing_yet;
    const struct stack *stack = stack_of(node);
    const struct icmp_counters *icmp = stack->icmp ? &stack->icmp->icmp.counters : &nothing_yet;
    if (index > 0)
        return false;
    cells[0].number = (int64_t)stack->ip.counters.sent;
    cells[1].number = (int64_t)stack->ip.counters.received;
    cells[2].number = (int64_t)stack->ip.counters.dropped;
    cells[3].number = (int64_t)stack->ip.counters.refused;
    cells[4].number = (int64_t)icmp->errors_sent;
    cells[5].number = (int64_t)icmp->errors_received;
    cells[6].number = (int64_t)stack->ip.counters.forwarded;
    cells[7].number = (int64_t)stack->ip.counters.fragmented;
    return true;
}

bool stack_row_udp(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    static const struct udp_counters nothing_yet;
    const struct stack_udp *udp = stack_of(node)->udp;
    const struct udp_counters *counters = udp ? &udp->udp.counters : &nothing_yet;
    if (index > 0)
        return false;
    cells[0].number = (int64_t)counters->sent;
    cells[1].number = (int64_t)counters->received;
    cells[2].number = (int64_t)counters->dropped;
    cells[3].number = (int64_t)counters->no_socket;
    cells[4].number = (int64_t)counters->queue_full;
    cells[5].number = (int64_t)counters->refused;
    return true;
}

const struct nt_table stack_tables[] = {STACK_TABLES, {0}};
