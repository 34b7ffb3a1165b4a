/* SPDX-License-Identifier: MIT
 * UDP datagrams, taken apart and put together. RFC 768. */
#include "protocols/udp/codec.h"

#include "protocols/net_layer.h"
#include "sim/base/sum16.h"

const char *const udp_reason_words[] = {
    "nothing is wrong",      "shorter than 8 octets", "bad length", "bad checksum",
    "no socket on the port", "receive queue is full", NULL};

static uint16_t sum_over(const uint8_t *bytes, size_t length_bytes, const struct net_address *source,
                         const struct net_address *destination)
{
    uint64_t sum = net_pseudo_sum(source, destination, UDP_PROTOCOL, length_bytes);
    return sum16_fold(sum16_add(sum, bytes, length_bytes));
}

enum udp_reason udp_parse(const uint8_t *bytes, size_t length_bytes, const struct net_address *source,
                          const struct net_address *destination, struct udp_header *ret_header)
{
    if (length_bytes < UDP_HEADER)
        return UDP_TRUNCATED;
    struct udp_header header = {bytes_u16(bytes), bytes_u16(bytes + 2), bytes_u16(bytes + 4),
                                bytes_u16(bytes + 6)};
    if (header.length_bytes < UDP_HEADER || header.length_bytes > length_bytes) /* RFC 768, "Length" */
        return UDP_BAD_LENGTH;
    bool may_omit = source->family == NET_IPV4; /* RFC 8200 8.1: not over IPv6 */
    if (header.checksum == 0 && may_omit) {     /* RFC 768: "the transmitter generated no checksum" */
        *ret_header = header;
        return UDP_OK;
    }
    if (sum_over(bytes, header.length_bytes, source, destination) != 0xffff)
        return UDP_BAD_CHECKSUM;
    *ret_header = header;
    return UDP_OK;
}

void udp_emit(const struct udp_header *header, const struct net_address *source,
              const struct net_address *destination, uint8_t *ret_bytes)
{
    bytes_put_u16(ret_bytes, header->source_port);
    bytes_put_u16(ret_bytes + 2, header->destination_port);
    bytes_put_u16(ret_bytes + 4, header->length_bytes);
    bytes_put_u16(ret_bytes + 6, 0);
    uint16_t checksum = (uint16_t)~sum_over(ret_bytes, header->length_bytes, source, destination);
    bytes_put_u16(ret_bytes + 6,
                  checksum ? checksum : 0xffff); /* RFC 768: a computed 0 is sent as all ones */
}
