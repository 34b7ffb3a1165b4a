/* SPDX-License-Identifier: MIT
 * The applications that send and measure datagrams, on whole networks: what they send, when, and what they
 * say of it. */
#include "tests/nodes/lab.h"

#define PAIR(link, actions, stop)                                                                            \
    "{'netarium': 1, 'nodes': {'alice': {'type': 'host', 'address': '10.0.0.1/24'},"                         \
    " 'bob': {'type': 'host', 'address': '10.0.0.2/24'}},"                                                   \
    " 'links': [{'between': ['alice', 'bob'], 'name': 'cable'" link "}],"                                    \
    " 'actions': [" actions "], 'stop': '" stop "'}"
#define KNOWN DO("0 s", "alice", "ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0") /* no ARP */
#define DO(at, on, run) "{'at': '" at "', 'on': '" on "', 'run': '" run "'}"

/* What a command printed, line `nth` from 1 of all lines at a node; NULL: there are fewer. */
static const char *line(const struct lab *lab, const char *node, size_t nth)
{
    const struct nt_record *record = lab_record(lab, "app.print", node, nth);
    return record ? run_text(lab->run, (uint64_t)record->values[0]) : NULL;
}

static void assert_line(const struct lab *lab, const char *node, size_t nth, const char *expected)
{
    const char *found = line(lab, node, nth);
    if (!found || strcmp(found, expected) != 0)
        fail_msg("line %zu of %s: \"%s\", expected \"%s\"", nth, node, found ? found : "", expected);
}

/* 100 bytes of data are 146 on the wire and 8 of preamble: 123.2 us at 10 Mb/s, and 0.5 us of cable. */
static void test_udp_apps__echo_comes_back_and_is_measured(void **state)
{
    struct lab *lab = lab_new(PAIR(
        ", 'rate': '10 Mbps', 'length': '100 m'",
        DO("0 s", "bob", "udp-echo") "," DO("1 s", "alice", "udp-send bob --port 7 --count 5 --size 100"),
        "4 s"));
    lab_run_balanced(lab, 4 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "alice.traffic.sent"), 5);
    assert_int_equal(lab_ask(lab, "alice.traffic.received"), 5);
    assert_int_equal(lab_ask(lab, "alice.traffic.bytes"), 500);
    assert_int_equal(lab_ask(lab, "sum(app.received at bob)"), 500);
    nt_time one_way = 1232 * BIT + 565363; /* propagation at 0.59 c, C-03 */
    assert_int_equal(lab_ask(lab, "bob.traffic.delay_min"), one_way);
    assert_int_equal(lab_ask(lab, "alice.traffic.delay_min"), 2 * one_way); /* there and back */
    assert_line(lab, "alice", 1, "5 datagrams sent, 500 bytes; 5 came back; 0 errors\n");
    lab_free(lab);
}

/* The last of so many bytes takes what is left. */
static void test_udp_apps__sends_so_many_bytes(void **state)
{
    struct lab *lab = lab_new(PAIR(
        "", DO("0 s", "bob", "udp-sink") "," DO("1 s", "alice", "udp-send bob --bytes 10500 --size 1000"),
        "4 s"));
    lab_run(lab, 4 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "bob.traffic.received"), 11);
    assert_int_equal(lab_ask(lab, "bob.traffic.bytes"), 10500);
    assert_int_equal(lab_record(lab, "app.received", "bob", 11)->values[0], 500);
    lab_free(lab);
}

/* Every gap is size / rate, counted from the start: a third of a second does not drift. */
static void test_udp_apps__cbr_keeps_its_beat(void **state)
{
    struct lab *lab = lab_new(PAIR("",
                                   DO("0 s", "bob", "udp-sink") "," DO(
                                       "1 s", "alice", "cbr bob --size 1000 --rate 24kbps --duration 10s"),
                                   "20 s"));
    lab_run(lab, 20 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "alice.traffic.sent"), 30);
    for (size_t i = 1; i <= 30; i++)
        assert_int_equal(lab_time(lab, "app.sent", "alice", i), NT_SECOND + (nt_time)(i - 1) * NT_SECOND / 3);
    assert_int_equal(lab_ask(lab, "bob.traffic.lost"), 0);
    assert_int_equal(lab_ask(lab, "alice.traffic.running"), 0);
    lab_free(lab);
}

/* 1000 per second for 20 s: 20 000 in the mean, and the root of that apart: 4 of them are 566. The gaps have
 * no memory: their mean square is twice the square of their mean. */
static void test_udp_apps__poisson_has_no_memory(void **state)
{
    struct lab *lab = lab_new(PAIR("",
                                   DO("0 s", "bob", "udp-sink") "," DO(
                                       "0 s", "alice", "poisson bob --rate 1000pps --size 20 --duration 20s"),
                                   "21 s"));
    lab_run(lab, 21 * NT_SECOND);
    int64_t sent = lab_ask(lab, "alice.traffic.sent"), square_sum = 0;
    assert_in_range(sent, 20000 - 566, 20000 + 566);
    nt_time before = 0;
    for (size_t i = 0; i < lab->record_count; i++)
        if (strcmp(run_kind_at(lab->run, lab->records[i].kind)->name, "app.sent") == 0) {
            int64_t gap_us = (lab->records[i].at - before) / NT_MICROSECOND;
            square_sum += gap_us * gap_us;
            before = lab->records[i].at;
        }
    assert_in_range(square_sum / sent, 1900000, 2100000); /* 2 * (1000 us)^2 */
    assert_int_equal(lab_ask(lab, "bob.traffic.received"), sent);
    lab_free(lab);
}

/* What the link lost the receiver misses, by the numbers alone. */
static void test_udp_apps__receiver_counts_what_is_missing(void **state)
{
    struct lab *lab = lab_new(PAIR(", 'impair': [{'type': 'loss', 'loss': '10 %'}]",
                                   KNOWN "," DO("0 s", "bob", "udp-sink") "," DO(
                                       "1 s", "alice", "cbr bob --rate 800kbps --size 100 --duration 1s"),
                                   "3 s"));
    lab_run_balanced(lab, 3 * NT_SECOND);
    int64_t received = lab_ask(lab, "bob.traffic.received"), missing = lab_ask(lab, "bob.traffic.lost");
    int64_t dropped = lab_ask(lab, "count(frame.drop)");
    assert_int_equal(lab_ask(lab, "alice.traffic.sent"), 1000);
    assert_int_equal(received + dropped, 1000);
    assert_in_range(missing, dropped - 3, dropped); /* the very last ones nobody misses */
    assert_int_equal(lab_ask(lab, "sum(app.missing at bob)"), missing);
    lab_free(lab);
}

/* A copy is a duplicate; one that comes after a higher number is late, and not missing any more. */
static void test_udp_apps__receiver_tells_late_from_lost(void **state)
{
    struct lab *lab = lab_new(PAIR(", 'impair': [{'type': 'duplicate', 'duplicate': '20 %'}, {'type': "
                                   "'reorder', 'reorder': '20 %', 'by': '5 ms'}]",
                                   KNOWN "," DO("0 s", "bob", "udp-sink") "," DO(
                                       "1 s", "alice", "cbr bob --rate 800kbps --size 100 --duration 1s"),
                                   "5 s"));
    lab_run_balanced(lab, 5 * NT_SECOND);
    int64_t duplicates = lab_ask(lab, "bob.traffic.duplicates");
    assert_in_range(duplicates, 100, 300);
    assert_in_range(lab_ask(lab, "bob.traffic.late"), 50, 300);
    assert_int_equal(lab_ask(lab, "bob.traffic.received"), 1000 + duplicates);
    assert_int_equal(lab_ask(lab, "bob.traffic.lost"), 0);
    lab_free(lab);
}

/* 100 a second come, 50 are read: the buffer fills, and the rest is lost on the receiver itself. */
static void test_udp_apps__slow_sink_loses_what_it_does_not_read(void **state)
{
    struct lab *lab = lab_new(PAIR("",
                                   DO("0 s", "bob", "udp-sink --pause 20ms --buffer 10080") "," DO(
                                       "1 s", "alice", "cbr bob --rate 800kbps --size 1000 --duration 2s"),
                                   "9 s"));
    lab_run(lab, 9 * NT_SECOND);
    int64_t full = lab_ask(lab, "bob.udp.queue_full");
    assert_int_equal(lab_ask(lab, "alice.traffic.sent"), 200);
    assert_int_equal(lab_ask(lab, "bob.traffic.received") + full, 200);
    assert_in_range(full, 88, 92);
    assert_int_equal(lab_ask(lab, "count(udp.drop at bob)"), full);
    assert_int_equal(lab_ask(lab, "bob.sockets.queued"), 0);
    lab_free(lab);
}

/* ICMP-12 on a whole network: the program that sent it hears of it. */
static void test_udp_apps__closed_port_is_said(void **state)
{
    struct lab *lab =
        lab_new(PAIR("",
                     DO("1 s", "alice", "udp-send bob --count 3") "," DO(
                         "4 s", "alice", "udp-send 10.0.0.255") "," DO("6 s", "alice", "udp-send carol"),
                     "8 s"));
    lab_run_balanced(lab, 8 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(icmp.error_tx at bob)"), 3);
    assert_int_equal(lab_ask(lab, "count(udp.error at alice)"), 3);
    assert_int_equal(lab_ask(lab, "bob.udp.no_socket"), 4);
    assert_line(lab, "alice", 1, "udp-send: bob port 9: Connection refused\n");
    assert_line(lab, "alice", 2, "3 datagrams sent, 192 bytes; 0 came back; 3 errors\n");
    assert_line(lab, "alice", 3, "1 datagram sent, 64 bytes; 0 came back; 0 errors\n");
    assert_line(lab, "alice", 4, "udp-send: carol: Name or service not known\n");
    lab_free(lab);
}

/* Two cannot have one port; when an application is over its sockets are gone. */
static void test_udp_apps__sockets_end_with_their_application(void **state)
{
    struct lab *lab = lab_new(PAIR("",
                                   DO("0 s", "bob", "udp-sink") "," DO("1 s", "bob", "udp-sink") "," DO(
                                       "1 s", "bob", "udp-send alice --port 7"),
                                   "5 s"));
    lab_run(lab, 1500 * NT_MILLISECOND);
    assert_line(lab, "bob", 1, "udp-sink: port 9: Address already in use\n");
    assert_int_equal(lab_ask(lab, "count(bob.sockets)"), 2);
    lab_run(lab, 5 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "count(bob.sockets)"), 1);
    lab_free(lab);
}

/* 64 kB, cut on the way and put together; one byte more is refused before time starts. The ping goes first
 * because few pieces may wait for ARP (RFC 1122 2.3.2.2 wants one at least). */
static void test_udp_apps__largest_datagram_arrives_whole(void **state)
{
    struct lab *lab =
        lab_new(PAIR("",
                     DO("0 s", "bob", "udp-echo") "," DO("0 s", "alice", "ping -c 1 bob") "," DO(
                         "1 s", "alice", "udp-send bob --port 7 --size 65507"),
                     "4 s"));
    lab_run_balanced(lab, 4 * NT_SECOND);
    assert_int_equal(lab_ask(lab, "alice.traffic.bytes"), 65507);
    lab_free(lab);
    lab = lab_new_with(
        PAIR("",
             DO("1 s", "alice", "udp-send bob --size 65508") "," DO(
                 "1 s", "alice", "udp-send bob --bytes 8 --count 3") "," DO("1 s", "alice",
                                                                            "poisson bob --rate fast"),
             "4 s"),
        &(struct lab_options){.may_be_wrong = true});
    assert_true(lab_has_said(lab, "--size: expected"));
    assert_true(lab_has_said(lab, "expected datagrams per second such as 1000pps"));
    lab_free(lab);
}

#define TEST(name) cmocka_unit_test(test_udp_apps__##name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(echo_comes_back_and_is_measured),
        TEST(sends_so_many_bytes),
        TEST(cbr_keeps_its_beat),
        TEST(poisson_has_no_memory),
        TEST(receiver_counts_what_is_missing),
        TEST(receiver_tells_late_from_lost),
        TEST(slow_sink_loses_what_it_does_not_read),
        TEST(closed_port_is_said),
        TEST(sockets_end_with_their_application),
        TEST(largest_datagram_arrives_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
