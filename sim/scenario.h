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

struct scenario_place {
    int line;         /* from 1; 0: unknown (a --set on the command line) */
    int column;       /* from 1, in characters */
    const char *path; /* "nodes.alice.address" */
    const struct scenario_place *items; /* of a list: where each item stands; NULL: it is no list */
    size_t item_count;
};

/* Values of a type's parameters, in the order of its table, with the place of each. */
struct scenario_values {
    const struct nt_param *params;       /* borrowed; NULL: the type has none */
    struct nt_value *values;             /* one for each parameter */
    const struct scenario_place *places; /* where each stands; its object, if not given; NULL: no object */
    size_t count;                        /* number of parameters */
};

struct scenario_node {
    const char *name;
    const struct nt_node_type *type;
    struct scenario_values values;
    struct scenario_place place;
    int64_t map_x, map_y; /* "at": [x, y] in the file, for the map; both -1: not given */
};

/* Two ports to be joined. A cable between two stations is a node (the link) and two joints. */
struct scenario_joint {
    size_t node[2];              /* indices into nodes */
    const char *port[2];         /* port names asked for; NULL: the next free one */
    struct scenario_values port_values[2]; /* port parameters, as the type of that side declares */
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

struct scenario {
    const char *file; /* as given on the command line */
    const char *title;
    const char *about;
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

#endif
