/* SPDX-License-Identifier: MIT
 * How large should the receive buffer be? As large as what arrives in a round trip, twice: so the sender is
 * never held back by it while it doubles its window. Linux: dynamic right-sizing, after Fisk and Feng.
 *
 * The receiver of a stream sends no data, so it must find out the round trip in other ways:
 *      by timestamps    a segment echoes the clock of the acknowledgment that let it go
 *      by windows       what the window allowed takes a round trip to arrive, or longer: the least counts */
#include "protocols/tcp/connection.h"

/* Linux' tcp_rcv_rtt_update; `rtt` is kept eightfold. */
static void take_sample(struct tcp_receiver *rcv, int64_t sample, bool is_by_window)
{
    if (!rcv->rtt_eight)
        rcv->rtt_eight = 8 * sample;
    else if (!is_by_window)
        rcv->rtt_eight += sample - rcv->rtt_eight / 8;
    else if (8 * sample < rcv->rtt_eight)
        rcv->rtt_eight = 8 * sample;
}

/* Linux' tcp_rcv_rtt_measure_ts: once for each clock that is echoed, and only full segments, which have not
 * waited for company. */
void tcp_right_size_echo(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    const struct tcp_options *options = &arrival->segment.options;
    int64_t age;
    if (!rcv->has_timestamp || options->ts_echo == rcv->rtt_echo)
        return;
    rcv->rtt_echo = options->ts_echo;
    if (arrival->segment.length_bytes >= rcv->mss && tcp_echo_age(socket, options, &age))
        take_sample(rcv, age ? age : ENV_MILLISECOND, false);
}

/* Linux' tcp_rcv_rtt_measure. */
void tcp_right_size_arrived(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (rcv->window_at && tcp_seq_is_before(rcv->nxt, rcv->window_end))
        return;
    int64_t took = tcp_now(socket) - rcv->window_at;
    if (rcv->window_at)
        take_sample(rcv, took ? took : ENV_MICROSECOND, true);
    rcv->window_end = tcp_seq_plus(rcv->nxt, rcv->wnd);
    rcv->window_at = tcp_now(socket);
}

/* Linux' tcp_rcv_space_adjust: if the owner has read more in a round trip than ever, the buffer grows to
 * twice that. */
void tcp_right_size_read(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    int64_t now = tcp_now(socket);
    uint32_t most = (uint32_t)tcp_set_of(socket, TCP_SET_RMEM_MAX),
             copied = rcv->read.value - rcv->round_read.value;
    if (!rcv->rtt_eight || now - rcv->round_at < rcv->rtt_eight / 8)
        return;
    if (copied > rcv->round_space && tcp_set_of(socket, TCP_SET_MODERATE_RCVBUF) &&
        !socket->choices.receive_buffer_bytes) {
        uint64_t wanted =
            2 * (uint64_t)copied + 16 * rcv->mss; /* the peer may double it in the next round trip */
        wanted += rcv->round_space ? wanted * (copied - rcv->round_space) / rcv->round_space * 2 : 0;
        wanted = wanted < most / 2 ? wanted : most / 2;
        if (wanted > rcv->space_bytes)
            rcv->space_bytes = (uint32_t)wanted;
    }
    if (copied > rcv->round_space)
        rcv->round_space = copied;
    rcv->round_at = now;
    rcv->round_read = rcv->read;
}
