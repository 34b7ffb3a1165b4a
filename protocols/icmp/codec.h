/* SPDX-License-Identifier: MIT
 * ICMP on the wire: eight octets of header, then either data to be echoed or a quote of the datagram that
 * failed.
 *
 *      0               8              16                            31
 *     |     type      |     code      |           checksum            |
 *     |    the rest: identifier and sequence number, or next-hop MTU, |
 *     |    or pointer, or gateway, or nothing                         |
 *     |    data, or IP header and first octets of what failed         |
 *
 * The checksum covers all of it. RFC 792; next-hop MTU: RFC 1191 4. */
#ifndef NETARIUM_PROTOCOLS_ICMP_CODEC_H
#define NETARIUM_PROTOCOLS_ICMP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICMP_HEADER 8 /* bytes */

enum icmp_type {
    ICMP_ECHO_REPLY = 0,
    ICMP_UNREACHABLE = 3,
    ICMP_SOURCE_QUENCH = 4, /* neither sent nor obeyed: RFC 6633 */
    ICMP_REDIRECT = 5,
    ICMP_ECHO_REQUEST = 8,
    ICMP_TIME_EXCEEDED = 11,
    ICMP_PARAMETER_PROBLEM = 12,
    ICMP_TIMESTAMP = 13,
    ICMP_TIMESTAMP_REPLY = 14
};

enum icmp_unreachable_code {
    ICMP_NET_UNREACHABLE = 0,
    ICMP_HOST_UNREACHABLE = 1,
    ICMP_PROTOCOL_UNREACHABLE = 2,
    ICMP_PORT_UNREACHABLE = 3,
    ICMP_FRAGMENTATION_NEEDED = 4,
    ICMP_SOURCE_ROUTE_FAILED = 5,
    ICMP_ADMINISTRATIVELY_PROHIBITED = 13
};

enum icmp_time_exceeded_code { ICMP_TTL_EXCEEDED = 0, ICMP_REASSEMBLY_EXCEEDED = 1 };

/* Why a received message was of no use. The words are icmp_reason_words. */
enum icmp_reason {
    ICMP_OK,
    ICMP_TRUNCATED,    /* fewer than 8 octets */
    ICMP_BAD_CHECKSUM, /* damaged on its way */
    ICMP_UNKNOWN_TYPE, /* nobody here knows it: RFC 1122 3.2.2 */
    ICMP_BAD_QUOTE,    /* an error that quotes no datagram */
    ICMP_TO_MANY,      /* an echo request to a broadcast or multicast address */
    ICMP_NO_LISTENER,  /* a reply that nobody waits for */
    ICMP_NOT_OBEYED    /* understood, and ignored on purpose */
};
extern const char *const icmp_reason_words[]; /* by enum icmp_reason, ended by NULL */

struct icmp_message {
    uint8_t type;
    uint8_t code;
    uint16_t checksum;   /* as received; emitting computes it */
    uint32_t rest;       /* the second word */
    const uint8_t *body; /* borrowed; behind the 8 octets */
    size_t body_bytes;
};

/* The three timestamps of types 13 and 14: milliseconds since midnight, universal time. */
struct icmp_timestamp {
    uint32_t originate;
    uint32_t receive;
    uint32_t transmit;
};

/* Reads a message and verifies its checksum. Any answer but ICMP_OK leaves `ret_message` untouched. */
enum icmp_reason icmp_parse(const uint8_t *bytes, size_t length_bytes, struct icmp_message *ret_message);

/* Writes the header in front of a body that already stands at ret_bytes + 8, and the checksum over both. */
void icmp_emit(uint8_t type, uint8_t code, uint32_t rest, size_t body_bytes, uint8_t *ret_bytes);

bool icmp_timestamp_parse(const struct icmp_message *message, struct icmp_timestamp *ret_timestamp);
void icmp_timestamp_emit(const struct icmp_timestamp *timestamp, uint8_t ret_body[12]);

/* The second word of echo messages. */
static inline uint16_t icmp_echo_id(uint32_t rest)
{
    return (uint16_t)(rest >> 16);
}

static inline uint16_t icmp_echo_sequence(uint32_t rest)
{
    return (uint16_t)rest;
}

static inline uint32_t icmp_echo_rest(uint16_t id, uint16_t sequence)
{
    return (uint32_t)id << 16 | sequence;
}

/* Is this an error, about which no error may ever be sent? RFC 1122 3.2.2. */
bool icmp_is_error(uint8_t type);

#endif
