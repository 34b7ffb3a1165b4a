/* SPDX-License-Identifier: MIT
 * Time: arming, disarming, and doing the next thing.
 *
 * An event that is moved later stays where it is in the queue; when its old entry comes up it is put in at
 * its new place. Since its place is (time, order of arming) and both were fixed when it was moved, waiting
 * changes nothing but the work: a retransmission timer that is moved by every acknowledgement costs two
 * stores. */
#include <assert.h>

#include "sim/network.h"

void event_arm(struct nt_event *event, nt_time at)
{
    struct network *network = network_of(event->node);
    assert(at >= network->clock.now);
    assert(at < NT_NEVER);
    event->at = at;
    event->order = ++network->order;
    event->cause = network->cause;
    if (event->queued_order) {
        if (at >= event->queued_at)
            return;
        queue_cancel(&network->queue, event->queued_order);
    }
    event->queued_at = at;
    event->queued_order = event->order;
    queue_push(&network->queue, at, event->order, event);
}

void event_disarm(struct nt_event *event)
{
    if (event->queued_order)
        queue_cancel(&network_of(event->node)->queue, event->queued_order);
    event->queued_order = 0;
    event->at = NT_NEVER;
}

/* The next event, with its entry in front of the queue, or NULL. Entries of events that have moved on are put
 * right. */
static struct nt_event *event_first(struct network *network)
{
    for (;;) {
        const struct queue_entry *entry = queue_first(&network->queue);
        if (!entry)
            return NULL;
        struct nt_event *event = entry->event;
        if (event->order == entry->order)
            return event;
        queue_pop(&network->queue);
        event->queued_at = event->at;
        event->queued_order = event->order;
        queue_push(&network->queue, event->at, event->order, event);
    }
}

nt_time event_next_at(struct network *network)
{
    const struct nt_event *event = event_first(network);
    return event ? event->at : NT_NEVER;
}

bool event_next(struct network *network, nt_time limit)
{
    struct nt_event *event = event_first(network);
    if (!event || event->at > limit)
        return false;
    queue_pop(&network->queue);
    network->clock.now = event->at;
    network->cause = event->cause;
    network->events++;
    event->at = NT_NEVER;
    event->queued_order = 0;
    network->firing = (uintptr_t)event->fire;
    network->firing_node = event->node;
    event->fire(event);
    return true;
}
