/* SPDX-License-Identifier: MIT
 * A bridge's side of the spanning tree: messages are frames, states open and close ports. The protocol is in
 * protocols/bridge/stp.h. */
#include "nodes/bridge_parts.h"

#include <stdio.h>
#include <string.h>

/* ---- Packets are frames ---- */

static struct packet_out packet_from_frame(struct packet_pool *pool, size_t headroom_bytes,
                                           size_t length_bytes)
{
    struct bridge *bridge = NT_OWNER(pool, struct bridge, packets);
    struct nt_frame *frame = nt_frame_new(bridge->node, (uint32_t)headroom_bytes, (uint32_t)length_bytes);
    return (struct packet_out){frame->bytes, length_bytes, headroom_bytes, frame->id, frame};
}

static void packet_to_pool(struct packet_pool *pool, struct packet_out *packet)
{
    nt_frame_unref(NT_OWNER(pool, struct bridge, packets)->node, packet->owner);
}

static const struct packet_ops packet_ops = {packet_from_frame, packet_to_pool};

/* ---- What the protocol asks of us ---- */

static void tree_transmit(struct stp *stp, uint32_t port, struct packet_out *packet)
{
    struct nic *nic = &NT_OWNER(stp, struct bridge, stp)->ports[port].nic;
    struct ethernet_header header = {mac_from_number(RELAY_RESERVED), nic->mac,
                                     (uint16_t)packet->length_bytes};
    ethernet_prepend(packet, &header);
    struct nt_frame *frame = packet->owner;
    frame->bytes = packet->bytes;
    frame->length_bytes = (uint32_t)packet->length_bytes;
    packet->owner = NULL;
    nic_send(nic, frame);
}

static void tree_state(struct stp *stp, uint32_t port, enum stp_state state)
{
    static const uint8_t modes[] = {
        [STP_LEARNING] = RELAY_LEARNS, [STP_FORWARDING] = RELAY_LEARNS | RELAY_FORWARDS};
    relay_set_mode(&NT_OWNER(stp, struct bridge, stp)->relay, port, modes[state]); /* IEEE 802.1D 8.4 */
}

static void tree_changing(struct stp *stp, bool is_changing, int64_t forward_delay)
{
    struct bridge *bridge = NT_OWNER(stp, struct bridge, stp);
    int64_t ageing = bridge->relay.fdb.config.ageing_time;
    if (is_changing && forward_delay < ageing)
        ageing = forward_delay; /* IEEE 802.1D 7.9.2 */
    uint64_t told = env_tell(&bridge->env.env, &bridge_kinds[STP_TC], 0, is_changing, ageing);
    uint64_t cause = env_cause(&bridge->env.env);
    env_because(&bridge->env.env, told);
    fdb_set_ageing(&bridge->relay.fdb, ageing);
    env_because(&bridge->env.env, cause);
}

static const struct stp_ops tree_ops = {tree_transmit, tree_state, tree_changing};

/* ---- Making one ---- */

static struct stp_config config_of(const struct bridge *bridge)
{
    const struct nt_value *values = bridge->values;
    return (struct stp_config){values[BRIDGE_MAX_AGE].number, values[BRIDGE_HELLO].number,
                               values[BRIDGE_FORWARD_DELAY].number};
}

void bridge_tree_check_times(struct bridge *bridge)
{
    struct stp_config config = config_of(bridge);
    enum stp_settings settings = stp_settings_check(&config);
    if (settings == STP_MAX_AGE_TOO_LONG)
        nt_refuse(bridge->node, "max-age",
                  "a max-age of %s is too long for a forward-delay of %s: ports could forward before the "
                  "last bridge has forgotten "
                  "the old root. At most 2 x (forward-delay - 1 s) (IEEE 802.1D 8.10.2)",
                  bridge->values[BRIDGE_MAX_AGE].text, bridge->values[BRIDGE_FORWARD_DELAY].text);
    if (settings == STP_MAX_AGE_TOO_SHORT)
        nt_refuse(
            bridge->node, "max-age",
            "a max-age of %s is too short for a hello of %s: one lost message would look like a lost root. "
            "At least 2 x (hello + 1 s) (IEEE 802.1D 8.10.2)",
            bridge->values[BRIDGE_MAX_AGE].text, bridge->values[BRIDGE_HELLO].text);
}

/* What `values` (a map by port name) says of a port, or `otherwise`. */
static int64_t value_for(const struct nt_value *map, const struct nt_port *port, int64_t otherwise)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (strcmp(map->items[i].key, port->name) == 0)
            return map->items[i].number;
    return otherwise;
}

void bridge_tree_init(struct bridge *bridge)
{
    const struct nt_value *values = bridge->values;
    struct stp_config config = config_of(bridge);
    uint32_t count = bridge->node->port_count;
    struct mac_address address = count ? bridge->ports[0].nic.mac : mac_none;
    bridge->packets.ops = &packet_ops;
    stp_init(&bridge->stp, &bridge->env.env, bridge->places, count, &tree_ops, &bridge->packets, &config,
             bridge_id_of((uint16_t)values[BRIDGE_PRIORITY].number, address));
    for (uint32_t i = 0; i < count; i++)
        stp_set_port_id(&bridge->stp, i,
                        (uint8_t)value_for(&values[BRIDGE_PORT_PRIORITY], bridge->node->ports[i],
                                           STP_PORT_PRIORITY_DEFAULT),
                        (uint16_t)(bridge->ports[i].number + 1));
}

/* ---- Running ---- */

void bridge_tree_line(struct bridge *bridge, uint32_t index)
{
    const struct nt_port *port = bridge->node->ports[index];
    if (port->is_up)
        stp_enable_port(
            &bridge->stp, index,
            (uint32_t)value_for(&bridge->values[BRIDGE_PORT_COST], port, stp_cost_for(port->rate_bps)));
    else
        stp_disable_port(&bridge->stp, index);
}

void bridge_tree_hear(struct bridge *bridge, uint32_t port, struct nt_frame *frame)
{
    uint16_t type_or_length = bytes_u16(frame->bytes + 2 * MAC_BYTES);
    bool is_bpdu =
        bridge_key(frame->bytes) == RELAY_RESERVED && ethernet_meaning(type_or_length) == ETHERNET_IS_LENGTH;
    if (!bridge->has_stp || !is_bpdu) {
        nt_discard(bridge->node->ports[port], frame, "bridges do not forward this address"); /* 7.12.6 */
        return;
    }
    struct packet packet = nic_payload(frame);
    if (!ethernet_length_fits(type_or_length, packet.length_bytes)) {
        nt_discard(bridge->node->ports[port], frame, "its length is not what it says"); /* IEEE 802.3 3.4 (a) */
        return;
    }
    if (type_or_length < packet.length_bytes)
        packet.length_bytes = type_or_length; /* what follows is padding */
    stp_receive(&bridge->stp, port, packet);
    nt_frame_unref(bridge->node, frame);
}
