/* SPDX-License-Identifier: MIT
 * TCP on a machine's stack: made when the first socket or segment needs it, with the settings that the file
 * gives.
 *
 *     "tcp": { "profile": "rfc", "congestion": "reno", "sack": false, "sysctl": { "tcp_retries2": 3 } }
 *
 * First the profile, then what is named by plain words, then what is named as sysctl has it. */
#ifndef NETARIUM_NODES_STACK_TCP_H
#define NETARIUM_NODES_STACK_TCP_H

#include "nodes/stack.h"
#include "protocols/tcp/tcp.h"

struct stack_tcp {
    struct node_env env;
    struct tcp tcp;
    struct ipv4_network network; /* IPv4, as TCP sees it */
};

/* check, or later: its TCP machine, which is made if this is the first call. */
struct tcp *stack_tcp(struct stack *stack);

/* Any time: the same, or NULL if nobody has needed it yet. */
const struct tcp *stack_tcp_peek(const struct stack *stack);

/* create: declares what TCP tells. */
void stack_tcp_declare(struct nt_node *node);

/* create: keeps the machine's settings, a value of STACK_TCP_PARAM, and refuses what cannot be. */
void stack_tcp_settings(struct stack *stack, const struct nt_value *value);

/* Puts the settings into a machine that has just been made. */
void stack_tcp_configure(struct tcp *tcp, const struct nt_value *value);

/* The congestion control that they choose; NULL: they do not. */
const struct nt_value *stack_tcp_congestion_value(const struct nt_value *value);

/* The profile that they begin with. */
enum tcp_profile stack_tcp_profile(const struct nt_value *value);

/* Lets a machine that has just been made find its congestion controls, and chooses the file's: `value` of the
 * parameter "congestion", or NULL. */
void stack_tcp_congestion(struct stack *stack, struct tcp *tcp, const struct nt_value *value);

/* Parameters: a congestion control, for NT_PARAM_PART; and those that TCP has itself. */
extern const char *const stack_tcp_congestion_category[];
extern const struct nt_part_type cubic_part, newreno_part, reno_part, tahoe_part, none_part;

/* Tables: connections with their variables, and counters. */
bool stack_row_tcp(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_tcp_counters(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

/* The parameter "tcp" of a machine, an object with settings, and what that object may contain. */
extern const struct nt_part_type tcp_settings_part;
extern const char *const stack_tcp_category[];
#define STACK_TCP_PARAM                                                                                      \
    {                                                                                                        \
        .name = "tcp", .kind = NT_PARAM_PART, .default_text = "tcp", .words = stack_tcp_category,            \
        .summary = "how its TCP behaves: a profile, a congestion control, settings; netarium help tcp has them all" \
    }

/* clang-format off */
#define STACK_TCP_TABLES \
    {.name = "tcp", \
     .summary = "TCP connections, with the variables that steer them", \
     .columns = {{"local", NT_UNIT_IPV4}, {"port", NT_UNIT_NONE}, {"peer", NT_UNIT_IPV4}, \
                 {"peer_port", NT_UNIT_NONE}, {"state", NT_UNIT_WORD, stack_tcp_state_words}, \
                 {"cwnd", NT_UNIT_BYTES}, {"ssthresh", NT_UNIT_BYTES, stack_tcp_no_limit}, {"flight", NT_UNIT_BYTES}, \
                 {"rwnd", NT_UNIT_BYTES}, {"srtt", NT_UNIT_TIME}, {"rto", NT_UNIT_TIME}, \
                 {"unsent", NT_UNIT_BYTES}, {"unread", NT_UNIT_BYTES}, {"retrans", NT_UNIT_NONE}, \
                 {"congestion", NT_UNIT_TEXT}, {"timer", NT_UNIT_TEXT}}, \
     .row = stack_row_tcp}, \
    {.name = "tcp_counters", \
     .summary = "what TCP has done, counted", \
     .columns = {{"active_opens", NT_UNIT_NONE}, {"passive_opens", NT_UNIT_NONE}, \
                 {"failed", NT_UNIT_NONE}, {"segments_in", NT_UNIT_NONE}, {"segments_out", NT_UNIT_NONE}, \
                 {"retransmitted", NT_UNIT_NONE}, {"bad_segments", NT_UNIT_NONE}, \
                 {"resets_sent", NT_UNIT_NONE}, {"resets_received", NT_UNIT_NONE}, \
                 {"syn_dropped", NT_UNIT_NONE}, {"accept_overflows", NT_UNIT_NONE}, \
                 {"cookies_sent", NT_UNIT_NONE}, {"cookies_good", NT_UNIT_NONE}, \
                 {"cookies_bad", NT_UNIT_NONE}, {"challenges", NT_UNIT_NONE}}, \
     .row = stack_row_tcp_counters}
/* clang-format on */

/* The states in small letters, as words of queries: "established", "syn-sent". */
extern const char *const stack_tcp_state_words[];

/* What a threshold is that was never set. */
extern const char *const stack_tcp_no_limit[];

#endif
