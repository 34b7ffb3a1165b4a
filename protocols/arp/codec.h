/* SPDX-License-Identifier: MIT
 * ARP on the wire: twenty-eight octets, "who has 10.0.0.2? tell 10.0.0.1".
 *
 *      0               8              16                            31
 *     |   hardware type: 1 Ethernet   |   protocol type: 0x0800 IPv4  |
 *     | hw length: 6  | prot length: 4|   operation: 1 ask, 2 answer  |
 *     |               sender: 6 octets of hardware address, 4 of IPv4 |
 *     |               target: 6 octets of hardware address, 4 of IPv4 |
 *
 * RFC 826 was written for any hardware and any protocol; only Ethernet and IPv4 ever mattered. Anything else
 * is refused with a reason and otherwise ignored. */
#ifndef NETARIUM_PROTOCOLS_ARP_CODEC_H
#define NETARIUM_PROTOCOLS_ARP_CODEC_H

#include "protocols/ipv4/address.h"

#define ARP_BYTES 28 /* without the link's padding */

enum arp_operation { ARP_REQUEST = 1, ARP_REPLY = 2 };

/* Why a received ARP packet was of no use. The words are arp_reason_words. */
enum arp_reason {
    ARP_OK,
    ARP_TRUNCATED,         /* fewer than 28 octets */
    ARP_BAD_HARDWARE_TYPE, /* not Ethernet */
    ARP_BAD_PROTOCOL_TYPE, /* not IPv4 */
    ARP_BAD_LENGTHS,       /* addresses are not 6 and 4 octets long */
    ARP_BAD_OPERATION,     /* neither question nor answer */
    ARP_BAD_SENDER,        /* the sender's addresses cannot be those of one station */
    ARP_OWN_PACKET         /* we sent it ourselves */
};

extern const char *const arp_reason_words[]; /* by enum arp_reason, ended by NULL */

struct arp_packet {
    uint16_t operation; /* enum arp_operation */
    struct mac_address sender_mac;
    struct ipv4_address sender;
    struct mac_address target_mac; /* zeros in a question */
    struct ipv4_address target;
};

/* Reads a packet; bytes behind the 28 (the link's padding) are ignored. Any answer but ARP_OK leaves
 * `ret_packet` untouched. RFC 826, "Packet Reception". */
enum arp_reason arp_parse(const uint8_t *bytes, size_t length_bytes, struct arp_packet *ret_packet);

/* Writes ARP_BYTES bytes. */
void arp_emit(const struct arp_packet *packet, uint8_t *ret_bytes);

#endif
