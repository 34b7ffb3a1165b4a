/* SPDX-License-Identifier: MIT
 * The IP machine of a host: which way out, and is this for me? Checklist IP-1 to IP-5, IP-14, IP-18 to IP-20.
 */
#include "tests/protocols/station.h"

static struct station s;

/* A protocol that counts. */
struct counter {
    struct ipv4_protocol protocol;
    unsigned arrivals;
    unsigned errors;
    struct ipv4_arrival last;
};
static struct counter udp;

static void count_arrival(struct ipv4_protocol *protocol, const struct ipv4_arrival *arrival)
{
    struct counter *counter = ENV_OWNER(protocol, struct counter, protocol);
    counter->arrivals++;
    counter->last = *arrival;
}

static void count_error(struct ipv4_protocol *protocol, const struct ipv4_error *error)
{
    ENV_OWNER(protocol, struct counter, protocol)->errors++;
}

static int set_up(void **state)
{
    station_init(&s, NULL, NULL);
    udp = (struct counter){
        .protocol = {.number = IPV4_PROTOCOL_UDP, .receive = count_arrival, .error = count_error}};
    ipv4_register(&s.ip, &udp.protocol);
    station_introduce_bob(&s);
    return 0;
}

static int tear_down(void **state)
{
    hand_expect_silence(&s.hand);
    station_release(&s);
    return 0;
}

static const struct ipv4_header from_bob = {
    .protocol = IPV4_PROTOCOL_UDP, .source = {0x0a000002}, .destination = {0x0a000001}};

/* ---- Sending ---- */

/* IP-18: on-link by mask, else the gateway; broadcasts and ourselves apart. */
static void test_ipv4__chooses_interface_next_hop_and_source(void **state)
{
    static const struct {
        const char *destination;
        enum ipv4_status status;
        const char *next_hop;
        uint32_t interface;
        const char *source;
    } rows[] = {
        {"10.0.0.2", IPV4_SENT, "10.0.0.2", 0, "10.0.0.1"},
        {"10.0.0.255", IPV4_SENT, "255.255.255.255", 0, "10.0.0.1"},
        {"255.255.255.255", IPV4_SENT, "255.255.255.255", 0, "10.0.0.1"},
        {"192.0.2.1", IPV4_SENT, "10.0.0.254", 0, "10.0.0.1"},
        {"224.0.0.5", IPV4_SENT, "224.0.0.5", 0, "10.0.0.1"},
        {"172.16.5.9", IPV4_SENT, "172.16.5.9", 1, "172.16.0.1"},
        {"172.16.7.9", IPV4_SENT, "172.16.7.9", 2, "172.16.7.1"}, /* the longer prefix */
        {"172.16.7.255", IPV4_SENT, "255.255.255.255", 2, "172.16.7.1"},
        {"10.0.0.1", IPV4_SENT, "10.0.0.1", IPV4_NO_INTERFACE, "10.0.0.1"},
        {"172.16.7.1", IPV4_SENT, "172.16.7.1", IPV4_NO_INTERFACE, "172.16.7.1"},
        {"127.0.0.1", IPV4_SENT, "127.0.0.1", IPV4_NO_INTERFACE, "127.0.0.1"},
        {"127.1.2.3", IPV4_SENT, "127.1.2.3", IPV4_NO_INTERFACE, "127.1.2.3"},
        {"0.0.0.0", IPV4_NO_ROUTE, NULL, 0, NULL},
        {"198.51.100.9", IPV4_SENT, "10.0.0.254", 0, "10.0.0.1"}, /* its link is down: the gateway may know */
    };
    struct ipv4 ip;
    ipv4_init(&ip, &s.hand.env, s.ip.ops, &s.hand.pool, 5); /* the fifth has no address */
    static const char *const prefixes[] = {"10.0.0.1/24", "172.16.0.1/16", "172.16.7.1/24",
                                           "198.51.100.1/24"};
    for (uint32_t i = 0; i < 4; i++) {
        struct ipv4_prefix prefix;
        assert_true(ipv4_prefix_parse(prefixes[i], &prefix, NULL));
        ipv4_set_address(&ip, i, prefix);
    }
    ipv4_set_up(&ip, 3, false);
    ipv4_set_gateway(&ip, GATEWAY);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipv4_address destination, expected;
        struct ipv4_route route;
        assert_true(ipv4_parse(rows[i].destination, &destination, NULL));
        enum ipv4_status status = ipv4_route(&ip, destination, &route);
        if (status != rows[i].status)
            fail_msg("row %zu, %s: %s", i, rows[i].destination, ipv4_status_words[status]);
        if (status != IPV4_SENT)
            continue;
        ipv4_parse(rows[i].next_hop, &expected, NULL);
        if (route.next_hop.value != expected.value || route.interface != rows[i].interface)
            fail_msg("row %zu, %s: next hop %08x by %u", i, rows[i].destination, route.next_hop.value,
                     route.interface);
        ipv4_parse(rows[i].source, &expected, NULL);
        assert_int_equal(route.source.value, expected.value);
    }
    ipv4_release(&ip);
}

static void test_ipv4__refuses_what_cannot_be_sent(void **state)
{
    assert_int_equal(station_send(&s, BOB, 1480), IPV4_SENT);
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 1480");
    assert_int_equal(station_send(&s, BOB, 65516), IPV4_TOO_BIG);
    assert_string_equal(hand_word(hand_fact(&s.hand, "ip.refused"), 0), "packet too big");
    ipv4_set_up(&s.ip, 0, false);
    assert_int_equal(station_send(&s, BOB, 5), IPV4_NO_ROUTE); /* the link's own route is not used */
    assert_int_equal(station_send(&s, IPV4_BROADCAST, 5), IPV4_IS_DOWN);
    ipv4_set_up(&s.ip, 0, true);
    ipv4_set_gateway(&s.ip, IPV4_ANY);
    assert_int_equal(station_send(&s, FAR, 5), IPV4_NO_ROUTE);
    ipv4_set_address(&s.ip, 0, (struct ipv4_prefix){IPV4_ANY, 0});
    assert_int_equal(station_send(&s, BOB, 5), IPV4_NO_ROUTE);
    assert_int_equal(station_send(&s, IPV4_BROADCAST, 5), IPV4_NO_SOURCE);
    assert_int_equal(s.ip.counters.refused, 6);
    assert_int_equal(s.ip.counters.sent, 1);
}

/* IP-4, RFC 1122 3.2.1.3: only what is ours may be a source, and 127/8 only towards ourselves. DHCP-10: an address that was
 * given back is not used any more. */
static void test_ipv4__sends_from_no_address_but_its_own(void **state)
{
    static const struct {
        const char *source, *destination;
        bool is_forged;
        enum ipv4_status status;
    } rows[] = {
        {"10.0.0.1", "10.0.0.2", false, IPV4_SENT},
        {"10.0.7.1", "10.0.0.2", false, IPV4_SENT}, /* a second one */
        {"127.0.0.1", "10.0.0.1", false, IPV4_SENT},
        {"10.0.0.1", "127.0.0.1", false, IPV4_SENT},
        {"127.0.0.1", "10.0.0.2", false, IPV4_NOT_OURS},
        {"10.0.0.3", "10.0.0.2", false, IPV4_NOT_OURS},
        {"10.0.0.255", "10.0.0.2", false, IPV4_NOT_OURS},
        {"224.0.0.1", "10.0.0.2", false, IPV4_NOT_OURS},
        {"10.0.0.3", "10.0.0.2", true, IPV4_SENT},
    };
    ipv4_add_address(&s.ip, 0, (struct ipv4_prefix){{0x0a000701}, 24});
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipv4_request request = {.protocol = 253, .is_forged = rows[i].is_forged};
        struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 5);
        ipv4_parse(rows[i].source, &request.source, NULL);
        ipv4_parse(rows[i].destination, &request.destination, NULL);
        enum ipv4_status status = ipv4_send(&s.ip, &request, &packet);
        if (status != rows[i].status)
            fail_msg("row %zu, %s > %s: %s", i, rows[i].source, rows[i].destination, ipv4_status_words[status]);
    }
    hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5");
    hand_expect_frame(&s.hand, "IP 10.0.7.1 > 10.0.0.2:  ip-proto-253 5");
    hand_expect_frame(&s.hand, "IP 10.0.0.3 > 10.0.0.2:  ip-proto-253 5");
    assert_string_equal(hand_word(hand_fact(&s.hand, "ip.refused"), 0), "the source is not ours");
    struct ipv4_request request = {.destination = BOB, .source = ALICE, .protocol = 253};
    ipv4_set_address(&s.ip, 0, (struct ipv4_prefix){CAROL, 24});
    assert_int_equal(ipv4_check(&s.ip, &request, 5), IPV4_NOT_OURS);
}

/* IP-4: 0.0.0.0 is a source only for those who learn their address. */
static void test_ipv4__may_send_without_an_address_when_asked_to(void **state)
{
    struct ipv4_request request = {.destination = IPV4_BROADCAST, .protocol = 253, .allow_no_source = true};
    struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 5);
    ipv4_set_address(&s.ip, 0, (struct ipv4_prefix){IPV4_ANY, 0});
    assert_int_equal(ipv4_send(&s.ip, &request, &packet), IPV4_SENT);
    hand_expect_frame(&s.hand, "IP 0.0.0.0 > 255.255.255.255:  ip-proto-253 5");
}

/* IP-5: 64 by default, settable; IP-17: TOS too; IP-15: options go in as given. */
static void test_ipv4__writes_the_header_as_requested(void **state)
{
    static const uint8_t router_alert[4] = {148, 4, 0, 0};
    struct ipv4_request request = {.destination = BOB,
                                   .protocol = 253,
                                   .ttl = 3,
                                   .tos = 0xb8,
                                   .dont_fragment = true,
                                   .options = router_alert,
                                   .options_bytes = 4};
    struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 5);
    struct ipv4_header h;
    assert_int_equal(ipv4_send(&s.ip, &request, &packet), IPV4_SENT);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5");
    assert_int_equal(ipv4_header_parse(frame->bytes + 14, frame->length_bytes - 14, &h), IPV4_OK);
    assert_int_equal(h.ttl, 3);
    assert_int_equal(h.tos, 0xb8);
    assert_true(h.dont_fragment);
    assert_memory_equal(h.options, router_alert, 4);
    station_send(&s, BOB, 5);
    frame = hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5");
    assert_int_equal(frame->bytes[14 + 8], IPV4_TTL);
}

/* IP-14: datagrams that may be cut have different numbers; those that may not have 0. */
static void test_ipv4__numbers_only_what_may_be_cut(void **state)
{
    uint16_t ids[3];
    for (int i = 0; i < 3; i++) {
        struct ipv4_request request = {.destination = BOB, .protocol = 253, .dont_fragment = i == 1};
        struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 5);
        ipv4_send(&s.ip, &request, &packet);
        const struct hand_frame *frame =
            hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 5");
        ids[i] = (uint16_t)(frame->bytes[18] << 8 | frame->bytes[19]);
    }
    assert_int_equal(ids[0], 1);
    assert_int_equal(ids[1], 0);
    assert_int_equal(ids[2], 2);
}

/* Zero copy: the payload that the upper layer wrote is where the frame's payload is. */
static void test_ipv4__hands_down_the_same_buffer(void **state)
{
    struct ipv4_request request = {.destination = BOB, .protocol = 253};
    struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, 60);
    uint64_t number = packet.frame;
    ipv4_send(&s.ip, &request, &packet);
    const struct hand_frame *frame = hand_expect_frame(&s.hand, "IP 10.0.0.1 > 10.0.0.2:  ip-proto-253 60");
    assert_int_equal(frame->number, number);
    assert_int_equal(hand_fact(&s.hand, "ip.tx")->frame, number);
}

/* ---- Receiving ---- */

static void test_ipv4__delivers_what_is_for_us(void **state)
{
    station_hear_datagram(&s, from_bob, (const uint8_t *)"hello", 5);
    assert_int_equal(udp.arrivals, 1);
    assert_int_equal(udp.last.payload.length_bytes, 5);
    assert_int_equal(udp.last.packet.length_bytes, 25);
    assert_false(udp.last.is_for_many);
    assert_int_equal(hand_fact(&s.hand, "ip.rx")->values[0], BOB.value);
}

/* IP-3: the link's padding is not payload. */
static void test_ipv4__takes_the_padding_off(void **state)
{
    uint8_t bytes[46] = {0};
    struct ipv4_header h = from_bob;
    h.header_bytes = 20, h.total_bytes = 21, h.ttl = 64;
    ipv4_header_emit(&h, bytes);
    station_hear(&s, ALICE_MAC, ETHERNET_TYPE_IPV4, bytes, sizeof bytes);
    assert_int_equal(udp.last.payload.length_bytes, 1);
}

/* IP-1, IP-2, IP-3: silently dropped, with a reason. */
static void test_ipv4__drops_what_is_malformed_in_silence(void **state)
{
    static const struct {
        unsigned place;
        uint8_t value;
        enum ipv4_reason reason;
    } rows[] = {
        {0, 0x55, IPV4_BAD_VERSION}, {0, 0x44, IPV4_BAD_HEADER_LENGTH}, {11, 0xff, IPV4_BAD_CHECKSUM}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[20];
        struct ipv4_header h = from_bob;
        h.header_bytes = 20, h.total_bytes = 20, h.ttl = 64;
        ipv4_header_emit(&h, bytes);
        bytes[rows[i].place] = rows[i].value;
        station_hear(&s, ALICE_MAC, ETHERNET_TYPE_IPV4, bytes, sizeof bytes);
        if (s.last_reason != rows[i].reason)
            fail_msg("row %zu: %s", i, ipv4_reason_words[s.last_reason]);
        assert_string_equal(hand_word(hand_fact(&s.hand, "ip.drop"), 0), ipv4_reason_words[rows[i].reason]);
        hand_expect_silence(&s.hand);
    }
    assert_int_equal(s.ip.counters.dropped, 3);
    assert_int_equal(udp.arrivals, 0);
}

/* IP-4, IP-20: who may be a source, who is meant. Everything else in silence. */
static void test_ipv4__judges_both_addresses(void **state)
{
    static const struct {
        const char *source, *destination;
        bool in_broadcast_frame;
        enum ipv4_reason reason;
        bool is_for_many;
    } rows[] = {
        {"10.0.0.2", "10.0.0.1", false, IPV4_OK, false},
        {"192.0.2.1", "10.0.0.1", false, IPV4_OK, false},
        {"10.0.0.2", "10.0.0.255", true, IPV4_OK, true},
        {"10.0.0.2", "255.255.255.255", true, IPV4_OK, true},
        {"10.0.0.2", "224.0.0.1", true, IPV4_OK, true},
        {"0.0.0.0", "255.255.255.255", true, IPV4_OK, true}, /* DHCP */
        {"0.0.0.0", "10.0.0.1", false, IPV4_BAD_SOURCE, false},
        {"10.0.0.255", "10.0.0.1", false, IPV4_BAD_SOURCE, false},
        {"255.255.255.255", "10.0.0.1", false, IPV4_BAD_SOURCE, false},
        {"224.0.0.1", "10.0.0.1", false, IPV4_BAD_SOURCE, false},
        {"240.0.0.1", "10.0.0.1", false, IPV4_BAD_SOURCE, false},
        {"10.0.0.1", "10.0.0.1", false, IPV4_BAD_SOURCE, false}, /* our own address, from outside */
        {"127.0.0.1", "10.0.0.1", false, IPV4_LOOPBACK_ON_WIRE, false},
        {"10.0.0.2", "127.0.0.1", false, IPV4_LOOPBACK_ON_WIRE, false},
        {"10.0.0.2", "10.0.0.3", false, IPV4_NOT_FOR_US, false},
        {"10.0.0.2", "10.0.1.255", false, IPV4_NOT_FOR_US, false},
        {"10.0.0.2", "224.0.0.9", true, IPV4_NOT_FOR_US, false},
        {"10.0.0.2", "10.0.0.1", true, IPV4_UNICAST_IN_BROADCAST, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[20];
        struct ipv4_header h = {
            .header_bytes = 20, .total_bytes = 20, .ttl = 1, .protocol = IPV4_PROTOCOL_UDP};
        ipv4_parse(rows[i].source, &h.source, NULL);
        ipv4_parse(rows[i].destination, &h.destination, NULL);
        ipv4_header_emit(&h, bytes);
        station_hear(&s, rows[i].in_broadcast_frame ? mac_broadcast : ALICE_MAC, ETHERNET_TYPE_IPV4, bytes,
                     20);
        if (s.last_reason != rows[i].reason)
            fail_msg("row %zu, %s > %s: %s", i, rows[i].source, rows[i].destination,
                     ipv4_reason_words[s.last_reason]);
        if (s.last_reason == IPV4_OK)
            assert_int_equal(udp.last.is_for_many, rows[i].is_for_many);
        hand_expect_silence(&s.hand);
    }
}

/* IP-5: a time to live of 1 is enough for the last hop, and so is 0 for a host. */
static void test_ipv4__does_not_look_at_the_time_to_live(void **state)
{
    struct ipv4_header h = from_bob;
    h.ttl = 1;
    station_hear_datagram(&s, h, NULL, 0);
    assert_int_equal(udp.arrivals, 1);
}

/* Unknown protocol: ICMP-6, 3/2, as RFC 1122 3.2.2.1 says. */
static void test_ipv4__says_so_when_nobody_speaks_the_protocol(void **state)
{
    struct ipv4_header h = from_bob;
    h.protocol = 99;
    station_hear_datagram(&s, h, (const uint8_t *)"hello", 5);
    assert_int_equal(s.last_reason, IPV4_NO_PROTOCOL);
    const struct hand_frame *frame = hand_expect_frame(
        &s.hand, "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 protocol 99 unreachable, length 33");
    assert_true(hand_goes_back_to(&s.hand, frame->cause, "ip.drop"));
    hand_expect_silence(&s.hand);
}

/* IP-15, IP-16, ICMP-11: what is not known is ignored, what cannot be is told with the octet that is wrong, and a source route
 * that leads on is refused: RFC 1122 3.2.1.8 and 3.2.2.5, RFC 1812 5.2.4.1. */
static void test_ipv4__judges_options(void **state)
{
#define WRONG(octet) "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet " #octet ", length "
#define REFUSED "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 unreachable - source route failed, length "
    static const struct {
        uint8_t options[12], length;
        enum ipv4_reason reason;
        const char *answer; /* without the length at its end; NULL: silence */
    } rows[] = {
        {{1, 1, 1, 0}, 4, IPV4_OK, NULL},
        {{30, 4, 9, 9}, 4, IPV4_OK, NULL},                                       /* nobody knows it */
        {{0, 7, 255, 255}, 4, IPV4_OK, NULL},                                    /* behind the end there is nothing */
        {{7, 7, 4, 0, 0, 0, 0, 0}, 8, IPV4_OK, NULL},                            /* record route */
        {{68, 8, 5, 0, 0, 0, 0, 0}, 8, IPV4_OK, NULL},                           /* timestamps */
        {{131, 7, 8, 10, 0, 0, 9, 0}, 8, IPV4_OK, NULL},                         /* a route that ends here */
        {{131, 7, 4, 10, 0, 0, 9, 0}, 8, IPV4_SOURCE_ROUTED, REFUSED "36"},      /* one that leads on */
        {{1, 137, 7, 4, 10, 0, 0, 9}, 8, IPV4_SOURCE_ROUTED, REFUSED "36"},      /* strictly */
        {{1, 1, 1, 30}, 4, IPV4_BAD_OPTIONS, WRONG(24) "32"},                    /* no room for a length */
        {{30, 0, 0, 0}, 4, IPV4_BAD_OPTIONS, WRONG(21) "32"},
        {{30, 1, 0, 0}, 4, IPV4_BAD_OPTIONS, WRONG(21) "32"},
        {{30, 5, 0, 0}, 4, IPV4_BAD_OPTIONS, WRONG(21) "32"},                    /* beyond the header */
        {{7, 2, 0, 0}, 4, IPV4_BAD_OPTIONS, WRONG(21) "32"},                     /* no pointer */
        {{1, 7, 7, 3, 0, 0, 0, 0}, 8, IPV4_BAD_OPTIONS, WRONG(23) "36"},         /* a pointer into itself */
        {{68, 8, 4, 0, 0, 0, 0, 0}, 8, IPV4_BAD_OPTIONS, WRONG(22) "36"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ipv4_header h = from_bob;
        unsigned before = udp.arrivals;
        h.options = rows[i].options;
        h.options_bytes = rows[i].length;
        station_hear_datagram(&s, h, NULL, 0);
        if (s.last_reason != rows[i].reason)
            fail_msg("row %zu: %s", i, ipv4_reason_words[s.last_reason]);
        assert_int_equal(udp.arrivals - before, rows[i].reason == IPV4_OK);
        if (rows[i].answer)
            hand_expect_frame(&s.hand, rows[i].answer);
        hand_expect_silence(&s.hand);
    }
}

/* IP-9: two pieces are one datagram. More of it in test_forward.c. */
static void test_ipv4__puts_pieces_together(void **state)
{
    struct ipv4_header h = from_bob;
    h.more_fragments = true;
    station_hear_datagram(&s, h, (const uint8_t *)"12345678", 8);
    assert_int_equal(udp.arrivals, 0);
    h.more_fragments = false;
    h.fragment_bytes = 8;
    station_hear_datagram(&s, h, (const uint8_t *)"12345678", 8);
    assert_int_equal(udp.arrivals, 1);
}

/* IP-19: the weak model. */
static void test_ipv4__accepts_any_own_address_on_any_interface(void **state)
{
    struct ipv4 ip;
    uint8_t bytes[20];
    struct counter counter = {.protocol = {.number = IPV4_PROTOCOL_UDP, .receive = count_arrival}};
    ipv4_init(&ip, &s.hand.env, s.ip.ops, &s.hand.pool, 2);
    ipv4_set_address(&ip, 0, (struct ipv4_prefix){ALICE, 24});
    ipv4_set_address(&ip, 1, (struct ipv4_prefix){{0xac100001}, 24});
    ipv4_register(&ip, &counter.protocol);
    struct ipv4_header h = {
        .header_bytes = 20, .total_bytes = 20, .protocol = 17, .source = BOB, .destination = {0xac100001}};
    ipv4_header_emit(&h, bytes);
    assert_int_equal(ipv4_receive(&ip, 0, false, (struct packet){bytes, 20, 0}), IPV4_OK);
    assert_int_equal(counter.last.interface, 0);
    ipv4_release(&ip);
}

/* ---- To ourselves ---- */

/* IP-4: 127/8 is never on a wire. It arrives an instant later, in order, because it was sent. */
static void test_ipv4__loops_back_what_is_for_ourselves(void **state)
{
    struct ipv4_request request = {.destination = IPV4_LOOPBACK, .protocol = IPV4_PROTOCOL_UDP};
    for (size_t i = 1; i <= 3; i++) {
        struct packet_out packet = packet_make(&s.hand.pool, PACKET_IPV4_HEADROOM, i);
        assert_int_equal(ipv4_send(&s.ip, &request, &packet), IPV4_SENT);
    }
    assert_int_equal(udp.arrivals, 0);
    hand_advance(&s.hand, 0);
    assert_int_equal(udp.arrivals, 3);
    assert_int_equal(udp.last.header.source.value, IPV4_LOOPBACK.value);
    assert_int_equal(udp.last.payload.length_bytes, 3);
    assert_true(hand_goes_back_to(&s.hand, s.hand.fact_count, "ip.tx"));
}

static void test_ipv4__bounds_what_is_on_its_way_to_ourselves(void **state)
{
    int sent = 0;
    for (int i = 0; i < 100; i++)
        sent += station_send(&s, ALICE, 5) == IPV4_SENT;
    assert_int_equal(sent, IPV4_LOOPED);
    assert_string_equal(hand_word(hand_fact(&s.hand, "ip.refused"), 0), "too much to ourselves");
    /* tear_down releases the machine with all of them still on their way */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ipv4__chooses_interface_next_hop_and_source),
        TEST(test_ipv4__refuses_what_cannot_be_sent),
        TEST(test_ipv4__sends_from_no_address_but_its_own),
        TEST(test_ipv4__may_send_without_an_address_when_asked_to),
        TEST(test_ipv4__writes_the_header_as_requested),
        TEST(test_ipv4__numbers_only_what_may_be_cut),
        TEST(test_ipv4__hands_down_the_same_buffer),
        TEST(test_ipv4__delivers_what_is_for_us),
        TEST(test_ipv4__takes_the_padding_off),
        TEST(test_ipv4__drops_what_is_malformed_in_silence),
        TEST(test_ipv4__judges_both_addresses),
        TEST(test_ipv4__does_not_look_at_the_time_to_live),
        TEST(test_ipv4__says_so_when_nobody_speaks_the_protocol),
        TEST(test_ipv4__judges_options),
        TEST(test_ipv4__puts_pieces_together),
        TEST(test_ipv4__accepts_any_own_address_on_any_interface),
        TEST(test_ipv4__loops_back_what_is_for_ourselves),
        TEST(test_ipv4__bounds_what_is_on_its_way_to_ourselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
