/* SPDX-License-Identifier: MIT
 * netarium plugin new: a plug-in to begin with, under a name of one's own.
 *
 * The templates are the files of plugins/templates/, which compile and run as they are. In them the type is
 * called my-node where a type's name stands and my_node where C wants an identifier; both become the person's
 * name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/plugin_parts.h"
#include "sim/base/text.h"

#define NAME_MOST 30
#define PATH_SIZE 1000

/* What there is a template of. */
static const struct kind {
    const char *name;  /* on the command line, and of its files */
    const char *words; /* what it is called in a sentence */
    const char
        *taken; /* the category of parts in which the name must be free; NULL: it is a node or a command */
} kinds[] = {{"node", "node type", NULL},
             {"cc", "congestion control", "congestion"},
             {"queue", "queue discipline", "queue"},
             {"app", "pair of commands", NULL}};

#define KINDS (sizeof kinds / sizeof kinds[0])

/* Words that are no identifiers. Longer than a letter, without capitals: names have none. */
static const char *const c_words[] = {
    "asm",    "auto",   "break",    "case",     "char",   "const",    "continue", "default",  "do",
    "double", "else",   "enum",     "extern",   "float",  "for",      "goto",     "if",       "inline",
    "int",    "long",   "register", "restrict", "return", "short",    "signed",   "sizeof",   "static",
    "struct", "switch", "typedef",  "typeof",   "union",  "unsigned", "void",     "volatile", "while"};

struct plan {
    const struct kind *kind;
    const char *name;               /* as a person writes it: "my-bridge" */
    char identifier[NAME_MOST + 1]; /* as C wants it: "my_bridge" */
    const char *dir;                /* where to */
};

/* ---- What is asked for, and whether it can be ---- */

static const struct kind *find_kind(struct front *front, const char *word)
{
    const char *names[KINDS + 1] = {NULL};
    for (size_t i = 0; i < KINDS; i++) {
        names[i] = kinds[i].name;
        if (strcmp(kinds[i].name, word) == 0)
            return &kinds[i];
    }
    const char *nearest = text_nearest(word, names);
    front_say(front, "there is no template of a %s; there are node, cc, queue and app%s%s%s", word,
              nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return NULL;
}

static bool is_lower(char letter)
{
    return letter >= 'a' && letter <= 'z';
}

static bool is_usable(const char *name)
{
    size_t length = strlen(name);
    if (length > NAME_MOST || !is_lower(name[0]) || name[length - 1] == '-')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* The usable name that is nearest to `name`; empty: there is none. */
static void offer_name(const char *name, char ret_name[NAME_MOST + 1])
{
    size_t length = 0;
    for (; *name && length < NAME_MOST; name++) {
        char letter = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        bool is_digit = letter >= '0' && letter <= '9';
        if (is_lower(letter) || (length && is_digit))
            ret_name[length++] = letter;
        else if (length && ret_name[length - 1] != '-')
            ret_name[length++] = '-';
    }
    while (length && ret_name[length - 1] == '-')
        length--;
    ret_name[length] = '\0';
}

static bool check_name(struct front *front, const char *name)
{
    char offered[NAME_MOST + 1];
    if (!is_usable(name)) {
        offer_name(name, offered);
        front_say(front,
                  "\"%s\" cannot be a name: it begins with a lower-case letter and goes on with lower-case "
                  "letters, digits and "
                  "hyphens, %d at most%s%s%s",
                  name, NAME_MOST, offered[0] ? "; did you mean " : "", offered, offered[0] ? "?" : "");
        return false;
    }
    for (size_t i = 0; i < sizeof c_words / sizeof c_words[0]; i++) {
        if (strcmp(c_words[i], name) != 0)
            continue;
        front_say(front, "\"%s\" cannot be a name: it is a word of C; did you mean my-%s?", name, name);
        return false;
    }
    return true;
}

static bool is_free(struct front *front, const struct kind *kind, const char *name)
{
    const struct registry *registry = &front->registry;
    char server[NAME_MOST + 10];
    snprintf(server, sizeof server, "%s-server", name);
    bool is_app = strcmp(kind->name, "app") == 0;
    bool is_taken = kind->taken ? registry_part(registry, kind->taken, name) != NULL
                    : is_app    ? registry_app(registry, name) || registry_app(registry, server)
                                : registry_node(registry, name) != NULL;
    if (is_taken)
        front_say(
            front,
            "there is a %s called \"%s\" already, and two of one name cannot be loaded; did you mean my-%s?",
            is_app ? "command" : kind->words, name, name);
    return !is_taken;
}

/* ---- Writing ---- */

/* Under what name the file of the template is written; false: it is not one of this kind. */
static bool target_of(const struct plan *plan, const char *template, char *ret_name, size_t size)
{
    size_t length = strlen(plan->kind->name);
    if (strcmp(template, "project.meson") == 0)
        snprintf(ret_name, size, "meson.build");
    else if (strcmp(template, "project.text") == 0)
        snprintf(ret_name, size, "README.md");
    else if (strncmp(template, plan->kind->name, length) == 0 && template[length] == '.')
        snprintf(ret_name, size, "%s%s", plan->name, template + length);
    else
        return false;
    return true;
}

/* If `at` begins with my-LAST, or my_LAST: what stands there instead, and how much it replaces. */
static const char *word_at(const struct plan *plan, const char *at, size_t *ret_length)
{
    const struct {
        const char *last, *with_hyphen, *with_underline;
    } words[] = {{plan->kind->name, plan->name, plan->identifier},
                 {"name", plan->name, NULL},
                 {"kind", plan->kind->words, NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const char *instead = at[2] == '-' ? words[i].with_hyphen : words[i].with_underline;
        size_t length = strlen(words[i].last);
        if (instead && strncmp(at + 3, words[i].last, length) == 0) {
            *ret_length = 3 + length;
            return instead;
        }
    }
    return NULL;
}

static void write_text(const struct plan *plan, struct outlet *out, const char *text)
{
    const char *from = text;
    for (const char *at = text; *at; at++) {
        size_t length;
        const char *instead = at[0] == 'm' && at[1] == 'y' && (at[2] == '-' || at[2] == '_')
                                  ? word_at(plan, at, &length)
                                  : NULL;
        if (!instead)
            continue;
        outlet_write(out, from, (size_t)(at - from));
        outlet_text(out, instead);
        from = at + length;
        at = from - 1;
    }
    outlet_text(out, from);
}

static bool write_file(struct front *front, const struct plan *plan, const struct plugin_template *template,
                       const char *name)
{
    struct outlet out;
    struct nt_why why;
    bool is_open = outlet_create_in(&out, plan->dir, name, &why);
    if (is_open)
        write_text(plan, &out, template->text);
    if (is_open && outlet_release(&out, &why))
        return true;
    front_say(front, "%s", why.text);
    return false;
}

/* Writes all files; or, before that, looks whether their names are free. */
static bool each_file(struct front *front, const struct plan *plan, bool writes)
{
    char name[100], path[PATH_SIZE];
    for (const struct plugin_template *one = plugin_templates; one->name; one++) {
        if (!target_of(plan, one->name, name, sizeof name))
            continue;
        snprintf(path, sizeof path, "%s/%s", plan->dir, name);
        if (writes && !write_file(front, plan, one, name))
            return false;
        if (!writes && access(path, F_OK) == 0) {
            front_say(front,
                      "%s is there already, and nothing is overwritten; --dir writes to another folder",
                      path);
            return false;
        }
    }
    return true;
}

/* Where the compiler finds the contract while Netarium runs from the folder in which it was built. */
static void say_where_from(struct front *front)
{
    char own[PATH_SIZE], file[PATH_SIZE + 50];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0)
        return;
    own[length] = '\0';
    for (int up = 0; up < 2; up++) { /* BUILD/cli/netarium */
        char *slash = strrchr(own, '/');
        if (!slash)
            return;
        *slash = '\0';
    }
    snprintf(file, sizeof file, "%s/meson-uninstalled/netarium-uninstalled.pc", own);
    if (access(file, R_OK) == 0)
        outlet_print(&front->out, "    export PKG_CONFIG_PATH='%s/meson-uninstalled'\n", own);
}

static void say_what_next(struct front *front, const struct plan *plan)
{
    const char *name = plan->name;
    outlet_print(&front->out, "%s: a %s in %s/%s.c, and %s.json, meson.build, README.md\n\n", name,
                 plan->kind->words, plan->dir, name, name);
    say_where_from(front);
    outlet_print(&front->out, "    cd %s\n", plan->dir);
    outlet_print(&front->out,
                 "    cc -Wall -Wextra -shared -fPIC $(pkg-config --cflags netarium) %s.c -o %s.so\n", name,
                 name);
    outlet_print(&front->out, "    netarium plugin check %s.so --scenario %s.json\n", name, name);
    outlet_print(&front->out, "    netarium run %s.json --plugin %s.so\n", name, name);
}

enum front_status plugin_new(struct front *front, const struct options *options)
{
    const struct kind *kind = find_kind(front, options->words[1]);
    const char *name = options->words[2], *dir = options->values[PLUGIN_DIR].value.text;
    struct plan plan = {.kind = kind, .name = name, .dir = options->values[PLUGIN_DIR].is_given ? dir : name};
    struct nt_why why;
    if (!kind || !check_name(front, name) || !is_free(front, kind, name))
        return FRONT_INPUT;
    if (strlen(plan.dir) > PATH_SIZE - 100) {
        front_say(front, "the name of the folder is too long");
        return FRONT_INPUT;
    }
    for (size_t i = 0; i <= strlen(name); i++)
        plan.identifier[i] = name[i] == '-' ? '_' : name[i];
    if (!each_file(front, &plan, false))
        return FRONT_INPUT;
    if (!outlet_make_dir(plan.dir, &why)) {
        front_say(front, "%s", why.text);
        return FRONT_INPUT;
    }
    if (!each_file(front, &plan, true))
        return FRONT_SIMULATOR;
    say_what_next(front, &plan);
    return FRONT_HOLDS;
}
