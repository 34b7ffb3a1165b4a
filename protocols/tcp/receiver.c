/* SPDX-License-Identifier: MIT
 * The receiver: what has come, in which order, and how much more may come.
 *
 *      read             nxt                 adv
 *       | unread         | window: [----)    |
 *       |<------------- space -------------->|
 *
 * What arrives in order moves `nxt`; what arrives ahead of it becomes an island (reassembly.h), and goes to
 * its place in the buffer at once. The window's right edge never moves to the left (RFC 9293 section 3.8.6),
 * and moves to the right in steps that are worth a segment (section 3.8.6.2.2). As on Linux only part of the
 * space is offered at first; it grows as data comes, and where it may the space itself grows with what the
 * owner reads in a round trip. */
#include "protocols/tcp/connection.h"

/* ---- The window ---- */

static uint32_t rounded_down(uint32_t value, uint32_t step)
{
    return step && value > step ? value - value % step : value;
}

/* Octets that could come now. */
static uint32_t free_space(const struct tcp_receiver *rcv)
{
    uint32_t used = tcp_seq_distance(rcv->read, rcv->nxt) > 0 ? rcv->nxt.value - rcv->read.value : 0;
    return used < rcv->space_bytes ? rcv->space_bytes - used : 0;
}

/* Half of the buffer's size is for octets, half for what they cost: as Linux counts (tcp_adv_win_scale 1). */
static uint32_t space_of(int64_t buffer_bytes)
{
    return (uint32_t)(buffer_bytes / 2);
}

uint32_t tcp_receiver_first_window(struct tcp_socket *socket, bool has_heard)
{
    struct tcp_receiver *rcv = &socket->rcv;
    int64_t chosen = socket->choices.receive_buffer_bytes;
    uint32_t space = space_of(chosen ? chosen : tcp_set_of(socket, TCP_SET_RMEM_DEFAULT)), most = space;
    uint32_t clamp = socket->choices.window_clamp;
    uint32_t mss = tcp_mss_to_tell(socket, &socket->bound.peer);
    rcv->mss_told = (uint16_t)mss;
    if (has_heard && rcv->has_timestamp)
        mss -= TCP_TIMESTAMP_BYTES; /* a listener knows by now that it will be so */
    space = clamp && clamp < space ? clamp : space;
    if (!chosen && tcp_set_of(socket, TCP_SET_RMEM_MAX) > most)
        most = (uint32_t)tcp_set_of(socket, TCP_SET_RMEM_MAX);
    most = clamp && clamp < most ? clamp : most;
    for (rcv->scale = 0; rcv->scale < TCP_SCALE_MOST && most >> rcv->scale > UINT16_MAX;)
        rcv->scale++;
    if (!tcp_set_of(socket, TCP_SET_WINDOW_SCALING) ||
        (has_heard && !rcv->has_scale))
        rcv->scale = 0;
    rcv->space_bytes = space;
    rcv->wnd = rounded_down(space, mss);
    rcv->wnd = rcv->wnd < UINT16_MAX ? rcv->wnd
                                     : UINT16_MAX; /* a SYN's window is not scaled: RFC 7323 section 2.2 */
    rcv->trusted_bytes = rcv->wnd;
    rcv->adv = tcp_seq_plus(rcv->nxt, rcv->wnd);
    return rcv->wnd;
}

/* What should be offered, before the right edge is held where it was. Linux: __tcp_select_window. */
static uint32_t wanted_window(const struct tcp_socket *socket)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    uint32_t space = free_space(rcv), mss = rcv->mss;
    if (mss > rcv->space_bytes)
        mss = rcv->space_bytes;
    if (space < rcv->space_bytes / 2 && (space < rcv->space_bytes / 16 || space < mss))
        return 0; /* too little to be worth telling */
    if (space > rcv->trusted_bytes)
        space = rcv->trusted_bytes;
    if (rcv->scale)
        return (space + (1u << rcv->scale) - 1) & ~((1u << rcv->scale) - 1);
    uint32_t now = tcp_seq_distance(rcv->nxt, rcv->adv) > 0 ? rcv->adv.value - rcv->nxt.value : 0;
    if (socket->tcp->settings.profile != TCP_PROFILE_LINUX)
        mss = rcv->mss_told; /* Linux steps by what the peer's segments seem to hold */
    if (now + mss <= space || now > space)
        return rounded_down(space, mss);
    return now;
}

uint16_t tcp_receiver_window(struct tcp_socket *socket, bool is_syn)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (is_syn || !tcp_state_is_synchronized(socket->state))
        return (uint16_t)(rcv->wnd >> (is_syn ? 0 : rcv->scale));
    uint32_t old = tcp_seq_distance(rcv->nxt, rcv->adv) > 0 ? rcv->adv.value - rcv->nxt.value : 0;
    uint32_t window = wanted_window(socket), most = (uint32_t)UINT16_MAX << rcv->scale;
    if (window < old) /* RFC 9293 section 3.8.6: never shrink */
        window = (old + (1u << rcv->scale) - 1) & ~((1u << rcv->scale) - 1);
    window = window < most ? window : most;
    if (window != rcv->wnd)
        tcp_tell_fact(socket, TCP_FACT_RCV_WND, 0, window, rcv->wnd, tcp_receiver_unread(socket));
    rcv->wnd = window;
    rcv->adv = tcp_seq_later(rcv->adv, tcp_seq_plus(rcv->nxt, window));
    return (uint16_t)(window >> rcv->scale);
}

void tcp_receiver_open(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    uint32_t mss = rcv->mss_told < socket->snd.mss ? rcv->mss_told : socket->snd.mss;
    mss = mss < rcv->wnd / 2 ? mss : rcv->wnd / 2;
    rcv->mss =
        (uint16_t)(mss < TCP_MSS_DEFAULT ? mss : TCP_MSS_DEFAULT); /* until larger ones have been seen */
    rcv->adv = tcp_seq_plus(rcv->nxt, rcv->wnd);
    rcv->last_data_at = tcp_now(socket);
    rcv->round_at = tcp_now(socket);
    rcv->round_read = rcv->read;
    rcv->round_space = 10u * rcv->mss_told < rcv->wnd ? 10u * rcv->mss_told : rcv->wnd;
    if (socket->tcp->settings.profile != TCP_PROFILE_LINUX)
        rcv->trusted_bytes = rcv->space_bytes;
}

/* ---- Data ---- */

/* Linux' tcp_grow_window: what is offered grows by two segments for each full one that arrives. */
static void trust_more(struct tcp_receiver *rcv, uint32_t bytes)
{
    uint32_t more = 2u * rcv->mss;
    if (bytes < 128 || rcv->trusted_bytes >= rcv->space_bytes)
        return;
    rcv->trusted_bytes +=
        more < rcv->space_bytes - rcv->trusted_bytes ? more : rcv->space_bytes - rcv->trusted_bytes;
}

static void store(struct tcp_socket *socket, struct tcp_seq at, const uint8_t *bytes, uint32_t count)
{
    if (!socket->choices.counts_only)
        tcp_stream_write(&socket->rcv.buffer, at.value - socket->rcv.read.value, bytes, count);
}

/* The peer's FIN is the last octet of what can be read, but no data. */
uint32_t tcp_receiver_unread(const struct tcp_socket *socket)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    uint32_t octets = rcv->nxt.value - rcv->read.value;
    return rcv->has_fin && tcp_seq_is_after(rcv->nxt, rcv->fin) ? octets - 1 : octets;
}

/* Cuts off what we have, and what the window does not take. False: nothing is left. */
static bool trim(struct tcp_socket *socket, struct tcp_arrival *arrival, struct tcp_range *range)
{
    struct tcp_receiver *rcv = &socket->rcv;
    struct tcp_segment *segment = &arrival->segment;
    struct tcp_seq right = tcp_seq_plus(rcv->nxt, free_space(rcv));
    right = tcp_seq_later(right, rcv->adv);
    if (tcp_seq_is_before(range->start, rcv->nxt)) {
        uint32_t known = rcv->nxt.value - range->start.value;
        if (known >= tcp_range_bytes(*range))
            return false;
        range->start = rcv->nxt;
        segment->data += known < segment->length_bytes ? known : segment->length_bytes;
        segment->length_bytes -= known < segment->length_bytes ? known : segment->length_bytes;
    }
    if (rcv->has_fin && tcp_seq_is_after(range->end, tcp_seq_plus(rcv->fin, 1)))
        right = tcp_seq_earlier(right, tcp_seq_plus(rcv->fin, 1));
    if (tcp_seq_is_after(range->end, right)) { /* RFC 9293 section 3.10.7.4: "trimmed" */
        if (tcp_seq_is_up_to(right, range->start))
            return false;
        range->end = right;
        segment->flags &= (uint8_t)~TCP_FLAG_FIN;
        if (segment->length_bytes > tcp_range_bytes(*range))
            segment->length_bytes = tcp_range_bytes(*range);
    }
    return true;
}

void tcp_receiver_resize(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    uint32_t clamp = socket->choices.window_clamp;
    if (socket->choices.receive_buffer_bytes)
        rcv->space_bytes = space_of(socket->choices.receive_buffer_bytes);
    if (clamp && clamp < rcv->space_bytes)
        rcv->space_bytes = clamp;
    if (rcv->trusted_bytes > rcv->space_bytes)
        rcv->trusted_bytes = rcv->space_bytes;
}

static void note_duplicate(struct tcp_socket *socket, struct tcp_range range)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (!rcv->has_sack || !tcp_set_of(socket, TCP_SET_DSACK))
        return;
    range.end = tcp_seq_earlier(range.end, rcv->nxt);
    if (!tcp_seq_is_before(range.start, range.end))
        return;
    rcv->islands.twice = range; /* RFC 2883 section 4 */
    rcv->islands.has_twice = true;
}

void tcp_receiver_saw_twice(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    note_duplicate(socket, (struct tcp_range){arrival->segment.seq, tcp_segment_end(&arrival->segment)});
    tcp_ack_quickly(socket, 2); /* the peer repeats itself: it should know at once */
}

void tcp_receiver_take(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    struct tcp_segment *segment = &arrival->segment;
    struct tcp_range range = {segment->seq, tcp_segment_end(segment)};
    bool had_islands = rcv->islands.count > 0;
    tcp_ack_data_arrived(socket, arrival);
    tcp_right_size_echo(socket, arrival);
    if (tcp_seq_is_before(range.start, rcv->nxt))
        note_duplicate(socket, range);
    if (!trim(socket, arrival, &range)) {
        tcp_drop(socket->tcp, arrival, TCP_DUPLICATE);
        tcp_ack_quickly(socket, 2); /* the peer repeats itself: it should know at once */
        tcp_ack_now(socket);
        return;
    }
    if (segment->flags & TCP_FLAG_FIN && !rcv->has_fin) {
        rcv->has_fin = true;
        rcv->fin = tcp_seq_minus(range.end, 1);
    }
    store(socket, range.start, segment->data, segment->length_bytes);
    if (tcp_seq_is_after(range.start, rcv->nxt)) { /* ahead of its time */
        tcp_reassembly_add(&rcv->islands, range);
        if (!tcp_set_of(socket, TCP_SET_DSACK))
            rcv->islands.has_twice = false;
        rcv->arrived_early++;
        tcp_ack_now(socket); /* RFC 5681 section 4.2 */
        return;
    }
    uint32_t before = tcp_receiver_unread(socket);
    rcv->nxt = tcp_reassembly_take(&rcv->islands, range.end);
    rcv->octets += tcp_receiver_unread(socket) - before;
    trust_more(rcv, segment->length_bytes);
    tcp_right_size_arrived(socket);
    if (had_islands)
        tcp_ack_now(socket); /* it fills a hole, all or in part: RFC 5681 section 4.2 */
    if (tcp_receiver_unread(socket) != before)
        tcp_note(socket, TCP_READY_IN);
}

/* ---- Reading ---- */

/* Should the peer hear of the room that reading has made? RFC 9293 section 3.8.6.2.2; Linux: if the window
 * doubles. */
static bool is_update_due(struct tcp_socket *socket)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    uint32_t now = tcp_seq_distance(rcv->nxt, rcv->adv) > 0 ? rcv->adv.value - rcv->nxt.value : 0;
    uint32_t wanted = wanted_window(socket), step = rcv->space_bytes / 2;
    if (rcv->has_ended || wanted <= now)
        return false;
    if (socket->tcp->settings.profile == TCP_PROFILE_LINUX)
        return now <= rcv->space_bytes / 2 && wanted >= 2 * now;
    step = 2u * rcv->mss < step ? 2u * rcv->mss : step;
    return wanted - now >= step;
}

void tcp_receiver_was_read(struct tcp_socket *socket, uint32_t bytes)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (!socket->choices.counts_only)
        tcp_stream_advance(&rcv->buffer, bytes);
    rcv->read = tcp_seq_plus(rcv->read, bytes);
    if (!tcp_receiver_unread(socket) && !rcv->islands.count)
        tcp_stream_rest(&rcv->buffer);
    if (socket->is_shut_down || !tcp_state_is_synchronized(socket->state) || !bytes)
        return;
    tcp_right_size_read(socket);
    bool owes = rcv->is_ack_due && (rcv->nxt.value - rcv->acked.value > rcv->mss ||
                                    (rcv->was_pushed && !rcv->is_talk && !tcp_receiver_unread(socket)));
    if (owes || is_update_due(socket))
        tcp_ack_now(socket);
}
