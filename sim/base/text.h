/* SPDX-License-Identifier: MIT
 * Building and judging text, in storage that the caller owns. Never overflows, always terminated. */
#ifndef NETARIUM_BASE_TEXT_H
#define NETARIUM_BASE_TEXT_H

#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *start;   /* the caller's storage */
    size_t size;   /* its bytes, at least 1 */
    size_t length; /* bytes in it now, the terminator not counted */
    bool is_cut;   /* something did not fit */
};

/* An empty text in `storage` of `size` bytes (at least 1). */
struct text text_in(char *storage, size_t size);

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_list(struct text *text, const char *format, va_list arguments);
void text_add_char(struct text *text, char c);
void text_add_bytes(struct text *text, const char *bytes, size_t length);

/* Adds a name that a stranger chose, of a file or a key: a control character, a line break too, becomes '?'. */
void text_add_name(struct text *text, const char *name);

/* Adds `number` with `separator` between groups of three digits: 1 234 567. */
void text_add_grouped(struct text *text, int64_t number, const char *separator);

/* How far two words are apart: insertions, deletions, changes, swapped neighbours; case does not count. */
size_t text_distance(const char *a, const char *b);

/* The nearest of `candidates` (ended by NULL) to `word`, if it is near enough to be meant; else NULL. */
const char *text_nearest(const char *word, const char *const *candidates);

/* Is a candidate this far away near enough to be meant by `word`? */
bool text_is_near(const char *word, size_t distance);

/* Checks UTF-8 strictly (no overlong forms, no surrogates, up to U+10FFFF). False: `ret_offset` is the first
 * bad byte. */
bool text_utf8_check(const char *bytes, size_t length, size_t *ret_offset);

/* Is it a name: letters, digits, - and _, beginning with a letter or digit, at most 63 characters? */
bool text_is_name(const char *word);

#endif
