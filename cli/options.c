/* SPDX-License-Identifier: MIT
 * Reading a command line by a table. */
#include "cli/options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/param.h"

/* What stands on the line, and how far it was read. */
struct line {
    char *const *words;
    int count;
    int next;
    struct error_place place;
    struct error_list *errors;
};

static size_t table_length(const struct option *table)
{
    size_t count = 0;
    while (table[count].param.name)
        count++;
    return count;
}

/* Entry with this name, which ends at `length`; -1: none. */
static int find_option(const struct option *table, const char *name, size_t length)
{
    for (int i = 0; table[i].param.name; i++)
        if (strlen(table[i].param.name) == length && strncmp(table[i].param.name, name, length) == 0)
            return i;
    return -1;
}

static void refuse_option(const struct line *line, const struct option *table, const char *word,
                          size_t length)
{
    size_t count = table_length(table);
    const char **names = calloc(count + 1, sizeof *names);
    char *name = strndup(word, length);
    assert(names && name);
    for (size_t i = 0; i < count; i++)
        names[i] = table[i].param.name;
    const char *nearest = text_nearest(name, names);
    if (nearest)
        error_add(line->errors, &line->place, "there is no option %s; did you mean %s?", name, nearest);
    else
        error_add(line->errors, &line->place, "there is no option %s; --help shows them all", name);
    free(names);
    free(name);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* The value behind the option, from the same word or the next; NULL: there is none. */
static const char *take_value(struct line *line, const struct option *option, const char *equals)
{
    const char *next = line->next < line->count ? line->words[line->next] : NULL;
    if (equals)
        return equals + 1;
    if (!next || (option->flags & OPTION_MAY_BE_BARE && (next[0] == '-' || ends_with(next, ".json"))))
        return NULL;
    line->next++;
    return next;
}

static void keep_text(struct option_value *value, const char *text)
{
    value->texts = realloc(value->texts, (value->count + 1) * sizeof *value->texts);
    assert(value->texts);
    value->texts[value->count++] = text;
}

static void read_value(const struct line *line, const struct option *option, const char *text,
                       struct option_value *value)
{
    struct nt_why why;
    if (!text && !(option->flags & OPTION_MAY_BE_BARE)) {
        error_add(line->errors, &line->place, "%s needs a value: %s %s", option->param.name,
                  option->param.name, option->shown);
        return;
    }
    if (text && option->param.kind == NT_PARAM_TEXT)
        value->value.text = text;
    else if (text && !param_read_text(&option->param, text, true, NULL, NULL, &value->value, &why)) {
        error_add(line->errors, &line->place, "%s: %s", option->param.name, why.text);
        return;
    }
    if (text && option->flags & OPTION_REPEATS)
        keep_text(value, text);
    value->is_given = true;
}

static void read_option(struct options *options, struct line *line, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    int found = find_option(options->table, word, length);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        options->wants_help = true;
        return;
    }
    if (found < 0) {
        refuse_option(line, options->table, word, length);
        return;
    }
    const struct option *option = &options->table[found];
    if (option->shown)
        read_value(line, option, take_value(line, option, equals), &options->values[found]);
    else if (equals)
        error_add(line->errors, &line->place, "%s takes no value", option->param.name);
    else
        options->values[found].is_given = true;
}

bool options_read(struct options *options, const struct option *table, const char *place, int count,
                  char *const *arguments, struct error_list *errors)
{
    struct line line = {.words = arguments, .count = count, .place = {.file = place}, .errors = errors};
    size_t before = errors->errors;
    bool are_over = false;
    *options = (struct options){.table = table};
    options->values = calloc(table_length(table) + 1, sizeof *options->values);
    options->words = calloc((size_t)count + 1, sizeof *options->words);
    assert(options->values && options->words);
    while (line.next < count) {
        const char *word = arguments[line.next++];
        if (!are_over && strcmp(word, "--") == 0)
            are_over = true;
        else if (!are_over && word[0] == '-' && word[1])
            read_option(options, &line, word);
        else
            options->words[options->word_count++] = word;
    }
    return errors->errors == before;
}

void options_release(struct options *options)
{
    for (size_t i = 0; options->values && options->table[i].param.name; i++)
        free(options->values[i].texts);
    free(options->values);
    free(options->words);
    *options = (struct options){0};
}
