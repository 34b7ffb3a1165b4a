/* SPDX-License-Identifier: MIT
 * What was sent and is not cumulatively acknowledged yet: one entry for each transmitted segment.
 *
 *      SND.UNA                                         SND.NXT
 *         |  1  |  2  |  3  |  4  |  5  |  6  |  7  |  8  |         in sequence: found by binary search
 *           L R          S     S     L           S
 *
 *      in flight, by time of leaving:   2  6  8  1                  the oldest first: RACK looks there
 *      lost, to be sent again:          5                           the lowest first
 *      runs of sacked ones:             3 4 | 7                     stepped over as one
 *
 * S *sacked*: the peer has it, out of order. L *lost*: deemed so by the recovery. R *resent*: a
 * retransmission of it is in flight. RFC 6675's pipe is  outstanding - sacked - lost + resent  bytes, all
 * four kept as things happen.
 *
 * Entries stand in a pool and are joined by numbers, never pointers, so that the pool may grow. A ring holds
 * the first entry of each transmitted segment; an entry that an acknowledgment or a smaller MSS cuts is
 * joined behind its front part without disturbing the ring. An entry is touched when it is sent, when it is
 * lost, when it is sacked and when it is acknowledged; the only walks over what is outstanding are after a
 * timeout and after an undo.
 *
 * A peer may not take back what it has sacked, but may forget it (RFC 2018 section 8): only the cumulative
 * acknowledgment frees an entry, and a timeout forgets what was sacked. */
#ifndef NETARIUM_PROTOCOLS_TCP_SCOREBOARD_H
#define NETARIUM_PROTOCOLS_TCP_SCOREBOARD_H

#include "protocols/tcp/rate.h"
#include "protocols/tcp/seq.h"

enum tcp_mark {
    TCP_MARK_SACKED = 1, /* the peer has it */
    TCP_MARK_LOST = 2,   /* what was sent first, or last, is deemed lost */
    TCP_MARK_RESENT = 4, /* a retransmission is in flight */
    TCP_MARK_EVER = 8    /* it was retransmitted at some time: Karn's rule */
};

#define TCP_NO_ENTRY UINT32_MAX

struct tcp_sent {
    struct tcp_seq start, end; /* octets, FIN counted as one */
    uint8_t marks;             /* enum tcp_mark */
    uint8_t cuts;              /* how often a selective acknowledgment has cut it */
    uint16_t resent;           /* how often it was retransmitted */
    uint32_t echo;             /* the timestamp that its last transmission carried */
    int64_t sent_at;           /* its last transmission */
    uint64_t order;            /* which transmission of the connection that was, from 1: time, without ties */
    struct tcp_rate_mark rate; /* what the rate needs */
    uint32_t before, behind;   /* neighbours in sequence */
    uint32_t older, younger;   /* neighbours in flight, or among the lost */
    uint32_t skip;             /* sacked: an entry behind it, towards the first that is not */
    uint64_t lost_because;     /* lost: the record that told so, the cause of sending it again; 0: nobody listened */
};

struct tcp_sent_queue {
    uint32_t first, last; /* TCP_NO_ENTRY: empty */
};

struct tcp_scoreboard {
    struct env *env;
    struct tcp_sent *pool;           /* owned; entries by number */
    uint32_t *ring;                  /* owned; the first entry of each segment, in sequence */
    uint32_t room;                   /* entries in the pool */
    uint32_t ring_room;              /* a power of two, or 0 */
    uint32_t ring_first;             /* place of the first segment */
    uint32_t ring_count;             /* segments */
    uint32_t free_first;             /* unused entries, through `behind` */
    uint32_t last;                   /* the last entry in sequence */
    struct tcp_sent_queue in_flight; /* neither sacked nor lost, or resent: by order of transmission */
    struct tcp_sent_queue lost;      /* lost and not resent: by sequence */
    uint32_t lost_finger;            /* where something was put into `lost` last */
    struct tcp_seq una;              /* everything before it is acknowledged */
    struct tcp_seq nxt;              /* end of what was sent */
    struct tcp_seq highest_sacked;   /* end of the highest octet that was sacked; una: none */
    uint64_t order;                  /* transmissions so far */
    uint32_t entries;                /* in use */
    uint32_t sacked_entries, lost_entries, resent_entries; /* with these marks */
    uint32_t sacked_bytes;                                 /* octets with these marks */
    uint32_t lost_bytes;
    uint32_t resent_bytes;

    /* RFC 6675's IsLost: below `frontier` enough has been sacked above. */
    uint32_t frontier;    /* the first entry that has not been judged so */
    uint32_t above_bytes; /* sacked at or above the frontier */
    uint32_t above_runs;  /* in so many pieces */
};

/* What one acknowledgment has brought. Zero it, then let it go through acked and sacked. */
struct tcp_delivery {
    uint32_t acked_bytes;     /* newly acknowledged cumulatively */
    uint32_t sacked_bytes;    /* newly sacked */
    uint32_t delivered_bytes; /* known to have arrived, and not known before */
    uint32_t delivered_segments;
    uint32_t resent_bytes;  /* of these: of segments that had been retransmitted */
    struct tcp_sent latest; /* of those delivered, the one whose last transmission was last; if any was */
    struct tcp_seq lowest;  /* of those sent only once: start of the lowest */
    int64_t lowest_sent_at;
    struct tcp_sent clean; /* of those sent only once, the one that was sent last */
    bool has_dsack;        /* set by the recovery: it told what arrived twice, RFC 2883 */
    bool has_clean;        /* there is one: the three above mean something */
};

/* Nothing was delivered yet. What means something only later is left as it is: it is large. */
static inline void tcp_delivery_begin(struct tcp_delivery *delivery, bool has_dsack)
{
    delivery->acked_bytes = delivery->sacked_bytes = delivery->delivered_bytes = 0;
    delivery->delivered_segments = delivery->resent_bytes = 0;
    delivery->has_dsack = has_dsack;
    delivery->has_clean = false;
}

/* Nothing is outstanding; the next octet to be sent is `nxt`. */
void tcp_scoreboard_init(struct tcp_scoreboard *board, struct env *env, struct tcp_seq nxt);
void tcp_scoreboard_release(struct tcp_scoreboard *board);

/* Gives its memory back if nothing is outstanding; for connections that fall idle. */
void tcp_scoreboard_trim(struct tcp_scoreboard *board);

/* ---- Sending ---- */

/* New octets have left: `bytes` (at least 1) from `nxt` on, with timestamp `echo` if there are timestamps. */
void tcp_scoreboard_sent(struct tcp_scoreboard *board, uint32_t bytes, uint32_t echo, struct tcp_rate *rate);

/* Entry number `entry` has been sent once more. It is not lost any more than before, but in flight. */
void tcp_scoreboard_resent(struct tcp_scoreboard *board, uint32_t entry, struct tcp_rate *rate);

/* Cuts an entry in two at `at`, which lies strictly inside. The number stays with the front part. */
void tcp_scoreboard_cut(struct tcp_scoreboard *board, uint32_t entry, struct tcp_seq at);

/* ---- Arriving ---- */

/* Everything before `ack` has arrived: una =< ack =< nxt. An entry that it cuts is shortened. */
void tcp_scoreboard_acked(struct tcp_scoreboard *board, struct tcp_seq ack, struct tcp_rate *rate,
                          struct tcp_delivery *delivery);

/* The peer has this range, out of order: una < start < end =< nxt, else it is ignored. Entries that it cuts
 * are cut, up to eight parts of one segment; what is finer is ignored, which is always safe. */
void tcp_scoreboard_sacked(struct tcp_scoreboard *board, struct tcp_range range, struct tcp_rate *rate,
                           struct tcp_delivery *delivery);

/* ---- Judging ---- */

/* This entry, neither sacked nor already lost and waiting, is lost. If it is resent, the retransmission is
 * lost as well. `because`, here and below, is the number of the record that says so. */
void tcp_scoreboard_lose(struct tcp_scoreboard *board, uint32_t entry, uint64_t because);

/* RFC 6675 IsLost: loses all that has three separate sacked pieces above it, or more than two MSS of sacked
 * octets, where three is `threshold` and two one less. Calls `told` (may be NULL) for each, which returns
 * the record's number. Returns how many segments that were. */
uint32_t tcp_scoreboard_lose_below(struct tcp_scoreboard *board, unsigned threshold, uint32_t mss,
                                   uint64_t (*told)(void *context, const struct tcp_sent *sent),
                                   void *context);

/* A timeout: everything not sacked is lost, retransmissions too. `forgets_sacks`: the peer may have reneged,
 * nothing is sacked any more. RFC 2018 section 8. */
void tcp_scoreboard_lose_all(struct tcp_scoreboard *board, bool forgets_sacks, uint64_t because);

/* It was a mistake: nothing is lost, and what waits to be sent again is in flight after all. */
void tcp_scoreboard_unlose_all(struct tcp_scoreboard *board);

/* ---- Asking ---- */

static inline uint32_t tcp_scoreboard_outstanding(const struct tcp_scoreboard *board)
{
    return board->nxt.value - board->una.value;
}

/* RFC 6675 pipe: octets that are probably in the network. */
static inline uint32_t tcp_scoreboard_pipe(const struct tcp_scoreboard *board)
{
    return tcp_scoreboard_outstanding(board) - board->sacked_bytes - board->lost_bytes + board->resent_bytes;
}

static inline struct tcp_sent *tcp_scoreboard_at(const struct tcp_scoreboard *board, uint32_t entry)
{
    return &board->pool[entry];
}

/* Entry numbers, TCP_NO_ENTRY if there is none: the first in sequence; the last; the lowest that is lost and
 * waits; the one that has been in flight longest; the one that holds an octet. */
uint32_t tcp_scoreboard_first(const struct tcp_scoreboard *board);
uint32_t tcp_scoreboard_find(const struct tcp_scoreboard *board, struct tcp_seq seq);

static inline uint32_t tcp_scoreboard_last(const struct tcp_scoreboard *board)
{
    return board->last;
}

static inline uint32_t tcp_scoreboard_next_lost(const struct tcp_scoreboard *board)
{
    return board->lost.first;
}

static inline uint32_t tcp_scoreboard_oldest(const struct tcp_scoreboard *board)
{
    return board->in_flight.first;
}

/* The first entry not sacked, from `entry` on. */
uint32_t tcp_scoreboard_unsacked(struct tcp_scoreboard *board, uint32_t entry);

#endif
