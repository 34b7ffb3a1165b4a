/* SPDX-License-Identifier: MIT
 * A queue discipline in front of one end of a link: who waits, and who is sent when the transmitter is free.
 *
 *      link_queue_add --> discipline --> send (the link's) --> on the wire
 *                             ^                |
 *                             '--- turn -------'   the transmitter is free again and somebody waits
 *
 * A link whose queue is drop-tail needs none of this (see link.c): it knows beforehand when each frame will
 * start. A discipline that drops, marks or overtakes decides only when the transmitter is free, so such a
 * link has one event more for each frame that had to wait. */
#ifndef NETARIUM_NODES_LINK_QUEUE_H
#define NETARIUM_NODES_LINK_QUEUE_H

#include "sim/netarium.h"

struct link_queue;

/* The gauges of every queue at a link: frames and bytes that wait; how long a frame waits, told when that is
 * known (by drop-tail as it comes, by the others as it leaves). */
extern const struct nt_kind link_queue_length_kind, link_queue_delay_kind;

/* Puts `chosen` on the wire now; the link takes its reference. Returns when the transmitter is free again. */
typedef nt_time (*link_queue_send)(struct nt_port *port, const struct nt_queued *chosen);

/* A queue as `value` (a part of category "queue") says, for frames that come in at `port`. Loading, when
 * ports are joined. Belongs to the network. */
struct link_queue *link_queue_new(struct nt_port *port, const struct nt_value *value, int64_t rate_bps,
                                  link_queue_send send);

/* The transmitter is faster or slower from now on. */
void link_queue_set_rate(struct link_queue *queue, int64_t rate_bps);

/* A frame comes. Takes its reference. */
void link_queue_add(struct link_queue *queue, struct nt_frame *frame);

/* All that wait end here. */
void link_queue_clear(struct link_queue *queue, const char *reason);

/* Frames that wait (none if `queue` is NULL), and the most that ever did. */
uint32_t link_queue_length(const struct link_queue *queue);
uint32_t link_queue_longest(const struct link_queue *queue);

/* Rows of a link's tables "queue" (each end's queue) and "discipline" (what it knows). A plain drop-tail
 * queue has none. */
bool link_queue_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
bool link_queue_fact_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);

/* The queue at end `index` of a link, or NULL. Defined by the link. */
struct link_queue *link_queue_at(const struct nt_node *node, uint32_t index);

#endif
