/* SPDX-License-Identifier: MIT
 * The texts of records. See text_store.h. */
#include "sim/text_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"

static void *grown(void *memory, size_t size)
{
    void *larger = realloc(memory, size);
    assert(larger); /* the heap of the machine itself is exhausted: nothing sensible is left to do */
    return larger;
}

static void forget_future(struct text_store *store)
{
    while (store->known > store->count)
        free(store->texts[--store->known]);
}

void text_store_release(struct text_store *store)
{
    store->count = 0;
    forget_future(store);
    free(store->texts);
    free(store->places);
    *store = (struct text_store){0};
}

/* The place of `text` in the table: where it is, or where it would go. */
static size_t place_of(const struct text_store *store, const char *text)
{
    size_t mask = store->place_capacity - 1;
    size_t place = (size_t)fnv1a64(text, strlen(text)) & mask;
    while (store->places[place] && strcmp(store->texts[store->places[place] - 1], text) != 0)
        place = (place + 1) & mask;
    return place;
}

static void places_rebuild(struct text_store *store, size_t capacity)
{
    store->places = grown(store->places, capacity * sizeof *store->places);
    store->place_capacity = capacity;
    memset(store->places, 0, capacity * sizeof *store->places);
    for (size_t i = 0; i < store->count; i++)
        store->places[place_of(store, store->texts[i])] = i + 1;
}

uint64_t text_store_find(const struct text_store *store, const char *text)
{
    return store->place_capacity ? store->places[place_of(store, text)] : 0;
}

/* Room for one more, with a copy of `text` in it, unless the known future has just this text next. */
static void keep(struct text_store *store, const char *text)
{
    if (store->count < store->known && strcmp(store->texts[store->count], text) == 0)
        return;
    forget_future(store);
    if (store->count == store->capacity) {
        store->capacity = store->capacity ? store->capacity * 2 : 64;
        store->texts = grown(store->texts, store->capacity * sizeof *store->texts);
    }
    size_t bytes = strlen(text) + 1;
    char *copy = grown(NULL, bytes);
    memcpy(copy, text, bytes);
    store->texts[store->known++] = copy;
}

uint64_t text_store_add(struct text_store *store, const char *text)
{
    keep(store, text);
    if ((store->count + 1) * 2 > store->place_capacity)
        places_rebuild(store, store->place_capacity ? store->place_capacity * 2 : 128);
    store->places[place_of(store, text)] = store->count + 1;
    return ++store->count;
}

const char *text_store_text(const struct text_store *store, uint64_t number)
{
    return number && number <= store->known ? store->texts[number - 1] : "";
}

void text_store_cut(struct text_store *store, size_t count)
{
    if (count >= store->count)
        return;
    store->count = count;
    places_rebuild(store, store->place_capacity);
}
