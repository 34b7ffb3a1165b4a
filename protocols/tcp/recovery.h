/* SPDX-License-Identifier: MIT
 * When something is lost, and what is sent next: the frame in which recoveries work, and their contract.
 *
 *      ACK --> what did it deliver?   --> round trip  --> what is lost?    --> window      --> what is next?
 *              scoreboard, rate           rtt             recovery_*.c         congestion tcp_recovery_next
 *
 * A connection's sender owns one of these and knows nothing of losses: it hands in each acknowledgment and
 * each timeout, then asks what to send until there is nothing. How much may be sent is the congestion
 * control's (congestion.h); how the window is spent while a loss is repaired is the recovery's.
 *
 *      open      -> disorder   a duplicate or selective ACK: something is missing, or late
 *      open, disorder -> cwr   the peer reports a mark of congestion: the window falls, nothing is lost  (RFC
 * 3168) open, disorder, cwr -> recovery   a segment is deemed lost (recovery_*.c) any       -> loss       the
 * retransmission timer has run out                                      (tcp_recovery_timeout) disorder  ->
 * open       it was only late cwr, recovery, loss -> open       all that was outstanding when it began is
 * acknowledged          (recover) recovery, loss -> open  it was a mistake: D-SACK or timestamps say so, the
 * window is given back   (undo)
 *
 * The states are Linux' (tcp_info ca_state). They change in one function, in recovery_state.c, which tells
 * the trace.
 *
 * Which recovery it is follows from SACK, the profile, and the congestion control:
 *      tahoe     3 duplicate ACKs, then slow start
 *      reno      RFC 5681 section 3.2: fast recovery ends at the first ACK of new data
 *      newreno   RFC 6582: it ends when all is repaired; a partial ACK shows the next hole
 *      sack      RFC 6675: pipe, and what is lost by counting what was sacked above
 *      rack      RFC 8985: lost is what left long before something that arrived; probes the tail (TLP)
 * With `uses_prr` the last two reduce the window as RFC 6937 does, in step with what arrives. */
#ifndef NETARIUM_PROTOCOLS_TCP_RECOVERY_H
#define NETARIUM_PROTOCOLS_TCP_RECOVERY_H

#include "protocols/tcp/congestion.h"
#include "protocols/tcp/rate.h"
#include "protocols/tcp/rtt.h"
#include "protocols/tcp/scoreboard.h"
#include "protocols/tcp/told.h"

enum tcp_recovery_state {
    TCP_OPEN,     /* nothing unusual */
    TCP_DISORDER, /* duplicate or selective ACKs, nothing is deemed lost yet */
    TCP_CWR,      /* the window has been reduced because of a mark, for one window of data */
    TCP_RECOVERY, /* fast recovery */
    TCP_LOSS,     /* after a timeout */
    TCP_RECOVERY_STATES
};
extern const char *const tcp_recovery_state_words[]; /* "open", ...; ended by NULL */

/* What a profile decides. */
struct tcp_recovery_rules {
    bool prefers_rack;          /* with SACK: RACK instead of RFC 6675 */
    bool uses_prr;              /* RFC 6937 */
    bool uses_tlp;              /* tail loss probes; RACK only. RFC 8985 section 7 */
    bool uses_frto;             /* RFC 5682 */
    bool uses_undo;             /* take back what D-SACK or timestamps show to have been a mistake */
    bool uses_limited_transmit; /* RFC 3042 */
    bool forgets_sacks; /* at a timeout: RFC 2018 section 8. Linux does only if the first segment is sacked */
    uint8_t threshold;  /* duplicate ACKs that mean a loss: 3 */
    uint16_t most_reordering; /* what it may rise to when the network reorders; without RACK */
    int64_t probe_slack; /* a tail loss probe waits so much longer than two round trips: Linux' TCP_TIMEOUT_MIN */
    int64_t delayed_ack_most; /* the peer may wait so long before it acknowledges one segment: 200 ms, RFC
                                 8985 section 7.2 */
};

/* An acknowledgment, judged by the sender: una =< ack =< nxt. */
struct tcp_ack {
    struct tcp_seq ack;
    bool is_duplicate; /* RFC 5681 section 2: data outstanding, none in it, no SYN or FIN, nothing new, same
                          window */
    bool has_ece;      /* the peer has seen a mark, and both use ECN */
    bool has_echo;     /* there is a timestamp */
    uint32_t echo;     /* which it echoes */
    int64_t echo_age;  /* picoseconds since our clock showed that */
    const struct tcp_range *sack; /* as they stand in the option, not judged */
    unsigned sack_count;
};

/* What the sender may do next. */
enum tcp_turn_what {
    TCP_TURN_WAIT,  /* nothing */
    TCP_TURN_AGAIN, /* send `range` once more */
    TCP_TURN_NEW    /* send up to `bytes` new octets */
};

struct tcp_turn {
    enum tcp_turn_what what;
    struct tcp_range range; /* AGAIN: one entry of the scoreboard, not longer than the MSS */
    uint32_t bytes;  /* NEW: 1 or more, at most what was offered; whole segments if it is more than one */
    const char *why; /* for the trace, with its clause; NULL: nothing special */
    uint64_t because; /* AGAIN: the record that told of this segment's loss; 0: none */
    bool is_final;   /* private to recovery: nothing else may go instead */
};

struct tcp_recovery;

/* A way to find out what is lost. Functions may be NULL. */
struct tcp_recovery_type {
    const char *name;
    const char *summary; /* one sentence */
    bool needs_sack;
    /* An acknowledgment has been entered; `delivery` is what it brought. Declares losses, moves the state,
     * sets the window while a loss is repaired. */
    void (*acked)(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery);
    /* Something was sent, new or again. */
    void (*sent)(struct tcp_recovery *r, bool is_new);
    /* Its own timer: when it is due (ENV_NEVER: never), and that it is. */
    int64_t (*deadline)(const struct tcp_recovery *r, int64_t rto_at);
    bool (*expire)(struct tcp_recovery *r); /* true: the retransmission timer begins anew */
    /* What is sent while a loss is repaired; NULL: the lowest that is lost, then new data, as the window
     * allows. */
    void (*next)(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn);
};

/* RFC 6937: how much may be sent in recovery. recovery_prr.c */
struct tcp_prr {
    uint32_t recover_fs; /* outstanding when it began */
    uint64_t delivered;  /* since then: prr_delivered */
    uint64_t out;        /* sent since then: prr_out */
};

/* RFC 8985's variables. recovery_rack.c */
struct tcp_rack {
    int64_t sent_at;            /* RACK.xmit_ts: when the delivered segment left that left last */
    uint64_t order;             /* which transmission that was */
    struct tcp_seq end;         /* RACK.end_seq */
    int64_t rtt;                /* RACK.rtt */
    int64_t reorder_at;         /* the reordering timer; ENV_NEVER: off */
    struct tcp_seq fack;        /* RACK.fack: end of the highest delivered */
    unsigned window_mult;       /* RACK.reo_wnd_mult, in quarters of the shortest round trip */
    unsigned persist;           /* RACK.reo_wnd_persist: recoveries until it shrinks again */
    struct tcp_seq dsack_round; /* ... not before this is acknowledged again */
    bool has_dsack_round;
    bool has_sample;
    bool has_seen_reordering;
    /* Tail loss probe. */
    bool has_probe;           /* one is out: TLP.end_seq is valid */
    bool is_probe_due;        /* the timer has run out and the probe is not sent yet */
    bool was_probe_new;       /* it carried new data: TLP.is_retrans is the opposite */
    struct tcp_seq probe_end; /* TLP.end_seq */
    int64_t probe_at;         /* the probe timer; ENV_NEVER: it is off */
};

/* RFC 5682: was the timeout a mistake? */
enum tcp_frto {
    TCP_FRTO_OFF,
    TCP_FRTO_FIRST, /* the first segment has been sent again: what does the next ACK say? step 2 */
    TCP_FRTO_NEW    /* it was new: two new segments go, and then? step 3 */
};

struct tcp_recovery {
    const struct tcp_recovery_type *type;
    struct tcp_recovery_rules rules;
    const struct tcp_teller *teller; /* borrowed */
    struct tcp_scoreboard board;
    struct tcp_rtt rtt;
    struct tcp_rate rate;
    struct tcp_congestion congestion;
    enum tcp_recovery_state state;
    bool has_sack;
    bool has_timestamps;
    struct tcp_seq recover; /* RFC 6582: outstanding when the latest reduction began, up to here */
    bool has_recover;
    unsigned duplicates;    /* duplicate ACKs in a row */
    unsigned threshold;     /* duplicate ACKs that mean a loss now: dupthresh */
    uint32_t limited_bytes; /* sent by limited transmit, not in FlightSize: RFC 5681 section 3.2 step 2 */
    uint32_t timeouts;      /* in a row, for the segment at una: RFC 1122's retransmission count */
    bool is_limited;        /* the window was what held the sender back */
    bool is_cwr_due;     /* the next new data carries CWR: RFC 3168 section 6.1.2. The sender takes it back */
    bool is_rescue_used; /* RFC 6675 NextSeg (4), once for each recovery */
    struct tcp_seq high_rxt; /* RFC 6675 HighRxt: end of the highest retransmitted in this recovery */
    bool is_resend_due;      /* one segment goes whatever the window says: RFC 5681 section 3.2 step 3 */
    bool has_fin_on_full;    /* the last segment is full and has FIN on top */
    struct tcp_prr prr;
    struct tcp_rack rack;
    int64_t pace_at; /* nothing is sent before; with pacing */

    /* Was it a mistake? */
    bool may_undo;              /* the latest reduction can be taken back */
    struct tcp_seq undo_una;    /* una when it began */
    uint32_t undo_resent;       /* retransmissions since then that no D-SACK has shown to be needless */
    uint32_t first_resent_echo; /* timestamp of the first of them */
    bool has_resent;            /* ... if there was one */
    enum tcp_frto frto;         /* RFC 5682 */
    unsigned frto_new;          /* segments of new data that step 2 may still send */
    struct tcp_seq frto_end;    /* what was outstanding at the timeout */

    uint64_t resent_total, lost_total; /* segments; ever */
    uint32_t dsacks, reorderings;      /* seen; ever */
    uint32_t delivered_ce;             /* segments that an acknowledgment with ECE said to have arrived; ever */
};

struct tcp_recovery_setup {
    struct env *env;
    const struct tcp_teller *teller;        /* borrowed */
    const struct tcp_recovery_rules *rules; /* copied, like the following */
    const struct tcp_rtt_rules *rtt;
    const struct tcp_congestion_rules *congestion_rules;
    const struct tcp_congestion_type *congestion;
};

/* ---- The connection's life ---- */

/* Before the handshake: only `rtt` is of use, for the SYN's timeout. Takes no memory but the congestion
 * control's. */
void tcp_recovery_init(struct tcp_recovery *r, const struct tcp_recovery_setup *setup);
void tcp_recovery_release(struct tcp_recovery *r);

/* The connection is open: `nxt` is the first octet of data to be sent, `mss` the data in a full segment,
 * options taken off. What was agreed upon decides which recovery it is. The handshake's round trip, if it may
 * be sampled, goes to tcp_rtt_sample before; `syn_was_lost` if one was sent twice. */
void tcp_recovery_start(struct tcp_recovery *r, struct tcp_seq nxt, uint32_t mss, bool has_sack,
                        bool has_timestamps, bool syn_was_lost);

/* Another congestion control; the recovery may change with it if nothing is being repaired. */
void tcp_recovery_set_congestion(struct tcp_recovery *r, const struct tcp_congestion_type *type);

/* A smaller or larger MSS. What is outstanding is cut as it is sent again. */
void tcp_recovery_set_mss(struct tcp_recovery *r, uint32_t mss);

/* The path refused a datagram for its size: what is outstanding and larger than the MSS is lost, and
 * congestion has no part in it. RFC 1191 section 6.4. */
void tcp_recovery_lose_oversized(struct tcp_recovery *r);

/* ---- Arriving ---- */

/* An acknowledgment, new or duplicate, of a connection with data outstanding or not. Afterwards the sender
 * asks what is next. */
void tcp_recovery_acked(struct tcp_recovery *r, const struct tcp_ack *ack);

/* ---- Sending ---- */

/* What may be sent now? The sender offers `new_bytes` that the peer's window and its own rules (Nagle) would
 * let go, and asks again after each tcp_recovery_sent until it must wait. Sequence: next, sent, next, sent,
 * ..., next says wait. */
struct tcp_turn tcp_recovery_next(struct tcp_recovery *r, uint32_t new_bytes);

/* So much was sent: `bytes` new octets from board.nxt on (FIN counts as one), with our timestamp `echo`. */
void tcp_recovery_sent_new(struct tcp_recovery *r, uint32_t bytes, uint32_t echo);

/* Octets from `range.start`, a turn's range, were sent again; `range.end` may be smaller than the turn's. */
void tcp_recovery_sent_again(struct tcp_recovery *r, struct tcp_range range, uint32_t echo);

/* Sending begins again after nothing was in flight since `last_sent_at`. Before the first `next`. RFC 5681
 * section 4.1. */
void tcp_recovery_idle(struct tcp_recovery *r, int64_t last_sent_at);

/* ---- Time ---- */

/* When tcp_recovery_expire wants to be called: RACK's reordering timer, the tail loss probe, pacing.
 * ENV_NEVER: not. `rto_at` is when the retransmission timer would run out (ENV_NEVER: it is off); the answer
 * is never later than that. If both are due in
 * the same instant this one is served first. Ask after every call. */
int64_t tcp_recovery_deadline(const struct tcp_recovery *r, int64_t rto_at);

/* It is due. Afterwards the sender asks what is next. True: a probe goes, and the retransmission timer is
 * armed anew for rtt.rto from now (RFC 8985 section 7.3). */
bool tcp_recovery_expire(struct tcp_recovery *r);

/* The retransmission timer has run out: RFC 6298 (5.4) to (5.6), RFC 5681 section 3.1. The sender then asks
 * what is next (the first segment) and arms the timer for rtt.rto from now. */
void tcp_recovery_timeout(struct tcp_recovery *r);

/* ---- Asking ---- */

/* FlightSize of RFC 5681: sent and not cumulatively acknowledged. */
static inline uint32_t tcp_recovery_outstanding(const struct tcp_recovery *r)
{
    return tcp_scoreboard_outstanding(&r->board);
}

/* All there are, ended by NULL; by name, or NULL. */
extern const struct tcp_recovery_type *const tcp_recovery_types[];
const struct tcp_recovery_type *tcp_recovery_find(const char *name);

#endif
