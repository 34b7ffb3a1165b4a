/* SPDX-License-Identifier: MIT
 * Timestamps: RFC 7323. Each segment carries the sender's clock, and the last one of the peer's that counted.
 *
 * They give a round trip for every acknowledgment, also of what was sent twice, and they protect against
 * sequence numbers that have gone round (PAWS): a segment whose clock is older than the latest one is from
 * the past, however well its number fits. */
#include "protocols/tcp/connection.h"

#define ECHO_TRUST (3600 * ENV_SECOND) /* nobody has seen a round trip of more than that */
#define PAWS_TRUST                                                                                           \
    (24 * 86400 * ENV_SECOND) /* RFC 7323 section 5.5: then the peer's clock may have gone round */

bool tcp_paws_accepts(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    const struct tcp_segment *segment = &arrival->segment;
    bool is_linux = socket->tcp->settings.profile == TCP_PROFILE_LINUX;
    if (!rcv->has_timestamp || segment->flags & TCP_FLAG_RST) /* RFC 7323 section 5.2: RST is exempt */
        return true;
    if (!segment->options.has_timestamp)
        return is_linux; /* RFC 7323 section 3.2: should be dropped */
    if (tcp_now(socket) - rcv->ts_recent_at > PAWS_TRUST)
        return true;
    if ((int32_t)(segment->options.ts_value - rcv->ts_recent) >= 0)
        return true;
    /* A pure acknowledgment that was overtaken says nothing that could hurt; Linux lets it pass. */
    return is_linux && tcp_segment_length(segment) == 0 && tcp_seq_is_equal(segment->seq, rcv->nxt) &&
           tcp_seq_is_equal(segment->ack, socket->snd.una);
}

bool tcp_echo_age(const struct tcp_socket *socket, const struct tcp_options *options, int64_t *ret_age)
{
    int32_t age = (int32_t)(tcp_timestamp(socket) - options->ts_echo);
    if (!socket->rcv.has_timestamp || !options->has_timestamp || !options->ts_echo || age < 0)
        return false;
    *ret_age = age * ENV_MILLISECOND;
    return *ret_age <= ECHO_TRUST;
}

/* RFC 7323 section 4.3 (2): so that delayed and lost acknowledgments echo the earliest clock. */
void tcp_timestamp_learn(struct tcp_socket *socket, const struct tcp_arrival *arrival)
{
    struct tcp_receiver *rcv = &socket->rcv;
    const struct tcp_segment *segment = &arrival->segment;
    if (!rcv->has_timestamp || !segment->options.has_timestamp || segment->flags & TCP_FLAG_RST)
        return;
    bool is_later = (int32_t)(segment->options.ts_value - rcv->ts_recent) >= 0 ||
                    tcp_now(socket) - rcv->ts_recent_at > PAWS_TRUST;
    if (is_later && tcp_seq_is_up_to(segment->seq, rcv->acked)) {
        rcv->ts_recent = segment->options.ts_value;
        rcv->ts_recent_at = tcp_now(socket);
    }
}
