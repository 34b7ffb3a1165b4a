/* SPDX-License-Identifier: MIT
 * Memory that is given back all at once.
 *
 * What is read from a file or a command line is many small texts and tables that live and die together. They are cut
 * from blocks; a block is never moved, so pointers into it stay true until store_release. Nothing is freed singly. */
#ifndef NETARIUM_SIM_STORE_H
#define NETARIUM_SIM_STORE_H

#include <stddef.h>

#define STORE_FORMAT_BYTES 400

struct store {
    struct store_block *blocks; /* owned; the one being cut stands first */
    struct store_block *texts;  /* owned; likewise, for texts, which stand without a gap */
};

void store_init(struct store *store);
void store_release(struct store *store);

/* `count` times `size_bytes` zeroed bytes, aligned for anything. Never NULL: without memory the program ends. */
void *store_alloc(struct store *store, size_t count, size_t size_bytes);

/* A copy of the `length` bytes at `text`, terminated. */
char *store_text(struct store *store, const char *text, size_t length);

/* A text put together as by printf, cut to STORE_FORMAT_BYTES. */
char *store_format(struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
