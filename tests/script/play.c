/* SPDX-License-Identifier: MIT
 * A script, acted out.
 *
 * The clock goes from event to event. On the way the host may do what its timers tell it; what it sends must
 * be what the script expects next, at its time, or the play has failed. Sequence numbers in a script are
 * relative: `peer` knows what they are on the wire, for each port of the far end. */
#include "tests/script/play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/script/calls.h"
#include "tests/script/packet.h"

#define HOST 0x0a000001u /* 10.0.0.1 */
#define PEER 0x0a000002u /* 10.0.0.2 */
#define PEERS 64

/* What is known of the conversation with one port of the far end. */
struct peer {
    uint16_t port, host_port;
    uint32_t host_isn;
    uint32_t clock_offset; /* of the host's timestamps: what the script's 0 is on the wire */
    bool has_clock;
};

struct stage {
    struct nt_host *host;
    const struct play_variant *variant;
    const struct script_event *event; /* the one that is due */
    int64_t now;                      /* the time of the last event */
    struct peer peers[PEERS];
    unsigned peer_count;
    struct calls calls;
    struct script_failure *failure;
    uint8_t bytes[PACKET_BYTES];
};

static bool fail(struct stage *stage, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(stage->failure->text, sizeof stage->failure->text, format, list);
    va_end(list);
    stage->failure->line = stage->event ? stage->event->line : 0;
    return false;
}

static double seconds(int64_t time)
{
    return (double)time / 1e12;
}

static struct peer *peer_of(struct stage *stage, uint16_t port)
{
    port = port ? port : CALLS_PORT;
    for (unsigned i = 0; i < stage->peer_count; i++)
        if (stage->peers[i].port == port)
            return &stage->peers[i];
    if (stage->peer_count == PEERS)
        return &stage->peers[0];
    stage->peers[stage->peer_count] = (struct peer){.port = port, .host_port = CALLS_PORT};
    return &stage->peers[stage->peer_count++];
}

/* ---- From the script's numbers to the wire's, and back ---- */

static void to_wire(const struct stage *stage, const struct peer *peer, struct script_segment *segment)
{
    segment->sequence += stage->variant->peer_isn;
    segment->window = segment->window == SCRIPT_ANY ? 0 : segment->window;
    if (segment->ack != SCRIPT_ANY)
        segment->ack = (uint32_t)segment->ack + peer->host_isn;
    else
        segment->ack = 0;
    for (unsigned i = 0; i < segment->option_count; i++) {
        struct script_option *option = &segment->options[i];
        for (unsigned b = 0; b < option->block_count; b++) {
            option->blocks[b][0] += peer->host_isn;
            option->blocks[b][1] += peer->host_isn;
        }
        if (option->kind == SCRIPT_TIMESTAMP && option->value[1] != 0)
            option->value[1] = (uint32_t)option->value[1] + peer->clock_offset;
    }
}

/* The first timestamp that the host sends is what the script says it is; the others are counted from there.
 */
static void learn_clock(struct peer *peer, const struct script_segment *sent,
                        const struct script_segment *expected)
{
    for (unsigned i = 0; i < sent->option_count && i < expected->option_count && !peer->has_clock; i++)
        if (sent->options[i].kind == SCRIPT_TIMESTAMP && expected->options[i].kind == SCRIPT_TIMESTAMP &&
            expected->options[i].value[0] != SCRIPT_ANY) {
            peer->clock_offset = (uint32_t)(sent->options[i].value[0] - expected->options[i].value[0]);
            peer->has_clock = true;
        }
}

static void from_wire(const struct stage *stage, struct peer *peer, struct script_segment *sent)
{
    sent->sequence -= peer->host_isn;
    sent->end -= peer->host_isn;
    if (sent->ack != SCRIPT_ANY)
        sent->ack = (uint32_t)sent->ack - stage->variant->peer_isn;
    for (unsigned i = 0; i < sent->option_count; i++) {
        struct script_option *option = &sent->options[i];
        for (unsigned b = 0; b < option->block_count; b++) {
            option->blocks[b][0] -= stage->variant->peer_isn;
            option->blocks[b][1] -= stage->variant->peer_isn;
        }
        if (option->kind == SCRIPT_TIMESTAMP)
            option->value[0] = (uint32_t)option->value[0] - peer->clock_offset;
    }
}

/* ---- Is it what was expected? ---- */

static bool is_same_number(int64_t expected, int64_t found)
{
    return expected == SCRIPT_ANY || expected == found;
}

static bool is_same_option(const struct script_option *expected, const struct script_option *found)
{
    return expected->kind == found->kind && is_same_number(expected->value[0], found->value[0]) &&
           is_same_number(expected->value[1], found->value[1]) &&
           expected->block_count == found->block_count &&
           memcmp(expected->blocks, found->blocks, sizeof expected->blocks) == 0 &&
           expected->raw_bytes == found->raw_bytes &&
           memcmp(expected->raw, found->raw, sizeof expected->raw) == 0;
}

static bool is_same_segment(const struct script_segment *expected, const struct script_segment *found)
{
    unsigned mask = expected->ignores_push ? ~(unsigned)SCRIPT_PSH : ~0u;
    bool is_same =
        (expected->flags & mask) == (found->flags & mask) && expected->sequence == found->sequence &&
        expected->end == found->end && expected->length_bytes == found->length_bytes &&
        is_same_number(expected->ack, found->ack) && is_same_number(expected->window, found->window) &&
        is_same_number(expected->urgent, found->urgent) && (expected->ecn < 0 || expected->ecn == found->ecn);
    if (!expected->has_options)
        return is_same;
    is_same &= expected->option_count == found->option_count;
    for (unsigned i = 0; is_same && i < expected->option_count; i++)
        is_same = is_same_option(&expected->options[i], &found->options[i]);
    return is_same;
}

/* Where its first octet of data stands in the stream: behind the SYN, if there is one. */
static uint32_t data_begins(const struct script_segment *segment)
{
    return segment->sequence + (segment->flags & SCRIPT_SYN ? 1 : 0);
}

static bool check_payload(struct stage *stage, const struct script_segment *found, const uint8_t *payload)
{
    for (uint32_t i = 0; i < found->length_bytes; i++)
        if (payload[i] != calls_pattern(data_begins(found) + i))
            return fail(stage, "byte %u of the stream was sent wrong", data_begins(found) + i);
    return true;
}

/* Takes the oldest packet, which is there, and reads it. */
static bool take_sent(struct stage *stage, struct script_segment *ret_sent, struct peer **ret_peer,
                      const uint8_t **ret_payload, int64_t *ret_at)
{
    struct packet_ends ends;
    const char *why;
    int count = nt_host_take(stage->host, stage->bytes, sizeof stage->bytes, ret_at);
    if (!packet_read(stage->bytes, (size_t)count, &ends, ret_sent, ret_payload, &why))
        return fail(stage, "at %.6f s something was sent that no peer can read: %s", seconds(*ret_at), why);
    *ret_peer = peer_of(stage, ends.destination_port);
    (*ret_peer)->host_port = ends.source_port;
    if (ends.source != HOST || ends.destination != PEER)
        return fail(stage, "at %.6f s something was sent to or from a wrong address", seconds(*ret_at));
    return true;
}

static bool compare(struct stage *stage, const struct script_segment *expected, int64_t earliest,
                    int64_t latest)
{
    struct script_segment sent;
    struct peer *peer;
    const uint8_t *payload;
    char wanted[256], found[256];
    int64_t at;
    if (!take_sent(stage, &sent, &peer, &payload, &at))
        return false;
    if (sent.flags & SCRIPT_SYN && expected->flags & SCRIPT_SYN)
        peer->host_isn = sent.sequence - expected->sequence;
    learn_clock(peer, &sent, expected);
    from_wire(stage, peer, &sent);
    packet_print(expected, wanted, sizeof wanted);
    packet_print(&sent, found, sizeof found);
    if (expected->peer_port && expected->peer_port != peer->port)
        return fail(stage, "expected \"%s\" to port %u, but it went to port %u", wanted, expected->peer_port,
                    peer->port);
    if (!is_same_segment(expected, &sent))
        return fail(stage, "expected \"%s\"\n            but at %.6f s \"%s\" was sent", wanted, seconds(at),
                    found);
    if (at < earliest || at > latest)
        return fail(stage, "expected \"%s\" at %.6f s, but it was sent at %.6f s", wanted, seconds(earliest),
                    seconds(at));
    stage->now = at;
    return check_payload(stage, &sent, payload);
}

static bool is_silent(struct stage *stage)
{
    struct script_segment sent;
    struct peer *peer;
    const uint8_t *payload;
    char found[256];
    int64_t at;
    if (nt_host_take(stage->host, stage->bytes, 0, &at) == -CALLS_EAGAIN)
        return true;
    if (!take_sent(stage, &sent, &peer, &payload, &at))
        return false;
    from_wire(stage, peer, &sent);
    packet_print(&sent, found, sizeof found);
    return fail(stage, "before this, at %.6f s, \"%s\" was sent, which the script does not expect",
                seconds(at), found);
}

/* ---- Events ---- */

static void segment_arrives(struct stage *stage, const struct script_segment *written)
{
    static uint8_t payload[65536]; /* filled anew each time */
    struct peer *peer = peer_of(stage, written->peer_port);
    struct packet_ends ends = {PEER, HOST, peer->port, peer->host_port};
    struct script_segment segment = *written;
    for (uint32_t i = 0; i < segment.length_bytes && i < sizeof payload; i++)
        payload[i] = calls_pattern(data_begins(&segment) + i);
    to_wire(stage, peer, &segment);
    size_t count = packet_write(&ends, &segment, payload, stage->bytes);
    nt_host_inject(stage->host, stage->bytes, count);
}

static void icmp_arrives(struct stage *stage, const struct script_icmp *written)
{
    struct peer *peer = peer_of(stage, 0);
    struct packet_ends ends = {HOST, PEER, peer->host_port, peer->port};
    struct script_icmp icmp = *written;
    icmp.quoted.sequence += peer->host_isn;
    nt_host_inject(stage->host, stage->bytes, packet_write_icmp(PEER, &ends, &icmp, stage->bytes));
}

static bool check_assertion(struct stage *stage, const struct script_assert *assertion)
{
    int64_t value = 0;
    if (!calls_variable(&stage->calls, assertion->fd, assertion->name, &value))
        return fail(stage, "'%s' of socket %d cannot be told", assertion->name, assertion->fd);
    const char *relation = assertion->relation;
    bool is_equal = value == assertion->value;
    bool is_less = value < assertion->value;
    bool holds = strcmp(relation, "==") == 0   ? is_equal
                 : strcmp(relation, "!=") == 0 ? !is_equal
                 : strcmp(relation, "<=") == 0 ? is_less || is_equal
                 : strcmp(relation, "<") == 0  ? is_less
                 : strcmp(relation, ">=") == 0 ? !is_less
                                               : !is_less && !is_equal;
    return holds || fail(stage, "expected %s(%d) %s %lld, but it is %lld", assertion->name, assertion->fd,
                         relation, (long long)assertion->value, (long long)value);
}

/* Lets time pass until something is sent, or until `latest`. */
static bool wait_for_packet(struct stage *stage, int64_t latest)
{
    while (nt_host_take(stage->host, stage->bytes, 0, NULL) == -CALLS_EAGAIN) {
        int64_t next = nt_host_deadline(stage->host);
        if (next > latest || next == NT_HOST_NEVER)
            return false;
        nt_host_run_until(stage->host, next);
    }
    return true;
}

static bool packet_due(struct stage *stage, const struct script_segment *expected, int64_t earliest,
                       int64_t latest)
{
    char wanted[256];
    if (wait_for_packet(stage, latest))
        return compare(stage, expected, earliest, latest);
    packet_print(expected, wanted, sizeof wanted);
    return fail(stage, "expected \"%s\", but nothing was sent until %.6f s", wanted,
                seconds(latest == INT64_MAX ? nt_host_now(stage->host) : latest));
}

static bool event_happens(struct stage *stage, const struct script_event *event)
{
    int64_t earliest = event->earliest + (event->is_relative ? stage->now : 0);
    int64_t latest =
        event->latest == INT64_MAX ? INT64_MAX : event->latest + (event->is_relative ? stage->now : 0);
    stage->event = event;
    if (event->kind == SCRIPT_SENT)
        return packet_due(stage, &event->segment, earliest, latest);
    if (earliest < nt_host_now(stage->host))
        return fail(stage, "time does not go back: it is %.6f s already", seconds(nt_host_now(stage->host)));
    if (wait_for_packet(stage, earliest))
        return is_silent(stage);
    nt_host_run_until(stage->host, earliest);
    stage->now = earliest;
    switch (event->kind) {
    case SCRIPT_ARRIVES:
        segment_arrives(stage, &event->segment);
        return true;
    case SCRIPT_ICMP:
        icmp_arrives(stage, &event->icmp);
        return true;
    case SCRIPT_ASSERT:
        return check_assertion(stage, &event->assertion);
    default:
        return calls_make(&stage->calls, &event->call, stage->failure->text, sizeof stage->failure->text) ||
               (stage->failure->line = event->line, false);
    }
}

/* ---- The play ---- */

static void say(void *context, int64_t at, const char *kind, const char *sentence)
{
    (void)context;
    printf("%14.9f  %-18s %s\n", seconds(at), kind, sentence);
}

static bool open_host(struct stage *stage, const struct script *script)
{
    struct nt_host_options options = {.size = sizeof options, .address = "10.0.0.1/24", .seed = 1};
    for (size_t i = 0; i < script->setting_count; i++) {
        const struct script_setting *setting = &script->settings[i];
        if (strcmp(setting->name, "profile") == 0)
            options.profile = setting->value;
        else if (strcmp(setting->name, "mtu") == 0)
            options.mtu = (uint32_t)strtoul(setting->value, NULL, 10);
    }
    if (nt_host_open(&options, &stage->host) < 0)
        return fail(stage, "there is no host with this profile and MTU");
    stage->calls.host = stage->host;
    if (stage->variant->host_isn)
        nt_host_set(stage->host, "netarium.tcp_isn", stage->variant->host_isn);
    for (size_t i = 0; i < script->setting_count; i++) {
        const struct script_setting *setting = &script->settings[i];
        bool is_option = strcmp(setting->name, "profile") == 0 || strcmp(setting->name, "mtu") == 0;
        if (!is_option && nt_host_set(stage->host, setting->name, setting->value) < 0) {
            fail(stage, "there is no setting %s that could be '%s'", setting->name, setting->value);
            stage->failure->line = setting->line;
            return false;
        }
    }
    return true;
}

bool play(const struct script *script, const struct play_variant *variant, bool is_loud,
          struct script_failure *ret_failure)
{
    struct stage *stage = calloc(1, sizeof *stage);
    stage->variant = variant;
    stage->failure = ret_failure;
    bool is_right = open_host(stage, script);
    if (is_right && is_loud)
        nt_host_listen_to(stage->host, say, NULL);
    for (size_t i = 0; is_right && i < script->event_count; i++)
        is_right = event_happens(stage, &script->events[i]);
    is_right = is_right && is_silent(stage);
    nt_host_free(stage->host);
    free(stage);
    return is_right;
}
