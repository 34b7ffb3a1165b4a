/* SPDX-License-Identifier: MIT
 * A queue discipline in one file: first in, first out, with a rule of its own for who is dropped.
 *
 *     frame --> enqueue --> [ 5  4  3  2  1 ] --> dequeue --> transmitter
 *                                      |
 *                                      +--> full: the oldest goes, and the new one may wait
 *
 * Who stands in the transmitter's way longest is of least use to anybody: so this one drops at the front, where most
 * queues refuse at the back. Change `enqueue`, and it is your own rule. What a discipline may do, and when, is said in
 * netarium.h above struct nt_queue. All that it remembers is in queue->state and in memory from nt_new. */
#include <netarium.h>

/* The discipline's memory, one for each queue. It is there, zeroed, before init is called. */
struct my_queue {
    struct nt_queued *ring; /* `limit` places */
    uint32_t limit;         /* parameter: how many may wait */
    uint32_t first;         /* place of the oldest */
    uint64_t dropped;       /* how many had to go */
    uint32_t kind_dropped;  /* the number of our kind of record in this network */
};

/* ---- What a scenario may say of it ---- */

enum { PARAM_LIMIT };

static const struct nt_param params[] = {[PARAM_LIMIT] = {.name = "limit",
                                                          .kind = NT_PARAM_INTEGER,
                                                          .default_text = "20",
                                                          .least = 1,
                                                          .most = 100000,
                                                          .summary = "how many frames may wait"},
                                         {0}};

/* ---- What it tells ---- */

static const struct nt_kind kinds[] = {{.name = "my_queue.dropped",
                                        .sentence = "at {node} {port} the oldest of {length} frames gives way to a new one",
                                        .flags = NT_KIND_INTERESTING,
                                        .fields = {{.name = "length", .unit = NT_UNIT_FRAMES}}},
                                       {0}};

/* ---- What it does ---- */

/* Loading: take the parameters. */
static void init(struct nt_queue *queue, const struct nt_value *values)
{
    struct my_queue *fifo = queue->state;
    fifo->limit = (uint32_t)values[PARAM_LIMIT].number;
    fifo->ring = nt_new(queue->node, fifo->limit * sizeof *fifo->ring);
    fifo->kind_dropped = nt_kind(queue->node, &kinds[0]);
}

/* Running: the transmitter is free. The next frame to be sent; false: nobody waits. */
static bool dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    struct my_queue *fifo = queue->state;
    if (queue->length == 0)
        return false;
    *ret_next = fifo->ring[fifo->first];
    fifo->first = (fifo->first + 1) % fifo->limit;
    queue->length--;
    queue->bytes -= ret_next->frame->length_bytes;
    return true;
}

/* The drop rule. A drop names its reason twice: as a record, which the drop goes back to, and in a few words. */
static void drop_oldest(struct nt_queue *queue)
{
    struct my_queue *fifo = queue->state;
    struct nt_queued oldest;
    uint64_t before = nt_cause(queue->node);
    uint32_t length = queue->length;
    if (!dequeue(queue, &oldest))
        return;
    nt_because(queue->node, nt_tell(queue->node, fifo->kind_dropped, queue->port, oldest.frame->id, length));
    nt_queue_drop(queue, oldest.frame, "it gave way to a newer one");
    nt_because(queue->node, before);
    fifo->dropped++;
}

/* Running: a frame wants to wait. NULL: it does now; else the reason why it may not. */
static const char *enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct my_queue *fifo = queue->state;
    if (queue->length == fifo->limit)
        drop_oldest(queue);
    fifo->ring[(fifo->first + queue->length) % fifo->limit] = *arrival;
    queue->length++;
    queue->bytes += arrival->frame->length_bytes;
    return NULL;
}

/* Any time: what can be seen of it, in the table "discipline" of the link. */
static bool fact(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value)
{
    const struct my_queue *fifo = queue->state;
    *ret_name = "gave way";
    *ret_value = (int64_t)fifo->dropped;
    return index == 0;
}

/* ---- The type, and the plug-in that brings it ---- */

static const struct nt_queue_ops ops = {
    .size = sizeof(struct nt_queue_ops),
    .init = init,
    .enqueue = enqueue,
    .dequeue = dequeue,
    .evict = dequeue, /* the link is cut: the same, without looking */
    .fact = fact,
};

static const struct nt_part_type my_queue_part = {
    .size = sizeof(struct nt_part_type),
    .category = "queue",
    .name = "my-queue",
    .summary = "first in, first out; the oldest gives way to the newest",
    .params = params,
    .state_bytes = sizeof(struct my_queue),
    .ops = &ops,
    .kinds = kinds,
};

static const struct nt_part_type *const parts[] = {&my_queue_part, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "my-queue", .summary = "a queue that drops at the front", .parts = parts};
