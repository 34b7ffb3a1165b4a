/* SPDX-License-Identifier: MIT
 * See nic.h. */
#include "nodes/nic.h"

#include <stdio.h>
#include <string.h>

void nic_init(struct nic *nic, struct nt_port *port, struct mac_address mac, uint32_t mtu_bytes)
{
    *nic = (struct nic){.port = port, .mac = mac, .mtu_bytes = mtu_bytes, .is_up = true};
}

bool nic_can_send(const struct nic *nic)
{
    return nic->is_up && nic->port->is_up;
}

void nic_send(struct nic *nic, struct nt_frame *frame)
{
    struct nt_node *node = nic->port->node;
    size_t pad = ethernet_pad_bytes(frame->length_bytes); /* IEEE 802.3 3.2.8 */
    memset(frame->bytes + frame->length_bytes, 0, pad);
    frame->length_bytes += (uint32_t)pad;
    nt_frame_seal(node, frame);
    if (nic->is_up)
        nt_transmit(nic->port, frame);
    else
        nt_discard(nic->port, frame, "the interface is down");
}

/* Counts and throws away. */
static bool refuse(struct nic *nic, struct nt_frame *frame, uint64_t *counter, const char *reason)
{
    ++*counter;
    nt_discard(nic->port, frame, reason);
    return false;
}

bool nic_accept(struct nic *nic, struct nt_frame *frame, struct ethernet_header *ret_header)
{
    struct nt_node *node = nic->port->node;
    if (!nt_frame_is_intact(node, frame)) /* IEEE 802.3 4.2.4.1.2 */
        return refuse(nic, frame, &nic->damaged, "the check sequence is wrong");
    if (frame->length_bytes < ETHERNET_MIN) /* IEEE 802.3 4.2.4.2.2: a collision fragment or a fault */
        return refuse(nic, frame, &nic->misfits, "the frame is too short");
    if (frame->length_bytes > nic->mtu_bytes + ETHERNET_HEADER + ETHERNET_FCS) /* IEEE 802.3 4.2.4.2.1 */
        return refuse(nic, frame, &nic->misfits, "the frame is too long");
    struct reader reader = reader_over(frame->bytes, frame->length_bytes - ETHERNET_FCS);
    ethernet_parse(&reader, ret_header);
    if (!nic->is_up)
        return refuse(nic, frame, &nic->filtered, "the interface is down");
    if (mac_is_equal(ret_header->destination, nic->mac) || mac_is_group(ret_header->destination))
        return true;
    nic->filtered++; /* IEEE 802.3 4.2.4.1.1: not our address, no concern of ours */
    nt_frame_unref(node, frame);
    return false;
}

struct packet nic_payload(const struct nt_frame *frame)
{
    return (struct packet){frame->bytes + ETHERNET_HEADER,
                           frame->length_bytes - ETHERNET_HEADER - ETHERNET_FCS, frame->id};
}

bool nic_parse_mac(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct mac_address mac;
    if (!mac_parse(text, &mac)) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "expected an Ethernet address such as \"02:00:00:00:00:01\", found \"%.60s\"", text);
        return false;
    }
    if (mac_is_group(mac)) {
        snprintf(ret_why->text, sizeof ret_why->text,
                 "\"%s\" is a group address: the lowest bit of its first byte is set", text);
        return false;
    }
    ret_value->number = (int64_t)mac_to_number(mac);
    return true;
}

struct mac_address nic_choose_mac(struct nt_port *port)
{
    char shown[MAC_TEXT_SIZE];
    struct mac_address mac;
    uint64_t number = UINT64_C(0x020000000000) + port->id; /* locally administered */
    do {
        mac = mac_from_number(number++);
    } while (nt_is_claimed(port->node, mac.bytes, MAC_BYTES));
    mac_format(mac, shown);
    nt_claim(port->node, NULL, mac.bytes, MAC_BYTES, shown);
    return mac;
}
