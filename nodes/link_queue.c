/* SPDX-License-Identifier: MIT
 * The transmitter's side of a queue discipline. See link_queue.h. */
#include "nodes/link_queue.h"

#include <string.h>

#define LINK_ENDS 2

struct link_queue {
    struct nt_queue queue;           /* what the discipline sees */
    const struct nt_part_type *part; /* which discipline it is */
    link_queue_send send;            /* the link's transmitter */
    nt_time free_at;                 /* when the transmitter may start the next frame */
    struct nt_event turn;            /* then, if somebody waits */
    uint32_t longest;                /* the longest that the queue has been */
    nt_time delay, slowest;          /* how long the last one waited, and the one that waited longest */
    uint64_t sent, dropped;          /* counts for the table */
    uint32_t kind_length, kind_delay;
};

const struct nt_kind link_queue_length_kind = {
    .name = "queue.length",
    .sentence = "{length} wait at {node} {port}, {bytes} in all",
    .flags = NT_KIND_GAUGE,
    .fields = {{"length", NT_UNIT_FRAMES}, {"bytes", NT_UNIT_BYTES}}};

const struct nt_kind link_queue_delay_kind = {.name = "queue.delay",
                                              .sentence = "frame {frame} waits {delay} at {node} {port}",
                                              .flags = NT_KIND_GAUGE | NT_KIND_CHATTER,
                                              .fields = {{"delay", NT_UNIT_TIME}}};

/* ---- The transmitter ---- */

static void tell_length(struct link_queue *q)
{
    nt_tell(q->queue.node, q->kind_length, q->queue.port, 0, q->queue.length, q->queue.bytes);
}

/* When to ask the discipline again. */
static void arm_turn(struct link_queue *q)
{
    nt_time at = q->free_at, now = nt_now(q->queue.node);
    if (q->queue.ops->next_at && q->queue.ops->next_at(&q->queue) > at)
        at = q->queue.ops->next_at(&q->queue);
    if (at < now)
        at = now;
    if (!q->queue.length || at == NT_NEVER)
        nt_disarm(&q->turn);
    else if (q->turn.at != at)
        nt_arm(&q->turn, at);
}

/* The transmitter is free: the next one, if the discipline has one. */
static void serve(struct link_queue *q)
{
    struct nt_node *node = q->queue.node;
    struct nt_queued chosen;
    if (q->queue.ops->dequeue(&q->queue, &chosen)) {
        nt_because(node, chosen.cause);
        q->delay = nt_now(node) - chosen.since;
        if (q->delay > q->slowest)
            q->slowest = q->delay;
        q->sent++;
        nt_tell(node, q->kind_delay, q->queue.port, chosen.frame->id, q->delay);
        q->free_at = q->send(q->queue.port, &chosen);
        tell_length(q);
    }
    arm_turn(q);
}

static void turn_fire(struct nt_event *event)
{
    serve(NT_OWNER(event, struct link_queue, turn));
}

void link_queue_add(struct link_queue *q, struct nt_frame *frame)
{
    struct nt_node *node = q->queue.node;
    nt_time now = nt_now(node);
    struct nt_queued arrival = {frame, now, nt_cause(node)};
    if (nt_is_armed(&q->turn) &&
        q->turn.at <= now) { /* falls free this very instant: who waited goes first */
        serve(q);
        nt_because(node, arrival.cause);
    }
    q->queue.is_idle = q->free_at <= now && !q->queue.length;
    const char *reason = q->queue.ops->enqueue(&q->queue, &arrival);
    if (reason) {
        q->dropped++;
        nt_drop(q->queue.port, frame, reason);
        return;
    }
    if (q->free_at <= now) {
        serve(q);
        return;
    }
    if (q->queue.length > q->longest)
        q->longest = q->queue.length;
    tell_length(q);
    arm_turn(q);
}

void link_queue_clear(struct link_queue *q, const char *reason)
{
    struct nt_queued waiting;
    nt_disarm(&q->turn);
    while (q->queue.ops->evict(&q->queue, &waiting)) {
        q->dropped++;
        nt_drop(q->queue.port, waiting.frame, reason);
    }
    q->free_at = nt_now(q->queue.node);
}

static void drop(struct nt_queue *queue, struct nt_frame *frame, const char *reason)
{
    struct link_queue *q = NT_OWNER(queue, struct link_queue, queue);
    q->dropped++;
    nt_drop(queue->port, frame, reason);
}

uint32_t link_queue_length(const struct link_queue *q)
{
    return q ? q->queue.length : 0;
}

void link_queue_set_rate(struct link_queue *q, int64_t rate_bps)
{
    q->queue.rate_bps = rate_bps;
}

uint32_t link_queue_longest(const struct link_queue *q)
{
    return q->longest;
}

struct link_queue *link_queue_new(struct nt_port *port, const struct nt_value *value, int64_t rate_bps,
                                  link_queue_send send)
{
    struct nt_node *node = port->node;
    struct link_queue *q = nt_new(node, sizeof *q);
    q->part = value->part;
    q->queue = (struct nt_queue){.ops = value->part->ops,
                                 .node = node,
                                 .port = port,
                                 .state = nt_new(node, value->part->state_bytes + 1),
                                 .rate_bps = rate_bps,
                                 .drop = drop};
    q->send = send;
    nt_event_init(&q->turn, node, turn_fire);
    q->kind_length = nt_kind(node, &link_queue_length_kind);
    q->kind_delay = nt_kind(node, &link_queue_delay_kind);
    q->queue.ops->init(&q->queue, value->items);
    return q;
}

/* ---- What can be seen ---- */

static void name_ends(const struct link_queue *q, struct nt_cell *cells)
{
    const struct nt_port *near = q->queue.port->peer;
    const struct nt_port *far = q->queue.node->ports[1 - q->queue.port->index]->peer;
    strncpy(cells[0].text, near ? near->node->name : "", sizeof cells[0].text - 1);
    strncpy(cells[1].text, far ? far->node->name : "", sizeof cells[1].text - 1);
}

bool link_queue_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    const struct link_queue *q = index < LINK_ENDS ? link_queue_at(node, index) : NULL;
    if (!q)
        return false;
    name_ends(q, cells);
    strncpy(cells[2].text, q->part->name, sizeof cells[2].text - 1);
    const int64_t numbers[] = {
        q->queue.length, q->queue.bytes,   q->longest,          q->delay,
        q->slowest,      (int64_t)q->sent, (int64_t)q->dropped, (int64_t)q->queue.marked};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cells[3 + i].number = numbers[i];
    return true;
}

/* The facts of the one end's discipline, then those of the other's. */
bool link_queue_fact_row(const struct nt_node *node, uint32_t index, struct nt_cell *cells)
{
    for (uint32_t end = 0; end < LINK_ENDS; end++) {
        const struct link_queue *q = link_queue_at(node, end);
        const char *name;
        uint32_t count = 0;
        if (!q || !q->queue.ops->fact)
            continue;
        while (q->queue.ops->fact(&q->queue, count, &name, &cells[3].number)) {
            if (count++ < index)
                continue;
            name_ends(q, cells);
            strncpy(cells[2].text, name, sizeof cells[2].text - 1);
            return true;
        }
        index -= count;
    }
    return false;
}
