/* SPDX-License-Identifier: MIT
 * What is lost: marking entries so, by RFC 6675's counting, one by one, or all at once.
 *
 *      1  2  3  4  5  6  7  8  9             S: sacked
 *         S     S     S  S
 *            ^frontier                       above it: 3 entries in 2 pieces
 *
 * RFC 6675 says that a segment is lost when enough above it has been sacked: three separate pieces, or more
 * octets than two segments have. If that is true of a segment it is true of all before it. So there is a
 * frontier: everything before it has been judged, and what was sacked from there on is counted. Each sack
 * adds to the count, the frontier goes up while there is enough above it, and takes off what it passes: each
 * entry is passed once. */
#include <assert.h>

#include "protocols/tcp/scoreboard.h"
#include "protocols/tcp/scoreboard_parts.h"

static bool is_sacked(const struct tcp_scoreboard *board, uint32_t entry)
{
    return entry != TCP_NO_ENTRY && sent_is(&board->pool[entry], TCP_MARK_SACKED);
}

void scoreboard_count_above(struct tcp_scoreboard *board, uint32_t entry)
{
    const struct tcp_sent *sent = &board->pool[entry];
    uint32_t frontier = board->frontier;
    if (frontier == TCP_NO_ENTRY || tcp_seq_is_before(sent->start, board->pool[frontier].start))
        return;
    board->above_bytes += sent_bytes(sent);
    bool joins_before = entry != frontier && is_sacked(board, sent->before);
    bool joins_behind = is_sacked(board, sent->behind);
    board->above_runs += 1u - joins_before - joins_behind;
}

void scoreboard_pass_frontier(struct tcp_scoreboard *board)
{
    const struct tcp_sent *sent = &board->pool[board->frontier];
    if (sent_is(sent, TCP_MARK_SACKED)) {
        board->above_bytes -= sent_bytes(sent);
        board->above_runs -= !is_sacked(board, sent->behind);
    }
    board->frontier = sent->behind;
}

/* Where in the queue of the lost an entry belongs: behind the returned one. What becomes lost together is
 * close together, so the search begins where something was put in last. */
static uint32_t place_among_lost(const struct tcp_scoreboard *board, struct tcp_seq start)
{
    const struct tcp_sent *pool = board->pool;
    uint32_t first = board->lost.first, last = board->lost.last;
    if (first == TCP_NO_ENTRY || tcp_seq_is_before(start, pool[first].start))
        return TCP_NO_ENTRY;
    if (tcp_seq_is_before(pool[last].start, start))
        return last;
    uint32_t place = board->lost_finger == TCP_NO_ENTRY ? first : board->lost_finger;
    while (tcp_seq_is_after(pool[place].start, start))
        place = pool[place].older;
    while (tcp_seq_is_before(pool[pool[place].younger].start, start))
        place = pool[place].younger;
    return place;
}

void tcp_scoreboard_lose(struct tcp_scoreboard *board, uint32_t entry, uint64_t because)
{
    struct tcp_sent *sent = &board->pool[entry];
    assert(!sent_is(sent, TCP_MARK_SACKED));
    if (sent_waits(sent))
        return;
    scoreboard_queue_remove(board, &board->in_flight, entry);
    scoreboard_mark(board, sent, TCP_MARK_LOST, TCP_MARK_RESENT);
    scoreboard_queue_add(board, &board->lost, place_among_lost(board, sent->start), entry);
    board->lost_finger = entry;
    sent->lost_because = because;
}

uint32_t tcp_scoreboard_lose_below(struct tcp_scoreboard *board, unsigned threshold, uint32_t mss,
                                   uint64_t (*told)(void *context, const struct tcp_sent *sent),
                                   void *context)
{
    uint32_t count = 0;
    while (board->frontier != TCP_NO_ENTRY) {
        uint32_t entry = board->frontier;
        const struct tcp_sent *sent = &board->pool[entry];
        if (!sent_is(sent, TCP_MARK_SACKED)) {
            bool is_lost = board->above_runs >= threshold || board->above_bytes > (threshold - 1) * mss;
            if (!is_lost)
                break;
            if (!sent_is(sent, TCP_MARK_LOST | TCP_MARK_RESENT)) { /* else the retransmission is on its way */
                tcp_scoreboard_lose(board, entry, told ? told(context, sent) : 0);
                count++;
            }
        }
        scoreboard_pass_frontier(board);
    }
    return count;
}

void tcp_scoreboard_lose_all(struct tcp_scoreboard *board, bool forgets_sacks, uint64_t because)
{
    unsigned forgotten = TCP_MARK_RESENT | (forgets_sacks ? TCP_MARK_SACKED : 0);
    board->in_flight = board->lost = (struct tcp_sent_queue){TCP_NO_ENTRY, TCP_NO_ENTRY};
    board->lost_finger = TCP_NO_ENTRY;
    for (uint32_t entry = tcp_scoreboard_first(board); entry != TCP_NO_ENTRY;) {
        struct tcp_sent *sent = &board->pool[entry];
        scoreboard_mark(board, sent, 0, forgotten);
        if (!sent_is(sent, TCP_MARK_SACKED)) {
            scoreboard_mark(board, sent, TCP_MARK_LOST, 0);
            sent->lost_because = because;
            scoreboard_queue_add(board, &board->lost, board->lost.last, entry);
        }
        entry = sent->behind;
    }
    board->frontier = TCP_NO_ENTRY; /* all has been judged */
    board->above_bytes = board->above_runs = 0;
    if (forgets_sacks)
        board->highest_sacked = board->una;
}

/* Puts an entry among those in flight where its order has its place, searching from `place` on. The lost are
 * older than what is in flight, nearly always: each finds its place near the one before it. */
static uint32_t put_by_order(struct tcp_scoreboard *board, uint32_t place, uint32_t entry)
{
    struct tcp_sent *pool = board->pool;
    uint64_t order = pool[entry].order;
    while (place != TCP_NO_ENTRY && pool[place].order > order)
        place = pool[place].older;
    uint32_t next = place == TCP_NO_ENTRY ? board->in_flight.first : pool[place].younger;
    for (; next != TCP_NO_ENTRY && pool[next].order < order; next = pool[next].younger)
        place = next;
    scoreboard_queue_add(board, &board->in_flight, place, entry);
    return entry;
}

void tcp_scoreboard_unlose_all(struct tcp_scoreboard *board)
{
    uint32_t place = TCP_NO_ENTRY; /* where in the queue of those in flight the last one went */
    for (uint32_t entry = tcp_scoreboard_first(board); entry != TCP_NO_ENTRY;
         entry = board->pool[entry].behind) {
        struct tcp_sent *sent = &board->pool[entry];
        bool waits = sent_waits(sent);
        if (waits)
            scoreboard_queue_remove(board, &board->lost, entry);
        scoreboard_mark(board, sent, 0, TCP_MARK_LOST);
        if (waits)
            place = put_by_order(board, place, entry);
    }
}
