/* SPDX-License-Identifier: MIT
 * See router_rip.h. */
#include "nodes/router_rip.h"

#include <stdio.h>
#include <string.h>

#define VECTOR_SIZE 400 /* room for a distance vector in words; a longer one is cut */

struct router_rip {
    struct router *router;
    struct node_env env;
    struct rip rip;
    struct rip_config config;
    struct udp_socket socket;
    uint32_t kind_vector; /* record kind rip.vector */
};

const char *const router_rip_switch_words[] = {"off", "on", NULL};
const char *const router_rip_horizon_words[] = {"none", "split", "poison", NULL};

/* What the protocol is named after, once for each round. */
static const struct nt_kind vector_kind = {.name = "rip.vector",
                                           .sentence = "{node}'s distances: {distances}",
                                           .clause = "RFC 2453 3.4",
                                           .fields = {{"distances", NT_UNIT_TEXT}}};

static struct router_rip *rip_of(const struct nt_node *node)
{
    return ((const struct router *)node->state)->rip;
}

/* ---- What the machine asks for ---- */

static void rip_to_udp(struct rip *rip, const struct rip_peer *to, const uint8_t *bytes, size_t length_bytes)
{
    struct router_rip *self = NT_OWNER(rip, struct router_rip, rip);
    struct udp_sending how = {.to = {net_from_ipv4(to->address), to->port}, .interface = to->interface + 1};
    udp_send(&self->socket, &how, bytes, length_bytes); /* what cannot be sent is told by UDP, and lost */
}

static void rip_to_routes(struct rip *rip, const struct rip_entry *entry)
{
    struct router_rip *self = NT_OWNER(rip, struct router_rip, rip);
    struct routes *routes = &self->router->stack.ip.routes;
    struct route route = {entry->prefix, entry->next_hop, entry->interface, entry->metric, ROUTE_RIP};
    routes_remove(routes, entry->prefix, ROUTE_RIP, IPV4_ANY, ROUTES_NONE);
    if (entry->state == RIP_LEARNT)
        routes_add(routes, &route);
}

static void tell_vector(struct rip *rip)
{
    struct router_rip *self = NT_OWNER(rip, struct router_rip, rip);
    struct nt_node *node = self->env.node;
    char storage[VECTOR_SIZE], prefix[IPV4_PREFIX_TEXT_SIZE];
    struct text words = text_in(storage, sizeof storage);
    if (!nt_is_listening(node))
        return;
    for (uint32_t i = 0; i < rip->entry_count; i++) {
        ipv4_prefix_format(rip->entries[i]->prefix, prefix);
        text_add(&words, i > 0 ? ", %s %u" : "%s %u", prefix, rip->entries[i]->metric);
    }
    nt_tell(node, self->kind_vector, NULL, 0, (int64_t)nt_text(node, storage));
}

static const struct rip_ops ops = {rip_to_udp, rip_to_routes, tell_vector};

/* ---- What arrives ---- */

static void socket_told(struct udp_socket *socket, unsigned events)
{
    struct router_rip *self = NT_OWNER(socket, struct router_rip, socket);
    uint8_t bytes[RIP_MOST + 1]; /* one more: what is too long must not look whole */
    struct udp_received received;
    int64_t length;
    (void)events;
    while ((length = udp_receive(socket, bytes, sizeof bytes, &received, false)) >= 0) {
        struct rip_peer from = {received.interface, net_to_ipv4(received.from.address), received.from.port};
        rip_receive(&self->rip, &from, bytes, (size_t)length, received.frame);
    }
}

/* ---- Loading ---- */

static struct rip_config config_of(const struct nt_value *values)
{
    struct rip_config config = rip_config_default();
    config.update = values[ROUTER_RIP_UPDATE].number;
    config.jitter = values[ROUTER_RIP_JITTER].number;
    config.timeout = values[ROUTER_RIP_TIMEOUT].number;
    config.garbage = values[ROUTER_RIP_GARBAGE].number;
    config.horizon = (enum rip_horizon)values[ROUTER_RIP_HORIZON].number;
    config.triggers = values[ROUTER_RIP_TRIGGERED].number;
    return config;
}

/* Settings of what is switched off were hardly meant so. */
static void warn_of_idle(struct nt_node *node, const struct nt_value *values)
{
    for (int i = ROUTER_RIP_ON + 1; i < ROUTER_RIP_PARAMS; i++)
        if (values[i].is_given) {
            nt_warn(node, NULL, "settings of RIP, but no \"rip\": \"on\"");
            return;
        }
}

void router_rip_create(struct nt_node *node, const struct nt_value *values)
{
    struct router *router = node->state;
    if (!values[ROUTER_RIP_ON].number) {
        warn_of_idle(node, values);
        return;
    }
    if (values[ROUTER_RIP_JITTER].number >= values[ROUTER_RIP_UPDATE].number) {
        nt_refuse(node, values[ROUTER_RIP_JITTER].is_given ? "rip-jitter" : "rip-update",
                  "the jitter (%s) is not less than the time between two updates (%s)",
                  values[ROUTER_RIP_JITTER].text, values[ROUTER_RIP_UPDATE].text);
        return;
    }
    struct router_rip *self = nt_new(node, sizeof *self);
    router->rip = self;
    self->router = router;
    self->config = config_of(values);
    node_env_init(&self->env, node, "rip", rip_kinds, RIP_FACTS);
    self->kind_vector = nt_kind(node, &vector_kind);
}

void router_rip_check(struct nt_node *node)
{
    struct router_rip *self = rip_of(node);
    if (self)
        rip_init(&self->rip, &self->env.env, &ops, &self->config, node->port_count);
}

/* ---- Running ---- */

void router_rip_line(struct nt_node *node, const struct nt_port *port)
{
    struct router_rip *self = rip_of(node);
    if (!self || !self->rip.is_running)
        return;
    const struct ipv4_interface *interface = &self->router->stack.ip.interfaces[port->index];
    rip_set_interface(&self->rip, port->index, router_prefix(self->router, port->index), interface->is_up);
}

void router_rip_start(struct nt_node *node)
{
    struct router_rip *self = rip_of(node);
    if (!self)
        return;
    struct stack *stack = &self->router->stack;
    udp_open(stack_udp(stack), &self->socket, socket_told);
    udp_bind(&self->socket, (struct net_endpoint){.port = RIP_PORT});
    ipv4_join(&stack->ip, RIP_GROUP); /* RFC 2453 4.5 */
    rip_start(&self->rip);
    for (uint32_t i = 0; i < node->port_count; i++)
        router_rip_line(node, node->ports[i]);
}

/* ---- What can be seen ---- */

bool router_rip_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct router_rip *self = rip_of(node);
    if (!self || index >= self->rip.entry_count)
        return false;
    const struct rip_entry *entry = self->rip.entries[index];
    cells[0].number = entry->prefix.address.value;
    cells[1].number = entry->prefix.length;
    cells[2].number = entry->metric;
    cells[3].number = entry->next_hop.value;
    snprintf(cells[4].text, sizeof cells[4].text, "%s", node->ports[entry->interface]->name);
    cells[5].number = entry->state == RIP_CONNECTED ? 0 : nt_now(node) - entry->confirmed_at;
    cells[6].number = entry->state;
    return true;
}
