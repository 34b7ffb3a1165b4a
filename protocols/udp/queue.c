/* SPDX-License-Identifier: MIT
 * See queue.h. */
#include "protocols/udp/queue.h"

#include <assert.h>

#include "protocols/udp/codec.h"

#define FIRST_SIZE 2048
#define ALIGNED(bytes) (((bytes) + 7) & ~(size_t)7) /* so that the next head stands where it may */

void udp_queue_init(struct udp_queue *queue, struct env *env, uint32_t limit_bytes)
{
    *queue = (struct udp_queue){.env = env, .limit_bytes = limit_bytes};
}

void udp_queue_release(struct udp_queue *queue)
{
    env_free(queue->env, queue->storage);
    *queue = (struct udp_queue){.env = queue->env, .limit_bytes = queue->limit_bytes};
}

static size_t place_bytes(uint32_t length_bytes)
{
    return sizeof(struct udp_received) + ALIGNED(length_bytes);
}

/* Makes sure that `wanted` bytes are free at the end. */
static void make_room(struct udp_queue *queue, size_t wanted)
{
    size_t used = queue->end - queue->first;
    if (queue->end + wanted <= queue->size_bytes)
        return;
    uint8_t *old = queue->storage;
    if (used + wanted > queue->size_bytes / 2) {
        queue->size_bytes = queue->size_bytes ? queue->size_bytes : FIRST_SIZE;
        while (used + wanted > queue->size_bytes / 2)
            queue->size_bytes *= 2;
        queue->storage = env_new(queue->env, queue->size_bytes);
    }
    if (used)
        memmove(queue->storage, old + queue->first, used);
    if (old != queue->storage)
        env_free(queue->env, old);
    queue->first = 0;
    queue->end = used;
}

bool udp_queue_put(struct udp_queue *queue, const struct udp_received *received, const uint8_t *bytes)
{
    uint32_t price = received->length_bytes + UDP_HEADER;
    if (queue->used_bytes + price > queue->limit_bytes)
        return false;
    make_room(queue, place_bytes(received->length_bytes));
    memcpy(queue->storage + queue->end, received, sizeof *received);
    if (received->length_bytes)
        memcpy(queue->storage + queue->end + sizeof *received, bytes, received->length_bytes);
    queue->end += place_bytes(received->length_bytes);
    queue->used_bytes += price;
    queue->count++;
    return true;
}

const struct udp_received *udp_queue_first(const struct udp_queue *queue, const uint8_t **ret_bytes)
{
    if (!queue->count)
        return NULL;
    *ret_bytes = queue->storage + queue->first + sizeof(struct udp_received);
    return (const void *)(queue->storage + queue->first);
}

void udp_queue_drop_first(struct udp_queue *queue)
{
    const uint8_t *unused;
    const struct udp_received *oldest = udp_queue_first(queue, &unused);
    assert(oldest);
    queue->used_bytes -= oldest->length_bytes + UDP_HEADER;
    queue->first += place_bytes(oldest->length_bytes);
    if (--queue->count == 0)
        queue->first = queue->end = 0;
}
