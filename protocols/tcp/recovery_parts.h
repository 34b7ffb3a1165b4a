/* SPDX-License-Identifier: MIT
 * The inside of recovery: what its files share.
 *
 *      recovery.c          an acknowledgment's way, and what is sent next
 *      recovery_state.c    the states: entering, leaving, timeouts
 *      recovery_undo.c     was it a mistake? D-SACK, timestamps, F-RTO
 *      recovery_tahoe.c, recovery_newreno.c, recovery_sack.c, recovery_rack.c      what is lost
 *      recovery_tlp.c      the probe of RACK
 *      recovery_prr.c      the window while it is repaired */
#ifndef NETARIUM_PROTOCOLS_TCP_RECOVERY_PARTS_H
#define NETARIUM_PROTOCOLS_TCP_RECOVERY_PARTS_H

#include "protocols/tcp/recovery.h"

extern const struct tcp_recovery_type tcp_recovery_tahoe;
extern const struct tcp_recovery_type tcp_recovery_reno;
extern const struct tcp_recovery_type tcp_recovery_newreno;
extern const struct tcp_recovery_type tcp_recovery_sack;
extern const struct tcp_recovery_type tcp_recovery_rack;

static inline int64_t recovery_now(const struct tcp_recovery *r)
{
    return env_now(r->board.env);
}

/* ---- recovery_state.c ---- */

/* The only place where the state changes. */
void recovery_move(struct tcp_recovery *r, enum tcp_recovery_state state, const char *rule);

/* A segment is deemed lost; tells it. */
void recovery_lose(struct tcp_recovery *r, uint32_t entry, const char *rule);
uint64_t recovery_tell_lost(const struct tcp_recovery *r, const struct tcp_sent *sent, const char *rule);

/* Something is lost: fast recovery begins. ssthresh is set (unless a mark of congestion has just done it),
 * cwnd is not. */
void recovery_enter(struct tcp_recovery *r, const char *why);

/* All that was outstanding when it began is acknowledged: cwnd as told. */
void recovery_leave(struct tcp_recovery *r, uint32_t cwnd, const char *rule);

/* May a new reduction begin? Once for each window of data: not before all of the last one is acknowledged. */
bool recovery_is_over(const struct tcp_recovery *r);

/* ... and something behind that, so that CWR has reached the peer: it says ECE no longer because of it. */
bool recovery_is_past(const struct tcp_recovery *r);

/* Moves cwnd on behalf of the recovery, if the congestion control leaves that to it. */
void recovery_set_cwnd(struct tcp_recovery *r, uint32_t cwnd, const char *rule);

/* The peer has reported a mark of congestion, in an acknowledgment of so many octets. RFC 3168 section 6.1.2. */
void recovery_marked(struct tcp_recovery *r, uint32_t acked_bytes);

/* ---- recovery_undo.c ---- */

/* Whether the first block of the option tells what arrived twice, and what follows from it. Before anything
 * is entered. RFC 2883. */
bool undo_see_dsack(struct tcp_recovery *r, const struct tcp_ack *ack);

/* A reduction begins now: it may be a mistake. */
void undo_watch(struct tcp_recovery *r);

/* An acknowledgment was entered. True: the reduction was a mistake and is undone. */
bool undo_try(struct tcp_recovery *r, const struct tcp_ack *ack, const struct tcp_delivery *delivery);

/* A segment was sent again, with this timestamp. */
void undo_resent(struct tcp_recovery *r, uint32_t echo);

/* ---- recovery_prr.c ---- */

void prr_begin(struct tcp_prr *prr, uint32_t outstanding_bytes);

/* cwnd after an acknowledgment. `is_safe`: it acknowledged new data and showed no new loss. */
uint32_t prr_cwnd(struct tcp_prr *prr, uint32_t delivered_bytes, uint32_t pipe_bytes, uint32_t ssthresh,
                  uint32_t mss, bool is_safe);

/* ---- recovery_tlp.c ---- */

void tlp_schedule(struct tcp_recovery *r);
void tlp_acked(struct tcp_recovery *r, const struct tcp_ack *ack, bool has_dsack);
void tlp_next(struct tcp_recovery *r, uint32_t new_bytes, struct tcp_turn *turn);
void tlp_sent(struct tcp_recovery *r, bool is_new);

#endif
