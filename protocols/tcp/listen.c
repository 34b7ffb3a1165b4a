/* SPDX-License-Identifier: MIT
 * A listener and its two queues.
 *
 *      SYN -->  half open: SYN-RECEIVED  --ACK-->  ready: ESTABLISHED  --tcp_accept-->  the owner's
 *               at most `backlog`                  at most `backlog` + 1
 *
 * Somebody who only knocks costs a place in the first queue until the SYN,ACK has been repeated in vain: that
 * is a SYN flood (RFC 4987 section 2). When the queue is full a *cookie* answers: the ISN of the SYN,ACK is a
 * hash that only this machine can make, with the minute and the MSS written into it, and nothing is
 * remembered. Whoever sends it back in an ACK has been reached, and gets his connection then. What else his SYN
 * offered goes along in the timestamp that he echoes (isn.c); without timestamps it is not agreed on. */
#include "protocols/tcp/connection.h"

enum { QUEUE_SYN, QUEUE_ACCEPT, QUEUE_COOKIES };

static void tell_full(struct tcp_socket *listener, uint32_t waiting, int queue)
{
    tcp_tell_fact(listener, TCP_FACT_LISTEN, 0, waiting, queue);
}

bool tcp_listener_has_room(const struct tcp_socket *listener)
{
    return listener->listener->ready_count <=
           listener->listener->backlog; /* one more than asked, as on Linux */
}

/* ---- Children ---- */

static struct tcp_socket *child_new(struct tcp_socket *listener, const struct tcp_arrival *arrival)
{
    struct tcp *tcp = listener->tcp;
    struct tcp_socket *child = tcp_socket_new(tcp);
    child->choices = listener->choices;
    child->was_passive = true;
    child->parent = listener;
    child->bound.reuses_address = listener->bound.reuses_address;
    child->bound.reuses_port = listener->bound.reuses_port;
    tcp_demux_bind(&tcp->demux, &child->bound, arrival->local);
    tcp_demux_connect(&tcp->demux, &child->bound, arrival->peer);
    tcp_socket_begin(child, tcp_layer_for(tcp, &arrival->peer.address));
    list_add_last(&listener->listener->half_open, &child->waiting);
    listener->listener->half_open_count++;
    return child;
}

void tcp_child_is_ready(struct tcp_socket *child)
{
    struct tcp_listener *listener = child->parent->listener;
    list_remove(&child->waiting);
    listener->half_open_count--;
    list_add_last(&listener->ready, &child->waiting);
    listener->ready_count++;
    child->is_ready = true;
    tcp_note(child->parent, TCP_READY_IN);
}

void tcp_child_leaves(struct tcp_socket *child)
{
    if (!child->parent || child->is_ready)
        return; /* one that is ready waits for its owner even if it has ended meanwhile */
    list_remove(&child->waiting);
    child->parent->listener->half_open_count--;
    child->parent = NULL;
}

/* ---- Cookies ---- */

static void send_cookie(struct tcp_socket *listener, const struct tcp_arrival *syn)
{
    struct tcp *tcp = listener->tcp;
    struct tcp_options offers = syn->segment.options;
    struct tcp_socket would_be = {.tcp = tcp, .choices = listener->choices}; /* for the answer, then forgotten */
    would_be.bound.peer = syn->peer;
    bool has_clock = offers.has_timestamp && tcp_set_of(listener, TCP_SET_TIMESTAMPS);
    bool has_ecn = has_clock && tcp_agrees_on_ecn(&would_be, syn->segment.flags);
    offers.may_sack &= has_clock; /* what there is no room for is not agreed on */
    offers.has_scale &= has_clock;
    tcp_learn_options(&would_be, &offers);
    struct tcp_segment answer = {.source_port = syn->local.port,
                                 .destination_port = syn->peer.port,
                                 .seq = tcp_cookie(tcp, syn, would_be.snd.mss_peer),
                                 .ack = tcp_seq_plus(syn->segment.seq, 1),
                                 .flags = TCP_FLAG_SYN | TCP_FLAG_ACK | (has_ecn ? TCP_FLAG_ECE : 0),
                                 .window = (uint16_t)tcp_receiver_first_window(&would_be, true)};
    tcp_syn_options(&would_be, answer.flags, &answer.options);
    answer.options.ts_value = tcp_cookie_clock(tcp, syn, &offers, has_ecn);
    answer.options.ts_echo = offers.ts_value;
    tcp->counters.syn_cookies_sent++;
    tcp_transmit_bare(tcp, &syn->local, &syn->peer, &answer, listener->choices.tos, listener->choices.ttl);
}

/* An ACK for nobody. False: there is no cookie in it. */
static bool take_cookie(struct tcp_socket *listener, struct tcp_arrival *ack)
{
    struct tcp *tcp = listener->tcp;
    uint16_t mss = 0;
    if (tcp_set_of(listener, TCP_SET_SYNCOOKIES) == 0 || ack->segment.flags & TCP_FLAG_SYN ||
        tcp->counters.syn_cookies_sent == 0)
        return false;
    if (!tcp_cookie_check(tcp, ack, &mss)) {
        tcp->counters.syn_cookies_bad++;
        return false;
    }
    tcp->counters.syn_cookies_good++;
    if (!tcp_listener_has_room(listener)) {
        tcp->counters.accept_overflows++;
        tcp_drop(tcp, ack, TCP_ACCEPT_QUEUE_FULL);
        return true;
    }
    struct tcp_socket *child = child_new(listener, ack);
    tcp_open_from_cookie(child, ack, mss);
    tcp_settle(child);
    return true;
}

/* ---- RFC 9293 section 3.10.7.2 ---- */

static void take_knock(struct tcp_socket *listener, struct tcp_arrival *syn)
{
    struct tcp *tcp = listener->tcp;
    struct tcp_listener *queues = listener->listener;
    uint32_t most = queues->backlog ? queues->backlog : 1;
    int64_t cookies = tcp_set_of(listener, TCP_SET_SYNCOOKIES);
    if (most > tcp_set_of(listener, TCP_SET_SYN_BACKLOG))
        most = (uint32_t)tcp_set_of(listener, TCP_SET_SYN_BACKLOG);
    if (!tcp_listener_has_room(listener)) {
        tcp->counters.accept_overflows++;
        tell_full(listener, queues->ready_count, QUEUE_ACCEPT);
        tcp_drop(tcp, syn, TCP_ACCEPT_QUEUE_FULL);
        return;
    }
    bool is_fast = tcp_fast_open_accepts(listener, syn);
    if (!is_fast && (queues->half_open_count >= most || cookies == 2)) {
        tell_full(listener, queues->half_open_count, cookies ? QUEUE_COOKIES : QUEUE_SYN);
        if (cookies) {
            send_cookie(listener, syn);
        } else {
            tcp->counters.syn_dropped++;
            tcp_drop(tcp, syn, TCP_SYN_QUEUE_FULL);
        }
        return;
    }
    struct tcp_socket *child = child_new(listener, syn);
    child->is_fast = is_fast;
    tcp_open_passive(child, syn);
    tcp_settle(child);
}

void tcp_listen_arrive(struct tcp_socket *listener, struct tcp_arrival *arrival)
{
    uint8_t flags = arrival->segment.flags;
    if (flags & TCP_FLAG_RST) { /* first, check for a RST: ignored */
        tcp_drop(listener->tcp, arrival, TCP_STATE_IGNORES);
    } else if (flags &
               TCP_FLAG_ACK) { /* second, check for an ACK: nothing was sent that it could acknowledge */
        if (!take_cookie(listener, arrival)) {
            tcp_drop(listener->tcp, arrival, TCP_NO_SYN);
            tcp_refuse(listener->tcp, arrival);
        }
    } else if (flags & TCP_FLAG_SYN) { /* third, check for a SYN */
        take_knock(listener, arrival);
    } else {
        tcp_drop(listener->tcp, arrival, TCP_NO_SYN);
    }
}

/* ---- Opening and closing ---- */

void tcp_listener_open(struct tcp_socket *socket)
{
    struct tcp_listener *queues = env_new(socket->tcp->env, sizeof *queues);
    list_init(&queues->half_open);
    list_init(&queues->ready);
    socket->listener = queues;
}

struct tcp_socket *tcp_listener_take(struct tcp_socket *listener)
{
    struct tcp_listener *queues = listener->listener;
    if (list_is_empty(&queues->ready))
        return NULL;
    struct tcp_socket *child = LIST_OWNER(queues->ready.head.next, struct tcp_socket, waiting);
    list_remove(&child->waiting);
    queues->ready_count--;
    child->parent = NULL;
    child->is_ready = false;
    return child;
}

void tcp_listener_forget(struct tcp_socket *listener)
{
    struct tcp_listener *queues = listener->listener;
    struct list *lists[] = {&queues->half_open, &queues->ready};
    for (int i = 0; i < 2; i++)
        while (!list_is_empty(lists[i])) {
            struct tcp_socket *child = LIST_OWNER(lists[i]->head.next, struct tcp_socket, waiting);
            list_remove(&child->waiting);
            tcp_time_wait_forget_owner(child);
            child->parent = NULL;
            child->state = TCP_CLOSED;
            tcp_socket_free(child);
        }
    env_free(listener->tcp->env, queues);
    listener->listener = NULL;
}

/* Who has not been accepted is reset: RFC 9293 section 3.10.4, LISTEN; as on Linux. */
void tcp_listener_close(struct tcp_socket *listener)
{
    struct tcp_listener *queues = listener->listener;
    struct tcp_socket *child;
    while ((child = tcp_listener_take(listener))) {
        if (child->state != TCP_CLOSED && !child->remains) { /* it may have ended while it waited */
            tcp_send_reset(child);
            tcp_end(child, TCP_RULE_ABORTED, 0);
        }
        tcp_settle(child);
    }
    while (!list_is_empty(&queues->half_open)) {
        child = LIST_OWNER(queues->half_open.head.next, struct tcp_socket, waiting);
        tcp_end(child, TCP_RULE_ABORTED, 0);
        tcp_settle(child);
    }
    env_free(listener->tcp->env, queues);
    listener->listener = NULL;
}
