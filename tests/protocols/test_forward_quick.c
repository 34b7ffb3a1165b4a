/* SPDX-License-Identifier: MIT
 * The quick way through a router against the plain one: what it takes leaves the same machine by the same
 * interface, to the same neighbour, with the same bytes; what it does not take it has not touched. */
#include <stdlib.h>

#include "protocols/ipv4/ipv4.h"
#include "sim/base/bytes.h"
#include "sim/base/sum16.h"
#include "tests/protocols/hand_env.h"

#define ROOM 64
#define ROUNDS 200000

/* A router with three interfaces, and what it sent last. */
struct lab {
    struct ipv4 ip; /* first: the ops find the lab by it */
    struct packet_pool pool;
    struct hand_env hand;
    uint32_t sent, out;
    struct ipv4_address hop;
    uint8_t bytes[ROOM];
    size_t length_bytes;
};

static struct packet_out lab_make(struct packet_pool *pool, size_t headroom_bytes, size_t length_bytes)
{
    uint8_t *owner = malloc(headroom_bytes + length_bytes);
    return (struct packet_out){owner + headroom_bytes, length_bytes, headroom_bytes, 1, owner};
}

static void lab_give_back(struct packet_pool *pool, struct packet_out *packet)
{
    free(packet->owner);
}

static void lab_transmit(struct ipv4 *ip, uint32_t interface, struct ipv4_address hop,
                         struct packet_out *packet)
{
    struct lab *lab = (struct lab *)ip;
    lab->sent++;
    lab->out = interface;
    lab->hop = hop;
    lab->length_bytes = packet->length_bytes;
    assert_true(packet->length_bytes <= ROOM);
    memcpy(lab->bytes, packet->bytes, packet->length_bytes);
    free(packet->owner);
}

static const struct packet_ops pool_ops = {lab_make, lab_give_back, NULL};
static const struct ipv4_ops ip_ops = {.transmit = lab_transmit};

static void lab_init(struct lab *lab)
{
    *lab = (struct lab){.pool = {&pool_ops}};
    hand_init(&lab->hand);
    lab->hand.is_listening = false;
    ipv4_init(&lab->ip, &lab->hand.env, &ip_ops, &lab->pool, 3);
    lab->ip.forwards = true;
    for (uint32_t i = 0; i < 3; i++)
        ipv4_set_address(&lab->ip, i, (struct ipv4_prefix){{UINT32_C(0x0a000001) + (i << 8)}, 24});
    lab->ip.interfaces[2].mtu_bytes = 40;
    ipv4_set_gateway(&lab->ip, (struct ipv4_address){UINT32_C(0x0a000105)});
    for (uint32_t i = 0; i < 3; i++) /* 8.0.0.0/8 by equal ways, one of them back where most come from */
        routes_add(&lab->ip.routes, &(struct route){.prefix = {{UINT32_C(0x08000000)}, 8},
                                                    .next_hop = {UINT32_C(0x0a000009) + (i << 8)},
                                                    .interface = i,
                                                    .source = ROUTE_STATIC,
                                                    .weight = (uint16_t)(1 + i)});
}

static void lab_release(struct lab *lab)
{
    ipv4_release(&lab->ip);
    hand_release(&lab->hand);
}

/* What a stack does with the quick way: sends the datagram's own bytes on. False: nothing was done. */
static bool pass(struct lab *lab, uint32_t in, uint8_t *bytes, size_t length)
{
    const struct route *route = ipv4_quick_way(&lab->ip, in, &(struct packet){bytes, length, 7, 0, 0});
    if (!route)
        return false;
    ipv4_pass_quickly(&lab->ip, bytes);
    lab->sent++;
    lab->out = route->interface;
    lab->hop = ipv4_is_any(route->next_hop) ? (struct ipv4_address){bytes_u32(bytes + 16)} : route->next_hop;
    lab->length_bytes = bytes_u16(bytes + 2);
    memcpy(lab->bytes, bytes, lab->length_bytes);
    return true;
}

static uint32_t next_below(uint64_t *state, uint32_t limit)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545f4914f6cdd1d) >> 32) % limit);
}

/* A datagram that would pass, with up to two fields that it might stumble over. Returns the bytes of its
 * frame. */
static size_t draw_datagram(uint64_t *random, uint8_t *bytes)
{
    static const uint32_t addresses[] = {0x0a000002, 0x0a000102, 0x0a000202, 0x0a000001,
                                         0x0a0001ff, 0x08080808, 0x7f000001, 0xe0000001,
                                         0xffffffff, 0x00000000, 0xf0000001, 0x0a0000ff};
    struct ipv4_header header = {.header_bytes = 20,
                                 .total_bytes = (uint16_t)(20 + next_below(random, 30)),
                                 .ttl = (uint8_t)(64 - next_below(random, 3)),
                                 .protocol = 17,
                                 .dont_fragment = next_below(random, 2),
                                 .id = (uint16_t)next_below(random, 65536),
                                 .source = {addresses[0]},
                                 .destination = {addresses[1 + next_below(random, 2)]}};
    size_t length = header.total_bytes + (size_t)next_below(random, 3);
    for (uint32_t faults = next_below(random, 3); faults > 0; faults--) {
        switch (next_below(random, 5)) {
        case 0:
            header.source.value = addresses[next_below(random, 12)];
            break;
        case 1:
            header.destination.value = addresses[next_below(random, 12)];
            break;
        case 2:
            header.ttl = (uint8_t)next_below(random, 3);
            break;
        case 3:
            header.fragment_bytes = 8;
            break;
        default:
            length -= next_below(random, 4);
        }
    }
    if (next_below(random, 4) == 0)
        header.destination.value = addresses[5]; /* which has equal ways */
    memset(bytes, 0x5a, ROOM);
    bytes_put_u32(bytes + 20, next_below(random, 1000)); /* ports */
    ipv4_header_emit(&header, bytes);
    if (next_below(random, 8) == 0)
        bytes[next_below(random, 20)] ^= (uint8_t)(1u << next_below(random, 8));
    return length;
}

static void test_forward_quick__does_what_the_plain_way_does_or_nothing(void **state)
{
    struct lab quick, plain;
    uint64_t random = 5;
    uint32_t taken = 0;
    lab_init(&quick);
    lab_init(&plain);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint8_t before[ROOM], bytes[ROOM], same[ROOM];
        size_t length = draw_datagram(&random, before);
        uint32_t in = next_below(&random, 8) ? 0 : next_below(&random, 3);
        memcpy(bytes, before, ROOM);
        memcpy(same, before, ROOM);
        quick.sent = plain.sent = 0;
        if (!pass(&quick, in, bytes, length)) {
            assert_memory_equal(bytes, before, ROOM);
            assert_int_equal(quick.sent, 0);
            continue;
        }
        taken++;
        plain.ip.counters.forwarded = 0;
        assert_int_equal(ipv4_receive(&plain.ip, in, false, (struct packet){same, length, 7}), IPV4_OK);
        assert_int_equal(plain.ip.counters.forwarded, 1);
        assert_int_equal(quick.sent, plain.sent);
        assert_int_equal(quick.out, plain.out);
        assert_int_equal(quick.hop.value, plain.hop.value);
        assert_int_equal(quick.length_bytes, plain.length_bytes);
        assert_memory_equal(quick.bytes, plain.bytes, plain.length_bytes);
    }
    assert_int_equal(quick.ip.counters.forwarded, taken);
    assert_true(taken > ROUNDS / 4 && taken < ROUNDS - ROUNDS / 4);
    lab_release(&quick);
    lab_release(&plain);
}

static void test_forward_quick__takes_nothing_while_somebody_listens(void **state)
{
    struct lab lab;
    uint8_t bytes[ROOM] = {0};
    struct ipv4_header header = {
        .header_bytes = 20, .total_bytes = 20, .ttl = 9, .source = {0x0a000002}, .destination = {0x0a000102}};
    lab_init(&lab);
    ipv4_header_emit(&header, bytes);
    lab.hand.is_listening = true;
    assert_false(pass(&lab, 0, bytes, 20));
    lab.hand.is_listening = false;
    assert_true(pass(&lab, 0, bytes, 20));
    lab_release(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forward_quick__does_what_the_plain_way_does_or_nothing),
        cmocka_unit_test(test_forward_quick__takes_nothing_while_somebody_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
