/* SPDX-License-Identifier: MIT
 * A scenario file, read and checked: what shall be built, and what shall happen.
 *
 * Reading finds every mistake that the file shows by itself: syntax, unknown words, wrong types and units, cables to
 * nowhere, bad commands. What only the whole network shows (two nodes with one address) is found when run_build makes
 * it. Both happen before time starts and fill the same error list with places.
 *
 * A scenario is immutable once read, owns all its texts and values, and must outlive every run built from it. */
#ifndef NETARIUM_SIM_SCENARIO_H
#define NETARIUM_SIM_SCENARIO_H

#include "sim/base/error.h"
#include "sim/netarium.h"
#include "sim/registry.h"

struct scenario_spot {
    int line;   /* from 1; 0: unknown (a --set on the command line) */
    int column; /* from 1, in characters */
};

struct scenario_place {
    struct scenario_spot at;
    const char *path; /* "nodes.alice", or the part of it that many places share */
    const char *rest; /* ".between[0]"; NULL: that was all */
};

/* Where a value that was given stands. */
struct scenario_given {
    uint32_t param; /* its number in the table */
    uint32_t item_count;
    struct scenario_spot at;
    const struct scenario_spot *items; /* of a list: where each item stands; NULL: it is no list */
};

/* Values of a type's parameters, in the order of its table, and where those that were given stand. A large network says the
 * same of most of its nodes: what is the same as for the one before is kept once. */
struct scenario_values {
    const struct nt_param *params; /* borrowed; NULL: the type has none */
    const struct nt_value *values; /* one for each parameter; may be shared with others of the type */
    const struct scenario_given *given; /* in the order of the table */
    uint32_t count;                     /* number of parameters */
    uint32_t given_count;
};

struct scenario_node {
    const char *name;
    const struct nt_node_type *type;
    struct scenario_values values;
    struct scenario_place place;
    int32_t map_x, map_y; /* "at": [x, y] in the file, for the map; both -1: not given */
};

/* Two ports to be joined. A cable between two stations is a node (the link) and two joints. */
struct scenario_joint {
    uint32_t node[2];    /* indices into nodes */
    const char *port[2]; /* port names asked for; NULL: the next free one */
    const struct scenario_values *port_values[2]; /* as the type of that side declares; NULL: it declares none */
    struct scenario_place place;
};

struct scenario_action {
    nt_time at;
    size_t node;                   /* index into nodes */
    const struct nt_app_type *app; /* the command */
    struct scenario_values values; /* its options */
    const char *words;             /* as written */
    struct scenario_place place;
};

struct scenario_query {
    const char *text;
    struct scenario_place place; /* of the text's first character */
};

extern const char *const scenario_difficulties[]; /* "easy", "medium", "hard"; ended by NULL */

struct scenario {
    const char *file; /* as given on the command line */
    const char *title;
    const char *about;
    unsigned difficulty; /* 1 easy, 2 medium, 3 hard: scenario_difficulties; 0: not said */
    uint64_t seed;
    nt_time stop; /* the last instant simulated */
    struct scenario_node *nodes; /* the file's nodes in order, then the links in order */
    size_t node_count;
    struct scenario_joint *joints;
    size_t joint_count;
    struct scenario_action *actions; /* in order of time, then of the file */
    size_t action_count;
    struct scenario_query *expects;
    size_t expect_count;
    struct scenario_query *breaks;
    size_t break_count;
    const char **captures; /* names of links or nodes; none: all */
    size_t capture_count;
    void *storage; /* private: owns everything above */
};

struct scenario_options {
    const char *const *overrides; /* "nodes.alice.address=10.0.0.9/24", "links[0].rate=1 Mbps"; may be NULL */
    size_t override_count;
    bool has_seed;
    uint64_t seed;
    bool has_stop;
    nt_time stop;
};

/* Reads and checks `file`. NULL if there is any error; warnings alone do not prevent. `options` may be NULL. */
struct scenario *scenario_read(const char *file, const struct registry *registry,
                               const struct scenario_options *options, struct error_list *errors);

/* As scenario_read, from memory; `file` is only used in messages. */
struct scenario *scenario_parse(const char *file, const char *bytes, size_t length, const struct registry *registry,
                                const struct scenario_options *options, struct error_list *errors);

void scenario_free(struct scenario *scenario);

#define SCENARIO_PATH_SIZE 512
#define SCENARIO_WHOLE UINT32_MAX /* not one item of a list, but all of it */

/* Writes the path of `place`, terminated. */
void scenario_path(const struct scenario_place *place, char ret_path[SCENARIO_PATH_SIZE]);

/* Where parameter number `param` of `values` stands, or item `item` of it; if it was not given, or has no such item, what it
 * belongs to. `owner` is the place of the object that the values stand in. Writes its path, too. */
struct scenario_spot scenario_value_spot(const struct scenario_values *values, const struct scenario_place *owner,
                                         uint32_t param, uint32_t item, char ret_path[SCENARIO_PATH_SIZE]);

#endif
