/* SPDX-License-Identifier: MIT
 * dhclient: get an address for an interface, or give it back. Options and words as people know them from
 * ISC's. */
#ifndef NETARIUM_NODES_APPS_DHCLIENT_H
#define NETARIUM_NODES_APPS_DHCLIENT_H

#include "sim/netarium.h"

extern const struct nt_app_type dhclient_app;

#endif
