/* SPDX-License-Identifier: MIT
 * Frames that were seen, with their bytes, by number. */
#include "session/frames.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "session/parts.h"
#include "sim/base/crc32.h"

#define BLOCK_BYTES ((size_t)1 << 20)
#define FCS_BYTES 4

void frames_init(struct frames *frames, size_t limit_bytes)
{
    *frames = (struct frames){.limit = limit_bytes};
}

void frames_release(struct frames *frames)
{
    for (size_t i = 0; i < frames->block_count; i++)
        free(frames->blocks[i]);
    free(frames->blocks);
    free(frames->entries);
    free(frames->shown);
    *frames = (struct frames){0};
}

/* A new block to be filled; the oldest ones go while there are too many. */
static void begin_block(struct frames *frames)
{
    frames->blocks = session_grown(frames->blocks, frames->block_count + 1, &frames->block_capacity,
                                   sizeof *frames->blocks);
    frames->blocks[frames->block_count] = malloc(BLOCK_BYTES);
    assert(frames->blocks[frames->block_count]);
    frames->block_count++;
    frames->fill = 0;
    frames->bytes += BLOCK_BYTES;
    while (frames->bytes > frames->limit && frames->first_block + 1 < frames->block_count) {
        free(frames->blocks[frames->first_block]);
        frames->blocks[frames->first_block++] = NULL;
        frames->bytes -= BLOCK_BYTES;
    }
}

static void store(struct frames *frames, struct frames_entry *entry, const struct nt_frame *frame)
{
    size_t length = frame->length_bytes;
    assert(length <= BLOCK_BYTES);
    if (!frames->block_count || frames->fill + length > BLOCK_BYTES)
        begin_block(frames);
    entry->block = (uint32_t)(frames->block_count - 1);
    entry->offset = (uint32_t)frames->fill;
    entry->length_bytes = frame->length_bytes;
    entry->flags = frame->flags;
    memcpy(frames->blocks[entry->block] + entry->offset, frame->bytes, length);
    frames->fill += length;
}

bool frames_take(struct frames *frames, const struct nt_record *record, const struct nt_frame *frame)
{
    uint64_t id = frame->id;
    if (id > frames->last) {
        size_t before = frames->capacity;
        frames->entries = session_grown(frames->entries, id, &frames->capacity, sizeof *frames->entries);
        memset(frames->entries + before, 0, (frames->capacity - before) * sizeof *frames->entries);
        frames->last = id;
    }
    struct frames_entry *entry = &frames->entries[id - 1];
    bool is_again = entry->record && entry->record <= record->number;
    if (is_again && (id != frames->wanted || entry->record != record->number))
        return false;
    if (!is_again) {
        entry->record = record->number;
        entry->parent = frame->parent;
    }
    store(frames, entry, frame);
    return !is_again;
}

void frames_forget(struct frames *frames, uint64_t record)
{
    for (uint64_t i = 0; i < frames->last; i++)
        if (frames->entries[i].record > record)
            frames->entries[i] = (struct frames_entry){0};
}

const struct frames_entry *frames_find(const struct frames *frames, uint64_t id)
{
    return id && id <= frames->last && frames->entries[id - 1].record ? &frames->entries[id - 1] : NULL;
}

const uint8_t *frames_bytes(struct frames *frames, const struct frames_entry *entry)
{
    const uint8_t *block = frames->blocks[entry->block];
    if (!block)
        return NULL;
    frames->shown = session_grown(frames->shown, entry->length_bytes + 1, &frames->shown_bytes, 1);
    memcpy(frames->shown, block + entry->offset, entry->length_bytes);
    if (entry->flags & NT_FRAME_FCS_PENDING) {
        size_t length = entry->length_bytes - FCS_BYTES;
        uint32_t fcs = crc32_of(frames->shown, length); /* IEEE 802.3 3.2.9: least significant byte first */
        for (unsigned i = 0; i < FCS_BYTES; i++)
            frames->shown[length + i] = (uint8_t)(fcs >> (8 * i));
    }
    return frames->shown;
}
