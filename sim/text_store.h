/* SPDX-License-Identifier: MIT
 * Texts that records refer to by number: each different text is kept once.
 *
 * Lives outside the world, on the heap. When the records are cut back, the texts are too, so that the same run
 * gives the same numbers again; but what was cut is kept as the *known future* until a run takes another way,
 * so that records of a future that was seen already can still be shown. */
#ifndef NETARIUM_SIM_TEXT_STORE_H
#define NETARIUM_SIM_TEXT_STORE_H

#include <stddef.h>
#include <stdint.h>

struct text_store {
    char **texts;     /* owned; number 1 is at 0 */
    size_t count;     /* texts that were needed so far */
    size_t known;     /* texts that are there, those of the known future included */
    size_t capacity;  /* texts that fit */
    uint64_t *places; /* a hash table of numbers up to `count`; 0: empty */
    size_t place_capacity;
};

void text_store_release(struct text_store *store);

/* The number of `text`, or 0 if it is not there. */
uint64_t text_store_find(const struct text_store *store, const char *text);

/* Adds a copy of `text`, which is not there yet, and returns its number. */
uint64_t text_store_add(struct text_store *store, const char *text);

/* The text with this number; "" for 0 or an unknown one. Borrowed until a cut. */
const char *text_store_text(const struct text_store *store, uint64_t number);

/* Goes back to when there were `count` texts. */
void text_store_cut(struct text_store *store, size_t count);

#endif
