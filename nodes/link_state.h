/* SPDX-License-Identifier: MIT
 * What a link knows: for link.c, which moves frames, and link_tables.c, which shows them. */
#ifndef NETARIUM_NODES_LINK_STATE_H
#define NETARIUM_NODES_LINK_STATE_H

#include "nodes/medium.h"
#include "sim/netarium.h"

struct impair_line;
struct link_half;
struct link_queue;

/* A frame on its way through one direction. */
struct link_entry {
    struct nt_frame *frame;
    uint64_t length_bytes; /* its own, here because the frame is far away */
    nt_time starts;  /* first bit of the preamble leaves */
    nt_time arrives; /* last bit of the frame is there */
    uint64_t cause;  /* record: before its start who sent it, then its frame.tx */
};

/* One direction: from the neighbour at `from` to the neighbour at `to`. Made when the first frame is sent that way:
 * most cables of a large network carry nothing. In the order of use, since in a large network each cache line of 64 bytes
 * comes from afar: the event, what an arrival needs, what is needed to send, and the rest. */
struct link_side {
    struct nt_event arrival;  /* of the first in the row */
    struct nt_port *to;
    struct link_entry *row;   /* a ring; `first` is the oldest */
    uint32_t capacity;        /* a power of two */
    uint32_t first, length;   /* entries in the row */
    uint32_t started;         /* of those, how many have begun to be sent, as far as looked */
    uint32_t told;            /* of those, how many were told as frame.tx (or nobody listened) */
    uint32_t heads;           /* of those, how many were told by their heads */
    int64_t waiting_bytes;    /* bytes of those not started */
    nt_time free_at;          /* when the transmitter may start the next frame */
    bool is_special;          /* one of the next three is set */
    nt_time head_time;        /* from a frame's start until `to` wants to know of it; 0: when it is all in */
    struct impair_line *impair; /* what happens to frames that have come through; NULL: they are delivered */
    struct link_queue *queue; /* where frames wait if the queue is not drop-tail; NULL: in the row */
    uint64_t sent;            /* count for the table */
    uint32_t longest;         /* the longest that the queue has been */
    struct nt_port *from;
    struct nt_event on_air;     /* start of the first not told; only while somebody listens */
    struct nt_event head;       /* of the first whose head was not told; only if head_time */
};

struct link {
    struct link_half *half; /* the ends take turns; NULL: both directions at once. First: link_half.c looks */
    struct medium_rate rate;
    nt_time delay;       /* propagation */
    int64_t queue_limit; /* packets or bytes */
    bool limit_is_bytes;
    bool is_cut;
    uint32_t kind_queue; /* queue.length */
    uint32_t kind_delay; /* queue.delay */
    int32_t loss;        /* parts per million, as in the file */
    struct link_side *sides[2]; /* NULL: has carried nothing yet, and nothing special is asked of it */
    const struct nt_value *discipline; /* as in the file, if it is not drop-tail; NULL: it is */
    const struct nt_value *impair;     /* as in the file */
};

/* link.c: the direction that begins at port `index`, made if this is the first that is wanted of it. */
struct link_side *link_side_of(struct nt_node *node, int index);

/* link_set.c: changes while it carries frames. */
void link_set_rate(struct nt_node *node, int64_t rate_bps);
void link_set_delay(struct nt_node *node, nt_time delay);
void link_set_loss(struct nt_node *node, int64_t loss_ppm);

/* What can be seen of a link. */
extern const struct nt_table link_tables[];

#endif
