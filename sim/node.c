/* SPDX-License-Identifier: MIT
 * Making nodes and ports, and the three address books of a network: nodes by name, claimed addresses, shared
 * memory. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/network.h"

/* Makes room for one more in an array of pointers that the world holds. */
static void *grown(struct network *network, void *array, uint32_t count, uint32_t *capacity)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 4;
    void **larger = world_alloc(network->world, *capacity * sizeof *larger);
    if (array)
        memcpy(larger, array, count * sizeof *larger);
    world_release(network->world, array);
    return larger;
}

static uint32_t name_place(const struct network *network, const char *name)
{
    uint32_t mask = network->name_capacity - 1;
    uint32_t place = (uint32_t)fnv1a64(name, strlen(name)) & mask;
    while (network->names[place] && strcmp(network->nodes[network->names[place] - 1]->node.name, name) != 0)
        place = (place + 1) & mask;
    return place;
}

static void name_add(struct network *network, uint32_t id)
{
    if (network->node_count * 2 > network->name_capacity) {
        world_release(network->world, network->names);
        network->name_capacity = network->name_capacity ? network->name_capacity * 2 : 64;
        network->names = world_alloc(network->world, network->name_capacity * sizeof *network->names);
        for (uint32_t i = 0; i < network->node_count; i++)
            network->names[name_place(network, network->nodes[i]->node.name)] = i + 1;
    }
    network->names[name_place(network, network->nodes[id - 1]->node.name)] = id;
}

uint32_t node_named(const struct network *network, const char *name)
{
    return network->name_capacity ? network->names[name_place(network, name)] : 0;
}

/* How many nodes of this type there are already. Types come in long runs, so the last one of the type is
 * near. */
static uint32_t ordinal_of(const struct network *network, const struct nt_node_type *type)
{
    for (uint32_t i = network->node_count; i > 0; i--)
        if (network->nodes[i - 1]->node.type == type)
            return network->nodes[i - 1]->node.ordinal + 1;
    return 1;
}

/* Nodes of plug-ins call a table of their own, in which what they do with frames is counted. */
static const struct nt_api *api_for(const struct network *network, const struct nt_node_type *type)
{
    const struct registry *registry = network->run->registry;
    const struct nt_node *latest = network->node_count ? &network->nodes[network->node_count - 1]->node : NULL;
    if (latest && latest->type == type)
        return latest->api;
    const struct nt_plugin *origin = registry_origin(registry, type);
    return origin && origin != registry->builtin ? &network->lent_api : &network_api;
}

struct nt_node *node_new(struct network *network, const struct nt_node_type *type, const char *name)
{
    struct network_node *made = world_alloc(network->world, NT_LINES(sizeof *made + type->state_bytes));
    network->nodes = grown(network, network->nodes, network->node_count, &network->node_capacity);
    made->node = (struct nt_node){.api = api_for(network, type),
                                  .clock = &network->clock,
                                  .type = type,
                                  .name = name,
                                  .ordinal = ordinal_of(network, type),
                                  .id = network->node_count + 1};
    made->node.state = type->state_bytes ? made + 1 : NULL;
    network->nodes[network->node_count++] = made;
    name_add(network, made->node.id);
    return &made->node;
}

/* Room for one more port: in the node itself at first. */
static void ports_grow(struct network *network, struct network_node *owner)
{
    struct nt_node *node = &owner->node;
    if (!node->ports) {
        node->ports = owner->first_ports;
        owner->port_capacity = NETWORK_FIRST_PORTS;
    }
    if (node->port_count < owner->port_capacity)
        return;
    struct nt_port **before = node->ports;
    uint32_t capacity = owner->port_capacity * 2;
    node->ports = world_alloc(network->world, capacity * sizeof *before);
    memcpy(node->ports, before, node->port_count * sizeof *before);
    if (before != owner->first_ports)
        world_release(network->world, before);
    owner->port_capacity = capacity;
}

struct nt_port *port_new(struct nt_node *node, const char *name, const struct nt_value *values)
{
    struct network *network = network_of(node);
    struct network_node *owner = (struct network_node *)node;
    size_t name_bytes = strlen(name) + 1;
    struct nt_port *port = world_alloc(network->world, NT_LINES(sizeof *port + name_bytes));
    char *copy = memcpy(port + 1, name, name_bytes);
    network->ports = grown(network, network->ports, network->port_count, &network->port_capacity);
    network->ports[network->port_count++] = port;
    ports_grow(network, owner);
    node->ports[node->port_count] = port;
    *port = (struct nt_port){.node = node,
                             .name = copy,
                             .id = network->port_count,
                             .index = (uint16_t)node->port_count,
                             .values = values};
    node->port_count++;
    return port;
}

/* ---- Claimed addresses ---- */

static struct network_claim *claim_place(const struct run_claims *claims, const void *address,
                                         uint32_t length_bytes)
{
    uint32_t mask = claims->capacity - 1;
    uint32_t place = (uint32_t)fnv1a64(address, length_bytes) & mask;
    while (claims->entries[place].length_bytes &&
           (claims->entries[place].length_bytes != length_bytes ||
            memcmp(claims->entries[place].address, address, length_bytes) != 0))
        place = (place + 1) & mask;
    return &claims->entries[place];
}

/* Twice as many places, and two for each node from the start. */
static void claims_grow(struct run_claims *claims, uint32_t node_count)
{
    struct run_claims old = *claims;
    do
        claims->capacity = claims->capacity ? claims->capacity * 2 : 64;
    while (claims->capacity < 2 * node_count);
    claims->entries = calloc(claims->capacity, sizeof *claims->entries);
    assert(claims->entries);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.entries[i].length_bytes)
            *claim_place(claims, old.entries[i].address, old.entries[i].length_bytes) = old.entries[i];
    free(old.entries);
}

bool node_is_claimed(const struct network *network, const void *address, uint32_t length_bytes)
{
    const struct run_claims *claims = &network->run->claims;
    return claims->capacity && claim_place(claims, address, length_bytes)->length_bytes;
}

bool node_claim(struct network *network, uint32_t node, const void *address, uint32_t length_bytes,
                uint32_t *ret_other)
{
    struct run_claims *claims = &network->run->claims;
    assert(network->run->errors); /* only while building */
    assert(length_bytes > 0 && length_bytes <= sizeof claims->entries[0].address);
    if ((uint64_t)(claims->count + 1) * 4 > (uint64_t)claims->capacity * 3)
        claims_grow(claims, network->node_count);
    struct network_claim *claim = claim_place(claims, address, length_bytes);
    if (claim->length_bytes) {
        *ret_other = claim->node;
        return false;
    }
    memcpy(claim->address, address, length_bytes);
    claim->length_bytes = length_bytes;
    claim->node = node;
    claims->count++;
    return true;
}

bool node_resolve(struct network *network, const char *name, void *ret_address, uint32_t length_bytes)
{
    uint32_t id = node_named(network, name);
    if (!id)
        return false;
    const struct network_node *node = network->nodes[id - 1];
    for (uint32_t i = 0; node->home && i < NETWORK_HOME_ADDRESSES; i++) {
        if (node->home[i].length_bytes == length_bytes) {
            memcpy(ret_address, node->home[i].address, length_bytes);
            return true;
        }
    }
    return false;
}

void *node_shared(struct nt_node *node, const void *key, size_t size_bytes, bool *ret_is_new)
{
    struct network *network = network_of(node);
    for (struct network_shared *shared = network->shared; shared; shared = shared->next) {
        if (shared->key == key) {
            *ret_is_new = false;
            return shared->memory;
        }
    }
    struct network_shared *shared = world_alloc(network->world, sizeof *shared);
    *shared = (struct network_shared){key, world_alloc(network->world, size_bytes), network->shared};
    network->shared = shared;
    *ret_is_new = true;
    return shared->memory;
}
