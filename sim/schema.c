/* SPDX-License-Identifier: MIT
 * Writing the schema from the top down: the file, then under "$defs" quantities, nodes, links, actions and
 * parts.
 *
 * What a node may say depends on its "type": for each type there is an if/then that closes the list of its
 * keys. Parts of a category likewise. */
#include "sim/schema.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/json_write.h"
#include "sim/base/text.h"
#include "sim/param.h"

#define NAME_PATTERN "^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$"
#define END_PATTERN "^[A-Za-z0-9][A-Za-z0-9_-]*(:[^:]+)?$"
#define NUMBER_PATTERN "^ *[+-]?[0-9]*\\.?[0-9]+ *"

/* Quantities with units: how the text looks. The loader's units (sim/base/units.c) in the order of size. */
static const struct quantity {
    enum nt_param_kind kind;
    const char *name;    /* under "$defs" */
    const char *pattern; /* of the text */
    const char *hint;    /* for a person */
} quantities[] = {
    {NT_PARAM_TIME, "time", NUMBER_PATTERN "(ps|ns|us|\xc2\xb5s|ms|s|min|h) *$", "a time such as \"1.5 s\""},
    {NT_PARAM_RATE, "rate", NUMBER_PATTERN "([kMGT]?(bps|bit/s)|[MG]b/s) *$", "a rate such as \"10 Mbps\""},
    {NT_PARAM_LENGTH, "length", NUMBER_PATTERN "(mm|cm|m|km) *$", "a length such as \"500 m\""},
    {NT_PARAM_BYTES, "bytes", NUMBER_PATTERN "(B|bytes?|kB|KiB|MB|MiB|GB|GiB)? *$",
     "a number of bytes such as \"64 kB\" or 1500"},
    {NT_PARAM_AMOUNT, "amount", NUMBER_PATTERN "(packets?|frames?|B|bytes?|kB|KiB|MB|MiB|GB|GiB) *$",
     "an amount such as \"64 packets\" or \"250 kB\""},
    {NT_PARAM_PERCENT, "percent", NUMBER_PATTERN "% *$", "a percentage such as \"2 %\""},
};

#define QUANTITY_COUNT (sizeof quantities / sizeof *quantities)

/* ---- Small pieces
 * --------------------------------------------------------------------------------------------------- */

static void open_object(struct json_writer *w, const char *name)
{
    json_write_name(w, name);
    json_write_object(w);
}

static void open_list(struct json_writer *w, const char *name)
{
    json_write_name(w, name);
    json_write_list(w);
}

/* Members of a value that is described by a type and a sentence. */
static void write_typed(struct json_writer *w, const char *name, const char *type, const char *description)
{
    open_object(w, name);
    json_write_member_text(w, "type", type);
    json_write_member_text(w, "description", description);
    json_write_end(w);
}

static void write_reference(struct json_writer *w, const char *name)
{
    char path[120];
    struct text text = text_in(path, sizeof path);
    text_add(&text, "#/$defs/%s", name);
    json_write_member_text(w, "$ref", path);
}

/* A list whose items are described in "$defs". */
static void write_list_of(struct json_writer *w, const char *name, const char *items, const char *description)
{
    open_object(w, name);
    json_write_member_text(w, "type", "array");
    json_write_member_text(w, "description", description);
    open_object(w, "items");
    write_reference(w, items);
    json_write_end(w);
    json_write_end(w);
}

static void write_texts(struct json_writer *w, const char *name, const char *const *texts)
{
    open_list(w, name);
    for (; *texts; texts++)
        json_write_text(w, *texts);
    json_write_end(w);
}

/* ---- Parameters
 * ------------------------------------------------------------------------------------------------------- */

static const char *quantity_name(enum nt_param_kind kind)
{
    for (size_t i = 0; i < QUANTITY_COUNT; i++)
        if (quantities[i].kind == kind)
            return quantities[i].name;
    return NULL;
}

static void part_name(const char *category, char *ret_name, size_t size)
{
    struct text text = text_in(ret_name, size);
    text_add(&text, "part-%s", category);
}

static void write_default(struct json_writer *w, const struct nt_param *param)
{
    if (!param->default_text || param->kind == NT_PARAM_PART)
        return;
    if (param->kind == NT_PARAM_INTEGER)
        json_write_member_integer(w, "default", strtoll(param->default_text, NULL, 10));
    else if (param->kind == NT_PARAM_BOOLEAN)
        json_write_member_boolean(w, "default", !strcmp(param->default_text, "true"));
    else
        json_write_member_text(w, "default", param->default_text);
}

static void write_integer_kind(struct json_writer *w, const struct nt_param *param)
{
    json_write_member_text(w, "type", "integer");
    json_write_member_integer(w, "minimum", param->least || param->most ? param->least : 0);
    if (param->most && param->most < INT64_MAX)
        json_write_member_integer(w, "maximum", param->most);
}

/* What a value of this kind looks like. */
static void write_kind(struct json_writer *w, const struct nt_param *param)
{
    char category[80];
    if (quantity_name(param->kind)) {
        write_reference(w, quantity_name(param->kind));
        return;
    }
    switch (param->kind) {
    case NT_PARAM_INTEGER:
        write_integer_kind(w, param);
        return;
    case NT_PARAM_BOOLEAN:
        json_write_member_text(w, "type", "boolean");
        return;
    case NT_PARAM_WORD:
        write_texts(w, "enum", param->words);
        return;
    case NT_PARAM_MAP:
    case NT_PARAM_LIST:
        json_write_member_text(w, "type", param->kind == NT_PARAM_MAP ? "object" : "array");
        open_object(w, param->kind == NT_PARAM_MAP ? "additionalProperties" : "items");
        json_write_member_text(w, "type", "string");
        json_write_end(w);
        return;
    case NT_PARAM_PART:
        part_name(param->words[0], category, sizeof category);
        write_reference(w, category);
        return;
    case NT_PARAM_PARTS:
        part_name(param->words[0], category, sizeof category);
        json_write_member_text(w, "type", "array");
        open_object(w, "items");
        write_reference(w, category);
        json_write_end(w);
        return;
    default:
        json_write_member_text(w, "type", "string");
    }
}

static void write_params(struct json_writer *w, const struct nt_param *params)
{
    for (; params && params->name; params++) {
        open_object(w, params->name);
        json_write_member_text(w, "description", params->summary);
        write_kind(w, params);
        write_default(w, params);
        json_write_end(w);
    }
}

/* "required": what the loader's own keys and the table demand. */
static void write_required(struct json_writer *w, const char *own, const struct nt_param *params)
{
    open_list(w, "required");
    if (own)
        json_write_text(w, own);
    for (; params && params->name; params++)
        if (params->flags & NT_PARAM_REQUIRED)
            json_write_text(w, params->name);
    json_write_end(w);
}

/* if "type" is `name`, then these keys and no others. */
static void write_branch(struct json_writer *w, const char *name, const struct nt_param *params,
                         const char *const *own_keys)
{
    json_write_object(w);
    open_object(w, "if");
    open_object(w, "properties");
    open_object(w, "type");
    json_write_member_text(w, "const", name);
    json_write_end(w);
    json_write_end(w);
    write_required(w, "type", NULL);
    json_write_end(w);
    open_object(w, "then");
    open_object(w, "properties");
    for (; *own_keys; own_keys++) {
        json_write_name(w, *own_keys);
        json_write_boolean(w, true);
    }
    write_params(w, params);
    json_write_end(w);
    write_required(w, NULL, params);
    json_write_member_boolean(w, "additionalProperties", false);
    json_write_end(w);
    json_write_end(w);
}

/* ---- Nodes and parts
 * --------------------------------------------------------------------------------------------------- */

static void write_node(struct json_writer *w, const struct registry *registry)
{
    static const char *const with_start[] = {"type", "at", "note", "start", NULL};
    static const char *const without_start[] = {"type", "at", "note", NULL};
    open_object(w, "node");
    json_write_member_text(w, "type", "object");
    write_required(w, "type", NULL);
    open_object(w, "properties");
    open_object(w, "type");
    json_write_member_text(w, "description", "what this node is");
    open_list(w, "enum");
    for (size_t i = 0; i < registry->node_count; i++)
        json_write_text(w, registry->nodes[i]->name);
    json_write_end(w);
    json_write_end(w);
    open_object(w, "at");
    json_write_member_text(w, "description", "its place on the map: [x, y]");
    json_write_member_text(w, "type", "array");
    open_object(w, "items");
    json_write_member_text(w, "type", "integer");
    json_write_member_integer(w, "minimum", 0);
    json_write_end(w);
    json_write_member_integer(w, "minItems", 2);
    json_write_member_integer(w, "maxItems", 2);
    json_write_end(w);
    write_list_of(w, "start", "text", "commands that run from time 0");
    write_typed(w, "note", "string", "a remark for readers of the file");
    json_write_end(w);
    open_list(w, "allOf");
    for (size_t i = 0; i < registry->node_count; i++)
        write_branch(w, registry->nodes[i]->name, registry->nodes[i]->params,
                     registry->nodes[i]->flags & NT_NODE_RUNS_APPS ? with_start : without_start);
    json_write_end(w);
    json_write_end(w);
}

/* Is part `index` the first of its category? */
static bool begins_category(const struct registry *registry, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(registry->parts[i]->category, registry->parts[index]->category))
            return false;
    return true;
}

static void write_category(struct json_writer *w, const struct registry *registry, const char *category)
{
    static const char *const own_keys[] = {"type", "note", NULL};
    char name[80];
    part_name(category, name, sizeof name);
    open_object(w, name);
    json_write_member_text(w, "type", "object");
    open_object(w, "properties");
    open_object(w, "type");
    open_list(w, "enum");
    for (size_t i = 0; i < registry->part_count; i++)
        if (!strcmp(registry->parts[i]->category, category))
            json_write_text(w, registry->parts[i]->name);
    json_write_end(w);
    json_write_end(w);
    json_write_end(w);
    open_list(w, "allOf");
    for (size_t i = 0; i < registry->part_count; i++)
        if (!strcmp(registry->parts[i]->category, category))
            write_branch(w, registry->parts[i]->name, registry->parts[i]->params, own_keys);
    json_write_end(w);
    json_write_end(w);
}

/* ---- Links and actions
 * -------------------------------------------------------------------------------------------------- */

static void write_end_name(struct json_writer *w, const char *name, const char *description)
{
    open_object(w, name);
    json_write_member_text(w, "type", "string");
    json_write_member_text(w, "pattern", END_PATTERN);
    json_write_member_text(w, "description", description);
    json_write_end(w);
}

static void write_cable(struct json_writer *w, const struct registry *registry)
{
    const struct nt_node_type *link = registry_node(registry, "link");
    open_object(w, "properties");
    open_object(w, "between");
    json_write_member_text(w, "description",
                           "the two nodes that this cable joins, each with or without a port");
    json_write_member_text(w, "type", "array");
    open_object(w, "items");
    json_write_member_text(w, "type", "string");
    json_write_member_text(w, "pattern", END_PATTERN);
    json_write_end(w);
    json_write_member_integer(w, "minItems", 2);
    json_write_member_integer(w, "maxItems", 2);
    json_write_end(w);
    write_typed(w, "name", "string", "what the cable is called; chosen from its ends if not given");
    write_typed(w, "note", "string", "a remark for readers of the file");
    write_params(w, link ? link->params : NULL);
    json_write_end(w);
    write_required(w, "between", link ? link->params : NULL);
    json_write_member_boolean(w, "additionalProperties", false);
}

/* A tap takes the port parameters of its medium, whose type the schema cannot know: those of all are offered.
 */
static void write_tap(struct json_writer *w, const struct registry *registry)
{
    open_object(w, "properties");
    write_end_name(w, "tap", "the medium that is tapped");
    write_end_name(w, "of", "the node that is joined to it");
    write_typed(w, "note", "string", "a remark for readers of the file");
    for (size_t i = 0; i < registry->node_count; i++)
        if (registry->nodes[i]->flags & NT_NODE_MEDIUM)
            write_params(w, registry->nodes[i]->port_params);
    json_write_end(w);
    open_list(w, "required");
    json_write_text(w, "tap");
    json_write_text(w, "of");
    json_write_end(w);
}

static void write_link(struct json_writer *w, const struct registry *registry)
{
    open_object(w, "link");
    json_write_member_text(w, "type", "object");
    open_object(w, "if");
    write_required(w, "tap", NULL);
    json_write_end(w);
    open_object(w, "then");
    write_tap(w, registry);
    json_write_end(w);
    open_object(w, "else");
    write_cable(w, registry);
    json_write_end(w);
    json_write_end(w);
}

static void write_action(struct json_writer *w)
{
    static const char *const required[] = {"at", "on", "run", NULL};
    open_object(w, "action");
    json_write_member_text(w, "type", "object");
    open_object(w, "properties");
    open_object(w, "at");
    write_reference(w, "time");
    json_write_end(w);
    write_typed(w, "on", "string", "the node that does it");
    write_typed(w, "run", "string", "the command, as a person would type it");
    write_typed(w, "note", "string", "a remark for readers of the file");
    json_write_end(w);
    write_texts(w, "required", required);
    json_write_member_boolean(w, "additionalProperties", false);
    json_write_end(w);
}

/* ---- The file
 * ------------------------------------------------------------------------------------------------------------
 */

static void write_quantity(struct json_writer *w, const struct quantity *quantity)
{
    open_object(w, quantity->name);
    json_write_member_text(w, "description", quantity->hint);
    if (quantity->kind == NT_PARAM_BYTES) {
        open_list(w, "type");
        json_write_text(w, "string");
        json_write_text(w, "integer");
        json_write_end(w);
    } else {
        json_write_member_text(w, "type", "string");
    }
    json_write_member_text(w, "pattern", quantity->pattern);
    json_write_end(w);
}

static void write_top_properties(struct json_writer *w)
{
    open_object(w, "properties");
    write_typed(w, "$schema", "string", "where this schema is, for editors");
    open_object(w, "netarium");
    json_write_member_text(w, "description", "the version of this language");
    json_write_member_integer(w, "const", 1);
    json_write_end(w);
    write_typed(w, "title", "string", "what the scenario shows, in a few words");
    write_typed(w, "about", "string", "what there is to see and to learn");
    write_typed(w, "note", "string", "a remark for readers of the file");
    open_object(w, "seed");
    json_write_member_text(w, "description", "where all randomness comes from; the same seed, the same run");
    json_write_member_text(w, "type", "integer");
    json_write_member_integer(w, "minimum", 0);
    json_write_member_integer(w, "default", 1);
    json_write_end(w);
    open_object(w, "nodes");
    json_write_member_text(w, "description", "what there is, each under its name");
    json_write_member_text(w, "type", "object");
    open_object(w, "propertyNames");
    json_write_member_text(w, "pattern", NAME_PATTERN);
    json_write_end(w);
    open_object(w, "additionalProperties");
    write_reference(w, "node");
    json_write_end(w);
    json_write_end(w);
    write_list_of(w, "links", "link", "what joins the nodes");
    write_list_of(w, "actions", "action", "what is done, where and when");
    write_list_of(w, "capture", "text", "links or nodes whose frames a capture holds; all if not given");
    write_list_of(w, "break", "text", "questions at whose first yes a window or a stepper stops");
    write_list_of(w, "expect", "text", "what must hold at the end");
    open_object(w, "stop");
    write_reference(w, "time");
    json_write_end(w);
    json_write_end(w);
}

void schema_write(const struct registry *registry, FILE *out)
{
    static const char *const required[] = {"netarium", "stop", NULL};
    struct json_writer writer, *w = &writer;
    json_write_init(w, out);
    json_write_object(w);
    json_write_member_text(w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_write_member_text(w, "title", "Netarium scenario");
    json_write_member_text(w, "type", "object");
    write_texts(w, "required", required);
    write_top_properties(w);
    json_write_member_boolean(w, "additionalProperties", false);
    open_object(w, "$defs");
    write_typed(w, "text", "string", "a text");
    for (size_t i = 0; i < QUANTITY_COUNT; i++)
        write_quantity(w, &quantities[i]);
    write_node(w, registry);
    write_link(w, registry);
    write_action(w);
    for (size_t i = 0; i < registry->part_count; i++)
        if (begins_category(registry, i))
            write_category(w, registry, registry->parts[i]->category);
    json_write_end(w);
    json_write_end(w);
}
