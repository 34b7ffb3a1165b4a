/* SPDX-License-Identifier: MIT
 * See network.h: down are route and send, up are receive and error. */
#include "protocols/ipv4/network.h"

#include "protocols/icmp/codec.h"

static const struct net_layer_ops network_ops;

static struct ipv4_network *network_of(struct net_layer *layer)
{
    return ENV_OWNER(layer, struct ipv4_network, layer);
}

/* ---- Down ---- */

static int error_of(enum ipv4_status status)
{
    switch (status) {
    case IPV4_SENT:
        return 0;
    case IPV4_NO_ROUTE:
        return -NET_ENETUNREACH;
    case IPV4_IS_DOWN:
        return -NET_ENETDOWN;
    case IPV4_NO_SOURCE:
        return -NET_EADDRNOTAVAIL;
    case IPV4_TOO_BIG:
        return -NET_EMSGSIZE;
    case IPV4_FORBIDDEN:
        return -NET_EPERM;
    case IPV4_NOT_OURS:
        return -NET_EINVAL;
    case IPV4_LOOP_FULL:
        break;
    }
    return -NET_ENOBUFS;
}

static int network_route(struct net_layer *layer, const struct net_request *request,
                         struct net_route *ret_route)
{
    const struct ipv4 *ip = network_of(layer)->ip;
    struct ipv4_address destination = net_to_ipv4(request->destination);
    struct ipv4_request asked = {
        .destination = destination, .interface = request->interface, .knows_path = request->knows_path};
    struct ipv4_route route;
    enum ipv4_status status = ipv4_route_request(ip, &asked, &route);
    if (status != IPV4_SENT)
        return error_of(status);
    if (ipv4_is_any(route.source) && !ipv4_is_limited_broadcast(destination))
        return -NET_EADDRNOTAVAIL;
    *ret_route = (struct net_route){
        .source = net_from_ipv4(route.source), .mtu_bytes = route.mtu_bytes, .header_bytes = IPV4_HEADER_MIN};
    ret_route->is_broadcast = ipv4_is_broadcast_on(ip, route.interface, destination);
    ret_route->is_for_many = ret_route->is_broadcast || ipv4_is_multicast(destination);
    return 0;
}

static int network_send(struct net_layer *layer, const struct net_request *asked, struct packet_out *packet)
{
    struct ipv4_request request = {.destination = net_to_ipv4(asked->destination),
                                   .source = net_to_ipv4(asked->source),
                                   .protocol = asked->protocol,
                                   .ttl = asked->ttl,
                                   .tos = asked->tos,
                                   .dont_fragment = asked->dont_fragment,
                                   .knows_path = asked->knows_path,
                                   .interface = asked->interface};
    /* RFC 1122 3.2.1.3 (a): a host that does not know its address yet may say so, to everybody on the link.
     */
    request.allow_no_source = ipv4_is_limited_broadcast(request.destination);
    return error_of(ipv4_send(network_of(layer)->ip, &request, packet));
}

static bool network_is_local(struct net_layer *layer, struct net_address address)
{
    const struct ipv4 *ip = network_of(layer)->ip;
    struct ipv4_address local = net_to_ipv4(address);
    if (address.family != NET_IPV4)
        return false;
    if (ipv4_is_own(ip, local) || ipv4_is_multicast(local))
        return true;
    for (uint32_t i = 0; i < ip->interface_count; i++)
        if (ipv4_is_broadcast_on(ip, i, local))
            return true;
    return ipv4_is_limited_broadcast(local);
}

static bool network_is_one_host(struct net_layer *layer, struct net_address address)
{
    struct ipv4_address own = net_to_ipv4(address);
    return address.family == NET_IPV4 && (ipv4_is_loopback(own) || ipv4_is_one_host(own)) &&
           ipv4_is_own(network_of(layer)->ip, own);
}

static void network_port_unreachable(struct net_layer *layer, const struct net_arrival *arrival)
{
    struct ipv4 *ip = network_of(layer)->ip;
    if (ip->complain)
        ip->complain(ip, arrival->inner, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 0);
}

static const struct net_layer_ops network_ops = {network_route, network_send, network_is_local,
                                                 network_is_one_host, network_port_unreachable};

/* ---- Up ---- */

static void network_receive(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrived)
{
    struct ipv4_network *network = ENV_OWNER(protocol, struct ipv4_network, protocol);
    struct net_arrival arrival = {.source = net_from_ipv4(arrived->header.source),
                                  .destination = net_from_ipv4(arrived->header.destination),
                                  .payload = arrived->payload,
                                  .ttl = arrived->header.ttl,
                                  .tos = arrived->header.tos,
                                  .interface = arrived->interface,
                                  .is_for_many = arrived->is_for_many,
                                  .inner = arrived};
    network->layer.user->receive(network->layer.user, &arrival);
}

/* Codes of "destination unreachable", in their order. RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1. */
static const struct {
    enum net_error error;
    bool is_hard; /* RFC 1122 4.2.3.9 calls 2, 3 and 4 hard; those that name a prohibition are so by nature */
} unreachable[] = {
    {NET_ENETUNREACH, false},  /* 0 net */
    {NET_EHOSTUNREACH, false}, /* 1 host */
    {NET_ENOPROTOOPT, true},   /* 2 protocol */
    {NET_ECONNREFUSED, true},  /* 3 port */
    {NET_EMSGSIZE, true},      /* 4 fragmentation needed */
    {NET_EOPNOTSUPP, false},   /* 5 source route failed */
    {NET_ENETUNREACH, true},   /* 6 net unknown */
    {NET_EHOSTDOWN, true},     /* 7 host unknown */
    {NET_ENONET, true},        /* 8 host isolated */
    {NET_ENETUNREACH, true},   /* 9 net prohibited */
    {NET_EHOSTUNREACH, true},  /* 10 host prohibited */
    {NET_ENETUNREACH, false},  /* 11 net, for this type of service */
    {NET_EHOSTUNREACH, false}, /* 12 host, for this type of service */
    {NET_EHOSTUNREACH, true},  /* 13 filtered */
    {NET_EHOSTUNREACH, true},  /* 14 precedence violation */
    {NET_EHOSTUNREACH, true},  /* 15 precedence cut off */
};

enum net_error ipv4_network_error(uint8_t type, uint8_t code, bool *ret_is_hard)
{
    *ret_is_hard = type == ICMP_PARAMETER_PROBLEM;
    if (type == ICMP_PARAMETER_PROBLEM)
        return NET_EPROTO;
    if (type != ICMP_UNREACHABLE || code >= sizeof unreachable / sizeof unreachable[0])
        return NET_EHOSTUNREACH; /* time exceeded: RFC 1122 4.2.3.9 calls it soft */
    *ret_is_hard = unreachable[code].is_hard;
    return unreachable[code].error;
}

static void network_error(struct ipv4_protocol *protocol, const struct ipv4_error *error)
{
    struct ipv4_network *network = ENV_OWNER(protocol, struct ipv4_network, protocol);
    struct net_failure failure = {.type = error->type,
                                  .code = error->code,
                                  .rest = error->rest,
                                  .reporter = net_from_ipv4(error->reporter),
                                  .source = net_from_ipv4(error->quoted.source),
                                  .destination = net_from_ipv4(error->quoted.destination),
                                  .payload = error->payload};
    failure.error = ipv4_network_error(error->type, error->code, &failure.is_hard);
    if (network->layer.user->failed)
        network->layer.user->failed(network->layer.user, &failure);
}

void ipv4_network_init(struct ipv4_network *network, struct ipv4 *ip, uint8_t number,
                       struct net_layer_user *user)
{
    *network = (struct ipv4_network){
        .layer = {&network_ops, NET_IPV4, ip->packets, PACKET_PLAIN_HEADROOM, user},
        .ip = ip,
        .protocol = {.number = number, .receive = network_receive, .error = network_error}};
    ipv4_register(ip, &network->protocol);
}
