/* SPDX-License-Identifier: MIT
 * Private to scenario*.c: what the readers of a scenario's sections share.
 *
 *     scenario.c          the whole file, the top level, and what is checked last
 *     scenario_place.c    mistakes and places, also inside a string; finding nodes by name
 *     scenario_values.c   an object and a table of parameters  ->  values
 *     scenario_nodes.c    "nodes"
 *     scenario_links.c    "links": cables and taps  ->  link nodes and joints
 *     scenario_ports.c    which port each joint uses
 *     scenario_actions.c  "actions" and the nodes' "start"
 *
 * Names come first: nodes and links are all declared before any value is read, so that a value may name a
 * node that stands further down. A section that meets a mistake reports it and goes on, so that all are
 * reported at once; what it could not read stays empty (a node without a type) and is passed over by the
 * later sections without a second word. */
#ifndef NETARIUM_SIM_SCENARIO_READER_H
#define NETARIUM_SIM_SCENARIO_READER_H

#include "sim/base/json.h"
#include "sim/scenario.h"
#include "sim/store.h"

#define SCENARIO_NODES_MOST 100000    /* nodes of one file */
#define SCENARIO_LINKS_MOST 1000000   /* entries of "links" */
#define SCENARIO_ACTIONS_MOST 1000000 /* entries of "actions" and all "start" lists */
#define SCENARIO_QUERIES_MOST 10000   /* entries of "expect", "break" or "capture" */

/* The file's text, to find columns inside its strings. */
struct scenario_source {
    const char *bytes;
    size_t length;
    size_t *lines; /* where each line begins; owned by the store, made when first needed */
    size_t line_count;
};

/* Where the two sides of a joint stand in the file. */
struct scenario_joint_sources {
    const struct json_value *side[2];
};

/* Defaults of a table, read once and copied from then on; and the values that were read last by it. */
struct scenario_defaults {
    const struct nt_param *params;
    struct nt_value *values;
    const struct nt_value *last;
    struct scenario_defaults *next;
};

struct scenario_reader {
    struct scenario *scenario;         /* being filled */
    struct store *store;               /* its memory */
    struct store scratch;              /* what is only needed while reading */
    const struct registry *registry;   /* borrowed */
    struct error_list *errors;         /* borrowed */
    size_t errors_before;              /* how many there were when reading began */
    const struct json_value *root;     /* the file's object */
    struct scenario_source source;     /* the file's text */
    const struct json_value **sources; /* of each node, by index: its object in the file */
    const char **names;                /* of each node, by index; NULL: it has none that can be used */
    size_t name_room;                  /* length of the two */
    size_t own_nodes;                  /* the first so many nodes stand in "nodes", the others in "links" */
    struct scenario_joint_sources *joint_sources; /* of each joint */
    uint32_t *slots;                              /* name -> id, open addressing; 0 is empty */
    size_t slot_count;                            /* a power of two */
    struct scenario_defaults *defaults;           /* of the tables met so far */
    const char *missed;                           /* the name that scenario_find_node did not find */
};

/* ---- scenario_place.c ---- */

/* A mistake in a value, or in its key, or `offset` bytes into a string (as unescaped). */
void scenario_wrong(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void scenario_wrong_key(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void scenario_wrong_inside(struct scenario_reader *r, const struct json_value *at, size_t offset,
                           const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A warning about a value. */
void scenario_warn(struct scenario_reader *r, const struct json_value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where a value stands; with its path, which is kept in the store; where a byte inside a string stands. */
struct scenario_spot scenario_spot_of(const struct json_value *at);
struct scenario_place scenario_place_of(struct scenario_reader *r, const struct json_value *at);
struct scenario_place scenario_place_inside(struct scenario_reader *r, const struct json_value *at,
                                            size_t offset);

/* True if `at` has this type; else a mistake "expected `noun`, found a list". */
bool scenario_expect(struct scenario_reader *r, const struct json_value *at, enum json_type type,
                     const char *noun);

/* Gives node `index` its name. False: the name is taken, and the mistake was reported at `at`. */
bool scenario_add_name(struct scenario_reader *r, size_t index, const char *name,
                       const struct json_value *at);

/* For param_read_text and command_read; the context is the reader. Returns an id or 0. */
uint32_t scenario_find_node(void *context, const char *name);

/* `; did you mean "bob"?` for a name that was not found, else "". */
void scenario_hint_node(struct scenario_reader *r, const char *name, char *ret_text, size_t size);

/* ---- scenario_values.c ---- */

/* What an object may say. */
struct scenario_rules {
    const char *noun;              /* what it is: "host", "cable" */
    const struct nt_param *params; /* its parameters; NULL: none */
    const char *const *own_keys;   /* keys that the loader reads itself; ended by NULL */
};

/* Reports every member that the rules do not know. */
void scenario_check_keys(struct scenario_reader *r, const struct scenario_rules *rules,
                         const struct json_value *object);

/* Reads an object by its rules, reporting all mistakes. `object` NULL: all defaults, and nothing is missing.
 */
void scenario_read_values(struct scenario_reader *r, const struct scenario_rules *rules,
                          const struct json_value *object, struct scenario_values *ret_values);

/* Reads one scalar. False: reported. */
bool scenario_read_scalar(struct scenario_reader *r, const struct nt_param *param,
                          const struct json_value *at, struct nt_value *ret_value);

/* ---- the sections ---- */

void scenario_declare_nodes(struct scenario_reader *r, const struct json_value *nodes);
void scenario_read_nodes(struct scenario_reader *r);
void scenario_declare_links(struct scenario_reader *r, const struct json_value *links);
void scenario_read_links(struct scenario_reader *r, const struct json_value *links);
void scenario_choose_ports(struct scenario_reader *r);
void scenario_read_actions(struct scenario_reader *r, const struct json_value *actions);

#endif
