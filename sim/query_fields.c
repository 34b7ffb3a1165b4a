/* SPDX-License-Identifier: MIT
 * The names inside conditions: fields of a record, columns of a row, and the words beside a comparison.
 *
 *     count(frame.drop at r where reason == "queue is full" and time > 1 s)
 *                                 field     a text                property of every record
 *     count(server.sockets where state == established)
 *                                column   a word of that column */
#include "sim/query_parts.h"

#include <assert.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/phrase.h"

#define MOST_NAMES 40 /* in one hint */

/* What every record has. A field of the same name goes before. */
static const struct property {
    struct nt_field shape;
    enum query_property property;
} properties[] = {
    {{"time", NT_UNIT_TIME, NULL}, QUERY_PROPERTY_TIME},
    {{"number", NT_UNIT_RECORD, NULL}, QUERY_PROPERTY_NUMBER},
    {{"frame", NT_UNIT_FRAME, NULL}, QUERY_PROPERTY_FRAME},
    {{"cause", NT_UNIT_RECORD, NULL}, QUERY_PROPERTY_CAUSE},
};

#define PROPERTY_COUNT (sizeof properties / sizeof properties[0])

/* The truth has no words of its own. */
static const char *const truth_words[] = {"no", "yes", "false", "true", NULL};

/* ---- Fields ---- */

static void resolve_property(struct query_part *part, const char *name, bool *ret_is_known)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (strcmp(properties[i].shape.name, name) != 0)
            continue;
        part->what = QUERY_PROPERTY;
        part->shape = properties[i].shape;
        part->number = properties[i].property;
        *ret_is_known = true;
    }
}

/* The field of each kind that `source` selects; kinds that lack it do not fit the condition. */
static bool resolve_record_field(struct query *query, const struct query_part *source,
                                 struct query_part *part, const char *name, bool *ret_is_known)
{
    int8_t *fields = query_part_keep_kinds(query, part);
    for (uint32_t kind = 1; kind <= query->kind_count; kind++) {
        const struct nt_kind *candidate = run_kind_at(query->run, kind);
        const int index = source->field_of_kind[kind] < 0 ? -1 : inspect_field(candidate, name);
        if (index < 0)
            continue;
        const struct nt_field *field = &candidate->fields[index];
        if (*ret_is_known && (part->shape.unit != field->unit || part->shape.words != field->words))
            return query_fail(query, part->span.start,
                              "\"%s\" does not mean the same in all of these kinds; name one of them", name);
        part->shape = *field;
        fields[kind] = (int8_t)index;
        *ret_is_known = true;
    }
    if (!*ret_is_known)
        resolve_property(part, name, ret_is_known);
    return true;
}

bool query_resolve_field(struct query *query, const struct query_part *source, struct query_part *part,
                         bool *ret_is_known)
{
    char name[QUERY_NAME_BYTES];
    assert(source);
    /* it was looked up before, as what might have been a word */
    *ret_is_known = part->field_of_kind || part->column_index >= 0;
    if (*ret_is_known)
        return true;
    if (!query_span_copy(query, part->name, name, sizeof name))
        return true;
    if (!source->table)
        return resolve_record_field(query, source, part, name, ret_is_known);
    part->column_index = inspect_column(source->table, name);
    *ret_is_known = part->column_index >= 0;
    if (*ret_is_known)
        part->shape = source->table->columns[part->column_index];
    return true;
}

static size_t add_name(const char **names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return count;
    if (count < MOST_NAMES)
        names[count++] = name;
    return count;
}

/* All names that a condition of `source` knows; returns how many. */
static size_t list_names(const struct query *query, const struct query_part *source, const char **ret_names)
{
    size_t count = 0;
    for (int i = 0; source->table && i < inspect_column_count(source->table); i++)
        count = add_name(ret_names, count, source->table->columns[i].name);
    for (uint32_t kind = 1; !source->table && kind <= query->kind_count; kind++) {
        const struct nt_kind *candidate = run_kind_at(query->run, kind);
        for (int i = 0; source->field_of_kind[kind] >= 0 && i < inspect_field_count(candidate); i++)
            count = add_name(ret_names, count, candidate->fields[i].name);
    }
    for (size_t i = 0; !source->table && i < PROPERTY_COUNT; i++)
        count = add_name(ret_names, count, properties[i].shape.name);
    return count;
}

bool query_refuse_field(struct query *query, const struct query_part *source, const struct query_part *part)
{
    const char *names[MOST_NAMES];
    char hint[QUERY_HINT_BYTES], name[QUERY_NAME_BYTES] = "";
    const size_t count = list_names(query, source, names);
    query_span_copy(query, part->name, name, sizeof name);
    phrase_hint(name, names, count, hint, sizeof hint);
    return query_fail(query, part->span.start, "there is no %s called \"%.40s\" here%s",
                      source->table ? "column" : "field", name, hint);
}

/* ---- Words ---- */

/* Upper and lower case are one. */
static bool is_same_word(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        const char lower_a = *a >= 'A' && *a <= 'Z' ? (char)(*a + 'a' - 'A') : *a;
        const char lower_b = *b >= 'A' && *b <= 'Z' ? (char)(*b + 'a' - 'A') : *b;
        if (lower_a != lower_b)
            return false;
    }
    return *a == *b;
}

static bool find_word(const char *const *words, const char *word, int64_t *ret_number)
{
    for (int64_t i = 0; words && words[i]; i++) {
        if (is_same_word(words[i], word)) {
            *ret_number = i;
            return true;
        }
    }
    return false;
}

static void become_constant(struct query_part *part, const struct nt_field *shape, int64_t number)
{
    part->what = QUERY_NUMBER;
    part->shape = *shape;
    part->number = number;
}

static bool refuse_word(struct query *query, const struct nt_field *shape, const struct query_part *part,
                        const char *word)
{
    char hint[QUERY_HINT_BYTES];
    size_t count = 0;
    const char *const *words = shape->unit == NT_UNIT_BOOL ? truth_words : shape->words;
    while (words && words[count])
        count++;
    phrase_hint(word, words, count, hint, sizeof hint);
    return query_fail(query, part->span.start, "\"%.40s\" is none of the words that \"%.40s\" can be%s", word,
                      shape->name ? shape->name : "this", hint);
}

/* Could the bare name `part` also be something else than a word? Then it is. */
static bool is_known_name(struct query *query, const struct query_part *source, struct query_part *part,
                          const char *word, bool *ret_is_known)
{
    if (part->what == QUERY_FIELD)
        return query_resolve_field(query, source, part, ret_is_known);
    *ret_is_known = part->what == QUERY_SOURCE && (strchr(word, '.') || run_kind_named(query->run, word) ||
                                                   run_node_named(query->run, word));
    return true;
}

static bool resolve_address(struct query *query, const struct nt_field *shape, struct query_part *part,
                            const char *text, bool *ret_is_known)
{
    enum nt_unit unit;
    if (part->what != QUERY_TEXT)
        return true;
    if (!query_lex_address(text, &part->number, &unit) || unit != shape->unit)
        return query_fail(query, part->span.start, "\"%.40s\" is not an %s address, such as %s", text,
                          shape->unit == NT_UNIT_IPV4 ? "IPv4" : "Ethernet",
                          shape->unit == NT_UNIT_IPV4 ? "10.0.0.1" : "02:00:00:00:00:01");
    become_constant(part, shape, part->number);
    *ret_is_known = true;
    return true;
}

bool query_resolve_word(struct query *query, const struct query_part *source, const struct nt_field *shape,
                        struct query_part *part, bool *ret_is_known)
{
    char word[QUERY_NAME_BYTES];
    int64_t number;
    bool is_name = false;
    *ret_is_known = false;
    if (!query_span_copy(query, part->span, word, sizeof word))
        return true;
    if (shape->unit == NT_UNIT_MAC || shape->unit == NT_UNIT_IPV4)
        return resolve_address(query, shape, part, word, ret_is_known);
    if (shape->unit != NT_UNIT_WORD && shape->unit != NT_UNIT_BOOL)
        return true;
    if (find_word(shape->unit == NT_UNIT_BOOL ? truth_words : shape->words, word, &number)) {
        become_constant(part, shape, shape->unit == NT_UNIT_BOOL ? number % 2 : number);
        *ret_is_known = true;
        return true;
    }
    if (!is_known_name(query, source, part, word, &is_name))
        return false;
    return is_name || refuse_word(query, shape, part, word);
}
