/* SPDX-License-Identifier: MIT
 * Explicit congestion notification, the receiver's part: RFC 3168 section 6.1.3.
 *
 * A router has marked a segment instead of dropping it. From then on every acknowledgment says ECE, until the
 * sender says with CWR that it has heard. What the sender does is in recovery.h; how both agree is in
 * handshake.c; which segments may be marked is decided in output.c. */
#include "protocols/tcp/connection.h"

enum { MARKED, HEARD }; /* as in facts.c */

void tcp_ecn_arrived(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    if (!socket->snd.uses_ecn || !tcp_segment_length(&arrival->segment))
        return;
    rcv->saw_ect |= (arrival->net->tos & 3) != 0;
    if (arrival->segment.flags & TCP_FLAG_CWR) {
        rcv->owes_ece = false;
        tcp_tell_fact(socket, TCP_FACT_ECN, arrival->net->payload.frame, HEARD, arrival->segment.seq.value,
                      arrival->is_marked);
        tcp_ack_now(socket); /* so that an end to ECE is seen soon, as on Linux */
    }
    if (arrival->is_marked) {
        if (!rcv->owes_ece)
            tcp_ack_quickly(socket, 2);
        rcv->owes_ece = true;
        tcp_tell_fact(socket, TCP_FACT_ECN, arrival->net->payload.frame, MARKED, arrival->segment.seq.value,
                      true);
    }
}
