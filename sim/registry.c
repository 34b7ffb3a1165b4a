/* SPDX-License-Identifier: MIT
 * Taking types in, after a look at their tables: a plug-in's mistake is found here, before any scenario meets
 * it. */
#include "sim/registry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/param.h"

void registry_init(struct registry *registry)
{
    memset(registry, 0, sizeof *registry);
}

void registry_release(struct registry *registry)
{
    free(registry->nodes);
    free(registry->apps);
    free(registry->parts);
    registry_init(registry);
}

static bool refuse(struct nt_why *ret_why, const char *what, const char *name, const char *reason)
{
    snprintf(ret_why->text, sizeof ret_why->text, "%s \"%.40s\" %s", what, name ? name : "?", reason);
    return false;
}

static bool is_name(const char *name)
{
    if (!name || !*name || strlen(name) > 63)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("-_.+", *name))
            return false;
    return true;
}

/* What a table may not lack: names, the words or the parser that its kind needs, a default that can be read.
 */
static const char *fault_of_param(const struct nt_param *param)
{
    struct nt_value value = {0};
    struct nt_why why;
    switch (param->kind) {
    case NT_PARAM_WORD:
    case NT_PARAM_PART:
    case NT_PARAM_PARTS:
        if (!param->words || !param->words[0])
            return "has no words";
        break;
    case NT_PARAM_PARSED:
        if (!param->parse)
            return "has nothing that parses it";
        break;
    default:
        if ((int)param->kind < 0 || param->kind > NT_PARAM_PARTS)
            return "is of a kind that this simulator does not know";
    }
    if (param->least > param->most)
        return "has an empty range";
    if (!param->summary)
        return "has no summary";
    if (!param->default_text || param->kind == NT_PARAM_PART)
        return NULL;
    if (param->kind == NT_PARAM_MAP || param->kind == NT_PARAM_LIST || param->kind == NT_PARAM_PARTS)
        return "has a default although it holds many";
    return param_read_text(param, param->default_text, true, NULL, NULL, &value, &why)
               ? NULL
               : "has a default that it cannot read itself";
}

static bool check_params(const char *what, const char *name, const struct nt_param *params,
                         struct nt_why *ret_why)
{
    for (const struct nt_param *param = params; param && param->name; param++) {
        const char *fault = fault_of_param(param);
        if (!fault && param_find(params, param->name) != param)
            fault = "is declared twice";
        if (fault) {
            snprintf(ret_why->text, sizeof ret_why->text, "%s \"%.40s\": parameter \"%.40s\" %s", what, name,
                     param->name, fault);
            return false;
        }
    }
    return true;
}

static bool check_app(const struct nt_app_type *type, struct nt_why *ret_why)
{
    if (type->size < sizeof *type)
        return refuse(ret_why, "command", type->name, "was made for another version of the contract");
    if (!is_name(type->name))
        return refuse(ret_why, "command", type->name, "has no usable name");
    if (!type->start)
        return refuse(ret_why, "command", type->name, "has no start");
    return check_params("command", type->name, type->params, ret_why);
}

/* One more place in an array of pointers; growth by doubling at powers of two. */
static void *grown(void *array, size_t count, size_t size_bytes)
{
    if (count & (count - 1))
        return array;
    array = realloc(array, (count ? count * 2 : 1) * size_bytes);
    if (!array)
        abort();
    return array;
}

bool registry_add_node(struct registry *registry, const struct nt_node_type *type, struct nt_why *ret_why)
{
    if (type->size < sizeof *type)
        return refuse(ret_why, "node type", type->name, "was made for another version of the contract");
    if (!is_name(type->name))
        return refuse(ret_why, "node type", type->name, "has no usable name");
    if (type->max_ports && !type->port_prefix)
        return refuse(ret_why, "node type", type->name, "has ports without a prefix for their names");
    if (registry_node(registry, type->name))
        return refuse(ret_why, "node type", type->name, "is already there");
    if (!check_params("node type", type->name, type->params, ret_why) ||
        !check_params("node type", type->name, type->port_params, ret_why))
        return false;
    for (const struct nt_app_type *command = type->commands; command && command->name; command++)
        if (!check_app(command, ret_why))
            return false;
    registry->nodes = grown(registry->nodes, registry->node_count, sizeof *registry->nodes);
    registry->nodes[registry->node_count++] = type;
    return true;
}

bool registry_add_app(struct registry *registry, const struct nt_app_type *type, struct nt_why *ret_why)
{
    if (!check_app(type, ret_why))
        return false;
    if (registry_app(registry, type->name))
        return refuse(ret_why, "command", type->name, "is already there");
    registry->apps = grown(registry->apps, registry->app_count, sizeof *registry->apps);
    registry->apps[registry->app_count++] = type;
    return true;
}

bool registry_add_part(struct registry *registry, const struct nt_part_type *type, struct nt_why *ret_why)
{
    if (type->size < sizeof *type)
        return refuse(ret_why, "part", type->name, "was made for another version of the contract");
    if (!is_name(type->name) || !is_name(type->category))
        return refuse(ret_why, "part", type->name, "has no usable name or category");
    if (registry_part(registry, type->category, type->name))
        return refuse(ret_why, type->category, type->name, "is already there");
    if (!check_params(type->category, type->name, type->params, ret_why))
        return false;
    registry->parts = grown(registry->parts, registry->part_count, sizeof *registry->parts);
    registry->parts[registry->part_count++] = type;
    return true;
}

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
