/* SPDX-License-Identifier: MIT
 * Frames that were seen, with their bytes, by number.
 *
 * Bytes are kept in blocks that are filled one after the other; when all of them together are too large the
 * oldest is given up. What a frame was called and which record showed it first is always kept, so that a
 * session can run there again and look a second time. The network's own frames are never touched: a check
 * sequence that is still pending is computed in the copy. */
#ifndef NETARIUM_SESSION_FRAMES_H
#define NETARIUM_SESSION_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/netarium.h"

struct frames_entry {
    uint64_t record; /* the first that showed its bytes; 0: not seen */
    uint64_t parent;
    uint32_t block;  /* number of the block, from 0 in the order of filling */
    uint32_t offset; /* of its bytes there */
    uint32_t length_bytes;
    uint32_t flags; /* nt_frame_flag */
};

struct frames {
    struct frames_entry *entries; /* by id - 1 */
    size_t capacity;              /* entries that fit */
    uint64_t last;                /* the highest id that was seen */
    uint8_t **blocks;             /* by number; NULL: given up */
    size_t block_count, block_capacity;
    size_t first_block; /* the oldest that is kept */
    size_t fill;        /* bytes used in the last block */
    size_t bytes;       /* of all blocks that are kept */
    size_t limit;       /* of them */
    uint64_t wanted;    /* a frame whose bytes are to be kept when they are seen again; 0: none */
    uint8_t *shown;     /* owned: the bytes last asked for */
    size_t shown_bytes; /* storage there */
};

void frames_init(struct frames *frames, size_t limit_bytes);
void frames_release(struct frames *frames);

/* Keeps what `record` shows of `frame`, if it shows it first. True: it does. */
bool frames_take(struct frames *frames, const struct nt_record *record, const struct nt_frame *frame);

/* Forgets what was first shown after `record`. */
void frames_forget(struct frames *frames, uint64_t record);

/* NULL: not seen. */
const struct frames_entry *frames_find(const struct frames *frames, uint64_t id);

/* Its bytes, with the check sequence; NULL: they were given up. Borrowed until the next call. */
const uint8_t *frames_bytes(struct frames *frames, const struct frames_entry *entry);

#endif
