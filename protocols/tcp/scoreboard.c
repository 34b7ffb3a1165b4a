/* SPDX-License-Identifier: MIT
 * Entries of what was sent: where they are kept, how they are found, what an acknowledgment does to them.
 * What is lost is judged in scoreboard_loss.c. See scoreboard.h for the picture. */
#include "protocols/tcp/scoreboard.h"

#include <assert.h>
#include <string.h>

#include "protocols/tcp/scoreboard_parts.h"

#define FIRST_ROOM 8
#define CUTS_MOST 3 /* by selective acknowledgments: eight parts */

void tcp_scoreboard_init(struct tcp_scoreboard *board, struct env *env, struct tcp_seq nxt)
{
    *board = (struct tcp_scoreboard){.env = env,
                                     .free_first = TCP_NO_ENTRY,
                                     .last = TCP_NO_ENTRY,
                                     .in_flight = {TCP_NO_ENTRY, TCP_NO_ENTRY},
                                     .lost = {TCP_NO_ENTRY, TCP_NO_ENTRY},
                                     .lost_finger = TCP_NO_ENTRY,
                                     .una = nxt,
                                     .nxt = nxt,
                                     .highest_sacked = nxt,
                                     .frontier = TCP_NO_ENTRY};
}

void tcp_scoreboard_release(struct tcp_scoreboard *board)
{
    env_free(board->env, board->pool);
    env_free(board->env, board->ring);
    board->pool = NULL;
    board->ring = NULL;
    board->room = board->ring_room = board->ring_first = 0;
    board->free_first = TCP_NO_ENTRY;
}

void tcp_scoreboard_trim(struct tcp_scoreboard *board)
{
    if (!board->entries)
        tcp_scoreboard_release(board);
}

/* ---- Storage ---- */

static void grow_pool(struct tcp_scoreboard *board)
{
    uint32_t room = board->room ? 2 * board->room : FIRST_ROOM;
    struct tcp_sent *pool = env_new(board->env, room * sizeof *pool);
    if (board->room)
        memcpy(pool, board->pool, board->room * sizeof *pool);
    env_free(board->env, board->pool);
    board->pool = pool;
    for (uint32_t entry = room; entry-- > board->room;) {
        pool[entry].behind = board->free_first;
        board->free_first = entry;
    }
    board->room = room;
}

static uint32_t take_entry(struct tcp_scoreboard *board)
{
    if (board->free_first == TCP_NO_ENTRY)
        grow_pool(board);
    uint32_t entry = board->free_first;
    board->free_first = board->pool[entry].behind;
    board->entries++;
    return entry;
}

static uint32_t *ring_place(const struct tcp_scoreboard *board, uint32_t index)
{
    return &board->ring[(board->ring_first + index) & (board->ring_room - 1)];
}

static void ring_push(struct tcp_scoreboard *board, uint32_t entry)
{
    if (board->ring_count == board->ring_room) {
        uint32_t room = board->ring_room ? 2 * board->ring_room : FIRST_ROOM;
        uint32_t *ring = env_new(board->env, room * sizeof *ring);
        for (uint32_t i = 0; i < board->ring_count; i++)
            ring[i] = *ring_place(board, i);
        env_free(board->env, board->ring);
        board->ring = ring;
        board->ring_room = room;
        board->ring_first = 0;
    }
    *ring_place(board, board->ring_count++) = entry;
}

/* ---- Queues and marks ---- */

struct tcp_sent_queue *scoreboard_queue_of(struct tcp_scoreboard *board, const struct tcp_sent *sent)
{
    if (sent_is(sent, TCP_MARK_SACKED))
        return NULL;
    return sent_waits(sent) ? &board->lost : &board->in_flight;
}

void scoreboard_queue_add(struct tcp_scoreboard *board, struct tcp_sent_queue *queue, uint32_t place,
                          uint32_t entry)
{
    struct tcp_sent *pool = board->pool;
    uint32_t younger = place == TCP_NO_ENTRY ? queue->first : pool[place].younger;
    pool[entry].older = place;
    pool[entry].younger = younger;
    *(place == TCP_NO_ENTRY ? &queue->first : &pool[place].younger) = entry;
    *(younger == TCP_NO_ENTRY ? &queue->last : &pool[younger].older) = entry;
}

void scoreboard_queue_remove(struct tcp_scoreboard *board, struct tcp_sent_queue *queue, uint32_t entry)
{
    struct tcp_sent *pool = board->pool;
    uint32_t older = pool[entry].older, younger = pool[entry].younger;
    *(older == TCP_NO_ENTRY ? &queue->first : &pool[older].younger) = younger;
    *(younger == TCP_NO_ENTRY ? &queue->last : &pool[younger].older) = older;
    if (board->lost_finger == entry)
        board->lost_finger = older;
}

void scoreboard_mark(struct tcp_scoreboard *board, struct tcp_sent *sent, unsigned set, unsigned clear)
{
    static const struct {
        unsigned mark;
        size_t bytes, entries; /* where their counters are */
    } counters[] = {
        {TCP_MARK_SACKED, offsetof(struct tcp_scoreboard, sacked_bytes),
         offsetof(struct tcp_scoreboard, sacked_entries)},
        {TCP_MARK_LOST, offsetof(struct tcp_scoreboard, lost_bytes),
         offsetof(struct tcp_scoreboard, lost_entries)},
        {TCP_MARK_RESENT, offsetof(struct tcp_scoreboard, resent_bytes),
         offsetof(struct tcp_scoreboard, resent_entries)},
    };
    unsigned marks = (sent->marks & ~clear) | set;
    unsigned changed = marks ^ sent->marks;
    sent->marks = (uint8_t)marks;
    for (size_t i = 0; changed && i < sizeof counters / sizeof *counters; i++) {
        if (!(changed & counters[i].mark))
            continue;
        int sign = marks & counters[i].mark ? 1 : -1;
        *(uint32_t *)(void *)((char *)board + counters[i].bytes) += (uint32_t)sign * sent_bytes(sent);
        *(uint32_t *)(void *)((char *)board + counters[i].entries) += (uint32_t)sign;
    }
}

/* ---- Sending ---- */

void tcp_scoreboard_sent(struct tcp_scoreboard *board, uint32_t bytes, uint32_t echo, struct tcp_rate *rate)
{
    assert(bytes > 0);
    uint32_t entry = take_entry(board);
    struct tcp_sent *sent = &board->pool[entry];
    *sent = (struct tcp_sent){.start = board->nxt,
                              .end = tcp_seq_plus(board->nxt, bytes),
                              .echo = echo,
                              .sent_at = env_now(board->env),
                              .order = ++board->order,
                              .before = board->last,
                              .behind = TCP_NO_ENTRY,
                              .skip = TCP_NO_ENTRY};
    tcp_rate_sent(rate, sent->sent_at, tcp_scoreboard_outstanding(board) == 0, &sent->rate);
    if (board->last != TCP_NO_ENTRY) {
        board->pool[board->last].behind = entry;
        board->pool[board->last].skip = entry;
    }
    board->last = entry;
    board->nxt = sent->end;
    ring_push(board, entry);
    scoreboard_queue_add(board, &board->in_flight, board->in_flight.last, entry);
    if (board->frontier == TCP_NO_ENTRY)
        board->frontier = entry;
}

void tcp_scoreboard_resent(struct tcp_scoreboard *board, uint32_t entry, struct tcp_rate *rate)
{
    struct tcp_sent *sent = &board->pool[entry];
    assert(!sent_is(sent, TCP_MARK_SACKED));
    scoreboard_queue_remove(board, scoreboard_queue_of(board, sent), entry);
    scoreboard_mark(board, sent, TCP_MARK_RESENT | TCP_MARK_EVER, 0);
    sent->sent_at = env_now(board->env);
    sent->order = ++board->order;
    if (sent->resent < UINT16_MAX)
        sent->resent++;
    tcp_rate_sent(rate, sent->sent_at, false, &sent->rate);
    scoreboard_queue_add(board, &board->in_flight, board->in_flight.last, entry);
}

void tcp_scoreboard_cut(struct tcp_scoreboard *board, uint32_t entry, struct tcp_seq at)
{
    uint32_t part = take_entry(board); /* the pool may move */
    struct tcp_sent *front = &board->pool[entry], *back = &board->pool[part];
    assert(tcp_seq_is_before(front->start, at) && tcp_seq_is_before(at, front->end));
    assert(!sent_is(front, TCP_MARK_SACKED));
    *back = *front;
    back->start = front->end = at;
    back->before = entry;
    back->skip = TCP_NO_ENTRY;
    front->behind = front->skip = part;
    if (back->behind == TCP_NO_ENTRY)
        board->last = part;
    else
        board->pool[back->behind].before = part;
    board->lost_entries += sent_is(back, TCP_MARK_LOST);
    board->resent_entries += sent_is(back, TCP_MARK_RESENT);
    scoreboard_queue_add(board, scoreboard_queue_of(board, front), entry, part);
}

/* ---- Asking ---- */

uint32_t tcp_scoreboard_first(const struct tcp_scoreboard *board)
{
    return board->ring_count ? *ring_place(board, 0) : TCP_NO_ENTRY;
}

uint32_t tcp_scoreboard_find(const struct tcp_scoreboard *board, struct tcp_seq seq)
{
    if (!tcp_seq_is_within(seq, board->una, board->nxt))
        return TCP_NO_ENTRY;
    uint32_t low = 0, high = board->ring_count; /* the segment is one of [low, high) */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (tcp_seq_is_after(board->pool[*ring_place(board, middle)].start, seq))
            high = middle;
        else
            low = middle;
    }
    uint32_t entry = *ring_place(board, low);
    while (tcp_seq_is_up_to(board->pool[entry].end, seq)) /* parts of a segment that was cut */
        entry = board->pool[entry].behind;
    return entry;
}

uint32_t tcp_scoreboard_unsacked(struct tcp_scoreboard *board, uint32_t entry)
{
    struct tcp_sent *pool = board->pool;
    while (entry != TCP_NO_ENTRY && sent_is(&pool[entry], TCP_MARK_SACKED)) {
        uint32_t next = pool[entry].skip;
        /* Halving the path: the next one to come this way takes half as many steps. The very last sacked
         * entry keeps its own way, since what is sent later is joined there. */
        if (next != TCP_NO_ENTRY && sent_is(&pool[next], TCP_MARK_SACKED) && pool[next].skip != TCP_NO_ENTRY)
            next = pool[entry].skip = pool[next].skip;
        entry = next;
    }
    return entry;
}

/* ---- Arriving ---- */

/* `bytes` of an entry are known to have arrived, for the first time. */
static void deliver(struct tcp_scoreboard *board, const struct tcp_sent *sent, uint32_t bytes,
                    struct tcp_rate *rate, struct tcp_delivery *delivery)
{
    tcp_rate_delivered(rate, &sent->rate, sent->sent_at, sent->order, bytes, env_now(board->env));
    delivery->delivered_bytes += bytes;
    if (bytes < sent_bytes(sent))
        return; /* a part of it says little about when and how it travelled */
    if (!delivery->delivered_segments++ || sent->order > delivery->latest.order)
        delivery->latest = *sent;
    if (sent_is(sent, TCP_MARK_EVER)) {
        delivery->resent_bytes += bytes;
        return;
    }
    if (!delivery->has_clean || tcp_seq_is_before(sent->start, delivery->lowest)) {
        delivery->lowest = sent->start;
        delivery->lowest_sent_at = sent->sent_at;
    }
    if (!delivery->has_clean || sent->order > delivery->clean.order)
        delivery->clean = *sent;
    delivery->has_clean = true;
}

static void remove_first(struct tcp_scoreboard *board, uint32_t entry)
{
    struct tcp_sent *sent = &board->pool[entry];
    if (board->frontier == entry)
        scoreboard_pass_frontier(board);
    struct tcp_sent_queue *queue = scoreboard_queue_of(board, sent);
    if (queue)
        scoreboard_queue_remove(board, queue, entry);
    scoreboard_mark(board, sent, 0, TCP_MARK_SACKED | TCP_MARK_LOST | TCP_MARK_RESENT);
    uint32_t behind = sent->behind;
    bool is_segment_over = board->ring_count == 1 ? behind == TCP_NO_ENTRY : *ring_place(board, 1) == behind;
    if (is_segment_over) {
        board->ring_first++;
        board->ring_count--;
    } else {
        *ring_place(board, 0) = behind;
    }
    if (behind == TCP_NO_ENTRY)
        board->last = TCP_NO_ENTRY;
    else
        board->pool[behind].before = TCP_NO_ENTRY;
    sent->behind = board->free_first;
    board->free_first = entry;
    board->entries--;
}

/* The acknowledgment ends inside the first entry. */
static void shorten_first(struct tcp_scoreboard *board, uint32_t entry, struct tcp_seq ack)
{
    struct tcp_sent *sent = &board->pool[entry];
    unsigned marks = sent->marks;
    uint32_t bytes = ack.value - sent->start.value;
    if (sent_is(sent, TCP_MARK_SACKED) && board->frontier == entry)
        board->above_bytes -= bytes;
    scoreboard_mark(board, sent, 0, TCP_MARK_SACKED | TCP_MARK_LOST | TCP_MARK_RESENT);
    sent->start = ack;
    scoreboard_mark(board, sent, marks, 0);
}

void tcp_scoreboard_acked(struct tcp_scoreboard *board, struct tcp_seq ack, struct tcp_rate *rate,
                          struct tcp_delivery *delivery)
{
    assert(tcp_seq_is_up_to(board->una, ack) && tcp_seq_is_up_to(ack, board->nxt));
    delivery->acked_bytes += ack.value - board->una.value;
    while (board->ring_count) {
        uint32_t entry = *ring_place(board, 0);
        struct tcp_sent *sent = &board->pool[entry];
        if (!tcp_seq_is_before(sent->start, ack))
            break;
        bool is_whole = tcp_seq_is_up_to(sent->end, ack);
        if (!sent_is(sent, TCP_MARK_SACKED))
            deliver(board, sent, is_whole ? sent_bytes(sent) : ack.value - sent->start.value, rate, delivery);
        if (!is_whole) {
            shorten_first(board, entry, ack);
            break;
        }
        remove_first(board, entry);
    }
    board->una = ack;
    board->highest_sacked = tcp_seq_later(board->highest_sacked, ack);
}

static void mark_sacked(struct tcp_scoreboard *board, uint32_t entry, struct tcp_rate *rate,
                        struct tcp_delivery *delivery)
{
    struct tcp_sent *sent = &board->pool[entry];
    deliver(board, sent, sent_bytes(sent), rate, delivery);
    delivery->sacked_bytes += sent_bytes(sent);
    scoreboard_queue_remove(board, scoreboard_queue_of(board, sent), entry);
    scoreboard_mark(board, sent, TCP_MARK_SACKED, TCP_MARK_LOST | TCP_MARK_RESENT);
    sent->skip = sent->behind;
    scoreboard_count_above(board, entry);
}

/* Cuts an entry for a selective acknowledgment, if it has not been cut too often. */
static bool cut_for_sack(struct tcp_scoreboard *board, uint32_t entry, struct tcp_seq at)
{
    if (board->pool[entry].cuts == CUTS_MOST)
        return false;
    board->pool[entry].cuts++;
    tcp_scoreboard_cut(board, entry, at);
    return true;
}

void tcp_scoreboard_sacked(struct tcp_scoreboard *board, struct tcp_range range, struct tcp_rate *rate,
                           struct tcp_delivery *delivery)
{
    bool is_sound = tcp_seq_is_before(range.start, range.end) && tcp_seq_is_before(board->una, range.start) &&
                    tcp_seq_is_up_to(range.end, board->nxt);
    if (!is_sound)
        return;
    uint32_t entry = tcp_scoreboard_find(board, range.start);
    const struct tcp_sent *sent = &board->pool[entry];
    if (tcp_seq_is_before(sent->start, range.start) && !sent_is(sent, TCP_MARK_SACKED)) {
        cut_for_sack(board, entry, range.start);
        entry = board->pool[entry].behind;
    }
    while ((entry = tcp_scoreboard_unsacked(board, entry)) != TCP_NO_ENTRY) {
        sent = &board->pool[entry];
        if (!tcp_seq_is_before(sent->start, range.end))
            break;
        if (tcp_seq_is_after(sent->end, range.end) && !cut_for_sack(board, entry, range.end))
            break;
        mark_sacked(board, entry, rate, delivery);
        entry = board->pool[entry].behind;
    }
    board->highest_sacked = tcp_seq_later(board->highest_sacked, range.end);
}
