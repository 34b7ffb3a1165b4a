/* SPDX-License-Identifier: MIT
 * See dhcp.h. */
#include "nodes/dhcp.h"

#include <stdio.h>

static struct dhcp_interface *of(struct dhcp_client *client)
{
    return NT_OWNER(client, struct dhcp_interface, client);
}

static struct stack *stack_of_interface(const struct dhcp_interface *self)
{
    return stack_with(self->interface);
}

/* ---- What the client asks for ---- */

static void client_send(struct dhcp_client *client, const struct dhcp_sending *how, const uint8_t *bytes,
                        size_t length_bytes)
{
    dhcp_wire_send(&stack_of_interface(of(client))->dhcp->wire, how, bytes, length_bytes);
}

/* RFC 2131 4.4.1, by way of RFC 5227: the answer comes by arp_says, the address is on the interface then. */
static void client_check(struct dhcp_client *client, struct ipv4_prefix prefix)
{
    struct dhcp_interface *self = of(client);
    stack_set_address(stack_of_interface(self), self->interface->number, prefix);
}

static void arp_says(struct stack_interface *interface, bool is_ours)
{
    dhcp_client_checked(&stack_with(interface)->dhcp->interfaces[interface->number].client, is_ours);
}

static void forget_gateway(struct dhcp_interface *self)
{
    routes_flush(&stack_of_interface(self)->ip.routes, ROUTE_DHCP, self->interface->number);
}

static void set_mtu(struct dhcp_interface *self, uint16_t mtu_bytes)
{
    struct ipv4_interface *ip = &stack_of_interface(self)->ip.interfaces[self->interface->number];
    bool is_smaller = mtu_bytes >= 68 && mtu_bytes < self->own_mtu_bytes; /* RFC 2132 5.1; RFC 791 */
    ip->mtu_bytes = is_smaller ? mtu_bytes : self->own_mtu_bytes;
}

/* RFC 2131 4.4.5: everything that came with the lease goes with it. */
static void take_away(struct dhcp_interface *self)
{
    struct stack *stack = stack_of_interface(self);
    forget_gateway(self);
    set_mtu(self, 0);
    stack_set_address(stack, self->interface->number, (struct ipv4_prefix){IPV4_ANY, 0});
    if (self->interface->number == 0)
        nt_set_home(stack->node, NULL, 4);
}

static void put_on(struct dhcp_interface *self, const struct dhcp_grant *grant)
{
    struct stack *stack = stack_of_interface(self);
    struct route gateway = {
        .next_hop = grant->routers.at[0], .interface = self->interface->number, .source = ROUTE_DHCP};
    uint8_t home[4];
    forget_gateway(self);
    if (grant->routers.count &&
        ipv4_prefix_has(grant->prefix, gateway.next_hop)) /* RFC 2132 3.5: on our link */
        routes_add(&stack->ip.routes, &gateway);
    set_mtu(self, grant->mtu_bytes);
    bytes_put_u32(home, grant->prefix.address.value);
    if (self->interface->number == 0) /* a machine with several is known by its first */
        nt_set_home(stack->node, home, sizeof home);
}

static void tell(struct dhcp_interface *self, const struct dhcp_grant *grant)
{
    if (self->told)
        self->told(self, grant);
}

static void client_configure(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    struct dhcp_interface *self = of(client);
    if (grant)
        put_on(self, grant);
    else
        take_away(self);
    if (grant)
        tell(self, grant);
}

static void client_informed(struct dhcp_client *client, const struct dhcp_grant *grant)
{
    tell(of(client), grant);
}

static const struct dhcp_client_ops client_ops = {client_send, client_check, client_configure,
                                                  client_informed};

/* ---- What arrives ---- */

static void arrived(struct dhcp_wire *wire, const struct dhcp_arrival *arrival)
{
    struct dhcp_interface *self = &wire->stack->dhcp->interfaces[arrival->interface];
    if (self->interface)
        dhcp_client_receive(&self->client, arrival->bytes, arrival->length_bytes, arrival->frame);
}

/* ---- Making them ---- */

void dhcp_declare(struct nt_node *node)
{
    struct node_env unused;
    node_env_init(&unused, node, "dhcp", dhcp_kinds, DHCP_FACTS);
}

struct dhcp_machine *dhcp_machine_of(struct stack *stack)
{
    if (!stack->dhcp) {
        stack->dhcp = nt_new(stack->node, sizeof *stack->dhcp);
        stack->dhcp->interfaces =
            nt_new(stack->node, stack->interface_count * sizeof *stack->dhcp->interfaces);
        stack->dhcp->wire.arrived = arrived;
    }
    return stack->dhcp;
}

static void interface_init(struct dhcp_interface *self, struct stack_interface *interface)
{
    struct nt_node *node = stack_with(interface)->node;
    struct dhcp_client_config config = dhcp_client_config_default(interface->nic.mac);
    char stream[32];
    snprintf(stream, sizeof stream, "dhcp/%u", interface->number);
    snprintf(config.host_name, sizeof config.host_name, "%s", node->name);
    config.interface = interface->number;
    self->interface = interface;
    self->own_mtu_bytes = stack_with(interface)->ip.interfaces[interface->number].mtu_bytes;
    node_env_init(&self->env, node, stream, dhcp_kinds, DHCP_FACTS);
    self->env.port = interface->nic.port;
    dhcp_client_init(&self->client, &self->env.env, &client_ops, &config);
}

struct dhcp_interface *dhcp_interface_open(struct stack *stack, uint32_t number, int *ret_error)
{
    struct dhcp_machine *machine = dhcp_machine_of(stack);
    struct dhcp_interface *self = &machine->interfaces[number];
    *ret_error =
        machine->wire.socket ? 0 : dhcp_wire_open(&machine->wire, stack->node, NULL, DHCP_CLIENT_PORT);
    if (*ret_error)
        return NULL;
    if (!self->interface)
        interface_init(self, &stack->interfaces[number]);
    return self;
}

int dhcp_start(struct stack *stack, uint32_t number, int64_t first_wait)
{
    int error;
    struct dhcp_interface *self = dhcp_interface_open(stack, number, &error);
    if (!self)
        return error;
    if (self->client.state == DHCP_STOPPED) {
        take_away(self);
        self->interface->claimed = arp_says;
        stack_detect_conflicts(stack, number, true);
    }
    dhcp_client_start(&self->client, first_wait);
    return 0;
}

struct dhcp_leases *dhcp_book_of(struct stack *stack)
{
    struct dhcp_machine *machine = dhcp_machine_of(stack);
    if (!machine->book) {
        node_env_init(&machine->book_env, stack->node, "dhcp/server", dhcp_kinds, DHCP_FACTS);
        machine->book = nt_new(stack->node, sizeof *machine->book);
        dhcp_leases_init(machine->book, &machine->book_env.env);
    }
    return machine->book;
}

/* ---- Tables ---- */

/* For a cell: an instant that never comes is 0. */
static int64_t instant(int64_t time)
{
    return time == ENV_NEVER ? 0 : time;
}

static void show_grant(const struct dhcp_grant *grant, struct nt_cell *cells)
{
    cells[2].number = grant->prefix.address.value;
    cells[3].number = grant->prefix.length;
    cells[4].number = grant->server.value;
    cells[5].number = grant->routers.count ? grant->routers.at[0].value : 0;
    cells[6].number = grant->dns.count ? grant->dns.at[0].value : 0;
    cells[7].number = grant->expires == ENV_NEVER ? 0 : grant->expires - grant->since;
    cells[8].number = instant(grant->t1);
    cells[9].number = instant(grant->t2);
    cells[10].number = instant(grant->expires);
}

bool dhcp_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    for (uint32_t i = 0; stack->dhcp && i < stack->interface_count; i++) {
        const struct dhcp_interface *self = &stack->dhcp->interfaces[i];
        if (!self->interface || index-- > 0)
            continue;
        snprintf(cells[0].text, sizeof cells[0].text, "%s", self->interface->nic.port->name);
        cells[1].number = self->client.state;
        if (self->client.is_configured)
            show_grant(&self->client.grant, cells);
        cells[11].number = self->client.conflicts;
        return true;
    }
    return false;
}

bool dhcp_lease_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct stack *stack = stack_of(node);
    const struct dhcp_lease *lease = stack->dhcp && stack->dhcp->book ? stack->dhcp->book->oldest : NULL;
    while (lease && index-- > 0)
        lease = lease->newer;
    if (!lease)
        return false;
    cells[0].number = lease->address.value;
    cells[1].number = lease->state;
    cells[2].number = (int64_t)mac_to_number(lease->mac);
    snprintf(cells[3].text, sizeof cells[3].text, "%.60s", lease->host_name);
    cells[4].number = lease->since;
    cells[5].number = instant(lease->expires);
    return true;
}
