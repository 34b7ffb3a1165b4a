/* SPDX-License-Identifier: MIT
 * TIME-WAIT: what is left of a connection when both ends have finished. RFC 9293 section 3.6.1.
 *
 * Whoever ended first waits for twice the life of a segment: so that a lost last ACK can be given again, and
 * so that nothing old can be taken for part of a new connection between the same two ends. That needs a few
 * numbers and a timer, not a connection: the socket's place in the tables goes to this small thing.
 *
 *      FIN again         acknowledged again, and the wait begins anew
 *      a new SYN         accepted if its timestamp, or its number, is beyond the old: RFC 6191, RFC
 * 1122 4.2.2.13 RST               ends it, unless RFC 1337 is obeyed anything else     acknowledged */
#include "protocols/tcp/connection.h"

struct tcp_time_wait {
    struct tcp_bound bound; /* first: how the tables know it */
    struct tcp *tcp;
    struct list_link link;     /* among all of the machine */
    struct tcp_socket *socket; /* its owner may still want to read; or NULL */
    struct env_timer timer;
    struct tcp_seq snd_nxt, rcv_nxt;
    uint32_t ts_recent, ts_offset;
    uint16_t window; /* as it stands in a header */
    uint8_t tos, ttl;
    bool has_timestamp;
};

static uint64_t flow_of(const struct tcp_time_wait *wait)
{
    return tcp_flow_text(wait->tcp->env, &wait->bound.local, &wait->bound.peer);
}

static void time_wait_end(struct tcp_time_wait *wait, enum tcp_rule rule)
{
    struct tcp *tcp = wait->tcp;
    struct tcp_socket *socket = wait->socket;
    env_because(tcp->env, env_tell(tcp->env, &tcp_kinds[TCP_FACT_STATE], 0, TCP_CLOSED,
                                   (int64_t)flow_of(wait), TCP_TIME_WAIT, rule));
    if (socket) {
        socket->remains = NULL;
        socket->state = TCP_CLOSED;
    }
    env_disarm(tcp->env, &wait->timer);
    tcp_demux_leave(&tcp->demux, &wait->bound);
    list_remove(&wait->link);
    env_free(tcp->env, wait);
}

static void time_is_over(struct env_timer *timer)
{
    time_wait_end(ENV_OWNER(timer, struct tcp_time_wait, timer), TCP_RULE_TIME_WAIT_OVER);
}

static void wait_anew(struct tcp_time_wait *wait)
{
    int64_t twice = tcp_setting_time(&wait->tcp->settings, TCP_SET_TIME_WAIT);
    env_arm(wait->tcp->env, &wait->timer, env_now(wait->tcp->env) + twice);
}

void tcp_time_wait_begin(struct tcp_socket *socket)
{
    struct tcp *tcp = socket->tcp;
    struct tcp_time_wait *wait = env_new(tcp->env, sizeof *wait);
    tcp_enter(socket, TCP_TIME_WAIT,
              socket->state == TCP_CLOSING ? TCP_RULE_FIN_ACKED : TCP_RULE_FIN_ARRIVED);
    *wait = (struct tcp_time_wait){.tcp = tcp,
                                   .socket = socket,
                                   .snd_nxt = socket->snd.nxt,
                                   .rcv_nxt = socket->rcv.nxt,
                                   .ts_recent = socket->rcv.ts_recent,
                                   .ts_offset = socket->ts_offset,
                                   .window = tcp_receiver_window(socket, false),
                                   .tos = socket->choices.tos,
                                   .ttl = socket->choices.ttl,
                                   .has_timestamp = socket->rcv.has_timestamp};
    wait->bound.reuses_address = socket->bound.reuses_address;
    wait->bound.reuses_port = socket->bound.reuses_port;
    wait->bound.was_chosen = socket->bound.was_chosen;
    wait->bound.is_time_wait = true;
    env_timer_init(&wait->timer, time_is_over);
    list_add_last(&tcp->time_waits, &wait->link);
    tcp->counters.time_waits++;
    struct net_endpoint local = socket->bound.local, peer = socket->bound.peer;
    tcp_tell_fact(socket, TCP_FACT_CLOSED, 0, 0, TCP_RULE_FIN_ARRIVED, (int64_t)socket->octets_acked,
                  (int64_t)socket->rcv.octets);
    tcp_socket_let_go(socket); /* its place in the tables too */
    socket->remains = wait;
    tcp_demux_bind(&tcp->demux, &wait->bound, local);
    tcp_demux_connect(&tcp->demux, &wait->bound, peer);
    wait_anew(wait);
    tcp_note(socket, TCP_READY_IN | TCP_READY_OUT | TCP_READY_HUP | TCP_READY_RDHUP);
}

void tcp_time_wait_forget_owner(struct tcp_socket *socket)
{
    if (socket->remains)
        socket->remains->socket = NULL;
    socket->remains = NULL;
}

void tcp_time_wait_end_all(struct tcp *tcp)
{
    while (!list_is_empty(&tcp->time_waits))
        time_wait_end(LIST_OWNER(tcp->time_waits.head.next, struct tcp_time_wait, link), TCP_RULE_ABORTED);
}

/* ---- What still comes: RFC 9293 section 3.10.7.4 for this state ---- */

static void acknowledge(struct tcp_time_wait *wait)
{
    struct tcp_segment ack = {.source_port = wait->bound.local.port,
                              .destination_port = wait->bound.peer.port,
                              .seq = wait->snd_nxt,
                              .ack = wait->rcv_nxt,
                              .flags = TCP_FLAG_ACK,
                              .window = wait->window};
    ack.options.has_timestamp = wait->has_timestamp;
    ack.options.ts_value = wait->ts_offset + (uint32_t)(env_now(wait->tcp->env) / ENV_MILLISECOND);
    ack.options.ts_echo = wait->ts_recent;
    tcp_transmit_bare(wait->tcp, &wait->bound.local, &wait->bound.peer, &ack, wait->tos, wait->ttl);
}

/* RFC 6191 section 2: may a new connection begin? Its numbers must not be mistaken for old ones. */
static bool may_begin_anew(const struct tcp_time_wait *wait, const struct tcp_segment *syn)
{
    if (!(syn->flags & TCP_FLAG_SYN) || syn->flags & (TCP_FLAG_RST | TCP_FLAG_ACK))
        return false;
    if (wait->has_timestamp && syn->options.has_timestamp && syn->options.ts_value != wait->ts_recent)
        return (int32_t)(syn->options.ts_value - wait->ts_recent) > 0;
    return tcp_seq_is_after(syn->seq, wait->rcv_nxt);
}

bool tcp_time_wait_arrive(struct tcp *tcp, struct tcp_bound *bound, struct tcp_arrival *arrival)
{
    struct tcp_time_wait *wait = ENV_OWNER(bound, struct tcp_time_wait, bound);
    const struct tcp_segment *segment = &arrival->segment;
    if (may_begin_anew(wait, segment) && tcp_demux_listener(&tcp->demux, &arrival->local, &arrival->peer)) {
        time_wait_end(wait, TCP_RULE_TIME_WAIT_REUSED);
        return true;
    }
    if (segment->flags & TCP_FLAG_RST) {
        bool is_exact = tcp_seq_is_equal(segment->seq, wait->rcv_nxt); /* RFC 5961 section 3.2 */
        if (is_exact && !tcp_setting(&tcp->settings, TCP_SET_RFC1337))
            time_wait_end(wait, TCP_RULE_RESET);
        else
            tcp_drop(tcp, arrival, TCP_RST_IN_TIME_WAIT);
        return false;
    }
    bool is_fin_again =
        segment->flags & TCP_FLAG_FIN && tcp_seq_is_equal(tcp_segment_end(segment), wait->rcv_nxt);
    bool says_something = tcp_segment_length(segment) > 0 || !tcp_seq_is_equal(segment->seq, wait->rcv_nxt);
    tcp_drop(tcp, arrival, is_fin_again ? TCP_DUPLICATE : TCP_STATE_IGNORES);
    if (is_fin_again)
        wait_anew(wait);
    if (says_something)
        acknowledge(wait);
    return false;
}

/* ---- For ss ---- */

bool tcp_time_wait_next(const struct tcp *tcp, struct tcp_entry *entry)
{
    const struct list_link *at = entry->place;
    at = at && entry->state == TCP_TIME_WAIT ? at->next : tcp->time_waits.head.next;
    if (at == &tcp->time_waits.head)
        return false;
    const struct tcp_time_wait *wait = LIST_OWNER(at, const struct tcp_time_wait, link);
    *entry = (struct tcp_entry){.local = wait->bound.local,
                                .peer = wait->bound.peer,
                                .state = TCP_TIME_WAIT,
                                .timer = "timewait",
                                .timer_left = wait->timer.at - env_now(tcp->env),
                                .place = at};
    return true;
}
