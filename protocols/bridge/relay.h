/* SPDX-License-Identifier: MIT
 * What a bridge does with a frame: nothing, one port, or all of them.
 *
 *      a frame from `source` for `destination` comes in at a port
 *          |
 *      01-80-C2-00-00-0x?  --- yes --->  for the bridge itself; never forwarded        7.12.6
 *          |
 *      does the port learn? --- yes --->  source is behind this port                    7.8
 *          |
 *      does the port forward? -- no --->  it ends here: the spanning tree said so       7.7
 *          |
 *      where is destination?
 *          unknown, or a group  ------->  flood: every other port that forwards
 *          behind this port     ------->  filter: who shall hear it has heard it
 *          behind another port  ------->  that one port
 *
 * The decision is all that is here; frames are the node's. Standard: IEEE 802.1D-1998 7.7, 7.8. */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_RELAY_H
#define NETARIUM_PROTOCOLS_BRIDGE_RELAY_H

#include "protocols/bridge/fdb.h"

#define RELAY_RESERVED                                                                                       \
    UINT64_C(0x0180c2000000) /* 7.12.6, table 7-10: sixteen addresses that no bridge forwards */

enum relay_action {
    RELAY_TO_PORT, /* to one port */
    RELAY_FLOOD,   /* to all other ports that forward */
    RELAY_FILTER,  /* to none: it is where it should be */
    RELAY_BLOCKED  /* to none: the port that it came by does not forward */
};

/* What the spanning tree lets a port do. */
enum relay_mode {
    RELAY_LEARNS = 1,  /* Learning, Forwarding */
    RELAY_FORWARDS = 2 /* Forwarding */
};

struct relay {
    struct fdb fdb;
    struct env *const *places; /* for facts about a port, by port */
    uint8_t *modes;            /* owned; by port: a sum of relay_mode */
    uint32_t port_count;
};

struct relay_verdict {
    enum relay_action action;
    uint32_t port; /* RELAY_TO_PORT: which */
};

/* A relay of `port_count` ports that neither learn nor forward. Environments are borrowed. */
void relay_init(struct relay *relay, struct env *env, struct env *const *places, uint32_t port_count,
                const struct fdb_config *config);
void relay_release(struct relay *relay);

/* From now on `port` may do this: a sum of relay_mode. */
void relay_set_mode(struct relay *relay, uint32_t port, uint8_t mode);

/* Is `destination` one of the addresses that are never forwarded? */
static inline bool relay_is_reserved(uint64_t destination)
{
    return (destination & ~UINT64_C(0xf)) == RELAY_RESERVED;
}

static inline bool relay_forwards(const struct relay *relay, uint32_t port)
{
    return relay->modes[port] & RELAY_FORWARDS;
}

/* A frame from `source` came in at `port`, whole. 7.8. */
static inline void relay_learn(struct relay *relay, uint32_t port, uint64_t source, uint64_t frame)
{
    if (relay->modes[port] & RELAY_LEARNS)
        fdb_learn(&relay->fdb, source, port, frame);
}

/* Where does a frame for `destination` go that came in at `port`? Tells why. 7.7. */
struct relay_verdict relay_choose(struct relay *relay, uint32_t port, uint64_t destination, uint64_t frame);

#endif
