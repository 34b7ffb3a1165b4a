/* SPDX-License-Identifier: MIT
 * See sockets.h: opening, owners, names. */
#include "nodes/sockets.h"

#include <stdio.h>
#include <string.h>

#include "nodes/stack.h"
#include "protocols/net_error.h"

_Static_assert((int)NT_EAGAIN == (int)NET_EAGAIN, "errors are the same numbers");
_Static_assert((int)NT_EMSGSIZE == (int)NET_EMSGSIZE, "errors are the same numbers");
_Static_assert((int)NT_ECONNREFUSED == (int)NET_ECONNREFUSED, "errors are the same numbers");
_Static_assert((int)NT_EINPROGRESS == (int)NET_EINPROGRESS, "errors are the same numbers");
_Static_assert((int)NT_FAMILY_IPV4 == (int)NET_IPV4, "families are the same numbers");
_Static_assert((int)NT_FAMILY_IPV6 == (int)NET_IPV6, "families are the same numbers");

const char *const socket_kind_words[] = {"udp", "tcp", NULL};
const char *const socket_state_words[] = {
    "unconn",    "estab",  "-",          "established", "syn-sent", "syn-received", "fin-wait-1", "fin-wait-2",
    "time-wait", "closed", "close-wait", "last-ack",    "listen",   "closing",      NULL};

/* ---- Addresses ---- */

struct nt_address socket_address_from_net(const struct net_address *address)
{
    struct nt_address result = {.family = address->family};
    memcpy(result.bytes, address->bytes, sizeof result.bytes);
    return result;
}

struct nt_endpoint socket_from_net(const struct net_endpoint *endpoint)
{
    return (struct nt_endpoint){socket_address_from_net(&endpoint->address), endpoint->port};
}

struct net_endpoint socket_to_net(const struct nt_endpoint *endpoint)
{
    struct net_endpoint result = {.port = endpoint->port};
    result.address.family = endpoint->address.family;
    memcpy(result.address.bytes, endpoint->address.bytes, sizeof result.address.bytes);
    return result;
}

static int sockets_resolve(struct nt_node *node, const char *name, struct nt_address *ret_address)
{
    struct ipv4_address found;
    if (!stack_resolve(stack_of(node), name, &found))
        return -NT_EADDRNOTAVAIL;
    struct net_address address = net_from_ipv4(found);
    *ret_address = socket_address_from_net(&address);
    return 0;
}

static void sockets_show(const struct nt_address *address, char *ret_text, size_t size)
{
    char shown[IPV4_TEXT_SIZE];
    ipv4_format((struct ipv4_address){bytes_u32(address->bytes)}, shown);
    snprintf(ret_text, size, "%s", address->family == NT_FAMILY_IPV4 ? shown : "*");
}

/* ---- Owners ---- */

void socket_join(struct socket_base *base, struct nt_node *node, struct nt_app *app,
                 const struct nt_socket_ops *ops)
{
    struct nt_socket *socket = &base->socket;
    struct stack *stack = stack_of(node);
    socket->node = node;
    socket->ops = ops;
    socket->app = app;
    base->older = stack->newest_socket;
    *(base->older ? &base->older->newer : &stack->oldest_socket) = base;
    stack->newest_socket = base;
    if (!app)
        return;
    socket->next = app->sockets;
    socket->previous = &app->sockets;
    if (socket->next)
        socket->next->previous = &socket->next;
    app->sockets = socket;
}

void socket_leave(struct socket_base *base)
{
    struct nt_socket *socket = &base->socket;
    struct stack *stack = stack_of(socket->node);
    *(base->older ? &base->older->newer : &stack->oldest_socket) = base->newer;
    *(base->newer ? &base->newer->older : &stack->newest_socket) = base->older;
    if (!socket->previous)
        return;
    *socket->previous = socket->next;
    if (socket->next)
        socket->next->previous = socket->previous;
}

static int sockets_open(struct nt_node *node, struct nt_app *app, enum nt_socket_kind kind,
                        struct nt_socket **ret_socket)
{
    switch (kind) {
    case NT_SOCKET_DATAGRAM:
        *ret_socket = socket_udp_open(node, app);
        return 0;
    case NT_SOCKET_STREAM:
        *ret_socket = socket_tcp_open(node, app);
        return 0;
    default:
        return -NT_EPROTONOSUPPORT;
    }
}

const struct nt_sockets stack_sockets = {sizeof(struct nt_sockets), sockets_open, sockets_resolve,
                                         sockets_show, net_error_words};

/* ---- The table ---- */

bool socket_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct socket_base *base = stack_of(node)->oldest_socket;
    while (base && index-- > 0)
        base = base->newer;
    if (!base)
        return false;
    base->show(base, cells);
    snprintf(cells[10].text, sizeof cells[10].text, "%s", base->socket.app ? base->socket.app->words : "");
    return true;
}
