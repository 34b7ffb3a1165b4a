/* SPDX-License-Identifier: MIT
 * How a message of DHCP travels: what UDP and IP are told, and what they tell.
 *
 * Not an ordinary datagram: its sender may have no address yet, and its receiver may be a station that cannot
 * answer an ARP question because it does not know its address either. So a message goes one of three ways:
 *
 *     routed         to one address, as any other datagram
 *     broadcast      to everybody on the link of one interface, from 0.0.0.0 if need be
 *     to_hardware    to one station of that link, by its Ethernet address
 *
 * RFC 2131 4.1; RFC 1122 3.2.1.3 (a). */
#ifndef NETARIUM_PROTOCOLS_DHCP_SENDING_H
#define NETARIUM_PROTOCOLS_DHCP_SENDING_H

#include "protocols/ethernet/address.h"
#include "protocols/ipv4/address.h"

struct dhcp_sending {
    struct ipv4_address source;      /* our address; 0.0.0.0: we have none */
    struct ipv4_address destination; /* IPV4_BROADCAST: everybody on the link */
    uint16_t source_port, destination_port;
    uint32_t interface;          /* by which, for broadcast and to_hardware */
    bool to_hardware;            /* the frame goes straight to `hardware` */
    struct mac_address hardware; /* of the station that is meant */
};

/* A message that came in, seen by a server or a relay. Borrowed for the call. */
struct dhcp_arrival {
    const uint8_t *bytes;
    size_t length_bytes;
    uint32_t interface;       /* where it came in */
    bool was_broadcast;       /* it was for everybody on that link */
    struct ipv4_prefix local; /* our address and network there */
    uint64_t frame;           /* its frame, for the trace */
};

#endif
