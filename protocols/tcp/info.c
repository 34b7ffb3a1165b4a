/* SPDX-License-Identifier: MIT
 * What can be asked about a socket: whether it is ready, what waits, tcp_info's variables, and a walk over
 * all of them for ss. */
#include "protocols/tcp/connection.h"

/* ---- Ends and state ---- */

enum tcp_state tcp_state(const struct tcp_socket *socket)
{
    return socket->state;
}

struct net_endpoint tcp_local(const struct tcp_socket *socket)
{
    return socket->bound.local;
}

struct net_endpoint tcp_peer(const struct tcp_socket *socket)
{
    return socket->bound.peer;
}

struct tcp *tcp_machine(const struct tcp_socket *socket)
{
    return socket->tcp;
}

/* ---- Ready? As Linux' tcp_poll. ---- */

unsigned tcp_ready(const struct tcp_socket *socket)
{
    unsigned ready = socket->error ? TCP_READY_ERR : 0;
    if (socket->state == TCP_LISTEN)
        return list_is_empty(&socket->listener->ready) ? 0 : TCP_READY_IN;
    if (socket->state == TCP_SYN_SENT || (socket->state == TCP_SYN_RECEIVED && !socket->is_fast))
        return ready;
    bool has_ended_out = !socket->is_open || socket->snd.has_ended || socket->state == TCP_CLOSED;
    bool has_ended_in = socket->is_open && (socket->rcv.has_ended || socket->rcv.is_shut);
    if (socket->state == TCP_CLOSED || socket->remains || (has_ended_out && has_ended_in))
        ready |= TCP_READY_HUP;
    if (has_ended_in || (socket->is_open && socket->state == TCP_CLOSED))
        ready |= TCP_READY_IN | TCP_READY_RDHUP;
    if (socket->is_open &&
        tcp_receiver_unread(socket) > (tcp_is_at_mark(socket) && !socket->choices.takes_urgent_inline))
        ready |= TCP_READY_IN;
    if (has_ended_out || tcp_sender_is_writable(socket))
        ready |= TCP_READY_OUT;
    if (socket->is_open && tcp_urgent_is_here(socket))
        ready |= TCP_READY_PRI;
    return ready;
}

uint32_t tcp_unread_bytes(const struct tcp_socket *socket)
{
    if (socket->state == TCP_LISTEN)
        return socket->listener->ready_count;
    return socket->is_open ? tcp_receiver_unread(socket) : 0;
}

static bool is_sending(const struct tcp_socket *socket)
{
    return socket->is_open && !socket->is_shut_down;
}

uint32_t tcp_unacked_bytes(const struct tcp_socket *socket)
{
    return is_sending(socket) ? socket->snd.end.value - socket->snd.base.value : 0;
}

uint32_t tcp_unsent_bytes(const struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    return is_sending(socket) && tcp_seq_is_before(snd->nxt, snd->end) ? snd->end.value - snd->nxt.value : 0;
}

/* ---- tcp_info ---- */

static uint32_t microseconds(int64_t time)
{
    return time >= UINT32_MAX * ENV_MICROSECOND ? UINT32_MAX : (uint32_t)(time / ENV_MICROSECOND);
}

static uint32_t milliseconds_ago(const struct tcp_socket *socket, int64_t at)
{
    return (uint32_t)((tcp_now(socket) - at) / ENV_MILLISECOND);
}

static uint32_t segments(uint32_t bytes, uint32_t mss)
{
    return mss ? (bytes + mss - 1) / mss : 0;
}

static void fill_sending(const struct tcp_socket *socket, struct tcp_info *info)
{
    const struct tcp_sender *snd = &socket->snd;
    const struct tcp_recovery *r = &snd->recovery;
    const struct tcp_scoreboard *board = &r->board;
    uint32_t mss = snd->mss;
    info->ca_state = (uint8_t)r->state;
    info->retransmits = (uint8_t)r->timeouts;
    info->probes = snd->probes ? snd->probes : socket->rcv.keepalive_probes;
    info->backoff = (uint8_t)(r->rtt.backoff + snd->probe_backoff);
    info->rto = microseconds(r->rtt.rto);
    info->snd_mss = mss;
    info->unacked = socket->is_shut_down ? 0 : board->ring_count;
    info->sacked = board->sacked_entries;
    info->lost = board->lost_entries;
    info->retrans = board->resent_entries;
    info->last_data_sent = milliseconds_ago(socket, snd->last_sent_at);
    info->last_ack_recv = milliseconds_ago(socket, snd->last_heard_at);
    info->pmtu = snd->pmtu_bytes;
    info->rtt = microseconds(tcp_rtt_srtt(&r->rtt));
    info->rttvar = microseconds(tcp_rtt_rttvar(&r->rtt));
    info->min_rtt = r->rtt.least_ever == ENV_NEVER ? UINT32_MAX : microseconds(r->rtt.least_ever);
    info->cwnd_bytes = r->congestion.cwnd;
    info->ssthresh_bytes = r->congestion.ssthresh;
    info->snd_cwnd = mss ? r->congestion.cwnd / mss : 0;
    info->snd_ssthresh = !mss || r->congestion.ssthresh >= TCP_SSTHRESH_MOST ? TCP_SSTHRESH_MOST
                                                                             : r->congestion.ssthresh / mss;
    info->reordering = r->threshold;
    info->total_retrans = (uint32_t)r->resent_total;
    info->pacing_rate = r->congestion.pacing_bps ? r->congestion.pacing_bps / 8 : UINT64_MAX;
    info->delivery_rate = tcp_rate_bps(r->rate.last_bytes, r->rate.last_interval) / 8;
    info->delivered = segments((uint32_t)r->rate.delivered_bytes, mss);
    info->delivered_ce = r->delivered_ce;
    info->reord_seen = r->reorderings;
    info->dsack_dups = r->dsacks;
    info->notsent_bytes = tcp_unsent_bytes(socket);
    info->snd_wnd = snd->wnd;
    info->snd_wscale = snd->scale;
    info->bytes_acked = socket->octets_acked;
    info->bytes_sent = socket->octets_sent;
    info->bytes_retrans = socket->octets_resent;
    info->rwnd_limited = (uint64_t)(tcp_limited_by(socket, TCP_LIMIT_RWND) / ENV_MICROSECOND);
    info->sndbuf_limited = (uint64_t)(tcp_limited_by(socket, TCP_LIMIT_SNDBUF) / ENV_MICROSECOND);
    info->busy_time = (uint64_t)(tcp_limited_by(socket, TCP_LIMIT_BUSY) / ENV_MICROSECOND) + info->rwnd_limited +
                      info->sndbuf_limited;
    info->congestion = r->congestion.type->name;
}

static void fill_receiving(const struct tcp_socket *socket, struct tcp_info *info)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    info->rcv_wscale = rcv->scale;
    info->ato = microseconds(rcv->ack_wait);
    info->rcv_mss = rcv->mss;
    info->last_data_recv = milliseconds_ago(socket, rcv->last_data_at);
    info->rcv_ssthresh = rcv->trusted_bytes;
    info->advmss = rcv->mss_told;
    info->rcv_rtt = microseconds(rcv->rtt_eight / 8);
    info->rcv_space = rcv->round_space;
    info->rcv_wnd = rcv->wnd;
    info->bytes_received = rcv->octets;
    info->rcv_ooopack = rcv->arrived_early;
    info->data_segs_in = (uint32_t)socket->data_in;
}

void tcp_info_of(const struct tcp_socket *socket, struct tcp_info *ret_info)
{
    *ret_info = (struct tcp_info){
        .state = (uint8_t)socket->state, .min_rtt = UINT32_MAX, .congestion = tcp_congestion(socket)};
    if (!socket->is_open)
        return;
    fill_sending(socket, ret_info);
    fill_receiving(socket, ret_info);
    ret_info->options = (uint8_t)(socket->rcv.has_timestamp | socket->rcv.has_sack << 1 |
                                  socket->rcv.has_scale << 2 | socket->snd.uses_ecn << 3 | socket->rcv.saw_ect << 4 |
                                  socket->fast.had_data << 5);
    ret_info->segs_in = (uint32_t)socket->segments_in;
    ret_info->segs_out = (uint32_t)socket->segments_out;
    ret_info->data_segs_out = (uint32_t)socket->data_out;
}

/* ---- For ss ---- */

/* The timer that ss shows: the one that keeps the connection waiting. */
static void fill_timer(const struct tcp_socket *socket, struct tcp_entry *entry)
{
    static const struct {
        enum tcp_timer timer;
        const char *name;
    } shown[] = {{TCP_TIMER_RETRANSMIT, "on"},
                 {TCP_TIMER_PERSIST, "persist"},
                 {TCP_TIMER_KEEPALIVE, "keepalive"},
                 {TCP_TIMER_FIN_WAIT_2, "timewait"}};
    for (unsigned i = 0; i < sizeof shown / sizeof shown[0] && !entry->timer; i++)
        if (tcp_timer_is_set(socket, shown[i].timer)) {
            entry->timer = shown[i].name;
            entry->timer_left = socket->timers.at[shown[i].timer] - tcp_now(socket);
        }
    entry->retransmits = socket->is_open ? socket->snd.recovery.timeouts : 0;
}

bool tcp_entry_next(const struct tcp *tcp, struct tcp_entry *entry)
{
    if (entry->state == TCP_TIME_WAIT && !entry->socket)
        return tcp_time_wait_next(tcp, entry);
    const struct list_link *at = entry->place ? entry->place : &tcp->sockets.head;
    struct tcp_socket *socket = NULL;
    do {
        at = at->next;
        if (at == &tcp->sockets.head) {
            entry->place = NULL;
            return tcp_time_wait_next(tcp, entry);
        }
        socket = LIST_OWNER(at, struct tcp_socket, link);
    } while (socket->remains); /* shown as what is left of it */
    *entry = (struct tcp_entry){.socket = socket,
                                .local = socket->bound.local,
                                .peer = socket->bound.peer,
                                .state = socket->state,
                                .receive_queue = tcp_unread_bytes(socket),
                                .send_queue = tcp_unacked_bytes(socket),
                                .place = at};
    if (socket->listener)
        entry->send_queue = socket->listener->backlog;
    fill_timer(socket, entry);
    return true;
}
