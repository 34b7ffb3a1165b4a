/* SPDX-License-Identifier: MIT
 * Mistakes with their places, and nodes by their names. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/phrase.h"
#include "sim/scenario_reader.h"

#define LINE_MOST 4096 /* in longer lines a place inside a string is given as the string's own */

/* ---- Mistakes ---- */

/* A value that was set on the command line has no place in the file, and neither has what is inside it. */
static bool is_from_file(const struct json_value *at)
{
    while (at->parent && at->line)
        at = at->parent;
    return at->line;
}

static void report(struct scenario_reader *r, const struct json_value *at, int line, int column,
                   const char *format, va_list arguments)
{
    char path_bytes[500], sentence[800];
    struct text path = text_in(path_bytes, sizeof path_bytes);
    json_path(at, &path);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    struct error_place place = {
        .file = r->scenario->file, .line = line, .column = column, .path = path.start};
    if (!line || !is_from_file(at))
        place = (struct error_place){.file = "command line", .path = path.start};
    error_add(r->errors, &place, "%s", sentence);
}

void scenario_wrong(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(r, at, at->line, at->column, format, arguments);
    va_end(arguments);
}

void scenario_wrong_key(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(r, at, at->key_line, at->key_column, format, arguments);
    va_end(arguments);
}

void scenario_wrong_inside(struct scenario_reader *r, const struct json_value *at, size_t offset,
                           const char *format, ...)
{
    struct scenario_place place = scenario_place_inside(r, at, offset);
    va_list arguments;
    va_start(arguments, format);
    report(r, at, place.at.line, place.at.column, format, arguments);
    va_end(arguments);
}

void scenario_warn(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
{
    struct scenario_place where = scenario_place_of(r, at);
    char sentence[800];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    struct error_place place = {r->scenario->file, where.at.line, where.at.column, where.path};
    warning_add(r->errors, &place, "%s", sentence);
}

bool scenario_expect(struct scenario_reader *r, const struct json_value *at, enum json_type type,
                     const char *noun)
{
    if (at->type == type)
        return true;
    scenario_wrong(r, at, "expected %s, found %s", noun, json_type_name(at->type));
    return false;
}

/* ---- Places ---- */

struct scenario_spot scenario_spot_of(const struct json_value *at)
{
    return is_from_file(at) ? (struct scenario_spot){at->line, at->column} : (struct scenario_spot){0};
}

struct scenario_place scenario_place_of(struct scenario_reader *r, const struct json_value *at)
{
    char bytes[500];
    struct text path = text_in(bytes, sizeof bytes);
    json_path(at, &path);
    return (struct scenario_place){.path = store_text(r->store, path.start, path.length),
                                   .at = scenario_spot_of(at)};
}

void scenario_path(const struct scenario_place *place, char ret_path[SCENARIO_PATH_SIZE])
{
    struct text path = text_in(ret_path, SCENARIO_PATH_SIZE);
    text_add(&path, "%s%s", place->path, place->rest ? place->rest : "");
}

struct scenario_spot scenario_value_spot(const struct scenario_values *values, const struct scenario_place *owner,
                                         uint32_t param, uint32_t item, char ret_path[SCENARIO_PATH_SIZE])
{
    const struct scenario_given *given = values->given, *end = given + values->given_count;
    struct text path = text_in(ret_path, SCENARIO_PATH_SIZE);
    text_add(&path, "%s%s", owner->path, owner->rest ? owner->rest : "");
    while (given < end && given->param != param)
        given++;
    if (given == end)
        return owner->at;
    text_add(&path, ".%s", values->params[param].name);
    if (item >= given->item_count)
        return given->at;
    text_add(&path, "[%u]", item);
    return given->items[item];
}

static void find_lines(struct scenario_reader *r)
{
    struct scenario_source *source = &r->source;
    size_t count = 1;
    for (size_t i = 0; i < source->length; i++)
        count += source->bytes[i] == '\n';
    source->lines = store_alloc(r->store, count, sizeof *source->lines);
    for (size_t i = 0; i < source->length; i++)
        if (source->bytes[i] == '\n')
            source->lines[++source->line_count] = i + 1;
    source->line_count++;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The byte of the file at this place, or NULL if the line is too long to be searched. */
static const char *byte_at(struct scenario_reader *r, int line, int column)
{
    if (!r->source.lines)
        find_lines(r);
    if (line < 1 || (size_t)line > r->source.line_count || column > LINE_MOST)
        return NULL;
    const char *at = r->source.bytes + r->source.lines[line - 1];
    const char *end = r->source.bytes + r->source.length;
    const char *start = at;
    while (at < end && *at != '\n' && at - start < LINE_MOST) {
        if (!continues_character(*at) && --column == 0)
            return at;
        at++;
    }
    return NULL;
}

/* How many unescaped bytes (UTF-8) the escape at `escape` stands for, and how long it is itself. */
static size_t escape_bytes(const char *escape, size_t *ret_length)
{
    *ret_length = 2;
    if (escape[1] != 'u')
        return 1;
    char digits[5] = {escape[2], escape[3], escape[4], escape[5], '\0'};
    unsigned long unit = strtoul(digits, NULL, 16);
    bool is_pair = unit >= 0xd800 && unit < 0xdc00;
    *ret_length = is_pair ? 12 : 6;
    return is_pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

struct scenario_place scenario_place_inside(struct scenario_reader *r, const struct json_value *at,
                                            size_t offset)
{
    struct scenario_place place = scenario_place_of(r, at);
    const char *byte = at->type == JSON_STRING && place.at.line ? byte_at(r, at->line, at->column) : NULL;
    if (!byte)
        return place;
    byte++; /* the opening quote */
    int column = at->column + 1;
    for (size_t done = 0; done < offset && *byte != '"';) {
        size_t length = 1;
        done += *byte == '\\' ? escape_bytes(byte, &length) : 1;
        column += continues_character(*byte) ? 0 : (int)length;
        byte += length;
    }
    place.at.column = column;
    return place;
}

/* ---- Names ---- */

static uint32_t *slot_of(const struct scenario_reader *r, const char *name)
{
    size_t place = (size_t)mix64(fnv1a64(name, strlen(name))) & (r->slot_count - 1);
    while (r->slots[place] && strcmp(r->names[r->slots[place] - 1], name) != 0)
        place = (place + 1) & (r->slot_count - 1);
    return &r->slots[place];
}

bool scenario_add_name(struct scenario_reader *r, size_t index, const char *name, const struct json_value *at)
{
    uint32_t *slot = slot_of(r, name);
    if (*slot) {
        const struct json_value *first = r->sources[*slot - 1];
        int line = first->key ? first->key_line : first->line;
        char where[40] = "";
        if (line)
            snprintf(where, sizeof where, ": the first is in line %d", line);
        scenario_wrong(r, at, "the name \"%.63s\" is taken%s", name, where);
        return false;
    }
    r->names[index] = name;
    *slot = (uint32_t)index + 1;
    return true;
}

uint32_t scenario_find_node(void *context, const char *name)
{
    struct scenario_reader *r = context;
    uint32_t id = *slot_of(r, name);
    if (!id)
        r->missed = name;
    return id;
}

void scenario_hint_node(struct scenario_reader *r, const char *name, char *ret_text, size_t size)
{
    const char *names[2000];
    size_t count = 0;
    ret_text[0] = '\0';
    if (r->errors->count == ERROR_LIMIT)
        return; /* nobody would read it */
    for (size_t i = 0; i < r->name_room && count < 2000; i++)
        if (r->names[i])
            names[count++] = r->names[i];
    const char *nearest = phrase_nearest(name, names, count);
    if (nearest)
        snprintf(ret_text, size, "; did you mean \"%s\"?", nearest);
}
