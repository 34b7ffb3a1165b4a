/* SPDX-License-Identifier: MIT
 * ICMP messages, taken apart and put together. RFC 792. */
#include "protocols/icmp/codec.h"

#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#define TIMESTAMP_BYTES 12

const char *const icmp_reason_words[] = {"nothing is wrong",
                                         "shorter than 8 octets",
                                         "bad checksum",
                                         "unknown type",
                                         "quotes no datagram",
                                         "echo request to many",
                                         "nobody waits for it",
                                         "not obeyed",
                                         NULL};

enum icmp_reason icmp_parse(const uint8_t *bytes, size_t length_bytes, struct icmp_message *ret_message)
{
    if (length_bytes < ICMP_HEADER)
        return ICMP_TRUNCATED;
    if (sum16_fold(sum16_add(0, bytes, length_bytes)) != 0xffff) /* RFC 792, "Checksum" */
        return ICMP_BAD_CHECKSUM;
    *ret_message = (struct icmp_message){.type = bytes[0],
                                         .code = bytes[1],
                                         .checksum = bytes_u16(bytes + 2),
                                         .rest = bytes_u32(bytes + 4),
                                         .body = bytes + ICMP_HEADER,
                                         .body_bytes = length_bytes - ICMP_HEADER};
    return ICMP_OK;
}

void icmp_emit(uint8_t type, uint8_t code, uint32_t rest, size_t body_bytes, uint8_t *ret_bytes)
{
    ret_bytes[0] = type;
    ret_bytes[1] = code;
    bytes_put_u16(ret_bytes + 2, 0); /* "for computing the checksum, the checksum field should be zero" */
    bytes_put_u32(ret_bytes + 4, rest);
    bytes_put_u16(ret_bytes + 2, sum16_finish(sum16_add(0, ret_bytes, ICMP_HEADER + body_bytes)));
}

bool icmp_timestamp_parse(const struct icmp_message *message, struct icmp_timestamp *ret_timestamp)
{
    if (message->body_bytes < TIMESTAMP_BYTES)
        return false;
    ret_timestamp->originate = bytes_u32(message->body);
    ret_timestamp->receive = bytes_u32(message->body + 4);
    ret_timestamp->transmit = bytes_u32(message->body + 8);
    return true;
}

void icmp_timestamp_emit(const struct icmp_timestamp *timestamp, uint8_t ret_body[TIMESTAMP_BYTES])
{
    bytes_put_u32(ret_body, timestamp->originate);
    bytes_put_u32(ret_body + 4, timestamp->receive);
    bytes_put_u32(ret_body + 8, timestamp->transmit);
}

bool icmp_is_error(uint8_t type)
{
    switch (type) { /* RFC 1122 3.2.2, "ICMP error messages" */
    case ICMP_UNREACHABLE:
    case ICMP_SOURCE_QUENCH:
    case ICMP_REDIRECT:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETER_PROBLEM:
        return true;
    default:
        return false;
    }
}
