/* SPDX-License-Identifier: MIT
 * The environment of protocols on a simulated node: each call is handed on to the simulator. */
#include "nodes/node_env.h"

#include <assert.h>
#include <string.h>

_Static_assert(ENV_VALUES == NT_VALUES, "a fact and a record carry as many values");
_Static_assert((int)ENV_UNIT_TEXT == (int)NT_UNIT_TEXT, "units are the same list");
_Static_assert((int)ENV_UNIT_MAC == (int)NT_UNIT_MAC, "units are the same list");
_Static_assert((int)ENV_KIND_CHATTER == (int)NT_KIND_CHATTER, "flags are the same list");
_Static_assert(ENV_SECOND == NT_SECOND, "time is the same");

/* The kinds of one protocol in one network: shared by all its nodes. */
struct node_env_kinds {
    const struct env_kind *table; /* the protocol's own */
    size_t count;
    struct nt_kind *declared; /* the same for the simulator */
    uint32_t numbers[];       /* in this network */
};

/* The simulator's event inside a protocol's timer. */
struct timer_event {
    struct nt_event event;
    struct env_timer *timer;
};

_Static_assert(sizeof(struct timer_event) <= sizeof((struct env_timer *)0)->opaque,
               "a timer has room for its event");

static struct node_env *node_env_of(struct env *env)
{
    return ENV_OWNER(env, struct node_env, env);
}

static void timer_fire(struct nt_event *event)
{
    struct env_timer *timer = NT_OWNER(event, struct timer_event, event)->timer;
    timer->at = ENV_NEVER;
    timer->fire(timer);
}

static void arm(struct env *env, struct env_timer *timer, int64_t at)
{
    struct timer_event *inner = (struct timer_event *)(void *)timer->opaque;
    if (!inner->event.fire) {
        nt_event_init(&inner->event, node_env_of(env)->node, timer_fire);
        inner->timer = timer;
    }
    timer->at = at;
    nt_arm(&inner->event, at);
}

static void disarm(struct env *env, struct env_timer *timer)
{
    struct timer_event *inner = (struct timer_event *)(void *)timer->opaque;
    (void)env;
    timer->at = ENV_NEVER;
    nt_disarm(&inner->event);
}

static uint32_t random_below(struct env *env, uint32_t limit)
{
    struct node_env *node_env = node_env_of(env);
    return nt_random_below(node_env->node, &node_env->random, limit);
}

static uint64_t tell(struct env *env, const struct env_kind *kind, uint64_t frame, const int64_t *values)
{
    struct node_env *node_env = node_env_of(env);
    size_t index = (size_t)(kind - node_env->kinds->table);
    assert(index < node_env->kinds->count);
    return node_env->node->api->tell(node_env->node, node_env->kinds->numbers[index], node_env->port, frame,
                                     values);
}

static void because(struct env *env, uint64_t record)
{
    nt_because(node_env_of(env)->node, record);
}

static uint64_t cause(struct env *env)
{
    return nt_cause(node_env_of(env)->node);
}

static uint64_t text(struct env *env, const char *words)
{
    return nt_text(node_env_of(env)->node, words);
}

static void *memory_new(struct env *env, size_t size_bytes)
{
    return nt_new(node_env_of(env)->node, size_bytes);
}

static void memory_free(struct env *env, void *memory)
{
    nt_free(node_env_of(env)->node, memory);
}

static const struct env_ops node_env_ops = {arm,     disarm,     random_below, tell,
                                            because, memory_new, memory_free,  cause, text};

static struct nt_kind kind_translated(const struct env_kind *kind)
{
    struct nt_kind result = {kind->name, kind->sentence, kind->clause, kind->flags, {{0}}};
    for (int i = 0; i < NT_VALUES; i++)
        result.fields[i] = (struct nt_field){kind->fields[i].name, (enum nt_unit)kind->fields[i].unit,
                                             kind->fields[i].words};
    return result;
}

static const struct node_env_kinds *kinds_of(struct nt_node *node, const struct env_kind *kinds, size_t count)
{
    bool is_new = false;
    struct node_env_kinds *shared =
        nt_shared(node, kinds, sizeof *shared + count * sizeof *shared->numbers, &is_new);
    if (!is_new)
        return shared;
    shared->table = kinds;
    shared->count = count;
    shared->declared = nt_new(node, count * sizeof *shared->declared);
    for (size_t i = 0; i < count; i++) {
        shared->declared[i] = kind_translated(&kinds[i]);
        shared->numbers[i] = nt_kind(node, &shared->declared[i]);
    }
    return shared;
}

void node_env_declare(struct nt_node *node, const struct env_kind *kinds, size_t count)
{
    kinds_of(node, kinds, count);
}

void node_env_init(struct node_env *node_env, struct nt_node *node, const char *stream,
                   const struct env_kind *kinds, size_t count)
{
    *node_env = (struct node_env){.env = {&node_env_ops, &node->clock->now, &node->clock->is_listening},
                                  .node = node,
                                  .kinds = kinds_of(node, kinds, count)};
    nt_random_init(node, &node_env->random, stream);
}
