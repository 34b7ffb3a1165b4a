/* SPDX-License-Identifier: MIT
 * What can be seen of a plug-in without running it: names, parameters, tables, records, and what it calls of
 * the machine.
 *
 * Loading has refused already what the simulator cannot use (sim/registry_check.c). Here is looked for what
 * it can use, and people cannot. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/plugin_trial.h"
#include "sim/inspect.h"
#include "sim/param.h"

static bool is_empty(const char *text)
{
    return !text || !text[0];
}

/* As queries want names of columns, fields and kinds: letters, digits, _ and, for kinds, a dot. */
static bool is_word(const char *name, bool with_dot)
{
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_' && !(with_dot && *at == '.'))
            return false;
    return isalpha((unsigned char)name[0]);
}

/* ---- Names ---- */

static void look_at_name(struct plugin_trial *trial, const char *what, const char *name, const char *summary,
                         struct text *names)
{
    text_add(names, "%s%s", names->length ? ", " : "", name);
    if (!text_is_name(name))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "%s \"%s\": a name has letters, digits, - and _, and begins with a letter or digit",
                          what, name);
    if (is_empty(summary))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "%s \"%s\" has no summary: lists and help have nothing to say of it", what, name);
}

static void look_at_names(struct plugin_trial *trial)
{
    const struct plugin_types *types = &trial->types;
    char words[300];
    struct text names = text_in(words, sizeof words);
    plugin_report_begin(trial->report, PLUGIN_NAMES);
    if (is_empty(trial->plugin->summary))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "the plug-in has no summary");
    for (size_t i = 0; i < types->node_count; i++)
        look_at_name(trial, "node type", types->nodes[i]->name, types->nodes[i]->summary, &names);
    for (size_t i = 0; i < types->app_count; i++)
        look_at_name(trial, "command", types->apps[i]->name, types->apps[i]->summary, &names);
    for (size_t i = 0; i < types->part_count; i++)
        look_at_name(trial, types->parts[i]->category, types->parts[i]->name, types->parts[i]->summary,
                     &names);
    plugin_report_end(trial->report, "%s", words);
}

/* ---- Parameters ---- */

static size_t look_at_table(struct plugin_trial *trial, const char *what, const char *name,
                            const struct nt_param *params)
{
    size_t count = param_count(params);
    for (size_t i = 0; i < count; i++) {
        const struct nt_param *param = &params[i];
        if (is_empty(param->summary))
            plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                              "%s \"%s\": parameter \"%s\" has no sentence that explains it", what, name,
                              param->name);
        if (param->flags & NT_PARAM_REQUIRED && param->default_text)
            plugin_report_add(trial->report, PLUGIN_IS_ODD,
                              "%s \"%s\": parameter \"%s\" must be given, so its default is never used", what,
                              name, param->name);
    }
    return count;
}

static void look_at_parameters(struct plugin_trial *trial)
{
    const struct plugin_types *types = &trial->types;
    size_t count = 0;
    plugin_report_begin(trial->report, PLUGIN_PARAMETERS);
    for (size_t i = 0; i < types->node_count; i++) {
        const struct nt_node_type *type = types->nodes[i];
        count += look_at_table(trial, "node type", type->name, type->params);
        count += look_at_table(trial, "node type", type->name, type->port_params);
        for (const struct nt_app_type *command = type->commands; command && command->name; command++)
            count += look_at_table(trial, "command", command->name, command->params);
    }
    for (size_t i = 0; i < types->app_count; i++)
        count += look_at_table(trial, "command", types->apps[i]->name, types->apps[i]->params);
    for (size_t i = 0; i < types->part_count; i++)
        count +=
            look_at_table(trial, types->parts[i]->category, types->parts[i]->name, types->parts[i]->params);
    if (!count)
        plugin_report_end(trial->report, "it has none");
    plugin_report_end(trial->report, "%zu, each with a sentence; defaults lie within their ranges", count);
}

/* ---- Tables ---- */

static void look_at_columns(struct plugin_trial *trial, const struct nt_node_type *type,
                            const struct nt_table *table)
{
    if (!is_word(table->name, false))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "node type \"%s\": the table \"%s\" cannot be named in a query", type->name,
                          table->name);
    if (is_empty(table->summary))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "node type \"%s\": the table \"%s\" has no summary",
                          type->name, table->name);
    if (!table->row)
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "node type \"%s\": the table \"%s\" has nothing that fills its rows", type->name,
                          table->name);
    if (inspect_column_count(table) == 0)
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "node type \"%s\": the table \"%s\" has no columns",
                          type->name, table->name);
    for (int i = 0; i < inspect_column_count(table); i++)
        if (!is_word(table->columns[i].name, false))
            plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                              "node type \"%s\": the column \"%s\" of \"%s\" cannot be named in a query",
                              type->name, table->columns[i].name, table->name);
}

static void look_at_tables(struct plugin_trial *trial)
{
    size_t count = 0;
    plugin_report_begin(trial->report, PLUGIN_TABLES);
    for (size_t i = 0; i < trial->types.node_count; i++)
        for (const struct nt_table *table = trial->types.nodes[i]->tables; table && table->name;
             table++, count++)
            look_at_columns(trial, trial->types.nodes[i], table);
    if (!count)
        plugin_report_end(trial->report, "it has none");
    plugin_report_end(trial->report, "%zu, with columns that a query can name", count);
}

/* ---- Records ---- */

/* The first {word} of the sentence that is neither a field nor one that every record knows. */
static bool find_unknown(const struct nt_kind *kind, char *ret_word, size_t size)
{
    for (const char *at = kind->sentence; (at = strchr(at, '{')); at++) {
        size_t length = strcspn(at + 1, "}");
        snprintf(ret_word, size, "%.*s", (int)length, at + 1);
        bool is_known = !strcmp(ret_word, "node") || !strcmp(ret_word, "port") || !strcmp(ret_word, "frame");
        if (!is_known && inspect_field(kind, ret_word) < 0)
            return true;
    }
    return false;
}

static void look_at_kind(struct plugin_trial *trial, const struct nt_kind *kind)
{
    char word[80];
    if (!is_word(kind->name, true) || !strchr(kind->name, '.'))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "the kind of record \"%s\" is not called like family.fact", kind->name);
    if (is_empty(kind->sentence))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT, "the kind of record \"%s\" has no sentence",
                          kind->name);
    else if (find_unknown(kind, word, sizeof word))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "the kind of record \"%s\": its sentence names {%s}, which is no field of it",
                          kind->name, word);
    if (kind->flags & NT_KIND_GAUGE && !inspect_field_count(kind))
        plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                          "the kind of record \"%s\" is a gauge without a field", kind->name);
    for (int i = 0; i < inspect_field_count(kind); i++)
        if (kind->fields[i].unit == NT_UNIT_WORD && !kind->fields[i].words)
            plugin_report_add(trial->report, PLUGIN_IS_FAULT,
                              "the kind of record \"%s\": its field \"%s\" is a word, and has no words",
                              kind->name, kind->fields[i].name);
}

static size_t look_at_kinds(struct plugin_trial *trial, const struct nt_kind *kinds)
{
    size_t count = 0;
    for (; kinds && kinds->name; kinds++, count++)
        look_at_kind(trial, kinds);
    return count;
}

/* Node types say what they tell when a node is made: those that the machine's object holds are its own. */
static void look_at_records(struct plugin_trial *trial)
{
    size_t count = 0;
    plugin_report_begin(trial->report, PLUGIN_RECORDS);
    for (size_t i = 0; i < trial->types.app_count; i++)
        count += look_at_kinds(trial, trial->types.apps[i]->kinds);
    for (size_t i = 0; i < trial->types.part_count; i++)
        count += look_at_kinds(trial, trial->types.parts[i]->kinds);
    for (size_t i = 0; i < trial->scene_count; i++) {
        struct plugin_play play;
        if (!trial->scenes[i].untried[0] &&
            plugin_play_open(&play, trial->registry, &trial->scenes[i], false))
            for (uint32_t kind = 1; kind <= run_kind_count(play.run); kind++)
                if (plugin_object_holds(&trial->object, run_kind_at(play.run, kind))) {
                    look_at_kind(trial, run_kind_at(play.run, kind));
                    count++;
                }
        if (!trial->scenes[i].untried[0])
            plugin_play_close(&play);
    }
    plugin_report_end(trial->report, count ? "their sentences name fields that they have" : "it tells none");
}

/* ---- Calls ---- */

static const struct {
    const char *why;
    enum plugin_verdict verdict;
    const char *names[24];
} foreign[] = {
    {"the machine's clock: two runs would differ; nt_now is the time",
     PLUGIN_IS_FAULT,
     {"time", "clock", "clock_gettime", "gettimeofday", "timespec_get", "ftime", "localtime", "gmtime",
      "sleep", "usleep", "nanosleep", "alarm"}},
    {"dice that nobody can throw again: nt_random_below",
     PLUGIN_IS_FAULT,
     {"rand", "rand_r", "srand", "random", "srandom", "drand48", "lrand48", "mrand48", "getrandom",
      "getentropy", "arc4random"}},
    {"memory that is not the network's, so going back in time does not bring it back: nt_new",
     PLUGIN_IS_FAULT,
     {"malloc", "calloc", "realloc", "reallocarray", "strdup", "strndup", "asprintf", "vasprintf",
      "aligned_alloc", "posix_memalign", "mmap", "open_memstream"}},
    {"other threads and processes: the order of events would be theirs",
     PLUGIN_IS_FAULT,
     {"pthread_create", "thrd_create", "fork", "system", "popen", "execve", "signal", "sigaction"}},
    {"the world outside: the same file would not give the same run",
     PLUGIN_IS_FAULT,
     {"getenv", "fopen", "open", "read", "socket", "connect", "getpid", "gethostname"}},
    {"the end of the program, which is not a plug-in's to decide",
     PLUGIN_IS_FAULT,
     {"exit", "_exit", "_Exit", "longjmp"}},
    {"the screen, which is the front's: a node tells records, a command says nt_print",
     PLUGIN_IS_ODD,
     {"printf", "puts", "putchar", "putc", "fprintf", "vprintf", "vfprintf", "fputs", "fputc", "fwrite",
      "write", "perror", "__printf_chk", "__fprintf_chk"}},
};

static void take_wanted(void *context, const char *name)
{
    struct plugin_trial *trial = context;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        for (size_t j = 0; j < sizeof foreign[i].names / sizeof foreign[i].names[0] && foreign[i].names[j];
             j++)
            if (strcmp(foreign[i].names[j], name) == 0)
                plugin_report_add(trial->report, foreign[i].verdict, "it uses %s: %s", name, foreign[i].why);
}

static void look_at_calls(struct plugin_trial *trial)
{
    plugin_report_begin(trial->report, PLUGIN_CALLS);
    if (!plugin_object_wants(&trial->object, take_wanted, trial))
        plugin_report_add(trial->report, PLUGIN_IS_UNTRIED, "the file does not say what it calls");
    plugin_report_end(trial->report, "no clock, no dice, no memory, no file of the machine's");
}

void plugin_trial_look(struct plugin_trial *trial)
{
    look_at_names(trial);
    look_at_parameters(trial);
    look_at_tables(trial);
    look_at_records(trial);
    look_at_calls(trial);
}
