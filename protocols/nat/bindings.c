/* SPDX-License-Identifier: MIT
 * See bindings.h. */
#include "protocols/nat/bindings.h"

#include <assert.h>

#include "sim/base/hash.h"

#define SLAB_BINDINGS 64
#define BUCKETS_LEAST 64

struct nat_binding_slab {
    struct nat_binding_slab *next;
    struct nat_binding bindings[SLAB_BINDINGS];
};

static uint64_t bits_of(struct flow_end end)
{
    return (uint64_t)end.address.value << 16 | end.port;
}

static struct nat_binding **inside_bucket(const struct nat_bindings *bindings, uint8_t protocol,
                                          struct flow_end inside, struct flow_end remote)
{
    uint64_t hash = mix64(mix64(bits_of(inside) << 8 | protocol) + bits_of(remote));
    return &bindings->inside[hash & (bindings->bucket_count - 1)];
}

static struct nat_binding **outside_bucket(const struct nat_bindings *bindings, uint8_t protocol,
                                           uint16_t port)
{
    return &bindings->outside[mix64((uint64_t)protocol << 16 | port) & (bindings->bucket_count - 1)];
}

void nat_bindings_init(struct nat_bindings *bindings, struct env *env)
{
    *bindings = (struct nat_bindings){.env = env};
    list_init(&bindings->all);
}

void nat_bindings_release(struct nat_bindings *bindings)
{
    for (struct nat_binding_slab *slab = bindings->slabs, *next; slab; slab = next) {
        next = slab->next;
        env_free(bindings->env, slab);
    }
    env_free(bindings->env, bindings->inside);
    env_free(bindings->env, bindings->outside);
}

static void put_into_buckets(struct nat_bindings *bindings, struct nat_binding *binding)
{
    struct nat_binding **inside =
        inside_bucket(bindings, binding->protocol, binding->inside, binding->remote);
    struct nat_binding **outside = outside_bucket(bindings, binding->protocol, binding->outside_port);
    binding->next_inside = *inside;
    binding->next_outside = *outside;
    *inside = *outside = binding;
}

static void grow_buckets(struct nat_bindings *bindings)
{
    env_free(bindings->env, bindings->inside);
    env_free(bindings->env, bindings->outside);
    bindings->bucket_count = bindings->bucket_count ? bindings->bucket_count * 2 : BUCKETS_LEAST;
    bindings->inside = env_new(bindings->env, bindings->bucket_count * sizeof *bindings->inside);
    bindings->outside = env_new(bindings->env, bindings->bucket_count * sizeof *bindings->outside);
    for (struct list_link *link = bindings->all.head.next; link != &bindings->all.head; link = link->next)
        put_into_buckets(bindings, LIST_OWNER(link, struct nat_binding, by_age));
}

static struct nat_binding *take_free(struct nat_bindings *bindings)
{
    if (!bindings->free) {
        struct nat_binding_slab *slab = env_new(bindings->env, sizeof *slab);
        slab->next = bindings->slabs;
        bindings->slabs = slab;
        for (int i = SLAB_BINDINGS; i-- > 0;) {
            slab->bindings[i].next_inside = bindings->free;
            bindings->free = &slab->bindings[i];
        }
    }
    struct nat_binding *binding = bindings->free;
    bindings->free = binding->next_inside;
    return binding;
}

struct nat_binding *nat_bindings_add(struct nat_bindings *bindings, uint8_t protocol, struct flow_end inside,
                                     struct flow_end remote, uint16_t outside_port)
{
    assert(!nat_bindings_outside(bindings, protocol, outside_port)); /* RFC 4787 REQ-3: no overloading */
    if (bindings->count >= bindings->bucket_count)
        grow_buckets(bindings);
    struct nat_binding *binding = take_free(bindings);
    *binding = (struct nat_binding){.number = ++bindings->next_number,
                                    .protocol = protocol,
                                    .outside_port = outside_port,
                                    .inside = inside,
                                    .remote = remote,
                                    .since = env_now(bindings->env)};
    list_init(&binding->flows);
    list_add_last(&bindings->all, &binding->by_age);
    put_into_buckets(bindings, binding);
    if (++bindings->count > bindings->peak)
        bindings->peak = bindings->count;
    return binding;
}

void nat_bindings_remove(struct nat_bindings *bindings, struct nat_binding *binding)
{
    assert(list_is_empty(&binding->flows));
    struct nat_binding **link = inside_bucket(bindings, binding->protocol, binding->inside, binding->remote);
    while (*link != binding)
        link = &(*link)->next_inside;
    *link = binding->next_inside;
    link = outside_bucket(bindings, binding->protocol, binding->outside_port);
    while (*link != binding)
        link = &(*link)->next_outside;
    *link = binding->next_outside;
    list_remove(&binding->by_age);
    binding->next_inside = bindings->free;
    bindings->free = binding;
    bindings->count--;
}

struct nat_binding *nat_bindings_inside(const struct nat_bindings *bindings, uint8_t protocol,
                                        struct flow_end inside, struct flow_end remote)
{
    if (!bindings->bucket_count)
        return NULL;
    struct nat_binding *binding = *inside_bucket(bindings, protocol, inside, remote);
    while (binding && !(binding->protocol == protocol && flow_end_is_equal(binding->inside, inside) &&
                        flow_end_is_equal(binding->remote, remote)))
        binding = binding->next_inside;
    return binding;
}

struct nat_binding *nat_bindings_outside(const struct nat_bindings *bindings, uint8_t protocol, uint16_t port)
{
    if (!bindings->bucket_count)
        return NULL;
    struct nat_binding *binding = *outside_bucket(bindings, protocol, port);
    while (binding && !(binding->protocol == protocol && binding->outside_port == port))
        binding = binding->next_outside;
    return binding;
}

const struct nat_binding *nat_bindings_row(const struct nat_bindings *bindings, uint32_t index)
{
    for (const struct list_link *link = bindings->all.head.next; link != &bindings->all.head;
         link = link->next)
        if (index-- == 0)
            return LIST_OWNER(link, struct nat_binding, by_age);
    return NULL;
}
