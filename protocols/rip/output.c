/* SPDX-License-Identifier: MIT
 * What we say, and when: questions at the start, everything every 30 s, changes at once. RFC 2453 3.8, 3.10.
 *
 *     update_timer    fires ------ 30 s +- 5 s ------ fires ------ 30 s +- 5 s ------ ...
 *     trigger_timer   a change: fires at once -- pause of 1..5 s -- fires: were there changes meanwhile?
 */
#include "protocols/rip/rip_parts.h"

#define STEP ENV_MICROSECOND /* how finely times are drawn */

static void update_fire(struct env_timer *timer);
static void trigger_fire(struct env_timer *timer);

void rip_output_init(struct rip *rip)
{
    env_timer_init(&rip->update_timer, update_fire);
    env_timer_init(&rip->trigger_timer, trigger_fire);
}

/* ---- Messages ---- */

void rip_send(struct rip *rip, const struct rip_peer *to, const struct rip_message *message)
{
    uint8_t bytes[RIP_MOST];
    rip_emit(message, bytes);
    rip->counters.sent++;
    rip->ops->send(rip, to, bytes, rip_bytes(message->count));
}

static bool is_speaking(const struct rip_interface *interface)
{
    return interface->is_up && !ipv4_is_any(interface->prefix.address);
}

void rip_ask(struct rip *rip, uint32_t interface)
{
    if (!is_speaking(&rip->interfaces[interface]))
        return;
    struct rip_message request = rip_request_for_all();
    uint64_t before = env_cause(rip->env);
    env_because(rip->env, env_tell(rip->env, &rip_kinds[RIP_REQUEST_TX], 0, interface));
    rip_send(rip, &(struct rip_peer){interface, RIP_GROUP, RIP_PORT}, &request);
    env_because(rip->env, before);
}

/* ---- What to tell whom ---- */

/* The metric under which `entry` is told on the link of `interface`. False: not at all. RFC 2453 3.4.3. */
static bool metric_for(const struct rip_entry *entry, uint32_t interface, uint32_t *ret_metric)
{
    *ret_metric = entry->metric;
    if (entry->interface != interface || entry->rip->config.horizon == RIP_HORIZON_NONE)
        return true;
    bool is_from_there = !ipv4_is_any(entry->from); /* our own link is no news to those who are on it */
    *ret_metric = RIP_INFINITY;
    return entry->rip->config.horizon == RIP_HORIZON_POISON && is_from_there;
}

static uint32_t count_for(const struct rip *rip, uint32_t interface, enum rip_occasion occasion)
{
    uint32_t count = 0, metric;
    for (uint32_t i = 0; i < rip->entry_count; i++)
        if ((occasion != RIP_NEWS || rip->entries[i]->is_changed) &&
            metric_for(rip->entries[i], interface, &metric))
            count++;
    return count;
}

/* RFC 2453 3.10.2: as many messages as it takes, 25 entries in each. */
static void send_entries(struct rip *rip, const struct rip_peer *to, enum rip_occasion occasion)
{
    struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION};
    uint32_t metric;
    for (uint32_t i = 0; i < rip->entry_count; i++) {
        const struct rip_entry *entry = rip->entries[i];
        if ((occasion == RIP_NEWS && !entry->is_changed) || !metric_for(entry, to->interface, &metric))
            continue;
        message.rtes[message.count++] = rip_rte_of(entry->prefix, metric, entry->tag);
        if (message.count == RIP_RTES) {
            rip_send(rip, to, &message);
            message.count = 0;
        }
    }
    if (message.count > 0)
        rip_send(rip, to, &message);
}

static void tell_peer(struct rip *rip, const struct rip_peer *to, enum rip_occasion occasion)
{
    uint32_t count = count_for(rip, to->interface, occasion);
    if (count == 0)
        return; /* RFC 2453 3.10.1: "the update may be omitted" */
    uint64_t before = env_cause(rip->env);
    env_because(rip->env, env_tell(rip->env, &rip_kinds[RIP_UPDATE_TX], 0, to->interface, count,
                                   to->address.value, occasion));
    send_entries(rip, to, occasion);
    env_because(rip->env, before);
}

static void tell_all(struct rip *rip, enum rip_occasion occasion)
{
    for (uint32_t i = 0; i < rip->interface_count; i++)
        if (is_speaking(&rip->interfaces[i]))
            tell_peer(rip, &(struct rip_peer){i, RIP_GROUP, RIP_PORT}, occasion);
    for (uint32_t i = 0; i < rip->entry_count; i++)
        rip->entries[i]->is_changed = false; /* RFC 2453 3.10.2: "the route change flags should be cleared" */
}

void rip_answer(struct rip *rip, const struct rip_peer *to)
{
    tell_peer(rip, to, RIP_ASKED);
}

/* ---- When ---- */

/* Uniform in [least, most]. */
static int64_t draw(struct rip *rip, int64_t least, int64_t most)
{
    return least + env_random_below(rip->env, (uint32_t)((most - least) / STEP) + 1) * STEP;
}

void rip_update_arm(struct rip *rip)
{
    const struct rip_config *config = &rip->config;
    int64_t gap = draw(rip, config->update - config->jitter, config->update + config->jitter);
    env_arm(rip->env, &rip->update_timer, env_now(rip->env) + gap);
}

static void update_fire(struct env_timer *timer)
{
    struct rip *rip = ENV_OWNER(timer, struct rip, update_timer);
    rip_update_arm(rip);
    if (rip->ops->announce)
        rip->ops->announce(rip);
    tell_all(rip, RIP_REGULAR);
}

void rip_trigger(struct rip *rip)
{
    if (!rip->config.triggers || !rip->is_running)
        return;
    if (!env_timer_is_armed(&rip->trigger_timer)) /* no pause: when all that happens now has happened */
        env_arm(rip->env, &rip->trigger_timer, env_now(rip->env));
    env_tell(rip->env, &rip_kinds[RIP_TRIGGERED], 0, rip->trigger_timer.at - env_now(rip->env));
}

static bool has_news(const struct rip *rip)
{
    for (uint32_t i = 0; i < rip->entry_count; i++)
        if (rip->entries[i]->is_changed)
            return true;
    return false;
}

static void trigger_fire(struct env_timer *timer)
{
    struct rip *rip = ENV_OWNER(timer, struct rip, trigger_timer);
    bool is_due_anyway = rip->update_timer.at <= env_now(rip->env); /* RFC 2453 3.10.1: then suppressed */
    if (!has_news(rip) || is_due_anyway)
        return;
    tell_all(rip, RIP_NEWS);
    int64_t pause = draw(rip, rip->config.pause_least, rip->config.pause_most);
    env_arm(rip->env, timer, env_now(rip->env) + pause);
}
