/* SPDX-License-Identifier: MIT
 * Where the layers of a frame begin, for those who only look on.
 *
 *      | Ethernet | [802.1Q tag] | IPv4 header | TCP, UDP, ICMP ...   | padding |
 *                                ^ network      ^ transport            ^ not counted
 *
 * A queue that serves some packets first, an impairment that loses the third SYN: both look into frames that
 * are none of theirs and must not trip over anything in them. Nothing here insists on checksums; what is too
 * short to be what it says it is, is not it. */
#ifndef NETARIUM_PROTOCOLS_MATCH_LAYERS_H
#define NETARIUM_PROTOCOLS_MATCH_LAYERS_H

#include "protocols/ethernet/frame.h"
#include "protocols/ipv4/header.h"

struct layers {
    bool is_tagged;   /* there is an 802.1Q tag */
    uint8_t priority; /* its priority code point, 0..7; IEEE 802.1Q 9.6 */
    uint16_t type;    /* enum ethernet_type of what is inside, behind the tag; 0: a length, or no frame */
    const uint8_t *network;   /* borrowed: what is inside; NULL: no frame */
    size_t network_bytes;     /* bytes from there, padding included */
    bool is_ipv4;             /* `ipv4` says what its header says */
    struct ipv4_header ipv4;  /* borrows from the frame */
    const uint8_t *transport; /* borrowed: behind the IPv4 header; NULL: none, or not the first fragment */
    size_t transport_bytes;   /* bytes from there, padding excluded */
};

/* Looks at a frame without its check sequence. */
void layers_of(const uint8_t *bytes, size_t length_bytes, struct layers *ret_layers);

#endif
