/* SPDX-License-Identifier: MIT
 * See stream.h. */
#include "nodes/apps/stream.h"

#include <stdio.h>
#include <string.h>

#define READ_BYTES 65536 /* asked for at once; nothing is copied */

/* ---- Clients ---- */

void stream_complain(const struct stream *stream, int64_t error)
{
    if (stream->is_silent)
        return;
    nt_print(stream->app, "%s: %s port %u: %s\n", stream->app->type->name, stream->name, stream->peer.port,
             stream->app->node->sockets->error_words((int)error));
}

/* What the words of the command ask of the socket; 0 or a negated nt_error. */
static int set_options(struct stream *stream)
{
    const struct nt_value *values = stream->app->values;
    struct nt_socket *socket = stream->socket;
    int error = nt_socket_set(socket, NT_LEVEL_TCP, NT_TCP_COUNT_ONLY, 1); /* what comes is only drained */
    if (!error && values[STREAM_CC].is_given)
        error = socket->ops->set(socket, NT_LEVEL_TCP, NT_TCP_CONGESTION, values[STREAM_CC].text,
                                 strlen(values[STREAM_CC].text) + 1);
    if (!error && values[STREAM_NODELAY].is_given)
        error = nt_socket_set(socket, NT_LEVEL_TCP, NT_TCP_NODELAY, 1);
    if (!error && values[STREAM_BUFFER].is_given)
        error = nt_socket_set(socket, NT_LEVEL_SOCKET, NT_SO_SEND_BUFFER, values[STREAM_BUFFER].number);
    return error;
}

static bool give_up(struct stream *stream, int error)
{
    stream_complain(stream, error);
    stream_close(stream);
    return false;
}

bool stream_connect(struct stream *stream, void (*on_event)(struct nt_socket *socket, uint32_t events),
                    void *context)
{
    struct nt_app *app = stream->app;
    stream->peer = (struct nt_endpoint){.port = (uint16_t)app->values[STREAM_PORT].number};
    if (nt_socket_resolve(app->node, stream->name, &stream->peer.address)) {
        if (!stream->is_silent)
            nt_print(app, "%s: %s: Name or service not known\n", app->type->name, stream->name);
        return false;
    }
    stream->flow = meter_flow(stream->meter, &stream->peer);
    int error = nt_socket_open(app->node, app, NT_SOCKET_STREAM, on_event, context, &stream->socket);
    if (error)
        return give_up(stream, error);
    error = set_options(stream);
    if (!error)
        error = nt_connect(stream->socket, &stream->peer);
    return error && error != -NT_EINPROGRESS ? give_up(stream, error) : true;
}

int64_t stream_send(struct stream *stream, uint64_t count)
{
    int64_t sent = nt_send(stream->socket, NULL, count < INT32_MAX ? (size_t)count : INT32_MAX);
    if (sent == -NT_EAGAIN)
        return 0;
    if (sent > 0)
        meter_sent(stream->meter, stream->flow, (size_t)sent);
    return sent;
}

int64_t stream_drain(struct stream *stream, uint64_t *ret_bytes)
{
    for (;;) {
        int64_t count = nt_receive(stream->socket, NULL, READ_BYTES);
        if (count <= 0)
            return count;
        meter_streamed(stream->meter, stream->flow, (size_t)count);
        *ret_bytes += (uint64_t)count;
    }
}

int64_t stream_error(const struct stream *stream)
{
    int64_t error = 0;
    nt_socket_get(stream->socket, NT_LEVEL_SOCKET, NT_SO_ERROR, &error);
    return -error;
}

void stream_close(struct stream *stream)
{
    struct nt_socket *socket = stream->socket;
    stream->socket = NULL;
    nt_socket_close(socket);
}

/* ---- Servers ---- */

static void join(struct stream_server *server, struct nt_socket *socket)
{
    struct nt_app *app = server->app;
    struct stream_guest *guest = nt_new(app->node, server->guest_bytes);
    struct nt_endpoint local, peer;
    nt_socket_names(socket, &local, &peer);
    guest->stream = (struct stream){.app = app, .socket = socket, .peer = peer, .meter = &server->meter};
    peer.port = 0; /* a row for each machine, not for each of its connections */
    guest->stream.flow = meter_flow(&server->meter, &peer);
    guest->stream.name = "the client";
    guest->server = server;
    guest->older = server->newest;
    if (server->newest)
        server->newest->newer = guest;
    server->newest = guest;
    server->guests++;
    socket->context = guest;
    if (server->accepted)
        server->accepted(guest);
}

/* What came before the connection was accepted is told to nobody by itself: so ask. */
static void welcome(struct nt_socket *socket)
{
    uint32_t ready = nt_socket_ready(socket);
    if (ready & ~(uint32_t)NT_SOCKET_WRITABLE && socket->event)
        socket->event(socket, ready);
}

static void on_visitor(struct nt_socket *listener, uint32_t events)
{
    struct stream_server *server = listener->context;
    struct nt_socket *socket;
    while (server->app->is_running && nt_accept(listener, server->on_event, NULL, &socket) == 0) {
        join(server, socket);
        welcome(socket);
    }
}

bool stream_listen(struct stream_server *server, struct nt_app *app, int64_t port, int64_t backlog)
{
    struct nt_node *node = app->node;
    struct nt_endpoint local = {.port = (uint16_t)port};
    server->app = app;
    meter_init(&server->meter, app);
    int error = nt_socket_open(node, app, NT_SOCKET_STREAM, on_visitor, server, &server->listener);
    if (!error)
        error = nt_socket_set(server->listener, NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, 1);
    if (!error)
        error = nt_bind(server->listener, &local);
    if (!error)
        error = nt_listen(server->listener, (uint32_t)backlog);
    if (!error)
        return true;
    nt_print(app, "%s: port %u: %s\n", app->type->name, local.port, node->sockets->error_words(error));
    nt_app_exit(app, 2);
    return false;
}

void stream_leave(struct stream_guest *guest)
{
    struct stream_server *server = guest->server;
    *(guest->newer ? &guest->newer->older : &server->newest) = guest->older;
    if (guest->older)
        guest->older->newer = guest->newer;
    stream_close(&guest->stream);
    nt_free(server->app->node, guest);
}

void stream_server_end(struct stream_server *server)
{
    while (server->newest)
        stream_leave(server->newest);
    nt_print(server->app, "%llu connection%s, %llu bytes received\n", (unsigned long long)server->guests,
             server->guests == 1 ? "" : "s", (unsigned long long)server->bytes);
    nt_app_exit(server->app, 0);
}

/* ---- Showing ---- */

const char *stream_show_rate(uint64_t bytes, nt_time time, char ret_text[STREAM_TEXT])
{
    static const char *const units[] = {"bps", "kbps", "Mbps", "Gbps", "Tbps"};
    uint64_t rate = time > 0 ? (uint64_t)((unsigned __int128)bytes * 8 * NT_SECOND / (uint64_t)time) : 0;
    uint64_t scale = 1;
    int unit = 0;
    for (; rate / scale >= 1000 && unit < 4; unit++)
        scale *= 1000;
    uint64_t hundredths = (uint64_t)((unsigned __int128)rate * 100 / scale);
    if (unit == 0)
        snprintf(ret_text, STREAM_TEXT, "%llu bps", (unsigned long long)rate);
    else if (hundredths >= 10000)
        snprintf(ret_text, STREAM_TEXT, "%llu %s", (unsigned long long)hundredths / 100, units[unit]);
    else if (hundredths >= 1000)
        snprintf(ret_text, STREAM_TEXT, "%llu.%llu %s", (unsigned long long)hundredths / 100,
                 (unsigned long long)hundredths / 10 % 10, units[unit]);
    else
        snprintf(ret_text, STREAM_TEXT, "%llu.%02llu %s", (unsigned long long)hundredths / 100,
                 (unsigned long long)hundredths % 100, units[unit]);
    return ret_text;
}

const char *stream_show_time(nt_time time, char ret_text[STREAM_TEXT])
{
    snprintf(ret_text, STREAM_TEXT, "%lld.%03d s", (long long)(time / NT_SECOND),
             (int)(time % NT_SECOND / NT_MILLISECOND));
    return ret_text;
}
