/* SPDX-License-Identifier: MIT
 * When something is lost and what is sent then: stories of one loss, of many, and of none, for each recovery.
 */
#include "tests/protocols/tcp_path.h"

#define MS ENV_MILLISECOND

/* ---- What happens to transmissions ---- */

struct fates {
    uint64_t lost[16];             /* numbers of transmissions, ended by 0 */
    uint64_t late[8];              /* likewise */
    uint64_t marked[8];            /* likewise */
    int64_t dark_from, dark_until; /* everything in between is lost ... */
    int64_t slow_from, slow_until; /* ... or waits until the end */
};

static bool is_among(const uint64_t *numbers, size_t count, uint64_t n)
{
    for (size_t i = 0; i < count && numbers[i]; i++)
        if (numbers[i] == n)
            return true;
    return false;
}

static enum path_fate by_list(struct path *path, uint64_t n, struct tcp_range range)
{
    const struct fates *fates = path->context;
    int64_t now = path->hand.now;
    (void)range;
    if (is_among(fates->lost, 16, n) || (now >= fates->dark_from && now < fates->dark_until))
        return PATH_LOST;
    if (now >= fates->slow_from && now < fates->slow_until) {
        path->lateness = fates->slow_until - now;
        return PATH_LATE;
    }
    if (is_among(fates->late, 8, n))
        return PATH_LATE;
    return is_among(fates->marked, 8, n) ? PATH_MARKED : PATH_ARRIVES;
}

static struct path *story(struct path_setup setup, const struct fates *fates)
{
    struct path *path = path_new(&setup);
    path->fate = by_list;
    path->context = (void *)(uintptr_t)fates;
    return path;
}

static const char *words_of(const struct path *path, const char *kind)
{
    return hand_text(&path->hand, (uint64_t)hand_fact(&path->hand, kind)->values[3]);
}

static uint32_t in_segments(const struct path *path, uint32_t bytes)
{
    return bytes / path->setup.mss;
}

/* ---- RFC 5681 section 3.2, RFC 6582 ---- */

/* 1 window of 10 segments, the first of them lost: the third duplicate, not the second, sends it again. */
static void test_recovery__repairs_one_loss_at_the_third_duplicate(void **state)
{
    (void)state;
    static const char *const names[] = {"reno", "newreno", "cubic"};
    for (size_t i = 0; i < 3; i++) {
        struct path_setup setup = path_classic;
        struct fates fates = {.lost = {1}};
        setup.congestion = names[i];
        setup.rules.initial_segments = 10;
        setup.data_bytes = 40 * 1460;
        struct path *path = story(setup, &fates);
        path_run(path, 2 * setup.delay);
        /* 10, then at the third duplicate 1 again, and new ones while cwnd = ssthresh + 3 + further
         * duplicates > 10. */
        assert_int_equal(path->transmissions, i < 2 ? 15 : 17);
        assert_int_equal(path->recovery.resent_total, 1);
        assert_int_equal(path->recovery.state, TCP_RECOVERY);
        path_run(path, 20 * setup.delay);
        assert_int_equal(path->timeouts, 0);
        assert_int_equal(path->arrived_segments, 40);
        assert_int_equal(path->needless_segments, 0);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.lost"), 1);
        if (i < 2)
            assert_string_equal(
                words_of(path, "tcp.ssthresh"),
                "3rd duplicate ACK: ssthresh = max(FlightSize/2, 2 MSS) = 7 300, RFC 5681 (4)");
        path_free(path);
    }
}

/* cwnd = ssthresh + 3 MSS, one more for each further duplicate, ssthresh when it is over. */
static void test_recovery__inflates_and_deflates_the_window(void **state)
{
    (void)state;
    struct path_setup setup = path_classic;
    struct fates fates = {.lost = {1}};
    setup.rules.initial_segments = 10;
    struct path *path = story(setup, &fates);
    path_run(path, 2 * setup.delay);
    assert_int_equal(in_segments(path, path->recovery.congestion.ssthresh), 5);
    assert_int_equal(in_segments(path, path->recovery.congestion.cwnd), 5 + 9);
    path_run(path, 2 * setup.delay);
    assert_int_equal(path->recovery.state, TCP_OPEN);
    assert_int_equal(in_segments(path, path->recovery.congestion.cwnd), 5);
    path_free(path);
}

/* Two losses in one window: RFC 6582 repairs them at the price of one; Reno does not; SACK does. */
static void test_recovery__newreno_pays_once_for_two_losses(void **state)
{
    (void)state;
    struct path_setup setup = path_classic;
    struct fates fates = {.lost = {3, 7}};
    setup.rules.initial_segments = 16;
    setup.data_bytes = 100 * 1460;
    setup.congestion = "newreno";
    struct path *path = story(setup, &fates);
    path_run(path, 40 * setup.delay);
    assert_int_equal(path->timeouts, 0);
    assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
    assert_int_equal(path->recovery.resent_total, 2);
    assert_int_equal(path->needless_segments, 0);
    assert_int_equal(path->arrived_segments, 100);
    path_free(path);

    setup.congestion = "reno";
    path = story(setup, &fates);
    path_run(path, 200 * setup.delay);
    assert_true(hand_fact_count(&path->hand, "tcp.ssthresh") + path->timeouts >= 2);
    assert_int_equal(path->arrived_segments, 100);
    path_free(path);
}

/* RFC 3042: with three segments in flight only two duplicates come; two new segments bring the third. */
static void test_recovery__limited_transmit_saves_small_windows(void **state)
{
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct path_setup setup = path_classic;
        struct fates fates = {.lost = {1}};
        setup.congestion = "newreno";
        setup.rules.initial_segments = 3;
        setup.recovery.uses_limited_transmit = with;
        struct path *path = story(setup, &fates);
        path_run(path, 10 * setup.delay);
        assert_int_equal(path->timeouts, 0);
        assert_int_equal(path->recovery.resent_total, with ? 1 : 0);
        if (with) /* FlightSize is 3 segments, not 5: RFC 5681 section 3.2 step 2 */
            assert_int_equal(path->recovery.congestion.ssthresh, 2 * 1460);
        path_run(path, 20 * setup.delay);
        assert_int_equal(path->timeouts, with ? 0 : 1);
        path_free(path);
    }
}

static void test_recovery__tahoe_begins_slowly_after_a_loss(void **state)
{
    (void)state;
    struct path_setup setup = path_classic;
    struct fates fates = {.lost = {5}};
    setup.congestion = "tahoe";
    setup.rules.initial_segments = 16;
    setup.data_bytes = 100 * 1460;
    struct path *path = story(setup, &fates);
    path_run(path, 2 * setup.delay + 1);
    assert_int_equal(path->recovery.congestion.cwnd, 1460);
    path_run(path, 60 * setup.delay);
    assert_int_equal(path->timeouts, 0);
    assert_int_equal(path->arrived_segments, 100);
    path_free(path);
}

/* ---- RFC 6675 ---- */

/* Half of a window is lost: every hole is filled once, nothing is sent that has arrived. */
static void test_recovery__sack_repairs_many_losses_in_one_go(void **state)
{
    (void)state;
    for (int rack = 0; rack < 2; rack++) {
        struct path_setup setup = rack ? path_linux : path_rfc;
        struct fates fates = {.lost = {2, 4, 6, 8, 10, 12, 14, 16, 18, 20}};
        setup.rules.initial_segments = 30;
        setup.data_bytes = 200 * setup.mss;
        struct path *path = story(setup, &fates);
        path_run(path, 60 * setup.delay);
        assert_int_equal(path->timeouts, 0);
        assert_int_equal(path->recovery.resent_total, 10);
        assert_int_equal(path->needless_segments, 0);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.lost"), 10);
        assert_int_equal(path->arrived_segments, 200);
        path_free(path);
    }
}

/* NextSeg (4): the last segment of all is lost with an earlier one: the rescue finds it, no timeout. */
static void test_recovery__rescues_the_last_segment_once(void **state)
{
    (void)state;
    struct path_setup setup = path_rfc;
    struct fates fates = {.lost = {3, 10}};
    setup.data_bytes = 10 * setup.mss;
    struct path *path = story(setup, &fates);
    path_run(path, 20 * setup.delay);
    assert_int_equal(path->timeouts, 0);
    assert_int_equal(path->arrived_segments, 10);
    assert_int_equal(path->needless_segments, 0);
    path_free(path);
}

/* RFC 6937: what leaves in recovery is proportional to what arrives. 40 in flight, one lost: about 20 leave
 * (28 with CUBIC). */
static void test_recovery__prr_reduces_in_proportion(void **state)
{
    (void)state;
    static const struct {
        const char *congestion;
        unsigned least, most;
    } rows[] = {{"newreno", 19, 22}, {"cubic", 27, 30}};
    for (size_t i = 0; i < 2; i++) {
        struct path_setup setup = path_linux;
        struct fates fates = {.lost = {1}};
        setup.congestion = rows[i].congestion;
        setup.rules.initial_segments = 40;
        setup.rate_bps = 10000000; /* so that acknowledgments come one by one */
        struct path *path = story(setup, &fates);
        while (path->recovery.state != TCP_RECOVERY)
            path_run(path, MS);
        while (path->recovery.state == TCP_RECOVERY) {
            struct tcp_prr prr = path->recovery.prr;
            uint64_t due = prr.delivered * path->recovery.congestion.ssthresh / prr.recover_fs;
            assert_true(prr.out <= due + 2 * setup.mss); /* TCP-79 */
            path_run(path, MS);
        }
        uint64_t sent = path->recovery.prr.out / setup.mss;
        assert_in_range(sent, rows[i].least, rows[i].most);
        assert_int_equal(path->recovery.congestion.cwnd, path->recovery.congestion.ssthresh);
        path_free(path);
    }
}

/* ---- RFC 8985 ---- */

/* Two segments overtake one, within a quarter of the round trip: nothing is sent again. By counting three it
 * is. */
static void test_recovery__rack_waits_for_what_is_only_late(void **state)
{
    (void)state;
    struct path_setup setup = path_linux;
    struct fates fates = {.late = {22}};
    setup.rate_bps = 10000000;
    setup.data_bytes = 60 * setup.mss;
    struct path *path = story(setup, &fates);
    path->lateness = 3 * MS; /* two segments */
    path_run(path, 20 * setup.delay);
    assert_int_equal(path->recovery.resent_total, 0);
    assert_int_equal(path->recovery.reorderings, 1);
    assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 0);
    path_free(path);

    /* From then on even ten segments may overtake one. */
    struct fates twice = {.late = {22, 45}};
    path = story(setup, &twice);
    path->lateness = 3 * MS;
    while (!path->recovery.rack.has_seen_reordering)
        path_run(path, MS);
    path->lateness = 12 * MS;
    path_run(path, 30 * setup.delay);
    assert_int_equal(path->recovery.resent_total, 0);
    assert_int_equal(path->recovery.reorderings, 2);
    path_free(path);

    setup = path_rfc;
    setup.rate_bps = 10000000;
    path = story(setup, &fates);
    path->lateness = 12 * MS;
    path_run(path, 30 * setup.delay);
    assert_int_equal(path->recovery.resent_total, 1);
    assert_int_equal(path->needless_segments, 1);
    path_free(path);
}

/* The third segment is lost the first two times. */
static enum path_fate twice_the_third(struct path *path, uint64_t n, struct tcp_range range)
{
    unsigned *left = path->context;
    (void)n;
    bool is_third = range.start.value == path->setup.isn + 2 * path->setup.mss;
    return is_third && *left && (*left)-- ? PATH_LOST : PATH_ARRIVES;
}

/* The retransmission is lost too: RACK sees it from what was sent behind it; RFC 6675 needs the timer. */
static void test_recovery__rack_sees_a_lost_retransmission(void **state)
{
    (void)state;
    for (int rack = 0; rack < 2; rack++) {
        struct path_setup setup = rack ? path_linux : path_rfc;
        unsigned left = 2;
        setup.rules.initial_segments = 20;
        setup.data_bytes = 100 * setup.mss;
        struct path *path = path_new(&setup);
        path->fate = twice_the_third;
        path->context = &left;
        path_run(path, 100 * setup.delay);
        assert_int_equal(path->arrived_segments, 100);
        assert_int_equal(path->timeouts, rack ? 0 : 1);
        path_free(path);
    }
}

/* The tail is lost: a probe after two round trips, not a timeout. RFC 8985 section 7. */
static void test_recovery__probes_the_tail(void **state)
{
    (void)state;
    struct path_setup setup = path_linux;
    struct fates fates = {.lost = {9, 10}};
    setup.data_bytes = 10 * setup.mss;
    struct path *path = story(setup, &fates);
    path_run(path, 4 * setup.delay + 2 * setup.delay - 1);
    assert_int_equal(path->recovery.resent_total, 0);
    path_run(path, 10 * setup.delay);
    assert_int_equal(path->timeouts, 0);
    assert_int_equal(path->arrived_segments, 10);
    assert_int_equal(path->recovery.resent_total,
                     2); /* the probe is the last segment, its SACK shows the other */
    assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
    path_free(path);

    /* Only the last one: the probe repairs it, and the window is reduced nevertheless. Section 7.4. */
    fates = (struct fates){.lost = {10}};
    path = story(setup, &fates);
    path_run(path, 20 * setup.delay);
    assert_int_equal(path->timeouts, 0);
    assert_int_equal(path->recovery.resent_total, 1);
    assert_int_equal(path->arrived_segments, 10);
    path_free(path);
}

/* ---- Mistakes ---- */

/* Late by more than anybody can know: it is sent again, D-SACK shows that it was needless, and the window is
 * given back. */
static void test_recovery__takes_a_false_reduction_back(void **state)
{
    (void)state;
    for (int timestamps = 0; timestamps < 2; timestamps++) {
        struct path_setup setup = path_linux;
        struct fates fates = {.late = {25}};
        setup.congestion = "newreno";
        setup.has_timestamps = timestamps;
        setup.rate_bps = 10000000;
        setup.data_bytes = 300 * setup.mss;
        struct path *path = story(setup, &fates);
        path->lateness = timestamps ? 70 * MS : 40 * MS;
        path_run(path, 60 * setup.delay);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.undo"), 1);
        assert_int_equal(path->timeouts, 0);
        assert_int_equal(path->recovery.congestion.ssthresh, TCP_SSTHRESH_MOST);
        assert_int_equal(path->arrived_segments, 300);
        path_free(path);
    }
}

/* Nothing moves for 0.7 s: the timer runs out, and F-RTO finds that it should not have. RFC 5682. */
static void test_recovery__finds_out_that_a_timeout_was_spurious(void **state)
{
    (void)state;
    for (int frto = 0; frto < 2; frto++) {
        struct path_setup setup = path_linux;
        struct fates fates = {.slow_from = 350 * MS, .slow_until = 1050 * MS};
        setup.recovery.uses_frto = frto;
        setup.recovery.uses_tlp = false;
        setup.recovery.uses_undo = false;
        setup.has_timestamps = false;
        setup.congestion = "newreno";
        setup.data_bytes = 400 * setup.mss;
        struct path *path = story(setup, &fates);
        path_run(path, 3 * ENV_SECOND);
        assert_true(path->timeouts >= 1);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.undo"), frto ? 1 : 0);
        if (frto)
            assert_in_range(path->needless_segments, 1, 3);
        else
            assert_true(path->needless_segments > 10);
        path_free(path);
    }
}

/* ---- RFC 6298, RFC 5681 section 3.1: timeouts ---- */

static void test_recovery__waits_twice_as_long_each_time(void **state)
{
    (void)state;
    struct path_setup setup = path_rfc;
    struct fates fates = {.dark_from = 0, .dark_until = 1000 * ENV_SECOND};
    struct path *path = story(setup, &fates);
    static const int64_t at[] = {1, 3, 7, 15, 31};
    path_run(path, 0);
    for (size_t i = 0; i < 5; i++) {
        path_run(path, at[i] * ENV_SECOND - path->hand.now - 1);
        assert_int_equal(path->recovery.resent_total, i);
        path_run(path, 2);
        assert_int_equal(path->recovery.resent_total, i + 1);
        assert_int_equal(path->recovery.timeouts, i + 1);
    }
    assert_int_equal(path->recovery.congestion.cwnd, setup.mss);
    assert_int_equal(path->recovery.congestion.ssthresh, 5 * setup.mss); /* once, not at each */
    assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
    path_free(path);
}

static void test_recovery__goes_on_after_a_dark_time(void **state)
{
    (void)state;
    const struct path_setup *setups[] = {&path_rfc, &path_linux, &path_classic};
    for (size_t i = 0; i < 3; i++) {
        struct path_setup setup = *setups[i];
        struct fates fates = {.dark_from = 420 * MS, .dark_until = 2 * ENV_SECOND};
        setup.data_bytes = 3000 * setup.mss;
        struct path *path = story(setup, &fates);
        path->hand.is_listening = false;
        path_run(path, 30 * ENV_SECOND);
        assert_int_equal(path->arrived_segments, 3000);
        assert_true(path->timeouts >= 1);
        assert_int_equal(tcp_recovery_outstanding(&path->recovery), 0);
        assert_int_equal(path->rto_at, ENV_NEVER);
        path_free(path);
    }
}

/* ---- RFC 3168 section 6.1.2 ---- */

static void test_recovery__answers_marks_once_for_each_window(void **state)
{
    (void)state;
    const struct path_setup *setups[] = {&path_rfc, &path_linux};
    for (size_t i = 0; i < 2; i++) {
        struct path_setup setup = *setups[i];
        struct fates fates = {.marked = {25, 26, 27, 30}};
        setup.congestion = "newreno";
        setup.rate_bps = 10000000;
        struct path *path = story(setup, &fates);
        path_run(path, 10 * setup.delay);
        assert_int_equal(hand_fact_count(&path->hand, "tcp.ssthresh"), 1);
        assert_int_equal(path->recovery.resent_total, 0);
        assert_true(path->recovery.is_cwr_due);
        assert_in_range(path->recovery.congestion.cwnd, path->recovery.congestion.ssthresh,
                        path->recovery.congestion.ssthresh + 6 * setup.mss);
        path_free(path);
    }
}

/* ---- All together ---- */

struct storm {
    uint32_t lost, late; /* of a thousand */
};

static enum path_fate by_dice(struct path *path, uint64_t n, struct tcp_range range)
{
    const struct storm *storm = path->context;
    (void)n;
    (void)range;
    uint32_t roll = (uint32_t)rng_below(&path->dice, 1000);
    return roll < storm->lost ? PATH_LOST : roll < storm->lost + storm->late ? PATH_LATE : PATH_ARRIVES;
}

/* Whatever is lost or late, all arrives in the end, whatever the numbers are. */
static void test_recovery__brings_everything_over_in_the_end(void **state)
{
    (void)state;
    static const char *const names[] = {"tahoe", "reno", "newreno", "cubic", "none"};
    static const uint32_t isns[] = {1000, UINT32_MAX - 100000, 0x7fff0000};
    static const struct storm storms[] = {{20, 0}, {150, 0}, {20, 50}, {0, 100}, {300, 100}};
    const struct path_setup *setups[] = {&path_rfc, &path_linux, &path_classic};
    for (size_t c = 0; c < 5; c++)
        for (size_t p = 0; p < 3; p++)
            for (size_t s = 0; s < 5; s++)
                for (size_t i = 0; i < 3; i++) {
                    struct path_setup setup = *setups[p];
                    struct storm storm = storms[s];
                    setup.congestion = names[c];
                    setup.isn = isns[i];
                    setup.mss = 1448;
                    setup.ack_every = 1 + (s & 1);
                    setup.delay = 10 * MS;
                    setup.rate_bps = 50000000;
                    setup.window_bytes = 100 * 1448;
                    setup.data_bytes = 600 * 1448;
                    struct path *path = path_new(&setup);
                    path->hand.is_listening = false;
                    path->fate = by_dice;
                    path->context = &storm;
                    path->lateness = 7 * MS;
                    path->dice = rng_seeded(c * 100 + p * 30 + s * 3 + i, "storm");
                    for (int minute = 0; minute < 60 && path->arrived_segments < 600; minute++)
                        path_run(path, 60 * ENV_SECOND);
                    path_run(path, 300 * ENV_SECOND);
                    if (path->arrived_segments != 600 || tcp_recovery_outstanding(&path->recovery))
                        fail_msg("%s, profile %zu, storm %zu, isn %zu: %llu segments arrived, %u octets are "
                                 "outstanding",
                                 names[c], p, s, i, (unsigned long long)path->arrived_segments,
                                 tcp_recovery_outstanding(&path->recovery));
                    assert_int_equal(path->recovery.board.entries, 0);
                    assert_int_equal(tcp_scoreboard_pipe(&path->recovery.board), 0);
                    path_free(path);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recovery__repairs_one_loss_at_the_third_duplicate),
        cmocka_unit_test(test_recovery__inflates_and_deflates_the_window),
        cmocka_unit_test(test_recovery__newreno_pays_once_for_two_losses),
        cmocka_unit_test(test_recovery__limited_transmit_saves_small_windows),
        cmocka_unit_test(test_recovery__tahoe_begins_slowly_after_a_loss),
        cmocka_unit_test(test_recovery__sack_repairs_many_losses_in_one_go),
        cmocka_unit_test(test_recovery__rescues_the_last_segment_once),
        cmocka_unit_test(test_recovery__prr_reduces_in_proportion),
        cmocka_unit_test(test_recovery__rack_waits_for_what_is_only_late),
        cmocka_unit_test(test_recovery__rack_sees_a_lost_retransmission),
        cmocka_unit_test(test_recovery__probes_the_tail),
        cmocka_unit_test(test_recovery__takes_a_false_reduction_back),
        cmocka_unit_test(test_recovery__finds_out_that_a_timeout_was_spurious),
        cmocka_unit_test(test_recovery__waits_twice_as_long_each_time),
        cmocka_unit_test(test_recovery__goes_on_after_a_dark_time),
        cmocka_unit_test(test_recovery__answers_marks_once_for_each_window),
        cmocka_unit_test(test_recovery__brings_everything_over_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
