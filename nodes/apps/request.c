/* SPDX-License-Identifier: MIT
 * request: asks, waits for the whole answer, thinks, asks again. With several hosts it asks all of them at
 * once and the round is over when the last answer is complete, as when a disk is spread over many servers.
 *
 *      round:  ask every host --> answers come in --> all complete: time of the round --> think --> next
 * round
 *
 * A question is written in --writes pieces, since programs that write a header and then a body meet Nagle's
 * algorithm and delayed acknowledgments. --new makes a new connection for each round. */
#include "nodes/apps/rounds.h"
#include "nodes/apps/stream.h"
#include "nodes/apps/tcp_apps.h"

#include <stdio.h>
#include <string.h>

#define MOST_COMPLAINTS 3 /* then failures are only counted */

struct request;

struct request_peer {
    struct stream stream;
    struct request *request;
    uint64_t answer_left; /* bytes of the answer that have not come yet */
    uint32_t written;     /* bytes of the question that are handed over */
    bool is_connected, is_waiting;
};

struct request {
    struct nt_app *app;
    struct meter meter;
    struct request_peer *peers; /* `peer_count` of them, owned */
    uint32_t peer_count, waiting;
    uint32_t question_bytes, answer_bytes, writes;
    int64_t rounds, round; /* wanted, and the present one from 1 */
    nt_time asked_at, think;
    nt_time least, most, sum;
    struct nt_event next; /* the next round */
    int64_t good_rounds;
    uint64_t failures, failures_before; /* in all; up to the present round */
    bool is_new_each_time;
};

enum { OPT_SIZE = STREAM_OPTIONS, OPT_REPLY, OPT_COUNT, OPT_THINK, OPT_WRITES, OPT_NEW };

static void on_event(struct nt_socket *socket, uint32_t events);

/* ---- The end ---- */

static void finish(struct request *request)
{
    char least[STREAM_TEXT], mean[STREAM_TEXT], most[STREAM_TEXT];
    int64_t done = request->round - (request->waiting ? 1 : 0), good = request->good_rounds;
    nt_disarm(&request->next);
    nt_print(request->app, "%lld round%s, %u bytes asked and %u answered by each host, %llu failed\n",
             (long long)done, done == 1 ? "" : "s", request->question_bytes, request->answer_bytes,
             (unsigned long long)request->failures);
    if (good > 0)
        nt_print(request->app, "time of a round min/avg/max = %s/%s/%s\n",
                 stream_show_time(request->least, least), stream_show_time(request->sum / good, mean),
                 stream_show_time(request->most, most));
    nt_free(request->app->node, request->peers);
    request->peers = NULL;
    nt_app_exit(request->app, request->failures ? 1 : 0);
}

/* ---- A round ---- */

/* All answers are complete: how long did it take? A round with failures says nothing about that. */
static void measure(struct request *request)
{
    nt_time took = nt_now(request->app->node) - request->asked_at;
    meter_replied(&request->meter, (uint64_t)request->round,
                  (uint64_t)request->answer_bytes * request->peer_count, took);
    request->sum += took;
    if (request->good_rounds++ == 0 || took < request->least)
        request->least = took;
    if (took > request->most)
        request->most = took;
}

static void round_is_over(struct request *request)
{
    struct nt_node *node = request->app->node;
    if (request->failures == request->failures_before)
        measure(request);
    for (uint32_t i = 0;
         i < request->peer_count && (request->is_new_each_time || request->round == request->rounds); i++)
        stream_close(&request->peers[i].stream);
    nt_arm(&request->next, nt_now(node) + (request->round == request->rounds ? 0 : request->think));
}

static void peer_is_done(struct request_peer *peer)
{
    peer->is_waiting = false;
    if (--peer->request->waiting == 0)
        round_is_over(peer->request);
}

static void peer_has_failed(struct request_peer *peer, int64_t error)
{
    bool matters = peer->is_waiting || error != -NT_ECONNRESET; /* between rounds the far end may go */
    peer->stream.is_silent = peer->request->failures >= MOST_COMPLAINTS;
    if (matters) {
        peer->request->failures++;
        stream_complain(&peer->stream, error);
    }
    stream_close(&peer->stream);
    peer->is_connected = false;
    if (peer->is_waiting)
        peer_is_done(peer);
}

/* Hands over what is missing of the question, piece by piece. */
static void ask(struct request_peer *peer)
{
    struct request *request = peer->request;
    uint8_t header[ROUND_HEADER];
    memcpy(header, round_mark, sizeof round_mark);
    bytes_put_u32(header + 4, request->question_bytes);
    bytes_put_u32(header + 8, request->answer_bytes);
    bytes_put_u32(header + 12, (uint32_t)request->round);
    while (peer->is_waiting && peer->is_connected && peer->written < request->question_bytes) {
        bool is_header = peer->written < ROUND_HEADER;
        uint32_t piece = request->question_bytes / request->writes;
        uint32_t upto = peer->written / piece * piece + piece;
        if (upto > request->question_bytes || request->question_bytes - upto < piece)
            upto = request->question_bytes;
        uint32_t count = is_header ? ROUND_HEADER - peer->written : upto - peer->written;
        uint32_t flags = is_header && upto > ROUND_HEADER ? NT_MESSAGE_MORE : 0;
        int64_t sent = nt_send_message(peer->stream.socket, NULL, is_header ? header + peer->written : NULL,
                                       count, flags);
        if (sent == -NT_EAGAIN)
            return;
        if (sent < 0) {
            peer_has_failed(peer, sent);
            return;
        }
        meter_sent(&request->meter, peer->stream.flow, (size_t)sent);
        peer->written += (uint32_t)sent;
    }
}

static void take_answer(struct request_peer *peer)
{
    uint64_t bytes = 0;
    int64_t end = stream_drain(&peer->stream, &bytes);
    peer->answer_left -= bytes < peer->answer_left ? bytes : peer->answer_left;
    if (peer->is_waiting && peer->answer_left == 0 && bytes > 0)
        peer_is_done(peer);
    else if (end != -NT_EAGAIN)
        peer_has_failed(peer, end == 0 ? -NT_ECONNRESET : end);
}

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct request_peer *peer = socket->context;
    int64_t error = events & NT_SOCKET_ERROR ? stream_error(&peer->stream) : 0;
    if (error) {
        peer_has_failed(peer, error);
        return;
    }
    if (events & NT_SOCKET_WRITABLE) {
        peer->is_connected = true;
        ask(peer);
    }
    if (peer->stream.socket && events & (NT_SOCKET_READABLE | NT_SOCKET_ENDED))
        take_answer(peer);
}

static void begin_round(struct request *request)
{
    struct nt_app *app = request->app;
    request->asked_at = nt_now(app->node);
    request->failures_before = request->failures;
    request->waiting = request->peer_count;
    for (uint32_t i = 0; i < request->peer_count; i++) {
        request->peers[i].is_waiting = true;
        request->peers[i].written = 0;
        request->peers[i].answer_left = request->answer_bytes;
    }
    for (uint32_t i = 0; i < request->peer_count; i++) {
        struct request_peer *peer = &request->peers[i];
        if (peer->stream.socket) {
            ask(peer);
            continue;
        }
        peer->is_connected = false;
        peer->stream.is_silent = request->failures >= MOST_COMPLAINTS;
        if (!stream_connect(&peer->stream, on_event, peer)) {
            request->failures++;
            peer_is_done(peer);
        }
    }
}

static void next_fire(struct nt_event *event)
{
    struct request *request = NT_OWNER(event, struct request, next);
    if (request->round++ == request->rounds) {
        request->round = request->rounds;
        finish(request);
    } else
        begin_round(request);
}

/* ---- The command ---- */

static const struct nt_param request_params[] = {
    STREAM_PARAMS(NT_PARAM_LIST, NT_PARAM_REST, "7500"),
    {.name = "--size",
     .kind = NT_PARAM_BYTES,
     .default_text = "100",
     .least = ROUND_HEADER,
     .most = ROUND_MOST,
     .summary = "bytes of each question"},
    {.name = "--reply",
     .kind = NT_PARAM_BYTES,
     .default_text = "1000",
     .least = 1,
     .most = ROUND_MOST,
     .summary = "bytes of each answer"},
    {.name = "--count",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = INT32_MAX,
     .summary = "rounds"},
    {.name = "--think",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "time between the last answer and the next question"},
    {.name = "--writes",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = 1000,
     .summary = "pieces in which a question is handed over"},
    {.name = "--new", .kind = NT_PARAM_BOOLEAN, .summary = "a new connection for each question"},
    {0}};

static bool request_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    if (values[OPT_WRITES].number * ROUND_HEADER <= values[OPT_SIZE].number)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text,
             "a question of %lld bytes cannot be written in %lld pieces of %d",
             (long long)values[OPT_SIZE].number, (long long)values[OPT_WRITES].number, ROUND_HEADER);
    return false;
}

static void request_start(struct nt_app *app)
{
    struct request *request = app->state;
    const struct nt_value *values = app->values;
    request->app = app;
    request->peer_count = values[STREAM_HOST].count;
    request->peers = nt_new(app->node, request->peer_count * sizeof *request->peers);
    for (uint32_t i = 0; i < request->peer_count; i++)
        request->peers[i] = (struct request_peer){
            .request = request,
            .stream = {.app = app, .meter = &request->meter, .name = values[STREAM_HOST].items[i].text}};
    request->question_bytes = (uint32_t)values[OPT_SIZE].number;
    request->answer_bytes = (uint32_t)values[OPT_REPLY].number;
    request->writes = (uint32_t)values[OPT_WRITES].number;
    request->rounds = values[OPT_COUNT].number;
    request->think = values[OPT_THINK].number;
    request->is_new_each_time = values[OPT_NEW].is_given;
    meter_init(&request->meter, app);
    nt_event_init(&request->next, app->node, next_fire);
    request->round = 1;
    begin_round(request);
}

static void request_interrupt(struct nt_app *app)
{
    if (app->is_running)
        finish(app->state);
}

const struct nt_app_type request_app = {.size = sizeof(struct nt_app_type),
                                        .state_bytes = sizeof(struct request),
                                        .name = "request",
                                        .summary =
                                            "asks one or several hosts over TCP and waits for the answers",
                                        .params = request_params,
                                        .check = request_check,
                                        .start = request_start,
                                        .interrupt = request_interrupt,
                                        .kinds = meter_kinds};
