/* SPDX-License-Identifier: MIT
 * Round trips and the timeout against RFC 6298's text and the tables of the textbooks. */
#include "tests/protocols/hand_env.h"

#include "protocols/tcp/rtt.h"

#define MS ENV_MILLISECOND

static uint64_t no_flow(const struct tcp_teller *teller)
{
    (void)teller;
    return 0;
}

struct rtt_test {
    struct hand_env hand;
    struct tcp_teller teller;
    struct tcp_rtt rtt;
};

static struct rtt_test *rtt_test_new(struct tcp_rtt_rules rules)
{
    struct rtt_test *t = test_malloc(sizeof *t);
    hand_init(&t->hand);
    t->teller = (struct tcp_teller){.env = &t->hand.env, .flow = no_flow};
    tcp_rtt_init(&t->rtt, &rules, &t->teller);
    return t;
}

static void rtt_test_free(struct rtt_test *t)
{
    hand_release(&t->hand);
    test_free(t);
}

static const struct tcp_rtt_rules rfc = {
    .initial = ENV_SECOND, .least = ENV_SECOND, .most = 60 * ENV_SECOND, .granularity = MS};

static void sample(struct rtt_test *t, int64_t duration)
{
    tcp_rtt_sample(&t->rtt, duration, tcp_seq_at(0), tcp_seq_at(0), 1);
}

/* RFC 6298 (2.1), (2.2), (2.4). */
static void test_rtt__begins_as_the_rfc_says(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    assert_int_equal(t->rtt.rto, ENV_SECOND);
    sample(t, 100 * MS);
    assert_int_equal(tcp_rtt_srtt(&t->rtt), 100 * MS);
    assert_int_equal(tcp_rtt_rttvar(&t->rtt), 50 * MS);
    assert_int_equal(tcp_rtt_raw_rto(&t->rtt), 300 * MS);
    assert_int_equal(t->rtt.rto, ENV_SECOND);
    rtt_test_free(t);
}

/* Round trips of 100 ms: the variation falls by a quarter with each, RTO = 100 + 200 (3/4)^n ms. */
static void test_rtt__converges_in_quarters(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    static const int64_t microseconds[] = {300000, 250000, 212500, 184375, 163281, 147461};
    for (int i = 1; i <= 20; i++) {
        sample(t, 100 * MS);
        int64_t rto = (tcp_rtt_raw_rto(&t->rtt) + ENV_MICROSECOND / 2) / ENV_MICROSECOND;
        if (i <= 6)
            assert_int_equal(rto, microseconds[i - 1]);
        if (i == 10)
            assert_int_equal(rto, 115017);
        if (i == 19)
            assert_int_equal(rto, 101128);
        if (i ==
            20) /* 4 RTTVAR is under a millisecond: the clock's granularity counts then, unless it is finer */
            assert_int_equal(rto, 101000);
    }
    rtt_test_free(t);
    struct tcp_rtt_rules fine = rfc;
    fine.granularity = 1;
    t = rtt_test_new(fine);
    for (int i = 0; i < 20; i++)
        sample(t, 100 * MS);
    assert_int_equal((tcp_rtt_raw_rto(&t->rtt) + ENV_MICROSECOND / 2) / ENV_MICROSECOND, 100846);
    rtt_test_free(t);
}

static void test_rtt__follows_one_slow_sample(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    static const int64_t rows[][2] = {{500, 1500000}, {500, 1250000}, {1500, 2187500}, {500, 1906250}};
    for (size_t i = 0; i < 4; i++) {
        sample(t, rows[i][0] * MS);
        assert_int_equal(t->rtt.rto, rows[i][1] * ENV_MICROSECOND);
    }
    rtt_test_free(t);
}

/* The textbook's table: SRTT 240, DEV 23 ms before; samples 260, 220, 200. The deviation uses the old
 * estimate. */
static void test_rtt__agrees_with_the_textbook(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    t->rtt.has_sample = true;
    t->rtt.srtt8 = 8 * 240 * MS;
    t->rtt.rttvar4 = 4 * 23 * MS;
    static const int64_t rows[][4] = {
        {260, 242500, 22250, 331500}, {220, 239688, 22313, 328938}, {200, 234727, 26656, 341352}};
    for (size_t i = 0; i < 3; i++) {
        sample(t, rows[i][0] * MS);
        assert_in_range(tcp_rtt_srtt(&t->rtt), (rows[i][1] - 1) * ENV_MICROSECOND,
                        (rows[i][1] + 1) * ENV_MICROSECOND);
        assert_in_range(tcp_rtt_rttvar(&t->rtt), (rows[i][2] - 1) * ENV_MICROSECOND,
                        (rows[i][2] + 1) * ENV_MICROSECOND);
        assert_in_range(tcp_rtt_raw_rto(&t->rtt), (rows[i][3] - 1) * ENV_MICROSECOND,
                        (rows[i][3] + 1) * ENV_MICROSECOND);
    }
    rtt_test_free(t);
}

/* RFC 6298 (5.5), (2.5), and section 5: a sample ends the backoff. */
static void test_rtt__doubles_up_to_the_maximum(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    static const int64_t seconds[] = {2, 4, 8, 16, 32, 60, 60};
    for (size_t i = 0; i < 7; i++) {
        tcp_rtt_back_off(&t->rtt);
        assert_int_equal(t->rtt.rto, seconds[i] * ENV_SECOND);
        assert_int_equal(t->rtt.backoff, i + 1);
    }
    assert_int_equal(hand_fact_count(&t->hand, "tcp.rto"), 6);
    sample(t, 100 * MS);
    assert_int_equal(t->rtt.rto, ENV_SECOND);
    assert_int_equal(t->rtt.backoff, 0);
    rtt_test_free(t);
}

/* RFC 6298 (5.7). */
static void test_rtt__waits_three_seconds_after_a_lost_syn(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    tcp_rtt_back_off(&t->rtt);
    tcp_rtt_syn_was_lost(&t->rtt);
    assert_int_equal(t->rtt.rto, 3 * ENV_SECOND);
    rtt_test_free(t);

    t = rtt_test_new(rfc); /* with a sample, thanks to timestamps, the estimate stands */
    sample(t, 400 * MS);
    tcp_rtt_syn_was_lost(&t->rtt);
    assert_int_equal(t->rtt.rto, 1200 * MS);
    rtt_test_free(t);
}

/* RFC 7323 appendix G: four samples in a round trip weigh together as much as one did. */
static void test_rtt__divides_the_gains_among_many_samples(void **state)
{
    (void)state;
    struct rtt_test *t = rtt_test_new(rfc);
    sample(t, 100 * MS);
    for (int i = 0; i < 4; i++)
        tcp_rtt_sample(&t->rtt, 180 * MS, tcp_seq_at(0), tcp_seq_at(0), 4);
    /* 1 - (1 - 1/32)^4 of the way from 100 to 180 ms */
    assert_in_range(tcp_rtt_srtt(&t->rtt), 109500 * ENV_MICROSECOND, 109600 * ENV_MICROSECOND);
    rtt_test_free(t);
}

/* The variation term is never under 200 ms, and falls once a round trip. */
static void test_rtt__as_linux_has_a_floor_under_the_variation(void **state)
{
    (void)state;
    struct tcp_rtt_rules rules = {.initial = ENV_SECOND,
                                  .least = 200 * MS,
                                  .most = 120 * ENV_SECOND,
                                  .granularity = MS,
                                  .is_linux = true};
    struct rtt_test *t = rtt_test_new(rules);
    tcp_rtt_sample(&t->rtt, 10 * MS, tcp_seq_at(0), tcp_seq_at(1000), 1);
    assert_int_equal(t->rtt.rto, 210 * MS);
    for (uint32_t i = 1; i < 50; i++)
        tcp_rtt_sample(&t->rtt, 10 * MS, tcp_seq_at(i * 1000), tcp_seq_at(i * 1000 + 1000), 1);
    assert_int_equal(t->rtt.rto, 210 * MS);
    /* One of 400 ms: the deviation jumps by a quarter of the error at once, less what it forgets. */
    int64_t deviation4 = t->rtt.deviation4;
    int64_t srtt = tcp_rtt_srtt(&t->rtt);
    tcp_rtt_sample(&t->rtt, 400 * MS, tcp_seq_at(50000), tcp_seq_at(51000), 1);
    assert_int_equal(t->rtt.deviation4, deviation4 + (400 * MS - srtt) - deviation4 / 4);
    assert_true(t->rtt.rto > 400 * MS);
    /* Much shorter ones count for an eighth. */
    int64_t before = t->rtt.rttvar4;
    for (uint32_t i = 51; i < 58; i++)
        tcp_rtt_sample(&t->rtt, 10 * MS, tcp_seq_at(i * 1000), tcp_seq_at(i * 1000 + 1000), 1);
    assert_true(t->rtt.rttvar4 < before);
    assert_true(t->rtt.rto >= 200 * MS + tcp_rtt_srtt(&t->rtt));
    rtt_test_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rtt__begins_as_the_rfc_says),
        cmocka_unit_test(test_rtt__converges_in_quarters),
        cmocka_unit_test(test_rtt__follows_one_slow_sample),
        cmocka_unit_test(test_rtt__agrees_with_the_textbook),
        cmocka_unit_test(test_rtt__doubles_up_to_the_maximum),
        cmocka_unit_test(test_rtt__waits_three_seconds_after_a_lost_syn),
        cmocka_unit_test(test_rtt__divides_the_gains_among_many_samples),
        cmocka_unit_test(test_rtt__as_linux_has_a_floor_under_the_variation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
