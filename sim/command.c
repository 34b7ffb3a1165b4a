/* SPDX-License-Identifier: MIT
 * Reading a command line: split into words, choose the command, hand each word to the parameter that it is
 * for.
 *
 *     "ping -c 4 bob"  ->  ping | -c | 4 | bob  ->  values of ping's parameters, defaults where nothing was
 * said
 *
 * Called by the scenario loader for actions, and by the run for what a person types. */
#include "sim/command.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/meddle.h"
#include "sim/param.h"
#include "sim/phrase.h"

#define MOST_WORDS 256  /* of one command */
#define MOST_BYTES 8192 /* of one command */

struct word {
    char *text;    /* without its quotes */
    size_t column; /* where it begins in the command, in bytes */
};

/* One command line being read. */
struct reading {
    struct store *store;             /* gets what the command keeps */
    const struct nt_node_type *type; /* of the node that it is for */
    const struct registry *registry; /* knows the commands */
    uint32_t (*find_node)(void *context, const char *name);
    void *context;      /* of find_node */
    const char *whole;  /* the command as written */
    struct word *words; /* `count` of them */
    size_t count;
    size_t next;            /* the word to be looked at */
    bool are_options_over;  /* "--" was seen, or the rest has begun */
    struct command command; /* what was read so far */
    struct nt_why *ret_why; /* where a mistake is told ... */
    size_t *ret_column;     /* ... and its place */
};

static bool wrong(struct reading *r, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(struct reading *r, size_t column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(r->ret_why->text, sizeof r->ret_why->text, format, arguments);
    va_end(arguments);
    *r->ret_column = column;
    return false;
}

/* ---- Words ---- */

/* Copies one word from `at` to `to`, without its quotes. Returns where it ended; NULL: a quote is left open.
 */
static const char *copy_word(const char *at, char *to)
{
    char quote = '\0';
    for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
        if (quote ? *at == quote : *at == '"' || *at == '\'')
            quote = quote ? '\0' : *at;
        else
            *to++ = *at;
    }
    *to = '\0';
    return quote ? NULL : at;
}

static bool split(struct reading *r)
{
    size_t length = strnlen(r->whole, MOST_BYTES + 1);
    if (length > MOST_BYTES)
        return wrong(r, 0, "a command has at most %d bytes", MOST_BYTES);
    size_t most = length / 2 + 1 < MOST_WORDS + 1 ? length / 2 + 1 : MOST_WORDS + 1;
    r->words = store_alloc(r->store, most, sizeof *r->words);
    char *room = store_alloc(r->store, length + 1, 1);
    for (const char *at = r->whole; *(at += strspn(at, " \t\r\n\v\f"));) {
        struct word *word = &r->words[r->count];
        *word = (struct word){room, (size_t)(at - r->whole)};
        if (++r->count > MOST_WORDS)
            return wrong(r, word->column, "a command has at most %d words", MOST_WORDS);
        at = copy_word(at, room);
        if (!at)
            return wrong(r, word->column, "a quote is opened here and never closed");
        room += strlen(room) + 1;
    }
    return true;
}

/* ---- The command's name ---- */

static const struct nt_app_type *command_among(const struct nt_app_type *commands, const char *name)
{
    for (const struct nt_app_type *app = commands; app && app->name; app++)
        if (!strcmp(app->name, name))
            return app;
    return NULL;
}

/* The names of all commands that a node of this type knows. Returns how many there are. */
static size_t all_names(const struct reading *r, const char **ret_names, size_t most)
{
    size_t count = 0;
    for (const struct nt_app_type *app = r->type->commands; app && app->name && count < most; app++)
        ret_names[count++] = app->name;
    if (r->type->flags & NT_NODE_RUNS_APPS)
        for (size_t i = 0; i < r->registry->app_count && count < most; i++)
            ret_names[count++] = r->registry->apps[i]->name;
    return count;
}

static bool choose_app(struct reading *r)
{
    const char *names[256];
    size_t count = all_names(r, names, 256);
    const char *article = phrase_article(r->type->name);
    if (!r->count)
        return wrong(r, 0, "expected a command such as \"%s\", found nothing",
                     count ? names[0] : meddle_commands[0].name);
    const char *name = r->words[0].text;
    const struct nt_app_type *app = command_among(r->type->commands, name);
    if (!app && r->type->flags & NT_NODE_RUNS_APPS)
        app = registry_app(r->registry, name);
    if (!app)
        app = command_among(meddle_commands, name);
    r->command.app = app;
    r->next = 1;
    if (app)
        return true;
    char hint[120];
    if (!count)
        return wrong(r, 0, "%s %s knows no commands", article, r->type->name);
    phrase_hint(name, names, count, hint, sizeof hint);
    return wrong(r, r->words[0].column, "%s %s knows no command \"%.40s\"%s", article, r->type->name, name,
                 hint);
}

/* ---- Values ---- */

/* A part by its name; a command says nothing of its parameters. */
static bool read_part(struct reading *r, const struct nt_param *param, const char *text, size_t column,
                      struct nt_value *ret_value)
{
    const struct nt_part_type *part = registry_part(r->registry, param->words[0], text);
    char hint[120];
    if (part) {
        *ret_value = (struct nt_value){.is_given = true, .text = part->name, .part = part};
        return true;
    }
    registry_hint(r->registry, param->words[0], text, hint, sizeof hint);
    return wrong(r, column, "%s: no %s is called \"%.40s\"%s", param->name,
                 param->words[1] ? param->words[1] : param->words[0], text, hint);
}

static bool read_value(struct reading *r, const struct nt_param *param, const char *text, size_t column,
                       struct nt_value *ret_value)
{
    if (param->kind == NT_PARAM_LIST && !param->parse) {
        *ret_value = (struct nt_value){.is_given = true, .text = text};
        return true;
    }
    if (param->kind == NT_PARAM_PART)
        return read_part(r, param, text, column, ret_value);
    struct nt_param one = *param; /* an item of a list is read like a single value */
    if (param->kind == NT_PARAM_LIST)
        one.kind = NT_PARAM_PARSED;
    struct nt_why why;
    if (!param_read_text(&one, text, true, r->find_node, r->context, ret_value, &why))
        return wrong(r, column, "%s: %.160s", param->name, why.text);
    ret_value->is_given = true;
    return true;
}

/* One more item of a parameter that holds many. */
static bool add_item(struct reading *r, const struct nt_param *param, const char *text, size_t column,
                     struct nt_value *value)
{
    struct nt_value item = {0};
    if (!read_value(r, param, text, column, &item))
        return false;
    struct nt_value *items = (struct nt_value *)(void *)(uintptr_t)value->items;
    if (!(value->count & (value->count - 1))) { /* full at 0, 1, 2, 4, 8: twice the room */
        items = store_alloc(r->store, value->count ? value->count * 2 : 1, sizeof *items);
        if (value->count)
            memcpy(items, value->items, value->count * sizeof *items);
    }
    items[value->count] = item;
    value->is_given = true;
    value->items = items;
    value->count++;
    return true;
}

/* Gives `text` to a parameter, whether it came after an option or by its position. */
static bool give(struct reading *r, const struct nt_param *param, const char *text, size_t column)
{
    size_t index = (size_t)(param - r->command.app->params);
    struct nt_value *value = &r->command.values[index];
    if (!value->is_given)
        r->command.columns[index] = column;
    if (param->kind == NT_PARAM_LIST)
        return add_item(r, param, text, column, value);
    if (value->is_given)
        return wrong(r, column, "\"%s\" is given twice", param->name);
    return read_value(r, param, text, column, value);
}

/* ---- Options ---- */

/* The option that `word` names, up to an equals sign; `*ret_value`: what stands behind the sign, NULL:
 * nothing. */
static const struct nt_param *find_option(const struct reading *r, const char *word, const char **ret_value)
{
    const struct nt_param *param = r->command.app->params;
    for (; param && param->name; param++) {
        size_t length = strlen(param->name);
        if (param->flags & NT_PARAM_POSITIONAL || strncmp(word, param->name, length) != 0)
            continue;
        if (word[length] && word[length] != '=')
            continue;
        *ret_value = word[length] ? word + length + 1 : NULL;
        return param;
    }
    return NULL;
}

static bool refuse_option(struct reading *r, const struct word *word)
{
    const char *names[64];
    size_t count = 0;
    const struct nt_param *param = r->command.app->params;
    for (; param && param->name && count < 64; param++)
        if (!(param->flags & NT_PARAM_POSITIONAL))
            names[count++] = param->name;
    if (!count)
        return wrong(r, word->column, "%s has no options; found \"%.40s\"", r->command.app->name, word->text);
    char hint[120]; /* one letter is as near as any other: then all are listed */
    phrase_hint(strlen(word->text) > 2 ? word->text : "", names, count, hint, sizeof hint);
    return wrong(r, word->column, "%s has no option \"%.40s\"%s", r->command.app->name, word->text, hint);
}

static bool take_option(struct reading *r, const struct nt_param *param, const char *value)
{
    const struct word *word = &r->words[r->next++];
    size_t column = word->column;
    if (param->kind == NT_PARAM_BOOLEAN) {
        if (value)
            return wrong(r, column, "\"%s\" is a switch and takes no value", param->name);
        return give(r, param, "true", column);
    }
    if (!value && r->next < r->count) {
        value = r->words[r->next].text;
        column = r->words[r->next++].column;
    }
    if (!value) {
        char description[120];
        param_describe(param, description, sizeof description);
        return wrong(r, column, "\"%s\" wants a value after it: %s", param->name, description);
    }
    return give(r, param, value, column);
}

/* The switch "-t" of one letter, or NULL. */
static const struct nt_param *find_switch(const struct reading *r, char letter)
{
    const struct nt_param *param = r->command.app->params;
    for (; param && param->name; param++)
        if (param->kind == NT_PARAM_BOOLEAN && param->name[0] == '-' && param->name[1] == letter &&
            !param->name[2])
            return param;
    return NULL;
}

/* Switches of one letter may stand together: "-tan" is "-t -a -n". */
static bool is_cluster(const struct reading *r, const char *text)
{
    if (text[0] != '-' || !text[1] || !text[2])
        return false;
    for (const char *letter = text + 1; *letter; letter++)
        if (!find_switch(r, *letter))
            return false;
    return true;
}

static bool take_cluster(struct reading *r)
{
    const struct word *word = &r->words[r->next++];
    for (const char *letter = word->text + 1; *letter; letter++)
        if (!give(r, find_switch(r, *letter), "true", word->column))
            return false;
    return true;
}

/* ---- Words by their position ---- */

/* The parameter for the next word that is no option; NULL: none is left. */
static const struct nt_param *next_positional(const struct reading *r)
{
    const struct nt_param *param = r->command.app->params;
    for (size_t i = 0; param && param[i].name; i++)
        if (param[i].flags & NT_PARAM_POSITIONAL &&
            (!r->command.values[i].is_given || param[i].flags & NT_PARAM_REST))
            return &param[i];
    return NULL;
}

static bool take_positional(struct reading *r, const struct nt_param *param)
{
    const struct word *word = &r->words[r->next++];
    if (!param)
        return wrong(r, word->column, "%s takes no more words; found \"%.40s\"", r->command.app->name,
                     word->text);
    if (!(param->flags & NT_PARAM_REST))
        return give(r, param, word->text, word->column);
    size_t index = (size_t)(param - r->command.app->params);
    struct nt_value *value = &r->command.values[index];
    r->command.columns[index] = word->column;
    value->text = store_text(r->store, r->whole + word->column, strlen(r->whole + word->column));
    for (; word < r->words + r->count; word++)
        if (!add_item(r, param, word->text, word->column, value))
            return false;
    r->next = r->count;
    return true;
}

/* Does this word look like an option? "-5" is a number and "-" a word. */
static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] && !isdigit((unsigned char)text[1]);
}

static bool read_words(struct reading *r)
{
    while (r->next < r->count) {
        const struct word *word = &r->words[r->next];
        const struct nt_param *positional = next_positional(r);
        const char *value = NULL;
        const struct nt_param *option = r->are_options_over ? NULL : find_option(r, word->text, &value);
        bool fine = true;
        if (!r->are_options_over && !strcmp(word->text, "--")) {
            r->are_options_over = true;
            r->next++;
        } else if (option) {
            fine = take_option(r, option, value);
        } else if (!r->are_options_over && is_cluster(r, word->text)) {
            fine = take_cluster(r);
        } else if (!r->are_options_over && is_option(word->text) &&
                   !(positional && positional->flags & NT_PARAM_REST)) {
            fine = refuse_option(r, word);
        } else {
            fine = take_positional(r, positional);
        }
        if (!fine)
            return false;
    }
    return true;
}

static bool refuse_missing(struct reading *r, const struct nt_param *param)
{
    return wrong(r, strlen(r->whole), "%s needs \"%s\": %s", r->command.app->name, param->name,
                 param->summary);
}

/* Defaults for what was not said; a sentence for what had to be. */
static bool fill_in(struct reading *r)
{
    for (size_t i = 0; i < r->command.count; i++) {
        const struct nt_param *param = &r->command.app->params[i];
        struct nt_value *value = &r->command.values[i];
        if (value->is_given)
            continue;
        if (param->flags & NT_PARAM_REQUIRED)
            return refuse_missing(r, param);
        if (!param->default_text)
            continue;
        *r->ret_column = 0;
        if (param->kind == NT_PARAM_PART
                ? !read_part(r, param, param->default_text, 0, value)
                : !param_read_text(param, param->default_text, true, NULL, NULL, value, r->ret_why))
            return false;
        value->is_given = false;
    }
    return true;
}

bool command_read_into(struct store *store, const struct registry *registry, const struct nt_node_type *type,
                       const char *words, uint32_t (*find_node)(void *context, const char *name),
                       void *context, struct command *ret_command, struct nt_why *ret_why, size_t *ret_column)
{
    struct reading r = {.store = store,
                        .registry = registry,
                        .type = type,
                        .whole = words,
                        .find_node = find_node,
                        .context = context,
                        .ret_why = ret_why,
                        .ret_column = ret_column};
    if (!split(&r) || !choose_app(&r))
        return false;
    r.command.count = param_count(r.command.app->params);
    r.command.values = store_alloc(store, r.command.count, sizeof *r.command.values);
    r.command.columns = store_alloc(store, r.command.count, sizeof *r.command.columns);
    for (size_t i = 0; i < r.command.count; i++)
        r.command.columns[i] = strlen(words);
    if (!read_words(&r) || !fill_in(&r))
        return false;
    *ret_command = r.command;
    return true;
}

bool command_read(const struct registry *registry, const struct nt_node_type *type, const char *words,
                  uint32_t (*find_node)(void *context, const char *name), void *context,
                  struct command *ret_command, struct nt_why *ret_why, size_t *ret_column)
{
    struct store store;
    store_init(&store);
    if (!command_read_into(&store, registry, type, words, find_node, context, ret_command, ret_why,
                           ret_column)) {
        store_release(&store);
        return false;
    }
    ret_command->storage = store;
    return true;
}

void command_release(struct command *command)
{
    store_release(&command->storage);
}
