/* SPDX-License-Identifier: MIT
 * A protocol of applications, by both transports: the quote of the day, RFC 865. The server says one sentence to whoever comes, and
 * what the client says is thrown away.
 *
 *     TCP   client connects --> server sends a sentence, and ends       the network repairs what it loses
 *     UDP   client sends an empty datagram --> server answers with one  who wants an answer asks again
 *
 *     bob$ quote-server              alice$ quote bob          alice$ quote bob --udp --tries 3
 *
 *     cc -shared -fPIC $(pkg-config --cflags netarium) quote.c -o quote.so
 *     netarium run quote.json --plugin ./quote.so */
#include <netarium.h>

#include <string.h>

#define PORT "17"     /* RFC 865 */
#define QUOTE_MOST 511 /* octets: RFC 865, "less than 512 characters" */

static const char *const quotes[] = {
    "A frame that is lost has a reason; a reason that is lost costs an afternoon.\r\n",
    "The network is never the problem, until you ask it.\r\n",
    "Whoever measures with one packet has measured one packet.\r\n",
    "Sequence numbers wrap. So do opinions; only the former is in the standard.\r\n",
    "There is no such thing as a short queue that nobody looks after.\r\n",
};
#define QUOTES (sizeof quotes / sizeof quotes[0])

/* The kinds of facts that both tell. */
enum { HEARD, ASKED_AGAIN, GIVEN };
static const struct nt_kind kinds[] = {
    [HEARD] = {.name = "quote.heard", .sentence = "{node} hears after {wait}: {words}", .clause = "RFC 865",
               .flags = NT_KIND_GAUGE, /* `wait` can be plotted */
               .fields = {{"wait", NT_UNIT_TIME}, {"bytes", NT_UNIT_BYTES}, {"words", NT_UNIT_TEXT}}},
    [ASKED_AGAIN] = {.name = "quote.asked_again", .sentence = "{node} has no answer to question {question}, and asks again",
                     .flags = NT_KIND_INTERESTING, .fields = {{"question", NT_UNIT_NONE}}},
    [GIVEN] = {.name = "quote.given", .sentence = "{node} says quote {number} to {peer}", .clause = "RFC 865",
               .fields = {{"number", NT_UNIT_NONE}, {"peer", NT_UNIT_IPV4}}},
    {0}};

/* A call of the network said no: `error` is a negative enum nt_error. */
static void fail(struct nt_app *app, int64_t error)
{
    const struct nt_sockets *sockets = app->node->sockets;
    nt_print(app, "%s: %s\n", app->type->name, sockets ? sockets->error_words((int)error) : "this node has no sockets");
    nt_app_exit(app, 2); /* which closes its sockets */
}

/* ---- The server: a listener, and a socket for datagrams ---- */

struct server {
    struct nt_app *app;
    struct nt_socket *listener, *datagrams;
    struct nt_random dice;
    int64_t given;
};

static const char *pick(struct server *server, const struct nt_endpoint *peer)
{
    struct nt_node *node = server->app->node;
    uint32_t number = nt_random_below(node, &server->dice, QUOTES);
    const uint8_t *bytes = peer->address.bytes;
    int64_t address = (int64_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
    server->given++;
    nt_tell(node, nt_kind(node, &kinds[GIVEN]), NULL, 0, number + 1, address);
    return quotes[number];
}

/* A connection, when something has happened on it. What the client says is thrown away; when it ends, we do. */
static void guest_event(struct nt_socket *guest, uint32_t events)
{
    uint8_t bytes[QUOTE_MOST];
    int64_t count;
    (void)events;
    do
        count = nt_receive(guest, bytes, sizeof bytes);
    while (count > 0);
    if (count != -NT_EAGAIN)
        nt_socket_close(guest);
}

static void listener_event(struct nt_socket *listener, uint32_t events)
{
    struct server *server = listener->context;
    struct nt_socket *guest;
    (void)events;
    while (nt_accept(listener, guest_event, server, &guest) == 0) {
        struct nt_endpoint local, peer;
        nt_socket_names(guest, &local, &peer);
        const char *quote = pick(server, &peer);
        nt_send(guest, quote, strlen(quote));          /* a new connection has room for so little */
        nt_socket_shutdown(guest, NT_SHUTDOWN_SEND);   /* RFC 865: the service closes after sending the quote */
        guest_event(guest, nt_socket_ready(guest));    /* what was there before we accepted is told by nobody else */
    }
}

static void datagram_event(struct nt_socket *socket, uint32_t events)
{
    struct server *server = socket->context;
    struct nt_message how;
    uint8_t bytes[1];
    (void)events;
    while (nt_receive_message(socket, &how, bytes, sizeof bytes, 0) >= 0) {
        const char *quote = pick(server, &how.peer);
        nt_send_to(socket, &how.peer, quote, strlen(quote)); /* if this is lost, the client asks again */
    }
}

enum { SERVER_PORT };
static const struct nt_param server_params[] = {
    [SERVER_PORT] = {.name = "--port", .kind = NT_PARAM_INTEGER, .default_text = PORT, .least = 1, .most = 65535,
                     .summary = "port to listen on, by TCP and by UDP"},
    {0}};

static void server_start(struct nt_app *app)
{
    struct server *server = app->state;
    struct nt_endpoint local = {.port = (uint16_t)app->values[SERVER_PORT].number};
    server->app = app;
    nt_random_init(app->node, &server->dice, "quotes");
    int error = nt_socket_open(app->node, app, NT_SOCKET_STREAM, listener_event, server, &server->listener);
    if (!error)
        error = nt_bind(server->listener, &local);
    if (!error)
        error = nt_listen(server->listener, 16);
    if (!error)
        error = nt_socket_open(app->node, app, NT_SOCKET_DATAGRAM, datagram_event, server, &server->datagrams);
    if (!error)
        error = nt_bind(server->datagrams, &local);
    if (error)
        fail(app, error); /* else it runs from now on: the sockets' events call it */
}

static void server_interrupt(struct nt_app *app)
{
    nt_print(app, "%lld quotes given\n", (long long)((struct server *)app->state)->given);
    nt_app_exit(app, 0);
}

/* ---- The client ---- */

struct client {
    struct nt_app *app;
    struct nt_socket *socket;
    struct nt_event patience; /* fires when there was no answer for too long */
    int64_t questions;
    size_t length;
    char quote[QUOTE_MOST + 1]; /* as much of it as has come */
};

enum { WORD_HOST, WORD_UDP, WORD_WAIT, WORD_TRIES, WORD_PORT };
static const struct nt_param client_params[] = {
    [WORD_HOST] = {.name = "host", .kind = NT_PARAM_NODE, .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED, .summary = "whom to ask"},
    [WORD_UDP] = {.name = "--udp", .kind = NT_PARAM_BOOLEAN, .summary = "by UDP; without it by TCP"},
    [WORD_WAIT] = {.name = "--wait", .kind = NT_PARAM_TIME, .default_text = "2 s", .least = NT_MICROSECOND, .most = 3600 * NT_SECOND,
                   .summary = "how long to wait for an answer"},
    [WORD_TRIES] = {.name = "--tries", .kind = NT_PARAM_INTEGER, .default_text = "1", .least = 1, .most = 1000,
                    .summary = "UDP: how often to ask"},
    [WORD_PORT] = {.name = "--port", .kind = NT_PARAM_INTEGER, .default_text = PORT, .least = 1, .most = 65535, .summary = "port of the server"},
    {0}};

/* The words may be read together before anything starts. */
static bool client_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    static const char why[] = "--tries is for UDP: TCP asks again by itself";
    (void)node;
    if (!values[WORD_TRIES].is_given || values[WORD_UDP].number)
        return true;
    memcpy(ret_why->text, why, sizeof why);
    return false;
}

static void client_heard(struct client *client)
{
    struct nt_app *app = client->app;
    nt_time wait = nt_now(app->node) - app->started_at;
    client->length = strcspn(client->quote, "\r\n");
    client->quote[client->length] = '\0';
    nt_tell(app->node, nt_kind(app->node, &kinds[HEARD]), NULL, 0, wait, (int64_t)client->length,
            (int64_t)nt_text(app->node, client->quote));
    nt_print(app, "%s\n", client->quote);
    nt_disarm(&client->patience);
    nt_app_exit(app, 0);
}

/* TCP brings the sentence in as many pieces as it likes: it is whole when the server ends. UDP brings it whole. */
static void client_event(struct nt_socket *socket, uint32_t events)
{
    struct client *client = socket->context;
    bool is_udp = client->app->values[WORD_UDP].number;
    int64_t count = 0, error = 0;
    (void)events;
    while (client->length < QUOTE_MOST &&
           (count = nt_receive(socket, client->quote + client->length, QUOTE_MOST - client->length)) > 0) {
        client->length += (size_t)count;
        if (is_udp)
            break;
    }
    if (is_udp ? count > 0 : count == 0 || client->length == QUOTE_MOST) {
        client_heard(client);
        return;
    }
    nt_socket_get(socket, NT_LEVEL_SOCKET, NT_SO_ERROR, &error);
    if (count != -NT_EAGAIN || error) {
        nt_disarm(&client->patience);
        fail(client->app, error ? -error : count);
    }
}

static void client_ask(struct client *client)
{
    if (client->app->values[WORD_UDP].number)
        nt_send(client->socket, "", 0); /* RFC 865: what is in it is ignored. A connection is a question already */
    client->questions++;
    nt_arm(&client->patience, nt_now(client->app->node) + client->app->values[WORD_WAIT].number);
}

static void client_give_up(struct nt_event *event)
{
    struct client *client = NT_OWNER(event, struct client, patience);
    struct nt_app *app = client->app;
    if (client->questions < app->values[WORD_TRIES].number) {
        nt_tell(app->node, nt_kind(app->node, &kinds[ASKED_AGAIN]), NULL, 0, client->questions);
        client_ask(client);
        return;
    }
    nt_print(app, "quote: no answer\n");
    nt_app_exit(app, 1);
}

static void client_start(struct nt_app *app)
{
    struct client *client = app->state;
    struct nt_endpoint server = {.port = (uint16_t)app->values[WORD_PORT].number};
    enum nt_socket_kind kind = app->values[WORD_UDP].number ? NT_SOCKET_DATAGRAM : NT_SOCKET_STREAM;
    client->app = app;
    nt_event_init(&client->patience, app->node, client_give_up);
    int error = nt_socket_resolve(app->node, app->values[WORD_HOST].text, &server.address);
    if (!error)
        error = nt_socket_open(app->node, app, kind, client_event, client, &client->socket);
    if (!error)
        error = nt_connect(client->socket, &server);
    if (error && error != -NT_EINPROGRESS) /* which is how a connection begins */
        fail(app, error);
    else
        client_ask(client);
}

static void client_interrupt(struct nt_app *app)
{
    nt_disarm(&((struct client *)app->state)->patience);
    nt_app_exit(app, 1);
}

/* ---- The types, and the plug-in that brings them ---- */

static const struct nt_app_type server_type = {.size = sizeof server_type, .state_bytes = sizeof(struct server), .name = "quote-server",
                                               .summary = "says a sentence to whoever asks (RFC 865)", .params = server_params,
                                               .start = server_start, .interrupt = server_interrupt, .kinds = kinds};
static const struct nt_app_type client_type = {.size = sizeof client_type, .state_bytes = sizeof(struct client), .name = "quote",
                                               .summary = "asks a server for the quote of the day", .params = client_params,
                                               .check = client_check, .start = client_start, .interrupt = client_interrupt, .kinds = kinds};
static const struct nt_app_type *const apps[] = {&server_type, &client_type, NULL};

NT_PLUGIN_EXPORT const struct nt_plugin netarium_plugin = {NT_PLUGIN_BEGIN, .name = "quote", .summary = "the quote of the day, RFC 865", .apps = apps};
