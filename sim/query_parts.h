/* SPDX-License-Identifier: MIT
 * What the files of the query language share, and only they: the tree of a query, and who does what to it.
 *
 *     text --query_lex--> tokens --query_parse--> parts --query_names, query_check--> parts that know
 *                                                            what they mean           |
 *                                        records --query_take--> tallies --query_value--> a value
 *
 * A query is a tree of *parts*. Those that look at records own a *tally*, a handful of numbers that every
 * selected record is folded into; so a query needs the same memory for ten records and for ten million, and
 * going back in time is copying the tallies. The tree never changes once compiled. Text is hostile:
 * QUERY_PARTS and QUERY_DEPTH bound it. */
#ifndef NETARIUM_SIM_QUERY_PARTS_H
#define NETARIUM_SIM_QUERY_PARTS_H

#include "sim/query.h"

#define QUERY_PARTS 200         /* most parts of one query */
#define QUERY_DEPTH 32          /* deepest nesting of parentheses, where, not and signs */
#define QUERY_LENGTH_BYTES 8000 /* longest text */
#define QUERY_NAME_BYTES 128    /* longest dotted name, with its end */
#define QUERY_HINT_BYTES 110    /* what is added to a sentence about a wrong name */

/* A piece of the query's text. */
struct query_span {
    uint32_t start;        /* from 0, in bytes */
    uint32_t length_bytes; /* 0: not written */
};

enum query_sign {
    QUERY_SIGN_END,
    QUERY_SIGN_NAME,   /* tcp.cwnd, alice, established */
    QUERY_SIGN_TEXT,   /* "queue is full"; the span is what stands between the quotes */
    QUERY_SIGN_NUMBER, /* 500 kB, 10.0.0.1: number and unit */
    QUERY_SIGN_OR,     /* or || */
    QUERY_SIGN_AND,    /* and && */
    QUERY_SIGN_NOT,    /* not ! */
    QUERY_SIGN_AT,     /* at on */
    QUERY_SIGN_WHERE,
    QUERY_SIGN_NOW,
    QUERY_SIGN_EQUAL, /* the six comparisons in the order of QUERY_EQUAL .. */
    QUERY_SIGN_UNEQUAL,
    QUERY_SIGN_BELOW,
    QUERY_SIGN_AT_MOST,
    QUERY_SIGN_ABOVE,
    QUERY_SIGN_AT_LEAST,
    QUERY_SIGN_PLUS, /* and the four operations in the order of QUERY_ADD .. */
    QUERY_SIGN_MINUS,
    QUERY_SIGN_TIMES,
    QUERY_SIGN_OVER,
    QUERY_SIGN_OPEN,    /* ( */
    QUERY_SIGN_CLOSE,   /* ) */
    QUERY_SIGN_KEY,     /* [ */
    QUERY_SIGN_KEY_END, /* ] */
    QUERY_SIGN_DOT,     /* . that does not stand inside a name: after a key */
    QUERY_SIGN_COLON
};

struct query_token {
    enum query_sign sign;
    struct query_span span; /* where it stands; for texts without the quotes */
    uint32_t end;           /* where the next token may begin */
    int64_t number;         /* QUERY_SIGN_NUMBER */
    enum nt_unit unit;      /* QUERY_SIGN_NUMBER */
};

enum query_what {
    QUERY_NUMBER, /* a constant with a unit; words have become one too */
    QUERY_TEXT,   /* a quoted text */
    QUERY_NOW,    /* the present instant */
    QUERY_SOURCE, /* a function, or the level, of records or rows; in a filter: is this record one of them? */
    QUERY_FIELD,  /* inside where: a field of the record, a column of the row */
    QUERY_PROPERTY, /* inside where: what every record has, its time, number, frame or cause */
    QUERY_OR,
    QUERY_AND,
    QUERY_NOT,
    QUERY_EQUAL,
    QUERY_UNEQUAL,
    QUERY_BELOW,
    QUERY_AT_MOST,
    QUERY_ABOVE,
    QUERY_AT_LEAST,
    QUERY_ADD,
    QUERY_SUBTRACT,
    QUERY_MULTIPLY,
    QUERY_DIVIDE,
    QUERY_NEGATE
};

/* What is made of the records or rows of a source. */
enum query_function {
    QUERY_LEVEL, /* the latest value of a gauge; the rows' common value or sum */
    QUERY_COUNT,
    QUERY_SUM,
    QUERY_MIN,
    QUERY_MAX,
    QUERY_MEAN,
    QUERY_FIRST,
    QUERY_LAST,
    QUERY_SELECT /* filters: nothing is made of them, they are picked */
};

enum query_property {
    QUERY_PROPERTY_TIME,
    QUERY_PROPERTY_NUMBER,
    QUERY_PROPERTY_FRAME,
    QUERY_PROPERTY_CAUSE
};

/* How a product or quotient comes to its unit: left op right = left * right (or left / right) * up / down. */
struct query_rule {
    enum query_what what; /* QUERY_MULTIPLY, QUERY_DIVIDE */
    enum nt_unit left, right, result;
    int64_t up, down;
};

/* All that is remembered of the records that a source has selected. Flat: copied byte by byte. */
struct query_tally {
    __int128 sum;        /* of the field; cannot overflow */
    uint64_t count;      /* records */
    int64_t min, max;    /* of the field; meaningless while count is 0, like all below */
    int64_t latest;      /* the field of the last record */
    nt_time first, last; /* instants of the first and the last record */
};

struct query_part {
    struct query_part *next; /* all parts of the query, to give them back */
    enum query_what what;
    enum query_function function; /* QUERY_SOURCE */
    struct query_span span;       /* the whole of it, to point at */
    struct query_part *left;      /* operand; the only one of NOT and NEGATE */
    struct query_part *right;     /* second operand */

    /* Sources and fields, as written. */
    struct query_span name;   /* frame.tx.length, alice.arp.state; empty in filters: any kind */
    struct query_span place;  /* the node after at or on */
    struct query_span port;   /* the port after the node */
    struct query_span key;    /* the text in ["..."] */
    struct query_span column; /* a field or column that was named: at the end of the name, or after a key */
    struct query_part *where; /* condition; NULL: none */
    bool has_key;             /* ["..."] was written, perhaps with an empty text */

    /* What they mean: query_names.c, query_check.c. */
    struct nt_field shape;         /* unit and words of the value */
    const struct query_rule *rule; /* products and quotients */
    int64_t number;                /* constants; for QUERY_PROPERTY which */
    char *text; /* owned: the quoted text of QUERY_TEXT, the key of a source; NULL elsewhere */
    int8_t
        *field_of_kind; /* owned, kind_count + 1 entries: -1 not selected, else which field; NULL: a table */
    struct query_tally *tally;    /* sources of records in the query's tallies; NULL elsewhere */
    const struct nt_node *node;   /* place of records, or owner of the table; NULL: anywhere */
    const struct nt_port *at;     /* port of records; NULL: any */
    const struct nt_table *table; /* rows of a node; NULL: records */
    int column_index;             /* column of the table; -1: none */
};

struct query {
    const struct run *run;       /* borrowed */
    char *text;                  /* owned copy of what was written */
    struct query_part *parts;    /* owned, all of them */
    struct query_part *root;     /* the tree */
    size_t part_count;           /* for the limit */
    uint32_t kind_count;         /* kinds that were known when it was compiled */
    struct query_tally *tallies; /* owned, one for each source of records */
    size_t tally_count;          /* number of tallies */
    bool is_filter;              /* made by query_compile_filter */
    bool depends_on_network;     /* reads tables or the time: may change without a record of its own */

    bool has_failed;     /* a mistake was found; the first one counts */
    struct nt_why why;   /* the sentence */
    size_t fault_column; /* the place */
};

/* What a part is worth at a moment. `text` may point into `storage`: not to be copied. */
struct query_cell {
    bool is_known;
    int64_t number;
    const char *text; /* NT_UNIT_TEXT; NULL elsewhere */
    char storage[sizeof((struct nt_cell *)0)->text];
};

/* What a condition looks at: a record or a row. Both NULL outside of where. */
struct query_scope {
    const struct nt_record *record;
    const struct nt_cell *row;
};

/* query.c */

/* Notes the first mistake, at `column`. Always false. */
bool query_fail(struct query *query, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A new part, kept by the query; NULL (and a mistake) past QUERY_PARTS. */
struct query_part *query_part_new(struct query *query, enum query_what what, struct query_span span);
/* Gives the part a text of its own, and a table of kinds with none selected. */
void query_part_keep_text(struct query *query, struct query_part *part, struct query_span span);
int8_t *query_part_keep_kinds(struct query *query, struct query_part *part);
/* Copies a piece of the text; false if it does not fit. */
bool query_span_copy(const struct query *query, struct query_span span, char *ret_text, size_t size);

/* query_lex.c: the token that begins at or after `start`. False: a mistake was noted. */
bool query_lex(struct query *query, uint32_t start, struct query_token *ret_token);
/* The same where only a name can stand, which then may begin with a digit or be a word of the language.
 * False, without a mistake: there is none. */
bool query_lex_name(const struct query *query, uint32_t start, struct query_token *ret_token);
/* The address in `text`, and in what unit; false: it is none. */
bool query_lex_address(const char *text, int64_t *ret_number, enum nt_unit *ret_unit);

/* query_parse.c: text to parts. NULL: a mistake was noted. */
struct query_part *query_parse(struct query *query);

/* query_names.c: finds what a source means. False: a mistake was noted. */
bool query_resolve_source(struct query *query, struct query_part *part);
/* Finds what a name inside the where of `source` means. Sets `*ret_is_known` to false, without a mistake, if
 * nothing is called that way; query_refuse_field then notes it. False: a mistake was noted. */
bool query_resolve_field(struct query *query, const struct query_part *source, struct query_part *part,
                         bool *ret_is_known);
bool query_refuse_field(struct query *query, const struct query_part *source, const struct query_part *part);
/* Turns a bare or quoted word beside a comparison with a value of `shape` into a constant. As
 * query_resolve_field. */
bool query_resolve_word(struct query *query, const struct query_part *source, const struct nt_field *shape,
                        struct query_part *part, bool *ret_is_known);

/* Does the kind belong to the family called `name[0 .. bytes)`? To all families' family, "", belongs every
 * one. */
bool query_is_of_family(const struct nt_kind *kind, const char *name, size_t bytes);

/* query_hints.c: notes that nothing is called `name`, and what is near. Always false. An empty name of a
 * table or column: one is missing. */
bool query_refuse_place(struct query *query, struct query_span span, const char *name);
bool query_refuse_port(struct query *query, const struct query_part *part, const char *name);
bool query_refuse_table(struct query *query, const struct query_part *part, size_t column, const char *name);
bool query_refuse_column(struct query *query, const struct query_part *part, size_t column, const char *name);
bool query_refuse_kind_field(struct query *query, const struct query_part *part, const struct nt_kind *kind,
                             const char *field);
bool query_refuse_name(struct query *query, const struct query_part *part, const char *name);

/* query_check.c: gives every part its names and its unit. False: a mistake was noted. */
bool query_check(struct query *query, struct query_part *root);

/* Whether values of this unit have a sum and an order: quantities, not names. */
bool query_unit_adds(enum nt_unit unit);

/* query_value.c */
void query_eval(const struct query *query, const struct query_part *part, const struct query_scope *scope,
                struct query_cell *ret_cell);
bool query_part_holds(const struct query *query, const struct query_part *part,
                      const struct query_scope *scope);
void query_tally_add(struct query_tally *tally, int64_t value, nt_time at);
bool query_selects(const struct query *query, const struct query_part *source,
                   const struct nt_record *record);

#endif
