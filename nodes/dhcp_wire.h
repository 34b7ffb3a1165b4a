/* SPDX-License-Identifier: MIT
 * Between the machines of DHCP and the network: a UDP socket, and a way round it.
 *
 * Nearly everything goes through an ordinary socket: it may broadcast by a named interface, from 0.0.0.0 if
 * that has no address yet. One thing a socket cannot do: send to a station that has not got its address yet,
 * and so answers no ARP question. For that the datagram and its frame are made here and given to the
 * interface, as servers on real systems do through a packet socket; like there, a firewall does not see it.
 */
#ifndef NETARIUM_NODES_DHCP_WIRE_H
#define NETARIUM_NODES_DHCP_WIRE_H

#include "nodes/stack.h"
#include "protocols/dhcp/sending.h"

struct dhcp_wire {
    struct stack *stack;
    struct nt_socket *socket; /* NULL: closed */
    /* The owner's; must be set before opening. The arrival is borrowed for the call. */
    void (*arrived)(struct dhcp_wire *wire, const struct dhcp_arrival *arrival);
};

/* Opens `port` (67 or 68) of the node, on behalf of `app` (NULL: of the node itself). 0, or a negated
 * nt_error. */
int dhcp_wire_open(struct dhcp_wire *wire, struct nt_node *node, struct nt_app *app, uint16_t port);
void dhcp_wire_close(struct dhcp_wire *wire);

/* Sends a message in the way that `how` says. What cannot be sent is told by UDP, and lost. */
void dhcp_wire_send(struct dhcp_wire *wire, const struct dhcp_sending *how, const uint8_t *bytes,
                    size_t length_bytes);

#endif
