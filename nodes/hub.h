/* SPDX-License-Identifier: MIT
 * A hub: a repeater of IEEE 802.3 clause 9. It knows bits, not frames: what begins to arrive at one port
 * begins to leave at all others a few bit times later, and whoever collides, collides with everybody.
 *
 *                          a signal arrives at N
 *     IDLE --------------------------------------------> REPEAT from N to all others
 *      ^  ^                                               |        |
 *      |  | N is silent, 96 bits are out                  |        | N alone hears several signals
 *      |  +-----------------------------------------------+        v
 *      |  |                                               |   RECEIVE_COLLISION: jam to all but N
 *      |  +-----------------------------------------------)--------+
 *      |                    another port hears a signal, too |     |
 *      |                                                     v     v
 *      |  nobody is left, 96 bits are out              TRANSMIT_COLLISION: jam to all
 *      +-----------------------------------------------------+   ^
 *      |                                     one port is left v   | another one again
 *      +---------------------------------------------- ONE_PORT_LEFT: jam to all but that one
 *           it is silent
 *
 *     from                to                  because                                 in function
 *     IDLE                REPEAT              a port hears a signal                   step_idle
 *     REPEAT              IDLE                the signal is over                      step_repeat
 *     REPEAT              RECEIVE_COLLISION   several signals at the port repeated    step_repeat
 *     REPEAT              TRANSMIT_COLLISION  a signal at a port that is sent to      step_repeat
 *     RECEIVE_COLLISION   IDLE                the port is silent                      step_repeat
 *     RECEIVE_COLLISION   TRANSMIT_COLLISION  a signal at a port that is sent to      step_repeat
 *     TRANSMIT_COLLISION  IDLE                all ports are silent                    step_collision
 *     TRANSMIT_COLLISION  ONE_PORT_LEFT       one port still hears a signal           step_collision
 *     ONE_PORT_LEFT       IDLE                it is silent                            step_one_left
 *     ONE_PORT_LEFT       TRANSMIT_COLLISION  another port hears a signal             step_one_left
 *
 * Why one port left: it may lead to another hub that jams because we do. Somebody must stop first; both stop
 * sending there and listen, so both fall silent.
 *
 * All that a port hears is acted upon one delay later; nothing else takes time. A port where more than thirty
 * collisions follow each other is partitioned: a broken cable or a chattering station must not stop everybody
 * else. What it says is ignored until a frame could be sent to it without a sound from there. */
#ifndef NETARIUM_NODES_HUB_H
#define NETARIUM_NODES_HUB_H

#include "nodes/medium.h"
#include "nodes/rule543.h"

enum hub_state {
    HUB_IDLE,
    HUB_REPEAT,
    HUB_RECEIVE_COLLISION,
    HUB_TRANSMIT_COLLISION,
    HUB_ONE_PORT_LEFT,
    HUB_STATES
};

struct hub_port {
    struct nt_port *port;
    bool hears;             /* as of one delay ago: a signal is here */
    bool hears_many;        /* likewise: more than one */
    bool sends;             /* we send there now */
    bool is_counted;        /* this collision is in the counts */
    bool was_heard;         /* something was heard while we sent there */
    bool is_fresh;          /* what is heard began at this instant */
    bool is_partitioned;    /* what it says is ignored */
    nt_time began_at;       /* sends: since when */
    struct nt_frame *frame; /* what arrives or arrived last; a reference; NULL: a jam */
    struct nt_frame *whole; /* it arrived intact, and is not repeated to its end yet; a reference */
    uint64_t whole_cause;   /* record of its arrival */
    uint32_t in_a_row;      /* collisions without a good frame between */
    uint64_t frames;        /* whole frames repeated from here */
    uint64_t fragments;     /* broken ones */
    uint64_t collisions;
    uint64_t partitions;
};

/* Something heard, not yet acted upon. */
struct hub_heard {
    nt_time at;             /* when it will be */
    struct nt_frame *frame; /* a reference, or NULL */
    uint64_t cause;
    uint16_t port;
    uint8_t what; /* enum nt_sense_what, or HUB_WHOLE */
};

struct hub {
    struct rule543_mark mark; /* first: the rule's search goes through hubs */
    struct nt_node *node;
    struct hub_port *ports;
    struct medium_rate rate;
    nt_time delay;
    bool has_delay; /* given in the file */
    enum hub_state state;
    uint32_t source;         /* REPEAT, RECEIVE_COLLISION: from here; ONE_PORT_LEFT: the one */
    bool is_fragment;        /* what is repeated cannot become a whole frame any more */
    struct hub_heard *heard; /* a ring, oldest first */
    uint32_t capacity, first, length;
    struct nt_event hear;   /* the oldest in the ring is due */
    struct nt_event filled; /* 96 bits are out at all ports */
    uint64_t repeated, collisions;
    uint32_t kinds[8];
};

/* Numbers into `kinds`. */
enum {
    HUB_KIND_STATE,
    HUB_KIND_REPEAT,
    HUB_KIND_COLLISION,
    HUB_KIND_RECEIVE_COLLISION,
    HUB_KIND_ONE_LEFT,
    HUB_KIND_FRAGMENT,
    HUB_KIND_PARTITION,
    HUB_KIND_RECONNECT
};

extern const struct nt_node_type hub_type;

/* hub_states.c: what a port hears has changed, or enough was sent. */
void hub_decide(struct hub *hub);

/* hub_states.c: stops sending at `port`. With `frame`: it was whole. */
void hub_send_end(struct hub *hub, struct hub_port *port, struct nt_frame *frame);

/* hub_tables.c */
extern const struct nt_table hub_tables[];

/* hub_states.c */
extern const char *const hub_state_words[]; /* by enum hub_state, ended by NULL */

#endif
