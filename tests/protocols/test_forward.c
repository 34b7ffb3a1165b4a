/* SPDX-License-Identifier: MIT
 * Datagrams that are cut, put together, passed on and sent elsewhere: IP-6 to IP-13, IP-21, ICMP-7, ICMP-9,
 * W-17, RFC 1191. */
#include <stdlib.h>

#include "protocols/icmp/codec.h"
#include "protocols/ipv4/reassembly.h"
#include "tests/protocols/station.h"

#define PAYLOAD 4000

static struct station s;
static uint8_t payload[65536];

/* A protocol that keeps what arrives. */
struct keeper {
    struct ipv4_protocol protocol;
    unsigned arrivals;
    size_t bytes;
    uint8_t last[65536];
};

static struct keeper keeper;

static void keep(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival)
{
    keeper.arrivals++;
    keeper.bytes = arrival->payload.length_bytes;
    memcpy(keeper.last, arrival->payload.bytes, keeper.bytes);
}

static int setup(void **state)
{
    station_init(&s, NULL, NULL);
    station_introduce_bob(&s);
    memset(&keeper, 0, sizeof keeper);
    keeper.protocol.number = IPV4_PROTOCOL_UDP;
    keeper.protocol.receive = keep;
    ipv4_register(&s.ip, &keeper.protocol);
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 7 + i / 256);
    return 0;
}

static int teardown(void **state)
{
    station_release(&s);
    return 0;
}

/* A piece of `payload` from bob. */
static void hear_piece(uint16_t id, size_t from, size_t bytes, bool has_more)
{
    struct ipv4_header h = {.header_bytes = 20,
                            .id = id,
                            .ttl = 64,
                            .protocol = IPV4_PROTOCOL_UDP,
                            .source = BOB,
                            .destination = ALICE,
                            .more_fragments = has_more,
                            .fragment_bytes = (uint16_t)from};
    station_hear_datagram(&s, h, payload + from, bytes);
}

/* W-17: 1400 octets of data over an MTU of 532: 512, 512, 376 at offsets 0, 64, 128, M bits 1, 1, 0. */
static void test_fragment__w17(void **state)
{
    static const struct {
        size_t data, offset_blocks;
        bool has_more;
    } rows[] = {{512, 0, true}, {512, 64, true}, {376, 128, false}};
    s.ip.interfaces[0].mtu_bytes = 532;
    assert_int_equal(station_send(&s, BOB, 1400), IPV4_SENT);
    assert_int_equal(s.hand.frame_count - s.hand.frame_taken, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct hand_frame *frame = &s.hand.frames[s.hand.frame_taken++];
        struct ipv4_header h;
        assert_int_equal(ipv4_header_parse(frame->bytes + 14, frame->length_bytes - 14, &h), IPV4_OK);
        assert_int_equal(h.total_bytes - h.header_bytes, rows[i].data);
        assert_int_equal(h.fragment_bytes, rows[i].offset_blocks * 8);
        assert_int_equal(h.more_fragments, rows[i].has_more);
        assert_int_equal(h.id, 1);
    }
    hand_expect_silence(&s.hand);
}

/* IP-8: an option whose copied bit is set is in every piece, another only in the first. */
static void test_fragment__copies_options_that_want_it(void **state)
{
    static const uint8_t options[] = {148, 4, 0, 0, 7, 7,
                                      4,   0, 0, 0, 0, 0}; /* router alert (copied), record route (not) */
    struct ipv4_request request = {
        .destination = BOB, .protocol = 253, .options = options, .options_bytes = 12};
    struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 800);
    memset(packet.bytes, 0, 800);
    s.ip.interfaces[0].mtu_bytes = 600;
    assert_int_equal(ipv4_send(&s.ip, &request, &packet), IPV4_SENT);
    struct ipv4_header first, second;
    const struct hand_frame *frames = &s.hand.frames[s.hand.frame_taken];
    assert_int_equal(ipv4_header_parse(frames[0].bytes + 14, frames[0].length_bytes - 14, &first), IPV4_OK);
    assert_int_equal(ipv4_header_parse(frames[1].bytes + 14, frames[1].length_bytes - 14, &second), IPV4_OK);
    assert_int_equal(first.header_bytes, 32);
    assert_int_equal(second.header_bytes, 24);
    assert_int_equal(second.options[0], 148);
    s.hand.frame_taken += 2;
}

/* IP-9, IP-11: every order of the pieces gives the same datagram; datagrams do not mix. */
static void test_reassembly__takes_the_pieces_in_any_order(void **state)
{
    static const size_t cuts[] = {0, 1480, 2960, PAYLOAD};
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (uint16_t o = 0; o < 6; o++) {
        hear_piece((uint16_t)(100 + o), 0, 16, true); /* another datagram, never completed */
        for (int i = 0; i < 3; i++) {
            int piece = orders[o][i];
            assert_int_equal(keeper.arrivals, o);
            hear_piece(o, cuts[piece], cuts[piece + 1] - cuts[piece], piece < 2);
        }
        assert_int_equal(keeper.arrivals, o + 1);
        assert_int_equal(keeper.bytes, PAYLOAD);
        assert_memory_equal(keeper.last, payload, PAYLOAD);
    }
    assert_int_equal(s.ip.reassembly->count, 6);
}

static void test_reassembly__random_cuts_and_repetitions(void **state)
{
    uint32_t random = 5;
    for (uint16_t round = 0; round < 200; round++) {
        size_t cuts[40] = {0}, count = 1, order[40];
        while (cuts[count - 1] + 400 < PAYLOAD) {
            random = random * 1664525 + 1013904223;
            cuts[count] = cuts[count - 1] + 8 + (random >> 20) % 48 * 8;
            count++;
        }
        cuts[count] = PAYLOAD;
        for (size_t i = 0; i < count; i++)
            order[i] = i;
        for (size_t i = count - 1; i > 0; i--) {
            random = random * 1664525 + 1013904223;
            size_t j = (random >> 16) % (i + 1), swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        for (size_t i = 0; i < count; i++) {
            size_t piece = order[i];
            hear_piece(round, cuts[piece], cuts[piece + 1] - cuts[piece], piece + 1 < count);
            if (i + 1 < count && i % 3 == 0) /* a repetition changes nothing */
                hear_piece(round, cuts[piece], cuts[piece + 1] - cuts[piece], piece + 1 < count);
        }
        assert_int_equal(keeper.arrivals, round + 1u);
        assert_memory_equal(keeper.last, payload, PAYLOAD);
    }
    assert_int_equal(s.ip.reassembly->count, 0);
}

/* IP-10, ICMP-10: after 60 s it is over; the sender is told if the first piece was there. */
static void test_reassembly__gives_up_after_sixty_seconds(void **state)
{
    hear_piece(1, 0, 1480, true);
    hear_piece(2, 1480, 520, false);
    hand_advance(&s.hand, 60 * ENV_SECOND - 1);
    assert_int_equal(s.ip.reassembly->count, 2);
    hand_advance(&s.hand, 1);
    assert_int_equal(s.ip.reassembly->count, 0);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP ip reassembly time exceeded, length 76");
    hand_expect_silence(&s.hand);
}

/* IP-12: contradictions and what reaches too far. */
static void test_reassembly__refuses_overlaps_and_giants(void **state)
{
    hear_piece(1, 0, 80, true);
    payload[40] ^= 1;
    hear_piece(1, 40, 80, true);
    payload[40] ^= 1;
    assert_int_equal(s.last_reason, IPV4_BAD_FRAGMENT);
    assert_int_equal(s.ip.reassembly->count, 0);
    struct ipv4_header h = {.header_bytes = 20,
                            .id = 9,
                            .ttl = 64,
                            .protocol = IPV4_PROTOCOL_UDP,
                            .source = BOB,
                            .destination = ALICE,
                            .fragment_bytes = 8189 * 8};
    station_hear_datagram(&s, h, payload, 100); /* the ping of death */
    assert_int_equal(s.last_reason, IPV4_BAD_FRAGMENT);
    hear_piece(3, 0, 13, true); /* not a multiple of eight */
    assert_int_equal(s.last_reason, IPV4_BAD_FRAGMENT);
    assert_int_equal(keeper.arrivals, 0);
}

/* IP-11: one number, two protocols: two datagrams. */
static void test_reassembly__keeps_protocols_apart(void **state)
{
    struct ipv4_header other = {.id = 4, .protocol = 253, .source = BOB, .destination = ALICE, .more_fragments = true};
    hear_piece(4, 0, 1480, true);
    station_hear_datagram(&s, other, payload + 800, 1480);
    hear_piece(4, 1480, 520, false);
    assert_int_equal(keeper.arrivals, 1);
    assert_memory_equal(keeper.last, payload, 2000);
    assert_int_equal(s.ip.reassembly->count, 1);
}

/* IP-12: the first piece's options make the whole longer than a datagram can be, though each piece fits by itself. */
static void test_reassembly__counts_the_options_of_the_first_piece(void **state)
{
    static const uint8_t options[40] = {7, 39, 4};
    struct ipv4_header first = {.id = 6,
                                .protocol = IPV4_PROTOCOL_UDP,
                                .source = BOB,
                                .destination = ALICE,
                                .more_fragments = true,
                                .options = options,
                                .options_bytes = sizeof options};
    station_hear_datagram(&s, first, payload, 1480);
    for (size_t from = 1480; from < 65515; from += 1480)
        hear_piece(6, from, from + 1480 < 65515 ? 1480 : 65515 - from, from + 1480 < 65515);
    assert_int_equal(s.last_reason, IPV4_BAD_FRAGMENT);
    assert_string_equal(hand_word(hand_fact(&s.hand, "ip.reassembly_failed"), 3),
                        "the whole would be longer than 65535 octets");
    assert_int_equal(keeper.arrivals, 0);
    assert_int_equal(s.ip.reassembly->count, 0);
}

/* ---- Passing on ---- */

static void hear_for(struct ipv4_address destination, uint8_t ttl, size_t bytes, bool dont_fragment)
{
    struct ipv4_header h = {.header_bytes = 20,
                            .id = 5,
                            .ttl = ttl,
                            .protocol = 253,
                            .source = BOB,
                            .destination = destination,
                            .dont_fragment = dont_fragment};
    station_hear_datagram(&s, h, payload, bytes);
}

static void become_router(void)
{
    struct route far = {{{0xc0000200}, 24}, BOB, 0, 0, ROUTE_STATIC};
    s.ip.forwards = true;
    s.ip.sends_redirects = false;
    ipv4_set_gateway(&s.ip, IPV4_ANY);
    routes_add(&s.ip.routes, &far);
}

/* IP-6, IP-7, ICMP-10: one hop less, a right checksum; the last hop is answered. */
static void test_forward__takes_one_hop_and_mends_the_checksum(void **state)
{
    become_router();
    hear_for(FAR, 2, 100, false);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, "IP 10.0.0.2 > 192.0.2.1:  ip-proto-253 100");
    struct ipv4_header h;
    assert_int_equal(ipv4_header_parse(frame->bytes + 14, frame->length_bytes - 14, &h), IPV4_OK);
    assert_int_equal(h.ttl, 1);
    hear_for(FAR, 1, 100, false);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 128");
    hand_expect_silence(&s.hand);
}

/* IP-15, ICMP-11: a router ignores what it does not know and source routes that are others' affair; what is broken ends. */
static void test_forward__carries_options_that_can_be(void **state)
{
    static const struct {
        uint8_t options[8];
        bool may_pass;
    } rows[] = {{{30, 8, 1, 2, 3, 4, 5, 6}, true}, {{131, 7, 4, 192, 0, 2, 9, 0}, true}, {{30, 9, 1, 2, 3, 4, 5, 6}, false}};
    become_router();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ipv4_header h = {
            .protocol = 253, .source = BOB, .destination = FAR, .options = rows[i].options, .options_bytes = 8};
        station_hear_datagram(&s, h, payload, 20);
        if (!rows[i].may_pass) {
            hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 21, length 56");
            continue;
        }
        const struct hand_frame *frame = hand_expect_frame(&s.hand, "IP 10.0.0.2 > 192.0.2.1:  ip-proto-253 20");
        assert_memory_equal(frame->bytes + 34, rows[i].options, 8);
    }
    hand_expect_silence(&s.hand);
}

/* ICMP-7: no way, and too big for the next link. */
static void test_forward__says_why_it_cannot(void **state)
{
    become_router();
    hear_for((struct ipv4_address){0xcb007101}, 64, 20, false);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP net 203.0.113.1 unreachable, length 48");
    s.ip.interfaces[0].mtu_bytes = 600;
    hear_for(FAR, 64, 1000, true);
    hand_expect_frame(
        &s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP 192.0.2.1 unreachable - need to frag (mtu 600), length 556");
    hear_for(FAR, 64, 1000, false); /* IP-13: a router cuts */
    assert_int_equal(s.hand.frame_count - s.hand.frame_taken, 2);
    s.hand.frame_taken += 2;
}

/* IP-21: broadcasts and groups stay on their link; a host passes nothing on. */
static void test_forward__leaves_broadcasts_where_they_are(void **state)
{
    hear_for(FAR, 64, 20, false);
    assert_int_equal(s.last_reason, IPV4_NOT_FOR_US);
    become_router();
    hear_for((struct ipv4_address){0xe0000101}, 64, 20, false);
    assert_int_equal(s.last_reason, IPV4_NOT_FOR_US);
    hand_expect_silence(&s.hand);
}

/* IP-22, RFC 1812 5.3.7: what cannot be true of a source or a destination goes no further; nothing is said. IP-4: neither
 * does 127/8. */
static void test_forward__lets_no_martian_pass(void **state)
{
    static const struct {
        uint32_t source, destination;
        enum ipv4_reason reason;
    } rows[] = {
        {0x00000000, 0xc0000201, IPV4_BAD_SOURCE},       /* 0.0.0.0 */
        {0x00000001, 0xc0000201, IPV4_BAD_SOURCE},       /* of net 0 */
        {0x7f000001, 0xc0000201, IPV4_LOOPBACK_ON_WIRE}, /* 127.0.0.1 */
        {0xe0000001, 0xc0000201, IPV4_BAD_SOURCE},       /* a group */
        {0xf0000001, 0xc0000201, IPV4_BAD_SOURCE},       /* class E */
        {0xffffffff, 0xc0000201, IPV4_BAD_SOURCE},
        {0x0a0000ff, 0xc0000201, IPV4_BAD_SOURCE},       /* everybody on this link */
        {0x0a000001, 0xc0000201, IPV4_BAD_SOURCE},       /* the router itself */
        {0x0a000002, 0x7f000001, IPV4_LOOPBACK_ON_WIRE},
        {0x0a000002, 0x00000001, IPV4_NOT_FORWARDED},
        {0x0a000002, 0xf0000001, IPV4_NOT_FORWARDED},
    };
    become_router();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ipv4_header h = {.protocol = 253, .source = {rows[i].source}, .destination = {rows[i].destination}};
        station_hear_datagram(&s, h, payload, 20);
        if (s.last_reason != rows[i].reason)
            fail_msg("row %zu: %s", i, ipv4_reason_words[s.last_reason]);
        hand_expect_silence(&s.hand);
    }
}

static unsigned passed_on;

static void count_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address next_hop, struct packet_out *packet)
{
    passed_on++;
    packet_give_back(ip->packets, packet);
}

/* IP-21, RFC 2644: a datagram for all of another network is not brought there; one for everybody here is ours alone. */
static void test_forward__brings_no_broadcast_to_another_network(void **state)
{
    static const struct ipv4_ops ops = {count_transmit};
    static const struct {
        uint32_t destination;
        enum ipv4_reason reason;
        unsigned passed_on;
    } rows[] = {
        {0xac100002, IPV4_OK, 1},
        {0xac1000ff, IPV4_NOT_FORWARDED, 0}, /* 172.16.0.255 */
        {0xffffffff, IPV4_NO_PROTOCOL, 0},   /* it is heard here */
    };
    struct ipv4 ip;
    ipv4_init(&ip, &s.hand.env, &ops, &s.hand.pool, 2);
    ipv4_set_address(&ip, 0, (struct ipv4_prefix){ALICE, 24});
    ipv4_set_address(&ip, 1, (struct ipv4_prefix){{0xac100001}, 24});
    ip.forwards = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[20];
        struct ipv4_header h = {.header_bytes = 20,
                                .total_bytes = 20,
                                .ttl = 64,
                                .protocol = 253,
                                .source = BOB,
                                .destination = {rows[i].destination}};
        ipv4_header_emit(&h, bytes);
        passed_on = 0;
        assert_int_equal(ipv4_receive(&ip, 0, false, (struct packet){bytes, 20, 0}), rows[i].reason);
        assert_int_equal(passed_on, rows[i].passed_on);
    }
    ipv4_release(&ip);
}

/* ICMP-9: out where it came in: the sender could go there itself. */
static void test_forward__redirects_a_neighbour(void **state)
{
    become_router();
    s.ip.sends_redirects = true;
    hear_for(FAR, 64, 20, false);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP redirect 192.0.2.1 to host 10.0.0.2, length 48");
    hand_expect_frame(&s.hand, "IP 10.0.0.2 > 192.0.2.1:  ip-proto-253 20");
    hand_expect_silence(&s.hand);
}

static void hear_error(struct ipv4_address from, uint8_t type, uint8_t code, uint32_t rest,
                       uint16_t quoted_total)
{
    uint8_t bytes[ICMP_HEADER + 28] = {0};
    struct ipv4_header quoted = {.header_bytes = 20,
                                 .total_bytes = quoted_total,
                                 .ttl = 60,
                                 .protocol = 253,
                                 .source = ALICE,
                                 .destination = FAR,
                                 .dont_fragment = true};
    ipv4_header_emit(&quoted, bytes + ICMP_HEADER);
    icmp_emit(type, code, rest, 28, bytes);
    struct ipv4_header h = {
        .header_bytes = 20, .ttl = 64, .protocol = IPV4_PROTOCOL_ICMP, .source = from, .destination = ALICE};
    station_hear_datagram(&s, h, bytes, sizeof bytes);
}

/* ICMP-9: believed only from the present first hop, and only towards a neighbour. */
static void test_redirect__changes_the_route_if_it_is_from_the_first_hop(void **state)
{
    struct ipv4_route route;
    hear_error(BOB, ICMP_REDIRECT, 1, CAROL.value, 100);
    assert_int_equal(ipv4_route(&s.ip, FAR, &route), IPV4_SENT);
    assert_int_equal(route.next_hop.value, GATEWAY.value);
    hear_error(GATEWAY, ICMP_REDIRECT, 1, CAROL.value, 100);
    assert_int_equal(ipv4_route(&s.ip, FAR, &route), IPV4_SENT);
    assert_int_equal(route.next_hop.value, CAROL.value);
}

/* RFC 1191: learnt, used, never below 68, forgotten after ten minutes; old routers say 0. */
static void test_path_mtu__is_learnt_and_forgotten(void **state)
{
    struct ipv4_route route;
    hear_error(CAROL, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, 1400, 1500);
    assert_int_equal(ipv4_route(&s.ip, FAR, &route), IPV4_SENT);
    assert_int_equal(route.mtu_bytes, 1400);
    hear_error(CAROL, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, 0, 1400);
    ipv4_route(&s.ip, FAR, &route);
    assert_int_equal(route.mtu_bytes, 1006);
    hear_error(CAROL, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, 5, 1006);
    ipv4_route(&s.ip, FAR, &route);
    assert_int_equal(route.mtu_bytes, 68);
    hand_advance(&s.hand, IPV4_PATH_AGE);
    ipv4_route(&s.ip, FAR, &route);
    assert_int_equal(route.mtu_bytes, 1500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_fragment__w17),
        TEST(test_fragment__copies_options_that_want_it),
        TEST(test_reassembly__takes_the_pieces_in_any_order),
        TEST(test_reassembly__random_cuts_and_repetitions),
        TEST(test_reassembly__gives_up_after_sixty_seconds),
        TEST(test_reassembly__refuses_overlaps_and_giants),
        TEST(test_reassembly__keeps_protocols_apart),
        TEST(test_reassembly__counts_the_options_of_the_first_piece),
        TEST(test_forward__takes_one_hop_and_mends_the_checksum),
        TEST(test_forward__carries_options_that_can_be),
        TEST(test_forward__says_why_it_cannot),
        TEST(test_forward__leaves_broadcasts_where_they_are),
        TEST(test_forward__lets_no_martian_pass),
        TEST(test_forward__brings_no_broadcast_to_another_network),
        TEST(test_forward__redirects_a_neighbour),
        TEST(test_redirect__changes_the_route_if_it_is_from_the_first_hop),
        TEST(test_path_mtu__is_learnt_and_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
