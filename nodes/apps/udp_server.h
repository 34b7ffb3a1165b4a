/* SPDX-License-Identifier: MIT
 * What waits for datagrams on a port: udp-echo sends them back, udp-sink counts them. */
#ifndef NETARIUM_NODES_APPS_UDP_SERVER_H
#define NETARIUM_NODES_APPS_UDP_SERVER_H

#include "sim/netarium.h"

extern const struct nt_app_type udp_echo_app;
extern const struct nt_app_type udp_sink_app;

#endif
