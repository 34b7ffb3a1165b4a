/* SPDX-License-Identifier: MIT
 * Naming one frame in words: "tcp data segment 20", "arp request 1", "frame 5".
 *
 *      what it is (a class)  +  which of them (a number from 1)
 *
 * Teachers lose exactly one frame to show what happens then. The words say which: they are counted by whoever
 * sees the frames pass, in one direction, each class for itself; a frame that is sent again counts again.
 *
 *      frame               any          icmp echo request         udp datagram
 *      broadcast frame     to all       icmp echo reply           tcp segment       any TCP
 *      arp request         RFC 826      icmp message   any ICMP   tcp data segment  with payload
 *      arp reply                        ip packet      any IPv4   tcp ack           without payload, SYN,
 * FIN, RST arp packet                                                 tcp syn, tcp syn-ack, tcp fin, tcp rst
 */
#ifndef NETARIUM_PROTOCOLS_MATCH_MATCH_H
#define NETARIUM_PROTOCOLS_MATCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/text.h"

struct match {
    uint32_t class;  /* index into the table of classes */
    uint64_t number; /* which of them, from 1 */
};

/* Reads all of `text`. False: `why` gets one sentence, without a final full stop, of what was expected. */
bool match_parse(const char *text, struct match *ret_match, struct text *why);

/* Is the frame (without its check sequence) of the class? */
bool match_is_of_class(const struct match *match, const uint8_t *bytes, size_t length_bytes);

#endif
