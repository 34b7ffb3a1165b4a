/* SPDX-License-Identifier: MIT
 * See hub.h: the repeater's states. Each has a step that says what follows from what is heard; they are asked
 * until nothing follows any more. */
#include "nodes/hub.h"

#include <assert.h>

#define FRAGMENT_BITS 96   /* IEEE 802.3 9.6.4: shorter ones are extended to this */
#define COLLISION_LIMIT 30 /* IEEE 802.3 9.6.6.2: more in a row partition the port */
#define GOOD_BITS 512      /* IEEE 802.3 9.6.6.2: so much without collision is a good frame */

const char *const hub_state_words[] = {"IDLE",          "REPEAT", "RECEIVE_COLLISION", "TRANSMIT_COLLISION",
                                       "ONE_PORT_LEFT", NULL};

static bool step_idle(struct hub *hub);
static bool step_repeat(struct hub *hub);
static bool step_collision(struct hub *hub);
static bool step_one_left(struct hub *hub);

/* Why a frame that arrived was not repeated. */
static const char *reason_of(const struct hub *hub, const struct hub_port *port)
{
    if (port->is_partitioned)
        return "its port of the hub is partitioned";
    return hub->is_fragment && port == &hub->ports[hub->source] ? "the hub missed its beginning"
                                                                : "it collided in the hub";
}

void hub_decide(struct hub *hub)
{
    static bool (*const steps[HUB_STATES])(struct hub *) = {step_idle, step_repeat, step_repeat,
                                                            step_collision, step_one_left};
    while (steps[hub->state](hub))
        ;
    for (uint32_t i = 0; i < hub->node->port_count; i++) {
        struct hub_port *port = &hub->ports[i];
        port->is_fresh = false;
        if (!port->whole || port->hears)
            continue;
        nt_discard(port->port, port->whole, reason_of(hub, port));
        port->whole = NULL;
    }
}

/* ---- Sending ---- */

static uint32_t bits_sent(const struct hub *hub, const struct hub_port *port)
{
    nt_time elapsed = nt_now(hub->node) - port->began_at;
    return (uint32_t)((__int128)elapsed * hub->rate.rate_bps / NT_SECOND);
}

/* `frame` NULL: a jam. */
static void send_begin(struct hub *hub, struct hub_port *port, struct nt_frame *frame)
{
    if (port->sends || !port->port->is_up)
        return;
    struct nt_sense sense = {.what = NT_SENSE_TX_START, .frame = frame};
    port->sends = true;
    port->was_heard = port->hears;
    port->began_at = nt_now(hub->node);
    nt_signal(port->port, &sense);
}

/* With `frame`: it was whole. */
void hub_send_end(struct hub *hub, struct hub_port *port, struct nt_frame *frame)
{
    if (!port->sends)
        return;
    struct nt_sense sense = {.what = NT_SENSE_TX_END, .frame = frame, .bits = bits_sent(hub, port)};
    port->sends = false;
    nt_signal(port->port, &sense);
}

static void send_end_all(struct hub *hub, struct nt_frame *frame)
{
    for (uint32_t i = 0; i < hub->node->port_count; i++)
        hub_send_end(hub, &hub->ports[i], frame);
}

/* Are at least 96 bits out at every port? If not, comes back when they are. IEEE 802.3 9.6.4 */
static bool is_filled(struct hub *hub)
{
    nt_time least = medium_air_time(&hub->rate, FRAGMENT_BITS), filled_at = 0;
    for (uint32_t i = 0; i < hub->node->port_count; i++)
        if (hub->ports[i].sends && hub->ports[i].began_at + least > filled_at)
            filled_at = hub->ports[i].began_at + least;
    if (filled_at <= nt_now(hub->node))
        return true;
    nt_arm(&hub->filled, filled_at);
    return false;
}

/* ---- Partition: IEEE 802.3 9.6.6 ---- */

static void count_collision(struct hub *hub, struct hub_port *port)
{
    if (port->is_counted || port->is_partitioned)
        return;
    port->is_counted = true;
    port->collisions++;
    if (++port->in_a_row <= COLLISION_LIMIT)
        return;
    port->is_partitioned = true;
    port->partitions++;
    nt_tell(hub->node, hub->kinds[HUB_KIND_PARTITION], port->port, 0, port->in_a_row);
}

/* A frame was repeated to its end: who had part in it is in order.
 * Simplified: a port is not partitioned for one collision without end (Tw6), and comes back by being sent to
 * only. */
static void count_good(struct hub *hub)
{
    for (uint32_t i = 0; i < hub->node->port_count; i++) {
        struct hub_port *port = &hub->ports[i];
        bool was_sent_to = port->sends && !port->was_heard && bits_sent(hub, port) >= GOOD_BITS;
        if (!was_sent_to && i != hub->source)
            continue;
        port->in_a_row = 0;
        if (!port->is_partitioned)
            continue;
        port->is_partitioned = false;
        nt_tell(hub->node, hub->kinds[HUB_KIND_RECONNECT], port->port, 0, 0);
    }
}

/* ---- Deciding ---- */

/* The legal moves of hub.h, checked. */
static void move(struct hub *hub, enum hub_state to)
{
    static const uint8_t may_follow[HUB_STATES] = {
        [HUB_IDLE] = 1 << HUB_REPEAT,
        [HUB_REPEAT] = 1 << HUB_IDLE | 1 << HUB_RECEIVE_COLLISION | 1 << HUB_TRANSMIT_COLLISION,
        [HUB_RECEIVE_COLLISION] = 1 << HUB_IDLE | 1 << HUB_TRANSMIT_COLLISION,
        [HUB_TRANSMIT_COLLISION] = 1 << HUB_IDLE | 1 << HUB_ONE_PORT_LEFT,
        [HUB_ONE_PORT_LEFT] = 1 << HUB_IDLE | 1 << HUB_TRANSMIT_COLLISION,
    };
    assert(may_follow[hub->state] & 1 << to);
    hub->state = to;
    nt_tell(hub->node, hub->kinds[HUB_KIND_STATE], NULL, 0, to);
}

static bool hears(const struct hub_port *port)
{
    return port->hears && !port->is_partitioned;
}

/* How many ports hear something, `but` not counted; the last one of them. */
static uint32_t count_hearing(const struct hub *hub, uint32_t but, uint32_t *ret_last)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < hub->node->port_count; i++) {
        if (i == but || !hears(&hub->ports[i]))
            continue;
        count++;
        *ret_last = i;
    }
    return count;
}

static bool fall_silent(struct hub *hub, struct nt_frame *frame)
{
    send_end_all(hub, frame);
    for (uint32_t i = 0; i < hub->node->port_count; i++)
        hub->ports[i].is_counted = false;
    move(hub, HUB_IDLE);
    return true;
}

/* A port that is sent to hears somebody: jam everywhere. */
static bool collide(struct hub *hub)
{
    uint32_t last = 0, signals = count_hearing(hub, UINT32_MAX, &last);
    hub->collisions++;
    nt_because(hub->node, nt_tell(hub->node, hub->kinds[HUB_KIND_COLLISION], NULL, 0, signals));
    move(hub, HUB_TRANSMIT_COLLISION);
    for (uint32_t i = 0; i < hub->node->port_count; i++) {
        send_begin(hub, &hub->ports[i], NULL);
        if (hears(&hub->ports[i]))
            count_collision(hub, &hub->ports[i]);
    }
    return true;
}

static bool step_idle(struct hub *hub)
{
    uint32_t source = 0;
    while (source < hub->node->port_count && !hears(&hub->ports[source]))
        source++;
    if (source == hub->node->port_count)
        return false;
    struct hub_port *port = &hub->ports[source];
    hub->source = source;
    hub->is_fragment = !port->is_fresh;
    nt_because(hub->node, nt_tell(hub->node, hub->kinds[HUB_KIND_REPEAT], port->port,
                                  port->frame ? port->frame->id : 0, hub->delay));
    move(hub, HUB_REPEAT);
    for (uint32_t i = 0; i < hub->node->port_count; i++)
        if (i != source)
            send_begin(hub, &hub->ports[i], port->frame);
    return true;
}

/* What was repeated is over without a whole frame: at least 96 bits of it leave. IEEE 802.3 9.6.4 */
static bool end_fragment(struct hub *hub, struct hub_port *port)
{
    if (!hub->is_fragment && hub->state == HUB_REPEAT)
        nt_tell(hub->node, hub->kinds[HUB_KIND_FRAGMENT], port->port, 0, 0);
    hub->is_fragment = true;
    if (!is_filled(hub))
        return false;
    port->fragments++;
    return fall_silent(hub, NULL);
}

static bool end_repeat(struct hub *hub, struct hub_port *port)
{
    struct nt_frame *whole = port->whole;
    if (!whole || hub->is_fragment || hub->state != HUB_REPEAT)
        return end_fragment(hub, port);
    port->whole = NULL;
    nt_because(hub->node, port->whole_cause);
    port->frames++;
    hub->repeated++;
    count_good(hub);
    fall_silent(hub, whole);
    nt_frame_unref(hub->node, whole);
    return true;
}

static bool step_repeat(struct hub *hub)
{
    struct hub_port *port = &hub->ports[hub->source];
    uint32_t last = 0;
    if (count_hearing(hub, hub->source, &last))
        return collide(hub);
    if (hub->state == HUB_REPEAT && port->hears_many) {
        nt_because(hub->node, nt_tell(hub->node, hub->kinds[HUB_KIND_RECEIVE_COLLISION], port->port, 0, 0));
        move(hub, HUB_RECEIVE_COLLISION);
        count_collision(hub, port);
        return true;
    }
    return !hears(port) && end_repeat(hub, port);
}

static bool step_collision(struct hub *hub)
{
    uint32_t last = 0, signals = count_hearing(hub, UINT32_MAX, &last);
    if (signals > 1 || !is_filled(hub))
        return false;
    if (signals == 0)
        return fall_silent(hub, NULL);
    struct hub_port *left = &hub->ports[last];
    hub->source = last;
    nt_because(hub->node, nt_tell(hub->node, hub->kinds[HUB_KIND_ONE_LEFT], left->port, 0, 0));
    move(hub, HUB_ONE_PORT_LEFT);
    hub_send_end(hub, left, NULL);
    return true;
}

static bool step_one_left(struct hub *hub)
{
    uint32_t last = 0;
    if (count_hearing(hub, hub->source, &last))
        return collide(hub);
    return !hears(&hub->ports[hub->source]) && fall_silent(hub, NULL);
}
