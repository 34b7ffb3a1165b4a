/* SPDX-License-Identifier: MIT
 * Marking a waiting frame instead of dropping it. */
#ifndef NETARIUM_NODES_QUEUES_MARK_H
#define NETARIUM_NODES_QUEUES_MARK_H

#include "sim/netarium.h"

/* What can be done about congestion. The words are queue_actions. */
enum queue_action { QUEUE_DROPS, QUEUE_MARKS };
extern const char *const queue_actions[];

/* What a mark tells, to stand last but one among the kinds of each discipline that marks. */
#define QUEUE_MARK_KIND                                                                                      \
    {                                                                                                        \
        .name = "queue.mark",                                                                                \
        .sentence = "a packet is marked \"congestion experienced\" at {node} {port}: frame {parent} is "     \
                    "{frame} now",                                                                           \
        .clause = "RFC 3168 section 5", .flags = NT_KIND_INTERESTING, .fields = {                            \
            {"parent", NT_UNIT_FRAME}                                                                        \
        }                                                                                                    \
    }

/* Would a mark be understood? True if an IPv4 packet is in `frame` whose sender speaks ECN (ECT or CE).
 * RFC 3168 section 5. */
bool queue_can_mark(const struct nt_frame *frame);

/* Marks the packet in `entry->frame`, for which queue_can_mark holds, and tells it as `kind` (the number of
 * QUEUE_MARK_KIND). The frame gets a new identity whose parent is the old one, and the queue counts it; what
 * is marked already stays as it is. */
void queue_mark(struct nt_queue *queue, struct nt_queued *entry, uint32_t kind);

#endif
