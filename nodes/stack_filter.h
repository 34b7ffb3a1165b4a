/* SPDX-License-Identifier: MIT
 * The firewall of a machine: the parameter "firewall" of whatever has a stack, a list of rules in nftables'
 * words.
 *
 *     "firewall": ["chain forward policy drop", "forward ct state established,related accept", ...]
 *
 * Without it there is nothing at the hooks, and nothing is paid. Connection tracking is there if a rule asks
 * for the state of connections. */
#ifndef NETARIUM_NODES_STACK_FILTER_H
#define NETARIUM_NODES_STACK_FILTER_H

#include "nodes/stack.h"
#include "protocols/firewall/firewall.h"

struct stack_filter {
    struct node_env firewall_env, conntrack_env;
    struct firewall firewall;
    struct conntrack conntrack; /* if firewall.conntrack says so */
};

/* The row for a table of parameters. */
#define STACK_FIREWALL_PARAM                                                                                 \
    {                                                                                                        \
        .name = "firewall", .kind = NT_PARAM_LIST, .parse = stack_filter_parse,                              \
        .summary = "rules in nftables' words such as \"input tcp dport 80 accept\""                          \
    }

/* One line: a rule, or the policy of a chain. */
bool stack_filter_parse(const char *text, struct nt_value *ret_value, struct nt_why *ret_why);

/* create: a filter with the rules in `value`, which may be empty: then NULL. */
struct stack_filter *stack_filter_new(struct nt_node *node, const struct nt_value *value);

/* check, when the ports are known: finds the interfaces that the rules name, or refuses them. */
void stack_filter_bind(struct stack_filter *filter, struct nt_node *node, const struct nt_value *value);

/* create and check of a machine with a stack. */
void stack_filter_create(struct stack *stack, const struct nt_value *value);
void stack_filter_check(struct stack *stack, const struct nt_value *value);

/* Tables. */
bool stack_filter_show_rule(const struct stack_filter *filter, uint32_t index, struct nt_cell *ret_cells);
bool stack_filter_show_flow(const struct nt_node *node, const struct stack_filter *filter, uint32_t index,
                            struct nt_cell *ret_cells);
bool stack_row_rule(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool stack_row_flow(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

/* clang-format off */
#define STACK_RULE_COLUMNS \
    {{"chain", NT_UNIT_WORD, ipv4_hook_words}, {"number", NT_UNIT_NONE}, {"rule", NT_UNIT_TEXT}, \
     {"packets", NT_UNIT_FRAMES}, {"bytes", NT_UNIT_BYTES}}
#define STACK_FLOW_COLUMNS \
    {{"flow", NT_UNIT_NONE}, {"protocol", NT_UNIT_WORD, flow_protocol_words}, {"from", NT_UNIT_IPV4}, \
     {"from_port", NT_UNIT_NONE}, {"to", NT_UNIT_IPV4}, {"to_port", NT_UNIT_NONE}, \
     {"class", NT_UNIT_WORD, flow_class_words}, {"answered", NT_UNIT_BOOL}, {"expires", NT_UNIT_TIME}, \
     {"there", NT_UNIT_FRAMES}, {"back", NT_UNIT_FRAMES}}
#define STACK_FILTER_TABLES \
    {.name = "rules", \
     .summary = "the firewall, rule by rule, and what each has decided", \
     .columns = STACK_RULE_COLUMNS, \
     .row = stack_row_rule}, \
    {.name = "flows", \
     .summary = "the connections that the firewall remembers", \
     .columns = STACK_FLOW_COLUMNS, \
     .row = stack_row_flow}
/* clang-format on */

#endif
