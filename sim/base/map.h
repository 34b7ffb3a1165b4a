/* SPDX-License-Identifier: MIT
 * Values by name, remembered in the order in which they came.
 *
 * The entries stand in one array in the order of insertion, and that is the order of iteration: what a
 * program does never depends on how a hash function scattered its names. Beside it a table of slots finds an
 * entry by its hash.
 *
 *      slots    [ - ][ 2 ][ - ][ 0 ][ 1 ][ - ]        by hash, open addressing
 *      entries  [ "alice" ][ "bob" ][ "carol" ]       by insertion
 *
 * A removed entry leaves a hole (key NULL), which iteration skips and the next growth closes. Setting a key
 * again keeps its place. Keys are copied, values are borrowed. Pointers to entries hold until the next
 * map_set. */
#ifndef NETARIUM_BASE_MAP_H
#define NETARIUM_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/memory.h"

struct map_entry {
    char *key;     /* owned; NULL: a hole */
    void *value;   /* borrowed, not NULL */
    uint64_t hash; /* of the key */
};

struct map {
    struct memory memory;      /* where everything below comes from */
    struct map_entry *entries; /* owned; `used` of them, `capacity` fit */
    uint32_t *slots;           /* owned, 2 * capacity: 0 or the number of an entry, from 1 */
    size_t count;              /* keys in the map */
    size_t used;               /* entries, with holes */
    size_t capacity;           /* 0 or a power of two */
};

/* An empty map; allocates nothing yet. */
void map_init(struct map *map, struct memory memory);
void map_release(struct map *map);

/* The value of `key`, or NULL. */
void *map_get(const struct map *map, const char *key);

/* Sets the value of `key` (value not NULL). False: the memory was refused, and the map is as it was. */
bool map_set(struct map *map, const char *key, void *value);

/* Removes `key`; false if it is not there. Allowed during iteration. */
bool map_remove(struct map *map, const char *key);

/* The entry behind `entry` in order of insertion, the first one for NULL; NULL at the end. */
const struct map_entry *map_next(const struct map *map, const struct map_entry *entry);

#endif
