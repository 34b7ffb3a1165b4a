/* SPDX-License-Identifier: MIT
 * The congestion controls that are built in: one file each. tcp_congestion_find has them by name. */
#ifndef NETARIUM_PROTOCOLS_TCP_CONGESTION_TYPES_H
#define NETARIUM_PROTOCOLS_TCP_CONGESTION_TYPES_H

#include "protocols/tcp/congestion.h"

/* Names, one sentence for each, and parameters: name, usual, least, most, summary. Whoever lists them without
 * asking TCP has them from here too. */
#define TCP_NONE_NAME "none"
#define TCP_NONE_SUMMARY "sends what the receiver's window allows, whatever the network does"
#define TCP_TAHOE_NAME "tahoe"
#define TCP_TAHOE_SUMMARY "slow start, avoidance, fast retransmit; after a loss the window is one segment"
#define TCP_RENO_NAME "reno"
#define TCP_RENO_SUMMARY "one segment more each round trip, half the window at a loss"
#define TCP_NEWRENO_NAME "newreno"
#define TCP_NEWRENO_SUMMARY "Reno that repairs several losses of one window at the price of one"
#define TCP_CUBIC_NAME "cubic"
#define TCP_CUBIC_SUMMARY "back to the window of the last loss along a cube of time"
#define TCP_CUBIC_PARAMS(ROW)                                                                                \
    ROW("c", 400, 1, 10000, "how steep the cube is, in thousandths of a segment per cubic second"),          \
    ROW("beta", 700, 100, 999, "what is left of the window after a loss, in thousandths"),                   \
    ROW("fast-convergence", 1, 0, 1, "1: give way when the window is smaller at each loss")

extern const struct tcp_congestion_type tcp_congestion_none;
extern const struct tcp_congestion_type tcp_congestion_tahoe;
extern const struct tcp_congestion_type tcp_congestion_reno;
extern const struct tcp_congestion_type tcp_congestion_newreno;
extern const struct tcp_congestion_type tcp_congestion_cubic;

#endif
