/* SPDX-License-Identifier: MIT
 * Two commands for hosts in one file: my-app asks by UDP, my-app-server answers with the same bytes.
 *
 *     alice$ my-app bob --count 3          bob$ my-app-server
 *     3 sent --> bob --> the same back --> 3 answers, and how long each took
 *
 * Nothing here waits: a call returns at once, and `event` is called when there is something to do. What sockets can do is
 * said in netarium.h under "Sockets". All that a command remembers is in app->state, which is there, zeroed, when it starts; it
 * stays until the run ends. So no static variable that changes, and no malloc. */
#include <netarium.h>

#define BYTES 64 /* of each datagram */

/* A call of the network said no: `error` is a negative enum nt_error. */
static void fail(struct nt_app *app, int error)
{
    const struct nt_sockets *sockets = app->node->sockets;
    nt_print(app, "%s: %s\n", app->type->name, sockets ? sockets->error_words(error) : "this node has no sockets");
    nt_app_exit(app, 2);
}

/* ---- The one that asks ---- */

struct asker {
    struct nt_app *app;
    struct nt_socket *socket;
    struct nt_event tick; /* time for the next one, or to give up */
    int64_t sent, received;
    uint32_t kind_answer; /* the number of our kind of record in this network */
};

/* Its words: positional ones by their place, options by their name. Checked before it starts; netarium help my-app. */
enum { WORD_HOST, WORD_COUNT, WORD_INTERVAL, WORD_PORT };

static const struct nt_param asker_params[] = {
    [WORD_HOST] = {.name = "host",
                   .kind = NT_PARAM_NODE,
                   .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
                   .summary = "whom to ask"},
    [WORD_COUNT] = {.name = "--count",
                    .kind = NT_PARAM_INTEGER,
                    .default_text = "3",
                    .least = 1,
                    .most = 1000000,
                    .summary = "how often"},
    [WORD_INTERVAL] = {.name = "--interval",
                       .kind = NT_PARAM_TIME,
                       .default_text = "1 s",
                       .least = NT_MICROSECOND,
                       .most = 3600 * NT_SECOND,
                       .summary = "time between two questions, and to wait for the last answer"},
    [WORD_PORT] = {.name = "--port",
                   .kind = NT_PARAM_INTEGER,
                   .default_text = "7777",
                   .least = 1,
                   .most = 65535,
                   .summary = "port of the server"},
    {0}};

/* What it tells: a record for each answer. It is a gauge: its first field is a level, which can be plotted. */
static const struct nt_kind asker_kinds[] = {
    {.name = "my_app.answer",
     .sentence = "{node} has answer {number} after {rtt}",
     .flags = NT_KIND_GAUGE,
     .fields = {{.name = "rtt", .unit = NT_UNIT_TIME}, {.name = "number", .unit = NT_UNIT_NONE}}},
    {0}};

static void asker_end(struct asker *asker)
{
    nt_disarm(&asker->tick);
    nt_print(asker->app, "%lld sent, %lld answered\n", (long long)asker->sent, (long long)asker->received);
    nt_app_exit(asker->app, asker->received == asker->sent ? 0 : 1); /* closes the socket too */
}

/* Numbers cross a wire with their highest byte first, whatever this machine does: same file, same bytes. */
static void put_time(uint8_t bytes[8], nt_time time)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(time >> (56 - 8 * i));
}

static nt_time get_time(const uint8_t bytes[8])
{
    nt_time time = 0;
    for (int i = 0; i < 8; i++)
        time = time << 8 | bytes[i];
    return time;
}

static void asker_answer(struct asker *asker, nt_time rtt)
{
    asker->received++;
    nt_tell(asker->app->node, asker->kind_answer, NULL, 0, rtt, asker->received);
    nt_print(asker->app, "answer %lld after %lld us\n", (long long)asker->received, (long long)(rtt / NT_MICROSECOND));
}

/* The socket has something for us: all datagrams that are there. */
static void asker_event(struct nt_socket *socket, uint32_t events)
{
    struct asker *asker = socket->context;
    uint8_t bytes[BYTES];
    (void)events;
    for (;;) {
        int64_t count = nt_receive(socket, bytes, sizeof bytes);
        if (count < 0)
            return; /* -NT_EAGAIN: nothing more now */
        if (count == BYTES)
            asker_answer(asker, nt_now(socket->node) - get_time(bytes));
    }
}

/* A timer: the next question, or the end. */
static void asker_tick(struct nt_event *event)
{
    struct asker *asker = NT_OWNER(event, struct asker, tick);
    const struct nt_value *words = asker->app->values;
    uint8_t bytes[BYTES] = {0};
    nt_time now = nt_now(event->node);
    if (asker->sent == words[WORD_COUNT].number) {
        asker_end(asker);
        return;
    }
    put_time(bytes, now);
    nt_send(asker->socket, bytes, sizeof bytes);
    asker->sent++;
    nt_arm(event, now + words[WORD_INTERVAL].number);
}

/* Running: somebody typed it. */
static void asker_start(struct nt_app *app)
{
    struct asker *asker = app->state;
    struct nt_endpoint server = {.port = (uint16_t)app->values[WORD_PORT].number};
    asker->app = app;
    asker->kind_answer = nt_kind(app->node, &asker_kinds[0]);
    nt_event_init(&asker->tick, app->node, asker_tick);
    int error = nt_socket_resolve(app->node, app->values[WORD_HOST].text, &server.address);
    if (!error)
        error = nt_socket_open(app->node, app, NT_SOCKET_DATAGRAM, asker_event, asker, &asker->socket);
    if (!error)
        error = nt_connect(asker->socket, &server);
    if (error) {
        fail(app, error);
        return;
    }
    asker_tick(&asker->tick);
}

/* Running: Ctrl-C. */
static void asker_interrupt(struct nt_app *app)
{
    if (app->is_running)
        asker_end(app->state);
}

/* ---- The one that answers ---- */

struct server {
    struct nt_socket *socket;
    int64_t answered;
};

enum { SERVER_PORT };

static const struct nt_param server_params[] = {[SERVER_PORT] = {.name = "--port",
                                                                 .kind = NT_PARAM_INTEGER,
                                                                 .default_text = "7777",
                                                                 .least = 1,
                                                                 .most = 65535,
                                                                 .summary = "port to listen on"},
                                                {0}};

static void server_event(struct nt_socket *socket, uint32_t events)
{
    struct server *server = socket->context;
    struct nt_message how;
    uint8_t bytes[BYTES];
    (void)events;
    for (;;) {
        int64_t count = nt_receive_message(socket, &how, bytes, sizeof bytes, 0);
        if (count < 0)
            return; /* -NT_EAGAIN: nothing more now */
        nt_send_to(socket, &how.peer, bytes, (size_t)count);
        server->answered++;
    }
}

static void server_start(struct nt_app *app)
{
    struct server *server = app->state;
    struct nt_endpoint local = {.port = (uint16_t)app->values[SERVER_PORT].number};
    int error = nt_socket_open(app->node, app, NT_SOCKET_DATAGRAM, server_event, server, &server->socket);
    if (!error)
        error = nt_bind(server->socket, &local);
    if (!error)
        return; /* it runs from now on; events call it */
    fail(app, error);
}

static void server_interrupt(struct nt_app *app)
{
    struct server *server = app->state;
    if (!app->is_running)
        return;
    nt_print(app, "%lld answered\n", (long long)server->answered);
    nt_app_exit(app, 0);
}

/* ---- The types, and the plug-in that brings them ---- */

static const struct nt_app_type asker_type = {
    .size = sizeof(struct nt_app_type),
    .state_bytes = sizeof(struct asker),
    .name = "my-app",
    .summary = "asks a server by UDP, and measures the way there and back",
    .params = asker_params,
    .start = asker_start,
    .interrupt = asker_interrupt,
    .kinds = asker_kinds,
};

static const struct nt_app_type server_type = {
    .size = sizeof(struct nt_app_type),
    .state_bytes = sizeof(struct server),
    .name = "my-app-server",
    .summary = "answers whoever asks by UDP, with the same bytes",
    .params = server_params,
    .start = server_start,
    .interrupt = server_interrupt,
};

static const struct nt_app_type *const apps[] = {&asker_type, &server_type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {
    NT_PLUGIN_BEGIN, .name = "my-app", .summary = "a question and an answer by UDP", .apps = apps};
