/* SPDX-License-Identifier: MIT
 * One frame, taken apart: its layers with their fields, each with its place, and all bytes in hexadecimal.
 *
 *     bytes   Ethernet II
 *     0-5       Destination: ff:ff:ff:ff:ff:ff                            eth.dst
 *     ...
 *     0000  ff ff ff ff ff ff 02 00  00 00 00 01 08 06 00 01   ................
 *
 * Fields stand in Wireshark's order under Wireshark's filter names. A field of less than a byte shows which
 * of the bits are its own. */
#ifndef NETARIUM_VIEWS_PACKET_H
#define NETARIUM_VIEWS_PACKET_H

#include "views/outlet.h"

struct packet {
    const uint8_t *bytes;
    uint32_t length_bytes; /* with the check sequence, if it has one */
    bool has_fcs;
};

/* Lines of at most `width` columns (at least 60). */
void packet_write(const struct packet *packet, struct outlet *out, size_t width);

#endif
