/* SPDX-License-Identifier: MIT
 * Looking at a type before it is taken in: a plug-in's mistake is found here, before any scenario meets it.
 *
 * Types grow at their ends. One that was built when its table was shorter is completed: what it does not know
 * is as if it had been left out. */
#include "sim/registry_check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/param.h"

/* The members without which a table says nothing; all behind them may be missing. */
#define LEAST_NODE offsetof(struct nt_node_type, create)
#define LEAST_APP offsetof(struct nt_app_type, interrupt)
#define LEAST_PART offsetof(struct nt_part_type, kinds)

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

/* ---- Sizes ---- */

static const char *fault_of_size(size_t size, size_t least, size_t whole)
{
    if (size < least)
        return "was made for another version of the contract";
    if (size > whole)
        return "was made for a newer Netarium than this one";
    return NULL;
}

/* Copies as much as there is; the rest of `ret_type` is zero already. */
static bool complete(void *ret_type, const void *type, size_t least, size_t whole, const char **ret_fault)
{
    uint32_t size = *(const uint32_t *)type; /* every table begins with it */
    *ret_fault = fault_of_size(size, least, whole);
    if (*ret_fault)
        return false;
    memcpy(ret_type, type, size);
    return true;
}

/* ---- Parameters ---- */

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

static bool has_settable(const struct nt_param *params)
{
    for (; params && params->name; params++)
        if (params->flags & NT_PARAM_SETTABLE)
            return true;
    return false;
}

/* ---- Types ---- */

bool registry_check_app(const struct nt_app_type *type, struct nt_app_type *ret_type, struct nt_why *ret_why)
{
    const char *fault;
    if (!complete(ret_type, type, LEAST_APP, sizeof *type, &fault))
        return refuse(ret_why, "command", type->name, fault);
    if (!is_name(type->name))
        return refuse(ret_why, "command", type->name, "has no usable name");
    if (!type->start)
        return refuse(ret_why, "command", type->name, "has no start");
    return check_params("command", type->name, type->params, ret_why);
}

bool registry_check_node(const struct nt_node_type *type, struct nt_node_type *ret_type,
                         struct nt_why *ret_why)
{
    const char *fault;
    struct nt_app_type whole = {0};
    if (!complete(ret_type, type, LEAST_NODE, sizeof *type, &fault))
        return refuse(ret_why, "node type", type->name, fault);
    if (!is_name(type->name))
        return refuse(ret_why, "node type", type->name, "has no usable name");
    if (type->max_ports && !type->port_prefix)
        return refuse(ret_why, "node type", type->name, "has ports without a prefix for their names");
    if (has_settable(type->params) && !ret_type->set)
        return refuse(ret_why, "node type", type->name, "has a parameter that may be set, and no set");
    if (!check_params("node type", type->name, type->params, ret_why) ||
        !check_params("node type", type->name, type->port_params, ret_why))
        return false;
    for (const struct nt_app_type *command = type->commands; command && command->name; command++) {
        if (command->size != sizeof *command) /* they stand in a row: all of one size */
            return refuse(ret_why, "command", command->name, "was made for another version of the contract");
        if (!registry_check_app(command, &whole, ret_why))
            return false;
    }
    return true;
}

/* What a table of functions begins with: its size, and those without which the category cannot be used. */
static const char *fault_of_ops(const struct nt_part_type *type, bool is_builtin, size_t *ret_whole)
{
    static const struct {
        const char *category;
        size_t least, whole;
        size_t functions[5]; /* offsets of those that may not be missing; 0 ends them */
    } rows[] = {
        {"queue",
         offsetof(struct nt_queue_ops, next_at),
         sizeof(struct nt_queue_ops),
         {offsetof(struct nt_queue_ops, init), offsetof(struct nt_queue_ops, enqueue),
          offsetof(struct nt_queue_ops, dequeue), offsetof(struct nt_queue_ops, evict)}},
        {"congestion", offsetof(struct nt_congestion_ops, timeout), sizeof(struct nt_congestion_ops), {0}},
        {"impair",
         sizeof(struct nt_impair_ops),
         sizeof(struct nt_impair_ops),
         {offsetof(struct nt_impair_ops, init), offsetof(struct nt_impair_ops, apply)}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].category, type->category) != 0)
            continue;
        if (!type->ops)
            return is_builtin ? NULL : "has no functions";
        const char *fault = fault_of_size(*(const uint32_t *)type->ops, rows[i].least, rows[i].whole);
        if (fault)
            return fault;
        *ret_whole = rows[i].whole;
        for (size_t j = 0; rows[i].functions[j]; j++) {
            void (*function)(void);
            memcpy(&function, (const char *)type->ops + rows[i].functions[j], sizeof function);
            if (!function)
                return "lacks a function that its category cannot do without";
        }
    }
    return NULL;
}

bool registry_check_part(const struct nt_part_type *type, bool is_builtin, struct nt_part_type *ret_type,
                         size_t *ret_ops_bytes, struct nt_why *ret_why)
{
    const char *fault;
    *ret_ops_bytes = 0;
    if (!complete(ret_type, type, LEAST_PART, sizeof *type, &fault))
        return refuse(ret_why, "part", type->name, fault);
    if (!is_name(type->name) || !is_name(type->category))
        return refuse(ret_why, "part", type->name, "has no usable name or category");
    fault = fault_of_ops(type, is_builtin, ret_ops_bytes);
    if (fault)
        return refuse(ret_why, type->category, type->name, fault);
    return check_params(type->category, type->name, type->params, ret_why);
}
