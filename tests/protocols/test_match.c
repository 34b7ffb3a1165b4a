/* SPDX-License-Identifier: MIT
 * Words for frames, the layers that are looked for, and the mark of congestion. */
#include <stdio.h>

#include "protocols/ipv4/ecn.h"
#include "protocols/match/layers.h"
#include "protocols/match/match.h"
#include "sim/base/sum16.h"
#include "tests/protocols/hand_env.h"

static void test_match__words_are_read_or_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *text;
        const char *why; /* NULL: it is right */
        uint64_t number;
    } rows[] = {
        {"frame 5", NULL, 5},
        {"tcp data segment 20", NULL, 20},
        {"tcp segment 1", NULL, 1},
        {"icmp echo request 1000000000000", NULL, 1000000000000},
        {"tcp syn-ack 2", NULL, 2},
        {"tcp syn", "which one? Write \"tcp syn 1\" for the first", 0},
        {"tcp syn ack 1", "after \"tcp syn\" comes a number from 1, found \"ack 1\"", 0},
        {"frame 0", "after \"frame\" comes a number from 1, found \"0\"", 0},
        {"frame -1", "after \"frame\" comes a number from 1, found \"-1\"", 0},
        {"frame  1", "after \"frame\" comes a number from 1, found \" 1\"", 0},
        {"frame 1000000000001", "after \"frame\" comes a number from 1, found \"1000000000001\"", 0},
        {"frame 99999999999999999999999",
         "after \"frame\" comes a number from 1, found \"99999999999999999999999\"", 0},
        {"arp 1", "\"arp 1\" names no frame; there are arp request, arp reply, arp packet", 0},
        {"",
         "\"\" names no frame; it begins with frame, broadcast, arp, ip, icmp, udp or tcp, as in \"arp "
         "request 1\"",
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char sentence[200];
        struct text why = text_in(sentence, sizeof sentence);
        struct match match = {99, 99};
        bool is_right = match_parse(rows[i].text, &match, &why);
        if (is_right != !rows[i].why || (!is_right && strcmp(sentence, rows[i].why) != 0))
            fail_msg("row %zu: \"%s\" gives %d and \"%s\"", i, rows[i].text, is_right, sentence);
        assert_int_equal(match.number, is_right ? rows[i].number : 99);
    }
}

/* ---- Frames ---- */

#define FRAME_MOST 128

struct made {
    uint8_t bytes[FRAME_MOST];
    size_t length;
};

static struct made make_ethernet(uint16_t type, bool is_tagged)
{
    struct made made = {.length = is_tagged ? 18 : 14};
    made.bytes[0] = 2;
    bytes_put_u16(made.bytes + 12, is_tagged ? ETHERNET_TYPE_VLAN : type);
    if (is_tagged) {
        bytes_put_u16(made.bytes + 14, 5 << 13 | 42);
        bytes_put_u16(made.bytes + 16, type);
    }
    return made;
}

/* An IPv4 packet with `payload_bytes` behind its header, and padding up to 60 bytes. */
static struct made make_ipv4(uint8_t protocol, size_t payload_bytes, const uint8_t *payload, bool is_tagged)
{
    struct made made = make_ethernet(ETHERNET_TYPE_IPV4, is_tagged);
    struct ipv4_header header = {.header_bytes = IPV4_HEADER_MIN,
                                 .total_bytes = (uint16_t)(IPV4_HEADER_MIN + payload_bytes),
                                 .tos = 0xb8,
                                 .ttl = 64,
                                 .protocol = protocol,
                                 .source = {0x0a000001},
                                 .destination = {0x0a000002}};
    ipv4_header_emit(&header, made.bytes + made.length);
    memcpy(made.bytes + made.length + IPV4_HEADER_MIN, payload, payload_bytes);
    made.length += IPV4_HEADER_MIN + payload_bytes;
    if (made.length < 60)
        made.length = 60;
    return made;
}

static struct made make_tcp(uint8_t flags, size_t data_bytes)
{
    uint8_t segment[60] = {0};
    segment[12] = 5 << 4;
    segment[13] = flags;
    return make_ipv4(IPV4_PROTOCOL_TCP, 20 + data_bytes, segment, false);
}

static bool is(const char *words, const struct made *made)
{
    struct match match;
    char sentence[200], numbered[60];
    struct text why = text_in(sentence, sizeof sentence);
    snprintf(numbered, sizeof numbered, "%s 1", words);
    assert_true(match_parse(numbered, &match, &why));
    return match_is_of_class(&match, made->bytes, made->length);
}

/* What each frame is, and that it is nothing else. */
static void test_match__a_frame_is_what_its_words_say(void **state)
{
    static const char *const words[] = {
        "frame",        "broadcast frame", "arp request",       "arp reply",
        "arp packet",   "ip packet",       "icmp echo request", "icmp echo reply",
        "icmp message", "udp datagram",    "tcp segment",       "tcp data segment",
        "tcp ack",      "tcp syn",         "tcp syn-ack",       "tcp fin",
        "tcp rst"};
    static const uint8_t echo[] = {8, 0, 0, 0, 0, 0, 0, 0}, reply[8] = {0}, datagram[8] = {0};
    const struct {
        struct made made;
        const char *is; /* a + for each of the words that fit */
    } rows[] = {
        {make_ethernet(0x88b5, false), "+................"},
        {make_ipv4(IPV4_PROTOCOL_ICMP, 8, echo, false), "+....++.+........"},
        {make_ipv4(IPV4_PROTOCOL_ICMP, 8, reply, true), "+....+.++........"},
        {make_ipv4(IPV4_PROTOCOL_UDP, 8, datagram, false), "+....+...+......."},
        {make_ipv4(IPV4_PROTOCOL_UDP, 7, datagram, false), "+....+..........."},
        {make_tcp(2, 0), "+....+....+..+..."},      /* SYN */
        {make_tcp(2 | 16, 0), "+....+....+...+.."}, /* SYN, ACK */
        {make_tcp(16, 0), "+....+....+.+...."},     /* ACK; the padding is no data */
        {make_tcp(16 | 8, 1), "+....+....++....."}, /* one byte of data */
        {make_tcp(16 | 1, 0), "+....+....+....+."}, /* FIN, ACK */
        {make_tcp(4, 0), "+....+....+.....+"},      /* RST */
        {{.length = 13}, "................."},      /* not even a header */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (is(words[k], &rows[i].made) != (rows[i].is[k] == '+'))
                fail_msg("row %zu: \"%s\"", i, words[k]);
}

static void test_match__only_the_first_fragment_has_a_transport(void **state)
{
    struct made made = make_tcp(16, 10);
    assert_true(is("tcp data segment", &made));
    bytes_put_u16(made.bytes + 14 + 6, 0x2000); /* more fragments, offset 0 */
    assert_true(is("tcp data segment", &made));
    bytes_put_u16(made.bytes + 14 + 6, 1); /* offset 8 */
    assert_false(is("tcp segment", &made));
    assert_true(is("ip packet", &made));
}

static void test_layers__a_tag_gives_its_priority_and_the_type_behind_it(void **state)
{
    static const uint8_t datagram[8] = {0};
    struct made made = make_ipv4(IPV4_PROTOCOL_UDP, 8, datagram, true);
    struct layers layers;
    layers_of(made.bytes, made.length, &layers);
    assert_true(layers.is_tagged && layers.is_ipv4);
    assert_int_equal(layers.priority, 5);
    assert_int_equal(layers.type, ETHERNET_TYPE_IPV4);
    assert_int_equal(layers.ipv4.tos, 0xb8);
    assert_int_equal(layers.transport_bytes, 8);
    layers_of(made.bytes, 16, &layers); /* the tag is cut off */
    assert_null(layers.network);
}

/* RFC 3168 section 5, RFC 1624: right stays right, wrong stays wrong, whatever stood there. */
static void test_ecn__a_mark_mends_the_checksum(void **state)
{
    for (unsigned tos = 0; tos < 256; tos++) {
        uint8_t bytes[IPV4_HEADER_MIN], expected[IPV4_HEADER_MIN];
        struct ipv4_header header = {.header_bytes = IPV4_HEADER_MIN,
                                     .tos = (uint8_t)tos,
                                     .total_bytes = (uint16_t)(20 + tos * 5),
                                     .id = (uint16_t)(tos * 257),
                                     .ttl = 64,
                                     .protocol = 6,
                                     .source = {0x0a000001},
                                     .destination = {0xc0000200 + tos}};
        ipv4_header_emit(&header, bytes);
        header.tos |= IPV4_CE;
        ipv4_header_emit(&header, expected);
        ipv4_mark_congestion(bytes);
        assert_memory_equal(bytes, expected, sizeof bytes);
        bytes[10] ^= 1; /* damaged, marked once more: still damaged */
        ipv4_mark_congestion(bytes);
        assert_int_not_equal(sum16_fold(sum16_add(0, bytes, sizeof bytes)), 0xffff);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match__words_are_read_or_refused_with_a_sentence),
        cmocka_unit_test(test_match__a_frame_is_what_its_words_say),
        cmocka_unit_test(test_match__only_the_first_fragment_has_a_transport),
        cmocka_unit_test(test_layers__a_tag_gives_its_priority_and_the_type_behind_it),
        cmocka_unit_test(test_ecn__a_mark_mends_the_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
