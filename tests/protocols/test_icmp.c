/* SPDX-License-Identifier: MIT
 * ICMP on a host: echoes and complaints. Checklist ICMP-1 to ICMP-6, ICMP-8, ICMP-12, ICMP-13, ICMP-15,
 * ARP-5. */
#include "protocols/icmp/codec.h"
#include "sim/base/bytes.h"
#include "tests/protocols/station.h"

static struct station s;

/* A ping that remembers. */
struct pinger {
    struct icmp_listener listener;
    unsigned replies;
    unsigned errors;
    struct icmp_echo last;
    uint8_t type, code;
    uint16_t failed_sequence;
    uint32_t reporter;
};
static struct pinger ping;

static void take_reply(struct icmp_listener *listener, const struct icmp_echo *echo)
{
    struct pinger *pinger = ENV_OWNER(listener, struct pinger, listener);
    pinger->replies++;
    pinger->last = *echo;
}

static void take_error(struct icmp_listener *listener, uint16_t sequence, const struct ipv4_error *error)
{
    struct pinger *pinger = ENV_OWNER(listener, struct pinger, listener);
    pinger->errors++;
    pinger->type = error->type;
    pinger->code = error->code;
    pinger->failed_sequence = sequence;
    pinger->reporter = error->reporter.value;
}

static int set_up(void **state)
{
    station_init(&s, NULL, NULL);
    station_introduce_bob(&s);
    ping = (struct pinger){.listener = {.reply = take_reply, .error = take_error}};
    icmp_listen(&s.icmp, &ping.listener);
    return 0;
}

static int tear_down(void **state)
{
    hand_expect_silence(&s.hand);
    station_release(&s);
    return 0;
}

static const struct ipv4_header from_bob = {
    .protocol = IPV4_PROTOCOL_ICMP, .source = {0x0a000002}, .destination = {0x0a000001}};

/* An ICMP message from bob. */
static void hear(uint8_t type, uint8_t code, uint32_t rest, const void *body, size_t body_bytes)
{
    uint8_t bytes[1600];
    if (body_bytes > 0)
        memcpy(bytes + ICMP_HEADER, body, body_bytes);
    icmp_emit(type, code, rest, body_bytes, bytes);
    station_hear_datagram(&s, from_bob, bytes, ICMP_HEADER + body_bytes);
}

/* An ICMP error from bob about a datagram that alice had sent to `destination`. */
static void hear_error_about(uint8_t type, uint8_t code, uint8_t protocol, struct ipv4_address source,
                             const uint8_t first_eight[8])
{
    uint8_t quote[28];
    struct ipv4_header h = {.header_bytes = 20,
                            .total_bytes = 84,
                            .ttl = 63,
                            .protocol = protocol,
                            .source = source,
                            .destination = FAR};
    ipv4_header_emit(&h, quote);
    memcpy(quote + 20, first_eight, 8);
    hear(type, code, 0, quote, sizeof quote);
}

/* ---- The codec ---- */

static void test_icmp__has_the_known_checksum(void **state)
{
    uint8_t bytes[ICMP_HEADER + 4] = {0, 0, 0, 0, 0, 0, 0, 0, 'a', 'b', 'c', 'd'}, expected[12];
    struct icmp_message message;
    icmp_emit(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(1, 9), 4, bytes);
    hand_bytes("0800 332f 0001 0009 61626364", expected, sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    assert_int_equal(icmp_parse(bytes, sizeof bytes, &message), ICMP_OK);
    assert_int_equal(icmp_echo_id(message.rest), 1);
    assert_int_equal(icmp_echo_sequence(message.rest), 9);
    assert_int_equal(message.body_bytes, 4);
}

static void test_icmp__carries_three_timestamps(void **state)
{
    uint8_t bytes[ICMP_HEADER + 12];
    struct icmp_timestamp out = {1, 0x80000000, 86399999}, in;
    struct icmp_message message;
    icmp_timestamp_emit(&out, bytes + ICMP_HEADER);
    icmp_emit(ICMP_TIMESTAMP_REPLY, 0, 0, 12, bytes);
    assert_int_equal(icmp_parse(bytes, sizeof bytes, &message), ICMP_OK);
    assert_true(icmp_timestamp_parse(&message, &in));
    assert_memory_equal(&in, &out, sizeof in);
    message.body_bytes = 11;
    assert_false(icmp_timestamp_parse(&message, &in));
}

/* ---- Echoes ---- */

/* ICMP-2: same identifier, sequence number and data, for every size that fits. */
static void test_icmp__echoes_what_it_is_sent(void **state)
{
    static const size_t sizes[] = {0, 1, 56, 57, 1472};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t body[1472];
        char line[80];
        for (size_t j = 0; j < sizeof body; j++)
            body[j] = (uint8_t)(j * 7);
        hear(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(77, (uint16_t)i), body, sizes[i]);
        struct text text = text_in(line, sizeof line);
        text_add(&text, "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 77, seq %zu, length %zu", i,
                 sizes[i] + 8);
        const struct hand_frame *frame = hand_expect_frame(&s.hand, line);
        assert_memory_equal(frame->bytes + 14 + 20 + 8, body, sizes[i]);
        struct icmp_message message;
        assert_int_equal(icmp_parse(frame->bytes + 34, 8 + sizes[i], &message), ICMP_OK);
        assert_true(hand_goes_back_to(&s.hand, frame->cause, "icmp.echo_request_rx"));
        hand_expect_silence(&s.hand);
    }
}

/* ICMP-1. */
static void test_icmp__drops_a_damaged_message(void **state)
{
    uint8_t bytes[12] = {0};
    icmp_emit(ICMP_ECHO_REQUEST, 0, 1, 4, bytes);
    bytes[11] ^= 1;
    station_hear_datagram(&s, from_bob, bytes, sizeof bytes);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), "bad checksum");
    station_hear_datagram(&s, from_bob, bytes, 7);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), "shorter than 8 octets");
}

/* ICMP-3: not by default; from our own address when switched on. */
static void test_icmp__echoes_to_many_only_when_told_to(void **state)
{
    uint8_t bytes[28 + 8];
    struct ipv4_header h = {.header_bytes = 20,
                            .total_bytes = 28,
                            .ttl = 64,
                            .protocol = 1,
                            .source = BOB,
                            .destination = {0x0a0000ff}};
    ipv4_header_emit(&h, bytes);
    icmp_emit(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(1, 1), 0, bytes + 20);
    station_hear(&s, mac_broadcast, ETHERNET_TYPE_IPV4, bytes, 28);
    hand_expect_silence(&s.hand);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), "echo request to many");
    s.icmp.config.answers_many = true;
    station_hear(&s, mac_broadcast, ETHERNET_TYPE_IPV4, bytes, 28);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 1, length 8");
}

static struct icmp_echo_request usual(struct ipv4_address destination, uint16_t sequence)
{
    return (struct icmp_echo_request){
        .destination = destination, .id = ping.listener.id, .sequence = sequence, .data_bytes = 56};
}

static void test_icmp__brings_a_reply_to_the_ping_that_asked(void **state)
{
    struct pinger other = {.listener = {.reply = take_reply}};
    icmp_listen(&s.icmp, &other.listener);
    assert_int_equal(ping.listener.id, 1);
    assert_int_equal(other.listener.id, 2);
    struct icmp_echo_request request = usual(BOB, 5);
    assert_int_equal(icmp_send_echo(&s.icmp, &request), IPV4_SENT);
    const struct hand_frame *frame =
        hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 5, length 64");
    assert_int_equal(frame->bytes[14 + 28 + 55], 55); /* ping's pattern */
    hear(ICMP_ECHO_REPLY, 0, icmp_echo_rest(1, 5), frame->bytes + 42, 56);
    assert_int_equal(ping.replies, 1);
    assert_int_equal(other.replies, 0);
    assert_int_equal(ping.last.sequence, 5);
    assert_int_equal(ping.last.ttl, 64);
    assert_int_equal(ping.last.message_bytes, 64);
    assert_int_equal(ping.last.data.length_bytes, 56);
    assert_int_equal(ping.last.from.value, BOB.value);
    hear(ICMP_ECHO_REPLY, 0, icmp_echo_rest(3, 5), NULL, 0);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), "nobody waits for it");
    icmp_unlisten(&s.icmp, &other.listener);
    icmp_unlisten(&s.icmp, &ping.listener);
    hear(ICMP_ECHO_REPLY, 0, icmp_echo_rest(1, 5), NULL, 0);
    assert_int_equal(ping.replies, 1);
}

/* `ping -s 4000 -M do`: refused with a clear status; no frame is made for it. */
static void test_icmp__refuses_an_echo_that_no_link_can_carry(void **state)
{
    static const size_t sizes[] = {1473, 4000, 65507, 65508, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct icmp_echo_request request = usual(BOB, 1);
        request.data_bytes = sizes[i];
        request.dont_fragment = true;
        assert_int_equal(icmp_send_echo(&s.icmp, &request), IPV4_TOO_BIG);
        assert_string_equal(hand_word(hand_fact(&s.hand, "ip.refused"), 0), "packet too big");
    }
    assert_int_equal(s.hand.next_frame, 0);
    assert_int_equal(hand_fact_count(&s.hand, "icmp.echo_request_tx"), 0);
}

static void test_icmp__can_ping_itself(void **state)
{
    static const uint32_t own[] = {0x0a000001, 0x7f000001};
    for (size_t i = 0; i < 2; i++) {
        struct icmp_echo_request request = usual((struct ipv4_address){own[i]}, 1);
        assert_int_equal(icmp_send_echo(&s.icmp, &request), IPV4_SENT);
        hand_advance(&s.hand, 0);
        assert_int_equal(ping.replies, i + 1);
        assert_int_equal(ping.last.from.value, own[i]);
    }
}

/* ---- Errors in ---- */

/* ARP-5: nobody has the address: "From 10.0.0.1 Destination Host Unreachable", for each packet that waited.
 */
static void test_icmp__tells_ping_that_the_host_cannot_be_found(void **state)
{
    struct icmp_echo_request request = usual(CAROL, 1);
    assert_int_equal(icmp_send_echo(&s.icmp, &request), IPV4_SENT);
    hand_advance(&s.hand, 3 * ENV_SECOND);
    for (int i = 0; i < 3; i++)
        hand_expect_frame(&s.hand, "ARP, Request who-has 10.0.0.3 tell 10.0.0.1, length 46");
    assert_int_equal(ping.errors, 1);
    assert_int_equal(ping.failed_sequence, 1);
    assert_int_equal(ping.reporter, ALICE.value);
    assert_string_equal(icmp_error_words(ping.type, ping.code), "Destination Host Unreachable");
    assert_true(hand_goes_back_to(&s.hand, s.hand.fact_count, "arp.failed"));
    assert_true(hand_goes_back_to(&s.hand, s.hand.fact_count, "icmp.echo_request_tx"));
}

/* ICMP-12: to the protocol that is quoted; an echo's to its ping. */
static void test_icmp__brings_errors_to_whom_they_concern(void **state)
{
    uint8_t echo[8];
    icmp_emit(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(1, 300), 0, echo);
    hear_error_about(ICMP_TIME_EXCEEDED, ICMP_TTL_EXCEEDED, IPV4_PROTOCOL_ICMP, ALICE, echo);
    assert_int_equal(ping.errors, 1);
    assert_int_equal(ping.failed_sequence, 300);
    assert_int_equal(ping.reporter, BOB.value);
    assert_string_equal(icmp_error_words(ping.type, ping.code), "Time to live exceeded");
    const struct hand_fact *fact = hand_fact(&s.hand, "icmp.error_rx");
    assert_string_equal(hand_word(fact, 0), "Time to live exceeded");
    assert_int_equal(fact->values[2], FAR.value);
    hear_error_about(ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 200, ALICE,
                     echo); /* nobody speaks 200: no harm */
    assert_int_equal(ping.errors, 1);
}

static void test_icmp__mistrusts_errors_about_what_it_never_sent(void **state)
{
    uint8_t echo[8];
    icmp_emit(ICMP_ECHO_REQUEST, 0, icmp_echo_rest(1, 1), 0, echo);
    hear_error_about(ICMP_UNREACHABLE, 1, IPV4_PROTOCOL_ICMP, CAROL, echo);
    hear(ICMP_UNREACHABLE, 1, 0, "too short", 9);
    hear(ICMP_UNREACHABLE, 1, 0, NULL, 0);
    assert_int_equal(ping.errors, 0);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), "quotes no datagram");
    assert_int_equal(s.icmp.counters.dropped, 3);
}

/* ICMP-13, ICMP-14, ICMP-15: in silence. */
static void test_icmp__leaves_alone_what_it_does_not_obey_or_know(void **state)
{
    static const struct {
        uint8_t type;
        const char *reason;
    } rows[] = {{ICMP_SOURCE_QUENCH, "not obeyed"},
                {ICMP_REDIRECT, "quotes no datagram"},
                {ICMP_TIMESTAMP, "not obeyed"},
                {17, "unknown type"},
                {42, "unknown type"},
                {255, "unknown type"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hear(rows[i].type, 0, 0, "12345678", 8);
        assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.drop"), 0), rows[i].reason);
        hand_expect_silence(&s.hand);
    }
}

/* ---- Errors out ---- */

/* ICMP-4: header and eight bytes at least, 576 in all at most. */
static void test_icmp__quotes_what_fits_into_576_bytes(void **state)
{
    static const struct {
        size_t payload;
        size_t icmp_bytes;
    } rows[] = {{0, 28}, {8, 36}, {100, 128}, {528, 556}, {529, 556}, {1400, 556}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t payload[1400];
        char line[100];
        memset(payload, 0x5a, sizeof payload);
        struct ipv4_header h = from_bob;
        h.protocol = 99;
        station_hear_datagram(&s, h, payload, rows[i].payload);
        struct text text = text_in(line, sizeof line);
        text_add(&text, "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 protocol 99 unreachable, length %zu",
                 rows[i].icmp_bytes);
        const struct hand_frame *frame = hand_expect_frame(&s.hand, line);
        struct ipv4_header quoted;
        assert_true(ipv4_header_peek(frame->bytes + 42, rows[i].icmp_bytes - 8, &quoted));
        assert_int_equal(quoted.total_bytes, 20 + rows[i].payload);
        assert_int_equal(quoted.source.value, BOB.value);
        assert_true(frame->length_bytes <= 14 + 576);
        assert_int_equal(frame->bytes[15], 0xc0); /* RFC 1812 4.3.2.5 */
    }
}

/* ICMP-5: the list of RFC 1122 3.2.2. */
static void test_icmp__never_complains_about_these(void **state)
{
    static const struct {
        struct ipv4_header header;
        uint8_t first_byte;
        bool is_for_many;
        enum icmp_silence silence;
    } rows[] = {
        {{.protocol = 17, .source = {0x0a000002}}, 0, false, ICMP_MAY_SPEAK},
        {{.protocol = 1, .source = {0x0a000002}}, ICMP_ECHO_REQUEST, false, ICMP_MAY_SPEAK},
        {{.protocol = 1, .source = {0x0a000002}}, ICMP_UNREACHABLE, false, ICMP_ABOUT_ERROR},
        {{.protocol = 1, .source = {0x0a000002}}, ICMP_TIME_EXCEEDED, false, ICMP_ABOUT_ERROR},
        {{.protocol = 1, .source = {0x0a000002}}, ICMP_REDIRECT, false, ICMP_ABOUT_ERROR},
        {{.protocol = 1, .source = {0x0a000002}}, ICMP_PARAMETER_PROBLEM, false, ICMP_ABOUT_ERROR},
        {{.protocol = 17, .source = {0x0a000002}}, 0, true, ICMP_ABOUT_MANY},
        {{.protocol = 17, .source = {0x0a000002}, .fragment_bytes = 8}, 0, false, ICMP_ABOUT_FRAGMENT},
        {{.protocol = 17, .source = {0x0a000002}, .more_fragments = true}, 0, false, ICMP_MAY_SPEAK},
        {{.protocol = 17, .source = {0}}, 0, false, ICMP_ABOUT_NOBODY},
        {{.protocol = 17, .source = {0x0a0000ff}}, 0, false, ICMP_ABOUT_NOBODY},
        {{.protocol = 17, .source = {0xe0000001}}, 0, false, ICMP_ABOUT_NOBODY},
        {{.protocol = 17, .source = {0xf0000001}}, 0, false, ICMP_ABOUT_NOBODY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[28] = {0};
        struct ipv4_header h = rows[i].header;
        h.header_bytes = 20, h.total_bytes = 28, h.destination = ALICE;
        ipv4_header_emit(&h, bytes);
        bytes[20] = rows[i].first_byte;
        struct ipv4_arrival about = {.header = h,
                                     .packet = {bytes, 28, 0},
                                     .payload = {bytes + 20, 8, 0},
                                     .is_for_many = rows[i].is_for_many};
        enum icmp_silence silence =
            icmp_send_error(&s.icmp, &about, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, 0);
        if (silence != rows[i].silence)
            fail_msg("row %zu: %s", i, icmp_silence_words[silence]);
        assert_int_equal(s.hand.frame_count - s.hand.frame_taken, silence == ICMP_MAY_SPEAK);
        hand_forget(&s.hand);
    }
}

/* ICMP-8: 50 at once, then 1000 a second by default. */
static void test_icmp__limits_its_complaints(void **state)
{
    struct ipv4_header h = from_bob;
    h.protocol = 99;
    for (int i = 0; i < 200; i++)
        station_hear_datagram(&s, h, NULL, 0);
    assert_int_equal(s.icmp.counters.errors_sent, 50);
    assert_string_equal(hand_word(hand_fact(&s.hand, "icmp.silent"), 0), "too many errors lately");
    hand_advance(&s.hand, 10 * ENV_MILLISECOND);
    for (int i = 0; i < 200; i++)
        station_hear_datagram(&s, h, NULL, 0);
    assert_int_equal(s.icmp.counters.errors_sent, 60);
    s.icmp.config.errors_per_second = 0;
    for (int i = 0; i < 200; i++)
        station_hear_datagram(&s, h, NULL, 0);
    assert_int_equal(s.icmp.counters.errors_sent, 260);
    hand_forget(&s.hand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_icmp__has_the_known_checksum),
        TEST(test_icmp__carries_three_timestamps),
        TEST(test_icmp__echoes_what_it_is_sent),
        TEST(test_icmp__drops_a_damaged_message),
        TEST(test_icmp__echoes_to_many_only_when_told_to),
        TEST(test_icmp__brings_a_reply_to_the_ping_that_asked),
        TEST(test_icmp__refuses_an_echo_that_no_link_can_carry),
        TEST(test_icmp__can_ping_itself),
        TEST(test_icmp__tells_ping_that_the_host_cannot_be_found),
        TEST(test_icmp__brings_errors_to_whom_they_concern),
        TEST(test_icmp__mistrusts_errors_about_what_it_never_sent),
        TEST(test_icmp__leaves_alone_what_it_does_not_obey_or_know),
        TEST(test_icmp__quotes_what_fits_into_576_bytes),
        TEST(test_icmp__never_complains_about_these),
        TEST(test_icmp__limits_its_complaints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
