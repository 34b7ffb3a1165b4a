/* SPDX-License-Identifier: MIT
 * When an acknowledgment leaves: at once, or a little later in the hope of company.
 *
 *      at once    something out of order, or twice; a second full segment; a window that opens; quick ACKs
 *      later      everything else: 40 ms on Linux, adapting up to 200 ms; 200 ms elsewhere
 *
 * An ACK that waits costs nothing if data goes the other way meanwhile, and halves the ACKs of a bulk
 * transfer. But a sender at the start of its slow start grows with every ACK: so Linux acknowledges the first
 * segments one by one (*quick ACKs*) until the owner turns out to answer what it gets (*talk*). RFC 9293
 * section 3.8.6.3, RFC 5681 section 4.2. */
#include "protocols/tcp/connection.h"

static bool is_linux(const struct tcp_socket *socket)
{
    return socket->tcp->settings.profile == TCP_PROFILE_LINUX;
}

static int64_t least_wait(const struct tcp_socket *socket)
{
    return tcp_set_time_of(socket, TCP_SET_DELAYED_ACK_MIN);
}

/* So many ACKs without waiting, at most half a window's worth. */
static void more_quick_acks(struct tcp_socket *socket, unsigned most)
{
    struct tcp_receiver *rcv = &socket->rcv;
    unsigned count = rcv->mss ? rcv->wnd / (2u * rcv->mss) : 0;
    count = count < 2 ? 2 : count;
    count = count < most ? count : most;
    if (count > rcv->quick)
        rcv->quick = (uint8_t)count;
}

void tcp_ack_quickly(struct tcp_socket *socket, unsigned how_many)
{
    if (!tcp_set_of(socket, TCP_SET_QUICK_ACKS))
        return;
    more_quick_acks(socket, how_many);
    socket->rcv.is_talk = false;
    socket->rcv.ack_wait = least_wait(socket);
}

/* The rhythm of what arrives: Linux' tcp_event_data_recv. */
static void adapt(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    int64_t gap = tcp_now(socket) - rcv->last_data_at, least = least_wait(socket);
    unsigned quick = (unsigned)tcp_set_of(socket, TCP_SET_QUICK_ACKS);
    if (!rcv->ack_wait) { /* the first data */
        more_quick_acks(socket, quick);
        rcv->ack_wait = least;
    } else if (is_linux(socket)) {
        int64_t rto = socket->snd.recovery.rtt.rto;
        if (gap <= least / 2)
            rcv->ack_wait = rcv->ack_wait / 2 + least / 2;
        else if (gap < rcv->ack_wait)
            rcv->ack_wait = rcv->ack_wait / 2 + gap < rto ? rcv->ack_wait / 2 + gap : rto;
        else if (gap > rto)
            more_quick_acks(socket, quick); /* a long silence: as at the start */
    }
    rcv->last_data_at = tcp_now(socket);
}

/* The size of the peer's full segments, as far as it shows. */
static void measure(struct tcp_socket *socket, uint32_t bytes)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (bytes > rcv->mss)
        rcv->mss = (uint16_t)(bytes < rcv->mss_told ? bytes : rcv->mss_told);
}

void tcp_ack_data_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    rcv->is_ack_due = true;
    rcv->was_pushed = arrival->segment.flags & TCP_FLAG_PSH;
    measure(socket, arrival->segment.length_bytes);
    adapt(socket);
}

void tcp_ack_now(struct tcp_socket *socket)
{
    socket->rcv.is_ack_due = true;
    socket->rcv.is_ack_urgent = true;
}

static int64_t wait_of(const struct tcp_socket *socket)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    int64_t most = tcp_set_time_of(socket, TCP_SET_DELAYED_ACK_MAX), least = least_wait(socket);
    int64_t rtt = tcp_rtt_srtt(&socket->snd.recovery.rtt);
    if (rcv->ack_wait <= least)
        return least;
    if (is_linux(socket) && rtt) { /* not much longer than a round trip */
        rtt = rtt > least ? rtt : least;
        most = rtt < most ? rtt : most;
    }
    return rcv->ack_wait < most ? rcv->ack_wait : most;
}

void tcp_ack_decide(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (!rcv->is_ack_due)
        return;
    bool is_second = rcv->nxt.value - rcv->acked.value > rcv->mss; /* RFC 5681 section 4.2 */
    bool is_quick = (rcv->quick && !rcv->is_talk) || socket->choices.has_quick_ack;
    if (rcv->is_ack_urgent || is_second || is_quick) {
        tcp_send_ack(socket);
        return;
    }
    int64_t at = tcp_now(socket) + wait_of(socket);
    if (!tcp_timer_is_set(socket, TCP_TIMER_DELAYED_ACK) || at < socket->timers.at[TCP_TIMER_DELAYED_ACK])
        tcp_timer_set(socket, TCP_TIMER_DELAYED_ACK, at);
}

void tcp_ack_was_sent(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    rcv->acked = rcv->nxt;
    rcv->is_ack_due = rcv->is_ack_urgent = false;
    tcp_timer_stop(socket, TCP_TIMER_DELAYED_ACK);
    if (rcv->quick && --rcv->quick == 0)
        rcv->ack_wait = least_wait(socket);
}

void tcp_ack_data_sent(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (rcv->ack_wait && tcp_now(socket) - rcv->last_data_at < rcv->ack_wait)
        rcv->is_talk = true; /* an answer to what has just come */
}

void tcp_ack_timeout(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (!rcv->is_ack_due && !socket->is_deferred)
        return;
    if (!rcv->is_talk) { /* nothing went the other way: wait longer next time */
        int64_t rto = socket->snd.recovery.rtt.rto;
        if (is_linux(socket))
            rcv->ack_wait = rcv->ack_wait * 2 < rto ? rcv->ack_wait * 2 : rto;
    } else { /* it was not answered after all */
        rcv->is_talk = false;
        rcv->ack_wait = least_wait(socket);
    }
    tcp_ack_now(socket);
}
