/* SPDX-License-Identifier: MIT
 * Sockets over a stack: what applications call, on the one side, and the transports on the other.
 *
 *      application       nt_send, nt_receive, event              sim/netarium.h
 *          |
 *      sockets.c         opens them, names, whose they are       every kind
 *          |
 *      socket_udp.c, socket_tcp.c                                one file for each kind
 *          |
 *      protocols/udp, protocols/tcp
 *
 * A socket's memory is the node's. It belongs to the application that opened it and is closed when that
 * exits, or to the node itself. All sockets of a machine hang in one list, in the order of opening, for the
 * table. */
#ifndef NETARIUM_NODES_SOCKETS_H
#define NETARIUM_NODES_SOCKETS_H

#include "protocols/endpoint.h"
#include "sim/netarium.h"

/* The part that all kinds share. */
struct socket_base {
    struct nt_socket socket;           /* first: what the application holds */
    struct socket_base *older, *newer; /* in the stack's list */
    void (*show)(const struct socket_base *base, struct nt_cell *ret_cells); /* its row of the table */
};

/* What a node with a stack puts into node->sockets. */
extern const struct nt_sockets stack_sockets;

/* Open a datagram and a stream socket: kinds offer one such function each. */
struct nt_socket *socket_udp_open(struct nt_node *node, struct nt_app *app);
struct nt_socket *socket_tcp_open(struct nt_node *node, struct nt_app *app);

/* Puts a new socket under its owner. Closing takes it out again. */
void socket_join(struct socket_base *base, struct nt_node *node, struct nt_app *app,
                 const struct nt_socket_ops *ops);
void socket_leave(struct socket_base *base);

/* Tells the application, if it wants to be told. The last thing to do with a socket: it may be gone
 * afterwards. */
static inline void socket_tell(struct socket_base *base, uint32_t events)
{
    if (base->socket.event)
        base->socket.event(&base->socket, events);
}

/* The same endpoint, in the words of the contract and in those of the protocols. */
struct net_endpoint socket_to_net(const struct nt_endpoint *endpoint);
struct nt_endpoint socket_from_net(const struct net_endpoint *endpoint);
struct nt_address socket_address_from_net(const struct net_address *address);

/* The table "sockets". A stream's state is SOCKET_STATE_TCP and its tcp_state. */
#define SOCKET_STATE_TCP 2
bool socket_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
extern const char *const socket_kind_words[];
extern const char *const socket_state_words[];
#define SOCKET_COLUMNS                                                                                       \
    {                                                                                                        \
        {"kind", NT_UNIT_WORD, socket_kind_words}, {"state", NT_UNIT_WORD, socket_state_words},              \
            {"local", NT_UNIT_IPV4}, {"port", NT_UNIT_NONE}, {"peer", NT_UNIT_IPV4},                         \
            {"peer_port", NT_UNIT_NONE}, {"queued", NT_UNIT_BYTES}, {"sent", NT_UNIT_NONE},                  \
            {"received", NT_UNIT_NONE}, {"dropped", NT_UNIT_NONE},                                           \
        {                                                                                                    \
            "command", NT_UNIT_TEXT                                                                          \
        }                                                                                                    \
    }

#endif
