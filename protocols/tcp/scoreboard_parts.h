/* SPDX-License-Identifier: MIT
 * The inside of the scoreboard: what its two files share. scoreboard.c keeps entries, scoreboard_loss.c
 * judges them. */
#ifndef NETARIUM_PROTOCOLS_TCP_SCOREBOARD_PARTS_H
#define NETARIUM_PROTOCOLS_TCP_SCOREBOARD_PARTS_H

#include "protocols/tcp/scoreboard.h"

static inline bool sent_is(const struct tcp_sent *sent, unsigned mark)
{
    return sent->marks & mark;
}

static inline uint32_t sent_bytes(const struct tcp_sent *sent)
{
    return sent->end.value - sent->start.value;
}

/* Lost, and nothing of it is in flight. */
static inline bool sent_waits(const struct tcp_sent *sent)
{
    return (sent->marks & (TCP_MARK_LOST | TCP_MARK_RESENT)) == TCP_MARK_LOST;
}

/* Sets and clears marks, and keeps the counters. */
void scoreboard_mark(struct tcp_scoreboard *board, struct tcp_sent *sent, unsigned set, unsigned clear);

/* The queue that an entry is in: in flight, lost, or none. */
struct tcp_sent_queue *scoreboard_queue_of(struct tcp_scoreboard *board, const struct tcp_sent *sent);

/* Puts `entry` behind `place` (TCP_NO_ENTRY: first); takes it out. */
void scoreboard_queue_add(struct tcp_scoreboard *board, struct tcp_sent_queue *queue, uint32_t place,
                          uint32_t entry);
void scoreboard_queue_remove(struct tcp_scoreboard *board, struct tcp_sent_queue *queue, uint32_t entry);

/* An entry becomes sacked, or the frontier must go past it: what lies above the frontier is counted. */
void scoreboard_count_above(struct tcp_scoreboard *board, uint32_t entry);
void scoreboard_pass_frontier(struct tcp_scoreboard *board);

#endif
