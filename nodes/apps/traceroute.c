/* SPDX-License-Identifier: MIT
 * See traceroute.h.
 *
 *     time to live 1:   probe --> r1: time exceeded         " 1  10.0.1.1  0.3 ms"
 *     time to live 2:   probe --> r1 --> r2: time exceeded  " 2  10.0.12.2  0.7 ms"
 *     time to live 3:   probe --> r1 --> r2 --> bob: port unreachable, and that is the end
 *
 * A router that takes the last hop from a datagram's time to live has to say so to its sender (RFC
 * 1812 5.3.1), and that reveals it. Probes are UDP datagrams to ports where nobody listens, 33434 and up, one
 * port for each, so that the quote in the answer tells which probe it is about; or, with -I, ICMP echoes,
 * told apart by their sequence numbers. One probe is out at a time; what does not answer within the waiting
 * time is a star. */
#include "nodes/apps/traceroute.h"

#include <stdio.h>
#include <string.h>

#include "nodes/stack.h"

#define IP_AND_UDP_BYTES 28
#define LINE_SIZE 1000 /* of one hop */

struct traceroute {
    struct nt_app *app;
    struct nt_socket *socket;      /* UDP probes */
    struct icmp_listener listener; /* ICMP probes */
    struct nt_event late;          /* the present probe has had its time */
    const char *name;              /* the target as typed */
    struct nt_address target;
    uint32_t hop, last_hop, probe, probes; /* hop: time to live now; probe: of this hop, from 0 */
    uint32_t sequence;                     /* probes sent so far */
    uint16_t first_port;
    uint32_t data_bytes;
    nt_time wait, sent_at;
    bool is_numeric, uses_icmp;
    bool is_there;              /* an answer came from where no further hop is */
    struct nt_address reporter; /* the last one that is named in the line */
    char line[LINE_SIZE];
    size_t length;
};

enum { OPT_FIRST, OPT_MOST, OPT_PROBES, OPT_WAIT, OPT_PORT, OPT_NUMERIC, OPT_ICMP, OPT_HOST, OPT_BYTES };

static const struct nt_param traceroute_params[] = {
    {.name = "-f",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = 255,
     .summary = "time to live of the first probes"},
    {.name = "-m",
     .kind = NT_PARAM_INTEGER,
     .default_text = "30",
     .least = 1,
     .most = 255,
     .summary = "time to live of the last probes"},
    {.name = "-q",
     .kind = NT_PARAM_INTEGER,
     .default_text = "3",
     .least = 1,
     .most = 10,
     .summary = "probes for each hop"},
    {.name = "-w",
     .kind = NT_PARAM_TIME,
     .default_text = "5 s",
     .least = NT_MICROSECOND,
     .most = 3600 * NT_SECOND,
     .summary = "how long to wait for an answer; a bare number is seconds"},
    {.name = "-p",
     .kind = NT_PARAM_INTEGER,
     .default_text = "33434",
     .least = 1,
     .most = 60000,
     .summary = "port of the first probe; each one takes the next"},
    {.name = "-n", .kind = NT_PARAM_BOOLEAN, .summary = "print addresses, no names"},
    {.name = "-I", .kind = NT_PARAM_BOOLEAN, .summary = "probe with ICMP echoes"},
    {.name = "host",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_POSITIONAL | NT_PARAM_REQUIRED | NT_PARAM_HOST,
     .summary = "a node's name or an address"},
    {.name = "packetlen",
     .kind = NT_PARAM_BYTES,
     .flags = NT_PARAM_POSITIONAL,
     .default_text = "60",
     .least = IP_AND_UDP_BYTES,
     .most = 65000,
     .summary = "bytes of each probe, headers included"},
    {0}};

static bool traceroute_check(const struct nt_node *node, const struct nt_value *values,
                             struct nt_why *ret_why)
{
    if (values[OPT_FIRST].number <= values[OPT_MOST].number)
        return true;
    snprintf(ret_why->text, sizeof ret_why->text,
             "the first time to live, -f %s, is more than the last, -m %s", values[OPT_FIRST].text,
             values[OPT_MOST].text);
    return false;
}

/* ---- The line ---- */

static void __attribute__((format(printf, 2, 3))) add(struct traceroute *trace, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written =
        vsnprintf(trace->line + trace->length, sizeof trace->line - trace->length, format, arguments);
    va_end(arguments);
    trace->length += (size_t)written;
    if (trace->length >= sizeof trace->line)
        trace->length = sizeof trace->line - 1;
}

static bool is_same(const struct nt_address *a, const struct nt_address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* "bob (10.0.0.2)"; a router whose name is not known is called by its address. With -n only the address. */
static void add_reporter(struct traceroute *trace, const struct nt_address *reporter)
{
    char shown[48];
    if (trace->reporter.family && is_same(&trace->reporter, reporter))
        return;
    trace->app->node->sockets->show(reporter, shown, sizeof shown);
    if (trace->is_numeric)
        add(trace, " %s", shown);
    else
        add(trace, " %s (%s)", is_same(reporter, &trace->target) ? trace->name : shown, shown);
    trace->reporter = *reporter;
}

/* traceroute's marks for what is not simply "time exceeded" or "port unreachable". */
static void add_mark(struct traceroute *trace, uint8_t type, uint8_t code)
{
    if (type != ICMP_UNREACHABLE || code == ICMP_PORT_UNREACHABLE)
        return;
    if (code == ICMP_NET_UNREACHABLE)
        add(trace, " !N");
    else if (code == ICMP_HOST_UNREACHABLE)
        add(trace, " !H");
    else if (code == ICMP_PROTOCOL_UNREACHABLE)
        add(trace, " !P");
    else if (code == ICMP_FRAGMENTATION_NEEDED)
        add(trace, " !F");
    else if (code == ICMP_ADMINISTRATIVELY_PROHIBITED)
        add(trace, " !X");
    else
        add(trace, " !%u", code);
}

/* ---- One probe after the other ---- */

static void trace_end(struct traceroute *trace, int status)
{
    nt_disarm(&trace->late);
    if (trace->uses_icmp)
        icmp_unlisten(stack_icmp(stack_of(trace->app->node)), &trace->listener);
    nt_app_exit(trace->app, status);
}

static int send_udp(struct traceroute *trace)
{
    static const uint8_t nothing[65000];
    struct nt_message how = {.ttl = (uint8_t)trace->hop};
    how.peer = (struct nt_endpoint){trace->target, (uint16_t)(trace->first_port + trace->sequence)};
    int64_t sent = nt_send_message(trace->socket, &how, nothing, trace->data_bytes, 0);
    return sent < 0 ? (int)sent : 0;
}

static int send_icmp(struct traceroute *trace)
{
    struct icmp_echo_request request = {.destination = {bytes_u32(trace->target.bytes)},
                                        .id = trace->listener.id,
                                        .sequence = (uint16_t)trace->sequence,
                                        .ttl = (uint8_t)trace->hop,
                                        .data_bytes = trace->data_bytes};
    return icmp_send_echo(stack_icmp(stack_of(trace->app->node)), &request) == IPV4_SENT ? 0 : -NT_ENETUNREACH;
}

static void send_probe(struct traceroute *trace)
{
    struct nt_node *node = trace->app->node;
    if (trace->probe == 0) {
        trace->length = 0;
        trace->reporter = (struct nt_address){0};
        add(trace, "%2u ", trace->hop);
    }
    trace->sequence++;
    trace->sent_at = nt_now(node);
    int error = trace->uses_icmp ? send_icmp(trace) : send_udp(trace);
    if (error) {
        nt_print(trace->app, "%s\n", trace->line);
        nt_print(trace->app, "send: %s\n", node->sockets->error_words(error));
        trace_end(trace, 1);
        return;
    }
    nt_arm(&trace->late, nt_now(node) + trace->wait);
}

/* The present probe is over, answered or not. */
static void next_probe(struct traceroute *trace)
{
    nt_disarm(&trace->late);
    if (++trace->probe == trace->probes) {
        nt_print(trace->app, "%s\n", trace->line);
        trace->probe = 0;
        trace->hop++;
        if (trace->is_there || trace->hop > trace->last_hop) {
            trace_end(trace, 0);
            return;
        }
    }
    send_probe(trace);
}

static void late_fire(struct nt_event *event)
{
    struct traceroute *trace = NT_OWNER(event, struct traceroute, late);
    add(trace, " *");
    next_probe(trace);
}

/* Somebody answered the probe with this number. `type` is of the ICMP message. */
static void take_answer(struct traceroute *trace, uint32_t sequence, const struct nt_address *reporter,
                        uint8_t type, uint8_t code)
{
    nt_time now = nt_now(trace->app->node);
    if (sequence != trace->sequence || !nt_is_armed(&trace->late))
        return; /* too late: it has its star already */
    int64_t us = (now - trace->sent_at) / NT_MICROSECOND;
    add_reporter(trace, reporter);
    add(trace, "  %lld.%03lld ms", (long long)(us / 1000), (long long)(us % 1000));
    add_mark(trace, type, code);
    trace->is_there |= type != ICMP_TIME_EXCEEDED;
    next_probe(trace);
}

/* ---- What comes back ---- */

static void on_event(struct nt_socket *socket, uint32_t events)
{
    struct traceroute *trace = socket->context;
    struct nt_app *app = trace->app;
    struct nt_socket_error error;
    struct nt_message how;
    int64_t pending;
    nt_socket_get(socket, NT_LEVEL_SOCKET, NT_SO_ERROR,
                  &pending); /* it is in the queue, with all that matters */
    while (app->is_running && nt_socket_take_error(socket, &error) == 0) {
        uint32_t sequence = (uint32_t)(error.target.port - trace->first_port);
        if (is_same(&error.target.address, &trace->target))
            take_answer(trace, sequence, &error.reporter, error.type, error.code);
    }
    while (app->is_running) {
        int64_t count = nt_receive_message(socket, &how, NULL, 0, 0);
        if (count == -NT_EAGAIN)
            return;
        if (count >= 0) /* somebody listens on that port after all: it is the target itself */
            take_answer(trace, (uint32_t)(how.peer.port - trace->first_port), &how.peer.address,
                        ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
    }
}

static void on_reply(struct icmp_listener *listener, const struct icmp_echo *echo)
{
    struct traceroute *trace = NT_OWNER(listener, struct traceroute, listener);
    take_answer(trace, echo->sequence, &trace->target, ICMP_ECHO_REPLY, 0);
}

static void on_error(struct icmp_listener *listener, uint16_t sequence, const struct ipv4_error *error)
{
    struct traceroute *trace = NT_OWNER(listener, struct traceroute, listener);
    struct nt_address reporter = {.family = NT_FAMILY_IPV4};
    bytes_put_u32(reporter.bytes, error->reporter.value);
    take_answer(trace, sequence, &reporter, error->type, error->code);
}

/* ---- The beginning ---- */

static int open_probes(struct traceroute *trace)
{
    struct nt_node *node = trace->app->node;
    if (trace->uses_icmp) {
        trace->listener = (struct icmp_listener){.reply = on_reply, .error = on_error};
        icmp_listen(stack_icmp(stack_of(node)), &trace->listener);
        return 0;
    }
    int error = nt_socket_open(node, trace->app, NT_SOCKET_DATAGRAM, on_event, trace, &trace->socket);
    return error ? error : nt_socket_set(trace->socket, NT_LEVEL_IP, NT_IP_ERRORS, 1);
}

static void traceroute_start(struct nt_app *app)
{
    struct traceroute *trace = app->state;
    const struct nt_value *values = app->values;
    char shown[48];
    trace->app = app;
    trace->name = values[OPT_HOST].text;
    trace->hop = (uint32_t)values[OPT_FIRST].number;
    trace->last_hop = (uint32_t)values[OPT_MOST].number;
    trace->probes = (uint32_t)values[OPT_PROBES].number;
    trace->first_port = (uint16_t)(values[OPT_PORT].number - 1); /* the first probe is number 1 */
    trace->data_bytes = (uint32_t)values[OPT_BYTES].number - IP_AND_UDP_BYTES;
    trace->wait = values[OPT_WAIT].number;
    trace->is_numeric = values[OPT_NUMERIC].is_given;
    trace->uses_icmp = values[OPT_ICMP].is_given;
    nt_event_init(&trace->late, app->node, late_fire);
    if (nt_socket_resolve(app->node, trace->name, &trace->target)) {
        nt_print(app, "%s: Name or service not known\n", trace->name);
        nt_app_exit(app, 2);
        return;
    }
    app->node->sockets->show(&trace->target, shown, sizeof shown);
    nt_print(app, "traceroute to %s (%s), %u hops max, %lld byte packets\n", trace->name, shown,
             trace->last_hop, (long long)values[OPT_BYTES].number);
    if (open_probes(trace) == 0)
        send_probe(trace);
}

static void traceroute_interrupt(struct nt_app *app)
{
    struct traceroute *trace = app->state;
    if (!app->is_running)
        return;
    if (trace->length)
        nt_print(app, "%s\n", trace->line);
    trace_end(trace, 1);
}

const struct nt_app_type traceroute_app = {.size = sizeof(struct nt_app_type),
                                           .state_bytes = sizeof(struct traceroute),
                                           .name = "traceroute",
                                           .summary = "makes each router on the way to a host name itself",
                                           .params = traceroute_params,
                                           .check = traceroute_check,
                                           .start = traceroute_start,
                                           .interrupt = traceroute_interrupt};
