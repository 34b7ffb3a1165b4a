/* SPDX-License-Identifier: MIT
 * From tokens to a tree: the grammar of the query language, one function for each rule.
 *
 *     query      = and { "or" and }
 *     and        = not { "and" not }
 *     not        = "not" not | comparison
 *     comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
 *     sum        = product { ("+" | "-") product }
 *     product    = factor { ("*" | "/") factor }
 *     factor     = "-" factor | "(" query ")" | number | text | "now" | function "(" source ")" | source
 *     source     = name [ "[" text "]" [ "." name ] ] [ ("at" | "on") node [ ":" port ] ] [ "where" query ]
 *
 * A filter has the same upper three rules, but in place of comparisons stand sources, and "at node" alone is
 * one. Names are only noted here; what they mean is found in query_names.c. Recursion is counted: see
 * QUERY_DEPTH. */
#include "sim/query_parts.h"

#include <stdio.h>
#include <string.h>

#include "sim/phrase.h"

struct parser {
    struct query *query;
    struct query_token token; /* the next one, not yet taken */
    uint32_t taken;           /* where the last token taken ends */
    int depth;                /* of recursion */
    bool picks_records;       /* sources stand in place of comparisons: a filter, outside of where */
    bool is_in_where;         /* names are fields */
};

static const struct function_name {
    const char *name;
    enum query_function function;
} function_names[] = {
    {"count", QUERY_COUNT}, {"sum", QUERY_SUM},     {"min", QUERY_MIN},   {"max", QUERY_MAX},
    {"mean", QUERY_MEAN},   {"first", QUERY_FIRST}, {"last", QUERY_LAST},
};

static struct query_part *parse_query(struct parser *parser);
static struct query_part *parse_and(struct parser *parser);
static struct query_part *parse_not(struct parser *parser);
static struct query_part *parse_not_inside(struct parser *parser);
static struct query_part *parse_comparison(struct parser *parser);
static struct query_part *parse_sum(struct parser *parser);
static struct query_part *parse_product(struct parser *parser);
static struct query_part *parse_factor(struct parser *parser);
static struct query_part *parse_factor_inside(struct parser *parser);
static struct query_part *parse_named(struct parser *parser);
static struct query_part *parse_source(struct parser *parser, enum query_function function);
static bool parse_source_name(struct parser *parser, struct query_part *part);
static bool parse_source_place(struct parser *parser, struct query_part *part);
static bool parse_source_where(struct parser *parser, struct query_part *part);

/* Takes the present token and reads the next. After a mistake there is only the end. */
static void advance(struct parser *parser)
{
    parser->taken = parser->token.end;
    if (!query_lex(parser->query, parser->token.end, &parser->token))
        parser->token.sign = QUERY_SIGN_END;
}

/* As advance, where a name must follow: a node or a port, which may be called "1" or "on". */
static void advance_to_name(struct parser *parser)
{
    struct query_token name;
    if (query_lex_name(parser->query, parser->token.end, &name)) {
        parser->taken = parser->token.end;
        parser->token = name;
    } else {
        advance(parser);
    }
}

static bool is_next(const struct parser *parser, enum query_sign sign)
{
    return parser->token.sign == sign;
}

/* "expected ..., found ...", at the present token. */
static bool expected(struct parser *parser, const char *what)
{
    char found[40];
    const struct query_span span = parser->token.span;
    if (is_next(parser, QUERY_SIGN_END))
        return query_fail(parser->query, span.start, "expected %s, found the end", what);
    if (is_next(parser, QUERY_SIGN_TEXT) || !query_span_copy(parser->query, span, found, sizeof found))
        return query_fail(parser->query, span.start, "expected %s here", what);
    return query_fail(parser->query, span.start, "expected %s, found \"%s\"", what, found);
}

static bool take(struct parser *parser, enum query_sign sign, const char *what)
{
    if (!is_next(parser, sign))
        return expected(parser, what);
    advance(parser);
    return true;
}

/* One level deeper, through `rule`. */
static struct query_part *deeper(struct parser *parser, struct query_part *(*rule)(struct parser *))
{
    struct query_part *part = NULL;
    if (parser->depth < QUERY_DEPTH) {
        parser->depth++;
        part = rule(parser);
        parser->depth--;
    } else {
        query_fail(parser->query, parser->token.span.start, "a query is nested at most %d deep", QUERY_DEPTH);
    }
    return part;
}

static struct query_span span_until_taken(const struct parser *parser, uint32_t start)
{
    return (struct query_span){start, parser->taken - start};
}

/* Takes an operator and what stands to its right. */
static struct query_part *join(struct parser *parser, enum query_what what, struct query_part *left,
                               struct query_part *(*rule)(struct parser *))
{
    advance(parser);
    struct query_part *right = rule(parser);
    if (!right)
        return NULL;
    struct query_part *part = query_part_new(parser->query, what, span_until_taken(parser, left->span.start));
    if (part) {
        part->left = left;
        part->right = right;
    }
    return part;
}

struct query_part *query_parse(struct query *query)
{
    struct parser parser = {.query = query, .picks_records = query->is_filter};
    advance(&parser);
    struct query_part *root = deeper(&parser, parse_query);
    if (root && !query->has_failed && !is_next(&parser, QUERY_SIGN_END))
        expected(&parser, query->is_filter ? "\"and\", \"or\" or the end" : "an operator or the end");
    return query->has_failed ? NULL : root;
}

static struct query_part *parse_query(struct parser *parser)
{
    struct query_part *part = parse_and(parser);
    while (part && is_next(parser, QUERY_SIGN_OR))
        part = join(parser, QUERY_OR, part, parse_and);
    return part;
}

static struct query_part *parse_and(struct parser *parser)
{
    struct query_part *part = parse_not(parser);
    while (part && is_next(parser, QUERY_SIGN_AND))
        part = join(parser, QUERY_AND, part, parse_not);
    return part;
}

static struct query_part *parse_not(struct parser *parser)
{
    if (!is_next(parser, QUERY_SIGN_NOT))
        return parse_comparison(parser);
    return deeper(parser, parse_not_inside);
}

static struct query_part *parse_not_inside(struct parser *parser)
{
    const uint32_t start = parser->token.span.start;
    advance(parser);
    struct query_part *operand = parse_not(parser);
    if (!operand)
        return NULL;
    struct query_part *part = query_part_new(parser->query, QUERY_NOT, span_until_taken(parser, start));
    if (part)
        part->left = operand;
    return part;
}

static bool is_comparison(enum query_sign sign)
{
    return sign >= QUERY_SIGN_EQUAL && sign <= QUERY_SIGN_AT_LEAST;
}

static struct query_part *parse_comparison(struct parser *parser)
{
    if (parser->picks_records)
        return parse_factor(parser);
    struct query_part *part = parse_sum(parser);
    if (!part || !is_comparison(parser->token.sign))
        return part;
    part = join(parser, QUERY_EQUAL + (parser->token.sign - QUERY_SIGN_EQUAL), part, parse_sum);
    if (part && is_comparison(parser->token.sign)) {
        query_fail(parser->query, parser->token.span.start,
                   "two comparisons in a row; write both out, with \"and\" between them");
        return NULL;
    }
    return part;
}

static enum query_what operation(const struct parser *parser)
{
    return QUERY_ADD + (parser->token.sign - QUERY_SIGN_PLUS);
}

static struct query_part *parse_sum(struct parser *parser)
{
    struct query_part *part = parse_product(parser);
    while (part && (is_next(parser, QUERY_SIGN_PLUS) || is_next(parser, QUERY_SIGN_MINUS)))
        part = join(parser, operation(parser), part, parse_product);
    return part;
}

static struct query_part *parse_product(struct parser *parser)
{
    struct query_part *part = parse_factor(parser);
    while (part && (is_next(parser, QUERY_SIGN_TIMES) || is_next(parser, QUERY_SIGN_OVER)))
        part = join(parser, operation(parser), part, parse_factor);
    return part;
}

static struct query_part *parse_factor(struct parser *parser)
{
    return deeper(parser, parse_factor_inside);
}

static struct query_part *parse_parenthesis(struct parser *parser)
{
    const uint32_t start = parser->token.span.start;
    advance(parser);
    struct query_part *part = parse_query(parser);
    if (!part || !take(parser, QUERY_SIGN_CLOSE, "\")\""))
        return NULL;
    part->span = span_until_taken(parser, start);
    return part;
}

static struct query_part *parse_negative(struct parser *parser)
{
    const uint32_t start = parser->token.span.start;
    advance(parser);
    struct query_part *operand = parse_factor(parser);
    if (!operand)
        return NULL;
    struct query_part *part = query_part_new(parser->query, QUERY_NEGATE, span_until_taken(parser, start));
    if (part)
        part->left = operand;
    return part;
}

/* A constant that is one token. */
static struct query_part *parse_constant(struct parser *parser, enum query_what what, enum nt_unit unit)
{
    struct query_part *part = query_part_new(parser->query, what, parser->token.span);
    if (part) {
        part->number = parser->token.number;
        part->shape.unit = unit;
        advance(parser);
    }
    return part;
}

static struct query_part *parse_factor_inside(struct parser *parser)
{
    if (is_next(parser, QUERY_SIGN_OPEN))
        return parse_parenthesis(parser);
    if (parser->picks_records && (is_next(parser, QUERY_SIGN_NAME) || is_next(parser, QUERY_SIGN_AT)))
        return parse_source(parser, QUERY_SELECT);
    if (parser->picks_records) {
        expected(parser, "a kind of record");
        return NULL;
    }
    switch (parser->token.sign) {
    case QUERY_SIGN_MINUS:
        return parse_negative(parser);
    case QUERY_SIGN_NUMBER:
        return parse_constant(parser, QUERY_NUMBER, parser->token.unit);
    case QUERY_SIGN_TEXT:
        return parse_constant(parser, QUERY_TEXT, NT_UNIT_TEXT);
    case QUERY_SIGN_NOW:
        return parse_constant(parser, QUERY_NOW, NT_UNIT_TIME);
    case QUERY_SIGN_NAME:
        return parse_named(parser);
    default:
        expected(parser, "a number, a name or a function");
        return NULL;
    }
}

static const struct function_name *find_function(const struct query *query, struct query_span span)
{
    for (size_t i = 0; i < sizeof function_names / sizeof function_names[0]; i++) {
        const char *name = function_names[i].name;
        if (strlen(name) == span.length_bytes &&
            memcmp(query->text + span.start, name, span.length_bytes) == 0)
            return &function_names[i];
    }
    return NULL;
}

static void refuse_function(struct query *query, struct query_span span)
{
    const char *names[sizeof function_names / sizeof function_names[0]];
    char word[QUERY_NAME_BYTES], hint[QUERY_HINT_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        names[i] = function_names[i].name;
    snprintf(word, sizeof word, "%.*s", (int)span.length_bytes, query->text + span.start);
    phrase_hint(word, names, sizeof names / sizeof names[0], hint, sizeof hint);
    query_fail(query, span.start, "no function is called \"%.50s\"%s", word, hint);
}

static struct query_part *parse_field(struct parser *parser)
{
    struct query_part *part = query_part_new(parser->query, QUERY_FIELD, parser->token.span);
    if (!part)
        return NULL;
    part->name = part->span;
    advance(parser);
    if (is_next(parser, QUERY_SIGN_OPEN)) {
        query_fail(parser->query, part->span.start, "a condition looks at one record and knows no functions");
        return NULL;
    }
    return part;
}

/* A name: a function if a parenthesis follows, in a condition a field, else a source. */
static struct query_part *parse_named(struct parser *parser)
{
    if (parser->is_in_where)
        return parse_field(parser);
    struct query_token after;
    const struct query_span name = parser->token.span;
    if (!query_lex(parser->query, parser->token.end, &after))
        return NULL;
    if (after.sign != QUERY_SIGN_OPEN)
        return parse_source(parser, QUERY_LEVEL);
    const struct function_name *function = find_function(parser->query, name);
    if (!function) {
        refuse_function(parser->query, name);
        return NULL;
    }
    advance(parser);
    advance(parser);
    struct query_part *part = parse_source(parser, function->function);
    if (!part || !take(parser, QUERY_SIGN_CLOSE, "\")\""))
        return NULL;
    part->span = span_until_taken(parser, name.start);
    return part;
}

static struct query_part *parse_source(struct parser *parser, enum query_function function)
{
    const uint32_t start = parser->token.span.start;
    struct query_part *part = query_part_new(parser->query, QUERY_SOURCE, parser->token.span);
    if (!part)
        return NULL;
    part->function = function;
    if (!(function == QUERY_SELECT && is_next(parser, QUERY_SIGN_AT)) && !parse_source_name(parser, part))
        return NULL;
    if (is_next(parser, QUERY_SIGN_AT) && !parse_source_place(parser, part))
        return NULL;
    if (is_next(parser, QUERY_SIGN_WHERE) && !parse_source_where(parser, part))
        return NULL;
    part->span = span_until_taken(parser, start);
    return part;
}

static bool parse_source_name(struct parser *parser, struct query_part *part)
{
    part->name = parser->token.span;
    if (!take(parser, QUERY_SIGN_NAME, "a kind of record or a table"))
        return false;
    if (!is_next(parser, QUERY_SIGN_KEY))
        return true;
    advance(parser);
    part->has_key = true;
    part->key = parser->token.span;
    if (!take(parser, QUERY_SIGN_TEXT, "a text in quotes, as the row's first column shows it") ||
        !take(parser, QUERY_SIGN_KEY_END, "\"]\""))
        return false;
    if (!is_next(parser, QUERY_SIGN_DOT))
        return true;
    advance(parser);
    part->column = parser->token.span;
    return take(parser, QUERY_SIGN_NAME, "the name of a column");
}

static bool parse_source_place(struct parser *parser, struct query_part *part)
{
    advance_to_name(parser);
    part->place = parser->token.span;
    if (!is_next(parser, QUERY_SIGN_TEXT) && !is_next(parser, QUERY_SIGN_NAME))
        return expected(parser, "the name of a node");
    advance(parser);
    if (!is_next(parser, QUERY_SIGN_COLON))
        return true;
    advance_to_name(parser);
    part->port = parser->token.span;
    return take(parser, QUERY_SIGN_NAME, "the name of a port");
}

/* Reaches as far to the right as it can: to a closing parenthesis or the end. */
static bool parse_source_where(struct parser *parser, struct query_part *part)
{
    const bool picks_records = parser->picks_records;
    advance(parser);
    parser->picks_records = false;
    parser->is_in_where = true;
    part->where = deeper(parser, parse_query);
    parser->picks_records = picks_records;
    parser->is_in_where = false;
    return part->where != NULL;
}
