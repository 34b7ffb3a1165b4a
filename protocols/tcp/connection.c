/* SPDX-License-Identifier: MIT
 * The life of a socket: how it is made, how its state changes, how it ends, and the last step of everything
 * that happens to it. */
#include "protocols/tcp/connection.h"

struct tcp_socket *tcp_socket_new(struct tcp *tcp)
{
    struct tcp_socket *socket = env_new(tcp->env, sizeof *socket);
    socket->tcp = tcp;
    socket->state = TCP_CLOSED;
    socket->choices.linger_seconds = -1;
    list_link_init(&socket->waiting);
    list_add_last(&tcp->sockets, &socket->link);
    tcp_timers_init(socket);
    return socket;
}

static uint64_t teller_flow(const struct tcp_teller *teller)
{
    return tcp_flow(ENV_OWNER(teller, struct tcp_socket, teller));
}

/* ---- Beginning ---- */

static struct tcp_rtt_rules rtt_rules(const struct tcp_socket *socket)
{
    return (struct tcp_rtt_rules){.initial = tcp_set_time_of(socket, TCP_SET_RTO_INITIAL),
                                  .least = tcp_set_time_of(socket, TCP_SET_RTO_MIN),
                                  .most = tcp_set_time_of(socket, TCP_SET_RTO_MAX),
                                  .granularity = ENV_MILLISECOND,
                                  .is_linux = socket->tcp->settings.profile == TCP_PROFILE_LINUX};
}

static struct tcp_recovery_rules recovery_rules(const struct tcp_socket *socket)
{
    bool is_linux = socket->tcp->settings.profile == TCP_PROFILE_LINUX;
    return (struct tcp_recovery_rules){.prefers_rack = tcp_set_of(socket, TCP_SET_RECOVERY) & 1,
                                       .uses_prr = tcp_set_of(socket, TCP_SET_PRR),
                                       .uses_tlp = tcp_set_of(socket, TCP_SET_EARLY_RETRANS) >= 3,
                                       .uses_frto = tcp_set_of(socket, TCP_SET_FRTO),
                                       .uses_undo = socket->tcp->settings.profile != TCP_PROFILE_CLASSIC,
                                       .uses_limited_transmit = tcp_set_of(socket, TCP_SET_LIMITED_TRANSMIT),
                                       .forgets_sacks = !is_linux,
                                       .threshold = (uint8_t)tcp_set_of(socket, TCP_SET_REORDERING),
                                       .most_reordering =
                                           (uint16_t)tcp_set_of(socket, TCP_SET_MAX_REORDERING),
                                       .probe_slack = is_linux ? 2 * ENV_MILLISECOND : 0,
                                       .delayed_ack_most = tcp_set_time_of(socket, TCP_SET_DELAYED_ACK_MAX)};
}

static struct tcp_congestion_rules congestion_rules(const struct tcp_socket *socket)
{
    return (struct tcp_congestion_rules){
        .counting = (enum tcp_counting)tcp_set_of(socket, TCP_SET_ACK_COUNTING),
        .initial_segments = (uint32_t)tcp_set_of(socket, TCP_SET_INITIAL_WINDOW),
        .restarts_after_idle = tcp_set_of(socket, TCP_SET_SLOW_START_AFTER_IDLE),
        .is_linux = socket->tcp->settings.profile == TCP_PROFILE_LINUX,
        .has_hystart = tcp_set_of(socket, TCP_SET_HYSTART)};
}

void tcp_socket_begin(struct tcp_socket *socket, struct net_layer *layer)
{
    struct tcp *tcp = socket->tcp;
    struct tcp_rtt_rules rtt = rtt_rules(socket);
    struct tcp_recovery_rules recovery = recovery_rules(socket);
    struct tcp_congestion_rules congestion = congestion_rules(socket);
    const struct tcp_congestion_type *type = socket->choices.congestion;
    struct tcp_recovery_setup setup = {.env = tcp->env,
                                       .teller = &socket->teller,
                                       .rules = &recovery,
                                       .rtt = &rtt,
                                       .congestion_rules = &congestion,
                                       .congestion =
                                           type ? type : tcp_find_congestion(tcp, tcp->settings.congestion)};
    assert(!socket->is_open);
    socket->flow = 0;
    socket->is_shut_down = false;
    socket->fast = (struct tcp_fast){0};
    socket->ts_offset = tcp_timestamp_offset(tcp, &socket->bound.local, &socket->bound.peer);
    socket->layer = layer;
    socket->teller = (struct tcp_teller){tcp->env, teller_flow};
    socket->snd = (struct tcp_sender){
        .mss_peer = TCP_MSS_DEFAULT, .last_heard_at = tcp_now(socket), .first_timeout_at = ENV_NEVER};
    socket->rcv = (struct tcp_receiver){.answered_nonsense_at = ENV_NEVER, .last_data_at = tcp_now(socket)};
    tcp_stream_init(&socket->snd.buffer, &tcp->chunks);
    tcp_stream_init(&socket->rcv.buffer, &tcp->chunks);
    tcp_reassembly_init(&socket->rcv.islands, tcp->env);
    tcp_recovery_init(&socket->snd.recovery, &setup);
    tcp_sender_limit(socket);
    socket->is_open = true;
}

/* ---- Changing ---- */

void tcp_enter(struct tcp_socket *socket, enum tcp_state state, enum tcp_rule rule)
{
    assert(tcp_state_may_follow(socket->state, state));
    enum tcp_state old = socket->state;
    socket->state = state;
    socket->is_fast &= state == TCP_SYN_RECEIVED;
    env_because(socket->tcp->env, tcp_tell_fact(socket, TCP_FACT_STATE, 0, state, old, rule));
}

/* ---- Ending ---- */

void tcp_socket_let_go(struct tcp_socket *socket)
{
    tcp_timers_release(socket);
    tcp_child_leaves(socket);
    if (socket->listener)
        tcp_listener_close(socket);
    tcp_demux_leave(&socket->tcp->demux, &socket->bound);
    if (!socket->is_open || socket->is_shut_down)
        return;
    socket->is_shut_down = true;
    tcp_limit_end(socket);
    tcp_recovery_release(&socket->snd.recovery);
    tcp_stream_release(&socket->snd.buffer);
    env_free(socket->tcp->env, socket->snd.record_ends);
    socket->snd.record_ends = NULL;
    socket->snd.record_room = 0;
    tcp_reassembly_release(&socket->rcv.islands);
}

void tcp_end(struct tcp_socket *socket, enum tcp_rule rule, int error)
{
    if (socket->state == TCP_CLOSED)
        return;
    bool was_connection = socket->state != TCP_LISTEN;
    tcp_enter(socket, TCP_CLOSED, rule);
    if (was_connection)
        tcp_tell_fact(socket, TCP_FACT_CLOSED, 0, net_error_index(error), rule, (int64_t)socket->octets_acked,
                      (int64_t)socket->rcv.octets);
    if (was_connection && error)
        socket->tcp->counters.failed++;
    socket->error = error ? error : socket->error;
    tcp_socket_let_go(socket);
    tcp_note(socket,
             TCP_READY_IN | TCP_READY_OUT | TCP_READY_HUP | TCP_READY_RDHUP | (error ? TCP_READY_ERR : 0u));
}

void tcp_socket_free(struct tcp_socket *socket)
{
    assert(socket->state == TCP_CLOSED || socket->remains);
    tcp_socket_let_go(socket);
    if (socket->is_open)
        tcp_stream_release(&socket->rcv.buffer);
    tcp_time_wait_forget_owner(socket);
    list_remove(&socket->link);
    env_free(socket->tcp->env, socket);
}

void tcp_socket_rest(struct tcp_socket *socket)
{
    struct tcp_sender *snd = &socket->snd;
    struct tcp_receiver *rcv = &socket->rcv;
    if (!socket->is_open || socket->is_shut_down)
        return;
    tcp_scoreboard_trim(&snd->recovery.board);
    if (tcp_seq_is_equal(snd->base, snd->end))
        tcp_stream_release(&snd->buffer);
    if (tcp_receiver_unread(socket) == 0 && rcv->islands.count == 0) {
        tcp_stream_release(&rcv->buffer);
        tcp_reassembly_release(&rcv->islands);
    }
}

/* ---- The last step ---- */

/* Sends, acknowledges, arms. False: the socket is gone. */
static bool finish(struct tcp_socket *socket)
{
    if (socket->is_open && !socket->is_shut_down && tcp_is_usable(socket)) {
        tcp_sender_push(socket);
        tcp_ack_decide(socket);
        tcp_sender_arm(socket);
        tcp_limit_look(socket);
    }
    if (!socket->has_owner && !socket->parent && (socket->state == TCP_CLOSED || socket->remains)) {
        tcp_socket_free(socket);
        return false;
    }
    return true;
}

void tcp_settle_quietly(struct tcp_socket *socket)
{
    if (finish(socket))
        socket->ready_now = 0;
}

void tcp_settle(struct tcp_socket *socket)
{
    if (!finish(socket))
        return;
    unsigned ready = socket->ready_now;
    socket->ready_now = 0;
    if (ready && socket->has_owner && socket->told)
        socket->told(socket, ready);
}

/* Linux' connect to AF_UNSPEC. */
int tcp_disconnect(struct tcp_socket *socket)
{
    bool is_known_to_peer = tcp_state_is_synchronized(socket->state) && !socket->remains;
    if (is_known_to_peer)
        tcp_send_reset(socket);
    if (!socket->remains)
        tcp_end(socket, TCP_RULE_ABORTED, 0);
    tcp_time_wait_forget_owner(socket);
    tcp_socket_let_go(socket);
    if (socket->is_open)
        tcp_stream_release(&socket->rcv.buffer);
    socket->is_open = socket->is_shut_down = false;
    socket->state = TCP_CLOSED;
    socket->error = 0;
    socket->ready_now = 0;
    socket->bound.local = socket->bound.peer = (struct net_endpoint){0};
    socket->bound.was_chosen = false;
    socket->flow = 0;
    return 0;
}
