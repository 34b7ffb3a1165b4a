/* SPDX-License-Identifier: MIT
 * A bridge as its own files see it. Private to nodes/bridge*.c. */
#ifndef NETARIUM_NODES_BRIDGE_PARTS_H
#define NETARIUM_NODES_BRIDGE_PARTS_H

#include "nodes/nic.h"
#include "nodes/node_env.h"
#include "protocols/bridge/relay.h"
#include "protocols/bridge/stp.h"

/* In the order of bridge_params. */
enum bridge_param {
    BRIDGE_MAC,
    BRIDGE_STP,
    BRIDGE_PRIORITY,
    BRIDGE_HELLO,
    BRIDGE_MAX_AGE,
    BRIDGE_FORWARD_DELAY,
    BRIDGE_PORT_COST,
    BRIDGE_PORT_PRIORITY,
    BRIDGE_AGEING,
    BRIDGE_TABLE_SIZE,
    BRIDGE_OVERFLOW,
    BRIDGE_STATIC,
    BRIDGE_MODE,
    BRIDGE_AFTER,
    BRIDGE_LATENCY,
    BRIDGE_MTU,
    BRIDGE_PORTS /* switches only */
};
extern const struct nt_param bridge_params[];
extern const struct nt_param switch_params[];

#define BRIDGE_PORT_PREFIX "port"
#define BRIDGE_PORTS_MOST 1024

struct bridge_port {
    struct nic nic;
    struct node_env env; /* for facts about this port */
    uint32_t number;     /* in its name: 3 for "port3" */
    uint64_t cut_frame;  /* cut-through: the frame that left again before it was all in; 0: none */
    uint64_t filtered;   /* frames that stayed on their side */
    uint64_t blocked;    /* frames that the spanning tree ended here */
};

/* A frame that the bridge thinks about. */
struct bridge_delayed {
    struct nt_frame *frame;
    nt_time leaves;
    uint64_t cause; /* record */
    uint32_t port;  /* by which it came */
    struct relay_verdict verdict;
};

struct bridge {
    struct nt_node *node;
    const struct nt_value *values;
    struct node_env env;       /* for facts about the bridge as a whole */
    struct bridge_port *ports; /* by port index */
    struct env **places;       /* by port index: the ports' environments */
    struct relay relay;
    bool has_stp;
    struct stp stp;
    struct packet_pool packets; /* frames, seen by the spanning tree as packets */
    uint32_t cut_bits;          /* 0: store and forward */
    uint32_t most_bytes;        /* the longest frame that is forwarded */
    nt_time latency;            /* thinking time */
    struct bridge_delayed *row; /* owned ring; only with a latency */
    uint32_t row_room, row_first, row_length;
    struct nt_event leave; /* of the first in the row */
};

/* ---- bridge_send.c ---- */

/* Sends `frame` (taken) on its way after the latency. */
void bridge_pass(struct bridge *bridge, uint32_t port, struct nt_frame *frame, struct relay_verdict verdict);

/* Cut-through: the first bits of `frame` (borrowed) are in. */
void bridge_head(struct bridge *bridge, uint32_t port, struct nt_frame *frame);

/* Cut-through: `frame` is all in. If it is damaged it is taken and passed on, unless it has left already, and
 * true returned. */
bool bridge_pass_damaged(struct bridge *bridge, uint32_t port, struct nt_frame *frame, bool has_left);

/* check: prepares the row of delayed frames. */
void bridge_send_init(struct bridge *bridge);

/* ---- bridge_tree.c ---- */

/* create: refuses times that break a loop. check: prepares the spanning tree. start, line: runs it. */
void bridge_tree_check_times(struct bridge *bridge);
void bridge_tree_init(struct bridge *bridge);
void bridge_tree_line(struct bridge *bridge, uint32_t port);

/* A frame for one of the reserved addresses; takes it. */
void bridge_tree_hear(struct bridge *bridge, uint32_t port, struct nt_frame *frame);

/* ---- bridge_tables.c ---- */

extern const struct nt_table bridge_tables[];
extern const struct nt_app_type bridge_commands[];

static inline struct bridge *bridge_of(const struct nt_node *node)
{
    return node->state;
}

/* An address, as it stands in a frame, as the table's key. */
static inline uint64_t bridge_key(const uint8_t *address)
{
    return (uint64_t)bytes_u16(address) << 32 | bytes_u32(address + 2);
}

#endif
