/* SPDX-License-Identifier: MIT
 * See dhcp_wire.h. */
#include "nodes/dhcp_wire.h"

#include <string.h>

#include "nodes/sockets.h"

#define MOST_BYTES 1500 /* longer messages are cut, and so unreadable */

/* ---- What arrives ---- */

/* Takes one datagram. False: there was none. */
static bool take(struct dhcp_wire *wire)
{
    uint8_t bytes[MOST_BYTES];
    struct nt_message how;
    struct nt_node *node = wire->stack->node;
    uint64_t before = nt_cause(node);
    int64_t count = nt_receive_message(wire->socket, &how, bytes, sizeof bytes, 0);
    if (count < 0)
        return count != -NT_EAGAIN;
    if (how.interface == 0)
        return true; /* from this machine: nobody here needs an address from itself */
    struct dhcp_arrival arrival = {.bytes = bytes,
                                   .length_bytes = (size_t)count,
                                   .interface = how.interface - 1,
                                   .was_broadcast = how.is_for_many,
                                   .local = wire->stack->ip.interfaces[how.interface - 1].prefix,
                                   .frame = how.frame};
    wire->arrived(wire, &arrival);
    nt_because(node, before);
    return true;
}

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct dhcp_wire *wire = socket->context;
    while (wire->socket && take(wire)) { /* what arrives may make its owner close it */
    }
}

/* ---- Opening ---- */

int dhcp_wire_open(struct dhcp_wire *wire, struct nt_node *node, struct nt_app *app, uint16_t port)
{
    struct nt_endpoint local = {.port = port};
    wire->stack = stack_of(node);
    int error = nt_socket_open(node, app, NT_SOCKET_DATAGRAM, on_event, wire, &wire->socket);
    if (error)
        return error;
    nt_socket_set(wire->socket, NT_LEVEL_SOCKET, NT_SO_BROADCAST, 1);
    error = nt_bind(wire->socket, &local);
    if (error)
        dhcp_wire_close(wire);
    return error;
}

void dhcp_wire_close(struct dhcp_wire *wire)
{
    if (wire->socket)
        nt_socket_close(wire->socket);
    wire->socket = NULL;
}

/* ---- What is sent ---- */

/* The whole frame, made by hand: nobody could be asked where the destination is. RFC 2131 4.1. */
static void send_to_hardware(struct stack *stack, const struct dhcp_sending *how, const uint8_t *bytes,
                             size_t length_bytes)
{
    struct stack_interface *interface = &stack->interfaces[how->interface];
    struct packet_out packet = packet_make(&stack->packets, PACKET_IPV4_HEADROOM, UDP_HEADER + length_bytes);
    struct udp_header udp = {how->source_port, how->destination_port, (uint16_t)packet.length_bytes, 0};
    struct net_address source = net_from_ipv4(how->source), destination = net_from_ipv4(how->destination);
    memcpy(packet.bytes + UDP_HEADER, bytes, length_bytes);
    udp_emit(&udp, &source, &destination, packet.bytes);
    struct ipv4_header ip = {.header_bytes = IPV4_HEADER_MIN,
                             .dont_fragment = true,
                             .ttl = IPV4_TTL,
                             .protocol = UDP_PROTOCOL,
                             .source = how->source,
                             .destination = how->destination};
    ip.total_bytes = (uint16_t)(packet.length_bytes + IPV4_HEADER_MIN);
    ipv4_header_emit(&ip, packet_prepend(&packet, IPV4_HEADER_MIN));
    struct ethernet_header header = {how->hardware, interface->nic.mac, ETHERNET_TYPE_IPV4};
    ethernet_prepend(&packet, &header);
    struct nt_frame *frame = packet.owner;
    frame->bytes = packet.bytes;
    frame->length_bytes = (uint32_t)packet.length_bytes;
    nic_send(&interface->nic, frame);
}

void dhcp_wire_send(struct dhcp_wire *wire, const struct dhcp_sending *how, const uint8_t *bytes,
                    size_t length_bytes)
{
    struct net_endpoint to = {net_from_ipv4(how->destination), how->destination_port};
    struct net_address from = net_from_ipv4(how->source);
    struct nt_message message = {.peer = socket_from_net(&to)};
    if (!wire->socket)
        return;
    if (how->to_hardware) {
        send_to_hardware(wire->stack, how, bytes, length_bytes);
        return;
    }
    if (ipv4_is_limited_broadcast(how->destination))
        message.interface = how->interface + 1; /* from the address of that interface, or from none */
    else if (ipv4_is_own(&wire->stack->ip, how->source))
        message.local =
            socket_address_from_net(&from); /* RFC 2131 4.1: the server answers as the one it names */
    nt_send_message(wire->socket, &message, bytes, length_bytes, 0);
}
