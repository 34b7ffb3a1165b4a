/* SPDX-License-Identifier: MIT
 * The query language against a network that only pretends (stub_run.h) and a handful of records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/query.h"
#include "tests/sim/stub_run.h"

#define US NT_MICROSECOND
#define MS NT_MILLISECOND
#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static const struct run stub = {.now = 2 * NT_SECOND};

/* What happened, in order; the numbers 1, 2, 3 ... are given when they are fed. */
static const struct nt_record story[] = {
    {.at = 0, .kind = STUB_ARP_REQUEST, .node = STUB_ALICE, .port = 1, .frame = 1, .values = {0x0a000002}},
    {.at = 1 * MS,
     .kind = STUB_FRAME_TX,
     .node = STUB_ALICE,
     .port = 1,
     .frame = 1,
     .values = {64, 51200000}},
    {.at = 2 * MS, .kind = STUB_FRAME_RX, .node = STUB_BOB, .port = 3, .frame = 1, .values = {64}},
    {.at = 3 * MS,
     .kind = STUB_FRAME_TX,
     .node = STUB_BOB,
     .port = 3,
     .frame = 2,
     .values = {1518, 1214400000}},
    {.at = 4 * MS,
     .kind = STUB_FRAME_DROP,
     .node = STUB_COAX,
     .port = 4,
     .frame = 2,
     .values = {STUB_TEXT_FULL, 1518}},
    {.at = 5 * MS,
     .kind = STUB_FRAME_TX,
     .node = STUB_ALICE,
     .port = 2,
     .frame = 3,
     .values = {100, 80000000}},
    {.at = 6 * MS,
     .kind = STUB_FRAME_DROP,
     .node = STUB_COAX,
     .port = 5,
     .frame = 3,
     .values = {STUB_TEXT_LOST, 100}},
    {.at = 7 * MS, .kind = STUB_COLLISION, .node = STUB_COAX},
    {.at = 8 * MS, .kind = STUB_TCP_CWND, .node = STUB_ALICE, .values = {4380, 1460}},
    {.at = 9 * MS, .kind = STUB_TCP_SSTHRESH, .node = STUB_ALICE, .values = {65535}},
    {.at = 10 * MS, .kind = STUB_TCP_STATE, .node = STUB_ALICE, .values = {2}},
    {.at = 1600 * MS, .kind = STUB_TCP_RETRANSMIT, .node = STUB_ALICE, .cause = 7, .values = {7, 1}},
    {.at = 1700 * MS, .kind = STUB_TCP_CWND, .node = STUB_ALICE, .values = {1460, 0}},
    {.at = 1750 * MS, .kind = STUB_TCP_CWND, .node = STUB_BOB, .values = {2920, 0}},
    {.at = 1800 * MS, .kind = STUB_QUEUE_LENGTH, .node = STUB_COAX, .port = 4, .values = {12}},
    {.at = 1900 * MS, .kind = STUB_LINK_LOSS, .node = STUB_COAX, .values = {20000}},
};

static struct query *compile(const char *text)
{
    struct nt_why why;
    size_t column;
    struct query *query = query_compile(&stub, text, &why, &column);
    if (!query)
        fail_msg("%s: at %zu: %s", text, column, why.text);
    return query;
}

static bool take(struct query *query, size_t index)
{
    struct nt_record record = story[index];
    record.number = index + 1;
    return query_take(query, &record);
}

static struct query *compile_and_feed(const char *text)
{
    struct query *query = compile(text);
    for (size_t i = 0; i < ROWS(story); i++)
        take(query, i);
    return query;
}

/* ---- Values ---- */

struct value_row {
    const char *text;
    int64_t number; /* UNKNOWN: nothing */
    enum nt_unit unit;
};

#define UNKNOWN INT64_C(-999999)

static void check_values(const struct value_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct query *query = compile_and_feed(rows[i].text);
        const struct query_value value = query_value(query);
        const bool is_known = rows[i].number != UNKNOWN;
        if (value.is_known != is_known || (is_known && value.number != rows[i].number) ||
            value.unit != rows[i].unit)
            fail_msg("%s: %s %lld of unit %d, expected %lld of unit %d", rows[i].text,
                     value.is_known ? "known" : "unknown", (long long)value.number, (int)value.unit,
                     (long long)rows[i].number, (int)rows[i].unit);
        query_free(query);
    }
}

static void test_query__folds_records_as_they_come(void **state)
{
    static const struct value_row rows[] = {
        {"count(frame.tx)", 3, NT_UNIT_NONE},
        {"count(frame)", 6, NT_UNIT_NONE},
        {"count(frame.tx at alice)", 2, NT_UNIT_NONE},
        {"count(frame.tx on alice:eth1)", 1, NT_UNIT_NONE},
        {"count(frame.drop on coax:1)", 1, NT_UNIT_NONE},
        {"count(collision on coax)", 1, NT_UNIT_NONE},
        {"count(collision at \"www.example.com\")", 0, NT_UNIT_NONE},
        {"count(collision at www.example.com)", 0, NT_UNIT_NONE},
        {"sum(frame.tx)", 1682, NT_UNIT_BYTES},
        {"sum(frame.tx.length)", 1682, NT_UNIT_BYTES},
        {"sum(frame.tx.air_time)", INT64_C(1345600000), NT_UNIT_TIME},
        {"sum(frame.length)", 3364, NT_UNIT_BYTES},
        {"min(frame.tx)", 64, NT_UNIT_BYTES},
        {"max(frame.tx)", 1518, NT_UNIT_BYTES},
        {"mean(frame.tx)", 560, NT_UNIT_BYTES},
        {"first(frame.tx at bob)", 3 * MS, NT_UNIT_TIME},
        {"last(frame.tx)", 5 * MS, NT_UNIT_TIME},
        {"max(queue.length on coax)", 12, NT_UNIT_FRAMES},
        {"now", 2 * NT_SECOND, NT_UNIT_TIME},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__knows_nothing_where_nothing_was(void **state)
{
    static const struct value_row rows[] = {
        {"count(frame.tx at coax)", 0, NT_UNIT_NONE},
        {"sum(frame.tx at coax)", 0, NT_UNIT_BYTES},
        {"min(frame.tx at coax)", UNKNOWN, NT_UNIT_BYTES},
        {"max(frame.tx at coax)", UNKNOWN, NT_UNIT_BYTES},
        {"mean(frame.tx at coax)", UNKNOWN, NT_UNIT_BYTES},
        {"first(collision at bob)", UNKNOWN, NT_UNIT_TIME},
        {"last(collision at bob)", UNKNOWN, NT_UNIT_TIME},
        {"tcp.ssthresh at bob", UNKNOWN, NT_UNIT_BYTES},
        {"1 + (tcp.ssthresh at bob)", UNKNOWN, NT_UNIT_BYTES},
        {"-(tcp.ssthresh at bob)", UNKNOWN, NT_UNIT_BYTES},
        {"alice.nat.port", UNKNOWN, NT_UNIT_NONE},
        {"sum(alice.nat.port)", 0, NT_UNIT_NONE},
        {"count(alice.nat)", 0, NT_UNIT_NONE},
        {"5 / (3 - 3)", UNKNOWN, NT_UNIT_NONE},
        {"first(collision at bob) == 1 s", 0, NT_UNIT_BOOL},
        {"first(collision at bob) != 1 s", 0, NT_UNIT_BOOL},
        {"first(collision at bob) > 1 s", 0, NT_UNIT_BOOL},
        {"first(collision at bob) <= 1 s", 0, NT_UNIT_BOOL},
        {"not first(collision at bob)", 1, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__reads_the_present_level_of_gauges(void **state)
{
    static const struct value_row rows[] = {
        {"tcp.cwnd at alice", 1460, NT_UNIT_BYTES},
        {"tcp.cwnd at bob", 2920, NT_UNIT_BYTES},
        {"tcp.cwnd", 2920, NT_UNIT_BYTES},
        {"tcp.cwnd.flight at alice", 0, NT_UNIT_BYTES},
        {"tcp.cwnd at alice < tcp.ssthresh at alice", 1, NT_UNIT_BOOL},
        {"tcp.state at alice", 2, NT_UNIT_WORD},
        {"tcp.state at alice == established", 1, NT_UNIT_BOOL},
        {"tcp.state at alice == ESTABLISHED", 1, NT_UNIT_BOOL},
        {"tcp.state at alice != time-wait", 1, NT_UNIT_BOOL},
        {"tcp.state at alice == \"SYN-SENT\"", 0, NT_UNIT_BOOL},
        {"'established' == tcp.state at alice", 1, NT_UNIT_BOOL},
        {"tcp.state at bob != established", 0, NT_UNIT_BOOL},
        {"link.loss at coax == 2 %", 1, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__reads_tables(void **state)
{
    static const struct value_row rows[] = {
        {"alice.ping.received", 4, NT_UNIT_FRAMES},
        {"alice.ping.received == 4", 1, NT_UNIT_BOOL},
        {"alice.ping.rtt < 2 ms", 1, NT_UNIT_BOOL},
        {"alice.arp.waiting", 3, NT_UNIT_FRAMES},
        {"max(alice.arp.waiting)", 2, NT_UNIT_FRAMES},
        {"min(alice.arp.waiting)", 1, NT_UNIT_FRAMES},
        {"mean(alice.sockets.queued)", 200, NT_UNIT_BYTES},
        {"sum(alice.sockets.queued)", 600, NT_UNIT_BYTES},
        {"count(alice.arp)", 2, NT_UNIT_NONE},
        {"count(alice.arp.mac)", 2, NT_UNIT_NONE},
        {"alice.arp[\"10.0.0.3\"].waiting", 2, NT_UNIT_FRAMES},
        {"alice.arp['10.0.0.4'].waiting", UNKNOWN, NT_UNIT_FRAMES},
        {"count(alice.arp['10.0.0.4'])", 0, NT_UNIT_NONE},
        {"alice.arp['10.0.0.3'].mac == 02:00:00:00:00:03", 1, NT_UNIT_BOOL},
        {"alice.arp['10.0.0.3'].address == 10.0.0.3", 1, NT_UNIT_BOOL},
        {"alice.arp['10.0.0.3'].address == '10.0.0.2'", 0, NT_UNIT_BOOL},
        {"alice.sockets['name service'].queued", 300, NT_UNIT_BYTES},
        {"alice.sockets['mail'].state == listening", 1, NT_UNIT_BOOL},
        {"alice.sockets['web'].name == 'web'", 1, NT_UNIT_BOOL},
        {"www.example.com.ping.received == 4", 1, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__takes_the_common_value_of_what_has_no_sum(void **state)
{
    static const struct value_row rows[] = {
        {"alice.sockets.open", 1, NT_UNIT_BOOL},
        {"alice.sockets.open == yes", 1, NT_UNIT_BOOL},
        {"alice.sockets.state == established", 0, NT_UNIT_BOOL},
        {"alice.sockets.state != established", 0, NT_UNIT_BOOL},
        {"alice.sockets.protocol == 'tcp'", 1, NT_UNIT_BOOL},
        {"alice.sockets.name == 'web'", 0, NT_UNIT_BOOL},
        {"alice.sockets.name != 'web'", 0, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__selects_by_conditions(void **state)
{
    static const struct value_row rows[] = {
        {"count(frame.tx where length > 64 bytes)", 2, NT_UNIT_NONE},
        {"count(frame.tx at alice where length > 64 bytes)", 1, NT_UNIT_NONE},
        {"count(frame.drop where reason == 'queue is full')", 1, NT_UNIT_NONE},
        {"count(frame.drop where 'queue is full' != reason)", 1, NT_UNIT_NONE},
        {"count(frame where length == 64)", 2, NT_UNIT_NONE},
        {"count(frame where reason == 'queue is full')", 1, NT_UNIT_NONE},
        {"count(frame where not reason == 'queue is full')", 5, NT_UNIT_NONE},
        {"count(arp where target == 10.0.0.2)", 1, NT_UNIT_NONE},
        {"count(arp where target == '10.0.0.9')", 0, NT_UNIT_NONE},
        {"count(tcp.retransmit where by_timeout)", 1, NT_UNIT_NONE},
        {"count(tcp.retransmit where by_timeout == no)", 0, NT_UNIT_NONE},
        {"count(tcp.retransmit where cause == 7)", 1, NT_UNIT_NONE},
        {"count(frame.tx where time >= 3 ms and time < 5 ms)", 1, NT_UNIT_NONE},
        {"count(frame.tx where number == 2)", 1, NT_UNIT_NONE},
        {"count(frame where frame == 2)", 2, NT_UNIT_NONE},
        {"count(frame.tx where length * 2 > 200 or (length - 36) * 2 == 128)", 2, NT_UNIT_NONE},
        {"sum(tcp.cwnd where cwnd > flight + 2000)", 4380 + 2920, NT_UNIT_BYTES},
        {"count(tcp.state where state == established)", 1, NT_UNIT_NONE},
        {"count(alice.sockets where state == established)", 2, NT_UNIT_NONE},
        {"sum(alice.sockets.queued where state == established and open)", 400, NT_UNIT_BYTES},
        {"sum(alice.sockets.queued where name == 'mail')", 200, NT_UNIT_BYTES},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__calculates_with_units(void **state)
{
    static const struct value_row rows[] = {
        {"1 + 2 * 3", 7, NT_UNIT_NONE},
        {"(1 + 2) * 3", 9, NT_UNIT_NONE},
        {"10 - 4 - 3", 3, NT_UNIT_NONE},
        {"7 / 2", 3, NT_UNIT_NONE},
        {"-7 / 2", -3, NT_UNIT_NONE},
        {"--5", 5, NT_UNIT_NONE},
        {"1.5 s", 1500 * MS, NT_UNIT_TIME},
        {"1.5s + 20 us", 1500 * MS + 20 * US, NT_UNIT_TIME},
        {"500 kB", 500000, NT_UNIT_BYTES},
        {"500kB", 500000, NT_UNIT_BYTES},
        {"10 Mbps", 10000000, NT_UNIT_RATE},
        {"2 %", 20000, NT_UNIT_PPM},
        {"2%", 20000, NT_UNIT_PPM},
        {"500 m", 500000, NT_UNIT_MM},
        {"64 packets", 64, NT_UNIT_FRAMES},
        {"500 kB + 1", 500001, NT_UNIT_BYTES},
        {"2 * 1.5 s", 3 * NT_SECOND, NT_UNIT_TIME},
        {"1.5 s / 3", 500 * MS, NT_UNIT_TIME},
        {"1 s / 10 ms", 100, NT_UNIT_NONE},
        {"125 kB / 1 s", 1000000, NT_UNIT_RATE},
        {"10 Mbps * 1 ms", 10000, NT_UNIT_BITS},
        {"1250 bytes / 10 Mbps", 1 * MS, NT_UNIT_TIME},
        {"2 % * 500", 10, NT_UNIT_NONE},
        {"500 kB * 2 %", 10000, NT_UNIT_BYTES},
        {"10 packets * 1500 bytes", 15000, NT_UNIT_BYTES},
        {"2 % / 1 %", 2, NT_UNIT_NONE},
        {"count(frame.drop) * 10 > 50 % * count(frame.tx)", 1, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__stops_at_the_ends_of_numbers(void **state)
{
    static const struct value_row rows[] = {
        {"9223372036854775807 + 1", INT64_MAX, NT_UNIT_NONE},
        {"-9223372036854775807 - 2", INT64_MIN, NT_UNIT_NONE},
        {"9223372036854775807 * 9223372036854775807", INT64_MAX, NT_UNIT_NONE},
        {"-9223372036854775807 * 9223372036854775807", INT64_MIN, NT_UNIT_NONE},
        {"(-9223372036854775807 - 1) / -1", INT64_MAX, NT_UNIT_NONE},
        {"-(-9223372036854775807 - 1)", INT64_MAX, NT_UNIT_NONE},
        {"9223372036854775807 bytes / 1 ps", INT64_MAX, NT_UNIT_RATE},
    };
    check_values(rows, ROWS(rows));
}

static void test_query__sums_beyond_64_bits_and_still_knows_the_mean(void **state)
{
    struct query *sum = compile("sum(frame.rx)"), *mean = compile("mean(frame.rx)");
    const struct nt_record huge = {.kind = STUB_FRAME_RX, .values = {INT64_MAX}};
    for (int i = 0; i < 3; i++) {
        query_take(sum, &huge);
        query_take(mean, &huge);
    }
    assert_int_equal(query_value(sum).number, INT64_MAX);
    assert_int_equal(query_value(mean).number, INT64_MAX);
    query_free(sum);
    query_free(mean);
}

static void test_query__binds_not_then_and_then_or(void **state)
{
    static const struct value_row rows[] = {
        {"1 == 1 or 1 == 2 and 1 == 2", 1, NT_UNIT_BOOL},
        {"(1 == 1 or 1 == 2) and 1 == 2", 0, NT_UNIT_BOOL},
        {"not 1 == 2 and 1 == 1", 1, NT_UNIT_BOOL},
        {"!(1 == 1) || 2 > 1 && 3 > 2", 1, NT_UNIT_BOOL},
        {"not not count(frame.tx)", 1, NT_UNIT_BOOL},
        {"max(queue.length on coax) <= 64 and not (count(collision) > 0)", 0, NT_UNIT_BOOL},
        {"1<2", 1, NT_UNIT_BOOL},
        {"2<=1", 0, NT_UNIT_BOOL},
        {"2>=2", 1, NT_UNIT_BOOL},
        {"2!=2", 0, NT_UNIT_BOOL},
    };
    check_values(rows, ROWS(rows));
}

/* ---- Being fed ---- */

static void test_query__says_when_its_value_may_have_changed(void **state)
{
    struct query *query = compile("count(frame.drop) == 1");
    assert_true(query_needs_records(query));
    assert_false(query_holds(query));
    assert_false(take(query, 0));
    assert_true(take(query, 4));
    assert_true(query_holds(query));
    assert_true(take(query, 6));
    assert_false(query_holds(query));
    query_free(query);
}

static void test_query__of_tables_alone_needs_no_records(void **state)
{
    static const struct {
        const char *text;
        bool needs_records, always_changes;
    } rows[] = {
        {"alice.ping.received == 4", false, true},
        {"now > 1 s", false, true},
        {"count(collision) == 0", true, false},
        {"count(collision) == 0 and alice.ping.received == 4", true, true},
        {"1 == 1", false, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct query *query = compile(rows[i].text);
        if (query_needs_records(query) != rows[i].needs_records || take(query, 0) != rows[i].always_changes)
            fail_msg("%s", rows[i].text);
        query_free(query);
    }
}

static void test_query__holds_once_an_instant_is_known_even_if_it_is_zero(void **state)
{
    struct query *first = compile("first(arp.request)"), *absent = compile("not first(arp.request)");
    assert_false(query_holds(first));
    assert_true(query_holds(absent));
    take(first, 0);
    take(absent, 0);
    assert_int_equal(query_value(first).number, 0);
    assert_true(query_holds(first));
    assert_false(query_holds(absent));
    query_free(first);
    query_free(absent);
}

static void test_query__passes_over_kinds_declared_after_it(void **state)
{
    struct query *query = compile("count(frame) + count(arp)");
    const struct nt_record late = {.kind = STUB_KIND_COUNT + 5, .node = STUB_ALICE};
    assert_false(query_take(query, &late));
    query_free(query);
}

static void test_query__goes_back_in_time(void **state)
{
    struct query *query = compile("count(frame.tx) * 1000 + max(frame.tx) + tcp.cwnd at alice");
    for (size_t i = 0; i < 9; i++)
        take(query, i);
    const int64_t before = query_value(query).number;
    void *saved = malloc(query_state_bytes(query));
    query_state_copy(query, saved);
    for (size_t i = 0; i < ROWS(story); i++)
        take(query, i);
    const int64_t after = query_value(query).number;
    assert_int_not_equal(before, after);
    query_state_restore(query, saved);
    assert_int_equal(query_value(query).number, before);
    for (size_t i = 0; i < ROWS(story); i++)
        take(query, i);
    assert_int_equal(query_value(query).number, after);
    free(saved);
    query_free(query);
}

/* ---- Filters ---- */

static void test_query__filters_records(void **state)
{
    static const struct {
        const char *text;
        const char *picked; /* numbers of the records, from 1 */
    } rows[] = {
        {"arp", "1 "},
        {"frame.tx", "2 4 6 "},
        {"frame.tx at alice", "2 6 "},
        {"frame.tx at alice:eth1", "6 "},
        {"frame", "2 3 4 5 6 7 "},
        {"at coax", "5 7 8 15 16 "},
        {"on coax:2", "7 "},
        {"arp or collision", "1 8 "},
        {"frame and not frame.tx", "3 5 7 "},
        {"frame and at bob", "3 4 "},
        {"(frame where length > 64) and !at coax", "4 6 "},
        {"frame.drop where reason == \"queue is full\" or length < 101", "5 7 "},
        {"at alice where time >= 1.7 s", "13 "},
        {"tcp.cwnd", "9 13 14 "},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct nt_why why = {""};
        size_t column = 0;
        char picked[100] = "";
        struct query *query = query_compile_filter(&stub, rows[i].text, &why, &column);
        if (!query)
            fail_msg("%s: at %zu: %s", rows[i].text, column, why.text);
        for (size_t record = 0; record < ROWS(story); record++)
            if (take(query, record))
                snprintf(picked + strlen(picked), sizeof picked - strlen(picked), "%zu ", record + 1);
        if (strcmp(picked, rows[i].picked) != 0)
            fail_msg("%s: picked %s, expected %s", rows[i].text, picked, rows[i].picked);
        assert_true(query_needs_records(query));
        assert_false(query_holds(query));
        assert_false(query_value(query).is_known);
        query_free(query);
    }
}

/* ---- Explaining ---- */

static void test_query__explains_what_was_found(void **state)
{
    static const struct {
        const char *text, *sentence;
    } rows[] = {
        {"count(frame.drop) == 0", "count(frame.drop) is 2"},
        {"0 == count(frame.drop)", "count(frame.drop) is 2"},
        {"tcp.cwnd at alice > tcp.cwnd at bob", "tcp.cwnd at alice is 1460 B, tcp.cwnd at bob is 2920 B"},
        {"first(collision at bob) < 1 s", "first(collision at bob) is unknown"},
        {"first(tcp.retransmit) < 1 s", "first(tcp.retransmit) is 1.6 s"},
        {"count(frame) > 0 and count(arp) > 5", "count(arp) is 1"},
        {"count(frame) > 0 and count(arp) > 0", "count(frame) is 6, count(arp) is 1"},
        {"count(frame) > 9 or count(arp) > 9", "count(frame) is 6, count(arp) is 1"},
        {"not (count(collision) > 0)", "count(collision) is 1"},
        {"tcp.state at alice == closed", "tcp.state at alice is ESTABLISHED"},
        {"alice.sockets['web'].name == 'mail'", "alice.sockets['web'].name is web"},
        {"alice.ping.received", "alice.ping.received is 4"},
        {"1 == 2", "nothing in it can change"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[200];
        struct query *query = compile_and_feed(rows[i].text);
        query_explain(query, text, sizeof text);
        if (strcmp(text, rows[i].sentence) != 0)
            fail_msg("%s: \"%s\", expected \"%s\"", rows[i].text, text, rows[i].sentence);
        query_free(query);
    }
}

static void test_query__explains_within_any_room(void **state)
{
    struct query *query = compile_and_feed("count(frame.drop) == 0 and count(frame.tx) == count(frame.rx)");
    for (size_t size = 1; size < 60; size++) {
        char *text = malloc(size); /* the sanitizer watches its end */
        query_explain(query, text, size);
        assert_true(strlen(text) < size);
        free(text);
    }
    query_free(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query__folds_records_as_they_come),
        cmocka_unit_test(test_query__knows_nothing_where_nothing_was),
        cmocka_unit_test(test_query__reads_the_present_level_of_gauges),
        cmocka_unit_test(test_query__reads_tables),
        cmocka_unit_test(test_query__takes_the_common_value_of_what_has_no_sum),
        cmocka_unit_test(test_query__selects_by_conditions),
        cmocka_unit_test(test_query__calculates_with_units),
        cmocka_unit_test(test_query__stops_at_the_ends_of_numbers),
        cmocka_unit_test(test_query__sums_beyond_64_bits_and_still_knows_the_mean),
        cmocka_unit_test(test_query__binds_not_then_and_then_or),
        cmocka_unit_test(test_query__says_when_its_value_may_have_changed),
        cmocka_unit_test(test_query__of_tables_alone_needs_no_records),
        cmocka_unit_test(test_query__holds_once_an_instant_is_known_even_if_it_is_zero),
        cmocka_unit_test(test_query__passes_over_kinds_declared_after_it),
        cmocka_unit_test(test_query__goes_back_in_time),
        cmocka_unit_test(test_query__filters_records),
        cmocka_unit_test(test_query__explains_what_was_found),
        cmocka_unit_test(test_query__explains_within_any_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
