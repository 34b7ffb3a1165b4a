/* SPDX-License-Identifier: MIT
 * See flow.h. */
#include "protocols/conntrack/flow.h"

#include "protocols/icmp/codec.h"
#include "sim/base/bytes.h"

#define PORTS_BYTES 8 /* what an error quotes at least: RFC 792; both ports are in it */
#define TCP_HEADER 20 /* RFC 9293 3.1 */
#define TCP_FLAGS_OFFSET 13
#define MASK_REQUEST 17 /* ICMP address mask, RFC 950 */
#define MASK_REPLY 18
#define INFORMATION_REQUEST 15 /* RFC 792 */
#define INFORMATION_REPLY 16

const char *const flow_protocol_words[] = {"IP", "ICMP", "TCP", "UDP", NULL};

unsigned flow_protocol_index(uint8_t protocol)
{
    static const uint8_t numbers[] = {0, IPV4_PROTOCOL_ICMP, IPV4_PROTOCOL_TCP, IPV4_PROTOCOL_UDP};
    for (unsigned i = 1; i < sizeof numbers; i++)
        if (numbers[i] == protocol)
            return i;
    return 0;
}

static bool is_query(uint8_t type)
{
    return type == ICMP_ECHO_REQUEST || type == ICMP_TIMESTAMP || type == INFORMATION_REQUEST ||
           type == MASK_REQUEST;
}

static bool is_answer(uint8_t type)
{
    return type == ICMP_ECHO_REPLY || type == ICMP_TIMESTAMP_REPLY || type == INFORMATION_REPLY ||
           type == MASK_REPLY;
}

/* Fills in the ports of a key whose addresses stand. False: there are none that could be read. */
static bool read_ports(const uint8_t *transport, size_t length_bytes, struct flow_key *key,
                       enum flow_part *ret_part)
{
    *ret_part = FLOW_REQUEST;
    if (key->protocol != IPV4_PROTOCOL_TCP && key->protocol != IPV4_PROTOCOL_UDP &&
        key->protocol != IPV4_PROTOCOL_ICMP)
        return true; /* both addresses, and that is all */
    if (length_bytes < PORTS_BYTES)
        return false;
    if (key->protocol != IPV4_PROTOCOL_ICMP) {
        key->from.port = bytes_u16(transport);
        key->to.port = bytes_u16(transport + 2);
        return true;
    }
    if (is_query(transport[0]))
        key->from.port = bytes_u16(transport + 4);
    else if (is_answer(transport[0]))
        key->to.port = bytes_u16(transport + 4);
    else
        return false;
    *ret_part = is_answer(transport[0]) ? FLOW_ANSWER : FLOW_REQUEST;
    return true;
}

/* An ICMP error speaks of the datagram that it quotes; RFC 5508 REQ-3: options in the quoted header are
 * stepped over. */
static void read_quote(const uint8_t *bytes, size_t length_bytes, struct flow_view *view)
{
    struct ipv4_header quoted;
    enum flow_part unused;
    size_t start = (size_t)view->transport + ICMP_HEADER;
    if (!ipv4_header_peek(bytes + start, length_bytes - start, &quoted) || quoted.fragment_bytes > 0)
        return;
    size_t behind = start + quoted.header_bytes;
    struct flow_key key = {{quoted.source, 0}, {quoted.destination, 0}, quoted.protocol};
    if (behind > length_bytes || !read_ports(bytes + behind, length_bytes - behind, &key, &unused))
        return;
    view->part = FLOW_ERROR;
    view->key = key;
    view->quoted = (uint16_t)start;
    view->quoted_transport = (uint16_t)behind;
    view->quoted_protocol = quoted.protocol;
}

struct flow_view flow_read(const uint8_t *bytes, size_t length_bytes, const struct ipv4_header *header)
{
    const uint8_t *transport = bytes + header->header_bytes;
    size_t transport_bytes = length_bytes - header->header_bytes;
    struct flow_view view = {.part = FLOW_UNREADABLE,
                             .key = {{header->source, 0}, {header->destination, 0}, header->protocol},
                             .transport = header->header_bytes};
    if (ipv4_is_fragment(header))
        return view;
    if (header->protocol == IPV4_PROTOCOL_ICMP && transport_bytes >= ICMP_HEADER) {
        view.icmp_type = transport[0];
        view.icmp_code = transport[1];
        if (icmp_is_error(transport[0])) {
            read_quote(bytes, length_bytes, &view);
            return view;
        }
    }
    if (header->protocol == IPV4_PROTOCOL_TCP && transport_bytes < TCP_HEADER)
        return view;
    enum flow_part part;
    if (read_ports(transport, transport_bytes, &view.key, &part))
        view.part = part;
    if (view.part != FLOW_UNREADABLE && header->protocol == IPV4_PROTOCOL_TCP)
        view.tcp_flags = transport[TCP_FLAGS_OFFSET];
    return view;
}
