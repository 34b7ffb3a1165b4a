/* SPDX-License-Identifier: MIT
 * One RIP router among neighbours that the test plays: its timers, whom it believes, what it says. R-01;
 * RFC 2453 3.8 to 3.10. */
#include "tests/protocols/rip_lab.h"

#define SECONDS(time) ((int)((time) / ENV_SECOND))

static const struct ipv4_prefix far_away = {{0xc0000200}, 24}; /* 192.0.2.0/24 */

/* A router with two links, 10.0.0.0/24 and 10.0.1.0/24, to nobody; its address ends in .1. */
static void alone(struct lab *lab, const struct rip_config *config)
{
    lab_init(lab, 1);
    lab_join(lab, 0, -1);
    lab_join(lab, 0, -1);
    lab_build(lab, config);
    lab_start(lab, 0);
}

static struct rip_peer neighbour(uint32_t interface, uint8_t host)
{
    return (struct rip_peer){interface, {0x0a000000u | interface << 8 | host}, RIP_PORT};
}

static void hear_message(struct lab *lab, struct rip_peer from, const struct rip_message *message)
{
    uint8_t bytes[RIP_MOST];
    rip_emit(message, bytes);
    rip_receive(&lab->routers[0].rip, &from, bytes, rip_bytes(message->count), 0);
}

/* "192.0.2.0/24 is so far away from me." */
static void hear(struct lab *lab, struct rip_peer from, uint32_t metric)
{
    struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION, .count = 1};
    message.rtes[0] = rip_rte_of(far_away, metric, 0);
    hear_message(lab, from, &message);
}

static uint32_t metric(const struct lab *lab)
{
    return lab_metric(lab, 0, far_away);
}

static const char *last_rule(const struct lab *lab)
{
    return hand_word(hand_fact(&lab->hand, "rip.route"), 5);
}

/* The metric under which the router named `prefix` in what it said last; 0: not at all. */
static uint32_t said(const struct lab *lab, struct ipv4_prefix prefix)
{
    const struct rip_message *last = &lab->routers[0].last;
    for (uint8_t i = 0; i < last->count; i++)
        if (ipv4_is_equal(last->rtes[i].address, prefix.address))
            return last->rtes[i].metric;
    return 0;
}

/* ---- At the start ---- */

static void test_rip__asks_everybody_when_it_starts(void **state)
{
    struct lab lab;
    struct rip_config config = rip_config_default();
    alone(&lab, &config);
    assert_int_equal(lab.routers[0].said, 2);
    assert_true(rip_asks_for_all(&lab.routers[0].last));
    assert_int_equal(lab.routers[0].last_to.address.value, RIP_GROUP.value);
    assert_int_equal(lab.routers[0].last_to.interface, 1);
    assert_int_equal(lab.routers[0].rip.entry_count, 2);
    assert_int_equal(lab.routers[0].rip.entries[0]->metric, 1);
    assert_int_equal(hand_fact_count(&lab.hand, "rip.request_tx"), 2);
    lab_release(&lab);
}

/* RFC 2453 3.9.1. */
static void test_rip__answers_questions(void **state)
{
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_SPLIT);
    struct rip_peer asker = neighbour(1, 9);
    struct rip_message request = rip_request_for_all();
    alone(&lab, &config);
    hear(&lab, neighbour(0, 2), 4);
    asker.port = 40000;
    hear_message(&lab, asker, &request);
    assert_int_equal(lab.routers[0].last_to.port, 40000);
    assert_int_equal(lab.routers[0].last_to.address.value, asker.address.value);
    assert_int_equal(lab.routers[0].last.command, RIP_RESPONSE);
    assert_int_equal(lab.routers[0].last.count, 2); /* its own link and that of the way are left out */
    assert_int_equal(said(&lab, far_away), 5);
    request.count = 2;
    request.rtes[0] = rip_rte_of(far_away, 0, 7);
    request.rtes[1] = rip_rte_of((struct ipv4_prefix){{0x0a090000}, 24}, 1, 0);
    hear_message(&lab, neighbour(0, 2), &request); /* split horizon does not apply */
    assert_int_equal(lab.routers[0].last.count, 2);
    assert_int_equal(lab.routers[0].last.rtes[0].metric, 5);
    assert_int_equal(lab.routers[0].last.rtes[0].tag, 7);
    assert_int_equal(lab.routers[0].last.rtes[1].metric, RIP_INFINITY);
    unsigned before = lab.routers[0].said;
    request.count = 0;
    hear_message(&lab, neighbour(0, 2), &request);
    assert_int_equal(lab.routers[0].said, before);
    lab_release(&lab);
}

/* ---- the timers of RFC 2453 3.8 and 3.10.1 ---- */

static void test_rip__tells_everything_every_25_to_35_seconds(void **state)
{
    struct lab lab;
    struct rip_config config = rip_config_default();
    int64_t least = ENV_NEVER, most = 0;
    alone(&lab, &config);
    for (int i = 0; i < 200; i++) {
        int64_t gap = lab.routers[0].rip.update_timer.at - lab.hand.now;
        least = gap < least ? gap : least;
        most = gap > most ? gap : most;
        hand_forget(&lab.hand);
        hand_advance(&lab.hand, gap);
        assert_int_equal(lab.routers[0].announced, i + 1);
        assert_int_equal(lab.routers[0].said, 2 + 2 * (i + 1));
        assert_int_equal(hand_fact_count(&lab.hand, "rip.update_tx"), 2);
    }
    assert_in_range(least, 25 * ENV_SECOND, 26 * ENV_SECOND);
    assert_in_range(most, 34 * ENV_SECOND, 35 * ENV_SECOND);
    lab_release(&lab);
}

static void test_rip__believes_for_180_seconds_and_forgets_120_later(void **state)
{
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    alone(&lab, &config);
    hear(&lab, neighbour(0, 2), 4);
    lab_run(&lab, 100);
    hear(&lab, neighbour(0, 2), 4); /* again: the timeout begins anew */
    lab_run(&lab, 179);
    assert_int_equal(metric(&lab), 5);
    lab_run(&lab, 1);
    assert_int_equal(metric(&lab), RIP_INFINITY);
    assert_string_equal(last_rule(&lab), "timeout");
    assert_int_equal(SECONDS(hand_fact(&lab.hand, "rip.timeout")->values[3]), 180);
    assert_true(hand_goes_back_to(&lab.hand, lab.hand.fact_count, "rip.timeout"));
    lab_run(&lab, 119);
    assert_non_null(rip_find(&lab.routers[0].rip, far_away)); /* so that all neighbours hear of it */
    lab_run(&lab, 1);
    assert_null(rip_find(&lab.routers[0].rip, far_away));
    assert_string_equal(last_rule(&lab), "garbage");
    lab_release(&lab);
}

static void test_rip__tells_changes_at_once_and_then_pauses_1_to_5_seconds(void **state)
{
    struct lab lab;
    struct rip_config config = rip_config_default();
    int64_t least = ENV_NEVER, most = 0;
    alone(&lab, &config);
    for (int i = 0; i < 200; i++) {
        lab_run(&lab, 40); /* whatever paused is over, and a regular update is still 1 to 35 s away */
        int64_t until_regular = lab.routers[0].rip.update_timer.at - lab.hand.now;
        if (until_regular <= 6 * ENV_SECOND)
            continue;
        unsigned before = lab.routers[0].said;
        hear(&lab, neighbour(0, 2), (uint32_t)(i % 2 ? 4 : 8));
        hand_advance(&lab.hand, 0);
        assert_int_equal(lab.routers[0].said, before + 2);
        assert_int_equal(lab.routers[0].last.count, 1); /* only what has changed */
        hear(&lab, neighbour(0, 2), 5);
        hear(&lab, neighbour(0, 2), 6);
        int64_t pause = lab.routers[0].rip.trigger_timer.at - lab.hand.now;
        least = pause < least ? pause : least;
        most = pause > most ? pause : most;
        hand_advance(&lab.hand, pause - 1);
        assert_int_equal(lab.routers[0].said, before + 2);
        hand_advance(&lab.hand, 1);
        assert_int_equal(lab.routers[0].said, before + 4); /* both changes in one */
        assert_int_equal(said(&lab, far_away), 7);
    }
    assert_in_range(least, 1 * ENV_SECOND, 2 * ENV_SECOND);
    assert_in_range(most, 4 * ENV_SECOND, 5 * ENV_SECOND);
    lab_release(&lab);
}

static void test_rip__leaves_a_change_to_a_regular_update_that_is_due(void **state)
{
    struct lab lab;
    struct rip_config config = rip_config_default();
    config.jitter = 0;
    config.pause_least = config.pause_most = 3 * ENV_SECOND;
    alone(&lab, &config);
    lab_run(&lab, 27);
    hear(&lab, neighbour(0, 2), 4);
    hand_advance(&lab.hand, 0);
    hear(&lab, neighbour(0, 2), 5); /* waits until 30 s */
    unsigned before = lab.routers[0].said;
    lab_run(&lab, 3);
    assert_int_equal(lab.routers[0].said, before + 2);
    assert_int_equal(lab.routers[0].last.count, 2);
    lab_run(&lab, 10);
    assert_int_equal(lab.routers[0].said, before + 2);
    lab_release(&lab);
}

/* ---- Whom it believes: RFC 2453 3.9.2 ---- */

static void test_rip__believes_the_better_and_its_own_next_hop(void **state)
{
    static const struct {
        uint8_t host;
        uint32_t says, metric;
        const char *rule;
    } steps[] = {{2, 4, 5, "new"},
                 {3, 4, 5, NULL}, /* not better */
                 {3, 3, 4, "better"},
                 {2, 5, 4, NULL},
                 {3, 6, 7, "its next hop says so"}, /* worse, and believed */
                 {3, 2, 3, "its next hop says so"},
                 {2, 16, 3, NULL},
                 {3, 15, 16, "its next hop says so"},
                 {3, 16, 16, NULL}, /* "it is not necessary to start the deletion again" */
                 {2, 15, 16, NULL},
                 {2, 14, 15, "better"}};
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    alone(&lab, &config);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        hand_forget(&lab.hand);
        unsigned routes = lab.routers[0].routes;
        hear(&lab, neighbour(0, steps[i].host), steps[i].says);
        if (metric(&lab) != steps[i].metric)
            fail_msg("step %zu: %u", i, metric(&lab));
        assert_int_equal(hand_fact_count(&lab.hand, "rip.route"), steps[i].rule ? 1 : 0);
        assert_int_equal(lab.routers[0].routes - routes, steps[i].rule ? 1 : 0);
        if (steps[i].rule)
            assert_string_equal(last_rule(&lab), steps[i].rule);
        hand_advance(&lab.hand, ENV_SECOND);
    }
    lab_release(&lab);
}

static void test_rip__believes_nobody_but_neighbours_on_port_520(void **state)
{
    static const struct {
        uint32_t interface, address;
        uint16_t port;
        const char *why;
    } rows[] = {{0, 0x0a000002, 521, "a response must come from port 520"},
                {0, 0x0a000102, RIP_PORT, "its sender is no neighbour on that link"},
                {0, 0xc6336401, RIP_PORT, "its sender is no neighbour on that link"},
                {0, 0x0a000001, RIP_PORT, "we sent it ourselves"},
                {1, 0x0a000001, RIP_PORT, "we sent it ourselves"},
                {7, 0x0a000002, RIP_PORT, "its sender is no neighbour on that link"}};
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    alone(&lab, &config);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hear(&lab, (struct rip_peer){rows[i].interface, {rows[i].address}, rows[i].port}, 2);
        assert_int_equal(metric(&lab), RIP_INFINITY);
        assert_string_equal(hand_word(hand_fact(&lab.hand, "rip.ignored"), 0), rows[i].why);
    }
    lab_release(&lab);
}

static void test_rip__skips_a_bad_entry_and_takes_the_next(void **state)
{
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION, .count = 2};
    alone(&lab, &config);
    message.rtes[0] = rip_rte_of((struct ipv4_prefix){{0x7f000000}, 8}, 1, 0);
    message.rtes[1] = rip_rte_of(far_away, 1, 0);
    hear_message(&lab, neighbour(0, 2), &message);
    assert_int_equal(metric(&lab), 2);
    assert_int_equal(lab.routers[0].rip.counters.ignored, 1);
    assert_int_equal(lab.routers[0].rip.entry_count, 3);
    lab_release(&lab);
}

static void test_rip__never_takes_a_rumour_for_its_own_link(void **state)
{
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION, .count = 1};
    alone(&lab, &config);
    message.rtes[0] = rip_rte_of((struct ipv4_prefix){{0x0a000100}, 24}, 1, 0);
    hear_message(&lab, neighbour(0, 2), &message);
    assert_int_equal(lab.routers[0].rip.entries[1]->state, RIP_CONNECTED);
    lab_release(&lab);
}

/* RFC 2453 4.4. */
static void test_rip__takes_a_next_hop_only_on_the_same_link(void **state)
{
    static const uint32_t rows[][2] = {{0, 0x0a000002},
                                       {0x0a000009, 0x0a000009},
                                       {0x0a000109, 0x0a000002},
                                       {0x0a000001, 0x0a000002},
                                       {0xe0000009, 0x0a000002}};
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_NONE);
    struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION, .count = 1};
    alone(&lab, &config);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        message.rtes[0] = rip_rte_of(far_away, 2, 0);
        message.rtes[0].next_hop.value = rows[i][0];
        hear_message(&lab, neighbour(0, 2), &message);
        const struct rip_entry *entry = rip_find(&lab.routers[0].rip, far_away);
        assert_int_equal(entry->next_hop.value, rows[i][1]);
        assert_int_equal(entry->from.value, 0x0a000002);
    }
    lab_release(&lab);
}

/* ---- What it says ---- */

/* RFC 2453 3.4.3. */
static void test_rip__says_on_a_link_what_its_horizon_allows(void **state)
{
    static const struct {
        enum rip_horizon horizon;
        uint32_t learnt, connected; /* what is said of both on the link that they come from */
    } rows[] = {{RIP_HORIZON_NONE, 5, 1}, {RIP_HORIZON_SPLIT, 0, 0}, {RIP_HORIZON_POISON, 16, 0}};
    for (size_t i = 0; i < 3; i++) {
        struct lab lab;
        struct rip_config config = lab_rounds(rows[i].horizon);
        alone(&lab, &config);
        hear(&lab, neighbour(1, 2), 4);
        lab_run(&lab, 30);
        assert_int_equal(lab.routers[0].last_to.interface, 1);
        assert_int_equal(said(&lab, far_away), rows[i].learnt);
        assert_int_equal(said(&lab, (struct ipv4_prefix){{0x0a000100}, 24}), rows[i].connected);
        assert_int_equal(said(&lab, (struct ipv4_prefix){{0x0a000000}, 24}), 1);
        lab_release(&lab);
    }
}

static void test_rip__puts_25_entries_into_a_message(void **state)
{
    struct lab lab;
    struct rip_config config = lab_rounds(RIP_HORIZON_SPLIT);
    alone(&lab, &config);
    for (uint32_t m = 0; m < 2; m++) {
        struct rip_message message = {.command = RIP_RESPONSE, .version = RIP_VERSION, .count = 25};
        for (uint32_t i = 0; i < 25; i++)
            message.rtes[i] =
                rip_rte_of((struct ipv4_prefix){{0xc0a80000 | (49 - 25 * m - i) << 8}, 24}, 1, 0);
        hear_message(&lab, neighbour(0, 2), &message);
    }
    unsigned before = lab.routers[0].said;
    lab_run(&lab, 30); /* 1 entry on the one link, 1 + 50 on the other */
    assert_int_equal(lab.routers[0].said, before + 1 + 3);
    assert_int_equal(lab.routers[0].last.count, 1);
    for (uint32_t i = 1; i < lab.routers[0].rip.entry_count; i++) /* in order, however they came */
        assert_true(lab.routers[0].rip.entries[i - 1]->prefix.address.value <
                    lab.routers[0].rip.entries[i]->prefix.address.value);
    lab_release(&lab);
}

static void test_rip__loses_everything_behind_a_link_that_goes_down(void **state)
{
    struct lab lab;
    struct rip_config config = rip_config_default();
    struct ipv4_prefix link = {{0x0a000100}, 24};
    alone(&lab, &config);
    hear(&lab, neighbour(1, 2), 4);
    lab_run(&lab, 10);
    hand_forget(&lab.hand);
    unsigned before = lab.routers[0].said;
    lab_set_up(&lab, link, false);
    assert_int_equal(metric(&lab), RIP_INFINITY);
    assert_int_equal(lab_metric(&lab, 0, link), RIP_INFINITY);
    assert_string_equal(last_rule(&lab), "interface down");
    assert_int_equal(lab.routers[0].said, before + 1); /* on the other link, at once */
    assert_int_equal(said(&lab, link), RIP_INFINITY);
    hear(&lab, neighbour(0, 2), 4);
    assert_int_equal(metric(&lab), 5); /* there is another way */
    lab_set_up(&lab, link, true);
    assert_int_equal(lab_metric(&lab, 0, link), 1);
    assert_string_equal(last_rule(&lab), "connected");
    lab_run(&lab, 121);
    assert_int_equal(lab_metric(&lab, 0, link), 1); /* its end was called off */
    lab_release(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rip__asks_everybody_when_it_starts),
        cmocka_unit_test(test_rip__answers_questions),
        cmocka_unit_test(test_rip__tells_everything_every_25_to_35_seconds),
        cmocka_unit_test(test_rip__believes_for_180_seconds_and_forgets_120_later),
        cmocka_unit_test(test_rip__tells_changes_at_once_and_then_pauses_1_to_5_seconds),
        cmocka_unit_test(test_rip__leaves_a_change_to_a_regular_update_that_is_due),
        cmocka_unit_test(test_rip__believes_the_better_and_its_own_next_hop),
        cmocka_unit_test(test_rip__believes_nobody_but_neighbours_on_port_520),
        cmocka_unit_test(test_rip__skips_a_bad_entry_and_takes_the_next),
        cmocka_unit_test(test_rip__never_takes_a_rumour_for_its_own_link),
        cmocka_unit_test(test_rip__takes_a_next_hop_only_on_the_same_link),
        cmocka_unit_test(test_rip__says_on_a_link_what_its_horizon_allows),
        cmocka_unit_test(test_rip__puts_25_entries_into_a_message),
        cmocka_unit_test(test_rip__loses_everything_behind_a_link_that_goes_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
