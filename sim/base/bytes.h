/* SPDX-License-Identifier: MIT
 * Reading and writing wire bytes without ever leaving their bounds.
 *
 * Wire bytes are never overlaid with structs. A parser makes a `reader` over the bytes it was given and takes
 * numbers from it in network order; a reader that is asked for more than there is turns *failed*, returns
 * zeros from then on, and is asked once, at the end, whether all went well. A `writer` is its mirror image.
 * Nothing here allocates. A reader borrows its bytes, a writer fills the caller's storage. */
#ifndef NETARIUM_BASE_BYTES_H
#define NETARIUM_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
    const uint8_t *at;  /* the next byte to read */
    const uint8_t *end; /* one past the last */
    bool has_failed;    /* more was asked for than there was */
};

struct writer {
    uint8_t *at;     /* where the next byte goes */
    uint8_t *end;    /* one past the last that may be written */
    bool has_failed; /* more was written than fits */
};

static inline struct reader reader_over(const uint8_t *bytes, size_t length_bytes)
{
    return (struct reader){bytes, bytes + length_bytes, false};
}

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

/* The next `count` bytes, or NULL (and failed) if there are fewer. Borrowed. */
static inline const uint8_t *read_bytes(struct reader *r, size_t count)
{
    if (r->has_failed || reader_left(r) < count) {
        r->has_failed = true;
        r->at = r->end;
        return NULL;
    }
    const uint8_t *start = r->at;
    r->at += count;
    return start;
}

static inline void read_copy(struct reader *r, void *ret_bytes, size_t count)
{
    const uint8_t *start = read_bytes(r, count);
    if (start)
        memcpy(ret_bytes, start, count);
    else
        memset(ret_bytes, 0, count);
}

static inline uint8_t read_u8(struct reader *r)
{
    const uint8_t *p = read_bytes(r, 1);
    return p ? p[0] : 0;
}

static inline uint16_t read_u16(struct reader *r)
{
    const uint8_t *p = read_bytes(r, 2);
    return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t read_u32(struct reader *r)
{
    const uint8_t *p = read_bytes(r, 4);
    return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline struct writer writer_over(uint8_t *bytes, size_t size_bytes)
{
    return (struct writer){bytes, bytes + size_bytes, false};
}

/* Room for `count` bytes which the caller must fill, or NULL (and failed) if they do not fit. */
static inline uint8_t *write_room(struct writer *w, size_t count)
{
    if (w->has_failed || (size_t)(w->end - w->at) < count) {
        w->has_failed = true;
        w->end = w->at;
        return NULL;
    }
    uint8_t *start = w->at;
    w->at += count;
    return start;
}

static inline void write_bytes(struct writer *w, const void *bytes, size_t count)
{
    uint8_t *p = write_room(w, count);
    if (p && count)
        memcpy(p, bytes, count);
}

static inline void write_u8(struct writer *w, uint8_t value)
{
    write_bytes(w, &value, 1);
}

static inline void write_u16(struct writer *w, uint16_t value)
{
    uint8_t b[2] = {(uint8_t)(value >> 8), (uint8_t)value};
    write_bytes(w, b, 2);
}

static inline void write_u32(struct writer *w, uint32_t value)
{
    uint8_t b[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
    write_bytes(w, b, 4);
}

/* Big-endian numbers at a known place; the caller has checked the bounds. */
static inline uint16_t bytes_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t bytes_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void bytes_put_u16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline void bytes_put_u32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

#endif
