/* SPDX-License-Identifier: MIT
 * Frames: bytes with an identity and a count of owners.
 *
 *     storage  | struct nt_frame | head room | bytes ... length_bytes | room behind |
 *
 * Frames of a few sizes are kept for reuse, so a frame in steady state costs a list operation. (Under address
 * sanitizer they go back to the world, which poisons them.) The check sequence of a sealed frame is right by
 * definition; it is computed when somebody looks at the bytes, or when a medium is about to change some of
 * them. */
#include <assert.h>
#include <string.h>

#include "sim/base/crc32.h"
#include "sim/network.h"

#define FCS_BYTES 4
#define LEAST_BYTES 60 /* IEEE 802.3 3.2.8: a frame can always be padded to this */

#if defined(__SANITIZE_ADDRESS__)
#define FRAMES_ARE_KEPT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FRAMES_ARE_KEPT 0
#endif
#endif
#ifndef FRAMES_ARE_KEPT
#define FRAMES_ARE_KEPT 1
#endif

/* Storage behind the struct, in bytes: small control packets, half-size, full Ethernet frames, jumbo frames.
 */
static const uint32_t frame_sizes[FRAME_SIZES] = {192, 704, 1728, 9216};

static int size_index(uint32_t room_bytes)
{
    for (int i = 0; i < FRAME_SIZES; i++)
        if (room_bytes <= frame_sizes[i])
            return i;
    return -1;
}

static struct nt_frame *storage_new(struct network *network, uint32_t room_bytes)
{
    int index = size_index(room_bytes);
    if (index >= 0 && network->spare_frames[index]) {
        struct nt_frame *spare = network->spare_frames[index];
        network->spare_frames[index] = (struct nt_frame *)(void *)spare->bytes;
        return spare;
    }
    uint32_t room = index >= 0 ? frame_sizes[index] : room_bytes;
    struct nt_frame *frame = world_alloc_raw(network->world, sizeof *frame + room);
    frame->room_bytes = room;
    frame->tail_bytes = 0;
    return frame;
}

static void storage_free(struct network *network, struct nt_frame *frame)
{
    int index = size_index(frame->room_bytes);
    if (!FRAMES_ARE_KEPT || index < 0) {
        world_release(network->world, frame);
        return;
    }
    frame->bytes = (uint8_t *)network->spare_frames[index];
    network->spare_frames[index] = frame;
}

struct nt_frame *frame_new(struct nt_node *node, uint32_t head_room_bytes, uint32_t length_bytes)
{
    struct network *network = network_of(node);
    uint32_t padded =
        head_room_bytes + length_bytes < LEAST_BYTES ? LEAST_BYTES : head_room_bytes + length_bytes;
    struct nt_frame *frame = storage_new(network, padded + FCS_BYTES);
    frame->bytes = (uint8_t *)(frame + 1) + head_room_bytes;
    frame->length_bytes = length_bytes;
    frame->references = 1;
    frame->id = ++network->frames;
    frame->parent = 0;
    frame->flags = 0;
    frame->lent = 0;
    frame->queued = network->custody.queue_depth != 0;
    frame->spare_zeros = frame->tail_sum ? 0 : frame->tail_bytes; /* a sum of 0 has only zeros in it */
    frame->tail_bytes = 0;
    return frame;
}

void frame_unref(struct nt_node *node, struct nt_frame *frame)
{
    assert(frame->references > 0);
    if (--frame->references > 0)
        return;
    if (frame->lent)
        custody_forget(&network_of(node)->custody, frame);
    frame->lent = frame->queued = 0; /* so that one who still has it, and should not, is found out */
    storage_free(network_of(node), frame);
}

struct nt_frame *frame_writable(struct nt_node *node, struct nt_frame *frame)
{
    struct network *network = network_of(node);
    uint32_t length = frame->length_bytes - (frame->flags & NT_FRAME_SEALED ? FCS_BYTES : 0);
    if (frame->references == 1) {
        frame->parent = frame->id;
        frame->id = ++network->frames;
        frame->length_bytes = length;
        frame->flags = 0;
        frame->tail_bytes = frame->spare_zeros = 0;
        return frame;
    }
    struct nt_frame *copy = frame_new(node, (uint32_t)(frame->bytes - (uint8_t *)(frame + 1)), length);
    memcpy(copy->bytes, frame->bytes, length);
    copy->parent = frame->id;
    if (copy->queued) /* it takes the place of the other in a discipline of a plug-in */
        custody_add(&frame->queued, -1);
    frame->references--;
    return copy;
}

void frame_seal(struct nt_frame *frame)
{
    assert(!(frame->flags & NT_FRAME_SEALED));
    assert(frame->bytes + frame->length_bytes + FCS_BYTES <= (uint8_t *)(frame + 1) + frame->room_bytes);
    frame->length_bytes += FCS_BYTES;
    frame->flags |= NT_FRAME_SEALED | NT_FRAME_FCS_PENDING;
}

void frame_finish(struct nt_frame *frame)
{
    if (!(frame->flags & NT_FRAME_FCS_PENDING))
        return;
    uint32_t length = frame->length_bytes - FCS_BYTES;
    uint32_t fcs =
        crc32_of(frame->bytes, length); /* IEEE 802.3 3.2.9: least significant byte first on the wire */
    for (int i = 0; i < FCS_BYTES; i++)
        frame->bytes[length + (uint32_t)i] = (uint8_t)(fcs >> (8 * i));
    frame->flags &= ~(uint32_t)NT_FRAME_FCS_PENDING;
}

bool frame_is_intact(struct nt_frame *frame)
{
    if (!(frame->flags & NT_FRAME_DAMAGED))
        return true;
    if (!(frame->flags & NT_FRAME_SEALED) || frame->length_bytes < FCS_BYTES)
        return false;
    uint32_t length = frame->length_bytes - FCS_BYTES, found = 0;
    for (int i = 0; i < FCS_BYTES; i++)
        found |= (uint32_t)frame->bytes[length + (uint32_t)i] << (8 * i);
    return found == crc32_of(frame->bytes, length);
}
