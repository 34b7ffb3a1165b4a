/* SPDX-License-Identifier: MIT
 * Tables of parameters as pieces of a JSON Schema: one member for each parameter, and for each type an
 * if/then. */
#include "sim/schema_params.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/param.h"

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

/* ---- Small pieces ---- */

void schema_open_object(struct json_writer *w, const char *name)
{
    json_write_name(w, name);
    json_write_object(w);
}

void schema_open_list(struct json_writer *w, const char *name)
{
    json_write_name(w, name);
    json_write_list(w);
}

/* Members of a value that is described by a type and a sentence. */
void schema_write_typed(struct json_writer *w, const char *name, const char *type, const char *description)
{
    schema_open_object(w, name);
    json_write_member_text(w, "type", type);
    json_write_member_text(w, "description", description);
    json_write_end(w);
}

void schema_write_reference(struct json_writer *w, const char *name)
{
    char path[120];
    struct text text = text_in(path, sizeof path);
    text_add(&text, "#/$defs/%s", name);
    json_write_member_text(w, "$ref", path);
}

/* A list whose items are described in "$defs". */
void schema_write_list_of(struct json_writer *w, const char *name, const char *items, const char *description)
{
    schema_open_object(w, name);
    json_write_member_text(w, "type", "array");
    json_write_member_text(w, "description", description);
    schema_open_object(w, "items");
    schema_write_reference(w, items);
    json_write_end(w);
    json_write_end(w);
}

void schema_write_texts(struct json_writer *w, const char *name, const char *const *texts)
{
    schema_open_list(w, name);
    for (; *texts; texts++)
        json_write_text(w, *texts);
    json_write_end(w);
}

/* ---- Parameters ---- */

static const char *quantity_name(enum nt_param_kind kind)
{
    for (size_t i = 0; i < QUANTITY_COUNT; i++)
        if (quantities[i].kind == kind)
            return quantities[i].name;
    return NULL;
}

void schema_part_name(const char *category, char *ret_name, size_t size)
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

/* A text, or a list of them. */
static void write_texts(struct json_writer *w, const struct nt_param *param)
{
    if (!(param->flags & NT_PARAM_MANY)) {
        json_write_member_text(w, "type", "string");
        return;
    }
    schema_open_list(w, "type");
    json_write_text(w, "string");
    json_write_text(w, "array");
    json_write_end(w);
    schema_open_object(w, "items");
    json_write_member_text(w, "type", "string");
    json_write_end(w);
    json_write_member_integer(w, "minItems", 1);
}

/* What a value of this kind looks like. */
static void write_kind(struct json_writer *w, const struct nt_param *param)
{
    char category[80];
    if (quantity_name(param->kind)) {
        schema_write_reference(w, quantity_name(param->kind));
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
        schema_write_texts(w, "enum", param->words);
        return;
    case NT_PARAM_MAP:
    case NT_PARAM_LIST:
        json_write_member_text(w, "type", param->kind == NT_PARAM_MAP ? "object" : "array");
        schema_open_object(w, param->kind == NT_PARAM_MAP ? "additionalProperties" : "items");
        if (param->flags & NT_PARAM_NUMBERS)
            write_integer_kind(w, param);
        else
            write_texts(w, param);
        json_write_end(w);
        return;
    case NT_PARAM_PART:
        schema_part_name(param->words[0], category, sizeof category);
        schema_write_reference(w, category);
        return;
    case NT_PARAM_PARTS:
        schema_part_name(param->words[0], category, sizeof category);
        json_write_member_text(w, "type", "array");
        schema_open_object(w, "items");
        schema_write_reference(w, category);
        json_write_end(w);
        return;
    default:
        write_texts(w, param);
    }
}

void schema_write_params(struct json_writer *w, const struct nt_param *params)
{
    for (; params && params->name; params++) {
        schema_open_object(w, params->name);
        json_write_member_text(w, "description", params->summary);
        write_kind(w, params);
        write_default(w, params);
        json_write_end(w);
    }
}

/* "required": what the loader's own keys and the table demand. */
void schema_write_required(struct json_writer *w, const char *own, const struct nt_param *params)
{
    schema_open_list(w, "required");
    if (own)
        json_write_text(w, own);
    for (; params && params->name; params++)
        if (params->flags & NT_PARAM_REQUIRED)
            json_write_text(w, params->name);
    json_write_end(w);
}

/* if "type" is `name`, then these keys and no others. */
void schema_write_branch(struct json_writer *w, const char *name, const struct nt_param *params,
                         const char *const *own_keys)
{
    json_write_object(w);
    schema_open_object(w, "if");
    schema_open_object(w, "properties");
    schema_open_object(w, "type");
    json_write_member_text(w, "const", name);
    json_write_end(w);
    json_write_end(w);
    schema_write_required(w, "type", NULL);
    json_write_end(w);
    schema_open_object(w, "then");
    schema_open_object(w, "properties");
    for (; *own_keys; own_keys++) {
        json_write_name(w, *own_keys);
        json_write_boolean(w, true);
    }
    schema_write_params(w, params);
    json_write_end(w);
    schema_write_required(w, NULL, params);
    json_write_member_boolean(w, "additionalProperties", false);
    json_write_end(w);
    json_write_end(w);
}

static void write_quantity(struct json_writer *w, const struct quantity *quantity)
{
    schema_open_object(w, quantity->name);
    json_write_member_text(w, "description", quantity->hint);
    if (quantity->kind == NT_PARAM_BYTES) {
        schema_open_list(w, "type");
        json_write_text(w, "string");
        json_write_text(w, "integer");
        json_write_end(w);
    } else {
        json_write_member_text(w, "type", "string");
    }
    json_write_member_text(w, "pattern", quantity->pattern);
    json_write_end(w);
}

void schema_write_quantities(struct json_writer *w)
{
    for (size_t i = 0; i < QUANTITY_COUNT; i++)
        write_quantity(w, &quantities[i]);
}
