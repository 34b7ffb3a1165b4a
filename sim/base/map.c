/* SPDX-License-Identifier: MIT
 * Open addressing with linear probing over the numbers of entries. At most half of the slots are in use,
 * holes included, so a search always meets an empty one. */
#include "sim/base/map.h"

#include <assert.h>
#include <string.h>

#include "sim/base/hash.h"

#define CAPACITY_FIRST 8
#define CAPACITY_MOST ((size_t)1 << 30) /* entry numbers are 32 bits wide, slots are twice as many */

void map_init(struct map *map, struct memory memory)
{
    *map = (struct map){.memory = memory};
}

static void give_back(struct memory memory, void *old, size_t old_bytes)
{
    if (old)
        memory.resize(memory.context, old, old_bytes, 0);
}

static void release_tables(struct map *map)
{
    give_back(map->memory, map->entries, map->capacity * sizeof *map->entries);
    give_back(map->memory, map->slots, 2 * map->capacity * sizeof *map->slots);
}

static void release_key(struct map *map, struct map_entry *entry)
{
    if (entry->key)
        give_back(map->memory, entry->key, strlen(entry->key) + 1);
    entry->key = NULL;
}

void map_release(struct map *map)
{
    for (size_t i = 0; i < map->used; i++)
        release_key(map, &map->entries[i]);
    release_tables(map);
    map_init(map, map->memory);
}

static struct map_entry *find(const struct map *map, const char *key, uint64_t hash)
{
    if (!map->capacity)
        return NULL;
    size_t mask = 2 * map->capacity - 1;
    for (size_t slot = hash & mask; map->slots[slot]; slot = (slot + 1) & mask) {
        struct map_entry *entry = &map->entries[map->slots[slot] - 1];
        if (entry->key && entry->hash == hash && strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

static uint64_t hash_key(const char *key)
{
    return mix64(fnv1a64(key, strlen(key)));
}

void *map_get(const struct map *map, const char *key)
{
    const struct map_entry *entry = find(map, key, hash_key(key));
    return entry ? entry->value : NULL;
}

/* Adds an entry that is known to be new and to fit. */
static void append(struct map *map, struct map_entry entry)
{
    size_t mask = 2 * map->capacity - 1, slot = entry.hash & mask;
    while (map->slots[slot])
        slot = (slot + 1) & mask;
    map->entries[map->used++] = entry;
    map->slots[slot] = (uint32_t)map->used;
}

/* Makes room for one more entry: in tables twice as large, or of the same size if closing the holes is
 * enough. */
static bool make_room(struct map *map)
{
    struct memory memory = map->memory;
    struct map larger = {.memory = memory, .count = map->count, .capacity = map->capacity};
    if (!map->capacity)
        larger.capacity = CAPACITY_FIRST;
    else if (map->count > map->capacity / 2)
        larger.capacity *= 2;
    if (larger.capacity > CAPACITY_MOST)
        return false;
    size_t slots_bytes = 2 * larger.capacity * sizeof *larger.slots;
    larger.entries = memory.resize(memory.context, NULL, 0, larger.capacity * sizeof *larger.entries);
    larger.slots = memory.resize(memory.context, NULL, 0, slots_bytes);
    if (!larger.entries || !larger.slots) {
        release_tables(&larger);
        return false;
    }
    memset(larger.slots, 0, slots_bytes);
    for (size_t i = 0; i < map->used; i++)
        if (map->entries[i].key)
            append(&larger, map->entries[i]);
    release_tables(map);
    *map = larger;
    return true;
}

bool map_set(struct map *map, const char *key, void *value)
{
    assert(value);
    uint64_t hash = hash_key(key);
    struct map_entry *known = find(map, key, hash);
    if (known) {
        known->value = value;
        return true;
    }
    size_t key_bytes = strlen(key) + 1;
    char *copy = map->memory.resize(map->memory.context, NULL, 0, key_bytes);
    if (!copy)
        return false;
    if (map->used == map->capacity && !make_room(map)) {
        give_back(map->memory, copy, key_bytes);
        return false;
    }
    memcpy(copy, key, key_bytes);
    append(map, (struct map_entry){copy, value, hash});
    map->count++;
    return true;
}

bool map_remove(struct map *map, const char *key)
{
    struct map_entry *entry = find(map, key, hash_key(key));
    if (!entry)
        return false;
    release_key(map, entry);
    map->count--;
    return true;
}

const struct map_entry *map_next(const struct map *map, const struct map_entry *entry)
{
    size_t i = entry ? (size_t)(entry - map->entries) + 1 : 0;
    while (i < map->used && !map->entries[i].key)
        i++;
    return i < map->used ? &map->entries[i] : NULL;
}
