/* SPDX-License-Identifier: MIT
 * JSON: cJSON reads the values, a walk beside it finds the places and is strict.
 *
 *     bytes -> [size, UTF-8] -> cJSON tree (or NULL) -> walk over text and tree together -> our tree
 *
 * When cJSON refuses a text the same walk, now without a tree, says where and why in words a person can use.
 * This is the only file that knows cJSON. */
#include "sim/base/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sim/base/hash.h"

/* ---- Storage: everything of a document in a few blocks, freed together ---- */

struct block {
    struct block *next;
    size_t used, size;
    char bytes[];
};

#define FIRST_BLOCK_BYTES ((size_t)16384)  /* each further block is twice as large ... */
#define MOST_BLOCK_BYTES ((size_t)1 << 20) /* ... up to this, where memory goes back to the system when freed */

struct json_document {
    struct block *blocks;
    struct json_value *root;
};

static void *store(struct json_document *document, size_t size)
{
    size = (size + 15) / 16 * 16;
    struct block *block = document->blocks;
    if (!block || block->size - block->used < size) {
        size_t usual = block && block->size < MOST_BLOCK_BYTES ? block->size * 2 : FIRST_BLOCK_BYTES;
        size_t room = size > usual ? size : usual;
        block = malloc(sizeof *block + room + 16);
        assert(block);
        *block = (struct block){document->blocks, (16 - ((uintptr_t)block->bytes & 15)) & 15, room + 16};
        document->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

static const char *store_text(struct json_document *document, const char *text, size_t length)
{
    char *copy = store(document, length + 1);
    memcpy(copy, text, length);
    return copy;
}

void json_free(struct json_document *document)
{
    if (!document)
        return;
    for (struct block *block = document->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(document);
}

/* ---- The walk ---- */

struct walk {
    const char *file;
    const char *start, *at, *end;
    int line;
    const char *line_start; /* where this line begins */
    const char
        *counted_at;    /* how far columns have been counted: each character once, however long the line */
    int counted_column; /* the column there */
    struct json_document *document;
    struct error_list *errors;
    int depth;
    bool has_failed;
};

/* The column of a place in the current line, counted in characters. */
static int column_of(struct walk *walk, const char *at)
{
    if (!walk->counted_at || walk->counted_at < walk->line_start || walk->counted_at > at) {
        walk->counted_at = walk->line_start;
        walk->counted_column = 1;
    }
    for (; walk->counted_at < at; walk->counted_at++)
        walk->counted_column += ((unsigned char)*walk->counted_at & 0xc0) != 0x80;
    return walk->counted_column;
}

static void fail_at(struct walk *walk, const char *at, const char *sentence)
{
    if (walk->has_failed)
        return;
    walk->has_failed = true;
    struct error_place place = {walk->file, walk->line, column_of(walk, at), NULL};
    error_add(walk->errors, &place, "%s", sentence);
}

static void skip_blanks(struct walk *walk)
{
    while (walk->at < walk->end && strchr(" \t\r\n", *walk->at) && *walk->at) {
        if (*walk->at++ == '\n') {
            walk->line++;
            walk->line_start = walk->at;
        }
    }
}

/* What stands here, for a message: one word or sign in quotes, or "the end of the file". */
static void found_here(const struct walk *walk, struct text *text)
{
    if (walk->at >= walk->end) {
        text_add(text, "the end of the file");
        return;
    }
    const char *p = walk->at;
    size_t length = 1;
    if ((unsigned char)*p < 0x20) {
        text_add(text, "the byte 0x%02x", (unsigned char)*p);
        return;
    }
    if (*p == '"')
        while (p + length < walk->end && length < 24 && p[length] != '"' && p[length] != '\n')
            length++;
    else
        while (p + length < walk->end && length < 24 && !strchr(" \t\r\n,:{}[]\"", p[length]))
            length++;
    if (*p == '"' && p + length < walk->end && p[length] == '"')
        length++;
    while (p + length < walk->end && ((unsigned char)p[length] & 0xc0) == 0x80) /* a whole character */
        length++;
    text_add(text, *p == '"' ? "%.*s" : "'%.*s'", (int)length, p);
}

static void fail_expected(struct walk *walk, const char *expected)
{
    char storage[300];
    struct text text = text_in(storage, sizeof storage);
    text_add(&text, "expected %s, found ", expected);
    found_here(walk, &text);
    if (walk->at < walk->end && (*walk->at == '/' || *walk->at == '#'))
        text_add(&text, "; JSON has no comments, use \"note\": \"...\"");
    if (walk->at < walk->end && *walk->at == '\'')
        text_add(&text, "; JSON wants \"double quotes\"");
    fail_at(walk, walk->at, storage);
}

static int hex_value(const char *at)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *digit = strchr(digits, at[i] | (at[i] >= 'A' ? 0x20 : 0));
        if (!digit || !*digit)
            return -1;
        value = value * 16 + (int)(digit - digits);
    }
    return value;
}

/* Checks the escape at walk->at (a backslash) and steps over it. */
static bool walk_escape(struct walk *walk)
{
    const char *p = walk->at;
    if (walk->end - p >= 2 && p[1] && strchr("\"\\/bfnrt", p[1])) {
        walk->at += 2;
        return true;
    }
    int value = walk->end - p >= 6 && p[1] == 'u' ? hex_value(p + 2) : -1;
    bool is_pair = value >= 0xd800 && value < 0xdc00 && walk->end - p >= 12 && p[6] == '\\' && p[7] == 'u';
    int low = is_pair ? hex_value(p + 8) : -1;
    if (value < 0)
        fail_at(walk, p, "after a backslash JSON knows \" \\ / b f n r t and u with four hexadecimal digits");
    else if (value == 0)
        fail_at(walk, p, "a text cannot contain the character \\u0000");
    else if (value >= 0xd800 && value < 0xe000 && !(low >= 0xdc00 && low < 0xe000))
        fail_at(walk, p, "half of a surrogate pair is not a character");
    walk->at += is_pair ? 12 : 6;
    return !walk->has_failed;
}

static bool walk_string(struct walk *walk)
{
    const char *start = walk->at++;
    while (walk->at < walk->end && *walk->at != '"') {
        if ((unsigned char)*walk->at < 0x20) {
            fail_at(walk, *walk->at == '\n' || *walk->at == '\r' ? start : walk->at,
                    *walk->at == '\n' || *walk->at == '\r'
                        ? "this text has no closing quote on its line"
                        : "a text cannot contain a control character; write it as \\u00..");
            return false;
        }
        if (*walk->at != '\\')
            walk->at++;
        else if (!walk_escape(walk))
            return false;
    }
    if (walk->at >= walk->end) {
        fail_at(walk, start, "this text has no closing quote");
        return false;
    }
    walk->at++;
    return true;
}

static size_t digits_at(const char *at, const char *end)
{
    size_t count = 0;
    while (at + count < end && at[count] >= '0' && at[count] <= '9')
        count++;
    return count;
}

#define NUMBER_LENGTH_MOST 63 /* cJSON reads no longer ones */

/* A number in JSON's grammar (RFC 8259 section 6). */
static bool walk_number(struct walk *walk)
{
    const char *p = walk->at + (*walk->at == '-');
    size_t whole = digits_at(p, walk->end);
    bool is_good = whole == 1 || (whole > 1 && *p != '0');
    p += whole;
    if (is_good && p < walk->end && *p == '.') {
        size_t decimals = digits_at(p + 1, walk->end);
        is_good = decimals > 0;
        p += 1 + decimals;
    }
    if (is_good && p < walk->end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < walk->end && (*p == '+' || *p == '-');
        size_t exponent = digits_at(p, walk->end);
        is_good = exponent > 0;
        p += exponent;
    }
    if (is_good && p < walk->end && !strchr(" \t\r\n,]}", *p)) {
        fail_expected(walk, "a number, or a quantity in quotes such as \"10 ms\"");
        return false;
    }
    if (!is_good) {
        fail_expected(walk, "a number such as 10, -1 or 0.5");
        return false;
    }
    if (p - walk->at > NUMBER_LENGTH_MOST) {
        fail_expected(walk, "a number of at most 63 characters");
        return false;
    }
    walk->at = p;
    return true;
}

/* The last child of `parent` (NULL: it has none). */
static struct json_value *child_new(struct json_document *document, enum json_type type,
                                    struct json_value *parent)
{
    struct json_value *value = store(document, sizeof *value);
    value->type = type;
    value->parent = parent;
    if (!parent)
        return value;
    value->index = parent->child_count++;
    *(parent->last_child ? &parent->last_child->next : &parent->first_child) = value;
    parent->last_child = value;
    return value;
}

static struct json_value *value_new(struct walk *walk, enum json_type type, struct json_value *parent)
{
    struct json_value *value = child_new(walk->document, type, parent);
    value->line = walk->line;
    value->column = column_of(walk, walk->at);
    return value;
}

static struct json_value *walk_value(struct walk *walk, const cJSON *item, struct json_value *parent);

/* The key of the next member with its colon. False: failed. */
static bool walk_key(struct walk *walk, int *ret_line, int *ret_column)
{
    skip_blanks(walk);
    if (walk->at >= walk->end || *walk->at != '"') {
        fail_expected(walk, "a name in double quotes");
        return false;
    }
    *ret_line = walk->line;
    *ret_column = column_of(walk, walk->at);
    if (!walk_string(walk))
        return false;
    skip_blanks(walk);
    if (walk->at >= walk->end || *walk->at != ':') {
        fail_expected(walk, "':' after this name");
        return false;
    }
    walk->at++;
    return true;
}

/* After a member or element: a comma and more (true), or the end (false, or failed). */
static bool walk_more(struct walk *walk, char closing)
{
    skip_blanks(walk);
    if (walk->at < walk->end && *walk->at == closing)
        return false;
    if (walk->at >= walk->end || *walk->at != ',') {
        fail_expected(walk, closing == '}' ? "',' or '}' after this value" : "',' or ']' after this value");
        return false;
    }
    const char *comma = walk->at++;
    const char *line_start = walk->line_start;
    int line = walk->line;
    skip_blanks(walk);
    if (walk->at < walk->end && *walk->at == closing) {
        walk->line = line;
        walk->line_start = line_start;
        fail_at(walk, comma,
                closing == '}' ? "a comma before '}' has nothing after it; take it away"
                               : "a comma before ']' has nothing after it; take it away");
        return false;
    }
    return true;
}

/* Members or elements between the brackets at walk->at. */
static void walk_children(struct walk *walk, const cJSON *item, struct json_value *parent)
{
    char closing = parent->type == JSON_OBJECT ? '}' : ']';
    walk->at++;
    skip_blanks(walk);
    const cJSON *child = item ? item->child : NULL;
    bool has_more = !(walk->at < walk->end && *walk->at == closing);
    while (has_more && !walk->has_failed) {
        int line = 0, column = 0;
        if (parent->type == JSON_OBJECT && !walk_key(walk, &line, &column))
            return;
        struct json_value *value = walk_value(walk, child, parent);
        if (!value)
            return;
        value->key_line = line;
        value->key_column = column;
        if (child && parent->type == JSON_OBJECT)
            value->key = store_text(walk->document, child->string, strlen(child->string));
        child = child ? child->next : NULL;
        has_more = walk_more(walk, closing);
    }
    if (!walk->has_failed)
        walk->at++;
}

static struct json_value *walk_container(struct walk *walk, const cJSON *item, struct json_value *parent)
{
    if (walk->depth == JSON_DEPTH_MOST) {
        fail_at(walk, walk->at, "more than 64 objects and lists inside each other");
        return NULL;
    }
    struct json_value *value = value_new(walk, *walk->at == '{' ? JSON_OBJECT : JSON_LIST, parent);
    walk->depth++;
    walk_children(walk, item, value);
    walk->depth--;
    return walk->has_failed ? NULL : value;
}

static struct json_value *walk_word(struct walk *walk, struct json_value *parent)
{
    static const char *const words[] = {"null", "false", "true"};
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(walk->end - walk->at) >= length && strncmp(walk->at, words[i], length) == 0) {
            struct json_value *value = value_new(walk, i == 0 ? JSON_NULL : JSON_BOOLEAN, parent);
            value->boolean = i == 2;
            walk->at += length;
            return value;
        }
    }
    fail_expected(walk, "a value: a text in double quotes, a number, true, false, {...} or [...]");
    return NULL;
}

static struct json_value *walk_value(struct walk *walk, const cJSON *item, struct json_value *parent)
{
    skip_blanks(walk);
    char first = walk->at < walk->end ? *walk->at : '\0';
    if (first == '{' || first == '[')
        return walk_container(walk, item, parent);
    const char *start = walk->at;
    if (first == '"') {
        struct json_value *value = value_new(walk, JSON_STRING, parent);
        if (!walk_string(walk))
            return NULL;
        value->text = item ? store_text(walk->document, item->valuestring, strlen(item->valuestring)) : "";
        return value;
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
        struct json_value *value = value_new(walk, JSON_NUMBER, parent);
        if (!walk_number(walk))
            return NULL;
        value->text = store_text(walk->document, start, (size_t)(walk->at - start));
        return value;
    }
    return walk_word(walk, parent);
}

/* ---- The whole text ---- */

/* What one glance over the brackets and commas outside of texts tells, before anything is built. */
struct glance {
    size_t depth_most; /* objects and lists inside each other */
    size_t values;     /* at least as many as there are values */
};

static struct glance glance_over(const char *bytes, size_t length)
{
    struct glance glance = {0, 1};
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        if (in_text && bytes[i] == '\\') {
            i++;
        } else if (bytes[i] == '"') {
            in_text = !in_text;
        } else if (!in_text && (bytes[i] == '{' || bytes[i] == '[')) {
            glance.values++;
            if (++depth > glance.depth_most)
                glance.depth_most = depth;
        } else if (!in_text && (bytes[i] == '}' || bytes[i] == ']')) {
            depth -= depth > 0;
        } else if (!in_text && bytes[i] == ',') {
            glance.values++;
        }
    }
    return glance;
}

static bool bytes_are_text(struct walk *walk)
{
    size_t bad = 0;
    if (text_utf8_check(walk->at, (size_t)(walk->end - walk->at), &bad))
        return true;
    for (size_t i = 0; i < bad; i++) {
        if (walk->at[i] == '\n') {
            walk->line++;
            walk->line_start = walk->at + i + 1;
        }
    }
    char sentence[100];
    snprintf(sentence, sizeof sentence, "the byte 0x%02x is not UTF-8; save the file as UTF-8",
             (unsigned char)walk->at[bad]);
    fail_at(walk, walk->at + bad, sentence);
    return false;
}

/* Twice the same key in an object is a mistake that cJSON lets pass. */
static void check_keys(struct walk *walk, const struct json_value *object)
{
    size_t capacity = 8;
    while (capacity < object->child_count * 2)
        capacity *= 2;
    const struct json_value **seen = calloc(capacity, sizeof *seen);
    assert(seen);
    for (const struct json_value *member = object->first_child; member; member = member->next) {
        size_t place = (size_t)fnv1a64(member->key, strlen(member->key)) & (capacity - 1);
        while (seen[place] && strcmp(seen[place]->key, member->key) != 0)
            place = (place + 1) & (capacity - 1);
        if (seen[place]) {
            char path[200];
            struct text text = text_in(path, sizeof path);
            json_path(object, &text);
            struct error_place where = {walk->file, member->key_line, member->key_column, path};
            error_add(walk->errors, &where, "the name \"%.80s\" is used twice; first on line %d", member->key,
                      seen[place]->key_line);
        }
        seen[place] = member;
    }
    free(seen);
}

/* Looks when the tree stands, because a path needs the names of all that is above. */
static void check_keys_below(struct walk *walk, const struct json_value *value)
{
    if (value->type == JSON_OBJECT)
        check_keys(walk, value);
    for (const struct json_value *child = value->first_child; child; child = child->next)
        check_keys_below(walk, child);
}

static void walk_all(struct walk *walk)
{
    size_t length = (size_t)(walk->end - walk->at);
    struct glance glance = glance_over(walk->at, length);
    if (glance.depth_most <= JSON_DEPTH_MOST && glance.values > JSON_VALUES_MOST) {
        fail_at(walk, walk->at, "there are more than 1 000 000 values in this file");
        return;
    }
    cJSON *tree = glance.depth_most <= JSON_DEPTH_MOST ? cJSON_ParseWithLength(walk->at, length) : NULL;
    walk->document->root = walk_value(walk, tree, NULL);
    if (!walk->has_failed) {
        skip_blanks(walk);
        if (walk->at < walk->end)
            fail_expected(walk, "the end of the file after the last '}'");
    }
    if (!tree && !walk->has_failed)
        fail_at(walk, walk->at, "this is not JSON");
    if (!walk->has_failed)
        check_keys_below(walk, walk->document->root);
    cJSON_Delete(tree);
}

struct json_document *json_parse(const char *file, const char *bytes, size_t length,
                                 struct error_list *errors)
{
    static const char bom[] = "\xef\xbb\xbf";
    size_t before = errors->errors;
    struct json_document *document = calloc(1, sizeof *document);
    assert(document);
    struct walk walk = {.file = file,
                        .start = bytes,
                        .at = bytes,
                        .end = bytes + length,
                        .line = 1,
                        .line_start = bytes,
                        .document = document,
                        .errors = errors};
    if (length >= 3 && memcmp(bytes, bom, 3) == 0)
        walk.at = walk.line_start = walk.start = bytes + 3;
    struct walk blank = walk;
    skip_blanks(&blank);
    if (blank.at == blank.end)
        fail_at(&walk, walk.at, "the file is empty; a scenario begins with {");
    else if (length > JSON_BYTES_MOST)
        fail_at(&walk, walk.at, "the file is larger than 64 MiB");
    else if (bytes_are_text(&walk))
        walk_all(&walk);
    if (errors->errors == before)
        return document;
    json_free(document);
    return NULL;
}

struct json_value *json_root(struct json_document *document)
{
    return document->root;
}

struct json_value *json_add(struct json_document *document, struct json_value *parent, const char *key,
                            enum json_type type)
{
    struct json_value *value = child_new(document, type, parent);
    value->key = key ? json_keep_text(document, key) : NULL;
    return value;
}

const char *json_keep_text(struct json_document *document, const char *text)
{
    return store_text(document, text, strlen(text));
}

struct json_value *json_parse_part(struct json_document *document, const char *text)
{
    struct error_list ignored;
    error_list_init(&ignored);
    struct json_value *root = document->root;
    struct walk walk = {.at = text,
                        .end = text + strlen(text),
                        .line = 1,
                        .line_start = text,
                        .document = document,
                        .errors = &ignored};
    walk_all(&walk);
    struct json_value *part = document->root;
    document->root = root;
    error_list_release(&ignored);
    if (walk.has_failed) {
        part = store(document, sizeof *part);
        part->type = JSON_STRING;
        part->text = store_text(document, text, strlen(text));
    }
    return part;
}
