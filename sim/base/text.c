/* SPDX-License-Identifier: MIT
 * See text.h. */
#include "sim/base/text.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WORD_MOST 64 /* words longer than this are compared by their beginning */
#define NAME_MOST 63

struct text text_in(char *storage, size_t size)
{
    assert(size >= 1);
    storage[0] = '\0';
    return (struct text){storage, size, 0, false};
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    size_t room = text->size - 1 - text->length;
    if (length > room) {
        length = room;
        text->is_cut = true;
    }
    memcpy(text->start + text->length, bytes, length);
    text->length += length;
    text->start[text->length] = '\0';
}

void text_add_char(struct text *text, char c)
{
    text_add_bytes(text, &c, 1);
}

void text_add_name(struct text *text, const char *name)
{
    for (; *name; name++)
        text_add_char(text, (unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name);
}

void text_add_list(struct text *text, const char *format, va_list arguments)
{
    size_t room = text->size - text->length;
    int length = vsnprintf(text->start + text->length, room, format, arguments);
    assert(length >= 0);
    if ((size_t)length >= room) {
        text->is_cut = true;
        length = (int)room - 1;
    }
    text->length += (size_t)length;
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_add_list(text, format, arguments);
    va_end(arguments);
}

void text_add_grouped(struct text *text, int64_t number, const char *separator)
{
    char digits[24];
    uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)magnitude);
    if (number < 0)
        text_add_char(text, '-');
    for (int i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            text_add(text, "%s", separator);
        text_add_char(text, digits[i]);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t text_distance(const char *a, const char *b)
{
    size_t rows = least(strlen(a), WORD_MOST), columns = least(strlen(b), WORD_MOST);
    size_t cost[3][WORD_MOST + 1]; /* this row, the one before, the one before that */
    size_t *row = cost[0], *above = cost[1], *above2 = cost[2];
    for (size_t c = 0; c <= columns; c++)
        row[c] = c;
    for (size_t r = 1; r <= rows; r++) {
        size_t *spare = above2;
        above2 = above;
        above = row;
        row = spare;
        row[0] = r;
        for (size_t c = 1; c <= columns; c++) {
            int x = tolower((unsigned char)a[r - 1]), y = tolower((unsigned char)b[c - 1]);
            row[c] = least(least(above[c], row[c - 1]) + 1, above[c - 1] + (x != y));
            if (r > 1 && c > 1 && x == tolower((unsigned char)b[c - 2]) &&
                y == tolower((unsigned char)a[r - 2]))
                row[c] = least(row[c], above2[c - 2] + 1);
        }
    }
    return row[columns];
}

bool text_is_near(const char *word, size_t distance)
{
    size_t length = strlen(word);
    return distance <= (length <= 4 ? 1 : length <= 8 ? 2 : 3) && distance < length;
}

const char *text_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (; *candidates; candidates++) {
        size_t distance = text_distance(word, *candidates);
        if (distance < best_distance) {
            best = *candidates;
            best_distance = distance;
        }
    }
    return best && text_is_near(word, best_distance) ? best : NULL;
}

/* Length of the UTF-8 sequence at `bytes`, 0 if it is not one. Ranges of the second byte: RFC 3629 section 4.
 */
static size_t utf8_sequence(const unsigned char *bytes, size_t left)
{
    unsigned char first = bytes[0];
    size_t length = first < 0x80   ? 1
                    : first < 0xc2 ? 0
                    : first < 0xe0 ? 2
                    : first < 0xf0 ? 3
                    : first < 0xf5 ? 4
                                   : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] < (i == 1 ? low : 0x80) || bytes[i] > (i == 1 ? high : 0xbf))
            return 0;
    }
    return length;
}

bool text_utf8_check(const char *bytes, size_t length, size_t *ret_offset)
{
    for (size_t at = 0; at < length;) {
        size_t step = utf8_sequence((const unsigned char *)bytes + at, length - at);
        if (!step) {
            *ret_offset = at;
            return false;
        }
        at += step;
    }
    return true;
}

bool text_is_name(const char *word)
{
    size_t length = strlen(word);
    if (length == 0 || length > NAME_MOST || word[0] == '-' || word[0] == '_')
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = word[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && c != '-' && c != '_')
            return false;
    }
    return true;
}
