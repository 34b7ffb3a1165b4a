/* SPDX-License-Identifier: MIT
 * Any bytes at all as a JSON file: refused with a place, or a tree that holds together. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Links, counts, places and texts of a value and all below it. */
static void check_value(const struct json_value *value)
{
    char storage[100];
    struct text path = text_in(storage, sizeof storage);
    int64_t number;
    json_path(value, &path);
    json_integer(value, &number);
    assert(value->line >= 1 && value->column >= 1);
    assert(value->text || (value->type != JSON_STRING && value->type != JSON_NUMBER));
    size_t count = 0;
    for (const struct json_value *child = value->first_child; child; child = child->next) {
        assert(child->parent == value && child->index == count++);
        assert(!child->key == (value->type == JSON_LIST));
        assert(child->line > value->line || child->column > value->column);
        if (child->key)
            assert(json_member(value, child->key) == child);
        check_value(child);
    }
    assert(count == value->child_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error_list errors;
    error_list_init(&errors);
    char *copy = malloc(length ? length : 1); /* exactly as long as it is, so that a sanitizer sees the end */
    assert(copy);
    if (length)
        memcpy(copy, bytes, length);
    struct json_document *document = json_parse("fuzz.json", copy, length, &errors);
    free(copy); /* the tree keeps no pointer into the text */
    assert(!document == (errors.errors > 0));
    for (size_t i = 0; i < errors.count; i++)
        assert(errors.entries[i].line >= 1 && errors.entries[i].column >= 1 && errors.entries[i].text[0]);
    if (document)
        check_value(json_root(document));
    json_free(document);
    error_list_release(&errors);
    return 0;
}
