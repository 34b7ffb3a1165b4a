/* SPDX-License-Identifier: MIT
 * What a node gives to the protocols inside it: the simulator's side of protocols/env.h.
 *
 * Each protocol on a node has a node_env of its own: its own stream of randomness, its own table of facts.
 * The facts are declared once for the whole network; a node only keeps a pointer to their numbers. */
#ifndef NETARIUM_NODES_NODE_ENV_H
#define NETARIUM_NODES_NODE_ENV_H

#include "protocols/env.h"
#include "sim/netarium.h"

struct node_env_kinds;

struct node_env {
    struct env env;                     /* first: what the protocol holds */
    struct nt_node *node;               /* where it runs */
    const struct nt_port *port;         /* the port its facts are about; NULL: the node as a whole */
    const struct node_env_kinds *kinds; /* its facts and their numbers in this network */
    struct nt_random random;            /* its dice */
};

/* Declares the facts of a protocol, so that they have a name even where the protocol is made later, or never.
 * create. */
void node_env_declare(struct nt_node *node, const struct env_kind *kinds, size_t count);

/* Prepares `node_env` for a protocol whose facts are `kinds` (a constant table of `count`); `stream` names
 * its dice. From create on. */
void node_env_init(struct node_env *node_env, struct nt_node *node, const char *stream,
                   const struct env_kind *kinds, size_t count);

#endif
