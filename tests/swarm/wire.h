/* SPDX-License-Identifier: MIT
 * A bad wire between two embedded hosts: it loses, delays, reorders, repeats and damages, all by one seed. */
#ifndef NETARIUM_TESTS_SWARM_WIRE_H
#define NETARIUM_TESTS_SWARM_WIRE_H

#include "embed/netarium-host.h"
#include "sim/base/rng.h"

#define WIRE_PACKET_BYTES 2048
#define WIRE_PACKETS 4096 /* on their way at once; what comes on top is lost */

struct wire_faults {
    uint32_t loss_ppm, duplicate_ppm, damage_ppm, reorder_ppm;
    int64_t delay, jitter; /* of every packet; of those that are reordered */
    uint32_t rate_bytes;   /* per millisecond; 0: any */
    uint32_t queue_bytes;  /* that wait for the rate */
};

struct wire_packet {
    int64_t at;
    uint64_t order;
    uint32_t length_bytes;
    uint8_t to; /* 0 or 1 */
    uint8_t bytes[WIRE_PACKET_BYTES];
};

struct bad_wire {
    struct rng rng;
    struct wire_faults faults;
    struct nt_host *hosts[2];
    struct wire_packet *packets; /* a heap by time, then order; owned */
    uint32_t count;
    uint64_t next_order;
    int64_t free_at[2]; /* when the rate lets the next packet go */
    uint64_t sent, lost, damaged, repeated, reordered;
};

void bad_wire_init(struct bad_wire *wire, uint64_t seed, const struct wire_faults *faults, struct nt_host *a,
                   struct nt_host *b);
void bad_wire_release(struct bad_wire *wire);

/* Moves everything that the hosts have sent onto the wire. */
void bad_wire_collect(struct bad_wire *wire);

/* When the next packet arrives; NT_HOST_NEVER: none is on its way. */
int64_t bad_wire_next(const struct bad_wire *wire);

/* Delivers what arrives at `at`, at which both hosts' clocks stand. */
void bad_wire_deliver(struct bad_wire *wire, int64_t at);

#endif
