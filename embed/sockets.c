/* SPDX-License-Identifier: MIT
 * Sockets as small numbers: who asks for number 3 means this one. */
#include "embed/sockets.h"

#include <stdlib.h>
#include <string.h>

/* What a datagram socket of the stack says is asked for with udp_*, so nobody needs to be told. */
static void datagram_told(struct udp_socket *socket, unsigned events)
{
    (void)socket;
    (void)events;
}

/* ---- Numbers ---- */

struct host_socket *host_socket_find(struct nt_host *host, int fd)
{
    uint32_t place = (uint32_t)fd - HOST_FIRST_FD;
    return fd >= HOST_FIRST_FD && place < host->socket_room ? host->sockets[place] : NULL;
}

/* The lowest free number gets `socket`, as in a process. */
static int give_number(struct nt_host *host, struct host_socket *socket)
{
    uint32_t place = host->lowest_free;
    while (place < host->socket_room && host->sockets[place])
        place++;
    if (place + HOST_FIRST_FD > HOST_LAST_FD)
        return -HOST_EMFILE;
    if (place == host->socket_room) {
        uint32_t room = host->socket_room ? host->socket_room * 2 : 16;
        struct host_socket **sockets = realloc(host->sockets, room * sizeof *sockets);
        if (!sockets)
            return -HOST_ENOMEM;
        memset(sockets + host->socket_room, 0, (room - host->socket_room) * sizeof *sockets);
        host->sockets = sockets;
        host->socket_room = room;
    }
    host->sockets[place] = socket;
    host->lowest_free = place + 1;
    return (int)place + HOST_FIRST_FD;
}

static void take_number(struct nt_host *host, int fd)
{
    uint32_t place = (uint32_t)fd - HOST_FIRST_FD;
    free(host->sockets[place]);
    host->sockets[place] = NULL;
    host->lowest_free = place < host->lowest_free ? place : host->lowest_free;
}

/* A number for a connection that the machine has made, or for a new socket. */
static int add(struct nt_host *host, enum nt_host_kind kind, struct tcp_socket *stream)
{
    struct host_socket *socket = calloc(1, sizeof *socket);
    if (!socket)
        return -HOST_ENOMEM;
    socket->kind = kind;
    socket->stream = stream;
    int fd = give_number(host, socket);
    if (fd < 0)
        free(socket);
    return fd;
}

int nt_host_socket(struct nt_host *host, enum nt_host_kind kind)
{
    if (kind != NT_HOST_STREAM && kind != NT_HOST_DATAGRAM)
        return -NET_EPROTONOSUPPORT;
    int fd = add(host, kind, NULL);
    if (fd < 0)
        return fd;
    struct host_socket *socket = host_socket_find(host, fd);
    if (kind == NT_HOST_STREAM)
        socket->stream = tcp_open(&host->tcp, NULL, NULL);
    else
        udp_open(&host->udp, &socket->datagram, datagram_told);
    return fd;
}

static void end(struct host_socket *socket)
{
    if (socket->kind == NT_HOST_STREAM)
        tcp_close(socket->stream);
    else
        udp_close(&socket->datagram);
}

int nt_host_close(struct nt_host *host, int fd)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    end(socket);
    take_number(host, fd);
    return 0;
}

int nt_host_linger(struct nt_host *host, int fd)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket || socket->kind != NT_HOST_STREAM)
        return nt_host_close(host, fd);
    int waits = tcp_linger(socket->stream);
    if (!waits)
        take_number(host, fd);
    return waits;
}

void host_sockets_release(struct nt_host *host)
{
    for (uint32_t i = 0; i < host->socket_room; i++)
        if (host->sockets[i] && host->sockets[i]->kind == NT_HOST_DATAGRAM)
            udp_close(&host->sockets[i]->datagram); /* streams end with their machine */
    for (uint32_t i = 0; i < host->socket_room; i++)
        free(host->sockets[i]);
    free(host->sockets);
}

/* ---- Endpoints ---- */

static struct net_endpoint to_net(const struct nt_host_endpoint *endpoint)
{
    struct net_endpoint result = {.port = endpoint->port};
    struct ipv4_address address = {bytes_u32(endpoint->address)};
    if (!ipv4_is_any(address))
        result.address = net_from_ipv4(address);
    return result;
}

static struct nt_host_endpoint from_net(const struct net_endpoint *endpoint)
{
    struct nt_host_endpoint result = {.port = endpoint->port};
    bytes_put_u32(result.address, net_to_ipv4(endpoint->address).value);
    return result;
}

int nt_host_bind(struct nt_host *host, int fd, const struct nt_host_endpoint *local)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    return socket->kind == NT_HOST_STREAM ? tcp_bind(socket->stream, to_net(local))
                                          : udp_bind(&socket->datagram, to_net(local));
}

int nt_host_connect(struct nt_host *host, int fd, const struct nt_host_endpoint *peer)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (peer->port == 0)
        return -NET_EINVAL;
    return socket->kind == NT_HOST_STREAM ? tcp_connect(socket->stream, to_net(peer))
                                          : udp_connect(&socket->datagram, to_net(peer));
}

int64_t nt_host_connect_sending(struct nt_host *host, int fd, const struct nt_host_endpoint *peer, const void *bytes,
                                size_t count)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_STREAM)
        return -NET_EOPNOTSUPP;
    return peer->port ? tcp_connect_sending(socket->stream, to_net(peer), bytes, count) : -NET_EINVAL;
}

int nt_host_disconnect(struct nt_host *host, int fd)
{
    struct host_socket *socket = host_socket_find(host, fd);
    struct net_endpoint nobody = {0};
    if (!socket)
        return -NET_EBADF;
    return socket->kind == NT_HOST_STREAM ? tcp_connect(socket->stream, nobody)
                                          : udp_connect(&socket->datagram, nobody);
}

int nt_host_names(struct nt_host *host, int fd, struct nt_host_endpoint *ret_local,
                  struct nt_host_endpoint *ret_peer)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    bool is_stream = socket->kind == NT_HOST_STREAM;
    struct net_endpoint local = is_stream ? tcp_local(socket->stream) : socket->datagram.binding.local;
    struct net_endpoint peer = is_stream ? tcp_peer(socket->stream) : socket->datagram.binding.peer;
    if (ret_local)
        *ret_local = from_net(&local);
    if (ret_peer)
        *ret_peer = from_net(&peer);
    return 0;
}

/* ---- Streams ---- */

/* The stream with this number. NULL: there is none, and `ret_error` says why. */
static struct tcp_socket *stream_of(struct nt_host *host, int fd, int *ret_error)
{
    struct host_socket *socket = host_socket_find(host, fd);
    *ret_error = socket ? -NET_EOPNOTSUPP : -NET_EBADF;
    return socket && socket->kind == NT_HOST_STREAM ? socket->stream : NULL;
}

int nt_host_listen(struct nt_host *host, int fd, int backlog)
{
    int error;
    struct tcp_socket *stream = stream_of(host, fd, &error);
    return stream ? tcp_listen(stream, backlog) : error;
}

int nt_host_accept(struct nt_host *host, int fd, struct nt_host_endpoint *ret_peer)
{
    int error;
    struct tcp_socket *accepted;
    struct tcp_socket *stream = stream_of(host, fd, &error);
    if (!stream)
        return error;
    int number = add(host, NT_HOST_STREAM, NULL);
    if (number < 0)
        return number;
    error = tcp_accept(stream, NULL, NULL, &accepted);
    if (error < 0) {
        take_number(host, number);
        return error;
    }
    host_socket_find(host, number)->stream = accepted;
    nt_host_names(host, number, NULL, ret_peer);
    return number;
}

int nt_host_shutdown(struct nt_host *host, int fd, enum nt_host_direction direction)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (direction != NT_HOST_SHUT_RD && direction != NT_HOST_SHUT_WR && direction != NT_HOST_SHUT_RDWR)
        return -NET_EINVAL;
    if (socket->kind == NT_HOST_STREAM)
        return tcp_shutdown(socket->stream, (enum tcp_shutdown)direction);
    if (socket->datagram.binding.peer.port == 0)
        return -NET_ENOTCONN;
    socket->datagram.is_closed_to_receive |= direction != NT_HOST_SHUT_WR;
    socket->datagram.is_closed_to_send |= direction != NT_HOST_SHUT_RD;
    return 0;
}

/* ---- Data ---- */

int64_t nt_host_send(struct nt_host *host, int fd, const void *bytes, size_t count, unsigned flags)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind == NT_HOST_STREAM)
        return tcp_send(socket->stream, bytes, count, flags);
    return flags ? -NET_EOPNOTSUPP : udp_send(&socket->datagram, NULL, bytes, count);
}

int64_t nt_host_recv(struct nt_host *host, int fd, void *bytes, size_t size, unsigned flags)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind == NT_HOST_STREAM)
        return tcp_receive(socket->stream, bytes, size, flags);
    return flags & ~(unsigned)NT_HOST_PEEK
               ? -NET_EOPNOTSUPP
               : udp_receive(&socket->datagram, bytes, size, NULL, flags & NT_HOST_PEEK);
}

int64_t nt_host_sendto(struct nt_host *host, int fd, const void *bytes, size_t count,
                       const struct nt_host_endpoint *to)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_DATAGRAM)
        return -NET_EOPNOTSUPP;
    struct udp_sending sending = {.to = to_net(to)};
    return udp_send(&socket->datagram, &sending, bytes, count);
}

int64_t nt_host_recvfrom(struct nt_host *host, int fd, void *bytes, size_t size,
                         struct nt_host_endpoint *ret_from)
{
    struct host_socket *socket = host_socket_find(host, fd);
    struct udp_received received = {0};
    if (!socket)
        return -NET_EBADF;
    if (socket->kind != NT_HOST_DATAGRAM)
        return -NET_EOPNOTSUPP;
    int64_t count = udp_receive(&socket->datagram, bytes, size, &received, false);
    if (count >= 0 && ret_from)
        *ret_from = from_net(&received.from);
    return count;
}

/* ---- What is true of it ---- */

int nt_host_ready(struct nt_host *host, int fd)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    if (socket->kind == NT_HOST_STREAM)
        return (int)tcp_ready(socket->stream);
    const struct udp_socket *datagram = &socket->datagram;
    return NT_HOST_OUT | (datagram->queue.count || datagram->is_closed_to_receive ? NT_HOST_IN : 0) |
           (datagram->error ? NT_HOST_ERR : 0);
}

int nt_host_error(struct nt_host *host, int fd)
{
    struct host_socket *socket = host_socket_find(host, fd);
    if (!socket)
        return -NET_EBADF;
    return -(socket->kind == NT_HOST_STREAM ? tcp_take_error(socket->stream)
                                            : udp_take_error(&socket->datagram));
}

int64_t nt_host_unread(struct nt_host *host, int fd)
{
    int error;
    struct tcp_socket *stream = stream_of(host, fd, &error);
    return stream ? (int64_t)tcp_unread_bytes(stream) : error;
}

int64_t nt_host_unacknowledged(struct nt_host *host, int fd)
{
    int error;
    struct tcp_socket *stream = stream_of(host, fd, &error);
    return stream ? (int64_t)tcp_unacked_bytes(stream) : error;
}
