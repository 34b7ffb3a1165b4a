/* SPDX-License-Identifier: MIT
 * The IPv4 header, taken apart and put together. RFC 791 3.1; the order of the checks is that of RFC
 * 1122 3.2.1. */
#include "protocols/ipv4/header.h"

#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#include <assert.h>

#define FLAG_RESERVED 0x8000 /* in the word that holds flags and fragment offset */
#define FLAG_DF 0x4000
#define FLAG_MF 0x2000
#define OFFSET_MASK 0x1fff

const char *const ipv4_reason_words[] = {"nothing is wrong",
                                         "shorter than a header",
                                         "not version 4",
                                         "bad header length",
                                         "bad total length",
                                         "bad header checksum",
                                         "impossible source",
                                         "loopback address on a wire",
                                         "unicast in a broadcast frame",
                                         "not for us",
                                         "bad fragment",
                                         "unknown protocol",
                                         "time to live is over",
                                         "no route",
                                         "too big, and must not be cut",
                                         "broadcasts and groups are not forwarded",
                                         "a rule forbids it",
                                         "bad options",
                                         "source routes are not followed",
                                         NULL};

/* The fields, without judging them. `header_bytes` of them are there. */
static struct ipv4_header take_fields(const uint8_t *bytes, uint8_t header_bytes)
{
    struct ipv4_header h = {.header_bytes = header_bytes};
    h.tos = bytes[1];
    h.total_bytes = bytes_u16(bytes + 2);
    h.id = bytes_u16(bytes + 4);
    uint16_t word = bytes_u16(bytes + 6);
    h.has_evil_bit = word & FLAG_RESERVED;
    h.dont_fragment = word & FLAG_DF;
    h.more_fragments = word & FLAG_MF;
    h.fragment_bytes = (uint16_t)((word & OFFSET_MASK) * 8);
    h.ttl = bytes[8];
    h.protocol = bytes[9];
    h.checksum = bytes_u16(bytes + 10);
    h.source.value = bytes_u32(bytes + 12);
    h.destination.value = bytes_u32(bytes + 16);
    h.options_bytes = (uint8_t)(header_bytes - IPV4_HEADER_MIN);
    h.options = h.options_bytes > 0 ? bytes + IPV4_HEADER_MIN : NULL;
    return h;
}

enum ipv4_reason ipv4_header_parse(const uint8_t *bytes, size_t length_bytes, struct ipv4_header *ret_header)
{
    if (length_bytes < IPV4_HEADER_MIN)
        return IPV4_TRUNCATED;
    if (bytes[0] >> 4 != 4) /* RFC 1122 3.2.1.1 */
        return IPV4_BAD_VERSION;
    size_t header_bytes = (bytes[0] & 15u) * 4u;
    if (header_bytes < IPV4_HEADER_MIN || header_bytes > length_bytes) /* RFC 791 3.1, IHL */
        return IPV4_BAD_HEADER_LENGTH;
    bool is_right = header_bytes == IPV4_HEADER_MIN ? sum16_is_header_right(bytes)
                                                    : sum16_fold(sum16_add(0, bytes, header_bytes)) == 0xffff;
    if (!is_right) /* RFC 1122 3.2.1.2 */
        return IPV4_BAD_CHECKSUM;
    struct ipv4_header h = take_fields(bytes, (uint8_t)header_bytes);
    if (h.total_bytes < header_bytes || h.total_bytes > length_bytes) /* RFC 791 3.1, total length */
        return IPV4_BAD_TOTAL_LENGTH;
    *ret_header = h;
    return IPV4_OK;
}

bool ipv4_header_peek(const uint8_t *bytes, size_t length_bytes, struct ipv4_header *ret_header)
{
    if (length_bytes < IPV4_HEADER_MIN || bytes[0] >> 4 != 4)
        return false;
    size_t header_bytes = (bytes[0] & 15u) * 4u;
    if (header_bytes < IPV4_HEADER_MIN || header_bytes > length_bytes)
        return false;
    *ret_header = take_fields(bytes, (uint8_t)header_bytes);
    return true;
}

void ipv4_header_emit(const struct ipv4_header *header, uint8_t *ret_bytes)
{
    assert(header->header_bytes == ipv4_header_size(header->options_bytes));
    assert(header->header_bytes <= IPV4_HEADER_MAX);
    assert(header->fragment_bytes % 8 == 0);
    uint16_t first = (uint16_t)((4 << 4 | header->header_bytes / 4) << 8 | header->tos);
    uint16_t third = (uint16_t)((header->dont_fragment ? FLAG_DF : 0) | (header->more_fragments ? FLAG_MF : 0) |
                                header->fragment_bytes / 8);
    uint16_t fourth = (uint16_t)(header->ttl << 8 | header->protocol);
    uint64_t sum = (uint64_t)first + header->total_bytes + header->id + third + fourth;
    sum = sum16_add_u32(sum, header->source.value); /* of the numbers, as reading back what was written takes longer */
    sum = sum16_add_u32(sum, header->destination.value);
    bytes_put_u16(ret_bytes, first);
    bytes_put_u16(ret_bytes + 2, header->total_bytes);
    bytes_put_u16(ret_bytes + 4, header->id);
    bytes_put_u16(ret_bytes + 6, third);
    bytes_put_u16(ret_bytes + 8, fourth);
    bytes_put_u32(ret_bytes + 12, header->source.value);
    bytes_put_u32(ret_bytes + 16, header->destination.value);
    if (header->options_bytes) {
        uint8_t *options = ret_bytes + IPV4_HEADER_MIN; /* behind them: end of list, and padding, RFC 791 3.1 */
        memset(options, 0, header->header_bytes - IPV4_HEADER_MIN);
        memcpy(options, header->options, header->options_bytes);
        sum = sum16_add(sum, options, header->header_bytes - IPV4_HEADER_MIN);
    }
    bytes_put_u16(ret_bytes + 10, sum16_finish(sum)); /* computed as if it were zero itself: RFC 791 3.1 */
}
