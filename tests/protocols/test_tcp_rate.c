/* SPDX-License-Identifier: MIT
 * Delivery rate samples: what the draft says a burst, an idle time and a retransmission must look like. */
#include "tests/protocols/hand_env.h"

#include "protocols/tcp/rate.h"

#define MS ENV_MILLISECOND

/* A steady flow: a segment of 1000 octets each millisecond, acknowledged 10 ms later. */
static void test_rate__of_a_steady_flow_is_its_rate(void **state)
{
    (void)state;
    struct tcp_rate rate;
    struct tcp_rate_mark marks[100];
    tcp_rate_init(&rate, 0);
    for (int i = 0; i < 100; i++) {
        int64_t now = i * MS;
        tcp_rate_sent(&rate, now, i == 0, &marks[i]);
        if (i < 10)
            continue;
        tcp_rate_delivered(&rate, &marks[i - 10], now - 10 * MS, (uint64_t)i - 10, 1000, now);
        struct tcp_rate_sample sample = tcp_rate_take(&rate, 10 * MS);
        assert_true(sample.is_valid);
        if (i >= 25)
            assert_int_equal(tcp_rate_bps(sample.delivered_bytes, sample.interval), 8000000);
        assert_true(tcp_rate_bps(sample.delivered_bytes, sample.interval) <= 8000000);
    }
}

/* Section 3.1.2: ACKs that come in a burst do not make the network fast, since sending took longer. */
static void test_rate__is_not_fooled_by_acknowledgments_in_a_burst(void **state)
{
    (void)state;
    struct tcp_rate rate;
    struct tcp_rate_mark marks[20];
    tcp_rate_init(&rate, 0);
    for (int i = 0; i < 20; i++)
        tcp_rate_sent(&rate, i * MS, i == 0, &marks[i]);
    for (int i = 0; i < 20; i++) {
        tcp_rate_delivered(&rate, &marks[i], i * MS, (uint64_t)i, 1000, 30 * MS);
        struct tcp_rate_sample sample = tcp_rate_take(&rate, ENV_NEVER);
        assert_true(tcp_rate_bps(sample.delivered_bytes, sample.interval) <= 8000000);
    }
}

/* Section 3.4: what the application held back says only what it wanted. */
static void test_rate__says_when_the_application_was_the_limit(void **state)
{
    (void)state;
    struct tcp_rate rate;
    struct tcp_rate_mark first, second, third;
    tcp_rate_init(&rate, 0);
    tcp_rate_sent(&rate, 0, true, &first);
    tcp_rate_starved(&rate, 1000);
    tcp_rate_sent(&rate, MS, false, &second);
    tcp_rate_delivered(&rate, &first, 0, 1, 1000, 10 * MS);
    assert_false(tcp_rate_take(&rate, ENV_NEVER).is_app_limited);
    tcp_rate_delivered(&rate, &second, MS, 2, 1000, 11 * MS);
    assert_true(tcp_rate_take(&rate, ENV_NEVER).is_app_limited);
    tcp_rate_sent(&rate, 12 * MS, true, &third); /* the bubble has passed */
    tcp_rate_delivered(&rate, &third, 12 * MS, 3, 1000, 22 * MS);
    struct tcp_rate_sample sample = tcp_rate_take(&rate, ENV_NEVER);
    assert_false(sample.is_app_limited);
    assert_int_equal(sample.interval, 10 * MS); /* silence is no part of it */
    assert_int_equal(tcp_rate_bps(sample.delivered_bytes, sample.interval), 800000);
}

/* Section 3.3: over less than the shortest round trip there is no sample. */
static void test_rate__ignores_what_took_less_than_a_round_trip(void **state)
{
    (void)state;
    struct tcp_rate rate;
    struct tcp_rate_mark mark;
    tcp_rate_init(&rate, 0);
    tcp_rate_sent(&rate, 0, true, &mark);
    tcp_rate_delivered(&rate, &mark, 0, 1, 1000, 3 * MS);
    assert_false(tcp_rate_take(&rate, 10 * MS).is_valid);
    assert_false(tcp_rate_take(&rate, 10 * MS).is_valid);
    assert_int_equal(rate.last_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rate__of_a_steady_flow_is_its_rate),
        cmocka_unit_test(test_rate__is_not_fooled_by_acknowledgments_in_a_burst),
        cmocka_unit_test(test_rate__says_when_the_application_was_the_limit),
        cmocka_unit_test(test_rate__ignores_what_took_less_than_a_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
