/* SPDX-License-Identifier: MIT
 * ip addr: the addresses of the interfaces.
 *
 * Of several addresses in one network the first is the one that speaks, and the others are *secondary*: they are
 * answered for, and speak only when an application says so. When the first goes they go with it, as on Linux unless
 * promote_secondaries is set there. */
#include "nodes/apps/ip.h"

static bool is_same_network(struct ipv4_prefix a, struct ipv4_prefix b)
{
    return a.length == b.length && ipv4_same_subnet(a.address, b.address, a.length);
}

/* Is there an earlier address in the network of address number `index`? */
static bool is_secondary(const struct ipv4 *ip, uint32_t dev, uint32_t index)
{
    struct ipv4_prefix own, before;
    ipv4_address_at(ip, dev, index, &own);
    for (uint32_t i = 0; i < index; i++)
        if (ipv4_address_at(ip, dev, i, &before) && is_same_network(own, before))
            return true;
    return false;
}

/* ---- show ---- */

static void print_inet(struct nt_app *app, uint32_t dev, struct ipv4_prefix prefix, bool is_second)
{
    char shown[IPV4_PREFIX_TEXT_SIZE], broadcast[IPV4_TEXT_SIZE];
    ipv4_prefix_format(prefix, shown);
    ipv4_format(ipv4_prefix_broadcast(prefix), broadcast);
    bool has_broadcast = prefix.length < 31; /* RFC 3021 */
    nt_print(app, "    inet %s%s%s scope global %s%s\n", shown, has_broadcast ? " brd " : "",
             has_broadcast ? broadcast : "", is_second ? "secondary " : "", app->node->ports[dev]->name);
}

static void print_addr(struct nt_app *app, uint32_t dev)
{
    struct ipv4_prefix prefix;
    ip_print_link(app, dev);
    if (dev == IP_LO) {
        nt_print(app, "    inet 127.0.0.1/8 scope host lo\n");
        return;
    }
    const struct ipv4 *ip = &stack_of(app->node)->ip;
    for (int second = 0; second < 2; second++)
        for (uint32_t i = 0; ipv4_address_at(ip, dev, i, &prefix); i++)
            if (is_secondary(ip, dev, i) == second)
                print_inet(app, dev, prefix, second);
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

/* ---- add, del, flush ---- */

static int add(struct nt_app *app, const struct ip_request *request)
{
    struct stack *stack = stack_of(app->node);
    char shown[IPV4_PREFIX_TEXT_SIZE];
    if (!ipv4_is_one_host(request->target.address))
        return ip_fail(app, "RTNETLINK answers: Invalid argument");
    ipv4_prefix_format(request->target, shown);
    if (stack_has_address(stack, request->dev, request->target.address))
        return ip_fail(app, "RTNETLINK answers: File exists");
    ip_tell(app, "%s gets the address %s", app->node->ports[request->dev]->name, shown);
    stack_add_address(stack, request->dev, request->target);
    return 0;
}

static void drop_one(struct nt_app *app, uint32_t dev, struct ipv4_prefix prefix)
{
    char shown[IPV4_PREFIX_TEXT_SIZE];
    ipv4_prefix_format(prefix, shown);
    ip_tell(app, "%s loses the address %s", app->node->ports[dev]->name, shown);
    stack_remove_address(stack_of(app->node), dev, prefix.address);
}

/* The place of `prefix` among the addresses; UINT32_MAX: it is not there. */
static uint32_t place_of(const struct ipv4 *ip, uint32_t dev, struct ipv4_prefix prefix)
{
    struct ipv4_prefix own;
    for (uint32_t i = 0; ipv4_address_at(ip, dev, i, &own); i++)
        if (own.length == prefix.length && ipv4_is_equal(own.address, prefix.address))
            return i;
    return UINT32_MAX;
}

/* An address goes, and if it was the first of its network the others there. */
static int drop(struct nt_app *app, uint32_t dev, struct ipv4_prefix prefix)
{
    struct ipv4 *ip = &stack_of(app->node)->ip;
    uint32_t place = place_of(ip, dev, prefix);
    struct ipv4_prefix other;
    if (place == UINT32_MAX)
        return ip_fail(app, "RTNETLINK answers: Cannot assign requested address");
    bool takes_others = !is_secondary(ip, dev, place);
    for (uint32_t i = place + 1; takes_others && ipv4_address_at(ip, dev, i, &other);)
        if (is_same_network(other, prefix))
            drop_one(app, dev, other);
        else
            i++;
    drop_one(app, dev, prefix);
    if (!ipv4_address_at(ip, dev, 0, &other))
        routes_flush(&ip->routes, ROUTE_STATIC, dev); /* as Linux does when the last address goes */
    return 0;
}

static int flush(struct nt_app *app, uint32_t dev)
{
    struct ipv4_prefix first;
    while (ipv4_address_at(&stack_of(app->node)->ip, dev, 0, &first))
        drop(app, dev, first);
    return 0;
}

int ip_addr(struct nt_app *app, const struct ip_request *request)
{
    switch (request->verb) {
    case IP_ADD:
        return add(app, request);
    case IP_DEL:
        return drop(app, request->dev, request->target);
    case IP_FLUSH:
        return flush(app, request->dev);
    default:
        return show(app, request->dev);
    }
}
