/* SPDX-License-Identifier: MIT
 * The filtering database and the relay above it. IEEE 802.1D-1998 7.7 to 7.9. */
#include "protocols/bridge/relay.h"
#include "tests/protocols/hand_env.h"

#define PORTS 4
#define GROUP (FDB_GROUP_BIT | 7)

struct bench {
    struct hand_env hand;
    struct env *places[PORTS];
    struct relay relay;
};

static void bench_init(struct bench *bench, uint32_t limit, enum fdb_overflow overflow)
{
    struct fdb_config config = {FDB_AGEING_DEFAULT, limit, overflow};
    hand_init(&bench->hand);
    for (int i = 0; i < PORTS; i++)
        bench->places[i] = &bench->hand.env;
    relay_init(&bench->relay, &bench->hand.env, bench->places, PORTS, &config);
    for (uint32_t i = 0; i < PORTS; i++)
        relay_set_mode(&bench->relay, i, RELAY_LEARNS | RELAY_FORWARDS);
}

static void bench_release(struct bench *bench)
{
    relay_release(&bench->relay);
    hand_release(&bench->hand);
}

/* ---- Learning ---- */

/* BR-1: after A spoke once, its port is known. */
static void test_fdb__a_source_address_is_learned_br1(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    assert_int_equal(fdb_find(fdb, 0xa), FDB_NOWHERE);
    fdb_learn(fdb, 0xa, 2, 17);
    assert_int_equal(fdb_find(fdb, 0xa), 2);
    const struct hand_fact *fact = hand_fact(&bench.hand, "bridge.learn");
    assert_int_equal(fact->values[0], 0xa);
    assert_int_equal(fact->frame, 17);
    bench_release(&bench);
}

/* BR-2 */
static void test_fdb__groups_are_not_learned_and_static_entries_stay_br2(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    fdb_learn(fdb, GROUP, 1, 0);
    assert_int_equal(fdb_find(fdb, GROUP), FDB_NOWHERE);
    assert_true(fdb_add_static(fdb, 0xb, 3));
    fdb_learn(fdb, 0xb, 1, 0);
    hand_advance(&bench.hand, 1000 * ENV_SECOND);
    assert_int_equal(fdb_find(fdb, 0xb), 3);
    assert_int_equal(fdb_length(fdb), 1);
    bench_release(&bench);
}

/* BR-5 */
static void test_fdb__silence_of_300_s_is_forgotten_and_of_299_s_is_not_br5(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    for (int is_listening = 0; is_listening < 2; is_listening++) {
        bench.hand.is_listening = is_listening;
        fdb_learn(fdb, 0xa, 2, 0);
        hand_advance(&bench.hand, 299 * ENV_SECOND);
        assert_int_equal(fdb_find(fdb, 0xa), 2);
        hand_advance(&bench.hand, 1 * ENV_SECOND - 1);
        assert_int_equal(fdb_length(fdb), 1);
        hand_advance(&bench.hand, 1);
        assert_int_equal(fdb_length(fdb), 0); /* before anybody asked */
        assert_int_equal(fdb_find(fdb, 0xa), FDB_NOWHERE);
    }
    assert_int_equal(hand_fact(&bench.hand, "bridge.age")->values[1], 300 * ENV_SECOND);
    bench_release(&bench);
}

static void test_fdb__being_heard_again_starts_the_time_anew(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    fdb_learn(fdb, 0xa, 2, 0);
    fdb_learn(fdb, 0xb, 2, 0);
    hand_advance(&bench.hand, 200 * ENV_SECOND);
    fdb_learn(fdb, 0xa, 2, 0);
    hand_advance(&bench.hand, 299 * ENV_SECOND);
    assert_int_equal(fdb_find(fdb, 0xa), 2);
    assert_int_equal(fdb_find(fdb, 0xb), FDB_NOWHERE);
    bench_release(&bench);
}

/* BR-6 */
static void test_fdb__a_station_that_moved_is_found_at_its_first_frame_br6(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    fdb_learn(fdb, 0xa, 2, 0);
    fdb_learn(fdb, 0xa, 0, 5);
    assert_int_equal(fdb_find(fdb, 0xa), 0);
    assert_int_equal(hand_fact(&bench.hand, "bridge.move")->values[1], 2);
    assert_int_equal(fdb->moved, 1);
    bench_release(&bench);
}

/* BR-14: while the tree changes, 15 s of silence are enough; later 300 s again, and what was too old
 * meanwhile stays gone. */
static void test_fdb__a_shorter_ageing_time_holds_for_what_was_learned_before_br14(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    fdb_learn(fdb, 0xa, 1, 0);
    hand_advance(&bench.hand, 10 * ENV_SECOND);
    fdb_learn(fdb, 0xb, 1, 0);
    hand_advance(&bench.hand, 10 * ENV_SECOND);
    bench.hand.is_listening = false;
    fdb_set_ageing(fdb, 15 * ENV_SECOND);
    assert_int_equal(fdb_find(fdb, 0xa), FDB_NOWHERE);
    assert_int_equal(fdb_find(fdb, 0xb), 1);
    hand_advance(&bench.hand, 5 * ENV_SECOND);
    fdb_set_ageing(fdb, FDB_AGEING_DEFAULT);
    assert_int_equal(fdb_find(fdb, 0xb), FDB_NOWHERE);
    bench_release(&bench);
}

/* ---- A full table ---- */

static void test_fdb__a_full_table_ignores_the_new(void **state)
{
    struct bench bench;
    bench_init(&bench, 3, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    for (uint64_t address = 1; address <= 5; address++)
        fdb_learn(fdb, address, 1, address);
    assert_int_equal(fdb_length(fdb), 3);
    assert_int_equal(fdb_find(fdb, 3), 1);
    assert_int_equal(fdb_find(fdb, 4), FDB_NOWHERE);
    assert_int_equal(hand_fact_count(&bench.hand, "bridge.full"), 2);
    assert_string_equal(hand_word(hand_fact(&bench.hand, "bridge.full"), 2), "it is not learned");
    assert_int_equal(fdb->refused, 2);
    hand_advance(&bench.hand, 300 * ENV_SECOND);
    fdb_learn(fdb, 5, 1, 0);
    assert_int_equal(fdb_find(fdb, 5), 1);
    bench_release(&bench);
}

static void test_fdb__or_forgets_who_was_silent_for_longest(void **state)
{
    struct bench bench;
    bench_init(&bench, 3, FDB_OLDEST);
    struct fdb *fdb = &bench.relay.fdb;
    fdb_add_static(fdb, 9, 0);
    fdb_learn(fdb, 1, 1, 0);
    fdb_learn(fdb, 2, 1, 0);
    fdb_learn(fdb, 1, 1, 0);
    fdb_learn(fdb, 3, 1, 0);
    assert_int_equal(fdb_find(fdb, 2), FDB_NOWHERE);
    assert_int_equal(fdb_find(fdb, 1), 1);
    assert_int_equal(fdb_find(fdb, 3), 1);
    assert_int_equal(fdb_find(fdb, 9), 0);
    bench_release(&bench);
}

static void test_fdb__a_table_full_of_static_entries_learns_nothing(void **state)
{
    struct bench bench;
    bench_init(&bench, 1, FDB_OLDEST);
    assert_true(fdb_add_static(&bench.relay.fdb, 9, 0));
    assert_true(fdb_add_static(&bench.relay.fdb, 9, 1)); /* the same one, elsewhere */
    assert_false(fdb_add_static(&bench.relay.fdb, 8, 0));
    fdb_learn(&bench.relay.fdb, 1, 1, 0);
    assert_int_equal(fdb_find(&bench.relay.fdb, 1), FDB_NOWHERE);
    assert_int_equal(fdb_find(&bench.relay.fdb, 9), 1);
    bench_release(&bench);
}

static void test_fdb__a_dead_port_is_forgotten_with_all_behind_it(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct fdb *fdb = &bench.relay.fdb;
    for (uint64_t address = 1; address <= 20; address++)
        fdb_learn(fdb, address, address % 2, 0);
    fdb_forget(fdb, 1, BRIDGE_FORGET_LINE);
    assert_int_equal(fdb_length(fdb), 10);
    for (uint64_t address = 1; address <= 20; address++)
        assert_int_equal(fdb_find(fdb, address), address % 2 ? FDB_NOWHERE : 0);
    fdb_forget(fdb, FDB_NOWHERE, BRIDGE_FORGET_PERSON);
    assert_int_equal(fdb_length(fdb), 0);
    bench_release(&bench);
}

/* ---- Against an oracle: a list, searched from one end to the other ---- */

#define ADDRESSES 60
#define LIMIT 40

struct oracle {
    bool is_there[ADDRESSES];
    uint32_t port[ADDRESSES];
    int64_t heard_at[ADDRESSES];
    uint64_t order[ADDRESSES]; /* of hearing */
    uint64_t orders;
};

static uint32_t oracle_count(struct oracle *oracle, int64_t now)
{
    uint32_t count = 0;
    for (int i = 0; i < ADDRESSES; i++) {
        oracle->is_there[i] = oracle->is_there[i] && now - oracle->heard_at[i] < FDB_AGEING_DEFAULT;
        count += oracle->is_there[i];
    }
    return count;
}

static void oracle_learn(struct oracle *oracle, int64_t now, int address, uint32_t port,
                         enum fdb_overflow overflow)
{
    uint32_t count = oracle_count(oracle, now);
    if (!oracle->is_there[address] && count == LIMIT) {
        int oldest = -1;
        for (int i = 0; i < ADDRESSES; i++)
            if (oracle->is_there[i] && (oldest < 0 || oracle->order[i] < oracle->order[oldest]))
                oldest = i;
        if (overflow == FDB_IGNORE)
            return;
        oracle->is_there[oldest] = false;
    }
    oracle->is_there[address] = true;
    oracle->port[address] = port;
    oracle->heard_at[address] = now;
    oracle->order[address] = ++oracle->orders;
}

static void compare_with_oracle(enum fdb_overflow overflow, bool is_listening)
{
    struct bench bench;
    struct oracle oracle = {0};
    bench_init(&bench, LIMIT, overflow);
    bench.hand.is_listening = is_listening;
    for (int turn = 0; turn < 1500; turn++) {
        int address = (int)env_random_below(&bench.hand.env, ADDRESSES);
        uint32_t port = env_random_below(&bench.hand.env, PORTS);
        hand_advance(&bench.hand, env_random_below(&bench.hand.env, 13) * ENV_SECOND);
        fdb_learn(&bench.relay.fdb, (uint64_t)address << 17, port, 0);
        oracle_learn(&oracle, bench.hand.now, address, port, overflow);
        assert_int_equal(fdb_length(&bench.relay.fdb), oracle_count(&oracle, bench.hand.now));
        for (int i = 0; i < ADDRESSES; i++)
            if (fdb_find(&bench.relay.fdb, (uint64_t)i << 17) !=
                (oracle.is_there[i] ? oracle.port[i] : FDB_NOWHERE))
                fail_msg("turn %d: address %d", turn, i);
    }
    bench_release(&bench);
}

static void test_fdb__agrees_with_a_list_that_is_searched(void **state)
{
    compare_with_oracle(FDB_IGNORE, false);
    compare_with_oracle(FDB_OLDEST, false);
    compare_with_oracle(FDB_OLDEST, true);
}

static void test_fdb__grows_up_to_its_limit_and_then_never_allocates(void **state)
{
    struct bench bench;
    bench_init(&bench, 10000, FDB_OLDEST);
    bench.hand.is_listening = false;
    for (uint64_t address = 0; address < 10000; address++)
        fdb_learn(&bench.relay.fdb, address * 977, (uint32_t)address % PORTS, 0);
    size_t allocated = bench.hand.memory_ever;
    for (uint64_t address = 0; address < 40000; address++)
        fdb_learn(&bench.relay.fdb, address * 977, (uint32_t)address % PORTS, 0);
    assert_int_equal(bench.hand.memory_ever, allocated);
    assert_int_equal(fdb_length(&bench.relay.fdb), 10000);
    for (uint64_t address = 30000; address < 40000; address++)
        assert_int_equal(fdb_find(&bench.relay.fdb, address * 977), address % PORTS);
    bench_release(&bench);
}

/* ---- The relay: 7.7 ---- */

static void expect(struct relay *relay, uint32_t port, uint64_t destination, enum relay_action action,
                   uint32_t target)
{
    struct relay_verdict verdict = relay_choose(relay, port, destination, 1);
    assert_int_equal(verdict.action, action);
    assert_int_equal(verdict.port, target);
}

/* BR-3, BR-4 */
static void test_relay__floods_the_unknown_and_groups_and_keeps_the_rest_where_it_is_br3_br4(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct relay *relay = &bench.relay;
    relay_learn(relay, 1, 0xa, 1);
    expect(relay, 0, 0xa, RELAY_TO_PORT, 1);
    expect(relay, 1, 0xa, RELAY_FILTER, 1);
    expect(relay, 0, 0xb, RELAY_FLOOD, FDB_NOWHERE);
    assert_int_equal(hand_fact(&bench.hand, "bridge.flood")->values[1], PORTS - 1);
    expect(relay, 0, GROUP, RELAY_FLOOD, FDB_NOWHERE);
    assert_string_equal(hand_word(hand_fact(&bench.hand, "bridge.flood"), 2), "it is meant for a group");
    expect(relay, 0, UINT64_C(0xffffffffffff), RELAY_FLOOD, FDB_NOWHERE);
    bench_release(&bench);
}

/* BR-7 */
static void test_relay__knows_the_sixteen_addresses_that_no_bridge_forwards_br7(void **state)
{
    for (uint64_t i = 0; i < 16; i++)
        assert_true(relay_is_reserved(UINT64_C(0x0180c2000000) + i));
    assert_false(relay_is_reserved(UINT64_C(0x0180c2000010)));
    assert_false(relay_is_reserved(UINT64_C(0x0180c1ffffff)));
    assert_false(relay_is_reserved(UINT64_C(0xffffffffffff)));
}

/* 8.4: Blocking and Listening do neither, Learning learns. */
static void test_relay__does_what_the_state_of_the_port_allows(void **state)
{
    struct bench bench;
    bench_init(&bench, 100, FDB_IGNORE);
    struct relay *relay = &bench.relay;
    relay_set_mode(relay, 0, 0);
    relay_learn(relay, 0, 0xa, 1);
    expect(relay, 0, 0xb, RELAY_BLOCKED, FDB_NOWHERE);
    expect(relay, 1, 0xa, RELAY_FLOOD, FDB_NOWHERE);
    relay_set_mode(relay, 0, RELAY_LEARNS);
    relay_learn(relay, 0, 0xa, 1);
    expect(relay, 0, 0xb, RELAY_BLOCKED, FDB_NOWHERE);
    expect(relay, 1, 0xa, RELAY_FILTER, 0);
    relay_set_mode(relay, 0, RELAY_LEARNS | RELAY_FORWARDS);
    expect(relay, 1, 0xa, RELAY_TO_PORT, 0);
    bench_release(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fdb__a_source_address_is_learned_br1),
        cmocka_unit_test(test_fdb__groups_are_not_learned_and_static_entries_stay_br2),
        cmocka_unit_test(test_fdb__silence_of_300_s_is_forgotten_and_of_299_s_is_not_br5),
        cmocka_unit_test(test_fdb__being_heard_again_starts_the_time_anew),
        cmocka_unit_test(test_fdb__a_station_that_moved_is_found_at_its_first_frame_br6),
        cmocka_unit_test(test_fdb__a_shorter_ageing_time_holds_for_what_was_learned_before_br14),
        cmocka_unit_test(test_fdb__a_full_table_ignores_the_new),
        cmocka_unit_test(test_fdb__or_forgets_who_was_silent_for_longest),
        cmocka_unit_test(test_fdb__a_table_full_of_static_entries_learns_nothing),
        cmocka_unit_test(test_fdb__a_dead_port_is_forgotten_with_all_behind_it),
        cmocka_unit_test(test_fdb__agrees_with_a_list_that_is_searched),
        cmocka_unit_test(test_fdb__grows_up_to_its_limit_and_then_never_allocates),
        cmocka_unit_test(test_relay__floods_the_unknown_and_groups_and_keeps_the_rest_where_it_is_br3_br4),
        cmocka_unit_test(test_relay__knows_the_sixteen_addresses_that_no_bridge_forwards_br7),
        cmocka_unit_test(test_relay__does_what_the_state_of_the_port_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
