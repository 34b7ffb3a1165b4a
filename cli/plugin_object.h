/* SPDX-License-Identifier: MIT
 * A loaded plug-in as the machine sees it: what it calls of the machine, and the variables that it has
 * outside of functions. */
#ifndef NETARIUM_CLI_PLUGIN_OBJECT_H
#define NETARIUM_CLI_PLUGIN_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_OBJECT_PIECES 8

/* Memory of the object that can be written to. */
struct plugin_object_piece {
    const unsigned char *begin;
    size_t size_bytes;
    unsigned char *copy; /* as it was; owned */
};

struct plugin_object {
    unsigned char *file; /* the file's bytes; owned; NULL: it could not be read */
    size_t size_bytes;
    uintptr_t base; /* where it was loaded: what a symbol's address counts from */
    uintptr_t end;  /* behind all that was loaded of it */
    bool is_found;  /* the system says where it was loaded */
    struct plugin_object_piece pieces[PLUGIN_OBJECT_PIECES];
    size_t piece_count;
};

/* `inside` is some address in it. Copies its variables as they are now. To be released. */
void plugin_object_init(struct plugin_object *object, const char *path, const void *inside);
void plugin_object_release(struct plugin_object *object);

/* Calls `take` with the name of everything that the object wants from elsewhere. False: the file is not
 * understood. */
bool plugin_object_wants(const struct plugin_object *object, void (*take)(void *context, const char *name),
                         void *context);

/* Is this constant or variable one of the object's? */
bool plugin_object_holds(const struct plugin_object *object, const void *address);

/* The first variable that is no longer as it was: its name in `ret_name`, or "a variable without a name". */
bool plugin_object_changed(const struct plugin_object *object, char *ret_name, size_t size);

#endif
