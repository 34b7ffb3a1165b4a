/* SPDX-License-Identifier: MIT
 * An ideal slotted cable for real MACs: what the theory of backoff is about.
 *
 *     slot    0          1          2          3
 *             A B C      .          A C        B
 *             collide               collide    success
 *
 * A frame takes one slot, there is no gap and no jam, and who is not alone in a slot learns it when the slot
 * ends. So after a collision a station that draws r tries again r + 1 slots later. (To let the collision come
 * before the end of the frame, the frame is a few bits longer than the slot; nobody minds.) */
#ifndef NETARIUM_TESTS_PROTOCOLS_SLOTTED_H
#define NETARIUM_TESTS_PROTOCOLS_SLOTTED_H

#include "protocols/ethernet/mac.h"
#include "tests/protocols/hand_env.h"

#define SLOTTED_MOST 100 /* stations */

struct slotted {
    struct hand_env hand;
    struct mac macs[SLOTTED_MOST];
    unsigned attempts[SLOTTED_MOST]; /* of the frame that was sent */
    unsigned count;
    uint32_t attempt_limit;
    int64_t began_at;           /* slot 0 */
    struct env_timer slot_ends; /* while there are senders */
    struct mac *senders[SLOTTED_MOST];
    unsigned sender_count;
    int64_t slot; /* of the senders */
    unsigned successes, collisions, given_up;
    unsigned collisions_before; /* the first success */
    int64_t first_success, last_success;
    unsigned first_station, last_given_up;
};

struct slotted *slotted_new(unsigned count, uint64_t seed);
void slotted_free(struct slotted *cable);

/* All stations get one frame and begin at once. */
void slotted_begin(struct slotted *cable);

/* The next thing happens. */
void slotted_step(struct slotted *cable);

/* Sums for means. */
struct slotted_sum {
    uint64_t count, sum, squares;
};

void slotted_add(struct slotted_sum *sum, int64_t value);

/* The standard error of the mean, in millionths. */
uint64_t slotted_standard_error(const struct slotted_sum *sum);

#endif
