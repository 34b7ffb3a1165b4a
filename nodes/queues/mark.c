/* SPDX-License-Identifier: MIT
 * Marking a waiting frame instead of dropping it (RFC 3168).
 *
 * The frame is shared and read-only once sent, so a marked one is another frame: new number, the old one its
 * parent, and a check sequence of its own, as when a router writes a frame anew. */
#include "nodes/queues/mark.h"

#include "protocols/ipv4/ecn.h"
#include "protocols/match/layers.h"

const char *const queue_actions[] = {"drops", "marks", NULL};

static uint32_t bare_bytes(const struct nt_frame *frame)
{
    return frame->length_bytes - (frame->flags & NT_FRAME_SEALED ? 4 : 0);
}

/* A frame with broken bits is nobody's packet: who sealed it again would hide the damage. */
static bool look(const struct nt_frame *frame, struct layers *ret_layers)
{
    if (frame->flags & NT_FRAME_DAMAGED)
        return false;
    layers_of(frame->bytes, bare_bytes(frame), ret_layers);
    return ret_layers->is_ipv4;
}

bool queue_can_mark(const struct nt_frame *frame)
{
    struct layers layers;
    return look(frame, &layers) && ipv4_ecn_of(layers.ipv4.tos) != IPV4_NOT_ECT;
}

void queue_mark(struct nt_queue *queue, struct nt_queued *entry, uint32_t kind)
{
    struct nt_node *node = queue->node;
    struct layers layers;
    if (!look(entry->frame, &layers) || ipv4_ecn_of(layers.ipv4.tos) == IPV4_CE)
        return;
    size_t header_at = (size_t)(layers.network - entry->frame->bytes);
    bool is_sealed = entry->frame->flags & NT_FRAME_SEALED;
    entry->frame = nt_frame_writable(node, entry->frame);
    ipv4_mark_congestion(entry->frame->bytes + header_at);
    if (is_sealed)
        nt_frame_seal(node, entry->frame);
    queue->marked++;
    entry->cause = nt_tell(node, kind, queue->port, entry->frame->id, (int64_t)entry->frame->parent);
    nt_because(node, entry->cause);
}
