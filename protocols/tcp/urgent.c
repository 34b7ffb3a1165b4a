/* SPDX-License-Identifier: MIT
 * Urgent data: a mark in the stream that is announced ahead of it. RFC 9293 section 3.8.5, RFC 6093.
 *
 * There is one mark, the latest. The octet at it is taken out of the stream and read apart (MSG_OOB), or left
 * in it (SO_OOBINLINE). Where exactly the pointer points was said in two ways; all the world took the wrong
 * one (behind the urgent octet), and RFC 6093 made the best of it. New applications should not use it: RFC
 * 6093 section 5. */
#include "protocols/tcp/connection.h"

void tcp_urgent_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    const struct tcp_segment *segment = &arrival->segment;
    uint32_t behind = tcp_set_of(socket, TCP_SET_STDURG) ? 0 : 1;
    if (segment->urgent < behind)
        return;
    struct tcp_seq octet = tcp_seq_plus(segment->seq, segment->urgent - behind);
    if (tcp_seq_is_before(octet, rcv->read) ||
        (rcv->urgent_state != TCP_URGENT_NONE && tcp_seq_is_up_to(octet, rcv->urgent)))
        return;
    rcv->urgent = octet;
    rcv->urgent_state = TCP_URGENT_AHEAD;
    tcp_tell_fact(socket, TCP_FACT_URGENT, arrival->net->payload.frame, octet.value);
    tcp_note(socket, TCP_READY_PRI);
}

bool tcp_is_at_mark(const struct tcp_socket *socket)
{
    return socket->is_open && socket->rcv.urgent_state == TCP_URGENT_AHEAD &&
           tcp_seq_is_equal(socket->rcv.urgent, socket->rcv.read);
}

bool tcp_urgent_is_here(const struct tcp_socket *socket)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    return rcv->urgent_state == TCP_URGENT_AHEAD && tcp_seq_is_before(rcv->urgent, rcv->nxt);
}

int64_t tcp_urgent_read(struct tcp_socket *socket, uint8_t *ret_octet, bool peeks)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (socket->choices.takes_urgent_inline || rcv->urgent_state == TCP_URGENT_NONE ||
        rcv->urgent_state == TCP_URGENT_TAKEN)
        return -NET_EINVAL;
    if (!tcp_urgent_is_here(socket))
        return -NET_EAGAIN;
    tcp_stream_copy(&rcv->buffer, rcv->urgent.value - rcv->read.value, ret_octet, 1, false);
    if (!peeks)
        rcv->urgent_state = TCP_URGENT_TAKEN; /* reading on will step over it */
    return 1;
}

uint32_t tcp_urgent_limit(const struct tcp_socket *socket, uint32_t bytes)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    if (rcv->urgent_state == TCP_URGENT_NONE || !tcp_seq_is_up_to(rcv->read, rcv->urgent))
        return bytes;
    uint32_t before = rcv->urgent.value - rcv->read.value;
    return before && before < bytes ? before : bytes;
}

void tcp_urgent_step_over(struct tcp_socket *socket)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (rcv->urgent_state == TCP_URGENT_NONE || !tcp_seq_is_equal(rcv->urgent, rcv->read) ||
        !tcp_seq_is_before(rcv->urgent, rcv->nxt))
        return;
    rcv->urgent_state = TCP_URGENT_NONE;
    if (!socket->choices.takes_urgent_inline)
        tcp_receiver_was_read(socket, 1);
}
