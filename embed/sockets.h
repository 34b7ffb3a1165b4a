/* SPDX-License-Identifier: MIT
 * What stands behind a socket's number. */
#ifndef NETARIUM_EMBED_SOCKETS_H
#define NETARIUM_EMBED_SOCKETS_H

#include "embed/host.h"

struct host_socket {
    enum nt_host_kind kind;
    struct tcp_socket *stream;  /* the machine's; NT_HOST_STREAM */
    struct udp_socket datagram; /* NT_HOST_DATAGRAM */
};

/* The socket with this number, or NULL. */
struct host_socket *host_socket_find(struct nt_host *host, int fd);

#endif
