/* SPDX-License-Identifier: MIT
 * Writing JSON as it is thought of: begin, name, value, end. Indented, escaped, in the order of the calls. */
#ifndef NETARIUM_BASE_JSON_WRITE_H
#define NETARIUM_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_WRITE_DEPTH 32

struct json_writer {
    FILE *out; /* borrowed */
    int depth; /* objects and lists open now */
    bool is_list[JSON_WRITE_DEPTH];
    bool has_members[JSON_WRITE_DEPTH];
    bool is_named; /* a name was written, its value comes next */
};

void json_write_init(struct json_writer *writer, FILE *out);

void json_write_object(struct json_writer *writer); /* { */
void json_write_list(struct json_writer *writer);   /* [ */
void json_write_end(struct json_writer *writer);    /* } or ]; a newline after the last one */
void json_write_name(struct json_writer *writer, const char *name);
void json_write_text(struct json_writer *writer,
                     const char *text); /* NULL is null; bad UTF-8 becomes U+FFFD */
void json_write_integer(struct json_writer *writer, int64_t number);
void json_write_unsigned(struct json_writer *writer, uint64_t number);
void json_write_boolean(struct json_writer *writer, bool is_true);

/* A name and its value in one. */
void json_write_member_text(struct json_writer *writer, const char *name, const char *text);
void json_write_member_integer(struct json_writer *writer, const char *name, int64_t number);
void json_write_member_boolean(struct json_writer *writer, const char *name, bool is_true);

#endif
