/* SPDX-License-Identifier: MIT
 * Drop-tail: first come, first served; who finds the queue full is dropped.
 *
 *      --> [ 5  4  3  2  1 ] -->          a queue of 5 packets, full
 *      6: dropped
 *
 * The oldest discipline and the plainest: nobody is judged, nothing is measured. Its weakness shows when
 * senders speed up until something is lost, as TCP does. Then the queue stands full most of the time, every
 * packet waits as long as the queue is, and losses come in bursts to all at once.
 *
 * A link does the same sum without asking this file: of frames that never overtake each other it can be known
 * beforehand when each will start (link.c). This is the plain version, for every other user of a queue, and
 * the one that the link's arithmetic is held against. */
#include "nodes/queues/queues.h"
#include "nodes/queues/row.h"

struct drop_tail {
    struct queue_row row;
    struct queue_limit limit;
};

const char queue_full[] = "the queue is full";

static void drop_tail_init(struct nt_queue *queue, const struct nt_value *values)
{
    struct drop_tail *tail = queue->state;
    tail->limit = queue_limit_of(&values[0]);
}

/* Who need not wait is not in the queue, and no limit of it keeps him out. */
static const char *drop_tail_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct drop_tail *tail = queue->state;
    if (!queue->is_idle && queue_limit_is_reached(tail->limit, queue->length, queue->bytes, arrival->frame))
        return queue_full;
    queue_row_push(queue, &tail->row, arrival);
    return NULL;
}

static bool drop_tail_dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct drop_tail *tail = queue->state;
    return queue_row_pop(queue, &tail->row, ret_next);
}

static const struct nt_queue_ops drop_tail_ops = {.size = sizeof(struct nt_queue_ops),
                                                  .init = drop_tail_init,
                                                  .enqueue = drop_tail_enqueue,
                                                  .dequeue = drop_tail_dequeue,
                                                  .evict = drop_tail_dequeue};

static const struct nt_param drop_tail_params[] = {
    QUEUE_LIMIT_PARAM("1000 packets", "how much may wait, in packets or bytes; what comes then is dropped"),
    {0}};

const struct nt_part_type drop_tail_part = {.size = sizeof(struct nt_part_type),
                                            .category = "queue",
                                            .name = "drop-tail",
                                            .summary =
                                                "first come, first served; who finds it full is dropped",
                                            .params = drop_tail_params,
                                            .state_bytes = sizeof(struct drop_tail),
                                            .ops = &drop_tail_ops};
