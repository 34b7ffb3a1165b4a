/* SPDX-License-Identifier: MIT
 * Ethernet addresses: six octets that say which station is meant.
 *
 *     02:00:00:00:00:01
 *      ^ the lowest bit of the first octet: 1 means a group of stations (all ones: everybody)
 *      ^ the next bit: 1 means chosen by whoever runs the network, 0 means burnt in by the maker
 *
 * The bit that says "group" is the first on the wire, because an octet is sent lowest bit first: a station
 * knows at once whether it has to look further. IEEE 802.3 3.2.3. */
#ifndef NETARIUM_PROTOCOLS_ETHERNET_ADDRESS_H
#define NETARIUM_PROTOCOLS_ETHERNET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MAC_BYTES 6
#define MAC_TEXT_SIZE 18 /* "02:00:00:00:00:01" and its end */

struct mac_address {
    uint8_t bytes[MAC_BYTES]; /* in the order of sending */
};

extern const struct mac_address mac_broadcast; /* ff:ff:ff:ff:ff:ff: everybody on this link */
extern const struct mac_address mac_none;      /* 00:00:00:00:00:00: not known */

static inline bool mac_is_equal(struct mac_address a, struct mac_address b)
{
    return memcmp(a.bytes, b.bytes, MAC_BYTES) == 0;
}

/* More than one station may be meant: multicast and broadcast alike. */
static inline bool mac_is_group(struct mac_address a)
{
    return a.bytes[0] & 1;
}

bool mac_is_broadcast(struct mac_address a);
bool mac_is_none(struct mac_address a);

/* The address as a number, and back: for facts (ENV_UNIT_MAC). */
uint64_t mac_to_number(struct mac_address a);
struct mac_address mac_from_number(uint64_t number);

/* Reads exactly six pairs of hexadecimal digits with ':' or '-' between them. False: `ret_address` is
 * untouched. */
bool mac_parse(const char *text, struct mac_address *ret_address);

/* Writes "02:00:00:00:00:01". */
void mac_format(struct mac_address a, char ret_text[MAC_TEXT_SIZE]);

#endif
