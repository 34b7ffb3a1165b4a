/* SPDX-License-Identifier: MIT
 * See stream.h. */
#include "protocols/tcp/stream.h"

#include <assert.h>
#include <string.h>

#include "sim/base/sum16.h"

#define FIRST_SLOTS 4

/* A chunk that is in the pool: its first bytes say which is next. */
struct tcp_chunk {
    struct tcp_chunk *next;
};

void tcp_chunk_pool_init(struct tcp_chunk_pool *pool, struct env *env)
{
    *pool = (struct tcp_chunk_pool){.env = env};
}

void tcp_chunk_pool_release(struct tcp_chunk_pool *pool)
{
    for (struct tcp_chunk *chunk = pool->first, *next; chunk; chunk = next) {
        next = chunk->next;
        env_free(pool->env, chunk);
    }
    pool->first = NULL;
}

static uint8_t *chunk_take(struct tcp_chunk_pool *pool)
{
    struct tcp_chunk *chunk = pool->first;
    if (!chunk)
        return env_new(pool->env, TCP_CHUNK);
    pool->first = chunk->next;
    return (uint8_t *)chunk;
}

static void chunk_give_back(struct tcp_chunk_pool *pool, uint8_t *bytes)
{
    struct tcp_chunk *chunk = (struct tcp_chunk *)(void *)bytes;
    if (!chunk)
        return;
    chunk->next = pool->first;
    pool->first = chunk;
}

void tcp_stream_init(struct tcp_stream *stream, struct tcp_chunk_pool *pool)
{
    *stream = (struct tcp_stream){.pool = pool};
}

void tcp_stream_release(struct tcp_stream *stream)
{
    for (uint32_t i = 0; i < stream->slot_count; i++)
        chunk_give_back(stream->pool, stream->slots[i]);
    env_free(stream->pool->env, stream->slots);
    *stream = (struct tcp_stream){.pool = stream->pool};
}

/* ---- The ring ---- */

static uint8_t **slot_at(const struct tcp_stream *stream, uint32_t place)
{
    return &stream->slots[(stream->first_slot + place / TCP_CHUNK) & (stream->slot_count - 1)];
}

/* Makes the ring so long that `place`, counted from the start of the first chunk, has a slot. */
static void reach(struct tcp_stream *stream, uint32_t place)
{
    uint32_t wanted = place / TCP_CHUNK + 1, count = stream->slot_count ? stream->slot_count : FIRST_SLOTS;
    if (wanted <= stream->slot_count)
        return;
    while (count < wanted)
        count *= 2;
    uint8_t **slots = env_new(stream->pool->env, count * sizeof *slots);
    for (uint32_t i = 0; i < stream->slot_count; i++)
        slots[i] = *slot_at(stream, i * TCP_CHUNK);
    env_free(stream->pool->env, stream->slots);
    stream->slots = slots;
    stream->slot_count = count;
    stream->first_slot = 0;
}

/* The part of [place, place + count) that lies in one chunk. */
static uint32_t piece_at(uint32_t place, uint32_t count)
{
    uint32_t left = TCP_CHUNK - place % TCP_CHUNK;
    return count < left ? count : left;
}

static void write_piece(struct tcp_stream *stream, uint32_t place, const uint8_t *bytes, uint32_t count)
{
    uint8_t **slot = slot_at(stream, place);
    uint32_t within = place % TCP_CHUNK;
    if (!*slot && !bytes)
        return; /* it reads as zeros as it is */
    if (!*slot) {
        *slot = chunk_take(stream->pool);
        memset(*slot, 0, within);
    }
    if (bytes)
        memcpy(*slot + within, bytes, count);
    else
        memset(*slot + within, 0, count);
}

void tcp_stream_write(struct tcp_stream *stream, uint32_t offset, const uint8_t *bytes, uint32_t count)
{
    uint32_t place = stream->front + offset, piece;
    if (!count)
        return;
    reach(stream, place + count - 1);
    for (; count; place += piece, count -= piece) {
        piece = piece_at(place, count);
        write_piece(stream, place, bytes, piece);
        bytes = bytes ? bytes + piece : NULL;
    }
}

uint64_t tcp_stream_copy(const struct tcp_stream *stream, uint32_t offset, uint8_t *ret_bytes, uint32_t count,
                         bool is_zero)
{
    uint32_t place = stream->front + offset, piece, done = 0;
    uint64_t sum = 0;
    for (; done < count; place += piece, done += piece) {
        piece = piece_at(place, count - done);
        const uint8_t *chunk = stream->slot_count ? *slot_at(stream, place) : NULL;
        if (!chunk) {
            if (!is_zero)
                memset(ret_bytes + done, 0, piece);
            continue;
        }
        uint16_t part = sum16_fold(sum16_copy(0, ret_bytes + done, chunk + place % TCP_CHUNK, piece));
        sum += done & 1 ? (uint16_t)(part << 8 | part >> 8) : part; /* RFC 1071 section 2 (B) */
    }
    return sum;
}

void tcp_stream_advance(struct tcp_stream *stream, uint32_t count)
{
    stream->front += count;
    while (stream->front >= TCP_CHUNK) {
        if (stream->slot_count) {
            uint8_t **slot = slot_at(stream, 0);
            chunk_give_back(stream->pool, *slot);
            *slot = NULL;
            stream->first_slot = (stream->first_slot + 1) & (stream->slot_count - 1);
        }
        stream->front -= TCP_CHUNK;
    }
}

void tcp_stream_rest(struct tcp_stream *stream)
{
    if (stream->slot_count) {
        uint8_t **slot = slot_at(stream, 0);
        chunk_give_back(stream->pool, *slot);
        *slot = NULL;
    }
    stream->front = 0;
}
