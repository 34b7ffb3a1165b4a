/* SPDX-License-Identifier: MIT
 * What a bridge tells the trace: the facts of its table, of its relaying and of its spanning tree, and the
 * words in them.
 *
 * Facts about a port are told through that port's environment, the others through the bridge's. Where a fact
 * needs to name a second port it carries its number. */
#ifndef NETARIUM_PROTOCOLS_BRIDGE_FACTS_H
#define NETARIUM_PROTOCOLS_BRIDGE_FACTS_H

#include "protocols/env.h"

enum bridge_fact {
    BRIDGE_LEARN,   /* a new address in the table */
    BRIDGE_MOVE,    /* an address is seen at another port */
    BRIDGE_AGE,     /* an address was silent for too long */
    BRIDGE_FORGET,  /* an address is removed for another reason */
    BRIDGE_FULL,    /* no room in the table */
    BRIDGE_FORWARD, /* a frame leaves by the one port that the table names */
    BRIDGE_FLOOD,   /* a frame leaves by all other ports */
    BRIDGE_FILTER,  /* a frame stays where it is */
    STP_STATE,      /* a port changes its state */
    STP_ROLE,       /* a port changes its part in the tree */
    STP_ROOT,       /* the bridge follows another root, or another way to it */
    STP_CONFIG_SENT,
    STP_CONFIG_RECEIVED,
    STP_TCN_SENT,
    STP_TCN_RECEIVED,
    STP_EXPIRED,  /* what a port knew of the root is too old */
    STP_DETECTED, /* this bridge noticed a change of the tree */
    STP_TC,       /* the bridge ages its table quickly from now on, or no longer */
    STP_IGNORED,  /* a BPDU of no use */
    BRIDGE_FACTS
};
extern const struct env_kind bridge_kinds[BRIDGE_FACTS];

/* Why an address left the table other than by age. */
enum bridge_forget { BRIDGE_FORGET_ROOM, BRIDGE_FORGET_LINE, BRIDGE_FORGET_PERSON };
extern const char *const bridge_forget_words[];

/* What happens to a new address when the table is full. */
enum bridge_full { BRIDGE_FULL_IGNORED, BRIDGE_FULL_REPLACES };
extern const char *const bridge_full_words[];

/* Why a frame is flooded. */
enum bridge_flood { BRIDGE_FLOOD_UNKNOWN, BRIDGE_FLOOD_GROUP };
extern const char *const bridge_flood_words[];

/* Why a frame stays where it is. */
enum bridge_filter { BRIDGE_FILTER_SAME_PORT, BRIDGE_FILTER_FAR_BLOCKED };
extern const char *const bridge_filter_words[];

#endif
