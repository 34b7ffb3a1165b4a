/* SPDX-License-Identifier: MIT
 * Datagrams that have arrived and wait to be read: whole ones, in order, in one piece of memory.
 *
 *      storage   [ free | head data | head data | head data |   free   ]
 *                       first                                end
 *
 * A datagram is put in at the end with a head that says whose it is, and taken out at the front. When the end
 * is reached, what waits is moved to the front, or the storage doubles; so a socket whose owner keeps up
 * allocates once. The limit counts what was on the wire: data and UDP header. */
#ifndef NETARIUM_PROTOCOLS_UDP_QUEUE_H
#define NETARIUM_PROTOCOLS_UDP_QUEUE_H

#include "protocols/endpoint.h"
#include "protocols/env.h"

/* What goes with the data of one datagram. */
struct udp_received {
    struct net_endpoint from;
    struct net_address to; /* our address that it came to, or a broadcast or group */
    uint32_t interface;    /* where it came in; NET_NO_INTERFACE: from ourselves */
    uint32_t length_bytes; /* of data, however much of it is copied out */
    uint64_t frame;        /* the frame that it came in, for the trace */
    int64_t at;            /* when */
    uint8_t ttl, tos;      /* as it arrived */
    bool is_for_many;      /* sent to a broadcast or group */
};

struct udp_queue {
    struct env *env;
    uint8_t *storage; /* owned; NULL until needed */
    size_t size_bytes, first, end;
    uint32_t count;      /* datagrams waiting */
    uint32_t used_bytes; /* of data and headers */
    uint32_t limit_bytes;
};

void udp_queue_init(struct udp_queue *queue, struct env *env, uint32_t limit_bytes);
void udp_queue_release(struct udp_queue *queue);

/* Puts `received->length_bytes` of data in. False: there is no room. */
bool udp_queue_put(struct udp_queue *queue, const struct udp_received *received, const uint8_t *bytes);

/* The oldest datagram, or NULL; its data stands at `*ret_bytes`. Both are borrowed until the next call. */
const struct udp_received *udp_queue_first(const struct udp_queue *queue, const uint8_t **ret_bytes);

/* Forgets the oldest datagram, which must be there. */
void udp_queue_drop_first(struct udp_queue *queue);

#endif
