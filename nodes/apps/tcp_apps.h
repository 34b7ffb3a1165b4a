/* SPDX-License-Identifier: MIT
 * The applications on TCP, for the list of all types. */
#ifndef NETARIUM_NODES_APPS_TCP_APPS_H
#define NETARIUM_NODES_APPS_TCP_APPS_H

#include "sim/netarium.h"

extern const struct nt_app_type send_tcp_app, on_off_app;                  /* send_tcp.c */
extern const struct nt_app_type discard_app, tcp_echo_app;                 /* tcp_server.c */
extern const struct nt_app_type request_app;                               /* request.c */
extern const struct nt_app_type respond_app;                               /* respond.c */
extern const struct nt_app_type iperf_app;                                 /* iperf.c */
extern const struct nt_app_type nc_app;                                    /* nc.c */
extern const struct nt_app_type netstat_app;                               /* netstat.c */
extern const struct nt_app_type syn_flood_app, rst_inject_app, hijack_app; /* tcp_attacks.c */

#endif
