/* SPDX-License-Identifier: MIT
 * How a connection ends: each direction by itself, with a FIN that is acknowledged like an octet. RFC 9293
 * section 3.6.
 *
 *      we end first     ESTABLISHED -> FIN-WAIT-1 -> FIN-WAIT-2 -> TIME-WAIT
 *      the peer does    ESTABLISHED -> CLOSE-WAIT -> LAST-ACK -> CLOSED
 *      both at once     ESTABLISHED -> FIN-WAIT-1 -> CLOSING -> TIME-WAIT
 *
 * An owner who closes while octets wait to be read leaves the peer believing that they were taken: so it is
 * told with a reset (RFC 1122 4.2.2.13, RFC 2525 section 2.17). A connection that nobody owns does not wait
 * for ever in FIN-WAIT-2. */
#include "protocols/tcp/connection.h"

/* ---- The peer's FIN: eighth step ---- */

void tcp_take_fin(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    rcv->has_ended = true;
    tcp_note(socket, TCP_READY_IN | TCP_READY_RDHUP);
    switch (socket->state) {
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
        tcp_enter(socket, TCP_CLOSE_WAIT, TCP_RULE_FIN_ARRIVED);
        rcv->is_ack_due = true;
        rcv->is_talk = true; /* on Linux the ACK waits a little: the owner may close as well */
        if (socket->tcp->settings.profile != TCP_PROFILE_LINUX)
            tcp_ack_now(socket);
        break;
    case TCP_FIN_WAIT_1:
        tcp_enter(socket, TCP_CLOSING, TCP_RULE_FIN_ARRIVED);
        tcp_ack_now(socket);
        break;
    case TCP_FIN_WAIT_2:
        tcp_send_ack(socket);
        tcp_time_wait_begin(socket);
        break;
    default:
        break; /* it has been seen: acknowledged again by the first step */
    }
}

/* ---- Ours: fifth step ---- */

static int64_t fin_wait_2_most(const struct tcp_socket *socket)
{
    if (socket->choices.fin_wait_2)
        return socket->choices.fin_wait_2;
    return tcp_set_time_of(socket, TCP_SET_FIN_TIMEOUT);
}

static void limit_fin_wait_2(struct tcp_socket *socket)
{
    int64_t most = fin_wait_2_most(socket);
    if (socket->has_owner || socket->state != TCP_FIN_WAIT_2)
        return;
    if (most < 0)
        tcp_end(socket, TCP_RULE_ORPHAN, 0);
    else
        tcp_timer_set(socket, TCP_TIMER_FIN_WAIT_2, tcp_now(socket) + most);
}

void tcp_fin_was_acked(struct tcp_socket *socket)
{
    if (socket->state == TCP_FIN_WAIT_1) {
        tcp_enter(socket, TCP_FIN_WAIT_2, TCP_RULE_FIN_ACKED);
        limit_fin_wait_2(socket);
    } else if (socket->state == TCP_CLOSING) {
        tcp_time_wait_begin(socket);
    } else if (socket->state == TCP_LAST_ACK) {
        tcp_end(socket, TCP_RULE_FIN_ACKED, 0);
    }
}

/* RFC 9293 section 3.10.4: what the owner gave is sent first, then FIN. */
static void end_our_direction(struct tcp_socket *socket)
{
    if (socket->snd.has_ended)
        return;
    socket->snd.has_ended = true;
    if (socket->state == TCP_SYN_RECEIVED)
        return; /* "queue for processing after entering ESTABLISHED": tcp_establish */
    if (socket->state == TCP_CLOSE_WAIT)
        tcp_enter(socket, TCP_LAST_ACK, TCP_RULE_CLOSED);
    else
        tcp_enter(socket, TCP_FIN_WAIT_1, TCP_RULE_CLOSED);
}

/* ---- Calls ---- */

int tcp_shutdown(struct tcp_socket *socket, enum tcp_shutdown how)
{
    if (socket->state == TCP_CLOSED || (socket->state == TCP_LISTEN && how == TCP_SHUT_WR))
        return -NET_ENOTCONN;
    if (socket->state == TCP_LISTEN || socket->state == TCP_SYN_SENT) {
        tcp_end(socket, TCP_RULE_CLOSED, 0);
        tcp_settle_quietly(socket);
        return 0;
    }
    if (how != TCP_SHUT_WR) {
        socket->rcv.is_shut = true;
        tcp_note(socket, TCP_READY_IN | TCP_READY_RDHUP);
    }
    if (how != TCP_SHUT_RD && (tcp_state_may_send(socket->state) || socket->state == TCP_SYN_RECEIVED))
        end_our_direction(socket);
    tcp_settle_quietly(socket);
    return 0;
}

void tcp_abort(struct tcp_socket *socket)
{
    bool is_known_to_peer = socket->state != TCP_CLOSED && socket->state != TCP_LISTEN &&
                            socket->state != TCP_SYN_SENT && !socket->remains;
    socket->has_owner = false;
    if (is_known_to_peer)
        tcp_send_reset(socket); /* RFC 9293 section 3.10.5 */
    if (!socket->remains)
        tcp_end(socket, TCP_RULE_ABORTED, 0);
    tcp_settle(socket);
}

/* SO_LINGER with no time: does closing reset? Not if both have ended and nothing is left to be sent: Linux'
 * tcp_disconnect. */
static bool linger_resets(const struct tcp_socket *socket)
{
    bool both_have_ended = socket->state == TCP_CLOSING || socket->state == TCP_LAST_ACK;
    bool is_open = tcp_state_is_synchronized(socket->state) || socket->state == TCP_SYN_RECEIVED;
    return socket->choices.linger_seconds == 0 && is_open && !socket->remains &&
           (!both_have_ended || tcp_sender_has_more(socket));
}

void tcp_close(struct tcp_socket *socket)
{
    bool is_synchronized = tcp_state_is_synchronized(socket->state) && !socket->remains;
    bool leaves_unread = is_synchronized && tcp_receiver_unread(socket) > 0;
    socket->has_owner = false;
    socket->told = NULL;
    if (leaves_unread || linger_resets(socket)) {
        tcp_send_reset(socket);
        tcp_end(socket, leaves_unread ? TCP_RULE_UNREAD : TCP_RULE_ABORTED, 0);
    } else if (is_synchronized && socket->choices.linger_seconds == 0) {
        tcp_end(socket, TCP_RULE_ABORTED, 0);
    } else if (socket->state == TCP_LISTEN || socket->state == TCP_SYN_SENT) {
        tcp_end(socket, TCP_RULE_CLOSED, 0);
    } else if (tcp_state_may_send(socket->state) || socket->state == TCP_SYN_RECEIVED) {
        end_our_direction(socket);
    }
    limit_fin_wait_2(socket);
    tcp_settle(socket);
}

/* Linux' sk_stream_wait_close: until our FIN is acknowledged, or the time is over. Then the connection goes on
 * without its owner. */
int tcp_linger(struct tcp_socket *socket)
{
    int64_t now = tcp_now(socket), time = socket->choices.linger_seconds * ENV_SECOND;
    bool may_wait = time > 0 && !socket->remains && tcp_state_is_synchronized(socket->state);
    if (may_wait && !socket->linger_until && !tcp_receiver_unread(socket)) {
        socket->linger_until = now + time;
        socket->rcv.is_shut = true;
        if (tcp_state_may_send(socket->state))
            end_our_direction(socket);
        tcp_timer_set(socket, TCP_TIMER_LINGER, socket->linger_until);
        tcp_settle_quietly(socket);
    }
    bool waits = socket->state == TCP_FIN_WAIT_1 || socket->state == TCP_CLOSING || socket->state == TCP_LAST_ACK;
    if (waits && !socket->remains && now < socket->linger_until)
        return -NET_EAGAIN;
    if (!socket->is_shut_down)
        tcp_timer_stop(socket, TCP_TIMER_LINGER);
    tcp_close(socket);
    return 0;
}
