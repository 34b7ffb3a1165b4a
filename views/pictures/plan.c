/* SPDX-License-Identifier: MIT
 * The plan of a network: what is joined to what. Where things stand is layout.c's. */
#include "views/pictures/plan.h"

#include <stdlib.h>
#include <string.h>

#include "views/pictures/layout.h"

static bool is_cable(const struct nt_node *node)
{
    return node->type->flags & NT_NODE_MEDIUM && node->type->max_ports == 2;
}

static const struct nt_node *beyond(const struct nt_node *cable, unsigned side)
{
    const struct nt_port *port = side < cable->port_count ? cable->ports[side] : NULL;
    return port && port->peer ? port->peer->node : NULL;
}

static uint32_t place_of(const struct plan *plan, const uint32_t *places, const struct nt_node *node)
{
    return node ? places[node->id] : plan->place_count;
}

static void add_edge(struct plan *plan, const struct nt_node *medium, uint32_t from, uint32_t to,
                     const struct nt_port *at_from, const struct nt_port *at_to)
{
    if (from >= plan->place_count || to >= plan->place_count)
        return;
    plan->edges[plan->edge_count++] = (struct plan_edge){medium, from, to, at_from, at_to, 0};
    plan->places[from].degree++;
    plan->places[to].degree++;
}

static void collect_edges(struct plan *plan, const struct run *run, const uint32_t *places)
{
    for (uint32_t id = 1; id <= run_node_count(run); id++) {
        const struct nt_node *node = run_node(run, id);
        if (is_cable(node) && node->port_count == 2)
            add_edge(plan, node, place_of(plan, places, beyond(node, 0)),
                     place_of(plan, places, beyond(node, 1)), node->ports[0]->peer, node->ports[1]->peer);
        for (uint32_t tap = 0;
             node->type->flags & NT_NODE_MEDIUM && !is_cable(node) && tap < node->port_count; tap++)
            add_edge(plan, node, place_of(plan, places, beyond(node, tap)), places[id],
                     node->ports[tap]->peer, NULL);
    }
}

/* The one segment that every station hangs on; NULL: there is none. */
static const struct nt_node *find_bus(const struct plan *plan)
{
    const struct nt_node *bus = NULL;
    uint32_t stations = 0;
    for (uint32_t i = 0; i < plan->place_count; i++) {
        if (plan->places[i].is_medium && bus)
            return NULL;
        if (plan->places[i].is_medium)
            bus = plan->places[i].node;
        else
            stations++;
    }
    return bus && plan->edge_count == stations ? bus : NULL;
}

void plan_init(struct plan *plan, const struct run *run)
{
    uint32_t nodes = run_node_count(run);
    uint32_t *places = calloc(nodes + 1, sizeof *places); /* of each node, by its number */
    *plan = (struct plan){0};
    plan->places = calloc(nodes + 1, sizeof *plan->places);
    plan->edges = calloc(run_port_count(run) + 1, sizeof *plan->edges);
    for (uint32_t id = 1; id <= nodes; id++) {
        const struct nt_node *node = run_node(run, id);
        places[id] = UINT32_MAX;
        if (is_cable(node))
            continue;
        places[id] = plan->place_count;
        plan->places[plan->place_count++] =
            (struct plan_place){node, 0, 0, node->type->flags & NT_NODE_MEDIUM, 0};
    }
    collect_edges(plan, run, places);
    plan->bus = find_bus(plan);
    free(places);
    layout_places(plan);
}

void plan_release(struct plan *plan)
{
    free(plan->places);
    free(plan->edges);
    *plan = (struct plan){0};
}

const struct plan_place *plan_find(const struct plan *plan, const struct nt_node *node)
{
    for (uint32_t i = 0; i < plan->place_count; i++)
        if (plan->places[i].node == node)
            return &plan->places[i];
    return NULL;
}
