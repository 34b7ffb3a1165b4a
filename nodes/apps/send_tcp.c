/* SPDX-License-Identifier: MIT
 * send-tcp: as much as TCP takes, for so many bytes or so long; and on-off, which pauses now and then.
 *
 *     connect --> hand over while there is room --> all handed over: end our direction --> the far end ends
 * too: done
 *
 * The time that is printed therefore ends when the last byte has been acknowledged and the far end has
 * closed. */
#include "nodes/apps/stream.h"

#include <stdio.h>

#include "nodes/apps/tcp_apps.h"

struct send_tcp {
    struct stream stream;
    struct meter meter;
    struct nt_event tick; /* send-tcp: the time is over; on-off: the next piece, or the next phase */
    uint64_t left;        /* bytes not handed over yet; UINT64_MAX: no end */
    uint64_t handed_over;
    bool is_connected, has_ended;
    nt_time on, off;      /* on-off: means of the phases */
    nt_time phase_ends;   /* on-off */
    bool is_on;           /* on-off */
    int64_t rate_bps;     /* on-off */
    uint32_t piece_bytes; /* on-off: handed over at once */
    struct nt_random random;
};

enum { OPT_BYTES = STREAM_OPTIONS, OPT_FOR, OPT_RATE, OPT_ON, OPT_OFF, OPT_SIZE };
/* ---- The end ---- */

static int64_t resent_by(const struct stream *stream)
{
    struct nt_tcp_info info = {0};
    stream->socket->ops->get(stream->socket, NT_LEVEL_TCP, NT_TCP_INFO, &info, sizeof info);
    return info.retransmits;
}

static void finish(struct send_tcp *send, int status)
{
    struct nt_app *app = send->stream.app;
    char time_text[STREAM_TEXT], rate[STREAM_TEXT];
    nt_time time = nt_now(app->node) - app->started_at;
    int64_t resent = send->stream.socket ? resent_by(&send->stream) : 0;
    if (status == 0)
        meter_transferred(&send->meter, send->stream.flow, send->handed_over, time);
    nt_print(app, "%llu bytes to %s port %u in %s: %s; %lld segment%s sent again\n",
             (unsigned long long)send->handed_over, send->stream.name, send->stream.peer.port,
             stream_show_time(time, time_text), stream_show_rate(send->handed_over, time, rate),
             (long long)resent, resent == 1 ? "" : "s");
    nt_disarm(&send->tick);
    nt_app_exit(app, status);
}

static void fail(struct send_tcp *send, int64_t error)
{
    stream_complain(&send->stream, error);
    finish(send, 1);
}

static void end_sending(struct send_tcp *send)
{
    send->has_ended = true;
    nt_socket_shutdown(send->stream.socket, NT_SHUTDOWN_SEND);
}

/* ---- Sending ---- */

/* Hands over up to `limit` of what is left. False: that went wrong, and the app has ended. */
static bool hand_over(struct send_tcp *send, uint64_t limit)
{
    while (!send->has_ended && limit > 0 && send->left > 0) {
        int64_t sent = stream_send(&send->stream, limit < send->left ? limit : send->left);
        if (sent < 0) {
            fail(send, sent);
            return false;
        }
        if (sent == 0)
            return true;
        limit -= (uint64_t)sent;
        send->handed_over += (uint64_t)sent;
        send->left -= send->left == UINT64_MAX ? 0 : (uint64_t)sent;
    }
    if (!send->has_ended && send->left == 0)
        end_sending(send);
    return true;
}

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct send_tcp *send = socket->context;
    uint64_t unused = 0;
    int64_t error = events & NT_SOCKET_ERROR ? stream_error(&send->stream) : 0;
    if (error) {
        fail(send, error);
        return;
    }
    send->is_connected |= (events & NT_SOCKET_WRITABLE) != 0;
    if (events & NT_SOCKET_WRITABLE && !send->piece_bytes && !hand_over(send, UINT64_MAX))
        return;
    if (!(events & (NT_SOCKET_READABLE | NT_SOCKET_ENDED | NT_SOCKET_HANGUP)))
        return;
    error = stream_drain(&send->stream, &unused);
    if (error == 0)
        finish(send, send->has_ended ? 0 : 1);
    else if (error != -NT_EAGAIN)
        fail(send, error);
}

static void send_interrupt(struct nt_app *app)
{
    if (app->is_running)
        finish(app->state, 1);
}

static bool send_open(struct send_tcp *send, struct nt_app *app, void (*fire)(struct nt_event *event))
{
    const struct nt_value *values = app->values;
    meter_init(&send->meter, app);
    nt_event_init(&send->tick, app->node, fire);
    send->left = values[OPT_BYTES].is_given ? (uint64_t)values[OPT_BYTES].number : UINT64_MAX;
    send->stream = (struct stream){.app = app, .meter = &send->meter, .name = values[STREAM_HOST].text};
    if (stream_connect(&send->stream, on_event, send))
        return true;
    nt_app_exit(app, 1);
    return false;
}

/* ---- send-tcp ---- */

/* clang-format off */
#define LENGTH_PARAMS \
    {.name = "--bytes", .kind = NT_PARAM_BYTES, .least = 1, .most = INT64_C(1) << 50, \
     .summary = "how much; without it and --for: to the end of the run"}, \
    {.name = "--for", .kind = NT_PARAM_TIME, .least = 1, .most = 1000000 * NT_SECOND, .summary = "how long"}
/* clang-format on */

static const struct nt_param send_params[] = {STREAM_PARAMS(NT_PARAM_TEXT, 0, "9"), LENGTH_PARAMS, {0}};

static bool send_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    if (!values[OPT_BYTES].is_given || !values[OPT_FOR].is_given)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text, "either --bytes or --for, not both");
    return false;
}

static void time_is_over(struct nt_event *event)
{
    struct send_tcp *send = NT_OWNER(event, struct send_tcp, tick);
    send->left = 0;
    if (send->is_connected && !send->has_ended)
        end_sending(send);
    else if (!send->is_connected)
        fail(send, -NT_ETIMEDOUT);
}

static void send_start(struct nt_app *app)
{
    struct send_tcp *send = app->state;
    if (send_open(send, app, time_is_over) && app->values[OPT_FOR].is_given)
        nt_arm(&send->tick, nt_now(app->node) + app->values[OPT_FOR].number);
}

const struct nt_app_type send_tcp_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct send_tcp),
                                         .name = "send-tcp",
                                         .summary = "sends bytes over TCP, as fast as it goes",
                                         .params = send_params,
                                         .check = send_check,
                                         .start = send_start,
                                         .interrupt = send_interrupt,
                                         .kinds = meter_kinds};

/* ---- on-off ---- */

static const struct nt_param on_off_params[] = {STREAM_PARAMS(NT_PARAM_TEXT, 0, "9"),
                                                LENGTH_PARAMS,
                                                {.name = "--rate",
                                                 .kind = NT_PARAM_RATE,
                                                 .default_text = "1 Mbps",
                                                 .least = 1,
                                                 .most = INT64_C(1000000000000),
                                                 .summary = "bits handed over per second while it is on"},
                                                {.name = "--on",
                                                 .kind = NT_PARAM_TIME,
                                                 .default_text = "1 s",
                                                 .least = 1,
                                                 .most = 100000 * NT_SECOND,
                                                 .summary = "mean time that it is on; drawn anew each time"},
                                                {.name = "--off",
                                                 .kind = NT_PARAM_TIME,
                                                 .default_text = "1 s",
                                                 .least = 1,
                                                 .most = 100000 * NT_SECOND,
                                                 .summary = "mean time that it is silent"},
                                                {.name = "--size",
                                                 .kind = NT_PARAM_BYTES,
                                                 .default_text = "1000",
                                                 .least = 1,
                                                 .most = 1 << 20,
                                                 .summary = "bytes handed over at once"},
                                                {0}};

static void begin_phase(struct send_tcp *send, bool is_on)
{
    struct nt_node *node = send->stream.app->node;
    send->is_on = is_on;
    send->phase_ends =
        nt_now(node) + nt_random_exponential(node, &send->random, is_on ? send->on : send->off) + 1;
}

static void on_off_fire(struct nt_event *event)
{
    struct send_tcp *send = NT_OWNER(event, struct send_tcp, tick);
    struct nt_app *app = send->stream.app;
    nt_time now = nt_now(app->node);
    if (app->values[OPT_FOR].is_given && now >= app->started_at + app->values[OPT_FOR].number)
        send->left = 0;
    if (now >= send->phase_ends)
        begin_phase(send, !send->is_on);
    if (send->is_connected && (send->is_on || send->left == 0) && !hand_over(send, send->piece_bytes))
        return;
    if (send->has_ended)
        return;
    nt_time gap = (nt_time)((__int128)send->piece_bytes * 8 * NT_SECOND / send->rate_bps);
    nt_arm(event, send->is_on ? now + (gap ? gap : 1) : send->phase_ends);
}

static void on_off_start(struct nt_app *app)
{
    struct send_tcp *send = app->state;
    send->rate_bps = app->values[OPT_RATE].number;
    send->on = app->values[OPT_ON].number;
    send->off = app->values[OPT_OFF].number;
    send->piece_bytes = (uint32_t)app->values[OPT_SIZE].number;
    nt_random_init(app->node, &send->random, app->words);
    if (!send_open(send, app, on_off_fire))
        return;
    begin_phase(send, true);
    on_off_fire(&send->tick);
}

const struct nt_app_type on_off_app = {.size = sizeof(struct nt_app_type),
                                       .state_bytes = sizeof(struct send_tcp),
                                       .name = "on-off",
                                       .summary = "sends over TCP at a rate, with pauses of random length",
                                       .params = on_off_params,
                                       .check = send_check,
                                       .start = on_off_start,
                                       .interrupt = send_interrupt,
                                       .kinds = meter_kinds};
