/* SPDX-License-Identifier: MIT
 * What has arrived out of order: islands beyond RCV.NXT, and what is told of them in SACK options.
 *
 *      RCV.NXT       [-----------)      [----)           [---)
 *      |  in order   | an island  | hole |    |  hole
 *
 * Islands are kept in their order in one array that is empty at both ends: a new one nearly always belongs at
 * the end, and the first one goes when the hole in front of it is filled; one in between is found by halving.
 * An island's octets stand in the receive buffer already.
 *
 * The island that changed last is told first, then those told before: RFC 2018 section 4. So that the peer
 * learns about each of them several times, the last few are remembered by an octet in them. What arrives
 * twice is told once, in front of all: RFC 2883. */
#ifndef NETARIUM_PROTOCOLS_TCP_REASSEMBLY_H
#define NETARIUM_PROTOCOLS_TCP_REASSEMBLY_H

#include "protocols/env.h"
#include "protocols/tcp/options.h"

struct tcp_reassembly {
    struct env *env;
    struct tcp_range *islands; /* owned; NULL until needed */
    uint32_t room;             /* places in it */
    uint32_t first, count;
    uint32_t bytes; /* in all islands */
    struct tcp_seq
        recent[TCP_SACK_RANGES]; /* an octet of each of the islands that changed last, the latest first */
    uint8_t recent_count;
    bool has_twice;         /* `twice` has not been told yet */
    struct tcp_range twice; /* arrived before */
};

void tcp_reassembly_init(struct tcp_reassembly *all, struct env *env);
void tcp_reassembly_release(struct tcp_reassembly *all);

/* These octets, all beyond RCV.NXT, have arrived. Returns how many of them are new. */
uint32_t tcp_reassembly_add(struct tcp_reassembly *all, struct tcp_range range);

/* RCV.NXT is `next` now: what begins there or before is an island no more. Returns where the stream ends now.
 */
struct tcp_seq tcp_reassembly_take(struct tcp_reassembly *all, struct tcp_seq next);

/* The SACK ranges to tell, at most `most`. A range that was received twice is told once, so this forgets it.
 */
uint8_t tcp_reassembly_tell(struct tcp_reassembly *all, struct tcp_range *ret_ranges, uint8_t most);

#endif
