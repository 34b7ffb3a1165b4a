/* SPDX-License-Identifier: MIT
 * See udp_source.h. */
#include "nodes/apps/udp_source.h"

/* "udp-send: bob port 9: Connection refused": the first time, and then it is only counted. */
static void complain(struct udp_source *source, int64_t error)
{
    source->flow->errors++;
    if (source->flow->errors == 1)
        nt_print(source->app, "%s: %s port %u: %s\n", source->app->type->name, source->name,
                 source->target.port, source->socket->node->sockets->error_words((int)error));
}

/* An error about something that was sent, or an answer. */
static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct udp_source *source = socket->context;
    struct nt_message how;
    uint8_t stamp[METER_STAMP_BYTES];
    for (;;) {
        int64_t count = nt_receive_message(socket, &how, stamp, sizeof stamp, 0);
        if (count == -NT_EAGAIN)
            return;
        if (count < 0)
            complain(source, count);
        else
            meter_received(&source->meter, source->flow, &how, stamp, (size_t)count);
    }
}

static bool fail(struct nt_app *app, const char *name, const char *words)
{
    nt_print(app, "%s: %s: %s\n", app->type->name, name, words);
    nt_app_exit(app, 2);
    return false;
}

bool udp_source_open(struct udp_source *source, struct nt_app *app, const char *name, int64_t port,
                     int64_t size_bytes, void (*fire)(struct nt_event *event))
{
    struct nt_node *node = app->node;
    source->app = app;
    source->name = name;
    source->size_bytes = (uint32_t)size_bytes;
    source->target.port = (uint16_t)port;
    nt_event_init(&source->next, node, fire);
    if (nt_socket_resolve(node, name, &source->target.address))
        return fail(app, name, "Name or service not known");
    meter_init(&source->meter, app);
    source->flow = meter_flow(&source->meter, &source->target);
    int error = nt_socket_open(node, app, NT_SOCKET_DATAGRAM, on_event, source, &source->socket);
    if (!error)
        error = nt_socket_set(source->socket, NT_LEVEL_SOCKET, NT_SO_BROADCAST, 1);
    if (!error && source->own_port)
        error = nt_bind(source->socket, &(struct nt_endpoint){.port = source->own_port});
    if (!error)
        error = nt_connect(source->socket, &source->target);
    if (error)
        return fail(app, name, node->sockets->error_words(error));
    source->payload = nt_new(node, source->size_bytes + 1);
    for (uint32_t i = 0; i < source->size_bytes; i++)
        source->payload[i] = (uint8_t)i; /* ping's pattern: the place of a byte is its value */
    return true;
}

void udp_source_send(struct udp_source *source, uint32_t size_bytes)
{
    meter_stamp(source->flow, nt_now(source->app->node), source->payload, size_bytes);
    int64_t sent = nt_send(source->socket, source->payload, size_bytes);
    if (sent == -NT_ECONNREFUSED || sent == -NT_EHOSTUNREACH) {
        complain(source, sent); /* about one that went before; this one has not been tried */
        sent = nt_send(source->socket, source->payload, size_bytes);
    }
    if (sent < 0) {
        complain(source, sent);
        return;
    }
    source->bytes_sent += (uint64_t)sent;
    meter_sent(&source->meter, source->flow, (size_t)sent);
}

void udp_source_end(struct udp_source *source)
{
    const struct meter_flow *flow = source->flow;
    nt_disarm(&source->next);
    nt_print(source->app, "%llu datagram%s sent, %llu bytes; %llu came back; %llu error%s\n",
             (unsigned long long)flow->sent, flow->sent == 1 ? "" : "s",
             (unsigned long long)source->bytes_sent, (unsigned long long)flow->received,
             (unsigned long long)flow->errors, flow->errors == 1 ? "" : "s");
    nt_free(source->app->node, source->payload);
    source->payload = NULL;
    nt_app_exit(source->app, flow->errors ? 1 : 0);
}
