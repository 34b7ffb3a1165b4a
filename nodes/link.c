/* SPDX-License-Identifier: MIT
 * A link: one cable between two ports, both directions at once.
 *
 *      transmit          waiting                 on the wire                   deliver
 *   port 0 ----> [ frame frame frame ] =====frame=======frame======> port 1
 *                 starts when free       arrives = start + air time + propagation
 *
 * When a frame may start and when its last bit arrives are known the moment it is handed over, because frames
 * of one direction never overtake each other. So both are computed at once, the frame is put in a row, and
 * only the arrival of the first one in the row waits in the event queue: one event for each frame and hop,
 * one pending event for each direction, however many frames are on the way. The drop-tail queue is the part
 * of the row that has not started yet.
 *
 * When somebody listens, a second event tells each frame's first bit at its time. It changes nothing else.
 *
 * Another queue discipline decides only when the transmitter is free: then link_queue.c holds the frames that
 * wait, and the row here is only the wire.
 *
 * Standards: preamble and start delimiter (8 octets) precede each frame, the interpacket gap (12 octets)
 * follows it (IEEE 802.3 3.1.1, 4.4.2). */
#include "nodes/link.h"

#include "nodes/impair/line.h"
#include "nodes/link_half.h"
#include "nodes/link_queue.h"
#include "nodes/link_state.h"
#include "nodes/queues/queues.h"

#define ROW_LEAST 8 /* entries that a row starts with; a power of two */

enum { PARAM_RATE, PARAM_DELAY, PARAM_LENGTH, PARAM_MEDIUM, PARAM_QUEUE, PARAM_DUPLEX, PARAM_IMPAIR, PARAM_LOSS };

static const char *const queue_category[] = {"queue", NULL};
static const char *const impair_category[] = {"impair", "impairment", NULL};
static const char *const duplex_words[] = {"full", "half", NULL};

static const struct nt_param link_params[] = {
    {.name = "rate",
     .kind = NT_PARAM_RATE,
     .flags = NT_PARAM_SETTABLE,
     .default_text = "1 Gbps",
     .least = 1,
     .most = INT64_C(10000000000000),
     .summary = "bits per second in each direction"},
    {.name = "delay",
     .kind = NT_PARAM_TIME,
     .flags = NT_PARAM_SETTABLE,
     .most = 3600 * NT_SECOND,
     .summary = "propagation time from end to end; instead of a length"},
    {.name = "length",
     .kind = NT_PARAM_LENGTH,
     .default_text = "10 m",
     .most = INT64_C(400000000000),
     .summary = "length of the cable; with the medium it gives the propagation time"},
    {.name = "medium",
     .kind = NT_PARAM_WORD,
     .default_text = "twisted-pair",
     .words = medium_names,
     .summary = "what the cable is made of: how fast signals travel"},
    {.name = "queue",
     .kind = NT_PARAM_PART,
     .words = queue_category,
     .summary =
         "where frames wait for the transmitter, at both ends; drop-tail of 1000 packets if not given"},
    {.name = "duplex",
     .kind = NT_PARAM_WORD,
     .default_text = "full",
     .words = duplex_words,
     .summary = "full: both directions at once; half: the ends take turns, and may collide"},
    {.name = "impair",
     .kind = NT_PARAM_PARTS,
     .words = impair_category,
     .summary = "what goes wrong on this link: losses, bit errors, delays, in this order"},
    {.name = "loss",
     .kind = NT_PARAM_PERCENT,
     .flags = NT_PARAM_SETTABLE,
     .default_text = "0 %",
     .most = 1000000,
     .summary = "chance that a frame is lost, in each direction, before what \"impair\" does"},
    {0}};

static void arrival_fire(struct nt_event *event);
static void on_air_fire(struct nt_event *event);
static void head_fire(struct nt_event *event);
static nt_time send_chosen(struct nt_port *port, const struct nt_queued *chosen);

static void link_create(struct nt_node *node, const struct nt_value *values)
{
    struct link *link = node->state;
    link->rate = medium_rate_of(values[PARAM_RATE].number);
    if (values[PARAM_DELAY].is_given && values[PARAM_LENGTH].is_given)
        nt_refuse(node, "delay", "a link has either a \"delay\" or a \"length\"; found both");
    link->delay = values[PARAM_DELAY].is_given
                      ? values[PARAM_DELAY].number
                      : medium_propagation(values[PARAM_LENGTH].number,
                                           medium_velocity_permille(values[PARAM_MEDIUM].number));
    link->queue_limit = 1000;
    if (values[PARAM_QUEUE].is_given && values[PARAM_QUEUE].part != &drop_tail_part)
        link->discipline = &values[PARAM_QUEUE];
    else if (values[PARAM_QUEUE].is_given) {
        const struct nt_value *limit = values[PARAM_QUEUE].items;
        link->queue_limit = limit->number;
        link->limit_is_bytes = limit->extra == 1;
    }
    link->impair = &values[PARAM_IMPAIR];
    link->loss = (int32_t)values[PARAM_LOSS].number;
    link->kind_queue = nt_kind(node, &link_queue_length_kind);
    link->kind_delay = nt_kind(node, &link_queue_delay_kind);
    if (values[PARAM_DUPLEX].number == 0)
        return;
    struct link_half_config half = {link->rate.rate_bps, link->delay, values[PARAM_MEDIUM].number};
    link->half = link_half_new(node, &half);
    if (values[PARAM_QUEUE].is_given)
        nt_warn(node, "queue",
                "at a half-duplex link frames wait in the stations, so this queue is not used");
}

static struct link_side *side_new(struct nt_node *node, int index)
{
    struct link *link = node->state;
    struct link_side *side = link->sides[index] = nt_new(node, NT_LINES(sizeof *side));
    side->from = node->ports[index];
    side->to = node->ports[1 - index];
    nt_event_init(&side->arrival, node, arrival_fire);
    nt_event_init(&side->on_air, node, on_air_fire);
    nt_event_init(&side->head, node, head_fire);
    if (!link->half)
        node->ports[index]->own = side;
    return side;
}

struct link_side *link_side_of(struct nt_node *node, int index)
{
    struct link_side *side = ((struct link *)node->state)->sides[index];
    return side ? side : side_new(node, index);
}

static void link_check(struct nt_node *node)
{
    struct link *link = node->state;
    struct impair_line *impairs[2];
    impair_check(node, link->impair);
    for (int i = 0; i < 2; i++) {
        impairs[i] = impair_line_new(node->ports[i], node->ports[1 - i], link->impair);
        impairs[i] = impair_line_set_loss(impairs[i], node->ports[i], node->ports[1 - i], link->loss);
        if (impairs[i] || link->discipline) {
            link_side_of(node, i)->impair = impairs[i];
            link->sides[i]->is_special = true;
        }
    }
    if (link->half) {
        link_half_check(link->half);
        link_half_impair(link->half, impairs[0], impairs[1]);
        return;
    }
    for (int i = 0; i < 2 && link->discipline; i++)
        link->sides[i]->queue =
            link_queue_new(node->ports[i], link->discipline, link->rate.rate_bps, send_chosen);
}

static void link_start(struct nt_node *node)
{
    struct link *link = node->state;
    if (link->half)
        link_half_start(link->half);
    for (int i = 0; i < 2 && !link->half; i++) {
        const struct nt_port *far = node->ports[1 - i]->peer;
        bool is_impaired = link->sides[i] && link->sides[i]->impair;
        if (far && far->head_bits && !is_impaired) { /* what may be lost or changed is not told early */
            link_side_of(node, i)->head_time =
                medium_air_time(&link->rate, 8 * MEDIUM_PREAMBLE_BYTES + far->head_bits) + link->delay;
            link->sides[i]->is_special = true;
        }
        nt_port_line(node->ports[i], true, false, link->rate.rate_bps);
    }
}

static inline struct link_entry *entry_at(struct link_side *side, uint32_t index)
{
    return &side->row[(side->first + index) & (side->capacity - 1)];
}

static void row_grow(struct nt_node *node, struct link_side *side)
{
    uint32_t capacity = side->capacity ? side->capacity * 2 : ROW_LEAST;
    struct link_entry *row = nt_new(node, capacity * sizeof *row);
    for (uint32_t i = 0; i < side->length; i++)
        row[i] = *entry_at(side, i);
    nt_free(node, side->row);
    side->row = row;
    side->capacity = capacity;
    side->first = 0;
}

/* Looks at the clock: which of the waiting frames have begun since? */
static inline void row_catch_up(struct link_side *side, nt_time now)
{
    while (side->started < side->length && entry_at(side, side->started)->starts <= now)
        side->waiting_bytes -= (int64_t)entry_at(side, side->started++)->length_bytes;
}

static void tell_queue(struct nt_node *node, struct link_side *side)
{
    struct link *link = node->state;
    nt_tell(node, link->kind_queue, side->from, 0, side->length - side->started, side->waiting_bytes);
}

/* Tells the first bit of the next entry that was not told yet. */
static void tell_start(struct nt_node *node, struct link_side *side)
{
    struct link_entry *entry = entry_at(side, side->told++);
    entry->cause = nt_tell_tx(side->from, entry->frame, entry->cause, entry->arrives - entry->starts);
    if (side->told < side->length)
        nt_arm(&side->on_air, entry_at(side, side->told)->starts);
}

static void on_air_fire(struct nt_event *event)
{
    struct link_side *side = NT_OWNER(event, struct link_side, on_air);
    row_catch_up(side, nt_now(event->node));
    tell_start(event->node, side);
    tell_queue(event->node, side);
}

/* The first bits of a frame have arrived where somebody waits for no more than these: a cut-through switch.
 */
static void head_fire(struct nt_event *event)
{
    struct link_side *side = NT_OWNER(event, struct link_side, head);
    const struct link_entry *entry = entry_at(side, side->heads++);
    struct nt_sense sense = {.what = NT_SENSE_HEAD, .frame = entry->frame, .bits = side->to->peer->head_bits};
    if (side->heads < side->length)
        nt_arm(event, entry_at(side, side->heads)->starts + side->head_time);
    nt_because(event->node, entry->cause);
    nt_signal(side->to, &sense);
}

/* The first of the row arrives: its head was told, or it was too short to have one. */
static void head_forget(struct link_side *side)
{
    if (side->heads)
        side->heads--;
    else if (side->length && side->head_time)
        nt_arm(&side->head, side->row[side->first].starts + side->head_time);
    else
        nt_disarm(&side->head);
}

static bool queue_is_full(const struct link *link, const struct link_side *side, uint32_t length_bytes)
{
    if (link->limit_is_bytes)
        return side->waiting_bytes + length_bytes > link->queue_limit;
    return side->length - side->started >= link->queue_limit;
}

/* The row has been caught up with the clock: if the frame starts now, so have all before it. */
static void row_add(struct nt_node *node, struct link_side *side, struct nt_frame *frame, nt_time starts)
{
    struct link *link = node->state;
    int64_t bits = 8 * ((int64_t)frame->length_bytes + MEDIUM_PREAMBLE_BYTES);
    nt_time air = medium_air_time(&link->rate, bits);
    if (side->length == side->capacity)
        row_grow(node, side);
    *entry_at(side, side->length) =
        (struct link_entry){frame, frame->length_bytes, starts, starts + air + link->delay, nt_cause(node)};
    side->length++;
    side->sent++;
    if (starts > nt_now(node))
        side->waiting_bytes += frame->length_bytes;
    else
        side->started++;
    side->free_at = starts + medium_air_time(&link->rate, bits + 8 * MEDIUM_GAP_BYTES);
    if (side->length == 1)
        nt_arm(&side->arrival, side->row[side->first].arrives);
    if (side->is_special && side->head_time && side->heads + 1 == side->length)
        nt_arm(&side->head, starts + side->head_time);
}

static void link_transmit(struct nt_node *node, struct nt_port *port, struct nt_frame *frame)
{
    struct link *link = node->state;
    struct link_side *side = port->own;
    if (!side && link->half) {
        nt_drop(port, frame, "the station does not share its cable");
        return;
    }
    if (!side)
        side = side_new(node, port->index);
    nt_time now = nt_now(node);
    if (side->is_special && side->queue) {
        link_queue_add(side->queue, frame);
        return;
    }
    row_catch_up(side, now);
    nt_time starts = side->free_at > now ? side->free_at : now;
    if (starts > now && queue_is_full(link, side, frame->length_bytes)) {
        nt_drop(port, frame, queue_full);
        return;
    }
    row_add(node, side, frame, starts);
    if (side->length - side->started > side->longest)
        side->longest = side->length - side->started;
    if (!nt_is_listening(node)) {
        side->told = side->length;
        return;
    }
    nt_tell(node, link->kind_delay, port, frame->id, starts - now);
    if (starts == now)
        tell_start(node, side);
    else if (side->told + 1 == side->length)
        nt_arm(&side->on_air, starts);
    if (starts > now)
        tell_queue(node, side);
}

/* What the discipline has chosen starts now. */
static nt_time send_chosen(struct nt_port *port, const struct nt_queued *chosen)
{
    struct nt_node *node = port->node;
    struct link *link = node->state;
    struct link_side *side = link->sides[port->index];
    row_catch_up(side, nt_now(node));
    row_add(node, side, chosen->frame, nt_now(node));
    if (nt_is_listening(node))
        tell_start(node, side);
    side->told = side->length;
    return side->free_at;
}

static void arrival_fire(struct nt_event *event)
{
    struct link_side *side = NT_OWNER(event, struct link_side, arrival);
    struct link_entry entry = side->row[side->first];
    row_catch_up(side, entry.arrives);
    side->first = (side->first + 1) & (side->capacity - 1);
    side->length--;
    side->started--;
    side->told -= side->told > 0;
    if (side->length) {
        struct link_entry *next = &side->row[side->first];
        __builtin_prefetch(next->frame);
        nt_arm(event, next->arrives);
    }
    if (side->is_special && (side->head_time || side->heads))
        head_forget(side);
    if (side->is_special && side->impair)
        impair_line_take(side->impair, entry.frame, entry.cause);
    else
        nt_deliver(side->to, entry.frame, entry.cause);
}

static uint64_t link_held(const struct nt_node *node)
{
    const struct link *link = node->state;
    uint64_t held = link->half ? link_half_held(link->half) : 0;
    for (int i = 0; i < 2; i++) {
        const struct link_side *side = link->sides[i];
        if (side)
            held += side->length + link_queue_length(side->queue) + impair_line_held(side->impair);
    }
    return held;
}

/* ---- Set, cut and mended ---- */

static void link_set(struct nt_node *node, uint32_t param, const struct nt_value *value)
{
    if (param == PARAM_RATE)
        link_set_rate(node, value->number);
    else if (param == PARAM_DELAY)
        link_set_delay(node, value->number);
    else if (param == PARAM_LOSS)
        link_set_loss(node, value->number);
}

/* All frames of one direction end here. */
static void side_clear(struct nt_node *node, struct link_side *side)
{
    nt_disarm(&side->arrival);
    nt_disarm(&side->on_air);
    nt_disarm(&side->head);
    while (side->length) {
        struct link_entry entry = side->row[side->first];
        side->first = (side->first + 1) & (side->capacity - 1);
        side->length--;
        nt_drop(side->from, entry.frame, "the cable was cut");
    }
    side->started = side->told = side->heads = 0;
    side->waiting_bytes = 0;
    side->free_at = nt_now(node);
    if (side->queue)
        link_queue_clear(side->queue, "the cable was cut");
    impair_line_clear(side->impair, "the cable was cut");
}

static void link_set_cut(struct nt_node *node, bool is_cut)
{
    struct link *link = node->state;
    if (link->half) {
        link_half_set_cut(link->half, is_cut);
        for (int i = 0; i < 2 && is_cut; i++)
            if (link->sides[i])
                impair_line_clear(link->sides[i]->impair, "the cable was cut");
        return;
    }
    if (link->is_cut == is_cut)
        return;
    link->is_cut = is_cut;
    for (int i = 0; i < 2; i++)
        nt_port_line(node->ports[i], !is_cut, false, link->rate.rate_bps);
    for (int i = 0; i < 2 && is_cut; i++)
        if (link->sides[i])
            side_clear(node, link->sides[i]);
}

static void cut_start(struct nt_app *app)
{
    link_set_cut(app->node, true);
    nt_app_exit(app, 0);
}

static void mend_start(struct nt_app *app)
{
    link_set_cut(app->node, false);
    nt_app_exit(app, 0);
}

static const struct nt_app_type link_commands[] = {{.size = sizeof(struct nt_app_type),
                                                    .name = "cut",
                                                    .summary = "cuts the cable: what is on it is lost",
                                                    .start = cut_start},
                                                   {.size = sizeof(struct nt_app_type),
                                                    .name = "mend",
                                                    .summary = "joins the cable again",
                                                    .start = mend_start},
                                                   {0}};

const struct nt_node_type link_type = {.size = sizeof(struct nt_node_type),
                                       .flags = NT_NODE_MEDIUM,
                                       .name = "link",
                                       .summary = "a cable between two ports, both directions at once",
                                       .params = link_params,
                                       .port_prefix = "end",
                                       .max_ports = 2,
                                       .least_ports = 2,
                                       .state_bytes = sizeof(struct link),
                                       .tables = link_tables,
                                       .commands = link_commands,
                                       .create = link_create,
                                       .check = link_check,
                                       .start = link_start,
                                       .transmit = link_transmit,
                                       .held = link_held,
                                       .set = link_set,
                                       .sense = link_half_sense,
                                       .carrier = link_half_carrier,
                                       .watch = link_half_watch};
