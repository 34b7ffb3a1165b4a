/* SPDX-License-Identifier: MIT
 * What the files of UDP share. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_UDP_PARTS_H
#define NETARIUM_PROTOCOLS_UDP_PARTS_H

#include "protocols/udp/udp.h"

/* The layer below that carries the family of `address`, or NULL. */
struct net_layer *udp_layer_for(const struct udp *udp, struct net_address address);

/* Gives an unbound socket a port of the dynamic range; -NET_EAGAIN: none is left. */
int udp_bind_any(struct udp_socket *socket);

#endif
