/* SPDX-License-Identifier: MIT
 * IPv4, as a transport sees it: the seam of protocols/net_layer.h over the machine of ipv4.h.
 *
 * One of these stands between the machine and each transport: it registers under the transport's protocol
 * number, turns addresses into family-neutral ones on the way up and back on the way down, and statuses and
 * ICMP errors into the numbers that sockets know. */
#ifndef NETARIUM_PROTOCOLS_IPV4_NETWORK_H
#define NETARIUM_PROTOCOLS_IPV4_NETWORK_H

#include "protocols/ipv4/ipv4.h"
#include "protocols/net_layer.h"

struct ipv4_network {
    struct net_layer layer;        /* first: what the transport holds */
    struct ipv4 *ip;               /* borrowed */
    struct ipv4_protocol protocol; /* how the machine knows us */
};

/* Registers with `ip` for protocol `number`, on behalf of `user`. Both are borrowed and must outlive this. */
void ipv4_network_init(struct ipv4_network *network, struct ipv4 *ip, uint8_t number,
                       struct net_layer_user *user);

/* What an ICMP error means to a socket, and whether it is final. RFC 1122 3.2.2.1, 4.2.3.9. */
enum net_error ipv4_network_error(uint8_t type, uint8_t code, bool *ret_is_hard);

#endif
