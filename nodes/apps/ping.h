/* SPDX-License-Identifier: MIT
 * ping: does it answer, and how long does that take? Options and output as people know them from iputils. */
#ifndef NETARIUM_NODES_APPS_PING_H
#define NETARIUM_NODES_APPS_PING_H

#include "nodes/stack.h"

#define PING_REMEMBERED 1024 /* echoes whose time of sending is remembered; a power of two */

/* What one running or finished ping knows. Lives as long as the run. */
struct ping {
    struct nt_app *app;
    struct ping *older; /* in the stack's list */
    struct icmp_listener listener;
    struct nt_event next; /* the next echo, or the end of waiting */
    const char *name;     /* the target as typed */
    struct ipv4_address target;
    int64_t count; /* echoes to send; 0: until interrupted */
    nt_time interval, wait, deadline;
    uint32_t size_bytes; /* of data in each echo */
    uint8_t ttl, tos;
    bool is_quiet, is_numeric, dont_fragment;
    uint64_t sent, received, duplicates, errors;
    nt_time sent_at[PING_REMEMBERED]; /* by sequence number; NT_NEVER: answered or never sent */
    nt_time first_at, last_at;        /* first echo sent, last thing that happened */
    nt_time rtt_min, rtt_max, rtt_sum;
    unsigned __int128 rtt_square_sum_us2; /* of microseconds, for mdev */
};

extern const struct nt_app_type ping_app;

/* Fills a row of the table "ping". */
void ping_show(const struct ping *ping, struct nt_cell *ret_cells);

#endif
