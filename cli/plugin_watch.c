/* SPDX-License-Identifier: MIT
 * The layer around the callbacks of node types and commands. See plugin_watch.h. */
#include "cli/plugin_watch.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/param.h"

struct watched_node {
    struct nt_node_type type; /* first: what the engine sees */
    const struct nt_node_type *own;
    struct plugin_watch *watch;
    char words[80]; /* node type "hub" */
};

struct watched_app {
    struct nt_app_type type; /* first */
    const struct nt_app_type *own;
    struct plugin_watch *watch;
    char words[80];
};

/* ---- Places, memory, parameters ---- */

struct plugin_watch_place plugin_watch_enter(struct plugin_watch *watch, enum plugin_phase phase,
                                             const char *callback, const char *type)
{
    struct plugin_watch_place before = {watch->phase, watch->callback, watch->type};
    watch->phase = phase;
    watch->callback = callback;
    watch->type = type;
    return before;
}

void plugin_watch_leave(struct plugin_watch *watch, struct plugin_watch_place before)
{
    watch->phase = before.phase;
    watch->callback = before.callback;
    watch->type = before.type;
}

const struct nt_api *plugin_watch_adopt(struct plugin_watch *watch, struct nt_node *node)
{
    const struct nt_api *before = node->api;
    if (!watch->real) {
        watch->real = before;
        watch->api.size = before->size;
        watch->api.random_next = before->random_next;
        watch->api.random_below = before->random_below;
        watch->api.random_exponential = before->random_exponential;
        watch->api.frame_seal = before->frame_seal;
        watch->api.frame_finish = before->frame_finish;
        watch->api.frame_is_intact = before->frame_is_intact;
    }
    node->api = &watch->api;
    return before;
}

void *plugin_watch_new(struct plugin_watch *watch, size_t size_bytes)
{
    watch->owned = realloc(watch->owned, (watch->owned_count + 1) * sizeof *watch->owned);
    assert(watch->owned);
    void *made = calloc(1, size_bytes);
    assert(made);
    watch->owned[watch->owned_count++] = made;
    return made;
}

const struct nt_value *plugin_watch_values(struct plugin_watch *watch, const struct nt_param *params,
                                           const struct nt_value *values)
{
    size_t bytes = param_count(params) * sizeof *values, page = watch->page_bytes;
    if (!page)
        return values;
    size_t room = (bytes + page - 1) / page * page;
    unsigned char *memory =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return values;
    if (bytes)
        memcpy(memory + room - bytes, values, bytes);
    mprotect(memory + room, page, PROT_NONE);
    return (const struct nt_value *)(const void *)(memory + room - bytes);
}

/* ---- Nodes ---- */

static struct watched_node *node_layer(const struct nt_node *node)
{
    return (struct watched_node *)(void *)(uintptr_t)node->type;
}

static void node_create(struct nt_node *node, const struct nt_value *values)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch *watch = layer->watch;
    plugin_watch_adopt(watch, node);
    struct plugin_watch_place before = plugin_watch_enter(watch, PLUGIN_PHASE_CREATE, "create", layer->words);
    layer->own->create(node, plugin_watch_values(watch, layer->own->params, values));
    plugin_watch_leave(watch, before);
}

static void node_check(struct nt_node *node)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch_place before =
        plugin_watch_enter(layer->watch, PLUGIN_PHASE_CHECK, "check", layer->words);
    layer->own->check(node);
    plugin_watch_leave(layer->watch, before);
}

static void node_start(struct nt_node *node)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch_place before =
        plugin_watch_enter(layer->watch, PLUGIN_PHASE_RUNNING, "start", layer->words);
    layer->own->start(node);
    plugin_watch_leave(layer->watch, before);
}

/* Two references of ours: so a reference that is given back twice is seen, and hurts nobody. */
static void node_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch *watch = layer->watch;
    bool is_kept = watch->frame_count < PLUGIN_WATCH_FRAMES;
    for (uint32_t i = 0; i < watch->frame_count; i++)
        is_kept = is_kept && watch->frames[i] != frame;
    if (is_kept) {
        watch->frames[watch->frame_count] = nt_frame_ref(nt_frame_ref(frame));
        watch->receivers[watch->frame_count++] = node;
    }
    struct plugin_watch_place before =
        plugin_watch_enter(watch, PLUGIN_PHASE_RUNNING, "receive", layer->words);
    layer->own->receive(node, port, frame);
    plugin_watch_leave(watch, before);
}

static void node_line(struct nt_node *node, struct nt_port *port)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch *watch = layer->watch;
    enum plugin_phase phase = watch->kind_count ? PLUGIN_PHASE_RUNNING : PLUGIN_PHASE_CHECK;
    struct plugin_watch_place before = plugin_watch_enter(watch, phase, "line", layer->words);
    layer->own->line(node, port);
    plugin_watch_leave(watch, before);
}

static uint64_t node_held(const struct nt_node *node)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch_place before =
        plugin_watch_enter(layer->watch, PLUGIN_PHASE_LOOK, "held", layer->words);
    uint64_t held = layer->own->held(node);
    plugin_watch_leave(layer->watch, before);
    return held;
}

static void node_carrier(const struct nt_node *node, const struct nt_port *port,
                         struct nt_carrier *ret_carrier)
{
    struct watched_node *layer = node_layer(node);
    struct plugin_watch_place before =
        plugin_watch_enter(layer->watch, PLUGIN_PHASE_LOOK, "carrier", layer->words);
    layer->own->carrier(node, port, ret_carrier);
    plugin_watch_leave(layer->watch, before);
}

static void create_nothing(struct nt_node *node, const struct nt_value *values)
{
}

static const struct nt_node_type *watch_node(struct plugin_watch *watch, const struct nt_node_type *type)
{
    struct watched_node *layer = plugin_watch_new(watch, sizeof *layer);
    struct nt_node_type *own = plugin_watch_new(watch, sizeof *own);
    *own = *type;
    if (!own->create)
        own->create = create_nothing;
    layer->own = own;
    layer->watch = watch;
    snprintf(layer->words, sizeof layer->words, "node type \"%.40s\"", type->name);
    layer->type = *type;
    layer->type.create = node_create;
    layer->type.check = type->check ? node_check : NULL;
    layer->type.start = type->start ? node_start : NULL;
    layer->type.receive = type->receive ? node_receive : NULL;
    layer->type.line = type->line ? node_line : NULL;
    layer->type.held = type->held ? node_held : NULL;
    layer->type.carrier = type->carrier ? node_carrier : NULL;
    return &layer->type;
}

/* ---- Commands ---- */

static bool app_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    (void)node;
    (void)values;
    (void)ret_why;
    return true; /* which command it is cannot be seen here; plain runs ask it */
}

static void app_start(struct nt_app *app)
{
    struct watched_app *layer = (struct watched_app *)(void *)(uintptr_t)app->type;
    app->values = plugin_watch_values(layer->watch, layer->own->params, app->values);
    struct plugin_watch_place before =
        plugin_watch_enter(layer->watch, PLUGIN_PHASE_RUNNING, "start", layer->words);
    layer->own->start(app);
    plugin_watch_leave(layer->watch, before);
}

static const struct nt_app_type *watch_app(struct plugin_watch *watch, const struct nt_app_type *type)
{
    struct watched_app *layer = plugin_watch_new(watch, sizeof *layer);
    layer->own = type;
    layer->watch = watch;
    snprintf(layer->words, sizeof layer->words, "command \"%.40s\"", type->name);
    layer->type = *type;
    layer->type.check = type->check ? app_check : NULL;
    layer->type.start = app_start;
    return &layer->type;
}

/* ---- All of them ---- */

static void *copy_of(struct plugin_watch *watch, const void *array, size_t bytes)
{
    void *copy = plugin_watch_new(watch, bytes + 1);
    if (bytes)
        memcpy(copy, array, bytes);
    return copy;
}

void plugin_watch_init(struct plugin_watch *watch, const struct registry *registry,
                       const struct nt_plugin *plugin)
{
    *watch =
        (struct plugin_watch){.api = plugin_watch_api, .registry = *registry, .phase = PLUGIN_PHASE_RUNNING};
    watch->page_bytes = (uint32_t)sysconf(_SC_PAGESIZE);
    struct registry *own = &watch->registry;
    own->nodes = copy_of(watch, own->nodes, own->node_count * sizeof *own->nodes);
    own->apps = copy_of(watch, own->apps, own->app_count * sizeof *own->apps);
    own->parts = copy_of(watch, own->parts, own->part_count * sizeof *own->parts);
    for (size_t i = 0; i < own->node_count; i++)
        if (registry_origin(registry, own->nodes[i]) == plugin)
            own->nodes[i] = watch_node(watch, own->nodes[i]);
    for (size_t i = 0; i < own->app_count; i++)
        if (registry_origin(registry, own->apps[i]) == plugin)
            own->apps[i] = watch_app(watch, own->apps[i]);
    for (size_t i = 0; i < own->part_count; i++)
        if (registry_origin(registry, own->parts[i]) == plugin)
            own->parts[i] = plugin_watch_part(watch, own->parts[i]);
}

void plugin_watch_release(struct plugin_watch *watch)
{
    for (size_t i = 0; i < watch->owned_count; i++)
        free(watch->owned[i]);
    free(watch->owned);
}
