/* SPDX-License-Identifier: MIT
 * The plan of a network: what is joined to what. Where things stand is layout.c's. */
#include "views/pictures/plan.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario.h"
#include "views/pictures/facts.h"
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
    plan->edges[plan->edge_count++] = (struct plan_edge){medium, from, to, at_from, at_to, 0, 0};
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

/* An edge by the two places that it is drawn between, the lower one first. */
struct pair {
    uint32_t low, high, edge;
};

static int by_places(const void *a, const void *b)
{
    const struct pair *one = a, *two = b;
    if (one->low != two->low)
        return one->low < two->low ? -1 : 1;
    if (one->high != two->high)
        return one->high < two->high ? -1 : 1;
    return one->edge < two->edge ? -1 : one->edge > two->edge;
}

static void number_twins(struct plan *plan)
{
    struct pair *pairs = calloc(plan->edge_count + 1, sizeof *pairs);
    for (uint32_t i = 0; i < plan->edge_count; i++) {
        uint32_t from = plan->places[plan->edges[i].from].fold, to = plan->places[plan->edges[i].to].fold;
        pairs[i] = (struct pair){from < to ? from : to, from < to ? to : from, i};
    }
    qsort(pairs, plan->edge_count, sizeof *pairs, by_places);
    for (uint32_t i = 1; i < plan->edge_count; i++)
        if (pairs[i].low == pairs[i - 1].low && pairs[i].high == pairs[i - 1].high)
            plan->edges[pairs[i].edge].twin = plan->edges[pairs[i - 1].edge].twin + 1;
    free(pairs);
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

/* Stations of a bus stand where their taps are. */
static void place_taps(struct plan *plan)
{
    int64_t most = 1;
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 0; i < plan->edge_count; i++) {
            int64_t at = facts_number(plan->bus, "taps", plan->edges[i].at_from->peer->index, "position", 0);
            most = at > most ? at : most;
            if (round == 1)
                plan->places[plan->edges[i].from].x = (double)at / (double)most;
        }
}

static struct plan_place *find(const struct plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->place_count; i++)
        if (strcmp(plan->places[i].node->name, name) == 0)
            return &plan->places[i];
    return NULL;
}

/* Places that the file gives ("at": [x, y]) are kept in proportion to each other; they count only if there
 * are two at least. What has none stays where the layout put it. */
static void honour_given(struct plan *plan, const struct run *run)
{
    const struct scenario *scenario = run_scenario(run);
    int32_t least[2] = {INT32_MAX, INT32_MAX}, most[2] = {-1, -1};
    uint32_t given = 0;
    for (size_t i = 0; i < scenario->node_count; i++) {
        const int32_t at[2] = {scenario->nodes[i].map_x, scenario->nodes[i].map_y};
        given += at[0] >= 0;
        for (unsigned axis = 0; at[0] >= 0 && axis < 2; axis++) {
            least[axis] = at[axis] < least[axis] ? at[axis] : least[axis];
            most[axis] = at[axis] > most[axis] ? at[axis] : most[axis];
        }
    }
    if (given < 2 || plan->bus)
        return;
    double width = most[0] - least[0], height = most[1] - least[1];
    for (size_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        struct plan_place *place = node->map_x >= 0 ? find(plan, node->name) : NULL;
        if (!place)
            continue;
        place->x = width > 0 ? (node->map_x - least[0]) / width : 0.5;
        place->y = height > 0 ? (node->map_y - least[1]) / height : 0.5;
    }
    plan->is_given = true;
    plan->aspect = height > 0 ? (width > 0 ? width / height : 0.01) : 0;
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
        plan->places[plan->place_count] = (struct plan_place){.node = node,
                                                              .is_medium = node->type->flags & NT_NODE_MEDIUM,
                                                              .fold = plan->place_count,
                                                              .beside = plan->place_count,
                                                              .count = 1,
                                                              .level = -1};
        plan->place_count++;
    }
    collect_edges(plan, run, places);
    plan->bus = find_bus(plan);
    free(places);
    layout_places(plan);
    if (plan->bus)
        place_taps(plan);
    number_twins(plan);
    honour_given(plan, run);
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
