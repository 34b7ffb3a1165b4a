/* SPDX-License-Identifier: MIT
 * The congestion controls that are built in: one file each. tcp_congestion_find has them by name. */
#ifndef NETARIUM_PROTOCOLS_TCP_CONGESTION_TYPES_H
#define NETARIUM_PROTOCOLS_TCP_CONGESTION_TYPES_H

#include "protocols/tcp/congestion.h"

extern const struct tcp_congestion_type tcp_congestion_none;
extern const struct tcp_congestion_type tcp_congestion_tahoe;
extern const struct tcp_congestion_type tcp_congestion_reno;
extern const struct tcp_congestion_type tcp_congestion_newreno;
extern const struct tcp_congestion_type tcp_congestion_cubic;

#endif
