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
 * Reading order: ipv4.c (the machine), addresses.c (its own addresses), output.c (down), input.c (up), forward.c (through; forward_quick.c is the same for
 * the usual datagram).
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
 * A router is this with `forwards` on: what is not for us is passed on (forward.c). Which way is answered by
 * the routing table (routes.h); what is too big for a link is cut (fragment.h) and put together where it ends
 * (reassembly.h). Simplified: received options are carried, not obeyed, and source routes are neither made
 * nor followed: their sender is told so.
 *
 * Several interfaces: the weak model of RFC 1122 3.3.4.2, as most systems have it. A datagram for any own
 * address is accepted on any interface. */
#ifndef NETARIUM_PROTOCOLS_IPV4_IPV4_H
#define NETARIUM_PROTOCOLS_IPV4_IPV4_H

#include "protocols/env.h"
#include "protocols/ipv4/header.h"
#include "protocols/ipv4/routes.h"
#include "protocols/packet.h"

#define IPV4_INTERFACES 256          /* the most that one machine has */
#define IPV4_TTL 64                  /* default time to live, RFC 1122 3.2.1.7 and the assigned numbers */
#define IPV4_GROUPS 8                /* multicast groups of one machine */
#define IPV4_LOOPED 64               /* packets to ourselves that may wait */
#define IPV4_NO_INTERFACE UINT32_MAX /* the loopback, or any */

/* Facts. */
enum ipv4_fact {
    IPV4_TX,                /* a datagram leaves */
    IPV4_RX,                /* a datagram is for us */
    IPV4_DROP,              /* a datagram ends here, and why */
    IPV4_REFUSED,           /* a datagram could not be sent, and why */
    IPV4_FORWARDED,         /* a router passes a datagram on */
    IPV4_FRAGMENT,          /* a piece is cut off */
    IPV4_REASSEMBLED,       /* the last missing piece came */
    IPV4_REASSEMBLY_FAILED, /* it did not, or they do not fit */
    IPV4_PATH_MTU,          /* the largest datagram that a way takes was learnt */
    IPV4_REDIRECTED,        /* another router is nearer */
    IPV4_FACTS
};
extern const struct env_kind ipv4_kinds[IPV4_FACTS];

/* Why pieces are given up. The words are ipv4_reassembly_words. */
enum ipv4_reassembly_end {
    IPV4_REASSEMBLY_TIMEOUT,
    IPV4_REASSEMBLY_OVERLAP,
    IPV4_REASSEMBLY_NO_ROOM,
    IPV4_REASSEMBLY_TOO_LONG
};
extern const char *const ipv4_reassembly_words[];

/* What became of an attempt to send. The words are ipv4_status_words. */
enum ipv4_status {
    IPV4_SENT,      /* handed to the link (or looped back) */
    IPV4_NO_ROUTE,  /* not on any link of ours, and there is no gateway: ENETUNREACH */
    IPV4_IS_DOWN,   /* the interface it would leave by is down: ENETDOWN */
    IPV4_NO_SOURCE, /* the interface has no address yet: EADDRNOTAVAIL */
    IPV4_TOO_BIG,   /* larger than the way takes, and it must not be cut; or larger than 65 535: EMSGSIZE */
    IPV4_LOOP_FULL, /* too much on its way to ourselves: ENOBUFS */
    IPV4_FORBIDDEN, /* a rule said no: EPERM */
    IPV4_NOT_OURS   /* the source is not, or not any more, an address of ours that may leave: EINVAL */
};
extern const char *const ipv4_status_words[]; /* by enum ipv4_status, ended by NULL */

/* Where packets leave: one per interface. */
struct ipv4_interface {
    struct ipv4_prefix prefix; /* our first address and network there; 0.0.0.0/0: none. ipv4_set_address */
    uint32_t mtu_bytes; /* largest datagram, header included */
    bool is_up;         /* may packets be sent? ipv4_set_up */
};

/* One more address of an interface. Few machines have any. */
struct ipv4_further {
    struct ipv4_prefix prefix;
    uint32_t interface;
    struct ipv4_further *next; /* in the order of being added */
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
    bool knows_path;        /* the caller keeps its own idea of what the way takes; only the link is asked */
    uint32_t interface;     /* for broadcasts and groups: its number and 1; 0: choose */
    bool allow_no_source;   /* 0.0.0.0 may really stand there: DHCP, RFC 1122 3.2.1.3 (a) */
    bool is_forged;         /* the source may be somebody else's: for those who lie on purpose */
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

/* The places where a datagram can be looked at, changed or stopped. They are those of real systems:
 *
 *     in ---> PREROUTING ---> for us? ---yes---> INPUT ---> protocols above
 *                               | no
 *                             FORWARD                       protocols above
 *                               |                               |
 *     out <-- POSTROUTING <-----+<---------- way out <------- OUTPUT
 */
enum ipv4_hook { IPV4_PREROUTING, IPV4_INPUT, IPV4_FORWARD, IPV4_OUTPUT, IPV4_POSTROUTING, IPV4_HOOKS };
extern const char *const ipv4_hook_words[]; /* by enum ipv4_hook, ended by NULL: nftables' words */

enum ipv4_verdict {
    IPV4_ACCEPT, /* go on */
    IPV4_STOP,   /* it ends here; the user has told why */
    IPV4_TAKEN   /* the user has taken the packet */
};

/* A datagram at a hook. Its bytes may be changed in place; whoever changes the header keeps `header` in step.
 */
struct ipv4_passing {
    struct packet_out *packet;  /* header first */
    struct ipv4_header *header; /* as parsed */
    enum ipv4_hook hook;
    uint32_t in;  /* interface that it came in by; IPV4_NO_INTERFACE: made here */
    uint32_t out; /* interface that it leaves by; IPV4_NO_INTERFACE: not known yet, or for us */
};

/* Who wants to see them: embed it, set the first two, ipv4_hook_add. */
struct ipv4_hook_user {
    int priority; /* the lower the earlier; nftables' numbers: dstnat -100, filter 0, srcnat 100 */
    enum ipv4_verdict (*see)(struct ipv4_hook_user *user, struct ipv4_passing *passing);
    struct ipv4_hook_user *next; /* the machine's */
};

/* The largest datagram that the way to one destination takes: RFC 1191. */
#define IPV4_PATHS 32                        /* ways remembered */
#define IPV4_PATH_AGE (10 * 60 * ENV_SECOND) /* RFC 1191 6.3: then the full size is tried again */

struct ipv4_path {
    struct ipv4_address destination; /* 0.0.0.0: an empty place */
    uint32_t mtu_bytes;
    int64_t learnt_at;
};

struct ipv4_ops {
    /* Takes `packet` and brings it to `next_hop` on the link of `interface`. IPV4_BROADCAST: to everybody
     * there. */
    void (*transmit)(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop,
                     struct packet_out *packet);
    /* A datagram came for protocol `number`, which nobody has registered: whoever makes machines only when they are
     * needed makes it now and registers it. NULL: all that will ever be there are there. */
    void (*wake)(struct ipv4 *ip, uint8_t number);
};

/* Packets to ourselves, on their way round. */
struct ipv4_loop {
    struct ipv4 *ip;
    struct env_timer timer; /* the oldest arrives */
    uint32_t first, count;  /* place of the oldest; how many there are */
    struct ipv4_looped {
        struct packet_out packet;
        uint64_t cause; /* the record of its being sent */
    } ring[IPV4_LOOPED];
};

#define IPV4_OWN_WORDS 2 /* a power of two */

struct ipv4_counters {
    uint64_t forwarded;  /* datagrams passed on */
    uint64_t sent;       /* datagrams handed to a link or looped back */
    uint64_t received;   /* datagrams delivered to a protocol */
    uint64_t dropped;    /* datagrams that came in and went no further */
    uint64_t refused;    /* datagrams that could not be sent */
    uint64_t fragmented; /* datagrams cut */
};

struct ipv4 { /* what each datagram needs stands first */
    struct env *env;
    const struct ipv4_ops *ops;
    struct packet_pool *packets;
    struct ipv4_interface *interfaces; /* owned */
    struct ipv4_further *further; /* addresses beyond the first of an interface; owned */
    uint32_t interface_count;
    uint8_t default_ttl;
    bool forwards;        /* a router: passes on what is not for it */
    bool sends_redirects; /* a router: tells hosts of a nearer one; on */
    bool takes_redirects; /* a host: believes it; on */
    struct routes routes; /* which way */
    uint64_t own_bits[IPV4_OWN_WORDS]; /* a bit for each own address, by its hash: if it is not set, an address is not ours */
    struct ipv4_hook_user *hooks[IPV4_HOOKS]; /* by priority; borrowed */
    struct ipv4_counters counters;
    struct reassembly *reassembly; /* owned */
    struct ipv4_path *paths; /* IPV4_PATHS of them; owned, made when the first is learnt */
    uint32_t path_count;     /* places ever used */
    struct ipv4_address *groups; /* IPV4_GROUPS of them: multicast groups that we belong to, 224.0.0.1 apart; owned, made for the first */
    uint32_t group_count;
    uint32_t ways_seed;      /* what this machine mixes into the hash that spreads flows over equal ways: ways.h */
    uint16_t next_id;        /* identification of the next datagram that might be cut */
    struct ipv4_protocol *protocols; /* in the order of registration; borrowed */
    struct ipv4_loop *loop; /* owned, made when first needed */

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

/* Gives an interface its first address and network (0.0.0.0/0: takes it away), with the routes that follow from
 * it. */
void ipv4_set_address(struct ipv4 *ip, uint32_t interface, struct ipv4_prefix prefix);

/* One more address on an interface, and away with it. Adding one that is there, and removing one that is not, changes
 * nothing. */
void ipv4_add_address(struct ipv4 *ip, uint32_t interface, struct ipv4_prefix prefix);
void ipv4_remove_address(struct ipv4 *ip, uint32_t interface, struct ipv4_address address);

/* Address number `index` of an interface: the first, then the others in the order of being added. False: there
 * are no more. */
bool ipv4_address_at(const struct ipv4 *ip, uint32_t interface, uint32_t index, struct ipv4_prefix *ret_prefix);

/* Which own address speaks to the neighbour `to` on an interface: the one whose network has it, the longest of several
 * and the first of equals; else the first. 0.0.0.0: it has none. RFC 1122 3.3.4.3. */
struct ipv4_address ipv4_source_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address to);

/* Does one of the networks on the link of `interface` have `address`? And which interface's; IPV4_NO_INTERFACE:
 * none. RFC 1122 3.3.1.1. */
bool ipv4_is_on_link(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address);
uint32_t ipv4_interface_towards(const struct ipv4 *ip, struct ipv4_address address);

/* Sets the way to everything else (0.0.0.0: none), in place of the one set before. The interface is that of
 * the gateway's network. */
void ipv4_set_gateway(struct ipv4 *ip, struct ipv4_address gateway);

/* An interface can send, or cannot: its routes are used, or not. */
void ipv4_set_up(struct ipv4 *ip, uint32_t interface, bool is_up);

/* From now on datagrams to `group` are ours too: RFC 1112 7. False: too many groups. */
bool ipv4_join(struct ipv4 *ip, struct ipv4_address group);

/* Adds somebody who wants to see datagrams at a hook, borrowed until the machine is released. */
void ipv4_hook_add(struct ipv4 *ip, enum ipv4_hook hook, struct ipv4_hook_user *user);

/* ICMP has learnt that the way to `destination` takes `mtu_bytes` at most (0: an old router that does not
 * say; `tried_bytes` was too much, RFC 1191 5). */
void ipv4_learn_path_mtu(struct ipv4 *ip, struct ipv4_address destination, uint32_t mtu_bytes,
                         uint32_t tried_bytes);

/* ICMP has been told by `reporter` that `gateway` is the better way to `destination`. True: it was believed.
 * RFC 1122 3.2.2.2. */
bool ipv4_take_redirect(struct ipv4 *ip, uint32_t interface, struct ipv4_address reporter,
                        struct ipv4_address destination, struct ipv4_address gateway);

/* Which way to `destination`? The one place where that is decided. Only IPV4_SENT sets `ret_route`. */
enum ipv4_status ipv4_route(const struct ipv4 *ip, struct ipv4_address destination,
                            struct ipv4_route *ret_route);

/* The same for a request, which may name the interface. */
enum ipv4_status ipv4_route_request(const struct ipv4 *ip, const struct ipv4_request *request,
                                    struct ipv4_route *ret_route);

/* May a payload of so many bytes be sent like this? A refusal is told and counted. Ask before making a packet
 * that may turn out to be of no use; ipv4_send asks by itself. */
enum ipv4_status ipv4_check(struct ipv4 *ip, const struct ipv4_request *request, size_t payload_bytes);

/* Takes `payload` (made with at least PACKET_IPV4_HEADROOM in front, or PACKET_PLAIN_HEADROOM if there are no options) and sends it. Any answer but IPV4_SENT:
 * it was given back and nothing was sent. */
enum ipv4_status ipv4_send(struct ipv4 *ip, const struct ipv4_request *request, struct packet_out *payload);

/* A packet came in on `interface`. `is_link_group`: its frame was addressed to more than one station. Returns
 * the reason why it went no further, or IPV4_OK. */
enum ipv4_reason ipv4_receive(struct ipv4 *ip, uint32_t interface, bool is_link_group, struct packet packet);

/* The way of a datagram in a frame for us alone, if nothing about it is special and it only passes through. NULL:
 * ipv4_receive must be asked. Borrowed until the table changes. */
const struct route *ipv4_quick_way(struct ipv4 *ip, uint32_t interface, const struct packet *packet);

/* It goes that way: one hop less and one more counted. `bytes` are its own, its header first. */
void ipv4_pass_quickly(struct ipv4 *ip, uint8_t *bytes);

/* Takes a datagram of ours that the link could not deliver (nobody answered to its next hop) and complains to
 * its source, which may be ourselves: ICMP host unreachable. RFC 1812 3.3.2, RFC 1122 3.2.2.1. */
void ipv4_undeliverable(struct ipv4 *ip, uint32_t interface, struct packet_out *packet);

/* Is this one of our own addresses (127/8 included)? */
bool ipv4_is_own(const struct ipv4 *ip, struct ipv4_address address);

/* Is this a broadcast on the link of `interface`? */
bool ipv4_is_broadcast_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address);

/* The protocol registered for `number`, or NULL. */
struct ipv4_protocol *ipv4_protocol_for(const struct ipv4 *ip, uint8_t number);

#endif
