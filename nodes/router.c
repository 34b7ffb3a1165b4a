/* SPDX-License-Identifier: MIT
 * See router.h. Loading: the file's addresses are claimed in create, when the ports do not exist yet; they
 * are matched with the ports in check; time zero gives them to the stack, and with them come the routes. */
#include "nodes/router.h"

#include <stdio.h>
#include <string.h>

#include "nodes/router_rip.h"
#include "nodes/router_routes.h"
#include "nodes/stack_tables.h"

static const struct nt_param router_params[] = {ROUTER_PARAM_ROWS, ROUTER_RIP_PARAM_ROWS, {0}};
static const struct nt_table router_tables[] = {STACK_TABLES, ROUTER_RIP_TABLE, {0}};

/* ---- Loading ---- */

struct ipv4_prefix router_prefix(const struct router *router, uint32_t port)
{
    struct ipv4_prefix prefix = {IPV4_ANY, 0};
    if (router->given[port])
        stack_value_at(router->given[port], 0, &prefix);
    return prefix;
}

/* Two interfaces on networks that overlap: which way would a datagram go? */
static void check_overlap(struct nt_node *node, const struct nt_value *a, const struct nt_value *b)
{
    struct ipv4_prefix one, other;
    for (uint32_t i = 0; stack_value_at(a, i, &one); i++)
        for (uint32_t j = 0; stack_value_at(b, j, &other); j++) {
            uint8_t shorter = one.length < other.length ? one.length : other.length;
            if (ipv4_same_subnet(one.address, other.address, shorter))
                nt_refuse(node, "interfaces", "%s (%s) and %s (%s) are on overlapping networks", a->key,
                          a->items ? a->items[i].text : a->text, b->key,
                          b->items ? b->items[j].text : b->text);
        }
}

void router_create(struct nt_node *node, const struct nt_value *values)
{
    struct router *router = node->state;
    const struct nt_value *interfaces = &values[ROUTER_INTERFACES];
    router->values = values;
    stack_create(&router->stack, node);
    stack_filter_create(&router->stack, &values[ROUTER_FIREWALL]);
    stack_tcp_settings(&router->stack, &values[ROUTER_TCP]);
    stack_icmp_settings(&router->stack, &values[ROUTER_ICMP]);
    for (uint32_t i = 0; i < interfaces->count; i++) {
        const struct nt_value *item = &interfaces->items[i];
        stack_claim_addresses(node, "interfaces", item);
        for (uint32_t j = 0; j < i; j++)
            check_overlap(node, &interfaces->items[j], item);
    }
}

/* The port that an entry of "interfaces" is about; UINT32_MAX: no cable is there. */
static uint32_t port_named(const struct nt_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->port_count; i++)
        if (strcmp(node->ports[i]->name, name) == 0)
            return i;
    return UINT32_MAX;
}

void router_check(struct nt_node *node)
{
    struct router *router = node->state;
    const struct nt_value *interfaces = &router->values[ROUTER_INTERFACES];
    stack_check(&router->stack, (uint32_t)router->values[ROUTER_MTU].number);
    stack_filter_check(&router->stack, &router->values[ROUTER_FIREWALL]);
    router->stack.ip.forwards = true;
    router->stack.ip.sends_redirects = router->values[ROUTER_REDIRECTS].number;
    if (router->values[ROUTER_SILENT].number)
        router->stack.ip.complain = NULL;
    router->given = nt_new(node, (node->port_count + 1) * sizeof(struct nt_value *));
    for (uint32_t i = 0; i < interfaces->count; i++) {
        uint32_t port = port_named(node, interfaces->items[i].key);
        if (port == UINT32_MAX)
            nt_warn(node, "interfaces", "no cable is plugged into \"%s\"", interfaces->items[i].key);
        else
            router->given[port] = &interfaces->items[i];
    }
    for (uint32_t i = 0; i < node->port_count; i++)
        stack_set_mac(&router->stack, i, nic_choose_mac(node->ports[i]));
    router_check_routes(node);
}

/* ---- Running ---- */

void router_start(struct nt_node *node)
{
    struct router *router = node->state;
    for (uint32_t i = 0; i < node->port_count; i++)
        if (router->given[i])
            stack_set_addresses(&router->stack, i, router->given[i]);
    router_add_routes(router);
    stack_set_gateway(&router->stack, (struct ipv4_address){(uint32_t)router->values[ROUTER_GATEWAY].number});
    for (uint32_t i = 0; i < node->port_count; i++)
        stack_line(&router->stack, node->ports[i]);
}

void router_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    stack_receive(stack_of(node), port, frame);
}

void router_line(struct nt_node *node, struct nt_port *port)
{
    stack_line(stack_of(node), port);
}

void router_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    stack_sense(stack_of(node), port, sense);
}

uint64_t router_held(const struct nt_node *node)
{
    return stack_held(stack_of(node));
}

/* ---- The type: a router that may speak RIP ---- */

static void speaker_create(struct nt_node *node, const struct nt_value *values)
{
    router_create(node, values);
    router_rip_create(node, values + ROUTER_PARAMS);
}

static void speaker_check(struct nt_node *node)
{
    router_check(node);
    router_rip_check(node);
}

static void speaker_start(struct nt_node *node)
{
    router_start(node);
    router_rip_start(node);
}

static void speaker_line(struct nt_node *node, struct nt_port *port)
{
    router_line(node, port);
    router_rip_line(node, port);
}

const struct nt_node_type router_type = {.size = sizeof(struct nt_node_type),
                                         .flags = NT_NODE_RUNS_APPS,
                                         .name = "router",
                                         .summary = "joins networks: passes on what is not for it",
                                         .params = router_params,
                                         .port_prefix = "eth",
                                         .max_ports = 256,
                                         .state_bytes = sizeof(struct router),
                                         .tables = router_tables,
                                         .create = speaker_create,
                                         .check = speaker_check,
                                         .start = speaker_start,
                                         .receive = router_receive,
                                         .line = speaker_line,
                                         .sense = router_sense,
                                         .held = router_held};
