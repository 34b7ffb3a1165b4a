/* SPDX-License-Identifier: MIT
 * Taking an address of our own and keeping it, as the machine's own files see it. Not for outsiders. */
#ifndef NETARIUM_PROTOCOLS_ARP_CLAIM_H
#define NETARIUM_PROTOCOLS_ARP_CLAIM_H

#include "protocols/arp/arp.h"

void arp_claim_release(struct arp *arp);

/* Does this packet of another station say that it uses, or wants, the address that is ours or shall be? Then
 * what RFC 5227 says is done about it. `frame` is its number. */
bool arp_claim_is_challenged(struct arp *arp, const struct arp_packet *packet, uint64_t frame);

/* Makes and sends one ARP packet; in arp/arp.c. */
void arp_send_packet(struct arp *arp, struct mac_address destination, const struct arp_packet *content,
                     uint64_t cause);

#endif
