/* SPDX-License-Identifier: MIT
 * See hub.h. Here is what a hub hears, one delay before it acts upon it; the acting is in hub_states.c. */
#include "nodes/hub.h"

#include "nodes/cable.h"

#define HUB_WHOLE 255 /* a frame has arrived intact; beside enum nt_sense_what */
#define RING_LEAST 16 /* a power of two */

enum { PARAM_DELAY };

static const struct nt_kind hub_kinds[] = {
    [HUB_KIND_STATE] = {"hub.state",
                        "{node} is in state {state}",
                        "IEEE 802.3 9.6.2",
                        NT_KIND_GAUGE | NT_KIND_CHATTER,
                        {{"state", NT_UNIT_WORD, hub_state_words}}},
    [HUB_KIND_REPEAT] = {"hub.repeat",
                         "{node} hears a signal at {port} and repeats it at all other ports",
                         "IEEE 802.3 9.5.5.1",
                         0,
                         {{"delay", NT_UNIT_TIME}}},
    [HUB_KIND_COLLISION] =
        {"hub.collision",
         "{node} hears signals at {signals} ports at once: it jams all ports, so that everybody knows",
         "IEEE 802.3 9.6.2",
         NT_KIND_INTERESTING,
         {{"signals", NT_UNIT_NONE}}},
    [HUB_KIND_RECEIVE_COLLISION] = {"hub.receive_collision",
                                    "{node} hears several signals at {port}: it jams all other ports",
                                    "IEEE 802.3 9.6.2",
                                    NT_KIND_INTERESTING,
                                    {{NULL}}},
    [HUB_KIND_ONE_LEFT] =
        {"hub.one_port_left",
         "only {port} of {node} still hears a signal: no more jam there, it may be an answer to ours",
         "IEEE 802.3 9.6.2",
         0,
         {{NULL}}},
    [HUB_KIND_FRAGMENT] = {"hub.fragment",
                           "what came from {port} of {node} breaks off: at least 96 bits of it are repeated",
                           "IEEE 802.3 9.6.4",
                           0,
                           {{NULL}}},
    [HUB_KIND_PARTITION] = {"hub.partition",
                            "{collisions} collisions in a row at {port} of {node}: the port is partitioned",
                            "IEEE 802.3 9.6.6.2",
                            NT_KIND_INTERESTING,
                            {{"collisions", NT_UNIT_NONE}}},
    [HUB_KIND_RECONNECT] =
        {"hub.reconnect",
         "a frame could be sent to {port} of {node} without a sound from there: the port is back",
         "IEEE 802.3 9.6.6.2",
         NT_KIND_INTERESTING,
         {{NULL}}},
};

static const struct nt_param hub_params[] = {
    {.name = "delay",
     .kind = NT_PARAM_TIME,
     .least = 1000,
     .most = NT_MILLISECOND,
     .summary = "from a signal at one port to the same at the others; 7.5 bit times at 10 Mb/s if not given"},
    {0}};

static void hear_fire(struct nt_event *event);
static void filled_fire(struct nt_event *event);

/* ---- Loading ---- */

static void hub_create(struct nt_node *node, const struct nt_value *values)
{
    struct hub *hub = node->state;
    hub->node = node;
    hub->has_delay = values[PARAM_DELAY].is_given;
    hub->delay = values[PARAM_DELAY].number;
    for (size_t i = 0; i < sizeof hub_kinds / sizeof *hub_kinds; i++)
        hub->kinds[i] = nt_kind(node, &hub_kinds[i]);
    nt_event_init(&hub->hear, node, hear_fire);
    nt_event_init(&hub->filled, node, filled_fire);
}

/* A repeater knows bits of one length, and one direction at a time. */
static void check_cables(struct hub *hub)
{
    struct cable_facts facts, first_facts = {0};
    const struct nt_node *first = NULL;
    for (uint32_t i = 0; i < hub->node->port_count; i++) {
        struct nt_port *cable = hub->node->ports[i]->peer;
        if (!cable || !cable_between(cable, cable, &facts))
            continue;
        if (!facts.is_half_duplex) {
            nt_refuse(cable->node, "duplex",
                      "a hub repeats what it hears, so the cables at \"%s\" are half duplex; write "
                      "\"duplex\": \"half\"",
                      hub->node->name);
        } else if (!first) {
            first = cable->node;
            first_facts = facts;
        } else if (facts.rate_bps != first_facts.rate_bps) {
            nt_refuse(cable->node, "rate",
                      "a hub repeats bits as they come, so all cables at \"%s\" have one rate; this is not "
                      "the rate of \"%s\"",
                      hub->node->name, first->name);
        }
    }
}

static void hub_check(struct nt_node *node)
{
    struct hub *hub = node->state;
    hub->ports = nt_new(node, (node->port_count + 1) * sizeof *hub->ports);
    for (uint32_t i = 0; i < node->port_count; i++) {
        hub->ports[i].port = node->ports[i];
        node->ports[i]->wants_signals = true;
        node->ports[i]->takes_all = true;
    }
    check_cables(hub);
    rule543_check(node);
}

/* Start-up delays between two ports. Clause 9: 7.5 bit times; 27.3.1.3.3: 46, half of what a class II
 * repeater takes for a packet and a jam; 41.2.1.3: 488, half of 976. */
static nt_time delay_at(const struct medium_rate *rate)
{
    if (rate->rate_bps >= INT64_C(1000000000))
        return medium_air_time(rate, 488);
    if (rate->rate_bps >= INT64_C(100000000))
        return medium_air_time(rate, 46);
    return medium_air_time(rate, 75) / 10;
}

static void filled_fire(struct nt_event *event)
{
    hub_decide(event->node->state);
}

/* ---- Hearing ---- */

static void ring_grow(struct hub *hub)
{
    uint32_t capacity = hub->capacity ? hub->capacity * 2 : RING_LEAST;
    struct hub_heard *ring = nt_new(hub->node, capacity * sizeof *ring);
    for (uint32_t i = 0; i < hub->length; i++)
        ring[i] = hub->heard[(hub->first + i) & (hub->capacity - 1)];
    nt_free(hub->node, hub->heard);
    hub->heard = ring;
    hub->capacity = capacity;
    hub->first = 0;
}

/* Remembers what is heard now, for one delay. Takes the reference. */
static void hear(struct hub *hub, const struct nt_port *port, uint8_t what, struct nt_frame *frame)
{
    if (hub->length == hub->capacity)
        ring_grow(hub);
    nt_time at = nt_now(hub->node) + hub->delay;
    hub->heard[(hub->first + hub->length++) & (hub->capacity - 1)] =
        (struct hub_heard){at, frame, nt_cause(hub->node), port->index, what};
    if (hub->length == 1)
        nt_arm(&hub->hear, at);
}

static void replace(struct hub *hub, struct nt_frame **slot, struct nt_frame *frame)
{
    if (*slot)
        nt_frame_unref(hub->node, *slot);
    *slot = frame;
}

static void apply(struct hub *hub, const struct hub_heard *heard)
{
    struct hub_port *port = &hub->ports[heard->port];
    bool is_on = heard->what == NT_SENSE_CARRIER_ON || heard->what == NT_SENSE_COLLISION_ON;
    nt_because(hub->node, heard->cause);
    if (heard->what == HUB_WHOLE) {
        replace(hub, &port->whole, heard->frame);
        port->whole_cause = heard->cause;
    } else if (heard->what == NT_SENSE_COLLISION_ON || heard->what == NT_SENSE_COLLISION_OFF) {
        port->hears_many = is_on;
    } else {
        port->hears = is_on;
    }
    if (heard->what == NT_SENSE_CARRIER_ON)
        replace(hub, &port->frame, heard->frame);
    port->is_fresh = heard->what == NT_SENSE_CARRIER_ON;
    port->was_heard |= is_on;
}

/* Everything of one instant is heard before anything is decided: a frame's end and the silence behind it are
 * one. */
static void hear_fire(struct nt_event *event)
{
    struct hub *hub = NT_OWNER(event, struct hub, hear);
    nt_time now = nt_now(event->node);
    while (hub->length && hub->heard[hub->first].at <= now) {
        apply(hub, &hub->heard[hub->first]);
        hub->first = (hub->first + 1) & (hub->capacity - 1);
        hub->length--;
    }
    if (hub->length)
        nt_arm(&hub->hear, hub->heard[hub->first].at);
    hub_decide(hub);
}

static void hub_sense(struct nt_node *node, struct nt_port *port, const struct nt_sense *sense)
{
    bool has_frame = sense->what == NT_SENSE_CARRIER_ON && sense->frame;
    if (sense->what <= NT_SENSE_COLLISION_OFF)
        hear(node->state, port, (uint8_t)sense->what, has_frame ? nt_frame_ref(sense->frame) : NULL);
}

static void hub_receive(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    hear(node->state, port, HUB_WHOLE, frame);
}

static void hub_line(struct nt_node *node, struct nt_port *port)
{
    struct hub *hub = node->state;
    if (!port->is_up) {
        hub_send_end(hub, &hub->ports[port->index], NULL);
        return;
    }
    hub->rate = medium_rate_of(port->rate_bps);
    if (!hub->has_delay)
        hub->delay = delay_at(&hub->rate);
}

const struct nt_node_type hub_type = {
    .size = sizeof(struct nt_node_type),
    .name = "hub",
    .summary = "a repeater: what arrives at one port leaves at all others, bit by bit",
    .params = hub_params,
    .port_prefix = "port",
    .max_ports = 64,
    .state_bytes = sizeof(struct hub),
    .tables = hub_tables,
    .create = hub_create,
    .check = hub_check,
    .receive = hub_receive,
    .line = hub_line,
    .sense = hub_sense};
