/* SPDX-License-Identifier: MIT
 * Whose is a frame that waits? Queue disciplines of plug-ins stand between the engine and the queue's user, with a layer around:
 *
 *     user -- enqueue(frame) --> discipline        queued + 1, if it may wait
 *     user <-- dequeue, evict -- discipline        queued - 1; it was 0 already: the run ends with a sentence
 *     user <-- nt_queue_drop --- discipline        not seen; such a frame is gone, and its count with it
 *
 * A frame that is made within a discipline (a mark of congestion needs one that may be changed) is in it. */
#include "sim/custody.h"

#include <stdio.h>

#include "sim/base/units.h"
#include "sim/network.h"

/* The layer: what the queue's user calls. */
struct custody_queue {
    struct nt_queue_ops ops; /* first */
    const struct nt_queue_ops *own;
    const struct nt_plugin *plugin;
    const char *name;
};

static const struct custody_queue *layer_of(const struct nt_queue *queue)
{
    return (const struct custody_queue *)(const void *)queue->ops;
}

static uint32_t *depth_of(const struct nt_queue *queue)
{
    return &network_of(queue->node)->custody.queue_depth;
}

/* `frame` leaves the discipline; was it in there? */
static void leave(const struct nt_queue *queue, struct nt_frame *frame, const char *callback)
{
    const struct custody_queue *layer = layer_of(queue);
    char time[60];
    if (custody_count(frame, &frame->queued)) {
        custody_add(&frame->queued, -1);
        return;
    }
    struct text text = text_in(time, sizeof time);
    units_show(UNITS_TIME, nt_now(queue->node), &text);
    network_fail(network_of(queue->node),
                 "the plug-in \"%.40s\" was stopped at %s: %s of the queue \"%.40s\" gives a frame that is not, "
                 "or no longer, waiting",
                 layer->plugin->name, time, callback, layer->name);
}

static void init(struct nt_queue *queue, const struct nt_value *values)
{
    layer_of(queue)->own->init(queue, values);
}

static const char *enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct nt_frame *frame = arrival->frame;
    custody_add(&frame->queued, 1);
    ++*depth_of(queue);
    const char *reason = layer_of(queue)->own->enqueue(queue, arrival);
    --*depth_of(queue);
    if (reason)
        custody_add(&frame->queued, -1);
    return reason;
}

static bool dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    ++*depth_of(queue);
    bool is_there = layer_of(queue)->own->dequeue(queue, ret_next);
    --*depth_of(queue);
    if (is_there)
        leave(queue, ret_next->frame, "dequeue");
    return is_there;
}

static bool evict(struct nt_queue *queue, struct nt_queued *ret_any)
{
    ++*depth_of(queue);
    bool is_there = layer_of(queue)->own->evict(queue, ret_any);
    --*depth_of(queue);
    if (is_there)
        leave(queue, ret_any->frame, "evict");
    return is_there;
}

static nt_time next_at(const struct nt_queue *queue)
{
    return layer_of(queue)->own->next_at(queue);
}

static bool fact(const struct nt_queue *queue, uint32_t index, const char **ret_name, int64_t *ret_value)
{
    return layer_of(queue)->own->fact(queue, index, ret_name, ret_value);
}

const struct nt_queue_ops *custody_queue_new(const struct nt_queue_ops *own, const struct nt_plugin *plugin,
                                             const char *name, void *memory)
{
    struct custody_queue *layer = memory;
    *layer = (struct custody_queue){.own = own, .plugin = plugin, .name = name};
    layer->ops = (struct nt_queue_ops){.size = sizeof layer->ops,
                                       .init = init,
                                       .enqueue = enqueue,
                                       .dequeue = dequeue,
                                       .evict = evict,
                                       .next_at = own->next_at ? next_at : NULL,
                                       .fact = own->fact ? fact : NULL};
    return &layer->ops;
}

size_t custody_queue_bytes(void)
{
    return sizeof(struct custody_queue);
}

const struct nt_queue_ops *custody_queue_own(const struct nt_queue_ops *ops)
{
    return ops->init == init ? ((const struct custody_queue *)(const void *)ops)->own : ops;
}
