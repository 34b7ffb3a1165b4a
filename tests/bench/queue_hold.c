/* SPDX-License-Identifier: MIT
 * W7: the event queue alone, beside the yardstick that everybody knows.
 *
 * P entries wait; each that comes up puts one in ahead. The same entries go through a plain binary heap, and
 * both must end at the same instant with the same sum of times. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "sim/queue.h"
#include "sim/world.h"
#include "tests/bench/bench.h"
#include "tests/bench/hold.h"

#define WORLD_LIMIT ((size_t)1 << 30)

/* ---- The yardstick: a binary heap in an array, from 1 ---- */

struct heap {
    struct queue_entry *entries;
    uint64_t length;
};

static bool is_before(const struct queue_entry *a, const struct queue_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void heap_push(struct heap *heap, struct queue_entry entry)
{
    uint64_t place = ++heap->length;
    while (place > 1 && is_before(&entry, &heap->entries[place / 2])) {
        heap->entries[place] = heap->entries[place / 2];
        place /= 2;
    }
    heap->entries[place] = entry;
}

static struct queue_entry heap_pop(struct heap *heap)
{
    struct queue_entry first = heap->entries[1], last = heap->entries[heap->length--];
    uint64_t place = 1;
    for (uint64_t below = 2; below <= heap->length; below = place * 2) {
        if (below < heap->length && is_before(&heap->entries[below + 1], &heap->entries[below]))
            below++;
        if (!is_before(&heap->entries[below], &last))
            break;
        heap->entries[place] = heap->entries[below];
        place = below;
    }
    heap->entries[place] = last;
    return first;
}

/* ---- The two runs ---- */

/* What must be the same: a sum over all instants, in order. */
struct hold_sum {
    uint64_t sum;
    nt_time last;
};

static void hold_sum_add(struct hold_sum *sum, nt_time at)
{
    assert(at >= sum->last);
    sum->last = at;
    sum->sum = sum->sum * 3 + (uint64_t)at;
}

static void on_full(void *context)
{
    (void)context;
    abort();
}

static struct hold_sum run_queue(uint64_t size, uint64_t count)
{
    struct bench_result result = {.workload = "W7", .size = size, .events = count, .per = count};
    struct hold_sum sum = {0};
    struct queue queue;
    clock_begin(&result);
    struct world *world = world_new(WORLD_LIMIT, on_full, NULL);
    struct hold *hold = hold_new(size);
    struct nt_event *events = calloc(size, sizeof *events);
    assert(world && events);
    queue_init(&queue, world);
    uint64_t order = 0;
    for (uint64_t i = 0; i < size; i++)
        queue_push(&queue, hold_next(hold), ++order, &events[i]);
    clock_ready(&result);
    for (uint64_t i = 0; i < count; i++) {
        const struct queue_entry *first = queue_first(&queue);
        nt_time at = first->at;
        struct nt_event *event = first->event;
        queue_pop(&queue);
        hold_sum_add(&sum, at);
        event->order = ++order;
        event->at = at + hold_next(hold);
        queue_push(&queue, event->at, order, event);
    }
    clock_end(&result);
    result_print(&result);
    free(events);
    free(hold);
    world_free(world);
    return sum;
}

static struct hold_sum run_heap(uint64_t size, uint64_t count)
{
    struct bench_result result = {.workload = "W7-heap", .size = size, .events = count, .per = count};
    struct hold_sum sum = {0};
    clock_begin(&result);
    struct hold *hold = hold_new(size);
    struct nt_event *events = calloc(size, sizeof *events);
    struct heap heap = {.entries = calloc(size + 2, sizeof *heap.entries)};
    assert(events && heap.entries);
    uint64_t order = 0;
    for (uint64_t i = 0; i < size; i++)
        heap_push(&heap, (struct queue_entry){hold_next(hold), ++order, &events[i]});
    clock_ready(&result);
    for (uint64_t i = 0; i < count; i++) {
        struct queue_entry first = heap_pop(&heap);
        hold_sum_add(&sum, first.at);
        first.event->order = ++order;
        first.event->at = first.at + hold_next(hold);
        heap_push(&heap, (struct queue_entry){first.event->at, order, first.event});
    }
    clock_end(&result);
    result_print(&result);
    free(heap.entries);
    free(events);
    free(hold);
    return sum;
}

bool queue_hold_run(const struct bench_options *options)
{
    uint64_t count = hold_count(options->count, options->is_brief);
    for (int i = 0; i < HOLD_SIZES; i++) {
        uint64_t size = options->size ? options->size : hold_sizes[i];
        struct hold_sum queue = run_queue(size, count), heap = run_heap(size, count);
        if (queue.sum != heap.sum || queue.last != heap.last)
            return result_is_wrong("W7", "the queue ends at %" PRId64 " ps, the heap at %" PRId64 " ps",
                                   queue.last, heap.last);
        if (options->size)
            break;
    }
    return true;
}
