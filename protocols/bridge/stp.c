/* SPDX-License-Identifier: MIT
 * What can happen to a bridge of the spanning tree: a message, a timer, a line, a person. See stp.h.
 *
 * Each is a short procedure out of IEEE 802.1D-1998 8.7 or 8.8, made of those of 8.6 in the other two files.
 */
#include "protocols/bridge/stp_parts.h"

#include <assert.h>

static void hello_fire(struct env_timer *timer);
static void tcn_fire(struct env_timer *timer);
static void change_fire(struct env_timer *timer);
static void message_age_fire(struct env_timer *timer);
static void forward_delay_fire(struct env_timer *timer);
static void hold_fire(struct env_timer *timer);

/* ---- Life ---- */

struct stp_config stp_config_default(void)
{
    return (struct stp_config){20 * ENV_SECOND, 2 * ENV_SECOND, 15 * ENV_SECOND}; /* 8.10.2, table 8-3 */
}

enum stp_settings stp_settings_check(const struct stp_config *config)
{
    if (2 * (config->forward_delay - ENV_SECOND) < config->max_age)
        return STP_MAX_AGE_TOO_LONG;
    if (config->max_age < 2 * (config->hello_time + ENV_SECOND))
        return STP_MAX_AGE_TOO_SHORT;
    return STP_SETTINGS_FINE;
}

uint32_t stp_cost_for(int64_t rate_bps)
{
    static const struct {
        int64_t least_bps;
        uint32_t cost;
    } costs[] = {
        {INT64_C(10000000000), 2}, {1000000000, 4}, {622000000, 6},  {155000000, 14},
        {100000000, 19},           {16000000, 62},  {10000000, 100}, {4000000, 250},
    };
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
        if (rate_bps >= costs[i].least_bps)
            return costs[i].cost;
    int64_t cost = 1000000000 / (rate_bps > 0 ? rate_bps : 1); /* 1000 over the rate in Mb/s */
    return cost < 65535 ? (uint32_t)cost : 65535;
}

void stp_init(struct stp *stp, struct env *env, struct env *const *places, uint32_t port_count,
              const struct stp_ops *ops, struct packet_pool *packets, const struct stp_config *config,
              struct bridge_id bridge_id)
{
    assert(stp_settings_check(config) == STP_SETTINGS_FINE);
    *stp = (struct stp){.env = env,
                        .ops = ops,
                        .packets = packets,
                        .config = *config,
                        .current = *config,
                        .bridge_id = bridge_id,
                        .root = bridge_id,
                        .root_port = STP_NO_PORT,
                        .port_count = port_count};
    env_timer_init(&stp->hello, hello_fire);
    env_timer_init(&stp->tcn, tcn_fire);
    env_timer_init(&stp->change, change_fire);
    stp->ports = env_new(env, (port_count + 1) * sizeof *stp->ports);
    for (uint32_t i = 0; i < port_count; i++) {
        struct stp_port *port = &stp->ports[i];
        *port = (struct stp_port){.stp = stp, .env = places[i], .index = i, .path_cost = 1};
        env_timer_init(&port->message_age, message_age_fire);
        env_timer_init(&port->forward_delay, forward_delay_fire);
        env_timer_init(&port->hold, hold_fire);
        stp_set_port_id(stp, i, STP_PORT_PRIORITY_DEFAULT, (uint16_t)(i + 1));
    }
}

void stp_set_port_id(struct stp *stp, uint32_t port, uint8_t priority, uint16_t number)
{
    assert(number >= 1 && number < 4096 && priority % 16 == 0);
    stp->ports[port].id =
        (uint16_t)(priority << 8 | number); /* IEEE 802.1D-2004 9.2.7; to 255 ports as in 1998 */
    stp_become_designated(&stp->ports[port]);
}

static void stop_port_timers(struct stp_port *port)
{
    env_disarm(port->env, &port->message_age);
    env_disarm(port->env, &port->forward_delay);
    env_disarm(port->env, &port->hold);
}

void stp_release(struct stp *stp)
{
    for (uint32_t i = 0; i < stp->port_count; i++)
        stop_port_timers(&stp->ports[i]);
    env_disarm(stp->env, &stp->hello);
    env_disarm(stp->env, &stp->tcn);
    env_disarm(stp->env, &stp->change);
    env_free(stp->env, stp->ports);
    *stp = (struct stp){0};
}

/* 8.8.1. Ports are enabled by their lines. */
void stp_start(struct stp *stp)
{
    stp->is_started = true;
    stp_port_state_selection(stp);
    stp_config_generation(stp);
    env_arm(stp->env, &stp->hello, env_now(stp->env) + stp->current.hello_time);
}

/* If we were not the root and are it now, the tree is ours to announce. 8.7.4 (d), 8.8.3 (g), 8.8.4 (e). */
static void take_root_if_new(struct stp *stp, bool was_root)
{
    if (was_root || !stp_is_root(stp))
        return;
    stp->current = stp->config;
    stp_change_detection(stp);
    env_disarm(stp->env, &stp->tcn);
    stp_config_generation(stp);
    env_arm(stp->env, &stp->hello, env_now(stp->env) + stp->current.hello_time);
}

/* ---- Lines and persons: 8.8 ---- */

/* 8.8.2 */
void stp_enable_port(struct stp *stp, uint32_t index, uint32_t path_cost)
{
    struct stp_port *port = &stp->ports[index];
    if (port->state != STP_DISABLED)
        stp_disable_port(stp, index);
    port->path_cost = path_cost;
    port->must_acknowledge = port->has_pending = false;
    stp_become_designated(port);
    stp_port_move(port, STP_BLOCKING, STP_BY_LINE_UP);
    if (!stp->is_started)
        return;
    stp_port_state_selection(stp);
    if (stp_is_root(stp)) /* Beyond the standard, which lets a new neighbour wait for the next hello. */
        stp_transmit_config(port);
}

/* 8.8.3 */
void stp_disable_port(struct stp *stp, uint32_t index)
{
    struct stp_port *port = &stp->ports[index];
    bool was_root = stp_is_root(stp);
    if (port->state == STP_DISABLED)
        return;
    stp_become_designated(port);
    port->must_acknowledge = port->has_pending = false;
    stop_port_timers(port);
    stp_port_move(port, STP_DISABLED, STP_BY_LINE_DOWN);
    stp_configuration_update(stp);
    stp_port_state_selection(stp);
    take_root_if_new(stp, was_root);
}

/* 8.8.4 */
void stp_set_bridge_id(struct stp *stp, struct bridge_id bridge_id)
{
    bool was_root = stp_is_root(stp);
    for (uint32_t i = 0; i < stp->port_count; i++)
        if (stp_is_designated(&stp->ports[i]))
            stp->ports[i].designated_bridge = bridge_id;
    if (was_root)
        stp->root = bridge_id;
    stp->bridge_id = bridge_id;
    stp_configuration_update(stp);
    stp_port_state_selection(stp);
    take_root_if_new(stp, was_root);
}

/* ---- Messages: 8.7.1, 8.7.2 ---- */

static void tell_config(const struct stp_port *port, const struct bpdu *bpdu, bool is_better, uint64_t frame)
{
    env_because(port->env, env_tell(port->env, &bridge_kinds[STP_CONFIG_RECEIVED], frame,
                                    (int64_t)bridge_id_address(bpdu->root), bpdu->root_path_cost,
                                    (int64_t)bridge_id_address(bpdu->bridge), is_better, bpdu->message_age));
}

/* We were the root until this message. 8.7.1 (d) */
static void give_root_up(struct stp *stp)
{
    env_disarm(stp->env, &stp->hello);
    if (!stp->change_detected)
        return;
    env_disarm(stp->env, &stp->change);
    stp_transmit_tcn(stp);
    env_arm(stp->env, &stp->tcn, env_now(stp->env) + stp->config.hello_time);
}

static void receive_config(struct stp_port *port, const struct bpdu *bpdu, uint64_t frame)
{
    struct stp *stp = port->stp;
    bool was_root = stp_is_root(stp), is_news = stp_supersedes(port, bpdu);
    tell_config(port, bpdu, is_news, frame);
    if (!is_news) {
        if (stp_is_designated(port)) /* 8.6.5: whoever says so does not know what we know */
            stp_transmit_config(port);
        return;
    }
    stp_record_config(port, bpdu);
    stp_configuration_update(stp);
    stp_port_state_selection(stp);
    if (was_root && !stp_is_root(stp))
        give_root_up(stp);
    if (port->index != stp->root_port)
        return;
    stp_record_timeouts(stp, bpdu);
    stp_config_generation(stp);
    if (bpdu->topology_change_ack)
        stp_change_acknowledged(stp);
}

/* 8.7.2 */
static void receive_tcn(struct stp_port *port, uint64_t frame)
{
    if (!stp_is_designated(port))
        return;
    env_because(port->env, env_tell(port->env, &bridge_kinds[STP_TCN_RECEIVED], frame, 0));
    stp_change_detection(port->stp);
    port->must_acknowledge = true; /* 8.6.16 */
    stp_transmit_config(port);
}

void stp_receive(struct stp *stp, uint32_t index, struct packet packet)
{
    struct stp_port *port = &stp->ports[index];
    struct bpdu bpdu;
    if (port->state == STP_DISABLED)
        return;
    enum bpdu_reason reason = bpdu_parse(packet.bytes, packet.length_bytes, &bpdu);
    if (reason != BPDU_OK)
        env_tell(port->env, &bridge_kinds[STP_IGNORED], packet.frame, reason);
    else if (bpdu.type == BPDU_CONFIG)
        receive_config(port, &bpdu, packet.frame);
    else
        receive_tcn(port, packet.frame);
}

/* ---- Timers: 8.7.3 to 8.7.8 ---- */

static void hello_fire(struct env_timer *timer)
{
    struct stp *stp = ENV_OWNER(timer, struct stp, hello);
    stp_config_generation(stp);
    env_arm(stp->env, &stp->hello, env_now(stp->env) + stp->current.hello_time);
}

/* 8.7.4: whoever served this LAN has fallen silent. */
static void message_age_fire(struct env_timer *timer)
{
    struct stp_port *port = ENV_OWNER(timer, struct stp_port, message_age);
    struct stp *stp = port->stp;
    bool was_root = stp_is_root(stp);
    env_because(port->env, env_tell(port->env, &bridge_kinds[STP_EXPIRED], 0,
                                    (int64_t)bridge_id_address(port->designated_root), stp->current.max_age));
    stp_become_designated(port);
    stp_configuration_update(stp);
    stp_port_state_selection(stp);
    take_root_if_new(stp, was_root);
}

/* 8.7.5 */
static void forward_delay_fire(struct env_timer *timer)
{
    struct stp_port *port = ENV_OWNER(timer, struct stp_port, forward_delay);
    struct stp *stp = port->stp;
    if (port->state == STP_LISTENING) {
        stp_port_move(port, STP_LEARNING, STP_BY_TIME);
        env_arm(port->env, &port->forward_delay, env_now(port->env) + stp->current.forward_delay);
        return;
    }
    stp_port_move(port, STP_FORWARDING, STP_BY_TIME);
    for (uint32_t i = 0; i < stp->port_count; i++)
        if (stp->ports[i].designated_bridge.value == stp->bridge_id.value) {
            stp_change_detection(stp);
            return;
        }
}

/* 8.7.6 */
static void tcn_fire(struct env_timer *timer)
{
    struct stp *stp = ENV_OWNER(timer, struct stp, tcn);
    stp_transmit_tcn(stp);
    env_arm(stp->env, &stp->tcn, env_now(stp->env) + stp->config.hello_time);
}

/* 8.7.7 */
static void change_fire(struct env_timer *timer)
{
    struct stp *stp = ENV_OWNER(timer, struct stp, change);
    stp->change_detected = false;
    stp_set_changing(stp, false);
}

/* 8.7.8 */
static void hold_fire(struct env_timer *timer)
{
    struct stp_port *port = ENV_OWNER(timer, struct stp_port, hold);
    if (port->has_pending)
        stp_transmit_config(port);
}
