/* SPDX-License-Identifier: MIT
 * Looking at a parsed tree: members, paths, whole numbers. */
#include "sim/base/json.h"

#include <stdlib.h>
#include <string.h>

#define KEY_SHOWN 80 /* bytes of a key that a path shows; no name is as long */

struct json_value *json_member(const struct json_value *object, const char *key)
{
    for (struct json_value *member = object->first_child; member; member = member->next)
        if (member->key && strcmp(member->key, key) == 0)
            return member;
    return NULL;
}

void json_path(const struct json_value *value, struct text *text)
{
    if (!value->parent)
        return;
    json_path(value->parent, text);
    if (value->parent->type == JSON_LIST) {
        text_add(text, "[%u]", value->index);
        return;
    }
    const char *key = value->key ? value->key : "?";
    size_t length = strlen(key), shown = length;
    if (length > KEY_SHOWN)
        for (shown = KEY_SHOWN; ((unsigned char)key[shown] & 0xc0) == 0x80;)
            shown--;
    text_add(text, "%s%.*s%s", text->length ? "." : "", (int)shown, key, shown < length ? "..." : "");
}

bool json_integer(const struct json_value *value, int64_t *ret_number)
{
    if (value->type != JSON_NUMBER)
        return false;
    const char *p = value->text;
    bool is_negative = *p == '-';
    p += is_negative;
    unsigned __int128 digits = 0;
    int scale = 0;
    long exponent = 0;
    for (bool has_point = false; (*p >= '0' && *p <= '9') || *p == '.'; p++) {
        if (*p == '.') {
            has_point = true;
            continue;
        }
        if (digits > ((unsigned __int128)1 << 100))
            return false;
        digits = digits * 10 + (unsigned)(*p - '0');
        scale -= has_point;
    }
    if (*p == 'e' || *p == 'E')
        exponent = strtol(p + 1, NULL, 10); /* too long a one becomes LONG_MAX, which is absurd as well */
    for (scale = exponent > 1000 || exponent < -1000 ? 1001 : scale + (int)exponent; scale > 0 && digits;
         scale--) {
        if (digits > ((unsigned __int128)1 << 100))
            return false;
        digits *= 10;
    }
    for (; scale < 0 && digits; scale++) {
        if (digits % 10)
            return false;
        digits /= 10;
    }
    if (digits > (unsigned __int128)INT64_MAX + is_negative)
        return false;
    *ret_number = is_negative ? (int64_t)(0 - (uint64_t)digits) : (int64_t)digits;
    return true;
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
    return names[type];
}
