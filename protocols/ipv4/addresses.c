/* SPDX-License-Identifier: MIT
 * Own addresses: an interface has a first one, and may have more; from each follow three routes.
 *
 *     ip addr add 10.0.1.5/24 dev eth0      10.0.1.5/32    local      it is ours
 *                                           10.0.1.0/24    kernel     its network is on the link
 *                                           10.0.1.255/32  broadcast  everybody there
 *
 * Nearly every machine has one address on each interface. So the first lives in the interface, and the others hang in one
 * list of the machine: who has none pays one test. Two addresses in one network share its routes, so when one goes the
 * routes of those that stay are put in anew. RFC 1122 3.3.4: several addresses on one link are several logical hosts. */
#include "protocols/ipv4/ipv4_parts.h"

/* ---- Going through them ---- */

bool ipv4_address_at(const struct ipv4 *ip, uint32_t interface, uint32_t index, struct ipv4_prefix *ret_prefix)
{
    struct ipv4_prefix first = ip->interfaces[interface].prefix;
    if (!ipv4_is_any(first.address) && index-- == 0) {
        *ret_prefix = first;
        return true;
    }
    for (const struct ipv4_further *further = ip->further; further; further = further->next)
        if (further->interface == interface && index-- == 0) {
            *ret_prefix = further->prefix;
            return true;
        }
    return false;
}

/* The longest network on the link that has `address`, the first of equals. False: none has. */
static bool find_network(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address,
                         struct ipv4_prefix *ret_prefix)
{
    struct ipv4_prefix candidate;
    bool is_found = false;
    for (uint32_t i = 0; ipv4_address_at(ip, interface, i, &candidate); i++) {
        if (!ipv4_prefix_has(candidate, address) || (is_found && candidate.length <= ret_prefix->length))
            continue;
        *ret_prefix = candidate;
        is_found = true;
    }
    return is_found;
}

struct ipv4_address ipv4_source_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address to)
{
    struct ipv4_prefix chosen = ip->interfaces[interface].prefix;
    if (ip->further && !find_network(ip, interface, to, &chosen))
        ipv4_address_at(ip, interface, 0, &chosen);
    return chosen.address;
}

bool ipv4_is_on_link(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address)
{
    struct ipv4_prefix unused;
    return find_network(ip, interface, address, &unused);
}

uint32_t ipv4_interface_towards(const struct ipv4 *ip, struct ipv4_address address)
{
    uint32_t best = IPV4_NO_INTERFACE;
    struct ipv4_prefix longest = {IPV4_ANY, 0}, network;
    for (uint32_t i = 0; i < ip->interface_count; i++) {
        if (!find_network(ip, i, address, &network))
            continue;
        if (best != IPV4_NO_INTERFACE && network.length <= longest.length)
            continue;
        best = i;
        longest = network;
    }
    return best;
}

bool ipv4_is_broadcast_further(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address)
{
    for (const struct ipv4_further *further = ip->further; further; further = further->next)
        if (further->interface == interface && ipv4_prefix_is_broadcast(further->prefix, address))
            return true;
    return false;
}

bool ipv4_is_broadcast_on(const struct ipv4 *ip, uint32_t interface, struct ipv4_address address)
{
    if (interface == IPV4_NO_INTERFACE)
        return ipv4_is_limited_broadcast(address);
    return ipv4_is_broadcast_there(ip, interface, address);
}

/* ---- The routes that follow ---- */

static void add_route(struct ipv4 *ip, uint32_t address, uint8_t length, uint32_t interface,
                      enum route_source source)
{
    struct route route = {.prefix = {{address}, length}, .interface = interface, .source = source};
    routes_add(&ip->routes, &route);
}

static void add_routes(struct ipv4 *ip, uint32_t interface, struct ipv4_prefix prefix)
{
    ipv4_own_add(ip, prefix.address);
    add_route(ip, prefix.address.value, 32, interface, ROUTE_LOCAL);
    if (prefix.length < 32)
        add_route(ip, prefix.address.value, prefix.length, interface, ROUTE_KERNEL);
    if (prefix.length < 31) /* RFC 3021: shorter networks have no broadcast of their own */
        add_route(ip, ipv4_prefix_broadcast(prefix).value, 32, interface, ROUTE_BROADCAST);
}

static void renew_routes(struct ipv4 *ip, uint32_t interface)
{
    struct ipv4_prefix prefix;
    routes_flush(&ip->routes, ROUTE_LOCAL, interface);
    routes_flush(&ip->routes, ROUTE_BROADCAST, interface);
    routes_flush(&ip->routes, ROUTE_KERNEL, interface);
    for (uint32_t i = 0; ipv4_address_at(ip, interface, i, &prefix); i++)
        add_routes(ip, interface, prefix);
}

/* ---- Changing them ---- */

void ipv4_set_address(struct ipv4 *ip, uint32_t interface, struct ipv4_prefix prefix)
{
    struct ipv4_prefix before = ip->interfaces[interface].prefix;
    ip->interfaces[interface].prefix = prefix;
    if (!ipv4_is_any(before.address))
        renew_routes(ip, interface);
    else if (!ipv4_is_any(prefix.address))
        add_routes(ip, interface, prefix);
}

void ipv4_add_address(struct ipv4 *ip, uint32_t interface, struct ipv4_prefix prefix)
{
    struct ipv4_further **end = &ip->further;
    for (; *end; end = &(*end)->next)
        if ((*end)->interface == interface && ipv4_is_equal((*end)->prefix.address, prefix.address))
            return;
    *end = env_new(ip->env, sizeof **end);
    **end = (struct ipv4_further){.prefix = prefix, .interface = interface};
    add_routes(ip, interface, prefix);
}

void ipv4_remove_address(struct ipv4 *ip, uint32_t interface, struct ipv4_address address)
{
    struct ipv4_further **link = &ip->further;
    while (*link && !((*link)->interface == interface && ipv4_is_equal((*link)->prefix.address, address)))
        link = &(*link)->next;
    struct ipv4_further *removed = *link;
    if (!removed)
        return;
    *link = removed->next;
    env_free(ip->env, removed);
    renew_routes(ip, interface);
}

void ipv4_addresses_release(struct ipv4 *ip)
{
    while (ip->further) {
        struct ipv4_further *next = ip->further->next;
        env_free(ip->env, ip->further);
        ip->further = next;
    }
}

void ipv4_set_gateway(struct ipv4 *ip, struct ipv4_address gateway)
{
    struct ipv4_prefix everything = {IPV4_ANY, 0};
    uint32_t interface = ipv4_interface_towards(ip, gateway);
    routes_remove(&ip->routes, everything, ROUTE_STATIC, IPV4_ANY, ROUTES_NONE);
    if (ipv4_is_any(gateway) || interface == IPV4_NO_INTERFACE)
        return;
    struct route route = {everything, gateway, interface, 0, ROUTE_STATIC};
    routes_add(&ip->routes, &route);
}
