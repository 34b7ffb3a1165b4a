/* SPDX-License-Identifier: MIT
 * The blocks behind store.h: each is cut from its front, and a new one is made when the next piece does not
 * fit. */
#include "sim/store.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"

#define FIRST_BLOCK_BYTES ((size_t)512)  /* each further block is twice as large ... */
#define MOST_BLOCK_BYTES ((size_t)65536) /* ... up to this */

struct store_block {
    struct store_block *next;
    size_t size_bytes;   /* room in `bytes` */
    size_t used_bytes;   /* cut off already */
    max_align_t bytes[]; /* the pieces */
};

void store_init(struct store *store)
{
    store->blocks = store->texts = NULL;
}

static void release_row(struct store_block *row)
{
    while (row) {
        struct store_block *next = row->next;
        free(row);
        row = next;
    }
}

void store_release(struct store *store)
{
    release_row(store->blocks);
    release_row(store->texts);
    store_init(store);
}

static struct store_block *add_block(struct store_block **row, size_t least_bytes)
{
    size_t usual = *row ? (*row)->size_bytes * 2 : FIRST_BLOCK_BYTES;
    usual = usual > MOST_BLOCK_BYTES ? MOST_BLOCK_BYTES : usual;
    bool is_large = *row && least_bytes > usual / 4;
    size_t size = is_large || least_bytes > usual ? least_bytes : usual;
    struct store_block *block = calloc(1, sizeof *block + size);
    if (!block)
        abort();
    block->size_bytes = size;
    /* A large piece gets a block of its own behind the first, so that the rest of the first is not lost. */
    if (is_large) {
        block->next = (*row)->next;
        (*row)->next = block;
    } else {
        block->next = *row;
        *row = block;
    }
    return block;
}

static void *cut(struct store_block **row, size_t bytes)
{
    struct store_block *block = *row;
    if (!block || block->size_bytes - block->used_bytes < bytes)
        block = add_block(row, bytes);
    void *piece = (char *)block->bytes + block->used_bytes;
    block->used_bytes += bytes;
    return piece;
}

void *store_alloc(struct store *store, size_t count, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, size_bytes, &total) || total > SIZE_MAX / 2)
        abort();
    total = (total + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    return cut(&store->blocks, total);
}

char *store_text(struct store *store, const char *text, size_t length)
{
    char *copy = cut(&store->texts, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *store_format(struct store *store, const char *format, ...)
{
    char bytes[STORE_FORMAT_BYTES];
    struct text text = text_in(bytes, sizeof bytes);
    va_list arguments;
    va_start(arguments, format);
    text_add_list(&text, format, arguments);
    va_end(arguments);
    return store_text(store, text.start, text.length);
}
