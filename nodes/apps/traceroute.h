/* SPDX-License-Identifier: MIT
 * traceroute: which routers are on the way? Options and output as people know them. */
#ifndef NETARIUM_NODES_APPS_TRACEROUTE_H
#define NETARIUM_NODES_APPS_TRACEROUTE_H

#include "sim/netarium.h"

extern const struct nt_app_type traceroute_app;

#endif
