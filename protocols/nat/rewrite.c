/* SPDX-License-Identifier: MIT
 * See rewrite.h. */
#include "protocols/nat/rewrite.h"

#include "protocols/icmp/codec.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"

#define IP_CHECKSUM 10 /* offsets */
#define IP_SOURCE 12
#define IP_DESTINATION 16
#define UDP_CHECKSUM 6
#define TCP_CHECKSUM 16
#define ICMP_CHECKSUM 2
#define ICMP_IDENTIFIER 4

/* A datagram, or the quote of one, to be changed. */
struct target {
    uint8_t *ip;            /* its header */
    uint8_t *transport;     /* what follows */
    size_t transport_bytes; /* as far as it is there */
    uint8_t protocol;
};

/* Where the transport's checksum is; NULL: there is none, or it was not quoted. */
static uint8_t *checksum_of(const struct target *target)
{
    size_t offset;
    switch (target->protocol) {
    case IPV4_PROTOCOL_TCP:
        offset = TCP_CHECKSUM;
        break;
    case IPV4_PROTOCOL_UDP:
        offset = UDP_CHECKSUM;
        break;
    case IPV4_PROTOCOL_ICMP:
        offset = ICMP_CHECKSUM;
        break;
    default:
        return NULL;
    }
    return offset + 2 <= target->transport_bytes ? target->transport + offset : NULL;
}

/* One word changes, and the sum over it: RFC 1624 equation 3. */
static void correct(uint8_t *checksum, uint16_t before, uint16_t after)
{
    bytes_put_u16(checksum, sum16_update(bytes_u16(checksum), before, after));
}

/* The same for the transport, where a UDP checksum of 0 is none: RFC 768. */
static void correct_transport(const struct target *target, uint16_t before, uint16_t after)
{
    uint8_t *checksum = checksum_of(target);
    bool is_udp = target->protocol == IPV4_PROTOCOL_UDP;
    if (!checksum || (is_udp && bytes_u16(checksum) == 0))
        return;
    correct(checksum, before, after);
    if (is_udp && bytes_u16(checksum) == 0)
        bytes_put_u16(checksum, 0xffff); /* RFC 768: a sum of 0 is sent as all ones */
}

static void change_address(const struct target *target, enum rewrite_side side, struct ipv4_address address)
{
    uint8_t *at = target->ip + (side == REWRITE_SOURCE ? IP_SOURCE : IP_DESTINATION);
    for (int i = 0; i < 2; i++, at += 2) {
        uint16_t before = bytes_u16(at), after = (uint16_t)(i == 0 ? address.value >> 16 : address.value);
        bytes_put_u16(at, after);
        correct(target->ip + IP_CHECKSUM, before, after);
        if (target->protocol != IPV4_PROTOCOL_ICMP) /* ICMP has no pseudo-header: RFC 792 */
            correct_transport(target, before, after);
    }
}

static void change_port(const struct target *target, enum rewrite_side side, uint16_t port)
{
    size_t offset = target->protocol == IPV4_PROTOCOL_ICMP ? ICMP_IDENTIFIER : side == REWRITE_SOURCE ? 0 : 2;
    uint16_t before = bytes_u16(target->transport + offset);
    bytes_put_u16(target->transport + offset, port);
    correct_transport(target, before, port);
}

/* Both, as far as the protocol has ports and this end is the one that has one. */
static void change_end(const struct target *target, enum rewrite_side side, struct flow_end old,
                       struct flow_end new)
{
    bool has_ports = target->protocol == IPV4_PROTOCOL_TCP || target->protocol == IPV4_PROTOCOL_UDP ||
                     target->protocol == IPV4_PROTOCOL_ICMP;
    change_address(target, side, new.address);
    if (has_ports && new.port != old.port)
        change_port(target, side, new.port);
}

static void keep_in_step(struct ipv4_header *header, const uint8_t *bytes)
{
    header->source.value = bytes_u32(bytes + IP_SOURCE);
    header->destination.value = bytes_u32(bytes + IP_DESTINATION);
    header->checksum = bytes_u16(bytes + IP_CHECKSUM);
}

void rewrite_packet(uint8_t *bytes, size_t length_bytes, struct ipv4_header *header, struct flow_view *view,
                    enum rewrite_side side, struct flow_end end)
{
    struct target whole = {bytes, bytes + view->transport, length_bytes - view->transport, header->protocol};
    struct flow_end *old = side == REWRITE_SOURCE ? &view->key.from : &view->key.to;
    change_end(&whole, side, *old, end);
    *old = end;
    keep_in_step(header, bytes);
}

void rewrite_error(uint8_t *bytes, size_t length_bytes, struct ipv4_header *header, struct flow_view *view,
                   enum rewrite_side side, struct ipv4_address outer, struct flow_end end)
{
    struct target whole = {bytes, bytes + view->transport, length_bytes - view->transport,
                           IPV4_PROTOCOL_ICMP};
    struct target quote = {bytes + view->quoted, bytes + view->quoted_transport,
                           length_bytes - view->quoted_transport, view->quoted_protocol};
    enum rewrite_side opposite = side == REWRITE_SOURCE ? REWRITE_DESTINATION : REWRITE_SOURCE;
    struct flow_end *old = opposite == REWRITE_SOURCE ? &view->key.from : &view->key.to;
    size_t even = (length_bytes - view->quoted) & ~(size_t)1; /* an odd last octet does not change */
    uint16_t before = sum16_fold(sum16_add(0, quote.ip, even));
    change_end(&quote, opposite, *old, end);
    *old = end;
    correct(whole.transport + ICMP_CHECKSUM, before, sum16_fold(sum16_add(0, quote.ip, even)));
    change_address(&whole, side, outer);
    keep_in_step(header, bytes);
}
