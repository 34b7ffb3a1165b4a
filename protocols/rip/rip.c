/* SPDX-License-Identifier: MIT
 * The RIP machine: its interfaces, its start and its end. The picture is in rip.h. */
#include "protocols/rip/rip.h"

#include "protocols/rip/rip_parts.h"

struct rip_config rip_config_default(void)
{
    return (struct rip_config){.update = 30 * ENV_SECOND, /* RFC 2453 3.8, 3.10.1 */
                               .jitter = 5 * ENV_SECOND,
                               .timeout = 180 * ENV_SECOND,
                               .garbage = 120 * ENV_SECOND,
                               .pause_least = 1 * ENV_SECOND,
                               .pause_most = 5 * ENV_SECOND,
                               .horizon = RIP_HORIZON_POISON,
                               .triggers = true};
}

void rip_init(struct rip *rip, struct env *env, const struct rip_ops *ops, const struct rip_config *config,
              uint32_t interface_count)
{
    assert(config->jitter >= 0);
    assert(config->jitter < config->update);
    *rip = (struct rip){.env = env, .ops = ops, .config = *config, .interface_count = interface_count};
    rip->interfaces = env_new(env, (interface_count + 1) * sizeof *rip->interfaces);
    rip_output_init(rip);
}

void rip_release(struct rip *rip)
{
    env_disarm(rip->env, &rip->update_timer);
    env_disarm(rip->env, &rip->trigger_timer);
    rip_table_release(rip);
    env_free(rip->env, rip->interfaces);
    rip->interfaces = NULL;
    rip->is_running = false;
}

/* ---- Interfaces ---- */

/* The network of an interface that is up is ours, whatever others say. RFC 2453 3.6. */
static void connect(struct rip *rip, uint32_t interface)
{
    struct ipv4_prefix prefix = rip->interfaces[interface].prefix;
    prefix.address = ipv4_prefix_network(prefix);
    struct rip_move move = {
        .state = RIP_CONNECTED, .rule = RIP_RULE_CONNECTED, .metric = RIP_COST, .interface = interface};
    rip_entry_move(rip_entry_at(rip, prefix), &move);
}

/* Nothing can be reached by that interface any more. */
static void disconnect(struct rip *rip, uint32_t interface)
{
    for (uint32_t i = 0; i < rip->entry_count; i++) {
        struct rip_entry *entry = rip->entries[i];
        if (entry->interface == interface && entry->state != RIP_GONE)
            rip_entry_lose(entry, RIP_RULE_DOWN);
    }
}

void rip_set_interface(struct rip *rip, uint32_t interface, struct ipv4_prefix prefix, bool is_up)
{
    struct rip_interface *changed = &rip->interfaces[interface];
    bool has_same_prefix =
        changed->prefix.length == prefix.length && ipv4_is_equal(changed->prefix.address, prefix.address);
    bool was_connected = changed->is_up && !ipv4_is_any(changed->prefix.address);
    bool is_connected = is_up && !ipv4_is_any(prefix.address);
    *changed = (struct rip_interface){prefix, is_up};
    if (was_connected == is_connected && has_same_prefix)
        return;
    if (was_connected)
        disconnect(rip, interface);
    if (is_connected)
        connect(rip, interface);
    if (is_connected && rip->is_running)
        rip_ask(rip, interface); /* a link that comes up is a small start */
    rip_trigger(rip);
}

void rip_start(struct rip *rip)
{
    rip->is_running = true;
    for (uint32_t i = 0; i < rip->interface_count; i++)
        rip_ask(rip, i); /* RFC 2453 3.9.1: "when a router comes up" */
    rip_update_arm(rip);
}
