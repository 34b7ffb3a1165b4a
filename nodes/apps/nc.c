/* SPDX-License-Identifier: MIT
 * nc: text over TCP. Without -l it connects, sends what was typed and a line end, and prints what comes back;
 * with -l it waits for one connection and prints what comes. It is done when both directions have ended. */
#include "nodes/apps/stream.h"
#include "nodes/apps/tcp_apps.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 200 /* a longer line is printed in pieces */

struct nc {
    struct nt_app *app;
    struct nt_socket *socket, *listener;
    struct meter meter;
    struct meter_flow *flow;
    struct nt_endpoint peer;
    const char *host;
    const char *text; /* to be sent */
    size_t sent;      /* of it and its line end */
    bool has_ended;   /* our direction */
    uint32_t length;  /* of the line that is coming */
    char line[LINE_BYTES + 1];
};

enum { OPT_HOST, OPT_PORT, OPT_LISTEN, OPT_SEND, OPT_KEEP };

static void finish(struct nc *nc, int64_t error)
{
    if (nc->length) {
        nc->line[nc->length] = '\0';
        nt_print(nc->app, "%s\n", nc->line);
    }
    if (error)
        nt_print(nc->app, "nc: %s port %u: %s\n", nc->host ? nc->host : "the client", nc->peer.port,
                 nc->app->node->sockets->error_words((int)error));
    nt_app_exit(nc->app, error ? 1 : 0);
}

/* Prints whole lines; what cannot be shown becomes a dot. */
static void show(struct nc *nc, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '\n')
            nc->line[nc->length++] = isprint(bytes[i]) ? (char)bytes[i] : '.';
        if (bytes[i] != '\n' && nc->length < LINE_BYTES)
            continue;
        nc->line[nc->length] = '\0';
        nc->length = 0;
        nt_print(nc->app, "%s\n", nc->line);
    }
}

/* Sends what is left of the text, then ends our direction. */
static int64_t pour(struct nc *nc)
{
    size_t length = nc->text ? strlen(nc->text) : 0;
    while (nc->text && nc->sent <= length) {
        bool is_end = nc->sent == length;
        int64_t sent = nt_send_message(nc->socket, NULL, is_end ? "\n" : nc->text + nc->sent,
                                       is_end ? 1 : length - nc->sent, is_end ? 0 : NT_MESSAGE_MORE);
        if (sent <= 0)
            return sent == -NT_EAGAIN ? 0 : sent;
        meter_sent(&nc->meter, nc->flow, (size_t)sent);
        nc->sent += (size_t)sent;
    }
    bool has_more = !nc->text && !nc->host; /* who only listens goes on until the far end has ended */
    if (!nc->has_ended && !has_more && !nc->app->values[OPT_KEEP].is_given) {
        nc->has_ended = true;
        nt_socket_shutdown(nc->socket, NT_SHUTDOWN_SEND);
    }
    return 0;
}

/* 0: the far end has ended. */
static int64_t drink(struct nc *nc)
{
    uint8_t bytes[1024];
    for (;;) {
        int64_t count = nt_receive(nc->socket, bytes, sizeof bytes);
        if (count <= 0)
            return count;
        meter_streamed(&nc->meter, nc->flow, (size_t)count);
        show(nc, bytes, (size_t)count);
    }
}

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct nc *nc = socket->context;
    int64_t error = 0;
    if (events & NT_SOCKET_ERROR)
        nt_socket_get(socket, NT_LEVEL_SOCKET, NT_SO_ERROR, &error);
    if (!error && events & NT_SOCKET_WRITABLE)
        error = pour(nc);
    if (!error && events & (NT_SOCKET_READABLE | NT_SOCKET_ENDED)) {
        error = drink(nc);
        if (error == 0) {
            finish(nc, 0);
            return;
        }
        error = error == -NT_EAGAIN ? 0 : error;
    }
    if (error)
        finish(nc, error);
}

static void on_visitor(struct nt_socket *listener, uint32_t events)
{
    struct nc *nc = listener->context;
    struct nt_endpoint local;
    if (nc->socket || nt_accept(listener, on_event, nc, &nc->socket) != 0)
        return;
    nt_socket_names(nc->socket, &local, &nc->peer);
    nc->flow = meter_flow(&nc->meter, &nc->peer);
    nt_socket_close(nc->listener); /* one is enough, as nc has it */
    nc->listener = NULL;
    uint32_t ready = nt_socket_ready(nc->socket);
    on_event(nc->socket, ready);
}

static int connect_to(struct nc *nc)
{
    struct nt_node *node = nc->app->node;
    if (nt_socket_resolve(node, nc->host, &nc->peer.address))
        return -NT_EHOSTUNREACH;
    nc->flow = meter_flow(&nc->meter, &nc->peer);
    int error = nt_socket_open(node, nc->app, NT_SOCKET_STREAM, on_event, nc, &nc->socket);
    if (!error)
        error = nt_connect(nc->socket, &nc->peer);
    return error == -NT_EINPROGRESS ? 0 : error;
}

static int listen_on(struct nc *nc)
{
    struct nt_node *node = nc->app->node;
    struct nt_endpoint local = {.port = nc->peer.port};
    int error = nt_socket_open(node, nc->app, NT_SOCKET_STREAM, on_visitor, nc, &nc->listener);
    if (!error)
        error = nt_socket_set(nc->listener, NT_LEVEL_SOCKET, NT_SO_REUSE_ADDRESS, 1);
    if (!error)
        error = nt_bind(nc->listener, &local);
    return error ? error : nt_listen(nc->listener, 1);
}

static const struct nt_param nc_params[] = {
    {.name = "host",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_HOST,
     .summary = "a node's name or an address"},
    {.name = "port",
     .kind = NT_PARAM_INTEGER,
     .flags = NT_PARAM_POSITIONAL,
     .least = 1,
     .most = 65535,
     .summary = "port there"},
    {.name = "-l",
     .kind = NT_PARAM_INTEGER,
     .least = 1,
     .most = 65535,
     .summary = "wait for a connection on this port"},
    {.name = "--send", .kind = NT_PARAM_TEXT, .summary = "a line to send"},
    {.name = "--keep", .kind = NT_PARAM_BOOLEAN, .summary = "do not end our direction after the line"},
    {0}};

static bool nc_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    if (values[OPT_LISTEN].is_given ? !values[OPT_HOST].is_given : values[OPT_PORT].is_given)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text, "either HOST PORT or -l PORT");
    return false;
}

static void nc_start(struct nt_app *app)
{
    struct nc *nc = app->state;
    const struct nt_value *values = app->values;
    nc->app = app;
    nc->host = values[OPT_HOST].text;
    nc->text = values[OPT_SEND].text;
    nc->peer.port = (uint16_t)values[values[OPT_LISTEN].is_given ? OPT_LISTEN : OPT_PORT].number;
    meter_init(&nc->meter, app);
    int error = values[OPT_LISTEN].is_given ? listen_on(nc) : connect_to(nc);
    if (error)
        finish(nc, error);
}

static void nc_interrupt(struct nt_app *app)
{
    if (app->is_running)
        finish(app->state, 0);
}

const struct nt_app_type nc_app = {.size = sizeof(struct nt_app_type),
                                   .state_bytes = sizeof(struct nc),
                                   .name = "nc",
                                   .summary = "sends and prints text over TCP",
                                   .params = nc_params,
                                   .check = nc_check,
                                   .start = nc_start,
                                   .interrupt = nc_interrupt,
                                   .kinds = meter_kinds};
