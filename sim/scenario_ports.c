/* SPDX-License-Identifier: MIT
 * Which port each joint uses, once all joints are known.
 *
 *     1. ports that were named ("r:eth1") are checked and taken
 *     2. all cables are counted: no node has more than its type has ports
 *     3. on nodes where some port was named, the others get the lowest numbers that are free
 *
 * Where no port was named, the network counts them itself in the order of the joints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/hash.h"
#include "sim/scenario_reader.h"

/* One port that was named. */
struct taken {
    size_t node;                 /* index */
    uint32_t number;             /* of the port */
    const struct json_value *at; /* who took it */
};

struct ports {
    struct scenario_reader *r;
    struct taken *taken; /* open addressing by node and number; `at` NULL is empty */
    size_t slot_count;   /* a power of two */
    uint32_t *cables;    /* of each node: joints so far */
    uint32_t *next_free; /* of each node: numbers below are taken */
    bool *has_named;     /* of each node */
};

static struct taken *slot_of(const struct ports *ports, size_t node, uint32_t number)
{
    size_t place = (size_t)mix64((uint64_t)node << 32 | number) & (ports->slot_count - 1);
    while (ports->taken[place].at &&
           (ports->taken[place].node != node || ports->taken[place].number != number))
        place = (place + 1) & (ports->slot_count - 1);
    return &ports->taken[place];
}

/* The number in a port's name: 1 for "eth1". False: the type has no such port. */
static bool port_number(const struct nt_node_type *type, const char *name, uint32_t *ret_number)
{
    size_t prefix = strlen(type->port_prefix);
    const char *digits = name + prefix;
    if (strncmp(name, type->port_prefix, prefix) != 0 || !*digits ||
        strspn(digits, "0123456789") != strlen(digits))
        return false;
    if (strlen(digits) > 9 || (digits[0] == '0' && digits[1]))
        return false;
    *ret_number = (uint32_t)strtoul(digits, NULL, 10);
    return *ret_number < type->max_ports;
}

static void take_named(struct ports *ports, size_t node, const char *name, const struct json_value *at)
{
    const struct nt_node_type *type = ports->r->scenario->nodes[node].type;
    const char *node_name = ports->r->scenario->nodes[node].name;
    uint32_t number;
    if (!type->max_ports || !port_number(type, name, &number)) {
        if (type->max_ports > 1)
            scenario_wrong(ports->r, at, "%s has no port \"%.40s\"; its ports are %s0 to %s%u", node_name,
                           name, type->port_prefix, type->port_prefix, type->max_ports - 1);
        else
            scenario_wrong(ports->r, at, "%s has no port \"%.40s\"%s%s%s", node_name, name,
                           type->max_ports ? "; its only port is " : "",
                           type->max_ports ? type->port_prefix : "", type->max_ports ? "0" : "");
        return;
    }
    struct taken *slot = slot_of(ports, node, number);
    if (slot->at) {
        char path[120];
        struct text text = text_in(path, sizeof path);
        json_path(slot->at, &text);
        scenario_wrong(ports->r, at, "port %.40s of %s is taken: it was first used in line %d, at %s", name,
                       node_name, slot->at->line, path);
        return;
    }
    *slot = (struct taken){node, number, at};
    ports->has_named[node] = true;
    ports->cables[node]++;
}

static void count_cable(struct ports *ports, size_t node, const struct json_value *at)
{
    const struct scenario_node *owner = &ports->r->scenario->nodes[node];
    if (++ports->cables[node] <= owner->type->max_ports)
        return;
    if (!owner->type->max_ports)
        scenario_wrong(ports->r, at, "%s has no ports: a %s cannot be cabled", owner->name,
                       owner->type->name);
    else if (owner->type->max_ports == 1)
        scenario_wrong(ports->r, at, "%s has one port, and it is taken", owner->name);
    else
        scenario_wrong(ports->r, at, "%s has %u ports, and all are taken", owner->name,
                       owner->type->max_ports);
}

static const char *lowest_free(struct ports *ports, size_t node, const struct json_value *at)
{
    uint32_t number = ports->next_free[node];
    while (slot_of(ports, node, number)->at)
        number++;
    *slot_of(ports, node, number) = (struct taken){node, number, at};
    ports->next_free[node] = number + 1;
    return store_format(ports->r->store, "%s%u", ports->r->scenario->nodes[node].type->port_prefix, number);
}

/* Calls `visit` once for each side of each joint. */
static void each_side(struct ports *ports, void (*visit)(struct ports *ports, struct scenario_joint *joint,
                                                         int side, const struct json_value *at))
{
    struct scenario *scenario = ports->r->scenario;
    for (size_t i = 0; i < scenario->joint_count; i++)
        for (int side = 0; side < 2; side++)
            visit(ports, &scenario->joints[i], side, ports->r->joint_sources[i].side[side]);
}

static void visit_named(struct ports *ports, struct scenario_joint *joint, int side,
                        const struct json_value *at)
{
    if (joint->port[side])
        take_named(ports, joint->node[side], joint->port[side], at);
}

static void visit_unnamed(struct ports *ports, struct scenario_joint *joint, int side,
                          const struct json_value *at)
{
    if (!joint->port[side])
        count_cable(ports, joint->node[side], at);
}

static void visit_to_choose(struct ports *ports, struct scenario_joint *joint, int side,
                            const struct json_value *at)
{
    if (!joint->port[side] && ports->has_named[joint->node[side]])
        joint->port[side] = lowest_free(ports, joint->node[side], at);
}

void scenario_choose_ports(struct scenario_reader *r)
{
    size_t nodes = r->scenario->node_count, sides = r->scenario->joint_count * 2;
    struct ports ports = {.r = r, .slot_count = 16};
    while (ports.slot_count < sides * 2)
        ports.slot_count *= 2;
    ports.taken = calloc(ports.slot_count, sizeof *ports.taken);
    ports.cables = calloc(nodes + 1, sizeof *ports.cables);
    ports.next_free = calloc(nodes + 1, sizeof *ports.next_free);
    ports.has_named = calloc(nodes + 1, sizeof *ports.has_named);
    if (!ports.taken || !ports.cables || !ports.next_free || !ports.has_named)
        abort();
    size_t before = r->errors->errors;
    each_side(&ports, visit_named);
    each_side(&ports, visit_unnamed);
    if (r->errors->errors == before)
        each_side(&ports, visit_to_choose);
    free(ports.taken);
    free(ports.cables);
    free(ports.next_free);
    free(ports.has_named);
}
