/* SPDX-License-Identifier: MIT
 * The election: who is the root, which port leads there, which ports serve their LANs. IEEE 802.1D-1998 8.6.2
 * to 8.6.11.
 *
 * It is done all over again at each piece of news, from what the ports know. Everything is compared in one
 * order: root, cost to it, identifier of the bridge that says so, identifier of its port; the lower wins. */
#include "protocols/bridge/stp_parts.h"

#include "sim/base/text.h"

const char *const stp_role_words[] = {"disabled", "root", "designated", "alternate", NULL};
const char *const stp_because_words[] = {"its line is down",
                                         "it is the best way to the root",
                                         "this bridge is the root",
                                         "nobody else there has a better way to the root",
                                         "another bridge there is nearer to the root",
                                         "another bridge there is as near, and has the lower identifier",
                                         "another port of this bridge is on the same LAN",
                                         NULL};

/* What one side says about the root, in the order of comparison. */
struct claim {
    uint64_t root;
    uint64_t cost;
    uint64_t bridge;
    uint64_t port;
    uint64_t own_port; /* last resort: our port at which it was heard */
};

/* Is `a` better than `b`? */
static bool is_better(const struct claim *a, const struct claim *b)
{
    if (a->root != b->root)
        return a->root < b->root;
    if (a->cost != b->cost)
        return a->cost < b->cost;
    if (a->bridge != b->bridge)
        return a->bridge < b->bridge;
    if (a->port != b->port)
        return a->port < b->port;
    return a->own_port < b->own_port;
}

/* What the port knows of its LAN. */
static struct claim known_at(const struct stp_port *port)
{
    return (struct claim){port->designated_root.value, port->designated_cost, port->designated_bridge.value,
                          port->designated_port, 0};
}

bool stp_is_designated(const struct stp_port *port)
{
    return port->designated_bridge.value == port->stp->bridge_id.value && port->designated_port == port->id;
}

/* ---- News: 8.6.2, 8.6.3 ---- */

bool stp_supersedes(const struct stp_port *port, const struct bpdu *bpdu)
{
    struct claim heard = {bpdu->root.value, bpdu->root_path_cost, bpdu->bridge.value, bpdu->port, 0};
    struct claim known = known_at(port);
    bool is_same_source =
        heard.root == known.root && heard.cost == known.cost && heard.bridge == known.bridge;
    if (is_same_source && bpdu->bridge.value != port->stp->bridge_id.value)
        return true; /* 8.6.2.2 (d): the designated bridge speaks again */
    return !is_better(&known, &heard);
}

void stp_record_config(struct stp_port *port, const struct bpdu *bpdu)
{
    port->designated_root = bpdu->root;
    port->designated_cost = bpdu->root_path_cost;
    port->designated_bridge = bpdu->bridge;
    port->designated_port = bpdu->port;
    port->age_from = env_now(port->env) - bpdu->message_age;
    int64_t until = port->age_from + port->stp->current.max_age;
    env_arm(port->env, &port->message_age, until > env_now(port->env) ? until : env_now(port->env));
}

/* What the root wishes is in force everywhere. 8.6.3. */
void stp_record_timeouts(struct stp *stp, const struct bpdu *bpdu)
{
    stp->current = (struct stp_config){bpdu->max_age, bpdu->hello_time, bpdu->forward_delay};
    stp_set_changing(stp, bpdu->topology_change);
}

/* ---- The root, and the way to it: 8.6.8 ---- */

/* What a way to the root by this port would be worth. */
static struct claim way_by(const struct stp_port *port)
{
    struct claim way = known_at(port);
    way.cost += port->path_cost;
    way.own_port = port->id;
    return way;
}

static bool may_be_root_port(const struct stp_port *port)
{
    return port->state != STP_DISABLED && !stp_is_designated(port) &&
           port->designated_root.value < port->stp->bridge_id.value;
}

static void root_selection(struct stp *stp)
{
    uint32_t best = STP_NO_PORT;
    struct claim best_way = {0};
    for (uint32_t i = 0; i < stp->port_count; i++) {
        struct claim way = way_by(&stp->ports[i]);
        if (may_be_root_port(&stp->ports[i]) && (best == STP_NO_PORT || is_better(&way, &best_way))) {
            best = i;
            best_way = way;
        }
    }
    stp->root_port = best;
    stp->root = best == STP_NO_PORT ? stp->bridge_id : stp->ports[best].designated_root;
    stp->root_path_cost = best_way.cost < UINT32_MAX ? (uint32_t)best_way.cost : UINT32_MAX;
}

/* ---- Who serves each LAN: 8.6.9, 8.6.10 ---- */

void stp_become_designated(struct stp_port *port)
{
    port->designated_root = port->stp->root;
    port->designated_cost = port->stp->root_path_cost;
    port->designated_bridge = port->stp->bridge_id;
    port->designated_port = port->id;
}

static void designated_selection(struct stp *stp)
{
    for (uint32_t i = 0; i < stp->port_count; i++) {
        struct stp_port *port = &stp->ports[i];
        struct claim ours = {stp->root.value, stp->root_path_cost, stp->bridge_id.value, port->id, 0};
        struct claim known = known_at(port);
        if (stp_is_designated(port) || known.root != ours.root || !is_better(&known, &ours))
            stp_become_designated(port);
    }
}

/* 8.6.7 */
void stp_configuration_update(struct stp *stp)
{
    struct bridge_id old = stp->root;
    uint32_t old_port = stp->root_port, old_cost = stp->root_path_cost;
    root_selection(stp);
    designated_selection(stp);
    bool is_same_way = old_port == stp->root_port && old_cost == stp->root_path_cost;
    if (old.value == stp->root.value && is_same_way)
        return;
    struct env *env = stp->root_port == STP_NO_PORT ? stp->env : stp->ports[stp->root_port].env;
    env_because(env, env_tell(env, &bridge_kinds[STP_ROOT], 0, (int64_t)bridge_id_address(stp->root),
                              bridge_id_priority(stp->root), stp->root_path_cost,
                              (int64_t)bridge_id_address(old), stp_is_root(stp)));
}

/* ---- What the ports do then: 8.6.11 ---- */

/* Why somebody else serves the LAN of this port. */
static enum stp_because why_not_designated(const struct stp_port *port)
{
    if (port->designated_bridge.value == port->stp->bridge_id.value)
        return STP_BECAUSE_PORT;
    return port->designated_cost < port->stp->root_path_cost ? STP_BECAUSE_COST : STP_BECAUSE_BRIDGE;
}

static void set_role(struct stp_port *port, enum stp_role role, enum stp_because because)
{
    enum stp_role old = port->role;
    port->because = because;
    if (old == role)
        return;
    port->role = role;
    env_tell(port->env, &bridge_kinds[STP_ROLE], 0, old, role, because,
             (int64_t)bridge_id_address(port->designated_bridge), port->designated_cost);
}

static void select_port(struct stp *stp, struct stp_port *port)
{
    if (port->state == STP_DISABLED) {
        set_role(port, STP_ROLE_DISABLED, STP_BECAUSE_DOWN);
    } else if (port->index == stp->root_port) {
        port->has_pending = port->must_acknowledge = false;
        set_role(port, STP_ROLE_ROOT, STP_BECAUSE_WAY_TO_ROOT);
        stp_make_forwarding(port, STP_BY_ROOT_PORT);
    } else if (stp_is_designated(port)) {
        env_disarm(port->env, &port->message_age);
        set_role(port, STP_ROLE_DESIGNATED,
                 stp_is_root(stp) ? STP_BECAUSE_WE_ARE_ROOT : STP_BECAUSE_WE_ARE_BEST);
        stp_make_forwarding(port, STP_BY_DESIGNATED);
    } else {
        port->has_pending = port->must_acknowledge = false;
        set_role(port, STP_ROLE_ALTERNATE, why_not_designated(port));
        stp_make_blocking(port);
    }
}

void stp_port_state_selection(struct stp *stp)
{
    uint64_t cause = env_cause(stp->env);
    for (uint32_t i = 0; i < stp->port_count; i++) {
        select_port(stp, &stp->ports[i]);
        env_because(stp->env, cause); /* one port's change does not bring about the next one's */
    }
}

/* ---- In words ---- */

void stp_port_explain(const struct stp *stp, uint32_t index, char *ret_text, size_t size)
{
    const struct stp_port *port = &stp->ports[index];
    struct text text = text_in(ret_text, size);
    char bridge[BRIDGE_ID_TEXT_SIZE];
    bridge_id_format(port->designated_bridge, bridge);
    switch (port->because) {
    case STP_BECAUSE_COST:
        text_add(&text, "%s is nearer to the root: %u, not %u", bridge, port->designated_cost,
                 stp->root_path_cost);
        break;
    case STP_BECAUSE_BRIDGE:
        text_add(&text, "%s is as near to the root, and lower", bridge);
        break;
    case STP_BECAUSE_PORT:
        text_add(&text, "port%u of this bridge is on the same LAN", (port->designated_port & 0xfffu) - 1);
        break;
    default:
        text_add(&text, "%s", stp_because_words[port->because]);
    }
}
