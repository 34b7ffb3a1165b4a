/* SPDX-License-Identifier: MIT
 * See udp_server.h. Both read what has come, measure it, and differ in what they do then. RFC 862 (echo), RFC
 * 863 (discard).
 *
 * A sink can be slow: with --pause it takes one datagram, works on it for so long, and takes the next. What
 * comes faster waits in the socket's queue, and when that is full it is lost: on this machine, not on the
 * way. */
#include "nodes/apps/meter.h"

#include "nodes/apps/udp_server.h"

#define MOST_BYTES 65507

struct udp_server {
    struct nt_app *app;
    struct nt_socket *socket;
    struct meter meter;
    struct nt_event ready; /* the work on a datagram is done */
    nt_time pause;
    bool echoes;
    uint64_t received, bytes;
    uint8_t payload[MOST_BYTES];
};

enum { OPT_PORT, OPT_BUFFER, OPT_PAUSE };

#define PORT_PARAM(number)                                                                                   \
    {                                                                                                        \
        .name = "--port", .kind = NT_PARAM_INTEGER, .default_text = number, .least = 1, .most = 65535,       \
        .summary = "port to listen on"                                                                       \
    }

/* From the address that was asked, which need not be that of the way back: RFC 1122 4.1.3.5. */
static void answer(struct udp_server *server, const struct nt_message *how, size_t count)
{
    struct nt_message reply = {.peer = how->peer};
    if (!how->is_for_many)
        reply.local = how->local;
    nt_send_message(server->socket, &reply, server->payload, count, 0);
}

/* Takes one datagram. False: there was none. */
static bool serve(struct udp_server *server)
{
    struct nt_message how;
    uint64_t before = nt_cause(server->app->node);
    size_t size = server->echoes ? MOST_BYTES : METER_STAMP_BYTES;
    int64_t count = nt_receive_message(server->socket, &how, server->payload, size, 0);
    if (count < 0)
        return count != -NT_EAGAIN;
    server->received++;
    server->bytes += how.length_bytes;
    meter_received(&server->meter, meter_flow(&server->meter, &how.peer), &how, server->payload,
                   (size_t)count);
    if (server->echoes)
        answer(server, &how, (size_t)count);
    nt_because(server->app->node, before);
    return true;
}

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct udp_server *server = socket->context;
    if (server->pause && nt_is_armed(&server->ready))
        return;
    if (server->pause)
        nt_arm(&server->ready, nt_now(socket->node) + server->pause);
    else
        while (serve(server)) {
        }
}

static void ready_fire(struct nt_event *event)
{
    struct udp_server *server = NT_OWNER(event, struct udp_server, ready);
    serve(server);
    if (nt_socket_ready(server->socket) & NT_SOCKET_READABLE)
        nt_arm(event, nt_now(event->node) + server->pause);
}

static void server_open(struct udp_server *server, struct nt_app *app)
{
    struct nt_node *node = app->node;
    struct nt_endpoint local = {.port = (uint16_t)app->values[OPT_PORT].number};
    server->app = app;
    nt_event_init(&server->ready, node, ready_fire);
    meter_init(&server->meter, app);
    int error = nt_socket_open(node, app, NT_SOCKET_DATAGRAM, on_event, server, &server->socket);
    if (!error)
        error = nt_bind(server->socket, &local);
    if (!error)
        return;
    nt_print(app, "%s: port %u: %s\n", app->type->name, local.port, node->sockets->error_words(error));
    nt_app_exit(app, 2);
}

static void server_interrupt(struct nt_app *app)
{
    struct udp_server *server = app->state;
    if (!app->is_running)
        return;
    nt_disarm(&server->ready);
    nt_print(app, "%llu datagram%s received, %llu bytes\n", (unsigned long long)server->received,
             server->received == 1 ? "" : "s", (unsigned long long)server->bytes);
    nt_app_exit(app, 0);
}

/* ---- udp-echo ---- */

static const struct nt_param echo_params[] = {PORT_PARAM("7"), {0}};

static void echo_start(struct nt_app *app)
{
    struct udp_server *server = app->state;
    server->echoes = true;
    server_open(server, app);
}

const struct nt_app_type udp_echo_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct udp_server),
                                         .name = "udp-echo",
                                         .summary = "sends every UDP datagram back to where it came from",
                                         .params = echo_params,
                                         .start = echo_start,
                                         .interrupt = server_interrupt,
                                         .kinds = meter_kinds};

/* ---- udp-sink ---- */

static const struct nt_param sink_params[] = {
    PORT_PARAM("9"),
    {.name = "--buffer",
     .kind = NT_PARAM_BYTES,
     .default_text = "212992",
     .least = 1,
     .most = INT32_MAX,
     .summary = "what may wait to be read, with 8 bytes of header for each datagram"},
    {.name = "--pause",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "time that it works on each datagram before it reads the next"},
    {0}};

static void sink_start(struct nt_app *app)
{
    struct udp_server *server = app->state;
    server->pause = app->values[OPT_PAUSE].number;
    server_open(server, app);
    if (app->is_running)
        nt_socket_set(server->socket, NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, app->values[OPT_BUFFER].number);
}

const struct nt_app_type udp_sink_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct udp_server),
                                         .name = "udp-sink",
                                         .summary = "takes UDP datagrams, counts and measures them",
                                         .params = sink_params,
                                         .start = sink_start,
                                         .interrupt = server_interrupt,
                                         .kinds = meter_kinds};
