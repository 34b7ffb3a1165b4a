/* SPDX-License-Identifier: MIT
 * Changing one value of a parsed document: what --set PATH=VALUE does. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/json.h"

/* One step of a path: ".name" (or "name" at the start) or "[index]". Returns what is behind it, or NULL if it
 * is no step. */
static const char *path_step(const char *path, char *ret_name, size_t size, long *ret_index)
{
    *ret_index = -1;
    if (*path == '[') {
        char *end = NULL;
        *ret_index = strtol(path + 1, &end, 10);
        return end != path + 1 && *end == ']' && *ret_index >= 0 ? end + 1 : NULL;
    }
    size_t length = strcspn(path, ".[");
    if (!length || length >= size)
        return NULL;
    memcpy(ret_name, path, length);
    ret_name[length] = '\0';
    return path + length;
}

static struct json_value *child_at(const struct json_value *list, long index)
{
    struct json_value *child = list->first_child;
    while (child && index--)
        child = child->next;
    return child;
}

/* The nearest key of `object` to `name`, or NULL. */
static const char *nearest_key(const struct json_value *object, const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (const struct json_value *member = object->first_child; member; member = member->next) {
        size_t distance = text_distance(name, member->key);
        if (distance < best_distance) {
            best = member->key;
            best_distance = distance;
        }
    }
    return best && text_is_near(name, best_distance) ? best : NULL;
}

/* In an object: by a name that it does not have, or by a number. */
static void say_lost_in_object(const char *path, int done, const struct json_value *at, const char *name,
                               struct text *why)
{
    if (!name[0]) {
        text_add(why, "\"%.*s\" is an object; write a name, as in %.*s.NAME", done, path, done, path);
        return;
    }
    const char *near = nearest_key(at, name);
    text_add(why, "there is no \"%s\"", name);
    if (done)
        text_add(why, " in \"%.*s\"", done, path);
    if (near)
        text_add(why, "; did you mean \"%s\"?", near);
}

static void say_lost_in_list(const char *path, int done, const struct json_value *at, const char *name,
                             struct text *why)
{
    unsigned count = at->child_count;
    bool is_number = name[0] && !name[strspn(name, "0123456789")];
    if (is_number)
        text_add(why, "\"%.*s\" is a list; did you mean \"%.*s[%s]\"?", done, path, done, path, name);
    else if (name[0])
        text_add(why, "\"%.*s\" is a list; write a number, as in %.*s[0]", done, path, done, path);
    else if (!count)
        text_add(why, "\"%.*s\" has no entries", done, path);
    else if (count == 1)
        text_add(why, "\"%.*s\" has 1 entry, \"%.*s[0]\"", done, path, done, path);
    else
        text_add(why, "\"%.*s\" has %u entries, the last is \"%.*s[%u]\"", done, path, count, done, path, count - 1);
}

/* `rest` is what of `path` cannot be followed from `at`; `name` is its first step, "" for one in brackets. */
static bool lost(const char *path, const char *rest, const struct json_value *at, const char *name,
                 struct text *why)
{
    int done = (int)(rest - path);
    text_add(why, "\"%s\" leads nowhere: ", path);
    if (at->type == JSON_OBJECT)
        say_lost_in_object(path, done, at, name, why);
    else if (at->type == JSON_LIST)
        say_lost_in_list(path, done, at, name, why);
    else
        text_add(why, "\"%.*s\" is %s, nothing is inside it", done, path, json_type_name(at->type));
    return false;
}

/* Takes over what `made` says, keeping the place in the tree. */
static void take_over(struct json_value *value, const struct json_value *made)
{
    value->type = made->type;
    value->boolean = made->boolean;
    value->text = made->text;
    value->first_child = made->first_child;
    value->last_child = made->last_child;
    value->child_count = made->child_count;
    value->line = value->column = 0;
    for (struct json_value *child = value->first_child; child; child = child->next)
        child->parent = value;
}

bool json_override(struct json_document *document, const char *path, const char *text, struct text *why)
{
    struct json_value *at = json_root(document);
    const char *rest = path;
    while (*rest) {
        char name[128] = "";
        long index = -1;
        const char *next = path_step(rest + (*rest == '.' && rest != path), name, sizeof name, &index);
        if (!next) {
            text_add(why, "\"%s\" is not a path; expected one such as nodes.alice.address or links[0].rate",
                     path);
            return false;
        }
        struct json_value *child = NULL;
        if (index >= 0 && at->type == JSON_LIST)
            child = child_at(at, index);
        if (index < 0 && at->type == JSON_OBJECT)
            child = json_member(at, name);
        if (!child && !*next && index < 0 && at->type == JSON_OBJECT)
            child = json_add(document, at, name, JSON_NULL);
        if (!child)
            return lost(path, rest, at, name, why);
        at = child;
        rest = next;
    }
    take_over(at, json_parse_part(document, text));
    return true;
}
