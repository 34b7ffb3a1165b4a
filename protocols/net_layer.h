/* SPDX-License-Identifier: MIT
 * What a transport sees of the layer below: a way to anywhere, whatever the family of addresses.
 *
 *          udp        tcp             each is a net_layer_user, one for each layer that it runs over
 *            \        /
 *         struct net_layer            this seam
 *            /        \
 *     ipv4/network.c   (IPv6)         each turns the seam's words into its own
 *
 * A transport asks for a route, so that it knows its own address and the largest datagram; it makes a packet
 * with the layer's headroom, and hands it down. What arrives comes up as a net_arrival, and what somebody on
 * the way complained about as a net_failure, with the error already in the words of sockets. */
#ifndef NETARIUM_PROTOCOLS_NET_LAYER_H
#define NETARIUM_PROTOCOLS_NET_LAYER_H

#include "protocols/endpoint.h"
#include "protocols/net_error.h"
#include "protocols/packet.h"
#include "sim/base/sum16.h"

/* The loopback; also: any interface. */
#define NET_NO_INTERFACE UINT32_MAX

/* What a transport wants to be sent. Zeros mean: choose for me. */
struct net_request {
    struct net_address destination;
    struct net_address source; /* any: that of the interface it leaves by */
    uint8_t protocol;
    uint8_t ttl; /* 0: the default */
    uint8_t tos;
    bool dont_fragment;
    bool knows_path;    /* the transport keeps its own idea of what the path takes: RFC 5927 5 */
    uint32_t interface; /* for broadcasts and groups: its number and 1 */
};

/* The answer to "which way?". */
struct net_route {
    struct net_address source; /* our own address there */
    uint32_t mtu_bytes;        /* largest datagram, the layer's header included */
    uint32_t header_bytes;     /* of these, the layer's header */
    bool is_for_many;          /* the destination is a broadcast or a group */
    bool is_broadcast;         /* the former */
};

/* A datagram for us. Borrowed for the call. */
struct net_arrival {
    struct net_address source;
    struct net_address destination;
    struct packet payload; /* the transport's header and what follows */
    uint8_t ttl;           /* as it arrived */
    uint8_t tos;
    uint32_t interface; /* where it came in; NET_NO_INTERFACE: from ourselves */
    bool is_for_many;   /* broadcast or group, as a frame or as a datagram */
    const void *inner;  /* the layer's own view of it */
};

/* A datagram of ours failed, and somebody said so. Borrowed for the call. */
struct net_failure {
    enum net_error error;           /* in the words of sockets */
    bool is_hard;                   /* waiting will not help: RFC 1122 4.2.3.9 */
    uint8_t type, code;             /* of the ICMP message */
    uint32_t rest;                  /* its second word */
    struct net_address reporter;    /* who says so */
    struct net_address source;      /* of the datagram that failed: us */
    struct net_address destination; /* where it was to go */
    struct packet payload;          /* as much of its payload as was quoted, 8 bytes at least */
};

/* A transport, as the layer below knows it: embed it, set the callbacks. */
struct net_layer_user {
    void (*receive)(struct net_layer_user *user, const struct net_arrival *arrival);
    void (*failed)(struct net_layer_user *user, const struct net_failure *failure);
};

struct net_layer;

struct net_layer_ops {
    /* 0, or a negated net_error. Only success sets `ret_route`. */
    int (*route)(struct net_layer *layer, const struct net_request *request, struct net_route *ret_route);

    /* Takes `packet`. 0, or a negated net_error: nothing was sent. The request's source must be given. */
    int (*send)(struct net_layer *layer, const struct net_request *request, struct packet_out *packet);

    /* Can `address` be ours to listen on: an own one, or a broadcast or group that we hear? */
    bool (*is_local)(struct net_layer *layer, struct net_address address);

    /* Can `address` belong to one machine, and so be a source? */
    bool (*is_one_host)(struct net_layer *layer, struct net_address address);

    /* Tells the sender of `arrival` that nobody listens on its port. The layer knows when to be silent. */
    void (*port_unreachable)(struct net_layer *layer, const struct net_arrival *arrival);
};

struct net_layer {
    const struct net_layer_ops *ops;
    enum net_family family;
    struct packet_pool *packets;
    size_t headroom_bytes;       /* to leave in front of the transport's header */
    struct net_layer_user *user; /* whom it serves; borrowed */
};

/* The pseudo-header that UDP and TCP checksums cover: addresses, protocol, length. It is never sent; it ties
 * a segment to its addresses, so that one which went astray does not fit. RFC 768, RFC 9293 3.1, RFC
 * 8200 8.1. */
static inline uint64_t net_pseudo_sum(const struct net_address *source, const struct net_address *destination,
                                      uint8_t protocol, size_t length_bytes)
{
    uint64_t sum = 0;
    if (source->family == NET_IPV6) {
        sum = sum16_add(0, source->bytes, 16);
        sum = sum16_add(sum, destination->bytes, 16);
    } else {
        sum = sum16_add_u32(0, bytes_u32(source->bytes));
        sum = sum16_add_u32(sum, bytes_u32(destination->bytes));
    }
    return sum16_add_u32(sum + protocol, (uint32_t)length_bytes);
}

#endif
