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
                                         NULL};

/* The fields, without judging them. `header_bytes` of them are there. */
static struct ipv4_header take_fields(const uint8_t *bytes, uint8_t header_bytes)
{
    struct reader r = reader_over(bytes + 1, header_bytes - 1u);
    struct ipv4_header h = {.header_bytes = header_bytes};
    h.tos = read_u8(&r);
    h.total_bytes = read_u16(&r);
    h.id = read_u16(&r);
    uint16_t word = read_u16(&r);
    h.has_evil_bit = word & FLAG_RESERVED;
    h.dont_fragment = word & FLAG_DF;
    h.more_fragments = word & FLAG_MF;
    h.fragment_bytes = (uint16_t)((word & OFFSET_MASK) * 8);
    h.ttl = read_u8(&r);
    h.protocol = read_u8(&r);
    h.checksum = read_u16(&r);
    h.source.value = read_u32(&r);
    h.destination.value = read_u32(&r);
    h.options_bytes = (uint8_t)(header_bytes - IPV4_HEADER_MIN);
    h.options = h.options_bytes > 0 ? read_bytes(&r, h.options_bytes) : NULL;
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
    if (sum16_fold(sum16_add(0, bytes, header_bytes)) != 0xffff) /* RFC 1122 3.2.1.2 */
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
    struct writer w = writer_over(ret_bytes, header->header_bytes);
    write_u8(&w, (uint8_t)(4 << 4 | header->header_bytes / 4));
    write_u8(&w, header->tos);
    write_u16(&w, header->total_bytes);
    write_u16(&w, header->id);
    write_u16(&w, (uint16_t)((header->dont_fragment ? FLAG_DF : 0) | (header->more_fragments ? FLAG_MF : 0) |
                             header->fragment_bytes / 8));
    write_u8(&w, header->ttl);
    write_u8(&w, header->protocol);
    write_u16(&w, 0); /* the checksum is computed as if it were zero: RFC 791 3.1 */
    write_u32(&w, header->source.value);
    write_u32(&w, header->destination.value);
    write_bytes(&w, header->options, header->options_bytes);
    while (w.at < w.end)
        write_u8(&w, 0); /* end of option list, and padding: RFC 791 3.1 */
    bytes_put_u16(ret_bytes + 10, sum16_finish(sum16_add(0, ret_bytes, header->header_bytes)));
}
