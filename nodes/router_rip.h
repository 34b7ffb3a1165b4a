/* SPDX-License-Identifier: MIT
 * RIP on a router: the simulator's side of protocols/rip.
 *
 *      rip          tells distances, believes distances
 *       |  \
 *       |   ip.routes        what it has learnt, as routes with source "rip"
 *      udp          a socket on port 520, in the group 224.0.0.9
 *
 * A router has one of these if its file says "rip": "on". Lines that go up and down are told to it, as to the
 * stack. */
#ifndef NETARIUM_NODES_ROUTER_RIP_H
#define NETARIUM_NODES_ROUTER_RIP_H

#include "nodes/router.h"
#include "protocols/rip/rip.h"

/* The parameters of RIP, in this order, wherever a type has put them. */
enum router_rip_param {
    ROUTER_RIP_ON,
    ROUTER_RIP_HORIZON,
    ROUTER_RIP_UPDATE,
    ROUTER_RIP_JITTER,
    ROUTER_RIP_TIMEOUT,
    ROUTER_RIP_GARBAGE,
    ROUTER_RIP_TRIGGERED,
    ROUTER_RIP_PARAMS
};

extern const char *const router_rip_switch_words[];
extern const char *const router_rip_horizon_words[]; /* by enum rip_horizon, ended by NULL */

#define ROUTER_RIP_PARAM_ROWS                                                                                \
    {.name = "rip",                                                                                          \
     .kind = NT_PARAM_WORD,                                                                                  \
     .words = router_rip_switch_words,                                                                       \
     .default_text = "off",                                                                                  \
     .summary = "learn routes from neighbours and tell them ours: RIP version 2"},                           \
        {.name = "split-horizon",                                                                            \
         .kind = NT_PARAM_WORD,                                                                              \
         .words = router_rip_horizon_words,                                                                  \
         .default_text = "poison",                                                                           \
         .summary = "what a neighbour is told of routes learnt from its own link: all of them (none), "      \
                    "nothing (split), or that they are unreachable (poison)"},                               \
        {.name = "rip-update",                                                                               \
         .kind = NT_PARAM_TIME,                                                                              \
         .default_text = "30 s",                                                                             \
         .least = NT_SECOND,                                                                                 \
         .most = 3600 * NT_SECOND,                                                                           \
         .summary = "time between two regular updates"},                                                     \
        {.name = "rip-jitter",                                                                               \
         .kind = NT_PARAM_TIME,                                                                              \
         .default_text = "5 s",                                                                              \
         .most = 600 * NT_SECOND,                                                                            \
         .summary = "the most by which a regular update comes earlier or later"},                            \
        {.name = "rip-timeout",                                                                              \
         .kind = NT_PARAM_TIME,                                                                              \
         .default_text = "180 s",                                                                            \
         .least = NT_SECOND,                                                                                 \
         .most = 86400 * NT_SECOND,                                                                          \
         .summary = "silence after which a route is not believed any more"},                                 \
        {.name = "rip-garbage",                                                                              \
         .kind = NT_PARAM_TIME,                                                                              \
         .default_text = "120 s",                                                                            \
         .least = NT_SECOND,                                                                                 \
         .most = 86400 * NT_SECOND,                                                                          \
         .summary = "how long neighbours are told that a route is gone"},                                    \
    {                                                                                                        \
        .name = "rip-triggered", .kind = NT_PARAM_BOOLEAN, .default_text = "true",                           \
        .summary = "tell changes at once, not with the next regular update"                                  \
    }

/* create: takes ROUTER_RIP_PARAMS values. Nothing comes of it if RIP is off. */
void router_rip_create(struct nt_node *node, const struct nt_value *values);

/* check, start, line: after the router's own. Nothing without RIP. */
void router_rip_check(struct nt_node *node);
void router_rip_start(struct nt_node *node);
void router_rip_line(struct nt_node *node, const struct nt_port *port);

/* The table "rip". */
bool router_rip_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

#define ROUTER_RIP_TABLE                                                                                     \
    {                                                                                                        \
        .name = "rip", .summary = "how far away everything is, as RIP has heard",                            \
        .columns = {{"destination", NT_UNIT_IPV4},                                                           \
                    {"prefix", NT_UNIT_NONE},                                                                \
                    {"metric", NT_UNIT_NONE},                                                                \
                    {"next_hop", NT_UNIT_IPV4},                                                              \
                    {"interface", NT_UNIT_TEXT},                                                             \
                    {"age", NT_UNIT_TIME},                                                                   \
                    {"state", NT_UNIT_WORD, rip_state_words}},                                               \
        .row = router_rip_row                                                                                \
    }

#endif
