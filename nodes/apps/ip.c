/* SPDX-License-Identifier: MIT
 * See ip.h: reading, choosing the object, and the interfaces themselves. */
#include "nodes/apps/ip.h"

#include <stdio.h>

static const struct nt_kind ip_kinds[] = {{.name = "ip.change",
                                           .sentence = "{node} is told: {what}",
                                           .flags = NT_KIND_INTERESTING,
                                           .fields = {{"what", NT_UNIT_TEXT}}},
                                          {0}};

static const struct nt_param ip_params[] = {
    {.name = "words",
     .kind = NT_PARAM_LIST,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REST | NT_PARAM_REQUIRED,
     .summary =
         "addr, link, route or neigh; then show, add, del, set, get or flush; then what, as in iproute2"},
    {0}};

static bool ip_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    struct ip_request request;
    return ip_read(node, values[0].items, values[0].count, &request, ret_why);
}

static void ip_start(struct nt_app *app)
{
    static int (*const objects[IP_OBJECTS])(struct nt_app * app, const struct ip_request *request) = {
        [IP_ADDR] = ip_addr, [IP_LINK] = ip_link, [IP_ROUTE] = ip_route, [IP_NEIGH] = ip_neigh};
    struct ip_request request;
    struct nt_why why;
    if (!ip_read(app->node, app->values[0].items, app->values[0].count, &request, &why)) {
        nt_print(app, "ip: %s\n", why.text);
        nt_app_exit(app, 1);
        return;
    }
    nt_app_exit(app, objects[request.object](app, &request));
}

static void ip_interrupt(struct nt_app *app)
{
    (void)app; /* it is over as soon as it begins */
}

const struct nt_app_type ip_app = {.size = sizeof(struct nt_app_type),
                                   .name = "ip",
                                   .summary =
                                       "shows and changes interfaces, addresses, routes and neighbours",
                                   .params = ip_params,
                                   .check = ip_check,
                                   .start = ip_start,
                                   .interrupt = ip_interrupt,
                                   .kinds = ip_kinds};

void ip_tell(struct nt_app *app, const char *format, ...)
{
    char what[200];
    va_list arguments;
    if (!nt_is_listening(app->node))
        return;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    nt_because(app->node, nt_tell(app->node, nt_kind(app->node, &ip_kinds[0]), NULL, 0,
                                  (int64_t)nt_text(app->node, what)));
}

int ip_fail(struct nt_app *app, const char *words)
{
    nt_print(app, "%s\n", words);
    return 2;
}

/* ---- ip link ---- */

void ip_print_link(struct nt_app *app, uint32_t dev)
{
    if (dev == IP_LO) {
        nt_print(app, "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN\n"
                      "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n");
        return;
    }
    struct stack *stack = stack_of(app->node);
    const struct nic *nic = &stack->interfaces[dev].nic;
    bool has_carrier = nic->port->is_up;
    char mac[MAC_TEXT_SIZE];
    mac_format(nic->mac, mac);
    nt_print(app,
             "%u: %s: <%sBROADCAST,MULTICAST%s%s> mtu %u state %s\n"
             "    link/ether %s brd ff:ff:ff:ff:ff:ff\n",
             dev + 2, nic->port->name, nic->is_up && !has_carrier ? "NO-CARRIER," : "",
             nic->is_up ? ",UP" : "", nic->is_up && has_carrier ? ",LOWER_UP" : "",
             stack->ip.interfaces[dev].mtu_bytes, nic_can_send(nic) ? "UP" : "DOWN", mac);
}

static void set_link(struct nt_app *app, const struct ip_request *request)
{
    struct stack *stack = stack_of(app->node);
    struct nic *nic = &stack->interfaces[request->dev].nic;
    if (request->mtu_bytes) {
        ip_tell(app, "mtu of %s is %u from now on, not %u", nic->port->name, request->mtu_bytes,
                nic->mtu_bytes);
        nic->mtu_bytes = request->mtu_bytes;
        stack->ip.interfaces[request->dev].mtu_bytes = request->mtu_bytes;
    }
    if (!request->has_state || request->is_up == nic->is_up)
        return;
    ip_tell(app, "%s goes %s", nic->port->name, request->is_up ? "up" : "down");
    nic->is_up = request->is_up;
    if (!request->is_up)
        arp_flush(&stack->interfaces[request->dev]
                       .arp); /* as Linux: who is there may have changed when it is back */
    stack_line(stack, nic->port);
}

int ip_link(struct nt_app *app, const struct ip_request *request)
{
    if (request->verb == IP_SET) {
        set_link(app, request);
        return 0;
    }
    if (request->dev != IP_NO_DEV) {
        ip_print_link(app, request->dev);
        return 0;
    }
    ip_print_link(app, IP_LO);
    for (uint32_t i = 0; i < stack_of(app->node)->interface_count; i++)
        ip_print_link(app, i);
    return 0;
}
