/* SPDX-License-Identifier: MIT
 * Where memory comes from.
 *
 * All state of a run lives in memory that its network owns, so that a checkpoint is a copy. What has to grow
 * is therefore handed a `struct memory` and asks it, never libc. Outside a run that is memory_heap(). */
#ifndef NETARIUM_BASE_MEMORY_H
#define NETARIUM_BASE_MEMORY_H

#include <stddef.h>

struct memory {
    /* Makes `old` (of `old_bytes`; NULL and 0: nothing yet) `new_bytes` long and returns where it is now; its
     * contents are kept, what is new in it is undefined. `new_bytes` 0 gives it back and returns NULL. NULL
     * for any other size: refused, because a limit is reached (a world's, or the machine's), and `old` is as
     * it was. */
    void *(*resize)(void *context, void *old, size_t old_bytes, size_t new_bytes);
    void *context; /* the provider's; borrowed */
};

/* The heap of the C library. It has no limit of its own. */
struct memory memory_heap(void);

#endif
