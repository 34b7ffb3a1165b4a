/* SPDX-License-Identifier: MIT
 * Its type is smaller than any that there ever was. */
#include "plug.h"

static const struct nt_node_type hub = {.size = 40, .name = "hub-2", .summary = "a hub", .port_prefix = "port", .max_ports = 8, .receive = repeat};
static const struct nt_node_type *const nodes[] = {&hub, NULL};
PLUGIN("wrong-size");
