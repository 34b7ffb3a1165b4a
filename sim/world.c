/* SPDX-License-Identifier: MIT
 * The world's allocator: chunks of 64 KiB, each cut into slots of one size; large pieces are runs of chunks.
 *
 * A slot's chunk is found by rounding its address down, so slots need no headers. Each chunk knows which of
 * its slots are in use (a bit each): that is what poisons free slots again after going back, and what catches
 * a piece that is given back twice. Free runs of chunks hang in one list by address, so that neighbours
 * merge. */
#include "sim/world.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define WORLD_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WORLD_POISONS 1
#endif
#endif
#ifdef WORLD_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(memory, size) ASAN_POISON_MEMORY_REGION((memory), (size))
#define UNPOISON(memory, size) ASAN_UNPOISON_MEMORY_REGION((memory), (size))
#else
#define POISON(memory, size) ((void)(memory))
#define UNPOISON(memory, size) ((void)(memory))
#endif

#define CHUNK_BYTES ((size_t)65536)
#define LEAST_SLOT 32
#define SMALL_CLASSES 64                 /* 16-byte steps up to 1024 */
#define CLASSES (SMALL_CLASSES + 1 + 20) /* then four steps per doubling, the last of them half a chunk */
#define LARGEST_SLOT ((CHUNK_BYTES - CHUNK_HEAD) / 2 / 16 * 16)
#define LARGE UINT32_MAX          /* a chunk's class: it begins a large piece */
#define FREE_RUN (UINT32_MAX - 1) /* a chunk's class: it begins a free run */
#define MAGIC UINT64_C(0x4e65746172697531)

/* The first bytes of every chunk that holds slots or begins a run. */
struct chunk {
    uint32_t class_index;                           /* which size, or LARGE, or FREE_RUN */
    uint32_t slot_bytes;                            /* size of a slot */
    uint32_t slot_count;                            /* how many fit */
    uint32_t fresh;                                 /* slots from here on were never used */
    uint32_t chunk_count;                           /* length of a run, in chunks */
    struct chunk *next_run;                         /* FREE_RUN: the next one by address */
    uint64_t in_use[CHUNK_BYTES / LEAST_SLOT / 64]; /* a bit for each slot; LARGE: unused */
};

#define LINE_BYTES 64 /* of the cache: a piece whose size is a multiple of this begins at one */
#define CHUNK_HEAD ((sizeof(struct chunk) + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES)

struct free_slot {
    struct free_slot *next;
};

/* The first bytes of the block: all bookkeeping, so that it is copied with the rest. */
struct world_head {
    uint64_t magic;
    size_t used_bytes;               /* from base, whole chunks */
    void *root;                      /* see world_set_root */
    uint64_t allocations;            /* calls so far */
    struct free_slot *free[CLASSES]; /* last freed first */
    struct chunk *open[CLASSES];     /* the chunk that still has fresh slots */
    struct chunk *runs;              /* free runs by address */
};

struct world {
    struct world_head *head; /* the block */
    size_t limit_bytes;
    void (*on_exhausted)(void *context);
    void *context;
};

static unsigned class_of(size_t size)
{
    if (size <= 1024)
        return size <= LEAST_SLOT ? LEAST_SLOT / 16 : (unsigned)((size + 15) / 16);
    unsigned doubling = 63u - (unsigned)__builtin_clzll((unsigned long long)(size - 1)); /* 10 .. 13 */
    unsigned quarter = (unsigned)((size - 1) >> (doubling - 2)) & 3;
    return SMALL_CLASSES + 1 + (doubling - 10) * 4 + quarter;
}

static size_t class_bytes(unsigned class_index)
{
    if (class_index <= SMALL_CLASSES)
        return (size_t)class_index * 16;
    if (class_index == CLASSES - 1)
        return LARGEST_SLOT;
    unsigned step = class_index - SMALL_CLASSES - 1;
    return ((size_t)1 << (10 + step / 4)) / 4 * (5 + step % 4);
}

struct world *world_new(size_t limit_bytes, void (*on_exhausted)(void *), void *context)
{
    if (limit_bytes < ((size_t)1 << 20))
        limit_bytes = (size_t)1 << 20;
    limit_bytes = (limit_bytes + CHUNK_BYTES - 1) / CHUNK_BYTES * CHUNK_BYTES;
    char *raw = mmap(NULL, limit_bytes + CHUNK_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED)
        return NULL;
    size_t skip = (CHUNK_BYTES - (uintptr_t)raw % CHUNK_BYTES) % CHUNK_BYTES;
    if (skip)
        munmap(raw, skip);
    if (skip != CHUNK_BYTES)
        munmap(raw + skip + limit_bytes, CHUNK_BYTES - skip);
    struct world *world = calloc(1, sizeof *world);
    if (!world) {
        munmap(raw + skip, limit_bytes);
        return NULL;
    }
    world->head = (struct world_head *)(void *)(raw + skip);
    world->limit_bytes = limit_bytes;
    world->on_exhausted = on_exhausted;
    world->context = context;
    world->head->magic = MAGIC;
    world->head->used_bytes = CHUNK_BYTES;
    return world;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    UNPOISON(world->head, world->head->used_bytes); /* nothing beyond was ever poisoned */
    munmap(world->head, world->limit_bytes);
    free(world);
}

static struct chunk *chunk_of(const void *memory)
{
    return (struct chunk *)((uintptr_t)memory / CHUNK_BYTES * CHUNK_BYTES);
}

/* Cuts `count` chunks from the free runs, or NULL. */
static struct chunk *run_take(struct world_head *head, uint32_t count)
{
    struct chunk **link = &head->runs;
    while (*link && (*link)->chunk_count < count)
        link = &(*link)->next_run;
    struct chunk *found = *link;
    if (!found)
        return NULL;
    if (found->chunk_count == count) {
        *link = found->next_run;
        return found;
    }
    struct chunk *rest = (struct chunk *)(void *)((char *)found + count * CHUNK_BYTES);
    UNPOISON(rest, sizeof *rest);
    rest->class_index = FREE_RUN;
    rest->chunk_count = found->chunk_count - count;
    rest->next_run = found->next_run;
    *link = rest;
    return found;
}

static struct chunk *chunks_new(struct world *world, size_t count)
{
    struct world_head *head = world->head;
    struct chunk *chunk = count < FREE_RUN ? run_take(head, (uint32_t)count) : NULL;
    if (!chunk) {
        if (count > (world->limit_bytes - head->used_bytes) / CHUNK_BYTES) {
            world->on_exhausted(world->context);
            abort(); /* on_exhausted must not return */
        }
        chunk = (struct chunk *)(void *)((char *)head + head->used_bytes);
        head->used_bytes += count * CHUNK_BYTES;
    }
    UNPOISON(chunk, count * CHUNK_BYTES);
    memset(chunk, 0, sizeof *chunk);
    chunk->chunk_count = (uint32_t)count;
    return chunk;
}

static void *large_new(struct world *world, size_t size)
{
    size_t count = (size + CHUNK_HEAD + CHUNK_BYTES - 1) / CHUNK_BYTES;
    if (size > world->limit_bytes)
        count = world->limit_bytes / CHUNK_BYTES + 1;
    struct chunk *chunk = chunks_new(world, count);
    chunk->class_index = LARGE;
    return (char *)chunk + CHUNK_HEAD;
}

static void slot_mark(const void *slot, bool is_used)
{
    struct chunk *chunk = chunk_of(slot);
    size_t index = ((uintptr_t)slot - (uintptr_t)chunk - CHUNK_HEAD) / chunk->slot_bytes;
    uint64_t bit = UINT64_C(1) << (index % 64);
    assert(index < chunk->slot_count);
    assert(!(chunk->in_use[index / 64] & bit) == is_used);
    chunk->in_use[index / 64] ^= bit;
}

static void *fresh_slot(struct world *world, unsigned class_index)
{
    struct chunk *chunk = world->head->open[class_index];
    if (!chunk || chunk->fresh == chunk->slot_count) {
        chunk = chunks_new(world, 1);
        chunk->class_index = class_index;
        chunk->slot_bytes = (uint32_t)class_bytes(class_index);
        chunk->slot_count = (uint32_t)((CHUNK_BYTES - CHUNK_HEAD) / chunk->slot_bytes);
        world->head->open[class_index] = chunk;
        POISON((char *)chunk + CHUNK_HEAD, CHUNK_BYTES - CHUNK_HEAD);
    }
    return (char *)chunk + CHUNK_HEAD + (size_t)chunk->fresh++ * chunk->slot_bytes;
}

void *world_alloc_raw(struct world *world, size_t size)
{
    struct world_head *head = world->head;
    head->allocations++;
    if (size > LARGEST_SLOT)
        return large_new(world, size);
    unsigned class_index = class_of(size);
    struct free_slot *slot = head->free[class_index];
    if (slot) {
        UNPOISON(slot, class_bytes(class_index));
        head->free[class_index] = slot->next;
    } else {
        slot = fresh_slot(world, class_index);
        UNPOISON(slot, class_bytes(class_index));
    }
    slot_mark(slot, true);
    return slot;
}

void *world_alloc(struct world *world, size_t size)
{
    void *memory = world_alloc_raw(world, size);
    memset(memory, 0, size);
    return memory;
}

/* Puts a run back in its place by address and merges it with its neighbours. */
static void run_give_back(struct world_head *head, struct chunk *run)
{
    struct chunk **link = &head->runs, *before = NULL;
    while (*link && *link < run) {
        before = *link;
        link = &before->next_run;
    }
    run->class_index = FREE_RUN;
    run->next_run = *link;
    *link = run;
    if ((char *)run + run->chunk_count * CHUNK_BYTES == (char *)run->next_run) {
        run->chunk_count += run->next_run->chunk_count;
        run->next_run = run->next_run->next_run;
    }
    if (before && (char *)before + before->chunk_count * CHUNK_BYTES == (char *)run) {
        before->chunk_count += run->chunk_count;
        before->next_run = run->next_run;
    }
}

static void run_poison(struct chunk *run)
{
    POISON((char *)run + sizeof *run, run->chunk_count * CHUNK_BYTES - sizeof *run);
}

void world_release(struct world *world, void *memory)
{
    if (!memory)
        return;
    struct chunk *chunk = chunk_of(memory);
    assert((char *)chunk > (char *)world->head);
    assert((char *)chunk < (char *)world->head + world->head->used_bytes);
    if (chunk->class_index == LARGE) {
        run_poison(chunk);
        run_give_back(world->head, chunk);
        return;
    }
    slot_mark(memory, false);
    struct free_slot *slot = memory;
    slot->next = world->head->free[chunk->class_index];
    world->head->free[chunk->class_index] = slot;
    POISON(slot, chunk->slot_bytes);
}

size_t world_room_bytes(const struct world *world, const void *memory)
{
    const struct chunk *chunk = chunk_of(memory);
    assert((char *)chunk > (char *)world->head);
    return chunk->class_index == LARGE ? chunk->chunk_count * CHUNK_BYTES - CHUNK_HEAD : chunk->slot_bytes;
}

void world_set_root(struct world *world, void *root)
{
    world->head->root = root;
}

void *world_root(const struct world *world)
{
    return world->head->root;
}

size_t world_used_bytes(const struct world *world)
{
    return world->head->used_bytes;
}

uint64_t world_allocation_count(const struct world *world)
{
    return world->head->allocations;
}

#ifdef WORLD_POISONS
/* Reads what is poisoned too: a checkpoint takes everything. The sanitizer must not see it. */
__attribute__((no_sanitize("address"), noinline)) static void copy_all(void *to, const void *from,
                                                                       size_t size)
{
    volatile uint64_t *out = to;
    const volatile uint64_t *in = from;
    for (size_t i = 0; i < size / sizeof *in; i++)
        out[i] = in[i];
}

__attribute__((no_sanitize("address"), noinline)) static bool are_same(const void *one, const void *other,
                                                                       size_t size)
{
    const volatile uint64_t *a = one, *b = other;
    for (size_t i = 0; i < size / sizeof *a; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Poisons again what is free, after an image was copied in. */
static void poison_free(struct world_head *head)
{
    char *end = (char *)head + head->used_bytes;
    for (char *at = (char *)head + CHUNK_BYTES; at < end;) {
        struct chunk *chunk = (struct chunk *)(void *)at;
        if (chunk->class_index == FREE_RUN)
            run_poison(chunk);
        for (uint32_t i = 0; chunk->class_index < CLASSES && i < chunk->slot_count; i++)
            if (!(chunk->in_use[i / 64] >> (i % 64) & 1))
                POISON(at + CHUNK_HEAD + (size_t)i * chunk->slot_bytes, chunk->slot_bytes);
        at += chunk->chunk_count * CHUNK_BYTES;
    }
}
#else
static void copy_all(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

static bool are_same(const void *one, const void *other, size_t size)
{
    return memcmp(one, other, size) == 0;
}

static void poison_free(struct world_head *head)
{
    (void)head;
}
#endif

void world_put_begin(struct world *world, size_t used_bytes)
{
    size_t before = world->head->used_bytes;
    assert(used_bytes <= world->limit_bytes);
    UNPOISON(world->head, before > used_bytes ? before : used_bytes);
    if (before > used_bytes)
        memset((char *)world->head + used_bytes, 0, before - used_bytes);
}

void world_put_end(struct world *world)
{
    assert(world->head->magic == MAGIC);
    poison_free(world->head);
}

void world_copy_out(const struct world *world, void *ret_image)
{
    copy_all(ret_image, world->head, world->head->used_bytes);
}

void world_copy_in(struct world *world, const void *image)
{
    const struct world_head *other = image;
    world_put_begin(world, other->used_bytes);
    copy_all(world->head, image, other->used_bytes);
    world_put_end(world);
}

static char *page_at(const struct world *world, size_t page)
{
    return (char *)world->head + page * WORLD_PAGE_BYTES;
}

void world_page_read(const struct world *world, size_t page, void *ret_bytes)
{
    copy_all(ret_bytes, page_at(world, page), WORLD_PAGE_BYTES);
}

bool world_page_equals(const struct world *world, size_t page, const void *bytes)
{
    return are_same(page_at(world, page), bytes, WORLD_PAGE_BYTES);
}

void world_page_write(struct world *world, size_t page, const void *bytes)
{
    copy_all(page_at(world, page), bytes, WORLD_PAGE_BYTES);
}

#ifdef WORLD_POISONS
__attribute__((no_sanitize("address"), noinline))
#endif
uint64_t
world_digest(const struct world *world)
{
    const uint64_t *words = (const uint64_t *)(const void *)world->head;
    uint64_t lanes[4] = {1, 2, 3, 4};
    for (size_t i = 0; i < world->head->used_bytes / sizeof *words; i += 4)
        for (size_t lane = 0; lane < 4; lane++) {
            lanes[lane] = (lanes[lane] ^ words[i + lane]) * UINT64_C(0x9e3779b97f4a7c15);
            lanes[lane] ^= lanes[lane] >> 32;
        }
    uint64_t all = 0;
    for (size_t lane = 0; lane < 4; lane++)
        all = (all ^ lanes[lane]) * UINT64_C(0xd6e8feb86659fd93) + (all >> 31);
    return all;
}
