/* SPDX-License-Identifier: MIT
 * ip route: the routing table as a person sees and changes it; get asks it the way IP does. Own addresses and
 * broadcasts stand in the same table (protocols/ipv4/routes.h) and are not listed, as on Linux, where they
 * are in the table `local`. */
#include "nodes/apps/ip.h"

/* ---- show ---- */

static bool is_listed(const struct route_row *row, uint32_t dev)
{
    const struct route *route = &row->route;
    return route->source != ROUTE_LOCAL && route->source != ROUTE_BROADCAST &&
           (dev == IP_NO_DEV || route->interface == dev);
}

/* The order of the list: by network, then by length, then by metric. */
static uint64_t rank_of(const struct route *route)
{
    uint32_t metric = route->metric < 0xffffff ? route->metric : 0xffffff;
    return (uint64_t)route->prefix.address.value << 32 | (uint64_t)route->prefix.length << 24 | metric;
}

/* The first own address in the network of a link's route. */
static struct ipv4_address source_of(const struct ipv4 *ip, const struct route *route)
{
    struct ipv4_prefix own = {IPV4_ANY, 0};
    for (uint32_t i = 0; ipv4_address_at(ip, route->interface, i, &own); i++)
        if (own.length == route->prefix.length && ipv4_prefix_has(route->prefix, own.address))
            break;
    return own.address;
}

/* The destination: a network, an address, or everything. */
static void add_destination(struct text *text, const struct route *route)
{
    char address[IPV4_PREFIX_TEXT_SIZE] = "default";
    if (route->prefix.length == 32)
        ipv4_format(route->prefix.address, address);
    else if (route->prefix.length)
        ipv4_prefix_format(route->prefix, address);
    text_add(text, "%s", address);
}

static void add_way(struct text *text, const struct nt_app *app, const struct route *route)
{
    char address[IPV4_TEXT_SIZE];
    if (!ipv4_is_any(route->next_hop)) {
        ipv4_format(route->next_hop, address);
        text_add(text, " via %s", address);
    }
    text_add(text, " dev %s", app->node->ports[route->interface]->name);
}

/* One of several equal ways; the first brings the destination with it. */
static void print_way(struct nt_app *app, const struct route_row *row, bool is_first)
{
    char line[200];
    struct text text = text_in(line, sizeof line);
    add_destination(&text, &row->route);
    if (row->route.metric)
        text_add(&text, " metric %u", row->route.metric);
    if (is_first)
        nt_print(app, "%s\n", line);
    text = text_in(line, sizeof line);
    add_way(&text, app, &row->route);
    nt_print(app, "\tnexthop%s weight %u%s\n", line, (unsigned)row->route.weight, row->is_live ? "" : " linkdown");
}

static void print_route(struct nt_app *app, const struct route_row *row)
{
    const struct route *route = &row->route;
    char line[200], address[IPV4_TEXT_SIZE];
    struct text text = text_in(line, sizeof line);
    add_destination(&text, route);
    add_way(&text, app, route);
    if (route->source != ROUTE_STATIC)
        text_add(&text, " proto %s", route_source_words[route->source]);
    if (ipv4_is_any(route->next_hop))
        text_add(&text, " scope link");
    if (route->source == ROUTE_KERNEL) {
        ipv4_format(source_of(&stack_of(app->node)->ip, route), address);
        text_add(&text, " src %s", address);
    }
    if (route->metric)
        text_add(&text, " metric %u", route->metric);
    nt_print(app, "%s%s\n", line, row->is_live ? "" : " linkdown");
}

/* The row that comes next in the list behind rank and place; NULL: none. */
static const struct route_row *next_row(const struct routes *routes, uint32_t dev, uint64_t rank,
                                        uint32_t place, uint32_t *ret_place)
{
    const struct route_row *best = NULL, *row;
    for (uint32_t i = 0; (row = routes_row(routes, i)); i++) {
        uint64_t here = rank_of(&row->route);
        bool is_behind = here > rank || (here == rank && i + 1 > place);
        if (!is_listed(row, dev) || !is_behind || (best && here >= rank_of(&best->route)))
            continue;
        best = row;
        *ret_place = i + 1;
    }
    return best;
}

static int show(struct nt_app *app, uint32_t dev)
{
    const struct routes *routes = &stack_of(app->node)->ip.routes;
    const struct route_row *row;
    uint64_t rank = 0;
    const struct route_row *before = NULL;
    for (uint32_t place = 0; (row = next_row(routes, dev, rank, place, &place)); before = row) {
        bool is_further = before && before->route.weight && rank_of(&before->route) == rank_of(&row->route);
        if (row->route.weight)
            print_way(app, row, !is_further);
        else
            print_route(app, row);
        rank = rank_of(&row->route);
    }
    return 0;
}

/* ---- get ---- */

static int get(struct nt_app *app, struct ipv4_address address)
{
    const struct ipv4 *ip = &stack_of(app->node)->ip;
    char shown[IPV4_TEXT_SIZE], hop[IPV4_TEXT_SIZE], source[IPV4_TEXT_SIZE];
    struct ipv4_route route;
    if (ipv4_route(ip, address, &route) != IPV4_SENT)
        return ip_fail(app, "RTNETLINK answers: Network is unreachable");
    ipv4_format(address, shown);
    ipv4_format(route.next_hop, hop);
    ipv4_format(route.source, source);
    if (route.interface == IPV4_NO_INTERFACE) {
        nt_print(app, "local %s dev lo src %s\n", shown, source);
        return 0;
    }
    bool is_broadcast = ipv4_is_limited_broadcast(route.next_hop);
    bool has_hop = !is_broadcast && !ipv4_is_equal(route.next_hop, address);
    nt_print(app, "%s%s%s%s dev %s src %s\n", is_broadcast ? "broadcast " : "", shown, has_hop ? " via " : "",
             has_hop ? hop : "", app->node->ports[route.interface]->name, source);
    if (route.mtu_bytes < ip->interfaces[route.interface].mtu_bytes)
        nt_print(app, "    cache mtu %u\n", route.mtu_bytes); /* RFC 1191: what was learnt */
    return 0;
}

/* ---- add, del ---- */

static bool is_there(const struct routes *routes, const struct route *wanted)
{
    const struct route_row *row;
    for (uint32_t i = 0; (row = routes_row(routes, i)); i++)
        if (row->route.prefix.length == wanted->prefix.length &&
            ipv4_is_equal(row->route.prefix.address, wanted->prefix.address) &&
            row->route.metric == wanted->metric && is_listed(row, IP_NO_DEV))
            return true;
    return false;
}

/* Makes `route` lead by `way`. False: its next hop is no neighbour, RFC 1812 5.2.4.2. */
static bool lead(const struct ipv4 *ip, const struct ip_way *way, struct route *route)
{
    route->interface = way->dev;
    route->next_hop = way->via;
    if (!way->has_via)
        return true;
    if (way->dev == IP_NO_DEV)
        route->interface = ipv4_interface_towards(ip, way->via);
    return route->interface != IPV4_NO_INTERFACE && ipv4_is_on_link(ip, route->interface, way->via);
}

static void tell_added(struct nt_app *app, const struct route *route, bool has_via)
{
    char prefix[IPV4_PREFIX_TEXT_SIZE], hop[IPV4_TEXT_SIZE];
    ipv4_prefix_format(route->prefix, prefix);
    ipv4_format(route->next_hop, hop);
    ip_tell(app, "route to %s by %s%s%s", prefix, app->node->ports[route->interface]->name,
            has_via ? " via " : "", has_via ? hop : "");
}

static int add(struct nt_app *app, const struct ip_request *request)
{
    struct ipv4 *ip = &stack_of(app->node)->ip;
    struct ip_way only = {request->has_via, request->via, request->dev, 0};
    const struct ip_way *ways = request->way_count ? request->ways : &only;
    uint32_t count = request->way_count ? request->way_count : 1;
    struct route routes[IP_WAYS];
    if (!ipv4_is_equal(ipv4_prefix_network(request->target), request->target.address))
        return ip_fail(app, "Error: Invalid prefix for given prefix length.");
    for (uint32_t i = 0; i < count; i++) {
        routes[i] = (struct route){.prefix = request->target,
                                   .metric = request->metric,
                                   .source = ROUTE_STATIC,
                                   .weight = (uint16_t)ways[i].weight};
        if (!lead(ip, &ways[i], &routes[i]))
            return ip_fail(app, "Error: Nexthop has invalid gateway.");
    }
    if (is_there(&ip->routes, &routes[0]))
        return ip_fail(app, "RTNETLINK answers: File exists");
    for (uint32_t i = 0; i < count; i++) {
        tell_added(app, &routes[i], ways[i].has_via);
        routes_add(&ip->routes, &routes[i]);
    }
    return 0;
}

static int del(struct nt_app *app, const struct ip_request *request)
{
    struct ipv4 *ip = &stack_of(app->node)->ip;
    char prefix[IPV4_PREFIX_TEXT_SIZE];
    uint32_t dev = request->dev == IP_NO_DEV ? ROUTES_NONE : request->dev;
    for (unsigned source = ROUTE_KERNEL; route_source_words[source]; source++)
        if (routes_remove(&ip->routes, request->target, (enum route_source)source, request->via, dev)) {
            ipv4_prefix_format(request->target, prefix);
            ip_tell(app, "route to %s removed", prefix);
            return 0;
        }
    return ip_fail(app, "RTNETLINK answers: No such process");
}

int ip_route(struct nt_app *app, const struct ip_request *request)
{
    switch (request->verb) {
    case IP_ADD:
        return add(app, request);
    case IP_DEL:
        return del(app, request);
    case IP_GET:
        return get(app, request->target.address);
    default:
        return show(app, request->dev);
    }
}
