/* SPDX-License-Identifier: MIT
 * The layer around queue disciplines and impairments. They live in a node that is not the plug-in's, so that
 * node calls through the layer only while one of their callbacks is under way. */
#include <stdio.h>
#include <string.h>

#include "cli/plugin_watch.h"
#include "sim/custody.h"

struct watched_queue {
    struct nt_queue_ops ops; /* first: what the queue's user sees */
    const struct nt_queue_ops *own;
    const struct nt_part_type *type;
    struct plugin_watch *watch;
    char words[80];
};

struct watched_impair {
    struct nt_impair_ops ops; /* first */
    const struct nt_impair_ops *own;
    const struct nt_part_type *type;
    struct plugin_watch *watch;
    char words[80];
};

/* A call that is under way. */
struct call {
    struct plugin_watch *watch;
    struct nt_node *node;
    const struct nt_api *api;
    struct plugin_watch_place before;
};

static struct call enter(struct plugin_watch *watch, struct nt_node *node, enum plugin_phase phase,
                         const char *callback, const char *words)
{
    struct call call = {watch, node, plugin_watch_adopt(watch, node), {0}};
    call.before = plugin_watch_enter(watch, phase, callback, words);
    return call;
}

static void leave(const struct call *call)
{
    plugin_watch_leave(call->watch, call->before);
    call->node->api = call->api;
}

/* ---- Queues ---- */

static const struct watched_queue *queue_layer(const struct nt_queue *queue)
{
    return (const struct watched_queue *)(const void *)queue->ops;
}

static void queue_init(struct nt_queue *queue, const struct nt_value *values)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_CREATE, "init", layer->words);
    layer->own->init(queue, plugin_watch_values(layer->watch, layer->type->params, values));
    leave(&call);
}

static const char *queue_enqueue(struct nt_queue *queue, const struct nt_queued *arrival)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_RUNNING, "enqueue", layer->words);
    const char *reason = layer->own->enqueue(queue, arrival);
    leave(&call);
    return reason;
}

static bool queue_dequeue(struct nt_queue *queue, struct nt_queued *ret_next)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_RUNNING, "dequeue", layer->words);
    bool is_there = layer->own->dequeue(queue, ret_next);
    leave(&call);
    return is_there;
}

static bool queue_evict(struct nt_queue *queue, struct nt_queued *ret_any)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_RUNNING, "evict", layer->words);
    bool is_there = layer->own->evict(queue, ret_any);
    leave(&call);
    return is_there;
}

static nt_time queue_next_at(const struct nt_queue *queue)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_LOOK, "next_at", layer->words);
    nt_time at = layer->own->next_at(queue);
    leave(&call);
    return at;
}

static bool queue_fact(const struct nt_queue *queue, uint32_t index, const char **ret_name,
                       int64_t *ret_value)
{
    const struct watched_queue *layer = queue_layer(queue);
    struct call call = enter(layer->watch, queue->node, PLUGIN_PHASE_LOOK, "fact", layer->words);
    bool is_there = layer->own->fact(queue, index, ret_name, ret_value);
    leave(&call);
    return is_there;
}

static const void *watch_queue(struct plugin_watch *watch, const struct nt_part_type *type)
{
    struct watched_queue *layer = plugin_watch_new(watch, sizeof *layer);
    const struct nt_queue_ops *own = custody_queue_own(type->ops);
    layer->own = own;
    layer->type = type;
    layer->watch = watch;
    snprintf(layer->words, sizeof layer->words, "queue \"%.40s\"", type->name);
    layer->ops = (struct nt_queue_ops){.size = sizeof layer->ops,
                                       .init = queue_init,
                                       .enqueue = queue_enqueue,
                                       .dequeue = queue_dequeue,
                                       .evict = queue_evict,
                                       .next_at = own->next_at ? queue_next_at : NULL,
                                       .fact = own->fact ? queue_fact : NULL};
    return layer;
}

/* ---- Impairments ---- */

static void impair_init(struct nt_impair *impair, const struct nt_value *values)
{
    const struct watched_impair *layer = (const struct watched_impair *)(const void *)impair->ops;
    struct call call = enter(layer->watch, impair->node, PLUGIN_PHASE_CREATE, "init", layer->words);
    layer->own->init(impair, plugin_watch_values(layer->watch, layer->type->params, values));
    leave(&call);
}

static void impair_apply(struct nt_impair *impair, struct nt_impaired *frame)
{
    const struct watched_impair *layer = (const struct watched_impair *)(const void *)impair->ops;
    struct call call = enter(layer->watch, impair->node, PLUGIN_PHASE_RUNNING, "apply", layer->words);
    layer->own->apply(impair, frame);
    leave(&call);
}

static const void *watch_impair(struct plugin_watch *watch, const struct nt_part_type *type)
{
    struct watched_impair *layer = plugin_watch_new(watch, sizeof *layer);
    layer->own = type->ops;
    layer->type = type;
    layer->watch = watch;
    snprintf(layer->words, sizeof layer->words, "impair \"%.40s\"", type->name);
    layer->ops =
        (struct nt_impair_ops){.size = sizeof layer->ops, .init = impair_init, .apply = impair_apply};
    return layer;
}

const struct nt_part_type *plugin_watch_part(struct plugin_watch *watch, const struct nt_part_type *type)
{
    const void *ops = !type->ops                              ? NULL
                      : strcmp(type->category, "queue") == 0  ? watch_queue(watch, type)
                      : strcmp(type->category, "impair") == 0 ? watch_impair(watch, type)
                                                              : NULL;
    if (!ops)
        return type;
    struct nt_part_type *layer = plugin_watch_new(watch, sizeof *layer);
    *layer = *type;
    layer->ops = ops;
    return layer;
}
