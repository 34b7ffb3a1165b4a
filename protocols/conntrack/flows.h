/* SPDX-License-Identifier: MIT
 * The flows that a box in the middle remembers, and for how long.
 *
 * A flow begins with its first packet and ends when it has been silent for too long; nobody says goodbye in
 * UDP, and in TCP the box may miss it. How long "too long" is depends on what is known of the flow, its
 * *class*:
 *
 *     class     because                                      silent for at least         flows_note
 *     opening   TCP: a SYN, and not yet both                 4 min    RFC 5382 REQ-5
 *     open      TCP: a SYN each way, and an ACK of them      2 h 4 min
 *     closing   TCP: a FIN each way, or a RST                4 min
 *     datagram  UDP                                          5 min    RFC 4787 REQ-5
 *     query     ICMP query                                   60 s     RFC 5508 REQ-2
 *     other     any other protocol                           10 min
 *
 *     opening -> open -> closing      closing -> opening: a new SYN between the same ends
 *
 * All flows of a class wait equally long, so each class is one queue in the order of expiry: who is heard of
 * goes to the end, who has waited too long stands in front. One timer for all of them, for the earliest
 * front; refreshing costs a few pointers.
 *
 * Finding is by hash, the same for both directions. Memory comes in slabs and goes back to a list of free
 * flows: in steady state nothing is allocated. */
#ifndef NETARIUM_PROTOCOLS_CONNTRACK_FLOWS_H
#define NETARIUM_PROTOCOLS_CONNTRACK_FLOWS_H

#include "protocols/conntrack/flow.h"
#include "protocols/env.h"
#include "sim/base/list.h"

enum flow_class {
    FLOW_OPENING,
    FLOW_OPEN,
    FLOW_CLOSING,
    FLOW_DATAGRAM,
    FLOW_QUERY,
    FLOW_OTHER,
    FLOW_CLASSES
};
extern const char *const flow_class_words[]; /* by enum flow_class, ended by NULL */

enum flow_way { FLOW_THERE, FLOW_BACK, FLOW_WAYS }; /* as its first packet went, and against it */

/* Why a flow was forgotten. The words are flow_end_words. */
enum flow_ending { FLOW_TIMED_OUT, FLOW_REMOVED };
extern const char *const flow_ending_words[];

struct flows_config {
    int64_t timeouts[FLOW_CLASSES]; /* picoseconds of silence */
    uint32_t limit;                 /* flows at a time */
};

struct flow {
    struct flow_key key; /* of its first packet */
    enum flow_class class;
    uint8_t seen;                /* TCP: which SYN and FIN have passed */
    bool is_answered;            /* a packet came back */
    uint32_t number;             /* from 1, in the order of appearing */
    int64_t since;               /* when it appeared */
    int64_t expires;             /* when it is forgotten unless it is heard of */
    uint64_t packets[FLOW_WAYS]; /* that went there and back */
    uint64_t bytes[FLOW_WAYS];   /* of these datagrams */
    void *user;                  /* the owner's, with a link for a list of its own */
    struct list_link mates;
    struct list_link by_expiry; /* in the queue of its class */
    struct list_link by_age;    /* among all */
    struct flow *next;          /* in its bucket, or the next free one */
};

struct flow_slab;

struct flows {
    struct env *env;
    struct flows_config config;
    void (*ended)(struct flows *flows, struct flow *flow,
                  enum flow_ending why); /* the owner's; may be NULL */
    struct flow **buckets;               /* owned; a power of two */
    uint32_t bucket_count;
    struct flow_slab *slabs; /* owned */
    struct flow *free;       /* not in use */
    struct list queues[FLOW_CLASSES];
    struct list all;      /* oldest first */
    uint32_t count, peak; /* flows now, and the most ever */
    uint32_t next_number;
    struct env_timer timer; /* for the earliest front of a queue */
};

/* The times above, and room for 65 536 flows. */
struct flows_config flows_config_default(void);

/* `ended` is called just before a flow is forgotten, not by flows_release. */
void flows_init(struct flows *flows, struct env *env, const struct flows_config *config,
                void (*ended)(struct flows *flows, struct flow *flow, enum flow_ending why));
void flows_release(struct flows *flows);

/* The flow that `key` is a packet of, and which way that packet goes; NULL: none. */
struct flow *flows_find(const struct flows *flows, const struct flow_key *key, enum flow_way *ret_way);

/* A new flow, not known so far, whose first packet has this key. NULL: there is no room. flows_note is to
 * follow. */
struct flow *flows_add(struct flows *flows, const struct flow_key *key);

/* A packet of the flow passes: counts it, follows TCP, and, if it `refreshes`, begins the time of silence
 * anew. */
void flows_note(struct flows *flows, struct flow *flow, enum flow_way way, uint8_t tcp_flags, size_t bytes,
                bool refreshes);

void flows_remove(struct flows *flows, struct flow *flow);

/* Number `index` of all, oldest first; NULL past the last. For inspection: O(index). */
const struct flow *flows_row(const struct flows *flows, uint32_t index);

#endif
