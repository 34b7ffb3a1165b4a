/* SPDX-License-Identifier: MIT
 * What a query is worth: walking the tree over tallies, tables and, inside of where, one record or one row.
 *
 * Everything may be unknown: a gauge that was never told, the first of no records, a row that is not there.
 * Arithmetic with the unknown is unknown. A comparison is always known: with an unknown side it does not
 * hold, neither == nor !=. Numbers are 64-bit integers that stop at their ends (they never wrap); divisions
 * round toward zero, and dividing by nothing is unknown. */
#include "sim/inspect.h"
#include "sim/query_parts.h"

#include <assert.h>
#include <string.h>

static void eval_source(const struct query *query, const struct query_part *part,
                        struct query_cell *ret_cell);
static void eval_field(const struct query *query, const struct query_part *part,
                       const struct query_scope *scope, struct query_cell *ret_cell);
static void eval_arithmetic(const struct query *query, const struct query_part *part,
                            const struct query_scope *scope, struct query_cell *ret_cell);
static bool eval_comparison(const struct query *query, const struct query_part *part,
                            const struct query_scope *scope);

static int64_t saturated(__int128 number)
{
    if (number > INT64_MAX)
        return INT64_MAX;
    return number < INT64_MIN ? INT64_MIN : (int64_t)number;
}

static void know(struct query_cell *cell, int64_t number)
{
    cell->is_known = true;
    cell->number = number;
}

void query_eval(const struct query *query, const struct query_part *part, const struct query_scope *scope,
                struct query_cell *ret_cell)
{
    ret_cell->is_known = false;
    ret_cell->number = 0;
    ret_cell->text = NULL;
    switch (part->what) {
    case QUERY_NUMBER:
        know(ret_cell, part->number);
        break;
    case QUERY_TEXT:
        assert(part->text);
        know(ret_cell, 0);
        ret_cell->text = part->text;
        break;
    case QUERY_NOW:
        know(ret_cell, run_now(query->run));
        break;
    case QUERY_SOURCE:
        if (part->function != QUERY_SELECT)
            eval_source(query, part, ret_cell);
        else
            know(ret_cell, query_selects(query, part, scope->record));
        break;
    case QUERY_FIELD:
    case QUERY_PROPERTY:
        eval_field(query, part, scope, ret_cell);
        break;
    case QUERY_OR:
    case QUERY_AND:
    case QUERY_NOT:
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_BELOW:
    case QUERY_AT_MOST:
    case QUERY_ABOVE:
    case QUERY_AT_LEAST:
        know(ret_cell, query_part_holds(query, part, scope));
        break;
    default:
        eval_arithmetic(query, part, scope, ret_cell);
        break;
    }
}

/* Known and not 0. The instant of first and last counts as soon as there is one, even if that is time zero.
 */
bool query_part_holds(const struct query *query, const struct query_part *part,
                      const struct query_scope *scope)
{
    struct query_cell cell;
    switch (part->what) {
    case QUERY_OR:
        return query_part_holds(query, part->left, scope) || query_part_holds(query, part->right, scope);
    case QUERY_AND:
        return query_part_holds(query, part->left, scope) && query_part_holds(query, part->right, scope);
    case QUERY_NOT:
        return !query_part_holds(query, part->left, scope);
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_BELOW:
    case QUERY_AT_MOST:
    case QUERY_ABOVE:
    case QUERY_AT_LEAST:
        return eval_comparison(query, part, scope);
    default:
        query_eval(query, part, scope, &cell);
        if (part->function == QUERY_FIRST || part->function == QUERY_LAST)
            return cell.is_known;
        return cell.is_known && cell.number != 0;
    }
}

bool query_selects(const struct query *query, const struct query_part *source, const struct nt_record *record)
{
    if (record->kind > query->kind_count || source->field_of_kind[record->kind] < 0)
        return false;
    if ((source->node && source->node->id != record->node) || (source->at && source->at->id != record->port))
        return false;
    const struct query_scope scope = {.record = record};
    return !source->where || query_part_holds(query, source->where, &scope);
}

static bool eval_comparison(const struct query *query, const struct query_part *part,
                            const struct query_scope *scope)
{
    struct query_cell left, right;
    query_eval(query, part->left, scope, &left);
    query_eval(query, part->right, scope, &right);
    if (!left.is_known || !right.is_known)
        return false;
    int order = (left.number > right.number) - (left.number < right.number);
    if (left.text && right.text)
        order = strcmp(left.text, right.text);
    switch (part->what) {
    case QUERY_EQUAL:
        return order == 0;
    case QUERY_UNEQUAL:
        return order != 0;
    case QUERY_BELOW:
        return order < 0;
    case QUERY_AT_MOST:
        return order <= 0;
    case QUERY_ABOVE:
        return order > 0;
    default:
        return order >= 0;
    }
}

static void eval_arithmetic(const struct query *query, const struct query_part *part,
                            const struct query_scope *scope, struct query_cell *ret_cell)
{
    struct query_cell left, right = {.is_known = true};
    query_eval(query, part->left, scope, &left);
    if (part->right)
        query_eval(query, part->right, scope, &right);
    if (!left.is_known || !right.is_known || (part->what == QUERY_DIVIDE && right.number == 0))
        return;
    const __int128 a = left.number, b = right.number;
    switch (part->what) {
    case QUERY_ADD:
        know(ret_cell, saturated(a + b));
        break;
    case QUERY_SUBTRACT:
        know(ret_cell, saturated(a - b));
        break;
    case QUERY_MULTIPLY:
        know(ret_cell, saturated(a * b * part->rule->up / part->rule->down));
        break;
    case QUERY_DIVIDE:
        know(ret_cell, saturated(a * part->rule->up / (b * part->rule->down)));
        break;
    default:
        assert(part->what == QUERY_NEGATE);
        know(ret_cell, saturated(-a));
        break;
    }
}

static void eval_property(const struct query_part *part, const struct nt_record *record,
                          struct query_cell *ret_cell)
{
    switch (part->number) {
    case QUERY_PROPERTY_TIME:
        know(ret_cell, record->at);
        break;
    case QUERY_PROPERTY_NUMBER:
        know(ret_cell, (int64_t)record->number);
        break;
    case QUERY_PROPERTY_FRAME:
        know(ret_cell, (int64_t)record->frame);
        break;
    default:
        assert(part->number == QUERY_PROPERTY_CAUSE);
        know(ret_cell, (int64_t)record->cause);
        break;
    }
}

static void eval_field(const struct query *query, const struct query_part *part,
                       const struct query_scope *scope, struct query_cell *ret_cell)
{
    if (scope->row) {
        know(ret_cell, scope->row[part->column_index].number);
        if (part->shape.unit == NT_UNIT_TEXT)
            ret_cell->text = scope->row[part->column_index].text;
        return;
    }
    assert(scope->record && scope->record->kind <= query->kind_count);
    if (part->what == QUERY_PROPERTY) {
        eval_property(part, scope->record, ret_cell);
        return;
    }
    const int8_t index = part->field_of_kind[scope->record->kind];
    if (index < 0)
        return; /* this kind of the family has no such field */
    know(ret_cell, scope->record->values[index]);
    if (part->shape.unit == NT_UNIT_TEXT)
        ret_cell->text = run_text(query->run, (uint64_t)ret_cell->number);
}

/* ---- Sources ---- */

/* What `function` makes of a tally. */
static void eval_tally(enum query_function function, const struct query_tally *tally,
                       struct query_cell *ret_cell)
{
    if (function == QUERY_COUNT)
        know(ret_cell, (int64_t)tally->count);
    else if (function == QUERY_SUM)
        know(ret_cell, saturated(tally->sum));
    if (ret_cell->is_known || tally->count == 0)
        return;
    switch (function) {
    case QUERY_MIN:
        know(ret_cell, tally->min);
        break;
    case QUERY_MAX:
        know(ret_cell, tally->max);
        break;
    case QUERY_MEAN:
        know(ret_cell, (int64_t)(tally->sum / (__int128)tally->count));
        break;
    case QUERY_FIRST:
        know(ret_cell, tally->first);
        break;
    case QUERY_LAST:
        know(ret_cell, tally->last);
        break;
    default:
        assert(function == QUERY_LEVEL);
        know(ret_cell, tally->latest);
        break;
    }
}

void query_tally_add(struct query_tally *tally, int64_t value, nt_time at)
{
    if (tally->count == 0) {
        tally->min = tally->max = value;
        tally->first = at;
    }
    if (value < tally->min)
        tally->min = value;
    if (value > tally->max)
        tally->max = value;
    tally->latest = value;
    tally->last = at;
    tally->sum += value;
    tally->count++;
}

static bool row_is_meant(const struct query *query, const struct query_part *part, const struct nt_cell *row)
{
    char key[sizeof row->text];
    const struct query_scope scope = {.row = row};
    if (part->has_key) {
        inspect_show_cell(query->run, &part->table->columns[0], &row[0], key, sizeof key);
        if (strcmp(key, part->text) != 0)
            return false;
    }
    return !part->where || query_part_holds(query, part->where, &scope);
}

/* The value of a table's cells without a function: their sum; for words, addresses and texts, which have
 * none, the value that all of them share, if they do. */
static void eval_row_level(enum nt_unit unit, const struct query_tally *rows, bool same_text,
                           struct query_cell *ret_cell)
{
    if (rows->count == 0)
        return;
    if (query_unit_adds(unit))
        eval_tally(QUERY_SUM, rows, ret_cell);
    else if (unit == NT_UNIT_TEXT ? same_text : rows->min == rows->max)
        know(ret_cell, rows->latest);
}

/* The rows are folded into a tally of the moment, which is then asked like one of records. */
static void eval_rows(const struct query *query, const struct query_part *part, struct query_cell *ret_cell)
{
    struct nt_cell row[NT_COLUMNS] = {0};
    struct query_tally rows = {.count = 0};
    const int column = part->column_index;
    bool same_text = true;
    for (uint32_t i = 0; inspect_row(part->node, part->table, i, row); i++) {
        if (row_is_meant(query, part, row)) {
            const struct nt_cell *cell = &row[column < 0 ? 0 : column];
            same_text = rows.count == 0 || (same_text && strcmp(cell->text, ret_cell->storage) == 0);
            memcpy(ret_cell->storage, cell->text, sizeof cell->text);
            query_tally_add(&rows, cell->number, 0);
        }
        memset(row, 0, sizeof row);
    }
    if (part->function == QUERY_LEVEL)
        eval_row_level(part->shape.unit, &rows, same_text, ret_cell);
    else
        eval_tally(part->function, &rows, ret_cell);
    if (part->shape.unit == NT_UNIT_TEXT)
        ret_cell->text = ret_cell->storage;
}

static void eval_source(const struct query *query, const struct query_part *part, struct query_cell *ret_cell)
{
    if (part->table)
        eval_rows(query, part, ret_cell);
    else
        eval_tally(part->function, part->tally, ret_cell);
    if (part->tally && part->shape.unit == NT_UNIT_TEXT)
        ret_cell->text = run_text(query->run, (uint64_t)ret_cell->number);
}
