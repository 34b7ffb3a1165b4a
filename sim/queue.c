/* SPDX-License-Identifier: MIT
 * The ladder queue. See queue.h for the order it keeps and the picture. */
#include "sim/queue.h"

#include <assert.h>
#include <string.h>

#include "sim/world.h"

/* A bucket of up to so many goes straight to bottom: sorting it is cheaper than dealing it. */
#define BUCKET_SORTED 16
#define BOTTOM_MOST 64 /* bottom grows by near events; past this it becomes a rung of its own */
#define SHARE                                                                                                \
    2 /* entries that a bucket should get, on the average: this and 16 above were the best of nine pairs for \
         the hold model (W7) */
#define LEAST_BUCKETS_LOG 6 /* so that ten rungs reach from 106 days down to a picosecond */
#define MOST_BUCKETS_LOG 20

struct queue_chunk {
    struct queue_chunk *next;
    uint32_t length;
    struct queue_entry entries[QUEUE_CHUNK_ENTRIES];
};

void queue_init(struct queue *queue, struct world *world)
{
    memset(queue, 0, sizeof *queue);
    queue->world = world;
    queue->top_start = queue->bottom_end = INT64_MIN;
    queue->capacity = 4 * BOTTOM_MOST;
    queue->bottom = world_alloc(world, queue->capacity * sizeof *queue->bottom);
}

uint64_t queue_length(const struct queue *queue)
{
    return queue->entries - queue->void_count;
}

static bool is_before(const struct queue_entry *a, const struct queue_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* ---- Buckets: rows of entries in chunks ---- */

static struct queue_chunk *chunk_new(struct queue *queue)
{
    struct queue_chunk *chunk = queue->spare;
    if (chunk)
        queue->spare = chunk->next;
    else
        chunk = world_alloc_raw(queue->world, sizeof *chunk);
    chunk->next = NULL;
    chunk->length = 0;
    return chunk;
}

static inline void bucket_add(struct queue *queue, struct queue_bucket *bucket, struct queue_entry entry)
{
    struct queue_chunk *chunk = bucket->last;
    if (!chunk || chunk->length == QUEUE_CHUNK_ENTRIES) {
        chunk = chunk_new(queue);
        if (bucket->last)
            bucket->last->next = chunk;
        else
            bucket->first = chunk;
        bucket->last = chunk;
    }
    chunk->entries[chunk->length++] = entry;
    bucket->count++;
}

/* Detaches the bucket's row; the caller walks it and gives each chunk back. */
static struct queue_chunk *bucket_take(struct queue_bucket *bucket)
{
    struct queue_chunk *row = bucket->first;
    *bucket = (struct queue_bucket){0};
    return row;
}

static struct queue_chunk *chunk_done(struct queue *queue, struct queue_chunk *chunk)
{
    struct queue_chunk *next = chunk->next;
    chunk->next = queue->spare;
    queue->spare = chunk;
    return next;
}

/* ---- Void entries: a hash set of order numbers ---- */

static uint64_t void_place(const struct queue *queue, uint64_t order)
{
    uint64_t mask = queue->void_capacity - 1;
    uint64_t place = order * UINT64_C(0x9e3779b97f4a7c15) >> 20 & mask;
    while (queue->voids[place] && queue->voids[place] != order)
        place = (place + 1) & mask;
    return place;
}

static void voids_grow(struct queue *queue)
{
    uint64_t *old = queue->voids, old_capacity = queue->void_capacity;
    queue->void_capacity = old_capacity ? old_capacity * 2 : 128;
    queue->voids = world_alloc(queue->world, queue->void_capacity * sizeof *queue->voids);
    for (uint64_t i = 0; i < old_capacity; i++)
        if (old[i])
            queue->voids[void_place(queue, old[i])] = old[i];
    world_release(queue->world, old);
}

/* Is this entry void? Then it is forgotten, since its entry goes away now. */
static bool void_forget(struct queue *queue, uint64_t order)
{
    uint64_t mask = queue->void_capacity - 1, hole = void_place(queue, order);
    if (!queue->voids[hole])
        return false;
    queue->void_count--;
    for (uint64_t next = hole;;) { /* close the gap: whatever could not stand here because of us moves up */
        next = (next + 1) & mask;
        if (!queue->voids[next])
            break;
        uint64_t home = queue->voids[next] * UINT64_C(0x9e3779b97f4a7c15) >> 20 & mask;
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            queue->voids[hole] = queue->voids[next];
            hole = next;
        }
    }
    queue->voids[hole] = 0;
    return true;
}

/* ---- Bottom: a short sorted array ---- */

static void bottom_reserve(struct queue *queue, uint64_t count)
{
    uint64_t length = queue->tail - queue->head;
    if (queue->tail + count <= queue->capacity)
        return;
    struct queue_entry *old = queue->bottom;
    if ((length + count) * 2 > queue->capacity) {
        uint64_t capacity = queue->capacity;
        while (capacity < (length + count) * 2)
            capacity *= 2;
        assert(capacity <= UINT32_MAX);
        queue->bottom = world_alloc_raw(queue->world, capacity * sizeof *queue->bottom);
        queue->capacity = (uint32_t)capacity;
    }
    memmove(queue->bottom, old + queue->head, length * sizeof *old);
    if (old != queue->bottom)
        world_release(queue->world, old);
    queue->head = 0;
    queue->tail = (uint32_t)length;
}

/* Adds to bottom in its place, looking from the back: what is armed now is mostly later than what waits. */
static void bottom_insert(struct queue *queue, struct queue_entry entry)
{
    if (queue->tail == queue->capacity)
        bottom_reserve(queue, 1);
    struct queue_entry *start = queue->bottom + queue->head, *place = queue->bottom + queue->tail;
    while (place > start && is_before(&entry, place - 1)) {
        *place = place[-1];
        place--;
    }
    *place = entry;
    queue->tail++;
}

/* Merge sort for the rare long bucket of one instant; `scratch` has room for as many. */
static void sort_long(struct queue_entry *entries, struct queue_entry *scratch, size_t length)
{
    if (length < 2)
        return;
    size_t half = length / 2;
    sort_long(entries, scratch, half);
    sort_long(entries + half, scratch, length - half);
    if (!is_before(&entries[half], &entries[half - 1]))
        return;
    memcpy(scratch, entries, half * sizeof *entries);
    size_t left = 0, right = half, out = 0;
    while (left < half)
        entries[out++] =
            right < length && is_before(&entries[right], &scratch[left]) ? entries[right++] : scratch[left++];
}

static void sort_short(struct queue_entry *entries, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        struct queue_entry entry = entries[i];
        size_t place = i;
        while (place > 0 && is_before(&entry, &entries[place - 1])) {
            entries[place] = entries[place - 1];
            place--;
        }
        entries[place] = entry;
    }
}

/* Makes an empty bottom of a bucket. */
static void bottom_fill(struct queue *queue, struct queue_bucket *bucket)
{
    queue->head = queue->tail = 0;
    bottom_reserve(queue, bucket->count);
    for (struct queue_chunk *chunk = bucket_take(bucket); chunk; chunk = chunk_done(queue, chunk)) {
        memcpy(queue->bottom + queue->tail, chunk->entries, chunk->length * sizeof *queue->bottom);
        queue->tail += chunk->length;
    }
    for (uint32_t i = 0; i < queue->tail && i < BUCKET_SORTED; i++)
        __builtin_prefetch(queue->bottom[i].event);
    if (queue->tail <= BOTTOM_MOST) {
        sort_short(queue->bottom, queue->tail);
        return;
    }
    struct queue_entry *scratch = world_alloc_raw(queue->world, queue->tail * sizeof *scratch);
    sort_long(queue->bottom, scratch, queue->tail);
    world_release(queue->world, scratch);
}

/* ---- Rungs ---- */

static unsigned log2_up(uint64_t value)
{
    return value <= 1 ? 0 : 64u - (unsigned)__builtin_clzll(value - 1);
}

/* Opens a new finest rung for `count` entries between `start` and `end` (exclusive). */
static struct queue_rung *rung_open(struct queue *queue, nt_time start, nt_time end, uint64_t count)
{
    struct queue_rung *rung = &queue->rungs[queue->rung_count++];
    uint64_t width = (uint64_t)end - (uint64_t)start;
    unsigned buckets = log2_up(count / SHARE + 1);
    buckets = buckets < LEAST_BUCKETS_LOG  ? LEAST_BUCKETS_LOG
              : buckets > MOST_BUCKETS_LOG ? MOST_BUCKETS_LOG
                                           : buckets;
    unsigned width_log = log2_up(width);
    rung->shift = width_log > buckets ? width_log - buckets : 0;
    rung->length = (uint32_t)(((width - 1) >> rung->shift) + 1);
    rung->start = start;
    rung->cursor = 0;
    rung->count = 0;
    if (rung->length > rung->capacity) {
        world_release(queue->world, rung->buckets);
        rung->capacity = 1u << log2_up(rung->length);
        rung->buckets = world_alloc(queue->world, rung->capacity * sizeof *rung->buckets);
    }
    return rung;
}

static inline void rung_add(struct queue *queue, struct queue_rung *rung, struct queue_entry entry)
{
    uint64_t index = ((uint64_t)entry.at - (uint64_t)rung->start) >> rung->shift;
    assert(index < rung->length);
    bucket_add(queue, &rung->buckets[index], entry);
    rung->count++;
}

static void rung_add_row(struct queue *queue, struct queue_rung *rung, struct queue_chunk *row)
{
    for (; row; row = chunk_done(queue, row))
        for (uint32_t i = 0; i < row->length; i++)
            rung_add(queue, rung, row->entries[i]);
}

/* Where the first bucket not yet taken begins. The last bucket of a rung may reach past the end of time. */
static inline nt_time rung_front(const struct queue_rung *rung)
{
    uint64_t front = (uint64_t)rung->start + ((uint64_t)rung->cursor << rung->shift);
    return front > INT64_MAX ? INT64_MAX : (nt_time)front;
}

/* A rung or top has moved: bottom takes what none of them does. The last bucket of a fine rung may reach into
 * the next of a coarse one, so the finest does not always say it. */
static void bottom_set_end(struct queue *queue)
{
    queue->bottom_end = queue->top_start;
    for (unsigned i = 0; i < queue->rung_count; i++) {
        nt_time front = rung_front(&queue->rungs[i]);
        if (front < queue->bottom_end)
            queue->bottom_end = front;
    }
}

/* Bottom has grown long: it becomes a rung, which reaches up to where the finest rung (or top) begins. */
static void bottom_to_rung(struct queue *queue)
{
    struct queue_entry *first = queue->bottom + queue->head, *last = queue->bottom + queue->tail - 1;
    if (queue->rung_count == QUEUE_RUNGS || first->at == last->at || queue->bottom_end <= last->at)
        return;
    struct queue_rung *rung = rung_open(queue, first->at, queue->bottom_end, queue->tail - queue->head);
    for (uint32_t i = queue->head; i < queue->tail; i++)
        rung_add(queue, rung, queue->bottom[i]);
    queue->head = queue->tail = 0;
    bottom_set_end(queue);
}

/* Takes the next bucket of the finest rung down: to bottom, or to a finer rung if it is crowded. */
static void rung_descend(struct queue *queue)
{
    struct queue_rung *rung = &queue->rungs[queue->rung_count - 1];
    if (!rung->count) {
        queue->rung_count--;
        bottom_set_end(queue);
        return;
    }
    while (!rung->buckets[rung->cursor].count)
        rung->cursor++;
    struct queue_bucket *bucket = &rung->buckets[rung->cursor];
    nt_time start = rung_front(rung);
    rung->cursor++;
    rung->count -= bucket->count;
    if (bucket->count <= BUCKET_SORTED || rung->shift == 0 || queue->rung_count == QUEUE_RUNGS) {
        bottom_fill(queue, bucket);
    } else {
        uint64_t count = bucket->count;
        struct queue_chunk *row = bucket_take(bucket);
        rung_add_row(queue, rung_open(queue, start, rung_front(rung), count), row);
    }
    bottom_set_end(queue);
}

/* Time has reached top: it becomes the first rung, or bottom if it is small. */
static void top_descend(struct queue *queue)
{
    nt_time start = queue->top_least, end = queue->top_most + 1;
    uint64_t count = queue->top.count;
    queue->top_start = end;
    if (count <= BUCKET_SORTED) {
        bottom_fill(queue, &queue->top);
    } else {
        struct queue_chunk *row = bucket_take(&queue->top);
        rung_add_row(queue, rung_open(queue, start, end, count), row);
    }
    bottom_set_end(queue);
}

/* ---- The queue ---- */

void queue_push(struct queue *queue, nt_time at, uint64_t order, struct nt_event *event)
{
    struct queue_entry entry = {at, order, event};
    queue->entries++;
    if (at < queue->bottom_end) { /* most of what is armed while running */
        bottom_insert(queue, entry);
        if (queue->tail - queue->head > BOTTOM_MOST)
            bottom_to_rung(queue);
        return;
    }
    if (at >= queue->top_start) {
        if (!queue->top.count || at < queue->top_least)
            queue->top_least = at;
        if (!queue->top.count || at > queue->top_most)
            queue->top_most = at;
        bucket_add(queue, &queue->top, entry);
        return;
    }
    unsigned i = 0;
    while (at < rung_front(&queue->rungs[i]))
        i++;
    rung_add(queue, &queue->rungs[i], entry);
}

const struct queue_entry *queue_first(struct queue *queue)
{
    for (;;) {
        while (queue->head == queue->tail) {
            if (queue->rung_count)
                rung_descend(queue);
            else if (queue->top.count)
                top_descend(queue);
            else
                return NULL;
        }
        const struct queue_entry *first = queue->bottom + queue->head;
        if (!queue->void_count || !void_forget(queue, first->order))
            return first;
        queue_pop(queue);
    }
}

/* Puts every living entry into top, void ones away. */
static void queue_sweep(struct queue *queue)
{
    struct queue_bucket all = {0};
    for (uint32_t i = queue->head; i < queue->tail; i++)
        bucket_add(queue, &all, queue->bottom[i]);
    for (unsigned r = 0; r < queue->rung_count; r++)
        for (uint32_t b = queue->rungs[r].cursor; b < queue->rungs[r].length; b++)
            for (struct queue_chunk *row = bucket_take(&queue->rungs[r].buckets[b]); row;
                 row = chunk_done(queue, row))
                for (uint32_t i = 0; i < row->length; i++)
                    bucket_add(queue, &all, row->entries[i]);
    for (struct queue_chunk *row = bucket_take(&queue->top); row; row = chunk_done(queue, row))
        for (uint32_t i = 0; i < row->length; i++)
            bucket_add(queue, &all, row->entries[i]);
    queue->head = queue->tail = 0;
    queue->rung_count = 0;
    queue->entries = 0;
    queue->top_start = queue->bottom_end = INT64_MIN;
    for (struct queue_chunk *row = all.first; row; row = chunk_done(queue, row))
        for (uint32_t i = 0; i < row->length; i++)
            if (!void_forget(queue, row->entries[i].order))
                queue_push(queue, row->entries[i].at, row->entries[i].order, row->entries[i].event);
    assert(queue->void_count == 0);
}

void queue_cancel(struct queue *queue, uint64_t order)
{
    if (queue->void_count * 2 >= queue->void_capacity)
        voids_grow(queue);
    queue->voids[void_place(queue, order)] = order;
    queue->void_count++;
    if (queue->void_count > 64 && queue->void_count > queue->entries / 2)
        queue_sweep(queue);
}
