/* SPDX-License-Identifier: MIT
 * send-raw: some frames, one after the other at a fixed pace. */
#include "nodes/apps/raw.h"

struct send_raw {
    struct raw_source source;
    struct nt_event next;
    int64_t left; /* frames still to be sent */
    nt_time interval;
};

enum { OPT_TO, OPT_SIZE, OPT_COUNT, OPT_INTERVAL, OPT_FROM };

static const struct nt_param send_raw_params[] = {
    {.name = "--to",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_REQUIRED,
     .summary = "a node's name, an Ethernet address, or broadcast"},
    {.name = "--size",
     .kind = NT_PARAM_BYTES,
     .default_text = "64",
     .least = 64,
     .most = 9018,
     .summary = "bytes of each frame, from destination address to check sequence"},
    {.name = "--count",
     .kind = NT_PARAM_INTEGER,
     .default_text = "1",
     .least = 1,
     .most = INT32_MAX,
     .summary = "frames to send"},
    {.name = "--interval",
     .kind = NT_PARAM_TIME,
     .default_text = "1 s",
     .most = 3600 * NT_SECOND,
     .summary = "time between frames; a bare number is seconds"},
    {.name = "--from", .kind = NT_PARAM_TEXT, .summary = "another source address than one's own, or random"},
    {0}};

static void send_raw_fire(struct nt_event *event)
{
    struct send_raw *send_raw = NT_OWNER(event, struct send_raw, next);
    raw_send(&send_raw->source);
    if (--send_raw->left > 0)
        nt_arm(event, nt_now(event->node) + send_raw->interval);
    else
        nt_app_exit(send_raw->source.app, 0);
}

static void send_raw_start(struct nt_app *app)
{
    struct send_raw *send_raw = app->state;
    const struct nt_value *values = app->values;
    if (!raw_init(&send_raw->source, app, values[OPT_TO].text, values[OPT_FROM].text,
                  values[OPT_SIZE].number)) {
        nt_app_exit(app, 2);
        return;
    }
    send_raw->left = values[OPT_COUNT].number;
    send_raw->interval = values[OPT_INTERVAL].number;
    nt_event_init(&send_raw->next, app->node, send_raw_fire);
    send_raw_fire(&send_raw->next);
}

static void send_raw_interrupt(struct nt_app *app)
{
    struct send_raw *send_raw = app->state;
    nt_disarm(&send_raw->next);
    if (app->is_running)
        nt_app_exit(app, 0);
}

const struct nt_app_type send_raw_app = {.size = sizeof(struct nt_app_type),
                                         .state_bytes = sizeof(struct send_raw),
                                         .name = "send-raw",
                                         .summary = "sends Ethernet frames without any protocol above",
                                         .params = send_raw_params,
                                         .start = send_raw_start,
                                         .interrupt = send_raw_interrupt};
