/* SPDX-License-Identifier: MIT
 * See dhclient.h. The command only talks to the client that the machine has for the interface (nodes/dhcp.h):
 * that one goes on when the command has ended. */
#include "nodes/apps/dhclient.h"

#include <string.h>

#include "nodes/dhcp.h"

#define PATIENCE (60 * NT_SECOND) /* then the command ends; the client goes on asking */

struct dhclient {
    struct nt_app *app;
    struct dhcp_interface *interface;
    struct nt_event give_up;
};

enum { OPT_RELEASE, OPT_STOP, OPT_INFORM, OPT_INTERFACE };

static const struct nt_param dhclient_params[] = {
    {.name = "-r", .kind = NT_PARAM_BOOLEAN, .summary = "give the address back and stop"},
    {.name = "-x", .kind = NT_PARAM_BOOLEAN, .summary = "stop, and remember the lease"},
    {.name = "--inform",
     .kind = NT_PARAM_BOOLEAN,
     .summary = "keep the address that is there, ask what goes with it (DHCPINFORM)"},
    {.name = "interface",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL,
     .default_text = "eth0",
     .summary = "which interface; eth0 if not given"},
    {0}};

static bool dhclient_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    struct text why = text_in(ret_why->text, sizeof ret_why->text);
    if (values[OPT_RELEASE].is_given + values[OPT_STOP].is_given + values[OPT_INFORM].is_given <= 1)
        return true;
    text_add(&why, "-r, -x and --inform exclude each other");
    return false;
}

static void end(struct dhclient *self, int status)
{
    nt_disarm(&self->give_up);
    if (self->interface && self->interface->context == self)
        self->interface->told = NULL;
    nt_app_exit(self->app, status);
}

/* ---- The client has something to say ---- */

static void print_address(struct nt_app *app, const char *format, struct ipv4_address address)
{
    char shown[IPV4_TEXT_SIZE];
    ipv4_format(address, shown);
    nt_print(app, format, shown);
}

static void print_settings(struct nt_app *app, const struct dhcp_grant *grant)
{
    for (uint8_t i = 0; i < grant->routers.count; i++)
        print_address(app, "  gateway %s\n", grant->routers.at[i]);
    for (uint8_t i = 0; i < grant->dns.count; i++)
        print_address(app, "  name server %s\n", grant->dns.at[i]);
    if (*grant->domain)
        nt_print(app, "  domain %s\n", grant->domain);
}

static void told(struct dhcp_interface *interface, const struct dhcp_grant *grant)
{
    struct dhclient *self = interface->context;
    struct nt_app *app = self->app;
    if (!grant) {
        nt_print(app, "No DHCPACK received.\n");
        end(self, 2);
        return;
    }
    print_address(app, "DHCPACK from %s\n", grant->server);
    if (app->values[OPT_INFORM].is_given) {
        print_settings(app, grant);
    } else {
        print_address(app, "bound to %s", grant->prefix.address);
        if (grant->t1 == ENV_NEVER)
            nt_print(app, " for ever.\n");
        else
            nt_print(app, " -- renewal in %lld seconds.\n",
                     (long long)((grant->t1 - nt_now(app->node)) / NT_SECOND));
    }
    end(self, 0);
}

static void give_up_fire(struct nt_event *event)
{
    struct dhclient *self = NT_OWNER(event, struct dhclient, give_up);
    nt_print(self->app, "No address yet; the client goes on asking.\n");
    end(self, 2);
}

/* ---- Beginning and end ---- */

/* The number of the interface with this name; UINT32_MAX: none has it. */
static uint32_t interface_named(const struct stack *stack, const char *name)
{
    for (uint32_t i = 0; i < stack->interface_count; i++)
        if (strcmp(stack->interfaces[i].nic.port->name, name) == 0)
            return i;
    return UINT32_MAX;
}

/* Waits for what the client will say. */
static void wait(struct dhclient *self)
{
    self->interface->told = told;
    self->interface->context = self;
    nt_arm(&self->give_up, nt_now(self->app->node) + PATIENCE);
}

static void obey(struct dhclient *self, struct stack *stack, uint32_t number)
{
    const struct nt_value *values = self->app->values;
    struct dhcp_client *client = &self->interface->client;
    struct ipv4_address own = stack->ip.interfaces[number].prefix.address;
    if (values[OPT_RELEASE].is_given || values[OPT_STOP].is_given) {
        if (values[OPT_RELEASE].is_given)
            dhcp_client_give_back(client);
        else
            dhcp_client_stop(client);
        end(self, 0);
    } else if (!values[OPT_INFORM].is_given) {
        wait(self);
        dhcp_start(stack, number, 0); /* a person asked: nobody else asks in the same moment */
    } else if (client->state == DHCP_STOPPED && !ipv4_is_any(own)) {
        wait(self);
        dhcp_client_inform(client, own);
    } else {
        nt_print(self->app, "dhclient: --inform is for an interface that has an address from elsewhere\n");
        end(self, 2);
    }
}

static void dhclient_start(struct nt_app *app)
{
    struct dhclient *self = app->state;
    struct stack *stack = stack_of(app->node);
    const char *name = app->values[OPT_INTERFACE].text;
    uint32_t number = interface_named(stack, name);
    int error = 0;
    self->app = app;
    nt_event_init(&self->give_up, app->node, give_up_fire);
    if (number != UINT32_MAX)
        self->interface = dhcp_interface_open(stack, number, &error);
    if (self->interface) {
        obey(self, stack, number);
        return;
    }
    nt_print(app, "dhclient: %s: %s\n", name,
             error ? app->node->sockets->error_words(error) : "no such interface");
    end(self, 2);
}

static void dhclient_interrupt(struct nt_app *app)
{
    if (app->is_running)
        end(app->state, 130);
}

const struct nt_app_type dhclient_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct dhclient),
                                         .name = "dhclient",
                                         .summary = "gets an address by DHCP, or gives it back",
                                         .params = dhclient_params,
                                         .check = dhclient_check,
                                         .start = dhclient_start,
                                         .interrupt = dhclient_interrupt};
