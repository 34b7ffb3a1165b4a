/* SPDX-License-Identifier: MIT
 * Where conversations began, as far as a view has seen: so that sequence numbers can be shown from 0.
 *
 * TCP's numbers begin anywhere. People count from the beginning, and so does tcpdump: the first segment of a conversation
 * that it sees with an acknowledgment is shown as it stands and remembered, all later ones are shown less its numbers.
 * A SYN begins anew, since ports come back.
 *
 * This is memory of a view, never of a network. A view that can be cut back gives each conversation a mark, the number of
 * the record that it was showing, and forgets those behind the cut. */
#ifndef NETARIUM_PROTOCOLS_DISSECT_FLOWS_H
#define NETARIUM_PROTOCOLS_DISSECT_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/memory.h"

/* Both ends, the lower port first (of equal ports the lower address), so that both directions find the same. */
struct dissect_ends {
    uint32_t address[2];
    uint16_t port[2];
};

struct dissect_flow {
    struct dissect_ends ends;
    uint32_t origin[2]; /* the number before the first octet that each end sends */
    uint32_t number;    /* from 0, in the order of appearance: Wireshark's tcp.stream */
    uint64_t mark;      /* see above */
    bool is_used;       /* this place is taken */
};

/* The caller's storage. */
struct dissect_flows {
    struct memory memory;
    struct dissect_flow *places; /* owned; open addressing */
    uint32_t capacity;           /* 0 or a power of two */
    uint32_t count;              /* places taken */
    uint64_t mark;               /* given to conversations that begin now; set by the view */
};

/* An empty memory; allocates nothing yet. */
void dissect_flows_init(struct dissect_flows *flows, struct memory memory);
void dissect_flows_release(struct dissect_flows *flows);

/* The conversation between these ends; NULL: none has been seen. */
struct dissect_flow *dissect_flows_find(const struct dissect_flows *flows, const struct dissect_ends *ends);

/* The same, made if there was none. NULL: there is no memory left. Pointers hold until the next call. */
struct dissect_flow *dissect_flows_begin(struct dissect_flows *flows, const struct dissect_ends *ends);

/* Forgets what began with a mark above `last`. */
void dissect_flows_cut(struct dissect_flows *flows, uint64_t last);

#endif
