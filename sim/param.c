/* SPDX-License-Identifier: MIT
 * One table of kinds serves reading, showing and describing. Sentences have the form "expected this, found
 * that". */
#include "sim/param.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/phrase.h"

#define NO_UNITS UNITS_CLASSES /* the kind is no quantity with a unit */

static const struct {
    const char *noun;        /* "a rate" */
    const char *example;     /* "10 Mbps"; NULL: none is needed */
    enum units_class units;  /* how its text is read, or NO_UNITS */
    const char *bare;        /* the unit of a bare number ... */
    const char *bare_option; /* ... and of one on a command line */
} kinds[] = {
    [NT_PARAM_INTEGER] = {"a whole number", "42", NO_UNITS, "", ""},
    [NT_PARAM_BOOLEAN] = {"true or false", NULL, NO_UNITS, "", ""},
    [NT_PARAM_TIME] = {"a time", "1.5 s", UNITS_TIME, "", "s"},
    [NT_PARAM_RATE] = {"a rate", "10 Mbps", UNITS_RATE, "", ""},
    [NT_PARAM_LENGTH] = {"a length", "500 m", UNITS_LENGTH, "", ""},
    [NT_PARAM_BYTES] = {"a number of bytes", "64 kB", UNITS_BYTES, "B", "B"},
    [NT_PARAM_AMOUNT] = {"an amount", "64 packets", NO_UNITS, "", ""},
    [NT_PARAM_PERCENT] = {"a percentage", "2 %", UNITS_PERCENT, "", ""},
    [NT_PARAM_WORD] = {"a word", NULL, NO_UNITS, "", ""},
    [NT_PARAM_TEXT] = {"a text", NULL, NO_UNITS, "", ""},
    [NT_PARAM_NODE] = {"the name of a node", NULL, NO_UNITS, "", ""},
    [NT_PARAM_PARSED] = {"a text", NULL, NO_UNITS, "", ""},
    [NT_PARAM_MAP] = {"an object of texts", NULL, NO_UNITS, "", ""},
    [NT_PARAM_LIST] = {"a list of texts", NULL, NO_UNITS, "", ""},
    [NT_PARAM_PART] = {"an object", NULL, NO_UNITS, "", ""},
    [NT_PARAM_PARTS] = {"a list of objects", NULL, NO_UNITS, "", ""},
};

const char *param_kind_noun(enum nt_param_kind kind)
{
    return kinds[kind].noun;
}

const char *param_kind_example(enum nt_param_kind kind)
{
    return kinds[kind].example;
}

/* ---- Showing ---- */

static void show_number(const struct nt_param *param, int64_t number, int64_t extra, struct text *text)
{
    if (kinds[param->kind].units != NO_UNITS)
        units_show(kinds[param->kind].units, number, text);
    else if (param->kind == NT_PARAM_AMOUNT && extra)
        units_show(UNITS_BYTES, number, text);
    else
        text_add(text, "%lld%s%s", (long long)number, param->kind == NT_PARAM_AMOUNT ? " packet" : "",
                 param->kind == NT_PARAM_AMOUNT && number != 1 ? "s" : "");
}

void param_show(const struct nt_param *param, const struct nt_value *value, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    if (!value->is_given && !value->text && !value->part)
        return; /* neither given nor a default */
    switch (param->kind) {
    case NT_PARAM_BOOLEAN:
        text_add(&text, value->number ? "true" : "false");
        return;
    case NT_PARAM_WORD:
        text_add(&text, "%s", param->words[value->number]);
        return;
    case NT_PARAM_PART:
        text_add(&text, "%s", value->part ? value->part->name : "");
        return;
    case NT_PARAM_MAP:
    case NT_PARAM_LIST:
    case NT_PARAM_PARTS:
        for (uint32_t i = 0; i < value->count; i++) {
            const struct nt_value *item = &value->items[i];
            text_add(&text, "%s%s%s", i ? ", " : "", item->key ? item->key : "", item->key ? " " : "");
            text_add(&text, "%s", item->part ? item->part->name : item->text ? item->text : "");
            for (uint32_t j = 1; param->flags & NT_PARAM_MANY && j < item->count; j++)
                text_add(&text, ", %s", item->items[j].text);
        }
        return;
    case NT_PARAM_TEXT:
    case NT_PARAM_NODE:
    case NT_PARAM_PARSED:
        text_add(&text, "%s", value->text ? value->text : "");
        for (uint32_t i = 1; param->flags & NT_PARAM_MANY && i < value->count; i++)
            text_add(&text, ", %s", value->items[i].text);
        return;
    default:
        show_number(param, value->number, value->extra, &text);
    }
}

static bool has_range(const struct nt_param *param)
{
    return param->least || param->most;
}

/* " from 1 bps to 10 Tbps", " of at least 1 ps", " that is not negative" */
static void add_range(const struct nt_param *param, int64_t extra, struct text *text)
{
    if (!has_range(param)) {
        text_add(text, " that is not negative");
        return;
    }
    text_add(text, param->most == INT64_MAX ? " of at least " : " from ");
    show_number(param, param->least, extra, text);
    if (param->most == INT64_MAX)
        return;
    text_add(text, " to ");
    show_number(param, param->most, extra, text);
}

static void add_words(const char *const *words, struct text *text)
{
    for (size_t i = 0; words[i]; i++)
        text_add(text, "%s%s", !i ? "" : words[i + 1] ? ", " : " or ", words[i]);
}

void param_describe(const struct nt_param *param, char *ret_text, size_t size)
{
    struct text text = text_in(ret_text, size);
    if (param->kind == NT_PARAM_WORD)
        add_words(param->words, &text);
    else if (param->kind == NT_PARAM_PART) {
        const char *noun = param->words[1] ? param->words[1] : param->words[0];
        text_add(&text, "%s %s", phrase_article(noun), noun);
    } else if (param->kind == NT_PARAM_PARTS)
        text_add(&text, "a list of %s parts", param->words[0]);
    else
        text_add(&text, "%s", kinds[param->kind].noun);
    if (has_range(param))
        add_range(param, 0, &text);
    else if (kinds[param->kind].example)
        text_add(&text, " such as %s", kinds[param->kind].example);
    if (param->default_text)
        text_add(&text, ", default %s", param->default_text);
}

/* ---- Reading ---- */

/* What stands there; a bare number without quotes. */
static void add_found(const char *text, struct text *why)
{
    bool is_number = *text && !text[strspn(text, "+-.0123456789")];
    text_add(why, is_number ? ", found %.60s" : ", found \"%.60s\"", text);
}

static bool refuse(struct text *why, const char *noun, const char *example, const char *text)
{
    text_add(why, "expected %s", noun);
    if (example)
        text_add(why, " such as \"%s\"", example);
    add_found(text, why);
    return false;
}

static bool check_range(const struct nt_param *param, const char *text, const struct nt_value *value,
                        struct text *why)
{
    if (has_range(param) ? value->number >= param->least && value->number <= param->most : value->number >= 0)
        return true;
    text_add(why, "expected %s", kinds[param->kind].noun);
    add_range(param, value->extra, why);
    add_found(text, why);
    return false;
}

static bool read_integer(const char *text, struct nt_value *value, struct text *why)
{
    char *end;
    const char *digits = text + (text[0] == '-');
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (digits[0] < '0' || digits[0] > '9' || *end)
        return refuse(why, "a whole number", NULL, text);
    if (errno) {
        text_add(why, "\"%.60s\" is too large to count with", text);
        return false;
    }
    value->number = number;
    return true;
}

/* "64 packets" or "250 kB"; a bare number could mean either and is refused. */
static bool read_amount(const char *text, struct nt_value *value, struct text *why)
{
    enum units_class which;
    size_t used;
    char unused[200];
    struct text silence = text_in(unused, sizeof unused);
    const char *start = text + strspn(text, " \t");
    const char *noun = "an amount such as \"64 packets\" or \"250 kB\"";
    bool is_bare = !start[strspn(start, "+-.0123456789 \t")];
    if (is_bare || !units_read_any(start, &which, &value->number, &used, &silence))
        return refuse(why, noun, NULL, text);
    if (start[used + strspn(start + used, " \t")] || (which != UNITS_COUNT && which != UNITS_BYTES))
        return refuse(why, noun, NULL, text);
    value->extra = which == UNITS_BYTES;
    return true;
}

static bool read_boolean(const char *text, struct nt_value *value, struct text *why)
{
    value->number = !strcmp(text, "true");
    return value->number || !strcmp(text, "false") || refuse(why, "true or false", NULL, text);
}

static bool read_word(const struct nt_param *param, const char *text, struct nt_value *value,
                      struct text *why)
{
    for (size_t i = 0; param->words[i]; i++) {
        if (!strcmp(param->words[i], text)) {
            value->number = (int64_t)i;
            return true;
        }
    }
    text_add(why, "expected ");
    add_words(param->words, why);
    text_add(why, ", found \"%.40s\"", text);
    const char *nearest = text_nearest(text, param->words);
    if (nearest)
        text_add(why, "; did you mean \"%s\"?", nearest);
    return false;
}

static bool read_parsed(const struct nt_param *param, const char *text, struct nt_value *value,
                        struct text *why)
{
    struct nt_why own = {""};
    if (param->parse(text, value, &own))
        return true;
    own.text[sizeof own.text - 1] = '\0';
    if (!own.text[0])
        return refuse(why, "another text", NULL, text);
    text_add(why, "%s", own.text);
    return false;
}

bool param_read_text(const struct nt_param *param, const char *text, bool is_option,
                     uint32_t (*find_node)(void *context, const char *name), void *context,
                     struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct nt_value value = {.text = text};
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    bool fine = true;
    switch (param->kind) {
    case NT_PARAM_INTEGER:
        fine = read_integer(text, &value, &why) && check_range(param, text, &value, &why);
        break;
    case NT_PARAM_AMOUNT:
        fine = read_amount(text, &value, &why) && check_range(param, text, &value, &why);
        break;
    case NT_PARAM_BOOLEAN:
        fine = read_boolean(text, &value, &why);
        break;
    case NT_PARAM_WORD:
        fine = read_word(param, text, &value, &why);
        break;
    case NT_PARAM_NODE:
        value.number = find_node ? find_node(context, text) : 0;
        fine = !find_node || value.number;
        if (!fine)
            text_add(&why, "no node is called \"%.63s\"", text);
        break;
    case NT_PARAM_PARSED:
        fine = read_parsed(param, text, &value, &why);
        break;
    case NT_PARAM_TEXT:
        break;
    default: {
        assert(kinds[param->kind].units != NO_UNITS);
        const char *bare = is_option ? kinds[param->kind].bare_option : kinds[param->kind].bare;
        fine = units_read(kinds[param->kind].units, text, bare, &value.number, &why) &&
               check_range(param, text, &value, &why);
    }
    }
    if (fine)
        *ret_value = value;
    return fine;
}

/* ---- Tables ---- */

size_t param_count(const struct nt_param *params)
{
    size_t count = 0;
    while (params && params[count].name)
        count++;
    return count;
}

const struct nt_param *param_find(const struct nt_param *params, const char *name)
{
    for (; params && params->name; params++)
        if (!strcmp(params->name, name))
            return params;
    return NULL;
}

const char *param_nearest(const struct nt_param *params, const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    for (; params && params->name; params++) {
        size_t distance = text_distance(name, params->name);
        if (distance < best_distance) {
            best = params->name;
            best_distance = distance;
        }
    }
    return best && text_is_near(name, best_distance) ? best : NULL;
}
