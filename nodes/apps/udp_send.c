/* SPDX-License-Identifier: MIT
 * udp-send: so many datagrams, or so many bytes, at a fixed interval.
 *
 *     start --> 1 --> (interval) --> 2 ... the last --> wait for what may come back --> summary */
#include "nodes/apps/udp_source.h"

#include <stdio.h>

struct udp_send {
    struct udp_source source; /* first */
    uint64_t bytes_left;
    nt_time interval, wait;
};

enum { OPT_COUNT = UDP_SOURCE_OPTIONS, OPT_BYTES, OPT_INTERVAL, OPT_WAIT, OPT_SOURCE_PORT };

static const struct nt_param udp_send_params[] = {
    UDP_SOURCE_PARAMS("64"),
    {.name = "--count",
     .kind = NT_PARAM_INTEGER,
     .least = 1,
     .most = INT32_MAX,
     .summary = "datagrams to send; 1, if neither this nor --bytes is given"},
    {.name = "--bytes",
     .kind = NT_PARAM_BYTES,
     .least = 1,
     .most = INT64_C(1000000000000),
     .summary = "bytes to send in all; the last datagram takes what is left"},
    {.name = "--interval",
     .kind = NT_PARAM_TIME,
     .default_text = "10 ms",
     .most = 3600 * NT_SECOND,
     .summary = "time between datagrams"},
    {.name = "--wait",
     .kind = NT_PARAM_TIME,
     .default_text = "1 s",
     .most = 3600 * NT_SECOND,
     .summary = "how long to listen for answers and errors after the last one"},
    {.name = "--source-port",
     .kind = NT_PARAM_INTEGER,
     .least = 1,
     .most = 65535,
     .summary = "our own port; one of the dynamic range if not given"},
    {0}};

static bool udp_send_check(const struct nt_node *node, const struct nt_value *values, struct nt_why *ret_why)
{
    const char *why = NULL;
    if (values[OPT_COUNT].is_given && values[OPT_BYTES].is_given)
        why = "--count and --bytes both say how much to send; one of them is enough";
    else if (values[OPT_BYTES].is_given && !values[UDP_SOURCE_SIZE].number)
        why = "--bytes cannot be sent in datagrams of --size 0";
    if (why)
        snprintf(ret_why->text, sizeof ret_why->text, "%s", why);
    return !why;
}

static void udp_send_fire(struct nt_event *event)
{
    struct udp_send *send = NT_OWNER(event, struct udp_send, source.next);
    if (!send->bytes_left) {
        udp_source_end(&send->source);
        return;
    }
    uint32_t size = send->source.size_bytes;
    uint32_t now_bytes = send->bytes_left < size ? (uint32_t)send->bytes_left : size;
    udp_source_send(&send->source, now_bytes);
    send->bytes_left -= size ? now_bytes : 1;
    nt_arm(event, nt_now(event->node) + (send->bytes_left ? send->interval : send->wait));
}

static void udp_send_start(struct nt_app *app)
{
    struct udp_send *send = app->state;
    const struct nt_value *values = app->values;
    uint64_t size = (uint64_t)values[UDP_SOURCE_SIZE].number;
    uint64_t count = values[OPT_COUNT].is_given ? (uint64_t)values[OPT_COUNT].number : 1;
    send->bytes_left =
        values[OPT_BYTES].is_given ? (uint64_t)values[OPT_BYTES].number : count * (size ? size : 1);
    send->interval = values[OPT_INTERVAL].number;
    send->wait = values[OPT_WAIT].number;
    send->source.own_port = (uint16_t)values[OPT_SOURCE_PORT].number;
    if (udp_source_open(&send->source, app, values[UDP_SOURCE_HOST].text, values[UDP_SOURCE_PORT].number,
                        (int64_t)size, udp_send_fire))
        udp_send_fire(&send->source.next);
}

static void udp_send_interrupt(struct nt_app *app)
{
    if (app->is_running)
        udp_source_end(app->state);
}

const struct nt_app_type udp_send_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct udp_send),
                                         .name = "udp-send",
                                         .summary = "sends UDP datagrams and tells what comes back",
                                         .params = udp_send_params,
                                         .check = udp_send_check,
                                         .start = udp_send_start,
                                         .interrupt = udp_send_interrupt,
                                         .kinds = meter_kinds};
