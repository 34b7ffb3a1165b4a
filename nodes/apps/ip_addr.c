/* SPDX-License-Identifier: MIT
 * ip addr: the addresses of the interfaces. Simplified: one for each. */
#include "nodes/apps/ip.h"

static void print_addr(struct nt_app *app, uint32_t dev)
{
    char shown[IPV4_PREFIX_TEXT_SIZE], broadcast[IPV4_TEXT_SIZE];
    ip_print_link(app, dev);
    if (dev == IP_LO) {
        nt_print(app, "    inet 127.0.0.1/8 scope host lo\n");
        return;
    }
    const struct ipv4_interface *interface = &stack_of(app->node)->ip.interfaces[dev];
    if (ipv4_is_any(interface->prefix.address))
        return;
    ipv4_prefix_format(interface->prefix, shown);
    ipv4_format(ipv4_prefix_broadcast(interface->prefix), broadcast);
    bool has_broadcast = interface->prefix.length < 31; /* RFC 3021 */
    nt_print(app, "    inet %s%s%s scope global %s\n", shown, has_broadcast ? " brd " : "",
             has_broadcast ? broadcast : "", app->node->ports[dev]->name);
}

static int show(struct nt_app *app, uint32_t dev)
{
    if (dev != IP_NO_DEV) {
        print_addr(app, dev);
        return 0;
    }
    print_addr(app, IP_LO);
    for (uint32_t i = 0; i < stack_of(app->node)->interface_count; i++)
        print_addr(app, i);
    return 0;
}

static bool has(const struct stack *stack, uint32_t dev, struct ipv4_prefix prefix)
{
    struct ipv4_prefix now = stack->ip.interfaces[dev].prefix;
    return ipv4_is_equal(now.address, prefix.address) && now.length == prefix.length;
}

static int add(struct nt_app *app, const struct ip_request *request)
{
    struct stack *stack = stack_of(app->node);
    const char *name = app->node->ports[request->dev]->name;
    char shown[IPV4_PREFIX_TEXT_SIZE];
    if (has(stack, request->dev, request->target))
        return ip_fail(app, "RTNETLINK answers: File exists");
    if (!ipv4_is_any(stack->ip.interfaces[request->dev].prefix.address))
        return ip_fail(app, "Error: an interface has one address here; delete the present one first.");
    if (!ipv4_is_one_host(request->target.address))
        return ip_fail(app, "RTNETLINK answers: Invalid argument");
    ipv4_prefix_format(request->target, shown);
    ip_tell(app, "%s gets the address %s", name, shown);
    stack_set_address(stack, request->dev, request->target);
    return 0;
}

static int drop(struct nt_app *app, uint32_t dev)
{
    struct stack *stack = stack_of(app->node);
    char shown[IPV4_PREFIX_TEXT_SIZE];
    ipv4_prefix_format(stack->ip.interfaces[dev].prefix, shown);
    ip_tell(app, "%s loses the address %s", app->node->ports[dev]->name, shown);
    stack_set_address(stack, dev, (struct ipv4_prefix){IPV4_ANY, 0});
    ipv4_set_address(&stack->ip, dev, (struct ipv4_prefix){IPV4_ANY, 0});
    routes_flush(&stack->ip.routes, ROUTE_STATIC, dev); /* as Linux does when the last address goes */
    return 0;
}

int ip_addr(struct nt_app *app, const struct ip_request *request)
{
    struct stack *stack = stack_of(app->node);
    switch (request->verb) {
    case IP_ADD:
        return add(app, request);
    case IP_DEL:
        if (!has(stack, request->dev, request->target))
            return ip_fail(app, "RTNETLINK answers: Cannot assign requested address");
        return drop(app, request->dev);
    case IP_FLUSH:
        return ipv4_is_any(stack->ip.interfaces[request->dev].prefix.address) ? 0 : drop(app, request->dev);
    default:
        return show(app, request->dev);
    }
}
