/* SPDX-License-Identifier: MIT
 * Making segments: header, options and data become a packet, which goes down. Every segment of a connection
 * leaves through tcp_transmit; those that belong to no connection leave through tcp_transmit_bare. */
#include "protocols/tcp/connection.h"

#define ECT_0 2 /* in the low bits of TOS: RFC 3168 section 5 */

struct net_layer *tcp_layer_for(const struct tcp *tcp, const struct net_address *address)
{
    for (size_t i = 0; i < TCP_LAYERS && tcp->layers[i]; i++)
        if (tcp->layers[i]->family == address->family)
            return tcp->layers[i];
    return NULL;
}

uint32_t tcp_timestamp(const struct tcp_socket *socket)
{
    return socket->ts_offset + (uint32_t)(tcp_now(socket) / ENV_MILLISECOND);
}

uint16_t tcp_mss_to_tell(const struct tcp_socket *socket, const struct net_endpoint *peer)
{
    struct net_layer *layer = tcp_layer_for(socket->tcp, &peer->address);
    struct net_request request = {.destination = peer->address, .protocol = TCP_PROTOCOL};
    struct net_route route;
    uint32_t mss = TCP_MSS_DEFAULT;
    if (layer && layer->ops->route(layer, &request, &route) == 0 &&
        route.mtu_bytes > route.header_bytes + TCP_HEADER)
        mss = route.mtu_bytes - route.header_bytes - TCP_HEADER;
    mss = mss < UINT16_MAX ? mss : UINT16_MAX;
    if (socket->choices.mss_most && socket->choices.mss_most < mss)
        mss = socket->choices.mss_most;
    return (uint16_t)mss;
}

/* ---- Of a connection ---- */

void tcp_syn_options(const struct tcp_socket *socket, unsigned flags, struct tcp_options *options)
{
    const struct tcp_receiver *rcv = &socket->rcv;
    bool answers = flags & TCP_FLAG_ACK; /* then only what the peer has offered: RFC 7323 sections 2.2, 3.2 */
    options->has_mss = true;
    options->mss = rcv->mss_told;
    options->may_sack = answers ? rcv->has_sack : tcp_set_of(socket, TCP_SET_SACK) != 0;
    options->has_timestamp = answers ? rcv->has_timestamp : tcp_set_of(socket, TCP_SET_TIMESTAMPS) != 0;
    options->has_scale = answers ? rcv->has_scale : tcp_set_of(socket, TCP_SET_WINDOW_SCALING) != 0;
    options->scale = rcv->scale;
    options->has_fast_open = socket->fast.asks && socket->snd.syn_sent <= 1; /* not again: RFC 7413 section 4.1.3 */
    options->cookie_bytes = socket->fast.cookie_bytes;
    options->cookie = socket->fast.cookie;
}

/* SACK ranges go along if there is room for them beside `bytes` of data. RFC 2018 section 4. */
static void fill_sack(struct tcp_socket *socket, uint32_t bytes, struct tcp_options *options)
{
    struct tcp_receiver *rcv = &socket->rcv;
    uint32_t room = socket->snd.mss > bytes ? socket->snd.mss - bytes : 0;
    uint8_t most = options->has_timestamp ? TCP_SACK_RANGES - 1 : TCP_SACK_RANGES;
    if (!rcv->has_sack || (!rcv->islands.count && !rcv->islands.has_twice))
        return;
    while (bytes && most && 4 + 8u * most > room)
        most--;
    if (most)
        options->sack_count = tcp_reassembly_tell(&rcv->islands, options->sack, most);
}

static void fill_options(struct tcp_socket *socket, uint32_t bytes, unsigned flags,
                         struct tcp_options *options)
{
    if (flags & TCP_FLAG_SYN)
        tcp_syn_options(socket, flags, options);
    else
        options->has_timestamp = socket->rcv.has_timestamp;
    if (options->has_timestamp) { /* RFC 7323 section 3.2 */
        options->ts_value = tcp_timestamp(socket);
        options->ts_echo = flags & TCP_FLAG_ACK ? socket->rcv.ts_recent : 0;
    }
    if (!(flags & (TCP_FLAG_SYN | TCP_FLAG_RST)))
        fill_sack(socket, bytes, options);
}

/* What congestion notification adds to flags and TOS: RFC 3168 sections 6.1.2 to 6.1.5. */
static uint8_t mark_ecn(struct tcp_socket *socket, bool is_new_data, unsigned *flags)
{
    struct tcp_recovery *recovery = &socket->snd.recovery;
    uint8_t tos = socket->choices.tos & (uint8_t)~3;
    if (!socket->snd.uses_ecn || *flags & (TCP_FLAG_SYN | TCP_FLAG_RST))
        return tos;
    *flags |= socket->rcv.owes_ece ? TCP_FLAG_ECE : 0;
    if (!is_new_data)
        return tos; /* neither on pure ACKs nor on retransmissions and probes */
    if (recovery->is_cwr_due) {
        *flags |= TCP_FLAG_CWR;
        recovery->is_cwr_due = false;
    }
    return tos | ECT_0;
}

static bool forbids_fragments(const struct tcp_socket *socket)
{
    return tcp_set_of(socket, TCP_SET_MTU_DISCOVERY) && !socket->choices.no_mtu_discovery;
}

static void count_out(struct tcp_socket *socket, uint32_t bytes)
{
    socket->tcp->counters.segments_out++;
    socket->segments_out++;
    if (bytes) {
        socket->data_out++;
        socket->octets_sent += bytes;
    }
}

void tcp_transmit(struct tcp_socket *socket, struct tcp_seq seq, uint32_t bytes, unsigned flags)
{
    struct net_layer *layer = socket->layer;
    struct tcp_sender *snd = &socket->snd;
    bool is_new_data = bytes && tcp_seq_is_equal(seq, snd->nxt) && !snd->is_probe_out;
    uint8_t tos = mark_ecn(socket, is_new_data, &flags);
    struct tcp_segment segment = {.source_port = socket->bound.local.port,
                                  .destination_port = socket->bound.peer.port,
                                  .seq = seq,
                                  .length_bytes = bytes};
    fill_options(socket, bytes, flags, &segment.options);
    if (flags & TCP_FLAG_ACK)
        segment.ack = socket->rcv.nxt;
    segment.window = tcp_receiver_window(socket, flags & TCP_FLAG_SYN);
    if (snd->has_urgent && tcp_seq_is_before(seq, snd->urgent) &&
        tcp_seq_distance(seq, snd->urgent) <= UINT16_MAX && !(flags & (TCP_FLAG_SYN | TCP_FLAG_RST))) {
        flags |= TCP_FLAG_URG;
        segment.urgent =
            (uint16_t)(tcp_seq_distance(seq, snd->urgent) - (int)tcp_set_of(socket, TCP_SET_STDURG));
    }
    segment.flags = (uint8_t)flags;

    /* Before the data are copied: who reads it back in larger pieces than it was written in waits for all stores before, and
     * those of the data go to memory that is far away (9 % of W6). */
    struct net_request request = {.destination = socket->bound.peer.address,
                                  .source = socket->bound.local.address,
                                  .protocol = TCP_PROTOCOL,
                                  .ttl = socket->choices.ttl,
                                  .tos = tos,
                                  .dont_fragment = forbids_fragments(socket),
                                  .knows_path = true};
    size_t header_bytes = tcp_segment_header_bytes(&segment);
    struct packet_out packet = packet_make(layer->packets, layer->headroom_bytes, header_bytes + bytes);
    uint64_t sum = 0;
    if (bytes) {
        bool is_zero = packet_is_zero(layer->packets, &packet, bytes);
        uint32_t from = seq.value + (flags & TCP_FLAG_SYN ? 1 : 0) - snd->base.value;
        sum = tcp_stream_copy(&snd->buffer, from, packet.bytes + header_bytes, bytes, is_zero);
        packet_know(layer->packets, &packet, bytes, sum16_fold(sum));
    }
    tcp_segment_emit(&segment, &socket->bound.local.address, &socket->bound.peer.address, sum, packet.bytes);
    uint64_t before = env_cause(socket->tcp->env);
    env_because(socket->tcp->env, tcp_tell_fact(socket, TCP_FACT_TX, packet.frame, bytes,
                                                (int64_t)tcp_flags_text(socket->tcp->env, segment.flags),
                                                segment.seq.value, segment.ack.value, segment.window));
    layer->ops->send(layer, &request, &packet); /* what cannot leave is lost, like all that is lost */
    env_because(socket->tcp->env, before);
    count_out(socket, bytes);
    if (flags & TCP_FLAG_ACK)
        tcp_ack_was_sent(socket);
}

void tcp_send_ack(struct tcp_socket *socket)
{
    tcp_transmit(socket, socket->snd.nxt, 0, TCP_FLAG_ACK);
}

void tcp_send_probe(struct tcp_socket *socket)
{
    tcp_transmit(socket, tcp_seq_minus(socket->snd.una, 1), 0, TCP_FLAG_ACK);
}

static void tell_reset(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer,
                       const struct tcp_segment *reset)
{
    tcp->counters.resets_sent++;
    env_tell(tcp->env, &tcp_kinds[TCP_FACT_RESET], 0, reset->seq.value,
             (int64_t)tcp_flow_text(tcp->env, local, peer), reset->ack.value,
             (int64_t)tcp_flags_text(tcp->env, reset->flags));
}

void tcp_send_reset(struct tcp_socket *socket)
{
    struct tcp_segment reset = {
        .seq = socket->snd.nxt, .ack = socket->rcv.nxt, .flags = TCP_FLAG_RST | TCP_FLAG_ACK};
    tell_reset(socket->tcp, &socket->bound.local, &socket->bound.peer, &reset);
    tcp_transmit(socket, reset.seq, 0, reset.flags);
}

/* ---- Of nobody ---- */

void tcp_transmit_bare(struct tcp *tcp, const struct net_endpoint *local, const struct net_endpoint *peer,
                       const struct tcp_segment *segment, uint8_t tos, uint8_t ttl)
{
    struct net_layer *layer = tcp_layer_for(tcp, &peer->address);
    size_t header_bytes = tcp_segment_header_bytes(segment);
    struct packet_out packet = packet_make(layer->packets, layer->headroom_bytes, header_bytes);
    struct net_request request = {.destination = peer->address,
                                  .source = local->address,
                                  .protocol = TCP_PROTOCOL,
                                  .ttl = ttl,
                                  .tos = tos & (uint8_t)~3,
                                  .dont_fragment = tcp_setting(&tcp->settings, TCP_SET_MTU_DISCOVERY)};
    tcp_segment_emit(segment, &local->address, &peer->address, 0, packet.bytes);
    uint64_t before = env_cause(tcp->env);
    env_because(tcp->env, env_tell(tcp->env, &tcp_kinds[TCP_FACT_TX], packet.frame, 0,
                                   (int64_t)tcp_flow_text(tcp->env, local, peer),
                                   (int64_t)tcp_flags_text(tcp->env, segment->flags), segment->seq.value,
                                   segment->ack.value, segment->window));
    layer->ops->send(layer, &request, &packet);
    env_because(tcp->env, before);
    tcp->counters.segments_out++;
}

void tcp_refuse(struct tcp *tcp, const struct tcp_arrival *arrival)
{
    const struct tcp_segment *segment = &arrival->segment;
    struct tcp_segment reset = {.source_port = segment->destination_port,
                                .destination_port = segment->source_port};
    if (segment->flags & TCP_FLAG_RST)
        return; /* RFC 9293 section 3.10.7.1: never answered with another */
    if (segment->flags & TCP_FLAG_ACK) {
        reset.seq = segment->ack;
        reset.flags = TCP_FLAG_RST;
    } else {
        reset.ack = tcp_segment_end(segment);
        reset.flags = TCP_FLAG_RST | TCP_FLAG_ACK;
    }
    tell_reset(tcp, &arrival->local, &arrival->peer, &reset);
    tcp_transmit_bare(tcp, &arrival->local, &arrival->peer, &reset, 0, 0);
}
