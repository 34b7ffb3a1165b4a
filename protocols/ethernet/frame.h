/* SPDX-License-Identifier: MIT
 * The Ethernet frame: who, from whom, what is inside.
 *
 *     octets   7        1     6             6        2               46..1500        4     12
 *            preamble  SFD   destination   source   type or length   data and pad    FCS   gap
 *            '---- PREAMBLE ---'------------- HEADER --------------'                       of silence
 *                            '---------------- 64..1518 octets: the frame ------------'
 *
 * Two octets have two meanings. Up to 1500 they are the *length* of the data (802.3 as it was first written),
 * from 0x0600 they name the *type* of the data (Ethernet as everybody uses it). Nothing is defined between
 * them.
 *
 * A frame must be at least 64 octets long, so that on a shared cable its sender is still sending when the
 * farthest collision comes back. Short data is padded with zeros; the receiver takes the pad off again by the
 * length that the data itself carries. In memory a frame begins with the destination; preamble, check
 * sequence and gap belong to whoever drives the wire. IEEE 802.3 3.1 to 3.2. */
#ifndef NETARIUM_PROTOCOLS_ETHERNET_FRAME_H
#define NETARIUM_PROTOCOLS_ETHERNET_FRAME_H

#include "protocols/ethernet/address.h"
#include "protocols/packet.h"
#include "sim/base/bytes.h"

#define ETHERNET_PREAMBLE 8 /* octets: preamble and start frame delimiter */
#define ETHERNET_HEADER 14  /* octets: destination, source, type or length */
#define ETHERNET_FCS 4      /* octets of the frame check sequence */
#define ETHERNET_MIN 64     /* octets, header and check sequence included */
#define ETHERNET_MAX 1518   /* likewise, untagged */
#define ETHERNET_GAP 12     /* octets of silence between two frames: 96 bit times */
#define ETHERNET_MIN_UNSEALED (ETHERNET_MIN - ETHERNET_FCS) /* octets before the check sequence is added */
#define ETHERNET_MTU 1500                                   /* octets of data */

enum ethernet_type {
    ETHERNET_TYPE_IPV4 = 0x0800,
    ETHERNET_TYPE_ARP = 0x0806,
    ETHERNET_TYPE_VLAN = 0x8100,
    ETHERNET_TYPE_IPV6 = 0x86dd,
    ETHERNET_TYPE_PAUSE = 0x8808
};

enum ethernet_meaning {
    ETHERNET_IS_LENGTH,    /* up to 1500 */
    ETHERNET_IS_UNDEFINED, /* 1501..1535 */
    ETHERNET_IS_TYPE       /* from 0x0600 */
};

struct ethernet_header {
    struct mac_address destination;
    struct mac_address source;
    uint16_t type_or_length;
};

/* Takes the header from the front of `reader`, which then stands at the data. False: fewer than 14 octets. */
bool ethernet_parse(struct reader *reader, struct ethernet_header *ret_header);

/* Writes the header, 14 octets. */
void ethernet_emit(const struct ethernet_header *header, uint8_t *ret_bytes);

/* Puts the header in front of `packet`. */
void ethernet_prepend(struct packet_out *packet, const struct ethernet_header *header);

/* Which of its meanings has this value? IEEE 802.3 3.2.6. */
enum ethernet_meaning ethernet_meaning(uint16_t type_or_length);

/* Does a length (what is no length always does) fit the `data_bytes` between header and check sequence, pad included? IEEE
 * 802.3 3.4 (a): if not, the frame is invalid. */
bool ethernet_length_fits(uint16_t type_or_length, size_t data_bytes);

/* How many zeros a frame of `length_bytes` (without check sequence) needs at its end. IEEE 802.3 3.2.8. */
size_t ethernet_pad_bytes(size_t length_bytes);

/* Octets that a frame (check sequence included) occupies a wire for, with its preamble and the gap after it.
 */
static inline uint64_t ethernet_wire_bytes(uint64_t frame_bytes)
{
    return ETHERNET_PREAMBLE + frame_bytes + ETHERNET_GAP;
}

#endif
