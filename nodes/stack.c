/* SPDX-License-Identifier: MIT
 * See stack.h. */
#include "nodes/stack.h"

#include <stdio.h>
#include <string.h>

#include "nodes/dhcp.h"
#include "nodes/sockets.h"
#include "nodes/stack_tcp.h"
#include "protocols/ipv4/ways.h"

static const struct nt_kind ping_rtt_kind = {.name = "ping.rtt",
                                             .sentence = "the echo took {rtt} there and back",
                                             .flags = NT_KIND_GAUGE,
                                             .fields = {{"rtt", NT_UNIT_TIME}, {"sequence", NT_UNIT_NONE}}};

/* ---- Packets are frames ---- */

static struct packet_out packet_from_frame(struct packet_pool *pool, size_t headroom_bytes,
                                           size_t length_bytes)
{
    struct stack *stack = NT_OWNER(pool, struct stack, packets);
    struct nt_frame *frame = nt_frame_new(stack->node, (uint32_t)headroom_bytes, (uint32_t)length_bytes);
    return (struct packet_out){frame->bytes, length_bytes, headroom_bytes, frame->id, frame};
}

static void packet_to_pool(struct packet_pool *pool, struct packet_out *packet)
{
    nt_frame_unref(NT_OWNER(pool, struct stack, packets)->node, packet->owner);
}

/* The frame that is arriving becomes the packet: the same bytes, unless somebody else holds it too. */
static bool frame_to_packet(struct packet_pool *pool, const struct packet *packet, struct packet_out *ret_packet)
{
    struct stack *stack = NT_OWNER(pool, struct stack, packets);
    struct nt_frame *frame = stack->arriving;
    if (!frame || frame->id != packet->frame || frame->references > 1)
        return false;
    size_t offset = (size_t)(packet->bytes - frame->bytes);
    uint16_t tail_bytes = frame->tail_bytes;
    stack->arriving = NULL;
    frame = nt_frame_writable(stack->node, frame);
    frame->tail_bytes = tail_bytes; /* the bytes are the same still */
    *ret_packet = (struct packet_out){frame->bytes + offset, packet->length_bytes, offset, frame->id, frame};
    return true;
}

static void frame_know(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes,
                       uint16_t tail_sum)
{
    struct nt_frame *frame = packet->owner;
    (void)pool;
    size_t end = (size_t)(packet->bytes + packet->length_bytes - (uint8_t *)(frame + 1));
    frame->tail_bytes = end <= UINT16_MAX ? (uint16_t)tail_bytes : 0;
    frame->tail_sum = tail_sum;
    frame->tail_end = (uint16_t)end;
}

/* Frames come back as they went. Many streams carry zeros, as those of most measurements do; these need not be written again
 * and again, which would bring every line of every frame through the cache. */
static bool frame_is_zero(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes)
{
    struct nt_frame *frame = packet->owner;
    size_t end = (size_t)(packet->bytes + packet->length_bytes - (uint8_t *)(frame + 1));
    size_t zeros = frame->spare_zeros;
    (void)pool;
    frame->spare_zeros = 0;
    return zeros && end <= frame->tail_end && end - tail_bytes >= frame->tail_end - zeros;
}

static const struct packet_ops stack_packet_ops = {packet_from_frame, packet_to_pool, frame_to_packet, frame_know,
                                                     frame_is_zero};

/* ---- Downwards ---- */

static void ip_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                        struct packet_out *packet)
{
    arp_send(&NT_OWNER(ip, struct stack, ip)->interfaces[interface].arp, next_hop, packet);
}

static void ip_wake(struct ipv4 *ip, uint8_t number)
{
    if (number == IPV4_PROTOCOL_ICMP)
        stack_icmp(NT_OWNER(ip, struct stack, ip));
    else if (number == IPV4_PROTOCOL_UDP)
        stack_udp(NT_OWNER(ip, struct stack, ip));
    else if (number == IPV4_PROTOCOL_TCP)
        stack_tcp(NT_OWNER(ip, struct stack, ip)); /* whose answer may be a reset: RFC 9293 section 3.10.7.1 */
}

static const struct ipv4_ops stack_ip_ops = {ip_transmit, ip_wake};

static void arp_transmit(struct arp *arp, struct mac_address destination, uint16_t type,
                         struct packet_out *packet)
{
    struct stack_interface *interface = NT_OWNER(arp, struct stack_interface, arp);
    struct ethernet_header header = {destination, interface->nic.mac, type};
    ethernet_prepend(packet, &header);
    struct nt_frame *frame = packet->owner;
    frame->bytes = packet->bytes;
    frame->length_bytes = (uint32_t)packet->length_bytes;
    packet->owner = NULL;
    nic_send(&interface->nic, frame);
}

static void arp_unresolved(struct arp *arp, struct ipv4_address next_hop, struct packet_out *packet)
{
    struct stack_interface *interface = NT_OWNER(arp, struct stack_interface, arp);
    (void)next_hop;
    ipv4_undeliverable(&stack_with(interface)->ip, interface->number, packet);
}

static const struct arp_ops stack_arp_ops = {arp_transmit, arp_unresolved, stack_claimed, stack_asker};

/* ---- Upwards ---- */

/* Shows the frame to whoever reads along. True: it was for others and is of no further use here. */
static bool is_watched_only(struct stack *stack, struct stack_interface *interface, struct nt_frame *frame,
                            const struct ethernet_header *header)
{
    bool is_ours = mac_is_equal(header->destination, interface->nic.mac) || mac_is_group(header->destination);
    stack->watcher->seen(stack->watcher, header, nic_payload(frame));
    if (!is_ours)
        nt_frame_unref(stack->node, frame);
    return !is_ours;
}

bool stack_watch(struct stack *stack, uint32_t number, struct stack_watcher *watcher)
{
    if (stack->watcher || number >= stack->interface_count)
        return false;
    stack->watcher = watcher;
    nic_set_takes_all(&stack->interfaces[number].nic, true);
    return true;
}

void stack_unwatch(struct stack *stack, struct stack_watcher *watcher)
{
    if (stack->watcher != watcher)
        return;
    stack->watcher = NULL;
    for (uint32_t i = 0; i < stack->interface_count; i++)
        nic_set_takes_all(&stack->interfaces[i].nic, false);
}

/* A frame that only passes through, to a neighbour who is known, with nothing special about it, is sent on in its own bytes:
 * what ipv4_receive, arp_send and arp_transmit would do, without making a packet of it in between. A router does little else;
 * the detour would cost a tenth of a hop more (W1). */
static bool pass_quickly(struct stack *stack, struct stack_interface *in, struct nt_frame *frame,
                         const struct packet *packet)
{
    struct mac_address to;
    const struct route *route =
        frame->references == 1 ? ipv4_quick_way(&stack->ip, in->number, packet) : NULL;
    if (!route)
        return false;
    struct stack_interface *out = &stack->interfaces[route->interface];
    struct ipv4_address destination = {bytes_u32(packet->bytes + 16)};
    if (!arp_knows(&out->arp, ipv4_is_any(route->next_hop) ? destination : route->next_hop, &to))
        return false;
    uint16_t tail_bytes = frame->tail_bytes;
    frame = nt_frame_writable(stack->node, frame);
    frame->tail_bytes = tail_bytes; /* only headers are changed */
    frame->length_bytes = ETHERNET_HEADER + bytes_u16(frame->bytes + ETHERNET_HEADER + 2); /* without padding */
    ipv4_pass_quickly(&stack->ip, frame->bytes + ETHERNET_HEADER);
    struct ethernet_header header = {to, out->nic.mac, ETHERNET_TYPE_IPV4};
    ethernet_emit(&header, frame->bytes);
    nic_send(&out->nic, frame);
    return true;
}

void stack_receive(struct stack *stack, struct nt_port *port, struct nt_frame *frame)
{
    struct stack_interface *interface = &stack->interfaces[port->index];
    struct ethernet_header header;
    if (!nic_accept(&interface->nic, frame, &header))
        return;
    if (stack->watcher && interface->nic.takes_all && is_watched_only(stack, interface, frame, &header))
        return;
    enum ipv4_reason reason = IPV4_OK;
    bool is_ip = header.type_or_length == ETHERNET_TYPE_IPV4, is_group = mac_is_group(header.destination);
    struct packet packet = nic_payload(frame);
    if (is_ip && !is_group && pass_quickly(stack, interface, frame, &packet))
        return;
    stack->arriving = frame;
    if (is_ip) {
        reason = ipv4_receive(&stack->ip, interface->number, is_group, packet);
    } else if (header.type_or_length == ETHERNET_TYPE_ARP) {
        arp_receive(&interface->arp, packet);
    } else if (header.type_or_length == STACK_RAW_TYPE) {
        stack->raw_received++;
    } else {
        nt_discard(port, frame, "nobody here speaks this Ethernet type");
        return;
    }
    if (!stack->arriving)
        return; /* it was passed on */
    stack->arriving = NULL;
    if (reason == IPV4_OK)
        nt_frame_unref(stack->node, frame);
    else
        nt_discard(port, frame, ipv4_reason_words[reason]);
}

void stack_sense(struct stack *stack, struct nt_port *port, const struct nt_sense *sense)
{
    nic_sense(&stack->interfaces[port->index].nic, sense);
}

uint64_t stack_held(const struct stack *stack)
{
    uint64_t held = 0;
    for (uint32_t i = 0; i < stack->interface_count; i++)
        held += nic_held(&stack->interfaces[i].nic);
    return held;
}

void stack_line(struct stack *stack, struct nt_port *port)
{
    if (port->index >= stack->interface_count)
        return;
    nic_line(&stack->interfaces[port->index].nic);
    ipv4_set_up(&stack->ip, port->index, nic_can_send(&stack->interfaces[port->index].nic));
}

/* ---- Making one ---- */

void stack_create(struct stack *stack, struct nt_node *node)
{
    stack->node = node;
    stack->packets.ops = &stack_packet_ops;
    node_env_init(&stack->ip_env, node, "ipv4", ipv4_kinds, IPV4_FACTS);
    node->sockets = &stack_sockets;
    node_env_declare(node, icmp_kinds, ICMP_FACTS);
    node_env_declare(node, udp_kinds, UDP_FACTS);
    stack_tcp_declare(node);
    node_env_declare(node, arp_kinds, ARP_FACTS);
    dhcp_declare(node);
    stack->kind_ping_rtt = nt_kind(node, &ping_rtt_kind);
    nic_declare(node);
}

/* The first complaint of this machine makes ICMP, which takes the place of this. */
static void complain_first(struct ipv4 *ip, const struct ipv4_arrival *about, uint8_t type, uint8_t code,
                           uint32_t rest)
{
    stack_icmp(NT_OWNER(ip, struct stack, ip));
    ip->complain(ip, about, type, code, rest);
}

static void interface_init(struct stack *stack, uint32_t number, uint32_t mtu_bytes)
{
    struct stack_interface *interface = &stack->interfaces[number];
    struct nt_port *port = stack->node->ports[number];
    struct arp_config config = arp_config_default();
    char stream[32];
    snprintf(stream, sizeof stream, "arp/%u", number);
    interface->number = number;
    nic_init(&interface->nic, port, mac_none, mtu_bytes);
    node_env_init(&interface->arp_env, stack->node, stream, arp_kinds, ARP_FACTS);
    interface->arp_env.port = port;
    arp_init(&interface->arp, &interface->arp_env.env, &stack_arp_ops, &stack->packets, &config, mac_none);
    stack->ip.interfaces[number].mtu_bytes = mtu_bytes;
}

void stack_check(struct stack *stack, uint32_t mtu_bytes)
{
    stack->interface_count = stack->node->port_count;
    ipv4_init(&stack->ip, &stack->ip_env.env, &stack_ip_ops, &stack->packets, stack->interface_count);
    stack->ip.complain = complain_first;
    stack->ip.ways_seed = ipv4_ways_seed(stack->node->name);
    stack->interfaces = nt_new(stack->node, NT_LINES(stack->interface_count * sizeof *stack->interfaces));
    for (uint32_t i = 0; i < stack->interface_count; i++)
        interface_init(stack, i, mtu_bytes);
}

void stack_icmp_settings(struct stack *stack, const struct nt_value *values)
{
    stack->icmp_settings = values;
}

struct icmp *stack_icmp(struct stack *stack)
{
    if (stack->icmp)
        return &stack->icmp->icmp;
    struct stack_icmp *made = stack->icmp = nt_new(stack->node, sizeof *made);
    struct icmp_config config = icmp_config_default();
    if (stack->icmp_settings) {
        config.errors_per_second = (uint32_t)stack->icmp_settings[0].number;
        config.answers_many = stack->icmp_settings[1].number;
    }
    bool is_silent = !stack->ip.complain; /* a router that is silent stays so when it is pinged */
    node_env_init(&made->env, stack->node, "icmp", icmp_kinds, ICMP_FACTS);
    icmp_init(&made->icmp, &made->env.env, &stack->ip, &config);
    if (is_silent)
        stack->ip.complain = NULL;
    return &made->icmp;
}

struct udp *stack_udp(struct stack *stack)
{
    if (stack->udp)
        return &stack->udp->udp;
    struct stack_udp *made = stack->udp = nt_new(stack->node, sizeof *made);
    node_env_init(&made->env, stack->node, "udp", udp_kinds, UDP_FACTS);
    udp_init(&made->udp, &made->env.env);
    ipv4_network_init(&made->network, &stack->ip, IPV4_PROTOCOL_UDP, &made->udp.user);
    udp_add_layer(&made->udp, &made->network.layer);
    return &made->udp;
}

void stack_set_mac(struct stack *stack, uint32_t number, struct mac_address mac)
{
    nic_set_mac(&stack->interfaces[number].nic, mac);
    stack->interfaces[number].arp.mac = mac;
}

void stack_set_gateway(struct stack *stack, struct ipv4_address gateway)
{
    stack->gateway = gateway;
    ipv4_set_gateway(&stack->ip, gateway);
}

void stack_detect_conflicts(struct stack *stack, uint32_t number, bool detects)
{
    stack->interfaces[number].arp.config.detects_conflicts = detects;
}

/* ---- Names and parameters ---- */

bool stack_resolve(struct stack *stack, const char *name, struct ipv4_address *ret_address)
{
    uint8_t bytes[4];
    if (ipv4_parse(name, ret_address, NULL))
        return true;
    if (strcmp(name, "localhost") == 0) {
        *ret_address = IPV4_LOOPBACK;
        return true;
    }
    if (!nt_resolve(stack->node, name, bytes, sizeof bytes))
        return false;
    ret_address->value = bytes_u32(bytes);
    return true;
}

bool stack_parse_address(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct ipv4_address address;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (!ipv4_parse(text, &address, &why))
        return false;
    ret_value->number = address.value;
    return true;
}

bool stack_parse_prefix(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct ipv4_prefix prefix;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (!ipv4_prefix_parse(text, &prefix, &why))
        return false;
    if (!ipv4_is_one_host(prefix.address)) {
        text_add(&why, "'%s' cannot be the address of one machine", text);
        return false;
    }
    bool has_hosts = prefix.length < 31; /* RFC 3021: /31 and /32 have no special addresses */
    if (has_hosts && ipv4_is_equal(prefix.address, ipv4_prefix_network(prefix))) {
        text_add(&why, "'%s' names the network itself; a machine needs another last part", text);
        return false;
    }
    if (has_hosts && ipv4_is_equal(prefix.address, ipv4_prefix_broadcast(prefix))) {
        text_add(&why, "'%s' is the broadcast address of its network", text);
        return false;
    }
    ret_value->number = prefix.address.value;
    ret_value->extra = prefix.length;
    return true;
}
