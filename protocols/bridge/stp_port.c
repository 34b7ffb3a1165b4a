/* SPDX-License-Identifier: MIT
 * What a port of the spanning tree does: its states, the messages it sends, and how a change is made known.
 * IEEE 802.1D-1998 8.4, 8.6.1, 8.6.4, 8.6.6, 8.6.12 to 8.6.15. */
#include "protocols/bridge/stp_parts.h"

#include <assert.h>

const char *const stp_state_words[] = {"Disabled", "Blocking", "Listening", "Learning", "Forwarding", NULL};
const char *const stp_rule_words[] = {"the line came up",
                                      "it is the way to the root",
                                      "its LAN reaches the root by it",
                                      "the forward delay is over",
                                      "its LAN reaches the root another way",
                                      "the line went down",
                                      NULL};

/* ---- States: 8.4 ---- */

#define TO(state) (1u << (state))

/* From each state, those that may follow. */
static const unsigned legal_moves[] = {
    [STP_DISABLED] = TO(STP_BLOCKING),
    [STP_BLOCKING] = TO(STP_LISTENING) | TO(STP_DISABLED),
    [STP_LISTENING] = TO(STP_LEARNING) | TO(STP_BLOCKING) | TO(STP_DISABLED),
    [STP_LEARNING] = TO(STP_FORWARDING) | TO(STP_BLOCKING) | TO(STP_DISABLED),
    [STP_FORWARDING] = TO(STP_BLOCKING) | TO(STP_DISABLED),
};

void stp_port_move(struct stp_port *port, enum stp_state state, enum stp_rule rule)
{
    enum stp_state old = port->state;
    assert(legal_moves[old] & TO(state));
    port->state = state;
    port->forward_transitions += state == STP_FORWARDING;
    env_because(port->env, env_tell(port->env, &bridge_kinds[STP_STATE], 0, old, state, rule, port->role));
    port->stp->ops->state(port->stp, port->index, state);
}

void stp_make_forwarding(struct stp_port *port, enum stp_rule rule)
{
    if (port->state != STP_BLOCKING)
        return;
    stp_port_move(port, STP_LISTENING, rule);
    env_arm(port->env, &port->forward_delay, env_now(port->env) + port->stp->current.forward_delay);
}

void stp_make_blocking(struct stp_port *port)
{
    if (port->state == STP_DISABLED || port->state == STP_BLOCKING)
        return;
    bool was_in_use = port->state == STP_FORWARDING || port->state == STP_LEARNING;
    env_disarm(port->env, &port->forward_delay);
    stp_port_move(port, STP_BLOCKING, STP_BY_ALTERNATE);
    if (was_in_use)
        stp_change_detection(port->stp);
}

/* ---- Messages ---- */

static void send(struct stp_port *port, const struct bpdu *bpdu)
{
    struct packet_out packet = packet_make(port->stp->packets, PACKET_LINK_HEADROOM, bpdu_bytes(bpdu));
    bpdu_emit(bpdu, packet.bytes);
    if (bpdu->type == BPDU_TCN)
        env_because(port->env, env_tell(port->env, &bridge_kinds[STP_TCN_SENT], packet.frame, 0));
    else
        env_because(port->env, env_tell(port->env, &bridge_kinds[STP_CONFIG_SENT], packet.frame,
                                        (int64_t)bridge_id_address(bpdu->root), bpdu->root_path_cost,
                                        bpdu->message_age, bpdu->topology_change, bpdu->topology_change_ack));
    port->stp->ops->transmit(port->stp, port->index, &packet);
}

/* How old is what we know of the root? Each bridge adds a second, so that it never seems younger than it
 * is. 8.6.1.3 (d). */
static int64_t message_age(const struct stp *stp)
{
    if (stp_is_root(stp))
        return 0;
    return env_now(stp->env) - stp->ports[stp->root_port].age_from + STP_AGE_PER_HOP;
}

void stp_transmit_config(struct stp_port *port)
{
    const struct stp *stp = port->stp;
    uint64_t cause = env_cause(port->env);
    if (env_timer_is_armed(&port->hold)) { /* 8.6.1.3.1 */
        port->has_pending = true;
        return;
    }
    struct bpdu bpdu = {.type = BPDU_CONFIG,
                        .topology_change = stp->is_changing,
                        .topology_change_ack = port->must_acknowledge,
                        .root = stp->root,
                        .root_path_cost = stp->root_path_cost,
                        .bridge = stp->bridge_id,
                        .port = port->id,
                        .message_age = message_age(stp),
                        .max_age = stp->current.max_age,
                        .hello_time = stp->current.hello_time,
                        .forward_delay = stp->current.forward_delay};
    if (bpdu.message_age >= stp->current.max_age)
        return;
    port->must_acknowledge = port->has_pending = false;
    send(port, &bpdu);
    env_because(port->env, cause);
    env_arm(port->env, &port->hold, env_now(port->env) + STP_HOLD_TIME);
}

void stp_config_generation(struct stp *stp)
{
    for (uint32_t i = 0; i < stp->port_count; i++)
        if (stp->ports[i].state != STP_DISABLED && stp_is_designated(&stp->ports[i]))
            stp_transmit_config(&stp->ports[i]);
}

void stp_transmit_tcn(struct stp *stp)
{
    uint64_t cause = env_cause(stp->env);
    if (stp->root_port == STP_NO_PORT)
        return;
    send(&stp->ports[stp->root_port], &(struct bpdu){.type = BPDU_TCN});
    env_because(stp->env, cause);
}

/* ---- Changes of the tree: 8.6.14, 8.6.15 ---- */

void stp_set_changing(struct stp *stp, bool is_changing)
{
    if (stp->is_changing == is_changing)
        return;
    stp->is_changing = is_changing;
    stp->ops->changing(stp, is_changing, stp->current.forward_delay);
}

void stp_change_detection(struct stp *stp)
{
    uint64_t cause = env_cause(stp->env);
    stp->change_count++;
    stp->changed_at = env_now(stp->env);
    env_because(stp->env, env_tell(stp->env, &bridge_kinds[STP_DETECTED], 0, stp_is_root(stp),
                                   (int64_t)stp->change_count));
    if (stp_is_root(stp)) {
        stp_set_changing(stp, true);
        env_arm(stp->env, &stp->change,
                env_now(stp->env) + stp->config.max_age + stp->config.forward_delay); /* 8.5.3.13 */
    } else if (!stp->change_detected) {
        stp_transmit_tcn(stp);
        env_arm(stp->env, &stp->tcn, env_now(stp->env) + stp->config.hello_time);
    }
    stp->change_detected = true;
    env_because(stp->env, cause);
}

void stp_change_acknowledged(struct stp *stp)
{
    stp->change_detected = false;
    env_disarm(stp->env, &stp->tcn);
}
