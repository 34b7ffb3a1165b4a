/* SPDX-License-Identifier: MIT
 * What an embedded host sends: packets made in memory of its own, in a queue until the caller takes them.
 *
 * The storage of usual sizes is kept for the next packet, so that a steady flow allocates nothing. */
#ifndef NETARIUM_EMBED_WIRE_H
#define NETARIUM_EMBED_WIRE_H

#include "protocols/packet.h"

#define WIRE_LIMIT 65536 /* packets that wait to be taken; what follows them is lost */

struct wire_storage; /* where a packet's bytes lie */

struct wire_sent {
    struct packet_out packet;
    int64_t at;
};

struct wire {
    struct packet_pool pool;
    struct wire_storage *spare; /* for reuse; owned */
    struct wire_sent *sent;     /* ring, owned */
    size_t first, count, room;  /* room is a power of two */
    uint64_t lost;              /* sent while the queue was full */
    uint64_t next_number;       /* of packets, for facts */
};

void wire_init(struct wire *wire);
void wire_release(struct wire *wire);

/* Takes `packet`: it leaves at `at`. */
void wire_put(struct wire *wire, struct packet_out *packet, int64_t at);

/* The oldest that waits, or NULL. Borrowed until the next call. */
const struct wire_sent *wire_oldest(const struct wire *wire);

/* Takes it away; there is one. */
void wire_take(struct wire *wire);

#endif
