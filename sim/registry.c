/* SPDX-License-Identifier: MIT
 * Taking types in and finding them again. See registry.h. */
#include "sim/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/custody.h"
#include "sim/phrase.h"
#include "sim/registry_check.h"

void registry_init(struct registry *registry)
{
    memset(registry, 0, sizeof *registry);
}

void registry_release(struct registry *registry)
{
    for (size_t i = 0; i < registry->owned_count; i++)
        free(registry->owned[i]);
    free(registry->owned);
    free(registry->nodes);
    free(registry->apps);
    free(registry->parts);
    free(registry->origins);
    registry_init(registry);
}

/* ---- Memory ---- */

/* One more place in an array; growth by doubling at powers of two. */
static void *grown(void *array, size_t count, size_t size_bytes)
{
    if (count & (count - 1))
        return array;
    array = realloc(array, (count ? count * 2 : 1) * size_bytes);
    if (!array)
        abort();
    return array;
}

static void *kept(struct registry *registry, const void *bytes, size_t given, size_t whole)
{
    void *copy = calloc(1, whole);
    if (!copy)
        abort();
    memcpy(copy, bytes, given);
    registry->owned = grown(registry->owned, registry->owned_count, sizeof *registry->owned);
    registry->owned[registry->owned_count++] = copy;
    return copy;
}

/* ---- Who brought it ---- */

static void remember(struct registry *registry, const void *type)
{
    registry->origins = grown(registry->origins, registry->origin_count, sizeof *registry->origins);
    registry->origins[registry->origin_count++] =
        (struct registry_origin){.type = type, .plugin = registry->current};
}

const struct nt_plugin *registry_origin(const struct registry *registry, const void *type)
{
    for (size_t i = 0; i < registry->origin_count; i++)
        if (registry->origins[i].type == type)
            return registry->origins[i].plugin;
    return NULL;
}

static bool refuse_taken(const struct registry *registry, const char *what, const char *name,
                         const void *taken, struct nt_why *ret_why)
{
    const struct nt_plugin *owner = registry_origin(registry, taken);
    if (owner && owner != registry->builtin)
        snprintf(ret_why->text, sizeof ret_why->text,
                 "%s \"%.30s\" of the plug-in \"%.30s\" is already there, from the plug-in \"%.30s\"", what, name,
                 registry->current ? registry->current->name : "?", owner->name);
    else
        snprintf(ret_why->text, sizeof ret_why->text, "%s \"%.40s\" is already there%s", what, name,
                 owner ? ": it is built in" : "");
    return false;
}

/* ---- Taking in ---- */

bool registry_add_node(struct registry *registry, const struct nt_node_type *type, struct nt_why *ret_why)
{
    struct nt_node_type whole = {0};
    if (!registry_check_node(type, &whole, ret_why))
        return false;
    const struct nt_node_type *taken = registry_node(registry, type->name);
    if (taken)
        return refuse_taken(registry, "node type", type->name, taken, ret_why);
    if (type->size < sizeof *type)
        type = kept(registry, &whole, sizeof whole, sizeof whole);
    registry->nodes = grown(registry->nodes, registry->node_count, sizeof *registry->nodes);
    registry->nodes[registry->node_count++] = type;
    remember(registry, type);
    return true;
}

bool registry_add_app(struct registry *registry, const struct nt_app_type *type, struct nt_why *ret_why)
{
    struct nt_app_type whole = {0};
    if (!registry_check_app(type, &whole, ret_why))
        return false;
    const struct nt_app_type *taken = registry_app(registry, type->name);
    if (taken)
        return refuse_taken(registry, "command", type->name, taken, ret_why);
    if (type->size < sizeof *type)
        type = kept(registry, &whole, sizeof whole, sizeof whole);
    registry->apps = grown(registry->apps, registry->app_count, sizeof *registry->apps);
    registry->apps[registry->app_count++] = type;
    remember(registry, type);
    return true;
}

/* A part that is whole: a shorter table of functions is replaced by a completed copy, and so is its own. What waits in a
 * queue of a plug-in is counted. */
static const struct nt_part_type *completed(struct registry *registry, const struct nt_part_type *type,
                                            struct nt_part_type *whole, size_t ops_bytes)
{
    bool is_counted = registry->current && registry->current != registry->builtin && !strcmp(type->category, "queue");
    bool has_short_ops = ops_bytes && *(const uint32_t *)type->ops < ops_bytes;
    if (type->size == sizeof *type && !has_short_ops && !is_counted)
        return type;
    if (has_short_ops)
        whole->ops = kept(registry, type->ops, *(const uint32_t *)type->ops, ops_bytes);
    if (is_counted)
        whole->ops = custody_queue_new(whole->ops, registry->current, whole->name,
                                       kept(registry, "", 0, custody_queue_bytes()));
    return kept(registry, whole, sizeof *whole, sizeof *whole);
}

bool registry_add_part(struct registry *registry, const struct nt_part_type *type, struct nt_why *ret_why)
{
    struct nt_part_type whole = {0};
    size_t ops_bytes;
    bool is_builtin = registry->current && registry->current == registry->builtin;
    if (!registry_check_part(type, is_builtin, &whole, &ops_bytes, ret_why))
        return false;
    const struct nt_part_type *taken = registry_part(registry, type->category, type->name);
    if (taken)
        return refuse_taken(registry, type->category, type->name, taken, ret_why);
    type = completed(registry, type, &whole, ops_bytes);
    registry->parts = grown(registry->parts, registry->part_count, sizeof *registry->parts);
    registry->parts[registry->part_count++] = type;
    remember(registry, type);
    return true;
}

static bool add_all(struct registry *registry, const struct nt_plugin *plugin, struct nt_why *ret_why)
{
    for (const struct nt_node_type *const *type = plugin->nodes; type && *type; type++)
        if (!registry_add_node(registry, *type, ret_why))
            return false;
    for (const struct nt_app_type *const *type = plugin->apps; type && *type; type++)
        if (!registry_add_app(registry, *type, ret_why))
            return false;
    for (const struct nt_part_type *const *type = plugin->parts; type && *type; type++)
        if (!registry_add_part(registry, *type, ret_why))
            return false;
    return true;
}

bool registry_add(struct registry *registry, const struct nt_plugin *plugin, struct nt_why *ret_why)
{
    registry->builtin = registry->builtin ? registry->builtin : plugin;
    registry->current = plugin;
    bool is_good = add_all(registry, plugin, ret_why);
    registry->current = NULL;
    return is_good;
}

/* ---- Finding ---- */

const struct nt_node_type *registry_node(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->node_count; i++)
        if (!strcmp(registry->nodes[i]->name, name))
            return registry->nodes[i];
    return NULL;
}

const struct nt_app_type *registry_app(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->app_count; i++)
        if (!strcmp(registry->apps[i]->name, name))
            return registry->apps[i];
    return NULL;
}

const struct nt_part_type *registry_part(const struct registry *registry, const char *category,
                                         const char *name)
{
    for (size_t i = 0; i < registry->part_count; i++)
        if (!strcmp(registry->parts[i]->category, category) && !strcmp(registry->parts[i]->name, name))
            return registry->parts[i];
    return NULL;
}

void registry_hint(const struct registry *registry, const char *category, const char *name, char *ret_hint,
                   size_t size)
{
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < registry->part_count && count < 64; i++)
        if (!strcmp(registry->parts[i]->category, category))
            names[count++] = registry->parts[i]->name;
    phrase_hint(name, names, count, ret_hint, size);
}
