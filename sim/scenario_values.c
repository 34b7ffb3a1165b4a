/* SPDX-License-Identifier: MIT
 * An object of the file and a table of parameters become values, in the order of the table.
 *
 *     { "rate": "10 Mbps", "queue": { "type": "red" } }   +   the link's table   ->   rate, delay, length,
 * queue ...
 *
 * Scalars go through param_read_text, like the options of commands. A part ("queue") is an object with a
 * table of its own, chosen by its "type"; in a list of parts the type may be left out where the first key
 * belongs to one part alone: { "drop": "tcp data segment 20" } can only be the part that knows "drop". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/param.h"
#include "sim/phrase.h"
#include "sim/scenario_reader.h"

static const char *const part_keys[] = {"type", "note", NULL};

/* ---- Scalars ---- */

static bool is_number_kind(enum nt_param_kind kind)
{
    return kind == NT_PARAM_INTEGER || kind == NT_PARAM_BYTES;
}

/* A value of another JSON type than the kind is written as: what was expected, found, and how to write it. */
static bool refuse_type(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at)
{
    const char *noun = param_kind_noun(param->kind), *example = param_kind_example(param->kind);
    const char *unit = example ? strchr(example, ' ') : NULL;
    if (at->type == JSON_NUMBER && unit)
        scenario_wrong(r, at, "expected %s such as \"%s\", found the number %.30s; write \"%.30s%s\"", noun,
                       example, at->text, at->text, unit);
    else if (at->type == JSON_NUMBER)
        scenario_wrong(r, at, "expected %s, found the number %.30s", noun, at->text);
    else if (at->type == JSON_STRING)
        scenario_wrong(r, at, "expected %s, found the text \"%.60s\"", noun, at->text);
    else
        scenario_wrong(r, at, "expected %s%s%s%s, found %s", noun, example ? " such as \"" : "",
                       example ? example : "", example ? "\"" : "", json_type_name(at->type));
    return false;
}

/* The text that a scalar is read from, or NULL if its JSON type does not suit the kind. */
static const char *text_of(struct scenario_reader *r, const struct nt_param *param,
                           const struct json_value *at)
{
    int64_t number;
    switch (at->type) {
    case JSON_BOOLEAN:
        return param->kind == NT_PARAM_BOOLEAN ? (at->boolean ? "true" : "false") : NULL;
    case JSON_NUMBER:
        if (!is_number_kind(param->kind))
            return NULL;
        return json_integer(at, &number) ? store_format(r->store, "%lld", (long long)number)
                                         : store_text(r->store, at->text, strlen(at->text));
    case JSON_STRING:
        if (param->kind == NT_PARAM_INTEGER || param->kind == NT_PARAM_BOOLEAN)
            return NULL;
        return store_text(r->store, at->text, strlen(at->text));
    default:
        return NULL;
    }
}

bool scenario_read_scalar(struct scenario_reader *r, const struct nt_param *param,
                          const struct json_value *at, struct nt_value *ret_value)
{
    struct nt_why why;
    char hint[100] = "";
    const char *text = text_of(r, param, at);
    if (!text)
        return refuse_type(r, param, at);
    r->missed = NULL;
    if (param_read_text(param, text, false, scenario_find_node, r, ret_value, &why)) {
        ret_value->is_given = true;
        return true;
    }
    if (r->missed)
        scenario_hint_node(r, r->missed, hint, sizeof hint);
    scenario_wrong(r, at, "%s%s", why.text, hint);
    return false;
}

/* ---- Many: lists and maps ---- */

/* One text, or a list of several, of which the first also stands for all. */
static bool read_one_or_several(struct scenario_reader *r, const struct nt_param *param,
                                const struct json_value *at, struct nt_value *value)
{
    if (!(param->flags & NT_PARAM_MANY) || at->type != JSON_LIST)
        return scenario_read_scalar(r, param, at, value);
    if (!at->child_count) {
        scenario_wrong(r, at, "expected %s, or several of them; this list is empty", param_kind_noun(param->kind));
        return false;
    }
    struct nt_value *items = store_alloc(r->store, at->child_count, sizeof *items);
    bool is_right = true;
    for (const struct json_value *child = at->first_child; child; child = child->next)
        is_right = scenario_read_scalar(r, param, child, &items[child->index]) && is_right;
    *value = items[0];
    value->items = items;
    value->count = (uint32_t)at->child_count;
    return is_right;
}

static void read_many(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at,
                      struct nt_value *value)
{
    bool is_map = param->kind == NT_PARAM_MAP;
    if (!scenario_expect(r, at, is_map ? JSON_OBJECT : JSON_LIST, param_kind_noun(param->kind)))
        return;
    struct nt_value *items = store_alloc(r->store, at->child_count, sizeof *items);
    struct nt_param one = *param;
    one.kind = param->flags & NT_PARAM_NUMBERS ? NT_PARAM_INTEGER
               : param->parse                  ? NT_PARAM_PARSED
                                               : NT_PARAM_TEXT;
    for (const struct json_value *child = at->first_child; child; child = child->next) {
        struct nt_value *item = &items[child->index];
        if (read_one_or_several(r, &one, child, item) && is_map)
            item->key = store_text(r->store, child->key, strlen(child->key));
    }
    *value = (struct nt_value){.is_given = true, .items = items, .count = (uint32_t)at->child_count};
}

/* ---- Parts ---- */

static struct scenario_defaults *defaults_of(struct scenario_reader *r, const struct nt_param *params);

/* What one part of the parameter's category is called. */
static const char *noun_of(const struct nt_param *param)
{
    return param->words[1] ? param->words[1] : param->words[0];
}

static void refuse_part(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at)
{
    char hint[200];
    registry_hint(r->registry, param->words[0], at->text, hint, sizeof hint);
    scenario_wrong(r, at, "no %s is called \"%.60s\"%s", noun_of(param), at->text, hint);
}

/* An object without a type, whose first key belongs to no part, or to several. */
static void refuse_keys(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at)
{
    const char *names[128];
    size_t count = 0;
    bool is_known = !at->first_child;
    char hint[200];
    for (size_t i = 0; i < r->registry->part_count; i++) {
        const struct nt_part_type *part = r->registry->parts[i];
        if (strcmp(part->category, param->words[0]) != 0)
            continue;
        is_known = is_known || param_find(part->params, at->first_child->key);
        for (const struct nt_param *key = part->params; key && key->name && count < 128; key++)
            names[count++] = key->name;
    }
    if (is_known) {
        scenario_wrong(r, at, "which %s is meant is not clear; add a \"type\"", noun_of(param));
        return;
    }
    phrase_hint(at->first_child->key, names, count, hint, sizeof hint);
    scenario_wrong_key(r, at->first_child, "no %s has a \"%.60s\"%s", noun_of(param), at->first_child->key,
                       hint);
}

/* The only part of the category that knows `key`, or NULL. */
static const struct nt_part_type *part_knowing(const struct registry *registry, const char *category,
                                               const char *key)
{
    const struct nt_part_type *found = NULL;
    for (size_t i = 0; i < registry->part_count; i++) {
        const struct nt_part_type *part = registry->parts[i];
        if (strcmp(part->category, category) != 0 || !param_find(part->params, key))
            continue;
        if (found)
            return NULL;
        found = part;
    }
    return found;
}

/* Which part an object means: by its "type", by its first key, or the parameter's default. NULL: reported. */
static const struct nt_part_type *choose_part(struct scenario_reader *r, const struct nt_param *param,
                                              const struct json_value *at)
{
    const char *category = param->words[0];
    const struct nt_part_type *part = NULL;
    const struct json_value *type = json_member(at, "type");
    if (type) {
        if (!scenario_expect(r, type, JSON_STRING, "the name of a type"))
            return NULL;
        part = registry_part(r->registry, category, type->text);
        if (!part)
            refuse_part(r, param, type);
        return part;
    }
    if (at->first_child)
        part = part_knowing(r->registry, category, at->first_child->key);
    if (!part && param->kind == NT_PARAM_PART && param->default_text)
        part = registry_part(r->registry, category, param->default_text);
    if (!part)
        refuse_keys(r, param, at);
    return part;
}

/* "queue": "codel" is "queue": { "type": "codel" }. */
static void read_part_name(struct scenario_reader *r, const struct nt_param *param,
                           const struct json_value *at, struct nt_value *value)
{
    const struct nt_part_type *part = registry_part(r->registry, param->words[0], at->text);
    if (!part) {
        refuse_part(r, param, at);
        return;
    }
    for (const struct nt_param *needed = part->params; needed && needed->name; needed++)
        if (needed->flags & NT_PARAM_REQUIRED) {
            scenario_wrong(r, at, "%s %s needs \"%s\": %s", phrase_article(part->name), part->name,
                           needed->name, needed->summary);
            return;
        }
    *value = (struct nt_value){.is_given = true,
                               .text = part->name,
                               .part = part,
                               .items = defaults_of(r, part->params)->values,
                               .count = (uint32_t)param_count(part->params)};
}

/* Where there is nothing to choose, a name says nothing. */
static bool has_choice(const struct scenario_reader *r, const struct nt_param *param)
{
    size_t count = 0;
    for (size_t i = 0; i < r->registry->part_count; i++)
        count += !strcmp(r->registry->parts[i]->category, param->words[0]);
    return count > 1;
}

static void read_part(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at,
                      struct nt_value *value)
{
    if (at->type == JSON_STRING && has_choice(r, param)) {
        read_part_name(r, param, at, value);
        return;
    }
    if (!scenario_expect(r, at, JSON_OBJECT, "an object such as { \"type\": ... }"))
        return;
    const struct nt_part_type *part = choose_part(r, param, at);
    if (!part)
        return;
    struct scenario_rules rules = {part->name, part->params, part_keys};
    struct scenario_values values;
    scenario_read_values(r, &rules, at, &values);
    *value = (struct nt_value){
        .is_given = true, .text = part->name, .part = part, .items = values.values, .count = values.count};
}

static void read_parts(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at,
                       struct nt_value *value)
{
    if (!scenario_expect(r, at, JSON_LIST, "a list of objects"))
        return;
    struct nt_value *items = store_alloc(r->store, at->child_count, sizeof *items);
    for (const struct json_value *child = at->first_child; child; child = child->next)
        read_part(r, param, child, &items[child->index]);
    *value = (struct nt_value){.is_given = true, .items = items, .count = (uint32_t)at->child_count};
}

/* ---- Defaults ---- */

static void fill_default(struct scenario_reader *r, const struct nt_param *param, struct nt_value *value)
{
    struct nt_why why;
    if (!param->default_text)
        return;
    if (param->kind != NT_PARAM_PART) { /* the registry has made sure that it can be read */
        param_read_text(param, param->default_text, false, NULL, NULL, value, &why);
        return;
    }
    const struct nt_part_type *part = registry_part(r->registry, param->words[0], param->default_text);
    if (part)
        *value = (struct nt_value){.text = part->name,
                                   .part = part,
                                   .items = defaults_of(r, part->params)->values,
                                   .count = (uint32_t)param_count(part->params)};
}

static struct scenario_defaults *defaults_of(struct scenario_reader *r, const struct nt_param *params)
{
    for (struct scenario_defaults *known = r->defaults; known; known = known->next)
        if (known->params == params)
            return known;
    struct scenario_defaults *made = store_alloc(r->store, 1, sizeof *made);
    size_t count = param_count(params);
    *made = (struct scenario_defaults){
        .params = params, .values = store_alloc(r->store, count, sizeof *made->values), .next = r->defaults};
    r->defaults = made;
    for (size_t i = 0; i < count; i++)
        fill_default(r, &params[i], &made->values[i]);
    return made;
}

/* ---- Objects ---- */

static bool is_own_key(const struct scenario_rules *rules, const char *key)
{
    for (const char *const *own = rules->own_keys; own && *own; own++)
        if (!strcmp(*own, key))
            return true;
    return false;
}

static void refuse_key(struct scenario_reader *r, const struct scenario_rules *rules,
                       const struct json_value *member)
{
    const char *names[128];
    size_t count = 0;
    char hint[200];
    for (const struct nt_param *param = rules->params; param && param->name && count < 100; param++)
        names[count++] = param->name;
    for (const char *const *own = rules->own_keys; own && *own && count < 128; own++)
        names[count++] = *own;
    phrase_hint(member->key, names, count, hint, sizeof hint);
    scenario_wrong_key(r, member, "%s %s has no \"%.60s\"%s", phrase_article(rules->noun), rules->noun,
                       member->key, hint);
}

void scenario_check_keys(struct scenario_reader *r, const struct scenario_rules *rules,
                         const struct json_value *object)
{
    for (const struct json_value *member = object->first_child; member; member = member->next)
        if (!is_own_key(rules, member->key) && !param_find(rules->params, member->key))
            refuse_key(r, rules, member);
}

static void read_given(struct scenario_reader *r, const struct nt_param *param, const struct json_value *at,
                       struct nt_value *value)
{
    switch (param->kind) {
    case NT_PARAM_MAP:
    case NT_PARAM_LIST:
        read_many(r, param, at, value);
        return;
    case NT_PARAM_PART:
        read_part(r, param, at, value);
        return;
    case NT_PARAM_PARTS:
        read_parts(r, param, at, value);
        return;
    default:
        read_one_or_several(r, param, at, value);
    }
}

static void refuse_missing(struct scenario_reader *r, const struct scenario_rules *rules,
                           const struct nt_param *param, const struct json_value *object)
{
    scenario_wrong(r, object, "%s %s needs \"%s\": %s", phrase_article(rules->noun), rules->noun, param->name,
                   param->summary);
}

/* Where a parameter stands, and, if it is a list, each of its items. */
static struct scenario_given place_value(struct scenario_reader *r, uint32_t param,
                                         const struct json_value *member)
{
    struct scenario_given given = {.param = param, .at = scenario_spot_of(member)};
    if (member->type != JSON_LIST)
        return given;
    struct scenario_spot *items = store_alloc(r->store, member->child_count, sizeof *items);
    for (const struct json_value *child = member->first_child; child; child = child->next)
        items[child->index] = scenario_spot_of(child);
    given.items = items;
    given.item_count = member->child_count;
    return given;
}

static uint32_t count_given(const struct json_value *object, const struct nt_param *params)
{
    uint32_t count = 0;
    for (const struct json_value *member = object->first_child; member; member = member->next)
        count += param_find(params, member->key) != NULL;
    return count;
}

static void place_values(struct scenario_reader *r, const struct json_value *object,
                         struct scenario_values *values)
{
    struct scenario_given *given = store_alloc(r->store, count_given(object, values->params), sizeof *given);
    for (uint32_t i = 0; i < values->count; i++) {
        const struct json_value *member = json_member(object, values->params[i].name);
        if (member)
            given[values->given_count++] = place_value(r, i, member);
    }
    values->given = given;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Do two values say the same? What has items is only the same as itself. */
static bool is_same_value(const struct nt_value *a, const struct nt_value *b)
{
    return a->is_given == b->is_given && a->number == b->number && a->extra == b->extra &&
           a->items == b->items && a->count == b->count && a->part == b->part &&
           is_same_text(a->text, b->text) && is_same_text(a->key, b->key);
}

/* Keeps what was read: the last values of this table once more, if they are the same. */
static const struct nt_value *keep_values(struct scenario_reader *r, const struct scenario_values *values,
                                          const struct nt_value *read)
{
    struct scenario_defaults *known = defaults_of(r, values->params);
    uint32_t same = 0;
    while (known->last && same < values->count && is_same_value(&known->last[same], &read[same]))
        same++;
    if (same < values->count)
        known->last =
            memcpy(store_alloc(r->store, values->count, sizeof *read), read, values->count * sizeof *read);
    return known->last;
}

static void read_members(struct scenario_reader *r, const struct scenario_rules *rules,
                         const struct json_value *object, struct scenario_values *values)
{
    struct nt_value *read = malloc(values->count * sizeof *read);
    if (!read)
        abort();
    memcpy(read, values->values, values->count * sizeof *read);
    for (uint32_t i = 0; i < values->count; i++) {
        const struct nt_param *param = &rules->params[i];
        const struct json_value *member =
            is_own_key(rules, param->name) ? NULL : json_member(object, param->name);
        if (member)
            read_given(r, param, member, &read[i]);
        else if (param->flags & NT_PARAM_REQUIRED)
            refuse_missing(r, rules, param, object);
    }
    place_values(r, object, values);
    if (values->given_count)
        values->values = keep_values(r, values, read);
    free(read);
}

void scenario_read_values(struct scenario_reader *r, const struct scenario_rules *rules,
                          const struct json_value *object, struct scenario_values *ret_values)
{
    *ret_values =
        (struct scenario_values){.params = rules->params, .count = (uint32_t)param_count(rules->params)};
    if (object)
        scenario_check_keys(r, rules, object);
    if (!ret_values->count)
        return;
    ret_values->values = defaults_of(r, rules->params)->values;
    if (object)
        read_members(r, rules, object, ret_values);
}
