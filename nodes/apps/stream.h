/* SPDX-License-Identifier: MIT
 * What applications on TCP share: a client that connects, a server that accepts, and how amounts are shown.
 *
 *      client   stream_connect --> on_event ... --> stream_close           one connection, or several
 *      server   stream_listen  --> accepted --> on_event ... --> ended     as many as come
 *
 * Both count what they send and receive in the table "traffic" and tell it as app.sent and app.received. */
#ifndef NETARIUM_NODES_APPS_STREAM_H
#define NETARIUM_NODES_APPS_STREAM_H

#include "nodes/apps/meter.h"
#include "nodes/stack_tcp.h"

/* ---- Clients ---- */

/* One connection of an application. */
struct stream {
    struct nt_app *app;
    struct nt_socket *socket; /* NULL: closed */
    const char *name;         /* the far end as typed */
    bool is_silent;           /* do not print what goes wrong: it was said often enough */
    struct nt_endpoint peer;
    struct meter *meter;     /* the application's */
    struct meter_flow *flow; /* its row of the table */
};

/* Rows of the parameter table that clients begin with: the far end, and options of the socket. */
enum { STREAM_HOST, STREAM_PORT, STREAM_CC, STREAM_NODELAY, STREAM_BUFFER, STREAM_OPTIONS };
/* clang-format off */
#define STREAM_PARAMS(host_kind, host_flags, default_port) \
    {.name = "host", .kind = host_kind, .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST | (host_flags), \
     .summary = "a node's name or an address"}, \
    {.name = "--port", .kind = NT_PARAM_INTEGER, .default_text = default_port, .least = 1, .most = 65535, \
     .summary = "port there"}, \
    {.name = "--cc", .kind = NT_PARAM_PART, .words = stack_tcp_congestion_category, \
     .summary = "congestion control, as netarium list congestion has them; the host's if not given"}, \
    {.name = "--nodelay", .kind = NT_PARAM_BOOLEAN, \
     .summary = "send small segments at once: no Nagle algorithm"}, \
    {.name = "--buffer", .kind = NT_PARAM_BYTES, .least = 1, .most = 1 << 30, \
     .summary = "send buffer; chosen by the host if not given"}
/* clang-format on */

/* Begins to connect with the options of STREAM_PARAMS in app->values. The caller has set app, meter and name (and
 * is_silent). False: it is clear at once that this cannot be, which was said; the app has not ended. */
bool stream_connect(struct stream *stream, void (*on_event)(struct nt_socket *socket, uint32_t events),
                    void *context);

/* Hands over up to `count` zeros. Returns how many; 0: no room now; a negated nt_error. */
int64_t stream_send(struct stream *stream, uint64_t count);

/* Takes what has come and throws it away. 0: the far end has ended; -NT_EAGAIN: that was all, `*ret_bytes` in
 * sum. */
int64_t stream_drain(struct stream *stream, uint64_t *ret_bytes);

/* "send-tcp: server port 9: Connection refused". */
void stream_complain(const struct stream *stream, int64_t error);

/* The pending error, a negated nt_error; 0: none. */
int64_t stream_error(const struct stream *stream);

void stream_close(struct stream *stream);

/* ---- Servers ---- */

/* One that was accepted; the server's own struct begins with it. */
struct stream_guest {
    struct stream stream; /* first */
    struct stream_server *server;
    struct stream_guest *older, *newer; /* among all that are here */
};

struct stream_server {
    struct nt_app *app;
    struct nt_socket *listener;
    struct meter meter;
    size_t guest_bytes; /* size of the server's own struct, zeroed for each guest */
    void (*on_event)(struct nt_socket *socket, uint32_t events); /* of guests; context is the guest */
    void (*accepted)(struct stream_guest *guest); /* before its first event; NULL: nothing to do */
    struct stream_guest *newest;
    uint64_t guests, bytes; /* so far */
};

/* Listens. The caller has set guest_bytes, on_event and accepted. False: it said why, and the app has ended.
 */
bool stream_listen(struct stream_server *server, struct nt_app *app, int64_t port, int64_t backlog);

/* Closes the connection and forgets the guest, whose memory is gone. */
void stream_leave(struct stream_guest *guest);

/* All guests leave; prints "3 connections, 500000 bytes received", and ends the app. */
void stream_server_end(struct stream_server *server);

/* Rows that servers begin with. */
enum { SERVER_PORT, SERVER_BACKLOG, SERVER_OPTIONS };
/* clang-format off */
#define SERVER_PARAMS(default_port) \
    {.name = "--port", .kind = NT_PARAM_INTEGER, .default_text = default_port, .least = 1, .most = 65535, \
     .summary = "port to listen on"}, \
    {.name = "--backlog", .kind = NT_PARAM_INTEGER, .default_text = "128", .least = 0, .most = 65535, \
     .summary = "connections that may wait to be accepted"}
/* clang-format on */

/* ---- Showing ---- */

#define STREAM_TEXT 40

/* "9.57 Mbps": three digits that count. Returns `ret_text`. */
const char *stream_show_rate(uint64_t bytes, nt_time time, char ret_text[STREAM_TEXT]);

/* "1.234 s". */
const char *stream_show_time(nt_time time, char ret_text[STREAM_TEXT]);

#endif
