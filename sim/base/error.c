/* SPDX-License-Identifier: MIT
 * See error.h. */
#include "sim/base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"

void error_list_init(struct error_list *list)
{
    *list = (struct error_list){0};
}

void error_list_release(struct error_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].file);
        free(list->entries[i].path);
        free(list->entries[i].text);
    }
    free(list->entries);
    *list = (struct error_list){0};
}

static char *copy_of(const char *text)
{
    char *copy = text ? strdup(text) : NULL;
    assert(copy || !text);
    return copy;
}

static void add(struct error_list *list, const struct error_place *place, bool is_warning, const char *format,
                va_list arguments)
{
    static const struct error_place nowhere = {0};
    *(is_warning ? &list->warnings : &list->errors) += 1;
    if (list->count == ERROR_LIMIT)
        return;
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 8;
        list->entries = realloc(list->entries, list->capacity * sizeof *list->entries);
        assert(list->entries);
    }
    char sentence[1000];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    if (!place)
        place = &nowhere;
    list->entries[list->count++] = (struct error_entry){.file = copy_of(place->file),
                                                        .path = copy_of(place->path),
                                                        .text = copy_of(sentence),
                                                        .line = place->line,
                                                        .column = place->column,
                                                        .is_warning = is_warning};
}

void error_add(struct error_list *list, const struct error_place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(list, place, false, format, arguments);
    va_end(arguments);
}

void warning_add(struct error_list *list, const struct error_place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(list, place, true, format, arguments);
    va_end(arguments);
}

static bool is_after(const struct error_entry *a, const struct error_entry *b)
{
    int files = strcmp(a->file ? a->file : "", b->file ? b->file : "");
    if (files)
        return files > 0;
    if (!a->line || !b->line)
        return !a->line && b->line;
    return a->line != b->line ? a->line > b->line : a->column > b->column;
}

void error_list_sort(struct error_list *list)
{
    for (size_t i = 1; i < list->count; i++) { /* insertion: stable, and the list is short */
        struct error_entry entry = list->entries[i];
        size_t place = i;
        while (place > 0 && is_after(&list->entries[place - 1], &entry)) {
            list->entries[place] = list->entries[place - 1];
            place--;
        }
        list->entries[place] = entry;
    }
}

size_t error_format(const struct error_entry *entry, char *ret_text, size_t size)
{
    char whole[2000];
    struct text text = text_in(whole, sizeof whole);
    if (entry->file) {
        text_add_name(&text, entry->file);
        text_add_char(&text, ':');
    }
    if (entry->line)
        text_add(&text, "%d:", entry->line);
    if (entry->line && entry->column)
        text_add(&text, "%d:", entry->column);
    if (entry->file || entry->line)
        text_add_char(&text, ' ');
    if (entry->is_warning)
        text_add(&text, "warning: ");
    if (entry->path && *entry->path) {
        text_add_name(&text, entry->path);
        text_add(&text, ": ");
    }
    text_add(&text, "%s", entry->text);
    return (size_t)snprintf(ret_text, size, "%s", whole);
}
