/* SPDX-License-Identifier: MIT
 * How much may be sent: each congestion control against the text of its RFC. */
#include "tests/protocols/tcp_path.h"

#define MS ENV_MILLISECOND
#define MSS 1000

struct bench {
    struct hand_env hand;
    struct tcp_teller teller;
    struct tcp_congestion c;
};

static uint64_t no_flow(const struct tcp_teller *teller)
{
    (void)teller;
    return 0;
}

static struct bench *bench_new(const char *name, struct tcp_congestion_rules rules)
{
    struct bench *b = test_calloc(1, sizeof *b);
    hand_init(&b->hand);
    b->teller = (struct tcp_teller){&b->hand.env, no_flow};
    tcp_congestion_init(&b->c, tcp_congestion_find(name), &rules, &b->teller);
    return b;
}

static void bench_free(struct bench *b)
{
    tcp_congestion_release(&b->c);
    hand_release(&b->hand);
    test_free(b);
}

static void ack(struct bench *b, uint32_t bytes)
{
    struct tcp_sample sample = {.now = b->hand.now,
                                .acked_bytes = bytes,
                                .delivered_bytes = bytes,
                                .rtt = 100 * MS,
                                .srtt = 100 * MS,
                                .least_rtt = 100 * MS,
                                .is_limited = true};
    tcp_congestion_acked(&b->c, &sample);
}

/* One round trip: the whole window is acknowledged, `per_ack` segments at a time. */
static void round_trip(struct bench *b, unsigned per_ack)
{
    uint32_t segments = b->c.cwnd / b->c.mss;
    for (uint32_t i = 0; i < segments; i += per_ack) {
        uint32_t left = segments - i;
        b->hand.now += 100 * MS * (left < per_ack ? left : per_ack) / segments;
        ack(b, (left < per_ack ? left : per_ack) * b->c.mss);
    }
}

static const struct tcp_congestion_rules by_acks = {.counting = TCP_COUNT_ACKS, .initial_segments = 1};
static const struct tcp_congestion_rules by_bytes = {.counting = TCP_COUNT_BYTES, .initial_segments = 10};
static const struct tcp_congestion_rules by_segments = {
    .counting = TCP_COUNT_SEGMENTS, .initial_segments = 10, .is_linux = true, .restarts_after_idle = true};

/* RFC 6928 section 2: min(10 MSS, max(2 MSS, 14 600)); RFC 5681 section 3.1 after a lost SYN. */
static void test_congestion__begins_with_the_initial_window(void **state)
{
    (void)state;
    static const struct {
        uint32_t mss, segments;
        bool syn_was_lost, is_linux;
        uint32_t cwnd;
    } rows[] = {
        {1460, 10, false, false, 14600}, {1448, 10, false, false, 14480}, {8948, 10, false, false, 17896},
        {536, 10, false, false, 5360},   {1460, 1, false, false, 1460},   {1460, 3, false, false, 4380},
        {8948, 10, false, true, 89480},  {1460, 10, true, false, 1460},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench *b =
            bench_new("newreno", (struct tcp_congestion_rules){.initial_segments = rows[i].segments,
                                                               .is_linux = rows[i].is_linux});
        tcp_congestion_start(&b->c, rows[i].mss, rows[i].syn_was_lost);
        if (b->c.cwnd != rows[i].cwnd)
            fail_msg("row %zu: %u instead of %u", i, b->c.cwnd, rows[i].cwnd);
        assert_int_equal(b->c.ssthresh, TCP_SSTHRESH_MOST);
        bench_free(b);
    }
}

/* RFC 5681 (2): doubles each round trip; half as much again with an ACK for every second segment. Rounds to
 * send n segments: ceil(log2(n/IW + 1)). */
static void test_congestion__doubles_in_slow_start(void **state)
{
    (void)state;
    static const struct {
        uint32_t initial, segments, rounds;
    } rows[] = {{1, 10, 4},  {1, 100, 7}, {1, 1000, 10}, {3, 10, 3},   {3, 100, 6},  {3, 1000, 9},
                {10, 10, 1}, {10, 15, 2}, {10, 30, 2},   {10, 100, 4}, {10, 1000, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench *b =
            bench_new("reno", (struct tcp_congestion_rules){.initial_segments = rows[i].initial});
        tcp_congestion_start(&b->c, MSS, false);
        uint32_t sent = 0, rounds = 0;
        for (; sent < rows[i].segments; rounds++) {
            sent += b->c.cwnd / MSS;
            round_trip(b, 1);
        }
        if (rounds != rows[i].rounds)
            fail_msg("row %zu: %u rounds instead of %u", i, rounds, rows[i].rounds);
        bench_free(b);
    }
    struct bench *b = bench_new("reno", by_bytes);
    tcp_congestion_start(&b->c, MSS, false);
    round_trip(b, 2);
    assert_int_equal(b->c.cwnd, 15 * MSS);
    bench_free(b);
    b = bench_new("reno", by_segments); /* Linux counts what was acknowledged */
    tcp_congestion_start(&b->c, MSS, false);
    round_trip(b, 2);
    assert_int_equal(b->c.cwnd, 20 * MSS);
    bench_free(b);
}

/* RFC 5681 (3): one MSS each round trip; half of that with delayed ACKs if ACKs are counted. */
static void test_congestion__grows_by_one_segment_in_avoidance(void **state)
{
    (void)state;
    static const char *const names[] = {"tahoe", "reno", "newreno"};
    for (size_t i = 0; i < 3; i++) {
        struct bench *b = bench_new(names[i], by_acks);
        tcp_congestion_start(&b->c, MSS, false);
        tcp_congestion_set_cwnd(&b->c, 20 * MSS, "test");
        tcp_congestion_set_ssthresh(&b->c, 10 * MSS, "test");
        round_trip(b, 1);
        assert_in_range(b->c.cwnd, 20 * MSS + 950, 21 * MSS);
        round_trip(b, 2);
        assert_in_range(b->c.cwnd, 21 * MSS + 350, 21 * MSS + 500);
        bench_free(b);

        b = bench_new(names[i], by_bytes);
        tcp_congestion_start(&b->c, MSS, false);
        tcp_congestion_set_ssthresh(&b->c, 10 * MSS, "test");
        for (unsigned k = 0; k < 10; k++) {
            assert_int_equal(b->c.cwnd, (10 + k) * MSS);
            round_trip(b, 1 + k % 2);
        }
        bench_free(b);
    }
}

/* RFC 5681 section 3.1: the window stands still while the sender does not use it. */
static void test_congestion__does_not_grow_unused(void **state)
{
    (void)state;
    for (const struct tcp_congestion_type *const *type = tcp_congestion_types; *type; type++) {
        struct bench *b = bench_new((*type)->name, by_bytes);
        tcp_congestion_start(&b->c, MSS, false);
        uint32_t before = b->c.cwnd;
        struct tcp_sample sample = {.acked_bytes = 5000, .delivered_bytes = 5000, .srtt = 100 * MS};
        tcp_congestion_acked(&b->c, &sample);
        assert_int_equal(b->c.cwnd, before);
        bench_free(b);
    }
}

static void test_congestion__halves_what_is_in_flight(void **state)
{
    (void)state;
    struct bench *b = bench_new("newreno", by_bytes);
    tcp_congestion_start(&b->c, 1460, false);
    tcp_congestion_lost(&b->c, 17520, "3rd duplicate ACK");
    assert_int_equal(b->c.ssthresh, 8760);
    assert_string_equal(hand_text(&b->hand, (uint64_t)hand_fact(&b->hand, "tcp.ssthresh")->values[3]),
                        "3rd duplicate ACK: ssthresh = max(FlightSize/2, 2 MSS) = 8 760, RFC 5681 (4)");
    tcp_congestion_lost(&b->c, 1460, "3rd duplicate ACK");
    assert_int_equal(b->c.ssthresh, 2920);
    tcp_congestion_timeout(&b->c, 1460, true);
    assert_int_equal(b->c.cwnd, 1460);
    bench_free(b);
}

/* RFC 5681 section 4.1; Linux halves for each RTO of silence. */
static void test_congestion__begins_anew_after_silence(void **state)
{
    (void)state;
    struct tcp_congestion_rules rules = by_bytes;
    rules.restarts_after_idle = true;
    struct bench *b = bench_new("newreno", rules);
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, 80 * MSS, "test");
    tcp_congestion_idle(&b->c, 900 * MS, ENV_SECOND);
    assert_int_equal(b->c.cwnd, 80 * MSS);
    tcp_congestion_idle(&b->c, 1100 * MS, ENV_SECOND);
    assert_int_equal(b->c.cwnd, 10 * MSS);
    bench_free(b);

    b = bench_new("newreno", by_segments);
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, 80 * MSS, "test");
    tcp_congestion_set_ssthresh(&b->c, 20 * MSS, "test");
    tcp_congestion_idle(&b->c, 2500 * MS, ENV_SECOND);
    assert_int_equal(b->c.cwnd, 20 * MSS);
    assert_int_equal(b->c.ssthresh, 60 * MSS);
    bench_free(b);
}

static void test_congestion__none_knows_no_limit(void **state)
{
    (void)state;
    struct bench *b = bench_new("none", by_bytes);
    tcp_congestion_start(&b->c, MSS, false);
    assert_int_equal(b->c.cwnd, TCP_CWND_MOST);
    tcp_congestion_lost(&b->c, 10 * MSS, "test");
    tcp_congestion_timeout(&b->c, 10 * MSS, true);
    assert_int_equal(b->c.cwnd, TCP_CWND_MOST);
    bench_free(b);
}

/* ---- CUBIC, RFC 9438 ---- */

/* A loss at `w_max` segments, then acknowledgments for `duration`; returns cwnd in hundredths of a segment.
 */
static int64_t cubic_after(struct bench *b, uint32_t w_max, int64_t duration)
{
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, w_max * MSS, "test");
    tcp_congestion_lost(&b->c, b->c.cwnd, "test");
    tcp_congestion_set_cwnd(&b->c, b->c.ssthresh, "test");
    int64_t until = b->hand.now + duration;
    while (b->hand.now < until) {
        b->hand.now += 100 * MS * MSS / b->c.cwnd;
        ack(b, MSS);
    }
    return (int64_t)b->c.cwnd * 100 / MSS;
}

/* W(t) = C (t - K)^3 + Wmax: T-06's table, two segments of tolerance, since the window aims a round trip
 * ahead. */
static void test_cubic__follows_its_curve(void **state)
{
    (void)state;
    static const struct {
        uint32_t w_max;
        int64_t t; /* ms */
        int64_t hundredths;
    } rows[] = {{100, 1000, 8668},   {100, 2000, 9564},   {100, 4000, 10000},  {100, 8000, 12165},
                {1000, 1000, 78856}, {1000, 2000, 85770}, {1000, 4000, 94739}, {1000, 8000, 99949}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench *b = bench_new("cubic", by_bytes);
        b->hand.is_listening = false;
        int64_t cwnd = cubic_after(b, rows[i].w_max, rows[i].t * MS);
        int64_t reno = rows[i].w_max * 70 + 53 * rows[i].t / 100; /* W_est, if that is larger */
        int64_t expected = rows[i].hundredths > reno ? rows[i].hundredths : reno;
        int64_t ahead = rows[i].w_max == 1000 && rows[i].t < 4000 ? 1000 : 200;
        if (cwnd < expected - 200 || cwnd > expected + ahead)
            fail_msg("row %zu: %lld instead of %lld hundredths", i, (long long)cwnd, (long long)expected);
        bench_free(b);
    }
}

/* TCP-66: a loss at 1000 segments: back after K = cbrt(300/0.4) = 9.09 s. */
static void test_cubic__is_back_after_k(void **state)
{
    (void)state;
    struct bench *b = bench_new("cubic", by_bytes);
    b->hand.is_listening = false;
    int64_t cwnd = cubic_after(b, 1000, 9086 * MS);
    assert_in_range(cwnd, 99000, 100100);
    assert_int_equal(b->c.ssthresh, 700 * MSS);
    bench_free(b);
}

/* Section 4.7: a second loss below Wmax lowers it further. */
static void test_cubic__gives_way(void **state)
{
    (void)state;
    struct bench *b = bench_new("cubic", by_bytes);
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, 1000 * MSS, "test");
    tcp_congestion_lost(&b->c, b->c.cwnd, "test");
    tcp_congestion_set_cwnd(&b->c, b->c.ssthresh, "test");
    assert_int_equal(b->c.cwnd, 700 * MSS);
    tcp_congestion_lost(&b->c, b->c.cwnd, "test");         /* Wmax = 700 (1 + 0.7)/2 = 595 */
    tcp_congestion_set_cwnd(&b->c, b->c.ssthresh, "test"); /* 490; K = cbrt(105/0.4) = 6.40 s */
    int64_t until = b->hand.now + 6404 * MS;
    b->hand.is_listening = false;
    while (b->hand.now < until) {
        b->hand.now += 100 * MS * MSS / b->c.cwnd;
        ack(b, MSS);
    }
    assert_in_range(b->c.cwnd, 593 * MSS, 597 * MSS);
    bench_free(b);
}

/* Section 4.3: with short round trips it is not slower than Reno would be. */
static void test_cubic__is_as_fast_as_reno_at_least(void **state)
{
    (void)state;
    struct bench *b = bench_new("cubic", by_bytes);
    b->hand.is_listening = false;
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, 20 * MSS, "test");
    tcp_congestion_lost(&b->c, b->c.cwnd, "test");
    tcp_congestion_set_cwnd(&b->c, b->c.ssthresh, "test");
    for (unsigned round = 0; round < 100; round++) /* of one millisecond: the cube has hardly begun */
        for (uint32_t i = b->c.cwnd / MSS; i > 0; i--) {
            b->hand.now += MS / (b->c.cwnd / MSS);
            ack(b, MSS);
        }
    /* 0.53 per round from 14 to 20 (11.3 rounds), then 1 per round: 14 + 6 + 88 */
    assert_in_range(b->c.cwnd, 103 * MSS, 111 * MSS);
    bench_free(b);
}

static void test_cubic__takes_back_what_it_remembers(void **state)
{
    (void)state;
    struct bench *b = bench_new("cubic", by_bytes);
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_set_cwnd(&b->c, 100 * MSS, "test");
    tcp_congestion_lost(&b->c, b->c.cwnd, "test");
    tcp_congestion_set_cwnd(&b->c, b->c.ssthresh, "test");
    tcp_congestion_undo(&b->c, "test");
    assert_int_equal(b->c.cwnd, 100 * MSS);
    assert_int_equal(b->c.ssthresh, TCP_SSTHRESH_MOST);
    bench_free(b);
}

static void test_congestion__knows_its_parameters(void **state)
{
    (void)state;
    struct bench *b = bench_new("cubic", by_bytes);
    assert_true(tcp_congestion_set_param(&b->c, "beta", 500));
    assert_false(tcp_congestion_set_param(&b->c, "beta", 1000));
    assert_false(tcp_congestion_set_param(&b->c, "gamma", 1));
    tcp_congestion_start(&b->c, MSS, false);
    tcp_congestion_lost(&b->c, 100 * MSS, "test");
    assert_int_equal(b->c.ssthresh, 50 * MSS);
    bench_free(b);
    assert_null(tcp_congestion_find("vegas"));
}

/* ---- HyStart++, RFC 9406 ---- */

/* Round trips of `before` ms, then of `after`: what it says in each of the rounds that follow. */
static void test_hystart__ends_slow_start_when_round_trips_grow(void **state)
{
    (void)state;
    static const struct {
        int64_t before, after;
        enum tcp_hystart_says says;
    } rows[] = {
        {100, 111, TCP_HYSTART_GROW}, {100, 113, TCP_HYSTART_GROW_SLOWLY}, /* an eighth */
        {10, 13, TCP_HYSTART_GROW},   {10, 14, TCP_HYSTART_GROW_SLOWLY},   /* 4 ms at least */
        {400, 415, TCP_HYSTART_GROW}, {400, 416, TCP_HYSTART_GROW_SLOWLY}, /* 16 ms at most */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tcp_hystart h = {0};
        enum tcp_hystart_says says = TCP_HYSTART_GROW;
        uint32_t una = 0;
        for (unsigned round = 0; round < 2; round++)
            for (unsigned k = 0; k < 10; k++, una += MSS)
                says = tcp_hystart_acked(&h, tcp_seq_at(una), tcp_seq_at((round + 1) * 10 * MSS),
                                         (round ? rows[i].after : rows[i].before) * MS);
        if (says != rows[i].says)
            fail_msg("row %zu: it says %d", i, (int)says);
        if (says == TCP_HYSTART_GROW)
            continue;
        unsigned round = 1;
        for (; says != TCP_HYSTART_STOP; una += MSS) {
            round += una % (10 * MSS) == 0;
            says = tcp_hystart_acked(&h, tcp_seq_at(una), tcp_seq_at((round + 1) * 10 * MSS),
                                     rows[i].after * MS);
        }
        assert_int_equal(round, 1 + 5);
    }
}

/* On a path with a deep queue the window stops far below where it would overflow. */
static void test_hystart__spares_the_queue(void **state)
{
    (void)state;
    uint64_t overflows[2];
    for (int with = 0; with < 2; with++) {
        struct path_setup setup = path_linux;
        setup.rules.has_hystart = with;
        setup.rate_bps = 100000000;
        setup.queue = 9000; /* ten times what the path holds */
        struct path *path = path_new(&setup);
        path->hand.is_listening = false;
        path_run(path, 4 * ENV_SECOND);
        overflows[with] = path->overflows;
        path_free(path);
    }
    assert_true(overflows[0] > 100);
    assert_int_equal(overflows[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_congestion__begins_with_the_initial_window),
        cmocka_unit_test(test_congestion__doubles_in_slow_start),
        cmocka_unit_test(test_congestion__grows_by_one_segment_in_avoidance),
        cmocka_unit_test(test_congestion__does_not_grow_unused),
        cmocka_unit_test(test_congestion__halves_what_is_in_flight),
        cmocka_unit_test(test_congestion__begins_anew_after_silence),
        cmocka_unit_test(test_congestion__none_knows_no_limit),
        cmocka_unit_test(test_cubic__follows_its_curve),
        cmocka_unit_test(test_cubic__is_back_after_k),
        cmocka_unit_test(test_cubic__gives_way),
        cmocka_unit_test(test_cubic__is_as_fast_as_reno_at_least),
        cmocka_unit_test(test_cubic__takes_back_what_it_remembers),
        cmocka_unit_test(test_congestion__knows_its_parameters),
        cmocka_unit_test(test_hystart__ends_slow_start_when_round_trips_grow),
        cmocka_unit_test(test_hystart__spares_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
