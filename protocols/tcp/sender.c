/* SPDX-License-Identifier: MIT
 * The sender: what leaves, and when.
 *
 *      the owner's octets --> buffer --> may it leave?  --> tcp_transmit
 *                                          |
 *            the peer's window  ---------- + ---- wnd: RFC 9293 section 3.8.6
 *            no silly small segments ----- + ---- Nagle, cork, and windows: sections 3.7.4 and 3.8.6.2.1
 *            the network ----------------- + ---- tcp_recovery_next: retransmissions first, then as cwnd
 * allows
 *
 * One loop asks until the answer is to wait (tcp_sender_push). What comes back is entered by
 * tcp_sender_acked. */
#include "protocols/tcp/connection.h"

/* ---- What there is to send ---- */

/* Octets of data that have not left yet. */
static uint32_t unsent(const struct tcp_sender *snd)
{
    return tcp_seq_is_before(snd->nxt, snd->end) ? snd->end.value - snd->nxt.value : 0;
}

static bool is_fin_unsent(const struct tcp_sender *snd)
{
    return snd->has_ended && tcp_seq_is_up_to(snd->nxt, snd->end);
}

/* Octets that the peer's window leaves; 0 if it has shrunk below what was sent. */
static uint32_t usable_window(const struct tcp_sender *snd)
{
    int32_t left = tcp_seq_distance(snd->nxt, tcp_seq_plus(snd->una, snd->wnd));
    return left > 0 ? (uint32_t)left : 0;
}

/* Where the next segment must end: after a full one, or where the owner ended a record (MSG_EOR). */
static uint32_t next_segment_bytes(const struct tcp_sender *snd)
{
    uint32_t bytes = unsent(snd) < snd->mss ? unsent(snd) : snd->mss;
    if (snd->record_count) {
        uint32_t record = snd->record_ends[snd->record_first].value - snd->nxt.value;
        bytes = record < bytes ? record : bytes;
    }
    return bytes;
}

/* May the last, small piece leave while others are on their way? RFC 9293 section 3.7.4 (Nagle); Linux holds
 * it back only for another small one (Minshall). */
static bool may_send_tail(const struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    if (is_fin_unsent(snd) || snd->has_urgent)
        return true; /* nothing will be joined to it */
    if (socket->choices.is_corked || snd->holds_tail)
        return false;
    if (socket->choices.has_no_delay)
        return true;
    if (tcp_set_of(socket, TCP_SET_NAGLE_MINSHALL))
        return !(tcp_seq_is_after(snd->small_end, snd->una) && tcp_seq_is_up_to(snd->small_end, snd->nxt));
    return tcp_seq_is_equal(snd->una, snd->nxt);
}

/* New octets that the peer's window and our manners would let go now. */
static uint32_t offer(const struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    uint32_t left = unsent(snd), window = usable_window(snd), piece = next_segment_bytes(snd);
    if (!left)
        return is_fin_unsent(snd) && window ? 1 : 0;
    if (piece < snd->mss && piece < left)
        return piece <= window ? piece : 0; /* the end of a record */
    uint32_t most = left < window ? left : window;
    if (most >= snd->mss)
        return snd->record_count ? piece : most - most % snd->mss;
    if (most < left)
        return 0; /* the window has room for a part only: RFC 9293 section 3.8.6.2.1 */
    return may_send_tail(socket) ? left : 0;
}

/* ---- Sending ---- */

static void send_new(struct tcp_socket *socket, uint32_t most)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_seq start = snd->nxt;
    uint32_t bytes = next_segment_bytes(snd);
    unsigned flags = TCP_FLAG_ACK;
    bytes = bytes < most ? bytes : most;
    struct tcp_seq end = tcp_seq_plus(start, bytes);
    bool ends_record = snd->record_count && tcp_seq_is_equal(snd->record_ends[snd->record_first], end);
    bool is_last = tcp_seq_is_equal(end, snd->end);
    if (is_last && is_fin_unsent(snd) && usable_window(snd) > bytes) {
        flags |= TCP_FLAG_FIN;
        end = tcp_seq_plus(end, 1);
    }
    /* RFC 9293 section 3.9.1.2: PSH where what the owner gave ends; Linux also after half of the largest
     * window. */
    if (bytes && ((is_last && !snd->holds_tail) || ends_record || flags & TCP_FLAG_FIN ||
                  tcp_seq_distance(snd->pushed, end) > (int32_t)(snd->wnd_most / 2))) {
        flags |= TCP_FLAG_PSH;
        snd->pushed = end;
    }
    if (ends_record) {
        snd->record_first = (snd->record_first + 1) & (snd->record_room - 1);
        snd->record_count--;
    }
    if (bytes < snd->mss)
        snd->small_end = end;
    tcp_ack_data_sent(socket);
    tcp_transmit(socket, start, bytes, flags);
    snd->nxt = end;
    snd->last_sent_at = tcp_now(socket);
    tcp_recovery_sent_new(&snd->recovery, tcp_range_bytes((struct tcp_range){start, end}),
                          tcp_timestamp(socket));
    if (!tcp_timer_is_set(socket, TCP_TIMER_RETRANSMIT)) /* RFC 6298 (5.1) */
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
}

static void send_again(struct tcp_socket *socket, const struct tcp_turn *turn)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_range range = turn->range;
    struct tcp_seq data_end = tcp_seq_earlier(range.end, snd->end);
    uint32_t bytes = tcp_seq_is_before(range.start, data_end) ? data_end.value - range.start.value : 0;
    unsigned flags = TCP_FLAG_ACK;
    if (tcp_seq_is_after(range.end, snd->end))
        flags |= TCP_FLAG_FIN;
    if (bytes && tcp_seq_is_equal(data_end, snd->end))
        flags |= TCP_FLAG_PSH;
    uint64_t before = env_cause(socket->tcp->env);
    env_because(socket->tcp->env, turn->because);
    env_because(socket->tcp->env,
                tcp_tell_fact(socket, TCP_FACT_RETRANSMIT, 0, bytes, range.start.value,
                              turn->why ? (int64_t)env_text(socket->tcp->env, turn->why) : 0,
                              snd->recovery.timeouts));
    tcp_transmit(socket, range.start, bytes, flags);
    env_because(socket->tcp->env, before); /* what is sent next has reasons of its own */
    socket->tcp->counters.retransmitted++;
    socket->octets_resent += bytes;
    snd->last_sent_at = tcp_now(socket);
    tcp_recovery_sent_again(&snd->recovery, range, tcp_timestamp(socket));
    if (!tcp_timer_is_set(socket, TCP_TIMER_RETRANSMIT))
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
}

/* Where the sender stands, for who draws it. */
static void tell_progress(struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    const struct tcp_scoreboard *board = &snd->recovery.board;
    tcp_tell_fact(socket, TCP_FACT_SENT, 0, snd->nxt.value, snd->una.value, unsent(snd));
    tcp_tell_fact(socket, TCP_FACT_FLIGHT, 0, tcp_recovery_outstanding(&snd->recovery), board->sacked_bytes,
                  board->lost_bytes);
}

void tcp_sender_push(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_recovery *recovery = &snd->recovery;
    bool has_sent = false;
    if (snd->pmtu_until && tcp_now(socket) >= snd->pmtu_until)
        tcp_path_may_have_grown(socket);
    uint32_t offered = offer(socket);
    if (!offered && !tcp_recovery_outstanding(recovery))
        return;
    if (offered && tcp_seq_is_equal(snd->una, snd->nxt) && snd->last_sent_at)
        tcp_recovery_idle(recovery, snd->last_sent_at); /* RFC 5681 section 4.1 */
    for (;; offered = offer(socket)) {
        struct tcp_turn turn = tcp_recovery_next(recovery, offered);
        if (turn.what == TCP_TURN_WAIT)
            break;
        if (turn.what == TCP_TURN_AGAIN)
            send_again(socket, &turn);
        else
            send_new(socket, turn.bytes);
        has_sent = true;
    }
    if (has_sent)
        tell_progress(socket);
}

void tcp_sender_force(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    uint32_t left = unsent(snd), window = usable_window(snd);
    uint32_t bytes = left < window ? left : window;
    if (bytes || (is_fin_unsent(snd) && !left && window))
        send_new(socket, bytes);
}

bool tcp_sender_has_more(const struct tcp_socket *socket)
{
    return unsent(&socket->snd) || is_fin_unsent(&socket->snd);
}

void tcp_sender_arm(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    if (socket->is_shut_down || !tcp_state_is_synchronized(socket->state))
        return;
    int64_t at = tcp_recovery_deadline(&snd->recovery, socket->timers.at[TCP_TIMER_RETRANSMIT]);
    if (at == ENV_NEVER)
        tcp_timer_stop(socket, TCP_TIMER_RECOVERY);
    else if (at != socket->timers.at[TCP_TIMER_RECOVERY])
        tcp_timer_set(socket, TCP_TIMER_RECOVERY, at);
    bool is_stuck = tcp_seq_is_equal(snd->una, snd->nxt) && tcp_sender_has_more(socket) && at == ENV_NEVER;
    if (!is_stuck)
        tcp_timer_stop(socket, TCP_TIMER_PERSIST);
    else if (!tcp_timer_is_set(socket, TCP_TIMER_PERSIST))
        tcp_timer_set(socket, TCP_TIMER_PERSIST, tcp_now(socket) + tcp_probe_wait(socket));
    bool waits = tcp_seq_is_before(snd->una, snd->nxt) || is_stuck;
    if (!waits || !socket->choices.user_timeout)
        tcp_timer_stop(socket, TCP_TIMER_USER_TIMEOUT);
    else if (!tcp_timer_is_set(socket, TCP_TIMER_USER_TIMEOUT))
        tcp_timer_set(socket, TCP_TIMER_USER_TIMEOUT, tcp_now(socket) + socket->choices.user_timeout);
}

/* ---- The size of segments and of the buffer ---- */

/* What IP has learnt of the path, but not less than is believed, unless our own link takes no more: anybody can
 * complain. */
static uint32_t believed_path(struct tcp_socket *socket, struct net_request *request, struct net_route *route)
{
    uint32_t least = (uint32_t)tcp_set_of(socket, TCP_SET_MIN_PMTU);
    if (route->mtu_bytes >= least)
        return route->mtu_bytes;
    request->knows_path = true; /* then it is the link's that is answered */
    if (socket->layer->ops->route(socket->layer, request, route) != 0)
        return least;
    return route->mtu_bytes < least ? route->mtu_bytes : least;
}

void tcp_sender_set_mss(struct tcp_socket *socket, int rule)
{
    struct tcp_sender *snd = &socket->snd;
    struct net_request request = {.destination = socket->bound.peer.address, .protocol = TCP_PROTOCOL};
    struct net_route route;
    uint32_t headers = TCP_HEADER + 20, mss = snd->mss_peer, old = snd->mss;
    if (socket->layer->ops->route(socket->layer, &request, &route) == 0) {
        uint32_t path = believed_path(socket, &request, &route);
        headers = TCP_HEADER + route.header_bytes;
        if (!snd->pmtu_bytes || snd->pmtu_bytes > path)
            snd->pmtu_bytes = path;
    }
    uint32_t fits = snd->pmtu_bytes > headers ? snd->pmtu_bytes - headers : TCP_MSS_DEFAULT;
    mss = fits < mss ? fits : mss; /* RFC 9293 section 3.7.1: min(SendMSS + 20, MMS_S) - headers - options */
    if (socket->choices.mss_most && socket->choices.mss_most < mss)
        mss = socket->choices.mss_most;
    if (snd->wnd_most > TCP_MSS_DEFAULT && mss > snd->wnd_most / 2)
        mss = snd->wnd_most / 2; /* a small window is filled by two segments at least: section 3.8.6.2.1 */
    if (mss < (uint32_t)tcp_set_of(socket, TCP_SET_MIN_SND_MSS))
        mss = (uint32_t)tcp_set_of(socket, TCP_SET_MIN_SND_MSS);
    if (socket->rcv.has_timestamp)
        mss -= TCP_TIMESTAMP_BYTES;
    if (mss == old)
        return;
    snd->mss = (uint16_t)mss;
    tcp_tell_fact(socket, TCP_FACT_MSS, 0, mss, old, rule);
    if (old)
        tcp_recovery_set_mss(&snd->recovery, mss);
}

/* Linux lets the buffer grow with the window, so that it never holds the sender back; others keep what was
 * set. */
static void grow_buffer(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    uint32_t wanted = 2 * snd->recovery.congestion.cwnd, least = 60 * (uint32_t)snd->mss;
    uint32_t most = (uint32_t)tcp_set_of(socket, TCP_SET_WMEM_MAX);
    if (socket->choices.send_buffer_bytes || socket->tcp->settings.profile != TCP_PROFILE_LINUX)
        return;
    wanted = wanted < least ? least : wanted;
    wanted = wanted < most ? wanted : most;
    if (wanted > snd->limit_bytes)
        snd->limit_bytes = wanted;
}

void tcp_sender_limit(struct tcp_socket *socket)
{
    int64_t chosen = socket->choices.send_buffer_bytes;
    socket->snd.limit_bytes = (uint32_t)(chosen ? chosen : tcp_set_of(socket, TCP_SET_WMEM_DEFAULT));
}

void tcp_sender_open(struct tcp_socket *socket, bool was_syn_lost)
{
    struct tcp_sender *snd = &socket->snd;
    tcp_sender_set_mss(socket, 0);
    tcp_recovery_start(&snd->recovery, snd->nxt, snd->mss, socket->rcv.has_sack, socket->rcv.has_timestamp,
                       was_syn_lost);
    grow_buffer(socket);
    snd->last_sent_at = 0;
}

uint32_t tcp_sender_room(const struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    uint32_t used = snd->end.value - snd->base.value;
    return used < snd->limit_bytes ? snd->limit_bytes - used : 0;
}

bool tcp_sender_is_writable(const struct tcp_socket *socket)
{
    const struct tcp_sender *snd = &socket->snd;
    uint32_t low = socket->choices.unsent_low_bytes;
    if (low && unsent(snd) >= low)
        return false;
    return tcp_sender_room(socket) >= (snd->end.value - snd->base.value) / 2; /* Linux: a third is free */
}

/* ---- What comes back: RFC 9293 section 3.10.7.4, fifth step ---- */

/* Takes what is acknowledged out of the buffer. */
static void forget_acked(struct tcp_socket *socket, struct tcp_seq ack)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_seq data = tcp_seq_earlier(ack, snd->end);
    uint32_t bytes = tcp_seq_is_before(snd->base, data) ? data.value - snd->base.value : 0;
    tcp_stream_advance(&snd->buffer, bytes);
    snd->base = tcp_seq_plus(snd->base, bytes);
    socket->octets_acked += bytes;
    snd->una = ack;
    if (tcp_seq_is_equal(snd->base, snd->end))
        tcp_stream_rest(&snd->buffer);
    if (snd->has_urgent && tcp_seq_is_up_to(snd->urgent, ack))
        snd->has_urgent = false;
    if (tcp_seq_is_before(snd->small_end, ack))
        snd->small_end = ack;
}

/* A probe's octet beyond the window was taken after all: it counts as sent. */
static void count_probe(struct tcp_socket *socket, struct tcp_seq ack)
{
    struct tcp_sender *snd = &socket->snd;
    if (snd->is_probe_out && tcp_seq_is_equal(ack, tcp_seq_plus(snd->nxt, 1)) &&
        tcp_sender_has_more(socket)) {
        snd->nxt = ack;
        tcp_recovery_sent_new(&snd->recovery, 1, tcp_timestamp(socket));
    }
    snd->is_probe_out = false;
}

/* RFC 9293 section 3.10.7.4: the window is taken from the latest segment, not from an old one that comes
 * late. */
static void take_window(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_sender *snd = &socket->snd;
    const struct tcp_segment *segment = &arrival->segment;
    bool is_news = tcp_seq_is_before(snd->wl1, segment->seq) ||
                   (tcp_seq_is_equal(snd->wl1, segment->seq) && tcp_seq_is_up_to(snd->wl2, segment->ack));
    if (!is_news)
        return;
    uint32_t old = snd->wnd;
    snd->wnd = arrival->window;
    snd->wl1 = segment->seq;
    snd->wl2 = segment->ack;
    if (old != snd->wnd)
        tcp_tell_fact(socket, TCP_FACT_RWND, arrival->net->payload.frame, snd->wnd, old, 0);
    if (snd->wnd > snd->wnd_most) {
        snd->wnd_most = snd->wnd;
        tcp_sender_set_mss(socket, 0);
    }
    if (usable_window(snd))
        snd->probe_backoff = 0;
}

static void tell_duplicate(struct tcp_socket *socket, const struct tcp_ack *ack)
{
    if (ack->is_duplicate)
        env_because(socket->tcp->env, tcp_tell_fact(socket, TCP_FACT_DUPACK, 0,
                                                    socket->snd.recovery.duplicates + 1, ack->ack.value));
    if (ack->sack_count)
        tcp_tell_fact(socket, TCP_FACT_SACK, 0, ack->sack_count, ack->sack[0].start.value,
                      ack->sack[0].end.value, socket->snd.recovery.board.sacked_bytes, ack->ack.value);
}

void tcp_sender_acked(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_sender *snd = &socket->snd;
    const struct tcp_segment *segment = &arrival->segment;
    const struct tcp_options *options = &segment->options;
    count_probe(socket, segment->ack);
    bool is_new = tcp_seq_is_before(snd->una, segment->ack);
    struct tcp_ack ack = {.ack = segment->ack,
                          .has_ece = snd->uses_ecn && segment->flags & TCP_FLAG_ECE,
                          .echo = options->ts_echo,
                          .sack = options->sack,
                          .sack_count = socket->rcv.has_sack ? options->sack_count : 0};
    ack.is_duplicate = !is_new && tcp_seq_is_before(snd->una, snd->nxt) && tcp_segment_length(segment) == 0 &&
                       !arrival->is_trimmed && arrival->window == snd->wnd; /* RFC 5681 section 2 */
    ack.has_echo = tcp_echo_age(socket, options, &ack.echo_age);
    tell_duplicate(socket, &ack);
    snd->probes = 0;
    if (is_new)
        forget_acked(socket, segment->ack);
    take_window(socket, arrival);
    tcp_recovery_acked(&snd->recovery, &ack);
    if (!is_new)
        return;
    snd->first_timeout_at = ENV_NEVER;
    snd->soft_error = 0;
    tcp_timer_stop(socket, TCP_TIMER_USER_TIMEOUT);
    if (tcp_seq_is_equal(snd->una, snd->nxt)) { /* RFC 6298 (5.2), (5.3) */
        tcp_timer_stop(socket, TCP_TIMER_RETRANSMIT);
    } else {
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
    }
    tell_progress(socket);
    grow_buffer(socket);
    if (snd->wants_room && tcp_sender_is_writable(socket)) {
        snd->wants_room = false;
        tcp_note(socket, TCP_READY_OUT);
    }
}
