/* SPDX-License-Identifier: MIT
 * Finding the layers of a frame. See layers.h. */
#include "protocols/match/layers.h"

static void find_ipv4(struct layers *layers)
{
    if (layers->type != ETHERNET_TYPE_IPV4 ||
        !ipv4_header_peek(layers->network, layers->network_bytes, &layers->ipv4))
        return;
    size_t whole = layers->ipv4.total_bytes; /* what follows is the link's padding */
    if (whole > layers->network_bytes)
        whole = layers->network_bytes;
    if (whole < layers->ipv4.header_bytes)
        return;
    layers->is_ipv4 = true;
    if (layers->ipv4.fragment_bytes) /* only the first fragment has the transport's header: RFC 791 2.3 */
        return;
    layers->transport = layers->network + layers->ipv4.header_bytes;
    layers->transport_bytes = whole - layers->ipv4.header_bytes;
}

void layers_of(const uint8_t *bytes, size_t length_bytes, struct layers *ret_layers)
{
    struct reader reader = reader_over(bytes, length_bytes);
    struct ethernet_header ethernet;
    *ret_layers = (struct layers){0};
    if (!ethernet_parse(&reader, &ethernet))
        return;
    uint16_t type = ethernet.type_or_length;
    if (type == ETHERNET_TYPE_VLAN) { /* IEEE 802.1Q 9.6: priority, drop eligible, VLAN; then the type */
        uint16_t control = read_u16(&reader);
        type = read_u16(&reader);
        if (reader.has_failed)
            return;
        ret_layers->is_tagged = true;
        ret_layers->priority = (uint8_t)(control >> 13);
    }
    ret_layers->type = ethernet_meaning(type) == ETHERNET_IS_TYPE ? type : 0;
    ret_layers->network = reader.at;
    ret_layers->network_bytes = reader_left(&reader);
    find_ipv4(ret_layers);
}
