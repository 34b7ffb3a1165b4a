/* SPDX-License-Identifier: MIT
 * What listens on TCP and needs no protocol: discard (RFC 863) reads everything and forgets it, tcp-echo (RFC
 * 862) sends it back.
 *
 * discard can be slow: with --pause it reads --read bytes, works on them for so long, and reads again. What
 * comes faster waits in the receive buffer, and when that is full its window is closed: the sender is held
 * back, nothing is lost. */
#include "nodes/apps/stream.h"
#include "nodes/apps/tcp_apps.h"

#define ECHO_BYTES 4096

/* ---- discard ---- */

struct discard {
    struct stream_server server; /* first */
    nt_time pause, wait;
    uint32_t read_bytes;
};

struct discard_guest {
    struct stream_guest guest; /* first */
    struct nt_event ready;     /* the work on what was read is done */
};

enum { OPT_BUFFER = SERVER_OPTIONS, OPT_WAIT, OPT_PAUSE, OPT_READ };

/* After the last byte: our direction ends too, and then the connection. */
static void leave(struct discard_guest *guest)
{
    nt_disarm(&guest->ready);
    stream_leave(&guest->guest);
}

static void discard_all(struct discard_guest *guest)
{
    int64_t end = stream_drain(&guest->guest.stream, &guest->guest.server->bytes);
    if (end != -NT_EAGAIN)
        leave(guest);
}

/* Reads one piece. False: the guest is gone. */
static bool discard_piece(struct discard_guest *guest, size_t piece)
{
    struct stream *stream = &guest->guest.stream;
    int64_t count = nt_receive(stream->socket, NULL, piece);
    if (count > 0) {
        meter_streamed(stream->meter, stream->flow, (size_t)count);
        guest->guest.server->bytes += (uint64_t)count;
    } else if (count != -NT_EAGAIN) {
        leave(guest);
        return false;
    }
    return true;
}

static void discard_fire(struct nt_event *event)
{
    struct discard_guest *guest = NT_OWNER(event, struct discard_guest, ready);
    struct discard *discard = NT_OWNER(guest->guest.server, struct discard, server);
    if (!discard->pause)
        discard_all(guest);
    else if (discard_piece(guest, discard->read_bytes) &&
             nt_socket_ready(guest->guest.stream.socket) & NT_SOCKET_READABLE)
        nt_arm(event, nt_now(event->node) + discard->pause);
}

static void discard_event(struct nt_socket *socket, uint32_t events)
{
    struct discard_guest *guest = socket->context;
    struct discard *discard = NT_OWNER(guest->guest.server, struct discard, server);
    if (nt_is_armed(&guest->ready))
        return;
    if (discard->pause)
        nt_arm(&guest->ready, nt_now(socket->node) + discard->pause);
    else
        discard_all(guest);
}

static void discard_accepted(struct stream_guest *stream)
{
    struct discard_guest *guest = NT_OWNER(stream, struct discard_guest, guest);
    struct discard *discard = NT_OWNER(stream->server, struct discard, server);
    struct nt_node *node = stream->stream.app->node;
    nt_event_init(&guest->ready, node, discard_fire);
    if (discard->wait)
        nt_arm(&guest->ready, nt_now(node) + discard->wait);
}

static void discard_start(struct nt_app *app)
{
    struct discard *discard = app->state;
    const struct nt_value *values = app->values;
    discard->server.guest_bytes = sizeof(struct discard_guest);
    discard->server.on_event = discard_event;
    discard->server.accepted = discard_accepted;
    discard->wait = values[OPT_WAIT].number;
    discard->pause = values[OPT_PAUSE].number;
    discard->read_bytes = (uint32_t)values[OPT_READ].number;
    if (!stream_listen(&discard->server, app, values[SERVER_PORT].number, values[SERVER_BACKLOG].number))
        return;
    /* A listener's options are those of all that it accepts, from the first segment on. */
    struct nt_socket *listener = discard->server.listener;
    nt_socket_set(listener, NT_LEVEL_TCP, NT_TCP_COUNT_ONLY, 1);
    if (values[OPT_BUFFER].is_given)
        nt_socket_set(listener, NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, values[OPT_BUFFER].number);
}

static void discard_interrupt(struct nt_app *app)
{
    struct discard *discard = app->state;
    if (!app->is_running)
        return;
    for (struct stream_guest *one = discard->server.newest; one; one = one->older)
        nt_disarm(&NT_OWNER(one, struct discard_guest, guest)->ready);
    stream_server_end(&discard->server);
}

static const struct nt_param discard_params[] = {
    SERVER_PARAMS("9"),
    {.name = "--buffer",
     .kind = NT_PARAM_BYTES,
     .least = 1,
     .most = 1 << 30,
     .summary = "receive buffer; half of what the host makes of it is offered as window"},
    {.name = "--wait",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 100000 * NT_SECOND,
     .summary = "time from accepting to the first read"},
    {.name = "--pause",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "time that it works on each piece before it reads the next"},
    {.name = "--read",
     .kind = NT_PARAM_BYTES,
     .default_text = "1460",
     .least = 1,
     .most = 1 << 30,
     .summary = "bytes in a piece, with --pause"},
    {0}};

const struct nt_app_type discard_app = {.size = sizeof(struct nt_app_type),
                                        .state_bytes = sizeof(struct discard),
                                        .name = "discard",
                                        .summary =
                                            "takes TCP connections, reads everything and throws it away",
                                        .params = discard_params,
                                        .start = discard_start,
                                        .interrupt = discard_interrupt,
                                        .kinds = meter_kinds};

/* ---- tcp-echo ---- */

struct echo_guest {
    struct stream_guest guest; /* first */
    uint32_t first, count;     /* what of `bytes` has not been sent back yet */
    bool has_ended;            /* the far end will send no more */
    uint8_t bytes[ECHO_BYTES];
};

/* Sends what is held. False: it does not go now, or never. */
static bool give_back(struct echo_guest *guest)
{
    struct stream *stream = &guest->guest.stream;
    int64_t sent = nt_send(stream->socket, guest->bytes + guest->first, guest->count);
    if (sent <= 0)
        return false;
    meter_sent(stream->meter, stream->flow, (size_t)sent);
    guest->first += (uint32_t)sent;
    guest->count -= (uint32_t)sent;
    return guest->count == 0;
}

/* Reads the next piece. False: there is none. */
static bool fetch(struct echo_guest *guest)
{
    struct stream *stream = &guest->guest.stream;
    int64_t count = nt_receive(stream->socket, guest->bytes, ECHO_BYTES);
    guest->has_ended |= count == 0;
    if (count <= 0)
        return false;
    meter_streamed(stream->meter, stream->flow, (size_t)count);
    guest->guest.server->bytes += (uint64_t)count;
    guest->first = 0;
    guest->count = (uint32_t)count;
    return true;
}

static void echo_event(struct nt_socket *socket, uint32_t events)
{
    struct echo_guest *guest = socket->context;
    if (events & (NT_SOCKET_ERROR | NT_SOCKET_HANGUP) && !(events & NT_SOCKET_READABLE)) {
        stream_leave(&guest->guest);
        return;
    }
    while ((guest->count == 0 || give_back(guest)) && !guest->has_ended && fetch(guest)) {
    }
    if (guest->has_ended && guest->count == 0)
        stream_leave(&guest->guest);
}

static const struct nt_param echo_params[] = {SERVER_PARAMS("7"), {0}};

static void echo_start(struct nt_app *app)
{
    struct stream_server *server = app->state;
    server->guest_bytes = sizeof(struct echo_guest);
    server->on_event = echo_event;
    stream_listen(server, app, app->values[SERVER_PORT].number, app->values[SERVER_BACKLOG].number);
}

static void echo_interrupt(struct nt_app *app)
{
    if (app->is_running)
        stream_server_end(app->state);
}

const struct nt_app_type tcp_echo_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct stream_server),
                                         .name = "tcp-echo",
                                         .summary = "takes TCP connections and sends back what comes",
                                         .params = echo_params,
                                         .start = echo_start,
                                         .interrupt = echo_interrupt,
                                         .kinds = meter_kinds};
