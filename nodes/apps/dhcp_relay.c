/* SPDX-License-Identifier: MIT
 * See dhcpd.h. dhcp-relay: the relay of protocols/dhcp/relay.h, on every interface of a machine. */
#include "nodes/apps/dhcpd.h"
#include "nodes/dhcp.h"
#include "protocols/dhcp/relay.h"

struct dhcp_relaying {
    struct nt_app *app;
    struct node_env env;
    struct dhcp_wire wire;
    struct dhcp_relay relay;
};

enum { OPT_SERVER, OPT_HOPS, OPT_AGENT_INFO };

static const struct nt_param relay_params[] = {
    {.name = "--server",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_REQUIRED,
     .summary = "where to carry the questions, a node's name or an address; again for more, up to four"},
    {.name = "--hops",
     .kind = NT_PARAM_INTEGER,
     .default_text = "4",
     .least = 1,
     .most = DHCP_MOST_HOPS,
     .summary = "relays that a message may have passed (RFC 1542)"},
    {.name = "--agent-info",
     .kind = NT_PARAM_BOOLEAN,
     .summary = "say by which interface the question came in: option 82 (RFC 3046)"},
    {0}};

static void relay_send(struct dhcp_relay *relay, const struct dhcp_sending *how, const uint8_t *bytes,
                       size_t length_bytes)
{
    dhcp_wire_send(&NT_OWNER(relay, struct dhcp_relaying, relay)->wire, how, bytes, length_bytes);
}

static bool relay_find(struct dhcp_relay *relay, struct ipv4_address address, uint32_t *ret_interface)
{
    const struct stack *stack = NT_OWNER(relay, struct dhcp_relaying, relay)->wire.stack;
    struct ipv4_prefix own;
    for (uint32_t i = 0; i < stack->interface_count; i++)
        for (uint32_t j = 0; ipv4_address_at(&stack->ip, i, j, &own); j++)
            if (ipv4_is_equal(own.address, address)) {
                *ret_interface = i;
                return true;
            }
    return false;
}

static const struct dhcp_relay_ops relay_ops = {relay_send, relay_find};

static void arrived(struct dhcp_wire *wire, const struct dhcp_arrival *arrival)
{
    dhcp_relay_receive(&NT_OWNER(wire, struct dhcp_relaying, wire)->relay, arrival);
}

static bool configure(struct nt_app *app, struct dhcp_relay_config *ret_config)
{
    const struct nt_value *servers = &app->values[OPT_SERVER];
    ret_config->most_hops = (uint8_t)app->values[OPT_HOPS].number;
    ret_config->adds_agent_info = app->values[OPT_AGENT_INFO].is_given;
    for (uint32_t i = 0; i < servers->count && i < DHCP_RELAY_SERVERS; i++) {
        if (!stack_resolve(stack_of(app->node), servers->items[i].text, &ret_config->servers[i])) {
            nt_print(app, "dhcp-relay: %s: Name or service not known\n", servers->items[i].text);
            return false;
        }
        ret_config->server_count++;
    }
    return true;
}

static void relay_start(struct nt_app *app)
{
    struct dhcp_relaying *self = app->state;
    struct dhcp_relay_config config = dhcp_relay_config_default();
    self->app = app;
    self->wire.arrived = arrived;
    int error = dhcp_wire_open(&self->wire, app->node, app, DHCP_SERVER_PORT);
    if (error)
        nt_print(app, "dhcp-relay: port %d: %s\n", DHCP_SERVER_PORT, app->node->sockets->error_words(error));
    if (error || !configure(app, &config)) {
        nt_app_exit(app, 2);
        return;
    }
    node_env_init(&self->env, app->node, "dhcp-relay", dhcp_kinds, DHCP_FACTS);
    dhcp_relay_init(&self->relay, &self->env.env, &relay_ops, &config);
}

static void relay_interrupt(struct nt_app *app)
{
    struct dhcp_relaying *self = app->state;
    const struct dhcp_relay_counters *counters = &self->relay.counters;
    if (!app->is_running)
        return;
    dhcp_wire_close(&self->wire);
    nt_print(app, "%llu messages carried to servers, %llu back, %llu dropped\n",
             (unsigned long long)counters->up, (unsigned long long)counters->down,
             (unsigned long long)counters->dropped);
    nt_app_exit(app, 0);
}

const struct nt_app_type dhcp_relay_app = {.size = sizeof(struct nt_app_type),
                                           .state_bytes = sizeof(struct dhcp_relaying),
                                           .name = "dhcp-relay",
                                           .summary = "carries DHCP between a network and a server elsewhere",
                                           .params = relay_params,
                                           .start = relay_start,
                                           .interrupt = relay_interrupt};
