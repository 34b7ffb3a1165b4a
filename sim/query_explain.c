/* SPDX-License-Identifier: MIT
 * What did a query find? Its moving parts with their values, as far as they decide: "count(frame.drop) is 3".
 *
 * Of an `and` that fails the side that failed is told, of an `or` that holds the side that held; constants
 * are passed over, because the reader has just read them. */
#include "sim/query_parts.h"

#include <stdio.h>
#include <string.h>

#include "sim/inspect.h"

#define SHOWN_BYTES 120

struct explanation {
    const struct query *query;
    char *text;          /* where it is written */
    size_t size;         /* of the room there, at least 1 */
    size_t length_bytes; /* written so far */
};

static void explain(struct explanation *explanation, const struct query_part *part);
static void explain_pair(struct explanation *explanation, const struct query_part *part);
static void explain_value(struct explanation *explanation, const struct query_part *part);

void query_explain(const struct query *query, char *ret_text, size_t size)
{
    struct explanation explanation = {.query = query, .text = ret_text, .size = size};
    if (size == 0)
        return;
    ret_text[0] = '\0';
    if (query->is_filter)
        return;
    explain(&explanation, query->root);
    if (explanation.length_bytes == 0)
        snprintf(ret_text, size, "nothing in it can change");
}

static void explain(struct explanation *explanation, const struct query_part *part)
{
    switch (part->what) {
    case QUERY_AND:
    case QUERY_OR:
        explain_pair(explanation, part);
        break;
    case QUERY_NOT:
        explain(explanation, part->left);
        break;
    case QUERY_EQUAL:
    case QUERY_UNEQUAL:
    case QUERY_BELOW:
    case QUERY_AT_MOST:
    case QUERY_ABOVE:
    case QUERY_AT_LEAST:
        explain_value(explanation, part->left);
        explain_value(explanation, part->right);
        break;
    default:
        explain_value(explanation, part);
        break;
    }
}

static void explain_pair(struct explanation *explanation, const struct query_part *part)
{
    const struct query_scope scope = {.record = NULL};
    const bool left_holds = query_part_holds(explanation->query, part->left, &scope);
    const bool right_holds = query_part_holds(explanation->query, part->right, &scope);
    const bool decides = part->what == QUERY_OR; /* the side with this truth settles it */
    if (left_holds == right_holds || left_holds == decides)
        explain(explanation, part->left);
    if (left_holds == right_holds || right_holds == decides)
        explain(explanation, part->right);
}

static bool is_constant(const struct query_part *part)
{
    if (part->what == QUERY_SOURCE || part->what == QUERY_NOW)
        return false;
    return (!part->left || is_constant(part->left)) && (!part->right || is_constant(part->right));
}

static void show_cell(const struct query *query, const struct query_part *part, const struct query_cell *cell,
                      char *ret_text, size_t size)
{
    if (!cell->is_known)
        snprintf(ret_text, size, "unknown");
    else if (cell->text)
        snprintf(ret_text, size, "%s", cell->text);
    else
        inspect_show_value(query->run, &part->shape, cell->number, ret_text, size);
}

/* Adds "..., tcp.cwnd at client is 2920 B". */
static void explain_value(struct explanation *explanation, const struct query_part *part)
{
    const struct query *query = explanation->query;
    const struct query_scope scope = {.record = NULL};
    const size_t room = explanation->size - explanation->length_bytes;
    struct query_cell cell;
    char shown[SHOWN_BYTES];
    if (is_constant(part))
        return;
    query_eval(query, part, &scope, &cell);
    show_cell(query, part, &cell, shown, sizeof shown);
    const int wanted = snprintf(explanation->text + explanation->length_bytes, room, "%s%.*s is %s",
                                explanation->length_bytes ? ", " : "", (int)part->span.length_bytes,
                                query->text + part->span.start, shown);
    explanation->length_bytes += wanted > 0 && (size_t)wanted < room ? (size_t)wanted : room - 1;
}
