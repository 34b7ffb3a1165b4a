/* SPDX-License-Identifier: MIT
 * A router: a machine with several interfaces that passes on what is not for it. What other boxes with
 * several interfaces (a NAT box) share with it is offered here.
 *
 * The interfaces are named in the file, "interfaces": {"eth0": "10.0.1.1/24", "eth1": "10.0.2.1/24"}, or
 * simply used by cables; one that has no address there gets one when a protocol says so, or none.
 * An interface may have several: "eth0": ["10.0.1.1/24", "10.0.7.1/24"]. */
#ifndef NETARIUM_NODES_ROUTER_H
#define NETARIUM_NODES_ROUTER_H

#include "nodes/stack_filter.h"
#include "nodes/stack_tcp.h"

struct router_rip;

struct router {
    struct stack stack; /* first: applications look for it there */
    const struct nt_value *values;
    const struct nt_value **given; /* by port: its entry in "interfaces"; NULL: none */
    struct router_rip *rip;       /* router_rip.h; NULL: it speaks no RIP */
};

/* The parameters that every such box has, in this order; a type's own table begins with them. */
enum router_param {
    ROUTER_INTERFACES,
    ROUTER_GATEWAY,
    ROUTER_ROUTES,
    ROUTER_MTU,
    ROUTER_REDIRECTS,
    ROUTER_FIREWALL,
    ROUTER_TCP,
    ROUTER_SILENT,
    ROUTER_ICMP, /* two */
    ROUTER_PARAMS = ROUTER_ICMP + 2
};

#define ROUTER_PARAM_ROWS                                                                                    \
    {.name = "interfaces",                                                                                   \
     .kind = NT_PARAM_MAP,                                                                                   \
     .flags = NT_PARAM_MANY,                                                                                 \
     .parse = stack_parse_prefix,                                                                            \
     .summary = "address and prefix length of each interface, or a list of several: "                        \
                "{\"eth0\": \"10.0.1.1/24\"}"},                                                              \
        {.name = "gateway",                                                                                  \
         .kind = NT_PARAM_PARSED,                                                                            \
         .parse = stack_parse_address,                                                                       \
         .summary = "the next router for all networks that no route knows"},                                 \
        {.name = "routes",                                                                                   \
         .kind = NT_PARAM_LIST,                                                                              \
         .parse = router_parse_route,                                                                        \
         .summary = "static routes such as \"10.0.3.0/24 via 10.0.2.2\", or by several equal ways that share " \
                    "the flows: \"10.0.3.0/24 nexthop via 10.0.2.2 nexthop via 10.0.4.2 weight 2\""},         \
        {.name = "mtu",                                                                                      \
         .kind = NT_PARAM_BYTES,                                                                             \
         .default_text = "1500",                                                                             \
         .least = 68,                                                                                        \
         .most = 65535,                                                                                      \
         .summary = "largest IP datagram that an interface sends or takes"},                                 \
        {.name = "redirects",                                                                                \
         .kind = NT_PARAM_BOOLEAN,                                                                           \
         .default_text = "true",                                                                             \
         .summary = "tell hosts of a nearer router: ICMP redirect"},                                         \
        STACK_FIREWALL_PARAM,                                                                                \
        STACK_TCP_PARAM,                                                                                     \
        {.name = "silent",                                                                                   \
         .kind = NT_PARAM_BOOLEAN,                                                                           \
         .default_text = "false",                                                                            \
         .summary = "send no ICMP errors at all, as badly kept routers do"},                                 \
        STACK_ICMP_PARAM_ROWS

/* A route as written (router_routes.h). */
bool router_parse_route(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);

/* The first address of a port, from the file; 0.0.0.0/0: none. */
struct ipv4_prefix router_prefix(const struct router *router, uint32_t port);

/* The callbacks of a router; a type that is more calls them from its own. */
void router_create(struct nt_node *node, const struct nt_value *values);
void router_check(struct nt_node *node);
void router_start(struct nt_node *node);
void router_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame);
void router_line(struct nt_node *node, struct nt_port *port);
void router_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense);
uint64_t router_held(const struct nt_node *node);

extern const struct nt_node_type router_type;

#endif
