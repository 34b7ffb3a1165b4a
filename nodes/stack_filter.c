/* SPDX-License-Identifier: MIT
 * See stack_filter.h. */
#include "nodes/stack_filter.h"

#include <stdio.h>

bool stack_filter_parse(const char *text, struct nt_value *ret_value, struct nt_why *ret_why)
{
    struct firewall_line line;
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    return firewall_read(text, &line, &why);
}

struct stack_filter *stack_filter_new(struct nt_node *node, const struct nt_value *value)
{
    char storage[200];
    if (value->count == 0)
        return NULL;
    struct stack_filter *filter = nt_new(node, sizeof *filter);
    node_env_init(&filter->firewall_env, node, "firewall", firewall_kinds, FIREWALL_FACTS);
    node_env_init(&filter->conntrack_env, node, "conntrack", conntrack_kinds, CONNTRACK_FACTS);
    firewall_init(&filter->firewall, &filter->firewall_env.env, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        struct firewall_line line;
        struct text why = text_in(storage, sizeof storage);
        if (value->items[i].text && firewall_read(value->items[i].text, &line, &why))
            firewall_add(&filter->firewall, &line);
    }
    return filter;
}

/* The place of a rule in the file: its line is the one with the same text. */
static void refuse_rule(struct nt_node *node, const struct nt_value *value, const struct firewall_rule *rule,
                        const char *sentence)
{
    char param[32];
    uint32_t index = 0;
    while (index + 1 < value->count && value->items[index].text != rule->text)
        index++;
    snprintf(param, sizeof param, "firewall[%u]", index);
    nt_refuse(node, param, "%s", sentence);
}

void stack_filter_bind(struct stack_filter *filter, struct nt_node *node, const struct nt_value *value)
{
    char storage[200];
    struct text why = text_in(storage, sizeof storage);
    const struct firewall_rule *rule;
    const char **names = nt_new(node, (node->port_count + 1) * sizeof *names);
    struct flows_config config = flows_config_default();
    for (uint32_t i = 0; i < node->port_count; i++)
        names[i] = node->ports[i]->name;
    if (!firewall_bind(&filter->firewall, names, &rule, &why))
        refuse_rule(node, value, rule, why.start);
    nt_free(node, names);
    if (!firewall_uses_state(&filter->firewall))
        return;
    conntrack_init(&filter->conntrack, &filter->conntrack_env.env, &config);
    filter->firewall.conntrack = &filter->conntrack;
}

void stack_filter_create(struct stack *stack, const struct nt_value *value)
{
    stack->filter = stack_filter_new(stack->node, value);
}

void stack_filter_check(struct stack *stack, const struct nt_value *value)
{
    if (!stack->filter)
        return;
    stack_filter_bind(stack->filter, stack->node, value);
    firewall_attach(&stack->filter->firewall, &stack->ip);
}

/* ---- What can be seen ---- */

static void show(struct nt_cell *cells, enum ipv4_hook chain, uint32_t number, const char *text,
                 uint64_t packets, uint64_t bytes)
{
    cells[0].number = chain;
    cells[1].number = number;
    snprintf(cells[2].text, sizeof cells[2].text, "%s", text);
    cells[3].number = (int64_t)packets;
    cells[4].number = (int64_t)bytes;
}

/* Chain by chain: its rules in their order, then its policy. */
bool stack_filter_show_rule(const struct stack_filter *filter, uint32_t index, struct nt_cell *cells)
{
    if (!filter)
        return false;
    for (int i = 0; i < IPV4_HOOKS; i++) {
        const struct firewall_chain *chain = &filter->firewall.chains[i];
        for (uint32_t r = 0; r < filter->firewall.rule_count; r++) {
            const struct firewall_rule *rule = &filter->firewall.rules[r];
            if ((int)rule->chain != i || index-- > 0)
                continue;
            show(cells, rule->chain, rule->number, rule->text, rule->packets, rule->bytes);
            return true;
        }
        if (!chain->is_used || index-- > 0)
            continue;
        show(cells, (enum ipv4_hook)i, 0, chain->policy == FIREWALL_DROP ? "policy drop" : "policy accept",
             chain->packets, chain->bytes);
        return true;
    }
    return false;
}

bool stack_filter_show_flow(const struct nt_node *node, const struct stack_filter *filter, uint32_t index,
                            struct nt_cell *cells)
{
    const struct flow *flow =
        filter && filter->firewall.conntrack ? flows_row(&filter->conntrack.flows, index) : NULL;
    if (!flow)
        return false;
    cells[0].number = flow->number;
    cells[1].number = flow_protocol_index(flow->key.protocol);
    cells[2].number = flow->key.from.address.value;
    cells[3].number = flow->key.from.port;
    cells[4].number = flow->key.to.address.value;
    cells[5].number = flow->key.to.port;
    cells[6].number = flow->class;
    cells[7].number = flow->is_answered;
    cells[8].number = flow->expires - nt_now(node);
    cells[9].number = (int64_t)flow->packets[FLOW_THERE];
    cells[10].number = (int64_t)flow->packets[FLOW_BACK];
    return true;
}

bool stack_row_rule(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    return stack_filter_show_rule(stack_of(node)->filter, index, cells);
}

bool stack_row_flow(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    return stack_filter_show_flow(node, stack_of(node)->filter, index, cells);
}
