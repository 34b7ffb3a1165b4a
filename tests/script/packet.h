/* SPDX-License-Identifier: MIT
 * Segments on the wire, written and read by the tests' own hand: what is judged must not judge itself. */
#ifndef NETARIUM_TESTS_SCRIPT_PACKET_H
#define NETARIUM_TESTS_SCRIPT_PACKET_H

#include "tests/script/script.h"

#define PACKET_BYTES 66000

/* Where a segment is between, in absolute numbers. */
struct packet_ends {
    uint32_t source, destination; /* IPv4 addresses */
    uint16_t source_port, destination_port;
};

/* Writes an IPv4 datagram with this segment. Sequence numbers, window and options stand in it as they are to
 * be sent; `payload` has length_bytes. Returns its length. */
size_t packet_write(const struct packet_ends *ends, const struct script_segment *segment,
                    const uint8_t *payload, uint8_t *ret_bytes);

/* Reads one. False: it is malformed, and `ret_why` says how; each check sum is checked. `ret_payload` points
 * into `bytes`. */
bool packet_read(const uint8_t *bytes, size_t count, struct packet_ends *ret_ends,
                 struct script_segment *ret_segment, const uint8_t **ret_payload, const char **ret_why);

/* An ICMP error about a segment that the host had sent: the quoted header and eight bytes of what followed.
 */
size_t packet_write_icmp(uint32_t source, const struct packet_ends *quoted, const struct script_icmp *icmp,
                         uint8_t *ret_bytes);

/* In a script's words, without a line's end. */
void packet_print(const struct script_segment *segment, char *ret_text, size_t size);

#endif
