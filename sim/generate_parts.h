/* SPDX-License-Identifier: MIT
 * Private to generate.c and generate_text.c: one entry of "generate" on its way to nodes and links. */
#ifndef NETARIUM_SIM_GENERATE_PARTS_H
#define NETARIUM_SIM_GENERATE_PARTS_H

#include "sim/generate.h"
#include "sim/generate_numbers.h"

#define GENERATE_NAME_MOST 24                        /* characters of PREFIX */
#define GENERATE_NAME_SIZE (GENERATE_NAME_MOST + 16) /* of a made name, with its terminator */
#define GENERATE_EDGE_ADDRESSES 4                    /* of a /30: network, two ends, broadcast */

enum generate_routing { GENERATE_STATIC, GENERATE_RIP, GENERATE_NONE };

/* Addresses [first, end) that an entry took. */
struct generate_range {
    uint64_t first, end;
};

/* All entries of a file. */
struct generator {
    struct scenario_reader *r;                              /* borrowed */
    struct json_document *document;                         /* borrowed */
    struct json_value *nodes, *links;                       /* what grows */
    struct generate_range taken[GENERATE_ENTRIES_MOST + 1]; /* by the entries so far */
    size_t taken_count;
};

/* One entry: first what it says, then what comes of it. */
struct generate_entry {
    struct generator *generator;
    const struct json_value *at;
    const struct graph_shape *shape;
    const struct nt_value *values;       /* of the shape */
    const char *prefix;                  /* of all names */
    const struct json_value *by_kind[3]; /* parameters of links, by enum graph_edge_kind; NULL: none */
    const struct json_value *block_at;   /* NULL: not given */
    struct nt_value block;               /* number: its first address, extra: its length */
    struct nt_value routing;             /* number: enum generate_routing */
    struct graph graph;
    struct numbers numbers;
    uint32_t base; /* the first address */
};

/* ---- generate_text.c ---- */

/* PREFIX-r1, PREFIX-h1 or PREFIX-s1. */
void generate_name(const struct generate_entry *e, uint32_t vertex, char ret_name[GENERATE_NAME_SIZE]);

/* How long the prefix of a lan is: room for all hosts, the network itself and its broadcast. */
unsigned generate_lan_length(const struct generate_entry *e);

/* Adds all nodes and links of an entry that was found right. */
void generate_write(const struct generate_entry *e);

#endif
