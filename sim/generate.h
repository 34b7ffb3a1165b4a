/* SPDX-License-Identifier: MIT
 * The section "generate": large topologies in one line each.
 *
 *     { "type": "ring", "name": "core", "routers": 20, "hosts": 2, "link": { "rate": "1 Gbps" } }
 *
 * An entry becomes members of "nodes" and entries of "links", as if somebody had typed them, before anything
 * else is read. So nothing behind this file knows of generators; and what is wrong with a made node is said
 * at the entry that made it. */
#ifndef NETARIUM_SIM_GENERATE_H
#define NETARIUM_SIM_GENERATE_H

#include "sim/generate_graph.h"
#include "sim/scenario_reader.h"

#define GENERATE_ENTRIES_MOST 64 /* entries of "generate" */

/* Expands the section, if there is one; the tree grows. False: reported, and reading on would only lead to
 * mistakes that are none. */
bool generate_all(struct scenario_reader *r, struct json_document *document);

/* What an entry may say besides the parameters of its shape; ended by NULL. */
const char *const *generate_keys(const struct graph_shape *shape);

extern const char *const generate_routing_words[]; /* ended by NULL */

#endif
