/* SPDX-License-Identifier: MIT
 * load: a station that always has something to say. The next frame is offered as soon as the last one has
 * left (or was given up), at once or after a pause drawn from an exponential distribution: the greedy and the
 * pausing stations of the classic measurements of Ethernet. */
#include "nodes/apps/raw.h"

struct load {
    struct raw_source source;
    struct nt_event next;
    struct nic_waiter waiter;
    nt_time pause;    /* mean; 0: greedy */
    nt_time air_time; /* full duplex: how long a frame and its gap take */
    uint64_t sent, given_up;
};

enum { OPT_TO, OPT_SIZE, OPT_PAUSE };

static const struct nt_param load_params[] = {
    {.name = "--to",
     .kind = NT_PARAM_TEXT,
     .flags = NT_PARAM_REQUIRED,
     .summary = "a node's name, an Ethernet address, or broadcast"},
    {.name = "--size",
     .kind = NT_PARAM_BYTES,
     .default_text = "1518",
     .least = 64,
     .most = 9018,
     .summary = "bytes of each frame, from destination address to check sequence"},
    {.name = "--pause",
     .kind = NT_PARAM_TIME,
     .default_text = "0 s",
     .most = 3600 * NT_SECOND,
     .summary = "mean of the exponential pause before the next frame; none: greedy"},
    {0}};

static void load_fire(struct nt_event *event)
{
    struct load *load = NT_OWNER(event, struct load, next);
    struct nic *nic = &load->source.interface->nic;
    raw_send(&load->source);
    if (nic->port->is_half_duplex && nic->port->is_up)
        return; /* load_done goes on */
    nt_time pause = load->pause ? nt_random_exponential(event->node, &load->source.random, load->pause) : 0;
    nt_arm(event, nt_now(event->node) + load->air_time + pause);
}

/* A frame has left the shared line: the next one is due. */
static void load_done(struct nic_waiter *waiter, struct nic *nic, bool is_sent)
{
    struct load *load = NT_OWNER(waiter, struct load, waiter);
    struct nt_node *node = nic->port->node;
    *(is_sent ? &load->sent : &load->given_up) += 1;
    nt_time pause = load->pause ? nt_random_exponential(node, &load->source.random, load->pause) : 0;
    if (load->source.app->is_running && !nt_is_armed(&load->next))
        nt_arm(&load->next, nt_now(node) + pause);
}

static void load_start(struct nt_app *app)
{
    struct load *load = app->state;
    const struct nt_value *values = app->values;
    if (!raw_init(&load->source, app, values[OPT_TO].text, NULL, values[OPT_SIZE].number)) {
        nt_app_exit(app, 2);
        return;
    }
    struct nic *nic = &load->source.interface->nic;
    int64_t bits = 8 * (values[OPT_SIZE].number + ETHERNET_PREAMBLE + ETHERNET_GAP);
    load->pause = values[OPT_PAUSE].number;
    load->air_time =
        nic->port->rate_bps ? (nt_time)((__int128)bits * NT_SECOND / nic->port->rate_bps) : NT_SECOND;
    load->waiter.done = load_done;
    nic->waiter = &load->waiter;
    nt_event_init(&load->next, app->node, load_fire);
    load_fire(&load->next);
}

static void load_interrupt(struct nt_app *app)
{
    struct load *load = app->state;
    nt_disarm(&load->next);
    nt_print(app, "%llu frames sent, %llu given up\n", (unsigned long long)load->sent,
             (unsigned long long)load->given_up);
    if (app->is_running)
        nt_app_exit(app, 0);
}

const struct nt_app_type load_app = {
    .size = sizeof(struct nt_app_type),
    .state_bytes = sizeof(struct load),
    .name = "load",
    .summary = "always has the next frame ready: a greedy station, or one that pauses",
    .params = load_params,
    .start = load_start,
    .interrupt = load_interrupt};
