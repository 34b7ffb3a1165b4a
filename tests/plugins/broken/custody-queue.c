/* SPDX-License-Identifier: MIT
 * A queue, first in, first out, that can give a frame away twice, or one that it has thrown out. */
#include <netarium.h>

static const char *const hows[] = {"right", "marks", "twice", "dropped-too", "evicts-twice", "refused-too", NULL};
enum { RIGHT, MARKS, TWICE, DROPPED, EVICTS, REFUSED };

#define ROOM 4

struct row {
    int64_t how;
    struct nt_queued waiting[ROOM];
    struct nt_queued latest; /* that left, or was refused */
};

static const struct nt_param params[] = {
    {.name = "how", .kind = NT_PARAM_WORD, .default_text = "right", .words = hows, .summary = "what it does with frames"}, {0}};

static void init(struct nt_queue *queue, const struct nt_value *values)
{
    ((struct row *)queue->state)->how = values[0].number;
}

static void first_leaves(struct nt_queue *queue)
{
    struct row *row = queue->state;
    row->latest = row->waiting[0];
    queue->length--;
    queue->bytes -= row->latest.frame->length_bytes;
    for (uint32_t i = 0; i < queue->length; i++)
        row->waiting[i] = row->waiting[i + 1];
}

static const char *enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    struct row *row = queue->state;
    if (queue->length == ROOM && row->how == REFUSED) {
        row->latest = *arrival;
        return "there is no room";
    }
    if (queue->length == ROOM) {
        first_leaves(queue);
        nt_queue_drop(queue, row->latest.frame, "it was pushed out");
    }
    row->waiting[queue->length++] = *arrival;
    queue->bytes += arrival->frame->length_bytes;
    return NULL;
}

static bool dequeue(struct nt_queue *queue, struct nt_queued *next)
{
    struct row *row = queue->state;
    bool is_second = row->latest.frame && (row->how == TWICE || row->how == DROPPED || row->how == REFUSED);
    if (is_second) {
        *next = row->latest;
        row->latest.frame = NULL;
        return true;
    }
    if (!queue->length)
        return false;
    first_leaves(queue);
    *next = row->latest;
    if (row->how != TWICE && row->how != EVICTS)
        row->latest.frame = NULL;
    if (row->how == MARKS) { /* by a copy, since we hold it as well; and then the copy itself */
        struct nt_frame *old = next->frame;
        next->frame = nt_frame_writable(queue->node, nt_frame_ref(old));
        nt_frame_unref(queue->node, old);
        next->frame = nt_frame_writable(queue->node, next->frame);
        nt_frame_seal(queue->node, next->frame);
    }
    return true;
}

static bool evict(struct nt_queue *queue, struct nt_queued *any)
{
    struct row *row = queue->state;
    if (row->how == EVICTS && row->latest.frame) {
        *any = row->latest;
        row->latest.frame = NULL;
        return true;
    }
    if (!queue->length)
        return false;
    first_leaves(queue);
    *any = row->latest;
    row->latest.frame = NULL;
    return true;
}

static const struct nt_queue_ops ops = {.size = sizeof(struct nt_queue_ops), .init = init, .enqueue = enqueue, .dequeue = dequeue, .evict = evict};
static const struct nt_part_type row_type = {.size = sizeof(struct nt_part_type), .category = "queue", .name = "row", .summary = "a queue with faults",
                                             .params = params, .state_bytes = sizeof(struct row), .ops = &ops};
static const struct nt_part_type *const parts[] = {&row_type, NULL};
NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "rows", .summary = "broken", .parts = parts};
