/* SPDX-License-Identifier: MIT
 * JSON text as a tree in which every value knows its place.
 *
 * The parser is cJSON; beside it the text is walked once more, so that each value has its line and column,
 * numbers keep their exact digits, and what cJSON lets pass (twice the same key, broken UTF-8, 01) is
 * refused. The tree is immutable but for json_override and json_add. Objects keep the order of the file. */
#ifndef NETARIUM_BASE_JSON_H
#define NETARIUM_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/error.h"
#include "sim/base/text.h"

#define JSON_DEPTH_MOST 64                 /* objects and lists inside each other */
#define JSON_BYTES_MOST ((size_t)64 << 20) /* longer files are not scenarios */
#define JSON_VALUES_MOST 1000000           /* in one file: each costs some 250 bytes of memory */

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_LIST, JSON_OBJECT };

struct json_value {
    enum json_type type;
    bool boolean;             /* JSON_BOOLEAN */
    const char *text;         /* JSON_STRING: its characters, unescaped; JSON_NUMBER: its digits as written */
    const char *key;          /* in an object: its name; else NULL */
    int line, column;         /* of the value, from 1; 0: it does not come from the file */
    int key_line, key_column; /* of the key's opening quote */
    uint32_t index;           /* place among its siblings, from 0 */
    uint32_t child_count;     /* JSON_LIST, JSON_OBJECT */
    struct json_value *parent, *first_child, *last_child, *next;
};

struct json_document; /* owns a tree and all its texts */

/* Parses `length` bytes. NULL: errors were added, with places. */
struct json_document *json_parse(const char *file, const char *bytes, size_t length,
                                 struct error_list *errors);
void json_free(struct json_document *document);
struct json_value *json_root(struct json_document *document);

/* Reads a whole file. False: one error was added (missing, a directory, an idle pipe, unreadable, too large). `*ret_bytes`
 * is the caller's to free and has a zero behind it. */
bool json_read_file(const char *file, char **ret_bytes, size_t *ret_length, struct error_list *errors);

/* The member called `key` of an object, or NULL. */
struct json_value *json_member(const struct json_value *object, const char *key);

/* Adds the path of `value` from the root: nodes.alice.address, links[2].rate. */
void json_path(const struct json_value *value, struct text *text);

/* A JSON_NUMBER as an integer, if it is one that fits (also 1e3). */
bool json_integer(const struct json_value *value, int64_t *ret_number);

/* "a number", "a list", "an object" ... */
const char *json_type_name(enum json_type type);

/* For those who add to what the file says. A new last child of `parent`, under `key` if that is an object (NULL
 * in a list), of this type and empty so far; a copy of a text; and a value read from `text`: as JSON if it is
 * JSON, else as a string. All are the document's, and have no place in the file. */
struct json_value *json_add(struct json_document *document, struct json_value *parent, const char *key,
                            enum json_type type);
const char *json_keep_text(struct json_document *document, const char *text);
struct json_value *json_parse_part(struct json_document *document, const char *text);

/* Sets the value at `path` ("nodes.alice.address", "links[0].rate") to `text` (as JSON if it is JSON, else as
 * a string), making the last member if it is missing. False: `why` says how far the path leads. */
bool json_override(struct json_document *document, const char *path, const char *text, struct text *why);

#endif
