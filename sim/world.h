/* SPDX-License-Identifier: MIT
 * One world, one block: all memory of a network, in one piece.
 *
 *     base                                                      used            limit
 *     | head | chunk | chunk | chunk ........................... |  (untouched)   |
 *               64 KiB each: slots of one size, or the start of one large piece
 *
 * Whatever a network is made of is allocated here: nodes, frames, timers, tables, the event queue. So a
 * checkpoint is a copy of [base, used), and going back is copying it in again, at the same address, which
 * keeps every pointer true. The block never moves and never grows past its limit; a network that wants more
 * is stopped by `on_exhausted`, which must not return. That is what keeps a stranger's file from eating the
 * machine, and why world_alloc is never NULL.
 *
 * Freed slots are kept in one list per size, last freed first used: in steady state an allocation is two
 * loads and a store. Under address sanitizer what is freed is poisoned, also after going back. */
#ifndef NETARIUM_SIM_WORLD_H
#define NETARIUM_SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

/* An empty world of at most `limit_bytes` (at least 1 MiB, rounded up to whole chunks). NULL: the machine has
 * no address space for it. `on_exhausted` is called when the limit is reached and must not return (longjmp,
 * exit). */
struct world *world_new(size_t limit_bytes, void (*on_exhausted)(void *context), void *context);
void world_free(struct world *world);

/* `size_bytes` zeroed bytes, aligned to 16. Never NULL. world_alloc_raw leaves them as they are. */
void *world_alloc(struct world *world, size_t size_bytes);
void *world_alloc_raw(struct world *world, size_t size_bytes);

/* Gives back what world_alloc returned; NULL is allowed. */
void world_release(struct world *world, void *memory);

/* How many bytes the piece at `memory` can hold: at least what was asked for. */
size_t world_room_bytes(const struct world *world, const void *memory);

/* One pointer that is remembered with the world: where everything hangs. */
void world_set_root(struct world *world, void *root);
void *world_root(const struct world *world);

size_t world_used_bytes(const struct world *world);         /* from base to the end of the last chunk */
uint64_t world_allocation_count(const struct world *world); /* calls of world_alloc so far */

/* Copies the world out into `ret_image` (world_used_bytes of it), and in again. Copying in what came from
 * another world is a programmer's mistake. What lay beyond the image is zero afterwards, as it was then. */
void world_copy_out(const struct world *world, void *ret_image);
void world_copy_in(struct world *world, const void *image);

/* The same in pages, for copies that share those in which they do not differ. There are world_used_bytes /
 * WORLD_PAGE_BYTES of them. Putting in goes: begin with the size that was, write every page, end. */
#define WORLD_PAGE_BYTES ((size_t)4096)
void world_page_read(const struct world *world, size_t page, void *ret_bytes);
bool world_page_equals(const struct world *world, size_t page, const void *bytes);
void world_put_begin(struct world *world, size_t used_bytes);
void world_page_write(struct world *world, size_t page, const void *bytes);
void world_put_end(struct world *world);

/* A hash over every byte in use: two worlds of one process and one block that agree in it are the same. */
uint64_t world_digest(const struct world *world);

#endif
