/* SPDX-License-Identifier: MIT
 * A ring of waiting frames. See row.h. */
#include "nodes/queues/row.h"

#define ROW_LEAST 8 /* entries that a row starts with; a power of two */

static void row_grow(struct nt_node *node, struct queue_row *row)
{
    uint32_t capacity = row->capacity ? row->capacity * 2 : ROW_LEAST;
    struct nt_queued *entries = nt_new(node, capacity * sizeof *entries);
    for (uint32_t i = 0; i < row->length; i++)
        entries[i] = row->entries[(row->first + i) & (row->capacity - 1)];
    nt_free(node, row->entries);
    row->entries = entries;
    row->capacity = capacity;
    row->first = 0;
}

void queue_row_push(struct nt_queue *queue, struct queue_row *row, const struct nt_queued *arrival)
{
    if (row->length == row->capacity)
        row_grow(queue->node, row);
    row->entries[(row->first + row->length) & (row->capacity - 1)] = *arrival;
    row->length++;
    row->bytes += arrival->frame->length_bytes;
    queue->length++;
    queue->bytes += arrival->frame->length_bytes;
}

bool queue_row_pop(struct nt_queue *queue, struct queue_row *row, struct nt_queued *ret_first)
{
    if (!row->length)
        return false;
    *ret_first = row->entries[row->first];
    row->first = (row->first + 1) & (row->capacity - 1);
    row->length--;
    row->bytes -= ret_first->frame->length_bytes;
    queue->length--;
    queue->bytes -= ret_first->frame->length_bytes;
    return true;
}

struct queue_limit queue_limit_of(const struct nt_value *value)
{
    return (struct queue_limit){value->number, value->extra == 1};
}

bool queue_limit_is_reached(struct queue_limit limit, uint32_t length, int64_t bytes,
                            const struct nt_frame *frame)
{
    if (limit.is_bytes)
        return bytes + frame->length_bytes > limit.number;
    return length >= limit.number;
}
