/* SPDX-License-Identifier: MIT
 * Packets on their way up, and packets on their way down: one buffer from the payload to the wire.
 *
 * Up is easy. A received packet is a *view*: somebody else's bytes, and the number of the frame they came in.
 * Each layer looks at its header and shows the next one a smaller view of the same bytes. Nobody copies,
 * nobody frees, and nobody keeps a view after returning.
 *
 * Down, every layer puts a header *in front of* what it was given. So the buffer is made by the uppermost
 * layer, which knows the size of its payload, with room left free in front:
 *
 *     packet_make         |<-------------- headroom -------------->|<- payload ->|
 *     icmp, udp, tcp      |<---------- headroom --------->| header |   payload   |
 *     ipv4                |<--- headroom --->|    header  | header |   payload   |
 *     ethernet            |<>|     header    |    header  | header |   payload   |   this is the frame
 *
 * `bytes` moves to the left, the payload never moves. In the simulator the buffer is an engine frame from the
 * start, so that the number of the frame is known before its first header is written; in a unit test it is
 * plain memory.
 *
 * A packet on its way down has exactly one owner. A function that says it *takes* a packet sends it, keeps it
 * or gives it back to its pool; the caller must not touch it again. `owner` is the pool's own word about
 * where it came from. */
#ifndef NETARIUM_PROTOCOLS_PACKET_H
#define NETARIUM_PROTOCOLS_PACKET_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Headroom to ask for: an Ethernet header with one 802.1Q tag, and the longest IPv4 header above it. Whoever
 * puts a header of his own in front of his payload adds its size. */
#define PACKET_LINK_HEADROOM 18
#define PACKET_IPV4_HEADROOM (PACKET_LINK_HEADROOM + 60)
#define PACKET_PLAIN_HEADROOM (PACKET_LINK_HEADROOM + 20) /* without options; so all headers stand in two cache lines */

/* A received packet, or a part of one. Borrowed for the call. */
struct packet {
    const uint8_t *bytes; /* its first byte */
    size_t length_bytes;  /* bytes from there */
    uint64_t frame;       /* number of the frame it came in, for the trace; 0: none */
    uint16_t tail_bytes;  /* so many bytes at its end are the very ones whose sum the sender has computed; 0: not known */
    uint16_t tail_sum;    /* ... and that is it: RFC 1071 */
    uint32_t unused;      /* 0: with it there is no hidden byte */
};

/* A packet that is being built from the inside out. */
struct packet_out {
    uint8_t *bytes;        /* the first byte written so far */
    size_t length_bytes;   /* bytes from there */
    size_t headroom_bytes; /* free bytes in front of `bytes` */
    uint64_t frame;        /* number of the frame that it will be, for the trace; 0: none */
    void *owner;           /* the pool's */
};

struct packet_pool;

struct packet_ops {
    /* A packet of `length_bytes` (contents undefined) with `headroom_bytes` free in front. Never fails. */
    struct packet_out (*make)(struct packet_pool *pool, size_t headroom_bytes, size_t length_bytes);

    /* Takes the packet back: it will not be sent. */
    void (*give_back)(struct packet_pool *pool, struct packet_out *packet);

    /* Makes the packet that is arriving just now one's own, to be changed and sent on: the same bytes if nobody else has them, with
     * at least PACKET_LINK_HEADROOM in front; the view of it is gone. False: it cannot be had, copy it. NULL: never. */
    bool (*adopt)(struct packet_pool *pool, const struct packet *packet, struct packet_out *ret_packet);

    /* The last `tail_bytes` bytes of `packet` have been summed, and nobody will change them before they arrive. NULL: of no use here. */
    void (*know)(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes, uint16_t tail_sum);

    /* Are the last `tail_bytes` bytes of a packet that was just made zeros as they are? Asked once, and before anything is written
     * there. NULL: it cannot be said. */
    bool (*is_zero)(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes);
};

/* Where packets come from. The environment embeds this in its own. */
struct packet_pool {
    const struct packet_ops *ops;
};

static inline struct packet_out packet_make(struct packet_pool *pool, size_t headroom_bytes,
                                            size_t length_bytes)
{
    return pool->ops->make(pool, headroom_bytes, length_bytes);
}

static inline void packet_give_back(struct packet_pool *pool, struct packet_out *packet)
{
    pool->ops->give_back(pool, packet);
    packet->owner = NULL;
}

/* Tells the pool a sum that had to be computed anyway, so that who receives these very bytes need not do it again. Whoever
 * may change them calls packet_forget. */
static inline void packet_know(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes,
                               uint16_t tail_sum)
{
    if (pool->ops->know && tail_bytes <= UINT16_MAX)
        pool->ops->know(pool, packet, tail_bytes, tail_sum);
}

static inline bool packet_is_zero(struct packet_pool *pool, const struct packet_out *packet, size_t tail_bytes)
{
    return pool->ops->is_zero && pool->ops->is_zero(pool, packet, tail_bytes);
}

static inline void packet_forget(struct packet_pool *pool, const struct packet_out *packet)
{
    packet_know(pool, packet, 0, 0);
}

/* Makes the arriving `packet` one's own without copying it; the sum of its tail stays known. False: it cannot be had. */
static inline bool packet_adopt(struct packet_pool *pool, const struct packet *packet,
                                struct packet_out *ret_packet)
{
    return pool->ops->adopt && pool->ops->adopt(pool, packet, ret_packet);
}

/* The received `packet` as one's own: adopted if the pool can, else copied. */
static inline struct packet_out packet_own(struct packet_pool *pool, struct packet packet)
{
    struct packet_out own;
    if (packet_adopt(pool, &packet, &own)) {
        packet_forget(pool, &own);
        return own;
    }
    own = packet_make(pool, PACKET_LINK_HEADROOM, packet.length_bytes);
    memcpy(own.bytes, packet.bytes, packet.length_bytes);
    return own;
}

/* Makes room for a header of `count` bytes in front, which the caller fills. The headroom must be there. */
static inline uint8_t *packet_prepend(struct packet_out *packet, size_t count)
{
    assert(packet->headroom_bytes >= count);
    packet->bytes -= count;
    packet->length_bytes += count;
    packet->headroom_bytes -= count;
    return packet->bytes;
}

/* The reverse of packet_prepend: the first `count` bytes become headroom again. */
static inline void packet_strip(struct packet_out *packet, size_t count)
{
    assert(packet->length_bytes >= count);
    packet->bytes += count;
    packet->length_bytes -= count;
    packet->headroom_bytes += count;
}

/* The same bytes, seen as a received packet. Borrowed from `packet`. */
static inline struct packet packet_view(const struct packet_out *packet)
{
    return (struct packet){packet->bytes, packet->length_bytes, packet->frame, 0, 0};
}

/* What is left of a received packet behind its first `count` bytes. */
static inline struct packet packet_behind(struct packet packet, size_t count)
{
    assert(packet.length_bytes >= count);
    packet.bytes += count;
    packet.length_bytes -= count;
    if (packet.tail_bytes > packet.length_bytes)
        packet.tail_bytes = 0;
    return packet;
}

#endif
