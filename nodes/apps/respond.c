/* SPDX-License-Identifier: MIT
 * respond: the answering end of request. Reads a question to its end, thinks, and sends as many bytes as it
 * asks for. */
#include "nodes/apps/rounds.h"
#include "nodes/apps/stream.h"
#include "nodes/apps/tcp_apps.h"

#include <string.h>

struct respond {
    struct stream_server server; /* first */
    nt_time think;
};

struct respond_guest {
    struct stream_guest guest; /* first */
    struct nt_event thought;   /* the answer is ready */
    uint32_t have;             /* bytes of the header that are here */
    uint32_t question_left;    /* bytes of the question still to come, once the header is here */
    uint64_t answer_left;      /* bytes of the answer not handed over yet */
    uint8_t header[ROUND_HEADER];
};

enum { OPT_THINK = SERVER_OPTIONS };

static void leave(struct respond_guest *guest)
{
    nt_disarm(&guest->thought);
    stream_leave(&guest->guest);
}

/* Takes bytes of the question. Its end is the time to think. Returns 0 or less when nothing more is there. */
static int64_t read_question(struct respond_guest *guest)
{
    struct stream *stream = &guest->guest.stream;
    bool is_header = guest->have < ROUND_HEADER;
    int64_t count = is_header
                        ? nt_receive(stream->socket, guest->header + guest->have, ROUND_HEADER - guest->have)
                        : nt_receive(stream->socket, NULL, guest->question_left);
    if (count <= 0)
        return count;
    meter_streamed(stream->meter, stream->flow, (size_t)count);
    guest->guest.server->bytes += (uint64_t)count;
    if (!is_header) {
        guest->question_left -= (uint32_t)count;
        return count;
    }
    guest->have += (uint32_t)count;
    if (guest->have < ROUND_HEADER)
        return count;
    uint32_t bytes = bytes_u32(guest->header + 4);
    if (memcmp(guest->header, round_mark, sizeof round_mark) != 0 || bytes < ROUND_HEADER ||
        bytes > ROUND_MOST)
        return -NT_EPROTO;
    guest->question_left = bytes - ROUND_HEADER;
    return count;
}

/* Hands over what it can. False: the connection is no good any more. */
static bool answer(struct respond_guest *guest)
{
    while (guest->answer_left > 0) {
        int64_t sent = stream_send(&guest->guest.stream, guest->answer_left);
        if (sent <= 0)
            return sent == 0;
        guest->answer_left -= (uint64_t)sent;
    }
    return true;
}

static bool is_asked(const struct respond_guest *guest)
{
    return guest->have == ROUND_HEADER && guest->question_left == 0;
}

/* One step after the other, as far as it goes. */
static void serve(struct respond_guest *guest)
{
    struct respond *respond = NT_OWNER(guest->guest.server, struct respond, server);
    for (;;) {
        if (!answer(guest)) {
            leave(guest);
            return;
        }
        if (guest->answer_left > 0 || nt_is_armed(&guest->thought))
            return;
        int64_t count = read_question(guest);
        if (count <= 0) {
            if (count != -NT_EAGAIN)
                leave(guest);
            return;
        }
        if (is_asked(guest))
            nt_arm(&guest->thought, nt_now(guest->thought.node) + respond->think);
    }
}

static void thought_fire(struct nt_event *event)
{
    struct respond_guest *guest = NT_OWNER(event, struct respond_guest, thought);
    guest->answer_left = bytes_u32(guest->header + 8);
    guest->have = 0;
    serve(guest);
}

static void respond_event(struct nt_socket *socket, uint32_t events)
{
    serve(socket->context);
}

static void respond_accepted(struct stream_guest *stream)
{
    struct respond_guest *guest = NT_OWNER(stream, struct respond_guest, guest);
    nt_event_init(&guest->thought, stream->stream.app->node, thought_fire);
    if (stream->stream.app->values[OPT_THINK + 1].is_given)
        nt_socket_set(stream->stream.socket, NT_LEVEL_TCP, NT_TCP_NODELAY, 1);
}

static const struct nt_param respond_params[] = {
    SERVER_PARAMS("7500"),
    {.name = "--think",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "time between the end of a question and the answer"},
    {.name = "--nodelay",
     .kind = NT_PARAM_BOOLEAN,
     .summary = "send small segments at once: no Nagle algorithm"},
    {0}};

static void respond_start(struct nt_app *app)
{
    struct respond *respond = app->state;
    respond->server.guest_bytes = sizeof(struct respond_guest);
    respond->server.on_event = respond_event;
    respond->server.accepted = respond_accepted;
    respond->think = app->values[OPT_THINK].number;
    stream_listen(&respond->server, app, app->values[SERVER_PORT].number, app->values[SERVER_BACKLOG].number);
}

static void respond_interrupt(struct nt_app *app)
{
    struct respond *respond = app->state;
    if (!app->is_running)
        return;
    for (struct stream_guest *one = respond->server.newest; one; one = one->older)
        nt_disarm(&NT_OWNER(one, struct respond_guest, guest)->thought);
    stream_server_end(&respond->server);
}

const struct nt_app_type respond_app = {.size = sizeof(struct nt_app_type),
                                        .state_bytes = sizeof(struct respond),
                                        .name = "respond",
                                        .summary = "answers the questions that request asks over TCP",
                                        .params = respond_params,
                                        .start = respond_start,
                                        .interrupt = respond_interrupt,
                                        .kinds = meter_kinds};
