/* SPDX-License-Identifier: MIT
 * Segments, taken apart and put together. RFC 9293 section 3.1. */
#include "protocols/tcp/segment.h"

#include "protocols/net_layer.h"
#include "sim/base/sum16.h"

const char *const tcp_wire_words[] = {"nothing is wrong", "shorter than 20 octets", "bad data offset",
                                      "bad checksum", NULL};

enum tcp_wire tcp_segment_parse(const uint8_t *bytes, size_t length_bytes, const struct net_address *source,
                                const struct net_address *destination, struct tcp_segment *ret_segment)
{
    return tcp_segment_take(&(struct packet){.bytes = bytes, .length_bytes = length_bytes}, source,
                            destination, ret_segment);
}

/* The sum of all its words. A tail begins at an even place, or it is summed as if nothing were known. */
static uint64_t sum_of(const struct packet *packet)
{
    size_t front = packet->length_bytes - packet->tail_bytes;
    if (!packet->tail_bytes || front & 1)
        return sum16_add(0, packet->bytes, packet->length_bytes);
    return sum16_add(packet->tail_sum, packet->bytes, front);
}

enum tcp_wire tcp_segment_take(const struct packet *packet, const struct net_address *source,
                               const struct net_address *destination, struct tcp_segment *ret_segment)
{
    const uint8_t *bytes = packet->bytes;
    size_t length_bytes = packet->length_bytes;
    if (length_bytes < TCP_HEADER)
        return TCP_WIRE_TRUNCATED;
    size_t header_bytes = (size_t)(bytes[12] >> 4) * 4;
    if (header_bytes < TCP_HEADER || header_bytes > length_bytes)
        return TCP_WIRE_BAD_OFFSET;
    uint64_t sum = net_pseudo_sum(source, destination, TCP_PROTOCOL, length_bytes);
    if (sum16_fold(sum + sum_of(packet)) != 0xffff) /* RFC 9293 section 3.1, MUST-3 */
        return TCP_WIRE_BAD_CHECKSUM;
    ret_segment->source_port = bytes_u16(bytes);
    ret_segment->destination_port = bytes_u16(bytes + 2);
    ret_segment->seq = tcp_seq_at(bytes_u32(bytes + 4));
    ret_segment->ack = tcp_seq_at(bytes_u32(bytes + 8));
    ret_segment->flags = bytes[13]; /* byte 12 has the offset, and four reserved bits: ignored */
    ret_segment->window = bytes_u16(bytes + 14);
    ret_segment->checksum = bytes_u16(bytes + 16);
    ret_segment->urgent = bytes_u16(bytes + 18);
    tcp_options_parse(bytes + TCP_HEADER, header_bytes - TCP_HEADER, &ret_segment->options);
    ret_segment->data = bytes + header_bytes;
    ret_segment->length_bytes = (uint32_t)(length_bytes - header_bytes);
    return TCP_WIRE_OK;
}

size_t tcp_segment_header_bytes(const struct tcp_segment *segment)
{
    return TCP_HEADER + tcp_options_bytes(&segment->options);
}

/* The sum of the first twenty bytes, from the numbers: reading back in words what was just written in bytes makes the
 * processor wait, and took 6 % of a fast stream's time. */
static uint64_t fixed_sum(const struct tcp_segment *segment, size_t header_bytes)
{
    uint64_t sum = (uint64_t)segment->source_port + segment->destination_port + segment->window + segment->urgent;
    sum = sum16_add_u32(sum, segment->seq.value);
    sum = sum16_add_u32(sum, segment->ack.value);
    return sum + (header_bytes / 4 << 12 | segment->flags);
}

void tcp_segment_emit(const struct tcp_segment *segment, const struct net_address *source,
                      const struct net_address *destination, uint64_t data_sum, uint8_t *ret_bytes)
{
    size_t header_bytes = tcp_segment_header_bytes(segment);
    bytes_put_u16(ret_bytes, segment->source_port);
    bytes_put_u16(ret_bytes + 2, segment->destination_port);
    bytes_put_u32(ret_bytes + 4, segment->seq.value);
    bytes_put_u32(ret_bytes + 8, segment->ack.value);
    ret_bytes[12] = (uint8_t)(header_bytes / 4 << 4);
    ret_bytes[13] = segment->flags;
    bytes_put_u16(ret_bytes + 14, segment->window);
    bytes_put_u16(ret_bytes + 16, 0); /* the checksum, below */
    bytes_put_u16(ret_bytes + 18, segment->urgent);
    tcp_options_emit(&segment->options, ret_bytes + TCP_HEADER);
    uint64_t sum = net_pseudo_sum(source, destination, TCP_PROTOCOL, header_bytes + segment->length_bytes);
    sum += data_sum + tcp_options_sum(&segment->options, ret_bytes + TCP_HEADER);
    bytes_put_u16(ret_bytes + 16, sum16_finish(sum + fixed_sum(segment, header_bytes)));
}

void tcp_flags_write(uint8_t flags, char ret_words[TCP_FLAG_WORDS])
{
    static const char words[8][5] = {"FIN,", "SYN,", "RST,", "PSH,", "ACK,", "URG,", "ECE,", "CWR,"};
    char *at = ret_words;
    for (unsigned i = 0; i < 8; i++)
        if (flags >> i & 1) {
            memcpy(at, words[i], 4);
            at += 4;
        }
    if (flags)
        at[-1] = 0;
    else
        memcpy(ret_words, "none", 5);
}
