/* SPDX-License-Identifier: MIT
 * See nic.h. What belongs to a shared line only is in nic_half.c. */
#include "nodes/nic.h"

#include <stdio.h>
#include <string.h>

#include "nodes/nic_half.h"

void nic_init(struct nic *nic, struct nt_port *port, struct mac_address mac, uint32_t mtu_bytes)
{
    *nic = (struct nic){.port = port, .mtu_bytes = mtu_bytes, .is_up = true};
    nic_set_mac(nic, mac);
}

void nic_set_mac(struct nic *nic, struct mac_address mac)
{
    nic->mac = mac;
    memcpy(nic->port->address, mac.bytes, MAC_BYTES);
}

void nic_set_takes_all(struct nic *nic, bool takes_all)
{
    nic->takes_all = nic->port->takes_all = takes_all;
}

bool nic_can_send(const struct nic *nic)
{
    return nic->is_up && nic->port->is_up;
}

/* ---- Going out ---- */

void nic_send_sealed(struct nic *nic, struct nt_frame *frame)
{
    if (!nic->is_up)
        nt_discard(nic->port, frame, "the interface is down");
    else if (nic->port->is_half_duplex && nic->port->is_up)
        nic_half_send(nic->half, frame);
    else
        nt_transmit(nic->port, frame);
}

void nic_send(struct nic *nic, struct nt_frame *frame)
{
    size_t pad = ethernet_pad_bytes(frame->length_bytes); /* IEEE 802.3 3.2.8 */
    if (pad) {
        memset(frame->bytes + frame->length_bytes, 0, pad);
        frame->length_bytes += (uint32_t)pad;
    }
    nt_frame_seal(nic->port->node, frame);
    nic_send_sealed(nic, frame);
}

uint32_t nic_held(const struct nic *nic)
{
    return nic->half ? nic_half_held(nic->half) : 0;
}

void nic_line(struct nic *nic)
{
    if (nic->port->is_half_duplex && !nic->half)
        nic->half = nic_half_new(nic);
    if (nic->half)
        nic_half_line(nic->half);
}

/* ---- Coming in ---- */

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
    uint32_t most =
        nic->mtu_bytes > ETHERNET_MTU ? nic->mtu_bytes : ETHERNET_MTU; /* what it sends is its own choice */
    if (frame->length_bytes > most + ETHERNET_HEADER + ETHERNET_FCS)   /* IEEE 802.3 4.2.4.2.1 */
        return refuse(nic, frame, &nic->misfits, "the frame is too long");
    struct reader reader = reader_over(frame->bytes, frame->length_bytes - ETHERNET_FCS);
    ethernet_parse(&reader, ret_header);
    if (!nic->is_up)
        return refuse(nic, frame, &nic->filtered, "the interface is down");
    if (nic->takes_all || mac_is_equal(ret_header->destination, nic->mac) ||
        mac_is_group(ret_header->destination))
        return true;
    nic->filtered++; /* IEEE 802.3 4.2.4.1.1: not our address, no concern of ours */
    nt_frame_unref(node, frame);
    return false;
}

struct packet nic_payload(const struct nt_frame *frame)
{
    const uint8_t *bytes = frame->bytes + ETHERNET_HEADER;
    size_t length_bytes = frame->length_bytes - ETHERNET_HEADER - ETHERNET_FCS;
    bool is_known = frame->tail_bytes <= length_bytes && !(frame->flags & NT_FRAME_DAMAGED) &&
                    bytes + length_bytes == (const uint8_t *)(frame + 1) + frame->tail_end;
    return (struct packet){bytes, length_bytes, frame->id, is_known ? frame->tail_bytes : 0, frame->tail_sum};
}

/* ---- Addresses ---- */

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

static const char mac_counter_key; /* names the network's count of chosen addresses */

struct mac_address nic_choose_mac(struct nt_port *port)
{
    struct mac_address mac;
    bool is_new = false;
    uint64_t *chosen = nt_shared(port->node, &mac_counter_key, sizeof *chosen, &is_new);
    do {
        mac = mac_from_number(UINT64_C(0x020000000000) + ++*chosen); /* locally administered */
    } while (nt_is_claimed(port->node, mac.bytes, MAC_BYTES));
    nt_claim(port->node, NULL, mac.bytes, MAC_BYTES, ""); /* nobody has it, so nobody is shown it */
    return mac;
}
