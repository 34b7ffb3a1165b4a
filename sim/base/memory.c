/* SPDX-License-Identifier: MIT
 * The heap of the C library behind the interface that worlds share with it. */
#include "sim/base/memory.h"

#include <stdlib.h>

static void *heap_resize(void *context, void *old, size_t old_bytes, size_t new_bytes)
{
    (void)context;
    (void)old_bytes;
    if (new_bytes == 0) { /* realloc(p, 0) means different things on different systems */
        free(old);
        return NULL;
    }
    return realloc(old, new_bytes);
}

struct memory memory_heap(void)
{
    return (struct memory){heap_resize, NULL};
}
