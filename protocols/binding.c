/* SPDX-License-Identifier: MIT
 * See binding.h. Lists hang in slots; both arrays double when there are as many bindings as slots. Nothing
 * that can be seen depends on the order of slots: lists are only ever searched for what fits. */
#include "protocols/binding.h"

#include "sim/base/hash.h"

#define FIRST_SLOTS 16

void binding_table_init(struct binding_table *table, struct env *env)
{
    *table =
        (struct binding_table){.env = env, .first_port = BINDING_FIRST_PORT, .last_port = BINDING_LAST_PORT};
}

void binding_table_release(struct binding_table *table)
{
    env_free(table->env, table->by_hash);
    env_free(table->env, table->by_port);
    *table = (struct binding_table){.env = table->env};
}

/* ---- Hashing ---- */

static uint64_t mix_endpoint(uint64_t hash, const struct net_endpoint *endpoint)
{
    uint64_t words[2];
    memcpy(words, endpoint->address.bytes, sizeof words); /* the order of bytes shows nowhere */
    hash = mix64(hash ^ words[0] ^ (uint64_t)endpoint->port << 48 ^ endpoint->address.family);
    return words[1] ? mix64(hash ^ words[1]) : hash;
}

static uint64_t hash_of(const struct net_endpoint *local, const struct net_endpoint *peer)
{
    return mix_endpoint(mix_endpoint(0, local), peer);
}

static struct binding **slot_by_hash(const struct binding_table *table, uint64_t hash)
{
    return &table->by_hash[hash & (table->slots - 1)];
}

static struct binding **slot_by_port(const struct binding_table *table, uint16_t port)
{
    return &table->by_port[mix64(port) & (table->slots - 1)];
}

static struct net_endpoint normal(struct net_endpoint endpoint)
{
    if (net_is_any(endpoint.address))
        endpoint.address = (struct net_address){0};
    return endpoint;
}

static bool is_equal(const struct net_endpoint *a, const struct net_endpoint *b)
{
    return a->port == b->port && net_is_equal(a->address, b->address);
}

/* ---- In and out ---- */

static void link_in(struct binding_table *table, struct binding *binding)
{
    struct binding **by_hash = slot_by_hash(table, binding->hash);
    struct binding **by_port = slot_by_port(table, binding->local.port);
    binding->next_by_hash = *by_hash;
    *by_hash = binding;
    binding->next_by_port = *by_port;
    *by_port = binding;
}

/* Turns the list in `slot` round, so that relinking it one by one restores the order of age. */
static struct binding *turned(struct binding *first)
{
    struct binding *result = NULL;
    while (first) {
        struct binding *next = first->next_by_port;
        first->next_by_port = result;
        result = first;
        first = next;
    }
    return result;
}

static void grow(struct binding_table *table)
{
    struct binding **old_by_port = table->by_port;
    uint32_t old_slots = table->slots;
    env_free(table->env, table->by_hash);
    table->slots = old_slots ? old_slots * 2 : FIRST_SLOTS;
    table->by_hash = env_new(table->env, table->slots * sizeof(struct binding *));
    table->by_port = env_new(table->env, table->slots * sizeof(struct binding *));
    for (uint32_t i = 0; i < old_slots; i++) {
        struct binding *next = NULL;
        for (struct binding *binding = turned(old_by_port[i]); binding; binding = next) {
            next = binding->next_by_port;
            link_in(table, binding);
        }
    }
    env_free(table->env, old_by_port);
}

void binding_join(struct binding_table *table, struct binding *binding, struct net_endpoint local,
                  struct net_endpoint peer)
{
    assert(!binding->is_joined);
    assert(local.port != 0);
    binding->local = normal(local);
    binding->peer = normal(peer);
    binding->hash = hash_of(&binding->local, &binding->peer);
    binding->is_joined = true;
    if (table->count++ == table->slots)
        grow(table);
    link_in(table, binding);
}

void binding_leave(struct binding_table *table, struct binding *binding)
{
    if (!binding->is_joined)
        return;
    struct binding **link = slot_by_hash(table, binding->hash);
    while (*link != binding)
        link = &(*link)->next_by_hash;
    *link = binding->next_by_hash;
    link = slot_by_port(table, binding->local.port);
    while (*link != binding)
        link = &(*link)->next_by_port;
    *link = binding->next_by_port;
    binding->is_joined = false;
    table->count--;
}

/* ---- Questions ---- */

struct binding *binding_next(const struct binding_table *table, const struct binding *binding, uint16_t port)
{
    if (!table->slots)
        return NULL;
    struct binding *next = binding ? binding->next_by_port : *slot_by_port(table, port);
    while (next && next->local.port != port)
        next = next->next_by_port;
    return next;
}

bool binding_is_free(const struct binding_table *table, const struct binding *binding,
                     struct net_endpoint local)
{
    for (const struct binding *other = NULL; (other = binding_next(table, other, local.port));) {
        bool overlaps = net_is_any(local.address) || net_is_any(other->local.address) ||
                        net_is_equal(local.address, other->local.address);
        if (other != binding && overlaps && !(binding->may_share && other->may_share))
            return false;
    }
    return true;
}

/* RFC 6056 3.3.1: start anywhere in the range and take the first that is free. A port is taken here if
 * anybody has it, sharing or not: who did not ask for a number does not want company. */
uint16_t binding_choose_port(struct binding_table *table, struct net_address address)
{
    static const struct binding alone;
    uint32_t range = (uint32_t)table->last_port - table->first_port + 1;
    uint32_t start = env_random_below(table->env, range);
    for (uint32_t i = 0; i < range; i++) {
        uint16_t port = (uint16_t)(table->first_port + (start + i) % range);
        if (binding_is_free(table, &alone, (struct net_endpoint){address, port}))
            return port;
    }
    return 0;
}

static struct binding *find_exactly(const struct binding_table *table, const struct net_endpoint *local,
                                    const struct net_endpoint *peer)
{
    uint64_t hash = hash_of(local, peer);
    struct binding *binding = *slot_by_hash(table, hash);
    while (binding &&
           !(binding->hash == hash && is_equal(&binding->local, local) && is_equal(&binding->peer, peer)))
        binding = binding->next_by_hash;
    return binding;
}

struct binding *binding_find(const struct binding_table *table, struct net_endpoint local,
                             struct net_endpoint peer)
{
    static const struct net_endpoint anybody;
    struct net_endpoint wildcard = {.port = local.port};
    if (!table->count)
        return NULL;
    struct binding *binding = find_exactly(table, &local, &peer);
    if (!binding)
        binding = find_exactly(table, &local, &anybody);
    return binding ? binding : find_exactly(table, &wildcard, &anybody);
}

bool binding_fits(const struct binding *binding, const struct net_endpoint *local,
                  const struct net_endpoint *peer)
{
    return binding->local.port == local->port &&
           (net_is_any(binding->local.address) || net_is_equal(binding->local.address, local->address)) &&
           (!binding->peer.port || is_equal(&binding->peer, peer));
}
