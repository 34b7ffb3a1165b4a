/* SPDX-License-Identifier: MIT
 * Which callback of a plug-in a function is: its tables are searched for the address. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/guard.h"

/* One member of a table that is a function. */
struct callback {
    size_t offset;
    const char *name;
};

#define CALLBACK(type, member)                                                                               \
    {                                                                                                        \
        offsetof(struct type, member), #member                                                               \
    }

static const struct callback node_callbacks[] = {
    CALLBACK(nt_node_type, create), CALLBACK(nt_node_type, start), CALLBACK(nt_node_type, receive),
    CALLBACK(nt_node_type, transmit), CALLBACK(nt_node_type, sense), CALLBACK(nt_node_type, line),
    CALLBACK(nt_node_type, set), CALLBACK(nt_node_type, held), CALLBACK(nt_node_type, check),
    CALLBACK(nt_node_type, carrier), CALLBACK(nt_node_type, watch), {0}};
static const struct callback app_callbacks[] = {CALLBACK(nt_app_type, check), CALLBACK(nt_app_type, start),
                                                CALLBACK(nt_app_type, interrupt), {0}};
static const struct callback queue_callbacks[] = {
    CALLBACK(nt_queue_ops, init), CALLBACK(nt_queue_ops, enqueue), CALLBACK(nt_queue_ops, dequeue),
    CALLBACK(nt_queue_ops, evict), CALLBACK(nt_queue_ops, next_at), CALLBACK(nt_queue_ops, fact), {0}};
static const struct callback impair_callbacks[] = {CALLBACK(nt_impair_ops, init),
                                                   CALLBACK(nt_impair_ops, apply), {0}};
static const struct callback congestion_callbacks[] = {
    CALLBACK(nt_congestion_ops, init), CALLBACK(nt_congestion_ops, acked), CALLBACK(nt_congestion_ops, lost),
    CALLBACK(nt_congestion_ops, timeout), CALLBACK(nt_congestion_ops, recovered),
    CALLBACK(nt_congestion_ops, undo), CALLBACK(nt_congestion_ops, idle), CALLBACK(nt_congestion_ops, mss),
    {0}};

/* The member of a table of `size` bytes that is this function; NULL: none. */
static const char *member_of(const void *table, size_t size, const struct callback *callbacks,
                             uintptr_t function)
{
    for (; callbacks->name; callbacks++) {
        uintptr_t value;
        if (callbacks->offset + sizeof value > size)
            continue;
        memcpy(&value, (const char *)table + callbacks->offset, sizeof value);
        if (value == function)
            return callbacks->name;
    }
    return NULL;
}

static bool is_parser(const struct nt_param *param, uintptr_t function)
{
    for (; param && param->name; param++)
        if (param->parse && (uintptr_t)param->parse == function)
            return true;
    return false;
}

static bool name_in_app(const struct nt_app_type *type, uintptr_t function, struct text *text)
{
    const char *member = member_of(type, type->size, app_callbacks, function);
    if (!member && is_parser(type->params, function))
        member = "a parser";
    if (member)
        text_add(text, "%s of the command \"%.40s\"", member, type->name);
    return member != NULL;
}

static bool name_in_node(const struct nt_node_type *type, uintptr_t function, struct text *text)
{
    const char *member = member_of(type, type->size, node_callbacks, function);
    if (!member && (is_parser(type->params, function) || is_parser(type->port_params, function)))
        member = "a parser";
    for (const struct nt_table *table = type->tables; !member && table && table->name; table++)
        if ((uintptr_t)table->row == function)
            member = "a table";
    if (member)
        text_add(text, "%s of the node type \"%.40s\"", member, type->name);
    for (const struct nt_app_type *command = type->commands; !member && command && command->name; command++)
        if (name_in_app(command, function, text))
            return true;
    return member != NULL;
}

static bool name_in_part(const struct nt_part_type *type, uintptr_t function, struct text *text)
{
    static const struct {
        const char *category;
        const struct callback *callbacks;
    } rows[] = {{"queue", queue_callbacks}, {"impair", impair_callbacks}, {"congestion", congestion_callbacks}};
    const char *member = is_parser(type->params, function) ? "a parser" : NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && !member && type->ops; i++)
        if (strcmp(rows[i].category, type->category) == 0)
            member = member_of(type->ops, *(const uint32_t *)type->ops, rows[i].callbacks, function);
    if (member)
        text_add(text, "%s of the %.40s \"%.40s\"", member, type->category, type->name);
    return member != NULL;
}

static bool name_callback(const struct nt_plugin *plugin, uintptr_t function, struct text *text)
{
    for (const struct nt_node_type *const *type = plugin->nodes; type && *type; type++)
        if (name_in_node(*type, function, text))
            return true;
    for (const struct nt_app_type *const *type = plugin->apps; type && *type; type++)
        if (name_in_app(*type, function, text))
            return true;
    for (const struct nt_part_type *const *type = plugin->parts; type && *type; type++)
        if (name_in_part(*type, function, text))
            return true;
    return false;
}

static const char *name_of_signal(int number)
{
    switch (number) {
    case SIGSEGV:
        return "segmentation fault";
    case SIGBUS:
        return "bus error";
    case SIGFPE:
        return "arithmetic error";
    case SIGILL:
        return "illegal instruction";
    default:
        return "abort";
    }
}

void guard_describe(const struct guard_crash *crash, uintptr_t firing, const char *node, char *ret_text,
                    size_t size)
{
    struct text text = text_in(ret_text, size);
    text_add(&text, "%s in ", crash->fault[0] ? crash->fault : name_of_signal(crash->signal));
    if (crash->function && crash->function == firing && node)
        text_add(&text, "an event of \"%.40s\"", node);
    else if (!crash->function || !name_callback(crash->object->plugin, crash->function, &text))
        text_add(&text, "one of its functions");
    text_add(&text, " (%.60s+0x%llx)", crash->object->file,
             (unsigned long long)(crash->address - crash->object->begin));
}
