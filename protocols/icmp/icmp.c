/* SPDX-License-Identifier: MIT
 * The ICMP machine: echoes and complaints. The picture is in icmp.h.
 *
 * icmp_receive looks the type up in a table and calls what stands there. icmp_send_error is called by whoever
 * has to complain (by IP through ip->complain, by UDP for a closed port, by a router), and asks may_complain
 * first. RFC 792; RFC 1122 3.2.2; RFC 1812 4.3.2. */
#include "protocols/icmp/icmp.h"

#include "sim/base/bytes.h"

#define ECHO_DATA_MOST 65507 /* 65535 less both headers: what no datagram can carry is not even made */
#define ERROR_DATAGRAM 576   /* bytes that an error may have in all: RFC 1812 4.3.2.3 */
#define ERROR_TOS 0xc0       /* precedence 6, internetwork control: RFC 1812 4.3.2.5 */

static void icmp_receive(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival);
static void icmp_error(struct ipv4_protocol *protocol, const struct ipv4_error *error);
static void icmp_complain(struct ipv4 *ip, const struct ipv4_arrival *about, uint8_t type, uint8_t code,
                          uint32_t rest);

struct icmp_config icmp_config_default(void)
{
    return (struct icmp_config){.answers_many = false, .errors_per_second = 1000, .error_burst = 50};
}

void icmp_init(struct icmp *icmp, struct env *env, struct ipv4 *ip, const struct icmp_config *config)
{
    *icmp = (struct icmp){.env = env, .ip = ip, .config = *config};
    icmp->protocol =
        (struct ipv4_protocol){.number = IPV4_PROTOCOL_ICMP, .receive = icmp_receive, .error = icmp_error};
    icmp->tokens = INT64_MAX; /* full: cut down to the burst when first looked at */
    ipv4_register(ip, &icmp->protocol);
    ip->complain = icmp_complain;
    ip->complainer = icmp;
}

/* ---- Listeners ---- */

void icmp_listen(struct icmp *icmp, struct icmp_listener *listener)
{
    listener->id = ++icmp->next_id;
    listener->next = icmp->listeners;
    icmp->listeners = listener;
}

void icmp_unlisten(struct icmp *icmp, struct icmp_listener *listener)
{
    struct icmp_listener **link = &icmp->listeners;
    while (*link && *link != listener)
        link = &(*link)->next;
    if (*link)
        *link = listener->next;
}

static struct icmp_listener *listener_for(const struct icmp *icmp, uint16_t id)
{
    struct icmp_listener *listener = icmp->listeners;
    while (listener && listener->id != id)
        listener = listener->next;
    return listener;
}

/* ---- Echoes out ---- */

/* ping's own pattern: the place of a byte is its value, so that a shifted echo shows. */
static void fill_pattern(uint8_t *ret_bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ret_bytes[i] = (uint8_t)i;
}

enum ipv4_status icmp_send_echo(struct icmp *icmp, const struct icmp_echo_request *echo)
{
    struct ipv4 *ip = icmp->ip;
    struct ipv4_request request = {.destination = echo->destination,
                                   .source = echo->source,
                                   .protocol = IPV4_PROTOCOL_ICMP,
                                   .ttl = echo->ttl,
                                   .tos = echo->tos,
                                   .dont_fragment = echo->dont_fragment};
    enum ipv4_status status = ipv4_check(ip, &request, ICMP_HEADER + echo->data_bytes);
    if (status != IPV4_SENT)
        return status;
    assert(echo->data_bytes <= ECHO_DATA_MOST); /* no link takes more than a datagram can be */
    struct packet_out packet = packet_make(ip->packets, PACKET_IPV4_HEADROOM, ICMP_HEADER + echo->data_bytes);
    if (echo->data)
        memcpy(packet.bytes + ICMP_HEADER, echo->data, echo->data_bytes);
    else
        fill_pattern(packet.bytes + ICMP_HEADER, echo->data_bytes);
    icmp_emit(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(echo->id, echo->sequence), echo->data_bytes, packet.bytes);
    icmp->counters.echo_requests_sent++;
    uint64_t before = env_cause(icmp->env);
    env_because(icmp->env, env_tell(icmp->env, &icmp_kinds[ICMP_ECHO_REQUEST_TX], packet.frame,
                                    echo->destination.value, echo->id, echo->sequence,
                                    (int64_t)packet.length_bytes, echo->ttl ? echo->ttl : ip->default_ttl));
    status = ipv4_send(ip, &request, &packet);
    env_because(icmp->env, before);
    return status;
}

/* ---- Complaints out ---- */

/* One more error now? A bucket of picoseconds that fills with the passing time; an error costs 1/limit
 * seconds. RFC 1812 4.3.2.8. */
static bool take_token(struct icmp *icmp)
{
    if (icmp->config.errors_per_second == 0)
        return true;
    int64_t price = ENV_SECOND / icmp->config.errors_per_second;
    int64_t most = price * (icmp->config.error_burst ? icmp->config.error_burst : 1);
    int64_t since = env_now(icmp->env) - icmp->tokens_at;
    icmp->tokens = icmp->tokens > most - since ? most : icmp->tokens + since;
    icmp->tokens_at = env_now(icmp->env);
    if (icmp->tokens < price)
        return false;
    icmp->tokens -= price;
    return true;
}

/* Does the datagram carry an ICMP error? One too short to tell counts as such. */
static bool carries_error(const struct ipv4_arrival *about)
{
    if (about->header.protocol != IPV4_PROTOCOL_ICMP)
        return false;
    return about->payload.length_bytes == 0 || icmp_is_error(about->payload.bytes[0]);
}

/* RFC 1122 3.2.2: "an ICMP error message MUST NOT be sent as the result of receiving ...", its list in its
 * order. */
static enum icmp_silence may_complain(struct icmp *icmp, const struct ipv4_arrival *about)
{
    struct ipv4_address source = about->header.source;
    bool is_from_us = about->interface == IPV4_NO_INTERFACE || ipv4_is_own(icmp->ip, source);
    if (carries_error(about))
        return ICMP_ABOUT_ERROR;
    if (about->is_for_many)
        return ICMP_ABOUT_MANY;
    if (about->header.fragment_bytes > 0)
        return ICMP_ABOUT_FRAGMENT;
    if (!is_from_us &&
        (!ipv4_is_one_host(source) || ipv4_is_broadcast_on(icmp->ip, about->interface, source)))
        return ICMP_ABOUT_NOBODY;
    return take_token(icmp) ? ICMP_MAY_SPEAK : ICMP_OVER_LIMIT;
}

/* The message: eight octets and as much of the datagram as fits into 576 bytes in all. RFC 1812 4.3.2.3. */
static struct packet_out build_error(struct icmp *icmp, const struct packet *about, uint8_t type,
                                     uint8_t code, uint32_t rest)
{
    size_t most = ERROR_DATAGRAM - IPV4_HEADER_MIN - ICMP_HEADER;
    size_t quote_bytes = about->length_bytes < most ? about->length_bytes : most;
    struct packet_out packet =
        packet_make(icmp->ip->packets, PACKET_IPV4_HEADROOM, ICMP_HEADER + quote_bytes);
    memcpy(packet.bytes + ICMP_HEADER, about->bytes, quote_bytes);
    icmp_emit(type, code, rest, quote_bytes, packet.bytes);
    return packet;
}

enum icmp_silence icmp_send_error(struct icmp *icmp, const struct ipv4_arrival *about, uint8_t type,
                                  uint8_t code, uint32_t rest)
{
    const struct ipv4_header *failed = &about->header;
    unsigned what = icmp_error_index(type, code);
    enum icmp_silence silence = may_complain(icmp, about);
    if (silence != ICMP_MAY_SPEAK) {
        icmp->counters.errors_suppressed++;
        env_tell(icmp->env, &icmp_kinds[ICMP_SILENT], about->packet.frame, silence, failed->source.value,
                 what);
        return silence;
    }
    struct ipv4_request request = {
        .destination = failed->source, .protocol = IPV4_PROTOCOL_ICMP, .tos = ERROR_TOS};
    if (ipv4_is_own(icmp->ip, failed->destination))
        request.source = failed->destination; /* RFC 1122 3.2.1.3: the address that was spoken to answers */
    struct packet_out packet = build_error(icmp, &about->packet, type, code, rest);
    icmp->counters.errors_sent++;
    uint64_t before = env_cause(icmp->env);
    env_because(icmp->env, env_tell(icmp->env, &icmp_kinds[ICMP_ERROR_TX], packet.frame, what,
                                    failed->source.value, failed->destination.value, type, code, rest));
    ipv4_send(icmp->ip, &request, &packet);
    env_because(icmp->env, before);
    return ICMP_MAY_SPEAK;
}

static void icmp_complain(struct ipv4 *ip, const struct ipv4_arrival *about, uint8_t type, uint8_t code,
                          uint32_t rest)
{
    icmp_send_error(ip->complainer, about, type, code, rest);
}

/* ---- In ---- */

/* RFC 1122 3.2.2.6: the same identifier, sequence number and data, from the address that was asked. */
static enum icmp_reason take_echo_request(struct icmp *icmp, const struct ipv4_arrival *arrival,
                                          const struct icmp_message *message)
{
    if (arrival->is_for_many && !icmp->config.answers_many)
        return ICMP_TO_MANY;
    const struct ipv4_header *asked = &arrival->header;
    uint16_t id = icmp_echo_id(message->rest);
    uint16_t sequence = icmp_echo_sequence(message->rest);
    size_t bytes = arrival->payload.length_bytes;
    icmp->counters.echo_requests_received++;
    env_because(icmp->env, env_tell(icmp->env, &icmp_kinds[ICMP_ECHO_REQUEST_RX], arrival->packet.frame,
                                    asked->source.value, id, sequence, (int64_t)bytes, asked->ttl));
    struct ipv4_request request = {
        .destination = asked->source, .protocol = IPV4_PROTOCOL_ICMP, .tos = asked->tos};
    if (!arrival->is_for_many)
        request.source = asked->destination;
    if (ipv4_check(icmp->ip, &request, bytes) != IPV4_SENT)
        return ICMP_OK;
    struct packet_out packet = packet_make(icmp->ip->packets, PACKET_IPV4_HEADROOM, bytes);
    memcpy(packet.bytes + ICMP_HEADER, message->body, message->body_bytes);
    icmp_emit(ICMP_ECHO_REPLY, 0, message->rest, message->body_bytes, packet.bytes);
    icmp->counters.echo_replies_sent++;
    env_because(icmp->env,
                env_tell(icmp->env, &icmp_kinds[ICMP_ECHO_REPLY_TX], packet.frame, asked->source.value, id,
                         sequence, (int64_t)bytes, icmp->ip->default_ttl));
    ipv4_send(icmp->ip, &request, &packet);
    return ICMP_OK;
}

static enum icmp_reason take_echo_reply(struct icmp *icmp, const struct ipv4_arrival *arrival,
                                        const struct icmp_message *message)
{
    struct icmp_echo echo = {.from = arrival->header.source,
                             .to = arrival->header.destination,
                             .id = icmp_echo_id(message->rest),
                             .sequence = icmp_echo_sequence(message->rest),
                             .ttl = arrival->header.ttl,
                             .data = packet_behind(arrival->payload, ICMP_HEADER),
                             .message_bytes = arrival->payload.length_bytes};
    struct icmp_listener *listener = listener_for(icmp, echo.id);
    if (!listener)
        return ICMP_NO_LISTENER;
    icmp->counters.echo_replies_received++;
    env_because(icmp->env,
                env_tell(icmp->env, &icmp_kinds[ICMP_ECHO_REPLY_RX], arrival->packet.frame, echo.from.value,
                         echo.id, echo.sequence, (int64_t)echo.message_bytes, echo.ttl));
    listener->reply(listener, &echo);
    return ICMP_OK;
}

/* To the protocol whose datagram is quoted: RFC 1122 3.2.2.1. A quote of what we never sent is somebody's
 * mistake, or worse. */
static enum icmp_reason take_error(struct icmp *icmp, const struct ipv4_arrival *arrival,
                                   const struct icmp_message *message)
{
    struct ipv4_error error = {.type = message->type,
                               .code = message->code,
                               .rest = message->rest,
                               .reporter = arrival->header.source};
    if (!ipv4_header_peek(message->body, message->body_bytes, &error.quoted) ||
        !ipv4_is_own(icmp->ip, error.quoted.source))
        return ICMP_BAD_QUOTE;
    error.payload = packet_behind(arrival->payload, ICMP_HEADER + (size_t)error.quoted.header_bytes);
    icmp->counters.errors_received++;
    env_because(icmp->env, env_tell(icmp->env, &icmp_kinds[ICMP_ERROR_RX], arrival->packet.frame,
                                    icmp_error_index(error.type, error.code), error.reporter.value,
                                    error.quoted.destination.value, error.type, error.code, error.rest));
    if (error.type == ICMP_UNREACHABLE && error.code == ICMP_FRAGMENTATION_NEEDED)
        ipv4_learn_path_mtu(icmp->ip, error.quoted.destination, error.rest & 0xffff,
                            error.quoted.total_bytes); /* RFC 1191 4: the MTU stands in the lower half */
    struct ipv4_protocol *protocol = ipv4_protocol_for(icmp->ip, error.quoted.protocol);
    if (protocol && protocol->error)
        protocol->error(protocol, &error);
    return ICMP_OK;
}

/* RFC 1122 3.2.2.2: a host updates its routes, if the redirect is from its present first hop and names a neighbour. */
static enum icmp_reason take_redirect(struct icmp *icmp, const struct ipv4_arrival *arrival,
                                      const struct icmp_message *message)
{
    struct ipv4_header quoted;
    if (!ipv4_header_peek(message->body, message->body_bytes, &quoted) || !ipv4_is_own(icmp->ip, quoted.source))
        return ICMP_BAD_QUOTE;
    bool is_believed = ipv4_take_redirect(icmp->ip, arrival->interface, arrival->header.source, quoted.destination,
                                          (struct ipv4_address){message->rest});
    return is_believed ? ICMP_OK : ICMP_NOT_OBEYED;
}

/* Understood and left alone. Source quench: RFC 6633. Timestamps: optional, RFC 1122 3.2.2.8. */
static enum icmp_reason take_and_ignore(struct icmp *icmp, const struct ipv4_arrival *arrival,
                                        const struct icmp_message *message)
{
    return ICMP_NOT_OBEYED;
}

/* What is done about a message. A type without a row is unknown: RFC 1122 3.2.2, "MUST be silently
 * discarded". */
static const struct {
    uint8_t type;
    enum icmp_reason (*take)(struct icmp *icmp, const struct ipv4_arrival *arrival,
                             const struct icmp_message *message);
} takers[] = {
    {ICMP_ECHO_REPLY, take_echo_reply},      {ICMP_UNREACHABLE, take_error},
    {ICMP_SOURCE_QUENCH, take_and_ignore},   {ICMP_REDIRECT, take_redirect},
    {ICMP_ECHO_REQUEST, take_echo_request},  {ICMP_TIME_EXCEEDED, take_error},
    {ICMP_PARAMETER_PROBLEM, take_error},    {ICMP_TIMESTAMP, take_and_ignore},
    {ICMP_TIMESTAMP_REPLY, take_and_ignore},
};

static enum icmp_reason take(struct icmp *icmp, const struct ipv4_arrival *arrival,
                             const struct icmp_message *message)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++)
        if (takers[i].type == message->type)
            return takers[i].take(icmp, arrival, message);
    return ICMP_UNKNOWN_TYPE;
}

static void icmp_receive(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival)
{
    struct icmp *icmp = ENV_OWNER(protocol, struct icmp, protocol);
    struct icmp_message message = {0};
    enum icmp_reason reason = icmp_parse(arrival->payload.bytes, arrival->payload.length_bytes, &message);
    if (reason == ICMP_OK)
        reason = take(icmp, arrival, &message);
    if (reason == ICMP_OK)
        return;
    icmp->counters.dropped++;
    env_tell(icmp->env, &icmp_kinds[ICMP_DROP], arrival->packet.frame, reason, arrival->header.source.value,
             message.type);
}

/* An error about an ICMP message of ours: if it was an echo request, the ping that sent it wants to know. */
static void icmp_error(struct ipv4_protocol *protocol, const struct ipv4_error *error)
{
    struct icmp *icmp = ENV_OWNER(protocol, struct icmp, protocol);
    const uint8_t *quoted = error->payload.bytes;
    if (error->payload.length_bytes < ICMP_HEADER || quoted[0] != ICMP_ECHO_REQUEST)
        return;
    uint32_t rest = bytes_u32(quoted + 4);
    struct icmp_listener *listener = listener_for(icmp, icmp_echo_id(rest));
    if (listener && listener->error)
        listener->error(listener, icmp_echo_sequence(rest), error);
}
