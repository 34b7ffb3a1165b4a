/* SPDX-License-Identifier: MIT
 * A laboratory: a network from the text of a scenario, with the built-in types, and eyes on all that happens.
 *
 *     struct lab *lab = lab_new("{'netarium': 1, 'nodes': {...}, 'links': [...], 'stop': '1 s'}");
 *     lab_run(lab, NT_SECOND);
 *     assert_int_equal(lab_ask(lab, "count(frame.drop)"), 0);
 *     lab_free(lab);
 *
 * Quotes in the text may be ' so that it can stand in C. Whatever goes wrong fails the test. Times of bits
 * are those of 10 Mb/s. */
#ifndef NETARIUM_TESTS_NODES_LAB_H
#define NETARIUM_TESTS_NODES_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/run.h"

#define BIT (100 * NT_NANOSECOND) /* at 10 Mb/s */
#define TEXT_SIZE 200000          /* of a scenario */

struct lab {
    struct registry registry;
    struct error_list errors; /* and warnings */
    struct scenario *scenario;
    struct run *run; /* NULL: the scenario was refused; see errors */
    struct run_sink sink;
    struct nt_record *records; /* all so far, if watched; owned */
    size_t record_count, capacity;
};

struct lab_options {
    const struct nt_node_type *const *types; /* more node types, ended by NULL; or NULL */
    uint64_t seed;                           /* 0: as in the text */
    bool is_unwatched;                       /* nobody listens: for long runs */
    bool may_be_wrong;                       /* do not fail if the scenario is refused */
};

struct lab *lab_new(const char *text);
struct lab *lab_new_with(const char *text, const struct lab_options *options);
void lab_free(struct lab *lab);

/* All events up to and including `until`. */
void lab_run(struct lab *lab, nt_time until);

/* Runs as lab_run does, and checks the ledger after every event. Returns how many there were. */
uint64_t lab_run_balanced(struct lab *lab, nt_time until);
void lab_assert_balanced(const struct lab *lab);

/* What a query says of all that happened until now. Fails if it is wrong or its value unknown. */
int64_t lab_ask(struct lab *lab, const char *query);

/* The record number `nth`, from 1, of a kind at a node; NULL: there are fewer. And when it was; NT_NEVER. */
const struct nt_record *lab_record(const struct lab *lab, const char *kind, const char *node, size_t nth);
nt_time lab_time(const struct lab *lab, const char *kind, const char *node, size_t nth);

/* A cell of a node's table. */
int64_t lab_cell(const struct lab *lab, const char *node, const char *table, uint32_t row,
                 const char *column);

struct nt_node *lab_node(const struct lab *lab, const char *name);

/* Is `words` part of an error or warning? */
bool lab_has_said(const struct lab *lab, const char *words);

/* Writes the text of a saturated bus: `stations` hosts s0, s1, ... in four clusters along 914 m of cable at
 * 0.77 c, each with a "load" of frames of `size_bytes` for the next one (C-10). */
void lab_write_bus(char *ret_text, unsigned stations, unsigned size_bytes, const char *pause, nt_time stop);

#endif
