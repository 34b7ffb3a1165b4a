/* SPDX-License-Identifier: MIT
 * The static routes of a router, as the file writes them, in iproute2's words:
 *
 *     "10.0.3.0/24 via 10.0.2.2"
 *     "10.0.3.0/24 nexthop via 10.0.2.2 nexthop via 10.0.4.2 weight 2"
 *
 * The second has several equal ways, which share the flows (protocols/ipv4/ways.h). */
#ifndef NETARIUM_NODES_ROUTER_ROUTES_H
#define NETARIUM_NODES_ROUTER_ROUTES_H

#include "nodes/router.h"

#define ROUTER_WAYS 32           /* of one route, at most */
#define ROUTER_WEIGHT_MOST 256 /* of one way, as with iproute2 */

struct router_way {
    struct ipv4_address hop;
    uint16_t weight; /* 0: it is the only one */
};

/* A route, understood. */
struct router_route {
    struct ipv4_prefix prefix;
    struct router_way ways[ROUTER_WAYS];
    uint32_t way_count;
};

/* check: every next hop must be a neighbour. */
void router_check_routes(struct nt_node *node);

/* start: puts them into the table. The interfaces have their addresses. */
void router_add_routes(struct router *router);

#endif
