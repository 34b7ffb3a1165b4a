/* SPDX-License-Identifier: MIT
 * ARP packets, taken apart and put together. RFC 826. */
#include "protocols/arp/codec.h"

#include "sim/base/bytes.h"

#define HARDWARE_ETHERNET 1
#define PROTOCOL_IPV4 0x0800
#define IPV4_BYTES 4

const char *const arp_reason_words[] = {"nothing is wrong",
                                        "shorter than 28 octets",
                                        "not for Ethernet",
                                        "not for IPv4",
                                        "addresses of odd length",
                                        "neither question nor answer",
                                        "sender is not one station",
                                        "our own packet",
                                        NULL};

/* RFC 826, "Packet Reception": do I have this hardware type? Do I speak this protocol? The lengths are its
 * "optionally check". */
static enum arp_reason check_types(struct reader *r)
{
    if (read_u16(r) != HARDWARE_ETHERNET)
        return ARP_BAD_HARDWARE_TYPE;
    if (read_u16(r) != PROTOCOL_IPV4)
        return ARP_BAD_PROTOCOL_TYPE;
    uint8_t hardware_bytes = read_u8(r);
    uint8_t protocol_bytes = read_u8(r);
    return hardware_bytes == MAC_BYTES && protocol_bytes == IPV4_BYTES ? ARP_OK : ARP_BAD_LENGTHS;
}

enum arp_reason arp_parse(const uint8_t *bytes, size_t length_bytes, struct arp_packet *ret_packet)
{
    if (length_bytes < ARP_BYTES)
        return ARP_TRUNCATED;
    struct reader r = reader_over(bytes, length_bytes);
    enum arp_reason reason = check_types(&r);
    if (reason != ARP_OK)
        return reason;
    struct arp_packet p;
    p.operation = read_u16(&r);
    read_copy(&r, p.sender_mac.bytes, MAC_BYTES);
    p.sender.value = read_u32(&r);
    read_copy(&r, p.target_mac.bytes, MAC_BYTES);
    p.target.value = read_u32(&r);
    if (p.operation != ARP_REQUEST && p.operation != ARP_REPLY)
        return ARP_BAD_OPERATION;
    *ret_packet = p;
    return ARP_OK;
}

void arp_emit(const struct arp_packet *packet, uint8_t *ret_bytes)
{
    struct writer w = writer_over(ret_bytes, ARP_BYTES);
    write_u16(&w, HARDWARE_ETHERNET);
    write_u16(&w, PROTOCOL_IPV4);
    write_u8(&w, MAC_BYTES);
    write_u8(&w, IPV4_BYTES);
    write_u16(&w, packet->operation);
    write_bytes(&w, packet->sender_mac.bytes, MAC_BYTES);
    write_u32(&w, packet->sender.value);
    write_bytes(&w, packet->target_mac.bytes, MAC_BYTES);
    write_u32(&w, packet->target.value);
}
