/* SPDX-License-Identifier: MIT
 * iperf: how much goes through, interval by interval, in the words of iperf3.
 *
 *      server   iperf -s               one line for each interval and connection, and a sum at the end of
 * each client   iperf -c HOST -t 10    likewise, with segments sent again and the congestion window
 *
 * Simplified: there is no control connection. The client stops after its time and ends its direction; the
 * server's last line is that of what it has read. MBytes are 2^20 bytes and Mbits 10^6 bits, as iperf has
 * them. */
#include "nodes/apps/stream.h"
#include "nodes/apps/tcp_apps.h"

#include <stdio.h>
#include <string.h>

#define MOST_PARALLEL 128
#define FIRST_ID 5 /* what iperf3 calls its first stream */

enum {
    OPT_CLIENT,
    OPT_PORT,
    OPT_CC,
    OPT_NODELAY,
    OPT_WINDOW,
    OPT_SERVER,
    OPT_TIME,
    OPT_BYTES,
    OPT_INTERVAL,
    OPT_PARALLEL
};

struct iperf_stream {
    struct stream stream;
    struct iperf *iperf;
    uint64_t bytes, reported_bytes; /* in all; up to the last line */
    int64_t resent, reported_resent;
    nt_time began_at;
    bool is_connected, has_ended, is_done;
};

struct iperf_guest {
    struct stream_guest guest; /* first */
    struct iperf_stream count;
    uint32_t id;
};

struct iperf {
    struct stream_server server; /* first; of a server */
    struct nt_app *app;
    struct meter meter;
    struct iperf_stream *streams; /* of a client: `stream_count`, owned */
    uint32_t stream_count, open;
    nt_time interval, line_from; /* the present interval's beginning */
    nt_time first_at;            /* server: when those that are here began to come */
    nt_time end;                 /* client: NT_NEVER if it ends after bytes */
    uint64_t bytes_each;         /* client: UINT64_MAX if it ends after a time */
    struct nt_event tick;
    uint32_t next_id;
};

/* ---- Lines ---- */

/* "1.12 MBytes": three digits, units of 1024, as iperf shows them. `bits`: units of 1000, per second. */
static const char *amount(uint64_t value, uint64_t base, const char *unit, char ret_text[STREAM_TEXT])
{
    static const char *const prefixes[] = {"", "K", "M", "G", "T"};
    uint64_t scale = 1;
    int step = 0;
    for (; value / scale >= base && step < 4; step++)
        scale *= base;
    uint64_t hundredths = (uint64_t)((unsigned __int128)value * 100 / scale);
    int decimals = hundredths < 1000 ? 2 : hundredths < 10000 ? 1 : 0;
    unsigned long long whole = hundredths / 100, part = hundredths % 100;
    if (decimals == 2)
        snprintf(ret_text, STREAM_TEXT, "%llu.%02llu %s%s", whole, part, prefixes[step], unit);
    else if (decimals == 1)
        snprintf(ret_text, STREAM_TEXT, "%llu.%llu %s%s", whole, part / 10, prefixes[step], unit);
    else
        snprintf(ret_text, STREAM_TEXT, "%llu %s%s", whole, prefixes[step], unit);
    return ret_text;
}

static void add_span(char *ret_text, size_t size, nt_time from, nt_time to)
{
    snprintf(ret_text, size, "%lld.%02lld-%lld.%02lld", (long long)(from / NT_SECOND),
             (long long)(from % NT_SECOND / (NT_SECOND / 100)), (long long)(to / NT_SECOND),
             (long long)(to % NT_SECOND / (NT_SECOND / 100)));
}

static void print_line(struct nt_app *app, const char *id, nt_time from, nt_time to, uint64_t bytes,
                       const char *tail)
{
    char span[STREAM_TEXT], transfer[STREAM_TEXT], rate[STREAM_TEXT];
    nt_time time = to > from ? to - from : 1;
    uint64_t bits = (uint64_t)((unsigned __int128)bytes * 8 * NT_SECOND / (uint64_t)time);
    add_span(span, sizeof span, from, to);
    nt_print(app, "[%3s] %13s sec  %11s  %14s%s\n", id, span, amount(bytes, 1024, "Bytes", transfer),
             amount(bits, 1000, "bits/sec", rate), tail);
}

static void print_head(struct nt_app *app, bool is_client)
{
    nt_print(app, "[ ID] Interval           Transfer     Bitrate%s\n",
             is_client ? "         Retr  Cwnd" : "");
}

/* ---- Client ---- */

static void look_at(struct iperf_stream *one, char *ret_tail, size_t size)
{
    struct nt_tcp_info info = {0};
    char cwnd[STREAM_TEXT];
    if (one->stream.socket)
        one->stream.socket->ops->get(one->stream.socket, NT_LEVEL_TCP, NT_TCP_INFO, &info, sizeof info);
    one->resent = one->stream.socket ? info.retransmits : one->resent;
    snprintf(ret_tail, size, "  %4lld   %s", (long long)(one->resent - one->reported_resent),
             amount((uint64_t)info.cwnd_bytes, 1024, "Bytes", cwnd));
}

static void report_client(struct iperf *iperf)
{
    nt_time from = iperf->line_from - iperf->app->started_at,
            to = nt_now(iperf->app->node) - iperf->app->started_at;
    uint64_t sum = 0;
    int64_t resent = 0;
    char id[12], tail[80];
    for (uint32_t i = 0; i < iperf->stream_count; i++) {
        struct iperf_stream *one = &iperf->streams[i];
        look_at(one, tail, sizeof tail);
        snprintf(id, sizeof id, "%u", FIRST_ID + 2 * i);
        print_line(iperf->app, id, from, to, one->bytes - one->reported_bytes, tail);
        sum += one->bytes - one->reported_bytes;
        resent += one->resent - one->reported_resent;
        one->reported_bytes = one->bytes;
        one->reported_resent = one->resent;
    }
    snprintf(tail, sizeof tail, "  %4lld", (long long)resent);
    if (iperf->stream_count > 1)
        print_line(iperf->app, "SUM", from, to, sum, tail);
    iperf->line_from = nt_now(iperf->app->node);
}

/* Has anything been handed over since the last line? After the end only acknowledgments come. */
static bool has_news(const struct iperf *iperf)
{
    for (uint32_t i = 0; i < iperf->stream_count; i++)
        if (iperf->streams[i].bytes > iperf->streams[i].reported_bytes)
            return true;
    return false;
}

static void finish_client(struct iperf *iperf, int status)
{
    nt_time now = nt_now(iperf->app->node);
    nt_time to = now - iperf->app->started_at;
    uint64_t sum = 0;
    int64_t resent = 0;
    char id[12], tail[80];
    if (has_news(iperf))
        report_client(iperf);
    nt_print(iperf->app, "- - - - - - - - - - - - - - - - - - - - - - - - -\n");
    for (uint32_t i = 0; i < iperf->stream_count; i++) {
        snprintf(id, sizeof id, "%u", FIRST_ID + 2 * i);
        snprintf(tail, sizeof tail, "  %4lld  sender", (long long)iperf->streams[i].resent);
        print_line(iperf->app, id, 0, to, iperf->streams[i].bytes, tail);
        sum += iperf->streams[i].bytes;
        resent += iperf->streams[i].resent;
    }
    snprintf(tail, sizeof tail, "  %4lld  sender", (long long)resent);
    if (iperf->stream_count > 1)
        print_line(iperf->app, "SUM", 0, to, sum, tail);
    if (status == 0)
        meter_transferred(&iperf->meter, iperf->streams[0].stream.flow, sum, to);
    nt_disarm(&iperf->tick);
    nt_app_exit(iperf->app, status);
}

static void stream_is_done(struct iperf_stream *one, int64_t error)
{
    struct iperf *iperf = one->iperf;
    char unused[80];
    if (one->is_done)
        return;
    if (error)
        stream_complain(&one->stream, error);
    look_at(one, unused, sizeof unused);
    one->is_done = true;
    stream_close(&one->stream);
    if (--iperf->open == 0)
        finish_client(iperf, error ? 1 : 0);
}

static void end_sending(struct iperf_stream *one)
{
    if (one->has_ended || !one->stream.socket)
        return;
    one->has_ended = true;
    nt_socket_shutdown(one->stream.socket, NT_SHUTDOWN_SEND);
}

static void fill(struct iperf_stream *one)
{
    while (!one->has_ended && one->bytes < one->iperf->bytes_each) {
        int64_t sent = stream_send(&one->stream, one->iperf->bytes_each - one->bytes);
        if (sent < 0)
            stream_is_done(one, sent);
        if (sent <= 0)
            return;
        one->bytes += (uint64_t)sent;
    }
    end_sending(one);
}

static void client_event(struct nt_socket *socket, uint32_t events)
{
    struct iperf_stream *one = socket->context;
    uint64_t unused = 0;
    int64_t error = events & NT_SOCKET_ERROR ? stream_error(&one->stream) : 0;
    if (!error && events & NT_SOCKET_WRITABLE)
        fill(one);
    if (!error && !one->is_done && events & (NT_SOCKET_READABLE | NT_SOCKET_ENDED)) {
        error = stream_drain(&one->stream, &unused);
        if (error == 0)
            stream_is_done(one, 0);
        error = error == -NT_EAGAIN ? 0 : error;
    }
    if (error)
        stream_is_done(one, error);
}

static void client_tick(struct iperf *iperf)
{
    nt_time now = nt_now(iperf->app->node);
    if (now >= iperf->end) {
        for (uint32_t i = 0; i < iperf->stream_count; i++)
            end_sending(&iperf->streams[i]);
        iperf->end = NT_NEVER;
    }
    if (now >= iperf->line_from + iperf->interval)
        report_client(iperf);
    nt_time next = iperf->line_from + iperf->interval;
    nt_arm(&iperf->tick, next < iperf->end ? next : iperf->end);
}

static void client_start(struct iperf *iperf, struct nt_app *app)
{
    const struct nt_value *values = app->values;
    iperf->stream_count = iperf->open = (uint32_t)values[OPT_PARALLEL].number;
    iperf->streams = nt_new(app->node, iperf->stream_count * sizeof *iperf->streams);
    iperf->bytes_each = values[OPT_BYTES].is_given ? (uint64_t)values[OPT_BYTES].number : UINT64_MAX;
    iperf->end = values[OPT_BYTES].is_given ? NT_NEVER : nt_now(app->node) + values[OPT_TIME].number;
    iperf->line_from = nt_now(app->node);
    meter_init(&iperf->meter, app);
    nt_print(app, "Connecting to host %s, port %lld\n", values[OPT_CLIENT].text,
             (long long)values[OPT_PORT].number);
    print_head(app, true);
    for (uint32_t i = 0; i < iperf->stream_count; i++) {
        struct iperf_stream *one = &iperf->streams[i];
        one->iperf = iperf;
        one->stream = (struct stream){.app = app, .meter = &iperf->meter, .name = values[OPT_CLIENT].text};
        if (!stream_connect(&one->stream, client_event, one)) {
            nt_app_exit(app, 1);
            return;
        }
    }
    client_tick(iperf);
}

/* ---- Server ---- */

static void report_server(struct iperf *iperf)
{
    nt_time from = iperf->line_from - iperf->first_at, to = nt_now(iperf->app->node) - iperf->first_at;
    struct stream_guest *one = iperf->server.newest;
    char id[12];
    while (one && one->older)
        one = one->older;
    for (; one; one = one->newer) {
        struct iperf_guest *guest = NT_OWNER(one, struct iperf_guest, guest);
        snprintf(id, sizeof id, "%u", guest->id);
        print_line(iperf->app, id, from, to, guest->count.bytes - guest->count.reported_bytes, "");
        guest->count.reported_bytes = guest->count.bytes;
    }
    iperf->line_from = nt_now(iperf->app->node);
}

static void guest_leaves(struct iperf_guest *guest)
{
    struct iperf *iperf = NT_OWNER(guest->guest.server, struct iperf, server);
    nt_time now = nt_now(iperf->app->node);
    char id[12];
    snprintf(id, sizeof id, "%u", guest->id);
    nt_print(iperf->app, "- - - - - - - - - - - - - - - - - - - - - - - - -\n");
    print_line(iperf->app, id, 0, now - guest->count.began_at, guest->count.bytes, "  receiver");
    stream_leave(&guest->guest);
}

static void server_event(struct nt_socket *socket, uint32_t events)
{
    struct iperf_guest *guest = socket->context;
    uint64_t before = guest->guest.server->bytes;
    int64_t end = stream_drain(&guest->guest.stream, &guest->guest.server->bytes);
    guest->count.bytes += guest->guest.server->bytes - before;
    if (end != -NT_EAGAIN)
        guest_leaves(guest);
}

static void server_tick(struct iperf *iperf)
{
    report_server(iperf);
    if (iperf->server.newest)
        nt_arm(&iperf->tick, nt_now(iperf->app->node) + iperf->interval);
}

static void server_accepted(struct stream_guest *stream)
{
    struct iperf_guest *guest = NT_OWNER(stream, struct iperf_guest, guest);
    struct iperf *iperf = NT_OWNER(stream->server, struct iperf, server);
    struct nt_node *node = iperf->app->node;
    guest->id = iperf->next_id;
    iperf->next_id += 2;
    guest->count.began_at = nt_now(node);
    if (nt_is_armed(&iperf->tick))
        return;
    print_head(iperf->app, false);
    iperf->line_from = iperf->first_at = nt_now(node);
    nt_arm(&iperf->tick, nt_now(node) + iperf->interval);
}

static void server_start(struct iperf *iperf, struct nt_app *app)
{
    iperf->next_id = FIRST_ID;
    iperf->server.guest_bytes = sizeof(struct iperf_guest);
    iperf->server.on_event = server_event;
    iperf->server.accepted = server_accepted;
    if (!stream_listen(&iperf->server, app, app->values[OPT_PORT].number, MOST_PARALLEL))
        return;
    struct nt_socket *listener = iperf->server.listener; /* what it accepts has its options */
    nt_socket_set(listener, NT_LEVEL_TCP, NT_TCP_COUNT_ONLY, 1);
    if (app->values[OPT_WINDOW].is_given)
        nt_socket_set(listener, NT_LEVEL_SOCKET, NT_SO_RECEIVE_BUFFER, app->values[OPT_WINDOW].number);
}

/* ---- The command ---- */

static void tick_fire(struct nt_event *event)
{
    struct iperf *iperf = NT_OWNER(event, struct iperf, tick);
    if (iperf->streams)
        client_tick(iperf);
    else
        server_tick(iperf);
}

static const struct nt_param iperf_params[] = {
    {.name = "-c", .kind = NT_PARAM_TEXT, .summary = "be the client of this host"},
    {.name = "-p",
     .kind = NT_PARAM_INTEGER,
     .default_text = "5201",
     .least = 1,
     .most = 65535,
     .summary = "the server's port"},
    {.name = "-C",
     .kind = NT_PARAM_PART,
     .words = stack_tcp_congestion_category,
     .summary = "congestion control of the client"},
    {.name = "-N", .kind = NT_PARAM_BOOLEAN, .summary = "send small segments at once"},
    {.name = "-w", .kind = NT_PARAM_BYTES, .least = 1, .most = 1 << 30, .summary = "buffer of the socket"},
    {.name = "-s", .kind = NT_PARAM_BOOLEAN, .summary = "be the server"},
    {.name = "-t",
     .kind = NT_PARAM_TIME,
     .default_text = "10 s",
     .least = 1,
     .most = 1000000 * NT_SECOND,
     .summary = "time to send for"},
    {.name = "-n",
     .kind = NT_PARAM_BYTES,
     .least = 1,
     .most = INT64_C(1) << 50,
     .summary = "bytes to send, instead of a time"},
    {.name = "-i",
     .kind = NT_PARAM_TIME,
     .default_text = "1 s",
     .least = NT_MILLISECOND,
     .most = 1000000 * NT_SECOND,
     .summary = "time between lines"},
    {.name = "-P",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = MOST_PARALLEL,
     .summary = "connections side by side"},
    {0}};

static bool iperf_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    if (values[OPT_CLIENT].is_given != values[OPT_SERVER].is_given)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text, "either -s or -c HOST");
    return false;
}

static void iperf_start(struct nt_app *app)
{
    struct iperf *iperf = app->state;
    iperf->app = app;
    iperf->interval = app->values[OPT_INTERVAL].number;
    nt_event_init(&iperf->tick, app->node, tick_fire);
    if (app->values[OPT_SERVER].is_given)
        server_start(iperf, app);
    else
        client_start(iperf, app);
}

static void iperf_interrupt(struct nt_app *app)
{
    struct iperf *iperf = app->state;
    if (!app->is_running)
        return;
    if (iperf->streams) {
        finish_client(iperf, 1);
        return;
    }
    nt_disarm(&iperf->tick);
    stream_server_end(&iperf->server);
}

const struct nt_app_type iperf_app = {.size = sizeof(struct nt_app_type),
                                      .state_bytes = sizeof(struct iperf),
                                      .name = "iperf",
                                      .summary =
                                          "measures how much goes through over TCP, interval by interval",
                                      .params = iperf_params,
                                      .check = iperf_check,
                                      .start = iperf_start,
                                      .interrupt = iperf_interrupt,
                                      .kinds = meter_kinds};
