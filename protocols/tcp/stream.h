/* SPDX-License-Identifier: MIT
 * Octets of a stream in memory: what waits to be sent or acknowledged, what waits to be read.
 *
 *      slots      [ . ][ * ][ * ][   ][ * ][ . ]      a ring of pointers to chunks
 *                        ^front         ^ out of order
 *
 * Octets are addressed by how far they are behind the front. Finding one is a division, whether it is the
 * first, the one to be retransmitted, or one that has come before its time: nothing is ever searched.
 * A chunk is taken from the machine's pool when it is first written, and goes back when the front has passed
 * it; so an idle stream holds none, and a busy one allocates nothing once the pool has grown. A chunk that
 * was never written reads as zeros: whoever sends zeros needs no memory for them. */
#ifndef NETARIUM_PROTOCOLS_TCP_STREAM_H
#define NETARIUM_PROTOCOLS_TCP_STREAM_H

#include "protocols/env.h"

#define TCP_CHUNK 4096 /* bytes */

/* Chunks that nobody uses now, of one machine. */
struct tcp_chunk_pool {
    struct env *env;
    struct tcp_chunk *first; /* a list through their first bytes; owned */
};

struct tcp_stream {
    struct tcp_chunk_pool *pool; /* borrowed */
    uint8_t **slots;             /* owned ring of owned chunks; NULL until needed */
    uint32_t slot_count;         /* a power of two, or 0 */
    uint32_t first_slot;         /* the chunk that the front lies in */
    uint32_t front;              /* where in it */
};

void tcp_chunk_pool_init(struct tcp_chunk_pool *pool, struct env *env);
void tcp_chunk_pool_release(struct tcp_chunk_pool *pool);

void tcp_stream_init(struct tcp_stream *stream, struct tcp_chunk_pool *pool);
void tcp_stream_release(struct tcp_stream *stream);

/* Puts `count` octets where they belong, `offset` behind the front. `bytes` NULL: zeros. */
void tcp_stream_write(struct tcp_stream *stream, uint32_t offset, const uint8_t *bytes, uint32_t count);

/* Copies `count` octets from `offset` behind the front, and returns their sum for a checksum. `is_zero`: all of `ret_bytes`
 * is zero already. */
uint64_t tcp_stream_copy(const struct tcp_stream *stream, uint32_t offset, uint8_t *ret_bytes,
                         uint32_t count, bool is_zero);

/* Forgets `count` octets at the front. */
void tcp_stream_advance(struct tcp_stream *stream, uint32_t count);

/* Says that nothing is left in it: the last chunk goes back too. */
void tcp_stream_rest(struct tcp_stream *stream);

#endif
