/* SPDX-License-Identifier: MIT
 * Measuring traffic: numbered and time-stamped datagrams, and what a receiver can say of them.
 *
 *      payload    | "ntm1" | sequence | time of sending | filling ...
 *                 0        4          8                16
 *
 * The sender writes sequence number and simulated time into the first 16 bytes of what it sends. Whoever
 * receives it knows at once what is missing, what came twice or out of order, and how long it took: there is
 * one clock for all. What is echoed comes back with its stamp, so its sender measures the way there and back.
 *
 * Traffic is counted by *flow*: one application here, one endpoint there. Each flow is a row of the table
 * "traffic". Numbers that have not come by the time a higher one is here are missing; one that comes later is
 * late, and no longer missing. */
#ifndef NETARIUM_NODES_APPS_METER_H
#define NETARIUM_NODES_APPS_METER_H

#include "nodes/stack.h"

#define METER_STAMP_BYTES 16 /* smaller payloads are counted, not measured */
#define METER_BUCKETS 64     /* to find a flow by its endpoint; a power of two */
#define METER_WINDOW 64      /* sequence numbers below the highest whose arrival is remembered */

struct meter_flow {
    struct nt_app *app;
    struct nt_endpoint peer;
    struct meter_flow *newer;   /* in the stack's list */
    struct meter_flow *in_slot; /* the next in the same bucket */
    uint64_t sent, refused, errors;
    uint64_t received, bytes;
    uint64_t highest;   /* sequence number and 1 of the highest that has come */
    uint64_t seen;      /* a bit for each of the last METER_WINDOW numbers: bit 0 is the highest */
    uint64_t late;      /* came after a higher one */
    uint64_t duplicate; /* came twice */
    uint64_t measured;  /* had a stamp */
    nt_time delay_min, delay_max, delay_sum;
};

/* What an application that sends or receives such traffic holds. */
struct meter {
    struct nt_app *app;
    struct meter_flow *buckets[METER_BUCKETS];
    uint32_t kind_sent, kind_received, kind_missing, kind_transfer, kind_reply;
};

/* The kinds of records that a meter tells: for the application's type. */
extern const struct nt_kind meter_kinds[];

void meter_init(struct meter *meter, struct nt_app *app);

/* The flow with this endpoint; made if it is new. */
struct meter_flow *meter_flow(struct meter *meter, const struct nt_endpoint *peer);

/* Writes the stamp of the flow's next datagram, if it fits. */
void meter_stamp(const struct meter_flow *flow, nt_time now, uint8_t *ret_bytes, size_t size_bytes);

/* Counts and tells a datagram that was sent. */
void meter_sent(struct meter *meter, struct meter_flow *flow, size_t bytes);

/* Counts, measures and tells a datagram that arrived. Returns the delay that its stamp shows; NT_NEVER: it
 * has none. */
nt_time meter_received(struct meter *meter, struct meter_flow *flow, const struct nt_message *how,
                       const uint8_t *bytes, size_t count);

/* Counts and tells `bytes` of a stream that were read. */
void meter_streamed(struct meter *meter, struct meter_flow *flow, size_t bytes);

/* Tells that all of a transfer has arrived, and that a round of requests has been answered. */
void meter_transferred(struct meter *meter, const struct meter_flow *flow, uint64_t bytes, nt_time time);
void meter_replied(struct meter *meter, uint64_t round, uint64_t bytes, nt_time time);

/* Numbers that are missing: lost, or still on their way. */
uint64_t meter_missing(const struct meter_flow *flow);

/* The table "traffic". */
bool meter_row(const struct nt_node *node, uint32_t index, struct nt_cell *ret_cells);
#define METER_COLUMNS                                                                                        \
    {                                                                                                        \
        {"app", NT_UNIT_TEXT}, {"peer", NT_UNIT_IPV4}, {"port", NT_UNIT_NONE}, {"sent", NT_UNIT_NONE},       \
            {"errors", NT_UNIT_NONE}, {"received", NT_UNIT_NONE}, {"bytes", NT_UNIT_BYTES},                  \
            {"lost", NT_UNIT_NONE}, {"late", NT_UNIT_NONE}, {"duplicates", NT_UNIT_NONE},                    \
            {"delay_min", NT_UNIT_TIME}, {"delay_avg", NT_UNIT_TIME}, {"delay_max", NT_UNIT_TIME},           \
        {                                                                                                    \
            "running", NT_UNIT_BOOL                                                                          \
        }                                                                                                    \
    }

#endif
