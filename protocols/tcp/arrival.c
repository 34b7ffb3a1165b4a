/* SPDX-License-Identifier: MIT
 * A segment arrives: whose it is, and the eight steps of RFC 9293 section 3.10.7.4.
 *
 *      1  check_sequence    is it within the window, and not from the past?
 *      2  check_reset       does the peer end it all?
 *      3  check_security
 *      4  check_syn         does somebody begin anew?
 *      5  check_ack         what has the peer got?            -> sender.c
 *      6  check_urgent      where does urgent data end?       -> urgent.c
 *      7  process_text      what does it bring?               -> receiver.c
 *      8  check_fin         does the peer end its direction?  -> close.c
 *
 * Each step says whether the next one follows. A connection in SYN-SENT has steps of its own (handshake.c),
 * and so have listeners (listen.c) and what is left of connections (time_wait.c). */
#include "protocols/tcp/connection.h"

#define CE 3 /* congestion experienced, in the low bits of TOS: RFC 3168 section 5 */

void tcp_drop(struct tcp *tcp, const struct tcp_arrival *arrival, enum tcp_reason reason)
{
    const struct tcp_segment *segment = &arrival->segment;
    tcp->counters.bad_segments += reason <= TCP_BAD_CHECKSUM;
    env_because(tcp->env, env_tell(tcp->env, &tcp_kinds[TCP_FACT_DROP], arrival->net->payload.frame, reason,
                                   (int64_t)arrival->flow, (int64_t)tcp_flags_text(tcp->env, segment->flags),
                                   segment->seq.value, segment->ack.value, segment->length_bytes));
}

/* ---- The steps ---- */

static uint32_t window_now(const struct tcp_receiver *rcv)
{
    int32_t left = tcp_seq_distance(rcv->nxt, rcv->adv);
    return left > 0 ? (uint32_t)left : 0;
}

/* RFC 9293 section 3.4, the table of four cases; and "special allowance" for a closed window: what stands
 * exactly at its edge may still bring an ACK. */
static bool is_acceptable(const struct tcp_receiver *rcv, const struct tcp_segment *segment)
{
    uint32_t length = tcp_segment_length(segment), window = window_now(rcv);
    struct tcp_seq edge = tcp_seq_plus(rcv->nxt, window), last = tcp_seq_minus(tcp_segment_end(segment), 1);
    if (window == 0 || (length == 0 && tcp_seq_is_equal(segment->seq, edge)))
        return tcp_seq_is_equal(segment->seq, rcv->nxt) || (window && length == 0);
    return tcp_seq_is_within(segment->seq, rcv->nxt, edge) ||
           (length && tcp_seq_is_within(last, rcv->nxt, edge));
}

/* What is not acceptable is answered with where we stand, so that a peer that has lost its way finds it. */
static void answer_unacceptable(struct tcp_socket *socket, struct tcp_arrival *arrival,
                                enum tcp_reason reason)
{
    const struct tcp_segment *segment = &arrival->segment;
    tcp_drop(socket->tcp, arrival, reason);
    if (segment->flags & TCP_FLAG_RST)
        return;
    if (reason == TCP_OLD_TIMESTAMP && !segment->options.has_timestamp)
        return; /* RFC 7323 section 3.2: silently */
    if (segment->length_bytes && tcp_seq_is_before(segment->seq, socket->rcv.nxt))
        tcp_receiver_saw_twice(socket, arrival);
    else if (!tcp_may_answer_nonsense(socket))
        return;
    tcp_ack_now(socket);
}

static bool check_sequence(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    if (!tcp_paws_accepts(socket, arrival)) { /* RFC 7323 section 5.3, R1 */
        answer_unacceptable(socket, arrival, TCP_OLD_TIMESTAMP);
        return false;
    }
    if (!is_acceptable(&socket->rcv, &arrival->segment)) {
        answer_unacceptable(socket, arrival, TCP_OUTSIDE_WINDOW);
        return false;
    }
    tcp_timestamp_learn(socket, arrival);
    return true;
}

static bool check_reset(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    if (!(arrival->segment.flags & TCP_FLAG_RST))
        return true;
    if (!tcp_seq_is_equal(arrival->segment.seq, socket->rcv.nxt)) { /* RFC 5961 section 3.2 */
        tcp_challenge(socket, arrival, TCP_RST_NOT_EXACT);
        return false;
    }
    socket->tcp->counters.resets_received++;
    bool is_opening = socket->state == TCP_SYN_RECEIVED && !socket->is_fast;
    bool is_done = socket->state == TCP_CLOSING || socket->state == TCP_LAST_ACK;
    int error = is_opening                        ? NET_ECONNREFUSED
                : socket->state == TCP_CLOSE_WAIT ? NET_EPIPE /* as on Linux */
                                                  : NET_ECONNRESET;
    tcp_end(socket, TCP_RULE_RESET, is_done || (is_opening && socket->was_passive) ? 0 : error);
    return false;
}

/* Simplified: there are no compartments, every segment passes. */
static bool check_security(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    (void)socket;
    (void)arrival;
    return true;
}

static bool check_syn(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    if (!(arrival->segment.flags & TCP_FLAG_SYN))
        return true;
    tcp_challenge(socket, arrival, TCP_SYN_IN_WINDOW); /* RFC 5961 section 4.2 */
    return false;
}

/* SYN-RECEIVED: is it our SYN that is acknowledged? */
static bool check_ack_of_syn(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    const struct tcp_sender *snd = &socket->snd;
    struct tcp_seq first = tcp_seq_plus(snd->iss, 1); /* behind it only a fast one has sent */
    if (!tcp_seq_is_up_to(first, arrival->segment.ack) || tcp_seq_is_after(arrival->segment.ack, snd->nxt)) {
        tcp_drop(socket->tcp, arrival, TCP_ACK_TOO_NEW);
        tcp_refuse(socket->tcp, arrival);
        return false;
    }
    if (tcp_defers(socket, arrival))
        return false;
    if (socket->parent && !socket->is_fast && !tcp_listener_has_room(socket->parent)) {
        socket->tcp->counters.accept_overflows++;
        tcp_drop(socket->tcp, arrival, TCP_ACCEPT_QUEUE_FULL);
        if (tcp_set_of(socket, TCP_SET_ABORT_ON_OVERFLOW)) {
            tcp_send_reset(socket);
            tcp_end(socket, TCP_RULE_ABORTED, 0);
        }
        return false;
    }
    socket->snd.wnd = arrival->window;
    socket->snd.wnd_most = arrival->window;
    socket->snd.wl1 = arrival->segment.seq;
    socket->snd.wl2 = arrival->segment.ack;
    tcp_establish(socket, arrival, TCP_RULE_SYN_ACKED);
    return true;
}

static bool check_ack(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    const struct tcp_sender *snd = &socket->snd;
    struct tcp_seq ack = arrival->segment.ack;
    if (!(arrival->segment.flags & TCP_FLAG_ACK)) {
        tcp_drop(socket->tcp, arrival, TCP_NO_ACK);
        return false;
    }
    if (socket->state == TCP_SYN_RECEIVED && !check_ack_of_syn(socket, arrival))
        return false;
    struct tcp_seq most = snd->is_probe_out ? tcp_seq_plus(snd->nxt, 1) : snd->nxt;
    if (tcp_seq_is_after(ack, most)) { /* RFC 9293 section 3.10.7.4, and RFC 5961 section 5.2 */
        tcp_challenge(socket, arrival, TCP_ACK_TOO_NEW);
        return false;
    }
    if (tcp_seq_is_before(ack, tcp_seq_minus(snd->una, snd->wnd_most))) {
        tcp_challenge(socket, arrival, TCP_ACK_TOO_OLD);
        return false;
    }
    if (!tcp_seq_is_before(ack, snd->una))
        tcp_sender_acked(socket, arrival);
    if (snd->has_ended && tcp_seq_is_after(snd->una, snd->end))
        tcp_fin_was_acked(socket);
    return socket->state != TCP_CLOSED && !socket->remains;
}

static bool check_urgent(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    if (arrival->segment.flags & TCP_FLAG_URG && tcp_state_may_receive(socket->state))
        tcp_urgent_arrived(socket, arrival);
    return true;
}

static bool process_text(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    const struct tcp_segment *segment = &arrival->segment;
    if (!tcp_segment_length(segment) || !tcp_state_may_receive(socket->state))
        return true;
    bool has_reader = (socket->has_owner && !socket->linger_until) || socket->parent;
    struct tcp_seq data_end = tcp_seq_plus(segment->seq, segment->length_bytes);
    if (!has_reader && segment->length_bytes && tcp_seq_is_after(data_end, socket->rcv.nxt)) {
        tcp_drop(socket->tcp, arrival, TCP_NOBODY_READS); /* RFC 1122 4.2.2.13: the peer must learn of it */
        tcp_send_reset(socket);
        tcp_end(socket, TCP_RULE_NOBODY_READS, NET_ECONNRESET);
        return false;
    }
    socket->data_in += segment->length_bytes > 0;
    tcp_ecn_arrived(socket, arrival);
    tcp_receiver_take(socket, arrival);
    return true;
}

static bool check_fin(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    (void)arrival;
    if (rcv->has_fin && !rcv->has_ended && tcp_seq_is_after(rcv->nxt, rcv->fin))
        tcp_take_fin(socket);
    return false;
}

static bool (*const steps[])(struct tcp_socket *socket, struct tcp_arrival *arrival) = {
    check_sequence, check_reset, check_security, check_syn, check_ack, check_urgent, process_text, check_fin};

void tcp_arrive_rest(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    for (unsigned i = 5; i < 8 && steps[i](socket, arrival); i++) {
    }
}

/* A SYN of which we know already. Our SYN,ACK may have been lost: it is sent again. When both have opened at
 * once, the peer's SYN,ACK brings the ACK that we wait for: RFC 9293 section 3.5, figure 8. False: there is
 * nothing more in it. */
static bool take_known_syn(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    struct tcp_segment *segment = &arrival->segment;
    if (socket->state != TCP_SYN_RECEIVED || !(segment->flags & TCP_FLAG_SYN) ||
        segment->flags & TCP_FLAG_RST || !tcp_seq_is_equal(segment->seq, socket->rcv.irs))
        return true;
    if (segment->flags & TCP_FLAG_ACK) {
        segment->flags &= (uint8_t)~TCP_FLAG_SYN;
        segment->seq = tcp_seq_plus(segment->seq, 1);
        return true;
    }
    tcp_drop(socket->tcp, arrival, TCP_DUPLICATE);
    if (socket->was_passive && tcp_may_answer_nonsense(socket))
        tcp_transmit(socket, socket->snd.iss, 0, TCP_FLAG_SYN | TCP_FLAG_ACK);
    return false;
}

void tcp_arrive(struct tcp_socket *socket, struct tcp_arrival *arrival)
{
    socket->segments_in++;
    arrival->window = arrival->segment.window;
    if (!(arrival->segment.flags & TCP_FLAG_SYN) && socket->state != TCP_SYN_SENT)
        arrival->window <<= socket->snd.scale; /* RFC 7323 section 2.3 */
    if (socket->state == TCP_SYN_SENT) {
        tcp_syn_sent_arrive(socket, arrival);
        return;
    }
    if (!take_known_syn(socket, arrival))
        return;
    socket->snd.last_heard_at = tcp_now(socket);
    socket->rcv.keepalive_probes = 0;
    for (unsigned i = 0; i < sizeof steps / sizeof steps[0] && steps[i](socket, arrival); i++) {
    }
}

/* ---- Whose is it? ---- */

static void tell_arrival(struct tcp *tcp, const struct tcp_arrival *arrival)
{
    const struct tcp_segment *segment = &arrival->segment;
    env_because(tcp->env, env_tell(tcp->env, &tcp_kinds[TCP_FACT_RX], arrival->net->payload.frame,
                                   segment->length_bytes, (int64_t)arrival->flow,
                                   (int64_t)tcp_flags_text(tcp->env, segment->flags), segment->seq.value,
                                   segment->ack.value, segment->window));
}

static void find_and_hand_over(struct tcp *tcp, struct tcp_arrival *arrival)
{
    struct tcp_bound *bound = tcp_demux_find(&tcp->demux, &arrival->local, &arrival->peer);
    arrival->flow = bound && !bound->is_time_wait ? tcp_flow(tcp_socket_of(bound))
                                                  : tcp_flow_text(tcp->env, &arrival->local, &arrival->peer);
    tell_arrival(tcp, arrival);
    if (bound && bound->is_time_wait) {
        if (!tcp_time_wait_arrive(tcp, bound, arrival))
            return;
        bound = NULL; /* it has made room */
    }
    if (!bound)
        bound = tcp_demux_listener(&tcp->demux, &arrival->local, &arrival->peer);
    if (!bound) {
        tcp_drop(tcp, arrival, TCP_NO_SOCKET);
        tcp_refuse(tcp, arrival); /* RFC 9293 section 3.10.7.1 */
        return;
    }
    struct tcp_socket *socket = tcp_socket_of(bound), *parent = socket->parent;
    if (socket->state == TCP_LISTEN)
        tcp_listen_arrive(socket, arrival);
    else
        tcp_arrive(socket, arrival);
    tcp_settle(socket);
    if (parent)
        tcp_settle(parent);
}

void tcp_receive_segment(struct net_layer_user *user, const struct net_arrival *net)
{
    struct tcp *tcp = ENV_OWNER(user, struct tcp, user);
    struct tcp_arrival arrival;
    enum tcp_wire wire =
        tcp_segment_take(&net->payload, &net->source, &net->destination, &arrival.segment);
    if (wire != TCP_WIRE_OK)
        arrival.segment = (struct tcp_segment){0};
    arrival.net = net;
    arrival.is_marked = (net->tos & 3) == CE;
    arrival.is_trimmed = false;
    arrival.window = 0;
    arrival.flow = 0;
    arrival.local = (struct net_endpoint){net->destination, arrival.segment.destination_port};
    arrival.peer = (struct net_endpoint){net->source, arrival.segment.source_port};
    tcp->counters.segments_in++;
    if (wire != TCP_WIRE_OK || net->is_for_many) {
        arrival.flow = tcp_flow_text(tcp->env, &arrival.local, &arrival.peer);
        tcp_drop(tcp, &arrival, wire != TCP_WIRE_OK ? (enum tcp_reason)wire : TCP_FOR_MANY);
        return;
    }
    find_and_hand_over(tcp, &arrival);
}
