/* SPDX-License-Identifier: MIT
 * See forge.h. */
#include "nodes/apps/forge.h"

#include "protocols/net_layer.h"

bool forge_send(struct stack *stack, struct ipv4_address source, struct ipv4_address destination,
                const struct tcp_segment *segment)
{
    struct net_address from = net_from_ipv4(source), to = net_from_ipv4(destination);
    struct ipv4_request request = {.destination = destination, .source = source, .protocol = TCP_PROTOCOL, .is_forged = true};
    size_t header_bytes = tcp_segment_header_bytes(segment);
    struct packet_out packet =
        packet_make(&stack->packets, PACKET_IPV4_HEADROOM, header_bytes + segment->length_bytes);
    uint64_t sum = 0;
    if (segment->length_bytes)
        sum = sum16_copy(0, packet.bytes + header_bytes, segment->data, segment->length_bytes);
    tcp_segment_emit(segment, &from, &to, sum, packet.bytes);
    return ipv4_send(&stack->ip, &request, &packet) == IPV4_SENT;
}
