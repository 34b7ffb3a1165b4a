/* SPDX-License-Identifier: MIT
 * Mistakes of the user, collected with their places.
 *
 * A programmer's mistake is an assert and a network's mishap is a drop; what a person wrote wrongly in a
 * file, an option or a command ends up here. The function that knows what is wrong adds one plain sentence:
 * what was expected, what was found, and the nearest valid word. Nothing is printed by library code; a front
 * prints the list. Several mistakes are collected so that all can be reported at once.
 *
 * The list owns copies of all texts. It stops growing at ERROR_LIMIT entries and only counts from then on. */
#ifndef NETARIUM_BASE_ERROR_H
#define NETARIUM_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#define ERROR_LIMIT 100 /* entries kept; further ones are only counted */

struct error_place {
    const char *file; /* file name or "command line"; may be NULL */
    int line;         /* from 1; 0: unknown */
    int column;       /* from 1, in characters (code points); 0: unknown */
    const char *path; /* JSON path such as nodes.alice.address; may be NULL or "" */
};

struct error_entry {
    char *file;      /* owned, may be NULL */
    char *path;      /* owned, may be NULL */
    char *text;      /* owned: one plain sentence without a final newline */
    int line;        /* as in error_place */
    int column;      /* as in error_place */
    bool is_warning; /* worth saying, but the input can be used */
};

struct error_list {
    struct error_entry *entries; /* owned, `count` of them */
    size_t count;                /* entries kept */
    size_t capacity;             /* entries that fit */
    size_t errors;               /* errors seen, kept or not */
    size_t warnings;             /* warnings seen, kept or not */
};

void error_list_init(struct error_list *list);
void error_list_release(struct error_list *list);

/* Adds one error. `place` is borrowed for the call and may be NULL; the text is printf-like. */
void error_add(struct error_list *list, const struct error_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_add, for what can be lived with. */
void warning_add(struct error_list *list, const struct error_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Orders the entries by file, line and column; entries without a line keep their place at the end. */
void error_list_sort(struct error_list *list);

/* Writes "file:line:column: path: text" (what is unknown is left out) into `ret_text`, always terminated.
 * Returns the length that the whole sentence has. */
size_t error_format(const struct error_entry *entry, char *ret_text, size_t size);

#endif
