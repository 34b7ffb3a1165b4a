/* SPDX-License-Identifier: MIT
 * ARP packets, in tcpdump's and Wireshark's words. The format is in arp/codec.h. RFC 826. */
#include "protocols/dissect/parts.h"

#include "protocols/arp/codec.h"
#include "sim/base/bytes.h"

static const char *hardware_word(uint32_t type)
{
    return type == 1 ? "Ethernet" : NULL;
}

static const char *protocol_word(uint32_t type)
{
    return type == 0x0800 ? "IPv4" : NULL;
}

static const char *operation_word(uint32_t operation)
{
    return operation == ARP_REQUEST ? "request" : operation == ARP_REPLY ? "reply" : NULL;
}

/* What the reader of a line needs to know; false: this is not ARP for IPv4 over Ethernet, `out` says what it
 * is. */
static bool is_readable(struct text *out, const struct dissect_view *view)
{
    const uint8_t *b = view->bytes;
    if (view->length_bytes < ARP_BYTES) {
        text_add(out, "[|arp]");
        return false;
    }
    uint16_t hardware = bytes_u16(b);
    uint16_t protocol = bytes_u16(b + 2);
    if (hardware == 1 && protocol == 0x0800 && b[4] == MAC_BYTES && b[5] == 4)
        return true;
    text_add(out, hardware == 1 ? "Ethernet" : "Unknown Hardware (%u)", hardware);
    text_add(out, " (len %u), ", b[4]);
    text_add(out, protocol == 0x0800 ? "IPv4" : "Unknown Protocol (0x%04x)", protocol);
    text_add(out, " (len %u), length %zu", b[5], view->length_bytes);
    return false;
}

static void add_question(struct text *out, const struct arp_packet *packet)
{
    char target[IPV4_TEXT_SIZE], sender[IPV4_TEXT_SIZE], mac[MAC_TEXT_SIZE];
    text_add(out, "Request who-has %s", dissect_ipv4_text(packet->target, target));
    if (!mac_is_none(packet->target_mac)) {
        mac_format(packet->target_mac, mac);
        text_add(out, " (%s)", mac);
    }
    text_add(out, " tell %s", dissect_ipv4_text(packet->sender, sender));
}

void dissect_arp_line(struct text *out, const struct dissect_view *view)
{
    char sender[IPV4_TEXT_SIZE], mac[MAC_TEXT_SIZE];
    struct arp_packet packet;
    if (!view->with_link)
        text_add(out, "ARP, ");
    if (!is_readable(out, view))
        return;
    if (arp_parse(view->bytes, view->length_bytes, &packet) != ARP_OK)
        text_add(out, "Unknown (%u)", bytes_u16(view->bytes + 6));
    else if (packet.operation == ARP_REQUEST)
        add_question(out, &packet);
    else {
        mac_format(packet.sender_mac, mac);
        text_add(out, "Reply %s is-at %s", dissect_ipv4_text(packet.sender, sender), mac);
    }
    text_add(out, ", length %zu", view->length_bytes); /* tcpdump counts the padding too */
}

static const struct dissect_row head_rows[] = {
    {1, "arp.hw.type", "Hardware type", 0, 16, DISSECT_AS_NUMBER, 0, hardware_word},
    {1, "arp.proto.type", "Protocol type", 16, 16, DISSECT_AS_HEX, 0, protocol_word},
    {1, "arp.hw.size", "Hardware size", 32, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "arp.proto.size", "Protocol size", 40, 8, DISSECT_AS_NUMBER, 0, NULL},
    {1, "arp.opcode", "Opcode", 48, 16, DISSECT_AS_NUMBER, 0, operation_word},
};

static const struct dissect_row address_rows[] = {
    {1, "arp.src.hw_mac", "Sender MAC address", 64, 48, DISSECT_AS_MAC, 0, NULL},
    {1, "arp.src.proto_ipv4", "Sender IP address", 112, 32, DISSECT_AS_IPV4, 0, NULL},
    {1, "arp.dst.hw_mac", "Target MAC address", 144, 48, DISSECT_AS_MAC, 0, NULL},
    {1, "arp.dst.proto_ipv4", "Target IP address", 192, 32, DISSECT_AS_IPV4, 0, NULL},
};

void dissect_arp_tree(struct dissect_tree *tree, const struct dissect_view *view)
{
    dissect_protocol(tree, view, "arp", "Address Resolution Protocol", ARP_BYTES);
    if (!dissect_rows(tree, view, head_rows, 5))
        return;
    if (dissect_bits(view, 32, 16) != (MAC_BYTES << 8 | 4))
        return; /* the addresses are of another size: their places are not known */
    dissect_rows(tree, view, address_rows, 4);
}

struct dissect_label dissect_arp_label(const struct dissect_view *view)
{
    struct arp_packet packet;
    if (arp_parse(view->bytes, view->length_bytes, &packet) != ARP_OK)
        return (struct dissect_label){"ARP", DISSECT_MALFORMED};
    return (struct dissect_label){"ARP",
                                  packet.operation == ARP_REQUEST ? DISSECT_ARP_REQUEST : DISSECT_ARP_REPLY};
}

size_t dissect_arp_extent(const struct dissect_view *view)
{
    if (view->length_bytes < 8)
        return view->length_bytes;
    size_t extent = 8u + 2u * (view->bytes[4] + view->bytes[5]);
    return extent < view->length_bytes ? extent : view->length_bytes;
}
