/* SPDX-License-Identifier: MIT
 * A transparent firewall: a bridge that reads what it passes on. It has no address and is no hop; those on
 * both sides do not know that it is there, until something does not arrive.
 *
 *     eth0  --->  whole?  --->  relay: who is where, where to?  --->  IP?  --no--------------->  eth1
 *                                                                      '--yes--> chain forward --->
 *
 * Frames that are not IP (ARP above all) pass unread. A frame for all ports is judged for each of them. Rules
 * are those of protocols/firewall/rule.h in the one chain that a bridge has, forward; "reject" is refused
 * when the file is read, for who has no address cannot answer.
 *
 * Simplified: pieces are not put together here; they have no ports, so that a rule which asks for ports does
 * not match them, and their state is invalid. No spanning tree: BPDUs end here as at any bridge without one.
 */
#include "nodes/bridge_firewall.h"

#include <stdio.h>

#include "nodes/nic.h"
#include "nodes/stack_filter.h"
#include "protocols/bridge/relay.h"
#include "protocols/match/layers.h"

#define PORTS_MOST 64

struct bridge_firewall_port {
    struct nic nic;
    struct node_env env; /* for facts about this port */
};

struct bridge_firewall {
    struct nt_node *node;
    const struct nt_value *values;
    struct node_env env;                /* for facts about the bridge as a whole */
    struct bridge_firewall_port *ports; /* by port index */
    struct env **places;                /* by port index: the ports' environments */
    struct relay relay;
    struct stack_filter *filter; /* NULL: no rules, a bridge like any other */
    uint64_t passed, dropped;    /* IP packets */
};

enum { PARAM_FIREWALL, PARAM_MTU };

static const struct nt_param firewall_params[] = {STACK_FIREWALL_PARAM,
                                                  {.name = "mtu",
                                                   .kind = NT_PARAM_BYTES,
                                                   .default_text = "1500",
                                                   .least = 68,
                                                   .most = 65535,
                                                   .summary = "largest IP datagram that it passes on"},
                                                  {0}};

static struct bridge_firewall *wall_of(const struct nt_node *node)
{
    return node->state;
}

/* ---- Loading ---- */

static void wall_create(struct nt_node *node, const struct nt_value *values)
{
    struct bridge_firewall *wall = wall_of(node);
    wall->node = node;
    wall->values = values;
    nic_declare(node);
    node_env_init(&wall->env, node, "bridge", bridge_kinds, BRIDGE_FACTS);
    wall->filter = stack_filter_new(node, &values[PARAM_FIREWALL]);
}

/* What a bridge cannot do: stand at other hooks, and answer. */
static void check_rules(struct bridge_firewall *wall)
{
    const struct nt_value *list = &wall->values[PARAM_FIREWALL];
    char storage[200], param[32];
    for (uint32_t i = 0; i < list->count; i++) {
        struct firewall_line line;
        struct text why = text_in(storage, sizeof storage);
        if (!list->items[i].text || !firewall_read(list->items[i].text, &line, &why))
            continue;
        snprintf(param, sizeof param, "firewall[%u]", i);
        if (line.chain != IPV4_FORWARD)
            nt_refuse(wall->node, param, "a firewall between two cables has one chain, forward; it has no %s",
                      ipv4_hook_words[line.chain]);
        else if (!line.is_policy && line.rule.verdict == FIREWALL_REJECT)
            nt_refuse(wall->node, param,
                      "a firewall between two cables has no address to answer from; write drop");
    }
}

static void port_init(struct bridge_firewall *wall, uint32_t index)
{
    struct nt_port *socket = wall->node->ports[index];
    struct bridge_firewall_port *port = &wall->ports[index];
    char stream[32];
    nic_init(&port->nic, socket, nic_choose_mac(socket), (uint32_t)wall->values[PARAM_MTU].number);
    nic_set_takes_all(&port->nic, true);
    snprintf(stream, sizeof stream, "bridge/%u", index);
    node_env_init(&port->env, wall->node, stream, bridge_kinds, BRIDGE_FACTS);
    port->env.port = socket;
    wall->places[index] = &port->env.env;
}

static void wall_check(struct nt_node *node)
{
    struct bridge_firewall *wall = wall_of(node);
    struct fdb_config config = {300 * NT_SECOND, 8192, FDB_IGNORE}; /* IEEE 802.1D 7.9.2 */
    wall->ports = nt_new(node, (node->port_count + 1) * sizeof *wall->ports);
    wall->places = nt_new(node, (node->port_count + 1) * sizeof *wall->places);
    for (uint32_t i = 0; i < node->port_count; i++)
        port_init(wall, i);
    relay_init(&wall->relay, &wall->env.env, wall->places, node->port_count, &config);
    check_rules(wall);
    if (wall->filter)
        stack_filter_bind(wall->filter, node, &wall->values[PARAM_FIREWALL]);
    if (node->port_count < 2)
        nt_warn(node, NULL, "%s stands between nothing: it has %u cable%s", node->name, node->port_count,
                node->port_count == 1 ? "" : "s");
}

/* ---- Judging ---- */

/* May the IP packet inside pass from port to port? Told by the firewall. */
static bool may_pass(struct bridge_firewall *wall, uint32_t in, uint32_t out, const struct layers *layers,
                     uint64_t frame)
{
    struct stack_filter *filter = wall->filter;
    size_t bytes =
        layers->ipv4.total_bytes < layers->network_bytes ? layers->ipv4.total_bytes : layers->network_bytes;
    enum firewall_verdict verdict;
    struct firewall_packet packet = {.bytes = layers->network,
                                     .length_bytes = bytes,
                                     .header = &layers->ipv4,
                                     .in = in,
                                     .out = out,
                                     .frame = frame,
                                     .view = flow_read(layers->network, bytes, &layers->ipv4),
                                     .conntrack = filter->firewall.conntrack};
    firewall_judge(&filter->firewall, IPV4_FORWARD, &packet, &verdict);
    bool passes = verdict == FIREWALL_ACCEPT;
    if (passes && filter->firewall.conntrack)
        passes = conntrack_take(filter->firewall.conntrack, &packet.view, bytes, frame);
    wall->passed += passes;
    wall->dropped += !passes;
    return passes;
}

/* To one port, if the rules allow it. Borrows the frame. */
static bool send(struct bridge_firewall *wall, uint32_t in, uint32_t out, struct nt_frame *frame,
                 const struct layers *layers)
{
    uint64_t before = nt_cause(wall->node);
    bool passes = !wall->filter || !layers->is_ipv4 || may_pass(wall, in, out, layers, frame->id);
    if (passes)
        nic_send_sealed(&wall->ports[out].nic, nt_frame_ref(frame));
    else
        nt_discard(wall->node->ports[in], nt_frame_ref(frame), "the firewall has a rule against it");
    nt_because(wall->node, before);
    return passes;
}

static void pass_on(struct bridge_firewall *wall, uint32_t in, struct nt_frame *frame,
                    struct relay_verdict verdict)
{
    struct layers layers;
    layers_of(frame->bytes, frame->length_bytes - ETHERNET_FCS, &layers);
    if (wall->filter && layers.type == ETHERNET_TYPE_IPV4 && !layers.is_ipv4) {
        nt_discard(wall->node->ports[in], frame, "an IP header that nobody can read");
        return;
    }
    if (verdict.action == RELAY_TO_PORT)
        send(wall, in, verdict.port, frame, &layers);
    for (uint32_t i = 0; verdict.action == RELAY_FLOOD && i < wall->node->port_count; i++)
        if (i != in && relay_forwards(&wall->relay, i))
            send(wall, in, i, frame, &layers);
    nt_frame_unref(wall->node, frame);
}

/* ---- Running ---- */

static uint64_t key_of(struct mac_address address)
{
    return (uint64_t)bytes_u16(address.bytes) << 32 | bytes_u32(address.bytes + 2);
}

static void wall_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct bridge_firewall *wall = wall_of(node);
    struct ethernet_header header;
    if (!nic_accept(&wall->ports[port->index].nic, frame, &header)) /* IEEE 802.1D 7.5 */
        return;
    uint64_t destination = key_of(header.destination);
    if (relay_is_reserved(destination)) { /* IEEE 802.1D 7.12.6 */
        nt_frame_unref(node, frame);
        return;
    }
    relay_learn(&wall->relay, port->index, key_of(header.source), frame->id);
    pass_on(wall, port->index, frame, relay_choose(&wall->relay, port->index, destination, frame->id));
}

static void wall_line(struct nt_node *node, struct nt_port *port)
{
    struct bridge_firewall *wall = wall_of(node);
    nic_line(&wall->ports[port->index].nic);
    relay_set_mode(&wall->relay, port->index, port->is_up ? RELAY_LEARNS | RELAY_FORWARDS : 0);
}

static void wall_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    nic_sense(&wall_of(node)->ports[port->index].nic, sense);
}

static uint64_t wall_held(const struct nt_node *node)
{
    const struct bridge_firewall *wall = wall_of(node);
    uint64_t held = 0;
    for (uint32_t i = 0; wall->ports && i < node->port_count; i++)
        held += nic_held(&wall->ports[i].nic);
    return held;
}

/* ---- What can be seen ---- */

static bool row_rule(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    return stack_filter_show_rule(wall_of(node)->filter, index, cells);
}

static bool row_flow(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    return stack_filter_show_flow(node, wall_of(node)->filter, index, cells);
}

static bool row_filter(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    cells[0].number = (int64_t)wall_of(node)->passed;
    cells[1].number = (int64_t)wall_of(node)->dropped;
    return index == 0;
}

static const struct nt_table firewall_tables[] = {
    {.name = "rules",
     .summary = "the firewall, rule by rule, and what each has decided",
     .columns = STACK_RULE_COLUMNS,
     .row = row_rule},
    {.name = "flows",
     .summary = "the connections that the firewall remembers",
     .columns = STACK_FLOW_COLUMNS,
     .row = row_flow},
    {.name = "filter",
     .summary = "IP packets judged, counted",
     .columns = {{"passed", NT_UNIT_FRAMES}, {"dropped", NT_UNIT_FRAMES}},
     .row = row_filter},
    {0}};

const struct nt_node_type firewall_type = {.size = sizeof(struct nt_node_type),
                                           .name = "firewall",
                                           .summary = "a bridge that passes on what its rules allow",
                                           .params = firewall_params,
                                           .port_prefix = "eth",
                                           .max_ports = PORTS_MOST,
                                           .state_bytes = sizeof(struct bridge_firewall),
                                           .tables = firewall_tables,
                                           .create = wall_create,
                                           .check = wall_check,
                                           .receive = wall_receive,
                                           .line = wall_line,
                                           .sense = wall_sense,
                                           .held = wall_held};
