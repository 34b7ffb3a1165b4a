/* SPDX-License-Identifier: MIT
 * Looking over a plug-in's shoulder: its types with a layer around every callback, and around everything that
 * it calls.
 *
 *     engine --> layer: which callback, which phase --> the plug-in's own function
 *                                                            |
 *     engine <-- layer: may this be called in this phase? <--+
 *
 * A call in the wrong phase ends the run at once, by longjmp to `escape`, since nobody knows what would come
 * of it. Parameters are handed over so that the memory behind the last one cannot be read. The layer changes
 * what a type's pointer is, so only what is said here is judged in a run like this; how the plug-in behaves
 * is judged in plain runs. */
#ifndef NETARIUM_CLI_PLUGIN_WATCH_H
#define NETARIUM_CLI_PLUGIN_WATCH_H

#include <setjmp.h>

#include "sim/registry.h"

#define PLUGIN_WATCH_FRAMES 256

enum plugin_phase {
    PLUGIN_PHASE_CREATE = 1,
    PLUGIN_PHASE_CHECK = 2,
    PLUGIN_PHASE_RUNNING = 4,
    PLUGIN_PHASE_LOOK = 8 /* tables, held, carrier: nothing may change */
};

struct plugin_watch {
    struct nt_api api;         /* the layer around what is called; first */
    const struct nt_api *real; /* what is behind it; NULL: no node was made yet */
    struct registry registry;  /* as the front's, with the layer around the plug-in's types */
    void **owned;              /* the layers */
    size_t owned_count;
    enum plugin_phase phase;
    const char *callback; /* "create"; NULL: an event */
    const char *type;     /* whose callback it is */
    uint32_t kind_count;  /* kinds that were there when time began; 0: it has not begun */
    char fault[300];      /* what was wrong; empty: nothing */
    jmp_buf escape;       /* where to go then */
    struct nt_frame
        *frames[PLUGIN_WATCH_FRAMES]; /* that a node of the plug-in received, with a reference of ours */
    struct nt_node *receivers[PLUGIN_WATCH_FRAMES];
    uint32_t frame_count;
    uint32_t page_bytes;
};

/* Layers for all types of `plugin`. To be released when the run is gone. */
void plugin_watch_init(struct plugin_watch *watch, const struct registry *registry,
                       const struct nt_plugin *plugin);
void plugin_watch_release(struct plugin_watch *watch);

/* The same values with nothing readable behind the last; theirs until the watch is released. */
const struct nt_value *plugin_watch_values(struct plugin_watch *watch, const struct nt_param *params,
                                           const struct nt_value *values);

/* Remembers what `callback` of `type` is under way, and comes back from it. */
struct plugin_watch_place {
    enum plugin_phase phase;
    const char *callback, *type;
};
struct plugin_watch_place plugin_watch_enter(struct plugin_watch *watch, enum plugin_phase phase,
                                             const char *callback, const char *type);
void plugin_watch_leave(struct plugin_watch *watch, struct plugin_watch_place before);

/* From now on `node` calls through the layer. Returns what it called before. */
const struct nt_api *plugin_watch_adopt(struct plugin_watch *watch, struct nt_node *node);

/* The layer around what nodes call: plugin_watch_api.c. */
extern const struct nt_api plugin_watch_api;

/* A new piece of zeroed memory that lives as long as the watch. */
void *plugin_watch_new(struct plugin_watch *watch, size_t size_bytes);

/* The layer around a queue or an impairment: plugin_watch_parts.c. Other parts stay as they are. */
const struct nt_part_type *plugin_watch_part(struct plugin_watch *watch, const struct nt_part_type *type);

#endif
