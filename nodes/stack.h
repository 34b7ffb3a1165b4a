/* SPDX-License-Identifier: MIT
 * The protocol stack of a machine: everything between its network interfaces and its applications.
 *
 *      ping ...                         applications (nodes/apps)
 *      sockets                          (nodes/sockets.h)
 *      tcp   udp   icmp
 *      ipv4                             one for the machine
 *      arp    arp                       one for each interface
 *      nic    nic
 *
 * A host and whatever else runs applications begins its state with a stack, so that an application finds it
 * with stack_of. The stack is the simulator's side of the protocols: it gives them an environment and packets
 * that are frames, and carries what they send to the wire and what arrives to them. */
#ifndef NETARIUM_NODES_STACK_H
#define NETARIUM_NODES_STACK_H

#include "nodes/nic.h"
#include "nodes/node_env.h"
#include "protocols/arp/arp.h"
#include "protocols/icmp/icmp.h"
#include "protocols/ipv4/ipv4.h"
#include "protocols/ipv4/network.h"
#include "protocols/udp/udp.h"

#define STACK_RAW_TYPE                                                                                       \
    0x88b5 /* IEEE 802: local experimental Ethertype 1; counted and otherwise left alone                     \
            */

struct dhcp_machine;
struct stack_tcp;
struct ping;
struct stack_filter;
struct meter_flow;
struct socket_base;

struct stack_interface { /* what each packet needs stands first, in two cache lines */
    uint32_t number;       /* in the IP machine */
    uint8_t prefix_length; /* of its first address */
    struct nic nic;
    struct arp arp;
    struct node_env arp_env;
    /* Who else wants to know what became of the address; NULL: nobody. */
    void (*claimed)(struct stack_interface *interface, bool is_ours);
};

/* Machines above IP are made when the first socket, command or datagram needs them, since most computers of a large
 * network never do. */
struct stack_icmp {
    struct node_env env;
    struct icmp icmp;
};

struct stack_udp {
    struct node_env env;
    struct udp udp;
    struct ipv4_network network; /* IPv4, as UDP sees it */
};

/* Who reads what passes by on an interface, for others too: embed it, set `seen`. Ethernet's header, and what is behind it. */
struct stack_watcher {
    void (*seen)(struct stack_watcher *watcher, const struct ethernet_header *header, struct packet packet);
};

struct stack { /* what each packet needs stands first */
    struct nt_node *node;
    struct nt_frame *arriving;   /* the frame being received; NULL once somebody has taken it */
    struct stack_interface *interfaces; /* one for each port */
    struct stack_watcher *watcher; /* borrowed; NULL: nobody reads along */
    struct packet_pool packets;  /* frames, seen by protocols as packets */
    struct ipv4 ip;
    struct node_env ip_env;
    struct ipv4_address gateway; /* for everything else; 0.0.0.0: none */
    uint32_t interface_count;
    struct stack_icmp *icmp;                           /* stack_icmp; NULL: not needed yet */
    const struct nt_value *icmp_settings;              /* what it will be made with, the scenario's; NULL: the usual */
    struct stack_udp *udp;                             /* stack_udp; likewise */
    struct stack_tcp *tcp;                             /* stack_tcp.h; likewise */
    struct stack_congestion *congestions;              /* stack_tcp_congestion.c: those that differ here */
    const struct nt_value *tcp_settings;               /* the scenario's; NULL: as the profile linux has them */
    struct socket_base *oldest_socket, *newest_socket; /* all that are open; see sockets.h */
    struct stack_filter *filter; /* stack_filter.h; NULL: no firewall */
    struct dhcp_machine *dhcp;   /* dhcp.h; NULL: neither client nor server yet */
    struct ping *pings;     /* every ping ever started here, newest first; for the table */
    struct meter_flow *oldest_flow, *newest_flow; /* traffic that applications measured; see apps/meter.h */
    uint32_t raw_received;  /* frames of STACK_RAW_TYPE */
    uint32_t kind_ping_rtt; /* record kind ping.rtt */
};

/* The stack of a node that runs applications; of an interface. */
static inline struct stack *stack_of(const struct nt_node *node)
{
    return node->state;
}

static inline struct stack *stack_with(const struct stack_interface *interface)
{
    return stack_of(interface->nic.port->node);
}

/* check, or later: its ICMP and UDP machines, which are made at the first call. */
struct icmp *stack_icmp(struct stack *stack);
struct udp *stack_udp(struct stack *stack);

/* create: declares what its protocols tell. */
void stack_create(struct stack *stack, struct nt_node *node);

/* How a machine's ICMP behaves: two parameters, to stand in its table in this order; and what is done about their values,
 * in create. */
#define STACK_ICMP_PARAM_ROWS                                                                                \
    {.name = "icmp-rate",                                                                                    \
     .kind = NT_PARAM_INTEGER,                                                                               \
     .default_text = "1000",                                                                                 \
     .most = 1000000,                                                                                        \
     .summary = "ICMP errors that it sends in a second, besides a burst of 50; 0: all (RFC 1812 4.3.2.8)"},  \
    {                                                                                                        \
        .name = "answer-broadcasts", .kind = NT_PARAM_BOOLEAN, .default_text = "false",                      \
        .summary = "answer pings that are meant for everybody (RFC 1122 3.2.2.6)"                            \
    }
void stack_icmp_settings(struct stack *stack, const struct nt_value *values);

/* check: makes the interfaces, one for each port, without addresses yet. */
void stack_check(struct stack *stack, uint32_t mtu_bytes);

/* check: gives interface `number` its Ethernet address. */
void stack_set_mac(struct stack *stack, uint32_t number, struct mac_address mac);

/* start, or later: gives interface `number` its first IP address and network; 0.0.0.0/0 takes them away. */
void stack_set_address(struct stack *stack, uint32_t number, struct ipv4_prefix prefix);

/* start, or later: gives it one more (its first, if it has none), and takes any away. False: it has it already; it does
 * not have it. */
bool stack_add_address(struct stack *stack, uint32_t number, struct ipv4_prefix prefix);
/* Has it, or is it asking whether it may have it? */
bool stack_has_address(struct stack *stack, uint32_t number, struct ipv4_address address);
bool stack_remove_address(struct stack *stack, uint32_t number, struct ipv4_address address);

/* start: all that the file gives, which may be one or a list of several. */
void stack_set_addresses(struct stack *stack, uint32_t number, const struct nt_value *value);

/* create: claims all of them in the network's book of addresses, and refuses an address that is given twice. */
void stack_claim_addresses(struct nt_node *node, const char *param, const struct nt_value *value);

/* Address number `index` of a value that is one or a list. False: there are no more. */
bool stack_value_at(const struct nt_value *value, uint32_t index, struct ipv4_prefix *ret_prefix);

/* Its interfaces' answers to ARP's questions about addresses; for stack.c. */
void stack_claimed(struct arp *arp, struct ipv4_address address, bool is_ours);
struct ipv4_address stack_asker(struct arp *arp, struct ipv4_address target);

/* start, or later: sets the way to everything else; remembered until an address makes it usable. */
void stack_set_gateway(struct stack *stack, struct ipv4_address gateway);

/* check: interface `number` asks whether anybody has its address before using it, and defends it: RFC 5227.
 */
void stack_detect_conflicts(struct stack *stack, uint32_t number, bool detects);

/* running: a frame arrived; the reference is the stack's now. */
void stack_receive(struct stack *stack, struct nt_port *port, struct nt_frame *frame);

/* running: the line at `port` went up or down. */
void stack_line(struct stack *stack, struct nt_port *port);

/* running: a shared cable tells of carrier and collision. */
void stack_sense(struct stack *stack, struct nt_port *port, const struct nt_sense *sense);

/* Lets `watcher` read every frame that reaches interface `number`, until it is taken away. False: there is no such interface,
 * or somebody is reading already. Running. */
bool stack_watch(struct stack *stack, uint32_t number, struct stack_watcher *watcher);
void stack_unwatch(struct stack *stack, struct stack_watcher *watcher);

/* Frames that wait in the interfaces. */
uint64_t stack_held(const struct stack *stack);

/* The address that `name` means on this machine: an address as it stands, or a node's name. */
bool stack_resolve(struct stack *stack, const char *name, struct ipv4_address *ret_address);

/* Parameters: "10.0.0.1/24" (number: the address, extra: the prefix length) and "10.0.0.1". */
bool stack_parse_prefix(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);
bool stack_parse_address(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);

/* Tables that every stack offers, for the node's own list: interfaces, ARP cache, pings, counters. */
bool stack_row_interface(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_arp(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_ping(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
extern const struct nt_table stack_tables[];

#endif
