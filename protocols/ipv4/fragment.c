/* SPDX-License-Identifier: MIT
 * See fragment.h. */
#include "protocols/ipv4/fragment.h"

#include <string.h>

#define OPTION_END 0
#define OPTION_NOTHING 1
#define OPTION_COPIED 0x80 /* RFC 791 3.1: repeated in every piece */

/* The options of the pieces after the first: those whose copied bit is set. Returns their bytes. */
static uint8_t copied_options(const struct ipv4_header *header, uint8_t *ret_options)
{
    uint8_t bytes = 0;
    for (uint8_t at = 0; at < header->options_bytes && header->options[at] != OPTION_END;) {
        uint8_t type = header->options[at];
        uint8_t size = type == OPTION_NOTHING           ? 1
                       : at + 1 < header->options_bytes ? header->options[at + 1]
                                                        : 0;
        if (size == 0 || (type != OPTION_NOTHING && size < 2) || at + size > header->options_bytes)
            break;
        if (type & OPTION_COPIED) {
            memcpy(ret_options + bytes, header->options + at, size);
            bytes += size;
        }
        at += size;
    }
    return bytes;
}

/* Makes and sends one piece: `bytes` of the payload from `offset` on. */
static void send_piece(struct ipv4 *ip, const struct ipv4_header *header, const uint8_t *payload,
                       size_t offset, size_t bytes, bool has_more, uint64_t whole,
                       void (*send)(struct ipv4 *, void *, struct packet_out *), void *context)
{
    uint8_t options[IPV4_HEADER_MAX - IPV4_HEADER_MIN];
    struct ipv4_header piece = *header;
    if (offset > 0) {
        piece.options_bytes = copied_options(header, options);
        piece.options = options;
        piece.header_bytes = ipv4_header_size(piece.options_bytes);
    }
    piece.total_bytes = (uint16_t)(piece.header_bytes + bytes);
    piece.fragment_bytes = (uint16_t)(header->fragment_bytes + offset);
    piece.more_fragments = has_more || header->more_fragments; /* a piece of a piece: RFC 791 3.2 */
    struct packet_out packet = packet_make(ip->packets, PACKET_IPV4_HEADROOM, bytes);
    memcpy(packet.bytes, payload + offset, bytes);
    ipv4_header_emit(&piece, packet_prepend(&packet, piece.header_bytes));
    env_because(ip->env, env_tell(ip->env, &ipv4_kinds[IPV4_FRAGMENT], packet.frame, piece.fragment_bytes,
                                  (int64_t)bytes, piece.more_fragments, piece.id, (int64_t)whole));
    send(ip, context, &packet);
}

void ipv4_fragment(struct ipv4 *ip, const struct ipv4_header *header, struct packet_out *packet,
                   uint32_t mtu_bytes, void (*send)(struct ipv4 *ip, void *context, struct packet_out *piece),
                   void *context)
{
    const uint8_t *payload = packet->bytes + header->header_bytes;
    size_t left = packet->length_bytes - header->header_bytes, offset = 0;
    size_t most = (mtu_bytes - header->header_bytes) / 8 * 8; /* RFC 791 2.3: blocks of 8 octets */
    uint64_t before = env_cause(ip->env);
    while (left > 0) {
        size_t bytes = left > most ? most : left;
        left -= bytes;
        send_piece(ip, header, payload, offset, bytes, left > 0, packet->frame, send, context);
        env_because(ip->env, before);
        offset += bytes;
    }
    packet_give_back(ip->packets, packet);
}
