/* SPDX-License-Identifier: MIT
 * Datagram sockets: the contract's calls, handed on to protocols/udp. */
#include "nodes/sockets.h"

#include "nodes/stack.h"
#include "protocols/udp/udp.h"

struct socket_udp {
    struct socket_base base; /* first */
    struct udp_socket udp;
};

static struct socket_udp *of(const struct nt_socket *socket)
{
    return NT_OWNER(socket, struct socket_udp, base.socket);
}

static void datagram_told(struct udp_socket *udp, unsigned events)
{
    struct socket_udp *socket = NT_OWNER(udp, struct socket_udp, udp);
    socket_tell(&socket->base, (events & UDP_READABLE ? NT_SOCKET_READABLE : 0u) |
                                   (events & UDP_FAILED ? NT_SOCKET_ERROR : 0u));
}

/* ---- Endpoints ---- */

static int datagram_bind(struct nt_socket *socket, const struct nt_endpoint *local)
{
    return udp_bind(&of(socket)->udp, socket_to_net(local));
}

static int datagram_connect(struct nt_socket *socket, const struct nt_endpoint *peer)
{
    return udp_connect(&of(socket)->udp, socket_to_net(peer));
}

static void datagram_names(const struct nt_socket *socket, struct nt_endpoint *ret_local,
                           struct nt_endpoint *ret_peer)
{
    const struct binding *binding = &of(socket)->udp.binding;
    *ret_local = socket_from_net(&binding->local);
    *ret_peer = socket_from_net(&binding->peer);
}

static int datagram_shutdown(struct nt_socket *socket, uint32_t how)
{
    struct udp_socket *udp = &of(socket)->udp;
    if (!udp->binding.peer.port)
        return -NT_ENOTCONN;
    udp->is_closed_to_receive |= (how & NT_SHUTDOWN_RECEIVE) != 0;
    udp->is_closed_to_send |= (how & NT_SHUTDOWN_SEND) != 0;
    return 0;
}

static void datagram_close(struct nt_socket *socket)
{
    struct socket_udp *datagram = of(socket);
    socket_leave(&datagram->base);
    udp_close(&datagram->udp);
    nt_free(socket->node, datagram);
}

/* ---- Data ---- */

static int64_t datagram_send(struct nt_socket *socket, const struct nt_message *how, const void *bytes,
                             size_t count, uint32_t flags)
{
    struct udp_sending sending = {0};
    if (flags)
        return -NT_EOPNOTSUPP;
    if (how) {
        struct nt_endpoint local = {how->local, 0};
        sending.to = socket_to_net(&how->peer);
        sending.source = socket_to_net(&local).address;
        sending.interface = how->interface;
        sending.ttl = how->ttl;
    }
    return udp_send(&of(socket)->udp, &sending, bytes, count);
}

static int64_t datagram_receive(struct nt_socket *socket, struct nt_message *ret_how, void *bytes,
                                size_t size, uint32_t flags)
{
    struct udp_received received = {0};
    if (flags & ~(uint32_t)NT_MESSAGE_PEEK)
        return -NT_EOPNOTSUPP;
    int64_t count = udp_receive(&of(socket)->udp, bytes, size, &received, flags & NT_MESSAGE_PEEK);
    if (count >= 0 && ret_how)
        *ret_how = (struct nt_message){.peer = socket_from_net(&received.from),
                                       .local = socket_address_from_net(&received.to),
                                       .length_bytes = received.length_bytes,
                                       .interface = received.interface + 1, /* NET_NO_INTERFACE becomes 0 */
                                       .frame = received.frame,
                                       .at = received.at,
                                       .ttl = received.ttl,
                                       .tos = received.tos,
                                       .is_for_many = received.is_for_many};
    return count;
}

static int datagram_take_error(struct nt_socket *socket, struct nt_socket_error *ret_error)
{
    struct udp_complaint complaint;
    if (!udp_take_complaint(&of(socket)->udp, &complaint))
        return -NT_EAGAIN;
    *ret_error = (struct nt_socket_error){.error = complaint.error,
                                          .type = complaint.type,
                                          .code = complaint.code,
                                          .rest = complaint.rest,
                                          .reporter = socket_address_from_net(&complaint.reporter),
                                          .target = socket_from_net(&complaint.target),
                                          .at = complaint.at};
    return 0;
}

static uint32_t datagram_ready(const struct nt_socket *socket)
{
    const struct udp_socket *udp = &of(socket)->udp;
    bool is_readable = udp->queue.count || udp->is_closed_to_receive;
    return NT_SOCKET_WRITABLE | (is_readable ? NT_SOCKET_READABLE : 0u) |
           (udp->error || udp->complaint_count ? NT_SOCKET_ERROR : 0u);
}

/* ---- Options ---- */

/* Each option that is a number and may be set: where it lives, what it may be. */
static const struct {
    int level, name;
    size_t offset;
    uint8_t bytes; /* of the member: 1 or 4 */
    int64_t least, most;
} options[] = {
    {NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, offsetof(struct udp_socket, binding.may_share), 1, 0, 1},
    {NT_LEVEL_SOCKET, NT_SO_BROADCAST, offsetof(struct udp_socket, may_broadcast), 1, 0, 1},
    {NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, offsetof(struct udp_socket, queue.limit_bytes), 4, 1, INT32_MAX},
    {NT_LEVEL_IP, NT_IP_TTL, offsetof(struct udp_socket, ttl), 1, 0, 255},
    {NT_LEVEL_IP, NT_IP_GROUP_TTL, offsetof(struct udp_socket, group_ttl), 1, 1, 255},
    {NT_LEVEL_IP, NT_IP_TOS, offsetof(struct udp_socket, tos), 1, 0, 255},
    {NT_LEVEL_IP, NT_IP_DONT_FRAGMENT, offsetof(struct udp_socket, dont_fragment), 1, 0, 1},
    {NT_LEVEL_IP, NT_IP_ERRORS, offsetof(struct udp_socket, wants_complaints), 1, 0, 1},
};

/* The place of an option, or NULL; `*ret_row`: its row. */
static uint8_t *find_option(struct udp_socket *udp, int level, int name, size_t *ret_row)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].level == level && options[i].name == name) {
            *ret_row = i;
            return (uint8_t *)udp + options[i].offset;
        }
    return NULL;
}

static int datagram_set(struct nt_socket *socket, int level, int name, const void *value, size_t size)
{
    size_t row;
    int64_t number;
    uint8_t *place = find_option(&of(socket)->udp, level, name, &row);
    if (!place)
        return -NT_ENOPROTOOPT;
    if (size != sizeof number)
        return -NT_EINVAL;
    memcpy(&number, value, sizeof number);
    if (number < options[row].least || number > options[row].most)
        return -NT_EINVAL;
    if (options[row].bytes == 1)
        *place = (uint8_t)number;
    else
        *(uint32_t *)(void *)place = (uint32_t)number;
    return 0;
}

/* What can only be read. */
static int get_state(struct udp_socket *udp, int name, int64_t *ret_number)
{
    const uint8_t *unused;
    const struct udp_received *first = udp_queue_first(&udp->queue, &unused);
    switch (name) {
    case NT_SO_ERROR:
        *ret_number = -udp_take_error(udp);
        return 0;
    case NT_SO_UNREAD:
        *ret_number = first ? first->length_bytes : 0;
        return 0;
    case NT_SO_KIND:
        *ret_number = NT_SOCKET_DATAGRAM;
        return 0;
    default:
        return -NT_ENOPROTOOPT;
    }
}

static int datagram_get(struct nt_socket *socket, int level, int name, void *ret_value, size_t size)
{
    size_t row;
    int64_t number = 0;
    struct udp_socket *udp = &of(socket)->udp;
    const uint8_t *place = find_option(udp, level, name, &row);
    if (size != sizeof number)
        return -NT_EINVAL;
    if (place) {
        number = options[row].bytes == 1 ? *place : *(const uint32_t *)(const void *)place;
    } else {
        int error = level == NT_LEVEL_SOCKET ? get_state(udp, name, &number) : -NT_ENOPROTOOPT;
        if (error)
            return error;
    }
    memcpy(ret_value, &number, sizeof number);
    return 0;
}

static const struct nt_socket_ops datagram_ops = {.size = sizeof(struct nt_socket_ops),
                                                  .bind = datagram_bind,
                                                  .connect = datagram_connect,
                                                  .send = datagram_send,
                                                  .receive = datagram_receive,
                                                  .shutdown = datagram_shutdown,
                                                  .set = datagram_set,
                                                  .get = datagram_get,
                                                  .take_error = datagram_take_error,
                                                  .names = datagram_names,
                                                  .ready = datagram_ready,
                                                  .close = datagram_close};

/* ---- Opening ---- */

static void datagram_show(const struct socket_base *base, struct nt_cell *cells)
{
    const struct udp_socket *udp = &NT_OWNER(base, struct socket_udp, base)->udp;
    cells[0].number = NT_SOCKET_DATAGRAM;
    cells[1].number = udp->binding.peer.port != 0;
    cells[2].number = net_to_ipv4(udp->binding.local.address).value;
    cells[3].number = udp->binding.local.port;
    cells[4].number = net_to_ipv4(udp->binding.peer.address).value;
    cells[5].number = udp->binding.peer.port;
    cells[6].number = udp->queue.used_bytes;
    cells[7].number = (int64_t)udp->counters.sent;
    cells[8].number = (int64_t)udp->counters.received;
    cells[9].number = (int64_t)udp->counters.queue_full;
}

struct nt_socket *socket_udp_open(struct nt_node *node, struct nt_app *app)
{
    struct socket_udp *socket = nt_new(node, sizeof *socket);
    socket_join(&socket->base, node, app, &datagram_ops);
    socket->base.show = datagram_show;
    udp_open(stack_udp(stack_of(node)), &socket->udp, datagram_told);
    return &socket->base.socket;
}
