/* SPDX-License-Identifier: MIT
 * What the query language says to texts that it cannot use: the place, the reason, the nearest name, and
 * limits that no text gets past. */
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

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static const struct run stub = {.now = 2 * NT_SECOND};

struct error_row {
    const char *text;
    size_t column;
    const char *part; /* of the sentence */
};

static void check_errors(const struct error_row *rows, size_t count,
                         struct query *(*compile_one)(const struct run *, const char *, struct nt_why *,
                                                      size_t *))
{
    for (size_t i = 0; i < count; i++) {
        struct nt_why why = {""};
        size_t column = 0;
        struct query *query = compile_one(&stub, rows[i].text, &why, &column);
        if (query)
            fail_msg("%s: was accepted", rows[i].text);
        if (column != rows[i].column || !strstr(why.text, rows[i].part))
            fail_msg("%s: said at %zu \"%s\", expected at %zu \"%s\"", rows[i].text, column, why.text,
                     rows[i].column, rows[i].part);
    }
}

static void test_query__points_at_what_cannot_be_read(void **state)
{
    static const struct error_row rows[] = {
        {"", 0, "found the end"},
        {"   ", 3, "found the end"},
        {"count(frame.tx", 14, "expected \")\", found the end"},
        {"count(frame.tx))", 15, "found \")\""},
        {"count()", 6, "a kind of record or a table"},
        {"1 +", 3, "a number, a name or a function"},
        {"1 = 2", 2, "\"==\""},
        {"1 == 2 == 3", 7, "two comparisons"},
        {"heaps(frame.tx)", 0, "no function is called \"heaps\"; known: count, sum, min, max, mean, first, last"},
        {"cont(frame.tx)", 0, "no function is called \"cont\"; did you mean \"count\"?"},
        {"zoe.ping.received == 4", 0, "no node is called \"zoe\""},
        {"count(frame.tx at)", 17, "the name of a node"},
        {"count(frame.tx at bob:)", 22, "the name of a port"},
        {"alice.arp[3].mac", 10, "a text in quotes"},
        {"alice.arp['a'", 13, "\"]\""},
        {"'open text", 0, "quote"},
        {"1 & 2", 2, "\"&&\""},
        {"3 $", 2, "$"},
        {"3 apples", 2, "unit"},
        {"3kX == 3", 1, "unit"},
        {"99999999999999999999", 0, ""},
        {"first(tcp.cwnd) > 99999999999 h", 18, ""},
        {"1 2", 2, "an operator or the end"},
        {"count(frame.tx where count(arp) > 0)", 21, "no functions"},
        {"'text'", 1, "a text alone"},
    };
    check_errors(rows, ROWS(rows), query_compile);
}

static void test_query__suggests_the_nearest_name(void **state)
{
    static const struct error_row rows[] = {
        {"count(tcp.retransmt)", 6,
         "no record kind is called \"tcp.retransmt\" in this network; did you mean \"tcp.retransmit\"?"},
        {"1 + count(fram)", 10, "did you mean \"frame\"?"},
        {"count(colision on coax)", 6, "did you mean \"collision\"?"},
        {"count(tcp.timeout)", 6, "known: tcp.cwnd, tcp.ssthresh, tcp.state, tcp.retransmit"},
        {"sum(fram.tx.length)", 4, "did you mean \"frame.tx\"?"},
        {"count(frame.tx at 1)", 18, "no node is called \"1\""},
        {"count(frame.tx at where)", 18, "no node is called \"where\""},
        {"count(gibberish)", 6, "no record kind is called \"gibberish\" in this network"},
        {"max(frame.tx.lenght)", 13, "has no field called \"lenght\"; did you mean \"length\"?"},
        {"count(frame.tx at alcie)", 18, "no node is called \"alcie\"; did you mean \"alice\"?"},
        {"count(frame.tx at alice:eth2)", 24, "alice has no port called \"eth2\""},
        {"alcie.ping.received == 4", 0, "no node is called \"alcie\"; did you mean \"alice\"?"},
        {"alice.pong.received == 4", 6, "alice has no table called \"pong\"; did you mean \"ping\"?"},
        {"alice.ping.recieved == 4", 11, "did you mean \"received\"?"},
        {"alice.arp['10.0.0.2'].mak == 4", 22, "did you mean \"mac\"?"},
        {"alice == 4", 0, "alice is a node"},
        {"alice.ping == 4", 0, "alice.ping is a table"},
        {"coax.ping.sent", 5, "coax has no tables"},
        {"count(frame.tx where lenght > 3)", 21, "did you mean \"length\"?"},
        {"count(alice.sockets where stat == 3)", 26, "did you mean \"state\"?"},
        {"tcp.state at alice == establishd", 22, "did you mean \"ESTABLISHED\"?"},
        {"alice.sockets.open == maybe", 22, "none of the words"},
        {"alice.arp.address == '10.0.0.300'", 22, "is not an IPv4 address"},
    };
    check_errors(rows, ROWS(rows), query_compile);
}

static void test_query__refuses_what_makes_no_sense(void **state)
{
    static const struct error_row rows[] = {
        {"first(collision) > 2", 19, "a time cannot be compared with a plain number; write it as in 2 s"},
        {"2 < first(collision)", 0, "write it as in 2 s"},
        {"first(collision) > 500 kB", 19, "a time cannot be compared with a number of bytes"},
        {"1 s + 500 kB", 6, "cannot be added to"},
        {"1 s - 1", 6, "write it as in 2 s"},
        {"1 s * 1 s", 6, "has no unit"},
        {"64 packets == 64 bytes", 14, "cannot be compared with"},
        {"sum(collision)", 4, "carries no number"},
        {"sum(frame.drop)", 0, "a text, which has no sum"},
        {"max(tcp.state)", 0, "a word"},
        {"sum(frame)", 0, "does not mean the same"},
        {"frame.tx at alice > 3", 0, "has no level"},
        {"frame.tx.length > 3", 0, "frame.tx is something that happens and has no level"},
        {"frame > 3", 0, "frame is something that happens and has no level"},
        {"first(frame.tx.length)", 15, "first and last tell when"},
        {"first(alice.arp)", 0, "a table knows no past"},
        {"alice.arp.mac at bob", 17, "a table belongs to a node already"},
        {"alice.arp.mac['a'] == 3", 10, "the row in [ ] stands before the column"},
        {"count(frame.drop where reason > 'a')", 23, "a text has no order"},
        {"count(frame.drop where reason == 3)", 33, "a text cannot be compared with a plain number"},
        {"tcp.state at alice and 1 == 1", 0, "neither true nor false"},
        {"tcp.state at alice + 1", 0, "one cannot calculate with a word"},
        {"tcp.state at alice == 2", 22, "a word cannot be compared"},
        {"alice.sockets.state == tcp.state at alice", 23, "of a different kind"},
        {"alice.arp.mac == 10.0.0.1", 17, "an Ethernet address cannot be compared with an IPv4 address"},
    };
    check_errors(rows, ROWS(rows), query_compile);
}

static void test_query__refuses_filters_that_are_none(void **state)
{
    static const struct error_row rows[] = {
        {"", 0, "a kind of record"},
        {"arpp", 0, "did you mean \"arp\"?"},
        {"count(arp)", 5, "found \"(\""},
        {"arp == 3", 4, "\"and\", \"or\" or the end"},
        {"frame.tx.length", 9, "a filter picks whole records"},
        {"alice.arp", 0, "a table has none"},
        {"3", 0, "a kind of record"},
        {"at bobb", 3, "did you mean \"bob\"?"},
    };
    check_errors(rows, ROWS(rows), query_compile_filter);
}

/* `count` times `piece`, then `rest`. The caller frees it. */
static char *repeated(const char *piece, size_t count, const char *rest)
{
    char *text = malloc(strlen(piece) * count + strlen(rest) + 1);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * strlen(piece), piece, strlen(piece) + 1);
    strcat(text, rest);
    return text;
}

static void test_query__bounds_hostile_texts(void **state)
{
    static const struct {
        const char *piece;
        size_t count;
        const char *rest, *part;
    } rows[] = {
        {"(", 100000, "", "at most"},
        {"(", 40, "1", "at most 32 deep"},
        {"not ", 1000, "1", "at most 32 deep"},
        {"!", 40, "1", "at most 32 deep"},
        {"- ", 40, "1", "at most 32 deep"},
        {"1+", 300, "1", "at most 200 parts"},
        {"a", 500, " == 1", "a name"},
        {"alice.", 30, "x", "a name"},
        {"1 or ", 150, "1", "at most 200 parts"},
        {"x where ", 40, "1", "found"},
        {"1 +", 100000, "", "at most"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *text = repeated(rows[i].piece, rows[i].count, rows[i].rest);
        struct nt_why why = {""};
        size_t column = 0;
        struct query *query = query_compile(&stub, text, &why, &column);
        if (query || !strstr(why.text, rows[i].part))
            fail_msg("%zu times \"%s\": \"%s\"", rows[i].count, rows[i].piece, why.text);
        free(text);
    }
}

static void test_query__accepts_what_is_deep_but_not_too_deep(void **state)
{
    char *open = repeated("(", 25, "1"), *all = malloc(200);
    char *close = repeated(")", 25, "");
    snprintf(all, 200, "%s%s", open, close);
    struct nt_why why = {""};
    size_t column = 0;
    struct query *query = query_compile(&stub, all, &why, &column);
    assert_non_null(query);
    assert_int_equal(query_value(query).number, 1);
    query_free(query);
    free(open);
    free(close);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query__points_at_what_cannot_be_read),
        cmocka_unit_test(test_query__suggests_the_nearest_name),
        cmocka_unit_test(test_query__refuses_what_makes_no_sense),
        cmocka_unit_test(test_query__refuses_filters_that_are_none),
        cmocka_unit_test(test_query__bounds_hostile_texts),
        cmocka_unit_test(test_query__accepts_what_is_deep_but_not_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
