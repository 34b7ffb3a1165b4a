/* SPDX-License-Identifier: MIT
 * The table of destinations: found by prefix, changed in one place, forgotten in time. RFC 2453 3.5, 3.8. */
#include <string.h>

#include "protocols/rip/rip_parts.h"

#define ROOM_LEAST 8

static void rip_entry_fire(struct env_timer *timer);

/* ---- In order ---- */

/* Below, at or above zero: does `a` stand before `b`? A network stands before the networks inside it. */
static int order_of(struct ipv4_prefix a, struct ipv4_prefix b)
{
    if (a.address.value != b.address.value)
        return a.address.value < b.address.value ? -1 : 1;
    return (int)a.length - (int)b.length;
}

/* The place of the first entry that does not stand before `prefix`. */
static uint32_t place_of(const struct rip *rip, struct ipv4_prefix prefix)
{
    uint32_t from = 0, to = rip->entry_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (order_of(rip->entries[middle]->prefix, prefix) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct rip_entry *rip_entry_find(const struct rip *rip, struct ipv4_prefix prefix)
{
    uint32_t place = place_of(rip, prefix);
    bool is_there = place < rip->entry_count && order_of(rip->entries[place]->prefix, prefix) == 0;
    return is_there ? rip->entries[place] : NULL;
}

const struct rip_entry *rip_find(const struct rip *rip, struct ipv4_prefix prefix)
{
    return rip_entry_find(rip, (struct ipv4_prefix){ipv4_prefix_network(prefix), prefix.length});
}

static void grow(struct rip *rip)
{
    uint32_t room = rip->entry_room ? rip->entry_room * 2 : ROOM_LEAST;
    struct rip_entry **entries = env_new(rip->env, room * sizeof(struct rip_entry *));
    if (rip->entry_count)
        memcpy(entries, rip->entries, rip->entry_count * sizeof(struct rip_entry *));
    env_free(rip->env, rip->entries);
    rip->entries = entries;
    rip->entry_room = room;
}

struct rip_entry *rip_entry_at(struct rip *rip, struct ipv4_prefix prefix)
{
    uint32_t place = place_of(rip, prefix);
    if (place < rip->entry_count && order_of(rip->entries[place]->prefix, prefix) == 0)
        return rip->entries[place];
    if (rip->entry_count == rip->entry_room)
        grow(rip);
    struct rip_entry **slot = &rip->entries[place];
    memmove(slot + 1, slot, (rip->entry_count - place) * sizeof(struct rip_entry *));
    rip->entry_count++;
    *slot = env_new(rip->env, sizeof **slot);
    **slot = (struct rip_entry){.rip = rip, .prefix = prefix, .state = RIP_GONE, .metric = RIP_INFINITY};
    env_timer_init(&(*slot)->timer, rip_entry_fire);
    return *slot;
}

/* ---- Changes ---- */

static bool is_legal(const struct rip_entry *entry, const struct rip_move *move)
{
    switch (move->state) {
    case RIP_CONNECTED:
        return move->metric == RIP_COST;
    case RIP_LEARNT: /* nobody is nearer to a link of ours than we are */
        return entry->state != RIP_CONNECTED && move->metric > RIP_COST && move->metric < RIP_INFINITY;
    default:
        return entry->state != RIP_GONE && move->metric == RIP_INFINITY;
    }
}

static void tell_route(const struct rip_entry *entry, uint32_t old, enum rip_rule rule)
{
    struct env *env = entry->rip->env;
    env_because(env, env_tell(env, &rip_kinds[RIP_ROUTE], 0, entry->prefix.address.value,
                              entry->prefix.length, old, entry->metric, entry->next_hop.value, rule));
}

void rip_entry_move(struct rip_entry *entry, const struct rip_move *move)
{
    assert(is_legal(entry, move));
    struct rip *rip = entry->rip;
    uint64_t before = env_cause(rip->env);
    uint32_t old = entry->metric;
    entry->state = move->state;
    entry->metric = move->metric;
    entry->interface = move->interface;
    entry->next_hop = move->next_hop;
    entry->from = move->from;
    entry->tag = move->tag;
    entry->is_changed = true; /* RFC 2453 3.9.2: "set the route change flag" */
    rip->counters.changes++;
    tell_route(entry, old, move->rule);
    if (entry->state == RIP_LEARNT)
        rip_entry_confirm(entry);
    else if (entry->state == RIP_GONE)
        env_arm(rip->env, &entry->timer, env_now(rip->env) + rip->config.garbage); /* RFC 2453 3.8 */
    else
        env_disarm(rip->env, &entry->timer);
    rip->ops->route(rip, entry);
    env_because(rip->env, before);
}

void rip_entry_lose(struct rip_entry *entry, enum rip_rule rule)
{
    struct rip_move move = {.state = RIP_GONE,
                            .rule = rule,
                            .metric = RIP_INFINITY,
                            .interface = entry->interface,
                            .next_hop = entry->next_hop,
                            .from = entry->from,
                            .tag = entry->tag};
    rip_entry_move(entry, &move);
}

void rip_entry_confirm(struct rip_entry *entry)
{
    struct env *env = entry->rip->env;
    assert(entry->state == RIP_LEARNT);
    entry->confirmed_at = env_now(env);
    env_arm(env, &entry->timer, env_now(env) + entry->rip->config.timeout); /* RFC 2453 3.8 */
}

/* ---- Time ---- */

static void forget(struct rip_entry *entry)
{
    struct rip *rip = entry->rip;
    uint32_t place = place_of(rip, entry->prefix);
    assert(rip->entries[place] == entry);
    tell_route(entry, entry->metric, RIP_RULE_GARBAGE);
    rip->entry_count--;
    memmove(&rip->entries[place], &rip->entries[place + 1],
            (rip->entry_count - place) * sizeof(struct rip_entry *));
    env_free(rip->env, entry);
}

/* RFC 2453 3.8: the timeout starts the deletion, the garbage-collection timer ends it. */
static void rip_entry_fire(struct env_timer *timer)
{
    struct rip_entry *entry = ENV_OWNER(timer, struct rip_entry, timer);
    struct rip *rip = entry->rip;
    if (entry->state == RIP_GONE) {
        forget(entry);
        return;
    }
    env_because(rip->env,
                env_tell(rip->env, &rip_kinds[RIP_TIMEOUT], 0, entry->prefix.address.value,
                         entry->prefix.length, entry->from.value, env_now(rip->env) - entry->confirmed_at));
    rip_entry_lose(entry, RIP_RULE_TIMEOUT);
    rip_trigger(rip);
}

void rip_table_release(struct rip *rip)
{
    for (uint32_t i = 0; i < rip->entry_count; i++) {
        env_disarm(rip->env, &rip->entries[i]->timer);
        env_free(rip->env, rip->entries[i]);
    }
    env_free(rip->env, rip->entries);
    rip->entries = NULL;
    rip->entry_count = rip->entry_room = 0;
}
