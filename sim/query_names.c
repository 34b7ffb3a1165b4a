/* SPDX-License-Identifier: MIT
 * What do the names of a query mean in this network? Kinds of records, nodes, ports, tables, fields, words.
 *
 *     frame.tx.length at bob:eth0          kind . field   at node : port
 *     tcp                                  a family: every kind whose name begins with "tcp."
 *     alice.arp["10.0.0.2"].state          node . table [ key ] . column
 *
 * The longest beginning of a name that is a kind or a family wins; if what follows is no field of it, or
 * there is none, the longest beginning that is a node does. Whoever mistyped is told the nearest name that
 * exists, at the place. */
#include "sim/query_parts.h"

#include <assert.h>
#include <string.h>

#include "sim/inspect.h"

static bool resolve_records(struct query *query, struct query_part *part, const char *name,
                            size_t kind_bytes);
static bool resolve_table(struct query *query, struct query_part *part, const char *name, size_t node_bytes);
static bool resolve_place(struct query *query, struct query_part *part);

/* ---- Names in pieces ---- */

/* The part's text from `span`, cut to what a name may have. False: a mistake was noted. */
static bool take_name(struct query *query, struct query_span span, char ret_name[QUERY_NAME_BYTES])
{
    if (query_span_copy(query, span, ret_name, QUERY_NAME_BYTES))
        return true;
    return query_fail(query, span.start, "a name has fewer than %d bytes", QUERY_NAME_BYTES);
}

static bool is_kind(const struct nt_kind *kind, const char *name, size_t bytes)
{
    return strncmp(kind->name, name, bytes) == 0 && kind->name[bytes] == '\0';
}

bool query_is_of_family(const struct nt_kind *kind, const char *name, size_t bytes)
{
    return bytes == 0 || (strncmp(kind->name, name, bytes) == 0 && kind->name[bytes] == '.');
}

/* The kind called `name[0 .. bytes)`; NULL: none. */
static const struct nt_kind *kind_called(const struct query *query, const char *name, size_t bytes)
{
    for (uint32_t kind = 1; kind <= query->kind_count; kind++)
        if (is_kind(run_kind_at(query->run, kind), name, bytes))
            return run_kind_at(query->run, kind);
    return NULL;
}

static bool is_kind_or_family(const struct query *query, const char *name, size_t bytes)
{
    for (uint32_t kind = 1; kind <= query->kind_count; kind++) {
        const struct nt_kind *candidate = run_kind_at(query->run, kind);
        if (is_kind(candidate, name, bytes) || query_is_of_family(candidate, name, bytes))
            return true;
    }
    return false;
}

static bool is_node(const struct query *query, const char *name, size_t bytes)
{
    char node[QUERY_NAME_BYTES];
    memcpy(node, name, bytes);
    node[bytes] = '\0';
    return run_node_named(query->run, node) != NULL;
}

/* Bytes of the longest beginning of `name`, up to a dot or the end, that `is_meant`; 0: none. */
static size_t longest_beginning(const struct query *query, const char *name,
                                bool (*is_meant)(const struct query *query, const char *name, size_t bytes))
{
    for (size_t bytes = strlen(name); bytes > 0; bytes--)
        if ((name[bytes] == '\0' || name[bytes] == '.') && is_meant(query, name, bytes))
            return bytes;
    return 0;
}

/* ---- Sources ---- */

/* Does the name go on with a field of the kind, or of a kind of the family, that it begins with? */
static bool has_field(const struct query *query, const char *name, size_t kind_bytes)
{
    const bool is_exact = kind_called(query, name, kind_bytes) != NULL;
    for (uint32_t kind = 1; kind <= query->kind_count; kind++) {
        const struct nt_kind *candidate = run_kind_at(query->run, kind);
        if ((is_exact ? is_kind : query_is_of_family)(candidate, name, kind_bytes) &&
            inspect_field(candidate, name + kind_bytes + 1) >= 0)
            return true;
    }
    return false;
}

bool query_resolve_source(struct query *query, struct query_part *part)
{
    char name[QUERY_NAME_BYTES];
    if (!take_name(query, part->name, name))
        return false;
    const size_t kind_bytes = part->has_key ? 0 : longest_beginning(query, name, is_kind_or_family);
    const size_t node_bytes = longest_beginning(query, name, is_node);
    const bool is_all = part->name.length_bytes == 0;
    const bool is_whole = kind_bytes && (name[kind_bytes] == '\0' || has_field(query, name, kind_bytes));
    if (is_all || is_whole)
        return resolve_records(query, part, name, kind_bytes) && resolve_place(query, part);
    if (node_bytes)
        return resolve_table(query, part, name, node_bytes);
    const struct nt_kind *kind = kind_called(query, name, kind_bytes);
    return kind ? query_refuse_kind_field(query, part, kind, name + kind_bytes + 1)
                : query_refuse_name(query, part, name);
}

/* ---- Records ---- */

static bool needs_value(enum query_function function)
{
    return function != QUERY_COUNT && function != QUERY_FIRST && function != QUERY_LAST &&
           function != QUERY_SELECT;
}

/* Notes that `kind` is looked at through its field number `index`; all kinds must mean the same by it. */
static bool choose_field(struct query *query, struct query_part *part, int8_t *fields, uint32_t kind,
                         int index, bool is_first)
{
    const struct nt_field *field = &run_kind_at(query->run, kind)->fields[index];
    if (is_first)
        part->shape = *field;
    else if (part->shape.unit != field->unit || part->shape.words != field->words)
        return query_fail(query, part->span.start,
                          "\"%s\" does not mean the same in all of these kinds; name one of them",
                          field->name);
    fields[kind] = (int8_t)index;
    return true;
}

static bool check_records(struct query *query, const struct query_part *part)
{
    if (part->function == QUERY_SELECT && part->column.length_bytes)
        return query_fail(query, part->column.start,
                          "a filter picks whole records; a field stands after \"where\"");
    if ((part->function == QUERY_FIRST || part->function == QUERY_LAST) && part->column.length_bytes)
        return query_fail(query, part->column.start,
                          "first and last tell when; a field has no place in them");
    return true;
}

/* Selects the kinds: one, or a family, and of each the field that is looked at. */
static bool resolve_records(struct query *query, struct query_part *part, const char *name, size_t kind_bytes)
{
    const bool has_name = name[kind_bytes] == '.';
    int8_t *fields = query_part_keep_kinds(query, part);
    const bool is_exact = kind_called(query, name, kind_bytes) != NULL;
    const int bytes = (int)kind_bytes; /* for printing */
    bool is_first = true;
    for (uint32_t kind = 1; kind <= query->kind_count; kind++) {
        const struct nt_kind *candidate = run_kind_at(query->run, kind);
        int index = has_name ? inspect_field(candidate, name + kind_bytes + 1) : 0;
        if (!(is_exact ? is_kind : query_is_of_family)(candidate, name, kind_bytes) || index < 0)
            continue;
        if (part->function == QUERY_LEVEL && !(candidate->flags & NT_KIND_GAUGE))
            return query_fail(
                query, part->name.start,
                "%.*s is something that happens and has no level; write count(%.*s) or last(%.*s)", bytes,
                name, bytes, name, bytes, name);
        if (!has_name && !needs_value(part->function))
            fields[kind] = 0;
        else if (index >= inspect_field_count(candidate))
            continue; /* carries nothing */
        else if (!choose_field(query, part, fields, kind, index, is_first))
            return false;
        is_first = false;
    }
    if (is_first)
        return query_fail(query, part->name.start, "\"%.60s\" carries no number; write count(%.60s)", name,
                          name);
    if (has_name) {
        const uint32_t skipped = (uint32_t)kind_bytes + 1;
        part->column = (struct query_span){part->name.start + skipped, part->name.length_bytes - skipped};
    }
    return check_records(query, part);
}

static bool resolve_place(struct query *query, struct query_part *part)
{
    char name[QUERY_NAME_BYTES];
    if (!part->place.length_bytes)
        return true;
    if (!take_name(query, part->place, name))
        return false;
    part->node = run_node_named(query->run, name);
    if (!part->node)
        return query_refuse_place(query, part->place, name);
    if (!part->port.length_bytes)
        return true;
    if (!take_name(query, part->port, name))
        return false;
    for (uint32_t i = 0; i < part->node->port_count; i++)
        if (strcmp(part->node->ports[i]->name, name) == 0)
            part->at = part->node->ports[i];
    return part->at || query_refuse_port(query, part, name);
}

/* ---- Tables ---- */

/* The column that was named, if any; every function but count needs one. */
static bool resolve_column(struct query *query, struct query_part *part)
{
    char column[QUERY_NAME_BYTES];
    if (!take_name(query, part->column, column))
        return false;
    if (part->column.length_bytes) {
        part->column_index = inspect_column(part->table, column);
        if (part->column_index < 0)
            return query_refuse_column(query, part, part->column.start, column);
        part->shape = part->table->columns[part->column_index];
    } else if (part->function != QUERY_COUNT) {
        return query_refuse_column(query, part, part->span.start, "");
    }
    return true;
}

static bool check_table(struct query *query, const struct query_part *part)
{
    if (part->function == QUERY_SELECT)
        return query_fail(query, part->span.start, "a filter picks records; a table has none");
    if (part->function == QUERY_FIRST || part->function == QUERY_LAST)
        return query_fail(query, part->span.start, "a table knows no past; first and last ask for records");
    if (part->place.length_bytes)
        return query_fail(query, part->place.start, "a table belongs to a node already; leave the place out");
    return true;
}

/* `name` is node.table or node.table.column. */
static bool resolve_table(struct query *query, struct query_part *part, const char *name, size_t node_bytes)
{
    char table[QUERY_NAME_BYTES];
    memcpy(table, name, node_bytes);
    table[node_bytes] = '\0';
    part->node = run_node_named(query->run, table);
    assert(part->node);
    const size_t table_start = node_bytes + (name[node_bytes] == '.');
    const size_t table_bytes = strcspn(name + table_start, ".");
    const size_t table_end = table_start + table_bytes;
    memcpy(table, name + table_start, table_bytes);
    table[table_bytes] = '\0';
    part->table = inspect_table(part->node, table);
    if (!part->table)
        return query_refuse_table(query, part, part->name.start + (table_bytes ? table_start : 0), table);
    if (name[table_end] == '.' && part->has_key)
        return query_fail(query, part->name.start + table_end + 1, "the row in [ ] stands before the column");
    if (name[table_end] == '.')
        part->column = (struct query_span){part->name.start + (uint32_t)table_end + 1,
                                           part->name.length_bytes - (uint32_t)table_end - 1};
    if (part->has_key)
        query_part_keep_text(query, part, part->key);
    query->depends_on_network = true;
    return check_table(query, part) && resolve_column(query, part);
}
