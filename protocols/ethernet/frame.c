/* SPDX-License-Identifier: MIT
 * The Ethernet frame, taken apart and put together. IEEE 802.3 3.1 to 3.2. */
#include "protocols/ethernet/frame.h"

bool ethernet_parse(struct reader *reader, struct ethernet_header *ret_header)
{
    const uint8_t *bytes = read_bytes(reader, ETHERNET_HEADER);
    if (!bytes)
        return false;
    memcpy(ret_header->destination.bytes, bytes, MAC_BYTES);
    memcpy(ret_header->source.bytes, bytes + MAC_BYTES, MAC_BYTES);
    ret_header->type_or_length = bytes_u16(bytes + 2 * MAC_BYTES);
    return true;
}

void ethernet_emit(const struct ethernet_header *header, uint8_t *ret_bytes)
{
    memcpy(ret_bytes, header->destination.bytes, MAC_BYTES);
    memcpy(ret_bytes + MAC_BYTES, header->source.bytes, MAC_BYTES);
    bytes_put_u16(ret_bytes + 2 * MAC_BYTES, header->type_or_length);
}

void ethernet_prepend(struct packet_out *packet, const struct ethernet_header *header)
{
    ethernet_emit(header, packet_prepend(packet, ETHERNET_HEADER));
}

enum ethernet_meaning ethernet_meaning(uint16_t type_or_length)
{
    if (type_or_length <= 1500) /* IEEE 802.3 3.2.6 (a) */
        return ETHERNET_IS_LENGTH;
    if (type_or_length >= 0x0600) /* IEEE 802.3 3.2.6 (b) */
        return ETHERNET_IS_TYPE;
    return ETHERNET_IS_UNDEFINED;
}

bool ethernet_length_fits(uint16_t type_or_length, size_t data_bytes)
{
    bool may_be_padded = data_bytes == ETHERNET_MIN_UNSEALED - ETHERNET_HEADER;
    return ethernet_meaning(type_or_length) != ETHERNET_IS_LENGTH || type_or_length == data_bytes ||
           (may_be_padded && type_or_length < data_bytes); /* IEEE 802.3 3.4 (a) */
}

size_t ethernet_pad_bytes(size_t length_bytes)
{
    return length_bytes < ETHERNET_MIN_UNSEALED ? ETHERNET_MIN_UNSEALED - length_bytes
                                                : 0; /* IEEE 802.3 3.2.8 */
}
