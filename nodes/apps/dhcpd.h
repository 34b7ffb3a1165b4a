/* SPDX-License-Identifier: MIT
 * dhcpd: gives addresses to who asks. dhcp-relay: carries the question over a router. */
#ifndef NETARIUM_NODES_APPS_DHCPD_H
#define NETARIUM_NODES_APPS_DHCPD_H

#include "sim/netarium.h"

extern const struct nt_app_type dhcpd_app;
extern const struct nt_app_type dhcp_relay_app;

#endif
