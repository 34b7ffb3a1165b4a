/* SPDX-License-Identifier: MIT
 * The IP machine: its interfaces, who is above, who looks on, and what was learnt of the ways. The picture is
 * in ipv4.h; own addresses are in addresses.c; datagrams go down in output.c, up in input.c, through in
 * forward.c. */
#include "protocols/ipv4/ipv4.h"

#include "protocols/ipv4/ipv4_parts.h"
#include "protocols/ipv4/reassembly.h"

#define MTU_LEAST 68 /* RFC 791 3.1: every link takes this */

const char *const ipv4_hook_words[] = {"prerouting", "input", "forward", "output", "postrouting", NULL};

void ipv4_init(struct ipv4 *ip, struct env *env, const struct ipv4_ops *ops, struct packet_pool *packets,
               uint32_t interface_count)
{
    assert(interface_count <= IPV4_INTERFACES);
    *ip = (struct ipv4){.env = env,
                        .ops = ops,
                        .packets = packets,
                        .default_ttl = IPV4_TTL,
                        .next_id = 1,
                        .sends_redirects = true,
                        .takes_redirects = true};
    ip->interface_count = interface_count;
    ip->interfaces = env_new(env, (interface_count + 1) * sizeof *ip->interfaces);
    for (uint32_t i = 0; i < interface_count; i++)
        ip->interfaces[i] = (struct ipv4_interface){.mtu_bytes = 1500, .is_up = true};
    routes_init(&ip->routes, env);
}

void ipv4_release(struct ipv4 *ip)
{
    ipv4_loop_release(ip);
    if (ip->reassembly)
        reassembly_release(ip->reassembly);
    env_free(ip->env, ip->reassembly);
    ipv4_addresses_release(ip);
    env_free(ip->env, ip->groups);
    env_free(ip->env, ip->paths);
    env_free(ip->env, ip->interfaces);
    routes_release(&ip->routes);
}

/* ---- Who is above, and who looks on ---- */

void ipv4_register(struct ipv4 *ip, struct ipv4_protocol *protocol)
{
    assert(protocol->receive);
    assert(!ipv4_protocol_for(ip, protocol->number));
    struct ipv4_protocol **link = &ip->protocols;
    while (*link)
        link = &(*link)->next;
    protocol->next = NULL;
    *link = protocol;
}

struct ipv4_protocol *ipv4_protocol_for(const struct ipv4 *ip, uint8_t number)
{
    struct ipv4_protocol *protocol = ip->protocols;
    while (protocol && protocol->number != number)
        protocol = protocol->next;
    return protocol;
}

void ipv4_hook_add(struct ipv4 *ip, enum ipv4_hook hook, struct ipv4_hook_user *user)
{
    struct ipv4_hook_user **link = &ip->hooks[hook];
    while (*link && (*link)->priority <= user->priority)
        link = &(*link)->next;
    user->next = *link;
    *link = user;
}

bool ipv4_join(struct ipv4 *ip, struct ipv4_address group)
{
    for (uint32_t i = 0; i < ip->group_count; i++)
        if (ipv4_is_equal(ip->groups[i], group))
            return true;
    if (ip->group_count == IPV4_GROUPS)
        return false;
    if (!ip->groups)
        ip->groups = env_new(ip->env, IPV4_GROUPS * sizeof *ip->groups);
    ip->groups[ip->group_count++] = group;
    return true;
}

/* ---- Interfaces ---- */

void ipv4_set_up(struct ipv4 *ip, uint32_t interface, bool is_up)
{
    ip->interfaces[interface].is_up = is_up;
    routes_set_up(&ip->routes, interface, is_up);
}

bool ipv4_is_own(const struct ipv4 *ip, struct ipv4_address address)
{
    if (ipv4_is_loopback(address))
        return true;
    if (!ipv4_may_be_own(ip, address)) /* the usual answer, without a look-up */
        return false;
    const struct route *route = routes_lookup(&ip->routes, address);
    return route && route->source == ROUTE_LOCAL;
}

/* ---- What was learnt of the ways ---- */

uint32_t ipv4_path_mtu(const struct ipv4 *ip, struct ipv4_address destination, uint32_t mtu_bytes)
{
    for (uint32_t i = 0; i < ip->path_count; i++) {
        const struct ipv4_path *path = &ip->paths[i];
        if (ipv4_is_equal(path->destination, destination) &&
            env_now(ip->env) - path->learnt_at < IPV4_PATH_AGE)
            return path->mtu_bytes < mtu_bytes ? path->mtu_bytes : mtu_bytes;
    }
    return mtu_bytes;
}

/* RFC 1191 7: sizes that links really have; the next one below what was tried. */
static uint32_t plateau_below(uint32_t tried_bytes)
{
    static const uint32_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296};
    for (size_t i = 0; i < sizeof plateaus / sizeof *plateaus; i++)
        if (plateaus[i] < tried_bytes)
            return plateaus[i];
    return MTU_LEAST;
}

void ipv4_learn_path_mtu(struct ipv4 *ip, struct ipv4_address destination, uint32_t mtu_bytes,
                         uint32_t tried_bytes)
{
    struct ipv4_route route;
    if (mtu_bytes == 0)
        mtu_bytes = plateau_below(tried_bytes);
    if (mtu_bytes < MTU_LEAST)
        mtu_bytes = MTU_LEAST; /* RFC 1191 3: never below */
    if (ipv4_route(ip, destination, &route) != IPV4_SENT || mtu_bytes >= route.mtu_bytes)
        return; /* RFC 1191 3: an error never makes it larger */
    if (!ip->paths)
        ip->paths = env_new(ip->env, IPV4_PATHS * sizeof *ip->paths);
    uint32_t place = 0, oldest = 0;
    for (; place < ip->path_count && !ipv4_is_equal(ip->paths[place].destination, destination); place++)
        if (ip->paths[place].learnt_at < ip->paths[oldest].learnt_at)
            oldest = place;
    if (place == ip->path_count && ip->path_count < IPV4_PATHS)
        ip->path_count++;
    else if (place == ip->path_count)
        place = oldest;
    ip->paths[place] = (struct ipv4_path){destination, mtu_bytes, env_now(ip->env)};
    env_because(ip->env, env_tell(ip->env, &ipv4_kinds[IPV4_PATH_MTU], 0, destination.value, route.mtu_bytes,
                                  mtu_bytes));
}

bool ipv4_take_redirect(struct ipv4 *ip, uint32_t interface, struct ipv4_address reporter,
                        struct ipv4_address destination, struct ipv4_address gateway)
{
    const struct route *present = routes_lookup(&ip->routes, destination);
    if (!ip->takes_redirects || ip->forwards || interface == IPV4_NO_INTERFACE || !present)
        return false; /* RFC 1812 4.3.3.2: routers do not */
    bool is_from_hop =
        ipv4_is_equal(present->next_hop, reporter); /* RFC 1122 3.2.2.2: only from the present first hop */
    bool is_near = ipv4_is_on_link(ip, interface, gateway) && !ipv4_is_own(ip, gateway);
    if (!is_from_hop || !is_near)
        return false;
    struct route better = {{destination, 32}, gateway, interface, 0, ROUTE_REDIRECT};
    routes_add(&ip->routes, &better);
    env_because(ip->env,
                env_tell(ip->env, &ipv4_kinds[IPV4_REDIRECTED], 0, destination.value, gateway.value));
    return true;
}
