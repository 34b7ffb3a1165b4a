/* SPDX-License-Identifier: MIT
 * Sequence numbers: 32 bits that count octets and go round.
 *
 *                 a                       a < b  if b lies in the half of the circle ahead of a
 *             .-------.
 *            /    |    \                  Every octet has a number, and so have SYN and FIN. There are only
 *      after a    |    before a           2^32 of them, so "less than" makes sense only for numbers that are
 *            \    |    /                  close together: nearer than 2^31, which a window always is.
 *             '-------'
 *
 * The type is a struct of one member, so that a plain `<` does not compile. RFC 9293 section 3.4. */
#ifndef NETARIUM_PROTOCOLS_TCP_SEQ_H
#define NETARIUM_PROTOCOLS_TCP_SEQ_H

#include <stdbool.h>
#include <stdint.h>

struct tcp_seq {
    uint32_t value;
};

/* From one number up to, not including, another. Empty if both are the same. */
struct tcp_range {
    struct tcp_seq start;
    struct tcp_seq end;
};

static inline struct tcp_seq tcp_seq_at(uint32_t value)
{
    return (struct tcp_seq){value};
}

/* The number `count` octets after `seq`. */
static inline struct tcp_seq tcp_seq_plus(struct tcp_seq seq, uint32_t count)
{
    return (struct tcp_seq){seq.value + count};
}

static inline struct tcp_seq tcp_seq_minus(struct tcp_seq seq, uint32_t count)
{
    return (struct tcp_seq){seq.value - count};
}

/* How many octets `to` is ahead of `from`; negative if it is behind. */
static inline int32_t tcp_seq_distance(struct tcp_seq from, struct tcp_seq to)
{
    return (int32_t)(to.value - from.value);
}

static inline bool tcp_seq_is_equal(struct tcp_seq a, struct tcp_seq b)
{
    return a.value == b.value;
}

static inline bool tcp_seq_is_before(struct tcp_seq a, struct tcp_seq b)
{
    return tcp_seq_distance(a, b) > 0;
}

static inline bool tcp_seq_is_after(struct tcp_seq a, struct tcp_seq b)
{
    return tcp_seq_is_before(b, a);
}

/* a =< b in the words of RFC 9293. */
static inline bool tcp_seq_is_up_to(struct tcp_seq a, struct tcp_seq b)
{
    return !tcp_seq_is_before(b, a);
}

/* start =< seq < end. */
static inline bool tcp_seq_is_within(struct tcp_seq seq, struct tcp_seq start, struct tcp_seq end)
{
    return seq.value - start.value < end.value - start.value;
}

static inline struct tcp_seq tcp_seq_later(struct tcp_seq a, struct tcp_seq b)
{
    return tcp_seq_is_before(a, b) ? b : a;
}

static inline struct tcp_seq tcp_seq_earlier(struct tcp_seq a, struct tcp_seq b)
{
    return tcp_seq_is_before(a, b) ? a : b;
}

static inline uint32_t tcp_range_bytes(struct tcp_range range)
{
    return range.end.value - range.start.value;
}

#endif
