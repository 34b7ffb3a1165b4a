/* SPDX-License-Identifier: MIT
 * How many flows does one address carry? Reference result S-04, exact: ports divided by how long each is
 * held. And with flows that come at random, Erlang's loss formula. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/protocols/nat_lab.h"

#define HOLD (120 * ENV_SECOND)

static struct nat_lab lab;

static int set_up(void **state)
{
    return 0;
}

static int tear_down(void **state)
{
    lab_release(&lab);
    return 0;
}

static void start(uint16_t first_port, uint16_t last_port, int64_t hold)
{
    struct nat_config config = nat_config_default();
    config.first_port = first_port;
    config.last_port = last_port;
    config.flows.limit = UINT32_MAX;
    config.flows.timeouts[FLOW_DATAGRAM] = hold;
    lab_init(&lab, &config);
    lab.hand.is_listening = false;
    lab.forgets = true;
    lab.icmp.config.errors_per_second = 0;
}

/* A new flow; is there a port for it? */
static bool try_flow(uint32_t number)
{
    char from[32];
    uint64_t before = lab.nat.counters.exhausted;
    snprintf(from, sizeof from, "10.0.0.%u:%u", 10 + number / 50000 % 200, 2000 + number % 50000);
    lab_hear(&lab, INSIDE,
             &(struct lab_packet){.from = from, .to = "192.0.2.1:53", .protocol = IPV4_PROTOCOL_UDP});
    return lab.nat.counters.exhausted == before;
}

/* S-04: 1000 flows a second, each held 120 s: the 64 512 ports above 1023 are gone after 64.5 s. */
static void test_nat_ports__are_gone_after_64_and_a_half_seconds(void **state)
{
    uint32_t number = 0;
    start(NAT_PORTS_FIRST, NAT_PORTS_LAST, HOLD);
    while (try_flow(number)) {
        number++;
        hand_advance(&lab.hand, ENV_MILLISECOND);
    }
    assert_int_equal(number, 64512);
    assert_int_equal(lab.hand.now, 64512 * ENV_MILLISECOND);
    hand_advance(&lab.hand, HOLD - 64512 * ENV_MILLISECOND); /* the first falls free */
    assert_true(try_flow(number));
    assert_false(try_flow(number + 1));
}

/* S-04: at the steady capacity nothing is lost; a little above it, something is. */
static void test_nat_ports__carry_ports_over_hold_flows_a_second(void **state)
{
    static const struct {
        uint16_t first, last;
        int64_t hold;
        int64_t flows_per_1000_s; /* ports / hold */
    } rows[] = {{2000, 2999, HOLD, 8333},                    /* a block of 1000: 8.33 flows a second */
                {49152, 65535, 60 * ENV_SECOND, 273066},     /* IANA's dynamic ports: 273 */
                {32768, 60999, 60 * ENV_SECOND, 470533},     /* Linux's 28 232: 470.5 */
                {NAT_PORTS_FIRST, NAT_PORTS_LAST, HOLD, 537600}}; /* one whole address: 537.6 */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t ports = rows[i].last - rows[i].first + 1u;
        for (int over = 0; over < 2; over++) {
            int64_t gap = 1000 * ENV_SECOND / rows[i].flows_per_1000_s;
            gap = over ? gap - gap / 500 : gap + gap / 500;
            if (i + (size_t)over > 0)
                lab_release(&lab);
            start(rows[i].first, rows[i].last, rows[i].hold);
            for (uint32_t n = 0; n < ports + ports / 4; n++) {
                try_flow(n);
                hand_advance(&lab.hand, gap);
            }
            assert_true(over ? lab.nat.counters.exhausted > 0 : lab.nat.counters.exhausted == 0);
        }
    }
}

/* Flows at random: in each millisecond one comes with a chance of one in `chance`. So short are the slots that
 * this is Poisson's process, as far as the result can tell. */
static uint32_t slots_until_next(uint64_t *dice, uint32_t chance)
{
    uint32_t slots = 1;
    for (;; slots++) {
        *dice = *dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (*dice >> 32 < UINT32_MAX / chance)
            return slots;
    }
}

/* S-04, Erlang B with a fixed hold of 10 s. Loss in parts per million, within what chance allows. */
static void test_nat_ports__lose_what_erlang_says(void **state)
{
    static const struct {
        uint32_t ports, chance; /* offered: 10 000 / chance erlang */
        int64_t loss_ppm, tolerance_ppm;
    } rows[] = {{100, 100, 75700, 6000},  /* 100 erlang: 0.0757 */
                {100, 125, 3990, 1000},   /* 80 erlang: 0.00399 */
                {1000, 10, 24800, 4000}}; /* 1000 erlang on 1000 ports: 0.0248 */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t dice = 1;
        const uint32_t flows = 100000;
        if (i > 0)
            lab_release(&lab);
        start(2000, (uint16_t)(2000 + rows[i].ports - 1), 10 * ENV_SECOND);
        for (uint32_t n = 0; n < flows; n++) {
            try_flow(n);
            hand_advance(&lab.hand, slots_until_next(&dice, rows[i].chance) * ENV_MILLISECOND);
        }
        int64_t loss_ppm = (int64_t)lab.nat.counters.exhausted * 1000000 / flows;
        if (llabs(loss_ppm - rows[i].loss_ppm) > rows[i].tolerance_ppm)
            fail_msg("row %zu: %lld of a million flows found no port", i, (long long)loss_ppm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_nat_ports__are_gone_after_64_and_a_half_seconds),
        TEST(test_nat_ports__carry_ports_over_hold_flows_a_second),
        TEST(test_nat_ports__lose_what_erlang_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
