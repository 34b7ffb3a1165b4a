/* SPDX-License-Identifier: MIT
 * A network interface: between frames on a wire and packets in a stack.
 *
 * Going out it pads a frame to the legal minimum, seals it and brings it to the medium: at once where the
 * cable has two directions (the link keeps the queue), through a queue and the CSMA/CD machine of
 * protocols/ethernet/mac.h where it is shared. Coming in it throws away what is damaged, too short or too
 * long, and what is addressed to somebody else.
 *
 *     full duplex    nic_send -> nt_transmit -> link
 *     half duplex    nic_send -> queue -> mac -> TX_START ... TX_END -> shared cable
 *
 * The half-duplex part is made when the line first says that it is shared; a station on a full-duplex link
 * pays one test. IEEE 802.3 clauses 3 and 4. */
#ifndef NETARIUM_NODES_NIC_H
#define NETARIUM_NODES_NIC_H

#include "protocols/ethernet/frame.h"
#include "protocols/ethernet/mac.h"
#include "sim/netarium.h"

struct nic_half;
struct nic;

/* Who wants to know when a frame has left a shared line (or was given up). Embedded in its owner. */
struct nic_waiter {
    void (*done)(struct nic_waiter *waiter, struct nic *nic, bool is_sent);
};

struct nic { /* in the order of use: what each frame needs stands first */
    struct nt_port *port;      /* its socket in the world */
    struct nic_half *half;     /* queue and CSMA/CD; NULL: the line was never shared */
    struct nic_waiter *waiter; /* half duplex; set by who wants to know, borrowed; NULL: nobody */
    struct mac_address mac;    /* its own address */
    bool is_up;                /* `ip link set ... up`: an administrator's wish, apart from the line */
    bool takes_all;            /* promiscuous: a bridge, a listener */
    uint32_t mtu_bytes;        /* largest packet that it sends or takes */
    uint64_t filtered;         /* frames for other stations, seen and left alone */
    uint64_t damaged;          /* check sequence wrong: IEEE 802.3 4.2.4.1.2 */
    uint64_t misfits;          /* too short or too long */
};

/* create: declares what interfaces tell. Once per node is enough. */
void nic_declare(struct nt_node *node);

/* An interface at `port` with address `mac` that is up. check, or later. */
void nic_init(struct nic *nic, struct nt_port *port, struct mac_address mac, uint32_t mtu_bytes);

/* Gives it another Ethernet address. */
void nic_set_mac(struct nic *nic, struct mac_address mac);

/* Makes it take every frame, or only its own. */
void nic_set_takes_all(struct nic *nic, bool takes_all);

/* Can frames leave: is it up, and does the line carry signals? */
bool nic_can_send(const struct nic *nic);

/* Pads, seals and sends a frame whose header is in place. Takes the reference. */
void nic_send(struct nic *nic, struct nt_frame *frame);

/* Sends a sealed frame as it is: what a bridge does. Takes the reference. */
void nic_send_sealed(struct nic *nic, struct nt_frame *frame);

/* Frames waiting in it, the one being sent included. Full duplex: 0, the link knows. */
uint32_t nic_held(const struct nic *nic);

/* Callbacks of the node, handed on: the line changed, the shared cable says something. */
void nic_line(struct nic *nic);
void nic_sense(struct nic *nic, const struct nt_sense *sense);

/* Is this frame whole and for us? If so its header is read and true returned; if not, the reference is given
 * back. */
bool nic_accept(struct nic *nic, struct nt_frame *frame, struct ethernet_header *ret_header);

/* The bytes behind the header and before the check sequence. Borrowed from the frame. */
struct packet nic_payload(const struct nt_frame *frame);

/* The CSMA/CD machine, or NULL where the line is not shared. For tables. */
const struct mac *nic_mac(const struct nic *nic);

/* How many frames may wait in the queue of a shared line; the rules to play by. Before the first frame. */
void nic_set_queue_limit(struct nic *nic, uint32_t frames);
void nic_set_mac_config(struct nic *nic, const struct mac_config *config);

/* Fills a row of the table "mac" from cell `first` on; see NIC_MAC_COLUMNS. */
void nic_show_mac(const struct nic *nic, struct nt_cell *ret_cells);

#define NIC_MAC_COLUMNS                                                                                      \
    {                                                                                                        \
        {"interface", NT_UNIT_TEXT}, {"state", NT_UNIT_WORD, mac_state_words}, {"carrier", NT_UNIT_BOOL},    \
            {"attempt", NT_UNIT_NONE}, {"slots_drawn", NT_UNIT_NONE}, {"slots_range", NT_UNIT_NONE},         \
            {"next_try", NT_UNIT_TIME}, {"waiting", NT_UNIT_FRAMES}, {"sent", NT_UNIT_FRAMES},               \
            {"collisions", NT_UNIT_NONE}, {"deferred", NT_UNIT_FRAMES}, {"single", NT_UNIT_FRAMES},          \
            {"multiple", NT_UNIT_FRAMES}, {"late", NT_UNIT_NONE},                                            \
        {                                                                                                    \
            "excessive", NT_UNIT_FRAMES                                                                      \
        }                                                                                                    \
    }

/* Reads an Ethernet address for a parameter ("02:00:00:00:00:01"): the value's number. */
bool nic_parse_mac(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);

/* The address of `port` when none was given: 02:00:00 and the next number, past what others have claimed.
 * Claims it. check. */
struct mac_address nic_choose_mac(struct nt_port *port);

#endif
