/* SPDX-License-Identifier: MIT
 * When nothing is called that: what a person is told who mistyped a name, and what may have been meant.
 *
 * A name that begins with a family is compared with that family's kinds, so that `tcp.retransmt` is not
 * answered with `arp.request`. All functions here note the mistake and return false. */
#include "sim/query_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inspect.h"
#include "sim/phrase.h"

/* ---- Places ---- */

/* The names of all nodes, in an array that the caller frees; NULL: no memory for a hint. */
static const char **list_nodes(const struct query *query)
{
    const uint32_t count = run_node_count(query->run);
    const char **names = calloc((size_t)count + 1, sizeof *names);
    for (uint32_t id = 1; names && id <= count; id++)
        names[id - 1] = run_node(query->run, id)->name;
    return names;
}

bool query_refuse_place(struct query *query, struct query_span span, const char *name)
{
    const char **names = list_nodes(query);
    char hint[QUERY_HINT_BYTES] = "";
    if (names)
        phrase_hint(name, names, run_node_count(query->run), hint, sizeof hint);
    free(names);
    return query_fail(query, span.start, "no node is called \"%.40s\"%s", name, hint);
}

bool query_refuse_port(struct query *query, const struct query_part *part, const char *name)
{
    const struct nt_node *node = part->node;
    const char **names = calloc(node->port_count ? node->port_count : 1, sizeof *names);
    char hint[QUERY_HINT_BYTES] = "";
    for (uint32_t i = 0; names && i < node->port_count; i++)
        names[i] = node->ports[i]->name;
    if (names)
        phrase_hint(name, names, node->port_count, hint, sizeof hint);
    free(names);
    return query_fail(query, part->port.start, "%.40s has no port called \"%.40s\"%s", node->name, name,
                      hint);
}

/* ---- Tables ---- */

bool query_refuse_table(struct query *query, const struct query_part *part, size_t column, const char *name)
{
    const char *names[32];
    char hint[QUERY_HINT_BYTES];
    size_t count = 0;
    for (; count < inspect_table_count(part->node) && count < sizeof names / sizeof names[0]; count++)
        names[count] = part->node->type->tables[count].name;
    if (count == 0)
        return query_fail(query, column, "%.40s has no tables", part->node->name);
    phrase_hint(name, names, count, hint, sizeof hint);
    if (!*name)
        return query_fail(query, column, "%.40s is a node; name one of its tables%s", part->node->name, hint);
    return query_fail(query, column, "%.40s has no table called \"%.40s\"%s", part->node->name, name, hint);
}

bool query_refuse_column(struct query *query, const struct query_part *part, size_t column, const char *name)
{
    const char *names[NT_COLUMNS];
    char hint[QUERY_HINT_BYTES];
    const int count = inspect_column_count(part->table);
    for (int i = 0; i < count; i++)
        names[i] = part->table->columns[i].name;
    phrase_hint(name, names, (size_t)count, hint, sizeof hint);
    if (!*name)
        return query_fail(query, column, "%.40s.%.30s is a table; name one of its columns%s",
                          part->node->name, part->table->name, hint);
    return query_fail(query, column, "%.40s.%.30s has no column called \"%.40s\"%s", part->node->name,
                      part->table->name, name, hint);
}

/* ---- Kinds ---- */

bool query_refuse_kind_field(struct query *query, const struct query_part *part, const struct nt_kind *kind,
                             const char *field)
{
    const char *names[NT_VALUES];
    char hint[QUERY_HINT_BYTES];
    const int count = inspect_field_count(kind);
    for (int i = 0; i < count; i++)
        names[i] = kind->fields[i].name;
    phrase_hint(field, names, (size_t)count, hint, sizeof hint);
    return query_fail(query, part->name.start + strlen(kind->name) + 1,
                      "%.60s has no field called \"%.40s\"%s", kind->name, field, hint);
}

/* The kinds of the family called `name[0 .. family_bytes)`; of all families if that is 0. */
static size_t list_kinds(const struct query *query, const char *name, size_t family_bytes,
                         const char **ret_names)
{
    size_t count = 0;
    for (uint32_t kind = 1; kind <= query->kind_count; kind++)
        if (query_is_of_family(run_kind_at(query->run, kind), name, family_bytes))
            ret_names[count++] = run_kind_at(query->run, kind)->name;
    return count;
}

/* The families' names, cut out of the kinds' names into `families`. */
static size_t list_families(const struct query *query, char (*families)[QUERY_NAME_BYTES],
                            const char **ret_names)
{
    size_t count = 0;
    for (uint32_t kind = 1; kind <= query->kind_count; kind++) {
        const char *whole = run_kind_at(query->run, kind)->name;
        const size_t bytes = strcspn(whole, ".");
        if (whole[bytes] != '.' || bytes >= QUERY_NAME_BYTES)
            continue;
        memcpy(families[count], whole, bytes);
        ret_names[count] = families[count];
        count++;
    }
    return count;
}

/* What `name` may have been meant to be, of all kinds and families; NULL: nothing is near. */
static const char *nearest_kind(const struct query *query, const char *name,
                                char (*families)[QUERY_NAME_BYTES], const char **names)
{
    char shorter[QUERY_NAME_BYTES];
    const size_t kind_count = list_kinds(query, "", 0, names);
    const size_t count = kind_count + list_families(query, families, names + kind_count);
    const char *nearest = phrase_nearest(name, names, count);
    char *dot = strrchr(memcpy(shorter, name, strlen(name) + 1), '.');
    if (nearest || !dot)
        return nearest;
    *dot = '\0'; /* what follows may have been a field */
    return phrase_nearest(shorter, names, kind_count);
}

/* As the end of a sentence: the kinds of the same family, or what is near; "" if nothing is. */
static void hint_at_kind(const struct query *query, const char *name, char *ret_hint, size_t size)
{
    char(*families)[QUERY_NAME_BYTES] = calloc((size_t)query->kind_count + 1, sizeof *families);
    const char **names = calloc((size_t)query->kind_count * 2 + 1, sizeof *names);
    ret_hint[0] = '\0';
    if (families && names) {
        const size_t relatives = list_kinds(query, name, strcspn(name, "."), names);
        if (relatives)
            phrase_hint(name, names, relatives, ret_hint, size);
        else if (nearest_kind(query, name, families, names))
            snprintf(ret_hint, size, "; did you mean \"%.50s\"?", nearest_kind(query, name, families, names));
    }
    free(names);
    free(families);
}

static bool is_node_near(const struct query *query, const char *name)
{
    const char **names = list_nodes(query);
    const bool is_near = names && phrase_nearest(name, names, run_node_count(query->run));
    free(names);
    return is_near;
}

bool query_refuse_name(struct query *query, const struct query_part *part, const char *name)
{
    char first[QUERY_NAME_BYTES];
    const size_t first_bytes = strcspn(name, ".");
    char hint[QUERY_HINT_BYTES];
    memcpy(first, name, first_bytes);
    first[first_bytes] = '\0';
    hint_at_kind(query, name, hint, sizeof hint);
    const bool has_column = name[first_bytes] == '.' && strchr(name + first_bytes + 1, '.'); /* NODE.TABLE.COLUMN */
    if (part->has_key || (!*hint && name[first_bytes] == '.' && (has_column || is_node_near(query, first))))
        return query_refuse_place(query, part->name, first);
    return query_fail(query, part->name.start, "no record kind is called \"%.50s\" in this network%s", name,
                      hint);
}
