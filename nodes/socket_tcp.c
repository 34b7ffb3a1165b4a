/* SPDX-License-Identifier: MIT
 * Stream sockets: the contract's calls, handed on to protocols/tcp.
 *
 * A connection outlives the socket: what is left of it after closing (the last data, FIN, TIME-WAIT) is the
 * machine's. So this struct is only the application's handle, and points to the machine's socket. */
#include "nodes/sockets.h"

#include <string.h>

#include "nodes/stack.h"
#include "nodes/stack_tcp.h"

struct socket_tcp {
    struct socket_base base; /* first */
    struct tcp_socket *tcp;  /* the machine's; never NULL */
};

static struct socket_tcp *of(const struct nt_socket *socket)
{
    return NT_OWNER(socket, struct socket_tcp, base.socket);
}

/* What is true of the machine's socket, in the words of the contract. */
static uint32_t events_of(const struct tcp_socket *tcp, unsigned ready)
{
    static const struct {
        unsigned tcp;
        uint32_t nt;
    } words[] = {{TCP_READY_IN, NT_SOCKET_READABLE}, {TCP_READY_OUT, NT_SOCKET_WRITABLE},
                 {TCP_READY_ERR, NT_SOCKET_ERROR},   {TCP_READY_HUP, NT_SOCKET_HANGUP},
                 {TCP_READY_RDHUP, NT_SOCKET_ENDED}, {TCP_READY_PRI, NT_SOCKET_URGENT}};
    uint32_t events = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        events |= ready & words[i].tcp ? words[i].nt : 0u;
    if (tcp_state(tcp) == TCP_LISTEN && ready & TCP_READY_IN)
        events |= NT_SOCKET_ACCEPT;
    return events;
}

static void stream_told(struct tcp_socket *tcp, unsigned ready)
{
    struct socket_tcp *socket = tcp_owner(tcp);
    socket_tell(&socket->base, events_of(tcp, ready));
}

/* ---- Endpoints ---- */

static int stream_bind(struct nt_socket *socket, const struct nt_endpoint *local)
{
    return tcp_bind(of(socket)->tcp, socket_to_net(local));
}

static int stream_connect(struct nt_socket *socket, const struct nt_endpoint *peer)
{
    return tcp_connect(of(socket)->tcp, socket_to_net(peer));
}

static int stream_listen(struct nt_socket *socket, uint32_t backlog)
{
    return tcp_listen(of(socket)->tcp, backlog < INT32_MAX ? (int)backlog : INT32_MAX);
}

static void stream_names(const struct nt_socket *socket, struct nt_endpoint *ret_local,
                         struct nt_endpoint *ret_peer)
{
    struct net_endpoint local = tcp_local(of(socket)->tcp), peer = tcp_peer(of(socket)->tcp);
    *ret_local = socket_from_net(&local);
    *ret_peer = socket_from_net(&peer);
}

static int stream_shutdown(struct nt_socket *socket, uint32_t how)
{
    static const enum tcp_shutdown words[] = {TCP_SHUT_RD, TCP_SHUT_RD, TCP_SHUT_WR, TCP_SHUT_RDWR};
    if (!how || how > 3)
        return -NT_EINVAL;
    return tcp_shutdown(of(socket)->tcp, words[how]);
}

static void stream_close(struct nt_socket *socket)
{
    struct socket_tcp *stream = of(socket);
    socket_leave(&stream->base);
    tcp_close(stream->tcp);
    nt_free(socket->node, stream);
}

/* ---- Data ---- */

static int64_t stream_send(struct nt_socket *socket, const struct nt_message *how, const void *bytes,
                           size_t count, uint32_t flags)
{
    unsigned tcp_flags = (flags & NT_MESSAGE_URGENT ? TCP_SEND_OOB : 0u) |
                         (flags & NT_MESSAGE_MORE ? TCP_SEND_MORE : 0u) |
                         (flags & NT_MESSAGE_END ? TCP_SEND_EOR : 0u);
    if (flags & NT_MESSAGE_PEEK || (how && how->peer.port))
        return -NT_EOPNOTSUPP; /* a stream has one peer */
    return tcp_send(of(socket)->tcp, bytes, count, tcp_flags);
}

static int64_t stream_receive(struct nt_socket *socket, struct nt_message *ret_how, void *bytes, size_t size,
                              uint32_t flags)
{
    struct socket_tcp *stream = of(socket);
    unsigned tcp_flags = (flags & NT_MESSAGE_URGENT ? TCP_RECEIVE_OOB : 0u) |
                         (flags & NT_MESSAGE_PEEK ? TCP_RECEIVE_PEEK : 0u);
    if (flags & ~(uint32_t)(NT_MESSAGE_URGENT | NT_MESSAGE_PEEK))
        return -NT_EOPNOTSUPP;
    int64_t count = tcp_receive(stream->tcp, bytes, size, tcp_flags);
    if (count >= 0 && ret_how) {
        struct net_endpoint peer = tcp_peer(stream->tcp), local = tcp_local(stream->tcp);
        *ret_how = (struct nt_message){.peer = socket_from_net(&peer),
                                       .local = socket_address_from_net(&local.address),
                                       .length_bytes = (uint32_t)count,
                                       .at = nt_now(socket->node)};
    }
    return count;
}

static uint32_t stream_ready(const struct nt_socket *socket)
{
    return events_of(of(socket)->tcp, tcp_ready(of(socket)->tcp));
}

/* ---- Options ---- */

/* The contract's name for each of the machine's options; units are the same. */
static const struct {
    int level, name;
    enum tcp_option option;
} options[] = {{NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, TCP_OPT_REUSEADDR},
               {NT_LEVEL_SOCKET, NT_SO_REUSE_PORT, TCP_OPT_REUSEPORT},
               {NT_LEVEL_SOCKET, NT_SO_SEND_BUFFER, TCP_OPT_SNDBUF},
               {NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, TCP_OPT_RCVBUF},
               {NT_LEVEL_SOCKET, NT_SO_KEEP_ALIVE, TCP_OPT_KEEPALIVE},
               {NT_LEVEL_SOCKET, NT_SO_LINGER, TCP_OPT_LINGER},
               {NT_LEVEL_SOCKET, NT_SO_URGENT_INLINE, TCP_OPT_OOBINLINE},
               {NT_LEVEL_IP, NT_IP_TTL, TCP_OPT_TTL},
               {NT_LEVEL_IP, NT_IP_TOS, TCP_OPT_TOS},
               {NT_LEVEL_IP, NT_IP_DONT_FRAGMENT, TCP_OPT_MTU_DISCOVER},
               {NT_LEVEL_TCP, NT_TCP_NODELAY, TCP_OPT_NODELAY},
               {NT_LEVEL_TCP, NT_TCP_CORK, TCP_OPT_CORK},
               {NT_LEVEL_TCP, NT_TCP_MAXSEG, TCP_OPT_MAXSEG},
               {NT_LEVEL_TCP, NT_TCP_USER_TIMEOUT, TCP_OPT_USER_TIMEOUT},
               {NT_LEVEL_TCP, NT_TCP_KEEPIDLE, TCP_OPT_KEEPIDLE},
               {NT_LEVEL_TCP, NT_TCP_KEEPINTVL, TCP_OPT_KEEPINTVL},
               {NT_LEVEL_TCP, NT_TCP_KEEPCNT, TCP_OPT_KEEPCNT},
               {NT_LEVEL_TCP, NT_TCP_SYNCNT, TCP_OPT_SYNCNT},
               {NT_LEVEL_TCP, NT_TCP_QUICKACK, TCP_OPT_QUICKACK},
               {NT_LEVEL_TCP, NT_TCP_WINDOW_CLAMP, TCP_OPT_WINDOW_CLAMP},
               {NT_LEVEL_TCP, NT_TCP_DEFER_ACCEPT, TCP_OPT_DEFER_ACCEPT},
               {NT_LEVEL_TCP, NT_TCP_LINGER2, TCP_OPT_LINGER2},
               {NT_LEVEL_TCP, NT_TCP_NOTSENT_LOWAT, TCP_OPT_NOTSENT_LOWAT},
               {NT_LEVEL_TCP, NT_TCP_COUNT_ONLY, TCP_OPT_COUNT_ONLY}};

/* The machine's option; TCP_OPTS: it has none of this name. */
static enum tcp_option find_option(int level, int name)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (options[i].level == level && options[i].name == name)
            return options[i].option;
    return TCP_OPTS;
}

static int set_congestion(struct tcp_socket *tcp, const char *name, size_t size)
{
    return memchr(name, '\0', size) ? tcp_set_congestion(tcp, name) : -NT_EINVAL;
}

static int stream_set(struct nt_socket *socket, int level, int name, const void *value, size_t size)
{
    int64_t number;
    struct tcp_socket *tcp = of(socket)->tcp;
    enum tcp_option option = find_option(level, name);
    if (level == NT_LEVEL_TCP && name == NT_TCP_CONGESTION)
        return set_congestion(tcp, value, size);
    if (option == TCP_OPTS)
        return -NT_ENOPROTOOPT;
    if (size != sizeof number)
        return -NT_EINVAL;
    memcpy(&number, value, sizeof number);
    return tcp_set_option(tcp, option, number);
}

static struct nt_tcp_info info_of(const struct tcp_socket *tcp)
{
    struct tcp_info info;
    tcp_info_of(tcp, &info);
    return (struct nt_tcp_info){.state = tcp_state_words[info.state],
                                .congestion = info.congestion,
                                .cwnd_bytes = info.cwnd_bytes,
                                .ssthresh_bytes = info.ssthresh_bytes,
                                .mss_bytes = info.snd_mss,
                                .flight_bytes = tcp_unacked_bytes(tcp) - tcp_unsent_bytes(tcp),
                                .peer_window_bytes = info.snd_wnd,
                                .rtt = info.rtt * NT_MICROSECOND,
                                .rttvar = info.rttvar * NT_MICROSECOND,
                                .min_rtt = info.min_rtt == UINT32_MAX ? 0 : info.min_rtt * NT_MICROSECOND,
                                .rto = info.rto * NT_MICROSECOND,
                                .bytes_acked = (int64_t)info.bytes_acked,
                                .bytes_received = (int64_t)info.bytes_received,
                                .bytes_sent = (int64_t)info.bytes_sent,
                                .bytes_retrans = (int64_t)info.bytes_retrans,
                                .retransmits = info.total_retrans};
}

static int get_info(const struct tcp_socket *tcp, void *ret_value, size_t size)
{
    struct nt_tcp_info info = info_of(tcp);
    memcpy(ret_value, &info, size < sizeof info ? size : sizeof info);
    return 0;
}

static int get_congestion(const struct tcp_socket *tcp, char *ret_name, size_t size)
{
    const char *name = tcp_congestion(tcp);
    if (strlen(name) >= size)
        return -NT_EINVAL;
    memcpy(ret_name, name, strlen(name) + 1);
    return 0;
}

/* What can only be read. */
static int get_state(struct tcp_socket *tcp, int name, int64_t *ret_number)
{
    switch (name) {
    case NT_SO_ERROR:
        *ret_number = -tcp_take_error(tcp);
        return 0;
    case NT_SO_UNREAD:
        *ret_number = tcp_unread_bytes(tcp);
        return 0;
    case NT_SO_UNACKED:
        *ret_number = tcp_unacked_bytes(tcp);
        return 0;
    case NT_SO_UNSENT:
        *ret_number = tcp_unsent_bytes(tcp);
        return 0;
    case NT_SO_KIND:
        *ret_number = NT_SOCKET_STREAM;
        return 0;
    default:
        return -NT_ENOPROTOOPT;
    }
}

static int stream_get(struct nt_socket *socket, int level, int name, void *ret_value, size_t size)
{
    int64_t number = 0;
    struct tcp_socket *tcp = of(socket)->tcp;
    enum tcp_option option = find_option(level, name);
    if (level == NT_LEVEL_TCP && name == NT_TCP_INFO)
        return get_info(tcp, ret_value, size);
    if (level == NT_LEVEL_TCP && name == NT_TCP_CONGESTION)
        return get_congestion(tcp, ret_value, size);
    if (size != sizeof number)
        return -NT_EINVAL;
    int error = option != TCP_OPTS         ? tcp_get_option(tcp, option, &number)
                : level == NT_LEVEL_SOCKET ? get_state(tcp, name, &number)
                                           : -NT_ENOPROTOOPT;
    if (!error)
        memcpy(ret_value, &number, sizeof number);
    return error;
}

/* ---- Opening and accepting ---- */

static int stream_accept(struct nt_socket *socket, struct nt_socket **ret_socket);

static const struct nt_socket_ops stream_ops = {.size = sizeof(struct nt_socket_ops),
                                                .bind = stream_bind,
                                                .connect = stream_connect,
                                                .listen = stream_listen,
                                                .accept = stream_accept,
                                                .send = stream_send,
                                                .receive = stream_receive,
                                                .shutdown = stream_shutdown,
                                                .set = stream_set,
                                                .get = stream_get,
                                                .names = stream_names,
                                                .ready = stream_ready,
                                                .close = stream_close};

static void stream_show(const struct socket_base *base, struct nt_cell *cells)
{
    const struct tcp_socket *tcp = NT_OWNER(base, struct socket_tcp, base)->tcp;
    struct net_endpoint local = tcp_local(tcp), peer = tcp_peer(tcp);
    struct tcp_info info;
    tcp_info_of(tcp, &info);
    cells[0].number = NT_SOCKET_STREAM;
    cells[1].number = SOCKET_STATE_TCP + tcp_state(tcp);
    cells[2].number = net_to_ipv4(local.address).value;
    cells[3].number = local.port;
    cells[4].number = net_to_ipv4(peer.address).value;
    cells[5].number = peer.port;
    cells[6].number = tcp_unread_bytes(tcp);
    cells[7].number = info.segs_out;
    cells[8].number = info.segs_in;
}

static struct socket_tcp *stream_new(struct nt_node *node, struct nt_app *app)
{
    struct socket_tcp *stream = nt_new(node, sizeof *stream);
    socket_join(&stream->base, node, app, &stream_ops);
    stream->base.show = stream_show;
    return stream;
}

static int stream_accept(struct nt_socket *socket, struct nt_socket **ret_socket)
{
    struct tcp_socket *accepted;
    int error = tcp_accept(of(socket)->tcp, stream_told, NULL, &accepted);
    if (error)
        return error;
    struct socket_tcp *stream = stream_new(socket->node, socket->app);
    stream->tcp = accepted;
    tcp_set_owner(accepted, stream_told, stream);
    *ret_socket = &stream->base.socket;
    return 0;
}

struct nt_socket *socket_tcp_open(struct nt_node *node, struct nt_app *app)
{
    struct socket_tcp *stream = stream_new(node, app);
    stream->tcp = tcp_open(stack_tcp(stack_of(node)), stream_told, stream);
    return &stream->base.socket;
}
