/* SPDX-License-Identifier: MIT
 * The Internet Protocol, as a host runs it: which way out, and is this for me?
 *
 *          icmp      udp      tcp          each embeds a struct ipv4_protocol and registers it
 *            |        |        |
 *          ipv4_send      receive(arrival)
 *                 \        /
 *                  struct ipv4             the one place where a route is chosen: ipv4_route
 *                 /        \
 *     ops->transmit      ipv4_receive
 *          |                 |
 *         arp, ethernet, the wire          per interface; not known here
 *
 * Sending: find the route (interface, next hop, own address there), put the header in front, hand the packet
 * down. The next hop is the destination itself if it is on the link, else the gateway; only the frame goes to
 * the next hop, the datagram is still addressed to the far end. What is meant for ourselves never sees a
 * wire: it is looped back an instant later.
 *
 * Receiving: the checks of RFC 1122 3.2.1 in their order; the first that fails is the reason of the drop.
 * What passes is an *arrival*: a view of the datagram with the facts that the upper layers need in order to
 * answer properly.
 *
 * A router will be this with forwarding: several interfaces, more routes in ipv4_route, and ipv4_receive
 * handing on what is not for us. Simplified: no fragmentation yet (ipv4_send refuses what is too big,
 * received fragments are dropped with that reason), no options other than those handed in; received options
 * are carried, not obeyed.
 *
 * Several interfaces: the weak model of RFC 1122 3.3.4.2, as most systems have it. A datagram for any own
 * address is accepted on any interface. */
#ifndef NETARIUM_PROTOCOLS_IPV4_IPV4_H
#define NETARIUM_PROTOCOLS_IPV4_IPV4_H

#include "protocols/env.h"
#include "protocols/ipv4/header.h"
#include "protocols/packet.h"

#define IPV4_INTERFACES 64           /* the most that one machine has */
#define IPV4_TTL 64                  /* default time to live, RFC 1122 3.2.1.7 and the assigned numbers */
#define IPV4_LOOPED 64               /* packets to ourselves that may wait */
#define IPV4_NO_INTERFACE UINT32_MAX /* the loopback, or any */

/* Facts. */
enum ipv4_fact {
    IPV4_TX,      /* a datagram leaves */
    IPV4_RX,      /* a datagram is for us */
    IPV4_DROP,    /* a datagram ends here, and why */
    IPV4_REFUSED, /* a datagram could not be sent, and why */
    IPV4_FACTS
};
extern const struct env_kind ipv4_kinds[IPV4_FACTS];

/* What became of an attempt to send. The words are ipv4_status_words. */
enum ipv4_status {
    IPV4_SENT,      /* handed to the link (or looped back) */
    IPV4_NO_ROUTE,  /* not on any link of ours, and there is no gateway: ENETUNREACH */
    IPV4_IS_DOWN,   /* the interface it would leave by is down: ENETDOWN */
    IPV4_NO_SOURCE, /* the interface has no address yet: EADDRNOTAVAIL */
    IPV4_TOO_BIG,   /* larger than the link takes, and we do not fragment yet: EMSGSIZE */
    IPV4_LOOP_FULL  /* too much on its way to ourselves: ENOBUFS */
};
extern const char *const ipv4_status_words[]; /* by enum ipv4_status, ended by NULL */

/* Where packets leave: one per interface. */
struct ipv4_interface {
    struct ipv4_prefix prefix; /* our address and network there; 0.0.0.0/0 until there is one */
    uint32_t mtu_bytes;        /* largest datagram, header included */
    bool is_up;                /* may packets be sent? */
};

/* The answer to "which way?". */
struct ipv4_route {
    uint32_t interface;           /* its number; IPV4_NO_INTERFACE: ourselves */
    struct ipv4_address next_hop; /* a neighbour, a group, or IPV4_BROADCAST for every kind of broadcast */
    struct ipv4_address source;   /* our own address there */
    uint32_t mtu_bytes;           /* largest datagram on that link */
};

/* What the layer above wants to be sent. Zeros mean: choose for me. */
struct ipv4_request {
    struct ipv4_address destination;
    struct ipv4_address source; /* 0.0.0.0: that of the interface it leaves by */
    uint8_t protocol;
    uint8_t ttl; /* 0: the default */
    uint8_t tos;
    bool dont_fragment;
    bool allow_no_source;   /* 0.0.0.0 may really stand there: DHCP, RFC 1122 3.2.1.3 (a) */
    const uint8_t *options; /* borrowed for the call */
    uint8_t options_bytes;  /* 0..40 */
};

/* A datagram that arrived and is for us. Borrowed for the call. */
struct ipv4_arrival {
    struct ipv4_header header;
    struct packet packet;  /* the whole datagram, header first, the link's padding removed */
    struct packet payload; /* what is inside */
    uint32_t interface;    /* where it came in; IPV4_NO_INTERFACE: from ourselves */
    bool is_for_many;      /* broadcast or multicast, as a frame or as a datagram */
};

/* An ICMP error, on its way to the protocol whose datagram it is about. Borrowed for the call. */
struct ipv4_error {
    uint8_t type; /* of the ICMP message */
    uint8_t code;
    uint32_t rest;                /* its second word: next-hop MTU, pointer, gateway */
    struct ipv4_address reporter; /* who says so */
    struct ipv4_header quoted;    /* header of the datagram that failed, as we had sent it */
    struct packet payload;        /* as much of its payload as was quoted, 8 bytes at least */
};

/* A protocol above: embed it, set the first three, register it. */
struct ipv4_protocol {
    uint8_t number;
    void (*receive)(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival);
    void (*error)(struct ipv4_protocol *protocol, const struct ipv4_error *error); /* may be NULL */
    struct ipv4_protocol *next;                                                    /* the machine's */
};

struct ipv4;

struct ipv4_ops {
    /* Takes `packet` and brings it to `next_hop` on the link of `interface`. IPV4_BROADCAST: to everybody
     * there. */
    void (*transmit)(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet);
};

/* A packet to ourselves, on its way. */
struct ipv4_looped {
    struct packet_out packet;
    uint64_t cause; /* the record of its being sent */
};

struct ipv4_counters {
    uint64_t sent;     /* datagrams handed to a link or looped back */
    uint64_t received; /* datagrams delivered to a protocol */
    uint64_t dropped;  /* datagrams that came in and went no further */
    uint64_t refused;  /* datagrams that could not be sent */
};

struct ipv4 {
    struct env *env;
    const struct ipv4_ops *ops;
    struct packet_pool *packets;
    struct ipv4_interface *interfaces; /* owned */
    uint32_t interface_count;
    struct ipv4_address gateway; /* for everything that is not on a link; 0.0.0.0: none */
    uint8_t default_ttl;
    uint16_t next_id;                /* identification of the next datagram that might be cut */
    struct ipv4_protocol *protocols; /* in the order of registration; borrowed */
    struct ipv4_counters counters;
    struct ipv4_looped *looped; /* ring of packets to ourselves; owned, made when first needed */
    uint32_t looped_first;      /* place of the oldest */
    uint32_t looped_count;      /* packets in it */
    struct env_timer loop_timer;

    /* Set by ICMP: how a complaint about an arrival is made. NULL: in silence. */
    void (*complain)(struct ipv4 *ip, const struct ipv4_arrival *about, uint8_t type, uint8_t code,
                     uint32_t rest);
    void *complainer; /* its own */
};

/* Everything but the protocols above: `interface_count` interfaces of MTU 1500 that are up and have no
 * address. The environment, the ops and the pool are borrowed. */
void ipv4_init(struct ipv4 *ip, struct env *env, const struct ipv4_ops *ops, struct packet_pool *packets,
               uint32_t interface_count);
void ipv4_release(struct ipv4 *ip);

/* Adds a protocol above, borrowed until the machine is released. Each number once. */
void ipv4_register(struct ipv4 *ip, struct ipv4_protocol *protocol);

/* Which way to `destination`? The one place where that is decided. Only IPV4_SENT sets `ret_route`. */
enum ipv4_status ipv4_route(const struct ipv4 *ip, struct ipv4_address destination,
                            struct ipv4_route *ret_route);

/* May a payload of so many bytes be sent like this? A refusal is told and counted. Ask before making a packet
 * that may turn out to be of no use; ipv4_send asks by itself. */
enum ipv4_status ipv4_check(struct ipv4 *ip, const struct ipv4_request *request, size_t payload_bytes);

/* Takes `payload` (made with at least PACKET_IPV4_HEADROOM in front) and sends it. Any answer but IPV4_SENT:
 * it was given back and nothing was sent. */
enum ipv4_status ipv4_send(struct ipv4 *ip, const struct ipv4_request *request, struct packet_out *payload);

/* A packet came in on `interface`. `is_link_group`: its frame was addressed to more than one station. Returns
 * the reason why it went no further, or IPV4_OK. */
enum ipv4_reason ipv4_receive(struct ipv4 *ip, uint32_t interface, bool is_link_group, struct packet packet);

/* Takes a datagram of ours that the link could not deliver (nobody answered to its next hop) and complains to
 * its source, which may be ourselves: ICMP host unreachable. RFC 1122 2.3.2.2 and 3.2.2.1. */
void ipv4_undeliverable(struct ipv4 *ip, uint32_t interface, struct packet_out *packet);

/* Is this one of our own addresses (127/8 included)? */
bool ipv4_is_own(const struct ipv4 *ip, struct ipv4_address address);

/* Is this a broadcast on the link of `interface`? */
bool ipv4_is_broadcast_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address);

/* The protocol registered for `number`, or NULL. */
struct ipv4_protocol *ipv4_protocol_for(const struct ipv4 *ip, uint8_t number);

#endif
