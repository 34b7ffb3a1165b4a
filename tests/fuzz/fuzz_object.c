/* SPDX-License-Identifier: MIT
 * Any bytes as a shared object: what it wants from elsewhere, and what its variables are called. */
#include <stdlib.h>
#include <string.h>

#include "cli/plugin_object.h"

static void take(void *context, const char *name)
{
    size_t *total = context;
    *total += strlen(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    unsigned char now[64] = {0}, before[64] = {0};
    struct plugin_object object = {.size_bytes = count,
                                   .file = malloc(count + 1),
                                   .pieces = {{now, sizeof now, before}},
                                   .piece_count = 1};
    char name[40];
    size_t total = 0;
    if (!object.file)
        return 0;
    if (count)
        memcpy(object.file, bytes, count);
    plugin_object_wants(&object, take, &total);
    now[count % sizeof now] = 1; /* a variable has changed, somewhere */
    object.base = (uintptr_t)now - 4096;
    plugin_object_changed(&object, name, sizeof name);
    free(object.file);
    return 0;
}
