/* SPDX-License-Identifier: MIT
 * How two ends agree: the SYN of each, what its options offer, and that both have heard. RFC 9293
 * section 3.5.
 *
 *      A  SYN-SENT        --- SYN, options --->         LISTEN -> SYN-RECEIVED   B
 *         ESTABLISHED    <--- SYN,ACK, options ---
 *                         --- ACK --->                  ESTABLISHED
 *
 * What B's options say depends on what A's said: a window scale, timestamps and SACK are used only if both
 * SYNs have them. When both ends ask at once, each answers the other's SYN with SYN,ACK, and they meet in
 * SYN-RECEIVED. A SYN that is not answered is sent again after 1, 2, 4 ... seconds. */
#include "protocols/tcp/connection.h"

/* ---- Asking ---- */

void tcp_send_syn(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    unsigned flags = socket->state == TCP_SYN_SENT ? TCP_FLAG_SYN : TCP_FLAG_SYN | TCP_FLAG_ACK;
    bool falls_back = snd->syn_sent > 0 && tcp_set_of(socket, TCP_SET_ECN_FALLBACK); /* RFC 3168 6.1.1.1 */
    if (snd->asked_ecn && !falls_back)
        flags |= flags & TCP_FLAG_ACK ? TCP_FLAG_ECE : TCP_FLAG_ECE | TCP_FLAG_CWR;
    if (snd->syn_sent == 0)
        snd->syn_at = snd->last_sent_at = tcp_now(socket);
    if (snd->syn_sent < UINT8_MAX)
        snd->syn_sent++;
    uint32_t data = snd->syn_sent == 1 && socket->state == TCP_SYN_SENT ? socket->fast.sent_bytes : 0;
    tcp_transmit(socket, snd->iss, data, flags);
    tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
}

/* Where our numbers begin. */
static void choose_isn(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    snd->iss = tcp_isn(socket->tcp, &socket->bound.local, &socket->bound.peer);
    snd->una = snd->iss;
    snd->nxt = snd->base = snd->end = snd->pushed = snd->urgent = tcp_seq_plus(snd->iss, 1);
    snd->small_end = snd->una;
}

uint32_t tcp_open_active(struct tcp_socket *socket, bool is_fast, const void *bytes, uint32_t count)
{
    struct tcp_sender *snd = &socket->snd;
    choose_isn(socket);
    socket->snd.asked_ecn = tcp_set_of(socket, TCP_SET_ECN) == 1;
    tcp_receiver_first_window(socket, false);
    socket->tcp->counters.active_opens++;
    tcp_enter(socket, TCP_SYN_SENT, TCP_RULE_OPEN_ACTIVE);
    socket->fast.sent_bytes = is_fast ? tcp_fast_open_begin(socket, count) : 0;
    if (socket->fast.sent_bytes) {
        tcp_stream_write(&snd->buffer, 0, bytes, socket->fast.sent_bytes);
        snd->end = tcp_seq_plus(snd->end, socket->fast.sent_bytes);
    }
    tcp_send_syn(socket);
    return socket->fast.sent_bytes;
}

/* ---- Understanding ---- */

void tcp_learn_options(struct tcp_socket *socket, const struct tcp_options *options)
{
    struct tcp_receiver *rcv = &socket->rcv;
    uint16_t least = (uint16_t)tcp_set_of(socket, TCP_SET_MIN_SND_MSS);
    socket->snd.mss_peer = options->has_mss ? options->mss : TCP_MSS_DEFAULT; /* RFC 9293 MUST-15 */
    if (socket->snd.mss_peer < least)
        socket->snd.mss_peer = least;
    rcv->has_sack = options->may_sack && tcp_set_of(socket, TCP_SET_SACK);
    rcv->has_timestamp = options->has_timestamp && tcp_set_of(socket, TCP_SET_TIMESTAMPS);
    rcv->has_scale =
        options->has_scale && tcp_set_of(socket, TCP_SET_WINDOW_SCALING); /* RFC 7323 section 2.2 */
    socket->snd.scale = rcv->has_scale ? options->scale : 0;
    if (!rcv->has_scale)
        rcv->scale = 0;
    if (rcv->has_timestamp) {
        rcv->ts_recent = options->ts_value;
        rcv->ts_recent_at = tcp_now(socket);
    }
}

/* A SYN has come: where the peer's numbers begin, and its window, which is never scaled here. */
static void take_syn(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    const struct tcp_segment *segment = &arrival->segment;
    struct tcp_receiver *rcv = &socket->rcv;
    rcv->irs = segment->seq;
    rcv->nxt = rcv->read = rcv->acked = tcp_seq_plus(segment->seq, 1);
    rcv->adv = tcp_seq_plus(rcv->nxt, rcv->wnd);
    socket->snd.wnd = segment->window;
    socket->snd.wnd_most = segment->window;
    socket->snd.wl1 = segment->seq;
    socket->snd.wl2 = segment->ack;
    tcp_learn_options(socket, &segment->options);
}

/* RFC 3168 section 6.1.1: a SYN with ECE and CWR asks, a SYN,ACK with ECE alone agrees. */
bool tcp_agrees_on_ecn(const struct tcp_socket *socket, uint8_t flags)
{
    uint8_t both = flags & (TCP_FLAG_ECE | TCP_FLAG_CWR);
    if (flags & TCP_FLAG_ACK)
        return socket->snd.asked_ecn && both == TCP_FLAG_ECE;
    return tcp_set_of(socket, TCP_SET_ECN) != 0 && both == (TCP_FLAG_ECE | TCP_FLAG_CWR);
}

void tcp_open_passive(struct tcp_socket *child, const struct tcp_arrival *syn)
{
    choose_isn(child);
    tcp_receiver_first_window(child, false);
    take_syn(child, syn);
    child->snd.asked_ecn = child->snd.uses_ecn = tcp_agrees_on_ecn(child, syn->segment.flags);
    tcp_receiver_first_window(child, true); /* once more: with timestamps there is less room in a segment */
    child->tcp->counters.passive_opens++;
    tcp_enter(child, TCP_SYN_RECEIVED, TCP_RULE_SYN_ARRIVED);
    tcp_fast_open_offer(child, syn);
    if (child->is_fast)
        tcp_fast_open_take(child, syn);
    tcp_send_syn(child);
}

/* ---- Meeting ---- */

/* The round trip of the handshake: RFC 6298 (2.2). Karn: not if the SYN was sent twice, unless a timestamp
 * says which. */
static void sample_round_trip(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_sender *snd = &socket->snd;
    int64_t sample = socket->is_deferred ? snd->syn_took : tcp_now(socket) - snd->syn_at;
    bool is_known = socket->is_deferred ? sample > 0 : snd->syn_sent == 1; /* data goes after a fast SYN,ACK, not before */
    if (!is_known && (socket->is_deferred || !tcp_echo_age(socket, &arrival->segment.options, &sample)))
        return;
    tcp_rtt_sample(&snd->recovery.rtt, sample, snd->una, snd->nxt, 1);
}

/* TCP_DEFER_ACCEPT: a server that the peer speaks to first need not be woken before there is something to read. So
 * a bare ACK of our SYN,ACK is as good as none, until there have been so many timeouts; the last of them asks
 * again, and then the ACK alone is enough. As on Linux. */
bool tcp_defers(struct tcp_socket *child, const struct tcp_arrival *arrival)
{
    const struct tcp_sender *snd = &child->snd;
    unsigned timeouts = snd->syn_sent + snd->syn_held - 1u;
    if (!child->parent || child->is_fast || timeouts >= child->choices.defer_timeouts || tcp_segment_length(&arrival->segment))
        return false;
    if (!child->is_deferred && snd->syn_sent == 1)
        child->snd.syn_took = tcp_now(child) - snd->syn_at;
    child->is_deferred = true;
    tcp_drop(child->tcp, arrival, TCP_DEFERRED);
    return true;
}

/* Was a SYN of ours lost, or only late? If the peer echoes the clock of the first one, that one has arrived and
 * nothing says that the network is congested: RFC 3522 section 3.2; as on Linux. */
static bool was_syn_lost(const struct tcp_socket *socket, const struct tcp_options *options)
{
    uint32_t first = socket->ts_offset + (uint32_t)(socket->snd.syn_at / ENV_MILLISECOND);
    bool is_late = socket->tcp->settings.profile == TCP_PROFILE_LINUX && socket->rcv.has_timestamp &&
                   options->has_timestamp && options->ts_echo == first;
    return socket->snd.syn_sent > 1 && !is_late && !socket->is_deferred;
}

void tcp_establish(struct tcp_socket *socket, const struct tcp_arrival *arrival, enum tcp_rule rule)
{
    struct tcp_sender *snd = &socket->snd;
    int64_t began_at = snd->syn_at;
    bool was_lost = was_syn_lost(socket, &arrival->segment.options);
    bool was_fast = socket->is_fast;
    snd->una = was_fast ? tcp_seq_plus(snd->iss, 1) : arrival->segment.ack;
    if (snd->syn_sent)
        sample_round_trip(socket, arrival);
    tcp_timer_stop(socket, TCP_TIMER_RETRANSMIT);
    tcp_enter(socket, TCP_ESTABLISHED, rule);
    if (!was_fast) {
        tcp_sender_open(socket, was_lost);
        tcp_receiver_open(socket);
    } else if (tcp_seq_is_before(snd->una, snd->nxt)) {
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
    }
    tcp_keepalive_arm(socket);
    tcp_tell_fact(socket, TCP_FACT_CONNECTED, 0, snd->mss, tcp_now(socket) - began_at, snd->iss.value,
                  socket->rcv.irs.value);
    if (snd->has_ended)
        tcp_enter(socket, TCP_FIN_WAIT_1, TCP_RULE_CLOSED); /* the owner did not wait for it */
    if (socket->parent && !was_fast)
        tcp_child_is_ready(socket);
    else
        tcp_note(socket, TCP_READY_OUT);
}

/* The cookie has kept the MSS, and the clock of the SYN,ACK the rest; the connection is open at once. RFC 4987
 * section 3.6. */
void tcp_open_from_cookie(struct tcp_socket *child, struct tcp_arrival *ack, uint16_t mss)
{
    struct tcp_sender *snd = &child->snd;
    struct tcp_options options = {.has_mss = true, .mss = mss};
    choose_isn(child);
    snd->iss = snd->una = tcp_seq_minus(ack->segment.ack, 1);
    snd->nxt = snd->base = snd->end = snd->pushed = snd->urgent = ack->segment.ack;
    tcp_receiver_first_window(child, false);
    ack->segment.seq = tcp_seq_minus(ack->segment.seq, 1);
    take_syn(child, ack);
    snd->asked_ecn = snd->uses_ecn = tcp_cookie_recall(child->tcp, ack, &options);
    tcp_learn_options(child, &options);
    tcp_receiver_first_window(child, true);
    ack->segment.seq = child->rcv.nxt;
    child->tcp->counters.passive_opens++;
    tcp_enter(child, TCP_SYN_RECEIVED, TCP_RULE_COOKIE);
    tcp_arrive(child, ack);
}

/* RFC 9293 section 3.10.7.3. */
void tcp_syn_sent_arrive(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    struct tcp_segment *segment = &arrival->segment;
    struct tcp_sender *snd = &socket->snd;
    bool has_ack = segment->flags & TCP_FLAG_ACK;
    struct tcp_seq most = tcp_seq_plus(snd->nxt, socket->fast.sent_bytes);
    if (has_ack && !(tcp_seq_is_up_to(snd->nxt, segment->ack) && tcp_seq_is_up_to(segment->ack, most))) { /* first, check the ACK bit */
        tcp_drop(socket->tcp, arrival, TCP_ACK_TOO_NEW);
        if (!(segment->flags & TCP_FLAG_RST))
            tcp_refuse(socket->tcp, arrival);
        return;
    }
    if (segment->flags & TCP_FLAG_RST) { /* second, check the RST bit */
        if (has_ack)
            tcp_end(socket, TCP_RULE_REFUSED, NET_ECONNREFUSED);
        else
            tcp_drop(socket->tcp, arrival, TCP_RST_WITHOUT_ACK);
        return;
    }
    if (!(segment->flags & TCP_FLAG_SYN)) { /* fifth, neither SYN nor RST */
        tcp_drop(socket->tcp, arrival, TCP_NO_SYN);
        return;
    }
    take_syn(socket, arrival); /* fourth, check the SYN bit */
    snd->uses_ecn = tcp_agrees_on_ecn(socket, segment->flags);
    if (!has_ack) {
        snd->asked_ecn = snd->uses_ecn;
        snd->syn_sent = 0;
        tcp_enter(socket, TCP_SYN_RECEIVED, TCP_RULE_SYN_CROSSED);
        tcp_send_syn(socket);
        return;
    }
    if (socket->fast.asks)
        tcp_fast_open_answered(socket, arrival);
    tcp_establish(socket, arrival, TCP_RULE_SYN_ACK_ARRIVED);
    segment->seq = tcp_seq_plus(segment->seq, 1);
    segment->flags &= (uint8_t)~TCP_FLAG_SYN;
    tcp_arrive_rest(socket, arrival); /* data or FIN may have come along */
    if (!socket->choices.defer_timeouts || tcp_segment_length(segment)) {
        tcp_ack_now(socket);
        return;
    }
    socket->is_deferred = true; /* who asks for TCP_DEFER_ACCEPT will speak first: the ACK goes with that */
    tcp_timer_set(socket, TCP_TIMER_DELAYED_ACK, tcp_now(socket) + tcp_set_time_of(socket, TCP_SET_DELAYED_ACK_MAX));
}

/* ---- Waiting in vain ---- */

static unsigned most_retries(const struct tcp_socket *socket)
{
    unsigned most = (unsigned)tcp_set_of(socket, TCP_SET_SYNACK_RETRIES);
    if (socket->state == TCP_SYN_SENT)
        return socket->choices.syn_count ? socket->choices.syn_count
                                         : (unsigned)tcp_set_of(socket, TCP_SET_SYN_RETRIES);
    return socket->is_deferred && socket->choices.defer_timeouts > most ? socket->choices.defer_timeouts : most;
}

void tcp_syn_timeout(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    int64_t old = snd->recovery.rtt.rto;
    if (snd->syn_sent + snd->syn_held > (int)most_retries(socket)) { /* RFC 9293 section 3.8.3, R2 for SYN */
        tcp_end(socket, TCP_RULE_GAVE_UP, snd->soft_error ? snd->soft_error : NET_ETIMEDOUT);
        return;
    }
    tcp_rtt_back_off(&snd->recovery.rtt); /* RFC 6298 (5.5) */
    env_because(socket->tcp->env, tcp_tell_fact(socket, TCP_FACT_TIMEOUT, 0, snd->recovery.rtt.rto, old,
                                                snd->syn_sent, snd->iss.value));
    if (socket->is_deferred && snd->syn_sent + snd->syn_held < socket->choices.defer_timeouts) {
        snd->syn_held++; /* the peer has it: it goes again when the wait is over */
        tcp_timer_set(socket, TCP_TIMER_RETRANSMIT, tcp_now(socket) + snd->recovery.rtt.rto);
        return;
    }
    socket->tcp->counters.retransmitted++;
    snd->recovery.resent_total++; /* Linux counts it in tcpi_total_retrans too */
    tcp_tell_fact(socket, TCP_FACT_RETRANSMIT, 0, 0, snd->iss.value,
                  (int64_t)env_text(socket->tcp->env, "the SYN was not answered in time, RFC 6298 (5.4)"),
                  snd->syn_sent);
    tcp_send_syn(socket);
}
