/* SPDX-License-Identifier: MIT
 * Texts that records refer to by number: each different text is kept once.
 *
 * Lives outside the world, on the heap. A text remembers the record after which it was first needed, so that
 * cutting the records back cuts the texts back too, and a number always means the same text. */
#ifndef NETARIUM_SIM_TEXT_STORE_H
#define NETARIUM_SIM_TEXT_STORE_H

#include <stddef.h>
#include <stdint.h>

struct text_store_entry {
    char *text;      /* owned */
    uint64_t record; /* the last record told before it came */
};

struct text_store {
    struct text_store_entry *entries; /* number 1 is at 0 */
    size_t count, capacity;
    uint64_t *places; /* a hash table of numbers; 0: empty */
    size_t place_capacity;
};

void text_store_release(struct text_store *store);

/* The number of `text`, or 0 if it is not there. */
uint64_t text_store_find(const struct text_store *store, const char *text);

/* Adds a copy of `text`, which is not there yet, and returns its number. */
uint64_t text_store_add(struct text_store *store, const char *text, uint64_t record);

/* The text with this number; "" for 0 or an unknown one. Borrowed until a cut. */
const char *text_store_text(const struct text_store *store, uint64_t number);

/* Forgets the texts that came after record `last`. */
void text_store_cut(struct text_store *store, uint64_t last);

#endif
