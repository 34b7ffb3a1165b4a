/* SPDX-License-Identifier: MIT
 * A network interface: between frames on a wire and packets in a stack.
 *
 * Going out it pads a frame to the legal minimum, seals it and hands it to the medium; coming in it throws
 * away what is damaged, too short or too long, and what is addressed to somebody else. IEEE 802.3 clauses 3
 * and 4. */
#ifndef NETARIUM_NODES_NIC_H
#define NETARIUM_NODES_NIC_H

#include "protocols/ethernet/frame.h"
#include "sim/netarium.h"

struct nic {
    struct nt_port *port;   /* its socket in the world */
    struct mac_address mac; /* its own address */
    uint32_t mtu_bytes;     /* largest packet that it sends or takes */
    bool is_up;             /* `ip link set ... up`: an administrator's wish, apart from the line */
    uint64_t filtered;      /* frames for other stations, seen and left alone */
    uint64_t damaged;       /* check sequence wrong: IEEE 802.3 4.2.4.1.2 */
    uint64_t misfits;       /* too short or too long */
};

/* An interface at `port` with address `mac` that is up. check, or later. */
void nic_init(struct nic *nic, struct nt_port *port, struct mac_address mac, uint32_t mtu_bytes);

/* Can frames leave: is it up, and does the line carry signals? */
bool nic_can_send(const struct nic *nic);

/* Pads, seals and sends a frame whose header is in place. Takes the reference. */
void nic_send(struct nic *nic, struct nt_frame *frame);

/* Is this frame whole and for us? If so its header is read and true returned; if not, the reference is given
 * back. */
bool nic_accept(struct nic *nic, struct nt_frame *frame, struct ethernet_header *ret_header);

/* The bytes behind the header and before the check sequence. Borrowed from the frame. */
struct packet nic_payload(const struct nt_frame *frame);

/* Reads an Ethernet address for a parameter ("02:00:00:00:00:01"): the value's number. */
bool nic_parse_mac(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);

/* The address of `port` when none was given: 02:00:00 and the port's number, past what others have claimed.
 * Claims it. check. */
struct mac_address nic_choose_mac(struct nt_port *port);

#endif
