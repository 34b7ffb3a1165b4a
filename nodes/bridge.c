/* SPDX-License-Identifier: MIT
 * A bridge: joins LANs by forwarding frames between them, and only where they are needed. A switch is the
 * same with many ports.
 *
 *     port0  --->  nic_accept       whole? else it ends here
 *                      |
 *                    relay          who is where, where to?      protocols/bridge/relay.h
 *                      |            may the port do that?        protocols/bridge/stp.h
 *                      v
 *     port1  <---  bridge_pass      the same bytes, a reference for each port      bridge_send.c
 *     port2  <---
 *
 * It changes nothing: the bytes that leave are those that came, the check sequence included (IEEE
 * 802.1D 6.3). Waiting is the cables' affair: an output queue is the queue of the link, or of the interface
 * where a line is half duplex, and drops with its reason (IEEE 802.1D 7.7.3). So a frame costs one event a
 * hop, as on a cable between two hosts.
 *
 * The spanning tree is off unless a scenario says "stp": true. A real bridge has it on; here a loop of cables
 * shall show what it is there for. Without it BPDUs end here as well, because of their address.
 *
 * Each port has an Ethernet address of its own (7.12.2), the lowest port's is part of the bridge's identifier
 * (7.12.5). Simplified: one spanning tree, no VLANs; no management agent, so what is addressed to a port is
 * flooded like anything unknown. */
#include "nodes/bridge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nodes/bridge_parts.h"

static void bridge_create(struct nt_node *node, const struct nt_value *values)
{
    struct bridge *bridge = node->state;
    bridge->node = node;
    bridge->values = values;
    bridge->has_stp = values[BRIDGE_STP].number;
    bridge->latency = values[BRIDGE_LATENCY].number;
    bridge->most_bytes = (uint32_t)values[BRIDGE_MTU].number + ETHERNET_HEADER + ETHERNET_FCS;
    bridge->cut_bits = values[BRIDGE_MODE].number ? (uint32_t)values[BRIDGE_AFTER].number : 0;
    nic_declare(node);
    node_env_init(&bridge->env, node, "bridge", bridge_kinds, BRIDGE_FACTS);
    bridge_tree_check_times(bridge);
    if (values[BRIDGE_MAC].is_given) {
        struct mac_address mac = mac_from_number((uint64_t)values[BRIDGE_MAC].number);
        nt_claim(node, "mac", mac.bytes, MAC_BYTES, values[BRIDGE_MAC].text);
    }
}

/* ---- Before time starts ---- */

static uint32_t index_of_port(const struct nt_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (strcmp(node->ports[i]->name, name) == 0)
            return i;
    return FDB_NOWHERE;
}

/* Every key of a map of ports must be a port with a cable. */
static void check_port_names(struct bridge *bridge, enum bridge_param param)
{
    const struct nt_value *map = &bridge->values[param];
    for (uint32_t i = 0; i < map->count; i++)
        if (index_of_port(bridge->node, map->items[i].key) == FDB_NOWHERE)
            nt_refuse(bridge->node, bridge_params[param].name,
                      "no cable is plugged into a port \"%.40s\" of %s", map->items[i].key,
                      bridge->node->name);
}

static void add_static_entries(struct bridge *bridge)
{
    const struct nt_value *map = &bridge->values[BRIDGE_STATIC];
    for (uint32_t i = 0; i < map->count; i++) {
        const struct nt_value *item = &map->items[i];
        uint32_t port = index_of_port(bridge->node, item->text ? item->text : "");
        struct mac_address address;
        if (!mac_parse(item->key, &address) || mac_is_group(address))
            nt_refuse(bridge->node, "static",
                      "expected a station's Ethernet address such as \"02:00:00:00:00:01\", found \"%.40s\"",
                      item->key);
        else if (port == FDB_NOWHERE)
            nt_refuse(bridge->node, "static", "no cable is plugged into a port \"%.40s\" of %s", item->text,
                      bridge->node->name);
        else if (!fdb_add_static(&bridge->relay.fdb, bridge_key(address.bytes), port))
            nt_refuse(bridge->node, "static", "there are more static addresses than the table holds, %u",
                      bridge->relay.fdb.config.limit);
    }
}

static void port_init(struct bridge *bridge, uint32_t index)
{
    struct nt_port *socket = bridge->node->ports[index];
    struct bridge_port *port = &bridge->ports[index];
    const struct nt_value *values = bridge->values;
    char stream[32];
    bool is_given = index == 0 && values[BRIDGE_MAC].is_given;
    nic_init(&port->nic, socket,
             is_given ? mac_from_number((uint64_t)values[BRIDGE_MAC].number) : nic_choose_mac(socket),
             (uint32_t)values[BRIDGE_MTU].number);
    nic_set_takes_all(&port->nic, true);
    socket->head_bits = bridge->cut_bits;
    port->number = (uint32_t)strtoul(socket->name + strlen(BRIDGE_PORT_PREFIX), NULL, 10);
    snprintf(stream, sizeof stream, "bridge/%u", index);
    node_env_init(&port->env, bridge->node, stream, bridge_kinds, BRIDGE_FACTS);
    port->env.port = socket;
    bridge->places[index] = &port->env.env;
}

static void bridge_check(struct nt_node *node)
{
    struct bridge *bridge = node->state;
    const struct nt_value *values = bridge->values;
    struct fdb_config config = {values[BRIDGE_AGEING].number, (uint32_t)values[BRIDGE_TABLE_SIZE].number,
                                (enum fdb_overflow)values[BRIDGE_OVERFLOW].number};
    bridge->ports = nt_new(node, (node->port_count + 1) * sizeof *bridge->ports);
    bridge->places = nt_new(node, (node->port_count + 1) * sizeof *bridge->places);
    for (uint32_t i = 0; i < node->port_count; i++)
        port_init(bridge, i);
    relay_init(&bridge->relay, &bridge->env.env, bridge->places, node->port_count, &config);
    bridge_send_init(bridge);
    add_static_entries(bridge);
    check_port_names(bridge, BRIDGE_PORT_COST);
    check_port_names(bridge, BRIDGE_PORT_PRIORITY);
    if (bridge->has_stp)
        bridge_tree_init(bridge);
    if (node->port_count < 2)
        nt_warn(node, NULL, "%s joins nothing: it has %u cable%s", node->name, node->port_count,
                node->port_count == 1 ? "" : "s");
}

static void switch_check(struct nt_node *node)
{
    const struct nt_value *ports = &bridge_of(node)->values[BRIDGE_PORTS];
    for (uint32_t i = 0; i < node->port_count; i++)
        if (node->port_count > ports->number ||
            strtol(node->ports[i]->name + strlen(BRIDGE_PORT_PREFIX), NULL, 10) >= ports->number) {
            nt_refuse(node, "ports",
                      "%s has %lld ports and is cabled for more; give it \"ports\": a greater number",
                      node->name, (long long)ports->number);
            break;
        }
    bridge_check(node);
}

/* ---- Running ---- */

static void bridge_start(struct nt_node *node)
{
    struct bridge *bridge = node->state;
    if (bridge->has_stp)
        stp_start(&bridge->stp);
}

static void bridge_line(struct nt_node *node, struct nt_port *port)
{
    struct bridge *bridge = node->state;
    nic_line(&bridge->ports[port->index].nic);
    if (bridge->has_stp)
        bridge_tree_line(bridge, port->index);
    else
        relay_set_mode(&bridge->relay, port->index, port->is_up ? RELAY_LEARNS | RELAY_FORWARDS : 0);
    if (!port->is_up) /* Beyond the standard, which would age them: nobody can be there any more. */
        fdb_forget(&bridge->relay.fdb, port->index, BRIDGE_FORGET_LINE);
}

/* Whole, and neither too short nor too long? Looks only at what is at hand; nic_accept says what is wrong. */
static inline bool is_fine(const struct bridge *bridge, const struct nt_frame *frame)
{
    return !(frame->flags & NT_FRAME_DAMAGED) && frame->length_bytes >= ETHERNET_MIN &&
           frame->length_bytes <= bridge->most_bytes;
}

/* Cut-through: has this frame, which is all in now, left already? */
static bool take_cut(struct bridge_port *in, const struct nt_frame *frame)
{
    bool has_left = in->cut_frame == frame->id;
    in->cut_frame = 0;
    return has_left;
}

static void bridge_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct bridge *bridge = node->state;
    struct ethernet_header header;
    uint32_t in = port->index;
    bool has_left = bridge->cut_bits && take_cut(&bridge->ports[in], frame);
    if (bridge->cut_bits && bridge_pass_damaged(bridge, in, frame, has_left))
        return;
    if (!is_fine(bridge, frame) && !nic_accept(&bridge->ports[in].nic, frame, &header))
        return; /* IEEE 802.1D 7.5: what is damaged is not forwarded */
    uint64_t destination = bridge_key(frame->bytes), source = bridge_key(frame->bytes + MAC_BYTES);
    if (relay_is_reserved(destination)) {
        bridge_tree_hear(bridge, in, frame);
        return;
    }
    relay_learn(&bridge->relay, in, source, frame->id);
    if (has_left)
        nt_frame_unref(node, frame);
    else
        bridge_pass(bridge, in, frame, relay_choose(&bridge->relay, in, destination, frame->id));
}

static void bridge_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    struct bridge *bridge = node->state;
    if (sense->what == NT_SENSE_HEAD)
        bridge_head(bridge, port->index, sense->frame);
    else
        nic_sense(&bridge->ports[port->index].nic, sense);
}

static uint64_t bridge_held(const struct nt_node *node)
{
    const struct bridge *bridge = node->state;
    uint64_t held = 0;
    for (uint32_t i = 0; bridge->ports && i < node->port_count; i++)
        held += nic_held(&bridge->ports[i].nic);
    return held;
}

#define BRIDGE_CALLBACKS                                                                                     \
    .port_prefix = BRIDGE_PORT_PREFIX, .max_ports = BRIDGE_PORTS_MOST, .state_bytes = sizeof(struct bridge), \
    .tables = bridge_tables, .commands = bridge_commands, .create = bridge_create, .start = bridge_start,    \
    .receive = bridge_receive, .sense = bridge_sense, .line = bridge_line, .held = bridge_held

const struct nt_node_type bridge_type = {.size = sizeof(struct nt_node_type),
                                         .name = "bridge",
                                         .summary =
                                             "joins LANs and forwards frames only where they are needed",
                                         .params = bridge_params,
                                         .check = bridge_check,
                                         BRIDGE_CALLBACKS};

const struct nt_node_type switch_type = {.size = sizeof(struct nt_node_type),
                                         .name = "switch",
                                         .summary = "a bridge with many ports, one for each station",
                                         .params = switch_params,
                                         .check = switch_check,
                                         BRIDGE_CALLBACKS};
